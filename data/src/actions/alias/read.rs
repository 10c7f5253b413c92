//! A text is understood with its aliases. The text as it stands is asked, too: where an official name that is written out in
//! full holds the alias (食品厂 in 食品厂家属院), it is meant.

use chrono::{DateTime, Utc};
use spatial::geocode::{Fault, MatchKind, Verdict};

use crate::actions::geocode::{Asked, Geocoded, Query};
use crate::domain::alias_book::Rewritten;
use crate::jobs::alias::Aliases;
use crate::routing::RoutingView;

/// Answers a query by `ask` with the aliases in force at `now`; spans of the answer are of the text as it came.
pub(crate) fn said(
    aliases: &Aliases,
    view: &RoutingView,
    query: &Query,
    now: DateTime<Utc>,
    ask: impl Fn(&Query) -> Geocoded,
) -> Geocoded {
    let Asked::Text(text) = &query.asked else { return ask(query) };
    let area = query.area.as_deref();
    let area = area.map_or_else(String::new, |area| view.borders.chain(area).area_path());
    let Some(rewritten) = aliases.rewrite(text, &area, now) else { return ask(query) };
    let as_it_stands = ask(query);
    if names_it_in_full(&as_it_stands, &rewritten) {
        return as_it_stands;
    }
    let asked = Asked::Text(rewritten.text.clone());
    let mut geocoded = ask(&Query { asked, ..query.clone() });
    take_back(&mut geocoded, text, &rewritten);
    aliases.count(&rewritten);
    geocoded
}

/// Whether a name of the likeliest place stands in the text letter by letter, with the alias as a part of it.
fn names_it_in_full(answer: &Geocoded, rewritten: &Rewritten) -> bool {
    let first = answer.candidates.first().filter(|_| answer.verdict != Verdict::NotFound);
    first.is_some_and(|first| {
        let exact = first.found.matches.iter().filter(|one| one.kind == MatchKind::Exact);
        exact.filter_map(|one| one.span).any(|(from, to)| {
            rewritten.parts.iter().any(|part| {
                from <= part.said.start && part.said.end <= to && part.said.len() < to - from
            })
        })
    })
}

/// Spans of the text as it came, and which of them an alias says.
fn take_back(geocoded: &mut Geocoded, text: &str, rewritten: &Rewritten) {
    text.clone_into(&mut geocoded.text);
    for candidate in &mut geocoded.candidates {
        let mut by_alias = false;
        for one in &mut candidate.found.matches {
            let Some((from, to)) = one.span else { continue };
            let is_alias =
                rewritten.parts.iter().any(|part| from < part.read.end && part.read.start < to);
            let back = rewritten.back(from..to);
            one.span = Some((back.start, back.end));
            if is_alias {
                text.get(back).unwrap_or_default().clone_into(&mut one.said);
                one.kind = MatchKind::Alias;
                by_alias = true;
            }
        }
        if by_alias {
            candidate.found.faults.push(Fault { fault: "place.alias".to_owned(), penalty: 0.0 });
        }
    }
}
