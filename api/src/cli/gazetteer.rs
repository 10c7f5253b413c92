//! `wangge gazetteer`: the file that texts are looked up in.

use std::path::PathBuf;
use std::time::Instant;

use data::geocode::{Gazetteer, Keep, build};
use data::progress::Progress;

use super::{Globals, print};

/// Arguments of `wangge gazetteer`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Build the gazetteer of the database as one file
    #[command(after_help = "Examples:\n  wangge gazetteer build city.gazetteer")]
    Build {
        /// Where to write it
        #[arg(value_name = "FILE")]
        out: PathBuf,
    },
    /// Say what a gazetteer holds; without a file, what the database holds
    #[command(
        after_help = "Examples:\n  wangge gazetteer show city.gazetteer\n  wangge gazetteer show"
    )]
    Show {
        /// The gazetteer
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Runs `wangge gazetteer`.
///
/// # Errors
/// When the database cannot be read or the file neither read nor written.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    match args.command {
        Command::Build { out } => {
            let (store, database) = globals.open_store().await?;
            let begun = Instant::now();
            let built = build(&store, Keep::At(&out), &Progress::on_stderr()).await;
            store.pool.close().await;
            database.release().await?;
            let (gazetteer, collected) = built?;
            print::note(format_args!(
                "{} addresses, {} without elements, {} divisions, {} places, {} crossings in {:.1} s",
                collected.addresses,
                collected.without_elements,
                collected.divisions,
                collected.places,
                collected.crossings,
                begun.elapsed().as_secs_f64()
            ));
            show(&gazetteer)
        }
        Command::Show { file: Some(file) } => show(&Gazetteer::open(&file)?),
        Command::Show { file: None } => {
            let (store, database) = globals.open_store().await?;
            let state = store.gazetteer_state().await;
            store.pool.close().await;
            database.release().await?;
            let state = state?;
            print::line(format_args!("version {} ({})", state.version, state.stamp))
        }
    }
}

fn show(gazetteer: &Gazetteer) -> anyhow::Result<()> {
    let [names, sites, buildings] = gazetteer.snapshot().sizes();
    let borders = gazetteer.boundary_version().map_or("none".to_owned(), |one| one.to_string());
    print::line(format_args!("version    {} ({})", gazetteer.version(), gazetteer.stamp()))?;
    print::line(format_args!("borders    {borders}"))?;
    print::line(format_args!("addresses  {}", gazetteer.snapshot().len()))?;
    print::line(format_args!("sites      {sites}"))?;
    print::line(format_args!("buildings  {buildings}"))?;
    print::line(format_args!("names      {names}"))?;
    print::line(format_args!("bytes      {}", gazetteer.snapshot().bytes().len()))
}
