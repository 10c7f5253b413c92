-- A building's name as a point of its own: a building that lies across the edge of tiles was named once in each of them.
-- Names leave the footprints, of whose tiles they were most of the bytes.
create or replace function tile_buildings(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'buildings', 4096, 'geom', 'id') into tile
    from (
        select b.building_id as id, b.kind, b.storeys, tile_polygon(b.geom, edge, near) as geom
        from tile_building b
        where b.geom && near and z >= 14
        order by b.building_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

create function tile_building_labels(z int, x int, y int, query json) returns bytea
language plpgsql volatile parallel safe as $$
declare
    edge geometry := st_tileenvelope(z, x, y);
    near geometry := st_tileenvelope(z, x, y, margin => 64.0 / 4096);
    tile bytea;
begin
    select st_asmvt(f, 'building_labels', 4096, 'geom', 'id') into tile
    from (
        select
            b.building_id as id, b.name, nullif(b.compound, '') as compound,
            st_asmvtgeom(st_pointonsurface(b.geom), edge, 4096, 64) as geom
        from tile_building b
        where b.geom && near and b.name <> ''
        order by b.building_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;
