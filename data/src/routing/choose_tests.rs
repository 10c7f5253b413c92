//! Who is asked first, and who is nearest: against a plain search over everybody.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;
use spatial::measure::distance_m;

use super::near::NEAREST_WITHIN_M;
use super::{Borders, Duty, RoutingView};
use crate::domain::assign::Staff;
use crate::domain::category::Category;
use crate::domain::grid::{Grid, GridKind};
use crate::domain::grid_worker::Role;
use crate::domain::id::{BoundaryVersionId, GridId, GridWorkerId};
use crate::store::{GridShape, RosterLine, ShiftLine, WorkerLine};

/// Side of a cell in lattice steps: some 600 m.
const CELL: i32 = 60_000;

fn corner(column: i32, row: i32) -> LatticePoint {
    LatticePoint::new(1_038_000_000 + column * CELL, 360_500_000 + row * CELL)
}

/// Ten by ten basic cells `G00` to `G99`, and a special grid `S` over the middle of `G00`.
fn borders() -> Borders {
    let cells =
        (0..100).map(|at| shape(at, format!("G{at:02}"), GridKind::Basic, (at % 10, at / 10), 0));
    let special = shape(100, "S".to_owned(), GridKind::Special, (0, 0), CELL / 4);
    Borders::new(BoundaryVersionId(1), cells.chain([special]).collect(), Vec::new())
}

fn shape(
    id: i32,
    code: String,
    kind: GridKind,
    (column, row): (i32, i32),
    inset: i32,
) -> GridShape {
    let (low, high) = (corner(column, row), corner(column + 1, row + 1));
    let (west, south) = (low.x + inset, low.y + inset);
    let (east, north) = (high.x - inset, high.y - inset);
    let ring = [(west, south), (east, south), (east, north), (west, north)];
    let label = LatticePoint::new(i32::midpoint(west, east), i32::midpoint(south, north)).lng_lat();
    let grid = Grid {
        grid_id: GridId(id),
        code,
        kind,
        name: String::new(),
        community_code: None,
        people: 0,
        area_m2: 1.0,
        label: [label.lng(), label.lat()],
        bbox: [0.0; 4],
    };
    let ring = LatticeRing(ring.map(|(x, y)| LatticePoint::new(x, y)).to_vec());
    (grid, LatticeMultiPolygon(vec![LatticePolygon::solid(ring)]))
}

#[derive(Clone, Debug)]
struct Person {
    base: Option<LatticePoint>,
    grid: String,
    role: Role,
    on_shift: bool,
}

fn view(people: &[Person]) -> RoutingView {
    let id = |at: usize| GridWorkerId(at as i32 + 1);
    let all = || people.iter().enumerate();
    let workers =
        all().map(|(at, one)| WorkerLine { id: id(at), name: format!("w{at}"), base: one.base });
    let shifts = all().filter(|(_, one)| one.on_shift).flat_map(|(at, _)| {
        let midnight = chrono::NaiveTime::MIN;
        (1..=7).map(move |iso_weekday| ShiftLine {
            worker: id(at),
            iso_weekday,
            starts_at: midnight,
            ends_at: midnight,
        })
    });
    let rosters = all().map(|(at, one)| RosterLine {
        worker: id(at),
        grid_code: one.grid.clone(),
        role: one.role,
        from: None,
        until: None,
    });
    let duty = Duty::of(1, workers.collect(), shifts.collect(), rosters.collect());
    RoutingView { borders: borders().into(), duty: duty.into() }
}

fn category(special_first: bool) -> Category {
    Category {
        code: "0601".to_owned(),
        name: String::new(),
        parent_code: None,
        accept_minutes: 1,
        handle_minutes: 1,
        counted_only: false,
        special_first,
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

fn person(grid: &str, role: Role, on_shift: bool) -> Person {
    Person { base: None, grid: grid.to_owned(), role, on_shift }
}

fn middle_of_g00() -> LatticePoint {
    let low = corner(0, 0);
    LatticePoint::new(low.x + CELL / 2, low.y + CELL / 2)
}

#[test]
fn a_special_grid_is_asked_first_only_where_the_category_asks_for_it() {
    let staff = |special_first: bool, people: &[Person]| {
        view(people).choose(middle_of_g00(), &category(special_first), now())
    };
    let both = [person("G00", Role::Primary, true), person("S", Role::Helper, true)];
    let of = |code: &str, kind| Some(Staff::Grid { code: code.to_owned(), kind });
    let asked = |choice: &crate::domain::assign::Choice| {
        choice.pool.as_ref().map(|pool| pool.staff.clone())
    };
    assert_eq!(asked(&staff(true, &both)), of("S", GridKind::Special));
    assert_eq!(asked(&staff(false, &both)), of("G00", GridKind::Basic));
    let asleep = [person("G00", Role::Primary, true), person("S", Role::Helper, false)];
    let choice = staff(true, &asleep);
    assert_eq!(asked(&choice), of("G00", GridKind::Basic));
    let words = |choice: &crate::domain::assign::Choice| {
        choice.passed.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(words(&choice), ["nobody of special grid S is on shift"]);
    let nobody = staff(true, &[]);
    assert_eq!(nobody.pool, None);
    assert_eq!(
        words(&nobody),
        [
            "special grid S has nobody on its roster",
            "grid G00 has nobody on its roster",
            "nobody on shift is within 3 km"
        ]
    );
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let place = (0..10 * CELL, 0..10 * CELL).prop_map(|(x, y)| {
        let low = corner(0, 0);
        LatticePoint::new(low.x + x, low.y + y)
    });
    // Few workstations, so that colleagues share them.
    let base = prop::option::of(
        place.prop_map(|at| LatticePoint::new(at.x / 100_000 * 100_000, at.y / 100_000 * 100_000)),
    );
    let one = (base, 1..100u32, prop::bool::weighted(0.3)).prop_map(|(base, grid, on_shift)| {
        Person { base, grid: format!("G{grid:02}"), role: Role::Primary, on_shift }
    });
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The plain search measures the way to everybody on shift.
    #[test]
    fn whoever_is_found_is_the_nearest_on_shift(people in people(), x in 0..CELL, y in 0..CELL) {
        let low = corner(0, 0);
        let point = LatticePoint::new(low.x + x, low.y + y);
        let view = view(&people);
        let apart_m = |one: &Person| {
            let label = || {
                let [lng, lat] = view.borders.grid(&one.grid).unwrap().label;
                LatticePoint::new((lng * 1e7).round() as i32, (lat * 1e7).round() as i32)
            };
            distance_m(point.lng_lat(), one.base.unwrap_or_else(label).lng_lat())
        };
        let nearest_m = people.iter().filter(|one| one.on_shift).map(apart_m).fold(f64::INFINITY, f64::min);
        let choice = view.choose(point, &category(false), now());
        match choice.pool {
            None => prop_assert!(nearest_m > NEAREST_WITHIN_M),
            Some(pool) => {
                let Staff::Nearest { apart_m: found_m } = pool.staff else { panic!("nobody covers G00") };
                prop_assert!(found_m <= NEAREST_WITHIN_M);
                // The sphere and the ellipsoid differ by less than this.
                prop_assert!(found_m <= nearest_m * 1.01, "{found_m} m, there is one at {nearest_m} m");
                for candidate in &pool.candidates {
                    let one = &people[candidate.grid_worker_id.0 as usize - 1];
                    prop_assert!(one.on_shift && (apart_m(one) - found_m).abs() < 1e-6);
                }
                let as_near = people.iter().filter(|one| one.on_shift && one.base.is_some() && (apart_m(one) - found_m).abs() < 1e-9);
                prop_assert!(as_near.count() <= pool.candidates.len() || pool.candidates.iter().any(|one| people[one.grid_worker_id.0 as usize - 1].base.is_none()));
            }
        }
    }
}
