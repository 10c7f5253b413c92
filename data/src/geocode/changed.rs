//! What was changed since the snapshot was built: aliases, and addresses that are new, lie elsewhere, or are there no longer.

use std::collections::{HashMap, HashSet};

use spatial::geocode::{
    Alias, Change, Corrected, Correction, Entry, NewAddress, Now, Overlay, Snapshot,
    SnapshotBuilder, Target, Validity,
};
use spatial::lattice::LatticePoint;
use spatial::nearest::Places;

use crate::domain::alias_book::{AliasBook, Reading};
use crate::store::{AddressChange, ChangedAddress};

/// Ids of entries: aliases have their own, addresses and corrections theirs above these.
const ADDRESSES: u64 = 1 << 32;
const CORRECTIONS: u64 = 1 << 33;
const BUILDINGS: u64 = 1 << 34;
/// What parts the elements of an address in a text.
const SEPARATOR: &str = "\u{1f}";

/// Everything that lies over a snapshot.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) overlay: Overlay,
    pub(super) book: AliasBook,
    /// The addresses it is made of.
    pub(super) addresses: Vec<AddressChange>,
    /// Ids of addresses that were entered anew, by those they had before.
    pub(super) renewed: HashMap<u32, u32>,
    /// Places of the snapshot that are not where it says.
    pub(super) off: HashSet<Corrected>,
    /// What is new or lies elsewhere, for whoever asks from a point.
    pub(super) near: Option<(Snapshot<Vec<u8>>, Places)>,
}

impl Changed {
    /// These changes over a snapshot.
    pub(super) fn over<B: AsRef<[u8]>>(
        snapshot: &Snapshot<B>,
        addresses: Vec<AddressChange>,
        readings: Vec<Reading>,
    ) -> Self {
        let laid = Laid::of(&addresses);
        let entries = laid.entries.into_iter().chain(readings.iter().map(alias));
        let overlay = Overlay::default().with(snapshot, entries);
        for (id, why) in overlay.refused() {
            tracing::warn!(entry = id, why, "a change of the gazetteer has no effect");
        }
        let near = near(snapshot, &laid.there);
        let (renewed, off) = (laid.renewed, laid.off);
        Self { overlay, book: AliasBook::new(readings), addresses, renewed, off, near }
    }
}

/// What is read for an alias is the text that was approved.
fn alias(reading: &Reading) -> Entry {
    let until = reading.valid_to.map(|until| until.timestamp());
    let valid = Validity { from: Some(reading.valid_from.timestamp()), until };
    let target = Target::Words(reading.target_text.clone());
    let alias = Alias { text: reading.normal.clone(), target, until: None, cost: Alias::COST };
    Entry { id: u64::from(reading.alias_id.0.unsigned_abs()), valid, change: Change::Alias(alias) }
}

/// Changed addresses as entries of an overlay.
#[derive(Debug, Default)]
struct Laid {
    entries: Vec<Entry>,
    renewed: HashMap<u32, u32>,
    off: HashSet<Corrected>,
    /// Addresses that are not where the snapshot has them, as they are.
    there: Vec<NewAddress>,
}

impl Laid {
    fn of(changes: &[AddressChange]) -> Self {
        let mut laid = Self::default();
        // What has a text that it did not have before, by that text.
        let mut fresh: HashMap<String, Vec<(u32, &ChangedAddress)>> = HashMap::new();
        for change in changes {
            let Some(now) = &change.now else { continue };
            let text = now.elements.join(SEPARATOR);
            if change.was.as_ref().is_none_or(|was| was.elements != text) {
                fresh.entry(text).or_default().push((id_of(change), now));
            }
        }
        let mut buildings: HashMap<u32, (i64, Vec<LatticePoint>)> = HashMap::new();
        for change in changes {
            let Some(was) = &change.was else { continue };
            let same =
                change.now.as_ref().filter(|now| now.elements.join(SEPARATOR) == was.elements);
            let again = || fresh.get_mut(&was.elements).and_then(Vec::pop);
            let now = same.map(|now| (id_of(change), now)).or_else(again);
            laid.correct(id_of(change), now);
            if let Some((building, left)) = was.building {
                let entry = buildings.entry(building as u32).or_insert((left, Vec::new()));
                let stays = now.filter(|(_, now)| now.building_id == Some(building));
                entry.1.extend(stays.map(|(_, now)| point(now)));
            }
        }
        let mut fresh: Vec<(u32, &ChangedAddress)> = fresh.into_values().flatten().collect();
        fresh.sort_by_key(|(id, _)| *id);
        for (id, now) in fresh {
            // Without a single element only its exact text finds it, as in the snapshot.
            if now.elements.iter().take(7).any(|element| !element.is_empty()) {
                let address = address(id, now);
                laid.there.push(address.clone());
                laid.push(ADDRESSES | u64::from(id), Change::Address(address));
            }
        }
        laid.buildings(buildings);
        laid
    }

    /// An address of the snapshot is now this one, or none.
    fn correct(&mut self, id: u32, now: Option<(u32, &ChangedAddress)>) {
        let is = match now {
            None => Now::Closed,
            Some((again, now)) => {
                if again != id {
                    self.renewed.insert(id, again);
                }
                self.there.push(address(again, now));
                moved(now)
            }
        };
        self.put_right(CORRECTIONS | u64::from(id), Corrected::Address(id), is);
    }

    /// A building follows its addresses where all of them went to one place, or are gone.
    fn buildings(&mut self, buildings: HashMap<u32, (i64, Vec<LatticePoint>)>) {
        for (id, (left, points)) in buildings {
            let of = Corrected::Building(id);
            let at = BUILDINGS | u64::from(id);
            match points.first() {
                None if left == 0 => self.put_right(at, of, Now::Closed),
                Some(first) if left == points.len() as i64 && points.iter().all(|p| p == first) => {
                    self.put_right(at, of, Now::Moved { point: *first, grid: None });
                }
                _ => {}
            }
        }
    }

    fn put_right(&mut self, id: u64, of: Corrected, now: Now) {
        self.off.insert(of);
        self.push(id, Change::Correction(Correction { of, now }));
    }

    fn push(&mut self, id: u64, change: Change) {
        self.entries.push(Entry { id, valid: Validity::ALWAYS, change });
    }
}

fn id_of(change: &AddressChange) -> u32 {
    change.address_id.0 as u32
}

fn point(now: &ChangedAddress) -> LatticePoint {
    LatticePoint::new(now.point.0, now.point.1)
}

fn moved(now: &ChangedAddress) -> Now {
    Now::Moved { point: point(now), grid: now.grid_id.map(|id| id as u32) }
}

fn address(id: u32, now: &ChangedAddress) -> NewAddress {
    let [district, township, community, road, house_no, compound, building_no, unit, room] =
        now.elements.clone();
    NewAddress {
        record: id,
        building: now.building_id.map(|id| id as u32),
        grid: now.grid_id.map(|id| id as u32),
        point: point(now),
        district,
        township,
        community,
        road,
        house_no,
        compound,
        building_no,
        unit,
        room,
    }
}

/// The addresses as a small gazetteer of their own, with their places.
fn near<B: AsRef<[u8]>>(
    base: &Snapshot<B>,
    addresses: &[NewAddress],
) -> Option<(Snapshot<Vec<u8>>, Places)> {
    if addresses.is_empty() {
        return None;
    }
    let above = base.place(0).map(|place| place.elements).unwrap_or_default();
    let mut builder = SnapshotBuilder::new(&above.province, &above.city);
    for address in addresses {
        builder.address(&address.row());
    }
    // What the builder writes it can read.
    let snapshot = Snapshot::open(builder.finish()).ok()?;
    let places = Places::new(snapshot.places());
    Some((snapshot, places))
}

#[cfg(test)]
#[path = "changed_tests.rs"]
mod tests;
