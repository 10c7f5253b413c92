//! Places by relation: what stands opposite, beside, between, at a crossing, or some metres from what a text names.
//!
//! The words are found first (`words`). What stands before them is the anchor: it is asked for like any text, with all
//! tolerance for wrong letters, and its candidates are moved (`anchor`). Crossings need two roads and a table (`crossing`),
//! stretches two anchors (`between`).
//!
//! | said | point | accuracy in metres |
//! |---|---|---|
//! | 门口, 楼下, 院内 | the anchor's; its precision stays | anchor + 15 |
//! | 旁边, 隔壁, 东侧 | the anchor's; 30 m to the side that is named | anchor + 40 |
//! | 附近, 周边 | the anchor's | anchor + 150 |
//! | 对面 | the nearest house of the road's other side, within 120 m; else the anchor's | half the way + 20; anchor + 50 |
//! | 东侧 *d* 米, 往北 *d* 米 | *d* from the anchor on the tangent plane | anchor + 10 + *d* ÷ 5 |
//! | *d* 米处 | the anchor's | anchor + *d* |
//! | A路与B路交叉口 | from the table of crossings | 20; with a step + 10 + *d* ÷ 5 |
//! | the same, not in the table | middle of the two nearest houses of the roads, within 250 m | their distance, at least 60 |
//! | A与B之间 | the middle | half the way + the larger accuracy |
//! | C路A路到B路段 | the middle of the two crossings | half the way + 20 |

mod anchor;
mod between;
mod crossing;
mod words;

use super::answer::Answer;
use super::overlay::Overlay;
use super::query::{AskScratch, Query};
use super::relation::RelationKind;
use super::search::search;
use super::snapshot::Snapshot;
use super::text::Text;

/// Characters that may stand between an anchor and the words: 3号楼的对面.
const MOST_BETWEEN: usize = 2;

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// The answer to a text that may speak of a relation; `whole` is the one without.
    pub(super) fn related(
        &self,
        overlay: &Overlay,
        query: &Query<'_>,
        whole: Answer,
        scratch: &mut AskScratch,
    ) -> Answer {
        let text = Text::new(query.text);
        let mut found = Vec::new();
        words::spoken(&text, &mut found);
        if found.is_empty() && !crossing::may_join(&text) {
            return whole;
        }
        // For its hits, where the last search was for the text with other names put right.
        if scratch.searched != query.text {
            search(&self.view(), query.text, query.weights(), &mut scratch.base);
            query.text.clone_into(&mut scratch.searched);
        }
        if let Some(answer) = crossing::at_crossing(self, &text, &found, query, scratch) {
            // A路与B路交叉口锦绣家园: the crossing only says where that is.
            return if goes_on(&whole, end_of(&answer)) { whole } else { answer };
        }
        if let Some(answer) = between::stretch(self, overlay, &text, &found, query, scratch) {
            return answer;
        }
        for spoken in found.iter().filter(|spoken| spoken.is_anchored()) {
            let span = text.origin(spoken.start..spoken.end);
            // X对面的Y: what stands behind the words is what is meant.
            if goes_on(&whole, span.end) {
                return whole;
            }
            if spoken.kind == RelationKind::At {
                if let Some(answer) = anchor::at(&whole, &text, spoken) {
                    return answer;
                }
                continue;
            }
            let Some(before) = query.text.get(..span.start) else { continue };
            let anchor = self.plain(overlay, &Query { text: before, ..*query }, scratch);
            if !touches(&anchor, before) {
                continue;
            }
            return anchor::moved_by(&self.view(), anchor, whole, &text, spoken);
        }
        whole
    }
}

/// Whether the first candidate has something that is said from a byte of the text on.
fn goes_on(whole: &Answer, from: usize) -> bool {
    let first = whole.candidates.first();
    first.is_some_and(|first| {
        first.matches.iter().filter_map(|line| line.span).any(|said| said.0 >= from)
    })
}

/// Where the roads and the words of a crossing end.
fn end_of(answer: &Answer) -> usize {
    let Some(first) = answer.candidates.first() else { return 0 };
    let roads = first.matches.iter().filter_map(|line| line.span).map(|span| span.1);
    roads.chain(first.relation.as_ref().map(|relation| relation.span.1)).max().unwrap_or(0)
}

/// Whether the anchor's last element ends where the words begin.
fn touches(anchor: &Answer, before: &str) -> bool {
    let Some(first) = anchor.candidates.first() else { return false };
    let end = first.matches.iter().filter_map(|line| line.span).map(|span| span.1).max();
    let rest = end.and_then(|end| before.get(end..));
    rest.is_some_and(|rest| rest.chars().filter(|c| c.is_alphanumeric()).count() <= MOST_BETWEEN)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
