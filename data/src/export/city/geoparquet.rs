//! GeoParquet 1.1: shapes as well-known binary with a box beside each, in groups of rows that can be skipped by it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
};
use arrow::datatypes::{DataType, Field, Fields, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::json;

use super::file_of;
use super::layers::{Layer, Type};
use super::sink::{Cell, Feature, Finished, Sink, refused};
use super::wkb::Bounds;
use crate::export::sink::{ExportError, temporary};

/// Rows in one group: what a reader skips or reads as a whole.
const GROUP_ROWS: usize = 65_536;

pub(super) struct GeoParquet {
    folder: PathBuf,
    open: Option<Open>,
    finished: Finished,
}

struct Open {
    layer: &'static Layer,
    path: PathBuf,
    schema: Arc<Schema>,
    writer: ArrowWriter<tempfile::NamedTempFile>,
    bounds: Bounds,
}

impl GeoParquet {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), open: None, finished: Finished::default() }
    }

    fn close(&mut self) -> Result<(), ExportError> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let geo = metadata(open.layer, open.bounds).to_string();
        open.writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo));
        let file = open.writer.into_inner().map_err(|error| refused(&open.path, &error))?;
        self.finished.push(file, open.path);
        Ok(())
    }
}

fn box_fields() -> Fields {
    ["xmin", "ymin", "xmax", "ymax"]
        .map(|name| Field::new(name, DataType::Float64, false))
        .to_vec()
        .into()
}

fn schema(layer: &Layer) -> Schema {
    let mut fields: Vec<Field> = layer
        .columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                Type::Text => DataType::Utf8,
                Type::Whole => DataType::Int64,
                Type::Real => DataType::Float64,
            };
            Field::new(column.name, kind, true)
        })
        .collect();
    fields.push(Field::new("bbox", DataType::Struct(box_fields()), false));
    fields.push(Field::new("geometry", DataType::Binary, false));
    Schema::new(fields)
}

/// The `geo` entry of the file: <https://geoparquet.org/releases/v1.1.0/>.
fn metadata(layer: &Layer, bounds: Bounds) -> serde_json::Value {
    let mut geometry = json!({
        "encoding": "WKB",
        "geometry_types": [layer.shape.name()],
        "crs": crs84(),
        "edges": "planar",
        "covering": {
            "bbox": {
                "xmin": ["bbox", "xmin"],
                "ymin": ["bbox", "ymin"],
                "xmax": ["bbox", "xmax"],
                "ymax": ["bbox", "ymax"],
            },
        },
    });
    if bounds.is_something() {
        geometry["bbox"] = json!([bounds.west, bounds.south, bounds.east, bounds.north]);
    }
    json!({ "version": "1.1.0", "primary_column": "geometry", "columns": { "geometry": geometry } })
}

/// OGC:CRS84 as PROJJSON, as the standard gives it: WGS 84, longitude first.
fn crs84() -> serde_json::Value {
    json!({
        "$schema": "https://proj.org/schemas/v0.5/projjson.schema.json",
        "type": "GeographicCRS",
        "name": "WGS 84 longitude-latitude",
        "datum": {
            "type": "GeodeticReferenceFrame",
            "name": "World Geodetic System 1984",
            "ellipsoid": {
                "name": "WGS 84",
                "semi_major_axis": 6_378_137,
                "inverse_flattening": 298.257_223_563,
            },
        },
        "coordinate_system": {
            "subtype": "ellipsoidal",
            "axis": [
                {
                    "name": "Geodetic longitude",
                    "abbreviation": "Lon",
                    "direction": "east",
                    "unit": "degree",
                },
                {
                    "name": "Geodetic latitude",
                    "abbreviation": "Lat",
                    "direction": "north",
                    "unit": "degree",
                },
            ],
        },
        "id": { "authority": "OGC", "code": "CRS84" },
    })
}

fn batch(open: &Open, rows: &[Feature]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(open.layer.columns.len() + 2);
    for (at, column) in open.layer.columns.iter().enumerate() {
        let cells = rows.iter().map(|row| &row.cells[at]);
        arrays.push(match column.kind {
            Type::Text => Arc::new(
                cells
                    .map(
                        |cell| if let Cell::Text(text) = cell { Some(text.as_str()) } else { None },
                    )
                    .collect::<StringArray>(),
            ),
            Type::Whole => Arc::new(
                cells
                    .map(|cell| if let Cell::Whole(whole) = cell { Some(*whole) } else { None })
                    .collect::<Int64Array>(),
            ),
            Type::Real => Arc::new(
                cells
                    .map(|cell| if let Cell::Real(real) = cell { Some(*real) } else { None })
                    .collect::<Float64Array>(),
            ),
        });
    }
    let side = |side: &dyn Fn(&Bounds) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| side(&row.bounds))))
    };
    let sides = vec![side(&|b| b.west), side(&|b| b.south), side(&|b| b.east), side(&|b| b.north)];
    arrays.push(Arc::new(StructArray::try_new(box_fields(), sides, None)?));
    arrays.push(Arc::new(BinaryArray::from_iter_values(rows.iter().map(|row| &row.geometry))));
    RecordBatch::try_new(Arc::clone(&open.schema), arrays)
}

impl Sink for GeoParquet {
    fn begin(&mut self, layer: &'static Layer) -> Result<(), ExportError> {
        self.close()?;
        let path = file_of(&self.folder, layer.name, "parquet");
        let failed = |error: &dyn std::fmt::Display| refused(&path, &error);
        let level = ZstdLevel::try_new(3).map_err(|error| failed(&error))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let schema = Arc::new(schema(layer));
        let writer = ArrowWriter::try_new(temporary(&path)?, Arc::clone(&schema), Some(properties))
            .map_err(|error| failed(&error))?;
        self.open = Some(Open { layer, path, schema, writer, bounds: Bounds::NOTHING });
        Ok(())
    }

    fn rows(&mut self, rows: &[Feature]) -> Result<(), ExportError> {
        let Some(open) = self.open.as_mut().filter(|_| !rows.is_empty()) else { return Ok(()) };
        open.bounds = rows.iter().map(|row| row.bounds).fold(open.bounds, Bounds::joined);
        let batch = batch(open, rows).map_err(|error| refused(&open.path, &error))?;
        open.writer.write(&batch).map_err(|error| refused(&open.path, &error))
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.close()?;
        self.finished.name_all()
    }
}
