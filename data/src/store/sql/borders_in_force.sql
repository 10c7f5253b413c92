-- Every border in force, and whether it is one of the finest that tile the city: the basic grids, or in a city without
-- grids the divisions of the lowest level there is.
with
in_force as (select boundary_version_at(clock_timestamp()) as boundary),
division_in_force as (
    select d.*, array_position(array['city', 'district', 'township', 'community'], d.level) as depth
    from division d, in_force f
    where d.valid @> f.boundary
),
grid_in_force as (
    select g.* from grid g, in_force f
    where g.valid @> f.boundary
)
select 'grid' as of_table, grid_id as shape_id, kind = 'basic' as finest, st_asbinary(geom, 'NDR') as border
from grid_in_force
union all
select
    'division', division_id,
    depth = (select max(depth) from division_in_force)
        and not exists (select from grid_in_force where kind = 'basic'),
    st_asbinary(geom, 'NDR')
from division_in_force
