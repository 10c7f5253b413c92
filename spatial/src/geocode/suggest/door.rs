//! Numbers that exist: of a road, of the buildings of a site, of the units and rooms of a building.

use super::super::figure::{Counts, Figure, HAO};
use super::super::label::{Beside, Label};
use super::super::snapshot::{NONE, View};
use super::super::tail::unit_bits;
use super::super::text::{DASH, is_gap};
use super::complete::Frame;
use super::index::NameIndex;
use super::number::{
    Door, Open, Typed, buildings, ids, label, numbers, of_buildings, rooms, single, units,
};
use super::parse::{ANNEX, Scope};
use super::{SuggestScratch, Suggestion};

/// Worth of a number in points, above which only names that are typed nearly whole come.
const NUMBER: f32 = 3.0;

/// Sites of a village; more are no village.
const MOST_VILLAGE: usize = 200;

/// How far the numbers typed so far lead.
#[derive(Clone, Debug)]
enum Stage {
    /// On a road whose house number is not typed yet.
    Road(Vec<u32>),
    /// At sites whose building is not typed yet.
    Sites(Vec<u32>),
    /// In buildings whose unit is not typed yet.
    Buildings(Vec<u32>),
    /// In a unit of some buildings.
    Unit(Vec<u32>, u32),
}

/// Adds what may come next in a scope whose names are followed by the figures from `from` on.
#[expect(
    clippy::too_many_arguments,
    reason = "one call from three places, all of which have just these"
)]
pub(super) fn doors(
    view: &View<'_>,
    index: &NameIndex,
    scratch: &SuggestScratch,
    scope: &Scope,
    from: usize,
    frame: &Frame<'_>,
    worth_of_name: f32,
    all: &mut Vec<Suggestion>,
) {
    let figures = &scratch.figures[from.min(scratch.figures.len())..];
    let mut sites = scope.sites(view, index);
    if scope.roads.is_empty() && scope.compounds.is_empty() {
        // In a division only the houses of villages have numbers without a name.
        let bare = |site: u32| {
            let at = site as usize;
            view.site_road.u32(at) == NONE && view.site_compound.u32(at) == NONE
        };
        sites.retain(|&site| bare(site));
        if sites.len() > MOST_VILLAGE {
            return;
        }
    }
    let on_road = scope.compounds.is_empty() && scope.number.is_none() && !scope.roads.is_empty();
    let stage = if on_road { Stage::Road(sites) } else { Stage::Sites(sites) };
    let Some((stage, open)) = stage.walked(view, scratch, figures) else { return };
    if open.is_none_or(|open| open.typed == Typed::Whole) && trails(scratch, figures) {
        return;
    }
    let mut found = stage.doors(view, open);
    found.sort_by_key(|door| (!door.whole, door.digits));
    let replaced = open.map(|open| open.start);
    let (head, span) = place(scratch, frame, from, replaced);
    let worth = |door: &Door| {
        let size = 0.15 * (1.0 + door.count as f32).ln();
        worth_of_name + NUMBER + size + if door.whole { 2.0 } else { 0.0 }
    };
    // Where nothing is typed the large come first, else the small numbers.
    if open.is_none() {
        found.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.digits.cmp(&b.digits)));
    }
    found.truncate(frame.query.limit);
    for (place, door) in found.into_iter().enumerate() {
        let (record, building) = ids(view, &door);
        all.push(Suggestion {
            text: format!("{head}{}", door.written),
            score: worth(&door) - 0.01 * place as f32,
            label: label(view, &door),
            element: door.element,
            completes: span,
            count: door.count,
            point: Some(door.point),
            record,
            building,
        });
    }
}

/// Whether something other than a gap or a dash stands behind the last figure.
fn trails(scratch: &SuggestScratch, figures: &[Figure]) -> bool {
    let end = figures.last().map_or(scratch.text.len(), |figure| figure.end);
    (end..scratch.text.len()).any(|at| {
        let unit = scratch.text.unit(at);
        !is_gap(unit) && unit != DASH
    })
}

/// The figure at the end as one that is still being typed.
fn open_figure(scratch: &SuggestScratch, figure: &Figure, stage: &Stage) -> Option<Open> {
    let text = &scratch.text;
    let rest = text.part(figure.end..text.len());
    let words = ["号楼", "单元", "室", "号院", "房间"];
    let word_begun = !rest.is_empty() && words.iter().any(|word| word.starts_with(rest.as_str()));
    let at_site = matches!(stage, Stage::Sites(_));
    let typed = match (figure.counts, rest.as_str()) {
        (Counts::Nothing, "") => Typed::Digits,
        (Counts::Nothing, _) if word_begun => Typed::Word,
        // 3号 at a compound may become 3号楼.
        (Counts::Door, "") if at_site => Typed::Word,
        _ => return None,
    };
    Some(Open { label: figure.label, start: figure.start, typed })
}

/// A house number at the end with 附 behind it, and perhaps digits, in two: the house, and what is typed of the annex.
fn annex(scratch: &SuggestScratch, figure: &Figure, stage: &Stage) -> Option<(Figure, Open)> {
    if figure.counts != Counts::Door || !matches!(stage, Stage::Road(_)) {
        return None;
    }
    let text = &scratch.text;
    let label = Label::plain(figure.label.digits())?;
    let house = Figure { label, ..*figure };
    let rest = text.part(figure.end..text.len());
    let annex = match (figure.label.beside(), rest.as_str()) {
        (Beside::Nothing, "附") => {
            Open { label: Label::NONE, start: figure.end, typed: Typed::Annex { whole: false } }
        }
        (Beside::Annex(digits), "") => Open {
            label: Label::plain(u32::from(digits))?,
            start: (figure.start..figure.end).find(|&at| text.unit(at) == ANNEX)?,
            typed: Typed::Annex { whole: text.unit(figure.end - 1) == HAO },
        },
        _ => return None,
    };
    Some((house, annex))
}

/// The text before the completion, and what it replaces.
fn place(
    scratch: &SuggestScratch,
    frame: &Frame<'_>,
    from: usize,
    replaced: Option<usize>,
) -> (String, (usize, usize)) {
    let end = frame.query.text.len();
    let name_is_typed = frame.span.0 >= scratch.text.origin(0..scratch.text.len()).end;
    let first = scratch.figures.get(from).map_or(scratch.text.len(), |figure| figure.start);
    let byte = |unit: usize| match scratch.text.len() {
        length if unit >= length => end,
        length => scratch.text.origin(unit..length).start,
    };
    let until = byte(replaced.unwrap_or(scratch.text.len()));
    if name_is_typed {
        let head = frame.query.text.get(..until).unwrap_or_default().trim_end();
        return (head.to_owned(), (until, end));
    }
    // The name is written out, the numbers that are complete are kept.
    let kept = frame.query.text.get(byte(first)..until).unwrap_or_default();
    (format!("{}{kept}", frame.head), frame.span)
}

impl Stage {
    /// As far as the figures lead, and the last of them where it is still being typed; `None` where they lead nowhere.
    fn walked(
        self,
        view: &View<'_>,
        scratch: &SuggestScratch,
        figures: &[Figure],
    ) -> Option<(Self, Option<Open>)> {
        let mut stage = self;
        for (at, figure) in figures.iter().enumerate() {
            let last = at + 1 == figures.len();
            if last && let Some(typed) = open_figure(scratch, figure, &stage) {
                return Some((stage, Some(typed)));
            }
            if last && let Some((house, annex)) = annex(scratch, figure, &stage) {
                return Some((stage.entered(view, &house)?, Some(annex)));
            }
            let next = stage.clone().entered(view, figure);
            match next.filter(|next| !last || !next.doors(view, None).is_empty()) {
                Some(next) => stage = next,
                // Nothing comes after it: it is suggested itself, so that what is typed whole can be taken.
                None if last => {
                    let typed = Typed::Whole;
                    return Some((
                        stage,
                        Some(Open { label: figure.label, start: figure.start, typed }),
                    ));
                }
                None => return None,
            }
        }
        Some((stage, None))
    }

    /// Behind a number that is typed whole.
    fn entered(self, view: &View<'_>, figure: &Figure) -> Option<Self> {
        let label = figure.label;
        match self {
            Self::Road(mut sites) => {
                let number = matches!(
                    figure.counts,
                    Counts::Door | Counts::Yard | Counts::Lane | Counts::Nothing
                );
                if !number {
                    return None;
                }
                let merged = figure.merged;
                sites.retain(|&site| {
                    let own = view.site_label(site);
                    own.covers(label) || (!merged.is_none() && own.covers(merged))
                });
                Some(Self::Sites(sites))
            }
            Self::Sites(sites) => {
                let group = figure.counts == Counts::Group;
                if group {
                    let own = |site: u32| Label(view.site_group.u32(site as usize));
                    let sites = sites.into_iter().filter(|&site| own(site) == label);
                    return Some(Self::Sites(sites.collect()));
                }
                if matches!(figure.counts, Counts::Unit | Counts::Room | Counts::Storey) {
                    return Self::Buildings(buildings(view, &sites)).entered(view, figure);
                }
                let all = buildings(view, &sites).into_iter();
                let same = |&at: &u32| Label(view.building_label.u32(at as usize)).covers(label);
                let found: Vec<u32> = all.filter(same).collect();
                if found.is_empty() && single(view, &sites) {
                    return Self::Buildings(buildings(view, &sites)).entered(view, figure);
                }
                Some(Self::Buildings(found))
            }
            Self::Buildings(buildings) => {
                if figure.counts == Counts::Room {
                    return None;
                }
                let wanted = unit_bits(label)?;
                Some(Self::Unit(buildings, wanted))
            }
            Self::Unit(..) => None,
        }
    }

    fn doors(&self, view: &View<'_>, open: Option<Open>) -> Vec<Door> {
        match self {
            Self::Road(sites) => numbers(view, sites, open),
            Self::Sites(sites) if open.is_none() && single(view, sites) => {
                Self::Buildings(buildings(view, sites)).doors(view, open)
            }
            Self::Sites(sites) => {
                let found = of_buildings(view, &buildings(view, sites), open);
                if found.is_empty() && single(view, sites) {
                    return Self::Buildings(buildings(view, sites)).doors(view, open);
                }
                found
            }
            Self::Buildings(buildings) => {
                let mut found = units(view, buildings, open);
                if found.is_empty() || open.is_some() {
                    found.extend(rooms(view, buildings, None, open));
                }
                found
            }
            Self::Unit(buildings, unit) => rooms(view, buildings, Some(*unit), open),
        }
    }
}
