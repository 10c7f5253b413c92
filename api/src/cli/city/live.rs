//! `wangge city live`: the stream of incidents, reported to a running service as its clients would, faster than life.

mod pace;
mod sender;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::bail;
use chrono::{DateTime, Utc};
use data::city::City;
use data::city::life::{Life, Report};
use data::domain::grid_worker::CITY_TIME;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Which;
use super::life::moment;
use crate::cli::print;
pub use pace::Pace;
use sender::Sender;
pub use sender::Tally as LiveTally;

/// At most so many requests are under way at once; when all are, reports gather into batches.
const IN_FLIGHT: usize = 12;
/// At most so many reports in one request.
const BATCH: usize = 500;
/// Reports made ahead.
const AHEAD: usize = 20_000;
/// How often the state of things is told.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Arguments of `wangge city live`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The rhythm is that of the day, the week and the season; storms and outages come when they come. Positions are in the
system of the sender (WGS 84, GCJ-02, BD-09), hotline reports mostly have only an address. Reports that do not get
through are tried again with the same key, so none is lost and none is counted twice. When many are due at once they go
in batches; every ten seconds the rate and the lag are told.

Examples:
  wangge city live --key wg_...                              an hour a minute, from now on, for ever
  wangge city live --key wg_... --speed 600 --from 2026-11-01   the first days of heating, ten hours a minute
  wangge city live --key wg_... --speed 20000 --from 2026-07-01 --as-told --count 100000
  wangge city live --key wg_... --rate 50 --count 10000 --story 1   fifty a second, whatever the hour")]
pub struct LiveArgs {
    /// The service
    #[arg(long, default_value = "http://localhost:8080", value_name = "URL")]
    url: String,
    /// An API key that may write
    #[arg(long, env = "WANGGE_KEY", hide_env_values = true, value_name = "KEY")]
    key: String,
    /// How many times faster than life
    #[arg(long, default_value_t = 60.0, value_name = "NUMBER", conflicts_with = "rate")]
    speed: f64,
    /// So many reports in a second instead of the city's own rhythm
    #[arg(long, value_name = "NUMBER")]
    rate: Option<f64>,
    /// When the story begins, such as 2026-07-20 or 2026-07-20T14:00; now if absent
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<DateTime<Utc>>,
    /// Report each as told at its time in the story, if that is past (the service takes a year back); else as told now
    #[arg(long)]
    as_told: bool,
    /// Stop after so many; for ever if absent
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
    /// The same number tells the same story, with the same idempotency keys; a new one each time if absent
    #[arg(long, value_name = "NUMBER")]
    story: Option<u64>,
    /// As busy as if so many people lived in the city
    #[arg(long, value_name = "NUMBER")]
    people: Option<u32>,
    #[command(flatten)]
    which: Which,
}

/// What to report where.
#[derive(Clone, Debug)]
pub struct LiveOptions {
    /// The service, without a path.
    pub url: String,
    /// An API key that may write.
    pub key: String,
    /// How fast.
    pub pace: Pace,
    /// When the story begins.
    pub from: DateTime<Utc>,
    /// Whether reports carry their time in the story, where it is past.
    pub as_told: bool,
    /// How many; for ever if absent.
    pub count: Option<u64>,
    /// Another number, another series of reports and of idempotency keys.
    pub story: u64,
    /// As busy as if so many lived there.
    pub people: Option<u32>,
    /// Whether rate and lag are told now and then.
    pub tells: bool,
}

/// Runs `wangge city live`.
///
/// # Errors
/// When the city cannot be drawn or the service takes nothing.
pub async fn run(args: LiveArgs) -> anyhow::Result<()> {
    let city = args.which.draw(args.which.rows()?).await?;
    let options = LiveOptions {
        url: args.url,
        key: args.key,
        pace: args.rate.map_or(Pace::Speed(args.speed), Pace::Rate),
        from: args.from.unwrap_or_else(Utc::now),
        as_told: args.as_told,
        count: args.count,
        story: args.story.unwrap_or_else(new_story),
        people: args.people,
        tells: true,
    };
    print::note(format_args!(
        "reporting to {} (story {}), stop with Ctrl-C",
        options.url, options.story
    ));
    let stop = async {
        // Without a signal handler there is nothing to stop for but the end of the series.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let tally = live(Arc::new(city), &options, stop).await?;
    print::line(format_args!("{} reports taken in, {} refused", tally.taken, tally.refused))
}

/// A number no earlier run had.
pub fn new_story() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_millis() as u64)
}

/// Reports incidents of a city until `stop` or until all are told. Waits for a service that is away.
///
/// # Errors
/// When the key is refused, or nothing but refusals comes back.
pub async fn live(
    city: Arc<City>,
    options: &LiveOptions,
    stop: impl Future<Output = ()> + Send,
) -> anyhow::Result<LiveTally> {
    options.pace.check()?;
    let mut stream = stream(city, options)?;
    let own = Arc::new(Sender::new(options)?);
    let mut under_way: JoinSet<anyhow::Result<()>> = JoinSet::new();
    let mut schedule = options.pace.schedule(options.from);
    let mut teller = Teller::new(options.tells);
    let mut left = options.count.unwrap_or(u64::MAX);
    let mut next = None;
    tokio::pin!(stop);
    while 0 < left {
        if next.is_none() {
            next = tokio::select! {
                () = &mut stop => return Ok(own.tally()),
                one = stream.recv() => one,
            };
        }
        let Some(first) = next.take() else { break };
        let due = schedule.due(&first);
        loop {
            tokio::select! {
                () = &mut stop => return Ok(own.tally()),
                Some(done) = under_way.join_next(), if !under_way.is_empty() => done??,
                () = tokio::time::sleep_until(due), if under_way.len() < IN_FLIGHT => break,
                () = tokio::time::sleep_until(teller.next) => teller.tell(&own, &first, due),
            }
        }
        let mut batch = vec![first];
        // Whatever else is due by now goes along.
        while batch.len() < BATCH && (batch.len() as u64) < left {
            match stream.try_recv() {
                Ok(report) if schedule.due(&report) <= Instant::now() => batch.push(report),
                Ok(report) => {
                    next = Some(report);
                    break;
                }
                Err(_) => break,
            }
        }
        left -= batch.len() as u64;
        let sender = Arc::clone(&own);
        under_way.spawn(async move { sender.send(batch).await });
    }
    while !under_way.is_empty() {
        tokio::select! {
            () = &mut stop => return Ok(own.tally()),
            Some(done) = under_way.join_next() => done??,
        }
    }
    Ok(own.tally())
}

/// The reports from the beginning of the story on, made ahead on a thread of their own.
fn stream(city: Arc<City>, options: &LiveOptions) -> anyhow::Result<mpsc::Receiver<Report>> {
    let (story, from, people) = (options.story, options.from, options.people);
    let alive = move |city: &City| people.unwrap_or(city.divisions.first().map_or(0, |d| d.people));
    if Life::of_people(&city, story, alive(&city)).is_none() {
        bail!("the city has no addresses");
    }
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let Some(life) = Life::of_people(&city, story, alive(&city)) else { return };
        let mut day = from.with_timezone(&CITY_TIME).date_naive();
        loop {
            for report in life.day(day).into_iter().filter(|report| from <= report.at) {
                if sender.blocking_send(report).is_err() {
                    return;
                }
            }
            let Some(tomorrow) = day.succ_opt() else { return };
            day = tomorrow;
        }
    });
    Ok(receiver)
}

/// Tells the rate and the lag now and then.
struct Teller {
    next: Instant,
    tells: bool,
    taken: u64,
}

impl Teller {
    fn new(tells: bool) -> Self {
        Self { next: Instant::now() + TELL_EVERY, tells, taken: 0 }
    }

    fn tell(&mut self, sender: &Sender, next: &Report, due: Instant) {
        let tally = sender.tally();
        let rate = (tally.taken - self.taken) as f64 / TELL_EVERY.as_secs_f64();
        self.taken = tally.taken;
        self.next += TELL_EVERY;
        let lag = Instant::now().saturating_duration_since(due).max(sender.waiting());
        if self.tells {
            print::note(format_args!(
                "{}: {rate:.1} a second, {} taken in, {} refused, {:.1} s behind",
                next.at.with_timezone(&CITY_TIME).format("%Y-%m-%d %H:%M"),
                tally.taken,
                tally.refused,
                lag.as_secs_f64()
            ));
        }
    }
}
