//! Who gets an incident: a worker of the special or basic grid who is on shift, else whoever on shift is nearest, else the
//! nearest desk up the hierarchy. Always with the reason in words, because the first question at a command desk is "why this one?".

use chrono::{DateTime, Utc};

use super::grid::GridKind;
use super::grid_worker::Role;
use super::id::{GridWorkerId, UnitId};
use super::incident::{Holder, HolderId, WorkLevel};
use super::why::{Basis, OnDuty, Passed, Why};

/// A worker who is on shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub grid_worker_id: GridWorkerId,
    /// Their name.
    pub name: String,
    /// What they are to the grid asked, or to the first of their own.
    pub role: Role,
    /// When their shift ends.
    pub on_shift_until: DateTime<Utc>,
}

/// The desk of an area centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// Which unit.
    pub unit_id: UnitId,
    /// Its name.
    pub name: String,
    /// The level it works on.
    pub level: WorkLevel,
}

/// Who has to act, and on which level that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The level of the work.
    pub level: WorkLevel,
    /// Who, and why.
    pub holder: Holder,
    /// The same reason as data.
    pub why: Why,
}

/// Whose workers are asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Staff {
    /// Those on the roster of a grid.
    Grid {
        /// Its code.
        code: String,
        /// Basic or special.
        kind: GridKind,
    },
    /// Whoever is on shift and nearest, of whatever grid.
    Nearest {
        /// How far their base point is from the matter, in metres.
        apart_m: f64,
    },
}

/// The workers one of whom it will be.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Whose they are.
    pub staff: Staff,
    /// All on shift; at least one.
    pub candidates: Vec<Candidate>,
}

/// Everything a decision is taken on but the numbers of open cases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// The first staff asked that has anybody on shift.
    pub pool: Option<Pool>,
    /// Why those asked before were passed over.
    pub passed: Vec<Passed>,
    /// Who takes it if there is no pool.
    pub desks: Vec<Desk>,
}

impl Pool {
    /// The candidates one of whom it will be: those of the first role of a grid, or all that are equally near. Only their
    /// numbers of open cases need to be known (and locked) to choose.
    pub fn shortlist(&self) -> impl Iterator<Item = &Candidate> {
        let first = match self.staff {
            Staff::Grid { .. } => self.candidates.iter().map(|candidate| candidate.role).min(),
            Staff::Nearest { .. } => None,
        };
        self.candidates.iter().filter(move |one| first.is_none_or(|first| one.role == first))
    }
}

impl Choice {
    /// The workers whose numbers of open cases decide.
    pub fn shortlist(&self) -> impl Iterator<Item = &Candidate> {
        self.pool.iter().flat_map(Pool::shortlist)
    }

    /// Who gets it: of the pool the one with the least open cases (the lower id among equals), else the nearest desk.
    /// `open_cases` tells a worker's number of open cases; `None` if there is not even a desk.
    pub fn decide(&self, open_cases: impl Fn(GridWorkerId) -> i32) -> Option<Assignment> {
        let passed = &self.passed;
        let worker = self.pool.as_ref().and_then(|pool| to_worker(pool, passed, open_cases));
        worker.or_else(|| to_desk(&self.desks, passed))
    }
}

/// The worker of the shortlist with the least open cases.
fn to_worker(
    pool: &Pool,
    passed: &[Passed],
    open_cases: impl Fn(GridWorkerId) -> i32,
) -> Option<Assignment> {
    let (cases, chosen) = pool
        .shortlist()
        .map(|candidate| (open_cases(candidate.grid_worker_id), candidate))
        .min_by_key(|(cases, candidate)| (*cases, candidate.grid_worker_id))?;
    let duty = OnDuty { until: chosen.on_shift_until, open_cases: cases };
    let basis = match &pool.staff {
        Staff::Grid { code, kind } => {
            Basis::Grid { role: chosen.role, code: code.clone(), kind: *kind, duty }
        }
        Staff::Nearest { apart_m } => Basis::Nearest { apart_m: *apart_m, duty },
    };
    let why = Why { basis, passed: passed.to_vec() };
    let id = HolderId::GridWorker(chosen.grid_worker_id);
    let holder = Holder { id, name: chosen.name.clone(), reason: why.to_string() };
    Some(Assignment { level: WorkLevel::Grid, holder, why })
}

/// The desk nearest to the matter among `desks`, with why no worker got it.
pub fn to_desk(desks: &[Desk], passed: &[Passed]) -> Option<Assignment> {
    let desk = desks.iter().min_by_key(|desk| (desk.level, desk.unit_id))?;
    let why = Why { basis: Basis::Desk { level: desk.level }, passed: passed.to_vec() };
    let id = HolderId::Unit(desk.unit_id);
    let holder = Holder { id, name: desk.name.clone(), reason: why.to_string() };
    Some(Assignment { level: desk.level, holder, why })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn worker(id: i32, role: Role) -> Candidate {
        Candidate {
            grid_worker_id: GridWorkerId(id),
            name: format!("网格员{id}"),
            role,
            // 18:00 in the city
            on_shift_until: DateTime::parse_from_rfc3339("2026-07-26T10:00:00Z").unwrap().to_utc(),
        }
    }

    fn off_shift(code: &str) -> Passed {
        Passed::OffShift { code: code.to_owned(), kind: GridKind::Basic }
    }

    fn of_grid(kind: GridKind, candidates: &[Candidate]) -> Choice {
        let staff = Staff::Grid { code: "620102001001003".to_owned(), kind };
        let pool = Pool { staff, candidates: candidates.to_vec() };
        Choice { pool: Some(pool), ..Choice::default() }
    }

    #[test]
    fn a_busy_primary_goes_before_an_idle_deputy_and_the_reason_says_so() {
        let candidates = [worker(1, Role::Deputy), worker(2, Role::Primary)];
        let cases = |id: GridWorkerId| if id.0 == 2 { 9 } else { 0 };
        let assigned = of_grid(GridKind::Basic, &candidates).decide(cases).unwrap();
        assert_eq!(assigned.holder.id, HolderId::GridWorker(GridWorkerId(2)));
        assert_eq!(
            assigned.holder.reason,
            "primary worker of grid 620102001001003, on shift until 18:00, 9 open cases"
        );
    }

    #[test]
    fn who_was_passed_over_is_in_the_reason() {
        let mut special = of_grid(GridKind::Special, &[worker(1, Role::Helper)]);
        special.passed.push(Passed::Said("x".to_owned()));
        assert_eq!(
            special.decide(|_| 1).unwrap().holder.reason,
            "helper worker of special grid 620102001001003, on shift until 18:00, 1 open case: x"
        );
        let candidates = vec![worker(7, Role::Helper), worker(8, Role::Primary)];
        let near = Choice {
            pool: Some(Pool { staff: Staff::Nearest { apart_m: 812.4 }, candidates }),
            passed: vec![off_shift("G")],
            desks: Vec::new(),
        };
        // Equally near: the role in another grid does not matter, the load does.
        let assigned = near.decide(|id| if id.0 == 8 { 3 } else { 2 }).unwrap();
        assert_eq!(assigned.holder.id, HolderId::GridWorker(GridWorkerId(7)));
        assert_eq!(
            assigned.holder.reason,
            "nearest worker on shift, 812 m away by their base point, on shift until 18:00, 2 open cases: \
             nobody of grid G is on shift"
        );
    }

    #[test]
    fn nobody_on_shift_is_nobody_and_the_nearest_desk_takes_over() {
        assert_eq!(Choice::default().decide(|_| 0), None);
        let desk = |id, level| Desk { unit_id: UnitId(id), name: format!("desk {id}"), level };
        let desks = vec![
            desk(1, WorkLevel::City),
            desk(2, WorkLevel::Township),
            desk(3, WorkLevel::District),
        ];
        let passed = vec![off_shift("G"), Passed::NobodyWithin { metres: 3_000.0 }];
        let assigned = Choice { pool: None, passed, desks }.decide(|_| 0).unwrap();
        assert_eq!(assigned.level, WorkLevel::Township);
        assert_eq!(
            assigned.holder.reason,
            "township desk: nobody of grid G is on shift, nobody on shift is within 3 km"
        );
        assert_eq!(to_desk(&[], &[]), None);
    }

    fn role() -> impl Strategy<Value = Role> {
        prop::sample::select(&Role::ALL[..])
    }

    proptest! {
        /// Whatever the order of candidates, no other one comes first by role, then cases, then id.
        #[test]
        fn the_choice_is_the_least_by_role_cases_and_id(
            staff in prop::collection::btree_map(0i32..30, (role(), 0i32..4), 1..12),
        ) {
            let mut candidates: Vec<_> =
                staff.iter().map(|(id, (role, _))| worker(*id, *role)).collect();
            let cases = |id: GridWorkerId| staff[&id.0].1;
            let expected = staff.iter().map(|(id, (role, cases))| (*role, *cases, *id)).min().unwrap();
            for _ in 0..candidates.len() {
                candidates.rotate_left(1);
                let choice = of_grid(GridKind::Basic, &candidates);
                let chosen = choice.decide(cases).unwrap().holder.id;
                prop_assert_eq!(chosen, HolderId::GridWorker(GridWorkerId(expected.2)));
                prop_assert!(choice.shortlist().all(|candidate| candidate.role == expected.0));
            }
        }
    }
}
