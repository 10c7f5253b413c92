//! GeoPackage 1.3 with one layer, written in one transaction.

use std::path::{Path, PathBuf};

use geozero::{CoordDimensions, ToWkb};
use serde_json::Value;
use spatial::crs::Crs;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{ExportError, Kind, Outgoing, Plan, Sink, geometry, persist, prj, temporary};
use crate::import::source::quoted;

/// The tables that the standard asks for; `application_id` is "GPKG", `user_version` 1.3.0.
pub(crate) const SCHEMA: &str = "
    pragma application_id = 1196444487;
    pragma user_version = 10300;
    create table gpkg_spatial_ref_sys (
        srs_name text not null, srs_id integer primary key, organization text not null,
        organization_coordsys_id integer not null, definition text not null, description text);
    create table gpkg_contents (
        table_name text not null primary key, data_type text not null, identifier text unique,
        description text default '',
        last_change datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
        min_x double, min_y double, max_x double, max_y double,
        srs_id integer references gpkg_spatial_ref_sys (srs_id));
    create table gpkg_geometry_columns (
        table_name text not null, column_name text not null, geometry_type_name text not null,
        srs_id integer not null, z tinyint not null, m tinyint not null,
        primary key (table_name, column_name));
    insert into gpkg_spatial_ref_sys values
        ('Undefined cartesian', -1, 'NONE', -1, 'undefined', null),
        ('Undefined geographic', 0, 'NONE', 0, 'undefined', null);";

pub(super) struct GeoPackage {
    path: PathBuf,
    file: tempfile::NamedTempFile,
    runtime: tokio::runtime::Runtime,
    connection: SqliteConnection,
    insert: String,
    plan: Plan,
    srs_id: i32,
}

impl GeoPackage {
    pub(super) fn create(path: &Path, plan: Plan) -> Result<Self, ExportError> {
        let file = temporary(path)?;
        let io = |source| ExportError::Io { path: path.to_owned(), source };
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io)?;
        let options = SqliteConnectOptions::new()
            .filename(file.path())
            .journal_mode(SqliteJournalMode::Memory)
            .page_size(4096);
        let (srs_id, organization) = srs(plan.crs);
        let connection = runtime.block_on(async {
            let mut connection = options.connect().await?;
            prepare(&mut connection, &plan, srs_id, organization).await?;
            Ok::<_, sqlx::Error>(connection)
        })?;
        let names: Vec<String> = plan.columns.iter().map(|column| quoted(column.name)).collect();
        let insert = format!(
            "insert into {} (geom, {}) values (?{})",
            quoted(&plan.layer),
            names.join(", "),
            ", ?".repeat(names.len())
        );
        Ok(Self { path: path.to_owned(), file, runtime, connection, insert, plan, srs_id })
    }
}

/// Number and organization of a coordinate system; those without an official number get one of ours.
fn srs(crs: Crs) -> (i32, &'static str) {
    match crs {
        Crs::Wgs84 => (4326, "EPSG"),
        Crs::Cgcs2000 => (4490, "EPSG"),
        Crs::WebMercator => (3857, "EPSG"),
        Crs::GaussKruger(zone) => (i32::from(zone.epsg()), "EPSG"),
        Crs::Gcj02 => (990_002, "wangge"),
        Crs::Bd09 => (990_009, "wangge"),
    }
}

async fn prepare(
    connection: &mut SqliteConnection,
    plan: &Plan,
    srs_id: i32,
    organization: &str,
) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(SCHEMA).execute(&mut *connection).await?;
    sqlx::query("insert into gpkg_spatial_ref_sys values (?, ?, ?, ?, ?, null)")
        .bind(plan.crs.to_string())
        .bind(srs_id)
        .bind(organization)
        .bind(srs_id)
        .bind(prj::prj(plan.crs))
        .execute(&mut *connection)
        .await?;
    let kind = match plan.kind {
        Kind::Places => "POINT",
        Kind::Areas => "MULTIPOLYGON",
    };
    let column = |c: &super::Column| {
        format!(", {} {}", quoted(c.name), if c.whole { "integer" } else { "text" })
    };
    let columns = plan.columns.iter().map(column).collect::<Vec<_>>().concat();
    let table = format!(
        "create table {} (fid integer primary key autoincrement, geom {kind}{columns})",
        quoted(&plan.layer)
    );
    sqlx::raw_sql(&table).execute(&mut *connection).await?;
    sqlx::query(
        "insert into gpkg_contents (table_name, data_type, identifier, srs_id) \
         values (?, 'features', ?, ?)",
    )
    .bind(&plan.layer)
    .bind(&plan.layer)
    .bind(srs_id)
    .execute(&mut *connection)
    .await?;
    sqlx::query("insert into gpkg_geometry_columns values (?, 'geom', ?, ?, 0, 0)")
        .bind(&plan.layer)
        .bind(kind)
        .bind(srs_id)
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql("begin").execute(connection).await?;
    Ok(())
}

impl Sink for GeoPackage {
    fn write(&mut self, row: &Outgoing) -> Result<(), ExportError> {
        let blob = match geometry(&row.place, self.plan.crs)? {
            None => None,
            Some(geometry) => Some(
                geometry
                    .to_gpkg_wkb(CoordDimensions::xy(), Some(self.srs_id), Vec::new())
                    .map_err(|error| ExportError::Format {
                        path: self.path.clone(),
                        why: error.to_string(),
                    })?,
            ),
        };
        let mut insert = sqlx::query(&self.insert).bind(blob);
        for value in &row.values {
            insert = match value {
                Value::Number(number) => insert.bind(number.as_i64()),
                Value::String(text) => insert.bind(text.clone()),
                _ => insert.bind(None::<String>),
            };
        }
        self.runtime.block_on(insert.execute(&mut self.connection))?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        let Self { path, file, runtime, mut connection, .. } = *self;
        runtime.block_on(async {
            sqlx::raw_sql("commit").execute(&mut connection).await?;
            connection.close().await
        })?;
        persist(file, &path)
    }
}
