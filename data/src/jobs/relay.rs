//! From the outbox to everybody who watches. One node at a time moves rows from the outbox to the stream and numbers them
//! in order of commit; every node follows the stream and tells its own subscribers. Notifications only wake: what they
//! miss, the next look finds.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::{Notify, broadcast};

use crate::error::Result;
use crate::store::{Scope, Store, StreamEvent};

/// How long a lost notification can delay an event.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Rows of one move: few enough that its transaction is short.
const MOVE: i64 = 1_000;
const PAGE: i64 = 1_000;
/// A subscriber this far behind the live stream is dropped; it resumes from the database.
const BUFFERED: usize = 8_192;

/// The live stream; one per process.
#[derive(Debug)]
pub struct Stream {
    store: Store,
    committed: Arc<Notify>,
    sender: broadcast::Sender<Arc<StreamEvent>>,
    /// The last number told to subscribers.
    head: AtomicI64,
}

/// Why a subscription ended.
#[derive(Debug, thiserror::Error)]
pub enum StreamEnd {
    /// The subscriber did not keep up; it may come again with the last number it has seen.
    #[error("{missed} events were missed by a reader that was too slow")]
    TooSlow {
        /// How many.
        missed: u64,
    },
    /// The service ends.
    #[error("the stream has ended")]
    Closed,
    /// The backlog could not be read.
    #[error("the backlog cannot be read")]
    Backlog(#[from] crate::DataError),
}

impl Stream {
    /// Opens the stream at its present end.
    ///
    /// # Errors
    /// [`crate::DataError::Database`].
    pub async fn open(store: Store) -> Result<Arc<Self>> {
        let head = AtomicI64::new(store.stream_head().await?);
        let sender = broadcast::Sender::new(BUFFERED);
        Ok(Arc::new(Self { store, committed: Arc::default(), sender, head }))
    }

    /// To be notified after each commit that wrote to the outbox.
    pub fn committed(&self) -> Arc<Notify> {
        Arc::clone(&self.committed)
    }

    /// The last number told to subscribers.
    pub fn head(&self) -> i64 {
        self.head.load(Ordering::Acquire)
    }

    /// How many subscribers there are.
    pub fn subscribers(&self) -> usize {
        self.sender.receiver_count()
    }

    /// Everything in sight after number `after`, first from the database, then live, without gap or repeat; without a
    /// number only what is yet to come.
    ///
    /// # Errors
    /// [`crate::DataError::Database`].
    pub async fn subscribe(
        self: &Arc<Self>,
        after: Option<i64>,
        scope: Scope,
    ) -> Result<Subscription> {
        let head = self.store.stream_head().await?;
        // A number we never gave out comes from another database: start at the present.
        let seen = after.map_or(head, |after| after.min(head));
        Ok(Subscription {
            stream: Arc::clone(self),
            scope,
            seen,
            backlog: VecDeque::new(),
            live: None,
        })
    }

    /// Moves and tells until the task is aborted.
    pub async fn run(self: Arc<Self>) {
        loop {
            if let Err(error) = self.run_connected().await {
                tracing::warn!(%error, "the stream stands still, trying again");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }

    async fn run_connected(&self) -> Result<()> {
        let mut listener = PgListener::connect_with(&self.store.pool).await?;
        listener.listen_all(["wangge_stream", "wangge_version"]).await?;
        loop {
            self.drain().await?;
            tokio::select! {
                () = self.committed.notified() => {}
                told = listener.try_recv() => { told?; }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Moves everything there is and tells it.
    async fn drain(&self) -> Result<()> {
        loop {
            let moved = self.store.outbox_move(MOVE).await?;
            self.tell().await?;
            if moved.is_none_or(|moved| moved < MOVE as u64) {
                return Ok(());
            }
        }
    }

    async fn tell(&self) -> Result<()> {
        loop {
            let page = self.store.stream_after(self.head(), PAGE).await?;
            let whole_page = page.len() == PAGE as usize;
            for event in page {
                let seq = event.seq;
                // Nobody listening is no error.
                self.sender.send(Arc::new(event)).ok();
                self.head.store(seq, Ordering::Release);
            }
            if !whole_page {
                return Ok(());
            }
        }
    }
}

/// One reader of the stream.
#[derive(Debug)]
pub struct Subscription {
    stream: Arc<Stream>,
    scope: Scope,
    seen: i64,
    backlog: VecDeque<Arc<StreamEvent>>,
    /// Present once the backlog reaches into what is live.
    live: Option<broadcast::Receiver<Arc<StreamEvent>>>,
}

impl Subscription {
    /// The next event in sight. May be dropped while it waits, nothing is lost.
    ///
    /// # Errors
    /// [`StreamEnd`] says why there is no next one.
    pub async fn next(&mut self) -> Result<Arc<StreamEvent>, StreamEnd> {
        loop {
            let event = self.next_of_all().await?;
            self.seen = event.seq;
            // What concerns borders, map and duty as such is for everybody.
            if event.topic != "incident" || self.scope.sees(&event.area_path) {
                return Ok(event);
            }
        }
    }

    /// The number of the last event that went by, in sight or not.
    pub fn seen(&self) -> i64 {
        self.seen
    }

    async fn next_of_all(&mut self) -> Result<Arc<StreamEvent>, StreamEnd> {
        loop {
            if let Some(event) = self.backlog.pop_front() {
                return Ok(event);
            }
            let Some(live) = &mut self.live else {
                self.read_backlog().await?;
                continue;
            };
            match live.recv().await {
                // Already read from the database.
                Ok(event) if event.seq <= self.seen => {}
                Ok(event) => return Ok(event),
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    return Err(StreamEnd::TooSlow { missed });
                }
                Err(broadcast::error::RecvError::Closed) => return Err(StreamEnd::Closed),
            }
        }
    }

    /// Listens before it reads: what is committed in between is in both, and told once.
    async fn read_backlog(&mut self) -> Result<()> {
        let live = self.stream.sender.subscribe();
        let page = self.stream.store.stream_after(self.seen, PAGE).await?;
        if page.len() < PAGE as usize {
            self.live = Some(live);
        }
        self.backlog = page.into_iter().map(Arc::new).collect();
        Ok(())
    }
}
