//! A coordinate inside a text: read in the declared system, told, and taken for the point that came with the text. The words
//! around it are asked for without its digits, which are no numbers of doors.

use spatial::crs::Crs;
use spatial::geocode::{
    Candidate, Elements, Fault, Precision, Verdict, WrittenPoint, written_points,
};
use spatial::lattice::LatticePoint;

use super::{Geocoded, LikelyGrid, PlacedCandidate};
use crate::domain::division::Division;
use crate::domain::grid::Grid;
use crate::domain::incident::GivenPoint;
use crate::routing::{RoutingView, Spot};

/// Least that a place is off, in metres: nobody means a centimetre.
const LEAST_M: f64 = 1.0;

/// A coordinate that stands in a text, with where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadPoint {
    /// What stands there.
    pub written: WrittenPoint,
    /// The system that was declared.
    pub crs: Crs,
    /// Where that is.
    pub point: LatticePoint,
}

/// The coordinates of a text, and the text with blanks in their places; none where there are none.
pub(super) fn split(text: &str) -> (Vec<WrittenPoint>, Option<String>) {
    let found = written_points(text);
    if found.is_empty() {
        return (found, None);
    }
    // A blank for each byte: what is said of the rest keeps its place.
    let mut rest = text.to_owned();
    for point in &found {
        let (from, to) = point.span;
        rest.replace_range(from..to, &" ".repeat(to - from));
    }
    (found, Some(rest))
}

/// Adds to an answer what the coordinates of its text say.
pub(super) fn tell(
    answer: &mut Geocoded,
    view: &RoutingView,
    written: Vec<WrittenPoint>,
    declared: Option<Crs>,
) {
    let several = written.len() > 1;
    let Some(written) = written.into_iter().next() else { return };
    let mut fault = |fault: &str| {
        answer.faults.push(Fault { fault: fault.to_owned(), penalty: 0.0 });
    };
    if several {
        fault("coordinate.several");
    }
    if written.misnamed {
        fault("coordinate.misnamed");
    }
    let Some(crs) = declared else { return fault("coordinate.undeclared") };
    let Ok(place) = written.in_system(crs) else { return fault("coordinate.unreadable") };
    let read = ReadPoint { point: LatticePoint::nearest(place), crs, written };
    if answer.candidates.is_empty() || answer.verdict == Verdict::NotFound {
        by_coordinate(answer, view, &read);
    }
    let given = if crs.is_geographic() {
        GivenPoint { lng: read.written.lng, lat: read.written.lat, crs }
    } else {
        GivenPoint { lng: place.lng(), lat: place.lat(), crs: Crs::Wgs84 }
    };
    // It was read in this system before.
    answer.compare(view, given).ok();
    answer.written = Some(read);
}

/// The coordinate is all that says where it is. It is taken where it leaves no doubt of the grid.
fn by_coordinate(answer: &mut Geocoded, view: &RoutingView, read: &ReadPoint) {
    let accuracy_m = read.written.accuracy_m.max(LEAST_M);
    let Spot::Inside { grid, .. } = view.borders.locate(read.point) else {
        let fault = "coordinate.outside".to_owned();
        return answer.faults.push(Fault { fault, penalty: 0.0 });
    };
    let chain = view.borders.chain_of(grid);
    let name =
        |division: Option<&Division>| division.map_or_else(String::new, |one| one.name.clone());
    let elements = Elements {
        district: name(chain.district),
        township: name(chain.township),
        community: name(chain.community),
        ..Elements::default()
    };
    let mut grids: Vec<&Grid> = view
        .borders
        .around(read.point, accuracy_m)
        .into_iter()
        .map(|(near, _)| near)
        .filter(|near| near.kind == grid.kind && near.grid_id != grid.grid_id)
        .collect();
    grids.insert(0, grid);
    let share = 1.0 / grids.len() as f32;
    let likely = |grid: &&Grid| LikelyGrid { grid: grid.to_ref(), confidence: share };
    let found = Candidate {
        record: None,
        building: None,
        grid: Some(grid.grid_id.0 as u32),
        precision: Precision::Coordinate,
        point: read.point,
        accuracy_m,
        confidence: 1.0,
        elements,
        matches: Vec::new(),
        faults: Vec::new(),
        relation: None,
        score: 0.0,
    };
    answer.candidates = vec![PlacedCandidate {
        found,
        grid: Some(grid.to_ref()),
        grid_confidence: Some(share),
        community: chain.community.map(Division::to_ref),
        township: chain.township.map(Division::to_ref),
        district: chain.district.map(Division::to_ref),
    }];
    answer.verdict = if grids.len() == 1 { Verdict::Accepted } else { Verdict::Doubtful };
    answer.grids = grids.iter().map(likely).collect();
    (answer.question, answer.missing) = (None, None);
}
