//! The plan off the main valley: levels, rivers and main roads, gully roads.

use super::dice::Dice;
use super::mesh::{Class, Mesh};
use super::plan::{CrossStreet, Draft};
use super::terrain::{FOOT, QUAY, Uv};
use super::trunks::levels;

impl Draft<'_> {
    /// Cuts the hills lengthwise at the levels.
    pub(super) fn levels(&mut self) {
        for side in [-1.0, 1.0] {
            let mut outer = (0..self.mesh.faces.len() as u32)
                .find(|&f| FOOT < self.mesh.middle(f).v * side)
                .expect("the plan reaches beyond the valley");
            for v in levels(side).filter(|v| FOOT < v.abs()) {
                let line = (Uv { u: 0.0, v }, Uv { u: 1.0, v: 0.0 });
                let Some(new) = self.cut(outer, line, 0.0, Class::Ridge) else { continue };
                if self.mesh.middle(outer).v.abs() < self.mesh.middle(new).v.abs() {
                    outer = new;
                }
            }
        }
    }

    /// Draws the rivers and main roads off the valley.
    pub(super) fn trunks(&mut self) {
        let courses = self.terrain.courses().to_vec();
        for course in &courses {
            let half = course.trunk.half_m;
            let shifts: &[f64] = if course.is_river() { &[-half, half] } else { &[0.0] };
            for pair in course.knots.windows(2) {
                for shift in shifts {
                    let (a, b) = (pair[0], pair[1]);
                    let line = (Uv { u: a.u + shift, v: a.v }, Uv { u: b.u - a.u, v: b.v - a.v });
                    self.cut_band((a.v, b.v), line, course.trunk.class);
                }
            }
        }
    }

    /// Cuts every face between two levels that the line meets.
    fn cut_band(&mut self, (from, to): (f64, f64), line: (Uv, Uv), class: Class) {
        let (low, high) = (from.min(to), from.max(to));
        let band: Vec<u32> = (0..self.mesh.faces.len() as u32)
            .filter(|&f| {
                let v = self.mesh.middle(f).v;
                low < v && v < high
            })
            .collect();
        for face in band {
            let own = if self.mesh.middle(face).v.abs() < QUAY && class != Class::Bank {
                Class::Stream
            } else {
                class
            };
            self.cut(face, line, 1.0, own);
        }
    }

    /// Makes roads of most of the levels, piece by piece between the trunks.
    pub(super) fn county_roads(&mut self) {
        let mut dice = Dice::new(self.seed, "county", 0);
        for face in 0..self.mesh.faces.len() as u32 {
            let edges: Vec<(u32, u32)> = self.mesh.edges(face).collect();
            for (a, b) in edges {
                let v = self.mesh.corners[a as usize].v;
                let flat = (v - self.mesh.corners[b as usize].v).abs() < 1e-3;
                if a < b && flat && FOOT + 1.0 < v.abs() && dice.chance(0.62) {
                    self.mesh.set_class(a, b, Class::Collector);
                }
            }
        }
    }

    /// Some main streets go on into the hills as gully roads; ridges run down between them.
    pub(super) fn gullies(&mut self, streets: &[CrossStreet]) {
        for side in [-1.0, 1.0] {
            let mut dice = Dice::new(self.seed, "gully", u64::from(0.0 < side));
            let first = levels(side).nth(2).unwrap_or(side * FOOT);
            for street in streets {
                if dice.chance(0.3) {
                    continue;
                }
                let class = if dice.chance(0.45) { Class::Local } else { Class::Ridge };
                let line = (street.at(side * FOOT), Uv { u: dice.around(0.5), v: 1.0 });
                if (-24_000.0..19_500.0).contains(&street.u) {
                    self.cut_first((side * FOOT, first), line, class);
                }
            }
        }
    }

    /// Cuts the face at the foot of the hills on which the line begins.
    fn cut_first(&mut self, (foot, level): (f64, f64), line: (Uv, Uv), class: Class) {
        let (low, high) = (foot.min(level), foot.max(level));
        let begins = |m: &Mesh, f: u32| {
            m.edges(f).any(|(a, b)| {
                let (a, b) = (m.corners[a as usize], m.corners[b as usize]);
                let on = (a.v - foot).abs() < 1e-3 && (b.v - foot).abs() < 1e-3;
                on && a.u.min(b.u) <= line.0.u && line.0.u <= a.u.max(b.u)
            })
        };
        let face = (0..self.mesh.faces.len() as u32).find(|&f| {
            let v = self.mesh.middle(f).v;
            low < v && v < high && begins(&self.mesh, f)
        });
        if let Some(face) = face {
            self.cut(face, line, 60.0, class);
        }
    }
}
