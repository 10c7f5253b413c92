//! The nearest places to a point: addresses and buildings for reverse geocoding.
//!
//! [`Places`] holds millions of points in static k-d trees and answers with the `k` nearest by true
//! distance, the length of the geodesic. The search itself measures in the plane around the point,
//! where longitude shrinks by the cosine of the latitude. How far that can be from the truth is
//! bounded ([`plane`]); wherever the bound leaves the order open, geodesics decide.
//!
//! Trees are never changed. What is added later goes into small trees beside the large one, which
//! are merged as they grow (Bentley and Saxe 1980), so an addition costs little and a search has
//! few trees to look into.

mod plane;
mod search;
mod tree;

use std::collections::HashSet;
use std::sync::Arc;

use self::tree::Tree;
use crate::lattice::LatticePoint;

/// A point to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The caller's number for it, used once.
    pub id: u32,
    /// Where it is.
    pub point: LatticePoint,
    /// What it is: the caller's number below 32, see [`Kinds`].
    pub kind: u8,
}

/// A set of kinds of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kinds(u32);

impl Kinds {
    /// Whatever there is.
    pub const ALL: Self = Self(u32::MAX);

    /// The set of some kinds; numbers from 32 on are the same as those modulo 32.
    pub fn of(kinds: impl IntoIterator<Item = u8>) -> Self {
        Self(kinds.into_iter().fold(0, |set, kind| set | 1 << (kind % 32)))
    }

    fn holds(self, kind: u8) -> bool {
        self.0 & 1 << (kind % 32) != 0
    }
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// How many at most.
    pub count: usize,
    /// No farther than this, in metres; infinity for any distance.
    pub within_m: f64,
    /// Of these kinds.
    pub kinds: Kinds,
}

impl Wanted {
    /// The nearest `count` places of any kind at any distance.
    pub const fn nearest(count: usize) -> Self {
        Self { count, within_m: f64::INFINITY, kinds: Kinds::ALL }
    }
}

/// A place that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// The place.
    pub place: Place,
    /// Length of the geodesic to it in metres, good to a hundredth of a millimetre.
    pub apart_m: f64,
}

/// Points in order of nearness to any other.
///
/// Cheap to clone and to [change](Places::changed): clones share their trees.
///
/// # Example
/// ```
/// use spatial::lattice::LatticePoint;
/// use spatial::nearest::{Place, Places, Wanted};
/// let at = |x, y| LatticePoint::new(1_038_000_000 + x, 360_000_000 + y);
/// let place = |id, x, y| Place { id, point: at(x, y), kind: 0 };
/// // 1,000 steps north are 11.1 m, 1,100 steps east only 9.9 m.
/// let places = Places::new([place(1, 0, 1000), place(2, 1100, 0), place(3, 90_000, 0)]);
/// let near = places.nearest(at(0, 0), &Wanted { within_m: 50.0, ..Wanted::nearest(5) });
/// assert_eq!(near.iter().map(|near| near.place.id).collect::<Vec<_>>(), [2, 1]);
/// assert!((near[0].apart_m - 9.92).abs() < 0.01);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The largest first.
    trees: Vec<Grove>,
}

/// A tree and the ids in it that no longer count.
#[derive(Clone, Debug)]
struct Grove {
    tree: Arc<Tree>,
    gone: Arc<HashSet<u32>>,
}

impl Grove {
    fn new(places: Vec<Place>) -> Self {
        Self { tree: Arc::new(Tree::new(places)), gone: Arc::default() }
    }

    fn living(&self) -> impl Iterator<Item = Place> + '_ {
        self.tree.places().filter(|place| !self.gone.contains(&place.id))
    }
}

impl Places {
    /// Builds the trees, on all cores of the current thread pool.
    pub fn new(places: impl IntoIterator<Item = Place>) -> Self {
        let places: Vec<Place> = places.into_iter().collect();
        if places.is_empty() { Self::default() } else { Self { trees: vec![Grove::new(places)] } }
    }

    /// These places with some taken away by id and others added; one with a known id replaces it.
    #[must_use]
    pub fn changed(&self, added: impl IntoIterator<Item = Place>, removed: &[u32]) -> Self {
        let mut added: Vec<Place> = added.into_iter().collect();
        let mut trees = self.trees.clone();
        let leaving: Vec<u32> =
            removed.iter().copied().chain(added.iter().map(|place| place.id)).collect();
        for grove in &mut trees {
            Arc::make_mut(&mut grove.gone).extend(&leaving);
        }
        // A tree no larger than what is added, or half gone, is not worth looking into by itself.
        let is_kept = |grove: &Grove, added: usize| {
            grove.tree.len() > 2 * added && grove.tree.len() > 2 * grove.gone.len()
        };
        while let Some(last) = trees.pop_if(|grove| !is_kept(grove, added.len())) {
            added.extend(last.living());
        }
        if !added.is_empty() {
            trees.push(Grove::new(added));
        }
        Self { trees }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.trees.iter().map(|grove| grove.living().count()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.trees.iter().all(|grove| grove.living().next().is_none())
    }
}

#[cfg(test)]
mod tests;
