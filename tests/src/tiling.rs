//! Do the stored shapes tile exactly? Answered without areas and tolerances.
//!
//! Each outline is a sum of directed edges. Where two neighbours share a border, one walks it forth and the other back, and
//! the two cancel. If the edges of all children together leave exactly the edges of the parent, then every place in the
//! parent is covered once, and no place outside: no gap, no overlap, to the lattice.

use anyhow::Result;
use sqlx::PgPool;

/// Edges, in whole lattice steps, that do not cancel between a parent and its children.
const UNCANCELLED: &str = r"
with shape as (
    select g.community_code as parent_code, 1 as side, g.geom
    from grid g
    where g.kind = 'basic' and g.valid @> boundary_version_at(now())
    union all
    select d.parent_code, 1, d.geom
    from division d
    where d.parent_code is not null and d.valid @> boundary_version_at(now())
    union all
    select d.code, -1, d.geom
    from division d
    where d.valid @> boundary_version_at(now())
),
edge as (
    select
        s.parent_code,
        s.side,
        round(st_x(st_startpoint(e.geom)) * 1e7)::bigint as ax,
        round(st_y(st_startpoint(e.geom)) * 1e7)::bigint as ay,
        round(st_x(st_endpoint(e.geom)) * 1e7)::bigint as bx,
        round(st_y(st_endpoint(e.geom)) * 1e7)::bigint as by
    from shape s
    cross join st_dumpsegments(st_forcepolygonccw(s.geom)) e
),
directed as (
    select
        parent_code,
        least((ax, ay), (bx, by)) as low,
        greatest((ax, ay), (bx, by)) as high,
        case when (ax, ay) < (bx, by) then side else -side end as direction
    from edge
),
left_over as (
    select parent_code, low, high from directed group by parent_code, low, high having sum(direction) <> 0
)
select parent_code, count(*) from left_over group by parent_code order by parent_code
";

/// Parents that their children do not tile, with the number of edges left over; empty when all is exact.
///
/// # Errors
/// When the database refuses.
pub async fn untiled(pool: &PgPool) -> Result<Vec<(String, i64)>> {
    Ok(sqlx::query_as(UNCANCELLED).fetch_all(pool).await?)
}

/// Addresses that do not lie in exactly one building, or whose stored building or grid is not the one they lie in.
///
/// # Errors
/// When the database refuses.
pub async fn misplaced_addresses(pool: &PgPool) -> Result<i64> {
    let sql = r"
select count(*)
from address a
cross join lateral (
    select count(*) as buildings, min(b.building_id) as building_id
    from building b
    where st_covers(b.geom, a.geom)
) b
cross join lateral (
    select array(
        select oracle.grids_at(round(st_x(a.geom) * 1e7)::bigint, round(st_y(a.geom) * 1e7)::bigint)
    ) as owners
) g
where b.buildings <> 1 or b.building_id is distinct from a.building_id or g.owners is distinct from array[a.grid_id]
";
    Ok(sqlx::query_scalar(sql).fetch_one(pool).await?)
}

/// Buildings that a border of a basic grid cuts, or that do not lie in the grid stored with them.
///
/// # Errors
/// When the database refuses.
pub async fn cut_buildings(pool: &PgPool) -> Result<i64> {
    let sql = r"
select count(*)
from building b
left join grid g on g.grid_id = b.grid_id
where g.grid_id is null or not st_covers(g.geom, b.geom)
";
    Ok(sqlx::query_scalar(sql).fetch_one(pool).await?)
}
