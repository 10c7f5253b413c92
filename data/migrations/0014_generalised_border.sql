-- Borders for small scales. A shape has a few hundred vertices, of which a screen that shows a whole district can draw a
-- few: the service leaves the others out along shared borders (spatial::coverage, Generalisation), which SQL cannot do here,
-- and puts the results into generalised_border before it calls refresh_tile_tables(). A shape without a row, because
-- somebody refreshes by hand, is drawn as it is.

create table generalised_border (
    -- a row of grid or of division
    of_table text not null constraint generalised_border_of_table check (of_table in ('grid', 'division')),
    shape_id int not null,
    -- for zoom levels up to 9, to 11, and to 13: good to 40 m, 10 m, and 2.5 m; empty where nothing is left of it
    coarse   geometry(MultiPolygon, 4326) not null,
    middle   geometry(MultiPolygon, 4326) not null,
    fine     geometry(MultiPolygon, 4326) not null,
    primary key (of_table, shape_id)
);

-- What is drawn already stays as it is until the next refresh.
alter table tile_division
    drop column geom_low,
    add column geom_coarse geometry(MultiPolygon, 3857),
    add column geom_middle geometry(MultiPolygon, 3857),
    add column geom_fine geometry(MultiPolygon, 3857);
update tile_division set geom_coarse = geom, geom_middle = geom, geom_fine = geom;
alter table tile_division
    alter column geom_coarse set not null,
    alter column geom_middle set not null,
    alter column geom_fine set not null;

alter table tile_grid
    add column geom_coarse geometry(MultiPolygon, 3857),
    add column geom_middle geometry(MultiPolygon, 3857),
    add column geom_fine geometry(MultiPolygon, 3857);
update tile_grid set geom_coarse = geom, geom_middle = geom, geom_fine = geom;
alter table tile_grid
    alter column geom_coarse set not null,
    alter column geom_middle set not null,
    alter column geom_fine set not null;

-- A border as tiles want it.
create function tile_border(geom geometry) returns geometry
language sql immutable parallel safe as $$
    select st_forcepolygoncw(st_transform(geom, 3857))
$$;

create or replace function refresh_tile_divisions(boundary int) returns void
language plpgsql as $$
begin
    insert into tile_division_next
        (division_id, code, level, kind, name, minzoom, geom, geom_coarse, geom_middle, geom_fine)
    select
        d.division_id, d.code, d.level, d.kind, d.name, tile_division_minzoom(d.level), tile_border(d.geom),
        tile_border(coalesce(b.coarse, d.geom)),
        tile_border(coalesce(b.middle, d.geom)),
        tile_border(coalesce(b.fine, d.geom))
    from division d
    left join generalised_border b on b.of_table = 'division' and b.shape_id = d.division_id
    where d.valid @> boundary
    order by tile_division_minzoom(d.level), d.geom;

    insert into tile_division_label_next (division_id, code, level, kind, name, people, minzoom, geom)
    select
        d.division_id, d.code, d.level, d.kind, d.name, d.people, tile_division_minzoom(d.level), m.geom
    from division d
    cross join lateral (select st_transform(d.label, 3857) as geom) m
    where d.valid @> boundary
    order by tile_division_minzoom(d.level), m.geom;
end
$$;

create or replace function refresh_tile_grids(boundary int) returns void
language plpgsql as $$
begin
    insert into tile_grid_next
        (grid_id, code, name, kind, community_code, township_code, district_code,
         geom, geom_coarse, geom_middle, geom_fine)
    select
        g.grid_id, g.code, g.name, g.kind, g.community_code, c.parent_code, t.parent_code, tile_border(g.geom),
        tile_border(coalesce(b.coarse, g.geom)),
        tile_border(coalesce(b.middle, g.geom)),
        tile_border(coalesce(b.fine, g.geom))
    from grid g
    left join division c on c.level = 'community' and c.code = g.community_code and c.valid @> boundary
    left join division t on t.level = 'township' and t.code = c.parent_code and t.valid @> boundary
    left join generalised_border b on b.of_table = 'grid' and b.shape_id = g.grid_id
    where g.valid @> boundary
    order by g.geom;

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

-- Which of a border's drawings a zoom level shows.
create function tile_border_at(z int, geom geometry, coarse geometry, middle geometry, fine geometry) returns geometry
language sql immutable parallel safe as $$
    select case when z <= 9 then coarse when z <= 11 then middle when z <= 13 then fine else geom end
$$;

create or replace function tile_divisions(z int, x int, y int, query json) returns bytea
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
            tile_polygon(tile_border_at(z, d.geom, d.geom_coarse, d.geom_middle, d.geom_fine), edge, near) as geom
        from tile_division d
        where d.geom && near and d.minzoom <= z
        order by d.minzoom, d.division_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;

create or replace function tile_grids(z int, x int, y int, query json) returns bytea
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
            tile_polygon(tile_border_at(z, g.geom, g.geom_coarse, g.geom_middle, g.geom_fine), edge, near) as geom
        from tile_grid g
        where g.geom && near
        order by g.grid_id
    ) f
    where not st_isempty(f.geom);
    return tile_of_version(tile, query);
end
$$;
