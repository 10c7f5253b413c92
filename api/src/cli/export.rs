//! `wangge export`: divisions, grids, addresses and incidents from the database into files.

use std::path::PathBuf;

use anyhow::{Context, bail};
use data::export::city::{CityForm, export_city};
use data::export::{ExportOptions, Target, export};
use data::import::source::Format;
use data::progress::Progress;
use spatial::code::Level;
use spatial::crs::Crs;

use super::import::level;
use super::{Globals, print};

/// Arguments of `wangge export`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What is exported and imported again changes nothing, in every format and coordinate system.

Examples:
  wangge export grids --out grids.geojson
  wangge export divisions --level township --out townships.shp
  wangge export addresses --crs gcj02 --out addresses.csv.gz
  wangge export grids --as-of 3 --out grids-v3.gpkg
  wangge export incidents --format csv --out - | head
  wangge export city out --format gpkg          every layer of the map: out/city.gpkg
  wangge export city out --format parquet       out/grid.parquet, out/address.parquet, ...")]
pub struct Args {
    /// What to write: divisions, grids, addresses, incidents, or city for every layer of the map
    #[arg(value_name = "WHAT", value_parser = what)]
    what: What,
    /// The folder for the files of the city; made if need be
    #[arg(value_name = "DIR", conflicts_with = "out")]
    folder: Option<PathBuf>,
    /// The file; its ending chooses the format, .gz packs it (not for .shp and .gpkg); - is standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Format: geojson, flatgeobuf, geopackage, shapefile, csv, tsv, by the ending of --out if absent; of the city gpkg,
    /// fgb or parquet
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Coordinate system of the numbers: wgs84, cgcs2000, gcj02, bd09, EPSG:n
    #[arg(long, value_name = "CRS", default_value = "wgs84")]
    crs: Crs,
    /// Divisions and grids as in this boundary version; the newest if absent
    #[arg(long, value_name = "VERSION")]
    as_of: Option<i32>,
    /// Divisions of this level only: city, district, township, community
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    level: Option<Level>,
}

/// `WHAT`.
#[derive(Clone, Copy, Debug)]
enum What {
    One(Target),
    City,
}

fn what(name: &str) -> Result<What, String> {
    match name {
        "city" => Ok(What::City),
        _ => name.parse().map(What::One).map_err(|why: String| format!("{why}, city")),
    }
}

/// Runs `wangge export`.
///
/// # Errors
/// When the database or the file refuses.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    match args.what {
        What::City => run_city(args, globals).await,
        What::One(target) => run_one(target, args, globals).await,
    }
}

async fn run_city(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let folder = args.folder.context("the city is many files: name a folder for them")?;
    let form = args.format.as_deref().unwrap_or("gpkg");
    let form: CityForm = form.parse().map_err(anyhow::Error::msg)?;
    if args.crs != Crs::Wgs84 || args.as_of.is_some() || args.level.is_some() {
        bail!(
            "the city is written as it is in force, in WGS 84: --crs, --as-of and --level are for single kinds"
        );
    }
    let (store, database) = globals.open_store().await?;
    let progress = Progress::on_stderr();
    let exported = tokio::select! {
        exported = export_city(&store, &folder, form, &progress) => exported.map_err(anyhow::Error::from),
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted: no file was written")),
    };
    store.pool.close().await;
    let released = database.release().await;
    let reports = exported?;
    released?;
    for report in reports {
        print::line(format_args!("{:>9}  {}", report.rows, report.layer))?;
    }
    print::note(format_args!("in {}, WGS 84", folder.display()));
    Ok(())
}

async fn run_one(target: Target, args: Args, globals: &Globals) -> anyhow::Result<()> {
    let format = args.format.as_deref().map(str::parse::<Format>).transpose();
    let options = ExportOptions {
        target,
        out: args.out.context("name the file: --out FILE")?,
        format: format.map_err(anyhow::Error::msg)?,
        crs: args.crs,
        as_of: args.as_of,
        level: args.level,
    };
    let (out, crs) = (options.out.display().to_string(), options.crs);
    let (store, database) = globals.open_store().await?;
    let exported = export(&store, options).await;
    store.pool.close().await;
    let released = database.release().await;
    let report = exported?;
    released?;
    let version = report
        .boundary_version
        .map_or_else(String::new, |version| format!(", boundary version {version}"));
    print::note(format_args!("{} rows in {out} ({crs}{version})", report.rows));
    Ok(())
}
