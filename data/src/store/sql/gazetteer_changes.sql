-- Each address that changed since version $1, as it was then and as it is now; at most $2. The elements come first.
with first as (
    -- Of several changes of one address the first one knows how it was.
    select distinct on (c.address_id) c.address_id, c.old_text, c.old_building_id
    from gazetteer_change c
    join gazetteer_version v using (gazetteer_version_id)
    where $1 < v.number
    order by c.address_id, v.number
    limit $2
)
select coalesce(a.district, ''), coalesce(a.township, ''), coalesce(a.community, ''), coalesce(a.road, ''),
       coalesce(a.house_no, ''), coalesce(a.compound, ''), coalesce(a.building_no, ''), coalesce(a.unit, ''),
       coalesce(a.room, ''),
       f.address_id, f.old_text, f.old_building_id,
       (select count(*) from address left_there where left_there.building_id = f.old_building_id) as left_in_building,
       a.address_id is not null as is_there, a.building_id, a.grid_id,
       round(st_x(a.geom) * 1e7)::int as x, round(st_y(a.geom) * 1e7)::int as y
from first f
left join address a on a.address_id = f.address_id
order by f.address_id
