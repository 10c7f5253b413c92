//! Borders and desks on a town small enough to see.

use spatial::code::Level;
use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;

use super::{Borders, Spot};
use crate::domain::division::Division;
use crate::domain::grid::{Grid, GridKind};
use crate::domain::id::{BoundaryVersionId, GridId};
use crate::store::GridShape;

fn square(id: i32, kind: GridKind, west: i32, size: i32) -> GridShape {
    let at = LatticePoint::new;
    let ring = [at(west, 0), at(west + size, 0), at(west + size, size), at(west, size)];
    let grid = Grid {
        grid_id: GridId(id),
        code: format!("G{id}"),
        kind,
        name: String::new(),
        community_code: Some("C".to_owned()),
        people: 1,
        area_m2: 1.0,
        label: [0.0; 2],
        bbox: [0.0; 4],
    };
    let shape = LatticePolygon::solid(LatticeRing(ring.to_vec()));
    (grid, LatticeMultiPolygon(vec![shape]))
}

fn division(code: &str, level: Level, parent: Option<&str>) -> Division {
    Division {
        code: code.to_owned(),
        level,
        kind: String::new(),
        name: code.to_lowercase(),
        parent_code: parent.map(str::to_owned),
        people: 7,
        label: [0.0; 2],
        bbox: [0.0; 4],
    }
}

fn town(divisions: Vec<Division>) -> Borders {
    let shapes = vec![
        square(10, GridKind::Basic, 0, 1000),
        square(11, GridKind::Basic, 1000, 1000),
        square(12, GridKind::Special, 500, 1000),
    ];
    Borders::new(BoundaryVersionId(3), shapes, divisions)
}

fn id(grid: Option<&Grid>) -> Option<i32> {
    grid.map(|grid| grid.grid_id.0)
}

#[test]
fn a_point_has_one_basic_grid_and_perhaps_a_special_one_over_it() {
    let town = town(Vec::new());
    let at = |x| match town.locate(LatticePoint::new(x, 5)) {
        Spot::Inside { grid, special } => (Some(grid.grid_id.0), id(special)),
        Spot::Outside { .. } => (None, None),
    };
    assert_eq!(at(499), (Some(10), None));
    assert_eq!(at(999), (Some(10), Some(12)));
    assert_eq!(at(1000), (Some(11), Some(12)));
    assert_eq!(at(1600), (Some(11), None));
    assert_eq!(at(2000), (None, None));
}

#[test]
fn outside_the_nearest_basic_grid_is_told_with_its_distance() {
    let town = town(Vec::new());
    let Spot::Outside { nearest: Some((grid, apart_m)) } =
        town.locate(LatticePoint::new(12_000, 5))
    else {
        panic!("a point 10,000 steps away is outside");
    };
    assert_eq!(grid.grid_id, GridId(11));
    // 10,000 steps of 1e-7 degree on the equator.
    assert!((apart_m - 111.32).abs() < 0.01, "{apart_m}");
}

#[test]
fn the_chain_leads_to_the_city_and_a_circle_in_foreign_data_ends_it() {
    let whole = town(vec![
        division("X", Level::City, None),
        division("D", Level::District, Some("X")),
        division("T", Level::Township, Some("D")),
        division("C", Level::Community, Some("T")),
    ]);
    let chain = whole.chain_of(whole.grid("G10").unwrap());
    assert_eq!(chain.area_path(), "X/D/T/C");
    assert_eq!(whole.people(), 7, "people are counted once, at the top");

    let gap = town(vec![
        division("D", Level::District, Some("elsewhere")),
        division("C", Level::Community, Some("D")),
    ]);
    let chain = gap.chain_of(gap.grid_of_id(GridId(11)).unwrap());
    assert_eq!((chain.area_path().as_str(), chain.township.is_none()), ("D/C", true));

    let circle = town(vec![
        division("A", Level::District, Some("C")),
        division("C", Level::Community, Some("A")),
    ]);
    assert_eq!(circle.chain("C").area_path(), "A/C");
}
