-- Finding somebody to go: special grids first where the category asks for them, and whoever is nearest when nobody of the
-- grid is on shift.

-- Where a worker sets out from: the registered workstation, never where somebody is at the moment. Without one it is the
-- label of the grid that the worker covers first.
alter table grid_worker add column base geometry(Point, 4326);

-- A blocked fire lane in a mall is for those who look after the mall; a pothole beside it is for the street.
alter table category add column special_first boolean not null default false;
update category set special_first = true where category_code in ('0101', '0102', '06', '0601', '0602');

-- The special grid over the place, where there is one; and the borders with which the present holder was found, where those
-- are others than the ones of the event time: re-routing is an act of its own.
alter table incident add column special_grid_id int;
alter table incident add column routed_version int;
