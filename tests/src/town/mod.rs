//! A town of 2 × 2 km, small enough to know by heart: two townships, four communities, nine basic grids and a special one.
//!
//! ```text
//! 12 ┌───────────┬───────────┐      Units are 18 500 lattice steps east and 15 000 north, about 167 m each.
//!    │    C2     │    D2     │      A2 lies inside A1. D2 has a second part inside D1. The border between A and B
//!  9 ├───────────┼───────────┤      runs slanted, so do those between A and C and between B and D.
//!    │    C1     │ D1  ▢ D2  │      A, B: township 620102001. C, D: township 620102101, D is a village.
//!  6 ├─._  A3 _.-┼─.__    __.┤
//!  4 ├───────┬─./     ‾‾‾‾   │      On shift at any time: the primary of A1, A3, B2, C1, D1; both primaries of A2;
//!    │ A1 ▢A2 \    B2        │      B1's primary never, its deputy always; nobody of C2; D2 has no roster.
//!  0 └─────────┴─B1──────────┘
//!    0         6            12
//! ```

mod shapes;

use anyhow::Result;
use data::Store;
use serde_json::{Value, json};

use crate::cluster::Database;
pub use shapes::{GRIDS, Grid, Vertex, at, grid, multipolygon};

/// Code of the town's only district.
pub const DISTRICT: &str = "620102";
/// Codes of the communities A, B, C, D.
pub const COMMUNITIES: [&str; 4] = ["620102001001", "620102001002", "620102101001", "620102101201"];
/// A category that the migrations bring.
pub const CATEGORY: &str = "0201";

/// A report of something in the grid named `short`, as a mini-program would send it but for the coordinate system.
pub fn report_in(short: &str) -> Value {
    report_at(at(grid(short).inside))
}

/// A report of something at a lattice point.
pub fn report_at((x, y): crate::oracle::Point) -> Value {
    json!({
        "channel": "mini_program",
        "category": CATEGORY,
        "description": "路面塌陷",
        "location": {"lng": f64::from(x) / 1e7, "lat": f64::from(y) / 1e7, "crs": "wgs84"},
    })
}

/// Puts the town into an empty, migrated database.
///
/// # Errors
/// When the database refuses.
pub async fn load(database: &Database) -> Result<()> {
    let store = Store::connect_with(&database.url, 2).await?;
    let mut transaction = store.pool.begin().await?;
    sqlx::raw_sql(
        "insert into dataset (name, source, synthetic) values ('town', 'drawn by hand', true);
         insert into boundary_version (effective_at, published_by) values (now() - interval '1 year', 'test');
         insert into roster_version (reason) values ('test');
         insert into map_version (reason) values ('test');",
    )
    .execute(&mut *transaction)
    .await?;
    for grid in GRIDS {
        sqlx::query(
            "insert into grid (code, community_code, kind, name, people, area_m2, geom, label, valid)
             select $1, $2, $3, $4, 500, st_area(g::geography), g, st_pointonsurface(g), '[1,)'
             from st_geomfromtext($5, 4326) g",
        )
        .bind(grid.code)
        .bind(grid.community())
        .bind(grid.kind)
        .bind(grid.name)
        .bind(multipolygon(grid.parts))
        .execute(&mut *transaction)
        .await?;
    }
    sqlx::raw_sql(DIVISIONS).execute(&mut *transaction).await?;
    sqlx::raw_sql(PLACES).execute(&mut *transaction).await?;
    sqlx::raw_sql(PEOPLE_ON_DUTY).execute(&mut *transaction).await?;
    sqlx::raw_sql("select refresh_tile_tables()").execute(&mut *transaction).await?;
    transaction.commit().await?;
    store.pool.close().await;
    Ok(())
}

/// Divisions are the union of their grids, so that they cannot disagree.
const DIVISIONS: &str = "
with named (code, level, kind, name, parent_code) as (values
    ('6201', 'city', 'city', '兰州市', null),
    ('620102', 'district', 'district', '城关区', '6201'),
    ('620102001', 'township', 'subdistrict', '东岸街道', '620102'),
    ('620102101', 'township', 'town', '西岸镇', '620102'),
    ('620102001001', 'community', 'community', '甲社区', '620102001'),
    ('620102001002', 'community', 'community', '乙社区', '620102001'),
    ('620102101001', 'community', 'community', '丙社区', '620102101'),
    ('620102101201', 'community', 'village', '丁村', '620102101')
)
insert into division (code, level, kind, name, parent_code, people, geom, label, valid)
select n.code, n.level, n.kind, n.name, n.parent_code, u.people, u.geom, st_pointonsurface(u.geom), '[1,)'
from named n
cross join lateral (
    select sum(g.people)::int, st_multi(st_union(g.geom))
    from grid g
    where g.kind = 'basic' and starts_with(g.code, n.code)
) u (people, geom);
";

/// One building in each basic grid, around its label, with three addresses.
const PLACES: &str = "
insert into building (name, compound, kind, storeys, people, grid_id, geom)
select '1号楼', g.name || '家园', 'residential', 6, 100, g.grid_id,
       st_makeenvelope(st_x(p) - 0.0001, st_y(p) - 0.0001, st_x(p) + 0.0001, st_y(p) + 0.0001, 4326)
from grid g
cross join st_setsrid(st_makepoint(round(st_x(g.label)::numeric, 7), round(st_y(g.label)::numeric, 7)), 4326) p
where g.kind = 'basic';

insert into address (full_text, district, township, community, compound, building_no, unit, room, building_id, grid_id, geom)
select '城关区' || b.compound || b.name || '1单元' || room || '室', '城关区', '', '', b.compound, b.name, '1单元', room || '室',
       b.building_id, b.grid_id, st_centroid(b.geom)
from building b
cross join unnest(array['101', '201', '301']) room;
";

const PEOPLE_ON_DUTY: &str = "
insert into unit (code, kind, name, division_code)
select 'centre-' || code, 'area_centre', name || '指挥中心', code from division;

insert into grid_worker (code, name) values
    ('w-a1', '王一'), ('w-a2', '李二'), ('w-a2b', '李二乙'), ('w-a3', '张三'), ('w-b1', '赵四'), ('w-b1d', '赵四副'),
    ('w-b2', '钱五'), ('w-c1', '孙六'), ('w-c2', '周七'), ('w-d1', '吴八');

insert into roster (grid_worker_id, grid_code, role)
select w.grid_worker_id, r.grid_code, r.role
from grid_worker w
join (values
    ('w-a1', '620102001001001', 'primary'), ('w-a2', '620102001001002', 'primary'),
    ('w-a2b', '620102001001002', 'primary'), ('w-a3', '620102001001003', 'primary'),
    ('w-b1', '620102001002001', 'primary'), ('w-b1d', '620102001002001', 'deputy'),
    ('w-b2', '620102001002002', 'primary'), ('w-c1', '620102101001001', 'primary'),
    ('w-c2', '620102101001002', 'primary'), ('w-d1', '620102101201001', 'primary')
) as r (worker, grid_code, role) on r.worker = w.code;

insert into shift (grid_worker_id, iso_weekday, starts_at, ends_at)
select w.grid_worker_id, weekday, '00:00', '00:00'
from grid_worker w
cross join generate_series(1, 7) weekday
where w.code not in ('w-b1', 'w-c2');

insert into grid_worker_load (grid_worker_id, open_cases) select grid_worker_id, 0 from grid_worker;
";
