//! What an address that was told means: known word for word, understood by the geocoder, or what to ask.

use std::collections::HashMap;

use spatial::geocode::{Verdict, Weights};
use spatial::lattice::LatticePoint;

use crate::actions::geocode::{Geocoded, LikelyGrid, PlacedCandidate, asked_for};
use crate::domain::id::AddressId;
use crate::domain::incident::{AddressMatch, AddressRef};
use crate::store::AddressHit;

/// Faults after which not even the grid of an answer that is not accepted is believed.
const UNBELIEVABLE: [&str; 2] = ["city.other", "place.closed"];

/// Faults that leave a house where it stands: nobody has listed this door of it.
const INSIDE: [&str; 2] = ["unit.not_found", "room.not_found"];

/// What an address means.
#[derive(Clone, Debug, Default)]
pub(super) struct Understood {
    /// Where it is.
    pub(super) place: Option<LatticePoint>,
    /// Metres that the place may be off.
    pub(super) accuracy_m: f64,
    /// The known address.
    pub(super) address: Option<AddressRef>,
    /// How it was understood, unless it is known word for word.
    pub(super) address_match: Option<AddressMatch>,
    /// The coordinate system under which the coordinate that came with it would agree.
    pub(super) likely_crs: Option<String>,
    /// What else is to be said about the place.
    pub(super) note: Option<String>,
    /// The smallest division that it surely lies in, where there is no place.
    pub(super) area: Option<String>,
    /// Why there is no place.
    pub(super) why: Option<String>,
}

impl Understood {
    /// An address that is known word for word.
    pub(super) fn known(hit: AddressHit) -> Self {
        Self {
            place: Some(hit.place),
            address: Some(AddressRef { address_id: hit.address_id, full_text: hit.full_text }),
            ..Self::default()
        }
    }

    /// Nobody could be asked: the gazetteer is still being built.
    pub(super) fn not_asked() -> Self {
        let why = "the address is not known word for word and the gazetteer is still being built";
        Self { why: Some(why.to_owned()), ..Self::default() }
    }

    /// What the geocoder says, compared with the coordinate that came with it; `texts` has the addresses of the database by id.
    pub(super) fn of(answer: &Geocoded, texts: &HashMap<AddressId, String>) -> Self {
        let sure = Weights::shipped().accept;
        if let Some(first) = answer.accepted() {
            let address = first.found.record.and_then(|record| {
                let address_id = AddressId(record as i32);
                let full_text = texts.get(&address_id)?.clone();
                Some(AddressRef { address_id, full_text })
            });
            let address_match = Some(address_match(answer, Some(first)));
            let check = answer.point.as_ref().and_then(|point| point.check.as_ref());
            let likely_crs = check.and_then(|check| check.likely).map(|crs| crs.to_string());
            return Self { address, address_match, likely_crs, ..Self::at(first) };
        }
        let believable = |one: &PlacedCandidate| {
            answer.verdict != Verdict::NotFound
                && !one.found.faults.iter().any(|one| UNBELIEVABLE.contains(&one.fault.as_str()))
        };
        let likely = answer.sure_grid(sure).or_else(|| grid_of_house(answer, sure));
        let in_sure_grid = likely.and_then(|likely| {
            let lies_there = |one: &&PlacedCandidate| {
                one.grid.as_ref().is_some_and(|grid| grid.grid_id == likely.grid.grid_id)
            };
            Some((likely, answer.candidates.iter().find(lies_there)?))
        });
        if let Some((likely, place)) = in_sure_grid.filter(|(_, place)| believable(place)) {
            let note = format!(
                "the address is not certain ({}), its grid {} is ({:.0} %)",
                place.found.elements.label(),
                likely.grid.code,
                likely.confidence * 100.0
            );
            let address_match = Some(address_match(answer, Some(place)));
            return Self { address_match, note: Some(note), ..Self::at(place) };
        }
        let area = answer.candidates.first().filter(|first| believable(first));
        Self {
            area: area.and_then(|_| sure_area(answer, sure)),
            address_match: Some(address_match(answer, answer.candidates.first())),
            why: Some(why(answer)),
            ..Self::default()
        }
    }

    fn at(candidate: &PlacedCandidate) -> Self {
        Self {
            place: Some(candidate.found.point),
            accuracy_m: candidate.found.accuracy_m,
            ..Self::default()
        }
    }
}

/// The grid of a house that is known but for the door inside. The chance of the answer counts what the gazetteer lacks as a
/// reason to doubt the house as well, which is right for the room and too careful for who should go and look.
fn grid_of_house(answer: &Geocoded, sure: f32) -> Option<&LikelyGrid> {
    let first = answer.candidates.first()?;
    let faults = &first.found.faults;
    let is_inside = !faults.is_empty() && faults.iter().all(|one| INSIDE.contains(&&*one.fault));
    let all: f32 = answer.candidates.iter().map(|one| one.found.confidence).sum();
    let own = first.grid.as_ref()?.grid_id;
    let likely = answer.grids.first().filter(|likely| likely.grid.grid_id == own)?;
    (is_inside && sure * all <= likely.confidence).then_some(likely)
}

/// The smallest division in which all likely candidates lie.
fn sure_area(answer: &Geocoded, sure: f32) -> Option<String> {
    let of = [
        |one: &PlacedCandidate| one.community.clone(),
        |one: &PlacedCandidate| one.township.clone(),
        |one: &PlacedCandidate| one.district.clone(),
    ];
    of.into_iter().find_map(|division| {
        let mut chances: Vec<(String, f32)> = Vec::new();
        for candidate in &answer.candidates {
            let Some(division) = division(candidate) else { continue };
            match chances.iter_mut().find(|(code, _)| *code == division.code) {
                Some((_, chance)) => *chance += candidate.found.confidence,
                None => chances.push((division.code, candidate.found.confidence)),
            }
        }
        chances.into_iter().find(|(_, chance)| sure <= *chance).map(|(code, _)| code)
    })
}

fn address_match(answer: &Geocoded, candidate: Option<&PlacedCandidate>) -> AddressMatch {
    AddressMatch {
        label: candidate.map(|one| one.found.elements.label()),
        level: candidate.map(|one| word(&one.found.precision)),
        verdict: word(&answer.verdict),
        confidence: candidate.map(|one| one.found.confidence),
        grid_confidence: candidate.and_then(|one| one.grid_confidence),
        accuracy_m: candidate.map(|one| one.found.accuracy_m.round()),
        gazetteer_version: answer.gazetteer_version,
        question: answer.question.as_ref().map(question),
        conflict: None,
    }
}

fn question(question: &spatial::geocode::Question) -> String {
    let options =
        question.options.iter().map(|(value, chance)| format!("{value} {:.0} %", chance * 100.0));
    format!("{}?{}", asked_for(question.element), options.collect::<Vec<_>>().join("、"))
}

fn why(answer: &Geocoded) -> String {
    let is_undeclared = answer.faults.iter().any(|one| one.fault == "coordinate.undeclared");
    if is_undeclared && answer.candidates.is_empty() {
        return "the address holds a coordinate of no declared system".to_owned();
    }
    match (answer.verdict, &answer.question, answer.candidates.first()) {
        (Verdict::NotFound, ..) | (_, _, None) => "the address is not known".to_owned(),
        (_, Some(asked), _) => format!("the address fits several places: {}", question(asked)),
        (_, None, Some(first)) => {
            format!("the address is not certain, perhaps {}", first.found.elements.label())
        }
    }
}

fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
