//! ESRI Shapefile: shapes from `.shp` by the shapefile crate, attributes from `.dbf`, text encoding from `.cpg`,
//! coordinate system from `.prj`.
//!
//! Shapes are read by position (from `.shx`, or from a walk over the record headers where it is missing), so that one
//! damaged record is refused alone.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use ::shapefile::{Shape as EsriShape, ShapeReader};
use serde_json::Map;

use super::dbf::{Dbf, Record};
use super::declared::DeclaredCrs;
use super::shape::{Position, RawPolygon, RawRing, Shape};
use super::{Encoding, Feature, OpenOptions, Row, Source};
use crate::import::error::ImportError;
use crate::import::report::Refusal;

pub(super) struct Shapefile {
    shapes: ShapeReader<BufReader<File>>,
    count: u32,
    table: Option<Dbf>,
    encoding: Encoding,
    declared: Option<DeclaredCrs>,
    notes: Vec<String>,
    next: u32,
}

impl Shapefile {
    pub(super) fn open(
        path: &Path,
        streamed: bool,
        options: &OpenOptions,
    ) -> Result<Self, ImportError> {
        if streamed {
            return Err(ImportError::unreadable(
                path,
                "a Shapefile is several files side by side: unpack it and name the .shp",
            ));
        }
        let mut notes = Vec::new();
        let shapes = open_shapes(path, &mut notes)?;
        let count = shapes.shape_count().map_err(|error| damaged(path, &error))? as u32;
        let dbf = neighbour(path, "dbf");
        if dbf.is_none() {
            notes.push("there is no .dbf beside the .shp: no attributes".to_owned());
        }
        let open = |dbf: PathBuf| Dbf::open(&dbf).map_err(|why| ImportError::unreadable(&dbf, why));
        let mut table = dbf.map(open).transpose()?;
        let encoding = encoding(path, options, table.as_mut(), &mut notes);
        if let Some(table) = &mut table {
            table.name_fields(encoding);
            if table.records != count {
                notes.push(format!(
                    "the .shp has {count} shapes, the .dbf {} records",
                    table.records
                ));
            }
        }
        let declared = neighbour(path, "prj")
            .and_then(|prj| std::fs::read(prj).ok())
            .map(|text| DeclaredCrs::from_wkt(&String::from_utf8_lossy(&text)));
        Ok(Self { shapes, count, table, encoding, declared, notes, next: 0 })
    }

    fn row(&mut self, index: u32) -> Option<Row> {
        let row = u64::from(index) + 1;
        let properties = match &mut self.table {
            None => Map::new(),
            Some(table) => match table.record(index, self.encoding) {
                Ok(Record::Values(values)) => values,
                Ok(Record::Deleted) => return None,
                Err(why) => return Some(Err(Refusal::new(row, None, why))),
            },
        };
        let id = properties.values().next().map(super::text_of);
        let shape = match self.shapes.read_nth_shape(index as usize) {
            Some(Ok(shape)) => read_shape(shape),
            Some(Err(error)) => Err(format!("the shape is damaged: {error}")),
            None => Err("the shape is missing".to_owned()),
        };
        Some(match shape {
            Ok(shape) => Ok(Feature { row, shape, properties }),
            Err(why) => Err(Refusal::new(row, id, why)),
        })
    }
}

impl Source for Shapefile {
    fn next_row(&mut self) -> Result<Option<Row>, ImportError> {
        while self.next < self.count {
            let index = self.next;
            self.next += 1;
            if let Some(row) = self.row(index) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.declared.clone()
    }

    fn columns(&self) -> Vec<String> {
        self.table.iter().flat_map(|table| &table.fields).map(|field| field.name.clone()).collect()
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}

/// The file beside `path` with another ending, in either case of letters.
fn neighbour(path: &Path, ending: &str) -> Option<PathBuf> {
    [ending.to_owned(), ending.to_uppercase()]
        .into_iter()
        .map(|ending| path.with_extension(ending))
        .find(|path| path.is_file())
}

fn encoding(
    path: &Path,
    options: &OpenOptions,
    table: Option<&mut Dbf>,
    notes: &mut Vec<String>,
) -> Encoding {
    let declared = neighbour(path, "cpg").and_then(|cpg| std::fs::read(cpg).ok()).and_then(|raw| {
        let name = String::from_utf8_lossy(&raw).into_owned();
        name.parse::<Encoding>().map_err(|error| notes.push(format!(".cpg: {error}"))).ok()
    });
    let driver = table.as_ref().and_then(|table| table.driver);
    if let Some(known) = options.encoding.or(declared).or(driver) {
        if let (Some(given), Some(declared)) = (options.encoding, declared)
            && given != declared
        {
            notes.push(format!(
                "the .cpg says {declared}, --encoding says {given}: read as {given}"
            ));
        }
        return known;
    }
    let sniffed = table.and_then(|table| Encoding::sniff(&table.sample()));
    if sniffed == Some(Encoding::Gb18030) {
        notes.push("no .cpg; the text reads cleanly as GB18030: read as GB18030".to_owned());
    }
    sniffed.unwrap_or(Encoding::Utf8)
}

fn open_shapes(
    path: &Path,
    notes: &mut Vec<String>,
) -> Result<ShapeReader<BufReader<File>>, ImportError> {
    let open = || File::open(path).map_err(|source| ImportError::io(path, source));
    if let Some(shx) = neighbour(path, "shx") {
        let index = File::open(&shx).map_err(|source| ImportError::io(&shx, source))?;
        match ShapeReader::with_shx(BufReader::new(open()?), BufReader::new(index)) {
            Ok(reader) => return Ok(reader),
            Err(error) => notes.push(format!("the .shx is damaged ({error}): not used")),
        }
    } else {
        notes.push("there is no .shx beside the .shp: the records were walked".to_owned());
    }
    let index = walk(path, BufReader::new(open()?))?;
    ShapeReader::with_shx(BufReader::new(open()?), index.as_slice())
        .map_err(|error| damaged(path, &error))
}

/// An index made by walking the record headers of the `.shp`.
fn walk(path: &Path, mut shp: BufReader<File>) -> Result<Vec<u8>, ImportError> {
    const HEADER_BYTES: u64 = 100;
    let mut index = vec![0; HEADER_BYTES as usize];
    shp.read_exact(&mut index).map_err(|source| ImportError::io(path, source))?;
    let size = shp.get_ref().metadata().map_err(|source| ImportError::io(path, source))?.len();
    let mut at = HEADER_BYTES;
    while at + 8 <= size {
        let mut head = [0; 8];
        shp.seek(SeekFrom::Start(at)).map_err(|source| ImportError::io(path, source))?;
        shp.read_exact(&mut head).map_err(|source| ImportError::io(path, source))?;
        let words = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
        let next = at + 8 + u64::from(words) * 2;
        if next > size {
            return Err(ImportError::unreadable(
                path,
                format!(
                    "the file is cut off: it ends inside shape {}",
                    (index.len() - 100) / 8 + 1
                ),
            ));
        }
        index.extend_from_slice(&((at / 2) as u32).to_be_bytes());
        index.extend_from_slice(&words.to_be_bytes());
        at = next;
    }
    let words = (index.len() / 2) as u32;
    if let Some(length) = index.get_mut(24..28) {
        length.copy_from_slice(&words.to_be_bytes());
    }
    Ok(index)
}

fn damaged(path: &Path, error: &::shapefile::Error) -> ImportError {
    ImportError::unreadable(path, format!("not a readable Shapefile: {error}"))
}

fn read_shape(shape: EsriShape) -> Result<Option<Shape>, String> {
    Ok(match shape {
        EsriShape::NullShape => None,
        EsriShape::Point(point) => Some(Shape::Point(Position { x: point.x, y: point.y })),
        EsriShape::PointM(point) => Some(Shape::Point(Position { x: point.x, y: point.y })),
        EsriShape::PointZ(point) => Some(Shape::Point(Position { x: point.x, y: point.y })),
        EsriShape::Polygon(polygon) => area(rings(polygon.rings(), |p| (p.x, p.y))),
        EsriShape::PolygonM(polygon) => area(rings(polygon.rings(), |p| (p.x, p.y))),
        EsriShape::PolygonZ(polygon) => area(rings(polygon.rings(), |p| (p.x, p.y))),
        other => return Err(format!("a {} is neither a point nor a polygon", other.shapetype())),
    })
}

fn rings<P>(
    rings: &[::shapefile::PolygonRing<P>],
    position: impl Fn(&P) -> (f64, f64),
) -> Vec<RawRing> {
    let ring = |ring: &::shapefile::PolygonRing<P>| {
        let points: &[P] = ring.as_ref();
        points
            .iter()
            .map(|point| {
                let (x, y) = position(point);
                Position { x, y }
            })
            .collect()
    };
    rings.iter().map(ring).collect()
}

/// Groups the flat list of rings into polygons: a clockwise ring begins one, the others are holes of the polygon that
/// holds them (of the last one begun, where none does).
fn area(rings: Vec<RawRing>) -> Option<Shape> {
    let mut polygons: Vec<RawPolygon> = Vec::new();
    let mut holes = Vec::new();
    for ring in rings.into_iter().filter(|ring| !ring.is_empty()) {
        if doubled_area(&ring) <= 0.0 {
            polygons.push(RawPolygon { rings: vec![ring] });
        } else {
            holes.push((polygons.len(), ring));
        }
    }
    for (after, hole) in holes {
        let owner = hole.first().and_then(|&corner| {
            polygons.iter().rposition(|polygon| {
                polygon.rings.first().is_some_and(|exterior| holds(exterior, corner))
            })
        });
        match owner.or(after.checked_sub(1)) {
            Some(owner) => polygons[owner].rings.push(hole),
            // Wound the wrong way round, as many writers do: it is an area.
            None => polygons.push(RawPolygon { rings: vec![hole] }),
        }
    }
    (!polygons.is_empty()).then_some(Shape::Area(polygons))
}

fn doubled_area(ring: &RawRing) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum()
}

fn holds(ring: &RawRing, point: Position) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossings = ring.iter().zip(next).filter(|(a, b)| {
        (a.y <= point.y) != (b.y <= point.y)
            && point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)
    });
    crossings.count() % 2 == 1
}
