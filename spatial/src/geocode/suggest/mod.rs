//! Suggestions per keystroke: names by their characters, their sound or their initials, and the next element after them.
//!
//! | typed | suggested |
//! |---|---|
//! | `酒泉`, `jiuquan`, `jq`, `酒q` | 酒泉路 (`sound`: each letter against each character's syllables) |
//! | `酒泉路` | 酒泉路街道; 酒泉路1号 … |
//! | `jqlu12` | 酒泉路12号, 酒泉路123号 … |
//! | `锦绣家园3号楼` | 1单元, 2单元 |
//! | `锦绣家园3-2-5` | 501室, 502室 |
//!
//! The names lie in buckets by the initials of their first two characters ([`NameIndex`]), made in some milliseconds when a
//! snapshot is opened. Ranking does not share its scores with the search: it goes by size, by the caller's [`Area`], and by
//! how much is left to type.

mod area;
mod complete;
mod door;
mod index;
mod name;
mod number;
mod parse;
mod sound;

use serde::Serialize;

pub use self::area::Area;
pub(super) use self::index::NameIndex;
use super::answer::Element;
use super::figure::{Figure, figures};
use super::overlay::{Heard, Now, Overlay};
use super::snapshot::Snapshot;
use super::text::Text;
use crate::lattice::LatticePoint;

/// Worth of another name that is typed whole, in points.
const OTHER_NAME: f32 = 5.0;

/// What somebody is typing.
#[derive(Clone, Copy, Debug)]
pub struct SuggestQuery<'a> {
    /// What stands in the box, up to the cursor.
    pub text: &'a str,
    /// How many suggestions at most.
    pub limit: usize,
    /// Where the caller works: what lies there comes first.
    pub area: Option<&'a Area>,
    /// The instant of which the overlay's entries must hold, in seconds since 1970; `None` takes them all.
    pub as_of: Option<i64>,
    /// Whom the caller hears; `None` hears every other name alike.
    pub heard: Option<Heard<'a>>,
}

impl<'a> SuggestQuery<'a> {
    /// Eight suggestions, for a caller without an area.
    pub const fn text(text: &'a str) -> Self {
        Self { text, limit: 8, area: None, as_of: None, heard: None }
    }
}

/// A suggestion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// What is meant, from the district down.
    pub label: String,
    /// What the box becomes.
    pub text: String,
    /// The element that is completed.
    pub element: Element,
    /// Bytes of the text that are replaced; empty at its end where the next element is added.
    pub completes: (usize, usize),
    /// How many addresses there are.
    pub count: u32,
    /// Where it is, roughly for a road or a division.
    #[serde(skip)]
    pub point: Option<LatticePoint>,
    /// The caller's id of the address, where it is one.
    #[serde(skip)]
    pub record: Option<u32>,
    /// The caller's id of the building, where it is one or lies in one.
    #[serde(skip)]
    pub building: Option<u32>,
    /// The order; comparable within one answer only.
    pub score: f32,
}

/// Memory of a thread between its calls.
#[derive(Debug, Default)]
pub struct SuggestScratch {
    text: Text,
    figures: Vec<Figure>,
    names: name::Scan,
}

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// What may be meant by what has been typed so far, the likeliest first; nothing for nothing.
    ///
    /// # Example
    /// ```
    /// use spatial::geocode::{AddressRow, Overlay, Snapshot, SnapshotBuilder, SuggestQuery, SuggestScratch};
    /// let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
    /// for house_no in ["9号", "121号", "123号"] {
    ///     builder.address(&AddressRow { road: "酒泉路", house_no, ..AddressRow::default() });
    /// }
    /// let gazetteer = Snapshot::open(builder.finish())?;
    /// let mut scratch = SuggestScratch::default();
    /// let mut ask = |text| {
    ///     let all = gazetteer.suggest(&Overlay::default(), &SuggestQuery::text(text), &mut scratch);
    ///     all.into_iter().map(|suggestion| suggestion.text).collect::<Vec<_>>()
    /// };
    /// assert_eq!(ask("jql"), ["酒泉路"]);
    /// assert_eq!(ask("酒泉路12"), ["酒泉路121号", "酒泉路123号"]);
    /// # Ok::<(), spatial::geocode::SnapshotError>(())
    /// ```
    pub fn suggest(
        &self,
        overlay: &Overlay,
        query: &SuggestQuery<'_>,
        scratch: &mut SuggestScratch,
    ) -> Vec<Suggestion> {
        scratch.text.fill(query.text);
        if scratch.text.is_empty() || query.limit == 0 {
            return Vec::new();
        }
        figures(&scratch.text, &mut scratch.figures);
        let mut all = complete::complete(&self.view(), self.index(), query, scratch);
        all.retain_mut(|one| corrected(overlay, query, one));
        if let Some(added) = overlay.added() {
            let area = None;
            let query = SuggestQuery { area, ..*query };
            let more = complete::complete(&added.view(), added.index(), &query, scratch);
            let has = |all: &[Suggestion], one: &Suggestion| all.iter().any(|s| s.text == one.text);
            let holds = |one: &Suggestion| overlay.holds(one.record, query.as_of);
            let more: Vec<_> =
                more.into_iter().filter(|one| holds(one) && !has(&all, one)).collect();
            all.extend(more);
        }
        if !overlay.aliases().is_empty() {
            let (text, figures) = (&scratch.text, &scratch.figures);
            let parsed = parse::parse(&self.view(), self.index(), text, figures);
            all.extend(other_names(overlay, query, text, &parsed));
        }
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut seen: Vec<String> = Vec::new();
        all.retain(|one| {
            let new = !seen.contains(&one.text);
            seen.push(one.text.clone());
            new
        });
        all.truncate(query.limit);
        all
    }
}

/// Puts a suggestion of the snapshot right; `false` for what is closed.
fn corrected(overlay: &Overlay, query: &SuggestQuery<'_>, one: &mut Suggestion) -> bool {
    match overlay.now(one.record, one.building, query.as_of) {
        Some(Now::Closed) => false,
        Some(Now::Moved { point, .. }) => {
            one.point = Some(point);
            true
        }
        None => true,
    }
}

/// Other names that the text begins, or its part behind the names that stand there whole.
fn other_names(
    overlay: &Overlay,
    query: &SuggestQuery<'_>,
    text: &Text,
    parsed: &parse::Parsed,
) -> Vec<Suggestion> {
    let units = |from: usize| -> Vec<u16> { (from..text.len()).map(|at| text.unit(at)).collect() };
    let mut starts = vec![(0, units(0))];
    let last = parsed.last.as_ref().map(|last| last.start);
    for from in last.into_iter().chain([parsed.rest]) {
        if from > 0 && from < text.len() {
            starts.push((from, units(from)));
        }
    }
    let begun = Overlay::heard(overlay.aliases().iter(), query.as_of, query.heard);
    let fits = begun.filter_map(|(alias, _)| {
        let fit =
            |(from, typed): &(usize, Vec<u16>)| Some((*from, sound::fit(typed, &alias.units)?));
        let (from, fit) = starts.iter().find_map(fit)?;
        let left = (alias.units.len() - fit.taken) as f32;
        let start = text.origin(from..text.len()).start;
        let head = query.text.get(..start).unwrap_or_default();
        Some(Suggestion {
            label: format!("{}（{}）", alias.means, String::from_utf16_lossy(&alias.units)),
            text: format!("{head}{}", alias.means),
            element: alias.element,
            completes: (start, query.text.len()),
            count: 0,
            point: None,
            record: None,
            building: None,
            score: OTHER_NAME - 0.06 * f32::from(fit.cost) - 0.3 * left,
        })
    });
    fits.collect()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
