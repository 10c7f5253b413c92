//! Where is this? A point, in whatever system it was given, to its grid and everything around it.

use chrono::{DateTime, Utc};
use spatial::lattice::LatticePoint;

use crate::domain::division::{Division, DivisionRef};
use crate::domain::grid::{Grid, GridRef};
use crate::domain::id::BoundaryVersionId;
use crate::domain::incident::GivenPoint;
use crate::error::{Fault, Result};
use crate::routing::{Borders, Chain, Routing, Spot};

/// Most points of one request.
pub const MOST_POINTS: usize = 10_000;

/// Where a point lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// The point itself on the lattice, WGS 84 degrees, lng then lat.
    pub location: [f64; 2],
    /// The basic grid that holds it.
    pub grid: Option<GridRef>,
    /// A special grid that lies over it there.
    pub special_grid: Option<GridRef>,
    /// Outside all grids: the nearest one and its distance in metres.
    pub nearest: Option<(GridRef, f64)>,
    /// The community of the grid.
    pub community: Option<DivisionRef>,
    /// Its township.
    pub township: Option<DivisionRef>,
    /// Its district.
    pub district: Option<DivisionRef>,
    /// Its city.
    pub city: Option<DivisionRef>,
}

impl Located {
    /// Whether it lies in a grid.
    pub fn is_inside(&self) -> bool {
        self.grid.is_some()
    }
}

/// The answers to one request, all from one version of the borders: a bad point is told, and sinks no other.
#[derive(Clone, Debug)]
pub struct LocatedPoints {
    /// The borders all answers were given with.
    pub boundary_version: BoundaryVersionId,
    /// One per point.
    pub points: Vec<Result<Located, Fault>>,
}

/// Locates points with the borders in force at `as_of`, or now.
///
/// # Errors
/// [`crate::DataError::NoBoundaries`] before the first city is loaded.
pub async fn locate_points(
    routing: &Routing,
    points: &[GivenPoint],
    as_of: Option<DateTime<Utc>>,
) -> Result<LocatedPoints> {
    let view = match as_of {
        Some(at) => routing.at(at).await?,
        None => routing.now().await?,
    };
    let points = points.iter().map(|point| locate_point(&view.borders, *point)).collect();
    Ok(LocatedPoints { boundary_version: view.boundary_version(), points })
}

/// Locates one point.
///
/// # Errors
/// A [`Fault`] when the numbers are no place of the declared system.
pub fn locate_point(borders: &Borders, given: GivenPoint) -> Result<Located, Fault> {
    let point = on_lattice(given).map_err(|why| Fault::at("", why))?;
    Ok(located(borders, point))
}

/// The lattice point of a coordinate in its declared system, or why it is none.
pub(crate) fn on_lattice(given: GivenPoint) -> Result<LatticePoint, String> {
    let place = given.crs.to_wgs84(given.lng, given.lat).map_err(|error| {
        let mut why = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            why = format!("{why}: {cause}");
            source = cause.source();
        }
        why
    })?;
    Ok(LatticePoint::nearest(place))
}

fn located(borders: &Borders, point: LatticePoint) -> Located {
    let place = point.lng_lat();
    let around = |grid: &Grid| {
        let Chain { community, township, district, city } = borders.chain_of(grid);
        [community, township, district, city].map(|one| one.map(Division::to_ref))
    };
    let location = [place.lng(), place.lat()];
    match borders.locate(point) {
        Spot::Inside { grid, special } => {
            let [community, township, district, city] = around(grid);
            Located {
                location,
                grid: Some(grid.to_ref()),
                special_grid: special.map(Grid::to_ref),
                nearest: None,
                community,
                township,
                district,
                city,
            }
        }
        Spot::Outside { nearest } => Located {
            location,
            grid: None,
            special_grid: None,
            nearest: nearest.map(|(grid, apart_m)| (grid.to_ref(), apart_m)),
            community: None,
            township: None,
            district: None,
            city: None,
        },
    }
}
