//! Addresses: points with texts, as many as two million, streamed through a staging table into place.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use spatial::crs::Crs;
use spatial::lattice::LatticePoint;
use spatial::locate::{Locate, Locator};
use sqlx::Connection;
use tokio::sync::mpsc;

use super::error::ImportError;
use super::mapping::{Mapping, Spec};
use super::report::{Problem, Refusal, Report};
use super::run::{Watch, begin, blocking};
use super::source::Row;
use super::tables::address::{self as tables, Staged};
use super::tables::boundary::{self, Layer};
use super::tables::version;
use super::target::ImportOptions;
use super::{clean, judge};
use crate::Store;

/// The fields of an address.
pub static FIELDS: &[Spec] = &[
    Spec::optional("source_id", &["source_id", "地址编码", "地址代码", "编码", "id", "uuid", "bm"]),
    Spec::optional(
        "full_text",
        &[
            "full_text",
            "address",
            "地址",
            "标准地址",
            "详细地址",
            "地址全称",
            "dz",
            "name",
            "名称",
            "完整地址",
        ],
    ),
    Spec::optional("district", &["district", "区县", "区", "县区", "所属区县", "county"]),
    Spec::optional("township", &["township", "街道", "乡镇", "街镇", "所属街道", "街道乡镇"]),
    Spec::optional("community", &["community", "社区", "村社", "所属社区", "社区村"]),
    Spec::optional("road", &["road", "street", "道路", "路名", "街巷", "街路巷", "路街巷"]),
    Spec::optional(
        "house_no",
        &["house_no", "house_number", "housenumber", "number", "门牌号", "门牌"],
    ),
    Spec::optional("compound", &["compound", "小区", "小区名称", "院落", "estate"]),
    Spec::optional("building_no", &["building_no", "building", "楼栋", "楼号", "楼牌号", "栋号"]),
    Spec::optional("unit", &["unit", "单元", "单元号"]),
    Spec::optional("room", &["room", "户室", "房号", "房间号", "室"]),
];

/// Parts that make a text when there is none, from the widest on.
const PARTS: [&str; 9] = [
    "district",
    "township",
    "community",
    "road",
    "house_no",
    "compound",
    "building_no",
    "unit",
    "room",
];

const BATCH_ROWS: usize = 4096;

/// One row of an addresses file.
///
/// # Errors
/// A refusal with the reason.
pub fn read(row: Row, crs: Crs, mapping: &mut Mapping) -> Result<Staged, Refusal> {
    let feature = row?;
    let fields =
        mapping.apply(&feature.properties).map_err(|why| Refusal::new(feature.row, None, why))?;
    let source_id = fields.text("source_id").map(str::to_owned);
    let parts: Vec<String> = PARTS.iter().map(|part| fields.text_or_empty(part)).collect();
    let full_text = fields.text("full_text").map_or_else(|| parts.concat(), str::to_owned);
    let id = source_id.clone().or_else(|| (!full_text.is_empty()).then(|| full_text.clone()));
    let refuse = |why: String| Refusal::new(feature.row, id.clone(), why);
    if full_text.is_empty() {
        return Err(refuse("it has neither a text nor parts to make one of".to_owned()));
    }
    let place = clean::place_of(crs, feature.shape.as_ref())
        .map_err(refuse)?
        .ok_or_else(|| refuse("it has no position".to_owned()))?;
    Ok(Staged { row: feature.row, source_id, full_text, parts, place, grid_id: None })
}

/// What the reading thread sends.
enum Message {
    Batch(Vec<Staged>),
    End(Box<Report>, Crs),
}

/// Imports addresses.
///
/// # Errors
/// As [`import`](super::run::import).
pub(super) async fn import(
    store: Option<&Store>,
    options: ImportOptions,
    watch: Arc<dyn Watch>,
) -> Result<Report, ImportError> {
    let (sender, mut receiver) = mpsc::channel(4);
    let reading = options.clone();
    let reader = tokio::spawn(blocking(move || send_all(&reading, &*watch, &sender)));
    let written = match store {
        Some(store) => write(store, &options, &mut receiver).await,
        None => drain(&mut receiver).await,
    };
    // A reader that failed is the reason why its messages ended early: its error goes first.
    drop(receiver);
    reader.await.map_err(|error| ImportError::Stopped(error.to_string()))??;
    written
}

/// Reads the file and sends it in batches.
fn send_all(
    options: &ImportOptions,
    watch: &dyn Watch,
    sender: &mpsc::Sender<Message>,
) -> Result<(), ImportError> {
    let mut begun = begin(options)?;
    let mut mapping = Mapping::new(FIELDS, &options.map)?;
    mapping.check_columns(&begun.opened.source.columns())?;
    let mut seen = Seen::default();
    let mut batch = Vec::with_capacity(BATCH_ROWS);
    while let Some(row) = begun.next_row(watch)? {
        let read = read(row, begun.crs.crs, &mut mapping).and_then(|staged| seen.first(staged));
        match read {
            Ok(staged) => batch.push(staged),
            Err(refusal) => begun.refuse(refusal, options.strict)?,
        }
        if batch.len() == BATCH_ROWS {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH_ROWS));
            if sender.blocking_send(Message::Batch(full)).is_err() {
                // The writer failed and says why itself.
                return Ok(());
            }
        }
    }
    let _ = sender.blocking_send(Message::Batch(batch));
    let _ = sender.blocking_send(Message::End(Box::new(begun.report), begun.crs.crs));
    Ok(())
}

/// The keys that were given so far, as hashes: two million texts would be a gigabyte.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    rows: HashMap<u64, u64>,
}

impl Seen {
    fn first(&mut self, staged: Staged) -> Result<Staged, Refusal> {
        let key = match &staged.source_id {
            Some(source_id) => self.hasher.hash_one((0, source_id)),
            None => self.hasher.hash_one((1, &staged.full_text, staged.place)),
        };
        match self.rows.entry(key) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(staged.row);
                Ok(staged)
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let first = entry.get();
                let id = staged.source_id.unwrap_or(staged.full_text);
                let why = format!("it was given by row {first} already");
                Err(Refusal::new(staged.row, Some(id), why))
            }
        }
    }
}

async fn drain(receiver: &mut mpsc::Receiver<Message>) -> Result<Report, ImportError> {
    let mut rows = 0;
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Batch(batch) => rows += batch.len() as u64,
            Message::End(mut report, _) => {
                report.rows_written = rows;
                report.note("no database was asked: every row counts as new, none was located");
                return Ok(*report);
            }
        }
    }
    Ok(Report::default())
}

async fn write(
    store: &Store,
    options: &ImportOptions,
    receiver: &mut mpsc::Receiver<Message>,
) -> Result<Report, ImportError> {
    let mut connection = store.pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let newest = version::newest(&mut transaction).await?;
    let grids = boundary::standing(&mut transaction, Layer::Grids, newest).await?;
    let basic = grids.into_iter().filter(|standing| standing.border.kind == "basic");
    let locator = Locator::new(basic.map(|s| (s.id as u32, s.border.shape)));
    tables::stage(&mut transaction).await?;
    let mut outside: Outside = Outside::default();
    let mut sample: Vec<LatticePoint> = Vec::new();
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Batch(mut batch) => {
                for staged in &mut batch {
                    staged.grid_id = locator.locate(staged.place).map(|grid| grid as i32);
                    outside.count(staged);
                }
                sample.extend(batch.iter().step_by(64).map(|staged| staged.place));
                tables::send(&mut transaction, &batch).await?;
            }
            Message::End(mut report, crs) => {
                if !locator.is_empty() {
                    outside.tell(&mut report);
                }
                suspect_datum(&mut transaction, crs, &sample, &mut report).await?;
                let merged = tables::merge(&mut transaction).await?;
                report.rows_written = merged.inserted + merged.updated;
                report.rows_unchanged = merged.unchanged;
                if !options.dry_run && report.rows_written > 0 {
                    let note = format!("addresses from {}", options.file.display());
                    let map = version::publish_map(&mut transaction, &note).await?;
                    report.map_version = Some(map);
                    transaction.commit().await?;
                }
                return Ok(*report);
            }
        }
    }
    Ok(Report::default())
}

async fn suspect_datum(
    connection: &mut sqlx::PgConnection,
    crs: Crs,
    sample: &[LatticePoint],
    report: &mut Report,
) -> Result<(), ImportError> {
    let readings = judge::rereadings(sample, crs);
    let mut hits = Vec::with_capacity(readings.len());
    for (_, places) in &readings {
        hits.push(tables::in_buildings(connection, places).await?);
    }
    report.problems.extend(judge::suspect_places(&readings, &hits, "buildings"));
    Ok(())
}

/// Addresses that lie in no grid.
#[derive(Default)]
struct Outside {
    count: u64,
    first: Vec<(String, LatticePoint)>,
}

impl Outside {
    fn count(&mut self, staged: &Staged) {
        if staged.grid_id.is_none() {
            self.count += 1;
            if self.first.len() < 100 {
                self.first.push((staged.full_text.clone(), staged.place));
            }
        }
    }

    fn tell(self, report: &mut Report) {
        if self.count == 0 {
            return;
        }
        report.note(format!("{} addresses lie in no grid", self.count));
        for (text, place) in self.first {
            report.problem(Problem {
                kind: "outside_grids".to_owned(),
                what: format!("{text} lies in no grid"),
                codes: Vec::new(),
                place: Some(place.lng_lat().into()),
                area_m2: 0.0,
            });
        }
    }
}
