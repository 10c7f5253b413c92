//! ESRI Shapefile with `.dbf` in UTF-8, `.cpg` and `.prj`.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use dbase::{FieldName, FieldValue, FieldWriter, TableWriterBuilder, WritableRecord};
use geo_types::{Geometry, LineString, MultiPolygon};
use serde_json::Value;
use shapefile::{Point, Polygon, PolygonRing, Writer};
use spatial::crs::Crs;

use super::{Column, ExportError, Outgoing, Plan, Sink, geometry, prj, text_of};

/// The most bytes a text field of the format can hold.
const LONGEST_TEXT: usize = 254;

pub(super) struct Shapefile {
    path: PathBuf,
    writer: Writer<BufWriter<File>>,
    columns: &'static [Column],
    crs: Crs,
}

impl Shapefile {
    pub(super) fn create(path: &Path, plan: &Plan) -> Result<Self, ExportError> {
        if path.as_os_str() == "-" || path.extension().is_none_or(|end| end != "shp") {
            return Err(ExportError::Option(
                "a Shapefile is several files side by side: give --out a name that ends in .shp"
                    .to_owned(),
            ));
        }
        let mut table = TableWriterBuilder::new();
        for column in plan.columns {
            let name = FieldName::try_from(column.short).map_err(|why| refused(path, &why))?;
            table = if column.whole {
                table.add_numeric_field(name, 18, 0)
            } else {
                table.add_character_field(name, LONGEST_TEXT as u8)
            };
        }
        let writer = Writer::from_path(path, table).map_err(|error| refused(path, &error))?;
        for (ending, text) in [("cpg", "UTF-8".to_owned()), ("prj", prj::prj(plan.crs))] {
            let beside = path.with_extension(ending);
            std::fs::write(&beside, text)
                .map_err(|source| ExportError::Io { path: beside, source })?;
        }
        Ok(Self { path: path.to_owned(), writer, columns: plan.columns, crs: plan.crs })
    }
}

fn refused(path: &Path, why: &impl ToString) -> ExportError {
    ExportError::Format { path: path.to_owned(), why: why.to_string() }
}

/// A row of the attribute table, its columns in order.
struct Record(Vec<FieldValue>);

impl WritableRecord for Record {
    fn write_using<W: std::io::Write>(
        &self,
        writer: &mut FieldWriter<'_, W>,
    ) -> Result<(), dbase::FieldError> {
        self.0.iter().try_for_each(|value| writer.write_next_field_value(value))
    }
}

impl Sink for Shapefile {
    fn write(&mut self, row: &Outgoing) -> Result<(), ExportError> {
        let mut values = Vec::with_capacity(self.columns.len());
        for (column, value) in self.columns.iter().zip(&row.values) {
            values.push(if column.whole {
                FieldValue::Numeric(value.as_i64().map(|whole| whole as f64))
            } else {
                let text = text_of(value);
                if text.len() > LONGEST_TEXT {
                    let why = format!(
                        "{} is {} bytes long, a Shapefile holds {LONGEST_TEXT}: {}",
                        column.name,
                        text.len(),
                        crate::import::source::shorten(&text, 40)
                    );
                    return Err(refused(&self.path, &why));
                }
                FieldValue::Character(matches!(value, Value::String(_)).then_some(text))
            });
        }
        let record = Record(values);
        let written = match geometry(&row.place, self.crs)? {
            Some(Geometry::Point(point)) => {
                self.writer.write_shape_and_record(&Point::new(point.x(), point.y()), &record)
            }
            Some(Geometry::MultiPolygon(shape)) if !shape.0.is_empty() => {
                self.writer.write_shape_and_record(&polygon(&shape), &record)
            }
            _ => {
                let why = "a row without a place cannot stand in a Shapefile beside rows with one";
                return Err(refused(&self.path, &why));
            }
        };
        written.map_err(|error| refused(&self.path, &error))
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        // The writer completes its headers when it is dropped.
        drop(self.writer);
        Ok(())
    }
}

fn polygon(shape: &MultiPolygon<f64>) -> Polygon {
    let points =
        |ring: &LineString<f64>| ring.coords().map(|c| Point::new(c.x, c.y)).collect::<Vec<_>>();
    let mut rings = Vec::new();
    for part in shape {
        rings.push(PolygonRing::Outer(points(part.exterior())));
        rings.extend(part.interiors().iter().map(|hole| PolygonRing::Inner(points(hole))));
    }
    Polygon::with_rings(rings)
}
