//! The only writer to the terminal: answers go to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stderr, stdout};

/// Writes one line of an answer to standard output.
///
/// # Errors
/// When standard output is closed (a broken pipe ends a command quietly, see [`is_broken_pipe`]).
pub fn line(text: impl Display) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// Writes one line for the person at the terminal to standard error.
pub fn note(text: impl Display) {
    // There is nowhere left to complain when standard error is closed.
    let _ = writeln!(stderr().lock(), "{text}");
}

/// Tells an error and each of its causes, outermost first.
pub fn error(error: &anyhow::Error) {
    note(format_args!("error: {error}"));
    for cause in error.chain().skip(1) {
        note(format_args!("  because: {cause}"));
    }
}

/// Whether the reader of our output went away, as `wangge … | head` does.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}
