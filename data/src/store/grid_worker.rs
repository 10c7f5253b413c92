//! Grid workers, rosters, shifts and desks, read whole for the routing view.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, Utc};
use spatial::lattice::LatticePoint;

use super::publish::stored_point;
use super::{Store, broken};
use crate::domain::assign::Choice;
use crate::domain::grid_worker::Role;
use crate::domain::id::{GridWorkerId, UnitId};
use crate::error::Result;

/// One worker.
#[derive(Clone, Debug)]
pub struct WorkerLine {
    /// Id.
    pub id: GridWorkerId,
    /// Name.
    pub name: String,
    /// The registered workstation.
    pub base: Option<LatticePoint>,
}

/// Who covers which grid, as what, from when to when.
#[derive(Clone, Debug)]
pub struct RosterLine {
    /// Who.
    pub worker: GridWorkerId,
    /// Which grid.
    pub grid_code: String,
    /// As what.
    pub role: Role,
    /// From when; always if absent.
    pub from: Option<DateTime<Utc>>,
    /// Until when; for ever if absent.
    pub until: Option<DateTime<Utc>>,
}

/// One weekly shift.
#[derive(Clone, Copy, Debug)]
pub struct ShiftLine {
    /// Whose.
    pub worker: GridWorkerId,
    /// 1 is Monday.
    pub iso_weekday: i16,
    /// City time.
    pub starts_at: NaiveTime,
    /// City time; at or before the start means the next day.
    pub ends_at: NaiveTime,
}

/// One area centre.
#[derive(Clone, Debug)]
pub struct UnitLine {
    /// Id.
    pub id: UnitId,
    /// Name.
    pub name: String,
    /// Whose centre it is; the last desk of all has none.
    pub division_code: Option<String>,
}

impl Store {
    /// All workers who have not been voided.
    pub async fn grid_worker_list(&self) -> Result<Vec<WorkerLine>> {
        let rows: Vec<(i32, String, Option<f64>, Option<f64>)> = sqlx::query_as(
            "select grid_worker_id, name, st_x(base), st_y(base)
             from grid_worker
             where voided_at is null
             order by grid_worker_id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(id, name, lng, lat)| {
                let base = lng.zip(lat).map(|(lng, lat)| stored_point(lng, lat)).transpose()?;
                Ok(WorkerLine { id: GridWorkerId(id), name, base })
            })
            .collect()
    }

    /// All roster lines whose period has not ended.
    pub async fn roster_list(&self) -> Result<Vec<RosterLine>> {
        type Row = (i32, String, String, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
        let rows: Vec<Row> = sqlx::query_as(
            "select grid_worker_id, grid_code, role,
                    nullif(lower(period), '-infinity'), nullif(upper(period), 'infinity')
             from roster
             where upper_inf(period) or now() < upper(period)
             order by grid_code, grid_worker_id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(worker, grid_code, role, from, until)| {
                let role = Role::named(&role).ok_or_else(|| broken("role", &role))?;
                Ok(RosterLine { worker: GridWorkerId(worker), grid_code, role, from, until })
            })
            .collect()
    }

    /// Open cases of the workers one of whom it will be; whoever has none is not in it.
    pub async fn open_cases(&self, choice: &Choice) -> Result<HashMap<GridWorkerId, i32>> {
        let ids: Vec<i32> = choice.shortlist().map(|one| one.grid_worker_id.0).collect();
        // One worker is chosen whatever they have; their reason still says how much.
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(i32, i32)> = sqlx::query_as(
            "select grid_worker_id, open_cases from grid_worker_load where grid_worker_id = any($1)",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(id, cases)| (GridWorkerId(id), cases)).collect())
    }

    /// All shifts.
    pub async fn shift_list(&self) -> Result<Vec<ShiftLine>> {
        let rows: Vec<(i32, i16, NaiveTime, NaiveTime)> = sqlx::query_as(
            "select grid_worker_id, iso_weekday, starts_at, ends_at
             from shift",
        )
        .fetch_all(&self.pool)
        .await?;
        let line = |(worker, iso_weekday, starts_at, ends_at)| ShiftLine {
            worker: GridWorkerId(worker),
            iso_weekday,
            starts_at,
            ends_at,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// All area centres in order of id.
    pub async fn area_centre_list(&self) -> Result<Vec<UnitLine>> {
        let rows: Vec<(i32, String, Option<String>)> = sqlx::query_as(
            "select unit_id, name, division_code
             from unit
             where kind = 'area_centre'
             order by unit_id",
        )
        .fetch_all(&self.pool)
        .await?;
        let line = |(id, name, division_code)| UnitLine { id: UnitId(id), name, division_code };
        Ok(rows.into_iter().map(line).collect())
    }
}
