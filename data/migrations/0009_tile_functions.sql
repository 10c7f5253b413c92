-- Drawing: one function per layer, each answering with one vector tile (or none) of at most a few thousand features.
-- Feature ids are the integer row ids, for the colours that a screen puts on features as their state. A margin of 64 of the
-- 4,096 tile units is drawn beyond the edge, so that strokes and labels meet their other half in the next tile.

-- Hands out a tile if it still is of the version that was asked for. Being volatile, it sees what was committed while the
-- tile was drawn: a tile that mixes versions, or reads a table being replaced, is refused here.
create function tile_of_version(tile bytea, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    asked int := (query ->> 'version')::int;
    shown int;
begin
    select map_version_id into shown from tile_version;
    if asked <> shown then
        raise exception using
            errcode = 'WG001',
            message = format('map version %s is not drawn any more, the current one is %s', asked, shown);
    end if;
    return tile;
end
$$;

-- A polygon in tile units. One that lies inside the tile is only moved and rounded, vertex by vertex: what two neighbours
-- share stays shared, and the repair that st_asmvtgeom does on every polygon (20 of its 23 microseconds) is left to those
-- that have to be cut. The stored rings already turn as a tile wants them.
create function tile_polygon(geom geometry, edge geometry, near geometry) returns geometry
language sql immutable parallel safe as $$
    select case
        when geom @ near then st_snaptogrid(
            st_transscale(
                geom, -st_xmin(edge), -st_ymax(edge),
                4096 / (st_xmax(edge) - st_xmin(edge)), -4096 / (st_xmax(edge) - st_xmin(edge))
            ),
            1
        )
        else st_asmvtgeom(geom, edge, 4096, 64)
    end
$$;

create function tile_divisions(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'divisions', 4096, 'geom', 'id') into tile
    from (
        select
            d.division_id as id, d.code, d.level, d.kind, d.name,
            tile_polygon(case when z <= 8 then d.geom_low else d.geom end, edge, near) as geom
        from tile_division d
        where d.geom && near and d.minzoom <= z
        order by d.minzoom, d.division_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

create function tile_division_labels(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'division_labels', 4096, 'geom', 'id') into tile
    from (
        select
            d.division_id as id, d.code, d.level, d.kind, d.name, d.people,
            st_asmvtgeom(d.geom, edge, 4096, 64) as geom
        from tile_division_label d
        where d.geom && near and d.minzoom <= z
        order by d.minzoom, d.division_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

create function tile_grids(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'grids', 4096, 'geom', 'id') into tile
    from (
        select
            g.grid_id as id, g.code, g.name, g.kind, g.community_code, g.township_code, g.district_code,
            tile_polygon(g.geom, edge, near) as geom
        from tile_grid g
        where g.geom && near
        order by g.grid_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

create function tile_grid_labels(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'grid_labels', 4096, 'geom', 'id') into tile
    from (
        select
            g.grid_id as id, g.code, g.name, g.kind, g.community_code, g.township_code, g.district_code, g.people,
            st_asmvtgeom(g.geom, edge, 4096, 64) as geom
        from tile_grid_label g
        where g.geom && near
        order by g.grid_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

-- Names cost most of a tile's bytes and are read from zoom 15 on.
create function tile_buildings(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'buildings', 4096, 'geom', 'id') into tile
    from (
        select
            b.building_id as id, b.kind, b.storeys,
            case when z >= 15 then nullif(b.name, '') end as name,
            case when z >= 15 then nullif(b.compound, '') end as compound,
            tile_polygon(b.geom, edge, near) as geom
        from tile_building b
        where b.geom && near and z >= 14
        order by b.building_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

create function tile_addresses(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'addresses', 4096, 'geom', 'id') into tile
    from (
        select
            a.address_id as id, a.label,
            st_asmvtgeom(a.geom, edge, 4096, 64) as geom
        from tile_address a
        where a.geom && near and z >= 15
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

-- Points in the middle of their cells, placed in tile units without a projection: a cell is 64 units wide. Nothing beyond the
-- edge: each address is counted in exactly one tile, and circles and heat maps are drawn across edges anyway.
create function tile_address_density(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    tile bytea;
begin
    select st_asmvt(f, 'address_density', 4096, 'geom', 'id') into tile
    from (
        select
            d.density_id as id, d.addresses as count,
            st_makepoint(d.cell_x * 64 + 32, d.cell_y * 64 + 32) as geom
        from tile_address_density d
        where d.zoom = z and d.tile_x = x and d.tile_y = y
        order by d.density_id
    ) f;
    return tile_of_version(tile, query);
end
$$;

create function tile_roads(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'roads', 4096, 'geom', 'id') into tile
    from (
        select
            r.road_id as id, r.class,
            case when z >= 12 then nullif(r.name, '') end as name,
            st_asmvtgeom(r.geom, edge, 4096, 64) as geom
        from tile_road r
        where r.geom && near and r.minzoom <= z
        order by r.minzoom desc, r.road_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

-- Left out below 16 pixels of area: 1 pixel is 8 of the tile's 4,096 units.
create function tile_water(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge  geometry := st_tileenvelope(z, x, y);
    near  geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    pixel double precision := 40075016.68557849 / (512 * 2.0 ^ z);
    tile  bytea;
begin
    select st_asmvt(f, 'water', 4096, 'geom', 'id') into tile
    from (
        select
            w.water_id as id, nullif(w.name, '') as name,
            tile_polygon(case when z <= 8 then w.geom_low else w.geom end, edge, near) as geom
        from tile_water w
        where w.geom && near and w.area >= 16 * pixel * pixel
        order by w.water_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;
