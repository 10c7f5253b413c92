//! Points to faces: our locator against rstar with geo's `Contains`, on the same city.
//!
//! Run with `cargo bench -p spatial --bench locate`. Everything asks the same 20,000 points in
//! random order, one in ten on or beside a border. First the rivals take turns, so that a busy
//! machine troubles them alike, and the medians are compared; then divan times each by itself.

use std::sync::OnceLock;
use std::time::Instant;

use geo::{Contains, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;
use spatial::locate::{Locate, Locator, rule};

const SIDE: i32 = 67;
const STEPS: i32 = 62;
const STEP: i32 = 300;
const CELL: i32 = STEP * STEPS;

/// A way to answer a query.
type Way = fn(&City, LatticePoint) -> Option<u32>;

fn main() {
    take_turns();
    divan::main();
}

fn take_turns() {
    let city = city();
    let ways: [(&str, Way); 3] = [
        ("rstar + geo Contains", by_geo_contains),
        ("rstar + ring walk", by_ring_walk),
        ("Locator", by_locator),
    ];
    let mut rounds_ns: [Vec<f64>; 3] = Default::default();
    for _ in 0..15 {
        for ((_, locate), round_ns) in ways.iter().zip(&mut rounds_ns) {
            let started = Instant::now();
            for point in &city.points {
                divan::black_box(locate(city, *point));
            }
            round_ns.push(started.elapsed().as_nanos() as f64 / city.points.len() as f64);
        }
    }
    let mut slowest_ns = None;
    for ((name, _), mut round_ns) in ways.iter().zip(rounds_ns) {
        round_ns.sort_unstable_by(f64::total_cmp);
        let median_ns = round_ns[round_ns.len() / 2];
        let ratio = *slowest_ns.get_or_insert(median_ns) / median_ns;
        eprintln!("{name}: {median_ns:.0} ns/point, {ratio:.1}x");
    }
}

fn by_locator(city: &City, point: LatticePoint) -> Option<u32> {
    city.locator.locate(point)
}

fn by_ring_walk(city: &City, point: LatticePoint) -> Option<u32> {
    let place = point.lng_lat();
    let here = AABB::from_point([place.lng(), place.lat()]);
    let mut near = city.boxes.locate_in_envelope_intersecting(&here);
    near.find(|face| rule::contains(&city.shapes[face.data], point)).map(|face| face.data as u32)
}

fn by_geo_contains(city: &City, point: LatticePoint) -> Option<u32> {
    let place = point.lng_lat();
    let here = AABB::from_point([place.lng(), place.lat()]);
    let place = Point::new(place.lng(), place.lat());
    let mut near = city.boxes.locate_in_envelope_intersecting(&here);
    near.find(|face| city.degrees[face.data].contains(&place)).map(|face| face.data as u32)
}

struct City {
    locator: Locator,
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    shapes: Vec<LatticeMultiPolygon>,
    degrees: Vec<MultiPolygon<f64>>,
    points: Vec<LatticePoint>,
}

/// 4,489 faces of 248 vertices with jittered common borders.
fn city() -> &'static City {
    static CITY: OnceLock<City> = OnceLock::new();
    CITY.get_or_init(|| {
        let shapes: Vec<_> = (0..SIDE * SIDE).map(|at| face(at % SIDE, at / SIDE)).collect();
        let degrees: Vec<_> = shapes.iter().map(LatticeMultiPolygon::to_degrees).collect();
        let boxes = (0..).zip(&shapes).filter_map(|(at, shape)| {
            let bounds = shape.bounds()?;
            let corner = |p: LatticePoint| [p.lng_lat().lng(), p.lng_lat().lat()];
            let rectangle = Rectangle::from_corners(corner(bounds.min), corner(bounds.max));
            Some(GeomWithData::new(rectangle, at))
        });
        City {
            boxes: RTree::bulk_load(boxes.collect()),
            locator: Locator::new((0..).zip(shapes.iter().cloned())),
            points: points(&shapes),
            degrees,
            shapes,
        }
    })
}

fn hash(seed: i64) -> u64 {
    let mut mixed = (seed as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

fn corner(x: i32, y: i32) -> LatticePoint {
    let wobble =
        |salt: i64| (hash(i64::from(x) << 32 | i64::from(y) << 1 | salt) % 281) as i32 - 140;
    LatticePoint::new(1_036_000_000 + x + wobble(0), 360_000_000 + y + wobble(1))
}

fn face(column: i32, row: i32) -> LatticeMultiPolygon {
    let (west, south) = (column * CELL, row * CELL);
    let (east, north) = (west + CELL, south + CELL);
    let mut walk = Vec::new();
    walk.extend((0..STEPS).map(|k| corner(west + k * STEP, south)));
    walk.extend((0..STEPS).map(|k| corner(east, south + k * STEP)));
    walk.extend((0..STEPS).map(|k| corner(east - k * STEP, north)));
    walk.extend((0..STEPS).map(|k| corner(west, north - k * STEP)));
    LatticePolygon::solid(LatticeRing(walk)).into()
}

fn points(shapes: &[LatticeMultiPolygon]) -> Vec<LatticePoint> {
    let extent = (SIDE * CELL) as u64;
    let point = |k: i64| {
        if k % 10 == 0 {
            let rings: Vec<_> = shapes[hash(k) as usize % shapes.len()].rings().collect();
            let vertex = rings[0].0[hash(k + 1) as usize % rings[0].0.len()];
            LatticePoint::new(vertex.x + (k % 3) as i32 - 1, vertex.y)
        } else {
            let (x, y) = (hash(3 * k) % extent, hash(3 * k + 1) % extent);
            LatticePoint::new(1_036_000_000 + x as i32, 360_000_000 + y as i32)
        }
    };
    (0..20_000).map(point).collect()
}

fn ask(bencher: divan::Bencher<'_, '_>, locate: impl Fn(&City, LatticePoint) -> Option<u32>) {
    let city = city();
    bencher.counter(city.points.len()).bench_local(|| {
        for point in &city.points {
            divan::black_box(locate(city, *point));
        }
    });
}

#[divan::bench]
fn locator(bencher: divan::Bencher<'_, '_>) {
    ask(bencher, by_locator);
}

#[divan::bench]
fn rstar_and_ring_walk(bencher: divan::Bencher<'_, '_>) {
    ask(bencher, by_ring_walk);
}

#[divan::bench]
fn rstar_and_geo_contains(bencher: divan::Bencher<'_, '_>) {
    ask(bencher, by_geo_contains);
}

#[divan::bench]
fn nearest_face_from_outside(bencher: divan::Bencher<'_, '_>) {
    ask(bencher, |city, point| {
        let outside = LatticePoint::new(point.x, 360_000_000 - 20_000);
        city.locator.nearest(outside).map(|(id, _)| id)
    });
}

#[divan::bench(sample_count = 10)]
fn build_the_locator() -> Locator {
    Locator::new((0..).zip(city().shapes.iter().cloned()))
}
