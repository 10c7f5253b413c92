//! A stream of pieces worked on by several threads, given on in the order in which they came. Memory is that of the pieces
//! under way, whose number is fixed.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

/// Pieces under way for each thread.
const AHEAD: usize = 3;

/// Takes pieces from `source` on a thread of its own, applies `work` to them on `threads` threads and hands the results to
/// `sink` in order, on this thread. The first error of any of the three ends everything and is given back.
pub(in crate::import) fn in_order<P: Send, R: Send, E: Send>(
    threads: usize,
    mut source: impl FnMut() -> Result<Option<P>, E> + Send,
    work: impl Fn(P) -> Result<R, E> + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.max(1);
    // A ticket for each piece under way: the source waits for one, the sink gives it back.
    let (give_back, tickets) = sync_channel::<()>(threads * AHEAD);
    let (to_work, pieces) = channel::<(usize, P)>();
    let (to_sink, results) = channel::<Result<(usize, R), E>>();
    for _ in 0..threads * AHEAD {
        give_back.send(()).ok();
    }
    let pieces = Mutex::new(pieces);
    let (pieces, work) = (&pieces, &work);
    std::thread::scope(|scope| {
        // Given up when this ends, however it ends: then the source does not wait for tickets any more.
        let give_back = give_back;
        let failed = to_sink.clone();
        scope.spawn(move || {
            if let Err(error) = feed(&mut source, &tickets, &to_work) {
                failed.send(Err(error)).ok();
            }
        });
        for _ in 0..threads {
            let to_sink = to_sink.clone();
            scope.spawn(move || {
                loop {
                    let piece = match pieces.lock() {
                        Ok(pieces) => pieces.recv(),
                        Err(_poisoned) => return,
                    };
                    let Ok((number, piece)) = piece else { return };
                    let result = work(piece).map(|result| (number, result));
                    if to_sink.send(result).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_sink);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for result in results {
            let (number, result) = result?;
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&next) {
                sink(result)?;
                next += 1;
                give_back.send(()).ok();
            }
        }
        Ok(())
    })
}

/// Numbers the pieces of `source` and gives one on for each ticket, until there are none left or nobody takes them.
fn feed<P, E>(
    mut source: impl FnMut() -> Result<Option<P>, E>,
    tickets: &Receiver<()>,
    to_work: &Sender<(usize, P)>,
) -> Result<(), E> {
    for number in 0.. {
        // The sink ended early: so does everybody.
        if tickets.recv().is_err() {
            break;
        }
        let Some(piece) = source()? else { break };
        if to_work.send((number, piece)).is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn pieces_come_out_in_order_and_only_a_few_are_under_way() {
        let (begun, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let most = AtomicUsize::new(0);
        let mut number = 0;
        let mut seen = Vec::new();
        in_order::<_, _, ()>(
            3,
            || {
                number += 1;
                let under_way = begun.fetch_add(1, Ordering::SeqCst) - done.load(Ordering::SeqCst);
                most.fetch_max(under_way, Ordering::SeqCst);
                Ok((number <= 500).then_some(number))
            },
            |piece: u32| {
                // Later pieces are done sooner.
                std::thread::sleep(std::time::Duration::from_micros(u64::from(piece % 7) * 50));
                Ok(piece * 2)
            },
            |result| {
                seen.push(result);
                done.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(seen, (1..=500).map(|piece| piece * 2).collect::<Vec<_>>());
        assert!(most.into_inner() <= 3 * AHEAD);
    }

    #[test]
    fn an_error_anywhere_ends_everything_and_is_the_answer() {
        let endless = || Ok(Some(1));
        assert_eq!(in_order(2, endless, |_| Err::<(), _>("work"), |()| Ok(())), Err("work"));
        let mut left = 50;
        let sink = |_: i32| {
            left -= 1;
            if left == 0 { Err("sink") } else { Ok(()) }
        };
        assert_eq!(in_order(2, endless, Ok, sink), Err("sink"));
        let mut left = 50;
        let source = || {
            left -= 1;
            if left == 0 { Err("source") } else { Ok(Some(left)) }
        };
        assert_eq!(in_order(2, source, Ok, |_| Ok(())), Err("source"));
    }
}
