//! Names that begin with what is being typed.

use super::super::level::Level;
use super::super::snapshot::{NONE, View};
use super::super::text::{is_digit, is_gap, is_han, is_latin};
use super::area::Area;
use super::index::NameIndex;
use super::parse::Scope;
use super::sound::{INITIALS, fit, initials};

/// Longest name that is compared.
const LONGEST: usize = 40;
/// Worth, in points: the caller's area, a name that is typed whole, a letter that is left to type.
const IN_AREA: f32 = 2.5;
const WHOLE: f32 = 3.0;
const LETTER_LEFT: f32 = -0.12;

/// A name that may be meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Begun {
    pub(super) name: u32,
    pub(super) score: f32,
}

/// Memory between calls: which names were seen, by the number of the call.
#[derive(Debug, Default)]
pub(super) struct Scan {
    seen: Vec<u32>,
    inside: Vec<u32>,
    call: u32,
    pub(super) found: Vec<Begun>,
}

/// What is looked for.
pub(super) struct Wanted<'a> {
    pub(super) typed: &'a [u16],
    pub(super) scope: &'a Scope,
    pub(super) area: Option<&'a Area>,
    pub(super) most: usize,
}

impl Scan {
    fn begin(&mut self, names: usize) {
        if self.seen.len() < names {
            self.seen.resize(names, 0);
            self.inside.resize(names, 0);
        }
        // After four thousand million calls old marks would count again.
        if self.call == u32::MAX {
            self.seen.fill(0);
            self.inside.fill(0);
            self.call = 0;
        }
        self.call += 1;
        self.found.clear();
    }

    /// The names in the scope that begin with what is typed, the best first, into `found`; all of the scope where nothing
    /// is typed yet.
    pub(super) fn names(&mut self, view: &View<'_>, index: &NameIndex, wanted: &Wanted<'_>) {
        self.begin(view.names());
        let call = self.call;
        let mut within = Vec::new();
        if !wanted.scope.is_empty() {
            within = self.mark(view, index, wanted.scope);
        }
        let typed: Vec<u16> = wanted.typed.iter().copied().filter(|&unit| !is_gap(unit)).collect();
        let Some(&first) = typed.first() else {
            for name in within {
                self.take(view, index, name, 0.0, wanted);
            }
            return;
        };
        // Only a character says which the second initial is.
        let all = (1u32 << INITIALS) - 1;
        let second = match typed.get(1) {
            Some(&unit) if is_han(first) && (is_han(unit) || is_latin(unit)) => initials(unit),
            _ => all,
        };
        let mut units = [0u16; LONGEST];
        let known = is_han(first) || is_latin(first) || is_digit(first);
        for name in index.with_initials(if known { initials(first) } else { all }, second) {
            let outside = !wanted.scope.is_empty() && self.inside[name as usize] != call;
            if outside || self.seen[name as usize] == call {
                continue;
            }
            self.seen[name as usize] = call;
            let mut length = 0;
            for (slot, unit) in units.iter_mut().zip(view.name_units(name)) {
                *slot = unit;
                length += 1;
            }
            let Some(fit) = fit(&typed, &units[..length]) else { continue };
            let left = (length - fit.taken) as f32;
            let spelt = typed.iter().all(|&unit| is_han(unit));
            let whole = if left == 0.0 && spelt && fit.cost == 0 { WHOLE } else { 0.0 };
            let cost = -0.06 * f32::from(fit.cost) + LETTER_LEFT * left.min(12.0) + whole;
            self.take(view, index, name, cost, wanted);
        }
    }

    fn take(
        &mut self,
        view: &View<'_>,
        index: &NameIndex,
        name: u32,
        cost: f32,
        wanted: &Wanted<'_>,
    ) {
        let Some(level) = view.level(name) else { return };
        let size = index.size.get(name as usize).copied().unwrap_or(0);
        let target = view.name_target.u32(name as usize);
        let means = if target == NONE { name } else { target };
        let area = wanted.area.is_some_and(|area| area.holds(means));
        let size = 0.45 * (1.0 + size as f32).ln();
        let score = cost + size + level_worth(level) + if area { IN_AREA } else { 0.0 };
        let worst = self.found.last().map_or(f32::MIN, |begun| begun.score);
        if self.found.len() >= wanted.most && score <= worst {
            return;
        }
        let at = self.found.partition_point(|begun| begun.score >= score);
        self.found.insert(at, Begun { name, score });
        self.found.truncate(wanted.most);
    }

    /// Marks the names that lie in a scope, and lists them.
    fn mark(&mut self, view: &View<'_>, index: &NameIndex, scope: &Scope) -> Vec<u32> {
        let mut all = Vec::new();
        let call = self.call;
        let inside = &mut self.inside;
        let mut add = |name: u32| {
            if name != NONE && inside[name as usize] != call {
                inside[name as usize] = call;
                all.push(name);
            }
        };
        if scope.roads.is_empty()
            && scope.compounds.is_empty()
            && let Some(lowest) = scope.divisions.last()
        {
            for division in scope.under(view, index, lowest) {
                if !lowest.contains(&division) {
                    add(view.division_name.u32(division as usize));
                }
            }
        }
        for site in scope.sites(view, index) {
            if scope.roads.is_empty() {
                add(view.site_road.u32(site as usize));
            }
            if scope.compounds.is_empty() {
                add(view.site_compound.u32(site as usize));
            }
        }
        all
    }
}

/// A road is named more often than a shop.
fn level_worth(level: Level) -> f32 {
    match level {
        Level::Road => 1.2,
        Level::Compound => 0.6,
        Level::Community => 0.2,
        // They are large already.
        Level::District | Level::Township => -1.0,
        Level::Poi => 0.0,
    }
}
