//! Which names may stand in the text: those that share pairs of sounds with it, aligned.

use super::align::{Alignment, Rows, align, exact, is_hopeless};
use super::child::children;
use super::figure::{Counts, Figure};
use super::letter::Letter;
use super::level::Level;
use super::look::Looker;
use super::pairs::BEFORE;
use super::role::is_door;
use super::shape::Shape;
use super::snapshot::{NONE, View};
use super::stamp::Stamps;
use super::text::{Text, is_han};
use super::vote::Ballot;

/// Names aligned for each level.
const MOST: [usize; 6] = [6, 10, 16, 24, 32, 16];
/// Letters looked at before and behind where a name's pairs put it.
const AROUND: usize = 2;
/// Costs above this, per letter, are no resemblance.
const WORST: u16 = 42;
/// Cost per letter up to which a name is looked at beside one that stands there exactly.
const NEAR: u32 = 30;

/// A name that may stand in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) name: u32,
    /// The name it stands for, if it is another or an old one.
    pub(super) means: u32,
    pub(super) level: Level,
    pub(super) letters: u16,
    pub(super) at: Alignment,
    /// It lies within a longer name that stands there as well or better.
    pub(super) shadowed: bool,
    /// The text leaves it open whether this name is meant: letters are wrong, or 东区 is left out.
    pub(super) unsure: bool,
}

impl Hit {
    /// 1 for a name that stands there letter by letter, 0 for none.
    pub(super) fn likeness(&self) -> f32 {
        1.0 - f32::from(self.at.cost) / (f32::from(self.letters) * 100.0)
    }

    pub(super) fn covers(&self, start: u16, end: u16) -> bool {
        self.at.start <= start && end <= self.at.end
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.at.start < other.at.end && other.at.start < self.at.end
    }
}

/// Memory between queries.
#[derive(Debug, Default)]
pub(super) struct NameScratch {
    ballot: Ballot,
    looker: Looker,
    /// Names of which more than one pair is there.
    several: Vec<u32>,
    ranked: [Vec<(u32, u32)>; 6],
    rows: Rows,
    letters: Vec<Letter>,
    rest: Vec<u32>,
    pub(super) explained: Vec<bool>,
    pub(super) inside: Vec<u32>,
    /// Place of each name's hit plus one.
    pub(super) hit_of: Vec<u16>,
    hit_names: Vec<u32>,
    longest: Vec<(u16, u16, u16)>,
    pub(super) tried: Stamps,
    pub(super) hits: Vec<Hit>,
}

impl NameScratch {
    /// With room for the names of a gazetteer, and no pairs counted.
    pub(super) fn of(view: &View<'_>) -> Self {
        Self { ballot: Ballot::of(view.names()), ..Self::default() }
    }
}

/// Finds the names of the text into `scratch.hits`.
pub(super) fn names(
    view: &View<'_>,
    text: &Text,
    figures: &[Figure],
    marks: &[bool],
    scratch: &mut NameScratch,
) {
    scratch.looker.fill(text);
    scratch.ballot.count(view, text, &mut scratch.several);
    scratch.hits.clear();
    for name in scratch.hit_names.drain(..) {
        if let Some(slot) = scratch.hit_of.get_mut(name as usize) {
            *slot = 0;
        }
    }
    if scratch.hit_of.len() < view.names() {
        scratch.hit_of.resize(view.names(), 0);
    }
    rank(view, scratch);
    fit_all(view, text, figures, scratch);
    if has_loose(text, figures, marks, &scratch.hits) {
        scratch.ballot.count_rest(view, &mut scratch.rest);
        rank_rest(view, scratch);
        fit_all(view, text, figures, scratch);
        children(view, text, figures, scratch);
    }
    scratch.ballot.clear(scratch.several.iter().chain(&scratch.rest));
    shadow(&mut scratch.hits, &mut scratch.longest);
}

/// Whether letters before the last number are neither talk nor explained by a name that is about right: only then names
/// of which no more than one pair of sounds is there are looked at.
fn has_loose(text: &Text, figures: &[Figure], marks: &[bool], hits: &[Hit]) -> bool {
    let last = figures.iter().rev().find(|f| is_door(f)).map_or(text.len(), |f| f.end);
    let clear = |hit: &&Hit| hit.at.cost <= 40 && hit.at.tally.others + hit.at.tally.slips == 0;
    let explained = |at: usize| {
        marks.get(at).copied().unwrap_or(false)
            || figures.iter().any(|f| f.start <= at && at < f.end)
            || hits.iter().filter(clear).any(|hit| hit.covers(at as u16, at as u16 + 1))
    };
    (0..last).any(|at| is_han(text.unit(at)) && !explained(at))
}

/// Aligns the names that were kept.
fn fit_all(view: &View<'_>, text: &Text, figures: &[Figure], scratch: &mut NameScratch) {
    for level in Level::ALL {
        let mut ranked = std::mem::take(&mut scratch.ranked[level.index()]);
        keep_best(&mut ranked, MOST[level.index()]);
        ranked.sort_unstable();
        // Once a name stands there letter by letter, only near ones are still worth a look.
        let mut settled = false;
        for &(order, name) in &ranked {
            if settled && order & 0xfff > NEAR {
                continue;
            }
            if let Some(shape) = view.shape(name)
                && let Some(hit) = fit(view, text, figures, name, shape, scratch)
            {
                settled |= hit.at.tally.is_exact() && hit.letters >= 3 && !is_within(scratch, &hit);
                record(scratch, hit);
            }
        }
        ranked.clear();
        scratch.ranked[level.index()] = ranked;
    }
}

fn keep_best(ranked: &mut Vec<(u32, u32)>, most: usize) {
    if ranked.len() > most {
        ranked.select_nth_unstable(most - 1);
        ranked.truncate(most);
    }
}

/// Whether a longer name that stands there exactly has the letters of this one: 张掖路 in 张掖路街道.
fn is_within(scratch: &NameScratch, hit: &Hit) -> bool {
    let longer = |other: &Hit| other.at.cost == 0 && other.letters > hit.letters;
    scratch.hits.iter().any(|other| longer(other) && other.covers(hit.at.start, hit.at.end))
}

pub(super) fn record(scratch: &mut NameScratch, hit: Hit) {
    let means = hit.means as usize;
    let slot = scratch.hit_of[means];
    if slot == 0 {
        scratch.hits.push(hit);
        scratch.hit_of[means] = scratch.hits.len() as u16;
        scratch.hit_names.push(hit.means);
    } else {
        let known = &mut scratch.hits[usize::from(slot) - 1];
        if hit.at.cost < known.at.cost {
            *known = hit;
        }
    }
}

/// Takes a rough look at the names of which more than one pair is there; the others are put aside.
fn rank(view: &View<'_>, scratch: &mut NameScratch) {
    scratch.rest.clear();
    for &name in &scratch.several {
        let best = scratch.ballot.best(name);
        if best.count < 2 {
            scratch.rest.push(name);
        } else if let Some((level, order)) = scratch.looker.look(view, name, best) {
            scratch.ranked[level.index()].push((order, name));
        }
    }
}

/// The same of those that were put aside.
fn rank_rest(view: &View<'_>, scratch: &mut NameScratch) {
    for &name in &scratch.rest {
        let best = scratch.ballot.best(name);
        if let Some((level, order)) = scratch.looker.look(view, name, best) {
            scratch.ranked[level.index()].push((order, name));
        }
    }
}

pub(super) fn fit(
    view: &View<'_>,
    text: &Text,
    doors: &[Figure],
    name: u32,
    shape: Shape,
    scratch: &mut NameScratch,
) -> Option<Hit> {
    let Shape { level, letters: length, core, .. } = shape;
    scratch.letters.clear();
    scratch.letters.extend(view.name_units(name).take(length).map(Letter::new));
    let run = scratch.ballot.best(name);
    let window = if run.count == 0 {
        (0, text.len())
    } else {
        // Where the pairs put the name, and a letter too many or too few on either side.
        let (low, high) = (usize::from(run.low), usize::from(run.high) + length + AROUND);
        let unit = |at: usize| at.saturating_sub(usize::from(BEFORE)).min(text.len());
        (unit(low.saturating_sub(AROUND)), unit(high))
    };
    let limit = WORST * length as u16;
    let letters = &scratch.letters;
    let mut at = match exact(&text.letters, window, letters) {
        Some(exact) => exact,
        None if is_hopeless(&text.letters[window.0..window.1], &letters[..core], limit) => {
            return None;
        }
        None => align(&text.letters, window, letters, core, level, limit, &mut scratch.rows),
    };
    if level >= Level::Compound && is_of_another_part(text, usize::from(at.end)) {
        at.cost += 80;
        at.tally.others += 1;
    }
    if at.tally.left_out > 0 && is_door_digit(doors, usize::from(at.end)) {
        // 锦绣家园1号楼 does not say 锦绣家园一期.
        at.cost += 80;
        at.tally.others += 1;
    }
    if at.cost > limit {
        return None;
    }
    if at.tally.slips > 0 && has_other_direction(text, at, &scratch.letters) {
        return None;
    }
    let target = view.name_target.u32(name as usize);
    // Another or an old name counts only as it is written: loosely matched it would draw too much.
    if target != NONE && !at.tally.is_exact() {
        return None;
    }
    let means = if target == NONE { name } else { target };
    let left_out = &scratch.letters[length - usize::from(at.tally.left_out).min(length)..];
    let unsure = at.tally.others + at.tally.slips > 0 || left_out.iter().any(Letter::is_marked);
    Some(Hit { name, means, level, letters: length as u16, at, shadowed: false, unsure })
}

/// Whether the text has one direction where the name has another: 西 is no slip for 东.
fn has_other_direction(text: &Text, at: Alignment, name: &[Letter]) -> bool {
    let end = (usize::from(at.end) + 1).min(text.len());
    let said = &text.letters[usize::from(at.start)..end];
    let only = |some: &[Letter], others: &[Letter]| {
        let has = |letter: &Letter| others.iter().any(|other| other.unit == letter.unit);
        some.iter().any(|letter| letter.is_direction() && !has(letter))
    };
    only(said, name) && only(name, said)
}

/// Whether the unit before `end` is the last digit of a house, a building, a unit or a room.
fn is_door_digit(figures: &[Figure], end: usize) -> bool {
    let holds = |f: &Figure| f.start < end && end <= f.end && f.counts <= Counts::Room;
    figures.iter().any(|f| holds(f) && (f.counts != Counts::Nothing || !f.spelled))
}

/// Whether the text goes on with 东区, B区 or 二期: another part than the name is of.
fn is_of_another_part(text: &Text, at: usize) -> bool {
    let part = Letter::new(text.unit(at));
    let named =
        part.is_marked() || matches!(text.unit(at), 0x4e2d | 0x4e0a | 0x4e0b | 0x65b0 | 0x8001);
    named && matches!(text.unit(at + 1), 0x533a | 0x671f)
}

/// A name within a longer one that stands there as well: 张掖路 in 张掖路街道. What is left out of the shorter at its end
/// does not make it worse.
fn shadow(hits: &mut [Hit], longest: &mut Vec<(u16, u16, u16)>) {
    longest.clear();
    longest.extend(hits.iter().map(|hit| (hit.at.start, hit.at.end, hit.at.cost)));
    longest.sort_unstable_by_key(|&(start, end, _)| std::cmp::Reverse(end - start));
    for hit in hits {
        let Alignment { start, end, cost, tally } = hit.at;
        let cost = cost.saturating_sub(u16::from(tally.left_out) * 14);
        let mut longer = longest.iter().take_while(|other| other.1 - other.0 > end - start);
        hit.shadowed = longer.any(|other| other.0 <= start && end <= other.1 && other.2 <= cost);
    }
}
