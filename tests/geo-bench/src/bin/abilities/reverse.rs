//! From points to addresses and grids, against a look at all of them.

use std::time::Instant;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial::coverage::{LatticePolygon, LatticeRing};
use spatial::geocode::{PlaceKind, Snapshot, nearby};
use spatial::lattice::LatticePoint;
use spatial::locate::Locator;
use spatial::measure::distance_m;
use spatial::nearest::{Place, Places, Wanted};

use crate::told;

/// A grid's side in lattice steps: about 400 m.
const SIDE: i32 = 40_000;
const WEST: i32 = 1_036_000_000;
const SOUTH: i32 = 360_000_000;
const ACROSS: i32 = 90;
const UP: i32 = 67;
/// How well a position is known, in metres.
const ACCURACY_M: f64 = 30.0;
/// Every so manyth point is compared with a look at all places.
const COMPARED: usize = 40;

fn corner(id: i32) -> (i32, i32) {
    (WEST + (id % ACROSS) * SIDE, SOUTH + (id / ACROSS) * SIDE)
}

fn grids() -> Locator {
    let at = LatticePoint::new;
    let face = |id: i32| {
        let (x, y) = corner(id);
        let ring = [at(x, y), at(x + SIDE, y), at(x + SIDE, y + SIDE), at(x, y + SIDE)];
        (id as u32, LatticePolygon::solid(LatticeRing(ring.to_vec())).into())
    };
    Locator::new((0..ACROSS * UP).map(face))
}

/// Metres to a grid, by its nearest spot.
fn to_grid_m(point: LatticePoint, id: i32) -> f64 {
    let (x, y) = corner(id);
    let spot = LatticePoint::new(point.x.clamp(x, x + SIDE), point.y.clamp(y, y + SIDE));
    distance_m(point.lng_lat(), spot.lng_lat())
}

/// The five nearest within 500 m, by a look at all.
fn brute(all: &[Place], point: LatticePoint) -> Vec<u32> {
    let mut brute: Vec<(f64, u32)> = all
        .iter()
        .filter(|place| (place.point.y - point.y).abs() < 60_000)
        .map(|place| (distance_m(point.lng_lat(), place.point.lng_lat()), place.id))
        .filter(|(apart, _)| *apart <= 500.0)
        .collect();
    brute.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    brute.truncate(5);
    brute.into_iter().map(|brute| brute.1).collect()
}

pub fn run(snapshot: &Snapshot<Vec<u8>>, count: usize, seed: u64) {
    let begun = Instant::now();
    let all: Vec<Place> = snapshot.places().collect();
    let places = Places::new(all.iter().copied());
    let built = begun.elapsed();
    let grids = grids();
    let mut rng = ChaCha8Rng::seed_from_u64(seed * 1000 + 88);
    let wanted = Wanted { count: 5, within_m: 500.0, kinds: PlaceKind::set(&PlaceKind::ALL) };
    let (mut times, mut grid_times) = (Vec::new(), Vec::new());
    let (mut wrong, mut wrong_grids, mut compared, mut several, mut found) = (0, 0, 0, 0, 0);
    for at in 0..count {
        let mut point = LatticePoint::new(
            WEST + rng.random_range(0..ACROSS * SIDE),
            SOUTH + rng.random_range(0..UP * SIDE),
        );
        // Every second point lies on a border or within some metres of one.
        if at % 2 == 0 {
            let line = WEST + rng.random_range(1..ACROSS) * SIDE;
            point.x = line + rng.random_range(-1500..=1500) * i32::from(at % 4 == 0);
        }
        let begun = Instant::now();
        let near = nearby(&places, point, &wanted);
        let told = near.first().and_then(|near| snapshot.place(near.id));
        times.push(begun.elapsed());
        found += usize::from(told.is_some());
        let begun = Instant::now();
        let around = grids.around(point, ACCURACY_M);
        grid_times.push(begun.elapsed());
        several += usize::from(around.len() > 1);
        if at % COMPARED == 0 {
            compared += 1;
            let ids = brute(&all, point);
            wrong += usize::from(near.iter().map(|near| near.id).collect::<Vec<_>>() != ids);
        }
        // Metres on a border may differ in the last digits: those are not compared.
        let sure = (0..ACROSS * UP).filter(|&id| {
            let apart = to_grid_m(point, id);
            let has = around.iter().any(|around| around.0 == id as u32);
            let clear = (apart - ACCURACY_M).abs() > 0.1;
            clear && has != (apart <= ACCURACY_M)
        });
        if at % COMPARED == 0 {
            wrong_grids += sure.count();
        }
    }
    println!(
        "reverse: {count} points, {found} with an address within 500 m, {compared} compared with all {} places: {wrong} differ; trees in {:.2} s; {}",
        all.len(),
        built.as_secs_f64(),
        told(times)
    );
    println!(
        "grids within {ACCURACY_M} m: {several} points have several, {wrong_grids} of those compared differ; {}",
        told(grid_times)
    );
}
