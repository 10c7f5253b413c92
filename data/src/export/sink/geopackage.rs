//! A GeoPackage with one layer.

use std::path::Path;

use geozero::{CoordDimensions, ToWkb};
use serde_json::Value;

use super::{ExportError, Kind, Outgoing, Plan, Sink, geometry, persist};
use crate::export::package::Package;
use crate::import::source::quoted;

pub(super) struct GeoPackage {
    package: Package,
    insert: String,
    plan: Plan,
}

impl GeoPackage {
    pub(super) fn create(path: &Path, plan: Plan) -> Result<Self, ExportError> {
        let mut package = Package::create(path, plan.crs)?;
        let kind = match plan.kind {
            Kind::Places => "POINT",
            Kind::Areas => "MULTIPOLYGON",
        };
        let columns = plan.columns.iter();
        let typed = columns.map(|c| (c.name, if c.whole { "integer" } else { "text" }));
        package.add_layer(&plan.layer, typed, kind)?;
        let names: Vec<String> = plan.columns.iter().map(|column| quoted(column.name)).collect();
        let insert = format!(
            "insert into {} (geom, {}) values (?{})",
            quoted(&plan.layer),
            names.join(", "),
            ", ?".repeat(names.len())
        );
        Ok(Self { package, insert, plan })
    }
}

impl Sink for GeoPackage {
    fn write(&mut self, row: &Outgoing) -> Result<(), ExportError> {
        let Self { package, insert, plan } = self;
        let blob = match geometry(&row.place, plan.crs)? {
            None => None,
            Some(geometry) => Some(
                geometry
                    .to_gpkg_wkb(CoordDimensions::xy(), Some(package.srs_id), Vec::new())
                    .map_err(|error| ExportError::Format {
                        path: package.path.clone(),
                        why: error.to_string(),
                    })?,
            ),
        };
        let mut insert = sqlx::query(insert).bind(blob);
        for value in &row.values {
            insert = match value {
                Value::Number(number) => insert.bind(number.as_i64()),
                Value::String(text) => insert.bind(text.clone()),
                _ => insert.bind(None::<String>),
            };
        }
        package.run(async |connection| insert.execute(connection).await.map(drop))
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let (file, path) = self.package.finish()?;
        persist(file, &path)
    }
}
