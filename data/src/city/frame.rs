//! Measuring a face on the land, and the way back from there to the plan.

use super::mesh::Mesh;
use super::terrain::{Terrain, Uv, Xy};

/// The narrowest box around a face on the land, and the way back from there to the plan.
pub(super) struct Frame {
    pub(super) centre: Xy,
    pub(super) axis: Xy,
    pub(super) long: f64,
    pub(super) wide: f64,
    origin: Uv,
    at: Xy,
    /// Columns of the inverse of the local map.
    back: [f64; 4],
}

impl Frame {
    pub(super) fn of(terrain: &Terrain, mesh: &Mesh, face: u32) -> Self {
        let origin = mesh.middle(face);
        let base = |u: f64, v: f64| terrain.base(Uv { u: origin.u + u, v: origin.v + v });
        let (at, du, dv) = (base(0.0, 0.0), base(1.0, 0.0), base(0.0, 1.0));
        let (a, b, c, d) = (du.x - at.x, dv.x - at.x, du.y - at.y, dv.y - at.y);
        let det = a * d - b * c;
        let back = [d / det, -b / det, -c / det, a / det];
        let shape: Vec<Xy> = mesh.shape(face).into_iter().map(|p| terrain.base(p)).collect();
        let (axis, centre, long, wide) = narrowest_box(&shape);
        Self { centre, axis, long, wide, origin, at, back }
    }

    pub(super) fn plan_vector(&self, d: Xy) -> Uv {
        Uv {
            u: self.back[0] * d.x + self.back[1] * d.y,
            v: self.back[2] * d.x + self.back[3] * d.y,
        }
    }

    pub(super) fn plan_point(&self, p: Xy) -> Uv {
        let d = self.plan_vector(Xy { x: p.x - self.at.x, y: p.y - self.at.y });
        Uv { u: self.origin.u + d.u, v: self.origin.v + d.v }
    }
}

/// Long axis, centre, length and width of the narrowest box that stands on one of the edges.
pub(crate) fn narrowest_box(shape: &[Xy]) -> (Xy, Xy, f64, f64) {
    let mut best = (f64::MAX, Xy { x: 1.0, y: 0.0 }, shape[0], 0.0, 0.0);
    for (a, b) in shape.iter().zip(shape.iter().cycle().skip(1)) {
        let length = a.distance_m(*b);
        if length < 1.0 {
            continue;
        }
        let axis = Xy { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
        let (mut lo, mut hi) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for p in shape {
            let (s, t) = (p.x * axis.x + p.y * axis.y, p.y * axis.x - p.x * axis.y);
            lo = (lo.0.min(s), lo.1.min(t));
            hi = (hi.0.max(s), hi.1.max(t));
        }
        let (w, h) = (hi.0 - lo.0, hi.1 - lo.1);
        if w * h < best.0 {
            let (s, t) = (f64::midpoint(lo.0, hi.0), f64::midpoint(lo.1, hi.1));
            let centre = Xy { x: s * axis.x - t * axis.y, y: s * axis.y + t * axis.x };
            let turned = Xy { x: -axis.y, y: axis.x };
            best = if h <= w { (w * h, axis, centre, w, h) } else { (w * h, turned, centre, h, w) };
        }
    }
    (best.1, best.2, best.3, best.4)
}
