//! What runs beside the routes: the relay, the followers of new versions, the partitions of coming months.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use data::jobs::force::come_into_force;
use data::jobs::relay::{StreamEnd, Subscription};
use data::store::Scope;
use tokio_util::task::TaskTracker;

use crate::error::chain;
use crate::state::AppState;

/// Partitions are made this often; each is made a month ahead.
const MONTHS_EVERY: Duration = Duration::from_hours(6);
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Starts all of them; they end when the service begins to stop.
pub fn start(state: &AppState, jobs: &TaskTracker) {
    let stopping = state.stopping();
    let relay = Arc::clone(state.stream()).run();
    jobs.spawn(stopping.clone().run_until_cancelled_owned(relay));
    let routing = Arc::clone(state.routing()).follow(Arc::clone(state.stream()));
    jobs.spawn(stopping.clone().run_until_cancelled_owned(routing));
    let geocoder = state.geocoder().clone().follow(Arc::clone(state.stream()));
    jobs.spawn(stopping.clone().run_until_cancelled_owned(geocoder));
    let hits = Arc::clone(state.geocoder().alias_hits()).keep();
    jobs.spawn(stopping.clone().run_until_cancelled_owned(hits));
    let files = Arc::clone(state.geocode_jobs()).run();
    jobs.spawn(stopping.clone().run_until_cancelled_owned(files));
    let forget = Arc::clone(state.geocode_jobs()).forget();
    jobs.spawn(stopping.clone().run_until_cancelled_owned(forget));
    let force = come_into_force(state.store().clone(), Arc::clone(state.stream()));
    jobs.spawn(stopping.clone().run_until_cancelled_owned(force));
    jobs.spawn(stopping.clone().run_until_cancelled_owned(follow_map(state.clone())));
    jobs.spawn(stopping.clone().run_until_cancelled_owned(ensure_months(state.clone())));
}

/// Draws the wide tiles ahead, at the start and whenever the map changes.
async fn follow_map(state: AppState) {
    loop {
        warm(&state).await;
        if let Err(error) = wait_for_map(&state).await {
            tracing::warn!(error.chain = chain(&error), "the stream of map versions broke off");
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
        catch_up(&state).await;
    }
}

async fn wait_for_map(state: &AppState) -> Result<(), StreamEnd> {
    let mut events: Subscription = state.stream().subscribe(None, Scope::whole()).await?;
    while events.next().await?.topic != "map" {}
    Ok(())
}

async fn warm(state: &AppState) {
    let started = std::time::Instant::now();
    match state.tiles().warm().await {
        Ok(0) => {}
        Ok(drawn) => {
            let duration_ms = started.elapsed().as_millis() as u64;
            tracing::info!(drawn, duration_ms, "drew {drawn} wide tiles ahead");
        }
        Err(error) => tracing::info!(error.chain = chain(&error), "stopped drawing tiles ahead"),
    }
}

/// Makes routing and tiles know the newest versions: called before anyone is told of them, so that whoever asks at once
/// gets the new ones.
pub async fn catch_up(state: &AppState) {
    if let Err(error) = state.tiles().refresh().await {
        tracing::warn!(error.chain = chain(&error), "the map version cannot be read");
    }
    let reloaded = async {
        let newest = state.store().newest_versions().await?;
        state.routing().reload_if_older_than(newest).await
    };
    if let Err(error) = reloaded.await {
        tracing::warn!(error.chain = chain(&error), "the newest borders cannot be read");
    }
}

async fn ensure_months(state: AppState) {
    loop {
        let wait = match state.intake().ensure_months(Utc::now()).await {
            Ok(()) => MONTHS_EVERY,
            Err(error) => {
                tracing::warn!(
                    error.chain = chain(&error),
                    "the partitions of this and the next month are not sure"
                );
                TRY_AGAIN_AFTER
            }
        };
        tokio::time::sleep(wait).await;
    }
}
