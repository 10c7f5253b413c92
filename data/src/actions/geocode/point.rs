//! A text and a point that came together: do they agree, and if not, under which coordinate system would they?

use spatial::geocode::{Answer, PointCheck, check_point};
use spatial::lattice::LatticePoint;

use super::{Geocoded, grid_at};
use crate::actions::locate::on_lattice;
use crate::domain::grid::{Grid, GridRef};
use crate::domain::incident::GivenPoint;
use crate::routing::RoutingView;

/// The fault of a text and a point that contradict each other.
const CONFLICT: &str = "point.conflict";

/// How a point stands to the first candidate of the text that came with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedPoint {
    /// Where the point is.
    pub point: LatticePoint,
    /// The grid it lies in.
    pub grid: Option<GridRef>,
    /// Distance, agreement, and the system under which they would agree; none where the text has no candidate.
    pub check: Option<PointCheck>,
}

impl Geocoded {
    /// Compares the answer with the point that came with the text, in its declared system. Where the two contradict, that is a
    /// fault of the answer.
    ///
    /// # Errors
    /// When the numbers are no place of that system.
    pub fn compare(&mut self, view: &RoutingView, given: GivenPoint) -> Result<(), String> {
        let point = on_lattice(given)?;
        let answer = Answer {
            text: String::new(),
            verdict: self.verdict,
            candidates: self.candidates.iter().map(|one| one.found.clone()).collect(),
            grids: Vec::new(),
            question: None,
            missing: None,
            aliases: Vec::new(),
        };
        let check = check_point(&answer, given.lng, given.lat, given.crs)
            .map_err(|error| error.to_string())?;
        self.faults.retain(|one| one.fault != CONFLICT);
        self.faults.extend(check.as_ref().and_then(|check| check.fault.clone()));
        let grid = grid_at(view, point).map(Grid::to_ref);
        self.point = Some(ComparedPoint { point, grid, check });
        Ok(())
    }
}
