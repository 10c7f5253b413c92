//! Two clocks: that of the wall, and that of the work one thread has done.

use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of this thread on a core that a piece of work takes, and what came of it. Whoever
/// else wants the core meanwhile is not counted, so that a busy machine tells nearly the same.
pub fn worked<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
    };
    let started = now();
    let done = work();
    (now() - started, done)
}

/// Nanoseconds that pass on the wall during a piece of work, on however many threads, and what
/// came of it.
pub fn passed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let done = work();
    (started.elapsed().as_nanos() as f64, done)
}
