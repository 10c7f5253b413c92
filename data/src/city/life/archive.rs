//! A stretch of the past straight into the database: incidents with their logs, hash by hash, and their clocks.
//!
//! One transaction a day, so that it can be interrupted and gone on with: a day that is there is left alone. What is
//! written so was told long ago and is told to no wall; open cases lie with workers and desks as if told in time.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use rand::RngCore;
use rayon::prelude::*;
use spatial::lattice::LatticePoint;
use sqlx::{Connection, PgConnection};

use super::history::{Frame, Step, closed_at, course};
use super::{Life, Report};
use crate::domain::assign::{Assignment, Choice, Pool, Staff, to_desk};
use crate::domain::deadline::Deadlines;
use crate::domain::event::Event;
use crate::domain::grid::GridKind;
use crate::domain::id::{GridWorkerId, IncidentId};
use crate::domain::incident::{HolderId, WorkLevel};
use crate::domain::lifecycle::{Action, ActorRole, State};
use crate::domain::why::Passed;
use crate::error::{DataError, Result};
use crate::progress::Progress;
use crate::routing::{Chain, Routing, RoutingView, Spot};
use crate::store::Store;
use crate::store::copy::{Rows, copy};

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    /// Incidents.
    pub incidents: u64,
    /// Lines of their logs.
    pub events: u64,
    /// How many of the incidents are open.
    pub open: u64,
    /// Days that were there before and were left alone.
    pub days_there: u64,
}

/// An incident with everything that is written about it.
struct Case {
    id: i64,
    report: Report,
    steps: Vec<Step>,
    point: Option<LatticePoint>,
    located_by: &'static str,
    address_id: Option<i32>,
    grid: Option<(i32, String)>,
    area: [Option<String>; 3],
    versions: (i32, i32),
    deadlines: Deadlines,
    /// Who had it first and who has it now.
    first: Assignment,
    last: Assignment,
}

/// Writes what was told from a day until before another, as it stands at `now`.
///
/// # Errors
/// [`DataError`]: the days before the failing one are written whole, of it nothing.
pub async fn archive(
    store: &Store,
    life: &Life<'_>,
    (from, until): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
    progress: &Progress,
) -> Result<Archived> {
    let routing = Routing::start(store.clone()).await?;
    let mut connection = store.pool.acquire().await?;
    let api_key = own_key(&mut connection).await?;
    let stage = progress.stage("days of the past", (until - from).num_days().max(0) as u64);
    let mut done = Archived::default();
    let mut month = 0;
    for (day, mut reports) in life.days(from, until) {
        reports.retain(|report| report.at <= now);
        stage.inc(1);
        let Some(first) = reports.first() else { continue };
        if month != day.month() {
            store.incident_month_ensure(first.at).await?;
            month = day.month();
        }
        if is_there(&mut connection, first).await? {
            done.days_there += 1;
            continue;
        }
        let mut transaction = connection.begin().await?;
        let cases = cases(&mut transaction, &routing, life.seed, reports, now).await?;
        write(&mut transaction, api_key, &cases, &mut done).await?;
        transaction.commit().await?;
    }
    Ok(done)
}

/// The key that this past belongs to. Nobody can call with it: it is random, told to nobody, and revoked.
async fn own_key(connection: &mut PgConnection) -> Result<i32> {
    let mut nobody_knows = vec![0; 32];
    rand::rng().fill_bytes(&mut nobody_knows);
    let key = sqlx::query_scalar(
        "with known as (
             select api_key_id from api_key where name = 'city history' and prefix = 'history' limit 1
         ),
         new as (
             insert into api_key (name, prefix, sha256, may_write, revoked_at)
             select 'city history', 'history', $1, false, now()
             where not exists (select 1 from known)
             returning api_key_id
         )
         select api_key_id from known union all select api_key_id from new",
    )
    .bind(nobody_knows)
    .fetch_one(connection)
    .await?;
    Ok(key)
}

async fn is_there(connection: &mut PgConnection, first: &Report) -> Result<bool> {
    let sql = "select exists (select 1 from incident where channel = $1 and source_id = $2)";
    let there = sqlx::query_scalar(sql).bind(first.channel.name()).bind(&first.source_id);
    Ok(there.fetch_one(connection).await?)
}

async fn cases(
    connection: &mut PgConnection,
    routing: &Routing,
    seed: u64,
    reports: Vec<Report>,
    now: DateTime<Utc>,
) -> Result<Vec<Case>> {
    let ids: Vec<i64> =
        sqlx::query_scalar("select nextval('incident_id_seq') from generate_series(1, $1)")
            .bind(reports.len() as i32)
            .fetch_all(&mut *connection)
            .await?;
    let addresses = known_addresses(connection, &reports).await?;
    let mut placed = Vec::with_capacity(reports.len());
    for (report, id) in reports.into_iter().zip(ids) {
        let view = routing.at(report.at).await?;
        let address_id = report.address.as_ref().and_then(|text| addresses.get(text).copied());
        placed.push((view, report, id, address_id));
    }
    let one = |(view, report, id, address_id)| case(&view, report, id, address_id, seed, now);
    placed.into_par_iter().map(one).collect()
}

async fn known_addresses(
    connection: &mut PgConnection,
    reports: &[Report],
) -> Result<HashMap<String, i32>> {
    let texts: Vec<&str> = reports.iter().filter_map(|report| report.address.as_deref()).collect();
    let rows: Vec<(String, i32)> = sqlx::query_as(
        "select full_text, min(address_id) from address where full_text = any($1) group by full_text",
    )
    .bind(texts)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

fn case(
    view: &RoutingView,
    report: Report,
    id: i64,
    address_id: Option<i32>,
    seed: u64,
    now: DateTime<Utc>,
) -> Result<Case> {
    let broken = |why: String| DataError::Broken { what: "city's past", why };
    let category = view
        .duty
        .category(report.category)
        .ok_or_else(|| broken(format!("there is no category {}", report.category)))?;
    let frame = Frame {
        accept_minutes: category.accept_minutes,
        handle_minutes: category.handle_minutes,
        until: now,
    };
    let told = report.location.and_then(|(x, y, crs)| crs.to_wgs84(x, y).ok());
    // Nobody closes what nobody has found: a seat marked the place before it went on.
    let (point, located_by) = match (told, address_id) {
        (Some(place), _) => (Some(LatticePoint::nearest(place)), "coordinate"),
        (None, Some(_)) => (Some(report.truth.point), "address"),
        (None, None) if now - TimeDelta::minutes(20) < report.at => (None, "none"),
        (None, None) => (Some(report.truth.point), "coordinate"),
    };
    let grid = match point.map(|point| view.borders.locate(point)) {
        Some(Spot::Inside { grid, .. }) => Some(grid),
        _ => None,
    };
    let chain = grid.map(|grid| view.borders.chain_of(grid)).unwrap_or_default();
    let mut steps = course(&report, &frame, seed);
    if point.is_none() {
        steps.truncate(1);
    }
    let first = assigned(view, &chain, grid.map(|grid| grid.code.as_str()), report.at)
        .ok_or_else(|| broken("there is not even a desk of the city".to_owned()))?;
    let level = steps.iter().rev().find_map(|step| step.level);
    let last =
        level.and_then(|level| desk_at(view, &chain, level)).unwrap_or_else(|| first.clone());
    let code = |d: Option<&crate::domain::division::Division>| d.map(|d| d.code.clone());
    Ok(Case {
        id,
        deadlines: Deadlines::of(category, report.at, report.at),
        point,
        located_by,
        address_id,
        grid: grid.map(|grid| (grid.grid_id.0, grid.code.clone())),
        area: [code(chain.community), code(chain.township), code(chain.district)],
        versions: (view.boundary_version().0, view.roster_version().0),
        steps,
        report,
        first,
        last,
    })
}

/// The worker on shift at that time, else the nearest desk.
fn assigned(
    view: &RoutingView,
    chain: &Chain<'_>,
    grid: Option<&str>,
    at: DateTime<Utc>,
) -> Option<Assignment> {
    let worker = grid.and_then(|code| {
        // Equals are equal here; the minute decides, so that work is spread.
        let candidates = view.duty.candidates(code, at);
        let turn = at.timestamp() / 60;
        let cases = |id: GridWorkerId| ((i64::from(id.0) * 7919 + turn) % 5) as i32;
        let staff = Staff::Grid { code: code.to_owned(), kind: GridKind::Basic };
        let pool = (!candidates.is_empty()).then_some(Pool { staff, candidates });
        Choice { pool, ..Choice::default() }.decide(cases)
    });
    worker.or_else(|| {
        let mut desks = view.duty.desks(&view.borders, chain);
        desks.extend(view.duty.city_desk(&view.borders));
        to_desk(&desks, &[Passed::Said("nobody of the grid was on shift".to_owned())])
    })
}

/// The desk of a level.
fn desk_at(view: &RoutingView, chain: &Chain<'_>, level: WorkLevel) -> Option<Assignment> {
    let desks = view.duty.desks(&view.borders, chain);
    let own: Vec<_> = desks.into_iter().filter(|desk| desk.level == level).collect();
    to_desk(&own, &[Passed::Said("taken over from below".to_owned())])
}

async fn write(
    connection: &mut PgConnection,
    api_key: i32,
    cases: &[Case],
    done: &mut Archived,
) -> Result<()> {
    copy(connection, INCIDENT, cases.iter(), |rows, case| case.put(rows, api_key), &mut |_| {})
        .await?;
    let logs: Vec<Vec<(Event, [u8; 32])>> = cases.par_iter().map(Case::log).collect();
    let events = logs.iter().flatten();
    done.events += logs.iter().map(|log| log.len() as u64).sum::<u64>();
    copy(connection, EVENT, events, put_event, &mut |_| {}).await?;
    copy(connection, CLOCK, cases.iter().flat_map(Case::clocks), put_clock, &mut |_| {}).await?;
    let mut loads: HashMap<i32, i32> = HashMap::new();
    for case in cases.iter().filter(|case| case.is_open()) {
        done.open += 1;
        if let HolderId::GridWorker(worker) = case.last.holder.id {
            *loads.entry(worker.0).or_default() += 1;
        }
    }
    let (workers, open): (Vec<i32>, Vec<i32>) = loads.into_iter().unzip();
    sqlx::query(
        "update grid_worker_load
         set open_cases = grid_worker_load.open_cases + added.cases
         from unnest($1::int[], $2::int[]) as added (grid_worker_id, cases)
         where grid_worker_load.grid_worker_id = added.grid_worker_id",
    )
    .bind(workers)
    .bind(open)
    .execute(connection)
    .await?;
    done.incidents += cases.len() as u64;
    Ok(())
}

const INCIDENT: &str = "incident (incident_id, reported_at, received_at, api_key_id, channel, source_id, \
    category_code, description, given_lng, given_lat, given_crs, address_text, located_by, geom, address_id, grid_id, \
    grid_code, community_code, township_code, district_code, boundary_version, roster_version, state, level, \
    holder_kind, holder_id, holder_reason, due_at, closed_at, row_version)";
const EVENT: &str = "incident_event (incident_id, ordinal, action, from_state, to_state, actor, reason, occurred_at, \
    hash)";
const CLOCK: &str =
    "clock_interval (incident_id, clock, holder_kind, holder_id, started_at, due_at, stopped_at)";

impl Case {
    fn state(&self) -> State {
        self.steps.last().map_or(State::Received, |step| step.to)
    }

    fn is_open(&self) -> bool {
        self.state().is_open()
    }

    fn put(&self, rows: &mut Rows, api_key: i32) {
        let report = &self.report;
        let [community, township, district] = self.area.each_ref().map(Option::as_deref);
        let crs = report.location.map(|(_, _, crs)| crs.to_string());
        rows.row(30).bigint(self.id).timestamp(report.at).timestamp(report.at).int(api_key);
        rows.text(report.channel.name()).text(&report.source_id).text(report.category);
        rows.text(&report.description);
        rows.maybe_with(report.location, |rows, (lng, _, _)| rows.double(lng));
        rows.maybe_with(report.location, |rows, (_, lat, _)| rows.double(lat));
        rows.maybe(crs.as_deref()).maybe(report.address.as_deref()).text(self.located_by);
        rows.maybe_with(self.point, Rows::point);
        rows.maybe_with(self.address_id.filter(|_| self.located_by == "address"), Rows::int);
        rows.maybe_with(self.grid.as_ref().map(|grid| grid.0), Rows::int);
        rows.maybe(self.grid.as_ref().map(|grid| grid.1.as_str()));
        rows.maybe(community).maybe(township).maybe(district);
        rows.int(self.versions.0).int(self.versions.1);
        rows.text(self.state().name()).text(self.last.level.name());
        rows.text(self.last.holder.id.kind()).int(self.last.holder.id.number());
        rows.text(&self.last.holder.reason).timestamp(self.deadlines.due_at);
        rows.maybe_with(closed_at(&self.steps), Rows::timestamp).int(self.steps.len() as i32);
    }

    fn log(&self) -> Vec<(Event, [u8; 32])> {
        let mut log: Vec<(Event, [u8; 32])> = Vec::with_capacity(self.steps.len());
        let mut holder = self.first.holder.id;
        for (ordinal, step) in (1..).zip(&self.steps) {
            let actor = match step.role {
                ActorRole::Reporter => "reporter".to_owned(),
                ActorRole::Holder => format!("{}:{}", holder.kind(), holder.number()),
                role => role.name().to_owned(),
            };
            if step.level.is_some() {
                holder = self.last.holder.id;
            }
            let reason = match step.action {
                Action::Dispatch if ordinal == 3 => self.first.holder.reason.clone(),
                _ => step.reason.to_owned(),
            };
            let event = Event {
                incident_id: IncidentId(self.id),
                ordinal,
                action: step.action,
                from_state: step.from,
                to_state: step.to,
                actor,
                reason,
                occurred_at: step.at,
            };
            let hash = event.hash(log.last().map(|(_, hash)| hash));
            log.push((event, hash));
        }
        log
    }

    /// The clock of accepting and the clock of handling, stopped when that was done or became needless.
    fn clocks(&self) -> impl Iterator<Item = Clock> {
        let first = |action: Action| {
            self.steps.iter().find(|step| step.action == action).map(|step| step.at)
        };
        let over = closed_at(&self.steps);
        let accept = (first(Action::Accept).or(over), self.deadlines.accept_due_at, &self.first);
        let handle = (first(Action::Handle).or(over), self.deadlines.due_at, &self.last);
        [("accept", accept), ("handle", handle)].into_iter().map(
            |(name, (stopped, due, holder))| Clock {
                id: self.id,
                name,
                holder: holder.holder.id,
                started: self.report.at,
                due,
                stopped,
            },
        )
    }
}

struct Clock {
    id: i64,
    name: &'static str,
    holder: HolderId,
    started: DateTime<Utc>,
    due: DateTime<Utc>,
    stopped: Option<DateTime<Utc>>,
}

#[expect(clippy::needless_pass_by_value, reason = "a row is written and done with")]
fn put_clock(rows: &mut Rows, clock: Clock) {
    rows.row(7).bigint(clock.id).text(clock.name);
    rows.text(clock.holder.kind()).int(clock.holder.number());
    rows.timestamp(clock.started).timestamp(clock.due).maybe_with(clock.stopped, Rows::timestamp);
}

fn put_event(rows: &mut Rows, (event, hash): &(Event, [u8; 32])) {
    rows.row(9).bigint(event.incident_id.0).int(event.ordinal).text(event.action.name());
    rows.maybe(event.from_state.map(State::name)).text(event.to_state.name());
    rows.text(&event.actor).text(&event.reason).timestamp(event.occurred_at).bytes(hash);
}
