//! Who is nearest: base points on the unit sphere, where a straight line between two of them is longer exactly when the way
//! over the ground is. No scale, no projection, no edge of a map.

use chrono::{DateTime, Utc};
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use spatial::lattice::LatticePoint;
use spatial::measure::distance_m;

use super::RoutingView;
use crate::domain::assign::{Candidate, Pool, Staff};

/// From farther away nobody is sent without a desk deciding.
pub(super) const NEAREST_WITHIN_M: f64 = 3_000.0;

/// A place, also on the unit sphere, with what is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spoke<T> {
    tip: [f64; 3],
    point: LatticePoint,
    what: T,
}

impl<T> Spoke<T> {
    pub(super) fn new(point: LatticePoint, what: T) -> Self {
        Self { tip: tip(point), point, what }
    }
}

fn tip(point: LatticePoint) -> [f64; 3] {
    let place = point.lng_lat();
    let (lng, lat) = (place.lng().to_radians(), place.lat().to_radians());
    [lat.cos() * lng.cos(), lat.cos() * lng.sin(), lat.sin()]
}

impl<T> RTreeObject for Spoke<T> {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.tip)
    }
}

impl<T> PointDistance for Spoke<T> {
    fn distance_2(&self, other: &[f64; 3]) -> f64 {
        self.tip.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum()
    }
}

/// What is in `tree` by its distance from `point` (squared, on the unit sphere), the nearest first.
pub(super) fn near<T: Copy>(
    tree: &RTree<Spoke<T>>,
    point: LatticePoint,
) -> impl Iterator<Item = (f64, LatticePoint, T)> + '_ {
    let spokes = tree.nearest_neighbor_iter_with_distance_2(&tip(point));
    spokes.map(|(spoke, apart)| (apart, spoke.point, spoke.what))
}

/// Whoever on shift at `at` has the nearest base point, within [`NEAREST_WITHIN_M`]; all of them when several share it.
pub(super) fn nearest_on_shift(
    view: &RoutingView,
    point: LatticePoint,
    at: DateTime<Utc>,
) -> Option<Pool> {
    let mut bases = view.duty.by_base(point).peekable();
    let mut labels = view.borders.by_label(point).peekable();
    loop {
        let base_is_nearer = match (bases.peek(), labels.peek()) {
            (Some((base, ..)), Some((label, ..))) => base <= label,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => return None,
        };
        let (place, candidates): (LatticePoint, Vec<Candidate>) = if base_is_nearer {
            let (_, place, worker) = bases.next()?;
            // Colleagues of one workstation are equally near.
            let mut workers = vec![worker];
            while let Some((.., worker)) = bases.next_if(|(_, other, _)| *other == place) {
                workers.push(worker);
            }
            (place, view.duty.on_shift_of(&workers, at))
        } else {
            let (_, place, grid) = labels.next()?;
            (place, view.duty.on_shift_of(view.duty.at_home(&grid.code), at))
        };
        let apart_m = distance_m(point.lng_lat(), place.lng_lat());
        if NEAREST_WITHIN_M < apart_m {
            return None;
        }
        if !candidates.is_empty() {
            return Some(Pool { staff: Staff::Nearest { apart_m }, candidates });
        }
    }
}
