//! Listening, serving, stopping.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::stall::{Patience, PatientListener};

/// A kept-alive connection on which nothing happens is closed after this.
const IDLE_LIMIT: Duration = Duration::from_mins(2);

/// Binds the address of the configuration.
///
/// # Errors
/// One sentence that says what to do when the port is taken.
pub async fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("{listen} is taken by another program; choose another with --listen")
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {listen}")),
    })
}

/// Serves until `stopping` is cancelled, then lets requests end, at most `stop_limit_s`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    config: &Config,
    stopping: CancellationToken,
) -> anyhow::Result<()> {
    let patience =
        Patience { stalled: Duration::from_secs(config.stall_limit_s), idle: IDLE_LIMIT };
    let listener = PatientListener::new(listener, patience);
    let begun = stopping.clone();
    let serving = axum::serve(listener, app)
        .with_graceful_shutdown(async move { begun.cancelled().await })
        .into_future();
    let too_long = async {
        stopping.cancelled().await;
        tokio::time::sleep(Duration::from_secs(config.stop_limit_s)).await;
    };
    tokio::select! {
        outcome = serving => outcome.context("the listener failed"),
        () = too_long => {
            tracing::warn!("some requests did not end within {} s and are cut", config.stop_limit_s);
            Ok(())
        }
    }
}

/// Waits for the wish to stop: Ctrl-C or SIGTERM.
///
/// # Errors
/// When signals cannot be received.
pub async fn wish_to_stop() -> io::Result<&'static str> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome.map(|()| "SIGINT"),
        _ = terminate.recv() => Ok("SIGTERM"),
    }
}
