-- Which addresses a version of the gazetteer changed. Building the geocoder's snapshot of a large city takes seconds; a single new
-- house must not. Each transaction writes which addresses it added, rewrote, moved or removed, and the nodes lay these over
-- the snapshot they have. What changes more than that, or something else than addresses, makes a version that is whole:
-- whoever has an older snapshot builds a new one, and the log before it is of no more use.

alter table gazetteer_version add column is_whole boolean not null default true;

create table gazetteer_change (
    gazetteer_version_id int not null references gazetteer_version,
    address_id           int not null,
    -- its elements and its building as they were before this version; null for a new address
    old_text             text,
    old_building_id      int,
    constraint gazetteer_change_pkey primary key (gazetteer_version_id, address_id)
);

-- The elements of an address in one text; no address has the sign that parts them.
create function address_elements(a address) returns text
language sql immutable as $$
    select concat_ws(e'\x1f', a.district, a.township, a.community, a.road, a.house_no, a.compound, a.building_no, a.unit, a.room)
$$;

-- The version that this transaction makes.
create function gazetteer_version_of(why text, whole boolean) returns int
language plpgsql as $$
declare
    made int;
begin
    select gazetteer_version_id into made from gazetteer_version where transaction_id = pg_current_xact_id();
    if made is null then
        insert into gazetteer_version (reason, is_whole) values (why, whole) returning gazetteer_version_id into made;
    elsif whole then
        update gazetteer_version set is_whole = true where gazetteer_version_id = made and not is_whole;
    end if;
    return made;
end
$$;

create or replace function gazetteer_changed() returns trigger
language plpgsql as $$
begin
    perform gazetteer_version_of(tg_table_name, true);
    return null;
end
$$;

create function address_added() returns trigger
language plpgsql as $$
declare
    made int;
    many constant int = 1000;
begin
    if (select count(*) from (select from fresh limit many + 1) few) > many then
        perform gazetteer_version_of('address', true);
    elsif exists (select from fresh) then
        made := gazetteer_version_of('address', false);
        insert into gazetteer_change (gazetteer_version_id, address_id)
        select made, address_id from fresh
        on conflict do nothing;
    end if;
    return null;
end
$$;

create function address_rewritten() returns trigger
language plpgsql as $$
begin
    insert into gazetteer_change (gazetteer_version_id, address_id, old_text, old_building_id)
    values (gazetteer_version_of('address', false), old.address_id, address_elements(old), old.building_id)
    on conflict do nothing;
    return null;
end
$$;

drop trigger address_changes on address;
drop trigger address_is_rewritten on address;
create trigger address_is_emptied after truncate on address
for each statement execute function gazetteer_changed();
create trigger address_is_added after insert on address referencing new table as fresh
for each statement execute function address_added();
-- The grid of an address is no part of the gazetteer: a publication that moves borders leaves it as it is.
create trigger address_is_rewritten after update of
    district, township, community, road, house_no, compound, building_no, unit, room, building_id, geom
on address for each row when (
    (address_elements(old), old.building_id, old.geom) is distinct from (address_elements(new), new.building_id, new.geom)
) execute function address_rewritten();
create trigger address_is_removed after delete on address
for each row execute function address_rewritten();

create or replace function gazetteer_version_settle() returns trigger
language plpgsql as $$
declare
    next_number int;
    -- Changes of one version, and of all that are kept.
    many constant int = 1000;
    most constant int = 20000;
begin
    -- Held to the end of the commit: the next in line sees our number.
    perform pg_advisory_xact_lock(hashtext('gazetteer_version'));
    select coalesce(max(number), 0) + 1 into next_number from gazetteer_version;
    update gazetteer_version v
    set number = next_number,
        is_whole = is_whole
            or many < (select count(*) from gazetteer_change c where c.gazetteer_version_id = v.gazetteer_version_id)
            or most < (select count(*) from (select from gazetteer_change limit most + 1) few)
    where v.gazetteer_version_id = new.gazetteer_version_id;
    delete from gazetteer_change c
    using gazetteer_version v
    where c.gazetteer_version_id = v.gazetteer_version_id and v.number <= next_number
      and exists (select from gazetteer_version own where own.gazetteer_version_id = new.gazetteer_version_id and own.is_whole);
    insert into outbox (topic, payload) values ('gazetteer', jsonb_build_object('gazetteer_version', next_number));
    perform pg_notify('wangge_version', '');
    return null;
end
$$;
