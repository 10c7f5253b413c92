//! Writing what was collected as the columns of a snapshot.

use super::arrange::{Arranged, places_of_names};
use super::build::{Name, SnapshotBuilder};
use super::bytes::Writer;
use super::letter::Letter;
use super::level::Level;
use super::pairs::{IN_CORE, NAME, keys};
use super::reading::readings;
use super::shape::Shape;
use super::snapshot::NONE;
use super::suffix::core_len;

impl SnapshotBuilder {
    pub(super) fn write_names(&self, file: &mut Writer) {
        let strings: Vec<Vec<u16>> =
            self.strings.iter().map(|s| s.encode_utf16().collect()).collect();
        file.u32(starts(strings.iter().map(Vec::len)));
        file.u16(strings.concat());
        file.u32(starts(self.names.iter().map(|name| name.text.len())));
        file.u16(self.names.iter().flat_map(|name| name.text.iter().copied()));
        file.u32(self.names.iter().map(shape));
        file.u32(self.names.iter().map(|name| name.target));
        let (start, names) = grams(&self.names);
        file.u32(start);
        file.u32(names);
        let places = places_of_names(self.names.len(), &self.sites, |division| {
            self.divisions[division as usize].name
        });
        file.u32(starts(places.iter().map(Vec::len)));
        file.u32(places.concat());
        let mut divisions: Vec<Vec<u32>> = vec![Vec::new(); self.names.len()];
        for (at, division) in self.divisions.iter().enumerate() {
            divisions[division.name as usize].push(at as u32);
        }
        file.u32(starts(divisions.iter().map(Vec::len)));
        file.u32(divisions.concat());
    }

    pub(super) fn write_places(&self, file: &mut Writer, arranged: &Arranged) {
        let means = arranged.division_points(
            &self.sites,
            |d| self.divisions[d as usize].parent,
            self.divisions.len(),
        );
        let point = |at: usize| self.divisions[at].point.unwrap_or(means[at]);
        let all = 0..self.divisions.len();
        file.u32(self.divisions.iter().map(|d| d.name));
        file.u32(self.divisions.iter().map(|d| d.parent));
        file.u32(all.clone().map(|at| point(at).x as u32));
        file.u32(all.map(|at| point(at).y as u32));
        file.u32(self.divisions.iter().map(|d| d.code as u32));
        file.u32(self.divisions.iter().map(|d| (d.code >> 32) as u32));
        let mut sites: Vec<Vec<u32>> = vec![Vec::new(); self.divisions.len()];
        for (at, site) in (0..).zip(&self.sites) {
            if site.division != NONE {
                sites[site.division as usize].push(at);
            }
        }
        file.u32(starts(sites.iter().map(Vec::len)));
        file.u32(sites.concat());
        arranged.write(file, &self.sites, &self.odd);
        let mut crossings = self.crossings.clone();
        crossings.sort_unstable_by_key(|c| (c.0, c.1, c.2));
        file.u32(crossings.iter().map(|c| c.0));
        file.u32(crossings.iter().map(|c| c.1));
        file.u32(crossings.iter().map(|c| c.2.x as u32));
        file.u32(crossings.iter().map(|c| c.2.y as u32));
        let mut pois: Vec<(u32, u32, u32)> = self
            .pois
            .iter()
            .filter_map(|&(name, building, id)| Some((name, arranged.building_of(building)?, id)))
            .collect();
        pois.sort_unstable();
        file.u32(pois.iter().map(|p| p.0));
        file.u32(pois.iter().map(|p| p.1));
        file.u32(pois.iter().map(|p| p.2));
    }
}

fn core(name: &Name) -> usize {
    name.level.map_or(0, |level| core_len(level, &name.text))
}

fn shape(name: &Name) -> u32 {
    let level = name.level.unwrap_or(Level::District);
    Shape::new(level, name.text.len(), core(name)).pack()
}

pub(super) fn starts(lengths: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut starts = vec![0];
    let mut total = 0;
    for length in lengths {
        total += length as u32;
        starts.push(total);
    }
    starts
}

/// The names of each pair of sounds that begins in a name's core, over at most one character between.
fn grams(names: &[Name]) -> (Vec<u32>, Vec<u32>) {
    let classes = readings().weak_classes();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let letters: Vec<Letter> = name.text.iter().map(|&unit| Letter::new(unit)).collect();
        let keys = keys(&letters, core(name));
        pairs.extend(keys.into_iter().map(|(key, mark)| (key, at as u32 | mark)));
    }
    // A name that has a pair twice keeps the one in its core.
    pairs.sort_by_key(|pair| (pair.0, pair.1 & NAME, std::cmp::Reverse(pair.1 & IN_CORE), pair.1));
    pairs.dedup_by_key(|pair| (pair.0, pair.1 & NAME));
    let mut counts = vec![0usize; classes * classes];
    for (key, _) in &pairs {
        counts[*key as usize] += 1;
    }
    (starts(counts.into_iter()), pairs.into_iter().map(|pair| pair.1).collect())
}
