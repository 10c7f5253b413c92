//! Smooth chance over the plane: value noise and polynomial bumps, without a single call into a maths library.

/// A well-mixed number for a lattice node of one layer.
fn mix(x: i64, y: i64, layer: u64) -> u64 {
    let mut h = layer.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (x as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
        ^ (y as u64).wrapping_mul(0x1656_67B1_9E37_79F9);
    h ^= h >> 33;
    h = h.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    h ^= h >> 33;
    h = h.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    h ^ (h >> 33)
}

/// Value in `-1.0..1.0` at a lattice node.
pub(crate) fn node(x: i64, y: i64, layer: u64) -> f64 {
    (mix(x, y, layer) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// Quintic ease: flat in first and second derivative at both ends.
fn ease(t: f64) -> f64 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Smooth noise in `-1.0..1.0` whose features are about `2 * spacing` wide; its slope never exceeds `3.75 / spacing`.
pub(crate) fn value(x: f64, y: f64, spacing: f64, layer: u64) -> f64 {
    let (gx, gy) = (x / spacing, y / spacing);
    let (fx, fy) = (gx.floor(), gy.floor());
    let (tx, ty) = (ease(gx - fx), ease(gy - fy));
    let (ix, iy) = (fx as i64, fy as i64);
    let south = node(ix, iy, layer) * (1.0 - tx) + node(ix + 1, iy, layer) * tx;
    let north = node(ix, iy + 1, layer) * (1.0 - tx) + node(ix + 1, iy + 1, layer) * tx;
    south * (1.0 - ty) + north * ty
}

/// From 0 at `from` to 1 at `to`, smooth at both ends.
pub(crate) fn ramp(x: f64, from: f64, to: f64) -> f64 {
    ease(((x - from) / (to - from)).clamp(0.0, 1.0))
}

/// 1 at the centre, 0 from `reach` on, smooth everywhere.
pub(crate) fn bump(distance: f64, reach: f64) -> f64 {
    let t = (distance / reach).min(1.0);
    let left = 1.0 - t * t;
    left * left
}

/// A smooth curve through knots `(position, value)` in rising order (Catmull–Rom); constant outside.
pub(crate) fn curve(knots: &[(f64, f64)], at: f64) -> f64 {
    let last = knots.len() - 1;
    if at <= knots[0].0 {
        return knots[0].1;
    }
    if knots[last].0 <= at {
        return knots[last].1;
    }
    let i = knots.partition_point(|k| k.0 <= at) - 1;
    let slope = |j: usize| {
        let (before, after) = (knots[j.saturating_sub(1)], knots[(j + 1).min(last)]);
        (after.1 - before.1) / (after.0 - before.0)
    };
    let (from, to) = (knots[i], knots[i + 1]);
    let reach = to.0 - from.0;
    let t = (at - from.0) / reach;
    let (t2, t3) = (t * t, t * t * t);
    (2.0 * t3 - 3.0 * t2 + 1.0) * from.1
        + (t3 - 2.0 * t2 + t) * reach * slope(i)
        + (3.0 * t2 - 2.0 * t3) * to.1
        + (t3 - t2) * reach * slope(i + 1)
}
