//! From what a file told to what is kept: WGS 84, on the lattice, valid; every repair on record.

use geo_types::{Coord, LineString};
use spatial::coverage::{Defect, DefectKind, LatticeMultiPolygon, RefusedShape};
use spatial::crs::{Crs, CrsError, LngLat, Wgs84};
use spatial::lattice::LatticePoint;

use super::report::Repair;
use super::source::{Position, RawPolygon, Shape};

/// The place on the lattice of a position in the system `crs`.
///
/// # Errors
/// If it is no place of that system; the sentence says so when the two numbers seem to be swapped or of another kind.
pub fn place(crs: Crs, position: Position) -> Result<LatticePoint, String> {
    wgs84(crs, position).map(LatticePoint::nearest)
}

fn wgs84(crs: Crs, position: Position) -> Result<LngLat<Wgs84>, String> {
    let Position { x, y } = position;
    // Some 100 m beside the origin of a projection lies the open sea, so these are no metres.
    if !crs.is_geographic() && x.abs() <= 180.0 && y.abs() <= 90.0 {
        return Err(format!("x {x}, y {y} look like degrees, but {crs} is in metres"));
    }
    crs.to_wgs84(x, y).map_err(|error| explain(crs, position, &error))
}

/// The valid shape of an area in the system `crs`, with what had to be repaired.
///
/// # Errors
/// If a position is no place of that system, or nothing with an area remains.
pub fn area(
    crs: Crs,
    polygons: &[RawPolygon],
) -> Result<(LatticeMultiPolygon, Vec<Defect>), String> {
    let mut parts: Vec<Vec<LineString<f64>>> = Vec::with_capacity(polygons.len());
    for polygon in polygons {
        let rings = polygon.rings.iter().map(|ring| {
            let coords = ring.iter().map(|&position| {
                let place = wgs84(crs, position)?;
                Ok(Coord { x: place.lng(), y: place.lat() })
            });
            coords.collect::<Result<Vec<_>, String>>().map(LineString)
        });
        parts.push(rings.collect::<Result<_, _>>()?);
    }
    let cleaned = LatticeMultiPolygon::clean_rings(&parts).map_err(|error| match error {
        RefusedShape::Nothing { .. } => "the shape has no area".to_owned(),
        other @ RefusedShape::NotOnGlobe { .. } => other.to_string(),
    })?;
    Ok((cleaned.shape, cleaned.repairs))
}

/// The area of a feature, or why it has none.
///
/// # Errors
/// As [`area`], or if the feature is a point or has no geometry.
pub fn area_of(
    crs: Crs,
    shape: Option<&Shape>,
) -> Result<(LatticeMultiPolygon, Vec<Defect>), String> {
    match shape {
        Some(Shape::Area(polygons)) => area(crs, polygons),
        Some(Shape::Point(_)) => Err("it is a point where an area is needed".to_owned()),
        None => Err("it has no geometry".to_owned()),
    }
}

/// The place of a feature; `None` if it has none.
///
/// # Errors
/// As [`place`], or if the feature is an area.
pub fn place_of(crs: Crs, shape: Option<&Shape>) -> Result<Option<LatticePoint>, String> {
    match shape {
        Some(Shape::Point(position)) => place(crs, *position).map(Some),
        Some(Shape::Area(_)) => Err("it is an area where a point is needed".to_owned()),
        None => Ok(None),
    }
}

fn explain(crs: Crs, position: Position, error: &CrsError) -> String {
    let Position { x, y } = position;
    if x.abs() > 1e9 || y.abs() > 1e9 {
        return format!("x {x:e}, y {y:e} is no place in {crs}");
    }
    let hint = if crs.is_geographic() && x.abs() > 1000.0 && y.abs() > 1000.0 {
        "; these look like metres of a projection, which --crs EPSG:n would name"
    } else {
        ""
    };
    format!("{error}{hint}")
}

/// The repairs of one row for the report. The winding of rings is left out: formats differ in it by convention.
pub fn repairs(row: u64, id: &str, defects: &[Defect]) -> Vec<Repair> {
    defects
        .iter()
        .filter(|defect| defect.kind != DefectKind::WrongOrientation)
        .map(|defect| Repair {
            row,
            id: Some(id.to_owned()),
            kind: defect.kind.name().to_owned(),
            what: repair_text(defect),
            place: Some(defect.location.into()),
            area_m2: defect.area_m2,
        })
        .collect()
}

fn repair_text(defect: &Defect) -> String {
    let count = defect.count;
    let times = |what: &str| match count {
        0 | 1 => what.to_owned(),
        many => format!("{what} ({many} times)"),
    };
    match defect.kind {
        DefectKind::UnclosedRing => times("a ring did not end where it began: closed"),
        DefectKind::DuplicateVertex => times("a vertex was repeated: dropped"),
        DefectKind::Spike => times("the border went out and back on itself: dropped"),
        DefectKind::SelfIntersection => times("the border crossed or touched itself: rebuilt"),
        DefectKind::OverlappingParts => times("parts covered each other: united"),
        DefectKind::Collapsed => times("a ring had no area: dropped"),
        DefectKind::TJunction => times("a neighbour's corner lay on the border: joined"),
        DefectKind::Snapped => times("a corner lay a hair beside the neighbour's: moved onto it"),
        other => other.name().to_owned(),
    }
}
