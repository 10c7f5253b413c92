//! Incidents of the past: kept with the time they were told and routed with the borders that were in force then. They
//! reach no wall and no worker; open ones lie on the desk of their area.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use spatial::crs::Crs;
use spatial::lattice::LatticePoint;
use sqlx::Connection;
use tokio::sync::mpsc;

use super::clean;
use super::error::ImportError;
use super::mapping::{Fields, Mapping, Spec};
use super::report::{Refusal, Report};
use super::run::{Watch, begin, blocking};
use super::source::{Position, Row, Shape, shorten};
use super::tables::{incident as tables, version};
use super::target::ImportOptions;
use super::words::{parse_time, state};
use crate::Store;
use crate::domain::assign::to_desk;
use crate::domain::category::Category;
use crate::domain::division::Division;
use crate::domain::grid_worker::CITY_TIME;
use crate::domain::lifecycle::State;
use crate::domain::why::Passed;
use crate::routing::{Routing, RoutingView, Spot};

/// The fields of an incident.
pub static FIELDS: &[Spec] = &[
    Spec::optional(
        "source_id",
        &["source_id", "事件编号", "工单编号", "编号", "案件编号", "number", "id"],
    ),
    Spec::required(
        "category",
        &["category", "类别", "小类", "事件类型", "问题类型", "小类代码", "category_code"],
    ),
    Spec::required(
        "description",
        &["description", "描述", "问题描述", "事件描述", "内容", "诉求内容"],
    ),
    Spec::required(
        "reported_at",
        &["reported_at", "上报时间", "受理时间", "来电时间", "创建时间", "时间"],
    ),
    Spec::optional("closed_at", &["closed_at", "办结时间", "结案时间", "完成时间"]),
    Spec::optional("state", &["state", "状态", "办理状态", "事件状态"]),
    Spec::optional(
        "address",
        &["address", "address_text", "地址", "事发地址", "发生地址", "位置描述"],
    ),
];

const BATCH_ROWS: usize = 1000;
/// Clocks of other systems run ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// An incident as the file tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// Line or ordinal in the file.
    pub row: u64,
    /// The number that its own system gave it, else a fingerprint of what it says.
    pub source_id: String,
    /// Code or name of its category.
    pub category: String,
    /// In the reporter's words.
    pub description: String,
    /// When it was told.
    pub reported_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Where the work was.
    pub state: State,
    /// Where, in words.
    pub address: Option<String>,
    /// Where, as it was told and on the lattice.
    pub place: Option<(Position, LatticePoint)>,
    /// The system of the position.
    pub crs: Crs,
}

/// One row of an incidents file, judged at `now`.
///
/// # Errors
/// A refusal with the reason.
pub fn read(
    row: Row,
    crs: Crs,
    mapping: &mut Mapping,
    now: DateTime<Utc>,
) -> Result<Past, Refusal> {
    let feature = row?;
    let fields =
        mapping.apply(&feature.properties).map_err(|why| Refusal::new(feature.row, None, why))?;
    let id = fields.text("source_id").map(str::to_owned);
    let refuse = |why: String| Refusal::new(feature.row, id.clone(), why);
    let point = clean::place_of(crs, feature.shape.as_ref()).map_err(refuse)?;
    let place = match (&feature.shape, point) {
        (Some(Shape::Point(position)), Some(point)) => Some((*position, point)),
        _ => None,
    };
    let reported_at = time(&fields, "reported_at").map_err(refuse)?.unwrap_or(now);
    // No case is younger than now: a publication comes into force after all that are there.
    let reported_at = if reported_at <= now + AHEAD { reported_at.min(now) } else { reported_at };
    let closed_at = time(&fields, "closed_at").map_err(refuse)?;
    if now + AHEAD < reported_at || closed_at.is_some_and(|closed_at| now + AHEAD < closed_at) {
        return Err(refuse(format!("its time lies in the future; it is {} now", now.to_rfc3339())));
    }
    if reported_at.year() < 2000 {
        return Err(refuse(format!("reported_at {reported_at} is before the year 2000")));
    }
    if closed_at.is_some_and(|closed_at| closed_at < reported_at) {
        return Err(refuse("it was closed before it was reported".to_owned()));
    }
    let state = match fields.text("state") {
        Some(text) => state(text).ok_or_else(|| {
            refuse(format!("state {:?} is none that is known", shorten(text, 40)))
        })?,
        None => State::Closed,
    };
    let closed_at = match (state, closed_at) {
        (State::Closed | State::Archived, None) => Some(reported_at),
        (_, closed_at) => closed_at,
    };
    let address = fields.text("address").map(str::to_owned);
    let description = fields.text_or_empty("description");
    let source_id = id.clone().unwrap_or_else(|| fingerprint(reported_at, &description, place));
    let category = fields.text_or_empty("category");
    let row = feature.row;
    Ok(Past {
        row,
        source_id,
        category,
        description,
        reported_at,
        closed_at,
        state,
        address,
        place,
        crs,
    })
}

/// What tells a row without a number from others, so that importing it again adds nothing.
fn fingerprint(
    reported_at: DateTime<Utc>,
    description: &str,
    place: Option<(Position, LatticePoint)>,
) -> String {
    let place = place.map(|(_, point)| point.to_string()).unwrap_or_default();
    let text = format!("{}\n{place}\n{description}", reported_at.timestamp_micros());
    let hash = hex::encode(Sha256::digest(text));
    format!("import:{}", hash.get(..24).unwrap_or(&hash))
}

fn time(fields: &Fields, field: &str) -> Result<Option<DateTime<Utc>>, String> {
    let Some(text) = fields.text(field) else { return Ok(None) };
    parse_time(text).map(Some).ok_or_else(|| {
        format!("{field} {:?} is no time such as 2026-07-26 17:30:00", shorten(text, 40))
    })
}

enum Message {
    Batch(Vec<Past>),
    End(Box<Report>),
}

/// Imports incidents.
///
/// # Errors
/// As [`import`](super::run::import).
pub(super) async fn import(
    store: Option<&Store>,
    options: ImportOptions,
    watch: Arc<dyn Watch>,
) -> Result<Report, ImportError> {
    if let (Some(store), false) = (store, options.dry_run) {
        ensure_months(store, &options).await?;
    }
    let (sender, mut receiver) = mpsc::channel(4);
    let reading = options.clone();
    let reader = tokio::spawn(blocking(move || send_all(&reading, &*watch, &sender)));
    let written = match store {
        Some(store) => write(store, &options, &mut receiver).await,
        None => drain(&mut receiver).await,
    };
    drop(receiver);
    reader.await.map_err(|error| ImportError::Stopped(error.to_string()))??;
    written
}

fn send_all(
    options: &ImportOptions,
    watch: &dyn Watch,
    sender: &mpsc::Sender<Message>,
) -> Result<(), ImportError> {
    let mut begun = begin(options)?;
    let mut mapping = Mapping::new(FIELDS, &options.map)?;
    mapping.check_columns(&begun.opened.source.columns())?;
    let now = Utc::now();
    let mut seen = HashSet::new();
    let mut batch = Vec::with_capacity(BATCH_ROWS);
    while let Some(row) = begun.next_row(watch)? {
        match read(row, begun.crs.crs, &mut mapping, now) {
            Ok(past) if seen.insert(past.source_id.clone()) => batch.push(past),
            Ok(past) => {
                let why = "an earlier row has the same number".to_owned();
                begun.refuse(Refusal::new(past.row, Some(past.source_id), why), options.strict)?;
            }
            Err(refusal) => begun.refuse(refusal, options.strict)?,
        }
        if batch.len() == BATCH_ROWS {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH_ROWS));
            if sender.blocking_send(Message::Batch(full)).is_err() {
                return Ok(());
            }
        }
    }
    // Nobody listens if the writer failed, which then tells why.
    let _ = sender.blocking_send(Message::Batch(batch));
    let _ = sender.blocking_send(Message::End(Box::new(begun.report)));
    Ok(())
}

async fn drain(receiver: &mut mpsc::Receiver<Message>) -> Result<Report, ImportError> {
    let mut rows = 0;
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Batch(batch) => rows += batch.len() as u64,
            Message::End(mut report) => {
                report.rows_written = rows;
                report.note("no database was asked: every row counts as new, none was routed");
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
    let routing = Routing::start(store.clone()).await?;
    let routed_with = routing.newest().boundary;
    let mut connection = store.pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let api_key = tables::importer(&mut transaction).await?;
    let mut refused = Vec::new();
    let (mut written, mut known) = (0, 0);
    while let Some(message) = receiver.recv().await {
        match message {
            Message::Batch(batch) => {
                let numbers = batch.iter().map(|past| past.source_id.clone()).collect();
                let present = tables::present(&mut transaction, numbers).await?;
                let mut rows = Vec::with_capacity(batch.len());
                for past in batch {
                    if present.contains(&past.source_id) {
                        known += 1;
                        continue;
                    }
                    let view = routing.at(past.reported_at).await?;
                    match routed(&view, past) {
                        Ok(row) => rows.push(row),
                        Err(refusal) => refused.push(refusal),
                    }
                }
                written += rows.len() as u64;
                tables::insert(&mut transaction, api_key, &rows).await?;
            }
            Message::End(mut report) => {
                for refusal in refused {
                    if options.strict {
                        return Err(ImportError::Strict {
                            row: refusal.row,
                            reason: refusal.reason,
                        });
                    }
                    report.refuse(refusal);
                }
                report.rows_written = written;
                report.rows_unchanged = known;
                if !options.dry_run {
                    if routed_with < version::hold_boundaries(&mut transaction).await? {
                        let why = "borders were published while incidents were read: nothing was \
                                   written, import the file again";
                        return Err(ImportError::Stopped(why.to_owned()));
                    }
                    transaction.commit().await?;
                }
                return Ok(*report);
            }
        }
    }
    Ok(Report::default())
}

/// One time of each month that the file has incidents of.
fn months(options: &ImportOptions) -> Result<BTreeMap<(i32, u32), DateTime<Utc>>, ImportError> {
    let mut begun = begin(options)?;
    let mut mapping = Mapping::new(FIELDS, &options.map)?;
    let now = Utc::now();
    let mut months = BTreeMap::new();
    while let Some(row) = begun.next_row(&())? {
        if let Ok(past) = read(row, begun.crs.crs, &mut mapping, now) {
            let day = past.reported_at.with_timezone(&CITY_TIME);
            months.insert((day.year(), day.month()), past.reported_at);
        }
    }
    Ok(months)
}

/// Makes the partitions that the file needs: before and outside the transaction of the import, because a new partition
/// locks the table, and the intake must not wait until an import is through.
async fn ensure_months(store: &Store, options: &ImportOptions) -> Result<(), ImportError> {
    if options.file.as_os_str() == "-" {
        let why = "incidents are read twice, which standard input does not allow: give a file";
        return Err(ImportError::Option(why.to_owned()));
    }
    let reading = options.clone();
    for at in blocking(move || months(&reading)).await?.into_values() {
        store.incident_month_ensure(at).await?;
    }
    Ok(())
}

/// Where it belonged and on whose desk it lies.
fn routed(view: &RoutingView, past: Past) -> Result<tables::Row, Refusal> {
    let refuse = |why: String| Refusal::new(past.row, Some(past.source_id.clone()), why);
    let category = category(view, &past.category)
        .ok_or_else(|| refuse(format!("there is no category {:?}", past.category)))?;
    let spot = past.place.map(|(_, point)| view.borders.locate(point));
    let grid = match spot {
        Some(Spot::Inside { grid, .. }) => Some(grid),
        _ => None,
    };
    let chain = grid.map(|grid| view.borders.chain_of(grid)).unwrap_or_default();
    let mut desks = view.duty.desks(&view.borders, &chain);
    desks.extend(view.duty.city_desk(&view.borders));
    let assignment = to_desk(&desks, &[Passed::Said("imported from the past".to_owned())])
        .ok_or_else(|| refuse("there is no desk of any area it could lie on".to_owned()))?;
    let code = |division: Option<&Division>| division.map(|division| division.code.clone());
    Ok(tables::Row {
        category_code: category.code.clone(),
        due_at: past.reported_at + TimeDelta::minutes(category.handle_minutes.into()),
        grid_id: grid.map(|grid| grid.grid_id.0),
        grid_code: grid.map(|grid| grid.code.clone()),
        community_code: code(chain.community),
        township_code: code(chain.township),
        district_code: code(chain.district),
        boundary_version: view.boundary_version().0,
        roster_version: view.roster_version().0,
        level: assignment.level.name(),
        holder_kind: assignment.holder.id.kind(),
        holder_id: assignment.holder.id.number(),
        holder_reason: assignment.holder.reason,
        past,
    })
}

/// The category of this code or name; a name may be that of a major one only if no minor one has it.
fn category<'a>(view: &'a RoutingView, text: &str) -> Option<&'a Category> {
    view.duty.category(text).or_else(|| {
        let named = |category: &&&Category| category.name == text;
        let all = view.duty.categories();
        let minor = all.iter().filter(named).find(|category| category.parent_code.is_some());
        minor.or_else(|| all.iter().find(named)).copied()
    })
}
