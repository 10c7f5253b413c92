//! GeoPackage: a SQLite file; features of one layer, read in pages by row id, geometry through geozero.

use std::io::Write;
use std::path::{Path, PathBuf};

use futures::TryStreamExt;
use geozero::GeozeroGeometry;
use geozero::wkb::GpkgWkb;
use serde_json::{Map, Value};
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{Column, ConnectOptions, Connection, Row as _, SqliteConnection, TypeInfo, ValueRef};

use super::declared::DeclaredCrs;
use super::detect::Input;
use super::shape::{Shape, ShapeBuilder, geozero_reason};
use super::{Feature, OpenOptions, Row, Source};
use crate::import::error::ImportError;
use crate::import::report::Refusal;

const PAGE_ROWS: i64 = 500;

pub(super) struct GeoPackage {
    path: PathBuf,
    runtime: tokio::runtime::Runtime,
    connection: Option<SqliteConnection>,
    /// Keeps an unpacked copy alive as long as it is read.
    _unpacked: Option<tempfile::NamedTempFile>,
    query: String,
    geometry_column: Option<String>,
    declared: Option<DeclaredCrs>,
    notes: Vec<String>,
    last_rowid: i64,
    page: std::vec::IntoIter<SqliteRow>,
    row: u64,
    ended: bool,
}

impl GeoPackage {
    pub(super) fn open(
        path: &Path,
        mut input: Input,
        streamed: bool,
        options: &OpenOptions,
    ) -> Result<Self, ImportError> {
        let unpacked = if streamed {
            let io = |source| ImportError::io(path, source);
            let mut copy = tempfile::NamedTempFile::new().map_err(io)?;
            std::io::copy(&mut input, &mut copy).map_err(io)?;
            copy.flush().map_err(io)?;
            Some(copy)
        } else {
            None
        };
        drop(input);
        let file = unpacked.as_ref().map_or(path, |copy| copy.path());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| ImportError::io(path, source))?;
        let failed = |error: sqlx::Error| unreadable(path, &error);
        // Immutable needs no lock files beside it, but would not see what still lies in a write-ahead log.
        let log = PathBuf::from(format!("{}-wal", file.display()));
        let how =
            SqliteConnectOptions::new().filename(file).read_only(true).immutable(!log.exists());
        let mut connection = runtime.block_on(how.connect()).map_err(failed)?;
        let mut notes = Vec::new();
        let layer = runtime.block_on(choose_layer(path, &mut connection, options, &mut notes))?;
        let declared = runtime.block_on(declared(&mut connection, layer.srs_id)).map_err(failed)?;
        // The only name that enters the text is a table the file itself lists, quoted.
        let query = format!(
            "select rowid as \"wangge:rowid\", * from {} where rowid > ? order by rowid limit ?",
            quoted(&layer.table)
        );
        Ok(Self {
            path: path.to_owned(),
            runtime,
            connection: Some(connection),
            _unpacked: unpacked,
            query,
            geometry_column: layer.geometry_column,
            declared,
            notes,
            last_rowid: i64::MIN,
            page: Vec::new().into_iter(),
            row: 0,
            ended: false,
        })
    }

    fn load_page(&mut self) -> Result<(), ImportError> {
        let Some(connection) = &mut self.connection else {
            self.ended = true;
            return Ok(());
        };
        let rows = sqlx::query(&self.query).bind(self.last_rowid).bind(PAGE_ROWS);
        let page: Vec<SqliteRow> = self
            .runtime
            .block_on(rows.fetch(connection).try_collect())
            .map_err(|error| unreadable(&self.path, &error))?;
        self.ended = page.is_empty();
        if let Some(last) = page.last() {
            self.last_rowid = last.try_get(0).map_err(|error| unreadable(&self.path, &error))?;
        }
        self.page = page.into_iter();
        Ok(())
    }

    fn feature(&self, raw: &SqliteRow) -> Row {
        let mut properties = Map::new();
        let mut geometry: Option<Vec<u8>> = None;
        let refuse = |id: Option<String>, why: String| Refusal::new(self.row, id, why);
        for (index, column) in raw.columns().iter().enumerate().skip(1) {
            if Some(column.name()) == self.geometry_column.as_deref() {
                geometry = raw.try_get(index).map_err(|error| {
                    refuse(None, format!("its geometry is unreadable: {error}"))
                })?;
            } else {
                let value = value(raw, index)
                    .map_err(|why| refuse(None, format!("column {:?}: {why}", column.name())))?;
                properties.insert(column.name().to_owned(), value);
            }
        }
        let id = properties.values().next().map(super::text_of);
        let shape = match geometry {
            Some(bytes) => read_shape(&bytes).map_err(|why| refuse(id, why))?,
            None => None,
        };
        Ok(Feature { row: self.row, shape, properties })
    }
}

impl Source for GeoPackage {
    fn next_row(&mut self) -> Result<Option<Row>, ImportError> {
        loop {
            if let Some(raw) = self.page.next() {
                self.row += 1;
                return Ok(Some(self.feature(&raw)));
            }
            if self.ended {
                return Ok(None);
            }
            self.load_page()?;
        }
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        self.declared.clone()
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}

impl Drop for GeoPackage {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // The file was opened read-only; nothing is lost when closing fails.
            let _ = self.runtime.block_on(connection.close());
        }
    }
}

struct Layer {
    table: String,
    geometry_column: Option<String>,
    srs_id: Option<i64>,
}

async fn choose_layer(
    path: &Path,
    connection: &mut SqliteConnection,
    options: &OpenOptions,
    notes: &mut Vec<String>,
) -> Result<Layer, ImportError> {
    let tables: Vec<(String, Option<String>, Option<i64>)> = sqlx::query_as(
        "select c.table_name, g.column_name, g.srs_id from gpkg_contents c \
         left join gpkg_geometry_columns g using (table_name) \
         where c.data_type in ('features', 'attributes') order by c.table_name",
    )
    .fetch_all(connection)
    .await
    .map_err(|error| {
        ImportError::unreadable(path, format!("SQLite, but not a GeoPackage: {error}"))
    })?;
    let names = tables.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>().join(", ");
    let chosen = match (&options.layer, tables.as_slice()) {
        (_, []) => return Err(ImportError::unreadable(path, "the GeoPackage has no layers")),
        (Some(wanted), all) => all.iter().find(|(name, ..)| name == wanted).ok_or_else(|| {
            ImportError::unreadable(path, format!("there is no layer {wanted:?}, only {names}"))
        })?,
        (None, [only]) => only,
        (None, several) => {
            let mut features = several.iter().filter(|(_, geometry, _)| geometry.is_some());
            match (features.next(), features.next()) {
                (Some(only), None) => {
                    notes.push(format!("of the layers {names}, {} has geometry: read", only.0));
                    only
                }
                _ => {
                    return Err(ImportError::Option(format!(
                        "{}: the GeoPackage has the layers {names}: choose one by --layer",
                        path.display()
                    )));
                }
            }
        }
    };
    let (table, geometry_column, srs_id) = chosen.clone();
    Ok(Layer { table, geometry_column, srs_id })
}

async fn declared(
    connection: &mut SqliteConnection,
    srs_id: Option<i64>,
) -> Result<Option<DeclaredCrs>, sqlx::Error> {
    // 0 and -1 are the standard's ways to say "undefined".
    let Some(srs_id) = srs_id.filter(|&id| id > 0) else {
        return Ok(None);
    };
    let found: Option<(String, i64, Option<String>, Option<String>)> = sqlx::query_as(
        "select organization, organization_coordsys_id, srs_name, definition \
         from gpkg_spatial_ref_sys where srs_id = ?",
    )
    .bind(srs_id)
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|(organization, id, name, definition)| {
        if organization.eq_ignore_ascii_case("epsg") {
            DeclaredCrs::from_name(&format!("EPSG:{id}"))
        } else {
            DeclaredCrs::from_name(&name.or(definition).unwrap_or_default())
        }
    }))
}

fn value(row: &SqliteRow, index: usize) -> Result<Value, String> {
    let raw = row.try_get_raw(index).map_err(|error| error.to_string())?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    // The storage class of this very value, whatever the column was declared as.
    let kind = raw.type_info().name().to_owned();
    let text = |error: sqlx::Error| error.to_string();
    Ok(match kind.as_str() {
        "INTEGER" | "BOOLEAN" => row.try_get_unchecked::<i64, _>(index).map_err(text)?.into(),
        "REAL" => row.try_get_unchecked::<f64, _>(index).map_err(text)?.into(),
        "BLOB" => Value::Null,
        _ => row.try_get_unchecked::<String, _>(index).map_err(|_| "a text is not UTF-8")?.into(),
    })
}

fn read_shape(bytes: &[u8]) -> Result<Option<Shape>, String> {
    if !is_plain(bytes) {
        return Err("its geometry is neither a point nor a polygon, or damaged".to_owned());
    }
    let mut builder = ShapeBuilder::default();
    GpkgWkb(bytes).process_geom(&mut builder).map_err(|error| match error {
        geozero::error::GeozeroError::IoError(_) => "its geometry is cut off".to_owned(),
        other => geozero_reason(&other),
    })?;
    builder.finish()
}

/// Whether the geometry is a point, polygon or their multiples. Collections may nest without end and would exhaust the
/// stack of the recursive reader, so they never reach it.
fn is_plain(bytes: &[u8]) -> bool {
    let Some(flags) = bytes.get(3) else { return false };
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return false,
    };
    let Some([order, kind @ ..]) = bytes.get(8 + envelope..8 + envelope + 5) else { return false };
    let Ok(kind) = <[u8; 4]>::try_from(kind) else { return false };
    let kind = if *order == 0 { u32::from_be_bytes(kind) } else { u32::from_le_bytes(kind) };
    matches!(kind % 1000, 1 | 3 | 4 | 6)
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn unreadable(path: &Path, error: &sqlx::Error) -> ImportError {
    ImportError::unreadable(path, format!("not a readable GeoPackage: {error}"))
}
