//! One client of the service: sends until it is answered, with the same keys each time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::bail;
use chrono::Utc;
use data::city::life::Report;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::time::Instant;

use super::LiveOptions;

/// After so many refusals and not one success the service and the city do not belong together.
const HOPELESS: u64 = 20;
/// The longest wait before a report is tried again.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What became of the reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Taken in.
    pub taken: u64,
    /// Refused.
    pub refused: u64,
}

#[derive(Debug)]
pub(super) struct Sender {
    client: Client,
    url: String,
    key: String,
    story: u64,
    as_told: bool,
    taken: AtomicU64,
    refused: AtomicU64,
    /// How long the last answer took, retries included.
    waited_ms: AtomicU64,
}

impl Sender {
    pub(super) fn new(options: &LiveOptions) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::builder().timeout(Duration::from_secs(20)).build()?,
            url: format!("{}/v1/incidents", options.url.trim_end_matches('/')),
            key: options.key.clone(),
            story: options.story,
            as_told: options.as_told,
            taken: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            waited_ms: AtomicU64::new(0),
        })
    }

    pub(super) fn tally(&self) -> Tally {
        Tally {
            taken: self.taken.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }

    /// How long the last answer took.
    pub(super) fn waiting(&self) -> Duration {
        Duration::from_millis(self.waited_ms.load(Ordering::Relaxed))
    }

    /// Sends reports until each is answered; the same keys each time, so that a lost answer does not double any.
    pub(super) async fn send(&self, reports: Vec<Report>) -> anyhow::Result<()> {
        let mut bodies: Vec<Value> = reports.iter().map(|report| self.body(report)).collect();
        let (mut wait, begun) = (Duration::from_millis(200), Instant::now());
        while !bodies.is_empty() {
            bodies = self.attempt(bodies).await?;
            if !bodies.is_empty() {
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
            self.waited_ms.store(begun.elapsed().as_millis() as u64, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Sends once; returns those that must be sent again.
    async fn attempt(&self, bodies: Vec<Value>) -> anyhow::Result<Vec<Value>> {
        let request = match &bodies[..] {
            [one] => {
                let mut body = one.clone();
                let key = body.as_object_mut().and_then(|object| object.remove("idempotency_key"));
                let key = key.and_then(|key| key.as_str().map(str::to_owned)).unwrap_or_default();
                self.client.post(&self.url).header("idempotency-key", key).json(&body)
            }
            many => {
                let url = format!("{}/batch", self.url);
                self.client.post(url).json(&serde_json::json!({ "incidents": many }))
            }
        };
        let answer = match request.bearer_auth(&self.key).send().await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(%error, "the service is away");
                return Ok(bodies);
            }
        };
        let status = answer.status();
        if status.is_success() && bodies.len() == 1 {
            self.taken.fetch_add(1, Ordering::Relaxed);
            return Ok(Vec::new());
        }
        if status.is_success() {
            let Ok(results) = answer.json::<Value>().await else { return Ok(bodies) };
            return self.sorted_out(bodies, &results);
        }
        if is_final(status) {
            let text = answer.text().await.unwrap_or_default();
            for _ in &bodies {
                self.refuse(status, &text)?;
            }
            return Ok(Vec::new());
        }
        tracing::debug!(%status, "the service asks to wait");
        Ok(bodies)
    }

    /// Which of a batch were taken, refused, or are to be sent again.
    fn sorted_out(&self, bodies: Vec<Value>, results: &Value) -> anyhow::Result<Vec<Value>> {
        let mut again = Vec::new();
        for (index, body) in bodies.into_iter().enumerate() {
            let result = &results["results"][index];
            let status = result["status"].as_u64().and_then(|code| u16::try_from(code).ok());
            match status.and_then(|code| StatusCode::from_u16(code).ok()) {
                Some(status) if status.is_success() => {
                    self.taken.fetch_add(1, Ordering::Relaxed);
                }
                Some(status) if is_final(status) => {
                    self.refuse(status, &result["problem"].to_string())?;
                }
                _ => again.push(body),
            }
        }
        Ok(again)
    }

    fn refuse(&self, status: StatusCode, text: &str) -> anyhow::Result<()> {
        let refused = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        let hopeless = HOPELESS <= refused && self.taken.load(Ordering::Relaxed) == 0;
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) || hopeless {
            bail!("{} refuses reports with {status}: {text}", self.url);
        }
        tracing::warn!(%status, text, "a report was refused");
        Ok(())
    }

    /// The report as a member of a batch.
    fn body(&self, report: &Report) -> Value {
        let mut body = serde_json::json!({
            "idempotency_key": format!("live-{}-{}-{}", self.story, report.day, report.number),
            "channel": report.channel,
            "category": report.category,
            "description": report.description,
            "source_id": report.source_id,
        });
        if let Some((lng, lat, crs)) = report.location {
            body["location"] =
                serde_json::json!({ "lng": lng, "lat": lat, "crs": crs.to_string() });
        }
        if let Some(address) = &report.address {
            body["address"] = address.as_str().into();
        }
        if self.as_told && report.at <= Utc::now() {
            body["reported_at"] = report.at.to_rfc3339().into();
        }
        body
    }
}

/// Whether trying again cannot help.
fn is_final(status: StatusCode) -> bool {
    status.is_client_error()
        && status != StatusCode::TOO_MANY_REQUESTS
        && status != StatusCode::REQUEST_TIMEOUT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_get_better_is_not_tried_again() {
        for status in [StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED, StatusCode::CONFLICT] {
            assert!(is_final(status), "{status}");
        }
        for status in [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::INTERNAL_SERVER_ERROR,
        ] {
            assert!(!is_final(status), "{status}");
        }
    }
}
