//! GeoJSON, one feature per line of its collection.

use std::io::Write;
use std::path::Path;

use geozero::ToJson;
use serde_json::{Map, Value};
use spatial::crs::Crs;

use super::{ExportError, Outgoing, Output, Plan, Sink, geometry};

pub(super) struct GeoJson {
    out: Output,
    plan: Plan,
    first: bool,
}

impl GeoJson {
    pub(super) fn create(path: &Path, plan: Plan) -> Result<Self, ExportError> {
        let mut sink = Self { out: Output::create(path)?, plan, first: true };
        let layer = Value::from(sink.plan.layer.clone());
        sink.put(&format!("{{\"type\":\"FeatureCollection\",\"name\":{layer},"))?;
        // RFC 7946 knows WGS 84 only; anything else must say so, in the way of its predecessor.
        if sink.plan.crs != Crs::Wgs84 {
            let name = match sink.plan.crs.to_string().strip_prefix("EPSG:") {
                Some(number) => format!("urn:ogc:def:crs:EPSG::{number}"),
                None => sink.plan.crs.to_string(),
            };
            sink.put(&format!(
                "\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}},"
            ))?;
        }
        sink.put("\"features\":[")?;
        Ok(sink)
    }

    fn put(&mut self, text: &str) -> Result<(), ExportError> {
        let written = self.out.write_all(text.as_bytes());
        written.map_err(|source| ExportError::Io { path: self.out.path.clone(), source })
    }
}

impl Sink for GeoJson {
    fn write(&mut self, row: &Outgoing) -> Result<(), ExportError> {
        let geometry = match geometry(&row.place, self.plan.crs)? {
            Some(geometry) => geometry.to_json().map_err(|error| ExportError::Format {
                path: self.out.path.clone(),
                why: error.to_string(),
            })?,
            None => "null".to_owned(),
        };
        let names = self.plan.columns.iter().map(|column| column.name.to_owned());
        let properties: Map<String, Value> = names.zip(row.values.iter().cloned()).collect();
        let separator = if self.first { "\n" } else { ",\n" };
        self.first = false;
        let properties = Value::Object(properties);
        self.put(&format!(
            "{separator}{{\"type\":\"Feature\",\"properties\":{properties},\"geometry\":{geometry}}}"
        ))
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.put("\n]}\n")?;
        self.out.finish()
    }
}
