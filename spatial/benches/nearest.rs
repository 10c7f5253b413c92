//! The nearest address to a point: `Places` beside rstar, on 2.7 million points.
//!
//! `cargo bench -p spatial --bench nearest` prints the table of `docs/BENCHMARKS.md`. rstar measures
//! in a plane scaled for the city; `Places` answers by true distance.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement prints, and stops at the first surprise"
)]

#[path = "synthetic/mod.rs"]
mod synthetic;

use std::hint::black_box;
use std::time::Instant;

use rstar::RTree;
use rstar::primitives::GeomWithData;
use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;
use spatial::nearest::{Place, Places, Wanted};
use synthetic::{Plan, Share, city, hilbert_sorted, points};

const PLACES: usize = 2_700_000;
const QUERIES: usize = 100_000;
const ROUNDS: usize = 7;
/// Cosine of the middle latitude, so that rstar's plane is about right.
const SHRINK: f64 = 0.808;

type Point = GeomWithData<[f64; 2], u32>;

fn flat(point: LatticePoint) -> [f64; 2] {
    [f64::from(point.x) * SHRINK, f64::from(point.y)]
}

fn main() {
    let drawn = city(Plan::CITY);
    let all = points(&drawn, PLACES, Share::LIKE_ADDRESSES, 5);
    let random = points(&drawn, QUERIES, Share { border: 0.0, vertex: 0.0 }, 6);
    let hilbert = hilbert_sorted(&random);
    let (mut build, mut rival_build) = (Vec::new(), Vec::new());
    let place =
        |(id, point): (u32, &LatticePoint)| Place { id, point: *point, kind: (id % 4) as u8 };
    let flat_point = |(id, point): (u32, &LatticePoint)| Point::new(flat(*point), id);
    let (mut places, mut rival) = (Places::default(), RTree::new());
    for _ in 0..3 {
        let given: Vec<Place> = (0..).zip(&all).map(place).collect();
        build.push(timed(|| places = Places::new(given)));
        let given: Vec<Point> = (0..).zip(&all).map(flat_point).collect();
        rival_build.push(timed(|| rival = RTree::bulk_load(given)));
    }
    println!(
        "build: `Places` {:.0} ms, rstar {:.0} ms\n",
        median(build) / 1e6,
        median(rival_build) / 1e6
    );

    let mut apart = 0;
    for point in &random {
        let ours = places.nearest(*point, &Wanted::nearest(1))[0].place;
        let theirs = rival.nearest_neighbor(&flat(*point)).unwrap();
        apart += usize::from(ours.point != all[theirs.data as usize]);
    }
    println!("rstar's plane names another place for {apart} of {QUERIES} points\n");
    compare(&places, &rival, &random, &hilbert);
}

/// Both take turns.
fn compare(
    places: &Places,
    rival: &RTree<Point>,
    random: &[LatticePoint],
    hilbert: &[LatticePoint],
) {
    println!("| nearest of {PLACES} | random, ns | Hilbert order, ns |\n|---|---|---|");
    for count in [1usize, 5] {
        let mut rows =
            [("`Places`, by geodesics", [vec![], vec![]]), ("rstar, in a plane", [vec![], vec![]])];
        for _ in 0..ROUNDS {
            for (order, queries) in [random, hilbert].into_iter().enumerate() {
                let ours = timed(|| {
                    for point in queries {
                        black_box(places.nearest(*point, &Wanted::nearest(count)));
                    }
                });
                let theirs = timed(|| {
                    for point in queries {
                        if count == 1 {
                            black_box(rival.nearest_neighbor(&flat(*point)));
                        } else {
                            let near = rival.nearest_neighbor_iter(&flat(*point)).take(count);
                            black_box(near.map(|near| near.data).collect::<Vec<u32>>());
                        }
                    }
                });
                rows[0].1[order].push(ours / QUERIES as f64);
                rows[1].1[order].push(theirs / QUERIES as f64);
            }
        }
        let medians = rows.map(|(name, ns)| (name, ns.map(median)));
        for (name, [random, hilbert]) in medians {
            let times = |ns: f64, order: usize| medians[1].1[order] / ns;
            println!(
                "| {count}: {name} | {random:.0} ({:.1}×) | {hilbert:.0} ({:.1}×) |",
                times(random, 0),
                times(hilbert, 1)
            );
        }
    }
}

fn timed(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_nanos() as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
