-- Publishing borders while reports come in. The grid on a case must be right for its event time, also for a case that is
-- decided in the very moment in which a publication commits. Two rules keep it so:
--   * whoever writes cases holds `row share` on boundary_version from before it looks which versions there are until it has
--     committed; whoever publishes takes `exclusive` in its commit, waits for them, and lets nobody begin meanwhile;
--   * a version published with effective_at = now() comes into force at its commit, after the event time of every case that
--     was written before it. One that comes into force earlier (a correction) must have put the cases since then right.
-- Both are here and not in the service, so that an import, a city load and a statement typed by hand keep them too.

create function boundary_version_settle() returns trigger
language plpgsql as $$
declare
    takes_effect timestamptz := new.effective_at;
    before       timestamptz;
    misplaced    bigint;
begin
    lock table boundary_version in exclusive mode;
    select max(effective_at) into before
    from boundary_version
    where boundary_version_id < new.boundary_version_id;

    if new.effective_at = now() then
        -- A clock that runs ahead by more than an hour is a fault to be found below, not one to wait for.
        select greatest(clock_timestamp(), max(reported_at) + interval '1 microsecond') into takes_effect
        from incident
        where reported_at < clock_timestamp() + interval '1 hour';
    end if;
    if takes_effect < before then
        raise exception using
            errcode = 'WG002',
            message = format(
                'a boundary version comes into force at %s already, before that (at %s) no other can any more', before, takes_effect
            );
    end if;
    update boundary_version
    set effective_at = takes_effect, published_at = clock_timestamp()
    where boundary_version_id = new.boundary_version_id;

    select count(*) into misplaced
    from incident i
    join grid g on g.grid_id = i.grid_id
    where takes_effect <= i.reported_at and not g.valid @> new.boundary_version_id;
    if 0 < misplaced then
        raise exception using
            errcode = 'WG003',
            message = format(
                '%s cases reported since %s lie in grids that the new boundary version does not have', misplaced, takes_effect
            );
    end if;

    insert into outbox (topic, payload)
    values ('boundary', jsonb_build_object('boundary_version', new.boundary_version_id, 'effective_at', takes_effect));
    perform pg_notify('wangge_version', '');
    return null;
end
$$;
drop trigger boundary_version_wakes on boundary_version;
create constraint trigger boundary_version_settles after insert on boundary_version
deferrable initially deferred for each row execute function boundary_version_settle();

-- Rosters, categories and units reach the nodes the same way: in their place in the stream. The notification only wakes.
create or replace function wake_nodes() returns trigger
language plpgsql as $$
begin
    insert into outbox (topic, payload) values ('duty', jsonb_build_object('changed', tg_table_name));
    perform pg_notify('wangge_version', '');
    return null;
end
$$;

-- Publishing is more than writing: whoever may move a border moves responsibility.
alter table api_key add column may_publish boolean not null default false;

-- Refills the tile tables that are named, all in one step, and returns the map version that they show, which is a new one:
-- the caller's, when it inserted one into map_version in this transaction, else one that is made here for the reason given.
create function refill_tile_tables(tile_tables text[], reason text) returns int
language plpgsql as $$
declare
    -- borders that come into force later are drawn by a refresh at that time
    boundary   int := boundary_version_at(clock_timestamp());
    tile_table text;
begin
    perform pg_advisory_xact_lock(hashtext('refresh_tile_tables'));
    foreach tile_table in array tile_tables loop
        perform tile_table_begin(tile_table);
    end loop;
    perform refresh_tile_divisions(boundary);
    perform refresh_tile_grids(boundary);
    if 'tile_address' = any(tile_tables) then
        perform refresh_tile_ground();
        perform refresh_tile_addresses();
    end if;
    foreach tile_table in array tile_tables loop
        perform tile_table_index(tile_table);
    end loop;
    foreach tile_table in array tile_tables loop
        perform tile_table_replace(tile_table);
    end loop;
    if not exists (select from map_version where created_at = now()) then
        insert into map_version (reason) values (refill_tile_tables.reason);
    end if;
    return tile_version_describe(boundary);
end
$$;

create or replace function refresh_tile_tables() returns int
language sql as $$
    select refill_tile_tables(
        array[
            'tile_division', 'tile_division_label', 'tile_grid', 'tile_grid_label', 'tile_building', 'tile_address',
            'tile_address_density', 'tile_road', 'tile_water'
        ],
        'tile tables refilled'
    )
$$;

-- A publication changes borders and nothing else of the map; addresses, buildings and roads are most of the work of a
-- refresh and stay as they are.
create function refresh_tile_borders() returns int
language sql as $$
    select refill_tile_tables(
        array['tile_division', 'tile_division_label', 'tile_grid', 'tile_grid_label'], 'borders came into force'
    )
$$;
