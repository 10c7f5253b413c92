//! The `wangge` binary: everything it can do is a subcommand of [`api::cli`].

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    api::cli::main(api::cli::Cli::parse())
}
