//! Looking up in a snapshot what the entries of an overlay speak of.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::super::answer::Element;
use super::super::build::SnapshotBuilder;
use super::super::level::Level;
use super::super::reverse::elements_at;
use super::super::snapshot::{NONE, Snapshot, View};
use super::super::text::Text;
use super::{Alias, Bound, BoundAlias, Change, Corrected, Entry, Target};
use crate::code::{self, DivisionCode};

/// Shortest other name: one letter would be found everywhere.
const SHORTEST: usize = 2;

/// Buildings and addresses that aliases stand for, in words.
type Known = HashMap<Corrected, String>;

impl Bound {
    pub(super) fn new<B: AsRef<[u8]>>(
        base: &Snapshot<B>,
        entries: BTreeMap<u64, Arc<Entry>>,
    ) -> Self {
        let view = base.view();
        let known = known(&view, &entries);
        let mut this = Self::default();
        let mut builder = SnapshotBuilder::new(&view.string(0), &view.string(1));
        let mut has_added = false;
        for (id, entry) in &entries {
            let done = match &entry.change {
                Change::Alias(alias) => this.alias(&view, &known, alias, entry),
                Change::Correction(correction) => {
                    let all = this.corrections.entry(correction.of).or_default();
                    all.push((entry.valid, correction.now));
                    Ok(())
                }
                Change::Address(address) => {
                    builder.address(&address.row());
                    has_added = true;
                    if entry.valid != super::Validity::ALWAYS {
                        this.limited.insert(address.record, entry.valid);
                    }
                    Ok(())
                }
            };
            if let Err(why) = done {
                this.refused.push((*id, why));
            }
        }
        if has_added {
            // What the builder writes it can read.
            this.added = Snapshot::open(builder.finish()).ok();
        }
        for (at, alias) in this.aliases.iter().enumerate() {
            if let Some(&first) = alias.units.first() {
                this.by_first.entry(first).or_default().push(at);
            }
        }
        this.entries = entries;
        this
    }

    fn alias(
        &mut self,
        view: &View<'_>,
        known: &Known,
        alias: &Alias,
        entry: &Entry,
    ) -> Result<(), String> {
        let text = Text::new(&alias.text);
        let units: Vec<u16> = (0..text.len()).map(|at| text.unit(at)).collect();
        if units.len() < SHORTEST {
            return Err(format!("{:?} is too short for a name", alias.text));
        }
        let means = match &alias.target {
            Target::Name { level, name } => has_name(view, *level, name)
                .then(|| name.clone())
                .ok_or_else(|| format!("no {level:?} is called {name:?}"))?,
            Target::Division(code) => {
                division(view, *code).ok_or_else(|| format!("no division has the code {code}"))?
            }
            Target::Building(id) => known
                .get(&Corrected::Building(*id))
                .cloned()
                .ok_or_else(|| format!("no building has the id {id}"))?,
            Target::Address(id) => known
                .get(&Corrected::Address(*id))
                .cloned()
                .ok_or_else(|| format!("no address has the id {id}"))?,
            Target::Words(words) if Text::new(words).is_empty() => {
                return Err("it stands for nothing".to_owned());
            }
            Target::Words(words) => words.clone(),
        };
        let read = Text::new(&means);
        let means_units = (0..read.len()).map(|at| read.unit(at)).collect();
        let (until, cost, valid) = (alias.until, alias.cost, entry.valid);
        let element = element(&alias.target);
        let id = entry.id;
        let bound = BoundAlias { id, units, means, means_units, element, until, cost, valid };
        self.aliases.push(bound);
        Ok(())
    }
}

/// What an alias completes.
fn element(target: &Target) -> Element {
    match target {
        Target::Name { level, .. } => level.element(),
        Target::Division(code) => match code.level() {
            code::Level::City | code::Level::District => Element::District,
            code::Level::Township => Element::Township,
            code::Level::Community => Element::Community,
        },
        Target::Building(_) => Element::Building,
        Target::Address(_) => Element::Room,
        Target::Words(_) => Element::Compound,
    }
}

fn has_name(view: &View<'_>, level: Level, name: &str) -> bool {
    let units: Vec<u16> = name.encode_utf16().collect();
    let all = 0..view.names() as u32;
    all.into_iter()
        .any(|at| view.level(at) == Some(level) && view.name_units(at).eq(units.iter().copied()))
}

/// A division with those above it, in words.
fn division(view: &View<'_>, code: DivisionCode) -> Option<String> {
    let number = |at: usize| {
        u64::from(view.division_code_low.u32(at))
            | (u64::from(view.division_code_high.u32(at)) << 32)
    };
    let at = (0..view.divisions()).find(|&at| number(at) == code.as_u64())?;
    Some(view.chain_names(at as u32).map(|name| view.name(name)).concat())
}

fn known(view: &View<'_>, entries: &BTreeMap<u64, Arc<Entry>>) -> Known {
    let (mut buildings, mut records) = (HashSet::<u32>::new(), HashSet::<u32>::new());
    for entry in entries.values() {
        if let Change::Alias(alias) = &entry.change {
            match alias.target {
                Target::Building(id) => buildings.extend([id]),
                Target::Address(id) => records.extend([id]),
                _ => {}
            }
        }
    }
    let mut known = Known::new();
    if !buildings.is_empty() {
        for at in 0..view.buildings() as u32 {
            let id = view.building_id.u32(at as usize);
            if buildings.contains(&id) {
                known.insert(Corrected::Building(id), elements_at(view, at, NONE).label());
            }
        }
    }
    if !records.is_empty() {
        for building in 0..view.buildings() {
            for room in view.building_rooms.range(building) {
                let id = view.room_record.u32(room);
                if records.contains(&id) {
                    let label = elements_at(view, building as u32, room as u32).label();
                    known.insert(Corrected::Address(id), label);
                }
            }
        }
    }
    known
}
