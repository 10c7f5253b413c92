-- Gives cases to another holder: the row, the line in the log, one clock per holder, the loads of both, and what walls are told.
with moved as materialized (
    select m.incident_id, m.reported_at, m.level, m.holder_kind, m.holder_id, m.holder_reason, m.roster_version,
           m.accept_due_at, m.due_at, m.ordinal, m.from_state, m.actor, m.reason, m.hash, m.area_path, m.payload
    from unnest(
        $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::int[], $7::text[], $8::int[],
        $9::timestamptz[], $10::timestamptz[], $11::int[], $12::text[], $13::text[], $14::text[], $15::bytea[],
        $16::text[], $17::text[]
    ) as m (
        incident_id, reported_at, level, holder_kind, holder_id, holder_reason, roster_version,
        accept_due_at, due_at, ordinal, from_state, actor, reason, hash, area_path, payload
    )
),
event_row as (
    insert into incident_event (incident_id, ordinal, action, from_state, to_state, actor, reason, occurred_at, hash)
    select incident_id, ordinal, 'reroute', from_state, 'dispatched', actor, reason, $1, hash from moved
),
stopped as (
    update clock_interval c
    set stopped_at = $1
    from moved m
    where c.incident_id = m.incident_id and c.stopped_at is null and c.clock in ('accept', 'handle')
),
started as (
    insert into clock_interval (incident_id, clock, holder_kind, holder_id, started_at, due_at)
    select incident_id, 'accept', holder_kind, holder_id, $1, accept_due_at from moved
    union all
    select incident_id, 'handle', holder_kind, holder_id, $1, due_at from moved
),
load_row as (
    update grid_worker_load
    set open_cases = greatest(0, grid_worker_load.open_cases + changed.cases)
    from unnest($18::int[], $19::int[]) as changed (grid_worker_id, cases)
    where grid_worker_load.grid_worker_id = changed.grid_worker_id
),
outbox_row as (
    insert into outbox (topic, area_path, payload, occurred_at)
    select 'incident', area_path, payload::jsonb, $1
    from moved
    order by incident_id
)
update incident i
set state = 'dispatched',
    level = m.level,
    holder_kind = m.holder_kind,
    holder_id = m.holder_id,
    holder_reason = m.holder_reason,
    roster_version = m.roster_version,
    row_version = i.row_version + 1
from moved m
where i.incident_id = m.incident_id and i.reported_at = m.reported_at
