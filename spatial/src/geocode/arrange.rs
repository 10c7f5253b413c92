//! Rows in the order of the file: sites, their buildings, their rooms.

use std::collections::HashMap;

use super::build::{Row, SiteKey};
use super::bytes::Writer;
use super::snapshot::NONE;
use super::write::starts;
use crate::lattice::LatticePoint;

/// A mean of points, exact for any number of them a city has.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    x: i64,
    y: i64,
    count: i64,
}

impl Mean {
    fn add(&mut self, point: LatticePoint) {
        self.x += i64::from(point.x);
        self.y += i64::from(point.y);
        self.count += 1;
    }

    fn point(self) -> LatticePoint {
        let mean = |sum: i64| (sum / self.count.max(1)) as i32;
        LatticePoint::new(mean(self.x), mean(self.y))
    }
}

#[derive(Clone, Copy, Debug)]
struct Building {
    site: u32,
    first: Row,
    rows: usize,
    point: LatticePoint,
}

/// Everything in its place.
#[derive(Debug)]
pub(super) struct Arranged {
    rows: Vec<Row>,
    /// Place in the order of adding of each row.
    order: Vec<u32>,
    buildings: Vec<Building>,
    site_points: Vec<LatticePoint>,
    building_of: HashMap<u32, u32>,
}

/// Sorts the rows; sites keep the order in which they came.
pub(super) fn arrange(rows: &[Row], sites: &[SiteKey]) -> Arranged {
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    order.sort_unstable_by_key(|&at| {
        let row = &rows[at as usize];
        (row.site, row.label, row.building, row.key, row.record)
    });
    let rows: Vec<Row> = order.iter().map(|&at| rows[at as usize]).collect();
    let mut buildings: Vec<Building> = Vec::new();
    let mut building_of = HashMap::new();
    let mut site_means = vec![Mean::default(); sites.len()];
    let same = |a: &Row, b: &Row| (a.site, a.label, a.building) == (b.site, b.label, b.building);
    for chunk in rows.chunk_by(same) {
        let mut mean = Mean::default();
        for row in chunk {
            mean.add(row.point);
        }
        let first = chunk[0];
        if first.building != NONE {
            building_of.insert(first.building, buildings.len() as u32);
        }
        site_means[first.site as usize].add(mean.point());
        buildings.push(Building {
            site: first.site,
            first,
            rows: chunk.len(),
            point: mean.point(),
        });
    }
    let site_points = site_means.into_iter().map(Mean::point).collect();
    Arranged { rows, order, buildings, site_points, building_of }
}

impl Arranged {
    /// The place in the file of a building by the caller's id.
    pub(super) fn building_of(&self, id: u32) -> Option<u32> {
        self.building_of.get(&id).copied()
    }

    /// The middle of the sites of each division.
    pub(super) fn division_points(
        &self,
        sites: &[SiteKey],
        parent: impl Fn(u32) -> u32,
        divisions: usize,
    ) -> Vec<LatticePoint> {
        let mut means = vec![Mean::default(); divisions];
        for (site, point) in sites.iter().zip(&self.site_points) {
            let mut division = site.division;
            while division != NONE {
                means[division as usize].add(*point);
                division = parent(division);
            }
        }
        means.into_iter().map(Mean::point).collect()
    }

    /// Writes sites, buildings, rooms and the rooms with words of their own.
    pub(super) fn write(&self, file: &mut Writer, sites: &[SiteKey], odd: &[(u32, u32, u32)]) {
        file.u32(sites.iter().map(|site| site.division));
        file.u32(sites.iter().map(|site| site.road));
        file.u32(sites.iter().map(|site| site.number.0));
        file.u32(sites.iter().map(|site| site.group.0));
        file.u32(sites.iter().map(|site| site.compound));
        file.u32(self.site_points.iter().map(|point| point.x as u32));
        file.u32(self.site_points.iter().map(|point| point.y as u32));
        let mut of_site = vec![0usize; sites.len()];
        for building in &self.buildings {
            of_site[building.site as usize] += 1;
        }
        file.u32(starts(of_site.into_iter()));
        let buildings = &self.buildings;
        file.u32(buildings.iter().map(|b| b.site));
        file.u32(buildings.iter().map(|b| b.first.label.0));
        file.u32(buildings.iter().map(|b| b.first.words));
        file.u32(buildings.iter().map(|b| b.point.x as u32));
        file.u32(buildings.iter().map(|b| b.point.y as u32));
        file.u32(buildings.iter().map(|b| b.first.grid));
        file.u32(buildings.iter().map(|b| b.first.building));
        file.u32(starts(buildings.iter().map(|b| b.rows)));
        file.u32(self.rows.iter().map(|row| row.key.0));
        file.u32(self.rows.iter().map(|row| row.record));
        let offset = |of: i32, from: i32| {
            (i64::from(of) - i64::from(from)).clamp(i64::from(i16::MIN), i64::from(i16::MAX)) as i16
                as u16
        };
        let points = || self.buildings.iter().flat_map(|b| std::iter::repeat_n(b.point, b.rows));
        file.u16(self.rows.iter().zip(points()).map(|(row, base)| offset(row.point.x, base.x)));
        file.u16(self.rows.iter().zip(points()).map(|(row, base)| offset(row.point.y, base.y)));
        self.write_odd(file, odd);
    }

    fn write_odd(&self, file: &mut Writer, odd: &[(u32, u32, u32)]) {
        let mut place = vec![0u32; if odd.is_empty() { 0 } else { self.order.len() }];
        if !odd.is_empty() {
            for (at, &came) in self.order.iter().enumerate() {
                place[came as usize] = at as u32;
            }
        }
        let mut odd: Vec<_> =
            odd.iter().map(|&(came, u, r)| (place[came as usize], u, r)).collect();
        odd.sort_unstable();
        file.u32(odd.iter().map(|o| o.0));
        file.u32(odd.iter().map(|o| o.1));
        file.u32(odd.iter().map(|o| o.2));
    }
}

/// The sites of each name: those of a road by number, of a community (village houses without a road) by group.
pub(super) fn places_of_names(
    names: usize,
    sites: &[SiteKey],
    name_of: impl Fn(u32) -> u32,
) -> Vec<Vec<u32>> {
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); names];
    for (at, site) in (0..).zip(sites) {
        let village = site.road == NONE && site.compound == NONE && site.division != NONE;
        let name = if village { name_of(site.division) } else { NONE };
        for name in [site.road, site.compound, name] {
            if name != NONE {
                places[name as usize].push(at);
            }
        }
    }
    for list in &mut places {
        list.sort_unstable_by_key(|&at| {
            let site = &sites[at as usize];
            (site.number, site.group, at)
        });
    }
    places
}
