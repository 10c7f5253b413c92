//! `wangge export`: divisions, grids, addresses and incidents from the database into files.

use std::path::PathBuf;

use data::export::{ExportOptions, Target, export};
use data::import::source::Format;
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
  wangge export incidents --format csv --out - | head")]
pub struct Args {
    /// What to write: divisions, grids, addresses, incidents
    #[arg(value_name = "WHAT")]
    target: Target,
    /// The file; its ending chooses the format, .gz packs it (not for .shp and .gpkg); - is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Format: geojson, flatgeobuf, geopackage, shapefile, csv, tsv; by the ending of --out if absent
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
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

/// Runs `wangge export`.
///
/// # Errors
/// When the database or the file refuses.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let options = ExportOptions {
        target: args.target,
        out: args.out,
        format: args.format,
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
