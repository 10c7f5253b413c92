//! The whole city for others' software: every layer of the map in GeoPackage, FlatGeobuf or GeoParquet, WGS 84.
//!
//! Shapes go out as the database holds them, byte for byte. Rows stream from one repeatable-read snapshot through a
//! channel to the thread that writes; files appear under their names together, when all of them are whole.

mod flatgeobuf;
mod geopackage;
mod geoparquet;
mod layers;
mod sink;
mod wkb;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use futures::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Row as _};
use tokio::sync::mpsc;

use self::layers::{LAYERS, Layer, Type};
use self::sink::{Cell, Feature, Sink};
use super::sink::ExportError;
use crate::Store;
use crate::import::tables::version;
use crate::progress::{Progress, Stage};

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CityForm {
    /// One GeoPackage 1.3 with all layers and their spatial indexes.
    GeoPackage,
    /// One FlatGeobuf a layer, with its spatial index.
    FlatGeobuf,
    /// One GeoParquet 1.1 a layer.
    GeoParquet,
}

impl FromStr for CityForm {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "gpkg" | "geopackage" => Ok(Self::GeoPackage),
            "fgb" | "flatgeobuf" => Ok(Self::FlatGeobuf),
            "parquet" | "geoparquet" => Ok(Self::GeoParquet),
            _ => Err(format!("{name:?} is none of gpkg, fgb, parquet")),
        }
    }
}

/// What was written of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerReport {
    /// Its name.
    pub layer: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// Rows in one message, and messages on their way.
const ROWS_AT_ONCE: usize = 1000;
const MESSAGES_UNDERWAY: usize = 8;

enum Message {
    Begin(&'static Layer),
    Rows(Vec<Feature>),
    Finish,
}

/// Writes all layers into a folder, which is made if need be.
///
/// # Errors
/// If the database fails or a file cannot be written; then none of the files stands under its name.
pub async fn export_city(
    store: &Store,
    folder: &Path,
    form: CityForm,
    progress: &Progress,
) -> Result<Vec<LayerReport>, ExportError> {
    std::fs::create_dir_all(folder)
        .map_err(|source| ExportError::Io { path: folder.to_owned(), source })?;
    let mut connection = store.pool.acquire().await?;
    let mut snapshot = connection.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *snapshot)
        .await?;
    let (sender, receiver) = mpsc::channel(MESSAGES_UNDERWAY);
    let own = folder.to_owned();
    let writer = tokio::task::spawn_blocking(move || write(&own, form, receiver));
    let sent = send(&mut snapshot, &sender, progress).await;
    drop(sender);
    // A writer that failed closed the channel: its reason goes first.
    let reports = writer.await.map_err(|error| ExportError::Stopped(error.to_string()))??;
    sent?;
    Ok(reports)
}

async fn send(
    snapshot: &mut PgConnection,
    sender: &mpsc::Sender<Message>,
    progress: &Progress,
) -> Result<(), ExportError> {
    let version = version::newest(snapshot).await?;
    for layer in LAYERS {
        let there: bool = sqlx::query_scalar("select to_regclass($1) is not null")
            .bind(layer.name)
            .fetch_one(&mut *snapshot)
            .await?;
        if !there || sender.send(Message::Begin(layer)).await.is_err() {
            continue;
        }
        let stage = progress.stage(layer.name, estimate(snapshot, layer).await?);
        send_layer(snapshot, layer, version, sender, &stage).await?;
    }
    // Nobody listens if the writer failed, which then tells why.
    let _ = sender.send(Message::Finish).await;
    Ok(())
}

/// About how many rows a layer has, for the bar.
async fn estimate(snapshot: &mut PgConnection, layer: &Layer) -> Result<u64, ExportError> {
    let sql = "select greatest(reltuples, 0)::bigint from pg_class where oid = to_regclass($1)";
    let rows: i64 = sqlx::query_scalar(sql).bind(layer.name).fetch_one(snapshot).await?;
    Ok(rows.unsigned_abs())
}

async fn send_layer(
    snapshot: &mut PgConnection,
    layer: &'static Layer,
    version: i32,
    sender: &mpsc::Sender<Message>,
    stage: &Stage,
) -> Result<(), ExportError> {
    let mut rows = sqlx::query(layer.sql).bind(version).fetch(snapshot);
    let mut waiting = Vec::with_capacity(ROWS_AT_ONCE);
    while let Some(row) = rows.try_next().await? {
        waiting.push(feature(layer, &row)?);
        if waiting.len() == ROWS_AT_ONCE {
            stage.inc(ROWS_AT_ONCE as u64);
            let full = std::mem::replace(&mut waiting, Vec::with_capacity(ROWS_AT_ONCE));
            if sender.send(Message::Rows(full)).await.is_err() {
                return Ok(());
            }
        }
    }
    stage.inc(waiting.len() as u64);
    let _ = sender.send(Message::Rows(waiting)).await;
    Ok(())
}

fn feature(layer: &Layer, row: &PgRow) -> Result<Feature, ExportError> {
    let cell = |(at, column): (usize, &layers::Column)| {
        Ok(match column.kind {
            Type::Text => row.try_get::<Option<String>, _>(at)?.map_or(Cell::Null, Cell::Text),
            Type::Whole => {
                let whole: Option<i32> = row.try_get(at)?;
                whole.map_or(Cell::Null, |whole| Cell::Whole(whole.into()))
            }
            Type::Real => row.try_get::<Option<f64>, _>(at)?.map_or(Cell::Null, Cell::Real),
        })
    };
    let cells: Result<Vec<Cell>, sqlx::Error> =
        layer.columns.iter().enumerate().map(cell).collect();
    let geometry: Vec<u8> = row.try_get(layer.columns.len())?;
    let bounds = wkb::bounds(&geometry).ok_or_else(|| ExportError::Broken {
        what: format!("shape in {}", layer.name),
        why: "it is no well-known binary of points, lines or areas".to_owned(),
    })?;
    Ok(Feature { cells: cells?, geometry, bounds })
}

fn write(
    folder: &Path,
    form: CityForm,
    mut receiver: mpsc::Receiver<Message>,
) -> Result<Vec<LayerReport>, ExportError> {
    let mut sink: Box<dyn Sink> = match form {
        CityForm::GeoPackage => Box::new(geopackage::GeoPackage::create(folder)?),
        CityForm::FlatGeobuf => Box::new(flatgeobuf::FlatGeobuf::new(folder)),
        CityForm::GeoParquet => Box::new(geoparquet::GeoParquet::new(folder)),
    };
    let mut reports: Vec<LayerReport> = Vec::new();
    while let Some(message) = receiver.blocking_recv() {
        match message {
            Message::Begin(layer) => {
                sink.begin(layer)?;
                reports.push(LayerReport { layer: layer.name, rows: 0 });
            }
            Message::Rows(rows) => {
                sink.rows(&rows)?;
                if let Some(report) = reports.last_mut() {
                    report.rows += rows.len() as u64;
                }
            }
            Message::Finish => {
                sink.finish()?;
                return Ok(reports);
            }
        }
    }
    // The database failed or somebody interrupted: the temporary files go with the sink.
    Ok(reports)
}

/// The file of a layer.
fn file_of(folder: &Path, layer: &str, ending: &str) -> PathBuf {
    folder.join(format!("{layer}.{ending}"))
}

#[cfg(test)]
#[path = "city_tests.rs"]
mod tests;
