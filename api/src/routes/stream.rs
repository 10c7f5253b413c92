//! What is going on, as it happens: server-sent events with resume.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use chrono::{SubsecRound, Utc};
use data::jobs::relay::{StreamEnd, Subscription};
use data::store::StreamEvent;
use futures::Stream;
use serde::Serialize;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::auth::WallReader;
use crate::error::{ApiError, Result, chain};
use crate::extract::Query;
use crate::metrics::OpenStream;
use crate::state::AppState;
use crate::view::problem::ProblemView;
use crate::view::wall::{HeartbeatView, ResyncView, StreamQuery, WallIncidentView};
use crate::{jobs, metrics, problem};

const HEARTBEAT_EVERY: Duration = Duration::from_secs(5);
/// Whoever asks for more than this is told to read the figures anew: that is less work for both.
const MOST_BACKLOG: i64 = 100_000;

/// Follow what happens
///
/// Server-sent events: `incident` (a `WallIncident`), `boundary` (a `BoundaryPublished`), `map` (a `MapVersion`), `heartbeat` every 5 s, and `resync` when the place
/// asked for is not in this stream. Everything after the place in `Last-Event-ID` or `after`, exactly once and in order;
/// without either, from now on.
#[utoipa::path(
    get, path = "/v1/stream", tag = "wall",
    params(StreamQuery, ("Last-Event-ID" = Option<i64>, Header, description = "The last id seen; goes before `after`")),
    responses(
        (status = 200, description = "Events; this is the data of an `incident`", body = WallIncidentView, content_type = "text/event-stream"),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn stream_view(
    State(state): State<AppState>,
    caller: WallReader,
    headers: HeaderMap,
    Query(query): Query<StreamQuery>,
) -> Result<Response> {
    let open = OpenStream::begin(state.config().max_streams).ok_or_else(|| {
        ApiError::new(&problem::TOO_MANY_STREAMS, "this node serves as many streams as it may")
    })?;
    let after = last_event_id(&headers)?.or(query.after);
    if after.is_some_and(|after| after < 0) {
        return Err(ApiError::parameter("after", "a place in the stream is not negative"));
    }
    let events = state.stream().subscribe(after, caller.scope).await?;
    let resync = after.and_then(|after| resync(after, state.stream().head().max(events.seen())));
    let mut heartbeat = interval(HEARTBEAT_EVERY);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let follower = Follower { state, events, heartbeat, resync, _open: open };
    // Proxies must pass events on at once instead of collecting them.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(([unbuffered], Sse::new(follower.into_stream())).into_response())
}

/// One client on the stream.
struct Follower {
    state: AppState,
    events: Subscription,
    heartbeat: Interval,
    resync: Option<ResyncView>,
    _open: OpenStream,
}

impl Follower {
    fn into_stream(self) -> impl Stream<Item = Result<Event, Infallible>> + Send {
        futures::stream::unfold(self, |mut follower| async move {
            let event = follower.next().await?;
            Some((Ok(event), follower))
        })
    }

    /// The next thing to send; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if let Some(resync) = self.resync.take() {
            return json("resync", &resync);
        }
        let stopping = self.state.stopping().clone();
        tokio::select! {
            biased;
            () = stopping.cancelled() => None,
            event = self.events.next() => match event {
                Ok(event) => Some(self.tell(&event).await),
                Err(end) => {
                    told_why(&end);
                    None
                }
            },
            _ = self.heartbeat.tick() => {
                let seq = self.events.seen();
                json("heartbeat", &HeartbeatView { seq, at: Utc::now().trunc_subsecs(3) })
                    .map(|event| event.id(seq.to_string()))
            }
        }
    }

    async fn tell(&self, event: &StreamEvent) -> Event {
        if matches!(event.topic.as_str(), "boundary" | "map") {
            jobs::catch_up(&self.state).await;
        }
        let told = Event::default().id(event.seq.to_string());
        // What only nodes ask for is no client's concern; its number is, so that a resume does not come back to it.
        if matches!(event.topic.as_str(), "duty" | "gazetteer" | "alias") {
            return told.comment("");
        }
        told.event(&event.topic).data(&event.payload)
    }
}

/// Whether a place lies so far from the end of the stream that it is better to begin anew.
fn resync(after: i64, head: i64) -> Option<ResyncView> {
    let reason = if head < after {
        "the place asked for is ahead of this stream: it belongs to another database"
    } else if MOST_BACKLOG < head - after {
        "the place asked for is too far back"
    } else {
        return None;
    };
    Some(ResyncView { reason, seq: head })
}

fn told_why(end: &StreamEnd) {
    match end {
        StreamEnd::TooSlow { missed } => {
            metrics::stream_dropped();
            tracing::info!(missed, "a stream was ended because its client reads too slowly");
        }
        StreamEnd::Closed => {}
        StreamEnd::Backlog(_) => {
            tracing::warn!(error.chain = chain(end), "a stream was ended");
        }
    }
}

fn json(name: &str, view: &impl Serialize) -> Option<Event> {
    Event::default().event(name).json_data(view).ok()
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    // A browser that has seen no id yet sends an empty one.
    match value.to_str().map(str::trim) {
        Ok("") => Ok(None),
        Ok(text) => text.parse().map(Some).map_err(|_| {
            ApiError::parameter("Last-Event-ID", format!("got {text:?}, ids are numbers"))
        }),
        Err(_) => Err(ApiError::parameter("Last-Event-ID", "got something that is no text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_stream_is_resumed_and_one_outside_is_not() {
        assert!(resync(0, 0).is_none());
        assert!(resync(5, 7).is_none());
        assert!(resync(8, 7).is_some_and(|view| view.seq == 7));
        assert!(resync(0, MOST_BACKLOG + 1).is_some());
    }

    #[test]
    fn the_last_event_id_is_a_number_or_absent() {
        let with = |text: &'static str| {
            let value = HeaderValue::from_static(text);
            last_event_id(&HeaderMap::from_iter([(
                HeaderName::from_static("last-event-id"),
                value,
            )]))
        };
        assert_eq!(with("42").unwrap(), Some(42));
        assert_eq!(with("").unwrap(), None);
        assert!(with("x").is_err());
        assert_eq!(last_event_id(&HeaderMap::new()).unwrap(), None);
    }
}
