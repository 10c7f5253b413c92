//! FlatGeobuf, read in file order without its index, so that a stream or a gzip works as well as a file.
//!
//! Header and features are verified by the flatgeobuf crate; rings and properties are taken apart here with every
//! length checked, because the crate indexes by what the file claims.

use std::io::Read;
use std::path::{Path, PathBuf};

use ::flatgeobuf::packed_r_tree::PackedRTree;
use ::flatgeobuf::{
    ColumnType, FgbReader, Geometry, GeometryType, Header, size_prefixed_root_as_feature,
};
use serde_json::{Map, Value};

use super::declared::DeclaredCrs;
use super::detect::Input;
use super::shape::{Position, RawPolygon, Shape};
use super::{Feature, Row, Source};
use crate::import::error::ImportError;
use crate::import::report::Refusal;

/// The largest single feature that is read, in bytes.
const LARGEST_FEATURE_BYTES: u32 = 256 * 1024 * 1024;

pub(super) struct FlatGeobuf {
    path: PathBuf,
    input: Input,
    geometry_type: GeometryType,
    columns: Vec<(String, ColumnType)>,
    declared: Option<DeclaredCrs>,
    announced: u64,
    row: u64,
}

impl FlatGeobuf {
    pub(super) fn open(path: &Path, mut input: Input) -> Result<Self, ImportError> {
        let reader = FgbReader::open(&mut input)
            .map_err(|error| ImportError::unreadable(path, format!("not FlatGeobuf: {error}")))?;
        let header = reader.header();
        let geometry_type = header.geometry_type();
        let columns = columns_of(&header);
        let declared = declared_of(&header);
        let (announced, node_size) = (header.features_count(), header.index_node_size());
        drop(reader);
        if node_size == 1 || announced > 1 << 40 {
            return Err(ImportError::unreadable(path, "the FlatGeobuf header is damaged"));
        }
        if node_size > 0 && announced > 0 {
            let index_bytes = PackedRTree::index_size(announced as usize, node_size) as u64;
            let skipped = std::io::copy(&mut (&mut input).take(index_bytes), &mut std::io::sink())
                .map_err(|source| ImportError::io(path, source))?;
            if skipped < index_bytes {
                return Err(ImportError::unreadable(
                    path,
                    "the file is cut off inside its spatial index",
                ));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            input,
            geometry_type,
            columns,
            declared,
            announced,
            row: 0,
        })
    }

    /// The bytes of the next feature with their size prefix; `None` at a clean end.
    fn next_bytes(&mut self) -> Result<Option<Vec<u8>>, ImportError> {
        let mut prefix = [0; 4];
        let mut have = 0;
        while have < prefix.len() {
            let rest = prefix.get_mut(have..).unwrap_or_default();
            match self.input.read(rest) {
                Ok(0) if have == 0 => return Ok(None),
                Ok(0) => return Err(self.cut_off()),
                Ok(count) => have += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(source) => return Err(ImportError::io(&self.path, source)),
            }
        }
        let size = u32::from_le_bytes(prefix);
        if size > LARGEST_FEATURE_BYTES {
            return Err(ImportError::unreadable(
                &self.path,
                format!("feature {} claims {size} bytes: the file is damaged", self.row + 1),
            ));
        }
        let mut bytes = prefix.to_vec();
        let got = (&mut self.input)
            .take(u64::from(size))
            .read_to_end(&mut bytes)
            .map_err(|source| ImportError::io(&self.path, source))?;
        if got < size as usize {
            return Err(self.cut_off());
        }
        Ok(Some(bytes))
    }

    fn cut_off(&self) -> ImportError {
        ImportError::unreadable(
            &self.path,
            format!("the file is cut off: it ends inside feature {}", self.row + 1),
        )
    }

    fn feature(&self, bytes: &[u8]) -> Row {
        let refuse = |id: Option<String>, why: String| Refusal::new(self.row, id, why);
        let feature = size_prefixed_root_as_feature(bytes)
            .map_err(|_| refuse(None, "the feature is damaged".to_owned()))?;
        let properties = match feature.properties() {
            Some(bytes) => {
                read_properties(bytes.bytes(), &self.columns).map_err(|why| refuse(None, why))?
            }
            None => Map::new(),
        };
        let id = properties.values().next().map(super::text_of);
        let shape = match feature.geometry() {
            Some(geometry) => {
                read_shape(&geometry, self.geometry_type).map_err(|why| refuse(id, why))?
            }
            None => None,
        };
        Ok(Feature { row: self.row, shape, properties })
    }
}

impl Source for FlatGeobuf {
    fn next_row(&mut self) -> Result<Option<Row>, ImportError> {
        match self.next_bytes()? {
            Some(bytes) => {
                self.row += 1;
                Ok(Some(self.feature(&bytes)))
            }
            None if self.announced > self.row => Err(ImportError::unreadable(
                &self.path,
                format!(
                    "the file is cut off: its header announces {} features, it has {}",
                    self.announced, self.row
                ),
            )),
            None => Ok(None),
        }
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.declared.clone()
    }

    fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }
}

fn columns_of(header: &Header<'_>) -> Vec<(String, ColumnType)> {
    let Some(columns) = header.columns() else {
        return Vec::new();
    };
    columns.iter().map(|column| (column.name().to_owned(), column.type_())).collect()
}

fn declared_of(header: &Header<'_>) -> Option<DeclaredCrs> {
    let crs = header.crs()?;
    if crs.code() > 0 {
        return Some(DeclaredCrs::from_name(&format!(
            "{}:{}",
            crs.org().unwrap_or("EPSG").to_uppercase(),
            crs.code()
        )));
    }
    let text = [crs.code_string(), crs.wkt(), crs.name()].into_iter().flatten().next()?;
    Some(DeclaredCrs::from_name(text))
}

fn read_shape(geometry: &Geometry<'_>, of_file: GeometryType) -> Result<Option<Shape>, String> {
    let kind = if of_file == GeometryType::Unknown { geometry.type_() } else { of_file };
    match kind {
        GeometryType::Point => {
            let Some(xy) = geometry.xy() else { return Ok(None) };
            match xy.len() {
                0 => Ok(None),
                2 => Ok(Some(Shape::Point(Position { x: xy.get(0), y: xy.get(1) }))),
                other => Err(format!("a point of {other} numbers")),
            }
        }
        GeometryType::Polygon => Ok(Some(Shape::Area(vec![read_polygon(geometry)?]))),
        GeometryType::MultiPolygon => {
            let Some(parts) = geometry.parts() else { return Ok(None) };
            let polygons =
                parts.iter().map(|part| read_polygon(&part)).collect::<Result<Vec<_>, _>>()?;
            Ok((!polygons.is_empty()).then_some(Shape::Area(polygons)))
        }
        other => Err(format!(
            "a {} is neither a point nor a polygon",
            other.variant_name().unwrap_or("geometry of unknown type")
        )),
    }
}

fn read_polygon(geometry: &Geometry<'_>) -> Result<RawPolygon, String> {
    let xy = geometry.xy().ok_or("a polygon without coordinates")?;
    let count = xy.len() / 2;
    let ends: Vec<usize> = match geometry.ends() {
        Some(ends) if !ends.is_empty() => ends.iter().map(|end| end as usize).collect(),
        _ => vec![count],
    };
    let mut begin = 0;
    let mut rings = Vec::with_capacity(ends.len());
    for end in ends {
        if end < begin || end > count {
            return Err("a polygon whose rings end outside its coordinates".to_owned());
        }
        rings.push(
            (begin..end).map(|i| Position { x: xy.get(2 * i), y: xy.get(2 * i + 1) }).collect(),
        );
        begin = end;
    }
    Ok(RawPolygon { rings })
}

/// Takes typed values off a slice, and fails instead of reading past its end.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (head, rest) =
            self.0.split_at_checked(count).ok_or("its properties are cut off".to_owned())?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(N)?);
        Ok(array)
    }

    fn text(&mut self) -> Result<&'a str, String> {
        let length = u32::from_le_bytes(self.array()?) as usize;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| "a text is not UTF-8".to_owned())
    }
}

fn read_properties(
    bytes: &[u8],
    columns: &[(String, ColumnType)],
) -> Result<Map<String, Value>, String> {
    let mut cursor = Cursor(bytes);
    let mut properties = Map::new();
    // A single trailing byte occurs after binary columns of some writers.
    while cursor.0.len() >= 2 {
        let index = usize::from(u16::from_le_bytes(cursor.array()?));
        let (name, kind) = columns.get(index).ok_or_else(|| {
            format!("it has a value for column {index}, which the header does not")
        })?;
        let value =
            read_value(&mut cursor, *kind).map_err(|why| format!("column {name:?}: {why}"))?;
        properties.insert(name.clone(), value);
    }
    Ok(properties)
}

fn read_value(cursor: &mut Cursor<'_>, kind: ColumnType) -> Result<Value, String> {
    Ok(match kind {
        ColumnType::Byte => i8::from_le_bytes(cursor.array()?).into(),
        ColumnType::UByte => u8::from_le_bytes(cursor.array()?).into(),
        ColumnType::Bool => (u8::from_le_bytes(cursor.array()?) != 0).into(),
        ColumnType::Short => i16::from_le_bytes(cursor.array()?).into(),
        ColumnType::UShort => u16::from_le_bytes(cursor.array()?).into(),
        ColumnType::Int => i32::from_le_bytes(cursor.array()?).into(),
        ColumnType::UInt => u32::from_le_bytes(cursor.array()?).into(),
        ColumnType::Long => i64::from_le_bytes(cursor.array()?).into(),
        ColumnType::ULong => u64::from_le_bytes(cursor.array()?).into(),
        ColumnType::Float => f32::from_le_bytes(cursor.array()?).into(),
        ColumnType::Double => f64::from_le_bytes(cursor.array()?).into(),
        ColumnType::String | ColumnType::DateTime => cursor.text()?.into(),
        ColumnType::Json => serde_json::from_str(cursor.text()?).unwrap_or_default(),
        ColumnType::Binary => {
            let length = u32::from_le_bytes(cursor.array()?) as usize;
            cursor.bytes(length)?;
            Value::Null
        }
        other => return Err(format!("unknown column type {}", other.0)),
    })
}
