//! Looking for the nearest.

use std::array;

use super::plane::{AROUND, Plane};
use super::tree::{GROUP, Group, Node, Tree, middle};
use super::{Grove, Kinds, Near, Place, Places, Wanted};
use crate::lattice::LatticePoint;

/// A place, by tree and position in it, and the square of its distance in the plane.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    square: f64,
    tree: u32,
    at: u32,
}

/// What a search has found so far.
struct Search<'a> {
    plane: Plane,
    groves: &'a [Grove],
    /// Longitude of the origin, or that all around the globe from it.
    x: f64,
    y: f64,
    /// The tree being looked into.
    tree: u32,
    wanted: &'a Wanted,
    /// The nearest so far, in order; all of them, in any order, when there is no limit.
    found: Vec<Candidate>,
    limit: usize,
    /// Square of the distance beyond which nothing is of interest: a little more than that of the
    /// last one found, so that whatever could be nearer in truth is seen.
    bound: f64,
    /// The least square of what was seen and not kept.
    beyond: f64,
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
        let slack = plane.slack(wanted.within_m);
        let reach = if slack.is_finite() { wanted.within_m * slack } else { slack };
        let mut search = Search::new(plane, &self.trees, wanted, wanted.count, reach * reach);
        search.visit();
        let near = |candidate: &Candidate| {
            let found = search.place(candidate);
            Near { place: found, apart_m: plane.near_m(found.point) }
        };
        if search.is_certain() {
            return search.found.iter().map(near).collect();
        }
        let places = || search.found.iter().map(|candidate| search.place(candidate));
        let Some(last) = search.found.get(wanted.count - 1) else {
            return measured(plane, wanted, places().collect());
        };
        // In truth the last one wanted is not farther than this; nor is any that comes before it.
        let last = last.square.sqrt();
        let slack = plane.slack(last);
        let reach_m = if slack.is_finite() {
            last * slack
        } else {
            places().map(|place| plane.true_m(place.point)).fold(0.0, f64::max)
        };
        let reach_m = reach_m.min(wanted.within_m);
        let reach = reach_m * (1.0 + 1e-9) + 1e-6;
        let shrunk = plane.shrunk(reach_m);
        let mut search = Search::new(shrunk, &self.trees, wanted, usize::MAX, reach * reach);
        search.visit();
        let places = search.found.iter().map(|candidate| search.place(candidate));
        measured(plane, wanted, places.collect())
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

impl<'a> Search<'a> {
    fn new(
        plane: Plane,
        groves: &'a [Grove],
        wanted: &'a Wanted,
        limit: usize,
        bound: f64,
    ) -> Self {
        let (x, y) = (f64::from(plane.origin.x), f64::from(plane.origin.y));
        let found = Vec::with_capacity(limit.min(64) + 1);
        let beyond = f64::INFINITY;
        Self { plane, groves, x, y, tree: 0, wanted, found, limit, bound, beyond }
    }

    /// Looks into all trees.
    fn visit(&mut self) {
        for turn in [0.0, AROUND, -AROUND] {
            self.x = f64::from(self.plane.origin.x) + turn;
            for (tree, grove) in (0..).zip(self.groves) {
                let apart = grove.tree.apart(self.x, self.y);
                if self.square(apart) <= self.bound {
                    self.tree = tree;
                    let tree = &*grove.tree;
                    self.descend(tree, tree.root(), (0, tree.len()), apart);
                }
            }
        }
    }

    /// Whether the places found are the nearest in truth, in this order.
    fn is_certain(&self) -> bool {
        let Some(last) = self.found.last() else { return true };
        let slack = self.plane.slack(last.square.sqrt());
        let square = slack * slack;
        let inside = last.square * square <= self.wanted.within_m * self.wanted.within_m;
        let alone = last.square * square < self.beyond;
        let ordered = self.found.windows(2).all(|pair| {
            let [one, other] = pair else { return true };
            one.square * square < other.square || self.is_ordered_twin(one, other)
        });
        square.is_finite() && inside && alone && ordered
    }

    fn place(&self, candidate: &Candidate) -> Place {
        self.groves[candidate.tree as usize].tree.place(candidate.at as usize)
    }

    /// Whether two candidates are at one point, the one with the lower id first.
    fn is_ordered_twin(&self, one: &Candidate, other: &Candidate) -> bool {
        let (one, other) = (self.place(one), self.place(other));
        one.point == other.point && one.id < other.id
    }

    fn square(&self, (east, north): (f64, f64)) -> f64 {
        let (east, north) = (east * self.plane.east_m, north * self.plane.north_m);
        east * east + north * north
    }

    /// Looks into what is below a node. `run` are its points; its box is at least `apart` away in
    /// steps east or west and north or south of the origin.
    fn descend(
        &mut self,
        tree: &Tree,
        mut node: Node,
        mut run: (usize, usize),
        mut apart: (f64, f64),
    ) {
        loop {
            if self.wanted.kinds != Kinds::ALL && tree.below[node.number] & self.wanted.kinds.0 == 0
            {
                return;
            }
            if node.depth == 0 {
                return self.look(tree, run);
            }
            let (split, middle, [low, high]) = (tree.split(node), middle(run), node.halves());
            let origin = if split.is_north() { self.y } else { self.x };
            let beyond = origin - f64::from(split.at());
            let (low, high) = ((low, (run.0, middle)), (high, (middle, run.1)));
            let (near, far) = if beyond < 0.0 { (low, high) } else { (high, low) };
            self.descend(tree, near.0, near.1, apart);
            // The lower half may reach a step beyond.
            let beyond = if beyond < 0.0 { beyond } else { (beyond - 1.0).max(0.0) };
            apart = if split.is_north() { (apart.0, beyond) } else { (beyond, apart.1) };
            if self.square(apart) > self.bound {
                return;
            }
            (node, run) = far;
        }
    }

    /// Takes from a leaf what is near enough.
    fn look(&mut self, tree: &Tree, (from, to): (usize, usize)) {
        let groups = &tree.groups[from / GROUP..to.div_ceil(GROUP)];
        // Most groups have nothing near enough: all their points are measured with one question.
        for (first, Group { xs, ys, .. }) in (from..).step_by(GROUP).zip(groups) {
            let squares: [f64; GROUP] = array::from_fn(|lane| {
                self.square((f64::from(xs[lane]) - self.x, f64::from(ys[lane]) - self.y))
            });
            if squares.into_iter().fold(f64::INFINITY, f64::min) <= self.bound {
                for (lane, square) in squares.into_iter().enumerate() {
                    // What is nearer the other way around the globe is found on another turn.
                    let is_near_side =
                        (-AROUND / 2.0..AROUND / 2.0).contains(&(f64::from(xs[lane]) - self.x));
                    let at = first + lane;
                    let is_near = square <= self.bound && at < to && is_near_side;
                    if is_near && self.is_wanted(tree, at) {
                        self.take(Candidate { square, tree: self.tree, at: at as u32 });
                    }
                }
            }
        }
    }

    fn is_wanted(&self, tree: &Tree, at: usize) -> bool {
        let (kinds, gone) = (self.wanted.kinds, &self.groves[self.tree as usize].gone);
        (kinds == Kinds::ALL || kinds.holds(tree.place(at).kind))
            && (gone.is_empty() || !gone.contains(&tree.place(at).id))
    }

    fn take(&mut self, candidate: Candidate) {
        if self.limit == usize::MAX {
            self.found.push(candidate);
            return;
        }
        let goes_before = |other: &Candidate| {
            candidate.square < other.square
                // Rooms of one building share a point.
                || (candidate.square.total_cmp(&other.square).is_eq()
                    && self.is_ordered_twin(&candidate, other))
        };
        let at = self.found.iter().rposition(|other| !goes_before(other)).map_or(0, |at| at + 1);
        self.found.insert(at, candidate);
        if self.found.len() > self.limit
            && let Some(gone) = self.found.pop()
            // What gives way to a lower id at its own point stays behind that.
            && !self.found.last().is_some_and(|kept| self.is_ordered_twin(kept, &gone))
        {
            self.beyond = self.beyond.min(gone.square);
        }
        if let Some(last) = self.found.get(self.limit - 1) {
            let slack = self.plane.slack(last.square.sqrt());
            let slack = if slack.is_finite() { slack * slack } else { 1.0 };
            self.bound = self.bound.min(last.square * slack);
        }
    }
}
