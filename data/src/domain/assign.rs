//! Who gets an incident: a worker of the grid who is on shift, else the nearest desk up the hierarchy. Always with the
//! reason in words, because the first question at a command desk is "why this one?".

use chrono::{DateTime, Utc};

use super::grid_worker::{CITY_TIME, Role};
use super::id::{GridWorkerId, UnitId};
use super::incident::{Holder, HolderId, WorkLevel};

/// A worker of the grid who is on shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub grid_worker_id: GridWorkerId,
    /// Their name.
    pub name: String,
    /// What they are to this grid.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The level of the work.
    pub level: WorkLevel,
    /// Who, and why.
    pub holder: Holder,
}

/// The candidates one of whom it will be: those of the first role that has anybody on shift. Only their numbers of open
/// cases need to be known (and locked) to choose.
pub fn shortlist(candidates: &[Candidate]) -> impl Iterator<Item = &Candidate> {
    let first = candidates.iter().map(|candidate| candidate.role).min();
    candidates.iter().filter(move |candidate| Some(candidate.role) == first)
}

/// The worker of the first role on shift with the least open cases; the lower id among equals. `None` if nobody is on
/// shift. `open_cases` tells a worker's number of open cases.
pub fn to_worker(
    grid_code: &str,
    candidates: &[Candidate],
    open_cases: impl Fn(GridWorkerId) -> i32,
) -> Option<Assignment> {
    let (cases, chosen) = shortlist(candidates)
        .map(|candidate| (open_cases(candidate.grid_worker_id), candidate))
        .min_by_key(|(cases, candidate)| (*cases, candidate.grid_worker_id))?;
    let until = chosen.on_shift_until.with_timezone(&CITY_TIME).format("%H:%M");
    let role = chosen.role.name();
    let noun = if cases == 1 { "case" } else { "cases" };
    Some(Assignment {
        level: WorkLevel::Grid,
        holder: Holder {
            id: HolderId::GridWorker(chosen.grid_worker_id),
            name: chosen.name.clone(),
            reason: format!(
                "{role} worker of grid {grid_code}, on shift until {until}, {cases} open {noun}"
            ),
        },
    })
}

/// The desk nearest to the matter among `desks`, with `why` no worker got it.
pub fn to_desk(desks: &[Desk], why: &str) -> Option<Assignment> {
    let desk = desks.iter().min_by_key(|desk| (desk.level, desk.unit_id))?;
    Some(Assignment {
        level: desk.level,
        holder: Holder {
            id: HolderId::Unit(desk.unit_id),
            name: desk.name.clone(),
            reason: format!("{} desk: {why}", desk.level.name()),
        },
    })
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

    #[test]
    fn a_busy_primary_goes_before_an_idle_deputy_and_the_reason_says_so() {
        let candidates = [worker(1, Role::Deputy), worker(2, Role::Primary)];
        let cases = |id: GridWorkerId| if id.0 == 2 { 9 } else { 0 };
        let assigned = to_worker("620102001001003", &candidates, cases).unwrap();
        assert_eq!(assigned.holder.id, HolderId::GridWorker(GridWorkerId(2)));
        assert_eq!(
            assigned.holder.reason,
            "primary worker of grid 620102001001003, on shift until 18:00, 9 open cases"
        );
    }

    #[test]
    fn nobody_on_shift_is_nobody_and_the_nearest_desk_takes_over() {
        assert_eq!(to_worker("G", &[], |_| 0), None);
        let desk = |id, level| Desk { unit_id: UnitId(id), name: format!("desk {id}"), level };
        let desks =
            [desk(1, WorkLevel::City), desk(2, WorkLevel::Township), desk(3, WorkLevel::District)];
        let assigned = to_desk(&desks, "nobody of grid G is on shift").unwrap();
        assert_eq!(assigned.level, WorkLevel::Township);
        assert_eq!(assigned.holder.reason, "township desk: nobody of grid G is on shift");
        assert_eq!(to_desk(&[], "x"), None);
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
                let chosen = to_worker("G", &candidates, cases).unwrap().holder.id;
                prop_assert_eq!(chosen, HolderId::GridWorker(GridWorkerId(expected.2)));
            }
            prop_assert!(shortlist(&candidates).all(|candidate| candidate.role == expected.0));
        }
    }
}
