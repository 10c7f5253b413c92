//! Points like addresses: as many in each face, some on its border, a few outside all.

use super::chance::Chance;
use super::{City, LatticePoint, LatticeRing};

/// How many of the points lie where it matters.
#[derive(Clone, Copy)]
pub struct Share {
    /// On a border or within about 20 cm of one.
    pub border: f64,
    /// Exactly on a vertex.
    pub vertex: f64,
}

impl Share {
    /// About as real addresses lie.
    pub const LIKE_ADDRESSES: Self = Self { border: 0.014, vertex: 0.0007 };
    /// Many more where rules about borders can go wrong.
    pub const TEMPTING: Self = Self { border: 0.1, vertex: 0.005 };
}

/// Points in random order.
pub fn points(city: &City, count: usize, share: Share, seed: u64) -> Vec<LatticePoint> {
    let mut chance = Chance(seed);
    (0..count).map(|_| point(city, share, &mut chance)).collect()
}

fn point(city: &City, share: Share, chance: &mut Chance) -> LatticePoint {
    let face = chance.below(city.faces.len());
    let LatticeRing(ring) = &city.faces[face].1.0[0].exterior;
    let at = chance.below(ring.len());
    let (a, b) = (ring[at], ring[(at + 1) % ring.len()]);
    let between = |from: LatticePoint, to: LatticePoint, by: f64| {
        let step = |from: i32, to: i32| {
            (f64::from(from) + (f64::from(to) - f64::from(from)) * by).round() as i32
        };
        LatticePoint::new(step(from.x, to.x), step(from.y, to.y))
    };
    let kind = chance.share();
    if kind < share.vertex {
        return a;
    }
    let on_border = between(a, b, chance.share());
    if kind < share.border {
        let by = |chance: &mut Chance| chance.below(37) as i32 - 18;
        return match chance.below(3) {
            0 => on_border,
            _ => LatticePoint::new(on_border.x + by(chance), on_border.y + by(chance)),
        };
    }
    // Around the place the face was drawn about; beyond the border for a few.
    between(city.sites[face], on_border, 1.03 * chance.share().sqrt())
}

/// The points in the order of a Hilbert curve.
pub fn hilbert_sorted(points: &[LatticePoint]) -> Vec<LatticePoint> {
    let mut keyed: Vec<_> = points.iter().map(|point| (hilbert(*point), *point)).collect();
    keyed.sort_unstable_by_key(|(key, _)| *key);
    keyed.into_iter().map(|(_, point)| point).collect()
}

/// How far along a Hilbert curve of 2^64 places a point lies (Skilling 2004, in two dimensions).
fn hilbert(point: LatticePoint) -> u64 {
    let (mut x, mut y) = (point.x as u32 ^ 1 << 31, point.y as u32 ^ 1 << 31);
    let mut along = 0u64;
    for bit in (0..32).rev() {
        let (east, north) = (x >> bit & 1, y >> bit & 1);
        along = along << 2 | u64::from((3 * east) ^ north);
        if north == 0 {
            if east == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    along
}
