//! Looking for the nearest.

use super::plane::{AROUND, Plane};
use super::tree::Tree;
use super::{Grove, Kinds, Near, Place, Places, Wanted};
use crate::lattice::LatticePoint;

/// Points of a leaf that are measured at once.
const GROUP: usize = 4;

/// A place, by tree and position in it, and the square of its distance in the plane.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    square: f64,
    tree: u32,
    at: u32,
}

/// A place and the square of its distance in the plane.
#[derive(Clone, Copy, Debug)]
struct Found {
    square: f64,
    place: Place,
}

/// What a search has found so far.
struct Search<'a> {
    plane: Plane,
    /// Longitude of the origin, or that all around the globe from it.
    x: f64,
    y: f64,
    /// The tree being looked into.
    tree: u32,
    wanted: &'a Wanted,
    /// The nearest so far, in order; all of them when there is no limit.
    found: Vec<Candidate>,
    limit: usize,
    /// What is farther is of no interest.
    bound: f64,
}

impl Places {
    /// The places nearest to a point, the nearest first; of equally near ones those with the lower
    /// id. Exact by true distance; at most `wanted.count`, none farther than `wanted.within_m`.
    pub fn nearest(&self, point: LatticePoint, wanted: &Wanted) -> Vec<Near> {
        let is_possible = wanted.count > 0 && wanted.within_m >= 0.0;
        if !is_possible || self.trees.is_empty() {
            return Vec::new();
        }
        let plane = Plane::around(point);
        // One more than wanted, to see whether the order at the end is certain.
        let limit = wanted.count.saturating_add(1);
        let slack = plane.slack(wanted.within_m);
        let reach = if slack.is_finite() { wanted.within_m * slack } else { slack };
        let mut search = Search::new(plane, wanted, limit, reach * reach);
        let found = search.run(&self.trees);
        if is_certain(&plane, wanted, &found, limit) {
            let nearest = found.iter().take(wanted.count).map(|found| found.place);
            let near = nearest.map(|place| Near { place, apart_m: plane.near_m(place.point) });
            return near.collect();
        }
        let places = || found.iter().map(|found| found.place);
        if found.len() < limit {
            return measured(plane, wanted, places().collect());
        }
        // In truth the last one wanted is not farther than this; nor is any that comes before it.
        let last = found[wanted.count - 1].square.sqrt();
        let slack = plane.slack(last);
        let reach_m = if slack.is_finite() {
            last * slack
        } else {
            places().map(|place| plane.true_m(place.point)).fold(0.0, f64::max)
        };
        let reach_m = reach_m.min(wanted.within_m);
        let reach = reach_m * (1.0 + 1e-9) + 1e-6;
        let shrunk = plane.shrunk(reach_m);
        let mut search = Search::new(shrunk, wanted, usize::MAX, reach * reach);
        let found = search.run(&self.trees);
        measured(plane, wanted, found.iter().map(|found| found.place).collect())
    }
}

/// The nearest of some places by their geodesics.
fn measured(plane: Plane, wanted: &Wanted, mut places: Vec<Place>) -> Vec<Near> {
    // Rooms of one building share a point: measure it once.
    places.sort_unstable_by_key(|place| (place.point, place.id));
    let mut near: Vec<Near> = Vec::with_capacity(places.len());
    for place in places {
        let same = near.last().filter(|last| last.place.point == place.point);
        let apart_m = same.map_or_else(|| plane.true_m(place.point), |last| last.apart_m);
        near.push(Near { place, apart_m });
    }
    near.retain(|near| near.apart_m <= wanted.within_m);
    near.sort_unstable_by(|one, other| {
        one.apart_m.total_cmp(&other.apart_m).then(one.place.id.cmp(&other.place.id))
    });
    near.truncate(wanted.count);
    near
}

/// Whether the places found are the nearest in truth, in this order.
fn is_certain(plane: &Plane, wanted: &Wanted, found: &[Found], limit: usize) -> bool {
    let Some(last) = found.last() else { return true };
    let slack = plane.slack(last.square.sqrt());
    let square = slack * slack;
    let inside = last.square * square <= wanted.within_m * wanted.within_m;
    let ordered = found.windows(2).all(|pair| {
        let [one, other] = pair else { return true };
        one.square * square < other.square
            || (one.place.point == other.place.point && one.place.id < other.place.id)
    });
    // Where the last one wanted and the one beyond are as near, more may be.
    let tie = found.windows(2).next_back().is_some_and(|pair| pair[0].square >= pair[1].square);
    square.is_finite() && inside && ordered && !(found.len() == limit && tie)
}

impl<'a> Search<'a> {
    fn new(plane: Plane, wanted: &'a Wanted, limit: usize, bound: f64) -> Self {
        let (x, y) = (f64::from(plane.origin.x), f64::from(plane.origin.y));
        let found = Vec::with_capacity(limit.min(64));
        Self { plane, x, y, tree: 0, wanted, found, limit, bound }
    }

    /// Looks into all trees; what was found, in the order of the plane.
    fn run(&mut self, groves: &[Grove]) -> Vec<Found> {
        self.visit(groves);
        let place = |candidate: &Candidate| Found {
            square: candidate.square,
            place: groves[candidate.tree as usize].tree.place(candidate.at as usize),
        };
        let mut found: Vec<Found> = self.found.iter().map(place).collect();
        let order = |found: &Found| (found.place.point, found.place.id);
        found.sort_by(|one, other| {
            one.square.total_cmp(&other.square).then_with(|| order(one).cmp(&order(other)))
        });
        found
    }

    fn visit(&mut self, groves: &[Grove]) {
        for turn in [0.0, AROUND, -AROUND] {
            self.x = f64::from(self.plane.origin.x) + turn;
            for (tree, grove) in (0..).zip(groves) {
                let apart = grove.tree.apart(self.x, self.y);
                if self.square(apart) <= self.bound {
                    self.tree = tree;
                    self.descend(grove, 0, (0, grove.tree.len()), apart);
                }
            }
        }
    }

    #[inline]
    fn square(&self, (east, north): (f64, f64)) -> f64 {
        let (dx, dy) = (east * self.plane.east_m, north * self.plane.north_m);
        dx * dx + dy * dy
    }

    /// Looks into a node whose cell is `apart` steps east or west and north or south of the origin.
    fn descend(&mut self, grove: &Grove, node: usize, run: (usize, usize), apart: (f64, f64)) {
        let tree = &*grove.tree;
        if self.wanted.kinds != Kinds::ALL && tree.below[node] & self.wanted.kinds.0 == 0 {
            return;
        }
        let Some(split) = tree.splits.get(node) else {
            return self.look(grove, run);
        };
        let middle = usize::midpoint(run.0, run.1);
        let beyond = if split.is_north { self.y } else { self.x } - f64::from(split.at);
        let low = (2 * node + 1, (run.0, middle));
        let high = (2 * node + 2, (middle, run.1));
        let (near, far) = if beyond < 0.0 { (low, high) } else { (high, low) };
        self.descend(grove, near.0, near.1, apart);
        let apart = if split.is_north { (apart.0, beyond) } else { (beyond, apart.1) };
        if self.square(apart) <= self.bound {
            self.descend(grove, far.0, far.1, apart);
        }
    }

    /// Takes from a leaf what is near enough.
    fn look(&mut self, grove: &Grove, (from, to): (usize, usize)) {
        let tree: &Tree = &grove.tree;
        let (xs, ys) = (&tree.xs[from..to], &tree.ys[from..to]);
        let grouped = xs.len() - xs.len() % GROUP;
        let groups = xs.as_chunks::<GROUP>().0.iter().zip(ys.as_chunks::<GROUP>().0);
        // Most groups have nothing near enough: all their points are measured with one question.
        for (at, (xs, ys)) in (from..).step_by(GROUP).zip(groups) {
            let squares: [f64; GROUP] = std::array::from_fn(|at| self.square_to(xs[at], ys[at]));
            if squares.into_iter().fold(f64::INFINITY, f64::min) <= self.bound {
                self.weigh(grove, at, xs, ys);
            }
        }
        self.weigh(grove, from + grouped, &xs[grouped..], &ys[grouped..]);
    }

    #[inline]
    fn square_to(&self, x: i32, y: i32) -> f64 {
        self.square((f64::from(x) - self.x, f64::from(y) - self.y))
    }

    /// Takes from some points, numbered from `first` on, what is near enough.
    fn weigh(&mut self, grove: &Grove, first: usize, xs: &[i32], ys: &[i32]) {
        for (at, (x, y)) in (first..).zip(xs.iter().zip(ys)) {
            let square = self.square_to(*x, *y);
            if square <= self.bound {
                // What is nearer the other way around the globe is found on another turn.
                let east = f64::from(*x) - self.x;
                let is_near_side = (-AROUND / 2.0..AROUND / 2.0).contains(&east);
                if is_near_side && self.is_wanted(grove, at) {
                    self.take(Candidate { square, tree: self.tree, at: at as u32 });
                }
            }
        }
    }

    fn is_wanted(&self, grove: &Grove, at: usize) -> bool {
        let kinds = self.wanted.kinds;
        (kinds == Kinds::ALL || kinds.holds(grove.tree.kinds[at]))
            && (grove.gone.is_empty() || !grove.gone.contains(&grove.tree.ids[at]))
    }

    fn take(&mut self, candidate: Candidate) {
        if self.limit == usize::MAX {
            self.found.push(candidate);
            return;
        }
        let at = self.found.partition_point(|other| other.square <= candidate.square);
        if at < self.limit {
            if self.found.len() == self.limit {
                self.found.pop();
            }
            self.found.insert(at, candidate);
            if let Some(last) = self.found.get(self.limit - 1) {
                self.bound = self.bound.min(last.square);
            }
        }
    }
}
