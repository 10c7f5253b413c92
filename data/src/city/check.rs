//! Is what lies in the database a city? Asked of PostGIS, not of the code that drew it.

use sqlx::PgConnection;

use crate::error::DataError;
use crate::progress::Progress;
use crate::store::Store;

/// What was asked and what came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The question.
    pub what: &'static str,
    /// The answer: a count, or for an invariant the number of faults.
    pub found: i64,
    /// Whether it must be nought.
    pub must_be_nought: bool,
}

impl Finding {
    /// Whether an invariant does not hold.
    pub const fn is_fault(&self) -> bool {
        self.must_be_nought && self.found != 0
    }
}

/// How many there are of each.
const COUNTS: &[(&str, &str)] = &[
    ("districts", "select count(*) from division where level = 'district' and upper_inf(valid)"),
    ("townships", "select count(*) from division where level = 'township' and upper_inf(valid)"),
    ("communities", "select count(*) from division where level = 'community' and upper_inf(valid)"),
    ("basic grids", "select count(*) from grid where kind = 'basic' and upper_inf(valid)"),
    ("special grids", "select count(*) from grid where kind = 'special' and upper_inf(valid)"),
    (
        "vertices of a basic grid, on average",
        "select round(avg(st_npoints(geom) - 1))::bigint from grid where kind = 'basic' and upper_inf(valid)",
    ),
    ("streets", "select count(*) from road"),
    ("buildings", "select count(*) from building"),
    ("addresses", "select count(*) from address"),
    ("service points", "select count(*) from poi"),
    ("legal entities", "select count(*) from legal_entity"),
    ("people", "select coalesce(sum(people), 0)::bigint from building"),
    ("grid workers", "select count(*) from grid_worker where voided_at is null"),
    (
        "area centres",
        "select count(*) from unit where kind = 'area_centre' and division_code is not null",
    ),
    ("departments", "select count(*) from unit where kind = 'department'"),
];

/// What must never be found. A shared border cancels when one side walks it forth and the other back: what is left of all
/// children's edges must be their parent's, edge by edge, so there are no gaps and no overlaps of any size.
const FAULTS: &[(&str, &str)] = &[
    ("shapes that are not valid", "select count(*) from (select geom from grid where upper_inf(valid)
        union all select geom from division where upper_inf(valid)) s where not st_isvalid(geom)"),
    ("border edges by which children do not tile their parent", "
        with shape as (
            select community_code as parent, 1 as side, geom from grid where kind = 'basic' and upper_inf(valid)
            union all
            select parent_code, 1, geom from division where parent_code is not null and upper_inf(valid)
            union all
            select code, -1, geom from division where upper_inf(valid)
        ),
        edge as (
            select
                s.parent, s.side,
                (round(st_x(st_startpoint(e.geom)) * 1e7)::bigint << 32) + round(st_y(st_startpoint(e.geom)) * 1e7)::bigint as a,
                (round(st_x(st_endpoint(e.geom)) * 1e7)::bigint << 32) + round(st_y(st_endpoint(e.geom)) * 1e7)::bigint as b
            from shape s
            cross join st_dumpsegments(st_forcepolygonccw(s.geom)) e
        )
        select count(*) from (
            select 1 from edge
            group by parent, least(a, b), greatest(a, b)
            having sum(case when a < b then side else -side end) <> 0
        ) left_over"),
    ("addresses that are not in exactly one building, the one stored with them", "
        select (select count(*) from address) - count(*) filter (where a.building_id = b.building_id)
            + count(*) filter (where a.building_id is distinct from b.building_id)
        from building b join address a on st_covers(b.geom, a.geom)"),
    ("addresses that are not in exactly one basic grid, the one stored with them", "
        select (select count(*) from address) - count(*) filter (where a.grid_id = g.grid_id)
            + count(*) filter (where a.grid_id is distinct from g.grid_id)
        from grid g join address a on st_contains(g.geom, a.geom)
        where g.kind = 'basic' and upper_inf(g.valid)"),
    ("buildings that a border cuts or that lie in another grid", "
        select (select count(*) from building) - count(*)
        from grid g join building b on b.grid_id = g.grid_id and st_contains(g.geom, b.geom)
        where g.kind = 'basic' and upper_inf(g.valid)"),
    ("service points and legal entities away from their address", "
        select count(*)
        from (select address_id, geom from poi union all select address_id, geom from legal_entity) p
        left join address a using (address_id)
        where a.geom is null or not st_equals(a.geom, p.geom)"),
    ("grids whose people are not those of their buildings", "
        select count(*)
        from grid g
        left join (select grid_id, sum(people) as people from building group by grid_id) b using (grid_id)
        where g.kind = 'basic' and upper_inf(g.valid) and g.people <> coalesce(b.people, 0)"),
    ("divisions whose people are not those of their parts", "
        select count(*)
        from division d
        join (
            select community_code as code, sum(people) as people from grid
            where kind = 'basic' and upper_inf(valid) group by 1
            union all
            select parent_code, sum(people) from division where upper_inf(valid) and parent_code is not null group by 1
        ) parts using (code)
        where upper_inf(d.valid) and d.people <> parts.people"),
    ("basic grids without a primary worker", "
        select count(*) from grid g
        where g.kind = 'basic' and upper_inf(g.valid) and not exists (
            select from roster r where r.grid_code = g.code and r.role = 'primary' and upper_inf(r.period))"),
    ("divisions without an area centre", "
        select count(*) from division d
        where upper_inf(d.valid) and not exists (
            select from unit u where u.division_code = d.code and u.kind = 'area_centre')"),
];

/// Counts what there is and looks for faults.
///
/// # Errors
/// [`DataError::Database`] when the database cannot be asked.
pub async fn check(store: &Store, progress: &Progress) -> Result<Vec<Finding>, DataError> {
    let mut tx = store.pool.begin().await?;
    // Nothing is written, and all is seen as of one moment.
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *tx)
        .await?;
    let mut findings = Vec::new();
    for (list, must_be_nought) in [(COUNTS, false), (FAULTS, true)] {
        for &(what, sql) in list {
            let stage = progress.stage(what, 0);
            let found = ask(&mut tx, sql).await?;
            stage.set(found.unsigned_abs());
            drop(stage);
            findings.push(Finding { what, found, must_be_nought });
        }
    }
    tx.commit().await?;
    Ok(findings)
}

async fn ask(connection: &mut PgConnection, sql: &str) -> Result<i64, DataError> {
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}
