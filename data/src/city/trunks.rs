//! Rivers and main roads off the main valley, in design coordinates.
//!
//! Between two *levels* of `v` a course is a straight line, so it cuts convex faces into convex faces; the bends come from the
//! folds of the land.

use super::land::{TRUNKS, Trunk};
use super::mesh::Class;
use super::terrain::{BANK, FOOT, Terrain, Uv, V_RANGE};

/// Distances from the foot of the hills at which courses may turn, metres.
const STEPS_M: [f64; 9] =
    [7500.0, 15_000.0, 23_500.0, 32_500.0, 42_500.0, 53_000.0, 64_000.0, 76_000.0, 89_000.0];

/// The levels of one side of the valley (its sign is that of `v`), from the river outward.
pub(crate) fn levels(side: f64) -> impl Iterator<Item = f64> {
    let reach = if side < 0.0 { -V_RANGE.0 } else { V_RANGE.1 };
    let inner = [BANK, FOOT].into_iter();
    let outer = STEPS_M.iter().map(|s| FOOT + s).filter(move |v| *v < reach - 1000.0);
    inner.chain(outer).chain([reach]).map(move |v| side * v)
}

/// A trunk as it crosses the levels.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) trunk: &'static Trunk,
    /// Where it crosses each level of its side.
    pub(crate) knots: Vec<Uv>,
}

impl Course {
    pub(crate) fn is_river(&self) -> bool {
        self.trunk.class == Class::Bank
    }

    /// How far east of the course a place lies, in metres of `u`; far for places on the other side of the valley.
    pub(crate) fn away_m(&self, p: Uv) -> f64 {
        let Some((a, b)) = self
            .knots
            .windows(2)
            .map(|w| (w[0], w[1]))
            .find(|(a, b)| a.v.abs() <= p.v.abs() && p.v.abs() <= b.v.abs())
            .filter(|(a, _)| 0.0 < a.v * p.v)
        else {
            return f64::MAX;
        };
        p.u - (a.u + (b.u - a.u) * (p.v - a.v) / (b.v - a.v))
    }

    /// Whether a place lies in its water.
    pub(crate) fn is_wet(&self, p: Uv) -> bool {
        self.is_river() && self.away_m(p).abs() < self.trunk.half_m
    }
}

/// The trunks of the land.
pub(crate) fn courses(terrain: &Terrain) -> Vec<Course> {
    TRUNKS.iter().map(|trunk| course(terrain, trunk)).collect()
}

fn course(terrain: &Terrain, trunk: &'static Trunk) -> Course {
    let at = |&(x, y): &(f64, f64)| {
        let mut p = terrain.design(super::terrain::Xy { x, y });
        p.u += trunk.east_m;
        p
    };
    let way: Vec<Uv> = trunk.way.iter().map(at).collect();
    let side = if way[way.len() - 1].v < 0.0 { -1.0 } else { 1.0 };
    let crossing = |v: f64| {
        let pair =
            way.windows(2).find(|w| v.abs() <= w[1].v * side).unwrap_or(&way[way.len() - 2..]);
        let (a, b) = (pair[0], pair[1]);
        let t = ((v - a.v) / (b.v - a.v)).max(0.0);
        Uv { u: a.u + (b.u - a.u) * t, v }
    };
    // A road ends at the foot of the hills, where a street takes over; a river runs down to the river.
    let first = usize::from(trunk.class != Class::Bank);
    Course { trunk, knots: levels(side).skip(first).map(crossing).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_finds_back_from_the_land() {
        let terrain = Terrain::new(1);
        for (u, v) in [
            (-80_000.0, 9000.0),
            (-51_000.0, -3000.0),
            (-3000.0, 700.0),
            (0.0, 60.0),
            (38_000.0, -40_000.0),
        ] {
            let back = terrain.design(terrain.base(Uv { u, v }));
            assert!(
                (back.u - u).abs() < 1.0 && (back.v - v).abs() < 1.0,
                "{u} {v} comes back as {back:?}"
            );
        }
    }
}
