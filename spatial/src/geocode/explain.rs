//! Why: element by element what the text says, and what spoke against the candidate.

use super::answer::{Element, Elements, Fault, Match, MatchKind};
use super::candidate::Hit;
use super::door::{Found, Inside};
use super::feature::{FEATURES, Feature, Weights};
use super::figure::Figure;
use super::letter::Edit;
use super::place::Place;
use super::search::Scored;
use super::snapshot::View;
use super::text::Text;

const NAMED: [Element; 6] = [
    Element::District,
    Element::Township,
    Element::Community,
    Element::Road,
    Element::Compound,
    Element::Poi,
];

/// The trace of a candidate.
pub(super) fn trace(
    view: &View<'_>,
    text: &Text,
    figures: &[Figure],
    scored: &Scored,
    elements: &Elements,
) -> Vec<Match> {
    let mut lines = Vec::with_capacity(NAMED.len() + 4);
    let names = scored.place.names(view);
    for (at, element) in NAMED.into_iter().enumerate() {
        let name = names.get(at).map_or_else(String::new, |&name| view.name(name));
        match &scored.own[at] {
            Some(hit) => lines.push(named(view, text, element, hit)),
            None if !name.is_empty() => lines.push(omitted(element, name)),
            None => {}
        }
    }
    if let Place::Site(_) = scored.place {
        numbers(text, figures, &scored.inside, elements, &mut lines);
    }
    lines
}

pub(super) fn named(view: &View<'_>, text: &Text, element: Element, hit: &Hit) -> Match {
    let range = usize::from(hit.at.start)..usize::from(hit.at.end);
    let bytes = text.origin(range.clone());
    Match {
        element,
        span: Some((bytes.start, bytes.end)),
        said: text.part(range),
        name: view.name(hit.means),
        kind: kind(hit),
        cost: f32::from(hit.at.cost) / 100.0,
        until: None,
    }
}

fn kind(hit: &Hit) -> MatchKind {
    let tally = &hit.at.tally;
    if hit.name != hit.means {
        MatchKind::Alias
    } else if tally.others + tally.slips > 0 {
        MatchKind::Misspelt
    } else if tally.shapes > 0 {
        MatchKind::of(Edit::Shape)
    } else if tally.dialect > 0 {
        MatchKind::of(Edit::Dialect)
    } else if tally.homophones > 0 {
        MatchKind::of(Edit::Homophone)
    } else if tally.left_out > 0 {
        MatchKind::ShortForm
    } else {
        MatchKind::Exact
    }
}

fn omitted(element: Element, name: String) -> Match {
    Match {
        element,
        span: None,
        said: String::new(),
        name,
        kind: MatchKind::Omitted,
        cost: 0.0,
        until: None,
    }
}

fn numbers(
    text: &Text,
    figures: &[Figure],
    inside: &Inside,
    elements: &Elements,
    lines: &mut Vec<Match>,
) {
    let room_place = if inside.doors.places[5] == 255 { 4 } else { 5 };
    let rows = [
        (Element::Number, inside.number, 1, &elements.number),
        (Element::Building, inside.building, 2, &elements.building),
        (Element::Unit, inside.unit, 3, &elements.unit),
        (Element::Room, inside.room, room_place, &elements.room),
    ];
    for (element, found, place, name) in rows {
        let kind = match found {
            Found::Yes => MatchKind::Exact,
            Found::No => MatchKind::NotFound,
            Found::Many => MatchKind::Ambiguous,
            Found::Omitted if name.is_empty() => continue,
            Found::Omitted => MatchKind::Omitted,
        };
        let figure = figures.get(usize::from(inside.doors.places[place]));
        let said = figure.filter(|_| kind != MatchKind::Omitted);
        lines.push(Match {
            element,
            span: said.map(|f| text.origin(f.start..f.end)).map(|bytes| (bytes.start, bytes.end)),
            said: said.map_or_else(String::new, |f| text.part(f.start..f.end)),
            name: name.clone(),
            kind,
            cost: 0.0,
            until: None,
        });
    }
}

/// What spoke against a candidate, the gravest first.
pub(super) fn faults(scored: &Scored, weights: &Weights) -> Vec<Fault> {
    let mut faults = Vec::new();
    for at in 0..FEATURES {
        let points = scored.inside.features.0[at] * weights.weights[at];
        if points < -0.05 {
            let fault = word(Feature::ALL[at]).to_owned();
            faults.push(Fault { fault, penalty: (-points * 10.0).round() / 10.0 });
        }
    }
    faults.sort_by(|a, b| b.penalty.total_cmp(&a.penalty));
    faults
}

fn word(feature: Feature) -> &'static str {
    match feature {
        Feature::OtherDistrict => "district.contradicted",
        Feature::OtherTownship => "township.contradicted",
        Feature::OtherCommunity => "community.contradicted",
        Feature::OtherRoad => "road.contradicted",
        Feature::OtherCompound => "compound.contradicted",
        Feature::OtherNumber => "number.not_found",
        Feature::LooseNumber => "number.loose",
        Feature::NoBuilding => "building.not_found",
        Feature::NoUnit => "unit.not_found",
        Feature::NoRoom => "room.not_found",
        Feature::ManyRooms => "room.ambiguous",
        Feature::RoleCost => "numbers.unclear",
        Feature::UnusedNumbers => "numbers.unused",
        Feature::Homophones => "name.homophone",
        Feature::Shapes => "name.shape",
        Feature::Dialect => "name.dialect",
        Feature::OtherLetters => "name.misspelt",
        Feature::Slips => "name.letters_missing",
        Feature::LeftOut => "name.shortened",
        Feature::UnknownRoad => "road.unknown",
        Feature::UnknownCompound => "compound.unknown",
        Feature::UnknownDivision => "division.unknown",
        Feature::Unexplained => "text.unexplained",
        Feature::Stray => "text.stray",
        Feature::Foreign => "city.other",
        Feature::Shadowed => "name.inside_another",
        Feature::RoadOnly => "number.missing",
        Feature::DivisionOnly => "road.missing",
        other => other.name(),
    }
}
