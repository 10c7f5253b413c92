//! Grid workers, their base points, rosters and shifts.

use std::collections::HashSet;

use sqlx::PgConnection;

use crate::import::workers::Worker;

/// The codes of all grids in force.
pub async fn grid_codes(connection: &mut PgConnection) -> Result<HashSet<String>, sqlx::Error> {
    let codes: Vec<String> = sqlx::query_scalar(
        "select code
         from grid
         where valid @> (select max(boundary_version_id) from boundary_version)",
    )
    .fetch_all(connection)
    .await?;
    Ok(codes.into_iter().collect())
}

/// Writes workers and ends the rosters that the file no longer gives them; gives back how many rosters are new or of
/// another role.
pub async fn write(connection: &mut PgConnection, workers: &[Worker]) -> Result<u64, sqlx::Error> {
    let codes: Vec<&str> = workers.iter().map(|worker| worker.code.as_str()).collect();
    let names: Vec<&str> = workers.iter().map(|worker| worker.name.as_str()).collect();
    sqlx::query(
        "insert into grid_worker (code, name)
         select code, name from unnest($1::text[], $2::text[]) as t (code, name)
         on conflict (code) do update set name = excluded.name, voided_at = null
         where (grid_worker.name, grid_worker.voided_at) is distinct from (excluded.name, null)",
    )
    .bind(&codes)
    .bind(&names)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into grid_worker_load (grid_worker_id)
         select grid_worker_id from grid_worker where code = any($1)
         on conflict do nothing",
    )
    .bind(&codes)
    .execute(&mut *connection)
    .await?;
    write_bases(connection, workers).await?;
    let changed = write_rosters(connection, workers, &codes).await?;
    write_shifts(connection, workers).await?;
    Ok(changed)
}

async fn write_bases(connection: &mut PgConnection, workers: &[Worker]) -> Result<(), sqlx::Error> {
    let told = || workers.iter().filter_map(|worker| Some((worker.code.as_str(), worker.base?)));
    sqlx::query(
        "update grid_worker w
         set base = t.base
         from (
             select code, st_setsrid(st_makepoint(lng, lat), 4326) as base
             from unnest($1::text[], $2::float8[], $3::float8[]) as t (code, lng, lat)
         ) t
         where w.code = t.code and w.base is distinct from t.base",
    )
    .bind(told().map(|(code, _)| code).collect::<Vec<_>>())
    .bind(told().map(|(_, base)| base.lng_lat().lng()).collect::<Vec<_>>())
    .bind(told().map(|(_, base)| base.lng_lat().lat()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

async fn write_rosters(
    connection: &mut PgConnection,
    workers: &[Worker],
    codes: &[&str],
) -> Result<u64, sqlx::Error> {
    let mut of = Vec::new();
    let mut grids = Vec::new();
    let mut roles = Vec::new();
    for worker in workers {
        for (grid, role) in &worker.rosters {
            of.push(worker.code.as_str());
            grids.push(grid.as_str());
            roles.push(role.as_str());
        }
    }
    // A roster that began in this very transaction would end as an empty range: it goes instead.
    sqlx::query(
        "with given as (
             select w.grid_worker_id, t.grid_code, t.role
             from unnest($2::text[], $3::text[], $4::text[]) as t (code, grid_code, role)
             join grid_worker w on w.code = t.code
         )
         update roster r
         set period = tstzrange(lower(r.period), now())
         from grid_worker w
         where w.grid_worker_id = r.grid_worker_id and w.code = any($1)
           and r.period @> now() and lower(r.period) is distinct from now()
           and not exists (
               select 1 from given g
               where (g.grid_worker_id, g.grid_code, g.role) = (r.grid_worker_id, r.grid_code, r.role)
           )",
    )
    .bind(codes)
    .bind(&of)
    .bind(&grids)
    .bind(&roles)
    .execute(&mut *connection)
    .await?;
    let inserted = sqlx::query(
        "insert into roster (grid_worker_id, grid_code, role, period)
         select w.grid_worker_id, t.grid_code, t.role, tstzrange(now(), null)
         from unnest($1::text[], $2::text[], $3::text[]) as t (code, grid_code, role)
         join grid_worker w on w.code = t.code
         where not exists (
             select 1 from roster r
             where (r.grid_worker_id, r.grid_code) = (w.grid_worker_id, t.grid_code) and r.period @> now()
         )",
    )
    .bind(&of)
    .bind(&grids)
    .bind(&roles)
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected())
}

async fn write_shifts(
    connection: &mut PgConnection,
    workers: &[Worker],
) -> Result<(), sqlx::Error> {
    let told: Vec<&Worker> = workers.iter().filter(|worker| !worker.shifts.is_empty()).collect();
    let codes: Vec<&str> = told.iter().map(|worker| worker.code.as_str()).collect();
    let shifts =
        || told.iter().flat_map(|worker| worker.shifts.iter().map(move |shift| (worker, shift)));
    sqlx::query(
        "delete from shift s
         using grid_worker w
         where w.grid_worker_id = s.grid_worker_id and w.code = any($1)",
    )
    .bind(&codes)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert into shift (grid_worker_id, iso_weekday, starts_at, ends_at)
         select w.grid_worker_id, t.iso_weekday, t.starts_at, t.ends_at
         from unnest($1::text[], $2::int2[], $3::time[], $4::time[]) as t (code, iso_weekday, starts_at, ends_at)
         join grid_worker w on w.code = t.code",
    )
    .bind(shifts().map(|(worker, _)| worker.code.as_str()).collect::<Vec<_>>())
    .bind(shifts().map(|(_, shift)| shift.iso_weekday).collect::<Vec<_>>())
    .bind(shifts().map(|(_, shift)| shift.starts_at).collect::<Vec<_>>())
    .bind(shifts().map(|(_, shift)| shift.ends_at).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
