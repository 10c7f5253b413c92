//! Who is responsible for what, and who is on shift when.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rstar::RTree;
use spatial::code::Level;
use spatial::lattice::LatticePoint;

use super::borders::{Borders, Chain};
use super::near::{Spoke, near};
use crate::domain::assign::{Candidate, Desk};
use crate::domain::category::Category;
use crate::domain::grid_worker::{Role, Shift, on_shift_until};
use crate::domain::id::{GridWorkerId, RosterVersionId, UnitId};
use crate::domain::incident::WorkLevel;
use crate::error::Result;
use crate::store::{RosterLine, ShiftLine, Store, WorkerLine};

/// Rosters, shifts, desks and categories.
#[derive(Debug, Default)]
pub struct Duty {
    version: i32,
    workers: HashMap<GridWorkerId, Worker>,
    by_grid: HashMap<String, Vec<OnRoster>>,
    desk_by_division: HashMap<String, (UnitId, String)>,
    last_desk: Option<(UnitId, String)>,
    categories: HashMap<String, Category>,
    /// Base points of those who have one, and the others by the first of their grids.
    bases: RTree<Spoke<GridWorkerId>>,
    by_home: HashMap<String, Vec<GridWorkerId>>,
}

#[derive(Debug)]
struct Worker {
    name: String,
    shifts: Vec<Shift>,
    base: Option<LatticePoint>,
    /// Role and grid of the first line of the roster.
    home: Option<(Role, String)>,
}

#[derive(Debug)]
struct OnRoster {
    worker: GridWorkerId,
    role: Role,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl Duty {
    /// Reads everything; the version is read first, so that what is read is at least as new as it says.
    ///
    /// # Errors
    /// [`crate::DataError::Database`].
    pub async fn load(store: &Store) -> Result<Self> {
        let version = store.newest_versions().await?.roster;
        store.grid_worker_load_ensure().await?;
        let workers = store.grid_worker_list().await?;
        let (shifts, rosters) = (store.shift_list().await?, store.roster_list().await?);
        let mut duty = Self::of(version, workers, shifts, rosters);
        for unit in store.area_centre_list().await? {
            match unit.division_code {
                Some(code) => {
                    duty.desk_by_division.entry(code).or_insert((unit.id, unit.name));
                }
                None => duty.last_desk = duty.last_desk.or(Some((unit.id, unit.name))),
            }
        }
        let categories = store.category_list().await?;
        duty.categories = categories.into_iter().map(|one| (one.code.clone(), one)).collect();
        Ok(duty)
    }

    /// Workers with their shifts and grids; desks and categories are yet to come.
    pub(super) fn of(
        version: i32,
        workers: Vec<WorkerLine>,
        shifts: Vec<ShiftLine>,
        rosters: Vec<RosterLine>,
    ) -> Self {
        let mut duty = Self { version, ..Self::default() };
        for worker in workers {
            let (name, base) = (worker.name, worker.base);
            duty.workers.insert(worker.id, Worker { name, shifts: Vec::new(), base, home: None });
        }
        for line in shifts {
            let shift = Shift::new(line.iso_weekday, line.starts_at, line.ends_at);
            if let (Some(worker), Some(shift)) = (duty.workers.get_mut(&line.worker), shift) {
                worker.shifts.push(shift);
            }
        }
        for line in rosters {
            if let Some(worker) = duty.workers.get_mut(&line.worker) {
                let home = (line.role, line.grid_code.clone());
                if worker.home.as_ref().is_none_or(|first| home < *first) {
                    worker.home = Some(home);
                }
            }
            let on_roster = OnRoster {
                worker: line.worker,
                role: line.role,
                from: line.from,
                until: line.until,
            };
            duty.by_grid.entry(line.grid_code).or_default().push(on_roster);
        }
        duty.settle_bases();
        duty
    }

    fn settle_bases(&mut self) {
        let mut bases = Vec::new();
        for (id, worker) in &self.workers {
            match (worker.base, &worker.home) {
                (Some(base), _) => bases.push(Spoke::new(base, *id)),
                (None, Some((_, code))) => self.by_home.entry(code.clone()).or_default().push(*id),
                (None, None) => {}
            }
        }
        self.bases = RTree::bulk_load(bases);
    }

    /// The workers with a base point of their own, the nearest first, with that point.
    pub(super) fn by_base(
        &self,
        point: LatticePoint,
    ) -> impl Iterator<Item = (f64, LatticePoint, GridWorkerId)> + '_ {
        near(&self.bases, point)
    }

    /// The workers who set out from this grid, having no base point of their own.
    pub(super) fn at_home(&self, grid_code: &str) -> &[GridWorkerId] {
        self.by_home.get(grid_code).map_or(&[], Vec::as_slice)
    }

    /// Those of `workers` who are on shift at `at`.
    pub(super) fn on_shift_of(
        &self,
        workers: &[GridWorkerId],
        at: DateTime<Utc>,
    ) -> Vec<Candidate> {
        let candidate = |id: &GridWorkerId| {
            let worker = self.workers.get(id)?;
            Some(Candidate {
                grid_worker_id: *id,
                name: worker.name.clone(),
                role: worker.home.as_ref().map_or(Role::Helper, |(role, _)| *role),
                on_shift_until: on_shift_until(&worker.shifts, at)?,
            })
        };
        workers.iter().filter_map(candidate).collect()
    }

    /// The roster version.
    pub const fn version(&self) -> RosterVersionId {
        RosterVersionId(self.version)
    }

    /// The workers of a grid who are on shift at `at`.
    pub fn candidates(&self, grid_code: &str, at: DateTime<Utc>) -> Vec<Candidate> {
        let lines = self.by_grid.get(grid_code).into_iter().flatten();
        lines
            .filter(|line| line.from.is_none_or(|from| from <= at))
            .filter(|line| line.until.is_none_or(|until| at < until))
            .filter_map(|line| {
                let worker = self.workers.get(&line.worker)?;
                Some(Candidate {
                    grid_worker_id: line.worker,
                    name: worker.name.clone(),
                    role: line.role,
                    on_shift_until: on_shift_until(&worker.shifts, at)?,
                })
            })
            .collect()
    }

    /// Whether anybody at all is on the roster of a grid, on shift or not.
    pub fn has_roster(&self, grid_code: &str) -> bool {
        self.by_grid.contains_key(grid_code)
    }

    /// The desks of a chain of divisions and the city's.
    pub fn desks(&self, borders: &Borders, chain: &Chain<'_>) -> Vec<Desk> {
        let of_chain = chain.nearest_first().filter_map(|division| {
            let (unit_id, name) = self.desk_by_division.get(&division.code)?;
            Some(Desk { unit_id: *unit_id, name: name.clone(), level: division.level.into() })
        });
        of_chain.chain(self.city_desk(borders)).collect()
    }

    /// The city's desk: the centre of the city's division, or the last desk of all.
    pub fn city_desk(&self, borders: &Borders) -> Option<Desk> {
        let of_city = borders
            .divisions()
            .iter()
            .filter(|division| division.level == Level::City)
            .find_map(|division| self.desk_by_division.get(&division.code));
        of_city.or(self.last_desk.as_ref()).map(|(unit_id, name)| Desk {
            unit_id: *unit_id,
            name: name.clone(),
            level: WorkLevel::City,
        })
    }

    /// How many workers are on shift at `at`.
    pub fn on_shift(&self, at: DateTime<Utc>) -> usize {
        let workers = self.workers.values();
        workers.filter(|worker| on_shift_until(&worker.shifts, at).is_some()).count()
    }

    /// The category of this code.
    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.get(code)
    }

    /// All categories in order of code.
    pub fn categories(&self) -> Vec<&Category> {
        let mut all: Vec<&Category> = self.categories.values().collect();
        all.sort_by(|a, b| a.code.cmp(&b.code));
        all
    }
}
