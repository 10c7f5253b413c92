//! Candidates: which sites, roads and divisions the text may mean, and what their names say for and against each.

use super::candidate::{Hit, NameScratch};
use super::feature::{Feature, Features};
use super::figure::{Counts, Figure};
use super::label::Label;
use super::level::Level;
use super::role::is_door;
use super::snapshot::{NONE, View};
use super::stamp::Stamps;
use super::unknown::Unknown;

/// Sites looked at for one name.
const MOST_OF_NAME: usize = 96;
/// Hits of a level that may contradict a candidate.
const MOST_STRONG: usize = 8;
/// A name this like the text speaks against places that are called otherwise.
const STRONG: f32 = 0.7;

/// What is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    Site(u32),
    Road(u32),
    Division(u32),
    Nothing,
}

impl Place {
    /// Names at the five levels.
    pub(super) fn names(self, view: &View<'_>) -> [u32; 5] {
        match self {
            Self::Site(site) => view.site_names(site),
            Self::Road(name) => [NONE, NONE, NONE, name, NONE],
            Self::Division(division) => view.chain_names(division),
            Self::Nothing => [NONE; 5],
        }
    }
}

/// All places worth a look, none twice.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) all: Vec<Place>,
    taken: Stamps,
}

impl Places {
    /// Finds the places of a text.
    pub(super) fn fill(&mut self, view: &View<'_>, names: &NameScratch, figures: &[Figure]) {
        self.all.clear();
        self.taken.begin(view.sites());
        for hit in &names.hits {
            match hit.level {
                Level::Compound => {
                    let range = view.name_sites_start.range(hit.means as usize);
                    let end = range.end.min(range.start + MOST_OF_NAME);
                    for site in view.name_sites.slice32(range.start..end) {
                        self.site(site);
                    }
                }
                Level::Poi => poi_sites(view, hit.means).for_each(|site| self.site(site)),
                Level::Road => {
                    self.all.push(Place::Road(hit.means));
                    for figure in figures.iter().filter(|f| may_be_house(f)) {
                        numbered(view, hit.means, figure.label, self);
                        if !figure.merged.is_none() {
                            numbered(view, hit.means, figure.merged, self);
                        }
                    }
                }
                Level::Community => {
                    self.divisions(view, hit.means);
                    village(view, hit.means, figures, self);
                }
                Level::District | Level::Township => self.divisions(view, hit.means),
            }
        }
        self.all.push(Place::Nothing);
    }

    #[inline]
    fn site(&mut self, site: u32) {
        if self.taken.take(site) {
            self.all.push(Place::Site(site));
        }
    }

    fn divisions(&mut self, view: &View<'_>, name: u32) {
        let range = view.name_divisions_start.range(name as usize);
        self.all.extend(range.map(|at| Place::Division(view.name_divisions.u32(at))));
    }
}

fn may_be_house(figure: &Figure) -> bool {
    is_door(figure)
        && matches!(figure.counts, Counts::Door | Counts::Yard | Counts::Lane | Counts::Nothing)
}

/// The sites of a road with this number, and ranges that hold it.
fn numbered(view: &View<'_>, road: u32, label: Label, into: &mut Places) {
    let range = view.name_sites_start.range(road as usize);
    let (mut low, mut high) = (range.start, range.end);
    let number = |at: usize| view.site_label(view.name_sites.u32(at)).digits();
    while low < high {
        let middle = usize::midpoint(low, high);
        if number(middle) < label.digits() { low = middle + 1 } else { high = middle }
    }
    let same = (low..range.end).take_while(|&at| number(at) == label.digits()).take(MOST_OF_NAME);
    same.for_each(|at| into.site(view.name_sites.u32(at)));
    for at in (range.start..low).rev().take(6) {
        let site = view.name_sites.u32(at);
        if view.site_label(site).covers(label) {
            into.site(site);
        }
    }
}

fn poi_sites<'a>(view: &View<'a>, name: u32) -> impl Iterator<Item = u32> + use<'a> {
    let view = *view;
    let all = 0..view.poi_name.len32();
    let first = view.poi_name.lower_bound(all.clone(), name);
    let same =
        (first..all.end).take_while(move |&at| view.poi_name.u32(at) == name).take(MOST_OF_NAME);
    same.map(move |at| view.building_site.u32(view.poi_building.u32(at) as usize))
}

/// The sites of the shops that stand in the text, each with the place of the first such hit counted from 1.
pub(super) fn shops(view: &View<'_>, hits: &[Hit], into: &mut Vec<(u32, u16)>) {
    into.clear();
    for (slot, hit) in (1..).zip(hits).filter(|(_, hit)| hit.level == Level::Poi) {
        into.extend(poi_sites(view, hit.means).map(|site| (site, slot)));
    }
    into.sort_unstable();
    into.dedup_by_key(|poi| poi.0);
}

/// Houses of a village have no road: their groups, or the village itself.
fn village(view: &View<'_>, name: u32, figures: &[Figure], into: &mut Places) {
    let groups = figures.iter().filter(|f| f.counts == Counts::Group).map(|f| f.label);
    let asked: Vec<Label> = groups.collect();
    let has_door = figures.iter().any(|f| is_door(f) && f.counts != Counts::Group);
    if asked.is_empty() && !has_door {
        return;
    }
    let range = view.name_sites_start.range(name as usize);
    for at in range.take(400) {
        let site = view.name_sites.u32(at);
        let group = Label(view.site_group.u32(site as usize));
        if asked.contains(&group) || (asked.is_empty() && (group.is_none() || has_door)) {
            into.site(site);
        }
    }
}

/// The hits of each level that speak most clearly.
pub(super) fn strongest(hits: &[Hit], into: &mut [Vec<Hit>; 5]) {
    for (level, list) in into.iter_mut().enumerate() {
        list.clear();
        list.extend(hits.iter().filter(|hit| hit.level.index() == level).copied());
        list.sort_unstable_by_key(|hit| (hit.at.cost, std::cmp::Reverse(hit.letters), hit.name));
        list.truncate(MOST_STRONG);
    }
}

/// What the names say, the same for every candidate of one text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spoken<'a> {
    pub(super) names: &'a NameScratch,
    /// The clearest hits of each level.
    pub(super) strong: &'a [Vec<Hit>; 5],
    /// Sites with a shop that stands in the text, and the place of its hit counted from 1.
    pub(super) pois: &'a [(u32, u16)],
    pub(super) unknown: &'a [Unknown],
    /// Letters that names should explain.
    pub(super) loose: &'a [u16],
    pub(super) foreign: bool,
}

/// The hits of a candidate's names, by level.
pub(super) type OwnHits = [Option<Hit>; 6];

impl Spoken<'_> {
    /// Where the hits of a place's names are, that of a shop inside it included: counted from 1, 0 for none.
    #[inline]
    pub(super) fn slots(&self, view: &View<'_>, place: Place) -> [u16; 6] {
        let mut slots = [0; 6];
        for (slot, name) in slots.iter_mut().zip(place.names(view)) {
            *slot = self.names.hit_of.get(name as usize).copied().unwrap_or(0);
        }
        if let Place::Site(site) = place
            && !self.pois.is_empty()
        {
            let known = self.pois.binary_search_by_key(&site, |poi| poi.0);
            slots[5] = known.map_or(0, |at| self.pois[at].1);
        }
        slots
    }

    /// Those hits, but for names that are read into the letters of clearer ones.
    pub(super) fn own(&self, slots: [u16; 6]) -> OwnHits {
        let hit = |slot: u16| self.names.hits.get(usize::from(slot).checked_sub(1)?).copied();
        let mut own = slots.map(hit);
        drop_bogus(&mut own);
        own
    }

    /// The features of a place that its names decide.
    pub(super) fn features(&self, place: Place, own: &OwnHits) -> Features {
        let mut features = Features::default();
        match place {
            Place::Nothing => {
                features.set(Feature::Nothing, 1.0);
                return features;
            }
            Place::Road(_) => features.set(Feature::RoadOnly, 1.0),
            Place::Division(_) => features.set(Feature::DivisionOnly, 1.0),
            Place::Site(_) => {}
        }
        for (level, hit) in own.iter().enumerate().filter_map(|(at, hit)| Some((at, (*hit)?))) {
            matched(&mut features, LIKE[level], &hit);
        }
        // Of a road or a division nothing is known above or below but what its names say.
        let silent = match place {
            Place::Road(_) => 0..3,
            _ => 0..0,
        };
        for level in (0..5).filter(|level| !silent.contains(level)) {
            features.set(OTHER[level], self.contradiction(level, own));
        }
        for unknown in self.unknown {
            let feature = match unknown.level {
                Level::Road => Feature::UnknownRoad,
                Level::Compound | Level::Poi => Feature::UnknownCompound,
                _ => Feature::UnknownDivision,
            };
            features.add(feature, 1.0);
        }
        self.unexplained(own, &mut features);
        features.set(Feature::Foreign, f32::from(u8::from(self.foreign)));
        features
    }

    /// Letters that nothing explains, by runs: those that touch a name of the candidate may make another name of it,
    /// others are likelier talk. A long run is hardly worse than a short one.
    fn unexplained(&self, own: &OwnHits, features: &mut Features) {
        let explained = |at: u16| own.iter().flatten().any(|hit| hit.covers(at, at + 1));
        let mut left = self.loose.iter().copied().filter(|&at| !explained(at)).peekable();
        let (mut near, mut far) = (0u16, 0u16);
        while let Some(start) = left.next() {
            let mut end = start + 1;
            while left.next_if_eq(&end).is_some() {
                end += 1;
            }
            if start.checked_sub(1).is_some_and(explained) || explained(end) {
                near += (end - start).min(4);
            } else {
                far += (end - start).min(3);
            }
        }
        features.set(Feature::Unexplained, f32::from(near.min(12)) * 0.25);
        features.set(Feature::Stray, f32::from(far.min(8)) * 0.25);
    }

    /// How strongly the text names another place of the level.
    fn contradiction(&self, level: usize, own: &OwnHits) -> f32 {
        let mut worst = 0.0f32;
        for hit in &self.strong[level] {
            let against = match &own[level] {
                Some(mine) if mine.means == hit.means => 0.0,
                // Another name reads the same letters better.
                Some(mine) if mine.meets(hit) && hit.at.cost + 10 <= mine.at.cost => {
                    f32::from(mine.at.cost - hit.at.cost) / 100.0
                }
                Some(_) => 0.0,
                None => rival(hit, own),
            };
            worst = worst.max(against);
        }
        worst.min(1.5)
    }
}

/// How strongly a name that is not the candidate's speaks against it.
fn rival(hit: &Hit, own: &OwnHits) -> f32 {
    let likeness = hit.likeness();
    let read_otherwise = || {
        let mine = own.iter().flatten();
        mine.into_iter().any(|mine| mine.meets(hit) && mine.at.cost <= hit.at.cost + 20)
    };
    if hit.shadowed || likeness < STRONG || read_otherwise() {
        return 0.0;
    }
    if hit.at.tally.left_out > 0 { likeness * 0.5 } else { likeness }
}

/// Forgets names that are read into the letters of a clearer one: 九州创城 into 新城东区.
fn drop_bogus(own: &mut OwnHits) {
    for at in 0..own.len() {
        let Some(hit) = own[at] else { continue };
        let clearer = |other: &Hit| {
            other.means != hit.means && other.meets(&hit) && other.at.cost + 40 < hit.at.cost
        };
        if hit.at.cost > 60 && own.iter().flatten().any(clearer) {
            own[at] = None;
        }
    }
}

const LIKE: [Feature; 6] = [
    Feature::District,
    Feature::Township,
    Feature::Community,
    Feature::Road,
    Feature::Compound,
    Feature::Poi,
];
const OTHER: [Feature; 5] = [
    Feature::OtherDistrict,
    Feature::OtherTownship,
    Feature::OtherCommunity,
    Feature::OtherRoad,
    Feature::OtherCompound,
];

fn matched(features: &mut Features, like: Feature, hit: &Hit) {
    let tally = &hit.at.tally;
    if hit.shadowed {
        features.add(Feature::Shadowed, 1.0);
        features.set(like, 0.5 * hit.likeness());
        return;
    }
    features.set(like, hit.likeness());
    features.add(Feature::Letters, f32::from(tally.same) * 0.2);
    features.add(Feature::Homophones, f32::from(tally.homophones));
    features.add(Feature::Shapes, f32::from(tally.shapes));
    features.add(Feature::Dialect, f32::from(tally.dialect));
    features.add(Feature::OtherLetters, f32::from(tally.others));
    features.add(Feature::Slips, f32::from(tally.slips));
    features.add(Feature::LeftOut, f32::from(tally.left_out.min(4)));
}
