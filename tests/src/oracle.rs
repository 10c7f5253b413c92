//! The border rule a second time, in SQL and whole numbers, straight from the stored shapes: what the service answers is
//! compared with it. It shares no line with `spatial`.

use anyhow::Result;
use sqlx::PgPool;

/// A point on the lattice of 10⁻⁷ degrees: longitude, latitude.
pub type Point = (i32, i32);

/// Where one edge of a ring goes, in whole lattice steps, lower end first. Made once from all basic grids there ever were.
const PREPARE: &str = r"
create schema if not exists oracle;
drop table if exists oracle.edge;
create table oracle.edge as
select
    g.grid_id,
    case when a.y <= b.y then a.x else b.x end as lo_x,
    least(a.y, b.y) as lo_y,
    case when a.y <= b.y then b.x else a.x end as hi_x,
    greatest(a.y, b.y) as hi_y
from grid g
cross join st_dumpsegments(g.geom) s
cross join lateral (
    select round(st_x(st_startpoint(s.geom)) * 1e7)::bigint, round(st_y(st_startpoint(s.geom)) * 1e7)::bigint
) a (x, y)
cross join lateral (
    select round(st_x(st_endpoint(s.geom)) * 1e7)::bigint, round(st_y(st_endpoint(s.geom)) * 1e7)::bigint
) b (x, y)
where g.kind = 'basic';
create index on oracle.edge (grid_id);
analyze oracle.edge;

-- A point is inside when the ray to its left crosses an odd number of edges; an edge owns its lower end.
create or replace function oracle.shapes_at(x bigint, y bigint, version int) returns setof int
language sql stable as $$
    select g.grid_id
    from grid g
    where g.geom && st_setsrid(st_makepoint(x / 1e7, y / 1e7), 4326)
      and g.kind = 'basic'
      and g.valid @> version
      and (
          select count(*) % 2 = 1
          from oracle.edge e
          where e.grid_id = g.grid_id
            and e.lo_y <= y
            and y < e.hi_y
            and (x - e.lo_x)::numeric * (e.hi_y - e.lo_y) - (y - e.lo_y)::numeric * (e.hi_x - e.lo_x) >= 0
      )
    order by g.grid_id
$$;

create or replace function oracle.grids_at(x bigint, y bigint) returns setof int
language sql stable as $$
    select oracle.shapes_at(x, y, boundary_version_at(now()))
$$;
";

/// Reads the shapes; call it again after borders have changed.
///
/// # Errors
/// When the database refuses.
pub async fn prepare(pool: &PgPool) -> Result<()> {
    sqlx::raw_sql(PREPARE).execute(pool).await?;
    Ok(())
}

/// The basic grids that own each point: one inside a city, none outside it, and two only where shapes overlap.
///
/// # Errors
/// When the database refuses, for instance because [`prepare`] was not called.
pub async fn owners(pool: &PgPool, points: &[Point]) -> Result<Vec<Vec<i32>>> {
    let (xs, ys): (Vec<i64>, Vec<i64>) =
        points.iter().map(|(x, y)| (i64::from(*x), i64::from(*y))).unzip();
    let rows: Vec<(Vec<i32>,)> = sqlx::query_as(
        "select array(select oracle.grids_at(p.x, p.y))
         from unnest($1::bigint[], $2::bigint[]) with ordinality as p (x, y, ordinal)
         order by p.ordinal",
    )
    .bind(&xs)
    .bind(&ys)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(owners,)| owners).collect())
}

/// The basic grids that contain each point as PostGIS itself sees it, and whether the point lies exactly on a border. There
/// PostGIS cannot be asked: it computes in doubles, and tenths of micro-degrees are not whole in them.
///
/// # Errors
/// When the database refuses, for instance because [`prepare`] was not called.
pub async fn containing(pool: &PgPool, points: &[Point]) -> Result<Vec<(Vec<i32>, bool)>> {
    let (xs, ys): (Vec<i64>, Vec<i64>) =
        points.iter().map(|(x, y)| (i64::from(*x), i64::from(*y))).unzip();
    let rows = sqlx::query_as(
        "select
             array(
                 select g.grid_id from grid g
                 where g.kind = 'basic' and g.valid @> boundary_version_at(now()) and st_contains(g.geom, q.point)
                 order by g.grid_id
             ),
             exists(
                 select 1 from grid g
                 join oracle.edge e on e.grid_id = g.grid_id
                 where g.geom && st_expand(q.point, 2e-7)
                   and g.valid @> boundary_version_at(now())
                   and e.lo_y <= p.y and p.y <= e.hi_y
                   and least(e.lo_x, e.hi_x) <= p.x and p.x <= greatest(e.lo_x, e.hi_x)
                   and (p.x - e.lo_x)::numeric * (e.hi_y - e.lo_y) = (p.y - e.lo_y)::numeric * (e.hi_x - e.lo_x)
             )
         from unnest($1::bigint[], $2::bigint[]) with ordinality as p (x, y, ordinal)
         cross join lateral (select st_setsrid(st_makepoint(p.x / 1e7, p.y / 1e7), 4326)) q (point)
         order by p.ordinal",
    )
    .bind(&xs)
    .bind(&ys)
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// The basic grids that own each point in the boundary version named for it.
///
/// # Errors
/// When the database refuses, for instance because [`prepare`] was not called.
pub async fn owners_in(pool: &PgPool, points: &[Point], versions: &[i32]) -> Result<Vec<Vec<i32>>> {
    let (xs, ys): (Vec<i64>, Vec<i64>) =
        points.iter().map(|(x, y)| (i64::from(*x), i64::from(*y))).unzip();
    let rows: Vec<(Vec<i32>,)> = sqlx::query_as(
        "select array(select oracle.shapes_at(p.x, p.y, p.version))
         from unnest($1::bigint[], $2::bigint[], $3::int[]) with ordinality as p (x, y, version, ordinal)
         order by p.ordinal",
    )
    .bind(&xs)
    .bind(&ys)
    .bind(versions)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(owners,)| owners).collect())
}

/// The codes of the basic grids that own each point in one boundary version.
///
/// # Errors
/// As [`owners_in`].
pub async fn owner_codes_in(
    pool: &PgPool,
    points: &[Point],
    version: i32,
) -> Result<Vec<Vec<String>>> {
    let (xs, ys): (Vec<i64>, Vec<i64>) =
        points.iter().map(|(x, y)| (i64::from(*x), i64::from(*y))).unzip();
    let rows: Vec<(Vec<String>,)> = sqlx::query_as(
        "select array(select g.code from oracle.shapes_at(p.x, p.y, $3) s join grid g on g.grid_id = s order by g.code)
         from unnest($1::bigint[], $2::bigint[]) with ordinality as p (x, y, ordinal)
         order by p.ordinal",
    )
    .bind(&xs)
    .bind(&ys)
    .bind(version)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(owners,)| owners).collect())
}
