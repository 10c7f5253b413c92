//! The one transaction of the intake: lock what decides, decide (elsewhere), write everything, answer after commit.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};

use super::{Newest, Store};
use crate::domain::event::Event;
use crate::domain::id::{ApiKeyId, GridWorkerId, IncidentId};
use crate::domain::incident::{HolderId, Incident};
use crate::domain::lifecycle::State;
use crate::error::Result;

/// What a decision needs from the database, true until the end of the transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// A new id for each incident.
    pub ids: Vec<IncidentId>,
    /// Open cases of the workers asked for, whose rows are now locked.
    pub open_cases: HashMap<GridWorkerId, i32>,
    /// The highest versions; if they are above those decided with, decide again.
    pub newest: Newest,
}

/// An incident that is decided and ready to be written.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Everything about it, also the answer that is kept for repetitions.
    pub incident: Incident,
    /// By when the holder must accept.
    pub accept_due_at: DateTime<Utc>,
    /// What happened to it so far, with hashes.
    pub events: Vec<(Event, [u8; 32])>,
    /// Codes from the city down, joined by `/`; empty if it lies nowhere.
    pub area_path: String,
    /// What the walls are told.
    pub payload: String,
    /// The caller's key.
    pub key: String,
    /// SHA-256 of the request.
    pub body_sha256: [u8; 32],
}

/// The open transaction; dropped without commit it leaves no trace.
#[derive(Debug)]
pub struct IntakeTransaction(Transaction<'static, Postgres>);

impl Store {
    /// Begins the transaction of an intake. Until it ends no publication of borders commits: what
    /// [`IntakeTransaction::prepare`] says about versions stays true. One round trip, since every intake pays for it.
    pub async fn intake_begin(&self) -> Result<IntakeTransaction> {
        const BEGIN: &str = "begin; lock table boundary_version in row share mode";
        Ok(IntakeTransaction(self.pool.begin_with(BEGIN).await?))
    }

    /// Makes sure there is a partition for the month of `at`.
    pub async fn incident_month_ensure(&self, at: DateTime<Utc>) -> Result<()> {
        sqlx::query("select ensure_incident_month($1)").bind(at).execute(&self.pool).await?;
        Ok(())
    }

    /// Makes sure every worker has a row of open cases, so that rows can be locked in order.
    pub async fn grid_worker_load_ensure(&self) -> Result<()> {
        sqlx::query(
            "insert into grid_worker_load (grid_worker_id)
             select w.grid_worker_id
             from grid_worker w
             where not exists (
                 select 1
                 from grid_worker_load l
                 where l.grid_worker_id = w.grid_worker_id
             )
             order by w.grid_worker_id
             on conflict do nothing",
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

impl IntakeTransaction {
    /// Locks the rows of `workers` in order of id (so that no two requests wait for each other in a circle) and draws
    /// `count` ids.
    pub async fn prepare(&mut self, workers: &[GridWorkerId], count: usize) -> Result<Prepared> {
        type Row = (Vec<i64>, Vec<i32>, Vec<i32>, i32, i32);
        let workers: Vec<i32> = workers.iter().map(|worker| worker.0).collect();
        let (ids, locked, cases, boundary, roster): Row = sqlx::query_as(
            "with locked as materialized (
                 select grid_worker_id, open_cases
                 from grid_worker_load
                 where grid_worker_id = any($1)
                 order by grid_worker_id
                 for update
             )
             select array(select nextval('incident_id_seq') from generate_series(1, $2)),
                    array(select grid_worker_id from locked order by grid_worker_id),
                    array(select open_cases from locked order by grid_worker_id),
                    coalesce((select max(boundary_version_id) from boundary_version), 0),
                    coalesce((select max(roster_version_id) from roster_version), 0)",
        )
        .bind(workers)
        .bind(count as i32)
        .fetch_one(&mut *self.0)
        .await?;
        Ok(Prepared {
            ids: ids.into_iter().map(IncidentId).collect(),
            open_cases: locked.into_iter().map(GridWorkerId).zip(cases).collect(),
            newest: Newest { boundary, roster },
        })
    }

    /// Writes everything. False when another request with one of the keys committed meanwhile: then nothing may be
    /// committed, and that request's answer is to be given.
    pub async fn write(&mut self, api_key: ApiKeyId, decided: &[Decided]) -> Result<bool> {
        let mut loads: BTreeMap<i32, i32> = BTreeMap::new();
        for one in decided {
            if let HolderId::GridWorker(worker) = one.incident.holder.id {
                *loads.entry(worker.0).or_default() += 1;
            }
        }
        let events: Vec<&(Event, [u8; 32])> = decided.iter().flat_map(|one| &one.events).collect();
        let query = sqlx::query(include_str!("sql/incident_insert.sql")).bind(api_key.0);
        let query = bind_place(bind_told(query, decided), decided);
        let query = bind_events(bind_answer(query, decided)?, &events);
        let (workers, cases): (Vec<i32>, Vec<i32>) = loads.into_iter().unzip();
        let special =
            column(decided, |one| one.incident.special_grid.as_ref().map(|grid| grid.grid_id.0));
        let understood: Vec<Option<String>> = decided
            .iter()
            .map(|one| one.incident.address_match.as_ref().map(serde_json::to_string).transpose())
            .collect::<Result<_, _>>()
            .map_err(|error| crate::DataError::Broken {
                what: "address match",
                why: error.to_string(),
            })?;
        let query = query.bind(workers).bind(cases).bind(special).bind(understood);
        let done = query.execute(&mut *self.0).await?;
        Ok(done.rows_affected() == decided.len() as u64)
    }

    /// Makes it durable. After an error here nobody knows whether it was; a repetition with the same key finds out.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

type Query<'q> = sqlx::query::Query<'q, Postgres, sqlx::postgres::PgArguments>;

/// One array: `f` of each row.
fn column<R, T>(rows: &[R], f: impl FnMut(&R) -> T) -> Vec<T> {
    rows.iter().map(f).collect()
}

/// Arguments 2 to 12: what was told.
fn bind_told<'q>(query: Query<'q>, rows: &[Decided]) -> Query<'q> {
    let given = |one: &Decided| one.incident.given.point;
    query
        .bind(column(rows, |one| one.incident.incident_id.0))
        .bind(column(rows, |one| one.incident.reported_at))
        .bind(column(rows, |one| one.incident.received_at))
        .bind(column(rows, |one| one.incident.channel.name()))
        .bind(column(rows, |one| one.incident.source_id.clone()))
        .bind(column(rows, |one| one.incident.category.code.clone()))
        .bind(column(rows, |one| one.incident.description.clone()))
        .bind(column(rows, |one| given(one).map(|point| point.lng)))
        .bind(column(rows, |one| given(one).map(|point| point.lat)))
        .bind(column(rows, |one| given(one).map(|point| point.crs.to_string())))
        .bind(column(rows, |one| one.incident.given.address.clone()))
}

/// Arguments 13 to 23: what was understood.
fn bind_place<'q>(query: Query<'q>, rows: &[Decided]) -> Query<'q> {
    query
        .bind(column(rows, |one| one.incident.located_by.name()))
        .bind(column(rows, |one| one.incident.location.map(|[lng, _]| lng)))
        .bind(column(rows, |one| one.incident.location.map(|[_, lat]| lat)))
        .bind(column(rows, |one| one.incident.address.as_ref().map(|known| known.address_id.0)))
        .bind(column(rows, |one| one.incident.grid.as_ref().map(|grid| grid.grid_id.0)))
        .bind(column(rows, |one| one.incident.grid.as_ref().map(|grid| grid.code.clone())))
        .bind(column(rows, |one| one.incident.community.as_ref().map(|area| area.code.clone())))
        .bind(column(rows, |one| one.incident.township.as_ref().map(|area| area.code.clone())))
        .bind(column(rows, |one| one.incident.district.as_ref().map(|area| area.code.clone())))
        .bind(column(rows, |one| one.incident.boundary_version.0))
        .bind(column(rows, |one| one.incident.roster_version.0))
}

/// Arguments 24 to 35: what was decided, what is told to the walls, what is kept as the answer.
fn bind_answer<'q>(query: Query<'q>, rows: &[Decided]) -> Result<Query<'q>> {
    let bodies: Vec<String> = rows
        .iter()
        .map(|one| serde_json::to_string(&one.incident))
        .collect::<Result<_, _>>()
        .map_err(|error| crate::DataError::Broken { what: "answer", why: error.to_string() })?;
    Ok(query
        .bind(column(rows, |one| one.incident.state.name()))
        .bind(column(rows, |one| one.incident.level.name()))
        .bind(column(rows, |one| one.incident.holder.id.kind()))
        .bind(column(rows, |one| one.incident.holder.id.number()))
        .bind(column(rows, |one| one.incident.holder.reason.clone()))
        .bind(column(rows, |one| one.accept_due_at))
        .bind(column(rows, |one| one.incident.due_at))
        .bind(column(rows, |one| one.area_path.clone()))
        .bind(column(rows, |one| one.payload.clone()))
        .bind(column(rows, |one| one.key.clone()))
        .bind(column(rows, |one| one.body_sha256.to_vec()))
        .bind(bodies))
}

/// Arguments 36 to 44: the log.
fn bind_events<'q>(query: Query<'q>, rows: &[&(Event, [u8; 32])]) -> Query<'q> {
    query
        .bind(column(rows, |(event, _)| event.incident_id.0))
        .bind(column(rows, |(event, _)| event.ordinal))
        .bind(column(rows, |(event, _)| event.action.name()))
        .bind(column(rows, |(event, _)| event.from_state.map(State::name)))
        .bind(column(rows, |(event, _)| event.to_state.name()))
        .bind(column(rows, |(event, _)| event.actor.clone()))
        .bind(column(rows, |(event, _)| event.reason.clone()))
        .bind(column(rows, |(event, _)| event.occurred_at))
        .bind(column(rows, |(_, hash)| hash.to_vec()))
}
