-- Gives cases the grid of their event time anew, with the line in their log. The walls are told by the map version that the
-- same transaction makes: they read their figures anew then.
with corrected as materialized (
    select c.incident_id, c.reported_at, c.grid_id, c.grid_code, c.community_code, c.township_code, c.district_code,
           c.ordinal, c.action, c.state, c.actor, c.reason, c.occurred_at, c.hash
    from unnest(
        $2::bigint[], $3::timestamptz[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::bytea[]
    ) as c (
        incident_id, reported_at, grid_id, grid_code, community_code, township_code, district_code,
        ordinal, action, state, actor, reason, occurred_at, hash
    )
),
logged as (
    insert into incident_event (incident_id, ordinal, action, from_state, to_state, actor, reason, occurred_at, hash)
    select incident_id, ordinal, action, state, state, actor, reason, occurred_at, hash from corrected
)
update incident i
set grid_id = c.grid_id,
    grid_code = c.grid_code,
    community_code = c.community_code,
    township_code = c.township_code,
    district_code = c.district_code,
    boundary_version = $1,
    row_version = i.row_version + 1
from corrected c
where i.incident_id = c.incident_id and i.reported_at = c.reported_at
