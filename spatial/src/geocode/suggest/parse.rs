//! What has been typed so far: names that stand there whole, numbers after them, and what is still being typed.

use super::super::figure::{Counts, Figure};
use super::super::label::Label;
use super::super::level::Level;
use super::super::role::is_door;
use super::super::snapshot::{NONE, View};
use super::super::text::{DASH, Text, is_gap};
use super::index::NameIndex;

/// Longest name that is looked for as a whole.
const LONGEST: usize = 24;
/// 附, behind which a part of a house number comes.
pub(super) const ANNEX: u16 = 0x9644;
/// Sites that are looked at in one scope.
const MOST_SITES: usize = 4000;

/// What the places meant lie in.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// For each division named, those called so.
    pub(super) divisions: Vec<Vec<u32>>,
    pub(super) roads: Vec<u32>,
    pub(super) compounds: Vec<u32>,
    pub(super) number: Option<Label>,
    pub(super) group: Option<Label>,
}

impl Scope {
    pub(super) fn is_empty(&self) -> bool {
        self.divisions.is_empty() && self.roads.is_empty() && self.compounds.is_empty()
    }

    /// Narrows it to places of a name.
    pub(super) fn narrow(&mut self, view: &View<'_>, names: &[u32]) {
        let mut divisions = Vec::new();
        let (mut roads, mut compounds) = (Vec::new(), Vec::new());
        for &name in names {
            let target = view.name_target.u32(name as usize);
            let means = if target == NONE { name } else { target };
            match view.level(means) {
                Some(Level::Road) => roads.push(means),
                Some(Level::Compound | Level::Poi) => compounds.push(means),
                _ => {
                    let range = view.name_divisions_start.range(means as usize);
                    divisions.extend(range.map(|at| view.name_divisions.u32(at)));
                }
            }
        }
        // A name of several kinds is read as the one that comes next in an address.
        if !divisions.is_empty() && self.roads.is_empty() {
            self.divisions.push(divisions);
        } else if !roads.is_empty() {
            self.roads = roads;
        } else if !compounds.is_empty() {
            self.compounds = compounds;
        }
    }

    /// Whether a site lies in it.
    pub(super) fn holds(&self, view: &View<'_>, site: u32) -> bool {
        let at = site as usize;
        let is = |list: &[u32], name: u32| list.is_empty() || list.contains(&name);
        let label = |wanted: Option<Label>, own: Label| wanted.is_none_or(|w| own.covers(w));
        is(&self.roads, view.site_road.u32(at))
            && is(&self.compounds, view.site_compound.u32(at))
            && label(self.number, view.site_label(site))
            && label(self.group, Label(view.site_group.u32(at)))
            && self.divisions.iter().all(|named| is_under(view, view.site_division.u32(at), named))
    }

    /// The sites in it, of a few thousand at most.
    pub(super) fn sites(&self, view: &View<'_>, index: &NameIndex) -> Vec<u32> {
        let mut sites = Vec::new();
        let named = if self.compounds.is_empty() { &self.roads } else { &self.compounds };
        for &name in named {
            let range = view.name_sites_start.range(name as usize);
            let all = range.map(|at| view.name_sites.u32(at));
            sites.extend(all.filter(|&site| self.holds(view, site)).take(MOST_SITES));
        }
        if named.is_empty()
            && let Some(lowest) = self.divisions.last()
        {
            for division in self.under(view, index, lowest) {
                let range = view.division_sites_start.range(division as usize);
                let all = range.map(|at| view.division_sites.u32(at));
                sites.extend(all.filter(|&site| self.group.is_none() || self.holds(view, site)));
            }
        }
        sites
    }

    /// Divisions and all below them.
    pub(super) fn under(&self, view: &View<'_>, index: &NameIndex, roots: &[u32]) -> Vec<u32> {
        let above = self.divisions.len().saturating_sub(1);
        let within =
            |&&root: &&u32| self.divisions[..above].iter().all(|named| is_under(view, root, named));
        let mut all: Vec<u32> = roots.iter().filter(within).copied().collect();
        let mut at = 0;
        while at < all.len() {
            all.extend_from_slice(index.below(all[at]));
            at += 1;
        }
        all
    }
}

fn is_under(view: &View<'_>, division: u32, roots: &[u32]) -> bool {
    let mut division = division;
    for _ in 0..4 {
        if roots.contains(&division) {
            return true;
        }
        if division == NONE {
            return false;
        }
        division = view.division_parent.u32(division as usize);
    }
    false
}

/// A name that stands there whole.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    pub(super) start: usize,
}

/// The text as far as it is understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Parsed {
    /// Narrowed by all names and numbers before `rest`, but for the last name.
    pub(super) before_last: Scope,
    pub(super) scope: Scope,
    pub(super) last: Option<Whole>,
    /// Where what is still being typed begins: the end of the text if nothing is.
    pub(super) rest: usize,
    /// The first figure behind it; the number of figures if there is none.
    pub(super) figure: usize,
}

/// Takes names that stand there whole from the left, and house numbers between them.
pub(super) fn parse(view: &View<'_>, index: &NameIndex, text: &Text, figures: &[Figure]) -> Parsed {
    let mut this = Parsed { rest: region(view, text), ..Parsed::default() };
    loop {
        while this.rest < text.len() && is_gap(text.unit(this.rest)) {
            this.rest += 1;
        }
        let at = this.rest;
        this.figure = figures.partition_point(|figure| figure.start < at);
        if let Some((names, end)) = whole(view, index, text, at) {
            this.before_last = this.scope.clone();
            this.scope.narrow(view, &names);
            this.last = Some(Whole { start: at });
            this.rest = end;
            continue;
        }
        // A house number with a name behind it: 滨河东路200号锦绣家园.
        let between = figures.get(this.figure).filter(|figure| figure.start == at);
        let Some(figure) = between.filter(|figure| is_door(figure)) else { return this };
        let goes_on = figure.end < text.len()
            && figures.get(this.figure + 1).is_none_or(|next| next.start > figure.end + 1);
        let more = goes_on
            && !is_gap(text.unit(figure.end))
            && !matches!(text.unit(figure.end), DASH | ANNEX);
        match figure.counts {
            Counts::Door | Counts::Yard if more && !this.scope.roads.is_empty() => {
                this.scope.number = Some(figure.label);
            }
            _ => return this,
        }
        this.last = None;
        this.rest = figure.end;
    }
}

/// The longest name that stands at a place.
fn whole(view: &View<'_>, index: &NameIndex, text: &Text, at: usize) -> Option<(Vec<u32>, usize)> {
    let most = LONGEST.min(text.len() - at);
    let units: Vec<u16> = (at..at + most).map(|at| text.unit(at)).collect();
    (2..=most).rev().find_map(|length| {
        let names = index.exactly(view, &units[..length]);
        (!names.is_empty()).then(|| (names.to_vec(), at + length))
    })
}

/// Where the address begins behind the province and the city.
fn region(view: &View<'_>, text: &Text) -> usize {
    let mut at = 0;
    for name in [view.string(0), view.string(1)] {
        let bare: Vec<u16> = name.trim_end_matches(['省', '市']).encode_utf16().collect();
        if bare.len() >= 2 && text.has(at, &bare) {
            let end = at + bare.len();
            // 兰州路 is a road.
            if matches!(text.unit(end), 0x7701 | 0x5e02) {
                at = end + 1;
            }
        }
    }
    at
}
