//! Building a snapshot from rows.

use std::collections::HashMap;

use super::bytes::Writer;
use super::figure::{Counts, Figure, figures};
use super::label::{Beside, Label};
use super::level::Level;
use super::reading::readings;
use super::snapshot::NONE;
use super::tail::RoomKey;
use super::text::Text;
use crate::lattice::LatticePoint;

/// One address by its elements; what it has not is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct AddressRow<'a> {
    /// The caller's id of the address.
    pub record: u32,
    /// The caller's id of the building it is in.
    pub building: Option<u32>,
    /// The caller's id of the grid it is in.
    pub grid: Option<u32>,
    /// Where it is.
    pub point: LatticePoint,
    /// 城关区.
    pub district: &'a str,
    /// 张掖路街道.
    pub township: &'a str,
    /// 陇西路社区.
    pub community: &'a str,
    /// 庆阳路.
    pub road: &'a str,
    /// 123号, 123号附2号, in villages 3社21号.
    pub house_no: &'a str,
    /// 锦绣家园, or the name of the house.
    pub compound: &'a str,
    /// 3号楼.
    pub building_no: &'a str,
    /// 2单元.
    pub unit: &'a str,
    /// 501室.
    pub room: &'a str,
}

#[derive(Debug, Default)]
pub(super) struct Name {
    pub(super) text: Vec<u16>,
    pub(super) level: Option<Level>,
    pub(super) target: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Division {
    pub(super) name: u32,
    pub(super) parent: u32,
    pub(super) code: u64,
    pub(super) point: Option<LatticePoint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SiteKey {
    pub(super) division: u32,
    pub(super) road: u32,
    pub(super) number: Label,
    pub(super) group: Label,
    pub(super) compound: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) site: u32,
    pub(super) label: Label,
    pub(super) words: u32,
    pub(super) building: u32,
    pub(super) key: RoomKey,
    pub(super) record: u32,
    pub(super) grid: u32,
    pub(super) point: LatticePoint,
}

/// Collects addresses and writes them as a snapshot.
///
/// # Example
/// ```
/// use spatial::geocode::{AddressRow, Snapshot, SnapshotBuilder};
/// use spatial::lattice::LatticePoint;
/// let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
/// builder.address(&AddressRow {
///     record: 7,
///     point: LatticePoint::new(1_038_343_000, 360_611_000),
///     district: "城关区",
///     road: "庆阳路",
///     house_no: "123号",
///     ..AddressRow::default()
/// });
/// let snapshot = Snapshot::open(builder.finish())?;
/// assert_eq!(snapshot.len(), 1);
/// # Ok::<(), spatial::geocode::SnapshotError>(())
/// ```
#[derive(Debug)]
pub struct SnapshotBuilder {
    pub(super) strings: Vec<String>,
    string_of: HashMap<String, u32>,
    pub(super) names: Vec<Name>,
    name_of: HashMap<(Level, String), u32>,
    pub(super) divisions: Vec<Division>,
    division_of: HashMap<(u32, u32), u32>,
    pub(super) sites: Vec<SiteKey>,
    site_of: HashMap<SiteKey, u32>,
    labels: HashMap<String, Option<(Label, Counts)>>,
    rows: Vec<Row>,
    pub(super) odd: Vec<(u32, u32, u32)>,
    pub(super) crossings: Vec<(u32, u32, LatticePoint)>,
    pub(super) pois: Vec<(u32, u32, u32)>,
    scratch: (Text, Vec<Figure>),
}

impl SnapshotBuilder {
    /// An empty gazetteer of a city.
    pub fn new(province: &str, city: &str) -> Self {
        let mut this = Self {
            strings: Vec::new(),
            string_of: HashMap::new(),
            names: Vec::new(),
            name_of: HashMap::new(),
            divisions: Vec::new(),
            division_of: HashMap::new(),
            sites: Vec::new(),
            site_of: HashMap::new(),
            labels: HashMap::new(),
            rows: Vec::new(),
            odd: Vec::new(),
            crossings: Vec::new(),
            pois: Vec::new(),
            scratch: (Text::default(), Vec::new()),
        };
        this.strings.extend([province.to_owned(), city.to_owned()]);
        this
    }

    /// Adds an address.
    pub fn address(&mut self, row: &AddressRow<'_>) {
        let mut division = NONE;
        let chain = [
            (Level::District, row.district),
            (Level::Township, row.township),
            (Level::Community, row.community),
        ];
        for (level, name) in chain {
            if !name.is_empty() {
                division = self.division(level, name, division, 0, None);
            }
        }
        let road = self.name(Level::Road, row.road);
        let compound = self.name(Level::Compound, row.compound);
        let (group, door) = self.house(row.house_no);
        let in_village = road == NONE && compound == NONE;
        let annex = match door.beside() {
            Beside::Annex(_) => Label::new(1, door.beside()).unwrap_or_default(),
            _ => Label::NONE,
        };
        let number = match door.beside() {
            Beside::Annex(_) => Label::plain(door.digits()).unwrap_or_default(),
            _ if in_village => Label::NONE,
            _ => door,
        };
        let key = SiteKey { division, road, number, group, compound };
        let site = self.site(key);
        let (label, words) = match (row.building_no, in_village) {
            ("", true) => (door, NONE),
            ("", false) => (Label::NONE, NONE),
            (text, _) => self.building(text),
        };
        let (key, odd) = self.room(row.unit, row.room, annex);
        if odd {
            let (unit, room) = (self.string(row.unit), self.string(row.room));
            self.odd.push((self.rows.len() as u32, unit, room));
        }
        self.rows.push(Row {
            site,
            label,
            words,
            building: row.building.unwrap_or(NONE),
            key,
            record: row.record,
            grid: row.grid.unwrap_or(NONE),
            point: row.point,
        });
    }

    /// Adds or completes a division: its official digits and where its name stands. Parents come first; what has no
    /// parent has `""` for the names above it.
    pub fn place_division(&mut self, chain: [&str; 3], code: u64, point: LatticePoint) {
        let mut division = NONE;
        let levels = [Level::District, Level::Township, Level::Community];
        let last = chain.iter().rposition(|name| !name.is_empty());
        for (at, (level, name)) in levels.into_iter().zip(chain).enumerate() {
            if !name.is_empty() {
                let own = last == Some(at);
                division = self.division(
                    level,
                    name,
                    division,
                    if own { code } else { 0 },
                    own.then_some(point),
                );
            }
        }
    }

    /// Adds the place where two roads meet.
    pub fn crossing(&mut self, one: &str, other: &str, point: LatticePoint) {
        let (one, other) = (self.name(Level::Road, one), self.name(Level::Road, other));
        if one != other && one != NONE && other != NONE {
            self.crossings.push((one.min(other), one.max(other), point));
        }
    }

    /// Adds a place inside a building that is known by the caller's id.
    pub fn poi(&mut self, id: u32, name: &str, building: u32) {
        let name = self.name(Level::Poi, name);
        if name != NONE {
            self.pois.push((name, building, id));
        }
    }

    /// Adds another name, popular or old, of what is called `name` now.
    pub fn other_name(&mut self, level: Level, other: &str, name: &str) {
        let target = self.name(level, name);
        if target == NONE
            || other.is_empty()
            || self.name_of.contains_key(&(level, other.to_owned()))
        {
            return;
        }
        let alias = self.name(level, other);
        self.names[alias as usize].target = target;
    }

    /// Writes the snapshot.
    pub fn finish(self) -> Vec<u8> {
        let arranged = super::arrange::arrange(&self.rows, &self.sites);
        let mut file = Writer::default();
        self.write_names(&mut file);
        self.write_places(&mut file, &arranged);
        file.finish(readings().fingerprint())
    }

    fn name(&mut self, level: Level, text: &str) -> u32 {
        if text.is_empty() {
            return NONE;
        }
        // A name is kept as it is written, and found as the text is read.
        let key = (level, text.to_owned());
        if let Some(&name) = self.name_of.get(&key) {
            return name;
        }
        let name = self.names.len() as u32;
        self.names.push(Name {
            text: text.encode_utf16().collect(),
            level: Some(level),
            target: NONE,
        });
        self.name_of.insert(key, name);
        name
    }

    fn string(&mut self, text: &str) -> u32 {
        if let Some(&string) = self.string_of.get(text) {
            return string;
        }
        let string = self.strings.len() as u32;
        self.strings.push(text.to_owned());
        self.string_of.insert(text.to_owned(), string);
        string
    }

    fn division(
        &mut self,
        level: Level,
        name: &str,
        parent: u32,
        code: u64,
        point: Option<LatticePoint>,
    ) -> u32 {
        let name = self.name(level, name);
        let next = self.divisions.len() as u32;
        let division = *self.division_of.entry((parent, name)).or_insert(next);
        if division == next {
            self.divisions.push(Division { name, parent, code: 0, point: None });
        }
        let row = &mut self.divisions[division as usize];
        row.code = if code == 0 { row.code } else { code };
        row.point = point.or(row.point);
        division
    }

    fn site(&mut self, key: SiteKey) -> u32 {
        let next = self.sites.len() as u32;
        let site = *self.site_of.entry(key).or_insert(next);
        if site == next {
            self.sites.push(key);
        }
        site
    }

    /// Group and door of a house number.
    fn house(&mut self, text: &str) -> (Label, Label) {
        if text.is_empty() {
            return (Label::NONE, Label::NONE);
        }
        let (text_of, found) = &mut self.scratch;
        text_of.fill(text);
        figures(text_of, found);
        match found.as_slice() {
            [group, door] if group.counts == Counts::Group => (group.label, door.label),
            [group] if group.counts == Counts::Group => (group.label, Label::NONE),
            [door] => (Label::NONE, door.label),
            [_, last] if !last.merged.is_none() => (Label::NONE, last.merged),
            _ => (Label::NONE, Label::words(text)),
        }
    }

    fn building(&mut self, text: &str) -> (Label, u32) {
        match self.label(text) {
            Some((label, _)) if format!("{label}号楼") == text => (label, NONE),
            Some((label, _)) => (label, self.string(text)),
            None => (Label::words(text), self.string(text)),
        }
    }

    /// The room's key, and whether it is written otherwise than the key says.
    fn room(&mut self, unit: &str, room: &str, annex: Label) -> (RoomKey, bool) {
        let unit_label = if unit.is_empty() { Some(annex) } else { self.label(unit).map(|l| l.0) };
        let room_label =
            if room.is_empty() { Some(Label::NONE) } else { self.label(room).map(|l| l.0) };
        let key = unit_label.zip(room_label).and_then(|(unit, room)| RoomKey::new(unit, room));
        let Some(key) = key else {
            let words = format!("{unit}|{room}");
            return (RoomKey::words(unit_label.unwrap_or_default(), &words), true);
        };
        let unit_odd = !unit.is_empty() && key.unit_text() != unit;
        (key, unit_odd || key.room_text() != room)
    }

    /// A label that is one number and nothing else.
    fn label(&mut self, text: &str) -> Option<(Label, Counts)> {
        if let Some(&known) = self.labels.get(text) {
            return known;
        }
        let (text_of, found) = &mut self.scratch;
        text_of.fill(text);
        figures(text_of, found);
        let label = match found.as_slice() {
            [one] if one.start == 0 && one.end == text_of.len() => Some((one.label, one.counts)),
            _ => None,
        };
        self.labels.insert(text.to_owned(), label);
        label
    }
}
