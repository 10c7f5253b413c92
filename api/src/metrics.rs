//! What is counted, in the text form of Prometheus.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Bounds of the latency histogram, seconds: a locate takes microseconds, a wall snapshot must not take a second.
const BUCKETS_S: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The same for one text, which takes some hundred microseconds.
const GEOCODE_BUCKETS_S: [f64; 10] =
    [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25];

const REQUESTS: &str = "wangge_http_requests_total";
const DURATION: &str = "wangge_http_request_duration_seconds";
const INCIDENTS: &str = "wangge_incidents_accepted_total";
const REPLAYS: &str = "wangge_incidents_replayed_total";
const LOOKUPS: &str = "wangge_locate_lookups_total";
const GEOCODES: &str = "wangge_geocodes_total";
const GEOCODE_DURATION: &str = "wangge_geocode_duration_seconds";
const STREAMS: &str = "wangge_stream_clients";
const DROPPED: &str = "wangge_stream_clients_dropped_total";
const OUTBOX: &str = "wangge_outbox_lag";
const TILE_HITS: &str = "wangge_tile_cache_hits_total";
const TILE_MISSES: &str = "wangge_tile_cache_misses_total";
const TILE_BYTES: &str = "wangge_tile_cache_bytes";

/// Starts counting; the first call in a process installs the recorder.
///
/// # Panics
/// Never: the bounds of the histogram are not empty.
pub fn install() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(DURATION.to_owned()), &BUCKETS_S)
            .expect("the bounds are not empty")
            .set_buckets_for_metric(Matcher::Full(GEOCODE_DURATION.to_owned()), &GEOCODE_BUCKETS_S)
            .expect("the bounds are not empty")
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!(
                "another recorder of metrics was installed before; /metrics stays empty"
            );
        }
        describe();
        handle
    })
}

fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests by method, route and status.");
    metrics::describe_histogram!(DURATION, "Time to the head of the answer, by route.");
    metrics::describe_counter!(INCIDENTS, "Incidents stored, by channel.");
    metrics::describe_counter!(REPLAYS, "Reports answered again from their idempotency key.");
    metrics::describe_counter!(LOOKUPS, "Points located, by whether they lay in a grid.");
    metrics::describe_counter!(GEOCODES, "Texts looked up, by verdict.");
    metrics::describe_histogram!(GEOCODE_DURATION, "Time to look one text up.");
    metrics::describe_gauge!(STREAMS, "Live streams now open.");
    metrics::describe_counter!(DROPPED, "Live streams ended because the client read too slowly.");
    metrics::describe_gauge!(OUTBOX, "Acts committed and not yet on the stream.");
    metrics::describe_counter!(TILE_HITS, "Tiles answered from the cache.");
    metrics::describe_counter!(TILE_MISSES, "Tiles drawn by the database.");
    metrics::describe_gauge!(TILE_BYTES, "Bytes of tiles in the cache.");
}

/// One request was answered.
pub fn request(method: &Method, route: String, status: StatusCode, took: Duration) {
    let method = known_method(method);
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.as_u16().to_string())
        .increment(1);
    histogram!(DURATION, "route" => route).record(took.as_secs_f64());
}

/// Invented methods must not become labels without end.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// An incident was stored.
pub fn incident_accepted(channel: &'static str) {
    counter!(INCIDENTS, "channel" => channel).increment(1);
}

/// A report was answered from its idempotency key.
pub fn incident_replayed() {
    counter!(REPLAYS).increment(1);
}

/// Points were located.
pub fn located(inside: u64, outside: u64) {
    counter!(LOOKUPS, "inside" => "true").increment(inside);
    counter!(LOOKUPS, "inside" => "false").increment(outside);
}

/// A text was looked up.
pub fn geocoded(verdict: &str, took: Duration) {
    counter!(GEOCODES, "verdict" => verdict.to_owned()).increment(1);
    histogram!(GEOCODE_DURATION).record(took.as_secs_f64());
}

/// Live streams of this process.
static OPEN_STREAMS: AtomicUsize = AtomicUsize::new(0);

/// A live stream; it counts as open until dropped.
#[derive(Debug)]
pub struct OpenStream(());

impl OpenStream {
    /// Counts one more stream, unless there are `most` already.
    pub fn begin(most: usize) -> Option<Self> {
        let one_more = |open| (open < most).then_some(open + 1);
        OPEN_STREAMS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        gauge!(STREAMS).increment(1.0);
        Some(Self(()))
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        OPEN_STREAMS.fetch_sub(1, Ordering::Relaxed);
        gauge!(STREAMS).decrement(1.0);
    }
}

/// A stream was ended because its client read too slowly.
pub fn stream_dropped() {
    counter!(DROPPED).increment(1);
}

/// How many acts wait for the stream.
pub fn outbox_lag(waiting: i64) {
    gauge!(OUTBOX).set(waiting as f64);
}

/// How the tile cache has been doing since the start.
pub fn tile_cache(hits: u64, misses: u64, bytes: u64) {
    counter!(TILE_HITS).absolute(hits);
    counter!(TILE_MISSES).absolute(misses);
    gauge!(TILE_BYTES).set(bytes as f64);
}
