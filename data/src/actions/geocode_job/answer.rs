//! One row asks, one answer: the same call as everywhere, in the words of a table.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use spatial::crs::{Crs, LngLat, Wgs84};
use spatial::geocode::{Elements, Verdict};

use spatial::measure::tenths;

use crate::actions::geocode::{Asked, Geocoded, Query, geocode};
use crate::actions::locate::{Located, locate_point};
use crate::domain::geocode_job::{RowAnswer, RowQuery, Versions};
use crate::domain::incident::GivenPoint;
use crate::geocode::Gazetteer;
use crate::routing::RoutingView;

/// Everything answers are made of, as it is at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// What places there are.
    pub gazetteer: &'a Gazetteer,
    /// Whose they are.
    pub view: &'a RoutingView,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl Sources<'_> {
    /// The versions an answer has.
    pub fn versions(&self) -> Versions {
        Versions {
            boundary: self.view.boundary_version().0,
            gazetteer: i64::from(self.gazetteer.version().0),
            alias: self.gazetteer.book().fingerprint(self.now),
        }
    }

    /// The answer to a row, with its point in `crs`.
    pub fn answer(&self, query: &RowQuery, crs: Crs) -> RowAnswer {
        if query.text.trim().is_empty() {
            return match query.point {
                Some(point) => self.locate(point, crs),
                None => RowAnswer { status: "empty".to_owned(), ..RowAnswer::default() },
            };
        }
        let asked = if query.elements.is_empty() {
            Asked::Text(query.text.clone())
        } else {
            Asked::Elements(Box::new(elements(&query.elements)))
        };
        let text_crs = query.text_crs;
        let question = Query { asked, area: None, limit: 5, text_crs };
        let geocoded = geocode(self.gazetteer, self.view, &question);
        let mut answer = told(&geocoded, crs);
        if let Some(point) = query.point {
            self.compare(&geocoded, point, &mut answer);
        }
        answer
    }

    fn locate(&self, point: GivenPoint, crs: Crs) -> RowAnswer {
        match locate_point(&self.view.borders, point) {
            Err(fault) => refused(fault.to_string()),
            Ok(located) => {
                let status = if located.is_inside() { "located" } else { "outside" };
                let mut answer = RowAnswer { status: status.to_owned(), ..RowAnswer::default() };
                let [lng, lat] = located.location;
                place(&mut answer, LngLat::new(lng, lat).ok(), crs);
                around(&mut answer, located);
                answer
            }
        }
    }

    /// A point beside the text that lies elsewhere is told; the text is what was asked.
    fn compare(&self, geocoded: &Geocoded, point: GivenPoint, answer: &mut RowAnswer) {
        let fault = match locate_point(&self.view.borders, point) {
            Err(fault) => format!("point.unreadable: {fault}"),
            Ok(located) => {
                let [lng, lat] = located.location;
                let Some(first) = geocoded.candidates.first() else { return };
                let Ok(there) = LngLat::<Wgs84>::new(lng, lat) else { return };
                let apart_m = spatial::measure::distance_m(there, first.found.point.lng_lat());
                let grid = located.grid.map_or_else(|| "outside".to_owned(), |grid| grid.code);
                if grid == answer.grid_code || apart_m <= first.found.accuracy_m + 100.0 {
                    return;
                }
                format!("point.conflict: {apart_m:.0} m, {grid}")
            }
        };
        if !answer.fault.is_empty() {
            answer.fault.push_str("; ");
        }
        answer.fault.push_str(&fault);
    }
}

/// The answer to a row that cannot be read.
pub fn refused(why: String) -> RowAnswer {
    RowAnswer { status: "fault".to_owned(), fault: why, ..RowAnswer::default() }
}

fn told(geocoded: &Geocoded, crs: Crs) -> RowAnswer {
    let mut answer = RowAnswer {
        status: word(&geocoded.verdict),
        note: geocoded.summary(),
        ..RowAnswer::default()
    };
    if let Some(question) = &geocoded.question {
        let options: Vec<&str> = question.options.iter().map(|(value, _)| value.as_str()).collect();
        answer.question = format!("{}: {}", word(&question.element), options.join(" / "));
    }
    let mut faults: Vec<&str> = geocoded.faults.iter().map(|one| one.fault.as_str()).collect();
    let first = geocoded.candidates.first().filter(|_| geocoded.verdict != Verdict::NotFound);
    if let Some(first) = first {
        faults.extend(first.found.faults.iter().map(|one| one.fault.as_str()));
        answer.confidence = Some(rounded(first.found.confidence));
        answer.level = word(&first.found.precision);
        answer.label = first.found.elements.label();
        answer.accuracy_m = Some(tenths(first.found.accuracy_m));
        place(&mut answer, Some(first.found.point.lng_lat()), crs);
        let name = |one: &Option<crate::domain::division::DivisionRef>| {
            one.as_ref().map_or_else(String::new, |one| one.name.clone())
        };
        answer.community_code =
            first.community.as_ref().map_or_else(String::new, |c| c.code.clone());
        answer.community = name(&first.community);
        answer.township = name(&first.township);
        answer.district = name(&first.district);
        // The grid may be sure where the room is not.
        let own = first.grid.as_ref().map(|grid| (grid, first.grid_confidence.unwrap_or(0.0)));
        let likeliest = geocoded.grids.first().map(|likely| (&likely.grid, likely.confidence));
        if let Some((grid, confidence)) = own.or(likeliest) {
            answer.grid_code.clone_from(&grid.code);
            answer.grid_name.clone_from(&grid.name);
            answer.grid_confidence = Some(rounded(confidence));
        }
    }
    answer.fault = faults.join("; ");
    answer
}

fn place(answer: &mut RowAnswer, place: Option<LngLat<Wgs84>>, crs: Crs) {
    let Some(place) = place else { return };
    match crs.from_wgs84(place) {
        Ok((lng, lat)) => {
            // A ten-millionth of a degree is a centimetre; of a metre, nobody needs more.
            let fine = |number: f64| (number * 1e7).round() / 1e7;
            (answer.lng, answer.lat) = (Some(fine(lng)), Some(fine(lat)));
        }
        Err(error) => answer.fault = format!("crs: {error}"),
    }
}

fn around(answer: &mut RowAnswer, located: Located) {
    if let Some(grid) = located.grid {
        (answer.grid_code, answer.grid_name) = (grid.code, grid.name);
    }
    if let Some((grid, apart_m)) = located.nearest {
        answer.fault = format!("outside: {apart_m:.0} m from {}", grid.code);
    }
    if let Some(community) = located.community {
        (answer.community_code, answer.community) = (community.code, community.name);
    }
    answer.township = located.township.map_or_else(String::new, |one| one.name);
    answer.district = located.district.map_or_else(String::new, |one| one.name);
}

fn elements(given: &BTreeMap<&'static str, String>) -> Elements {
    let part = |name: &str| given.get(name).cloned().unwrap_or_default();
    Elements {
        district: part("district"),
        township: part("township"),
        community: part("community"),
        road: part("road"),
        number: part("number"),
        compound: part("compound"),
        building: part("building"),
        unit: part("unit"),
        room: part("room"),
        ..Elements::default()
    }
}

/// Chances in steps that mean something.
fn rounded(chance: f32) -> f64 {
    (f64::from(chance) * 1e4).round() / 1e4
}

/// The name of a value as the API writes it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
