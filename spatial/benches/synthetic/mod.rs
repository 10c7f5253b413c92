//! An invented coverage to measure and to test with, the same on every machine: 4,417 faces of very
//! different sizes with winding common borders, and points like addresses in them.
#![allow(dead_code, unused_imports, reason = "each of those who include it uses some of it")]

mod chance;
mod edits;
mod points;

use std::collections::HashMap;

use spade::handles::VoronoiVertex;
use spade::{DelaunayTriangulation, Point2, Triangulation};

use self::chance::Chance;
pub use self::edits::Edits;
pub use self::points::{Share, hilbert_sorted, points};

use super::{LatticeMultiPolygon, LatticePoint, LatticePolygon, LatticeRing};

/// Steps of a degree.
const DEGREE: f64 = 1e7;
/// The south-west corner and the size of the area.
const WEST: f64 = 103.2 * DEGREE;
const SOUTH: f64 = 35.6 * DEGREE;
const WIDTH: f64 = 1.3 * DEGREE;
const HEIGHT: f64 = 1.0 * DEGREE;

/// What is drawn.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Faces.
    pub faces: usize,
    /// Vertices of a face on average.
    pub vertices: f64,
    /// Which drawing of many.
    pub seed: u64,
    /// Steps east and north that all is moved by.
    pub moved: (i32, i32),
}

impl Plan {
    /// As many grids as Lanzhou has, with a million vertices.
    pub const CITY: Self = Self { faces: 4417, vertices: 257.0, seed: 1, moved: (0, 0) };
}

/// The faces with the places they were drawn around.
pub struct City {
    pub faces: Vec<(u32, LatticeMultiPolygon)>,
    pub sites: Vec<LatticePoint>,
}

/// Draws a coverage: a Voronoi diagram whose edges wind, each within the triangle between it and
/// one of the two places beside it, so that no two can cross.
pub fn city(plan: Plan) -> City {
    let mut chance = Chance(plan.seed);
    let mut sites: Vec<Point2<f64>> = (0..plan.faces).map(|_| site(&mut chance)).collect();
    sites.extend(surroundings());
    let diagram = DelaunayTriangulation::<Point2<f64>>::bulk_load_stable(sites.clone()).unwrap();
    assert_eq!(diagram.num_vertices(), sites.len(), "two sites are the same");
    let mut corners = Corners::default();
    let mut borders: HashMap<(usize, usize), Ends> = HashMap::new();
    let mut around = vec![Vec::new(); plan.faces];
    for face in diagram.voronoi_faces() {
        let own = face.as_delaunay_vertex().fix().index();
        if own >= plan.faces {
            continue;
        }
        for edge in face.adjacent_edges() {
            let dual = edge.as_delaunay_edge();
            let (from, to) = (dual.from().fix().index(), dual.to().fix().index());
            let other = if from == own { to } else { from };
            let (VoronoiVertex::Inner(start), VoronoiVertex::Inner(end)) = (edge.from(), edge.to())
            else {
                panic!("the faces are surrounded")
            };
            let ends = (corners.group(start.circumcenter()), corners.group(end.circumcenter()));
            if ends.0 == ends.1 {
                continue;
            }
            around[own].push((other, ends));
            borders.entry((own.min(other), own.max(other))).or_insert(ends);
        }
    }
    for edges in &mut around {
        chain(edges);
    }
    let length = |(a, b): &Ends| (a.x - b.x).hypot(a.y - b.y).powf(0.6);
    let total: f64 = borders.values().map(length).sum();
    // A vertex lies on two faces, nearly all of them.
    let per_length = plan.vertices * plan.faces as f64 / 2.0 / total;
    let walk = |own: usize, other: usize| {
        let key = (own.min(other), own.max(other));
        let ends = borders[&key];
        let count = (length(&ends) * per_length).round().clamp(1.0, 220.0) as usize;
        wind(ends, (sites[key.0], sites[key.1]), count, plan)
    };
    let faces = (0u32..).zip(&around).map(|(own, edges)| {
        let mut ring = Vec::new();
        for (other, (start, _)) in edges {
            let mut points = walk(own as usize, *other);
            if points.first() != Some(&lattice(*start, plan.moved)) {
                points.reverse();
            }
            ring.extend(points.iter().take(points.len() - 1));
        }
        ring.dedup();
        (own, LatticePolygon::solid(LatticeRing(ring)).into())
    });
    City {
        faces: faces.collect(),
        sites: sites[..plan.faces].iter().map(|site| lattice(*site, plan.moved)).collect(),
    }
}

/// Two places that belong together.
type Ends = (Point2<f64>, Point2<f64>);

/// Corners of the diagram; those nearer than a metre are one, since rounding would turn them around
/// each other.
#[derive(Default)]
struct Corners {
    groups: HashMap<(i64, i64), Point2<f64>>,
    known: HashMap<(u64, u64), Point2<f64>>,
}

impl Corners {
    fn group(&mut self, corner: Point2<f64>) -> Point2<f64> {
        let exact = (corner.x.to_bits(), corner.y.to_bits());
        if let Some(group) = self.known.get(&exact) {
            return *group;
        }
        let (column, row) = ((corner.x / 100.0).round() as i64, (corner.y / 100.0).round() as i64);
        let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (column + dx, row + dy)));
        let nearest = near.filter_map(|key| self.groups.get(&key)).copied().min_by(|one, other| {
            let apart = |p: &Point2<f64>| (p.x - corner.x).hypot(p.y - corner.y);
            apart(one).total_cmp(&apart(other))
        });
        let group = nearest.unwrap_or_else(|| *self.groups.entry((column, row)).or_insert(corner));
        self.known.insert(exact, group);
        group
    }
}

/// Puts the edges around a face in order and in one direction.
fn chain(edges: &mut [(usize, Ends)]) {
    for at in 1..edges.len() {
        let end = edges[at - 1].1.1;
        let next =
            (at..edges.len()).find(|next| [edges[*next].1.0, edges[*next].1.1].contains(&end));
        edges.swap(at, next.expect("the edges of a face close"));
        let (start, stop) = edges[at].1;
        if start != end {
            edges[at].1 = (stop, start);
        }
    }
}

/// Towns on a thin ground: sizes of faces differ by four orders of magnitude.
fn site(chance: &mut Chance) -> Point2<f64> {
    const TOWNS: [(f64, f64, f64, f64); 5] = [
        (0.40, 0.47, 0.050, 0.45),
        (0.55, 0.50, 0.035, 0.68),
        (0.30, 0.62, 0.025, 0.76),
        (0.72, 0.33, 0.030, 0.83),
        (0.85, 0.75, 0.020, 0.87),
    ];
    loop {
        let which = chance.share();
        let town = TOWNS.iter().find(|(.., until)| which < *until);
        let (x, y) = match town {
            Some((x, y, spread, _)) => (x + spread * chance.normal(), y + spread * chance.normal()),
            None => (chance.share(), chance.share()),
        };
        if (0.02..0.98).contains(&x) && (0.02..0.98).contains(&y) {
            return Point2::new(WEST + x * WIDTH, SOUTH + y * HEIGHT);
        }
    }
}

/// Sites around the area, which close its outer faces.
fn surroundings() -> impl Iterator<Item = Point2<f64>> {
    (0..240).map(|step| {
        let angle = f64::from(step) / 240.0 * std::f64::consts::TAU;
        let (north, east) = angle.sin_cos();
        Point2::new(WEST + WIDTH * (0.5 + 0.76 * east), SOUTH + HEIGHT * (0.5 + 0.76 * north))
    })
}

fn between(from: Point2<f64>, to: Point2<f64>, share: f64) -> Point2<f64> {
    Point2::new(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
}

fn lattice(point: Point2<f64>, moved: (i32, i32)) -> LatticePoint {
    LatticePoint::new(point.x.round() as i32 + moved.0, point.y.round() as i32 + moved.1)
}

/// A winding walk of `count` steps between two ends, towards the one or the other site.
fn wind((a, b): Ends, (one, other): Ends, count: usize, plan: Plan) -> Vec<LatticePoint> {
    let seed = (a.x.to_bits() ^ b.x.to_bits().rotate_left(17)).wrapping_mul(31) ^ plan.seed;
    let octaves: Vec<[f64; 12]> = (0..6)
        .map(|octave| {
            let mut chance = Chance(seed.wrapping_add(octave << 40));
            std::array::from_fn(|_| chance.share() * 2.0 - 1.0)
        })
        .collect();
    let height = |t: f64| {
        let noise = |(octave, values): (usize, &[f64; 12])| {
            let at = t * f64::from(2u32 << octave);
            let (whole, part) = (at as usize, at.fract());
            let (from, to) = (values[whole % 12], values[(whole + 1) % 12]);
            (from + (to - from) * part) * 0.55f64.powi(octave as i32)
        };
        let sum: f64 = octaves.iter().enumerate().map(noise).sum();
        // The noise is within ±2.2.
        0.13 * (1.0 + sum / 2.2) * (4.0 * t * (1.0 - t)).min(1.0)
    };
    // Towards one site only: seen from it, the walk then goes one way round.
    let towards = if seed.count_ones().is_multiple_of(2) { one } else { other };
    let mut walk: Vec<LatticePoint> = (0..=count)
        .map(|step| {
            let along = step as f64 / count as f64;
            between(between(a, b, along), towards, height(along))
        })
        .map(|point| lattice(point, plan.moved))
        .collect();
    walk.dedup();
    if walk.len() == 1 {
        walk.push(walk[0]);
    }
    walk
}
