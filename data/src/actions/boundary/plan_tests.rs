//! Edits of a drawn coverage: whatever is planned still gives every place to exactly one grid, and what does not is refused.

use proptest::prelude::*;
use spatial::coverage::{Coverage, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;
use spatial::locate::rule;

use super::outline;
use super::plan::{plan, united};
use crate::domain::boundary::{ChangeKind, Edits, GridEdit};
use crate::import::boundary::{Border, Standing, is_same_shape};

/// Side of a cell of the mesh in lattice steps: 11 m, so that an area of one step is far below one of a border.
const CELL: i32 = 1_000;

fn at(x: i32, y: i32) -> LatticePoint {
    LatticePoint::new(1_038_000_000 + x, 360_500_000 + y)
}

fn ring(points: &[(i32, i32)]) -> LatticeMultiPolygon {
    let points = points.iter().map(|(x, y)| at(*x, *y)).collect();
    let cleaned =
        LatticeMultiPolygon::from(LatticePolygon::solid(LatticeRing(points))).clean_lattice();
    cleaned.expect("a shape with an area").shape
}

fn cell(column: i32, row: i32) -> LatticeMultiPolygon {
    let (west, south) = (column * CELL, row * CELL);
    let (east, north) = (west + CELL, south + CELL);
    ring(&[(west, south), (east, south), (east, north), (west, north)])
}

/// Four columns and three rows of cells; a community is two columns wide.
fn mesh() -> Vec<Standing> {
    (0..12)
        .map(|number| {
            let (column, row) = (number % 4, number / 4);
            let border = Border {
                row: 0,
                code: format!("G{column}{row}"),
                level: String::new(),
                kind: "basic".to_owned(),
                name: format!("{column}-{row}"),
                parent: Some(format!("C{}", column / 2)),
                people: Some(7),
                shape: cell(column, row),
            };
            Standing { id: number + 1, border }
        })
        .collect()
}

fn divisions() -> Vec<Standing> {
    let grids = mesh();
    let of = |code: &str, level: &str, parent: Option<&str>, id| {
        let holds =
            |grid: &&Standing| level != "community" || grid.border.parent.as_deref() == Some(code);
        let shape = united(grids.iter().filter(holds).map(|grid| &grid.border.shape));
        let border = Border {
            row: 0,
            code: code.to_owned(),
            level: level.to_owned(),
            kind: level.to_owned(),
            name: code.to_owned(),
            parent: parent.map(str::to_owned),
            people: Some(42),
            shape,
        };
        Standing { id, border }
    };
    vec![
        of("D", "district", None, 1),
        of("T", "township", Some("D"), 2),
        of("C0", "community", Some("T"), 3),
        of("C1", "community", Some("T"), 4),
    ]
}

fn edit(code: &str, shape: LatticeMultiPolygon) -> GridEdit {
    GridEdit {
        code: code.to_owned(),
        name: None,
        kind: None,
        community_code: None,
        people: None,
        shape,
    }
}

fn edits(changed: Vec<GridEdit>) -> Edits {
    Edits { changed, ended: Vec::new() }
}

/// The mesh after a plan.
fn after(
    standing: &[Standing],
    change: &crate::import::boundary::Change,
) -> Vec<LatticeMultiPolygon> {
    let stays =
        standing.iter().filter(|old| !change.close.contains(&old.id)).map(|old| &old.border);
    stays.chain(&change.insert).map(|border| border.shape.clone()).collect()
}

/// No defect, the same land, and each of `places` in exactly one grid.
fn assert_tiles(shapes: &[LatticeMultiPolygon], places: &[(i32, i32)]) {
    let (_, defects) = Coverage::build((0..).zip(shapes.iter().cloned()).collect());
    assert_eq!(defects, [], "after a plan nothing is left to repair");
    assert!(is_same_shape_but_corners(&united(shapes.iter())));
    for (x, y) in places {
        let holders = shapes.iter().filter(|shape| rule::contains(shape, at(*x, *y))).count();
        assert_eq!(holders, 1, "({x}, {y})");
    }
}

/// The outline may have got corners, its corners stay.
fn is_same_shape_but_corners(whole: &LatticeMultiPolygon) -> bool {
    let rim = ring(&[(0, 0), (4 * CELL, 0), (4 * CELL, 3 * CELL), (0, 3 * CELL)]);
    spatial::partition::check(&rim, vec![(0, whole.clone())])
        .iter()
        .all(|defect| defect.kind.is_repaired())
}

/// Two neighbouring cells of one community with another border between them, from `south` to `north` on their level sides.
fn moved_border(south: i32, bends: &[(i32, i32)], north: i32) -> Vec<GridEdit> {
    let mut line = vec![(south, CELL)];
    line.extend(bends);
    line.push((north, 2 * CELL));
    let mut west = vec![(0, 2 * CELL), (0, CELL)];
    west.extend(&line);
    let mut east = line;
    east.extend([(2 * CELL, 2 * CELL), (2 * CELL, CELL)]);
    vec![edit("G01", ring(&west)), edit("G11", ring(&east))]
}

fn bends() -> impl Strategy<Value = Vec<(i32, i32)>> {
    prop::collection::vec(1..2 * CELL, 0..6).prop_map(|xs| {
        let step = CELL / (xs.len() as i32 + 1);
        (1..).zip(xs).map(|(at, x)| (x, CELL + at * step)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_moved_border_leaves_every_place_in_one_grid(
        south in 1..2 * CELL, bends in bends(), north in 1..2 * CELL,
        places in prop::collection::vec((0..4 * CELL, 0..3 * CELL), 40),
    ) {
        let standing = mesh();
        let planned = plan(&standing, &edits(moved_border(south, &bends, north))).unwrap();
        assert_tiles(&after(&standing, &planned.change), &places);
        // The corners on the level sides are the neighbours' too, unless they had them, or one so near that both become one.
        let far = |x: &i32| [0, CELL, 2 * CELL].iter().all(|corner| Coverage::TOLERANCE < (x - corner).abs());
        let sides = [(south, ["G00", "G10"]), (north, ["G02", "G12"])];
        for (_, code) in sides.into_iter().filter(|(x, _)| far(x)) {
            let joined = planned.grids.iter().filter(|grid| grid.kind == ChangeKind::Joined);
            let touched = joined.filter(|grid| code.contains(&grid.code.as_str())).count();
            prop_assert_eq!(touched, 1);
        }
        prop_assert!(planned.outlines.is_empty(), "both are of the same community");
    }

    /// The oracle is arithmetic: a border that leaves out or takes in a triangle of at least two square steps.
    #[test]
    fn land_left_out_or_held_twice_is_refused_where_it_lies(shift in 10..CELL - 1, is_gap: bool) {
        let standing = mesh();
        let west_to = if is_gap { CELL - shift } else { CELL + shift };
        let west = ring(&[(0, CELL), (CELL, CELL), (west_to, CELL + CELL / 2), (CELL, 2 * CELL), (0, 2 * CELL)]);
        let east = cell(1, 1);
        let refused = plan(&standing, &edits(vec![edit("G01", west), edit("G11", east)])).unwrap_err();
        let wanted = if is_gap { "would belong to no grid any more" } else { "would both hold" };
        prop_assert!(refused[0].detail.contains(wanted), "{:?}", refused);
        prop_assert!(is_gap || refused[0].pointer.starts_with("/grids/"), "{:?}", refused);
    }
}

#[test]
fn an_edit_may_not_take_from_a_grid_that_is_not_edited_nor_leave_the_city() {
    let wide = ring(&[(0, 0), (CELL + 300, 0), (CELL + 300, CELL), (0, CELL)]);
    let refused = plan(&mesh(), &edits(vec![edit("G00", wide)])).unwrap_err();
    assert!(refused[0].detail.starts_with("G00 and G10 would both hold"), "{refused:?}");
    let beyond = ring(&[(-300, 0), (CELL, 0), (CELL, CELL), (-300, CELL)]);
    let refused = plan(&mesh(), &edits(vec![edit("G00", beyond)])).unwrap_err();
    assert!(
        refused[0].detail.contains("which belongs to none of the grids that are edited"),
        "{refused:?}"
    );
    assert_eq!(refused[0].pointer, "/grids/0/geometry");
}

#[test]
fn grids_are_split_merged_renamed_and_ended() {
    let standing = mesh();
    let half =
        |low: i32| ring(&[(0, low), (CELL, low), (CELL, low + CELL / 2), (0, low + CELL / 2)]);
    let mut upper = edit("G00B", half(CELL / 2));
    upper.community_code = Some("C0".to_owned());
    let split = plan(&standing, &edits(vec![edit("G00", half(0)), upper])).unwrap();
    let kinds: Vec<_> = split.grids.iter().map(|grid| (grid.code.as_str(), grid.kind)).collect();
    assert_eq!(
        kinds,
        [("G00", ChangeKind::Changed), ("G00B", ChangeKind::Added), ("G10", ChangeKind::Joined)]
    );

    let both = ring(&[(0, 0), (2 * CELL, 0), (2 * CELL, CELL), (0, CELL)]);
    let merge = Edits { changed: vec![edit("G00", both)], ended: vec!["G10".to_owned()] };
    let merged = plan(&standing, &merge).unwrap();
    assert_tiles(&after(&standing, &merged.change), &[(CELL, CELL / 2), (5, 5)]);
    assert_eq!(merged.change.ended, ["G10"]);

    let mut renamed = edit("G00", cell(0, 0));
    renamed.name = Some("other".to_owned());
    let renamed = plan(&standing, &edits(vec![renamed])).unwrap();
    assert_eq!((renamed.change.insert.len(), renamed.change.close.len()), (1, 1));
    let nothing = plan(&standing, &edits(vec![edit("G00", cell(0, 0))])).unwrap();
    assert!(nothing.change.is_empty() && nothing.grids.is_empty());

    let unknown = Edits { changed: Vec::new(), ended: vec!["G99".to_owned()] };
    assert_eq!(plan(&standing, &unknown).unwrap_err()[0].pointer, "/ended/0");
    let twice = plan(&standing, &edits(vec![edit("G00", cell(0, 0)), edit("G00", cell(0, 0))]));
    assert_eq!(twice.unwrap_err()[0].pointer, "/grids/1/code");
}

#[test]
fn land_goes_to_another_community_only_when_that_is_meant_and_outlines_follow_up_to_the_top() {
    let standing = mesh();
    let west = ring(&[(CELL, 0), (2 * CELL + 400, 0), (2 * CELL + 400, CELL), (CELL, CELL)]);
    let east =
        ring(&[(2 * CELL + 400, 0), (3 * CELL, 0), (3 * CELL, CELL), (2 * CELL + 400, CELL)]);
    let planned = plan(&standing, &edits(vec![edit("G10", west), edit("G20", east)])).unwrap();
    let codes: Vec<&str> = planned.outlines.iter().map(|outline| outline.code.as_str()).collect();
    assert_eq!(codes, ["C0", "C1"]);
    let refused = outline::plan(planned.outlines.clone(), &divisions(), false).unwrap_err();
    assert!(refused[0].detail.contains("community C0 would win"), "{refused:?}");
    let moved = outline::plan(planned.outlines, &divisions(), true).unwrap();
    let codes: Vec<&str> = moved.insert.iter().map(|division| division.code.as_str()).collect();
    // The township's outline got the corner at the rim, and so did the district's.
    assert_eq!(codes, ["C0", "C1", "T", "D"]);
    let shape = |code: &str| &moved.insert.iter().find(|one| one.code == code).unwrap().shape;
    assert!(is_same_shape(&united([shape("C0"), shape("C1")].into_iter()), shape("T")));
}
