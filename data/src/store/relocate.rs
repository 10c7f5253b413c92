//! Cases that a correction of borders concerns, and cases that newer borders could give to somebody else.

use chrono::{DateTime, Utc};
use spatial::lattice::LatticePoint;

use super::publish::stored_point;
use super::{PublishTransaction, broken};
use crate::domain::event::Event;
use crate::domain::id::{BoundaryVersionId, IncidentId};
use crate::domain::lifecycle::State;
use crate::error::{DataError, Result};

/// A case that lay in a grid that has ended, or in none.
#[derive(Clone, Debug)]
pub struct Misplaced {
    /// Which.
    pub incident_id: IncidentId,
    /// When it was told.
    pub reported_at: DateTime<Utc>,
    /// Where it is in its life; a correction does not move it on.
    pub state: State,
    /// Where it happened.
    pub place: LatticePoint,
    /// How many events its log has.
    pub events: i32,
    /// The hash of the last.
    pub last_hash: [u8; 32],
}

/// The grid and areas that are right for its event time.
#[derive(Clone, Debug)]
pub struct Relocated {
    /// Which, and when.
    pub key: (IncidentId, DateTime<Utc>),
    /// The grid: id and code.
    pub grid: Option<(i32, String)>,
    /// Codes of community, township, district.
    pub areas: [Option<String>; 3],
    /// What the log says about it, with its hash.
    pub event: (Event, [u8; 32]),
}

type Row = (i64, DateTime<Utc>, String, f64, f64, i32, Vec<u8>);

impl PublishTransaction {
    /// The cases reported since `at` in one of these ended grids, or in none. From here to the commit no case is decided
    /// anywhere, so there will be no more of them.
    pub async fn misplaced(&mut self, at: DateTime<Utc>, closed: &[i32]) -> Result<Vec<Misplaced>> {
        sqlx::query("lock table boundary_version in exclusive mode")
            .execute(self.connection())
            .await?;
        let rows: Vec<Row> = sqlx::query_as(
            "select i.incident_id, i.reported_at, i.state, st_x(i.geom), st_y(i.geom), last.ordinal, last.hash
             from incident i
             cross join lateral (
                 select e.ordinal, e.hash
                 from incident_event e
                 where e.incident_id = i.incident_id
                 order by e.ordinal desc
                 limit 1
             ) as last
             where $1 <= i.reported_at and i.geom is not null and (i.grid_id = any($2) or i.grid_id is null)
             order by i.incident_id
             for update of i",
        )
        .bind(at)
        .bind(closed)
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|(id, reported_at, state, lng, lat, events, hash)| {
                let short = |_| DataError::Broken { what: "hash", why: "not 32 bytes".to_owned() };
                Ok(Misplaced {
                    incident_id: IncidentId(id),
                    reported_at,
                    state: State::named(&state).ok_or_else(|| broken("state", &state))?,
                    place: stored_point(lng, lat)?,
                    events,
                    last_hash: hash.try_into().map_err(short)?,
                })
            })
            .collect()
    }

    /// Writes the corrections with their log, and tells the walls.
    pub async fn relocate(
        &mut self,
        version: BoundaryVersionId,
        relocated: &[Relocated],
    ) -> Result<()> {
        fn column<T>(rows: &[Relocated], f: impl FnMut(&Relocated) -> T) -> Vec<T> {
            rows.iter().map(f).collect()
        }
        let area = |at: usize| column(relocated, |one| one.areas[at].clone());
        sqlx::query(include_str!("sql/relocate.sql"))
            .bind(version.0)
            .bind(column(relocated, |one| one.key.0.0))
            .bind(column(relocated, |one| one.key.1))
            .bind(column(relocated, |one| one.grid.as_ref().map(|grid| grid.0)))
            .bind(column(relocated, |one| one.grid.as_ref().map(|grid| grid.1.clone())))
            .bind(area(0))
            .bind(area(1))
            .bind(area(2))
            .bind(column(relocated, |one| one.event.0.ordinal))
            .bind(column(relocated, |one| one.event.0.action.name()))
            .bind(column(relocated, |one| one.event.0.to_state.name()))
            .bind(column(relocated, |one| one.event.0.actor.clone()))
            .bind(column(relocated, |one| one.event.0.reason.clone()))
            .bind(column(relocated, |one| one.event.0.occurred_at))
            .bind(column(relocated, |one| one.event.1.to_vec()))
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
