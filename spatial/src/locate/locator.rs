//! The router of record: an R-tree over the faces' boxes and the exact rule behind it.

use rstar::{AABB, RTree, RTreeObject};

use super::Locate;
use super::stripes::{Arena, Stripes};
use crate::coverage::LatticeMultiPolygon;
use crate::lattice::{LatticeBox, LatticePoint};

/// Finds the face that holds a point.
///
/// Meant for a partition. Where faces overlap, [`Locate::locate`] gives any one of those that hold
/// the point and [`Locator::locate_all`] gives them all.
#[derive(Clone, Debug)]
pub struct Locator {
    pub(super) tree: RTree<Leaf>,
    pub(super) arena: Arena,
}

/// One face in the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    pub(super) bounds: LatticeBox,
    pub(super) stripes: Stripes,
    pub(super) id: u32,
}

/// Whole world in i32: only comparisons are ever made on these boxes, and those cannot overflow.
/// (Inserting into the tree or asking it for a nearest neighbour would multiply; we do neither.)
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
        let mut arena = Arena::default();
        let mut leaves = Vec::new();
        for (id, shape) in faces {
            if let Some(bounds) = shape.bounds() {
                leaves.push(Leaf { bounds, stripes: arena.add(&shape, bounds), id });
            }
        }
        Self { tree: RTree::bulk_load(leaves), arena }
    }

    /// The ids of all faces that hold `point`, ascending.
    pub fn locate_all(&self, point: LatticePoint) -> Vec<u32> {
        let mut ids: Vec<u32> = self.holding(point).collect();
        ids.sort_unstable();
        ids
    }

    /// The ids of all faces whose boxes meet `area`, in no order.
    pub fn near(&self, area: LatticeBox) -> impl Iterator<Item = u32> + '_ {
        let LatticeBox { min, max } = area;
        let envelope = AABB::from_corners([min.x, min.y], [max.x, max.y]);
        self.tree.locate_in_envelope_intersecting(&envelope).map(|leaf| leaf.id)
    }

    /// Number of faces.
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether there are no faces.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The smallest box around all faces, or `None` when there are none.
    pub fn bounds(&self) -> Option<LatticeBox> {
        self.tree.iter().map(|leaf| leaf.bounds).reduce(LatticeBox::joined)
    }

    fn holding(&self, point: LatticePoint) -> impl Iterator<Item = u32> + '_ {
        let envelope = AABB::from_point([point.x, point.y]);
        self.tree
            .locate_in_envelope_intersecting(&envelope)
            .filter(move |leaf| self.arena.contains(leaf.stripes, point))
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
