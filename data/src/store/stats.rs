//! Counts for walls, all from one snapshot and exact for one place in the stream: what is committed but still in the
//! outbox is left out, because it will arrive on the stream after that place.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{Postgres, Transaction};

use super::{Scope, Store};
use crate::error::Result;

/// What a wall counts.
#[derive(Clone, Debug, Default)]
pub struct WallCounts {
    /// The place in the stream these counts are exact for.
    pub seq: i64,
    /// Told since `since`.
    pub received: i64,
    /// Somebody still has to act.
    pub open: i64,
    /// Closed since `since`.
    pub closed: i64,
    /// Open and past its deadline.
    pub overdue: i64,
    /// Told since `since`, by channel.
    pub by_channel: BTreeMap<String, i64>,
    /// Open, by level of the work.
    pub by_level: BTreeMap<String, i64>,
    /// Told since `since`, by category code.
    pub by_category: BTreeMap<String, i64>,
    /// Open, by code of district, township and community alike.
    pub open_by_division: BTreeMap<String, i64>,
    /// Open, by grid id.
    pub open_by_grid: BTreeMap<i32, i64>,
    /// Told since `since`, by hour of the city's day.
    pub hourly: [i64; 24],
    /// The last fifty events of the stream as JSON objects, the newest first.
    pub recent: Vec<String>,
    /// Open cases that may be shown as points.
    pub open_points: Vec<OpenPoint>,
}

/// An open case as a point.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenPoint {
    /// Its incident.
    pub incident_id: i64,
    /// WGS 84 degrees.
    pub lng: f64,
    /// WGS 84 degrees.
    pub lat: f64,
    /// What it is about.
    pub category_code: String,
    /// Where the work is.
    pub state: String,
}

type Snapshot = Transaction<'static, Postgres>;

impl Store {
    /// Counts what is in sight; `since` is the beginning of the city's day, `now` decides what is overdue.
    pub async fn wall_counts(
        &self,
        scope: &Scope,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<WallCounts> {
        let begin = "begin isolation level repeatable read read only";
        let mut snapshot = self.pool.begin_with(begin).await?;
        let seq = sqlx::query_scalar("select coalesce(max(seq), 0) from stream_event")
            .fetch_one(&mut *snapshot)
            .await?;
        let mut counts = WallCounts { seq, ..WallCounts::default() };
        count_open(&mut snapshot, scope, now, &mut counts).await?;
        count_told(&mut snapshot, scope, since, &mut counts).await?;
        counts.closed = closed(&mut snapshot, scope, since).await?;
        counts.recent = recent(&mut snapshot, scope).await?;
        counts.open_points = open_points(&mut snapshot, scope).await?;
        snapshot.commit().await?;
        Ok(counts)
    }
}

async fn count_open(
    snapshot: &mut Snapshot,
    scope: &Scope,
    now: DateTime<Utc>,
    counts: &mut WallCounts,
) -> Result<()> {
    type Row = (Option<i32>, Option<String>, Option<String>, Option<String>, String, i64, i64);
    let rows: Vec<Row> = sqlx::query_as(
        "select grid_id, community_code, township_code, district_code, level,
                count(*), count(*) filter (where due_at < $2)
         from incident i
         where closed_at is null
           and ($1::text is null or $1 in (district_code, township_code, community_code))
           and not exists (
               select 1
               from outbox o
               where o.topic = 'incident' and (o.payload ->> 'id')::bigint = i.incident_id
           )
         group by grid_id, community_code, township_code, district_code, level",
    )
    .bind(scope.code())
    .bind(now)
    .fetch_all(&mut **snapshot)
    .await?;
    for (grid_id, community, township, district, level, open, overdue) in rows {
        counts.open += open;
        counts.overdue += overdue;
        *counts.by_level.entry(level).or_default() += open;
        if let Some(grid_id) = grid_id {
            *counts.open_by_grid.entry(grid_id).or_default() += open;
        }
        for code in [community, township, district].into_iter().flatten() {
            *counts.open_by_division.entry(code).or_default() += open;
        }
    }
    Ok(())
}

async fn count_told(
    snapshot: &mut Snapshot,
    scope: &Scope,
    since: DateTime<Utc>,
    counts: &mut WallCounts,
) -> Result<()> {
    let rows: Vec<(String, String, i32, i64)> = sqlx::query_as(
        "select channel, category_code, extract(hour from reported_at at time zone 'Asia/Shanghai')::int, count(*)
         from incident i
         where reported_at >= $2
           and ($1::text is null or $1 in (district_code, township_code, community_code))
           and not exists (
               select 1
               from outbox o
               where o.topic = 'incident' and (o.payload ->> 'id')::bigint = i.incident_id
           )
         group by 1, 2, 3",
    )
    .bind(scope.code())
    .bind(since)
    .fetch_all(&mut **snapshot)
    .await?;
    for (channel, category, hour, told) in rows {
        counts.received += told;
        *counts.by_channel.entry(channel).or_default() += told;
        *counts.by_category.entry(category).or_default() += told;
        if let Some(slot) = counts.hourly.get_mut(hour as usize) {
            *slot += told;
        }
    }
    Ok(())
}

async fn closed(snapshot: &mut Snapshot, scope: &Scope, since: DateTime<Utc>) -> Result<i64> {
    Ok(sqlx::query_scalar(
        "select count(*)
         from incident
         where closed_at >= $2
           and ($1::text is null or $1 in (district_code, township_code, community_code))",
    )
    .bind(scope.code())
    .bind(since)
    .fetch_one(&mut **snapshot)
    .await?)
}

async fn recent(snapshot: &mut Snapshot, scope: &Scope) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(
        "select payload::text
         from stream_event
         where topic = 'incident'
           and not payload ? 'counted_only'
           and ($1::text is null or $1 = any(string_to_array(area_path, '/')))
         order by seq desc
         limit 50",
    )
    .bind(scope.code())
    .fetch_all(&mut **snapshot)
    .await?)
}

async fn open_points(snapshot: &mut Snapshot, scope: &Scope) -> Result<Vec<OpenPoint>> {
    let rows: Vec<(i64, f64, f64, String, String)> = sqlx::query_as(
        "select i.incident_id, st_x(i.geom), st_y(i.geom), i.category_code, i.state
         from incident i
         join category c on c.category_code = i.category_code
         where i.closed_at is null
           and i.geom is not null
           and not c.counted_only
           and ($1::text is null or $1 in (i.district_code, i.township_code, i.community_code))
           and not exists (
               select 1
               from outbox o
               where o.topic = 'incident' and (o.payload ->> 'id')::bigint = i.incident_id
           )
         order by i.reported_at desc
         limit 30000",
    )
    .bind(scope.code())
    .fetch_all(&mut **snapshot)
    .await?;
    let point = |(incident_id, lng, lat, category_code, state)| OpenPoint {
        incident_id,
        lng,
        lat,
        category_code,
        state,
    };
    Ok(rows.into_iter().map(point).collect())
}
