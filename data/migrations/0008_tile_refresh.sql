-- Filling the tile tables. `select refresh_tile_tables()` belongs at the end of every transaction that changes borders,
-- grids, buildings, addresses, roads or water; it may be called any number of times.

-- On which zoom level a division appears: a screen holds a few dozen of them.
create function tile_division_minzoom(level text) returns int
language sql immutable parallel safe as $$
    select case level when 'township' then 7 when 'community' then 9 else 0 end
$$;

create function tile_road_minzoom(class text) returns int
language sql immutable parallel safe as $$
    select case class
        when 'expressway' then 6
        when 'arterial' then 9
        when 'bridge' then 11
        when 'collector' then 12
        when 'local' then 13
        else 14
    end
$$;

create function refresh_tile_divisions(boundary int) returns void
language plpgsql as $$
begin
    insert into tile_division_next (division_id, code, level, kind, name, minzoom, geom, geom_low)
    select
        d.division_id, d.code, d.level, d.kind, d.name, tile_division_minzoom(d.level), m.geom,
        st_snaptogrid(m.geom, 40075016.68557849 / 4096 / 512)
    from division d
    cross join lateral (select st_forcepolygoncw(st_transform(d.geom, 3857)) as geom) m
    where d.valid @> boundary
    order by tile_division_minzoom(d.level), m.geom;

    insert into tile_division_label_next (division_id, code, level, kind, name, people, minzoom, geom)
    select
        d.division_id, d.code, d.level, d.kind, d.name, d.people, tile_division_minzoom(d.level), m.geom
    from division d
    cross join lateral (select st_transform(d.label, 3857) as geom) m
    where d.valid @> boundary
    order by tile_division_minzoom(d.level), m.geom;
end
$$;

create function refresh_tile_grids(boundary int) returns void
language plpgsql as $$
begin
    insert into tile_grid_next (grid_id, code, name, kind, community_code, township_code, district_code, geom)
    select
        g.grid_id, g.code, g.name, g.kind, g.community_code, c.parent_code, t.parent_code, m.geom
    from grid g
    cross join lateral (select st_forcepolygoncw(st_transform(g.geom, 3857)) as geom) m
    left join division c on c.level = 'community' and c.code = g.community_code and c.valid @> boundary
    left join division t on t.level = 'township' and t.code = c.parent_code and t.valid @> boundary
    where g.valid @> boundary
    order by m.geom;

    insert into tile_grid_label_next
        (grid_id, code, name, kind, community_code, township_code, district_code, people, geom)
    select
        g.grid_id, n.code, n.name, n.kind, n.community_code, n.township_code, n.district_code, g.people, m.geom
    from tile_grid_next n
    join grid g on g.grid_id = n.grid_id
    cross join lateral (select st_transform(g.label, 3857) as geom) m
    order by m.geom;
end
$$;

create function refresh_tile_ground() returns void
language plpgsql as $$
begin
    insert into tile_building_next (building_id, name, compound, kind, storeys, geom)
    select b.building_id, b.name, b.compound, b.kind, b.storeys, m.geom
    from building b
    cross join lateral (select st_forcepolygoncw(st_transform(b.geom, 3857)) as geom) m
    order by m.geom;

    insert into tile_road_next (road_id, name, class, minzoom, geom)
    select r.road_id, r.name, r.class, tile_road_minzoom(r.class), m.geom
    from road r
    cross join lateral (select st_transform(r.geom, 3857) as geom) m
    order by m.geom;

    insert into tile_water_next (water_id, name, area, geom, geom_low)
    select
        w.water_id, w.name, st_area(m.geom), m.geom,
        st_snaptogrid(m.geom, 40075016.68557849 / 4096 / 512)
    from water w
    cross join lateral (select st_forcepolygoncw(st_transform(w.geom, 3857)) as geom) m
    order by m.geom;
end
$$;

create function refresh_tile_addresses() returns void
language plpgsql as $$
declare
    half_world constant double precision := 20037508.342789244;
    -- the finest level: zoom 13
    cell_size  constant double precision := 2 * half_world / 8192 / 64;
begin
    insert into tile_address_next (address_id, label, geom)
    select
        a.address_id,
        coalesce(nullif(concat(a.building_no, a.unit, a.room), ''), nullif(a.house_no, ''), a.full_text),
        m.geom
    from address a
    cross join lateral (select st_transform(a.geom, 3857) as geom) m
    order by m.geom;

    insert into tile_address_density_next (density_id, zoom, tile_x, tile_y, cell_x, cell_y, addresses)
    select
        row_number() over (order by c.x / 64, c.y / 64, c.x, c.y),
        13, c.x / 64, c.y / 64, c.x % 64, c.y % 64, c.addresses
    from (
        select
            floor((st_x(a.geom) + half_world) / cell_size)::int as x,
            floor((half_world - st_y(a.geom)) / cell_size)::int as y,
            count(*)::int as addresses
        from tile_address_next a
        group by 1, 2
    ) c;

    for level in reverse 12..6 loop
        insert into tile_address_density_next (density_id, zoom, tile_x, tile_y, cell_x, cell_y, addresses)
        select
            (select count(*) from tile_address_density_next)
                + row_number() over (order by c.x / 64, c.y / 64, c.x, c.y),
            level, c.x / 64, c.y / 64, c.x % 64, c.y % 64, c.addresses
        from (
            select
                (d.tile_x * 64 + d.cell_x) / 2 as x,
                (d.tile_y * 64 + d.cell_y) / 2 as y,
                sum(d.addresses)::int as addresses
            from tile_address_density_next d
            where d.zoom = level + 1
            group by 1, 2
        ) c;
    end loop;
end
$$;

-- Refills every tile table from the master tables and returns the map version that they show, which is a new one: the
-- caller's, when it inserted one into map_version in this transaction, else one that is made here.
create function refresh_tile_tables() returns int
language plpgsql as $$
declare
    -- borders that come into force later are drawn by a refresh at that time
    boundary    int := boundary_version_at(clock_timestamp());
    tile_tables constant text[] := array[
        'tile_division', 'tile_division_label', 'tile_grid', 'tile_grid_label', 'tile_building', 'tile_address',
        'tile_address_density', 'tile_road', 'tile_water'
    ];
    tile_table  text;
begin
    perform pg_advisory_xact_lock(hashtext('refresh_tile_tables'));
    foreach tile_table in array tile_tables loop
        perform tile_table_begin(tile_table);
    end loop;
    perform refresh_tile_divisions(boundary);
    perform refresh_tile_grids(boundary);
    perform refresh_tile_ground();
    perform refresh_tile_addresses();
    foreach tile_table in array tile_tables loop
        perform tile_table_index(tile_table);
    end loop;
    foreach tile_table in array tile_tables loop
        perform tile_table_replace(tile_table);
    end loop;
    if not exists (select from map_version where created_at = now()) then
        insert into map_version (reason) values ('tile tables refilled');
    end if;
    return tile_version_describe(boundary);
end
$$;

-- Notes what the refilled tables show and wakes the services, which drop the tiles they keep.
create function tile_version_describe(boundary int) returns int
language plpgsql as $$
declare
    extent box3d;
    shown  int;
begin
    select st_3dextent(st_transform(st_setsrid(e.geom, 3857), 4326)) into extent
    from (
        select st_extent(geom)::geometry as geom from tile_division
        union all select st_extent(geom)::geometry from tile_grid
        union all select st_extent(geom)::geometry from tile_address
    ) e;
    update tile_version
    set boundary_version_id = boundary,
        west = st_xmin(extent),
        south = st_ymin(extent),
        east = st_xmax(extent),
        north = st_ymax(extent),
        refreshed_at = now()
    returning map_version_id into shown;
    notify wangge_version;
    return shown;
end
$$;

-- What a tile service has to know about the map: one row, or none before the first load.
create function tile_map() returns table (
    map_version_id int, west double precision, south double precision, east double precision, north double precision,
    synthetic boolean, datasets text
)
language sql stable as $$
    select
        v.map_version_id, v.west, v.south, v.east, v.north,
        exists (select from dataset where synthetic),
        (select string_agg(distinct name, ', ' order by name) from dataset)
    from tile_version v
$$;
