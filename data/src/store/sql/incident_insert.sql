-- Writes decided incidents with all that belongs to them, one row of arguments each. The keys go in last and in order, so
-- that two requests with the same keys meet here and nowhere else; the caller counts how many keys were new.
with told as materialized (
    select t.incident_id, t.reported_at, t.received_at, t.channel, t.source_id, t.category_code, t.description,
           t.given_lng, t.given_lat, t.given_crs, t.address_text,
           t.located_by, t.lng, t.lat, t.address_id, t.grid_id, t.grid_code,
           t.community_code, t.township_code, t.district_code, t.boundary_version, t.roster_version,
           t.state, t.level, t.holder_kind, t.holder_id, t.holder_reason, t.accept_due_at, t.due_at,
           t.area_path, t.payload, t.key, t.body_sha256, t.body, t.special_grid_id, t.address_match
    from unnest(
        $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::float8[], $10::float8[], $11::text[], $12::text[],
        $13::text[], $14::float8[], $15::float8[], $16::int[], $17::int[], $18::text[],
        $19::text[], $20::text[], $21::text[], $22::int[], $23::int[],
        $24::text[], $25::text[], $26::text[], $27::int[], $28::text[], $29::timestamptz[], $30::timestamptz[],
        $31::text[], $32::text[], $33::text[], $34::bytea[], $35::text[], $47::int[], $48::text[]
    ) as t (
        incident_id, reported_at, received_at, channel, source_id, category_code, description,
        given_lng, given_lat, given_crs, address_text,
        located_by, lng, lat, address_id, grid_id, grid_code,
        community_code, township_code, district_code, boundary_version, roster_version,
        state, level, holder_kind, holder_id, holder_reason, accept_due_at, due_at,
        area_path, payload, key, body_sha256, body, special_grid_id, address_match
    )
),
incident_row as (
    insert into incident (
        incident_id, reported_at, received_at, api_key_id, channel, source_id, category_code, description,
        given_lng, given_lat, given_crs, address_text,
        located_by, geom, address_id, grid_id, grid_code,
        community_code, township_code, district_code, boundary_version, roster_version,
        state, level, holder_kind, holder_id, holder_reason, due_at, special_grid_id, address_match
    )
    select incident_id, reported_at, received_at, $1, channel, source_id, category_code, description,
           given_lng, given_lat, given_crs, address_text,
           located_by, st_setsrid(st_makepoint(lng, lat), 4326), address_id, grid_id, grid_code,
           community_code, township_code, district_code, boundary_version, roster_version,
           state, level, holder_kind, holder_id, holder_reason, due_at, special_grid_id, address_match::jsonb
    from told
),
event_row as (
    insert into incident_event (
        incident_id, ordinal, action, from_state, to_state, actor, reason, occurred_at, hash
    )
    select e.incident_id, e.ordinal, e.action, e.from_state, e.to_state, e.actor, e.reason, e.occurred_at, e.hash
    from unnest(
        $36::bigint[], $37::int[], $38::text[], $39::text[], $40::text[], $41::text[], $42::text[],
        $43::timestamptz[], $44::bytea[]
    ) as e (incident_id, ordinal, action, from_state, to_state, actor, reason, occurred_at, hash)
),
clock_row as (
    insert into clock_interval (incident_id, clock, holder_kind, holder_id, started_at, due_at)
    select incident_id, 'accept', holder_kind, holder_id, received_at, accept_due_at from told
    union all
    select incident_id, 'handle', holder_kind, holder_id, reported_at, due_at from told
),
load_row as (
    update grid_worker_load
    set open_cases = grid_worker_load.open_cases + added.cases
    from unnest($45::int[], $46::int[]) as added (grid_worker_id, cases)
    where grid_worker_load.grid_worker_id = added.grid_worker_id
),
outbox_row as (
    insert into outbox (topic, area_path, payload, occurred_at)
    select 'incident', area_path, payload::jsonb, received_at
    from told
    order by incident_id
)
insert into idempotency_key (api_key_id, key, body_sha256, status, body)
select $1, key, body_sha256, 201, body::jsonb
from told
order by key
on conflict do nothing
