//! Which names may stand in the text: those that share pairs of sounds with it, aligned.

use super::align::{Alignment, Rows, align};
use super::letter::Letter;
use super::level::Level;
use super::pairs::{IN_CORE, Votes, pair, pairs_of};
use super::snapshot::{NONE, View};
use super::text::{Text, is_gap};

/// Names aligned for each level.
const MOST: [usize; 6] = [6, 12, 24, 40, 48, 24];
/// Pairs of sounds that more names have tell nothing.
const CROWDED: usize = 700;
/// Sites looked at for the names inside a community.
const MOST_CHILDREN: usize = 160;
/// Costs above this, per letter, are no resemblance.
const WORST: u16 = 42;
/// Share of a name's pairs from which it is looked at beside a name that stands there exactly, in 256ths.
const NEAR_SHARE: u32 = 150;
/// Least share of a name's pairs, in 256ths.
const LEAST_SHARE: u32 = 60;

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
    votes: Vec<Votes>,
    touched: Vec<u32>,
    ranked: [Vec<(u32, u32)>; 6],
    cores: [Vec<(u32, u32)>; 6],
    rows: Rows,
    letters: Vec<Letter>,
    /// Place of each name's hit plus one.
    pub(super) hit_of: Vec<u16>,
    hit_names: Vec<u32>,
    pub(super) hits: Vec<Hit>,
}

/// Finds the names of the text into `scratch.hits`.
pub(super) fn names(view: &View<'_>, text: &Text, scratch: &mut NameScratch) {
    vote(view, text, scratch);
    rank(view, scratch);
    scratch.hits.clear();
    for name in scratch.hit_names.drain(..) {
        if let Some(slot) = scratch.hit_of.get_mut(name as usize) {
            *slot = 0;
        }
    }
    if scratch.hit_of.len() < view.names() {
        scratch.hit_of.resize(view.names(), 0);
    }
    for level in Level::ALL {
        let mut ranked = std::mem::take(&mut scratch.ranked[level.index()]);
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        // Once a name stands there letter by letter, only near ones are still worth a look.
        let mut settled = false;
        for &(score, name) in &ranked {
            if settled && score >> 8 < NEAR_SHARE {
                break;
            }
            if let Some(hit) = fit(view, text, name, level, scratch) {
                settled |= hit.at.tally.is_exact() && hit.letters >= 3 && !is_within(scratch, &hit);
                record(scratch, hit);
            }
        }
        ranked.clear();
        scratch.ranked[level.index()] = ranked;
    }
    children(view, text, scratch);
    for at in &scratch.touched {
        scratch.votes[*at as usize] = Votes::default();
    }
    scratch.touched.clear();
    shadow(&mut scratch.hits);
}

/// Whether a longer name that stands there exactly has the letters of this one: 张掖路 in 张掖路街道.
fn is_within(scratch: &NameScratch, hit: &Hit) -> bool {
    let longer = |other: &Hit| other.at.cost == 0 && other.letters > hit.letters;
    scratch.hits.iter().any(|other| longer(other) && other.covers(hit.at.start, hit.at.end))
}

fn record(scratch: &mut NameScratch, hit: Hit) {
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

fn vote(view: &View<'_>, text: &Text, scratch: &mut NameScratch) {
    if scratch.votes.len() < view.names() {
        scratch.votes.resize(view.names(), Votes::default());
    }
    let (votes, touched) = (&mut scratch.votes, &mut scratch.touched);
    let letters = &text.letters;
    let mut number = 0;
    for start in 0..letters.len() {
        let mut steps = 0;
        for end in start + 1..letters.len().min(start + 4) {
            if is_gap(letters[end].unit) {
                continue;
            }
            steps += 1;
            if steps > 2 {
                break;
            }
            number += 1;
            pair(&letters[start], &letters[end], |key| {
                let range = view.gram_start.range(key as usize);
                if range.len() > CROWDED {
                    return;
                }
                let rarity = (13u32.saturating_sub((range.len() as u32 + 1).ilog2())) as u16;
                for at in range {
                    let posting = view.gram_names.u32(at);
                    let name = posting & !IN_CORE;
                    let vote = &mut votes[name as usize];
                    if vote.pair == 0 {
                        touched.push(name);
                    }
                    vote.add(start as u16, number, rarity, posting & IN_CORE != 0);
                }
            });
        }
    }
}

fn rank(view: &View<'_>, scratch: &mut NameScratch) {
    for &name in &scratch.touched {
        let at = name as usize;
        let letters = view.name_start.range(at).len();
        scratch.votes[at].close();
        let core = usize::from(view.name_core.u16(at));
        let of = |count: u16, pairs: u32| u32::from(count) * 256 / pairs.max(1);
        let votes = scratch.votes[at];
        let share = of(votes.best_count, pairs_of(letters, core));
        // A core that is there whole stands for the name without its common end.
        let has_core = of(votes.best_core, pairs_of(core, core)) >= 256;
        if let Some(level) = view.level(name) {
            // Of two equal shares that of rarer pairs says more.
            let score = (share.min(256) << 8) + u32::from(votes.best_rarity.min(255));
            if share >= LEAST_SHARE {
                scratch.ranked[level.index()].push((score, name));
            }
            if has_core && share < 200 {
                scratch.cores[level.index()].push((u32::from(votes.best_rarity), name));
            }
        }
    }
    for (level, most) in MOST.into_iter().enumerate() {
        keep_best(&mut scratch.ranked[level], most);
        keep_best(&mut scratch.cores[level], most / 2);
        let cores = std::mem::take(&mut scratch.cores[level]);
        scratch.ranked[level].extend(&cores);
        scratch.cores[level] = cores;
        scratch.cores[level].clear();
        scratch.ranked[level].sort_unstable_by_key(|ranked| ranked.1);
        scratch.ranked[level].dedup_by_key(|ranked| ranked.1);
    }
}

fn keep_best(ranked: &mut Vec<(u32, u32)>, most: usize) {
    if ranked.len() > most {
        ranked.select_nth_unstable_by(most - 1, |a, b| b.cmp(a));
        ranked.truncate(most);
    }
}

fn fit(
    view: &View<'_>,
    text: &Text,
    name: u32,
    level: Level,
    scratch: &mut NameScratch,
) -> Option<Hit> {
    scratch.letters.clear();
    scratch.letters.extend(view.name_units(name).map(Letter::new));
    let length = scratch.letters.len();
    let core = usize::from(view.name_core.u16(name as usize));
    let votes = scratch.votes[name as usize];
    let (from, to) = if votes.best_count == 0 {
        (0, text.len())
    } else {
        let to = usize::from(votes.best_last) + length + 2;
        (usize::from(votes.best_first).saturating_sub(length), to.min(text.len()))
    };
    let mut at = align(&text.letters, (from, to), &scratch.letters, core, level, &mut scratch.rows);
    if level >= Level::Compound && is_of_another_part(text, usize::from(at.end)) {
        at.cost += 80;
        at.tally.others += 1;
    }
    if at.cost > WORST * length as u16 {
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

/// Names inside the places that stand in the text for certain, where letters of it are still unexplained: of the few
/// roads of a community even a badly written one is found.
fn children(view: &View<'_>, text: &Text, scratch: &mut NameScratch) {
    let sure = |hit: &Hit| hit.at.cost <= 20 && hit.level <= Level::Community;
    let mut explained = vec![false; text.len()];
    for hit in scratch.hits.iter().filter(|hit| hit.at.cost <= 40) {
        let range = usize::from(hit.at.start)..usize::from(hit.at.end);
        explained[range].iter_mut().for_each(|at| *at = true);
    }
    let loose = |from: usize| {
        let han = |at: usize| super::text::is_han(text.unit(at)) && !explained[at];
        (from..text.len().min(from + 9)).filter(|&at| han(at)).count() >= 2
    };
    let parents: Vec<Hit> = scratch
        .hits
        .iter()
        .filter(|hit| sure(hit) && loose(usize::from(hit.at.end)))
        .copied()
        .collect();
    for parent in parents.into_iter().rev().take(4) {
        let of_name = view.name_divisions_start.range(parent.means as usize);
        for division in of_name.map(|at| view.name_divisions.u32(at)) {
            let mut names = Vec::new();
            if parent.level < Level::Community {
                let all = 0..view.divisions() as u32;
                let own = all.filter(|&d| view.division_parent.u32(d as usize) == division);
                names.extend(own.map(|d| view.division_name.u32(d as usize)));
            }
            let sites = view.division_sites_start.range(division as usize).take(MOST_CHILDREN);
            for site in sites.map(|at| view.division_sites.u32(at) as usize) {
                names.extend([view.site_road.u32(site), view.site_compound.u32(site)]);
            }
            names.sort_unstable();
            names.dedup();
            for name in names.into_iter().filter(|&name| name != NONE) {
                if scratch.hit_of[name as usize] == 0
                    && let Some(level) = view.level(name)
                    && let Some(hit) = fit(view, text, name, level, scratch)
                {
                    record(scratch, hit);
                }
            }
        }
    }
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

/// Whether the text goes on with 东区, B区 or 二期: another part than the name is of.
fn is_of_another_part(text: &Text, at: usize) -> bool {
    let part = Letter::new(text.unit(at));
    let named =
        part.is_marked() || matches!(text.unit(at), 0x4e2d | 0x4e0a | 0x4e0b | 0x65b0 | 0x8001);
    named && matches!(text.unit(at + 1), 0x533a | 0x671f)
}

fn shadow(hits: &mut [Hit]) {
    for at in 0..hits.len() {
        let hit = hits[at];
        let length = hit.at.end - hit.at.start;
        hits[at].shadowed = hits.iter().any(|other| {
            other.at.end - other.at.start > length
                && other.covers(hit.at.start, hit.at.end)
                && other.at.cost <= hit.at.cost
        });
    }
}
