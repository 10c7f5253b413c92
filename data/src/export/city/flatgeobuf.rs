//! FlatGeobuf with its spatial index. Features lie in a temporary file until the index can be made; of each only its box
//! stays in memory (about a hundred bytes).

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use ::flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::wkb::Wkb;
use geozero::{ColumnValue, PropertyProcessor};

use super::file_of;
use super::layers::{Layer, ShapeKind, Type};
use super::sink::{Cell, Feature, Finished, Sink, refused};
use crate::export::sink::{ExportError, temporary};

pub(super) struct FlatGeobuf {
    folder: PathBuf,
    open: Option<(&'static Layer, PathBuf, FgbWriter<'static>)>,
    finished: Finished,
}

impl FlatGeobuf {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), open: None, finished: Finished::default() }
    }

    fn close(&mut self) -> Result<(), ExportError> {
        let Some((_, path, writer)) = self.open.take() else { return Ok(()) };
        let mut out = BufWriter::with_capacity(1 << 18, temporary(&path)?);
        writer.write(&mut out).map_err(|error| refused(&path, &error))?;
        out.flush().map_err(|source| ExportError::Io { path: path.clone(), source })?;
        let file = out.into_inner().map_err(|error| refused(&path, &error))?;
        self.finished.push(file, path);
        Ok(())
    }
}

impl Sink for FlatGeobuf {
    fn begin(&mut self, layer: &'static Layer) -> Result<(), ExportError> {
        self.close()?;
        let path = file_of(&self.folder, layer.name, "fgb");
        let crs =
            FgbCrs { org: Some("EPSG"), code: 4326, name: Some("WGS 84"), ..FgbCrs::default() };
        let options =
            FgbWriterOptions { crs, promote_to_multi: false, ..FgbWriterOptions::default() };
        let kind = match layer.shape {
            ShapeKind::Point => GeometryType::Point,
            ShapeKind::LineString => GeometryType::LineString,
            ShapeKind::Polygon => GeometryType::Polygon,
            ShapeKind::MultiPolygon => GeometryType::MultiPolygon,
        };
        let mut writer = FgbWriter::create_with_options(layer.name, kind, options)
            .map_err(|error| refused(&path, &error))?;
        for column in layer.columns {
            let kind = match column.kind {
                Type::Text => ColumnType::String,
                Type::Whole => ColumnType::Long,
                Type::Real => ColumnType::Double,
            };
            writer.add_column(column.name, kind, |_, _| {});
        }
        self.open = Some((layer, path, writer));
        Ok(())
    }

    fn rows(&mut self, rows: &[Feature]) -> Result<(), ExportError> {
        let Some((layer, path, writer)) = self.open.as_mut() else { return Ok(()) };
        for row in rows {
            let mut failed = None;
            writer
                .add_feature_geom(Wkb(&row.geometry), |feature| {
                    for (index, (column, cell)) in layer.columns.iter().zip(&row.cells).enumerate()
                    {
                        let value = match cell {
                            Cell::Text(text) => ColumnValue::String(text),
                            Cell::Whole(whole) => ColumnValue::Long(*whole),
                            Cell::Real(real) => ColumnValue::Double(*real),
                            Cell::Null => continue,
                        };
                        if let Err(error) = feature.property(index, column.name, &value) {
                            failed = Some(error);
                        }
                    }
                })
                .map_err(|error| refused(path, &error))?;
            if let Some(error) = failed {
                return Err(refused(path, &error));
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.close()?;
        self.finished.name_all()
    }
}
