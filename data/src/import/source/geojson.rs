//! GeoJSON (RFC 7946), as a feature collection or as one feature per line, of any size in the memory of one feature.
//!
//! geozero's own reader parses the whole text at once, and its streaming one ends at the first bad feature; hence
//! [`Scanner`](super::geojson_scan::Scanner) cuts and serde parses, feature by feature.

use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::{Map, Value};
use spatial::crs::Crs;

use super::declared::DeclaredCrs;
use super::detect::Input;
use super::geojson_scan::{Piece, ScanError, Scanner};
use super::shape::{Position, RawPolygon, Shape};
use super::{Encoding, Feature, OpenOptions, Row, Source, text_of};
use crate::import::error::ImportError;
use crate::import::report::Refusal;

pub(super) struct GeoJson {
    path: PathBuf,
    scanner: Scanner<std::io::BufReader<Box<dyn Read + Send>>>,
    row: u64,
    declared: Option<DeclaredCrs>,
    ahead: Option<Piece>,
    ended: bool,
}

impl GeoJson {
    /// Opens a stream and reads ahead to its first feature, because the coordinate system stands before it.
    pub(super) fn open(
        path: &Path,
        input: Input,
        options: &OpenOptions,
    ) -> Result<Self, ImportError> {
        let input = match options.encoding {
            Some(Encoding::Gb18030) => {
                std::io::BufReader::new(Box::new(Transcoder::new(input)) as Box<dyn Read + Send>)
            }
            _ => input,
        };
        let mut source = Self {
            path: path.to_owned(),
            scanner: Scanner::new(input),
            row: 0,
            declared: None,
            ahead: None,
            ended: false,
        };
        let first = source.next_piece()?;
        let members = match &first {
            Piece::Document(bytes) => bytes.clone(),
            _ => source.scanner.members_so_far(),
        };
        source.read_declared(&members);
        source.ahead = Some(first);
        Ok(source)
    }

    fn next_piece(&mut self) -> Result<Piece, ImportError> {
        if let Some(piece) = self.ahead.take() {
            return Ok(piece);
        }
        self.scanner.next_piece().map_err(|error| match error {
            ScanError::Io(source) => ImportError::io(&self.path, source),
            ScanError::Shape(why) => ImportError::unreadable(&self.path, why),
        })
    }

    fn read_declared(&mut self, members: &[u8]) {
        if let Ok(Members { crs: Some(crs) }) = serde_json::from_slice(members) {
            let name = crs.pointer("/properties/name").or_else(|| crs.pointer("/properties/code"));
            let text = name.map_or_else(|| crs.to_string(), text_of);
            self.declared = Some(DeclaredCrs::from_name(&text));
        }
    }

    /// A document that stood alone: the end of a collection, a single feature, or a bare geometry.
    fn document(&mut self, bytes: &[u8]) -> Result<Option<Row>, ImportError> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(rename = "type")]
            kind: Option<String>,
        }
        let head: Head = serde_json::from_slice(bytes)
            .map_err(|error| ImportError::unreadable(&self.path, format!("not JSON: {error}")))?;
        match head.kind.as_deref() {
            Some("FeatureCollection") => {
                self.read_declared(bytes);
                Ok(None)
            }
            Some("Feature") => {
                self.read_declared(bytes);
                self.scanner.expect_lines();
                Ok(Some(self.feature(bytes)))
            }
            Some("Point" | "Polygon" | "MultiPolygon") => {
                self.scanner.expect_lines();
                Ok(Some(self.feature(bytes)))
            }
            Some("Topology") => Err(ImportError::unreadable(
                &self.path,
                "this is TopoJSON: convert it to GeoJSON first",
            )),
            Some(other) => {
                Err(ImportError::unreadable(&self.path, format!("{other:?} is no GeoJSON type")))
            }
            None => Err(ImportError::unreadable(
                &self.path,
                "a JSON object without \"type\" is not GeoJSON",
            )),
        }
    }

    fn feature(&mut self, bytes: &[u8]) -> Row {
        self.row += 1;
        read_feature(self.row, bytes)
    }
}

impl Source for GeoJson {
    fn next_row(&mut self) -> Result<Option<Row>, ImportError> {
        if self.ended {
            return Ok(None);
        }
        loop {
            let piece = self.next_piece()?;
            match piece {
                Piece::Feature(bytes) => return Ok(Some(self.feature(&bytes))),
                Piece::Document(bytes) => {
                    if let Some(row) = self.document(&bytes)? {
                        return Ok(Some(row));
                    }
                }
                Piece::End => {
                    self.ended = true;
                    return Ok(None);
                }
            }
        }
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.declared.clone()
    }

    fn default_crs(&self) -> Option<Crs> {
        Some(Crs::Wgs84)
    }
}

#[derive(Deserialize)]
struct Members {
    crs: Option<Value>,
}

#[derive(Deserialize)]
struct FeatureText {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<Value>,
    geometry: Option<GeometryText>,
    properties: Option<Map<String, Value>>,
    /// A bare geometry on a line of its own.
    coordinates: Option<Nest>,
}

#[derive(Deserialize)]
struct GeometryText {
    #[serde(rename = "type")]
    kind: Option<String>,
    coordinates: Option<Nest>,
}

fn read_feature(row: u64, bytes: &[u8]) -> Row {
    let text: FeatureText = serde_json::from_slice(bytes).map_err(|error| {
        // Keep what can be known of a broken feature: its reason, and where inside it.
        Refusal::new(row, None, format!("not a GeoJSON feature: {error}"))
    })?;
    let mut properties = text.properties.unwrap_or_default();
    if let Some(id) = text.id {
        properties.entry("id").or_insert(id);
    }
    let id = properties.values().next().map(text_of);
    let refuse = |why: String| Refusal::new(row, id.clone(), why);
    let geometry = match text.kind.as_deref() {
        Some("Feature") => text.geometry,
        Some(kind) if text.coordinates.is_some() => {
            Some(GeometryText { kind: Some(kind.to_owned()), coordinates: text.coordinates })
        }
        Some(kind) => return Err(refuse(format!("{kind:?} is not a feature"))),
        None => return Err(refuse("an object without \"type\" is not a feature".to_owned())),
    };
    let shape = geometry.map(read_geometry).transpose().map_err(refuse)?.flatten();
    Ok(Feature { row, shape, properties })
}

fn read_geometry(text: GeometryText) -> Result<Option<Shape>, String> {
    let kind = text.kind.ok_or("a geometry without \"type\"")?;
    let Some(nest) = text.coordinates else {
        return Err(match kind.as_str() {
            "GeometryCollection" => {
                "a geometry collection is neither a point nor a polygon".to_owned()
            }
            _ => format!("a {kind} without \"coordinates\""),
        });
    };
    match kind.as_str() {
        "Point" => match nest {
            Nest::Position(position) => Ok(Some(Shape::Point(position))),
            Nest::List(list) if list.is_empty() => Ok(None),
            Nest::List(_) => Err("the coordinates of a Point must be one position".to_owned()),
        },
        "Polygon" => Ok(area(vec![polygon(nest)?])),
        "MultiPolygon" => {
            let polygons = nest.list("a MultiPolygon")?.into_iter().map(polygon);
            Ok(area(polygons.collect::<Result<_, _>>()?))
        }
        other => Err(format!("a {other} is neither a point nor a polygon")),
    }
}

fn area(mut polygons: Vec<RawPolygon>) -> Option<Shape> {
    polygons.retain(|polygon| !polygon.rings.is_empty());
    (!polygons.is_empty()).then_some(Shape::Area(polygons))
}

fn polygon(nest: Nest) -> Result<RawPolygon, String> {
    let rings = nest.list("a Polygon")?.into_iter().map(|ring| {
        let positions = ring.list("a ring")?.into_iter().map(|nest| match nest {
            Nest::Position(position) => Ok(position),
            Nest::List(_) => Err("a ring must be a list of positions".to_owned()),
        });
        positions.collect()
    });
    Ok(RawPolygon { rings: rings.collect::<Result<_, String>>()? })
}

/// Coordinates of any depth.
enum Nest {
    Position(Position),
    List(Vec<Nest>),
}

impl Nest {
    fn list(self, what: &str) -> Result<Vec<Self>, String> {
        match self {
            Self::List(list) => Ok(list),
            Self::Position(_) => Err(format!("{what} must be a list, not one position")),
        }
    }
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(NestVisitor)
    }
}

struct NestVisitor;

impl<'de> Visitor<'de> for NestVisitor {
    type Value = Nest;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a position or a list of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Nest, A::Error> {
        match seq.next_element::<Element>()? {
            None => Ok(Nest::List(Vec::new())),
            Some(Element::Number(x)) => {
                let y: f64 = seq
                    .next_element()?
                    .ok_or_else(|| A::Error::custom("a position needs two numbers, got one"))?;
                while seq.next_element::<f64>()?.is_some() {}
                Ok(Nest::Position(Position { x, y }))
            }
            Some(Element::Nest(first)) => {
                let mut list = vec![first];
                while let Some(next) = seq.next_element()? {
                    list.push(next);
                }
                Ok(Nest::List(list))
            }
        }
    }
}

enum Element {
    Number(f64),
    Nest(Nest),
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementVisitor;
        impl<'de> Visitor<'de> for ElementVisitor {
            type Value = Element;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number or a list")
            }

            fn visit_f64<E>(self, value: f64) -> Result<Element, E> {
                Ok(Element::Number(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Element, E> {
                Ok(Element::Number(value as f64))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Element, E> {
                Ok(Element::Number(value as f64))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Element, A::Error> {
                NestVisitor.visit_seq(seq).map(Element::Nest)
            }
        }
        deserializer.deserialize_any(ElementVisitor)
    }
}

/// GB18030 bytes in, UTF-8 bytes out; what cannot be decoded becomes U+FFFD, which the mapping refuses by row.
struct Transcoder<R> {
    input: R,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Transcoder<R> {
    fn new(input: R) -> Self {
        Self {
            input,
            decoder: encoding_rs::GB18030.new_decoder(),
            raw: vec![0; 64 * 1024],
            ready: Vec::new(),
            at: 0,
            ended: false,
        }
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            let count = self.input.read(&mut self.raw)?;
            self.ended = count == 0;
            let raw = self.raw.get(..count).unwrap_or_default();
            let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(count * 4 + 16);
            self.ready.resize(room, 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(raw, &mut self.ready, self.ended);
            self.ready.truncate(written);
            self.at = 0;
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}
