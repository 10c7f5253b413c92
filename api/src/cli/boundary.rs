//! `wangge boundary`: the versions of all borders, and publishing a new one.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use data::Store;
use data::actions::boundary::publish::{Publication, publish};
use data::actions::boundary::reroute::reroute;
use data::domain::boundary::{Edits, GridChange, Published};
use data::domain::id::BoundaryVersionId;
use data::import::source::OpenOptions;
use data::import::target::{ImportOptions, Target};
use data::import::{grid_edits, report::Report};
use data::routing::Routing;
use data::store::Scope;
use spatial::crs::Crs;

use super::import::pair;
use super::{Globals, print};

/// Arguments of `wangge boundary`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wangge boundary list\n  wangge boundary diff 3 4\n  \
                        wangge boundary publish edited.geojson --note \"两个网格调整边界\" --dry-run\n  \
                        wangge boundary publish edited.geojson --end 620102001001004 --base 7\n  \
                        wangge boundary publish edited.gpkg --effective-at 2027-01-01T00:00:00+08:00\n  \
                        wangge boundary reroute")]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Act {
    /// List all versions, those to come too
    List,
    /// Show a version and what it changed
    Show {
        /// Its number
        #[arg(id = "boundary_version", value_name = "VERSION")]
        version: i32,
    },
    /// Compare two versions grid by grid
    Diff {
        /// Number of the one
        from: i32,
        /// Number of the other
        to: i32,
    },
    /// Make a new version from a file of edited grids: no gap, no overlap, or nothing
    Publish(PublishArgs),
    /// Give cases nobody works on yet to whoever is responsible by the borders in force
    Reroute,
}

/// Arguments of `wangge boundary publish`.
#[derive(Debug, clap::Args)]
struct PublishArgs {
    /// The edited grids, whole: GeoJSON, FlatGeobuf, GeoPackage, Shapefile, CSV with WKT; none if grids only end
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Code of a grid that ends; may be given more than once
    #[arg(long, value_name = "CODE")]
    end: Vec<String>,
    /// The version they were edited from: publish only if it is still the newest
    #[arg(long, value_name = "VERSION")]
    base: Option<i32>,
    /// From when on it is in force; at once if absent, a correction if in the past
    #[arg(long, value_name = "TIME")]
    effective_at: Option<DateTime<Utc>>,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Land may change hands between communities
    #[arg(long)]
    move_divisions: bool,
    /// Judge only, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Coordinate system of the file, where it does not declare it: wgs84, cgcs2000, gcj02, bd09, EPSG:n
    #[arg(long, value_name = "CRS")]
    crs: Option<Crs>,
    /// Layer of a GeoPackage with several
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Fields whose column in the file is named otherwise, such as code=number,name=title
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair, value_delimiter = ',')]
    map: Vec<(String, String)>,
}

/// Runs `wangge boundary`.
///
/// # Errors
/// When the database cannot be used, or the edit is refused.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let (store, database) = globals.open_store().await?;
    let done = act(args.act, &store).await;
    store.pool.close().await;
    let released = database.release().await;
    done.and(released)
}

async fn act(act: Act, store: &Store) -> anyhow::Result<()> {
    match act {
        Act::List => list(store, None).await,
        Act::Show { version } => {
            list(store, Some(version)).await?;
            diff(store, version - 1, version).await
        }
        Act::Diff { from, to } => diff(store, from, to).await,
        Act::Publish(args) => published(store, args).await,
        Act::Reroute => {
            let routing: Arc<Routing> = Routing::start(store.clone()).await?;
            let mut moved = 0;
            loop {
                let done =
                    reroute(store, &routing, &Scope::whole(), "command line", Utc::now()).await?;
                moved += done.moved.len();
                if !done.more {
                    return print::line(format_args!("re-routed {moved}"));
                }
            }
        }
    }
}

async fn list(store: &Store, only: Option<i32>) -> anyhow::Result<()> {
    let records = store.boundary_records().await?;
    anyhow::ensure!(
        only.is_none_or(|id| records.iter().any(|record| record.id.0 == id)),
        "there is no such version"
    );
    print::line("version\tin force from\tpublished\tby\tnote")?;
    for record in records.iter().filter(|record| only.is_none_or(|id| record.id.0 == id)) {
        let mark = if record.in_force { "*" } else { "" };
        print::line(format_args!(
            "{}{mark}\t{}\t{}\t{}\t{}",
            record.id,
            record.effective_at.to_rfc3339(),
            record.published_at.to_rfc3339(),
            record.published_by,
            record.note
        ))?;
    }
    Ok(())
}

async fn diff(store: &Store, from: i32, to: i32) -> anyhow::Result<()> {
    changes(&store.boundary_diff(BoundaryVersionId(from), BoundaryVersionId(to)).await?)
}

fn changes(grids: &[GridChange]) -> anyhow::Result<()> {
    print::line("grid\tchange\tbefore m²\tafter m²")?;
    let area = |area: Option<f64>| area.map_or_else(|| "-".to_owned(), |area| format!("{area:.1}"));
    for grid in grids {
        print::line(format_args!(
            "{}\t{}\t{}\t{}",
            grid.code,
            grid.kind.name(),
            area(grid.area_before_m2),
            area(grid.area_after_m2)
        ))?;
    }
    Ok(())
}

async fn published(store: &Store, args: PublishArgs) -> anyhow::Result<()> {
    let changed = match args.file {
        None => Vec::new(),
        Some(file) => {
            let mut options = ImportOptions::new(Target::Grids, file);
            options.open = OpenOptions { layer: args.layer, ..OpenOptions::default() };
            options.crs = args.crs;
            options.map = args.map;
            options.strict = true;
            let (changed, report): (_, Report) = grid_edits(options).await?;
            print::note(&report);
            changed
        }
    };
    anyhow::ensure!(
        !changed.is_empty() || !args.end.is_empty(),
        "there is nothing to publish: give a file of edited grids or --end CODE"
    );
    let publication = Publication {
        edits: Edits { changed, ended: args.end },
        base: args.base.map(BoundaryVersionId),
        effective_at: args.effective_at,
        note: args.note,
        by: "command line".to_owned(),
        move_divisions: args.move_divisions,
        dry_run: args.dry_run,
        scope: Scope::whole(),
    };
    let done = publish(store, publication, Utc::now()).await.context("nothing was published")?;
    tell(&done)
}

fn tell(done: &Published) -> anyhow::Result<()> {
    changes(&done.grids)?;
    match (done.boundary_version, done.effective_at) {
        (Some(version), Some(at)) => print::note(format_args!(
            "version {version}, in force from {}; {} addresses and buildings got another grid, {} cases were relocated, \
             {} outlines of divisions moved along",
            at.to_rfc3339(),
            done.rehoused,
            done.relocated,
            done.divisions.len()
        )),
        _ => print::note("nothing was published"),
    }
    Ok(())
}
