//! Incidents of the past.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rand::RngCore;
use spatial::crs::LngLat;
use sqlx::PgConnection;

use crate::domain::event::Event;
use crate::domain::id::IncidentId;
use crate::domain::lifecycle::Action;
use crate::import::incidents::Past;

/// An incident with everything that was decided about it.
#[derive(Clone, Debug)]
pub struct Row {
    /// As the file tells it.
    pub past: Past,
    /// Its category.
    pub category_code: String,
    /// By when it had to be handled.
    pub due_at: DateTime<Utc>,
    /// The grid of its time.
    pub grid_id: Option<i32>,
    /// Its code.
    pub grid_code: Option<String>,
    /// Its community.
    pub community_code: Option<String>,
    /// Its township.
    pub township_code: Option<String>,
    /// Its district.
    pub district_code: Option<String>,
    /// The borders it was routed with.
    pub boundary_version: i32,
    /// The rosters.
    pub roster_version: i32,
    /// The level of its desk.
    pub level: &'static str,
    /// The kind of its holder.
    pub holder_kind: &'static str,
    /// Its holder.
    pub holder_id: i32,
    /// Why.
    pub holder_reason: String,
}

/// The key that imported incidents belong to. Nobody can call with it: it is random, told to nobody, and revoked.
pub async fn importer(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let mut nobody_knows = vec![0; 32];
    rand::rng().fill_bytes(&mut nobody_knows);
    sqlx::query_scalar(
        "with known as (
             select api_key_id from api_key where name = 'import' and prefix = 'import' limit 1
         ),
         new as (
             insert into api_key (name, prefix, sha256, may_write, revoked_at)
             select 'import', 'import', $1, false, now()
             where not exists (select 1 from known)
             returning api_key_id
         )
         select api_key_id from known union all select api_key_id from new",
    )
    .bind(nobody_knows)
    .fetch_one(connection)
    .await
}

/// Those of the numbers that were imported before.
pub async fn present(
    connection: &mut PgConnection,
    numbers: Vec<String>,
) -> Result<HashSet<String>, sqlx::Error> {
    let present: Vec<String> = sqlx::query_scalar(
        "select source_id
         from incident
         where channel = 'import' and source_id = any($1)",
    )
    .bind(numbers)
    .fetch_all(connection)
    .await?;
    Ok(present.into_iter().collect())
}

/// One array: `f` of each row.
fn column<T>(rows: &[Row], f: impl FnMut(&Row) -> T) -> Vec<T> {
    rows.iter().map(f).collect()
}

/// One array per column.
const INSERT: &str = "insert into incident (
             reported_at, api_key_id, channel, source_id, category_code, description,
             given_lng, given_lat, given_crs, address_text, located_by, geom,
             grid_id, grid_code, community_code, township_code, district_code,
             boundary_version, roster_version, state, level, holder_kind, holder_id, holder_reason,
             due_at, closed_at
         )
         select reported_at, $1, 'import', source_id, category_code, description,
                given_lng, given_lat, given_crs, address_text, located_by,
                st_setsrid(st_makepoint(lng, lat), 4326),
                grid_id, grid_code, community_code, township_code, district_code,
                boundary_version, roster_version, state, level, holder_kind, holder_id, holder_reason,
                due_at, closed_at
         from unnest(
             $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::text[],
             $9::text[], $10::text[], $11::float8[], $12::float8[], $13::int[], $14::text[], $15::text[],
             $16::text[], $17::text[], $18::int[], $19::int[], $20::text[], $21::text[], $22::text[],
             $23::int[], $24::text[], $25::timestamptz[], $26::timestamptz[]
         ) with ordinality as t (
             reported_at, source_id, category_code, description, given_lng, given_lat, given_crs,
             address_text, located_by, lng, lat, grid_id, grid_code, community_code,
             township_code, district_code, boundary_version, roster_version, state, level, holder_kind,
             holder_id, holder_reason, due_at, closed_at, place
         )
         order by place
         returning incident_id";

/// Writes incidents with the one line of log that says where they came from.
pub async fn insert(
    connection: &mut PgConnection,
    api_key: i32,
    rows: &[Row],
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let located_by = |row: &Row| if row.past.place.is_some() { "coordinate" } else { "none" };
    let given = |row: &Row| row.past.place.map(|(position, _)| position);
    let place = |row: &Row| row.past.place.map(|(_, point)| point.lng_lat());
    let ids: Vec<i64> = sqlx::query_scalar(INSERT)
        .bind(api_key)
        .bind(column(rows, |row| row.past.reported_at))
        .bind(column(rows, |row| row.past.source_id.clone()))
        .bind(column(rows, |row| row.category_code.clone()))
        .bind(column(rows, |row| row.past.description.clone()))
        .bind(column(rows, |row| given(row).map(|given| given.x)))
        .bind(column(rows, |row| given(row).map(|given| given.y)))
        .bind(column(rows, |row| given(row).map(|_| row.past.crs.to_string())))
        .bind(column(rows, |row| row.past.address.clone()))
        .bind(column(rows, located_by))
        .bind(column(rows, |row| place(row).map(LngLat::lng)))
        .bind(column(rows, |row| place(row).map(LngLat::lat)))
        .bind(column(rows, |row| row.grid_id))
        .bind(column(rows, |row| row.grid_code.clone()))
        .bind(column(rows, |row| row.community_code.clone()))
        .bind(column(rows, |row| row.township_code.clone()))
        .bind(column(rows, |row| row.district_code.clone()))
        .bind(column(rows, |row| row.boundary_version))
        .bind(column(rows, |row| row.roster_version))
        .bind(column(rows, |row| row.past.state.name()))
        .bind(column(rows, |row| row.level))
        .bind(column(rows, |row| row.holder_kind))
        .bind(column(rows, |row| row.holder_id))
        .bind(column(rows, |row| row.holder_reason.clone()))
        .bind(column(rows, |row| row.due_at))
        .bind(column(rows, |row| row.past.closed_at))
        .fetch_all(&mut *connection)
        .await?;
    log(connection, rows, &ids).await
}

async fn log(connection: &mut PgConnection, rows: &[Row], ids: &[i64]) -> Result<(), sqlx::Error> {
    let event = |(row, id): (&Row, &i64)| Event {
        incident_id: IncidentId(*id),
        ordinal: 1,
        action: Action::Report,
        from_state: None,
        to_state: row.past.state,
        actor: "import".to_owned(),
        reason: format!("row {} of an imported file", row.past.row),
        occurred_at: row.past.reported_at,
    };
    let events: Vec<Event> = rows.iter().zip(ids).map(event).collect();
    sqlx::query(
        "insert into incident_event (incident_id, ordinal, action, to_state, actor, reason, occurred_at, hash)
         select incident_id, 1, 'report', to_state, 'import', reason, occurred_at, hash
         from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::bytea[])
              as t (incident_id, to_state, reason, occurred_at, hash)",
    )
    .bind(ids)
    .bind(events.iter().map(|event| event.to_state.name()).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.reason.clone()).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.occurred_at).collect::<Vec<_>>())
    .bind(events.iter().map(|event| event.hash(None).to_vec()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
