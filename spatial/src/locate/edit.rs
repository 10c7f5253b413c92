//! Some faces replaced, the rest shared.

use xxhash_rust::xxh3::Xxh3Default;

use super::Locator;
use super::locator::Leaf;
use crate::coverage::LatticeMultiPolygon;
use crate::lattice::{LatticeBox, LatticePoint};

/// With more faces than this beside the tree it is built anew.
const MOST_FRESH: usize = 64;

/// An edge that came or went, and the id of its face.
pub(super) type MovedEdge = (LatticePoint, LatticePoint, u32);

/// A locator after some faces have been replaced, and what that changed.
#[derive(Clone, Debug)]
pub struct Edit {
    locator: Locator,
    ids: Vec<u32>,
    moved: Vec<MovedEdge>,
}

impl Edit {
    /// The locator after the edit.
    pub fn locator(&self) -> &Locator {
        &self.locator
    }

    /// The locator after the edit, alone.
    pub fn into_locator(self) -> Locator {
        self.locator
    }

    /// The ids that were replaced, ascending.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The box around all edges that came or went, `None` when none did: no point outside it has
    /// changed its face.
    pub fn area(&self) -> Option<LatticeBox> {
        LatticeBox::around(self.moved.iter().flat_map(|(a, b, _)| [*a, *b]))
    }

    /// The edges that came or went.
    pub(super) fn moved(&self) -> &[MovedEdge] {
        &self.moved
    }
}

impl Locator {
    /// This locator with some faces replaced by id: new ones added, `None` taken away.
    ///
    /// Costs what the replaced faces cost; this locator stays as it is. Every so many edits the
    /// tree is built anew, which takes a few milliseconds for a city.
    #[must_use]
    pub fn edited(
        &self,
        changes: impl IntoIterator<Item = (u32, Option<LatticeMultiPolygon>)>,
    ) -> Edit {
        let changes: Vec<_> = changes.into_iter().collect();
        let mut ids: Vec<u32> = changes.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let is_changed = |leaf: &Leaf| ids.binary_search(&leaf.id).is_ok();

        let gone: Vec<Leaf> = self.find(&ids);
        let come: Vec<Leaf> =
            changes.into_iter().filter_map(|(id, shape)| Leaf::new(id, shape?)).collect();
        let moved = moved(&gone, &come);

        let mut locator = self.clone();
        locator.replaced.extend(&ids);
        locator.replaced.sort_unstable();
        locator.replaced.dedup();
        let kept = self.fresh.iter().filter(|leaf| !is_changed(leaf)).cloned();
        let fresh: Vec<Leaf> = kept.chain(come).collect();
        if fresh.len() + locator.replaced.len() > MOST_FRESH {
            let old =
                self.tree.iter().filter(|leaf| locator.replaced.binary_search(&leaf.id).is_err());
            locator = Self::over(old.cloned().chain(fresh).collect());
        } else {
            locator.fresh = rstar::RTree::bulk_load(fresh);
        }
        Edit { locator, ids, moved }
    }

    /// The faces of some ids; the ids ascending.
    fn find(&self, ids: &[u32]) -> Vec<Leaf> {
        let standing = ids.iter().copied().filter(|id| self.replaced.binary_search(id).is_err());
        let of = |id: u32| {
            let first = self.by_id.partition_point(|leaf| leaf.id < id);
            self.by_id[first..].iter().take_while(move |leaf| leaf.id == id)
        };
        let is_wanted = |leaf: &&Leaf| ids.binary_search(&leaf.id).is_ok();
        let fresh = self.fresh.iter().filter(is_wanted);
        standing.flat_map(of).chain(fresh).cloned().collect()
    }

    /// A number that tells these borders from any others: 64 bits over ids and vertices, whatever
    /// the order of the faces.
    pub fn digest(&self) -> u64 {
        let mut bytes = Vec::new();
        let face = |leaf: &Leaf| {
            bytes.clear();
            bytes.extend(leaf.id.to_le_bytes());
            for ring in leaf.face.shape().rings() {
                bytes.extend((ring.0.len() as u32).to_le_bytes());
                for point in &ring.0 {
                    bytes.extend(point.x.to_le_bytes());
                    bytes.extend(point.y.to_le_bytes());
                }
            }
            let mut hash = Xxh3Default::new();
            hash.update(&bytes);
            hash.digest()
        };
        self.leaves().map(face).fold(0, u64::wrapping_add)
    }
}

/// The edges that only the one or only the other have, with the id of their face.
fn moved(gone: &[Leaf], come: &[Leaf]) -> Vec<MovedEdge> {
    let mut moved = Vec::new();
    let mut ring = |points: &[LatticePoint], id: u32, kept: Kept| {
        let count = points.len();
        for (from, a) in points.iter().enumerate() {
            let b = points[if from + 1 == count { 0 } else { from + 1 }];
            if *a != b && !kept.holds(from, count) {
                moved.push(((*a).min(b), (*a).max(b), id));
            }
        }
    };
    for old in gone {
        // Most edits move a few vertices of a ring: the rest is the same walk, from both ends.
        let twin = come.iter().find(|new| new.id == old.id);
        let old_rings: Vec<_> = old.face.shape().rings().collect();
        let new_rings: Vec<_> = twin.iter().flat_map(|new| new.face.shape().rings()).collect();
        for at in 0..old_rings.len().max(new_rings.len()) {
            let points = |rings: &[&crate::coverage::LatticeRing]| -> Vec<LatticePoint> {
                rings.get(at).map(|ring| ring.0.clone()).unwrap_or_default()
            };
            let (old_points, new_points) = (points(&old_rings), points(&new_rings));
            let kept = Kept::of(&old_points, &new_points);
            ring(&old_points, old.id, kept);
            ring(&new_points, old.id, kept);
        }
    }
    for new in come.iter().filter(|new| !gone.iter().any(|old| old.id == new.id)) {
        for points in new.face.shape().rings() {
            ring(&points.0, new.id, Kept::default());
        }
    }
    moved.sort_unstable();
    let mut odd = Vec::with_capacity(moved.len());
    for same in moved.chunk_by(|one, other| one == other) {
        if same.len() % 2 == 1 {
            odd.push(same[0]);
        }
    }
    odd
}

/// How many points two rings have in common, from their beginnings and from their ends.
#[derive(Clone, Copy, Default)]
struct Kept {
    first: usize,
    last: usize,
}

impl Kept {
    fn of(one: &[LatticePoint], other: &[LatticePoint]) -> Self {
        let same = |(a, b): &(&LatticePoint, &LatticePoint)| a == b;
        let first = one.iter().zip(other).take_while(same).count();
        let most = one.len().min(other.len()) - first;
        let last = one.iter().rev().zip(other.iter().rev()).take(most).take_while(same).count();
        Self { first, last }
    }

    /// Whether both rings have the edge from the point at `from` on, of `count`.
    fn holds(self, from: usize, count: usize) -> bool {
        let closes = from + 1 == count;
        let in_first = from + 1 < self.first;
        let in_last = from + self.last >= count && !closes;
        in_first || in_last || (closes && self.first > 0 && (self.last > 0 || self.first == count))
    }
}
