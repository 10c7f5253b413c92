//! Brings the private cluster back when its server was killed. One that was stopped on purpose is left alone.

use std::path::PathBuf;
use std::time::Duration;

use data::embedded::{Cluster, ClusterStatus};
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks after the cluster in `dir` until `stopping` is cancelled.
pub async fn keep_running(dir: PathBuf, stopping: CancellationToken) {
    let mut timer = tokio::time::interval(LOOK_EVERY);
    timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stopping.run_until_cancelled(timer.tick()).await.is_some() {
        let looked_at = dir.clone();
        let status = tokio::task::spawn_blocking(move || Cluster::status(&looked_at)).await;
        if matches!(status, Ok(Ok(ClusterStatus::Killed))) {
            tracing::warn!("the private PostgreSQL server was killed; it is started again");
            match Cluster::open(&dir).await {
                Ok(_) => tracing::info!("the private PostgreSQL server runs again"),
                Err(error) => tracing::error!(
                    error.chain = crate::error::chain(&error),
                    "the private PostgreSQL server does not start"
                ),
            }
        }
    }
}
