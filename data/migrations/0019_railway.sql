-- Railways are ground like roads: drawn, but nobody lives at one.

alter table road drop constraint road_class;
alter table road add constraint road_class
    check (class in ('expressway', 'arterial', 'collector', 'local', 'lane', 'bridge', 'railway'));

create or replace function tile_road_minzoom(class text) returns int
language sql immutable parallel safe as $$
    select case class
        when 'expressway' then 6
        when 'railway' then 8
        when 'arterial' then 9
        when 'bridge' then 11
        when 'collector' then 12
        when 'local' then 13
        else 14
    end
$$;
