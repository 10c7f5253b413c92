//! Grid workers: who, for which grid, in which role, on which shifts, from which workstation. One row per worker and grid.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveTime;
use spatial::crs::Crs;
use spatial::lattice::LatticePoint;
use sqlx::Connection;

use super::clean;
use super::error::ImportError;
use super::mapping::{Mapping, Spec};
use super::report::{Refusal, Report};
use super::run::{Begun, Watch, begin, blocking};
use super::source::Row;
use super::tables::version;
use super::tables::worker as tables;
use super::target::ImportOptions;
use crate::Store;

/// The fields of a row.
pub static FIELDS: &[Spec] = &[
    Spec::required(
        "code",
        &["code", "worker_code", "编号", "工号", "网格员编号", "网格员编码", "id"],
    ),
    Spec::required("name", &["name", "姓名", "名称", "网格员", "网格员姓名"]),
    Spec::required("grid_code", &["grid_code", "grid", "网格编码", "网格编号", "网格", "所属网格"]),
    Spec::optional("role", &["role", "角色", "岗位", "职责", "类型"]),
    Spec::optional("shift", &["shift", "shifts", "班次", "值班", "值班时间", "工作时间", "排班"]),
];

/// One period of a weekly pattern, in the city's local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// Monday is 1.
    pub iso_weekday: i16,
    /// Begin.
    pub starts_at: NaiveTime,
    /// End; at or before the begin it is on the next day.
    pub ends_at: NaiveTime,
}

/// A worker with everything the file says about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worker {
    /// First line or ordinal in the file.
    pub row: u64,
    /// Number of the worker.
    pub code: String,
    /// Their name.
    pub name: String,
    /// Grid code and role.
    pub rosters: BTreeMap<String, String>,
    /// Weekly pattern; empty if the file does not say, which leaves what is known.
    pub shifts: Vec<Shift>,
    /// The registered workstation they set out from, never where they are; without one, what is known is left.
    pub base: Option<LatticePoint>,
}

fn read(
    row: Row,
    crs: Crs,
    mapping: &mut Mapping,
    workers: &mut BTreeMap<String, Worker>,
) -> Result<(), Refusal> {
    let feature = row?;
    let fields =
        mapping.apply(&feature.properties).map_err(|why| Refusal::new(feature.row, None, why))?;
    let code = fields.text_or_empty("code");
    let refuse = |why: String| Refusal::new(feature.row, Some(code.clone()), why);
    let role = role(fields.text("role")).map_err(refuse)?;
    let shifts = match fields.text("shift") {
        Some(text) => parse_shifts(text).map_err(refuse)?,
        None => Vec::new(),
    };
    let base = clean::place_of(crs, feature.shape.as_ref()).map_err(refuse)?;
    let name = fields.text_or_empty("name");
    let worker = workers.entry(code.clone()).or_insert_with(|| Worker {
        row: feature.row,
        code: code.clone(),
        name: name.clone(),
        ..Worker::default()
    });
    if worker.name != name {
        return Err(refuse(format!(
            "row {} calls the worker {}, this row {name}",
            worker.row, worker.name
        )));
    }
    if !shifts.is_empty() && !worker.shifts.is_empty() && worker.shifts != shifts {
        return Err(refuse(format!("row {} gives the worker other shifts", worker.row)));
    }
    if base.is_some() && worker.base.is_some() && worker.base != base {
        return Err(refuse(format!("row {} gives the worker another base point", worker.row)));
    }
    let grid = fields.text_or_empty("grid_code");
    if worker.rosters.contains_key(&grid) {
        return Err(refuse(format!("grid {grid} was given to the worker already")));
    }
    worker.rosters.insert(grid, role.to_owned());
    if !shifts.is_empty() {
        worker.shifts = shifts;
    }
    worker.base = worker.base.or(base);
    Ok(())
}

fn role(text: Option<&str>) -> Result<&'static str, String> {
    match text.map(str::to_lowercase).as_deref() {
        None | Some("primary" | "主" | "主责" | "网格长" | "专职" | "专职网格员" | "网格员") => {
            Ok("primary")
        }
        Some("deputy" | "副" | "副网格长" | "兼职" | "兼职网格员") => Ok("deputy"),
        Some("helper" | "辅助" | "协助" | "志愿者" | "微网格员" | "辅助网格员") => {
            Ok("helper")
        }
        Some(other) => Err(format!("role {other:?} is none of primary, deputy, helper")),
    }
}

/// Reads a weekly pattern such as `1-5 08:00-18:00; 6,7 09:00-12:00`, `周一至周五 8:00-18:00` or `24h`.
///
/// # Errors
/// If a part has no days or no times that can be read.
pub fn parse_shifts(text: &str) -> Result<Vec<Shift>, String> {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '：' => ':',
            '；' | '、' if c == '；' => ';',
            '，' | '、' => ',',
            '至' | '~' | '～' | '–' | '—' | '到' => '-',
            other => other,
        })
        .collect();
    if ["24h", "24小时", "全天", "all"].contains(&plain.trim().to_lowercase().as_str()) {
        let midnight = NaiveTime::MIN;
        let shift = |iso_weekday| Shift { iso_weekday, starts_at: midnight, ends_at: midnight };
        return Ok((1..=7).map(shift).collect());
    }
    let mut shifts = Vec::new();
    for part in plain.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let unreadable =
            || format!("shift {part:?} is not DAYS HH:MM-HH:MM, such as 1-5 08:00-18:00");
        let digits = part.find(':').ok_or_else(unreadable)?;
        let begin = part
            .get(..digits)
            .and_then(|head| head.rfind(|c: char| !c.is_ascii_digit()))
            .map_or(0, |at| {
                at + part.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
            });
        let (days, times) = part.split_at_checked(begin).ok_or_else(unreadable)?;
        let days = if days.trim().is_empty() {
            (1..=7).collect()
        } else {
            parse_days(days).ok_or_else(unreadable)?
        };
        let (starts_at, ends_at) = times.split_once('-').ok_or_else(unreadable)?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        let (starts_at, ends_at) =
            (time(starts_at).ok_or_else(unreadable)?, time(ends_at).ok_or_else(unreadable)?);
        shifts.extend(days.into_iter().map(|iso_weekday| Shift {
            iso_weekday,
            starts_at,
            ends_at,
        }));
    }
    shifts.sort_unstable();
    shifts.dedup();
    Ok(shifts)
}

fn parse_days(text: &str) -> Option<Vec<i16>> {
    let mut days = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('-') {
            Some((first, last)) => {
                let (first, last) = (parse_day(first)?, parse_day(last)?);
                if first > last {
                    return None;
                }
                days.extend(first..=last);
            }
            None if part == "每天" || part == "每日" => days.extend(1..=7),
            None => days.push(parse_day(part)?),
        }
    }
    Some(days)
}

fn parse_day(text: &str) -> Option<i16> {
    let text = text.trim();
    let day = text
        .strip_prefix("星期")
        .or_else(|| text.strip_prefix('周'))
        .or_else(|| text.strip_prefix("礼拜"))
        .unwrap_or(text);
    match day {
        "1" | "一" => Some(1),
        "2" | "二" => Some(2),
        "3" | "三" => Some(3),
        "4" | "四" => Some(4),
        "5" | "五" => Some(5),
        "6" | "六" => Some(6),
        "7" | "日" | "天" | "七" => Some(7),
        _ => None,
    }
}

fn read_all(
    options: &ImportOptions,
    watch: &dyn Watch,
) -> Result<(Vec<Worker>, Begun), ImportError> {
    let mut begun = begin(options)?;
    let mut mapping = Mapping::new(FIELDS, &options.map)?;
    mapping.check_columns(&begun.opened.source.columns())?;
    let mut workers = BTreeMap::new();
    while let Some(row) = begun.next_row(watch)? {
        if let Err(refusal) = read(row, begun.crs.crs, &mut mapping, &mut workers) {
            begun.refuse(refusal, options.strict)?;
        }
    }
    Ok((workers.into_values().filter(|worker| !worker.rosters.is_empty()).collect(), begun))
}

/// Imports workers.
///
/// # Errors
/// As [`import`](super::run::import).
pub(super) async fn import(
    store: Option<&Store>,
    options: ImportOptions,
    watch: Arc<dyn Watch>,
) -> Result<Report, ImportError> {
    let reading = options.clone();
    let read = move || read_all(&reading, &*watch).map(|(workers, begun)| (workers, begun.report));
    let (workers, mut report) = blocking(read).await?;
    let rosters: u64 = workers.iter().map(|worker| worker.rosters.len() as u64).sum();
    report.rows_written = rosters;
    let Some(store) = store else {
        report.note("no database was asked: every row counts as new");
        return Ok(report);
    };
    let mut connection = store.pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let grids = tables::grid_codes(&mut transaction).await?;
    let unknown: Vec<(&Worker, &String)> = workers
        .iter()
        .flat_map(|worker| worker.rosters.keys().map(move |grid| (worker, grid)))
        .filter(|(_, grid)| !grids.contains(*grid))
        .collect();
    for (worker, grid) in &unknown {
        report.problem(super::report::Problem {
            kind: "unknown_grid".to_owned(),
            what: format!(
                "worker {} ({}) is given grid {grid}, which does not exist now",
                worker.code, worker.name
            ),
            codes: vec![worker.code.clone(), (*grid).clone()],
            place: None,
            area_m2: 0.0,
        });
    }
    let changed = tables::write(&mut transaction, &workers).await?;
    report.rows_written = changed;
    report.rows_unchanged = rosters.saturating_sub(changed);
    if !options.dry_run {
        let reason = format!("workers from {}", options.file.display());
        version::publish_rosters(&mut transaction, &reason).await?;
        transaction.commit().await?;
    }
    Ok(report)
}
