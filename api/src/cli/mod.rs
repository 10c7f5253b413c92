//! The command line: one file per command, each with its arguments and one `run`.

pub mod boundary;
pub mod city;
pub mod db;
pub mod demo;
pub mod export;
pub mod gazetteer;
pub mod geocode;
pub mod globals;
pub mod import;
pub mod key;
pub mod locate;
pub mod openapi;
pub mod print;
pub mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use globals::Globals;

/// Where is this, whose is it, what is going on: the grids of a city as a service.
#[derive(Debug, Parser)]
#[command(name = "wangge", version, about, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Start here:\n  wangge demo                     a synthetic city on a map wall\n  \
                        wangge locate --grids grids.geojson points.csv > out.csv\n  wangge help COMMAND"
)]
pub struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// What `wangge` can do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API, the tiles and the pages
    Serve(serve::Args),
    /// From nothing to a city on a map wall: cluster, city, key, service, live feed
    Demo(demo::Args),
    /// Build the synthetic city and load it, or keep it alive with incidents
    City(city::Args),
    /// Read divisions, grids, addresses, workers or incidents from files
    Import(import::Args),
    /// Write the same kinds to files
    Export(export::Args),
    /// List, compare and publish versions of the borders
    Boundary(boundary::Args),
    /// Locate points in any coverage file, without server or database
    Locate(locate::Args),
    /// Find the places of the addresses in a file, without server
    Geocode(geocode::Args),
    /// Build or show the file that texts are looked up in
    Gazetteer(gazetteer::Args),
    /// Make, list and revoke API keys
    Key(key::Args),
    /// The private PostgreSQL cluster and its schema
    Db(db::Args),
    /// Print the OpenAPI 3.1 description of the service
    Openapi(openapi::Args),
}

/// Runs the chosen command and turns its outcome into an exit code; an error is told as one sentence per cause.
pub fn main(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            print::error(&anyhow::Error::new(error).context("cannot start the async runtime"));
            return ExitCode::FAILURE;
        }
    };
    globals::init_tracing(&cli.globals);
    let outcome = runtime.block_on(run(cli));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if print::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            print::error(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let globals = &cli.globals;
    match cli.command {
        Command::Serve(args) => serve::run(args, globals).await,
        Command::Demo(args) => demo::run(args, globals).await,
        Command::City(args) => city::run(args, globals).await,
        Command::Import(args) => import::run(args, globals).await,
        Command::Export(args) => export::run(args, globals).await,
        Command::Boundary(args) => boundary::run(args, globals).await,
        Command::Locate(args) => locate::run(args, globals).await,
        Command::Geocode(args) => geocode::run(args, globals).await,
        Command::Gazetteer(args) => gazetteer::run(args, globals).await,
        Command::Key(args) => key::run(args, globals).await,
        Command::Db(args) => db::run(args, globals).await,
        Command::Openapi(args) => openapi::run(args, globals).await,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_explains_itself_with_examples() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let nested = command.has_subcommands();
            assert!(command.get_about().is_some(), "{}", command.get_name());
            assert!(help.contains("wangge") || nested, "{} has no examples", command.get_name());
        }
    }

    #[test]
    fn the_demo_listens_to_everyone_and_serve_to_this_machine() {
        let listen = |arguments: &[&str]| match Cli::try_parse_from(arguments).unwrap().command {
            Command::Serve(args) => args.config.listen.to_string(),
            Command::Demo(args) => args.config.listen.to_string(),
            _ => unreachable!("only these two listen"),
        };
        assert_eq!(listen(&["wangge", "serve"]), "127.0.0.1:8080");
        assert_eq!(listen(&["wangge", "demo"]), "0.0.0.0:8080");
        assert_eq!(listen(&["wangge", "demo", "--listen", "127.0.0.1:1"]), "127.0.0.1:1");
    }
}
