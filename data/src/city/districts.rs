//! The districts out of the faces of the plan: near enough to their outlines, each in one piece, together without holes.

use spatial::coverage::LatticeMultiPolygon;

use super::anchors::DISTRICTS;
use super::blocks::to_metres;
use super::mesh::Mesh;
use super::plan::Plan;
use super::polygon::Polygon;
use super::terrain::{FOOT, Terrain, Uv, Xy};

/// How far beyond the outlines streets and ridges are still drawn finely, metres.
const MARGIN_M: f64 = 700.0;

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
    /// Whether they are exact borders: then nothing is added to them.
    given: bool,
}

impl Outlines {
    /// The rough outlines of the eight districts.
    pub(crate) fn rough(wanted: Vec<bool>) -> Self {
        let polygons = DISTRICTS.iter().map(super::anchors::District::outline).collect();
        Self { polygons, wanted, given: false }
    }

    /// Given borders, in the order of [`DISTRICTS`]; a district without one has no land.
    pub(crate) fn given(borders: &[DistrictBorder], wanted: Vec<bool>) -> Self {
        let of = |code: &str| {
            let rings = borders
                .iter()
                .filter(|b| b.code == code)
                .flat_map(|b| b.shape.rings())
                .map(|ring| ring.0.iter().map(|&p| to_metres(p)).collect())
                .collect();
            Polygon::of(rings)
        };
        let polygons = DISTRICTS.iter().map(|d| of(d.code)).collect();
        Self { polygons, wanted, given: true }
    }

    /// Whether the plan must be fine at a place.
    pub(crate) fn is_near(&self, at: Xy) -> bool {
        self.wanted.iter().zip(&self.polygons).any(|(w, p)| *w && -MARGIN_M < p.depth_m(at))
    }

    /// Whether a place is within so many metres of a border; always false where borders are not given.
    pub(crate) fn is_at_border(&self, at: Xy, within_m: f64) -> bool {
        self.given && self.polygons.iter().any(|p| p.depth_m(at).abs() < within_m)
    }

    fn district_at(&self, terrain: &Terrain, p: Uv, at: Xy) -> Option<u32> {
        if !self.given && p.v.abs() < FOOT && -22_000.0 < at.x && at.x < -5200.0 {
            // The river divides the town.
            return Some(match (0.0 < p.v, at.x < -14_600.0) {
                (true, _) => 3,
                (false, true) => 2,
                (false, false) => 1,
            });
        }
        let noise = |d: usize| {
            let town = if at.x.abs() < 25_000.0 && at.y.abs() < 20_000.0 { 420.0 } else { 900.0 };
            let far = ((at.x.abs() - 22_000.0).max(at.y.abs() - 16_000.0) / 8000.0).clamp(0.0, 1.0);
            town * terrain.character(at, 1400.0, 9 + d as u64)
                + far * 2600.0 * terrain.character(at, 8000.0, 20 + d as u64)
        };
        let depth = |(d, polygon): (usize, &Polygon)| {
            (polygon.depth_m(at) + if self.given { 0.0 } else { noise(d) }, d as u32)
        };
        let deepest =
            self.polygons.iter().enumerate().map(depth).max_by(|a, b| a.0.total_cmp(&b.0))?;
        // Rough outlines of neighbours leave gaps; given ones do not, or mean them.
        let reach = if self.given { 0.0 } else { -250.0 };
        (reach < deepest.0).then_some(deepest.1)
    }
}

/// The district of each face: near enough to its outline, connected, without holes; `None` outside.
pub(crate) fn district_faces(
    plan: &Plan,
    terrain: &Terrain,
    outlines: &Outlines,
) -> Vec<Option<u32>> {
    let mesh = &plan.mesh;
    let mut district: Vec<Option<u32>> = (0..mesh.faces.len() as u32)
        .map(|face| {
            let p = mesh.middle(face);
            outlines.district_at(terrain, p, terrain.ground(p))
        })
        .collect();
    let neighbours = neighbours(mesh, terrain);
    for _ in 0..if outlines.given { 0 } else { 8 } {
        smooth(&neighbours, &mut district);
    }
    for _ in 0..4 {
        if join(&neighbours, &mut district) == 0 {
            break;
        }
    }
    for own in &mut district {
        *own = own.filter(|d| outlines.wanted[*d as usize]);
    }
    district
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
