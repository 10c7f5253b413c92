-- The incident. Everything that decided about it is stored with it: the point as it was given and in which system, the
-- boundary and roster versions, the reason for the holder. Partitioned by month of its event time, because two million a
-- year stay for ever and nearly every question asks about the last weeks.

create table category (
    category_code   text primary key,
    name            text not null,
    parent_code     text references category,
    accept_minutes  int not null default 120,
    handle_minutes  int not null default 1440,
    -- walls show it only as a count per grid, never as a point or a line of text
    counted_only    boolean not null default false
);

create sequence incident_id_seq;

create table incident (
    incident_id       bigint not null default nextval('incident_id_seq'),
    reported_at       timestamptz not null,
    received_at       timestamptz not null default now(),
    api_key_id        int not null references api_key,
    channel           text not null constraint incident_channel check (channel in ('mini_program', 'app', 'hotline', 'web', 'mediation', 'grid_patrol', 'import')),
    source_id         text,
    category_code     text not null references category,
    description       text not null,
    -- as it was told
    given_lng         double precision,
    given_lat         double precision,
    given_crs         text,
    address_text      text,
    -- as it was understood
    located_by        text not null constraint incident_located_by check (located_by in ('coordinate', 'address', 'none')),
    geom              geometry(Point, 4326),
    address_id        int,
    grid_id           int,
    grid_code         text,
    community_code    text,
    township_code     text,
    district_code     text,
    boundary_version  int not null,
    roster_version    int not null,
    -- where the work is
    state             text not null,
    level             text not null constraint incident_level check (level in ('grid', 'community', 'township', 'district', 'city')),
    holder_kind       text not null constraint incident_holder_kind check (holder_kind in ('grid_worker', 'unit')),
    holder_id         int not null,
    holder_reason     text not null,
    due_at            timestamptz not null,
    closed_at         timestamptz,
    row_version       int not null default 1,
    constraint incident_pkey primary key (incident_id, reported_at),
    constraint incident_located check ((located_by = 'none') = (geom is null))
) partition by range (reported_at);
create index incident_by_id on incident (incident_id);
create index incident_reported on incident (reported_at desc, incident_id desc);
create index incident_open_grid on incident (grid_code) where closed_at is null;
create index incident_closed on incident (closed_at) where closed_at is not null;
create index incident_source on incident (channel, source_id) where source_id is not null;

-- What no month has a partition for still has a place.
create table incident_other partition of incident default;

-- Makes the partition of the month that holds `at` (city time); harmless when it exists.
create function ensure_incident_month(at timestamptz) returns void
language plpgsql as $$
declare
    from_at timestamptz := date_trunc('month', at at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai';
    to_at   timestamptz := (date_trunc('month', at at time zone 'Asia/Shanghai') + interval '1 month') at time zone 'Asia/Shanghai';
    part    text := 'incident_' || to_char(at at time zone 'Asia/Shanghai', 'YYYY_MM');
begin
    perform pg_advisory_xact_lock(hashtext('incident_month'));
    if to_regclass(part) is null
       and not exists (select 1 from incident_other where from_at <= reported_at and reported_at < to_at) then
        execute format('create table %I partition of incident for values from (%L) to (%L)', part, from_at, to_at);
    end if;
end
$$;

-- What happened to it: append-only; each row's hash covers its content and the row before it.
create table incident_event (
    incident_id bigint not null,
    ordinal     int not null,
    action      text not null,
    from_state  text,
    to_state    text not null,
    actor       text not null,
    reason      text not null default '',
    occurred_at timestamptz not null,
    hash        bytea not null,
    constraint incident_event_pkey primary key (incident_id, ordinal)
);

create table clock_interval (
    incident_id bigint not null,
    clock       text not null constraint clock_interval_clock check (clock in ('accept', 'handle', 'verify', 'visit')),
    holder_kind text not null,
    holder_id   int not null,
    started_at  timestamptz not null,
    due_at      timestamptz not null,
    stopped_at  timestamptz,
    constraint clock_interval_pkey primary key (incident_id, clock, started_at)
);

-- The outbox: written in the transaction of the act. The relay (one at a time) moves it to the stream after commit and
-- numbers it there, so that stream numbers are in order of commit and a reader who has seen n has seen everything before n.
create table outbox (
    outbox_id   bigint primary key generated by default as identity,
    topic       text not null,
    area_path   text not null default '',
    payload     jsonb not null,
    occurred_at timestamptz not null default now()
);

create table stream_event (
    seq         bigint primary key,
    topic       text not null,
    area_path   text not null default '',
    payload     jsonb not null,
    occurred_at timestamptz not null
);
create sequence stream_event_seq owned by stream_event.seq;

-- Every node holds the newest borders and rosters in memory: these wake it in the commit that made newer ones, and a new
-- map version is told to the walls through the stream, in order with everything else.
create function wake_nodes() returns trigger
language plpgsql as $$
begin
    perform pg_notify('wangge_version', '');
    return null;
end
$$;
create trigger boundary_version_wakes after insert on boundary_version for each statement execute function wake_nodes();
create trigger roster_version_wakes after insert on roster_version for each statement execute function wake_nodes();
create trigger category_wakes after insert or update on category for each statement execute function wake_nodes();
create trigger unit_wakes after insert or update on unit for each statement execute function wake_nodes();

create function map_version_to_stream() returns trigger
language plpgsql as $$
begin
    insert into outbox (topic, payload)
    values ('map', jsonb_build_object('map_version', new.map_version_id, 'boundary_version', boundary_version_at(now())));
    perform pg_notify('wangge_version', '');
    return null;
end
$$;
create trigger map_version_to_stream after insert on map_version for each row execute function map_version_to_stream();
