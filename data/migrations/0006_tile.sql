-- What map tiles are drawn from: copies of the master tables in Web Mercator (EPSG:3857), cut down to what a screen needs
-- and laid out on disk along a Hilbert curve, so that a tile reads neighbouring pages and transforms nothing. They hold the
-- boundary version in force; refresh_tile_tables() fills them anew in the transaction that changed the master tables.
-- Whatever is in them can be derived again: no key, no constraint, one index each. Polygons turn clockwise, as tiles want.

create table tile_division (
    division_id int not null,
    code        text not null,
    level       text not null,
    kind        text not null,
    name        text not null,
    -- the first zoom level on which it is drawn
    minzoom     int not null,
    geom        geometry(MultiPolygon, 3857) not null,
    -- for zoom levels up to 8: every vertex moved to a grid of 19.1 m, half a tile unit of zoom 8. A vertex that two
    -- neighbours share moves to the same place in both, so borders stay shared, which no simplification per polygon can say.
    geom_low    geometry(Geometry, 3857) not null
);
create index tile_division_geom on tile_division using gist (geom);

create table tile_division_label (
    division_id int not null,
    code        text not null,
    level       text not null,
    kind        text not null,
    name        text not null,
    people      int not null,
    minzoom     int not null,
    geom        geometry(Point, 3857) not null
);
create index tile_division_label_geom on tile_division_label using gist (geom);

create table tile_grid (
    grid_id        int not null,
    code           text not null,
    name           text not null,
    kind           text not null,
    community_code text,
    township_code  text,
    district_code  text,
    geom           geometry(MultiPolygon, 3857) not null
);
create index tile_grid_geom on tile_grid using gist (geom);

create table tile_grid_label (
    grid_id        int not null,
    code           text not null,
    name           text not null,
    kind           text not null,
    community_code text,
    township_code  text,
    district_code  text,
    people         int not null,
    geom           geometry(Point, 3857) not null
);
create index tile_grid_label_geom on tile_grid_label using gist (geom);

create table tile_building (
    building_id int not null,
    name        text not null,
    compound    text not null,
    kind        text not null,
    storeys     int not null,
    geom        geometry(Polygon, 3857) not null
);
create index tile_building_geom on tile_building using gist (geom);

create table tile_address (
    address_id int not null,
    -- what fits on a map: building, unit and room, else the house number, else the whole text
    label      text not null,
    geom       geometry(Point, 3857) not null
);
create index tile_address_geom on tile_address using gist (geom);

-- How many addresses lie in each cell, for the zoom levels on which single ones would be a grey mass: 64 by 64 cells a
-- tile, rows and columns counted from the north-west corner of the world as tiles are. A cell of a zoom level is four of
-- the next, so each level adds up to the same number of addresses.
create table tile_address_density (
    density_id int not null,
    zoom       int not null,
    tile_x     int not null,
    tile_y     int not null,
    cell_x     int not null,
    cell_y     int not null,
    addresses  int not null
);
create index tile_address_density_tile on tile_address_density (zoom, tile_x, tile_y);

create table tile_road (
    road_id int not null,
    name    text not null,
    class   text not null,
    minzoom int not null,
    geom    geometry(LineString, 3857) not null
);
create index tile_road_geom on tile_road using gist (geom);

create table tile_water (
    water_id int not null,
    name     text not null,
    -- in square map units, to leave out what would be less than a few pixels
    area     double precision not null,
    geom     geometry(MultiPolygon, 3857) not null,
    geom_low geometry(Geometry, 3857) not null
);
create index tile_water_geom on tile_water using gist (geom);

-- One row: which map version the tile tables show. A tile function compares it with the version it was asked for.
create table tile_version (
    only_row            boolean primary key default true constraint tile_version_one_row check (only_row),
    map_version_id      int not null,
    boundary_version_id int,
    -- degrees, null on an empty map
    west                double precision,
    south               double precision,
    east                double precision,
    north               double precision,
    refreshed_at        timestamptz not null default now()
);

-- A new map version is the version of the tile tables from the same commit on, whichever of the two was written first.
create function tile_version_follow() returns trigger
language plpgsql as $$
begin
    insert into tile_version (map_version_id)
    values (new.map_version_id)
    on conflict (only_row) do update
    set map_version_id = greatest(tile_version.map_version_id, excluded.map_version_id);
    return null;
end
$$;
create trigger map_version_to_tiles after insert on map_version
for each row execute function tile_version_follow();

-- Starts an empty successor of a tile table. Readers keep the old one until the commit: a truncate would lock them out for
-- the whole refill, a delete would leave a table and an index twice their size.
create function tile_table_begin(tile_table text) returns void
language plpgsql as $$
begin
    execute format('create table %I (like %I)', tile_table || '_next', tile_table);
end
$$;

-- Builds the index of a filled successor, which is several times cheaper than keeping it while filling.
create function tile_table_index(tile_table text) returns void
language plpgsql as $$
begin
    if tile_table = 'tile_address_density' then
        create index tile_address_density_next_tile on tile_address_density_next (zoom, tile_x, tile_y);
    else
        execute format('create index %I on %I using gist (geom)', tile_table || '_next_geom', tile_table || '_next');
    end if;
    execute format('analyze %I', tile_table || '_next');
end
$$;

-- Puts a successor into the place of its table. This is the moment that locks readers out, until the commit.
create function tile_table_replace(tile_table text) returns void
language plpgsql as $$
declare
    key_kind text := case tile_table when 'tile_address_density' then 'tile' else 'geom' end;
begin
    execute format('drop table %I', tile_table);
    execute format('alter table %I rename to %I', tile_table || '_next', tile_table);
    execute format('alter index %I rename to %I', tile_table || '_next_' || key_kind, tile_table || '_' || key_kind);
end
$$;
