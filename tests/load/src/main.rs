//! `locate-sql`: points for the proof, the processes of the cluster, and the proof itself.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use locate_sql::{cluster, points, prove, udf};

/// The proof that SQL on a Ballista cluster locates points as one process does.
#[derive(Debug, Parser)]
struct Options {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write synthetic points as Parquet
    Points {
        #[arg(long)]
        grids: PathBuf,
        #[arg(long, default_value_t = 50_000_000)]
        rows: u64,
        folder: PathBuf,
    },
    /// Be the scheduler
    Scheduler {
        #[arg(long)]
        grids: PathBuf,
        #[arg(long)]
        port: u16,
    },
    /// Be an executor
    Executor {
        #[arg(long)]
        grids: PathBuf,
        #[arg(long)]
        scheduler_port: u16,
        #[arg(long)]
        port: u16,
        #[arg(long)]
        work: PathBuf,
    },
    /// Start a scheduler and two executors, ask them and this process, compare
    Prove {
        #[arg(long)]
        grids: PathBuf,
        #[arg(long, default_value_t = 50_050)]
        port: u16,
        folder: PathBuf,
    },
}

fn main() -> Result<()> {
    // Plans are walked recursively.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(32 * 1024 * 1024)
        .build()?;
    runtime.block_on(async {
        match Options::parse().act {
            Act::Points { grids, rows, folder } => {
                points::write(&folder, rows, &udf::areas(&grids)?)
            }
            Act::Scheduler { grids, port } => cluster::scheduler(&grids, port).await,
            Act::Executor { grids, scheduler_port, port, work } => {
                cluster::executor(&grids, scheduler_port, port, &work).await
            }
            Act::Prove { grids, port, folder } => prove::prove(&grids, &folder, port).await,
        }
    })
}
