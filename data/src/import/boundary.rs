//! Borders as they come from a file, as they stand in the database, and what has to change from one to the other.

use std::collections::{HashMap, HashSet};

use spatial::coverage::{LatticeMultiPolygon, LatticeRing};
use spatial::lattice::LatticePoint;

/// One division or grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Border {
    /// Line or ordinal in the file; 0 for one that stood in the database and only had to give way to a neighbour.
    pub row: u64,
    /// Its code.
    pub code: String,
    /// `city` … `community` for a division; empty for a grid.
    pub level: String,
    /// Kind within its level: `district`, `county`, `basic`, …
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Code of the division above (of the community, for a grid).
    pub parent: Option<String>,
    /// Inhabitants; `None` if the file does not say, which leaves what is known.
    pub people: Option<i32>,
    /// Its territory.
    pub shape: LatticeMultiPolygon,
}

impl Border {
    /// What tells it from others of its time.
    pub fn key(&self) -> (String, String) {
        (self.level.clone(), self.code.clone())
    }
}

/// A border in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Key of its row.
    pub id: i32,
    /// The border; its `people` is always known.
    pub border: Border,
}

/// What an import changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// New rows: new codes, and new states of known ones.
    pub insert: Vec<Border>,
    /// Rows whose validity ends, because a new state follows or because they are not in the file.
    pub close: Vec<i32>,
    /// Codes that end without a successor.
    pub ended: Vec<String>,
    /// Rows of the file that are in force already, exactly so.
    pub unchanged: u64,
}

impl Change {
    /// Whether nothing has to be written.
    pub fn is_empty(&self) -> bool {
        self.insert.is_empty() && self.close.is_empty()
    }
}

/// What ends when the file replaces: all that stands under the same level and under a parent that the file has children
/// of, but is not in the file itself.
pub fn ending<'a>(standing: &'a [Standing], incoming: &[Border]) -> Vec<&'a Standing> {
    let keys: HashSet<_> = incoming.iter().map(Border::key).collect();
    let scope: HashSet<_> =
        incoming.iter().map(|border| (border.level.clone(), border.parent.clone())).collect();
    let in_scope = |old: &&Standing| {
        scope.contains(&(old.border.level.clone(), old.border.parent.clone()))
            && !keys.contains(&old.border.key())
    };
    standing.iter().filter(in_scope).collect()
}

/// Compares what comes with what stands, on the lattice.
pub fn change(standing: &[Standing], incoming: Vec<Border>) -> Change {
    let by_key: HashMap<_, _> = standing.iter().map(|s| (s.border.key(), s)).collect();
    let mut change = Change::default();
    for mut border in incoming {
        match by_key.get(&border.key()) {
            None => change.insert.push(border),
            Some(old) => {
                border.people = border.people.or(old.border.people);
                if is_same(&border, &old.border) {
                    change.unchanged += u64::from(border.row > 0);
                } else {
                    change.close.push(old.id);
                    change.insert.push(border);
                }
            }
        }
    }
    change
}

fn is_same(one: &Border, other: &Border) -> bool {
    one.kind == other.kind
        && one.name == other.name
        && one.parent == other.parent
        && one.people == other.people
        && is_same_shape(&one.shape, &other.shape)
}

/// Whether two shapes are the same set of rings, wherever each ring begins and whichever way it runs.
pub fn is_same_shape(one: &LatticeMultiPolygon, other: &LatticeMultiPolygon) -> bool {
    one == other || canonical(one) == canonical(other)
}

fn canonical(shape: &LatticeMultiPolygon) -> Vec<Vec<LatticePoint>> {
    let mut rings: Vec<_> = shape.rings().map(from_least).collect();
    rings.sort_unstable();
    rings
}

/// The ring begun at its least point and run towards the lesser neighbour. A ring that touches itself passes its least
/// point more than once; of all beginnings the least walk counts.
fn from_least(ring: &LatticeRing) -> Vec<LatticePoint> {
    let forward = &ring.0;
    let Some(least) = forward.iter().min() else { return Vec::new() };
    let backward: Vec<_> = forward.iter().rev().copied().collect();
    [forward, &backward]
        .into_iter()
        .flat_map(|points| {
            let begins = points.iter().enumerate().filter(|(_, point)| *point == least);
            begins.map(|(at, _)| [&points[at..], &points[..at]].concat())
        })
        .min()
        .unwrap_or_default()
}

/// Removes borders whose code came before in the same file; the sentence names the earlier row.
pub fn take_distinct(borders: Vec<Border>) -> (Vec<Border>, Vec<(Border, u64)>) {
    let mut first_row: HashMap<(String, String), u64> = HashMap::new();
    let mut again = Vec::new();
    let mut distinct = Vec::with_capacity(borders.len());
    for border in borders {
        if let Some(row) = first_row.get(&border.key()) {
            again.push((border, *row));
        } else {
            first_row.insert(border.key(), border.row);
            distinct.push(border);
        }
    }
    (distinct, again)
}
