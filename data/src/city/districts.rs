//! The districts out of the faces of the plan: near enough to their outlines, each in one piece, together without holes.

use rayon::prelude::*;
use spatial::coverage::{Coverage, LatticeMultiPolygon};

use super::anchors::DISTRICTS;
use super::blocks::{Blocks, to_metres};
use super::borders::{BEYOND, BorderLine};
use super::mesh::Mesh;
use super::plan::Plan;
use super::polygon::Polygon;
use super::ridges;
use super::terrain::{FOOT, Terrain, Uv, Xy};

/// How far beyond the outlines streets and ridges are still drawn finely, metres.
const MARGIN_M: f64 = 700.0;
/// Farther away than this depth is not measured, metres.
const POLYGON_REACH_M: f64 = 5900.0;
/// How many faces around the districts are made into blocks too, for borders that are drawn a little outside.
const RIM_FACES: u32 = 5;

/// The border of one district as somebody gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct DistrictBorder {
    /// Six digits, such as `620102`.
    pub code: String,
    /// Its shape; it may be in several parts.
    pub shape: LatticeMultiPolygon,
}

/// The outlines that districts are drawn in.
#[derive(Clone, Debug)]
pub(crate) struct Outlines {
    polygons: Vec<Polygon>,
    /// Which of them are drawn.
    wanted: Vec<bool>,
    /// Exact borders, where somebody gives them: then nothing is added to them.
    given: Option<Vec<BorderLine>>,
}

impl Outlines {
    /// The rough outlines of the eight districts.
    pub(crate) fn rough(wanted: Vec<bool>) -> Self {
        let polygons = DISTRICTS.iter().map(super::anchors::District::outline).collect();
        Self { polygons, wanted, given: None }
    }

    /// Given borders; a district without one has no land.
    pub(crate) fn given(borders: &[DistrictBorder], wanted: Vec<bool>) -> Self {
        let of =
            |code: &'static str| borders.iter().filter(move |b| b.code == code).map(|b| &b.shape);
        let polygon = |code: &'static str| {
            let rings = of(code).flat_map(LatticeMultiPolygon::rings);
            Polygon::of(rings.map(|r| r.0.iter().map(|&p| to_metres(p)).collect()).collect())
        };
        let polygons = DISTRICTS.iter().map(|d| polygon(d.code)).collect();
        let faces =
            (0..).zip(&DISTRICTS).flat_map(|(id, d)| of(d.code).map(move |s| (id, s.clone())));
        let (coverage, _) = Coverage::build(faces.collect());
        let lines = coverage.arcs().into_iter().map(|arc| BorderLine {
            line: arc.points,
            left: arc.left.unwrap_or(BEYOND),
            right: arc.right.unwrap_or(BEYOND),
        });
        Self { polygons, wanted, given: Some(lines.collect()) }
    }

    /// Whether the plan must be fine in a face with this middle and these corners.
    pub(crate) fn reach(
        &self,
        terrain: &Terrain,
        middle: Uv,
        corners: &[Uv],
        area_m2: f64,
    ) -> bool {
        if self.given.is_some() {
            let at = terrain.ground(middle);
            let far = corners.iter().map(|&c| terrain.ground(c).distance_m(at)).fold(0.0, f64::max);
            // The land folds edges out of the straight.
            let reach_m = 1.25 * far + 80.0;
            return self.near(at, reach_m) || POLYGON_REACH_M < reach_m;
        }
        let is_near = |p: Uv| self.near(terrain.base(p), MARGIN_M);
        // A wide face may hold what its corners do not see.
        let between =
            |p: &Uv| Uv { u: f64::midpoint(p.u, middle.u), v: f64::midpoint(p.v, middle.v) };
        is_near(middle)
            || corners.iter().any(|&p| is_near(p))
            || (4e7 < area_m2 && corners.iter().any(|p| is_near(between(p))))
    }

    /// Whether a place lies in a district that is drawn or so near to one.
    fn near(&self, at: Xy, margin_m: f64) -> bool {
        self.wanted.iter().zip(&self.polygons).any(|(w, p)| *w && -margin_m < p.depth_m(at))
    }

    fn district_at(&self, plan: &Plan, terrain: &Terrain, p: Uv, at: Xy) -> Option<u32> {
        if self.given.is_none() && p.v.abs() < FOOT {
            // The river and main streets divide the town.
            let from = |u: f64| plan.street_near(u, p.v) < p.u;
            if from(-24_500.0) && p.u < 29_000.0 {
                return Some(match (0.0 < p.v, from(-22_200.0), from(-15_000.0), from(-4300.0)) {
                    (north, ..) if from(15_200.0) => {
                        if north {
                            6
                        } else {
                            7
                        }
                    }
                    (true, false, ..) | (false, _, false, _) => 2,
                    (true, _, _, false) => 3,
                    (false, _, _, false) => 1,
                    _ => 0,
                });
            }
        }
        let noise = |d: usize| {
            let far = ((at.x.abs() - 22_000.0).max(at.y.abs() - 16_000.0) / 8000.0).clamp(0.0, 1.0);
            let near = 300.0 + 300.0 * far;
            near * terrain.character(at, 3600.0, 9 + d as u64)
                + far * 2100.0 * terrain.character(at, 10_000.0, 20 + d as u64)
        };
        let given = self.given.is_some();
        let depth = |(d, polygon): (usize, &Polygon)| {
            (polygon.depth_m(at) + if given { 0.0 } else { noise(d) }, d as u32)
        };
        let deepest =
            self.polygons.iter().enumerate().map(depth).max_by(|a, b| a.0.total_cmp(&b.0))?;
        // Rough outlines of neighbours leave gaps; given ones do not, or mean them.
        let reach = if given { 0.0 } else { -250.0 };
        (reach < deepest.0).then_some(deepest.1)
    }

    /// The borders to cut blocks along: those given, or those between the faces of districts, drawn well.
    pub(crate) fn borders(
        &self,
        plan: &Plan,
        terrain: &Terrain,
        faces: &Faces,
        blocks: &Blocks,
    ) -> Vec<BorderLine> {
        let drawn = |lines: Vec<BorderLine>| {
            let side = |d: u32| if self.is_wanted(d) { d } else { BEYOND };
            let lines = lines.into_iter().map(|b| BorderLine {
                left: side(b.left),
                right: side(b.right),
                ..b
            });
            lines.filter(|b| b.left != b.right).collect()
        };
        match &self.given {
            Some(lines) => drawn(lines.clone()),
            None => drawn(ridges::borders(&plan.mesh, terrain, &faces.district, blocks)),
        }
    }

    fn is_wanted(&self, district: u32) -> bool {
        self.wanted.get(district as usize).copied().unwrap_or(false)
    }

    /// Whether districts may be in several parts, as given ones are.
    pub(crate) fn may_be_in_parts(&self) -> bool {
        self.given.is_some()
    }
}

/// Whose the faces of the plan are before borders are drawn.
#[derive(Clone, Debug)]
pub(crate) struct Faces {
    /// The district of each face: near enough to its outline, connected, without holes; `None` outside.
    district: Vec<Option<u32>>,
    /// What is made into blocks: the same where the district is drawn, [`BEYOND`] around it, else `None`.
    pub(crate) chosen: Vec<Option<u32>>,
}

/// Shares the faces of the plan out to the districts.
pub(crate) fn district_faces(plan: &Plan, terrain: &Terrain, outlines: &Outlines) -> Faces {
    let mesh = &plan.mesh;
    let mut district: Vec<Option<u32>> = (0..mesh.faces.len() as u32)
        .into_par_iter()
        .map(|face| {
            let p = mesh.middle(face);
            outlines.district_at(plan, terrain, p, terrain.ground(p))
        })
        .collect();
    let neighbours = neighbours(mesh, terrain);
    let mut chosen: Vec<Option<u32>>;
    if outlines.given.is_some() {
        let all = (0..mesh.faces.len() as u32).into_par_iter();
        let near = all.map(|face| {
            outlines.reach(terrain, mesh.middle(face), &mesh.shape(face), 0.0).then_some(BEYOND)
        });
        chosen = near.collect();
    } else {
        for _ in 0..8 {
            smooth(&neighbours, &mut district);
        }
        for _ in 0..4 {
            if join(&neighbours, &mut district) == 0 {
                break;
            }
        }
        chosen = vec![None; district.len()];
    }
    for (own, district) in chosen.iter_mut().zip(&district) {
        *own = district.filter(|&d| outlines.is_wanted(d)).or(*own);
    }
    for _ in 0..if outlines.given.is_some() { 0 } else { RIM_FACES } {
        for face in (0..chosen.len()).filter(|&f| chosen[f].is_some()).collect::<Vec<_>>() {
            for &(other, _) in &neighbours[face] {
                if let Some(other) = chosen.get_mut(other as usize) {
                    other.get_or_insert(BEYOND);
                }
            }
        }
    }
    Faces { district, chosen }
}

/// Gives all but the largest part of each district to whom it touches most: a border that was smoothed may cut off a corner.
pub(crate) fn rejoin(blocks: &mut Blocks) {
    let mut neighbours: Neighbours = vec![Vec::new(); blocks.blocks.len()];
    for arc in &blocks.arcs {
        for (own, other) in [(arc.left, arc.right), (arc.right, arc.left)] {
            if let Some(own) = own {
                neighbours[own as usize].push((other.unwrap_or(u32::MAX), arc.length_m));
            }
        }
    }
    let mut district: Vec<Option<u32>> = blocks.blocks.iter().map(|b| Some(b.district)).collect();
    for _ in 0..4 {
        if join(&neighbours, &mut district) == 0 {
            break;
        }
    }
    for (block, district) in blocks.blocks.iter_mut().zip(district) {
        block.district = district.unwrap_or(block.district);
    }
}

/// For each face the faces beside it with the length of the common edge, metres; `u32::MAX` beyond the plan.
type Neighbours = Vec<Vec<(u32, f64)>>;

fn neighbours(mesh: &Mesh, terrain: &Terrain) -> Neighbours {
    let base: Vec<Xy> = mesh.corners.iter().map(|&c| terrain.base(c)).collect();
    let of = |face: u32| {
        let beside = |(a, b): (u32, u32)| {
            let length_m = base[a as usize].distance_m(base[b as usize]);
            (mesh.left(b, a).unwrap_or(u32::MAX), length_m)
        };
        mesh.edges(face).map(beside).collect()
    };
    (0..mesh.faces.len() as u32).map(of).collect()
}

/// How long a face's border with each district (or the outside) is.
fn sides(around: &[(u32, f64)], district: &[Option<u32>]) -> Vec<(Option<u32>, f64)> {
    let mut sides: Vec<(Option<u32>, f64)> = Vec::new();
    for &(face, length_m) in around {
        let there = district.get(face as usize).copied().flatten();
        match sides.iter_mut().find(|s| s.0 == there) {
            Some(side) => side.1 += length_m,
            None => sides.push((there, length_m)),
        }
    }
    sides
}

/// Lets a face change sides where that makes the outline clearly shorter.
fn smooth(neighbours: &Neighbours, district: &mut [Option<u32>]) {
    for face in 0..district.len() {
        let sides = sides(&neighbours[face], district);
        let own = sides.iter().find(|s| s.0 == district[face]).map_or(0.0, |s| s.1);
        let best = sides.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some(best) = best.filter(|best| own * 1.25 < best.1) {
            district[face] = best.0;
        }
    }
}

/// Gives all but the largest connected part of each district (and of the outside) to whom they touch most. Returns how
/// many faces changed sides.
fn join(neighbours: &Neighbours, district: &mut [Option<u32>]) -> usize {
    let mut seen = vec![false; district.len()];
    let mut parts: Vec<Vec<u32>> = Vec::new();
    for start in 0..district.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut part = vec![start as u32];
        let mut next = 0;
        while let Some(&face) = part.get(next) {
            next += 1;
            for &(other, _) in &neighbours[face as usize] {
                let same = district.get(other as usize) == Some(&district[start]);
                if same && !std::mem::replace(&mut seen[other as usize], true) {
                    part.push(other);
                }
            }
        }
        parts.push(part);
    }
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
    let mut kept: Vec<Option<u32>> = Vec::new();
    let mut moved = 0;
    for part in parts {
        let own = district[part[0] as usize];
        if !kept.contains(&own) {
            kept.push(own);
            continue;
        }
        let around: Vec<(u32, f64)> =
            part.iter().flat_map(|&f| neighbours[f as usize].clone()).collect();
        let to = sides(&around, district)
            .into_iter()
            .filter(|s| s.0 != own)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(own, |s| s.0);
        moved += part.len();
        for face in part {
            district[face as usize] = to;
        }
    }
    moved
}
