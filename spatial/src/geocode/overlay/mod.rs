//! What was changed since the snapshot was built: other names, corrections, new addresses, at once and on every node.
//!
//! An [`Overlay`] is an immutable value that is swapped as a whole; clones share it. It is bound to a snapshot: targets
//! of aliases are looked up when it is made, and again by [`Overlay::rebased`] when the snapshot changes. What cannot be
//! bound is kept, and told by [`Overlay::refused`].

mod bind;
mod rewrite;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

pub(super) use self::rewrite::{Rewritten, rewritten};
use super::answer::Element;
use super::build::AddressRow;
use super::level::Level;
use super::snapshot::Snapshot;
use crate::code::DivisionCode;
use crate::lattice::LatticePoint;

/// When an entry holds, in seconds since 1970: from the first instant on, up to but not at the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Validity {
    /// The first instant; `None` for always.
    pub from: Option<i64>,
    /// The first instant no longer; `None` for ever.
    pub until: Option<i64>,
}

impl Validity {
    /// Without beginning or end.
    pub const ALWAYS: Self = Self { from: None, until: None };

    /// Whether it holds at an instant; when no instant is asked for, whatever is not limited holds and whatever is
    /// limited does too.
    pub fn holds(self, at: Option<i64>) -> bool {
        let Some(at) = at else { return true };
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// One change with the caller's id: an entry with a known id takes the place of the older one.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The caller's id.
    pub id: u64,
    /// When it holds.
    pub valid: Validity,
    /// What it changes.
    pub change: Change,
}

/// What is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Another or an old name.
    Alias(Alias),
    /// A known place lies elsewhere, or is there no longer.
    Correction(Correction),
    /// An address that the snapshot does not have.
    Address(NewAddress),
}

/// Another name. It counts only as it is written (after normalising), never loosely.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// What people say: 老轴承厂院子.
    pub text: String,
    /// What it is.
    pub target: Target,
    /// For an old name: until when the place was called so. It is understood ever after.
    pub until: Option<i64>,
    /// What its use costs, in points of the score; [`Alias::COST`] unless somebody knows better.
    pub cost: f32,
}

impl Alias {
    /// Enough for a name that stands there by itself to win where both readings are as good.
    pub const COST: f32 = 0.3;
}

/// How near to the caller another name is said, by the id of its entry: the nearer the larger, `None` where the caller
/// cannot mean it. Of two that are one text the nearer counts, and of two equally near neither.
#[derive(Clone, Copy)]
pub struct Heard<'a>(pub &'a dyn Fn(u64) -> Option<usize>);

impl fmt::Debug for Heard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heard")
    }
}

/// What an alias stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A name of the gazetteer.
    Name {
        /// Of which kind.
        level: Level,
        /// As the gazetteer has it.
        name: String,
    },
    /// A district, township or community by its official code.
    Division(DivisionCode),
    /// A building by the caller's id.
    Building(u32),
    /// An address by the caller's id.
    Address(u32),
    /// An address in words, as complete as need be.
    Words(String),
}

/// A place of the snapshot that is not as the snapshot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Which.
    pub of: Corrected,
    /// How it is.
    pub now: Now,
}

/// What is corrected, by the caller's id. A building's correction holds for the addresses in it that have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Corrected {
    /// A building.
    Building(u32),
    /// An address.
    Address(u32),
}

/// How a corrected place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Now {
    /// Somewhere else.
    Moved {
        /// Where.
        point: LatticePoint,
        /// In which grid, the caller's id; `None` where it is to be located by the point.
        grid: Option<u32>,
    },
    /// Pulled down or given up: it is still found, with the fault `place.closed`, and never accepted.
    Closed,
}

/// A new address; as [`AddressRow`], but owned.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "as in AddressRow")]
pub struct NewAddress {
    pub record: u32,
    pub building: Option<u32>,
    pub grid: Option<u32>,
    pub point: LatticePoint,
    pub district: String,
    pub township: String,
    pub community: String,
    pub road: String,
    pub house_no: String,
    pub compound: String,
    pub building_no: String,
    pub unit: String,
    pub room: String,
}

impl NewAddress {
    /// The same, borrowed.
    pub fn row(&self) -> AddressRow<'_> {
        AddressRow {
            record: self.record,
            building: self.building,
            grid: self.grid,
            point: self.point,
            district: &self.district,
            township: &self.township,
            community: &self.community,
            road: &self.road,
            house_no: &self.house_no,
            compound: &self.compound,
            building_no: &self.building_no,
            unit: &self.unit,
            room: &self.room,
        }
    }
}

/// Changes on top of a snapshot. The default has none.
///
/// # Example
/// ```
/// use spatial::geocode::{
///     AddressRow, Alias, AskScratch, Change, Entry, Level, Overlay, Query, Snapshot, SnapshotBuilder, Target, Validity,
/// };
/// let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
/// builder.address(&AddressRow { record: 7, road: "庆阳路", house_no: "97号", ..AddressRow::default() });
/// let gazetteer = Snapshot::open(builder.finish())?;
/// let target = Target::Name { level: Level::Road, name: "庆阳路".to_owned() };
/// let alias = Alias { text: "东大街".to_owned(), target, until: Some(-473_385_600), cost: Alias::COST };
/// let entry = Entry { id: 1, valid: Validity::ALWAYS, change: Change::Alias(alias) };
/// let overlay = Overlay::default().with(&gazetteer, [entry]);
/// let answer = gazetteer.ask(&overlay, &Query::text("东大街97号"), &mut AskScratch::default());
/// assert_eq!(answer.candidates[0].record, Some(7));
/// # Ok::<(), spatial::geocode::SnapshotError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Overlay(Arc<Bound>);

/// The entries, and all that is looked up in them.
#[derive(Debug, Default)]
struct Bound {
    entries: BTreeMap<u64, Arc<Entry>>,
    refused: Vec<(u64, String)>,
    aliases: Vec<BoundAlias>,
    /// Places in `aliases`, by the first unit.
    by_first: HashMap<u16, Vec<usize>>,
    corrections: HashMap<Corrected, Vec<(Validity, Now)>>,
    added: Option<Snapshot<Vec<u8>>>,
    /// Those of the added addresses that do not always hold, by record.
    limited: HashMap<u32, Validity>,
}

#[derive(Debug)]
pub(super) struct BoundAlias {
    pub(super) id: u64,
    pub(super) units: Vec<u16>,
    pub(super) means: String,
    /// The same as it is read.
    pub(super) means_units: Vec<u16>,
    pub(super) element: Element,
    pub(super) until: Option<i64>,
    pub(super) cost: f32,
    pub(super) valid: Validity,
}

impl Overlay {
    /// These changes and others, on top of `base`. Costs some milliseconds, and a pass over the addresses of `base` if
    /// an alias stands for one.
    #[must_use]
    pub fn with<B: AsRef<[u8]>>(
        &self,
        base: &Snapshot<B>,
        entries: impl IntoIterator<Item = Entry>,
    ) -> Self {
        let mut all = self.0.entries.clone();
        all.extend(entries.into_iter().map(|entry| (entry.id, Arc::new(entry))));
        Self(Arc::new(Bound::new(base, all)))
    }

    /// These changes but for some, by id.
    #[must_use]
    pub fn without<B: AsRef<[u8]>>(&self, base: &Snapshot<B>, ids: &[u64]) -> Self {
        let mut all = self.0.entries.clone();
        all.retain(|id, _| !ids.contains(id));
        Self(Arc::new(Bound::new(base, all)))
    }

    /// The same changes on top of another snapshot.
    #[must_use]
    pub fn rebased<B: AsRef<[u8]>>(&self, base: &Snapshot<B>) -> Self {
        Self(Arc::new(Bound::new(base, self.0.entries.clone())))
    }

    /// All entries, by id.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.entries.values().map(Arc::as_ref)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// The entries that have no effect on this snapshot, each with a sentence that says why.
    pub fn refused(&self) -> &[(u64, String)] {
        &self.0.refused
    }

    pub(super) fn aliases(&self) -> &[BoundAlias] {
        &self.0.aliases
    }

    /// The aliases that hold at an instant and that the caller may mean, with how near they are said.
    pub(super) fn heard<'a>(
        aliases: impl Iterator<Item = &'a BoundAlias>,
        at: Option<i64>,
        heard: Option<Heard<'a>>,
    ) -> impl Iterator<Item = (&'a BoundAlias, usize)> {
        let near = move |alias: &BoundAlias| heard.map_or(Some(0), |heard| heard.0(alias.id));
        aliases
            .filter(move |alias| alias.valid.holds(at))
            .filter_map(move |alias| Some((alias, near(alias)?)))
    }

    /// The aliases that begin with a unit.
    pub(super) fn beginning(&self, unit: u16) -> impl Iterator<Item = &BoundAlias> {
        self.0.by_first.get(&unit).into_iter().flatten().map(|&at| &self.0.aliases[at])
    }

    /// The addresses that were added, as a gazetteer of their own.
    pub(super) fn added(&self) -> Option<&Snapshot<Vec<u8>>> {
        self.0.added.as_ref()
    }

    /// Whether an added address holds at an instant.
    pub(super) fn holds(&self, record: Option<u32>, at: Option<i64>) -> bool {
        let valid = record.and_then(|record| self.0.limited.get(&record));
        valid.is_none_or(|valid| valid.holds(at))
    }

    /// How a place is that the snapshot has otherwise: that of the address, or else that of its building.
    pub(super) fn now(
        &self,
        record: Option<u32>,
        building: Option<u32>,
        at: Option<i64>,
    ) -> Option<Now> {
        let keys = [record.map(Corrected::Address), building.map(Corrected::Building)];
        let of = |key| {
            let all = self.0.corrections.get(&key)?;
            // Of several that hold, the one that came last.
            all.iter().rev().find(|(valid, _)| valid.holds(at)).map(|(_, now)| *now)
        };
        keys.into_iter().flatten().find_map(of)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
