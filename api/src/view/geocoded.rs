//! Answers of the geocoder in the shapes of the API.

use data::actions::geocode::{ComparedPoint, Geocoded, LikelyGrid, PlacedCandidate, ReadPoint};
use serde::Serialize;
use spatial::crs::Crs;
use spatial::geocode::{CrsSuspicion, Elements, Fault, Match, Missing, Precision, Question};
use spatial::lattice::LatticePoint;
use spatial::measure::tenths;

use super::geocode::{
    AdminView, CrsFindingView, ElementsView, FaultView, GeocodeJsonView, GeocodedRowView,
    GeocodedView, GeocodingView, LikelyGridView, MatchView, MissingView, OptionView,
    PlaceFeatureView, PlaceView, PointGeometryView, PointView, QuestionView, WrittenView,
};
use super::place::NamedView;
use crate::error::{ApiError, Result};

impl GeocodedView {
    /// The answer with its coordinates in `crs`.
    ///
    /// # Errors
    /// When a place is beyond that system.
    pub fn new(answer: Geocoded, crs: Crs) -> Result<Self> {
        let summary = answer.summary();
        let written = answer.written.as_ref().map(|read| written_view(read, &answer.text));
        let features: Result<Vec<PlaceFeatureView>> =
            answer.candidates.iter().map(|one| feature(one, &answer.text, crs)).collect();
        Ok(Self {
            r#type: "FeatureCollection".to_owned(),
            features: features?,
            geocoding: GeocodingView {
                version: "0.1.0".to_owned(),
                attribution: "wangge".to_owned(),
                crs: crs.to_string(),
                verdict: word(&answer.verdict),
                summary,
                boundary_version: answer.boundary_version.0,
                gazetteer_version: answer.gazetteer_version.0,
                grids: answer.grids.iter().map(LikelyGridView::from).collect(),
                question: answer.question.map(QuestionView::from),
                missing: answer.missing.map(MissingView::from),
                point: answer.point.map(|point| PointView { written, ..PointView::from(point) }),
                faults: answer.faults.into_iter().map(FaultView::from).collect(),
                query: answer.text,
            },
        })
    }
}

impl GeocodedRowView {
    /// The answer for a row of a batch.
    ///
    /// # Errors
    /// When its place is beyond the system `crs`.
    pub fn new(id: Option<super::locate::PointId>, answer: &Geocoded, crs: Crs) -> Result<Self> {
        let row = Self {
            id,
            status: "ok".to_owned(),
            verdict: Some(word(&answer.verdict)),
            ..Self::default()
        };
        let Some(first) = answer.candidates.first() else { return Ok(row) };
        let [lng, lat] = coordinates(first.found.point, crs)?;
        let check = answer.point.as_ref().and_then(|point| point.check.as_ref());
        let gravest = answer.faults.iter().chain(&first.found.faults).next();
        Ok(Self {
            confidence: Some(first.found.confidence),
            level: Some(word(&first.found.precision)),
            label: Some(first.found.elements.label()),
            lng: Some(lng),
            lat: Some(lat),
            accuracy_m: Some(tenths(first.found.accuracy_m)),
            grid: first.grid.as_ref().map(|grid| grid.code.clone()),
            grid_confidence: first.grid_confidence,
            community: first.community.as_ref().map(|community| community.code.clone()),
            fault: gravest.map(|fault| fault.fault.clone()),
            point_agrees: check.map(|check| check.agrees),
            point_distance_m: check.map(|check| tenths(check.distance_m)),
            likely_crs: check.and_then(|check| check.likely).map(|crs| crs.to_string()),
            ..row
        })
    }
}

/// The word on the wire of a value that is one.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => other.map(|value| value.to_string()).unwrap_or_default(),
    }
}

/// A place in the system that was asked for; degrees with nine decimals, metres with four.
///
/// # Errors
/// When the place is beyond that system.
pub fn coordinates(point: LatticePoint, crs: Crs) -> Result<[f64; 2]> {
    let (x, y) = crs.from_wgs84(point.lng_lat()).map_err(|error| {
        ApiError::invalid_at("/crs", format!("got {crs}, which does not reach the place: {error}"))
    })?;
    let unit = if crs.is_geographic() { 1e9 } else { 1e4 };
    Ok([x, y].map(|value| (value * unit).round() / unit))
}

fn feature(candidate: &PlacedCandidate, query: &str, crs: Crs) -> Result<PlaceFeatureView> {
    let found = &candidate.found;
    let grid = candidate.grid.as_ref().map(|grid| LikelyGridView {
        code: grid.code.clone(),
        name: grid.name.clone(),
        confidence: candidate.grid_confidence.unwrap_or(0.0),
    });
    Ok(PlaceFeatureView {
        r#type: "Feature".to_owned(),
        geometry: PointGeometryView {
            r#type: "Point".to_owned(),
            coordinates: coordinates(found.point, crs)?,
        },
        properties: PlaceView {
            geocoding: geocode_json(&found.elements, found.precision, found.accuracy_m),
            id: found.record,
            level: word(&found.precision),
            level_amap: level_amap(found.precision, &found.elements).to_owned(),
            confidence: found.confidence,
            accuracy_m: tenths(found.accuracy_m),
            elements: ElementsView::from(&found.elements),
            grid,
            community: candidate.community.clone().map(NamedView::from),
            township: candidate.township.clone().map(NamedView::from),
            district: candidate.district.clone().map(NamedView::from),
            responsible: None,
            responsible_because: None,
            relation: found.relation.as_ref().map(|relation| relation.said.clone()),
            r#match: found.matches.iter().map(|line| match_view(line, query)).collect(),
            faults: found.faults.iter().cloned().map(FaultView::from).collect(),
        },
    })
}

/// A place as GeocodeJSON has it.
pub fn geocode_json(elements: &Elements, precision: Precision, accuracy_m: f64) -> GeocodeJsonView {
    GeocodeJsonView {
        r#type: type_of(precision).to_owned(),
        label: elements.label(),
        housenumber: elements.number.clone(),
        street: elements.road.clone(),
        locality: elements.community.clone(),
        district: elements.district.clone(),
        city: elements.city.clone(),
        accuracy: accuracy_m.round() as i64,
        admin: AdminView {
            level6: elements.district.clone(),
            level8: elements.township.clone(),
            level10: elements.community.clone(),
        },
    }
}

const fn type_of(precision: Precision) -> &'static str {
    match precision {
        Precision::Room
        | Precision::Unit
        | Precision::Building
        | Precision::Site
        | Precision::Interpolated => "house",
        Precision::Crossing | Precision::Road => "street",
        Precision::Coordinate
        | Precision::Relative
        | Precision::Community
        | Precision::Township => "locality",
        Precision::District => "district",
    }
}

/// The level in the words of AMap, so that what reads its answers reads ours.
pub fn level_amap(precision: Precision, elements: &Elements) -> &'static str {
    match precision {
        Precision::Room => "房间",
        Precision::Unit => "单元号",
        Precision::Building => "楼栋号",
        Precision::Site if elements.number.is_empty() && !elements.compound.is_empty() => "住宅区",
        Precision::Site | Precision::Interpolated => "门牌号",
        Precision::Crossing => "道路交叉路口",
        Precision::Relative | Precision::Coordinate => "兴趣点",
        Precision::Road => "道路",
        Precision::Community => "村庄",
        Precision::Township => "乡镇",
        Precision::District => "区县",
    }
}

/// Spans are bytes of the text inside, and characters outside.
fn characters(query: &str, (from, to): (usize, usize)) -> [usize; 2] {
    [from, to].map(|bytes| query.get(..bytes).map_or(0, |part| part.chars().count()))
}

fn written_view(read: &ReadPoint, query: &str) -> WrittenView {
    let written = &read.written;
    let (from, to) = written.span;
    WrittenView {
        span: characters(query, written.span),
        said: query.get(from..to).unwrap_or_default().to_owned(),
        lng: written.lng,
        lat: written.lat,
        crs: read.crs.to_string(),
        notation: word(&written.notation),
        latitude_first: written.latitude_first,
        accuracy_m: tenths(written.accuracy_m),
    }
}

fn match_view(line: &Match, query: &str) -> MatchView {
    MatchView {
        element: word(&line.element),
        span: line.span.map(|span| characters(query, span)),
        said: line.said.clone(),
        name: line.name.clone(),
        kind: word(&line.kind),
        cost: line.cost,
    }
}

impl From<&LikelyGrid> for LikelyGridView {
    fn from(likely: &LikelyGrid) -> Self {
        Self {
            code: likely.grid.code.clone(),
            name: likely.grid.name.clone(),
            confidence: likely.confidence,
        }
    }
}

impl From<Question> for QuestionView {
    fn from(question: Question) -> Self {
        let option = |(value, confidence)| OptionView { value, confidence };
        Self {
            text: format!("{}?", data::actions::geocode::asked_for(question.element)),
            element: word(&question.element),
            options: question.options.into_iter().map(option).collect(),
        }
    }
}

impl From<Missing> for MissingView {
    fn from(missing: Missing) -> Self {
        let Missing { road, asked, lowest, highest, nearest } = missing;
        Self { road, asked, lowest, highest, nearest }
    }
}

impl From<ComparedPoint> for PointView {
    fn from(point: ComparedPoint) -> Self {
        let check = point.check;
        Self {
            distance_m: check.as_ref().map(|check| tenths(check.distance_m)),
            direction: check.as_ref().map(|check| check.compass.word().to_owned()),
            grid: point.grid.map(|grid| grid.code),
            agrees: check.as_ref().is_none_or(|check| check.agrees),
            likely_crs: check.and_then(|check| check.likely).map(|crs| crs.to_string()),
            written: None,
            caller: None,
        }
    }
}

impl From<CrsSuspicion> for CrsFindingView {
    fn from(found: CrsSuspicion) -> Self {
        Self {
            declared: found.declared.to_string(),
            likely: found.likely.to_string(),
            reports: found.reports,
            declared_m: tenths(found.declared_m),
            likely_m: tenths(found.likely_m),
        }
    }
}

impl From<Fault> for FaultView {
    fn from(fault: Fault) -> Self {
        Self { fault: fault.fault, penalty: fault.penalty, detail: None }
    }
}

impl From<&Elements> for ElementsView {
    fn from(elements: &Elements) -> Self {
        let Elements {
            province,
            city,
            district,
            township,
            community,
            road,
            number,
            compound,
            building,
            unit,
            room,
        } = elements.clone();
        Self {
            province,
            city,
            district,
            township,
            community,
            road,
            number,
            compound,
            building,
            unit,
            room,
        }
    }
}

#[cfg(test)]
mod tests {
    use spatial::crs::{Crs, LngLat, Wgs84};
    use spatial::geocode::{Element, MatchKind};

    use super::*;

    #[test]
    fn spans_are_told_in_characters() {
        let (query, said) = ("您好，轻阳路一号", "轻阳路");
        let from = query.find(said).unwrap();
        let line = Match {
            element: Element::Road,
            span: Some((from, from + said.len())),
            said: said.to_owned(),
            name: "庆阳路".to_owned(),
            kind: MatchKind::Homophone,
            cost: 0.2,
            until: None,
        };
        let view = match_view(&line, query);
        assert_eq!(
            (view.span, view.element.as_str(), view.kind.as_str()),
            (Some([3, 6]), "road", "homophone")
        );
    }

    #[test]
    fn coordinates_come_back_to_the_same_lattice_point_in_every_system() {
        let place = LngLat::<Wgs84>::new(103.834_345_6, 36.061_112_3).unwrap();
        let point = LatticePoint::nearest(place);
        for crs in ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4544"] {
            let crs: Crs = crs.parse().unwrap();
            let [x, y] = coordinates(point, crs).unwrap();
            assert_eq!(LatticePoint::nearest(crs.to_wgs84(x, y).unwrap()), point, "{crs}");
        }
    }
}
