//! The transaction in which cases get another holder.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder, Transaction};

use super::incident::incidents_of;
use super::{Newest, Scope, Store};
use crate::domain::event::Event;
use crate::domain::id::{BoundaryVersionId, GridWorkerId, IncidentId};
use crate::domain::incident::{HolderId, Incident};
use crate::domain::lifecycle::State;
use crate::error::{DataError, Result};

/// The open transaction; dropped without commit it leaves no trace.
#[derive(Debug)]
pub struct RerouteTransaction(Transaction<'static, Postgres>);

/// A case that nobody works on yet, routed with borders before the ones in force.
#[derive(Clone, Debug)]
pub struct Routable {
    /// The case.
    pub incident: Incident,
    /// How many events its log has, and the hash of the last.
    pub log: (i32, [u8; 32]),
}

/// A case with its new holder.
#[derive(Clone, Debug)]
pub struct NewHolder {
    /// The case as it is now.
    pub incident: Incident,
    /// Who had it.
    pub before: HolderId,
    /// By when the new one must accept.
    pub accept_due_at: DateTime<Utc>,
    /// What the log says about it, with its hash.
    pub event: (Event, [u8; 32]),
    /// Codes from the city down, joined by `/`.
    pub area_path: String,
    /// What the walls are told.
    pub payload: String,
}

impl Store {
    /// Begins. Nobody publishes until it ends.
    pub async fn reroute_begin(&self) -> Result<RerouteTransaction> {
        const BEGIN: &str = "begin; lock table boundary_version in row share mode";
        Ok(RerouteTransaction(self.pool.begin_with(BEGIN).await?))
    }
}

impl RerouteTransaction {
    /// The highest versions, true until the end.
    pub async fn newest(&mut self) -> Result<Newest> {
        let (boundary, roster): (i32, i32) = sqlx::query_as(
            "select coalesce((select max(boundary_version_id) from boundary_version), 0),
                    coalesce((select max(roster_version_id) from roster_version), 0)",
        )
        .fetch_one(&mut *self.0)
        .await?;
        Ok(Newest { boundary, roster })
    }

    /// At most `limit` cases that nobody works on yet and that were routed with borders before `version`; locked, in order
    /// of id.
    pub async fn routable(
        &mut self,
        version: BoundaryVersionId,
        scope: &Scope,
        limit: i64,
    ) -> Result<Vec<Routable>> {
        let mut query = QueryBuilder::new(
            "select i.incident_id, last.ordinal, last.hash
             from incident i
             cross join lateral (
                 select e.ordinal, e.hash
                 from incident_event e
                 where e.incident_id = i.incident_id
                 order by e.ordinal desc
                 limit 1
             ) as last
             where i.closed_at is null
               and i.state in ('dispatched', 'sent_back', 'accepted')
               and i.geom is not null
               and coalesce(i.routed_version, i.boundary_version) < ",
        );
        query.push_bind(version.0);
        if let Some(code) = scope.code() {
            query.push(" and ").push_bind(code.to_owned());
            query.push(" in (i.district_code, i.township_code, i.community_code)");
        }
        query.push(" order by i.incident_id limit ").push_bind(limit).push(" for update of i");
        let rows: Vec<(i64, i32, Vec<u8>)> = query.build_query_as().fetch_all(&mut *self.0).await?;
        let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
        let read = incidents_of(&mut *self.0, &ids).await?;
        let mut incidents: HashMap<IncidentId, Incident> =
            read.into_iter().map(|one| (one.incident_id, one)).collect();
        rows.into_iter()
            .map(|(id, ordinal, hash)| {
                let broken =
                    |why: &str| DataError::Broken { what: "incident", why: format!("{id}: {why}") };
                let incident =
                    incidents.remove(&IncidentId(id)).ok_or_else(|| broken("cannot be read"))?;
                let hash = hash.try_into().map_err(|_| broken("a hash is not 32 bytes"))?;
                Ok(Routable { incident, log: (ordinal, hash) })
            })
            .collect()
    }

    /// Open cases of these workers, whose rows are now locked.
    pub async fn loads(&mut self, workers: &[GridWorkerId]) -> Result<HashMap<GridWorkerId, i32>> {
        let ids: Vec<i32> = workers.iter().map(|worker| worker.0).collect();
        let rows: Vec<(i32, i32)> = sqlx::query_as(
            "select grid_worker_id, open_cases
             from grid_worker_load
             where grid_worker_id = any($1)
             order by grid_worker_id
             for update",
        )
        .bind(ids)
        .fetch_all(&mut *self.0)
        .await?;
        Ok(rows.into_iter().map(|(id, cases)| (GridWorkerId(id), cases)).collect())
    }

    /// Writes the new holders, notes that those of `looked_at` are routed with `version`, and makes it durable.
    pub async fn commit(
        mut self,
        version: BoundaryVersionId,
        looked_at: &[IncidentId],
        moved: &[NewHolder],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let ids: Vec<i64> = looked_at.iter().map(|id| id.0).collect();
        sqlx::query("update incident set routed_version = $1 where incident_id = any($2)")
            .bind(version.0)
            .bind(ids)
            .execute(&mut *self.0)
            .await?;
        if !moved.is_empty() {
            self.write(moved, now).await?;
        }
        Ok(self.0.commit().await?)
    }

    async fn write(&mut self, moved: &[NewHolder], now: DateTime<Utc>) -> Result<()> {
        fn column<T>(rows: &[NewHolder], f: impl FnMut(&NewHolder) -> T) -> Vec<T> {
            rows.iter().map(f).collect()
        }
        let mut loads: BTreeMap<i32, i32> = BTreeMap::new();
        for one in moved {
            for (holder, cases) in [(one.before, -1), (one.incident.holder.id, 1)] {
                if let HolderId::GridWorker(worker) = holder {
                    *loads.entry(worker.0).or_default() += cases;
                }
            }
        }
        let (workers, cases): (Vec<i32>, Vec<i32>) = loads.into_iter().unzip();
        sqlx::query(include_str!("sql/reroute.sql"))
            .bind(now)
            .bind(column(moved, |one| one.incident.incident_id.0))
            .bind(column(moved, |one| one.incident.reported_at))
            .bind(column(moved, |one| one.incident.level.name()))
            .bind(column(moved, |one| one.incident.holder.id.kind()))
            .bind(column(moved, |one| one.incident.holder.id.number()))
            .bind(column(moved, |one| one.incident.holder.reason.clone()))
            .bind(column(moved, |one| one.incident.roster_version.0))
            .bind(column(moved, |one| one.accept_due_at))
            .bind(column(moved, |one| one.incident.due_at))
            .bind(column(moved, |one| one.event.0.ordinal))
            .bind(column(moved, |one| one.event.0.from_state.map(State::name)))
            .bind(column(moved, |one| one.event.0.actor.clone()))
            .bind(column(moved, |one| one.event.0.reason.clone()))
            .bind(column(moved, |one| one.event.1.to_vec()))
            .bind(column(moved, |one| one.area_path.clone()))
            .bind(column(moved, |one| one.payload.clone()))
            .bind(workers)
            .bind(cases)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}
