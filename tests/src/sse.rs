//! A small reader of server-sent events that remembers where it was.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use futures::stream::BoxStream;
use serde_json::Value;

/// One event as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The stream number in `id:`, where the event has one.
    pub seq: Option<i64>,
    /// What stands in `event:`.
    pub name: String,
    /// What stands in `data:`.
    pub data: Value,
}

/// An open stream.
pub struct Reader {
    chunks: BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    buffer: Vec<u8>,
    /// The last number seen; give it to [`Reader::open`] to go on from there.
    pub last_seq: Option<i64>,
}

impl Reader {
    /// Opens `url` with `key`, from after `last_seq` on.
    ///
    /// # Errors
    /// When nobody answers, or the answer is not an event stream.
    pub async fn open(url: &str, key: Option<&str>, last_seq: Option<i64>) -> Result<Self> {
        let mut request = reqwest::Client::new().get(url).header("accept", "text/event-stream");
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        if let Some(seq) = last_seq {
            request = request.header("last-event-id", seq.to_string());
        }
        let answer = request.send().await.context("opening the stream")?;
        let kind = answer
            .headers()
            .get("content-type")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        if !answer.status().is_success() || !kind.starts_with("text/event-stream") {
            bail!(
                "the stream answers {} {kind}: {}",
                answer.status(),
                answer.text().await.unwrap_or_default()
            );
        }
        Ok(Self { chunks: answer.bytes_stream().boxed(), buffer: Vec::new(), last_seq })
    }

    /// The next event of any kind, or an error when none comes within `deadline` or the connection ends.
    ///
    /// # Errors
    /// When the time is over, the connection is cut, or an event cannot be read.
    pub async fn next(&mut self, deadline: Duration) -> Result<Event> {
        tokio::time::timeout(deadline, self.read()).await.context("no event within the deadline")?
    }

    /// The next event named `name`; others are passed over.
    ///
    /// # Errors
    /// As [`Reader::next`].
    pub async fn next_named(&mut self, name: &str, deadline: Duration) -> Result<Event> {
        let until = tokio::time::Instant::now() + deadline;
        loop {
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            let event = self
                .next(left)
                .await
                .with_context(|| format!("waiting for an event named {name}"))?;
            if event.name == name {
                return Ok(event);
            }
        }
    }

    async fn read(&mut self) -> Result<Event> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                if let Some(event) = parse(std::str::from_utf8(&block)?)? {
                    self.last_seq = event.seq.or(self.last_seq);
                    return Ok(event);
                }
            }
            let chunk = self
                .chunks
                .next()
                .await
                .context("the stream ended")?
                .context("the stream broke")?;
            self.buffer.extend(chunk.iter().filter(|byte| **byte != b'\r'));
        }
    }
}

/// One block between blank lines; `None` for comments and settings.
fn parse(block: &str) -> Result<Option<Event>> {
    let (mut seq, mut name, mut data) = (None, "message", String::new());
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => seq = value.parse().ok(),
            "event" => name = value,
            "data" => data.push_str(value),
            _ => {}
        }
    }
    if data.is_empty() {
        return Ok(None);
    }
    let data = serde_json::from_str(&data).with_context(|| format!("event data {data:?}"))?;
    Ok(Some(Event { seq, name: name.to_owned(), data }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_with_its_number_and_comments_are_passed_over() {
        let event = parse("id: 7\nevent: incident\ndata: {\"a\":\ndata: 1}\n\n").unwrap().unwrap();
        assert_eq!(
            event,
            Event { seq: Some(7), name: "incident".to_owned(), data: serde_json::json!({"a": 1}) }
        );
        assert_eq!(parse(": keep alive\n\n").unwrap(), None);
    }
}
