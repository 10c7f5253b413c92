//! What fits on a block: boxes that keep their distance from every border and from each other.

use super::blocks::Blocks;
use super::polygon::to_segment_m;
use super::terrain::Xy;

/// A turned box on the land.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plot {
    pub(crate) centre: Xy,
    /// Unit vector along its length.
    pub(crate) axis: Xy,
    pub(crate) half_long: f64,
    pub(crate) half_deep: f64,
}

impl Plot {
    /// The place `s` along and `t` across (left of the axis) from the centre, metres.
    pub(crate) fn at(&self, s: f64, t: f64) -> Xy {
        Xy {
            x: self.centre.x + self.axis.x * s - self.axis.y * t,
            y: self.centre.y + self.axis.y * s + self.axis.x * t,
        }
    }

    /// The corners, anticlockwise.
    pub(crate) fn corners(&self) -> [Xy; 4] {
        let (l, d) = (self.half_long, self.half_deep);
        [self.at(-l, -d), self.at(l, -d), self.at(l, d), self.at(-l, d)]
    }

    fn reach_m(&self) -> f64 {
        (self.half_long * self.half_long + self.half_deep * self.half_deep).sqrt()
    }

    /// The same place in the box's own coordinates.
    fn own(&self, p: Xy) -> (f64, f64) {
        let (dx, dy) = (p.x - self.centre.x, p.y - self.centre.y);
        (dx * self.axis.x + dy * self.axis.y, dy * self.axis.x - dx * self.axis.y)
    }

    /// Distance from a place to the box, nought inside.
    fn distance_m(&self, p: Xy) -> f64 {
        let (s, t) = self.own(p);
        let (ds, dt) = ((s.abs() - self.half_long).max(0.0), (t.abs() - self.half_deep).max(0.0));
        (ds * ds + dt * dt).sqrt()
    }

    /// Whether two boxes come nearer than `gap_m` along either box's axes.
    fn crowds(&self, other: &Self, gap_m: f64) -> bool {
        let far = self.reach_m() + other.reach_m() + gap_m;
        if far <= self.centre.distance_m(other.centre) {
            return false;
        }
        let apart = |a: &Self, b: &Self| {
            let own = b.corners().map(|c| a.own(c));
            let beyond = |v: fn(&(f64, f64)) -> f64, half: f64| {
                let low = own.iter().map(v).fold(f64::MAX, f64::min);
                let high = own.iter().map(v).fold(f64::MIN, f64::max);
                half + gap_m <= low || high <= -half - gap_m
            };
            beyond(|c| c.0, a.half_long) || beyond(|c| c.1, a.half_deep)
        };
        !apart(self, other) && !apart(other, self)
    }
}

/// A block as building land.
#[derive(Debug)]
pub(crate) struct Site {
    /// The border, anticlockwise, not closed.
    pub(crate) border: Vec<Xy>,
    /// For each border point: how far the segment that starts there keeps buildings off, metres.
    keep_off: Vec<f64>,
    /// For each border point: the place in the block's rim of the arc it comes from.
    pub(crate) step: Vec<u32>,
    /// Everything placed so far.
    taken: Vec<Plot>,
}

impl Site {
    /// The site of a block; buildings stay `yard_m` behind the edge of each road.
    pub(crate) fn of(blocks: &Blocks, block: u32, yard_m: f64) -> Self {
        let mut this =
            Self { border: Vec::new(), keep_off: Vec::new(), step: Vec::new(), taken: Vec::new() };
        for (place, &step) in blocks.blocks[block as usize].rim.iter().enumerate() {
            let off = blocks.arcs[step.arc as usize].class.half_width_m() + yard_m;
            for point in blocks.points(step) {
                this.border.push(super::blocks::to_metres(point));
                this.keep_off.push(off);
                this.step.push(place as u32);
            }
        }
        this
    }

    pub(crate) fn segment(&self, i: usize) -> (Xy, Xy) {
        (self.border[i], self.border[(i + 1) % self.border.len()])
    }

    /// How far the segment keeps buildings off, metres.
    pub(crate) fn keep_off_m(&self, i: usize) -> f64 {
        self.keep_off[i]
    }

    /// Takes the place if nothing is in the way.
    pub(crate) fn place(&mut self, plot: Plot, gap_m: f64) -> bool {
        let free = self.is_inside(plot.centre)
            && !self.taken.iter().any(|t| t.crowds(&plot, gap_m))
            && self.keeps_off(&plot);
        if free {
            self.taken.push(plot);
        }
        free
    }

    fn keeps_off(&self, plot: &Plot) -> bool {
        let reach = plot.reach_m();
        let corners = plot.corners();
        (0..self.border.len()).all(|i| {
            let (a, b) = self.segment(i);
            let off = self.keep_off[i];
            let near = reach + off + a.distance_m(b);
            if near < a.distance_m(plot.centre) {
                return true;
            }
            off <= plot.distance_m(a)
                && off <= plot.distance_m(b)
                && corners.iter().all(|&c| off <= to_segment_m(c, a, b))
                && !corners
                    .iter()
                    .zip(corners.iter().cycle().skip(1))
                    .any(|(&p, &q)| cross(a, b, p, q))
        })
    }

    pub(crate) fn is_inside(&self, p: Xy) -> bool {
        let mut inside = false;
        for i in 0..self.border.len() {
            let (a, b) = self.segment(i);
            if (a.y <= p.y) != (b.y <= p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
                inside = !inside;
            }
        }
        inside
    }

    /// Smallest and largest place along an axis and across it, as seen from the origin.
    pub(crate) fn extent(&self, axis: Xy) -> ((f64, f64), (f64, f64)) {
        let (mut s, mut t) = ((f64::MAX, f64::MIN), (f64::MAX, f64::MIN));
        for p in &self.border {
            let (ps, pt) = (p.x * axis.x + p.y * axis.y, p.y * axis.x - p.x * axis.y);
            s = (s.0.min(ps), s.1.max(ps));
            t = (t.0.min(pt), t.1.max(pt));
        }
        (s, t)
    }

    /// The border point nearest to a place among those whose segment `serves`.
    pub(crate) fn nearest(&self, p: Xy, serves: &dyn Fn(usize) -> bool) -> Option<usize> {
        (0..self.border.len())
            .filter(|&i| serves(i))
            .min_by(|&a, &b| self.border[a].distance_m(p).total_cmp(&self.border[b].distance_m(p)))
    }
}

/// Whether two segments cross properly.
fn cross(a: Xy, b: Xy, p: Xy, q: Xy) -> bool {
    let side = |u: Xy, v: Xy, w: Xy| (v.x - u.x) * (w.y - u.y) - (v.y - u.y) * (w.x - u.x);
    (0.0 < side(a, b, p)) != (0.0 < side(a, b, q)) && (0.0 < side(p, q, a)) != (0.0 < side(p, q, b))
}
