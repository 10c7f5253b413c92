//! Borders published for later come into force by themselves: routing follows the clock alone, what is drawn and housed is
//! brought up to it here, by one node.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;

use super::relay::{Stream, StreamEnd};
use crate::actions::boundary::settle::settle;
use crate::store::{Scope, Store};

/// The longest sleep: clocks of machines are set now and then.
const LOOK_AFTER: Duration = Duration::from_mins(10);
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Follows the stream for new versions and waits for their time, until the task is aborted.
pub async fn come_into_force(store: Store, stream: Arc<Stream>) {
    loop {
        if let Err(error) = follow(&store, &stream).await {
            tracing::warn!(%error, "what comes into force is not sure, trying again");
        }
        tokio::time::sleep(TRY_AGAIN_AFTER).await;
    }
}

async fn follow(store: &Store, stream: &Arc<Stream>) -> Result<(), StreamEnd> {
    let mut events = stream.subscribe(None, Scope::whole()).await?;
    loop {
        while let Some(settled) = settle(store).await? {
            let rehoused = settled.rehoused;
            tracing::info!(version = settled.version.0, rehoused, "borders came into force");
        }
        let wait = until_next(store).await?;
        let published = async {
            while events.next().await?.topic != "boundary" {}
            Ok::<_, StreamEnd>(())
        };
        tokio::select! {
            told = published => told?,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn until_next(store: &Store) -> crate::error::Result<Duration> {
    let now = Utc::now();
    let versions = store.boundary_versions().await?;
    let next = versions.iter().map(|version| version.effective_at).find(|at| now < *at);
    let wait = next.and_then(|at| (at - now).to_std().ok()).unwrap_or(LOOK_AFTER);
    Ok(wait.min(LOOK_AFTER))
}
