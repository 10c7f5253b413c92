//! `wangge city live`: invented incidents, reported to a running service as its clients would.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use data::city::City;
use data::city::live::{Report, Reporter};
use reqwest::{Client, StatusCode};
use tokio::task::JoinSet;

use super::Which;
use crate::cli::print;

/// At most so many reports are under way at once.
const IN_FLIGHT: usize = 64;
/// After so many refusals and not one success the service and the city do not belong together.
const HOPELESS: u64 = 20;
/// The longest wait before a report is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Arguments of `wangge city live`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Positions are in the system of the sender (WGS 84, GCJ-02, BD-09), hotline reports mostly have only an address. Reports
that do not get through are tried again with the same key, so none is lost and none is counted twice.

Examples:
  wangge city live --key wg_...                          two a second for ever
  wangge city live --key wg_... --rate 50 --count 10000 --story 1")]
pub struct LiveArgs {
    /// The service
    #[arg(long, default_value = "http://localhost:8080", value_name = "URL")]
    url: String,
    /// An API key that may write
    #[arg(long, env = "WANGGE_KEY", hide_env_values = true, value_name = "KEY")]
    key: String,
    /// Reports in a second
    #[arg(long, default_value_t = 2.0, value_name = "NUMBER")]
    rate: f64,
    /// Stop after so many; for ever if absent
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
    /// The same number tells the same story, with the same idempotency keys; a new one each time if absent
    #[arg(long, value_name = "NUMBER")]
    story: Option<u64>,
    #[command(flatten)]
    which: Which,
}

/// What to report where.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// The service, without a path.
    pub url: String,
    /// An API key that may write.
    pub key: String,
    /// Reports in a second; more than nought.
    pub rate: f64,
    /// How many; for ever if absent.
    pub count: Option<u64>,
    /// Another number, another series of reports and of idempotency keys.
    pub story: u64,
}

/// What became of the reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveTally {
    /// Taken in.
    pub taken: u64,
    /// Refused.
    pub refused: u64,
}

/// Runs `wangge city live`.
///
/// # Errors
/// When the city cannot be drawn or the service takes nothing.
pub async fn run(args: LiveArgs) -> anyhow::Result<()> {
    let city = args.which.draw(args.which.rows()?).await?;
    let options = LiveOptions {
        url: args.url,
        key: args.key,
        rate: args.rate,
        count: args.count,
        story: args.story.unwrap_or_else(new_story),
    };
    print::note(format_args!(
        "reporting to {} (story {}), stop with Ctrl-C",
        options.url, options.story
    ));
    let stop = async {
        // Without a signal handler there is nothing to stop for but the end of the series.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let tally = live(&city, &options, stop).await?;
    print::line(format_args!("{} reports taken in, {} refused", tally.taken, tally.refused))
}

/// A number no earlier run had.
pub fn new_story() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_millis() as u64)
}

/// Reports incidents of a city until `stop` or until all are told. Waits for a service that is away.
///
/// # Errors
/// When the key is refused, or nothing but refusals comes back.
pub async fn live(
    city: &City,
    options: &LiveOptions,
    stop: impl Future<Output = ()> + Send,
) -> anyhow::Result<LiveTally> {
    if options.rate.is_nan() || options.rate <= 0.0 {
        bail!("invalid rate (got {}): must be more than nought", options.rate);
    }
    let reporter = Reporter::new(city, options.story).context("the city has no addresses")?;
    let own = Arc::new(Sender::new(options)?);
    let mut under_way: JoinSet<anyhow::Result<()>> = JoinSet::new();
    tokio::pin!(stop);
    let limit = options.count.unwrap_or(u64::MAX);
    for (number, report) in (1..=limit).zip(reporter) {
        let sender = Arc::clone(&own);
        under_way.spawn(async move { sender.send(number, &report).await });
        let pause = tokio::time::sleep(Duration::from_secs_f64(uneven(number) / options.rate));
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut stop => return Ok(own.tally()),
                Some(done) = under_way.join_next(), if !under_way.is_empty() => done??,
                () = &mut pause, if under_way.len() < IN_FLIGHT => break,
            }
        }
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    Ok(own.tally())
}

/// How long to wait after a report, as a share of the mean: people do not report by the clock.
fn uneven(number: u64) -> f64 {
    let chance = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    0.2 + 1.6 * chance as f64 / (1u64 << 24) as f64
}

/// One client of the service.
#[derive(Debug)]
struct Sender {
    client: Client,
    endpoint: String,
    key: String,
    story: u64,
    taken: AtomicU64,
    refused: AtomicU64,
}

impl Sender {
    fn new(options: &LiveOptions) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::builder().timeout(Duration::from_secs(20)).build()?,
            endpoint: format!("{}/v1/incidents", options.url.trim_end_matches('/')),
            key: options.key.clone(),
            story: options.story,
            taken: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        })
    }

    fn tally(&self) -> LiveTally {
        LiveTally {
            taken: self.taken.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }

    /// Sends one report until it is answered; the same key each time, so that a lost answer does not double it.
    async fn send(&self, number: u64, report: &Report) -> anyhow::Result<()> {
        let mut wait = Duration::from_millis(200);
        loop {
            let request = self
                .client
                .post(&self.endpoint)
                .bearer_auth(&self.key)
                .header("idempotency-key", format!("live-{}-{number}", self.story))
                .json(&body(report));
            match request.send().await {
                Ok(answer) if answer.status().is_success() => {
                    self.taken.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                Ok(answer) if is_final(answer.status()) => {
                    let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
                    return self.refuse(status, &text);
                }
                Ok(answer) => {
                    tracing::debug!(status = %answer.status(), "the service asks to wait");
                }
                Err(error) => {
                    tracing::debug!(%error, "the service is away");
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    fn refuse(&self, status: StatusCode, text: &str) -> anyhow::Result<()> {
        let refused = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        let hopeless = HOPELESS <= refused && self.taken.load(Ordering::Relaxed) == 0;
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) || hopeless {
            bail!("{} refuses reports with {status}: {text}", self.endpoint);
        }
        tracing::warn!(%status, text, "a report was refused");
        Ok(())
    }
}

/// Whether trying again cannot help.
fn is_final(status: StatusCode) -> bool {
    status.is_client_error()
        && status != StatusCode::TOO_MANY_REQUESTS
        && status != StatusCode::REQUEST_TIMEOUT
}

/// The report as the service wants it.
fn body(report: &Report) -> serde_json::Value {
    let mut body = serde_json::json!({
        "channel": report.channel,
        "category": report.category,
        "description": report.description,
        "source_id": report.source_id,
    });
    if let Some((lng, lat, crs)) = report.location {
        body["location"] = serde_json::json!({ "lng": lng, "lat": lat, "crs": crs.to_string() });
    }
    if let Some(address) = &report.address {
        body["address"] = address.as_str().into();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_uneven_and_right_in_the_mean() {
        let pauses: Vec<f64> = (1..=10_000).map(uneven).collect();
        let mean = pauses.iter().sum::<f64>() / pauses.len() as f64;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!(pauses.iter().all(|p| (0.2..1.8).contains(p)));
    }

    #[test]
    fn a_report_without_a_position_has_no_location() {
        let report = Report {
            channel: "hotline",
            category: "0302",
            description: "暖气不热".to_owned(),
            location: None,
            address: Some("甘肃省兰州市城关区".to_owned()),
            source_id: "RX1".to_owned(),
        };
        let body = body(&report);
        assert!(body.get("location").is_none());
        assert_eq!(body["address"], "甘肃省兰州市城关区");
    }

    #[test]
    fn only_what_cannot_get_better_is_final() {
        assert!(is_final(StatusCode::UNPROCESSABLE_ENTITY));
        assert!(!is_final(StatusCode::TOO_MANY_REQUESTS));
        assert!(!is_final(StatusCode::SERVICE_UNAVAILABLE));
    }
}
