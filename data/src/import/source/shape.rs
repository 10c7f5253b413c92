//! A geometry exactly as a file told it: in the file's own coordinate system, rings open or closed as they were written.
//!
//! `geo_types` closes rings silently and so hides what has to be reported; hence this smaller type. [`ShapeBuilder`]
//! receives from every geozero reader (WKB, GeoPackage WKB, WKT, FlatGeobuf).

use geozero::GeomProcessor;
use geozero::error::{GeozeroError, Result as GeozeroResult};

/// A position in the coordinate system of the file; x is easting or longitude.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Easting or longitude.
    pub x: f64,
    /// Northing or latitude.
    pub y: f64,
}

/// One ring as it was written; closed if the file repeated the first position.
pub type RawRing = Vec<Position>;

/// One polygon: the exterior ring first, then the holes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawPolygon {
    /// All rings, the exterior first.
    pub rings: Vec<RawRing>,
}

/// What a feature can be here: a place or an area. Lines and mixtures are refused by the readers.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A place.
    Point(Position),
    /// An area of one or more polygons.
    Area(Vec<RawPolygon>),
}

/// Collects the calls of a geozero reader into a [`Shape`].
///
/// It never reserves memory by a count that the file claims, because a damaged file claims anything.
#[derive(Debug, Default)]
pub struct ShapeBuilder {
    points: Vec<Position>,
    polygons: Vec<RawPolygon>,
    kind: Option<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Point,
    Area,
    Empty,
}

impl ShapeBuilder {
    /// What was collected; `None` for an empty geometry.
    ///
    /// # Errors
    /// If several points were given where one place is meant.
    pub fn finish(self) -> Result<Option<Shape>, String> {
        match self.kind {
            None | Some(Kind::Empty) => Ok(None),
            Some(Kind::Point) => match self.points.as_slice() {
                [] => Ok(None),
                [position] => Ok(Some(Shape::Point(*position))),
                many => Err(format!("a multipoint of {} points is not one place", many.len())),
            },
            Some(Kind::Area) => {
                let polygons: Vec<_> =
                    self.polygons.into_iter().filter(|p| !p.rings.is_empty()).collect();
                Ok((!polygons.is_empty()).then_some(Shape::Area(polygons)))
            }
        }
    }
}

fn refused<T>(what: &str) -> GeozeroResult<T> {
    Err(GeozeroError::Geometry(format!("a {what} is neither a point nor a polygon")))
}

impl GeomProcessor for ShapeBuilder {
    fn xy(&mut self, x: f64, y: f64, _idx: usize) -> GeozeroResult<()> {
        let position = Position { x, y };
        match self.polygons.last_mut().and_then(|polygon| polygon.rings.last_mut()) {
            Some(ring) => ring.push(position),
            None => self.points.push(position),
        }
        Ok(())
    }

    fn empty_point(&mut self, _idx: usize) -> GeozeroResult<()> {
        self.kind = Some(Kind::Empty);
        Ok(())
    }

    fn point_begin(&mut self, _idx: usize) -> GeozeroResult<()> {
        self.kind = Some(Kind::Point);
        Ok(())
    }

    fn multipoint_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        self.kind = Some(Kind::Point);
        Ok(())
    }

    fn polygon_begin(&mut self, _tagged: bool, _size: usize, _idx: usize) -> GeozeroResult<()> {
        self.kind = Some(Kind::Area);
        self.polygons.push(RawPolygon::default());
        Ok(())
    }

    fn multipolygon_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        self.kind = Some(Kind::Area);
        Ok(())
    }

    fn linestring_begin(&mut self, tagged: bool, _size: usize, _idx: usize) -> GeozeroResult<()> {
        match self.polygons.last_mut() {
            Some(polygon) if !tagged => {
                polygon.rings.push(RawRing::new());
                Ok(())
            }
            _ => refused("line"),
        }
    }

    fn multilinestring_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("multiline")
    }

    fn geometrycollection_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("geometry collection")
    }

    fn circularstring_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("circular string")
    }

    fn compoundcurve_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("compound curve")
    }

    fn curvepolygon_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("curved polygon")
    }

    fn multicurve_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("multicurve")
    }

    fn multisurface_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("multisurface")
    }

    fn triangle_begin(&mut self, _tagged: bool, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("triangle")
    }

    fn polyhedralsurface_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("polyhedral surface")
    }

    fn tin_begin(&mut self, _size: usize, _idx: usize) -> GeozeroResult<()> {
        refused("triangulated surface")
    }
}

/// Reads well-known text such as `POLYGON((103 36, …))`, with or without `SRID=…;` before it, or the hexadecimal
/// well-known binary that PostGIS writes into tables.
///
/// # Errors
/// If the text is not the WKT of a point, polygon or multipolygon.
pub fn from_wkt(text: &str) -> Result<Option<Shape>, String> {
    use geozero::GeozeroGeometry;
    let text = text.trim();
    let text = match text.split_once(';') {
        Some((srid, rest)) if srid.trim_start().to_ascii_uppercase().starts_with("SRID") => rest,
        _ => text,
    };
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > 18 && text.len() % 2 == 0 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return from_hex(text);
    }
    // Only these reach the parser: it recurses into collections, and a deep one would exhaust the stack.
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    if !["POINT", "POLYGON", "MULTIPOLYGON", "MULTIPOINT"]
        .contains(&word.to_ascii_uppercase().as_str())
    {
        return Err(format!(
            "{:?} is not the well-known text of a point or polygon",
            shorten(text, 40)
        ));
    }
    let mut builder = ShapeBuilder::default();
    geozero::wkt::Wkt(text)
        .process_geom(&mut builder)
        .map_err(|error| format!("unreadable well-known text: {}", geozero_reason(&error)))?;
    builder.finish()
}

fn from_hex(text: &str) -> Result<Option<Shape>, String> {
    use geozero::GeozeroGeometry;
    let bytes = hex::decode(text).map_err(|error| format!("unreadable binary: {error}"))?;
    let kind = match bytes.as_slice() {
        [0, ..] => bytes.get(4),
        _ => bytes.get(1),
    };
    // Collections nest without end, as above.
    if !matches!(kind, Some(1 | 3 | 4 | 6)) {
        return Err("the binary is neither a point nor a polygon".to_owned());
    }
    let mut builder = ShapeBuilder::default();
    geozero::wkb::Ewkb(bytes)
        .process_geom(&mut builder)
        .map_err(|error| format!("unreadable binary: {}", geozero_reason(&error)))?;
    builder.finish()
}

/// The reason inside a geozero error, without its prefix words.
pub(super) fn geozero_reason(error: &GeozeroError) -> String {
    match error {
        GeozeroError::Geometry(reason)
        | GeozeroError::Property(reason)
        | GeozeroError::FeatureGeometry(reason) => reason.clone(),
        GeozeroError::GeometryFormat => "a damaged or unknown geometry".to_owned(),
        other => other.to_string(),
    }
}

/// At most `limit` characters of `text`, marked when cut.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        text.to_owned()
    } else {
        text.chars().take(limit).chain(['…']).collect()
    }
}
