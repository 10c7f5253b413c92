//! Overlays on the lattice: the one place that calls `i_overlay`.
//!
//! It works on integers below 2^30, so shapes are moved to the middle of their box first; a box
//! wider than 214° is halved in resolution as well, which only a coverage spanning the globe in
//! one connected piece would notice. New corners, where edges cross, are rounded to the lattice.
//! Its contours are taken apart and joined anew by [`rings`](super::rings), so that parts and holes
//! that touch come out the same way everywhere in this crate.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::int::shape::IntShapes;

use super::rings::{joined, nested};
use super::{LatticeMultiPolygon, LatticeRing};
use crate::lattice::{LatticeBox, LatticePoint};

/// Which places a set of rings fills, by how often they run counter-clockwise around them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fill {
    /// An odd number of times, either way round.
    Odd,
    /// More often counter-clockwise than clockwise.
    Positive,
    /// At least twice more often counter-clockwise than clockwise.
    Twice,
}

/// The places that `rings` fill.
pub(crate) fn filled(rings: &[LatticeRing], fill: Fill) -> LatticeMultiPolygon {
    overlaid(rings, &[], OverlayRule::Subject, fill)
}

/// The places that `rings` fill and `others` do not.
pub(crate) fn difference(
    rings: &[LatticeRing],
    others: &[LatticeRing],
    fill: Fill,
) -> LatticeMultiPolygon {
    overlaid(rings, others, OverlayRule::Difference, fill)
}

/// The places that both fill.
pub(crate) fn intersection(
    rings: &[LatticeRing],
    others: &[LatticeRing],
    fill: Fill,
) -> LatticeMultiPolygon {
    overlaid(rings, others, OverlayRule::Intersect, fill)
}

fn overlaid(
    rings: &[LatticeRing],
    others: &[LatticeRing],
    rule: OverlayRule,
    fill: Fill,
) -> LatticeMultiPolygon {
    let all = rings.iter().chain(others);
    let Some(bounds) = all.filter_map(LatticeRing::bounds).reduce(LatticeBox::joined) else {
        return LatticeMultiPolygon::default();
    };
    let frame = Frame::around(bounds);
    let options = IntOverlayOptions {
        preserve_input_collinear: true,
        preserve_output_collinear: true,
        ..IntOverlayOptions::default()
    };
    let capacity = rings.iter().chain(others).map(|ring| ring.0.len()).sum::<usize>() + 4;
    let mut overlay =
        Overlay::new_custom(capacity, options, i_overlay::core::solver::Solver::default());
    for (set, kind) in [(rings, ShapeType::Subject), (others, ShapeType::Clip)] {
        for ring in set {
            overlay.add_path_iter(ring.0.iter().map(|point| frame.local(*point)), kind);
        }
        if matches!(fill, Fill::Twice) && !set.is_empty() {
            // One clockwise turn around everything: what was filled twice is now filled once.
            overlay.add_path_iter(frame.clockwise_rim(bounds).into_iter(), kind);
        }
    }
    let fill = match fill {
        Fill::Odd => FillRule::EvenOdd,
        Fill::Positive | Fill::Twice => FillRule::Positive,
    };
    frame.restore(overlay.overlay(rule, fill))
}

/// The move to and from the coordinates of an overlay.
#[derive(Clone, Copy)]
struct Frame {
    x: i64,
    y: i64,
    shift: u8,
}

impl Frame {
    fn around(bounds: LatticeBox) -> Self {
        let middle = |low: i32, high: i32| i64::midpoint(i64::from(low), i64::from(high));
        // Half of the extent, and the rim one step outside, must stay below 2^30.
        let reach = bounds.width().max(bounds.height()) / 2 + 4;
        let shift = (0..2).find(|shift| reach >> shift < 1 << 30).unwrap_or(2);
        let x = middle(bounds.min.x, bounds.max.x);
        Self { x, y: middle(bounds.min.y, bounds.max.y), shift }
    }

    fn local(self, point: LatticePoint) -> IntPoint {
        let x = (i64::from(point.x) - self.x) >> self.shift;
        IntPoint::new(x as i32, ((i64::from(point.y) - self.y) >> self.shift) as i32)
    }

    fn clockwise_rim(self, bounds: LatticeBox) -> [IntPoint; 4] {
        let (low, high) = (self.local(bounds.min), self.local(bounds.max));
        let (west, south, east, north) = (low.x - 1, low.y - 1, high.x + 1, high.y + 1);
        [(west, south), (west, north), (east, north), (east, south)].map(IntPoint::from)
    }

    fn restore(self, shapes: IntShapes) -> LatticeMultiPolygon {
        let world = |at: i32, origin: i64| ((i64::from(at) << self.shift) + origin) as i32;
        let point = |p: IntPoint| LatticePoint::new(world(p.x, self.x), world(p.y, self.y));
        let ring = |contour: Vec<IntPoint>| LatticeRing(contour.into_iter().map(point).collect());
        let rings = shapes.into_iter().flatten().map(ring);
        nested(joined(rings.flat_map(|ring| ring.edges().collect::<Vec<_>>()).collect()))
    }
}

#[cfg(test)]
#[path = "flat_tests.rs"]
mod tests;
