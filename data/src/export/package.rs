//! GeoPackage 1.3: the file, its tables of contents and a table for each layer. Whoever writes puts the rows in.

use std::path::{Path, PathBuf};

use spatial::crs::Crs;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::sink::{ExportError, prj, temporary};
use crate::import::source::quoted;

/// The tables that the standard asks for; `application_id` is "GPKG", `user_version` 1.3.0.
const SCHEMA: &str = "
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

/// A file under a temporary name, with one coordinate system for all layers, written in one transaction.
pub(crate) struct Package {
    pub(crate) path: PathBuf,
    /// The number of its coordinate system.
    pub(crate) srs_id: i32,
    file: tempfile::NamedTempFile,
    runtime: tokio::runtime::Runtime,
    connection: SqliteConnection,
}

impl Package {
    pub(crate) fn create(path: &Path, crs: Crs) -> Result<Self, ExportError> {
        let file = temporary(path)?;
        let io = |source| ExportError::Io { path: path.to_owned(), source };
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io)?;
        // Nobody sees the file before it is whole, so nothing needs to be undone or waited for.
        let options = SqliteConnectOptions::new()
            .filename(file.path())
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .page_size(4096);
        let (srs_id, organization) = srs(crs);
        let connection = runtime.block_on(async {
            let mut connection = options.connect().await?;
            sqlx::raw_sql(SCHEMA).execute(&mut connection).await?;
            sqlx::query("insert into gpkg_spatial_ref_sys values (?, ?, ?, ?, ?, null)")
                .bind(crs.to_string())
                .bind(srs_id)
                .bind(organization)
                .bind(srs_id)
                .bind(prj::prj(crs))
                .execute(&mut connection)
                .await?;
            sqlx::raw_sql("begin").execute(&mut connection).await?;
            Ok::<_, sqlx::Error>(connection)
        })?;
        Ok(Self { path: path.to_owned(), srs_id, file, runtime, connection })
    }

    /// Makes the table of a layer: `fid`, the columns with their types, and `geom` of this kind (such as `POINT`).
    pub(crate) fn add_layer<'a>(
        &mut self,
        name: &str,
        columns: impl Iterator<Item = (&'a str, &'static str)>,
        kind: &str,
    ) -> Result<(), ExportError> {
        let columns: Vec<String> =
            columns.map(|(name, is)| format!("{} {is}, ", quoted(name))).collect();
        let table = format!(
            "create table {} (fid integer primary key autoincrement, {}geom {kind})",
            quoted(name),
            columns.concat()
        );
        let srs_id = self.srs_id;
        self.run(async |connection| {
            sqlx::raw_sql(&table).execute(&mut *connection).await?;
            sqlx::query(
                "insert into gpkg_contents (table_name, data_type, identifier, srs_id)
                 values (?, 'features', ?, ?)",
            )
            .bind(name)
            .bind(name)
            .bind(srs_id)
            .execute(&mut *connection)
            .await?;
            sqlx::query("insert into gpkg_geometry_columns values (?, 'geom', ?, ?, 0, 0)")
                .bind(name)
                .bind(kind)
                .bind(srs_id)
                .execute(connection)
                .await
                .map(drop)
        })
    }

    /// Does something with the file's connection.
    pub(crate) fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, ExportError> {
        Ok(self.runtime.block_on(work(&mut self.connection))?)
    }

    /// The whole file, which still waits for its name.
    pub(crate) fn finish(self) -> Result<(tempfile::NamedTempFile, PathBuf), ExportError> {
        let Self { path, file, runtime, mut connection, .. } = self;
        runtime.block_on(async {
            sqlx::raw_sql("commit").execute(&mut connection).await?;
            connection.close().await
        })?;
        Ok((file, path))
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
