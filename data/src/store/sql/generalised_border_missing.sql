-- Whether a shape in force has not been generalised yet.
with in_force as (select boundary_version_at(clock_timestamp()) as boundary)
select
    exists (
        select from grid g, in_force f
        where g.valid @> f.boundary
        and not exists (select from generalised_border b where b.of_table = 'grid' and b.shape_id = g.grid_id)
    )
    or exists (
        select from division d, in_force f
        where d.valid @> f.boundary
        and not exists (select from generalised_border b where b.of_table = 'division' and b.shape_id = d.division_id)
    )
