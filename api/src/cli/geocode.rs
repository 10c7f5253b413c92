//! `wangge geocode`: addresses to places, from file to file, without a running server.

use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use data::geocode::{Gazetteer, Keep, build};
use data::import::geocode_file::{Asker, GeocodeFile, GeocodeReport, OutputFormat, run as geocode};
use data::import::locate_file::{Areas, LocateFile, size_of};
use data::import::source::{Encoding, Format, OpenOptions};
use data::progress::Progress;
use data::routing::Routing;
use spatial::crs::Crs;

use super::import::{pair, write_report};
use super::locate::part_of;
use super::{Globals, print};

/// Arguments of `wangge geocode`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Output: the columns of the input, then verdict (accepted, ambiguous, doubtful, not_found, invalid), address_id, label, level,
confidence, lng, lat, accuracy_m, grid_code, grid_name, community_code and note. Every row of the input comes out again, in order.

Examples:
  wangge geocode --crs gcj02 calls.csv > placed.csv
  wangge geocode --crs wgs84 --text 事发地址 calls.parquet --out placed.parquet
  wangge geocode --crs gcj02 --map road=路 --map house_no=号 --map room=室 rooms.csv > out.csv
  wangge gazetteer build city.gazetteer
  wangge geocode --snapshot city.gazetteer --grids grids.gpkg --crs wgs84 calls.csv > out.csv")]
pub struct Args {
    /// The addresses: CSV or TSV, Parquet, Arrow IPC; - is standard input
    #[arg(value_name = "FILE")]
    addresses: PathBuf,
    /// Coordinate system of the output: wgs84, cgcs2000, gcj02, bd09, EPSG:n
    #[arg(long, value_name = "CRS")]
    crs: Crs,
    /// Coordinate system of coordinates inside the texts; without it they are not read
    #[arg(long, value_name = "CRS", conflicts_with = "snapshot")]
    text_crs: Option<Crs>,

    /// A gazetteer that `wangge gazetteer build` wrote, instead of the database
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// The grids, for --snapshot: GeoJSON, FlatGeobuf, GeoPackage, Shapefile, CSV with WKT
    #[arg(long, value_name = "FILE", requires = "snapshot")]
    grids: Option<PathBuf>,
    /// Coordinate system of the grids, where their file does not declare it
    #[arg(long, value_name = "CRS", requires = "grids")]
    grids_crs: Option<Crs>,
    /// Column with the whole address; recognised by its name if absent
    #[arg(long, value_name = "COLUMN")]
    text: Option<String>,
    /// Which column is which element: district, township, community, road, `house_no`, compound, `building_no`, unit, room
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair, conflicts_with = "text")]
    map: Vec<(String, String)>,
    /// Where to write; standard output if absent
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What to write: csv, parquet, arrow; by the name of --out if absent, else csv
    #[arg(long, value_name = "FORMAT")]
    to: Option<OutputFormat>,
    /// Threads that understand, beside one that reads and one that writes; one per core if absent
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Format of the addresses; recognised if absent
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Text encoding of the addresses: utf8 or gb18030; recognised if absent
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<Encoding>,
    /// Folder where the gazetteer of the database is kept for the next run
    #[arg(long, env = "WANGGE_CACHE_DIR", default_value = "./var/cache", value_name = "DIR")]
    cache_dir: PathBuf,
    /// Write the whole account, every bad row included, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Runs `wangge geocode`.
///
/// # Errors
/// When a file or the database cannot be read, or the output not written.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let asker = match &args.snapshot {
        Some(file) => from_file(file, &args)?,
        None => from_database(&args.cache_dir, globals).await?,
    };
    let report_file = args.report.clone();
    let report = tokio::task::spawn_blocking(move || geocode_all(args, &asker))
        .await
        .context("the reader stopped: this is a defect")??;
    tell(&report);
    if let Some(file) = report_file {
        write_report(&file, &report)?;
    }
    Ok(())
}

fn from_file(file: &Path, args: &Args) -> anyhow::Result<Asker> {
    let gazetteer = Arc::new(Gazetteer::open(file)?);
    let Some(grids) = args.grids.clone() else { return Ok(Asker::with_areas(gazetteer, None)) };
    let options = LocateFile {
        grids,
        grids_crs: args.grids_crs,
        grids_open: OpenOptions::default(),
        grids_map: Vec::new(),
        points: PathBuf::new(),
        points_crs: None,
        points_open: OpenOptions::default(),
        output: OutputFormat::Csv,
        threads: 1,
    };
    let (areas, report) = Areas::read(&options)?;
    print::note(&report);
    Ok(Asker::with_areas(gazetteer, Some(areas)))
}

async fn from_database(cache: &Path, globals: &Globals) -> anyhow::Result<Asker> {
    let (store, database) = globals.open_store().await?;
    let asker = async {
        let gazetteer = match Gazetteer::kept(&store, cache).await? {
            Some(gazetteer) => gazetteer,
            None => build(&store, Keep::In(cache), &Progress::on_stderr()).await?.0,
        };
        // What people call places, and what changed meanwhile.
        let gazetteer = gazetteer.caught_up(&store).await?.0.unwrap_or(gazetteer);
        let view = Routing::start(store.clone()).await?.now().await?;
        anyhow::Ok(Asker::with_borders(Arc::new(gazetteer), view))
    };
    let asker = asker.await;
    store.pool.close().await;
    database.release().await?;
    asker
}

fn geocode_all(args: Args, asker: &Asker) -> anyhow::Result<GeocodeReport> {
    let by_name = args.out.as_deref().map(OutputFormat::by_name);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut columns = args.map;
    columns.extend(args.text.map(|column| ("text".to_owned(), column)));
    let options = GeocodeFile {
        addresses: args.addresses,
        open: OpenOptions {
            format: args.format,
            encoding: args.encoding,
            ..OpenOptions::default()
        },
        columns,
        crs: args.crs,
        text_crs: args.text_crs,
        output: args.to.or(by_name).unwrap_or_default(),
        threads: args.threads.map_or(cores, usize::from),
    };
    let progress = Progress::on_stderr().stage("geocoding", size_of(&options.addresses));
    let advance = |_rows: u64, bytes: u64| progress.set(bytes);
    match &args.out {
        None => Ok(geocode(&options, asker, BufWriter::new(stdout()), advance)?),
        Some(path) => {
            let part = part_of(path);
            let failed = || format!("cannot write {}", path.display());
            let mut file = std::fs::File::create(&part).with_context(failed)?;
            let report = geocode(&options, asker, BufWriter::new(&mut file), advance)?;
            file.flush().with_context(failed)?;
            std::fs::rename(&part, path).with_context(failed)?;
            Ok(report)
        }
    }
}

/// How many bad rows are told at the terminal.
const SHOWN: usize = 20;

fn tell(report: &GeocodeReport) {
    for note in &report.notes {
        print::note(note);
    }
    let columns: Vec<String> =
        report.columns.iter().map(|(field, column)| format!("{field}={column}")).collect();
    print::note(format_args!(
        "{} rows ({}): {} accepted, {} ambiguous, {} doubtful, {} not found, {} invalid",
        report.rows,
        columns.join(", "),
        report.accepted,
        report.ambiguous,
        report.doubtful,
        report.not_found,
        report.invalid
    ));
    for refusal in report.refused.iter().take(SHOWN) {
        print::note(format_args!("  row {}: {}", refusal.row, refusal.reason));
    }
    let more = report.invalid.saturating_sub(report.refused.len().min(SHOWN) as u64);
    if more > 0 {
        print::note(format_args!("  … and {more} more (by --report FILE.json)"));
    }
}
