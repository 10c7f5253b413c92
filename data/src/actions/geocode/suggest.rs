//! What may somebody mean who is still typing?

use std::cell::RefCell;

use chrono::Utc;
use spatial::geocode::{Heard, SuggestQuery, SuggestScratch, Suggestion};

use super::area_path;
use crate::domain::id::AliasId;
use crate::geocode::Gazetteer;
use crate::routing::RoutingView;

/// Most suggestions of one answer.
pub const MOST_SUGGESTIONS: usize = 20;
/// Longest text that is completed, in characters.
pub const LONGEST_TYPED: usize = 100;

thread_local! {
    /// Memory between the calls of a thread.
    static SCRATCH: RefCell<SuggestScratch> = RefCell::default();
}

/// What may be meant by what has been typed so far, the likeliest first; what lies in the caller's `area` (a division's
/// code) comes first. Aliases are suggested to whom they are said.
pub fn suggest(
    gazetteer: &Gazetteer,
    view: &RoutingView,
    typed: &str,
    area: Option<&str>,
    limit: usize,
) -> Vec<Suggestion> {
    let path = area.map_or_else(String::new, |code| area_path(view, code));
    let near = |id: u64| gazetteer.book().nearness(AliasId(id as i32), &path);
    let area = area.map(|code| gazetteer.area(code));
    let query = SuggestQuery {
        text: typed,
        limit,
        area: area.as_deref(),
        as_of: Some(Utc::now().timestamp()),
        heard: Some(Heard(&near)),
    };
    SCRATCH.with_borrow_mut(|scratch| {
        gazetteer.snapshot().suggest(gazetteer.overlay(), &query, scratch)
    })
}
