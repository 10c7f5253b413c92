//! A mesh of 24 × 24 grids with bent borders and a straight outline, houses and addresses strewn over it.

use anyhow::Result;
use tests::cluster::Database;

/// West, south, east, north of the mesh in degrees.
pub const BOUNDS: [f64; 4] = [103.76, 36.04, 103.88, 36.12];

/// Fills an empty database with the mesh and `addresses` addresses, and draws it as map version 1.
pub async fn load(database: &Database, addresses: i32) -> Result<()> {
    let mut transaction = database.pool.begin().await?;
    sqlx::raw_sql(MESH).execute(&mut *transaction).await?;
    sqlx::query(ADDRESSES).bind(addresses).execute(&mut *transaction).await?;
    sqlx::raw_sql("select refresh_tile_tables()").execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

const MESH: &str = "
insert into dataset (name, source, synthetic) values ('mesh', 'made in a test', true);
insert into map_version (reason) values ('mesh');
insert into boundary_version (effective_at, published_by) values (now(), 'test');

-- corners and the points between them belong to an edge, so two neighbours have the same ones
create temporary table mesh_edge on commit drop as
with corner as (
    select
        i, j,
        case when i in (0, 24) then 103.76 + i * 0.005 else 103.76 + i * 0.005 + 0.0011 * sin(j * 1.7 + i) end as lng,
        case when j in (0, 24) then 36.04 + j / 300.0 else 36.04 + j / 300.0 + 0.0007 * cos(i * 1.3 + j) end as lat
    from generate_series(0, 24) i, generate_series(0, 24) j
)
select
    a.i, a.j, d.di as east,
    (
        select st_makeline(st_setsrid(st_makepoint(
            round((a.lng + (b.lng - a.lng) * t / 8.0 + case when a.i in (0, 24) and d.di = 0 then 0 else 0.0002 * sin(pi() * t / 8) * sin(a.i * 5 + a.j) end)::numeric, 7)::float8,
            round((a.lat + (b.lat - a.lat) * t / 8.0 + case when a.j in (0, 24) and d.di = 1 then 0 else 0.0002 * sin(pi() * t / 8) * cos(a.i + a.j * 5) end)::numeric, 7)::float8
        ), 4326) order by t)
        from generate_series(0, 8) t
    ) as line
from corner a
cross join (values (1, 0), (0, 1)) d (di, dj)
join corner b on b.i = a.i + d.di and b.j = a.j + d.dj;

insert into grid (code, kind, name, people, area_m2, community_code, geom, label, valid)
select
    format('620102001001%s', lpad((s.i * 24 + s.j)::text, 3, '0')), 'basic', format('网格%s-%s', s.i, s.j), 300, 1,
    '620102001001', m.geom, st_pointonsurface(m.geom), '[1,)'
from mesh_edge s
join mesh_edge e on e.i = s.i + 1 and e.j = s.j and e.east = 0
join mesh_edge n on n.i = s.i and n.j = s.j + 1 and n.east = 1
join mesh_edge w on w.i = s.i and w.j = s.j and w.east = 0
cross join lateral (
    select st_multi(st_makepolygon(st_linemerge(st_collect(array[s.line, e.line, n.line, w.line])))) as geom
) m
where s.east = 1;

insert into division (code, level, kind, name, parent_code, people, geom, label, valid)
select n.code, n.level, n.kind, n.name, n.parent_code, 1000, m.geom, st_pointonsurface(m.geom), '[1,)'
from (values
    ('620102', 'district', 'district', '城关区', null),
    ('620102001', 'township', 'subdistrict', '东岸街道', '620102'),
    ('620102001001', 'community', 'community', '甲社区', '620102001')
) n (code, level, kind, name, parent_code)
cross join (select st_multi(st_makeenvelope(103.76, 36.04, 103.88, 36.12, 4326)) as geom) m;

insert into building (name, compound, kind, storeys, geom)
select n || '号楼', '家园', 'residential', 6, st_makeenvelope(p.lng, p.lat, p.lng + 0.0003, p.lat + 0.0002, 4326)
from generate_series(1, 1000) n
cross join lateral (select 103.761 + n % 40 * 0.0029 as lng, 36.041 + n / 40 * 0.0031 as lat) p;

insert into road (name, class, geom)
select '路' || n, (array['expressway', 'arterial', 'bridge', 'collector', 'local', 'lane', 'railway'])[1 + n % 7],
    st_setsrid(st_makeline(st_makepoint(103.76 + n * 0.002, 36.04), st_makepoint(103.76 + n * 0.002, 36.12)), 4326)
from generate_series(0, 59) n;

insert into water (name, geom) values ('黄河', st_multi(st_makeenvelope(103.76, 36.06, 103.88, 36.065, 4326)));
";

const ADDRESSES: &str = "
insert into address (full_text, building_no, unit, room, geom)
select
    '城关区某路' || n || '号', n % 20 || '号楼', n % 4 || '单元', n % 28 || '室',
    st_setsrid(st_makepoint(
        round((103.76 + random() * 0.12)::numeric, 7)::float8,
        round((36.04 + random() * 0.08)::numeric, 7)::float8
    ), 4326)
from generate_series(1, $1) n
";
