//! What is looked up about names: by text, by initials, by size; made when a snapshot is opened.

use super::super::snapshot::{NONE, View};
use super::super::write::starts;
use super::sound::{INITIALS, initials};

/// Indexes over the names of a snapshot, some bytes for each.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct NameIndex {
    /// Names in the order of their units.
    by_text: Vec<u32>,
    /// Names by the initials of their first two characters, as often as these have readings.
    bucket_start: Vec<u32>,
    bucket_names: Vec<u32>,
    /// Addresses of each name.
    pub(in super::super) size: Vec<u32>,
    /// The divisions right below each.
    child_start: Vec<u32>,
    children: Vec<u32>,
    /// Crossings of each name.
    crossing_start: Vec<u32>,
    crossings: Vec<u32>,
}

impl NameIndex {
    pub(in super::super) fn new(view: &View<'_>) -> Self {
        let texts: Vec<Vec<u16>> =
            (0..view.names() as u32).map(|name| view.name_units(name).collect()).collect();
        let mut by_text: Vec<u32> = (0..texts.len() as u32).collect();
        by_text
            .sort_unstable_by(|&a, &b| texts[a as usize].cmp(&texts[b as usize]).then(a.cmp(&b)));
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); INITIALS * INITIALS];
        for (name, text) in (0..).zip(&texts) {
            let Some(&first) = text.first() else { continue };
            let second = text.get(1).map_or(1 << (INITIALS - 1), |&unit| initials(unit));
            for one in bits(initials(first)) {
                for other in bits(second) {
                    buckets[one * INITIALS + other].push(name);
                }
            }
        }
        let parents = (0..view.divisions()).map(|at| view.division_parent.u32(at));
        let (child_start, children) = grouped(view.divisions(), (0..).zip(parents));
        let count = view.crossing_low.len32();
        let ends = [view.crossing_low, view.crossing_high];
        let of_names =
            ends.iter().flat_map(|end| (0..count).map(move |at| (at as u32, end.u32(at))));
        let (crossing_start, crossings) = grouped(view.names(), of_names);
        Self {
            by_text,
            bucket_start: starts(buckets.iter().map(Vec::len)),
            bucket_names: buckets.concat(),
            size: sizes(view),
            child_start,
            children,
            crossing_start,
            crossings,
        }
    }

    /// The names that are written so.
    pub(in super::super) fn exactly(&self, view: &View<'_>, units: &[u16]) -> &[u32] {
        let order = |name: u32| view.name_units(name).cmp(units.iter().copied());
        let from = self.by_text.partition_point(|&name| order(name).is_lt());
        let to = from + self.by_text[from..].partition_point(|&name| order(name).is_eq());
        &self.by_text[from..to]
    }

    /// The names whose first character may have one of these initials, and the second one of those.
    pub(in super::super) fn with_initials(
        &self,
        first: u32,
        second: u32,
    ) -> impl Iterator<Item = u32> + '_ {
        bits(first).flat_map(move |one| {
            bits(second).flat_map(move |other| {
                let at = one * INITIALS + other;
                let range = self.bucket_start[at] as usize..self.bucket_start[at + 1] as usize;
                self.bucket_names[range].iter().copied()
            })
        })
    }

    /// The divisions right below one.
    pub(in super::super) fn below(&self, division: u32) -> &[u32] {
        group(&self.child_start, &self.children, division)
    }

    /// The crossings of a road.
    pub(in super::super) fn crossings_of(&self, road: u32) -> &[u32] {
        group(&self.crossing_start, &self.crossings, road)
    }
}

fn bits(set: u32) -> impl Iterator<Item = usize> {
    (0..INITIALS).filter(move |bit| set & (1 << bit) != 0)
}

/// Rows by group: where each group begins, and the rows.
fn grouped(groups: usize, rows: impl Iterator<Item = (u32, u32)>) -> (Vec<u32>, Vec<u32>) {
    let mut lists: Vec<Vec<u32>> = vec![Vec::new(); groups];
    for (row, group) in rows.filter(|row| row.1 != NONE) {
        lists[group as usize].push(row);
    }
    (starts(lists.iter().map(Vec::len)), lists.concat())
}

fn group<'a>(start: &[u32], rows: &'a [u32], group: u32) -> &'a [u32] {
    let at = group as usize;
    let bounds = start.get(at).zip(start.get(at + 1));
    bounds.and_then(|(&from, &to)| rows.get(from as usize..to as usize)).unwrap_or_default()
}

/// Addresses of a site.
pub(super) fn rooms_of(view: &View<'_>, site: u32) -> u32 {
    let buildings = view.site_buildings.range(site as usize);
    view.building_rooms.u32(buildings.end) - view.building_rooms.u32(buildings.start)
}

fn sizes(view: &View<'_>) -> Vec<u32> {
    let mut sizes = vec![0u32; view.names()];
    let mut of_division = vec![0u32; view.divisions()];
    for site in 0..view.sites() as u32 {
        let rooms = rooms_of(view, site);
        for name in [view.site_road.u32(site as usize), view.site_compound.u32(site as usize)] {
            if name != NONE {
                sizes[name as usize] += rooms;
            }
        }
        let mut division = view.site_division.u32(site as usize);
        for _ in 0..4 {
            if division == NONE {
                break;
            }
            of_division[division as usize] += rooms;
            division = view.division_parent.u32(division as usize);
        }
    }
    for (division, size) in of_division.into_iter().enumerate() {
        sizes[view.division_name.u32(division) as usize] += size;
    }
    for poi in 0..view.poi_name.len32() {
        sizes[view.poi_name.u32(poi) as usize] += 1;
    }
    for name in 0..sizes.len() {
        let target = view.name_target.u32(name);
        if target != NONE {
            sizes[name] = sizes[target as usize];
        }
    }
    sizes
}
