//! The tables of a city, filled in the order of their references.

use sqlx::PgConnection;

use super::City;
use super::load::staged;
use crate::error::DataError;
use crate::progress::Progress;

/// The keys that rows of this load begin with: one more than the largest that is there.
#[derive(Clone, Copy, Debug)]
struct Bases {
    division: i32,
    grid: i32,
    building: i32,
    address: i32,
    road: i32,
    water: i32,
    poi: i32,
    entity: i32,
}

/// A load under way.
pub(super) struct Fill<'a> {
    tx: &'a mut PgConnection,
    city: &'a City,
    version: i32,
    bases: Bases,
    progress: &'a Progress,
}

/// Tables whose keys are given here, with the key.
const KEYED: [(&str, &str); 8] = [
    ("division", "division_id"),
    ("grid", "grid_id"),
    ("building", "building_id"),
    ("address", "address_id"),
    ("road", "road_id"),
    ("water", "water_id"),
    ("poi", "poi_id"),
    ("legal_entity", "legal_entity_id"),
];

/// Tables whose keys the database gives.
const COUNTED: [(&str, &str); 2] = [("grid_worker", "grid_worker_id"), ("unit", "unit_id")];

impl<'a> Fill<'a> {
    pub(super) async fn begin(
        tx: &'a mut PgConnection,
        city: &'a City,
        version: i32,
        progress: &'a Progress,
    ) -> Result<Self, DataError> {
        let mut next = [0; KEYED.len()];
        for (slot, (table, key)) in next.iter_mut().zip(KEYED) {
            let sql = format!("select coalesce(max({key}), 0) + 1 from {table}");
            *slot = sqlx::query_scalar(&sql).fetch_one(&mut *tx).await?;
        }
        let [division, grid, building, address, road, water, poi, entity] = next;
        let bases = Bases { division, grid, building, address, road, water, poi, entity };
        Ok(Self { tx, city, version, bases, progress })
    }

    /// Divisions and grids.
    pub(super) async fn borders(&mut self) -> Result<(), DataError> {
        let (city, version, bases) = (self.city, self.version, self.bases);
        let target = "division (division_id, code, level, kind, name, parent_code, people, geom, label, valid)";
        let count = city.divisions.len();
        staged(
            self.tx,
            self.progress,
            ("divisions", count),
            target,
            (0..).zip(&city.divisions),
            |rows, (i, d)| {
                let parent = d.parent.map(|p| city.divisions[p as usize].code.as_str());
                rows.row(10)
                    .int(bases.division + i)
                    .text(&d.code)
                    .text(d.level)
                    .text(d.kind)
                    .text(&d.name);
                rows.maybe(parent)
                    .int(d.people as i32)
                    .shape(&d.shape)
                    .point(d.label)
                    .since(version);
            },
        )
        .await?;
        let target =
            "grid (grid_id, code, community_code, kind, name, people, area_m2, geom, label, valid)";
        let all = city
            .grids
            .iter()
            .map(|g| ("basic", g))
            .chain(city.specials.iter().map(|g| ("special", g)));
        let count = city.grids.len() + city.specials.len();
        staged(
            self.tx,
            self.progress,
            ("grids", count),
            target,
            (0..).zip(all),
            |rows, (i, (kind, g))| {
                let community = &city.divisions[g.community as usize].code;
                rows.row(10)
                    .int(bases.grid + i)
                    .text(&g.code)
                    .text(community)
                    .text(kind)
                    .text(&g.name);
                rows.int(g.people as i32)
                    .double(g.area_m2)
                    .shape(&g.shape)
                    .point(g.label)
                    .since(version);
            },
        )
        .await
    }

    /// Roads, water, buildings, addresses.
    pub(super) async fn ground(&mut self) -> Result<(), DataError> {
        let (city, bases) = (self.city, self.bases);
        let roads = city.roads.iter().filter(|r| 2 <= r.line.len());
        let target = "road (road_id, name, class, geom)";
        staged(
            self.tx,
            self.progress,
            ("roads", city.roads.len()),
            target,
            (0..).zip(roads),
            |rows, (i, r)| {
                rows.row(4).int(bases.road + i).text(&r.name).text(r.class).line(&r.line);
            },
        )
        .await?;
        let target = "water (water_id, name, geom)";
        staged(
            self.tx,
            self.progress,
            ("water", city.waters.len()),
            target,
            (0..).zip(&city.waters),
            |rows, (i, w)| {
                rows.row(3).int(bases.water + i).text(&w.name).shape(&w.shape);
            },
        )
        .await?;
        let target = "building (building_id, name, compound, kind, storeys, people, grid_id, geom)";
        let count = city.buildings.len();
        staged(
            self.tx,
            self.progress,
            ("buildings", count),
            target,
            (0..).zip(&city.buildings),
            |rows, (i, b)| {
                rows.row(8)
                    .int(bases.building + i)
                    .text(&city.building_name(b))
                    .text(city.compound_name(b));
                rows.text(b.kind.word()).int(i32::from(b.storeys)).int(b.people as i32);
                rows.int(bases.grid + b.grid as i32).polygon(&b.footprint);
            },
        )
        .await?;
        self.addresses().await
    }

    async fn addresses(&mut self) -> Result<(), DataError> {
        let (city, bases) = (self.city, self.bases);
        let target = "address (address_id, full_text, district, township, community, road, house_no, compound, \
            building_no, unit, room, building_id, grid_id, geom)";
        let count = city.addresses.len();
        staged(
            self.tx,
            self.progress,
            ("addresses", count),
            target,
            (0..).zip(&city.addresses),
            |rows, (i, a)| {
                let text = city.address_text(a);
                let grid = city.buildings[a.building as usize].grid;
                rows.row(14).int(bases.address + i).text(&text.full_text);
                for element in text.elements() {
                    rows.text(element);
                }
                rows.int(bases.building + a.building as i32)
                    .int(bases.grid + grid as i32)
                    .point(a.point);
            },
        )
        .await
    }

    /// Service points, firms and shops.
    pub(super) async fn places(&mut self) -> Result<(), DataError> {
        let (city, bases) = (self.city, self.bases);
        let put = |rows: &mut crate::store::copy::Rows, address: u32| {
            let own = &city.addresses[address as usize];
            let grid = city.buildings[own.building as usize].grid;
            rows.int(bases.address + address as i32)
                .int(bases.building + own.building as i32)
                .int(bases.grid + grid as i32)
                .point(own.point);
        };
        let target = "poi (poi_id, name, kind, address_id, building_id, grid_id, geom)";
        let stage = ("service points", city.pois.len());
        staged(self.tx, self.progress, stage, target, (0..).zip(&city.pois), |rows, (i, p)| {
            rows.row(7).int(bases.poi + i).text(&p.name).text(p.kind);
            put(rows, p.address);
        })
        .await?;
        let target = "legal_entity (legal_entity_id, code, name, kind, address_id, building_id, grid_id, geom)";
        let stage = ("legal entities", city.entities.len());
        staged(self.tx, self.progress, stage, target, (0..).zip(&city.entities), |rows, (i, e)| {
            rows.row(8).int(bases.entity + i).text(&e.code).text(&e.name).text(e.kind);
            put(rows, e.address);
        })
        .await
    }

    /// Area centres, workers, rosters, shifts. Workers and centres keep their keys when their codes were there before.
    pub(super) async fn staff(&mut self) -> Result<(), DataError> {
        for sql in STAFF_BY_CODE {
            sqlx::query(sql).execute(&mut *self.tx).await?;
        }
        let city = self.city;
        let (staff, count) = (&city.workers, city.workers.len());
        let stage = ("area centres", city.units.len());
        staged(self.tx, self.progress, stage, "city_unit", city.units.iter(), |rows, u| {
            rows.row(4).text(&u.code).text(u.kind).text(&u.name).text(&u.division_code);
        })
        .await?;
        let stage = ("grid workers", count);
        staged(self.tx, self.progress, stage, "city_worker", staff.iter(), |rows, w| {
            rows.row(2).text(&w.code).text(&w.name);
        })
        .await?;
        let rosters = staff.iter().flat_map(|w| w.rosters.iter().map(move |r| (w, r)));
        let stage = ("rosters", staff.iter().map(|w| w.rosters.len()).sum());
        staged(self.tx, self.progress, stage, "city_roster", rosters, |rows, (w, r)| {
            rows.row(3).text(&w.code).text(&city.roster_grid(r.0).code).text(r.1.word());
        })
        .await?;
        let shifts = staff.iter().flat_map(|w| w.shifts.iter().map(move |s| (w, s)));
        let stage = ("shifts", staff.iter().map(|w| w.shifts.len()).sum());
        staged(self.tx, self.progress, stage, "city_shift", shifts, |rows, (w, s)| {
            rows.row(4).text(&w.code).smallint(i16::from(s.0)).time(s.1).time(s.2);
        })
        .await?;
        for sql in [UNITS, WORKERS, LOADS, ROSTERS, SHIFTS] {
            sqlx::query(sql).execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Lets the identity columns go on after the largest key that was ever given by hand.
    pub(super) async fn settle_sequences(&mut self) -> Result<(), DataError> {
        for (table, key) in KEYED.into_iter().chain(COUNTED) {
            let sql = format!(
                "select setval(pg_get_serial_sequence('{table}', '{key}'), greatest((select max({key}) from {table}), 1))"
            );
            sqlx::query(&sql).execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}

/// What is known by code before the keys are.
const STAFF_BY_CODE: [&str; 4] = [
    "create temporary table city_unit (code text, kind text, name text, division_code text) on commit drop",
    "create temporary table city_worker (code text, name text) on commit drop",
    "create temporary table city_roster (code text, grid_code text, role text) on commit drop",
    "create temporary table city_shift (code text, day smallint, starts time, ends time) on commit drop",
];
const UNITS: &str = "insert into unit (code, kind, name, division_code)
    select code, kind, name, division_code from city_unit
    on conflict (code) do update set name = excluded.name, division_code = excluded.division_code";
const WORKERS: &str = "insert into grid_worker (code, name)
    select code, name from city_worker
    on conflict (code) do update set name = excluded.name, voided_at = null";
const LOADS: &str = "insert into grid_worker_load (grid_worker_id)
    select grid_worker_id from grid_worker join city_worker using (code)
    on conflict do nothing";
// The first rosters of a database hold since ever, later ones from now on.
const ROSTERS: &str = "insert into roster (grid_worker_id, grid_code, role, period)
    select grid_worker_id, grid_code, role,
        case when exists (select 1 from roster) then tstzrange(now(), null) else tstzrange(null, null) end
    from city_roster join grid_worker using (code)";
const SHIFTS: &str = "insert into shift (grid_worker_id, iso_weekday, starts_at, ends_at)
    select grid_worker_id, day, starts, ends from city_shift join grid_worker using (code)";
