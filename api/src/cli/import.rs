//! `wangge import`: files of divisions, grids, addresses, workers and incidents into the database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use data::embedded::{Cluster, ClusterStatus};
use data::import::divisions::parse_level;
use data::import::report::Report;
use data::import::source::{Encoding, Format, OpenOptions};
use data::import::target::{ImportOptions, Target};
use data::import::{Watch, import};
use data::progress::{Progress, Stage};
use spatial::code::Level;
use spatial::crs::Crs;

use super::{Globals, print};

/// Arguments of `wangge import`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Files: GeoJSON (also one feature per line), FlatGeobuf, GeoPackage, Shapefile, CSV and TSV (lng and lat, or WKT); each
but the Shapefile also as .gz. A bad row is refused and told; the others are imported, all in one transaction.

Fields, each with many usual names (编码, 名称, adcode, …) and settable by --map FIELD=COLUMN:
  divisions  code, name, level, kind, parent, people
  grids      code, name, community_code, kind, people
  addresses  source_id, full_text, district, township, community, road, house_no, compound, building_no, unit, room
  workers    code, name, grid_code, role (primary, deputy, helper), shift (1-5 08:00-18:00; 6,7 09:00-12:00)
  incidents  source_id, category, description, reported_at, closed_at, state, address
  positions  lng, lat, wkt

Examples:
  wangge import divisions districts.geojson --crs gcj02 --dry-run
  wangge import divisions townships.shp --level township --encoding gb18030
  wangge import grids grids.gpkg --layer grid_2026 --replace --report report.json
  wangge import addresses addresses.csv.gz --crs wgs84 --map full_text=标准地址
  wangge import workers workers.csv
  wangge import incidents history.csv --crs bd09")]
pub struct Args {
    /// What the file holds: divisions, grids, addresses, workers, incidents
    #[arg(value_name = "WHAT")]
    target: Target,
    /// The file; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Coordinate system of its numbers: wgs84, cgcs2000, gcj02, bd09, EPSG:n; what the file declares if absent
    #[arg(long, value_name = "CRS")]
    crs: Option<Crs>,
    /// Text encoding of tables: utf8 or gb18030; recognised if absent
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<Encoding>,
    /// Format; recognised if absent: geojson, flatgeobuf, geopackage, shapefile, csv, tsv
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Layer of a GeoPackage that has several
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Which column is what, where its name does not tell; several with commas, or given again
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair, value_delimiter = ',')]
    map: Vec<(String, String)>,
    /// Level of divisions that do not say theirs: city, district, township, community
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    level: Option<Level>,
    /// Codes that the file does not have end, within the levels and parents that it has
    #[arg(long)]
    replace: bool,
    /// Remove gaps and overlaps between borders up to so many metres wide; each is counted in the account
    #[arg(long = "snap", value_name = "METRES", default_value_t = 0.0, value_parser = metres)]
    snap_m: f64,
    /// Read, judge and compare; write nothing
    #[arg(long)]
    dry_run: bool,
    /// Refuse the whole file for one bad row
    #[arg(long)]
    strict: bool,
    /// Write the whole account as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs `wangge import`.
///
/// # Errors
/// When the file or the database refuses; nothing was written then.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let options = ImportOptions {
        target: args.target,
        file: args.file,
        open: OpenOptions {
            format: args.format,
            encoding: args.encoding,
            layer: args.layer,
            position_columns: Vec::new(),
        },
        crs: args.crs,
        map: args.map,
        level: args.level,
        dry_run: args.dry_run,
        strict: args.strict,
        replace: args.replace,
        snap_m: args.snap_m,
    };
    if options.file.as_os_str() != "-" && !options.file.exists() {
        bail!("{} does not exist", options.file.display());
    }
    let watch = Arc::new(Reading(Progress::on_stderr().stage("reading", 0)));
    // To look at a file nobody needs a database that is not there yet.
    let is_absent = globals.database_url.is_none()
        && matches!(Cluster::status(&globals.pg_dir)?, ClusterStatus::Absent);
    if options.dry_run && is_absent {
        let report = import(None, options, watch).await?;
        return tell(&report, args.report.as_deref());
    }
    let (store, database) = globals.open_store().await?;
    let imported = import(Some(&store), options, watch).await;
    store.pool.close().await;
    let released = database.release().await;
    let report = imported?;
    released?;
    tell(&report, args.report.as_deref())
}

fn tell(report: &Report, file: Option<&Path>) -> anyhow::Result<()> {
    print::note(report);
    file.map_or(Ok(()), |file| write_report(file, report))
}

/// Shows how far a file has been read.
struct Reading(Stage);

impl Watch for Reading {
    fn read(&self, _rows: u64, bytes: u64, of_bytes: u64) {
        self.0.set_len(of_bytes);
        self.0.set(bytes);
    }
}

/// Reads `field=column`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => {
            Ok((field.trim().to_owned(), column.to_owned()))
        }
        _ => Err(format!("{text:?} is not FIELD=COLUMN")),
    }
}

/// Reads a level.
pub(super) fn level(text: &str) -> Result<Level, String> {
    parse_level(text)
        .ok_or_else(|| format!("{text:?} is none of city, district, township, community"))
}

fn metres(text: &str) -> Result<f64, String> {
    let metres = text.parse().ok().filter(|metres: &f64| metres.is_finite() && *metres >= 0.0);
    metres.ok_or_else(|| format!("{text:?} is no width in metres"))
}

/// Writes a report as JSON.
pub(super) fn write_report(path: &Path, report: &impl serde::Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report).context("the report is not JSON")?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
