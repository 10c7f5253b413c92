//! Which names share pairs of sounds with a text, and where.

use super::pairs::{NAME, Run, Votes, pair};
use super::snapshot::View;
use super::text::{Text, is_gap};

/// Pairs of sounds that more names have tell nothing.
const CROWDED: usize = 700;

/// The names that have one pair of the text.
#[derive(Clone, Debug)]
struct List {
    postings: std::ops::Range<usize>,
    /// Where the pair begins, and its number among the pairs of the text, from 1.
    start: u16,
    number: u16,
    rarity: u8,
}

/// What was met of each name.
///
/// Most names have a single pair of a text, and few of those are looked at. So the names are first counted, a byte for
/// each, and only those met more than once are followed letter by letter.
#[derive(Debug, Default)]
pub(super) struct Ballot {
    counts: Vec<u8>,
    lists: Vec<List>,
    /// Postings of a list that are followed.
    followed: Vec<u32>,
    votes: Vec<Votes>,
}

impl Ballot {
    /// With room for so many names.
    pub(super) fn of(names: usize) -> Self {
        Self { counts: vec![0; names], votes: vec![Votes::default(); names], ..Self::default() }
    }

    /// What was met of a name.
    pub(super) fn best(&self, name: u32) -> Run {
        self.votes.get(name as usize).map_or_else(Run::default, |votes| votes.best)
    }

    /// Counts the pairs of a text; the names met more than once go into `several`.
    pub(super) fn count(&mut self, view: &View<'_>, text: &Text, several: &mut Vec<u32>) {
        if self.counts.len() < view.names() {
            self.counts.resize(view.names(), 0);
            self.votes.resize(view.names(), Votes::default());
        }
        self.find_lists(view, text);
        let most: usize = self.lists.iter().map(|list| list.postings.len()).sum();
        if several.len() < most {
            several.resize(most, 0);
        }
        self.followed.resize(CROWDED, 0);
        let mut met = 0;
        for list in &self.lists {
            for posting in view.gram_names.slice32(list.postings.clone()) {
                let name = posting & NAME;
                let count = &mut self.counts[name as usize];
                // Without a branch, which nobody could foretell.
                several[met] = name;
                met += usize::from(*count == 1);
                *count = count.saturating_add(1);
            }
        }
        several.truncate(met);
        for list in &self.lists {
            let mut count = 0;
            for posting in view.gram_names.slice32(list.postings.clone()) {
                self.followed[count] = posting;
                count += usize::from(self.counts[(posting & NAME) as usize] > 1);
            }
            for &posting in &self.followed[..count] {
                let votes = &mut self.votes[(posting & NAME) as usize];
                votes.add(list.start, list.number, list.rarity, posting);
            }
        }
        for &name in several.iter() {
            self.votes[name as usize].close();
        }
    }

    /// Gives the names that were met once their votes, and lists them in `once`.
    pub(super) fn count_rest(&mut self, view: &View<'_>, once: &mut Vec<u32>) {
        for list in &self.lists {
            for posting in view.gram_names.slice32(list.postings.clone()) {
                let name = posting & NAME;
                if self.counts[name as usize] == 1 {
                    self.votes[name as usize].best = Run::once(list.start, list.rarity, posting);
                    once.push(name);
                }
            }
        }
    }

    /// Forgets the text, of which these names were met.
    pub(super) fn clear<'a>(&mut self, met: impl Iterator<Item = &'a u32>) {
        for &name in met {
            self.votes[name as usize] = Votes::default();
        }
        self.counts.fill(0);
    }

    fn find_lists(&mut self, view: &View<'_>, text: &Text) {
        self.lists.clear();
        let letters = &text.letters;
        let mut number = 0;
        for start in 0..letters.len() {
            let ends = start + 1..letters.len().min(start + 4);
            for end in ends.filter(|&end| !is_gap(letters[end].unit)).take(2) {
                number += 1;
                pair(&letters[start], &letters[end], |key| {
                    let postings = view.gram_start.range(key as usize);
                    if postings.is_empty() || postings.len() > CROWDED {
                        return;
                    }
                    let rarity = 13u32.saturating_sub((postings.len() as u32 + 1).ilog2()) as u8;
                    self.lists.push(List { postings, start: start as u16, number, rarity });
                });
            }
        }
    }
}
