//! Progress of long steps: a bar on a terminal, one plain line per step elsewhere, nothing where nobody asked.

use std::borrow::Cow;
use std::io::{IsTerminal as _, Write as _};
use std::time::Instant;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Where the progress of a long action goes; cheap to clone.
#[derive(Clone, Debug)]
pub struct Progress(Form);

#[derive(Clone, Debug)]
enum Form {
    Silent,
    Lines,
    Bars(MultiProgress),
}

/// One step of a long action; ends when dropped.
#[derive(Debug)]
pub struct Stage {
    name: Cow<'static, str>,
    begun: Instant,
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    /// Bars when standard error is a terminal, plain lines on it otherwise.
    pub fn on_stderr() -> Self {
        Self(if std::io::stderr().is_terminal() {
            Form::Bars(MultiProgress::new())
        } else {
            Form::Lines
        })
    }

    /// Tells nobody: for tests and for calls within the service.
    pub const fn silent() -> Self {
        Self(Form::Silent)
    }

    /// Begins a step of `len` units; 0 when nobody knows how many.
    pub fn stage(&self, name: impl Into<Cow<'static, str>>, len: u64) -> Stage {
        let name = name.into();
        let bar = match &self.0 {
            Form::Bars(bars) => bars.add(visible_bar(&name, len)),
            Form::Silent | Form::Lines => ProgressBar::hidden(),
        };
        let lines = matches!(self.0, Form::Lines);
        Stage { name, begun: Instant::now(), bar, lines }
    }
}

impl Stage {
    /// `units` more are done.
    pub fn inc(&self, units: u64) {
        self.bar.inc(units);
    }

    /// So many are done in all.
    pub fn set(&self, units: u64) {
        self.bar.set_position(units);
    }

    /// So many there are, now that it is known.
    pub fn set_len(&self, units: u64) {
        self.bar.set_length(units);
    }

    /// How many are done.
    pub fn done(&self) -> u64 {
        self.bar.position()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.bar.finish();
        if self.lines {
            let took_s = self.begun.elapsed().as_secs_f64();
            let line = match self.bar.position() {
                0 => format!("{}: {took_s:.1} s\n", self.name),
                done => format!("{}: {done}, {took_s:.1} s\n", self.name),
            };
            // Nobody to tell is no reason to fail.
            std::io::stderr().write_all(line.as_bytes()).ok();
        }
    }
}

fn visible_bar(name: &str, len: u64) -> ProgressBar {
    let (bar, template) = if len == 0 {
        (ProgressBar::new_spinner(), "{prefix:28} {spinner} {human_pos} {elapsed}")
    } else {
        (
            ProgressBar::new(len),
            "{prefix:28} {bar:36} {human_pos}/{human_len} {elapsed} (eta {eta})",
        )
    };
    let style = ProgressStyle::with_template(template).expect("the template is a constant");
    bar.set_prefix(name.to_owned());
    bar.set_style(style);
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn a_silent_stage_still_counts() {
        let stage = Progress::silent().stage("addresses", 10);
        stage.inc(3);
        stage.inc(4);
        assert_eq!(stage.done(), 7);
        stage.set(10);
        assert_eq!(stage.done(), 10);
    }
}
