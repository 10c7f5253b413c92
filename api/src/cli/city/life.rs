//! `wangge city incidents` and `wangge city history`: a stretch of the city's stream as a file, or as the past of a
//! database.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, bail};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeZone, Utc};
use data::city::life::file::{Beside, Form, write};
use data::city::life::{Life, archive};
use data::city::{self, City};
use data::domain::grid_worker::CITY_TIME;
use data::progress::Progress;

use super::Which;
use crate::cli::{Globals, print};

/// Which stretch of the stream.
#[derive(Clone, Debug, clap::Args)]
pub struct Stretch {
    /// The first day, such as 2026-05-03; with neither this nor --year the last 365 days
    #[arg(long, value_name = "DAY", conflicts_with = "year")]
    from: Option<NaiveDate>,
    /// The last day; the first one again if absent
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<NaiveDate>,
    /// A whole year
    #[arg(long, value_name = "YEAR")]
    year: Option<i32>,
    /// Another number, another life of the same city
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    story: u64,
    /// As busy as if so many people lived in the city
    #[arg(long, value_name = "NUMBER")]
    people: Option<u32>,
}

/// Arguments of `wangge city incidents`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Report 17 of 3 May is the same whether the day is made alone or within a year. --truth adds the address that is meant,
the place, the grid, and what was done to the address in telling it.

Examples:
  wangge city incidents --year 2026 --out year.parquet
  wangge city incidents --from 2026-07-18 --to 2026-07-20 --truth --out storm.csv
  wangge city incidents --from 2026-05-03 --out - --format ndjson | head")]
pub struct FileArgs {
    #[command(flatten)]
    stretch: Stretch,
    /// The file; its ending chooses the format, .gz packs text; - is standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Format: csv, ndjson, parquet; by the ending of --out if absent
    #[arg(long, value_name = "FORMAT")]
    format: Option<Form>,
    /// Write the truth beside what is told
    #[arg(long)]
    truth: bool,
    #[command(flatten)]
    which: Which,
}

/// Arguments of `wangge city history`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The city must be loaded. Incidents come with their logs and clocks, in the state that they would be in by now; what lies
in the future is left out. A day that is there is left alone, so an interrupted run is gone on with by starting it again.
Walls are not told; they count the past when they are opened.

Examples:
  wangge city history
  wangge city history --from 2026-05-01 --to 2026-05-31")]
pub struct HistoryArgs {
    #[command(flatten)]
    stretch: Stretch,
    #[command(flatten)]
    which: Which,
}

impl Stretch {
    /// The first day and the one after the last.
    fn days(&self, today: NaiveDate) -> anyhow::Result<(NaiveDate, NaiveDate)> {
        let last = Days::new(1);
        let (from, to) = match (self.year, self.from) {
            (Some(year), _) => {
                let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
                day(1, 1).zip(day(12, 31)).with_context(|| format!("there is no year {year}"))?
            }
            (None, Some(from)) => (from, self.to.unwrap_or(from)),
            (None, None) => (today - Days::new(364), today),
        };
        if to < from {
            bail!("invalid stretch (got {from} to {to}): it ends before it begins");
        }
        if from.year() < 2000 || 2100 < to.year() {
            bail!("invalid stretch (got {from} to {to}): must lie between 2000 and 2100");
        }
        Ok((from, to + last))
    }

    fn life<'a>(&self, city: &'a City) -> anyhow::Result<Life<'a>> {
        let people = self.people.unwrap_or(city.divisions.first().map_or(0, |d| d.people));
        Life::of_people(city, self.story, people).context("the city has no addresses")
    }
}

/// A moment in the city's time: a day, or a day and a time.
///
/// # Errors
/// When it is neither.
pub fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| text.parse::<NaiveDate>().ok().map(NaiveDateTime::from));
    local
        .and_then(|local| CITY_TIME.from_local_datetime(&local).single())
        .map(|at| at.to_utc())
        .ok_or_else(|| format!("{text:?} is no time such as 2026-07-20 or 2026-07-20T14:00"))
}

fn today() -> NaiveDate {
    Utc::now().with_timezone(&CITY_TIME).date_naive()
}

/// Runs `wangge city incidents`.
///
/// # Errors
/// When the stretch is none, or the file cannot be written; nothing stands under its name then.
pub async fn run_file(args: FileArgs) -> anyhow::Result<()> {
    let stretch = args.stretch.days(today())?;
    let form = args.format.or_else(|| Form::by_name(&args.out)).with_context(|| {
        format!("{}: the name does not show the format: give --format", args.out.display())
    })?;
    let beside = if args.truth { Beside::Truth } else { Beside::Nothing };
    let begun = Instant::now();
    let city = args.which.draw(args.which.rows()?).await?;
    let drawn_s = begun.elapsed().as_secs_f64();
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let out = args.out.clone();
    let writing = tokio::task::spawn_blocking(move || {
        let life = args.stretch.life(&city)?;
        let progress = Progress::on_stderr();
        anyhow::Ok(write(&life, stretch, &out, (form, beside), &stopping, &progress)?)
    });
    tokio::pin!(writing);
    let count = tokio::select! {
        written = &mut writing => written??,
        _ = tokio::signal::ctrl_c() => {
            stop.store(true, Ordering::Relaxed);
            writing.await??
        }
    };
    print::note(format_args!(
        "{count} incidents in {} in {:.1} s, after {drawn_s:.1} s for the city",
        args.out.display(),
        begun.elapsed().as_secs_f64() - drawn_s
    ));
    Ok(())
}

/// Runs `wangge city history`.
///
/// # Errors
/// When the database holds another city or none, or fails; whole days stay.
pub async fn run_history(args: HistoryArgs, globals: &Globals) -> anyhow::Result<()> {
    let stretch = args.stretch.days(today())?;
    let rows = args.which.rows()?;
    let recipe = args.which.recipe(&rows)?;
    let (store, database) = globals.open_store().await?;
    let begun = Instant::now();
    let progress = Progress::on_stderr();
    let past = async {
        if !city::is_there(&store, &recipe).await? {
            bail!("the database does not hold this city: load it first with wangge city load");
        }
        let city = args.which.draw(rows).await?;
        let life = args.stretch.life(&city)?;
        Ok(archive::archive(&store, &life, stretch, Utc::now(), &progress).await?)
    };
    let outcome = tokio::select! {
        outcome = past => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!(
            "interrupted: whole days are written; the same command goes on from there"
        )),
    };
    store.pool.close().await;
    database.release().await?;
    let done = outcome?;
    let there = match done.days_there {
        0 => String::new(),
        days => format!("; {days} days were there before"),
    };
    print::line(format_args!(
        "{} incidents of the past with {} lines of log written in {:.1} s, {} of them open{there}",
        done.incidents,
        done.events,
        begun.elapsed().as_secs_f64(),
        done.open
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_one_of_the_citys_clock() {
        let utc = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert_eq!(moment("2026-07-20").unwrap(), utc("2026-07-19T16:00:00Z"));
        assert_eq!(moment("2026-07-20T14:30").unwrap(), utc("2026-07-20T06:30:00Z"));
        assert_eq!(moment("2026-07-20T14:30:00+00:00").unwrap(), utc("2026-07-20T14:30:00Z"));
        assert!(moment("yesterday").unwrap_err().contains("yesterday"));
    }

    #[test]
    fn a_stretch_is_a_year_or_days_and_never_runs_backwards() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let stretch = |year, from: Option<&str>, to: Option<&str>| Stretch {
            from: from.map(day),
            to: to.map(day),
            year,
            story: 1,
            people: None,
        };
        let today = day("2026-07-20");
        let days = |one: Stretch| one.days(today).unwrap();
        assert_eq!(days(stretch(Some(2025), None, None)), (day("2025-01-01"), day("2026-01-01")));
        assert_eq!(
            days(stretch(None, Some("2026-05-03"), None)),
            (day("2026-05-03"), day("2026-05-04"))
        );
        assert_eq!(days(stretch(None, None, None)), (day("2025-07-21"), day("2026-07-21")));
        assert!(stretch(None, Some("2026-05-03"), Some("2026-05-01")).days(today).is_err());
    }
}
