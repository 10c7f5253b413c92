//! Answers that many ask for at once and that are true for a moment: made once, given to all.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long an answer is given again. Walls follow the stream from the place that the answer names, so an older one is as
/// exact as a newer one.
const FRESH_FOR: Duration = Duration::from_secs(1);
/// More areas than this are not kept.
const MOST_AREAS: usize = 64;

/// When it was made, and what it is.
type Slot = Arc<Mutex<Option<(Instant, Bytes)>>>;

/// The latest answer for each area.
#[derive(Debug, Default)]
pub struct Figures {
    slots: Lock<HashMap<Option<String>, Slot>>,
}

impl Figures {
    /// The answer for an area: that of a moment ago, else what `make` gives. Who asks meanwhile waits for it.
    ///
    /// # Errors
    /// What `make` says; then nothing is kept.
    pub async fn read<E>(
        &self,
        area: Option<&str>,
        make: impl Future<Output = Result<Vec<u8>, E>>,
    ) -> Result<Bytes, E> {
        let slot = self.slot(area);
        let mut kept = slot.lock().await;
        if let Some((made, answer)) = &*kept
            && made.elapsed() < FRESH_FOR
        {
            return Ok(answer.clone());
        }
        // Counted from the beginning: what happens meanwhile is not in the answer.
        let begun = Instant::now();
        let answer = Bytes::from(make.await?);
        *kept = Some((begun, answer.clone()));
        Ok(answer)
    }

    fn slot(&self, area: Option<&str>) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let area = area.map(str::to_owned);
        if MOST_AREAS <= slots.len() && !slots.contains_key(&area) {
            // Those that somebody waits for are held by them too.
            slots.retain(|_, slot| 1 < Arc::strong_count(slot));
        }
        Arc::clone(slots.entry(area).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_who_ask_at_once_get_one_answer_and_later_ones_a_new_one() {
        let (figures, made) = (Figures::default(), AtomicU32::new(0));
        let count = || async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok::<_, ()>(vec![made.fetch_add(1, Ordering::Relaxed) as u8])
        };
        let all = futures::future::join_all((0..20).map(|_| figures.read(None, count()))).await;
        assert!(all.iter().all(|answer| answer.as_ref().is_ok_and(|bytes| bytes[..] == [0])));
        assert_eq!(figures.read(Some("620102"), count()).await.unwrap()[..], [1], "another area");
        tokio::time::advance(Duration::from_millis(1100)).await;
        assert_eq!(figures.read(None, count()).await.unwrap()[..], [2]);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let figures = Figures::default();
        assert_eq!(figures.read(None, async { Err::<Vec<u8>, _>("no") }).await, Err("no"));
        assert_eq!(figures.read(None, async { Ok::<_, &str>(vec![7]) }).await.unwrap()[..], [7]);
    }

    #[tokio::test]
    async fn areas_that_nobody_waits_for_give_way() {
        let figures = Figures::default();
        for area in 0..500 {
            let area = area.to_string();
            figures.read(Some(&area), async { Ok::<_, ()>(vec![1]) }).await.unwrap();
        }
        assert!(figures.slots.lock().unwrap().len() <= MOST_AREAS);
    }
}
