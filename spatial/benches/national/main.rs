//! A country: a million grids in an index for each city, built, kept in files, opened and asked.
//!
//! `cargo bench -p spatial --bench national` needs about 4 GB of disk in the folder for temporary
//! files and as much memory. `-- CITIES` for fewer.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement prints, and stops at the first surprise"
)]

#[path = "../map/mod.rs"]
mod map;
#[path = "../synthetic/mod.rs"]
mod synthetic;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::{LatticeBox, LatticePoint};
use spatial::locate::{CellIndex, Key, Locate, Locator, rule};
use synthetic::{Plan, Share, city, points};

/// So many cities of 4,425 grids are a million.
const CITIES: usize = 226;
/// Like the country: 64 million vertices.
const PLAN: Plan = Plan { faces: 4425, vertices: 64.0, seed: 0, moved: (0, 0) };
const POINTS: usize = 2_700_000;
/// Points that are also looked for in all faces of their city, one after the other.
const CHECKED: usize = 40;

struct Shard {
    bounds: LatticeBox,
    file: PathBuf,
    key: Key,
}

fn main() {
    let cities = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(CITIES);
    let folder = std::env::temp_dir().join(format!("national-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (mut build_s, mut bytes, mut vertices, mut faces) = (Vec::new(), 0, 0, 0);
    let (mut shards, mut asked, mut differ) = (Vec::new(), Vec::new(), 0);
    for at in 0..cities {
        // Side by side, fifteen in a row, two degrees apart.
        let moved = (((at % 15) as i32 - 8) * 20_000_000, ((at / 15) as i32 - 8) * 15_000_000);
        let drawn = city(Plan { seed: 1000 + at as u64, moved, ..PLAN });
        faces += drawn.faces.len();
        vertices += drawn.faces.iter().map(|(_, shape)| shape.vertex_count()).sum::<usize>();
        let own = points(&drawn, POINTS / cities, Share::LIKE_ADDRESSES, at as u64);
        let locator = Locator::new(drawn.faces.iter().cloned());
        let key = Key { version: at as u64, borders: locator.digest() };
        let started = Instant::now();
        let index = match CellIndex::build(&locator, key) {
            Ok(index) => index,
            Err(refused) => {
                println!("city {at}: {refused}; left out");
                continue;
            }
        };
        build_s.push(started.elapsed().as_secs_f64());
        for point in own.iter().take(CHECKED) {
            let holds = |(_, shape): &&(u32, LatticeMultiPolygon)| rule::contains(shape, *point);
            let holder = drawn.faces.iter().find(holds).map(|(id, _)| *id);
            differ += usize::from(index.locate(*point) != holder);
        }
        let file = folder.join(format!("{at}.cells"));
        index.write_to(std::io::BufWriter::new(fs::File::create(&file).unwrap())).unwrap();
        bytes += fs::metadata(&file).unwrap().len();
        shards.push(Shard { bounds: locator.bounds().unwrap(), file, key });
        asked.extend(own);
    }
    println!(
        "{faces} faces in {cities} cities, {vertices} vertices; {differ} points differ from brute force"
    );
    let total: f64 = build_s.iter().sum();
    println!(
        "built in {total:.1} s on all cores, {:.2} s a city; {:.2} GB",
        total / build_s.len() as f64,
        bytes as f64 / 1e9
    );

    ask(&shards, &asked);
    fs::remove_dir_all(&folder).unwrap();
}

/// Opens all shards and asks them.
fn ask(shards: &[Shard], asked: &[LatticePoint]) {
    let started = Instant::now();
    let open = |shard: &Shard| CellIndex::open(map::mapped(&shard.file), shard.key).unwrap();
    let opened: Vec<(LatticeBox, CellIndex)> =
        shards.iter().map(|shard| (shard.bounds, open(shard))).collect();
    let took = started.elapsed().as_secs_f64();
    println!(
        "mapped, checked and opened in {took:.2} s, {:.1} ms a city",
        1e3 * took / opened.len() as f64
    );

    // In any order of cities: each point finds its shard by its box, and then its face.
    let step = 1_000_003 % asked.len();
    let order: Vec<LatticePoint> =
        (0..asked.len()).map(|at| asked[at * step % asked.len()]).collect();
    let mut rounds = Vec::new();
    let mut inside = 0;
    for _ in 0..5 {
        let started = Instant::now();
        let find = |point: &LatticePoint| {
            let mut near = opened.iter().filter(|(bounds, _)| bounds.contains(*point));
            near.find_map(|(_, index)| index.locate(*point))
        };
        inside = order.iter().filter(|point| find(point).is_some()).count();
        rounds.push(started.elapsed().as_nanos() as f64 / order.len() as f64);
    }
    rounds.sort_unstable_by(f64::total_cmp);
    println!(
        "{} points in random order one by one, {inside} inside: {:.0} ns a point",
        order.len(),
        rounds[2]
    );
}
