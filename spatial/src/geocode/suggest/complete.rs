//! From what is understood of the text to suggestions.

use super::super::level::Level;
use super::super::snapshot::{NONE, View};
use super::door;
use super::index::NameIndex;
use super::name::{Begun, Wanted};
use super::parse::{Parsed, Scope, parse};
use super::{SuggestQuery, SuggestScratch, Suggestion};
use crate::lattice::LatticePoint;

/// Names that are followed to their numbers while they are not typed whole.
const MOST_FOLLOWED: usize = 8;

/// What is written before and instead of what is completed.
pub(super) struct Frame<'a> {
    pub(super) query: &'a SuggestQuery<'a>,
    /// The text of the box before the completion.
    pub(super) head: String,
    /// The bytes that are replaced.
    pub(super) span: (usize, usize),
}

pub(super) fn complete(
    view: &View<'_>,
    index: &NameIndex,
    query: &SuggestQuery<'_>,
    scratch: &mut SuggestScratch,
) -> Vec<Suggestion> {
    let parsed = parse(view, index, &scratch.text, &scratch.figures);
    let length = scratch.text.len();
    let mut all = Vec::new();
    let figure = scratch.figures.get(parsed.figure).map_or(length, |figure| figure.start);
    if parsed.rest == length {
        // Names go on, and what comes after them.
        if let Some(last) = &parsed.last {
            names(view, index, query, scratch, &parsed.before_last, last.start, &mut all);
        }
        next(view, index, query, scratch, &parsed, &mut all);
    } else if figure == parsed.rest && !parsed.scope.is_empty() {
        let head = head(query, scratch, length);
        door::doors(view, index, scratch, &parsed.scope, parsed.figure, &head, 0.0, &mut all);
        if let Some(last) = &parsed.last {
            // 锦绣花园2 may become 锦绣花园2期.
            names(view, index, query, scratch, &parsed.before_last, last.start, &mut all);
        }
    } else {
        names(view, index, query, scratch, &parsed.scope, parsed.rest, &mut all);
        if figure < length {
            follow(view, index, query, scratch, &parsed, figure, &mut all);
        }
        if let (true, Some(last)) = (all.len() < query.limit, &parsed.last) {
            // 庆阳路小 may become 庆阳路小学.
            names(view, index, query, scratch, &parsed.before_last, last.start, &mut all);
        }
    }
    all
}

/// A frame that replaces nothing: what comes next is added at the end.
fn head<'a>(query: &'a SuggestQuery<'a>, scratch: &SuggestScratch, length: usize) -> Frame<'a> {
    let end = scratch.text.origin(0..length).end;
    let head = query.text.get(..end).unwrap_or(query.text).to_owned();
    Frame { query, head, span: (end, query.text.len()) }
}

fn typed(scratch: &SuggestScratch, from: usize, to: usize) -> Vec<u16> {
    (from..to).map(|at| scratch.text.unit(at)).collect()
}

/// Names that begin with the text from `from` on.
fn names(
    view: &View<'_>,
    index: &NameIndex,
    query: &SuggestQuery<'_>,
    scratch: &mut SuggestScratch,
    scope: &Scope,
    from: usize,
    all: &mut Vec<Suggestion>,
) {
    let length = scratch.text.len();
    let units = typed(scratch, from, length);
    let wanted = Wanted { typed: &units, scope, area: query.area, most: query.limit };
    scratch.names.names(view, index, &wanted);
    let start = scratch.text.origin(from..length).start;
    let head = query.text.get(..start).unwrap_or_default().to_owned();
    let frame = Frame { query, head, span: (start, query.text.len()) };
    for begun in std::mem::take(&mut scratch.names.found) {
        all.push(name(view, index, scope, begun, &frame));
    }
}

fn name(
    view: &View<'_>,
    index: &NameIndex,
    scope: &Scope,
    begun: Begun,
    frame: &Frame<'_>,
) -> Suggestion {
    let target = view.name_target.u32(begun.name as usize);
    let means = if target == NONE { begun.name } else { target };
    let written = view.name(means);
    let level = view.level(means).unwrap_or(Level::Poi);
    let (label, point) = whereabouts(view, scope, means, level, &written);
    let label =
        if target == NONE { label } else { format!("{label}（{}）", view.name(begun.name)) };
    Suggestion {
        label,
        text: format!("{}{written}", frame.head),
        element: level.element(),
        completes: frame.span,
        count: index.size.get(means as usize).copied().unwrap_or(0),
        point,
        record: None,
        building: None,
        score: begun.score,
    }
}

/// A name with the division it lies in, if that is one, and a point.
fn whereabouts(
    view: &View<'_>,
    scope: &Scope,
    name: u32,
    level: Level,
    written: &str,
) -> (String, Option<LatticePoint>) {
    if level <= Level::Community {
        let range = view.name_divisions_start.range(name as usize);
        let all: Vec<u32> = range.map(|at| view.name_divisions.u32(at)).collect();
        let Some(&first) = all.first() else { return (written.to_owned(), None) };
        let chain = view.chain_names(first).map(|name| view.name(name)).concat();
        let label = if all.len() == 1 { chain } else { written.to_owned() };
        return (label, Some(view.division_point(first)));
    }
    if level == Level::Poi {
        let all = 0..view.poi_name.len32();
        let at = view.poi_name.lower_bound(all, name);
        let building = view.poi_building.u32(at);
        return (written.to_owned(), Some(view.building_point(building)));
    }
    let range = view.name_sites_start.range(name as usize);
    let all = || range.clone().map(|at| view.name_sites.u32(at));
    let within = all().take(256).filter(|&site| scope.is_empty() || scope.holds(view, site));
    let sites: Vec<u32> = within.collect();
    let Some(&middle) = sites.get(sites.len() / 2) else { return (written.to_owned(), None) };
    let district = |site: u32| view.site_names(site)[0];
    let one = sites.iter().all(|&site| district(site) == district(middle));
    let district = if one { view.name(district(middle)) } else { String::new() };
    (format!("{district}{written}"), Some(view.site_point(middle)))
}

/// What comes after names that stand there whole.
fn next(
    view: &View<'_>,
    index: &NameIndex,
    query: &SuggestQuery<'_>,
    scratch: &mut SuggestScratch,
    parsed: &Parsed,
    all: &mut Vec<Suggestion>,
) {
    let scope = &parsed.scope;
    if scope.is_empty() {
        return;
    }
    let length = scratch.text.len();
    let frame = head(query, scratch, length);
    if scope.roads.is_empty() && scope.compounds.is_empty() {
        let wanted = Wanted { typed: &[], scope, area: query.area, most: query.limit };
        scratch.names.names(view, index, &wanted);
        for begun in std::mem::take(&mut scratch.names.found) {
            let begun = Begun { score: begun.score - 4.0, ..begun };
            all.push(name(view, index, scope, begun, &frame));
        }
    } else {
        door::doors(view, index, scratch, scope, scratch.figures.len(), &frame, 0.0, all);
    }
}

/// Names that are not typed whole and have a number behind them: jqlu12.
fn follow(
    view: &View<'_>,
    index: &NameIndex,
    query: &SuggestQuery<'_>,
    scratch: &mut SuggestScratch,
    parsed: &Parsed,
    figure: usize,
    all: &mut Vec<Suggestion>,
) {
    let units = typed(scratch, parsed.rest, figure);
    let wanted =
        Wanted { typed: &units, scope: &parsed.scope, area: query.area, most: MOST_FOLLOWED };
    scratch.names.names(view, index, &wanted);
    let start = scratch.text.origin(parsed.rest..figure).start;
    for begun in std::mem::take(&mut scratch.names.found) {
        let mut scope = parsed.scope.clone();
        let target = view.name_target.u32(begun.name as usize);
        let means = if target == NONE { begun.name } else { target };
        scope.narrow(view, &[means]);
        let head = format!("{}{}", query.text.get(..start).unwrap_or_default(), view.name(means));
        let frame = Frame { query, head, span: (start, query.text.len()) };
        door::doors(view, index, scratch, &scope, parsed.figure, &frame, begun.score - 8.0, all);
    }
}
