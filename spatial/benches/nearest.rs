//! The nearest address to a point: `Places` beside rstar and kiddo, on 2.7 million points.
//!
//! `cargo bench -p spatial --bench nearest` prints the table of `docs/BENCHMARKS.md`. The others
//! measure in a plane scaled for the city; `Places` answers by true distance. Times of queries are
//! those of the asking thread on a core; those of building are the wall's.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement prints, and stops at the first surprise"
)]

#[path = "clock/mod.rs"]
mod clock;
#[path = "synthetic/mod.rs"]
mod synthetic;

use std::hint::black_box;
use std::num::NonZero;

use clock::{passed, worked};
use kiddo::{ImmutableKdTree, SquaredEuclidean};
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

/// The same points in each.
struct Trees {
    places: Places,
    rstar: RTree<Point>,
    kiddo: ImmutableKdTree<f64, 2>,
}

fn main() {
    let drawn = city(Plan::CITY);
    let all = points(&drawn, PLACES, Share::LIKE_ADDRESSES, 5);
    let random = points(&drawn, QUERIES, Share { border: 0.0, vertex: 0.0 }, 6);
    let hilbert = hilbert_sorted(&random);
    let mut build = [const { Vec::new() }; 3];
    let place =
        |(id, point): (u32, &LatticePoint)| Place { id, point: *point, kind: (id % 4) as u8 };
    let flat_point = |(id, point): (u32, &LatticePoint)| Point::new(flat(*point), id);
    let mut trees = None;
    for _ in 0..3 {
        let given: Vec<Place> = (0..).zip(&all).map(place).collect();
        let (took, places) = passed(|| Places::new(given));
        build[0].push(took);
        let given: Vec<Point> = (0..).zip(&all).map(flat_point).collect();
        let (took, rstar) = passed(|| RTree::bulk_load(given));
        build[1].push(took);
        let given: Vec<[f64; 2]> = all.iter().map(|point| flat(*point)).collect();
        let (took, kiddo) = passed(|| ImmutableKdTree::new_from_slice(&given).unwrap());
        build[2].push(took);
        trees = Some(Trees { places, rstar, kiddo });
    }
    let trees = trees.unwrap();
    let [ours, rstar, kiddo] = build.map(|ns| median(ns) / 1e6);
    println!("build: `Places` {ours:.0} ms, rstar {rstar:.0} ms, kiddo {kiddo:.0} ms\n");

    let [mut apart, mut rivals] = [0, 0];
    for point in &random {
        let ours = trees.places.nearest(*point, &Wanted::nearest(1))[0].place;
        let theirs = all[trees.rstar.nearest_neighbor(&flat(*point)).unwrap().data as usize];
        let at = flat(*point);
        let kiddo = trees.kiddo.query(&at).nearest_one::<SquaredEuclidean<f64>>();
        let apart_2 = |other: LatticePoint| {
            let ([x, y], [a, b]) = (flat(*point), flat(other));
            (x - a) * (x - a) + (y - b) * (y - b)
        };
        apart += usize::from(ours.point != theirs);
        rivals += usize::from(kiddo.execute().distance.to_bits() != apart_2(theirs).to_bits());
    }
    println!(
        "the plane names another place than geodesics for {apart} of {QUERIES} points; rstar and kiddo differ on {rivals}\n"
    );
    compare(&trees, &random, &hilbert);
}

/// All take turns.
fn compare(trees: &Trees, random: &[LatticePoint], hilbert: &[LatticePoint]) {
    println!("| nearest of {PLACES} | random, ns | Hilbert order, ns |\n|---|---|---|");
    for count in [1usize, 5] {
        let ours = |point: LatticePoint| {
            black_box(trees.places.nearest(point, &Wanted::nearest(count)));
        };
        let rstar = |point: LatticePoint| {
            let point = flat(point);
            if count == 1 {
                black_box(trees.rstar.nearest_neighbor(&point));
            } else {
                let near = trees.rstar.nearest_neighbor_iter(&point).take(count);
                black_box(near.map(|near| near.data).collect::<Vec<u32>>());
            }
        };
        let kiddo = |point: LatticePoint| {
            let (point, count) = (flat(point), NonZero::new(count).unwrap());
            if count.get() == 1 {
                let near = trees.kiddo.query(&point).nearest_one::<SquaredEuclidean<f64>>();
                black_box(near.execute());
            } else {
                let near = trees.kiddo.query(&point).nearest_n::<SquaredEuclidean<f64>>(count);
                black_box(near.execute());
            }
        };
        let ways: [(&str, &dyn Fn(LatticePoint)); 3] = [
            ("`Places`, by geodesics", &ours),
            ("rstar, in a plane", &rstar),
            ("kiddo, in a plane", &kiddo),
        ];
        let mut taken = [const { [const { Vec::new() }; 2] }; 3];
        for _ in 0..ROUNDS {
            for (order, queries) in [random, hilbert].into_iter().enumerate() {
                for ((_, way), taken) in ways.iter().zip(&mut taken) {
                    let (ns, ()) = worked(|| queries.iter().for_each(|point| way(*point)));
                    taken[order].push(ns / QUERIES as f64);
                }
            }
        }
        let medians = taken.map(|orders| orders.map(median));
        for ((name, _), [random, hilbert]) in ways.iter().zip(medians) {
            let times = |ns: f64, order: usize| medians[1][order] / ns;
            println!(
                "| {count}: {name} | {random:.0} ({:.1}×) | {hilbert:.0} ({:.1}×) |",
                times(random, 0),
                times(hilbert, 1)
            );
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
