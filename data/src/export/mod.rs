//! Files out: divisions, grids, addresses and incidents in every format that the import reads, so that what is written
//! here and read there changes nothing.
//!
//! Rows stream from one repeatable-read snapshot of the database through a channel to the thread that writes the
//! [`sink`]; neither side holds the whole.

pub mod city;
pub mod sink;

mod package;
mod rows;

use std::path::PathBuf;
use std::str::FromStr;

use serde::Serialize;
use spatial::code::Level;
use spatial::crs::Crs;
use sqlx::Connection;
use tokio::sync::mpsc;

use crate::Store;
use crate::import::source::Format;
use crate::import::tables::version;
use sink::{Kind, Outgoing, Plan};

pub use sink::ExportError;

/// What can be written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// City, districts, townships, communities.
    Divisions,
    /// Grids.
    Grids,
    /// Addresses.
    Addresses,
    /// Incidents.
    Incidents,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "divisions" => Ok(Self::Divisions),
            "grids" => Ok(Self::Grids),
            "addresses" => Ok(Self::Addresses),
            "incidents" => Ok(Self::Incidents),
            _ => Err(format!("{name:?} is none of divisions, grids, addresses, incidents")),
        }
    }
}

impl Target {
    /// The name of the layer in files that name layers.
    pub const fn layer(self) -> &'static str {
        match self {
            Self::Divisions => "division",
            Self::Grids => "grid",
            Self::Addresses => "address",
            Self::Incidents => "incident",
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Divisions | Self::Grids => Kind::Areas,
            Self::Addresses | Self::Incidents => Kind::Places,
        }
    }
}

/// One export.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// What to write.
    pub target: Target,
    /// Where; `-` is standard output.
    pub out: PathBuf,
    /// In which format; by the name of the file if absent.
    pub format: Option<Format>,
    /// In which coordinate system.
    pub crs: Crs,
    /// Borders of this boundary version; the newest if absent.
    pub as_of: Option<i32>,
    /// Divisions of this level only.
    pub level: Option<Level>,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct ExportReport {
    /// Rows in the file.
    pub rows: u64,
    /// The boundary version that divisions and grids are of.
    pub boundary_version: Option<i32>,
}

/// Rows on their way between the database and the file.
const ROWS_UNDERWAY: usize = 1024;

/// Writes a file.
///
/// # Errors
/// If the database fails, or the file cannot be written; the file does not exist then under its name.
pub async fn export(store: &Store, options: ExportOptions) -> Result<ExportReport, ExportError> {
    let format = options.format.or_else(|| Format::by_name(&options.out)).ok_or_else(|| {
        ExportError::Option(format!(
            "{}: the name does not show the format: give --format",
            options.out.display()
        ))
    })?;
    let mut connection = store.pool.acquire().await?;
    let mut snapshot = connection.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only")
        .execute(&mut *snapshot)
        .await?;
    let boundary_version = match options.as_of {
        Some(version) => version,
        None => version::newest(&mut snapshot).await?,
    };
    let plan = Plan {
        layer: options.target.layer().to_owned(),
        kind: options.target.kind(),
        columns: rows::columns(options.target),
        crs: options.crs,
    };
    let (sender, receiver) = mpsc::channel(ROWS_UNDERWAY);
    let out = options.out.clone();
    let writer = tokio::task::spawn_blocking(move || write(&out, format, plan, receiver));
    let sent = rows::send(&mut snapshot, &options, boundary_version, sender).await;
    // A writer that failed closed the channel: its reason goes first.
    let rows = writer.await.map_err(|error| ExportError::Stopped(error.to_string()))??;
    sent?;
    let is_versioned = options.target.kind() == Kind::Areas;
    Ok(ExportReport { rows, boundary_version: is_versioned.then_some(boundary_version) })
}

/// A row, or the mark that the last one has been sent: without it the file stays unfinished.
enum Message {
    Row(Outgoing),
    End,
}

fn write(
    out: &std::path::Path,
    format: Format,
    plan: Plan,
    mut receiver: mpsc::Receiver<Message>,
) -> Result<u64, ExportError> {
    let mut sink = sink::create(out, format, plan)?;
    let mut rows = 0;
    while let Some(message) = receiver.blocking_recv() {
        match message {
            Message::Row(row) => {
                sink.write(&row)?;
                rows += 1;
            }
            Message::End => {
                sink.finish()?;
                return Ok(rows);
            }
        }
    }
    // The database failed in between; the caller tells how.
    Ok(rows)
}
