use spatial::coverage::{LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;

use super::*;

const ORIGIN: (i32, i32) = (1_038_000_000, 360_000_000);

/// A box in thousands of lattice steps from the origin.
fn square(west: i32, south: i32, east: i32, north: i32) -> LatticeRing {
    let at = |x: i32, y: i32| LatticePoint::new(ORIGIN.0 + x * 1000, ORIGIN.1 + y * 1000);
    LatticeRing(vec![at(west, south), at(east, south), at(east, north), at(west, north)])
}

fn solid(ring: LatticeRing) -> LatticeMultiPolygon {
    LatticePolygon::solid(ring).into()
}

/// Eight districts in two rows of four, each ten wide and high.
fn eight() -> Shapes {
    (0..8)
        .map(|n| {
            let (x, y) = ((n % 4) as i32 * 10, (n / 4) as i32 * 10);
            (n, solid(square(x, y, x + 10, y + 10)))
        })
        .collect()
}

fn double_area(shape: &LatticeMultiPolygon) -> i128 {
    shape.rings().map(LatticeRing::double_area).sum()
}

#[test]
fn what_is_a_partition_stays_as_it_is() {
    let given = partition(eight(), Vec::new()).unwrap();
    assert_eq!(given.gaps, []);
    for (index, district) in given.districts.iter().enumerate() {
        assert_eq!(district.code, DISTRICT_NAMES[index].0);
        assert_eq!(double_area(&district.shape), double_area(&eight()[&index]));
    }
}

#[test]
fn a_gap_goes_to_whom_it_borders_longest() {
    // A bite out of the corner of district 1 towards 2 and 6: open to 0 by nothing, to 1 by two sides.
    let mut shapes = eight();
    let l_shaped = LatticeRing(
        [(10, 0), (20, 0), (20, 4), (17, 4), (17, 10), (10, 10)]
            .map(|(x, y)| LatticePoint::new(ORIGIN.0 + x * 1000, ORIGIN.1 + y * 1000))
            .to_vec(),
    );
    shapes.insert(1, solid(l_shaped));
    let given = partition(shapes, Vec::new()).unwrap();
    let [gap] = &given.gaps[..] else { panic!("{:?}", given.gaps) };
    assert_eq!(gap.given_to, "七里河区");
    let names: Vec<&str> = gap.shared_m.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["七里河区", "西固区", "永登县"]);
    assert!(gap.shared_m.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    assert_eq!(double_area(&given.districts[1].shape), double_area(&eight()[&1]));
    let all: i128 = given.districts.iter().map(|d| double_area(&d.shape)).sum();
    assert_eq!(all, eight().values().map(double_area).sum());
    assert!(given.to_string().contains("given to 七里河区"));
}

#[test]
fn overlaps_and_missing_districts_are_refused_by_name() {
    let mut shapes = eight();
    shapes.insert(0, solid(square(0, 0, 12, 10)));
    let said = partition(shapes, Vec::new()).unwrap_err().to_string();
    assert!(
        said.contains("城关区") && said.contains("七里河区") && said.contains("overlap"),
        "{said}"
    );
    let mut shapes = eight();
    shapes.remove(&6);
    let said = partition(shapes, Vec::new()).unwrap_err().to_string();
    assert!(said.contains("620122 皋兰县"), "{said}");
}

#[test]
fn a_file_that_is_none_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("districts.geojson");
    let feature = |code: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"adcode":{code}}},"geometry":{{"type":"Polygon",
            "coordinates":[[[103,36],[104,36],[104,37],[103,36]]]}}}}"#
        )
    };
    for (code, word) in [
        ("620199", "no district of Lanzhou"),
        ("\"x\"", "no column with a code"),
        ("620102", "no district 620103"),
    ] {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, feature(code));
        std::fs::write(&file, text).unwrap();
        let said = read_districts(&file).unwrap_err().to_string();
        assert!(said.contains(word), "{said}");
    }
}

/// The real borders, where they are at hand.
#[test]
fn the_real_districts_become_a_partition_and_the_gap_is_told() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/lanzhou-districts");
    let file = Path::new(root).join("districts_amap2025_wgs84.geojson");
    if !file.is_file() {
        return;
    }
    let given = read_districts(&file).unwrap();
    assert_eq!(given.districts.len(), 8);
    let faces = (0..).zip(&given.districts).map(|(id, d)| (id, d.shape.clone())).collect();
    let (_, defects) = Coverage::build(faces);
    assert_eq!(defects, [], "the result is no partition");
    let km2: f64 = given.districts.iter().map(|d| multi_area_m2(&d.shape) / 1e6).sum();
    assert!((13_000.0..13_400.0).contains(&km2), "{km2} km²");
    let largest = given.gaps.iter().max_by(|a, b| a.area_m2.total_cmp(&b.area_m2)).expect("a gap");
    // What the file's own account says of it.
    assert!((2.0e6..2.2e6).contains(&largest.area_m2), "{largest:?}");
    assert!((largest.location.lng() - 102.837).abs() < 0.03, "{largest:?}");
    println!("{given}");
}
