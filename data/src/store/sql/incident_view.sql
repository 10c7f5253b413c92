-- Incidents of `page` with the names of everything they point to, as they were in the boundary version of the decision.
select i.incident_id, i.reported_at, i.received_at, i.channel, i.source_id, i.category_code,
       category.name as category_name, i.description, i.state, i.level,
       st_x(i.geom) as lng, st_y(i.geom) as lat,
       i.given_lng, i.given_lat, i.given_crs, i.address_text, i.located_by,
       i.address_id, address.full_text as address_full_text,
       i.grid_id, i.grid_code, grid.name as grid_name, grid.kind as grid_kind,
       i.special_grid_id, special.code as special_grid_code, special.name as special_grid_name,
       i.community_code, community.name as community_name,
       i.township_code, township.name as township_name,
       i.district_code, district.name as district_name,
       i.holder_kind, i.holder_id, coalesce(grid_worker.name, unit.name, '') as holder_name, i.holder_reason,
       i.due_at, i.closed_at, i.boundary_version, i.roster_version, i.row_version, i.address_match::text as address_match
from page i
join category on category.category_code = i.category_code
left join address on address.address_id = i.address_id
left join grid on grid.grid_id = i.grid_id
left join grid special on special.grid_id = i.special_grid_id
left join division community
    on community.code = i.community_code and community.level = 'community'
    and community.valid @> i.boundary_version
left join division township
    on township.code = i.township_code and township.level = 'township'
    and township.valid @> i.boundary_version
left join division district
    on district.code = i.district_code and district.level = 'district'
    and district.valid @> i.boundary_version
left join grid_worker on i.holder_kind = 'grid_worker' and grid_worker.grid_worker_id = i.holder_id
left join unit on i.holder_kind = 'unit' and unit.unit_id = i.holder_id
order by i.reported_at desc, i.incident_id desc
