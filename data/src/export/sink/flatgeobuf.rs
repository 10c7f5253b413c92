//! FlatGeobuf with its spatial index; rows come out in the order of the index, not of the database.

use std::io::Write;
use std::path::Path;

use ::flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::{ColumnValue, PropertyProcessor};
use serde_json::Value;

use super::{ExportError, Kind, Outgoing, Output, Plan, Sink, geometry};

pub(super) struct FlatGeobuf {
    out: Output,
    writer: FgbWriter<'static>,
    plan: Plan,
    left_out: u64,
}

impl FlatGeobuf {
    pub(super) fn create(path: &Path, plan: Plan) -> Result<Self, ExportError> {
        let name = plan.crs.to_string();
        let number = name.strip_prefix("EPSG:").and_then(|number| number.parse().ok());
        let code = number.unwrap_or(match plan.crs {
            spatial::crs::Crs::Wgs84 => 4326,
            spatial::crs::Crs::Cgcs2000 => 4490,
            _ => 0,
        });
        let crs = FgbCrs { code, name: Some(&name), ..FgbCrs::default() };
        let options = FgbWriterOptions { crs, ..FgbWriterOptions::default() };
        let kind = match plan.kind {
            Kind::Places => GeometryType::Point,
            Kind::Areas => GeometryType::MultiPolygon,
        };
        let mut writer = FgbWriter::create_with_options(&plan.layer, kind, options)
            .map_err(|error| refused(path, &error))?;
        for column in plan.columns {
            let kind = if column.whole { ColumnType::Long } else { ColumnType::String };
            writer.add_column(column.name, kind, |_, _| {});
        }
        Ok(Self { out: Output::create(path)?, writer, plan, left_out: 0 })
    }
}

fn refused(path: &Path, error: &impl ToString) -> ExportError {
    ExportError::Format { path: path.to_owned(), why: error.to_string() }
}

impl Sink for FlatGeobuf {
    fn write(&mut self, row: &Outgoing) -> Result<(), ExportError> {
        let Some(geometry) = geometry(&row.place, self.plan.crs)? else {
            // The format has no features without geometry.
            self.left_out += 1;
            return Ok(());
        };
        let mut failed = None;
        self.writer
            .add_feature_geom(geometry, |feature| {
                for (index, (column, value)) in
                    self.plan.columns.iter().zip(&row.values).enumerate()
                {
                    let value = match value {
                        Value::Number(number) => {
                            ColumnValue::Long(number.as_i64().unwrap_or_default())
                        }
                        Value::String(text) => ColumnValue::String(text),
                        _ => continue,
                    };
                    if let Err(error) = feature.property(index, column.name, &value) {
                        failed = Some(error);
                    }
                }
            })
            .map_err(|error| refused(&self.out.path, &error))?;
        failed.map_or(Ok(()), |error| Err(refused(&self.out.path, &error)))
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let Self { mut out, writer, left_out, .. } = *self;
        if left_out > 0 {
            tracing::warn!(left_out, "rows without a place cannot be kept in FlatGeobuf");
        }
        writer.write(&mut out).map_err(|error| refused(&out.path, &error))?;
        out.flush().map_err(|source| ExportError::Io { path: out.path.clone(), source })?;
        out.finish()
    }
}
