//! The router of record: an R-tree over the faces' boxes and the exact rule behind it.

use std::sync::Arc;

use rstar::{AABB, RTree, RTreeObject};

use super::Locate;
use super::stripes::Stripes;
use crate::coverage::LatticeMultiPolygon;
use crate::lattice::{LatticeBox, LatticePoint};

/// Finds the face that holds a point.
///
/// Meant for a partition. Where faces overlap, [`Locate::locate`] gives any one of those that hold
/// the point and [`Locator::locate_all`] gives them all.
///
/// Cheap to clone and to [edit](Locator::edited): faces are shared, never changed.
#[derive(Clone, Debug)]
pub struct Locator {
    pub(super) tree: Arc<RTree<Leaf>>,
    /// The same faces by id.
    pub(super) by_id: Arc<[Leaf]>,
    /// Ids whose faces in `tree` no longer hold, ascending.
    pub(super) replaced: Vec<u32>,
    /// Faces that came after `tree` was built: few, so that this is cheap to copy.
    pub(super) fresh: RTree<Leaf>,
}

/// One face in the tree.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) id: u32,
    /// A copy of the face's box, where the search needs it.
    bounds: LatticeBox,
    pub(super) face: Arc<Stripes>,
}

impl Leaf {
    /// A face made ready; `None` when it has no vertices.
    pub(super) fn new(id: u32, shape: LatticeMultiPolygon) -> Option<Self> {
        let face = Stripes::new(shape)?;
        Some(Self { id, bounds: face.bounds(), face: Arc::new(face) })
    }

    /// Whether the face holds a point.
    pub(super) fn holds(&self, point: LatticePoint) -> bool {
        self.bounds.contains(point) && self.face.contains(point)
    }
}

/// Whole world in i32: only comparisons are made on these boxes when asking, and those cannot
/// overflow. (Asking the tree for a nearest neighbour would multiply; we do not.)
impl RTreeObject for Leaf {
    type Envelope = AABB<[i32; 2]>;

    fn envelope(&self) -> Self::Envelope {
        let LatticeBox { min, max } = self.bounds;
        AABB::from_corners([min.x, min.y], [max.x, max.y])
    }
}

impl Locator {
    /// Builds the index over faces with their ids; faces without vertices are left out.
    ///
    /// # Example
    /// ```
    /// use spatial::coverage::{LatticePolygon, LatticeRing};
    /// use spatial::lattice::LatticePoint;
    /// use spatial::locate::{Locate, Locator};
    /// let at = LatticePoint::new;
    /// let west = LatticeRing(vec![at(0, 0), at(5, 0), at(5, 9), at(0, 9)]);
    /// let east = LatticeRing(vec![at(5, 0), at(9, 0), at(9, 9), at(5, 9)]);
    /// let faces = [west, east].map(|ring| LatticePolygon::solid(ring).into());
    /// let locator = Locator::new((1..).zip(faces));
    /// assert_eq!(locator.locate(at(4, 4)), Some(1));
    /// assert_eq!(locator.locate(at(5, 4)), Some(2), "the border belongs to the face on its right");
    /// assert_eq!(locator.locate(at(9, 4)), None);
    /// ```
    pub fn new(faces: impl IntoIterator<Item = (u32, LatticeMultiPolygon)>) -> Self {
        let leaves = faces.into_iter().filter_map(|(id, shape)| Leaf::new(id, shape)).collect();
        Self::over(leaves)
    }

    pub(super) fn over(leaves: Vec<Leaf>) -> Self {
        let mut by_id = leaves.clone();
        by_id.sort_unstable_by_key(|leaf| leaf.id);
        let tree = Arc::new(RTree::bulk_load(leaves));
        Self { tree, by_id: by_id.into(), replaced: Vec::new(), fresh: RTree::new() }
    }

    /// The ids of all faces that hold `point`, ascending.
    pub fn locate_all(&self, point: LatticePoint) -> Vec<u32> {
        let mut ids: Vec<u32> = self.holding(point).collect();
        ids.sort_unstable();
        ids
    }

    /// The ids of all faces whose boxes meet `area`, in no order.
    pub fn near(&self, area: LatticeBox) -> impl Iterator<Item = u32> + '_ {
        self.meeting(area).map(|leaf| leaf.id)
    }

    /// All faces with their ids, in no order.
    pub fn faces(&self) -> impl Iterator<Item = (u32, &LatticeMultiPolygon)> + '_ {
        self.leaves().map(|leaf| (leaf.id, leaf.face.shape()))
    }

    /// Number of faces.
    pub fn len(&self) -> usize {
        if self.replaced.is_empty() { self.tree.size() } else { self.leaves().count() }
    }

    /// Whether there are no faces.
    pub fn is_empty(&self) -> bool {
        self.leaves().next().is_none()
    }

    /// The smallest box around all faces, or `None` when there are none.
    pub fn bounds(&self) -> Option<LatticeBox> {
        self.leaves().map(|leaf| leaf.bounds).reduce(LatticeBox::joined)
    }

    pub(super) fn leaves(&self) -> impl Iterator<Item = &Leaf> + '_ {
        self.tree.iter().filter(|leaf| !self.is_old(leaf)).chain(self.fresh.iter())
    }

    /// The faces whose boxes meet `area`.
    pub(super) fn meeting(&self, area: LatticeBox) -> impl Iterator<Item = &Leaf> + '_ {
        let LatticeBox { min, max } = area;
        self.within(AABB::from_corners([min.x, min.y], [max.x, max.y]))
    }

    /// Whether a face of `tree` no longer holds. Faces of `fresh` always do: they are not asked.
    pub(super) fn is_old(&self, leaf: &Leaf) -> bool {
        let old = self.replaced.binary_search(&leaf.id).is_ok();
        old && !self.fresh.iter().any(|fresh| Arc::ptr_eq(&fresh.face, &leaf.face))
    }

    fn within(&self, envelope: AABB<[i32; 2]>) -> impl Iterator<Item = &Leaf> + '_ {
        let old = self.tree.locate_in_envelope_intersecting(&envelope);
        let old = old.filter(|leaf| self.replaced.binary_search(&leaf.id).is_err());
        let fresh = (!self.replaced.is_empty())
            .then(|| self.fresh.locate_in_envelope_intersecting(&envelope));
        old.chain(fresh.into_iter().flatten())
    }

    fn holding(&self, point: LatticePoint) -> impl Iterator<Item = u32> + '_ {
        self.within(AABB::from_point([point.x, point.y]))
            .filter(move |leaf| leaf.face.contains(point))
            .map(|leaf| leaf.id)
    }
}

impl Locate for Locator {
    fn locate(&self, point: LatticePoint) -> Option<u32> {
        self.holding(point).next()
    }
}

#[cfg(test)]
#[path = "locator_tests.rs"]
mod tests;
