//! Tables: points as the columns lng and lat, areas as well-known text; UTF-8 with a byte order mark, because without
//! it spreadsheets in China read the text as GBK.

use std::io::Write;
use std::path::Path;

use geo_types::Geometry;
use geozero::ToWkt;

use super::{ExportError, Kind, Outgoing, Output, Plan, Sink, geometry, text_of};

pub(super) struct Csv {
    writer: ::csv::Writer<Output>,
    path: std::path::PathBuf,
    plan: Plan,
}

impl Csv {
    pub(super) fn create(path: &Path, delimiter: u8, plan: Plan) -> Result<Self, ExportError> {
        let mut out = Output::create(path)?;
        out.write_all(b"\xEF\xBB\xBF")
            .map_err(|source| ExportError::Io { path: path.to_owned(), source })?;
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        let place: &[&str] = match plan.kind {
            Kind::Places => &["lng", "lat"],
            Kind::Areas => &["wkt"],
        };
        let names = plan.columns.iter().map(|column| column.name);
        writer
            .write_record(names.chain(place.iter().copied()))
            .map_err(|error| refused(path, &error))?;
        Ok(Self { writer, path: path.to_owned(), plan })
    }
}

fn refused(path: &Path, error: &::csv::Error) -> ExportError {
    ExportError::Format { path: path.to_owned(), why: error.to_string() }
}

impl Sink for Csv {
    fn write(&mut self, row: &Outgoing) -> Result<(), ExportError> {
        let mut fields: Vec<String> = row.values.iter().map(text_of).collect();
        let geometry = geometry(&row.place, self.plan.crs)?;
        match (self.plan.kind, geometry) {
            (Kind::Places, Some(Geometry::Point(point))) => {
                fields.extend([point.x().to_string(), point.y().to_string()]);
            }
            (Kind::Places, _) => fields.extend([String::new(), String::new()]),
            (Kind::Areas, Some(geometry)) => {
                fields.push(geometry.to_wkt().map_err(|error| ExportError::Format {
                    path: self.path.clone(),
                    why: error.to_string(),
                })?);
            }
            (Kind::Areas, None) => fields.push(String::new()),
        }
        self.writer.write_record(&fields).map_err(|error| refused(&self.path, &error))
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let path = self.path;
        let out = self
            .writer
            .into_inner()
            .map_err(|error| ExportError::Io { path, source: error.into_error() })?;
        out.finish()
    }
}
