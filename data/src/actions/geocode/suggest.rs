//! What may somebody mean who is still typing?

use std::cell::RefCell;

use spatial::geocode::{SuggestQuery, SuggestScratch, Suggestion};

use crate::geocode::Gazetteer;

/// Most suggestions of one answer.
pub const MOST_SUGGESTIONS: usize = 20;
/// Longest text that is completed, in characters.
pub const LONGEST_TYPED: usize = 100;

thread_local! {
    /// Memory between the calls of a thread.
    static SCRATCH: RefCell<SuggestScratch> = RefCell::default();
}

/// What may be meant by what has been typed so far, the likeliest first; what lies in the caller's `area` (a division's
/// code) comes first.
pub fn suggest(
    gazetteer: &Gazetteer,
    typed: &str,
    area: Option<&str>,
    limit: usize,
) -> Vec<Suggestion> {
    let area = area.map(|code| gazetteer.area(code));
    let query = SuggestQuery { text: typed, limit, area: area.as_deref(), as_of: None };
    SCRATCH.with_borrow_mut(|scratch| {
        gazetteer.snapshot().suggest(gazetteer.overlay(), &query, scratch)
    })
}
