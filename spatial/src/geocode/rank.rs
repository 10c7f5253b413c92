//! Which places are worth a look inside: those whose names fit the text best.

use super::feature::Weights;
use super::place::{Place, Spoken};
use super::snapshot::View;

/// Places whose doors are tried.
const MOST_TRIED: usize = 28;
/// Scores that are kept; a power of two.
const KNOWN: usize = 256;

/// Memory between queries.
#[derive(Debug)]
pub(super) struct Ranking {
    /// Scores of this query by what decides them: most sites of a compound have the same names in the text.
    known: Vec<(u128, f32)>,
    /// Tells the queries apart whose scores are known.
    stamp: u32,
    /// The best, with what their names score, the first first.
    pub(super) best: Vec<(f32, Place)>,
}

impl Default for Ranking {
    fn default() -> Self {
        Self { known: vec![(0, 0.0); KNOWN], stamp: 0, best: Vec::new() }
    }
}

impl Ranking {
    /// Orders the places of a text and keeps the best.
    pub(super) fn fill(
        &mut self,
        view: &View<'_>,
        spoken: &Spoken<'_>,
        places: &[Place],
        weights: &Weights,
    ) {
        self.begin();
        for &place in places {
            let slots = spoken.slots(view, place);
            let key = self.key(place, slots);
            let at = slot(key);
            if self.known[at].0 != key {
                let own = spoken.own(slots);
                self.known[at] = (key, spoken.features(place, &own).score(weights));
            }
            self.best.push((self.known[at].1, place));
        }
        let order =
            |a: &(f32, Place), b: &(f32, Place)| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1));
        if self.best.len() > MOST_TRIED {
            self.best.select_nth_unstable_by(MOST_TRIED, order);
            // Nothing is always a candidate.
            let rest = self.best.iter().skip(MOST_TRIED);
            let nothing = rest.copied().find(|ranked| ranked.1 == Place::Nothing);
            self.best.truncate(MOST_TRIED);
            self.best.extend(nothing);
        }
        self.best.sort_unstable_by(order);
    }

    fn begin(&mut self) {
        self.best.clear();
        // The stamp has 30 bits in a key; 0 is never one.
        self.stamp = (self.stamp + 1) & 0x3fff_ffff;
        if self.stamp == 0 {
            self.known.fill((0, 0.0));
            self.stamp = 1;
        }
    }

    /// All that decides the score of a place's names.
    fn key(&self, place: Place, slots: [u16; 6]) -> u128 {
        let kind = match place {
            Place::Site(_) => 0,
            Place::Road(_) => 1,
            Place::Division(_) => 2,
            Place::Nothing => 3,
        };
        let head = (u128::from(self.stamp) << 2) | kind;
        slots.into_iter().fold(head, |key, slot| (key << 16) | u128::from(slot))
    }
}

fn slot(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % KNOWN
}
