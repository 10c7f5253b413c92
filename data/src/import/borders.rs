//! Importing divisions and grids: read all, judge all together, write what differs as a new boundary version.

use std::collections::{BTreeSet, HashSet};

use spatial::coverage::LatticeMultiPolygon;
use spatial::locate::{Locate, Locator};
use sqlx::{Connection, PgConnection};

use super::boundary::{self, Border, Change, Standing, is_same_shape};
use super::error::ImportError;
use super::mapping::Mapping;
use super::report::{Problem, Refusal, Report};
use super::run::{Begun, Watch};
use super::tables::boundary::{self as tables, Layer, Tenant};
use super::tables::version;
use super::target::{ImportOptions, Target};
use super::{divisions, grids, judge};
use crate::Store;

/// Everything that the file says, row by row; nothing judged yet.
pub(super) fn read(
    options: &ImportOptions,
    begun: &mut Begun,
    watch: &dyn Watch,
) -> Result<Vec<Border>, ImportError> {
    let specs = if options.target == Target::Grids { grids::FIELDS } else { divisions::FIELDS };
    let mut mapping = Mapping::new(specs, &options.map)?;
    mapping.check_columns(&begun.opened.source.columns())?;
    let mut borders = Vec::new();
    while let Some(row) = begun.next_row(watch)? {
        let read = if options.target == Target::Grids {
            grids::read(row, begun.crs.crs, &mut mapping)
        } else {
            divisions::read(row, begun.crs.crs, &mut mapping, options.level)
        };
        match read {
            Ok((border, repairs)) => {
                begun.report.repair(repairs);
                borders.push(border);
            }
            Err(refusal) => begun.refuse(refusal, options.strict)?,
        }
    }
    let (distinct, again) = boundary::take_distinct(borders);
    for (border, first) in again {
        let why = format!("code {} was given by row {first} already", border.code);
        begun.refuse(Refusal::new(border.row, Some(border.code), why), options.strict)?;
    }
    Ok(distinct)
}

/// Judges what was read against what stands, and writes the difference; with no store or in a dry run nothing is written.
pub(super) async fn write(
    store: Option<&Store>,
    options: &ImportOptions,
    borders: Vec<Border>,
    report: &mut Report,
    crs: spatial::crs::Crs,
) -> Result<(), ImportError> {
    let Some(store) = store else {
        let city = City::default();
        let (change, _) = judged(options, &city, borders, report, crs);
        report.rows_written = rows_of_file(&change);
        report.note("no database was asked: every row counts as new");
        return Ok(());
    };
    let mut connection = store.pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    let newest = version::lock_boundaries(&mut transaction).await?;
    if let Some(at) = version::scheduled(&mut transaction).await? {
        return Err(ImportError::Option(format!(
            "a boundary version comes into force at {at}: import after that, or it would be overtaken"
        )));
    }
    let city = City {
        divisions: tables::standing(&mut transaction, Layer::Divisions, newest).await?,
        grids: tables::standing(&mut transaction, Layer::Grids, newest).await?,
    };
    let (change, layer) = {
        let options = options.clone();
        let mut own = std::mem::take(report);
        // Judging a city takes seconds of pure computation: it does not belong on a thread that serves others.
        let judged = tokio::task::spawn_blocking(move || {
            let judged = judged(&options, &city, borders, &mut own, crs);
            (judged, own)
        })
        .await;
        let ((change, layer), own) =
            judged.map_err(|error| ImportError::Stopped(error.to_string()))?;
        *report = own;
        (change, layer)
    };
    report.rows_written = rows_of_file(&change);
    report.rows_unchanged = change.unchanged;
    report.rows_ended = change.ended.len() as u64;
    if options.dry_run || change.is_empty() {
        return Ok(());
    }
    publish(&mut transaction, options, layer, &change, report).await?;
    transaction.commit().await?;
    Ok(())
}

fn rows_of_file(change: &Change) -> u64 {
    change.insert.iter().filter(|border| border.row > 0).count() as u64
}

/// All borders in force.
#[derive(Default)]
struct City {
    divisions: Vec<Standing>,
    grids: Vec<Standing>,
}

impl City {
    fn level(&self, level: &str) -> Vec<&Border> {
        self.divisions.iter().map(|s| &s.border).filter(|border| border.level == level).collect()
    }
}

fn judged(
    options: &ImportOptions,
    city: &City,
    mut borders: Vec<Border>,
    report: &mut Report,
    crs: spatial::crs::Crs,
) -> (Change, Layer) {
    let layer = if options.target == Target::Grids { Layer::Grids } else { Layer::Divisions };
    let standing = if layer == Layer::Grids { &city.grids } else { &city.divisions };
    suspect_datum(city, &borders, crs, report);
    // A division may lie in one that comes with the same file.
    let levels: BTreeSet<String> = borders.iter().map(|border| border.level.clone()).collect();
    for level in ["city", "district", "township", "community", ""] {
        if levels.contains(level) {
            find_parents(city, &mut borders, level, report);
        }
    }
    let ending = if options.replace { boundary::ending(standing, &borders) } else { Vec::new() };
    let ending_ids: BTreeSet<i32> = ending.iter().map(|standing| standing.id).collect();
    let staying: Vec<&Border> = {
        let keys: HashSet<_> = borders.iter().map(Border::key).collect();
        let stays = |s: &&Standing| !ending_ids.contains(&s.id) && !keys.contains(&s.border.key());
        standing.iter().filter(stays).map(|standing| &standing.border).collect()
    };
    for level in &levels {
        join(&staying, &mut borders, level, options.snap_m, report);
    }
    judge_families(city, layer, &staying, &borders, &levels, report);
    let mut change = boundary::change(standing, borders);
    change.ended = ending.iter().map(|standing| standing.border.code.clone()).collect();
    change.close.extend(ending_ids);
    (change, layer)
}

fn suspect_datum(city: &City, borders: &[Border], crs: spatial::crs::Crs, report: &mut Report) {
    let shapes: Vec<&LatticeMultiPolygon> = borders.iter().map(|border| &border.shape).collect();
    let known: Vec<&LatticeMultiPolygon> =
        city.divisions.iter().chain(&city.grids).map(|standing| &standing.border.shape).collect();
    if let Some(problem) = judge::suspect_areas(&shapes, crs, &known) {
        report.problem(problem);
    }
}

const ABOVE: [(&str, &str); 4] =
    [("district", "city"), ("township", "district"), ("community", "township"), ("", "community")];

fn level_above(level: &str) -> Option<&'static str> {
    ABOVE.iter().find(|(below, _)| *below == level).map(|(_, above)| *above)
}

/// Gives rows of a level that name no parent the one they lie in.
fn find_parents(city: &City, borders: &mut [Border], level: &str, report: &mut Report) {
    let Some(above) = level_above(level) else { return };
    let missing = borders.iter().filter(|b| b.level == level && b.parent.is_none()).count();
    if missing == 0 {
        return;
    }
    let from_file: Vec<Border> = borders.iter().filter(|b| b.level == above).cloned().collect();
    let mut candidates: Vec<&Border> = from_file.iter().collect();
    let in_file = |code: &str| from_file.iter().any(|border| border.code == code);
    candidates.extend(city.level(above).into_iter().filter(|border| !in_file(&border.code)));
    let parents = judge::Parents::new(candidates);
    let mut found = 0;
    for border in borders.iter_mut().filter(|b| b.level == level && b.parent.is_none()) {
        border.parent = parents.holding(&border.shape).map(str::to_owned);
        found += usize::from(border.parent.is_some());
    }
    let what = if level.is_empty() { "grids" } else { level };
    if found > 0 {
        report.note(format!("{found} {what} rows named no {above}: found by where they lie"));
    }
    if missing > found {
        report.note(format!("{} {what} rows have no {above}", missing - found));
    }
}

/// Joins one level as a coverage: what comes and what stays. A neighbour that stays but has to take over a corner of a
/// new border joins what comes.
fn join(
    staying: &[&Border],
    incoming: &mut Vec<Border>,
    level: &str,
    snap_m: f64,
    report: &mut Report,
) {
    // Special grids lie over the basic ones: they are no part of the coverage.
    let in_layer = |border: &Border| border.level == level && border.kind != "special";
    let neighbours: Vec<&Border> = staying.iter().copied().filter(|b| in_layer(b)).collect();
    let members: Vec<usize> = (0..incoming.len()).filter(|&at| in_layer(&incoming[at])).collect();
    let all: Vec<&Border> =
        neighbours.iter().copied().chain(members.iter().map(|&at| &incoming[at])).collect();
    let faces = (0..).zip(all.iter().map(|border| border.shape.clone())).collect();
    let codes: Vec<&str> = all.iter().map(|border| border.code.as_str()).collect();
    let joined = judge::coverage(faces, &codes, neighbours.len() as u32, snap_m, report);
    let mut moved = Vec::new();
    for (id, shape) in joined {
        let id = id as usize;
        match neighbours.get(id) {
            Some(neighbour) if !is_same_shape(&neighbour.shape, &shape) => {
                moved.push(Border { row: 0, shape, ..(*neighbour).clone() });
            }
            Some(_) => {}
            None => {
                if let Some(&at) = members.get(id - neighbours.len()) {
                    incoming[at].shape = shape;
                }
            }
        }
    }
    if !moved.is_empty() {
        report.note(format!(
            "{} neighbours that are not in the file got corners of new borders",
            moved.len()
        ));
    }
    incoming.append(&mut moved);
}

/// Children against parents, as they will stand.
fn judge_families(
    city: &City,
    layer: Layer,
    staying: &[&Border],
    incoming: &[Border],
    levels: &BTreeSet<String>,
    report: &mut Report,
) {
    let moved: HashSet<_> = incoming.iter().map(Border::key).collect();
    let staying = staying.iter().copied().filter(|border| !moved.contains(&border.key()));
    let after: Vec<&Border> = staying.chain(incoming).collect();
    for level in levels {
        let Some(above) = level_above(level) else { continue };
        let parents = if layer == Layer::Grids {
            city.level(above)
        } else {
            after.iter().copied().filter(|border| border.level == above).collect()
        };
        let parents = judge::Parents::new(parents);
        if parents.is_empty() {
            continue;
        }
        let children: Vec<&Border> = after
            .iter()
            .copied()
            .filter(|border| border.level == *level && border.kind != "special")
            .collect();
        judge::children(&parents, &children, report);
    }
}

async fn publish(
    connection: &mut PgConnection,
    options: &ImportOptions,
    layer: Layer,
    change: &Change,
    report: &mut Report,
) -> Result<(), ImportError> {
    let file = options.file.file_name().unwrap_or_default().to_string_lossy();
    let note = format!("{} from {file}", options.target);
    let version = version::publish_boundaries(connection, &note).await?;
    tables::close(connection, layer, &change.close, version).await?;
    tables::insert(connection, layer, &change.insert, version).await?;
    if layer == Layer::Grids {
        rehouse(connection, &change.close, version, report).await?;
    }
    report.boundary_version = Some(version);
    report.map_version = Some(version::publish_map(connection, &note).await?);
    Ok(())
}

/// Finds the grids of what stood in a changed grid or in none.
async fn rehouse(
    connection: &mut PgConnection,
    closed: &[i32],
    version: i32,
    report: &mut Report,
) -> Result<(), ImportError> {
    let grids = tables::standing(connection, Layer::Grids, version).await?;
    let basic = grids.into_iter().filter(|standing| standing.border.kind == "basic");
    let locator = Locator::new(basic.map(|s| (s.id as u32, s.border.shape)));
    for (tenant, name) in [(Tenant::Address, "addresses"), (Tenant::Building, "buildings")] {
        let homeless = tables::homeless(connection, tenant, closed).await?;
        let find = |(id, place)| (id, locator.locate(place).map(|grid| grid as i32));
        let found: Vec<(i32, Option<i32>)> = homeless.into_iter().map(find).collect();
        tables::house(connection, tenant, &found).await?;
        let outside = found.iter().filter(|(_, grid)| grid.is_none()).count();
        if outside > 0 {
            report.problem(Problem {
                kind: "outside_grids".to_owned(),
                what: format!("{outside} known {name} lie in no grid now"),
                codes: Vec::new(),
                place: None,
                area_m2: 0.0,
            });
        }
    }
    Ok(())
}
