//! `wangge locate`: points against grids, from file to file, without server or database.

use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::Context;
use data::import::locate_file::{Areas, LocateFile, LocateReport, OutputFormat, run as locate};
use data::import::source::{Encoding, Format, OpenOptions};
use data::progress::Progress;
use spatial::crs::Crs;

use super::import::{pair, write_report};
use super::{Globals, print};

/// Arguments of `wangge locate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Output: the columns of the input, then grid_code, grid_name, status (inside, outside, invalid), distance_m (to the
nearest grid, for points outside) and note. Every row of the input comes out again, in order.

Examples:
  wangge locate --grids grids.geojson points.csv > out.csv
  wangge locate --grids districts.shp --crs gcj02 stations.csv --out stations-located.csv
  wangge locate --grids city.gpkg addresses.parquet --out located.parquet
  zcat reports.csv.gz | wangge locate --grids grids.fgb --lng 经度 --lat 纬度 - > out.csv
  wangge locate --grids city.gpkg --grids-layer grid --crs EPSG:4544 survey.csv --report report.json > out.csv")]
pub struct Args {
    /// The grids, or any other areas: GeoJSON, FlatGeobuf, GeoPackage, Shapefile, CSV with WKT
    #[arg(long, value_name = "FILE")]
    grids: PathBuf,
    /// The points: CSV or TSV, Parquet or GeoParquet, Arrow IPC, or any format of --grids; - is standard input
    #[arg(value_name = "POINTS")]
    points: PathBuf,
    /// Where to write; standard output if absent
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What to write: csv, parquet, arrow; by the name of --out if absent, else csv
    #[arg(long, value_name = "FORMAT")]
    to: Option<OutputFormat>,
    /// Threads that locate, beside one that reads and one that writes; one per core if absent
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Coordinate system of the points: wgs84 (default), cgcs2000, gcj02, bd09, EPSG:n
    #[arg(long, value_name = "CRS")]
    crs: Option<Crs>,
    /// Coordinate system of the grids, where their file does not declare it or declares it wrongly
    #[arg(long, value_name = "CRS")]
    grids_crs: Option<Crs>,
    /// Layer of the grids, in a GeoPackage with several
    #[arg(long, value_name = "NAME")]
    grids_layer: Option<String>,
    /// Which column of the grids is what: code=COLUMN, name=COLUMN
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    grids_map: Vec<(String, String)>,
    /// Column of the points with the longitude; recognised by its name if absent
    #[arg(long, value_name = "COLUMN")]
    lng: Option<String>,
    /// Column of the points with the latitude; recognised by its name if absent
    #[arg(long, value_name = "COLUMN")]
    lat: Option<String>,
    /// Format of the points; recognised if absent
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Text encoding of the points: utf8 or gb18030; recognised if absent
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<Encoding>,
    /// Write the whole account, every bad row included, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs `wangge locate`.
///
/// # Errors
/// When a file cannot be read or written.
pub async fn run(args: Args, _globals: &Globals) -> anyhow::Result<()> {
    let report_file = args.report.clone();
    let report = tokio::task::spawn_blocking(move || locate_all(args))
        .await
        .context("the reader stopped: this is a defect")??;
    tell(&report);
    if let Some(file) = report_file {
        write_report(&file, &report)?;
    }
    Ok(())
}

fn locate_all(args: Args) -> anyhow::Result<LocateReport> {
    let columns = [("lng", args.lng), ("lat", args.lat)];
    let position_columns =
        columns.into_iter().filter_map(|(field, column)| Some((field.to_owned(), column?)));
    let by_name = args.out.as_deref().map(OutputFormat::by_name);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let options = LocateFile {
        output: args.to.or(by_name).unwrap_or_default(),
        threads: args.threads.map_or(cores, usize::from),
        grids: args.grids,
        grids_crs: args.grids_crs,
        grids_open: OpenOptions { layer: args.grids_layer, ..OpenOptions::default() },
        grids_map: args.grids_map,
        points: args.points,
        points_crs: args.crs,
        points_open: OpenOptions {
            format: args.format,
            encoding: args.encoding,
            position_columns: position_columns.collect(),
            ..OpenOptions::default()
        },
    };
    let (areas, grids) = Areas::read(&options)?;
    print::note(&grids);
    let size_bytes = data::import::locate_file::size_of(&options.points);
    let progress = Progress::on_stderr().stage("locating", size_bytes);
    let advance = |_rows: u64, bytes: u64| progress.set(bytes);
    let report = match &args.out {
        None => locate(&options, &areas, grids, BufWriter::new(stdout()), advance)?,
        Some(path) => {
            let part = part_of(path);
            let failed = || format!("cannot write {}", path.display());
            let mut file = std::fs::File::create(&part).with_context(failed)?;
            let report = locate(&options, &areas, grids, BufWriter::new(&mut file), advance)?;
            file.flush().with_context(failed)?;
            std::fs::rename(&part, path).with_context(failed)?;
            report
        }
    };
    drop(progress);
    Ok(report)
}

/// Where the output grows until it is complete.
pub(super) fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// How many bad rows are told at the terminal.
const SHOWN: usize = 20;

fn tell(report: &LocateReport) {
    for note in &report.notes {
        print::note(format_args!("points: {note}"));
    }
    print::note(format_args!(
        "points ({}): {} rows, {} inside, {} outside, {} invalid",
        report.points_crs, report.rows, report.inside, report.outside, report.invalid
    ));
    for refusal in report.refused.iter().take(SHOWN) {
        let id = refusal.id.as_deref().unwrap_or_default();
        print::note(format_args!("  row {} ({id}): {}", refusal.row, refusal.reason));
    }
    let more = report.invalid.saturating_sub(report.refused.len().min(SHOWN) as u64);
    if more > 0 {
        print::note(format_args!("  … and {more} more (by --report FILE.json)"));
    }
}
