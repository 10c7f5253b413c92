//! Somebody tells something: the intake, one report or a thousand, in one transaction each.
//!
//! Key, incident, grid, holder, clocks, log and outbox are written together or not at all, and the answer leaves after the
//! commit. A repetition with the same key gets the same answer, also when both arrive at once. Reading order: `check`
//! (what is wrong with it), `understand` (what its address means), `place` (where is it), `decide` (whose is it), then [`Intake`].

mod check;
mod decide;
mod place;
mod understand;

#[cfg(test)]
mod race_tests;
#[cfg(test)]
mod report_tests;
#[cfg(test)]
mod understand_tests;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike as _, DurationRound as _, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use spatial::crs::Crs;
use tokio::sync::Notify;

use self::check::Checked;
pub(crate) use self::decide::wall_incident;
use self::place::Placed;
use self::understand::Understood;
use crate::actions::geocode::{Asked, Geocoded, Query, geocode};
use crate::domain::grid_worker::CITY_TIME;
use crate::domain::id::{AddressId, ApiKeyId, GridWorkerId};
use crate::domain::incident::{Incident, Report};
use crate::error::{DataError, Result};
use crate::geocode::Geocoder;
use crate::routing::{Routing, RoutingView};
use crate::store::{Decided, KeptAnswer, Prepared, Store};

/// Most reports of one request.
pub const MOST_REPORTS: usize = 1_000;
/// A new version or a twin request makes us decide again; each is rare, five in a row do not happen.
const TRIES: usize = 5;
/// From this many texts on they are understood beside the threads that answer requests.
const MANY_TEXTS: usize = 16;
/// Candidates that are weighed for each text.
const CANDIDATES: usize = 10;

/// A report with the key that makes its repetitions harmless.
#[derive(Clone, Debug)]
pub struct Told {
    /// The caller's own key for this report, 1 to 255 characters.
    pub key: String,
    /// What is told.
    pub report: Report,
}

/// The answer to a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// The incident as it was when it was taken in.
    pub incident: Incident,
    /// Whether this is the answer to an earlier request with the same key.
    pub replayed: bool,
}

/// Takes reports in; one per process.
#[derive(Debug)]
pub struct Intake {
    store: Store,
    routing: Arc<Routing>,
    geocoder: Geocoder,
    /// Wakes the relay of this process after a commit.
    committed: Arc<Notify>,
    /// Months that have a partition, as year × 12 + month.
    months: Mutex<HashSet<i32>>,
}

/// One report on its way through an attempt.
#[derive(Debug)]
struct Waiting<'a> {
    at: usize,
    told: &'a Told,
    body_sha256: [u8; 32],
    checked: Checked,
}

impl Intake {
    /// An intake that decides with `routing`, understands addresses with `geocoder` and wakes `committed` after each
    /// commit.
    pub fn new(
        store: Store,
        routing: Arc<Routing>,
        geocoder: Geocoder,
        committed: Arc<Notify>,
    ) -> Self {
        Self { store, routing, geocoder, committed, months: Mutex::default() }
    }

    /// Makes the partitions of this month and the next, so that the first report of a month does not wait for it.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn ensure_months(&self, now: DateTime<Utc>) -> Result<()> {
        self.ensure_month(now).await?;
        self.ensure_month(now + TimeDelta::days(28)).await
    }

    /// Takes one report in.
    ///
    /// # Errors
    /// [`DataError::Invalid`], [`DataError::KeyReused`], [`DataError::NoBoundaries`] or [`DataError::Database`]; after the
    /// last one the caller does not know whether it was taken in and repeats it with the same key.
    pub async fn report(
        &self,
        api_key: ApiKeyId,
        told: Told,
        now: DateTime<Utc>,
    ) -> Result<Reported> {
        self.report_batch(api_key, vec![told], now).await?.pop().unwrap_or_else(|| {
            Err(DataError::Broken { what: "batch", why: "one report, no answer".to_owned() })
        })
    }

    /// Takes up to [`MOST_REPORTS`] reports in with one transaction; `answers[i]` is for `told[i]`. A report that is
    /// invalid sinks no other.
    ///
    /// # Errors
    /// As [`Intake::report`], when nothing was taken in.
    pub async fn report_batch(
        &self,
        api_key: ApiKeyId,
        told: Vec<Told>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Result<Reported>>> {
        if told.len() > MOST_REPORTS {
            let why = format!("{} reports are more than {MOST_REPORTS}", told.len());
            return Err(DataError::invalid("/incidents", why));
        }
        // The database keeps microseconds, and what is hashed must be what is kept.
        let now = now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now);
        let mut first_with: HashMap<&str, usize> = HashMap::new();
        let first_of: Vec<usize> = (0..)
            .zip(&told)
            .map(|(at, one)| *first_with.entry(one.key.as_str()).or_insert(at))
            .collect();
        for _ in 0..TRIES {
            if let Some(answers) = self.attempt(api_key, &told, &first_of, now).await? {
                return Ok(answers);
            }
        }
        let why = format!("borders, rosters or keys changed {TRIES} times while it was decided");
        Err(DataError::Broken { what: "intake", why })
    }

    /// One attempt; `None` when something it was decided with changed meanwhile.
    async fn attempt(
        &self,
        api_key: ApiKeyId,
        told: &[Told],
        first_of: &[usize],
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<Result<Reported>>>> {
        let keys: Vec<String> =
            told.iter().map(|one| one.key.clone()).filter(|key| !key.contains('\0')).collect();
        let kept = self.store.idempotency_find(api_key, &keys).await?;
        let mut answers: Vec<Option<Result<Reported>>> = told.iter().map(|_| None).collect();
        let mut waiting = Vec::new();
        let duty = self.routing.duty();
        for (at, one) in told.iter().enumerate().filter(|(at, _)| first_of.get(*at) == Some(at)) {
            let body_sha256 = body_sha256(&one.report);
            let answer = match kept.get(&one.key) {
                Some(kept) => Some(replay(kept, one, body_sha256)),
                None => match check::check(one, &duty, now) {
                    Ok(checked) => {
                        waiting.push(Waiting { at, told: one, body_sha256, checked });
                        None
                    }
                    Err(faults) => Some(Err(DataError::Invalid(faults))),
                },
            };
            if let Some(slot) = answers.get_mut(at) {
                *slot = answer;
            }
        }
        if !waiting.is_empty() {
            let Some(taken_in) = self.take_in(api_key, &waiting, now).await? else {
                return Ok(None);
            };
            for (one, incident) in waiting.iter().zip(taken_in) {
                if let Some(slot) = answers.get_mut(one.at) {
                    *slot = Some(Ok(Reported { incident, replayed: false }));
                }
            }
        }
        Ok(Some(with_repeats(told, first_of, answers)))
    }

    /// Decides and writes. `None` when a newer version or a twin request got in between; then nothing was written.
    async fn take_in(
        &self,
        api_key: ApiKeyId,
        waiting: &[Waiting<'_>],
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<Incident>>> {
        let known = self.routing.newest();
        let placed = self.place(waiting, now).await?;
        for one in waiting {
            self.ensure_month(one.checked.reported_at).await?;
        }
        let shortlisted = placed.iter().flat_map(|one| one.choice.shortlist());
        let workers: BTreeSet<GridWorkerId> =
            shortlisted.map(|candidate| candidate.grid_worker_id).collect();
        let workers: Vec<GridWorkerId> = workers.into_iter().collect();

        let mut transaction = self.store.intake_begin().await?;
        let prepared = transaction.prepare(&workers, waiting.len()).await?;
        if known.boundary < prepared.newest.boundary || known.roster < prepared.newest.roster {
            drop(transaction);
            self.routing.reload_if_older_than(prepared.newest).await?;
            return Ok(None);
        }
        let decided = decide_all(api_key, waiting, placed, prepared, now)?;
        if !transaction.write(api_key, &decided).await? {
            return Ok(None);
        }
        transaction.commit().await?;
        self.committed.notify_one();
        Ok(Some(decided.into_iter().map(|one| one.incident).collect()))
    }

    async fn place(&self, waiting: &[Waiting<'_>], now: DateTime<Utc>) -> Result<Vec<Placed>> {
        let texts: Vec<String> =
            waiting.iter().map(|one| one.checked.address.clone().unwrap_or_default()).collect();
        let hits = self.store.address_find(&texts).await?;
        let mut views = Vec::with_capacity(waiting.len());
        for one in waiting {
            // Borders as they were when it happened, workers as they are now that somebody has to go.
            views.push(self.routing.at(one.checked.reported_at).await?);
        }
        // Whatever is not known word for word is asked of the geocoder.
        let asked = waiting.iter().zip(&hits).zip(&views).map(|((one, hit), view)| {
            let text = one.checked.address.clone().filter(|_| hit.is_none())?;
            let crs = one.told.report.location.map(|given| given.crs);
            Some((view.clone(), text, crs))
        });
        let answers = self.geocode(asked.collect()).await?;
        let records = answers.iter().flatten().filter_map(|answer| answer.accepted()?.found.record);
        let records: Vec<AddressId> = records.map(|record| AddressId(record as i32)).collect();
        let texts = self.store.address_texts(&records).await?;
        let mut placed = Vec::with_capacity(waiting.len());
        for (((one, hit), view), answer) in waiting.iter().zip(hits).zip(&views).zip(answers) {
            let understood = match (hit, answer) {
                (Some(hit), _) => Understood::known(hit),
                (None, Some(mut answer)) => {
                    if let Some(given) = one.told.report.location {
                        // Its numbers have been checked before.
                        answer.compare(view, given).ok();
                    }
                    Understood::of(&answer, &texts)
                }
                (None, None) if one.checked.address.is_some() => Understood::not_asked(),
                (None, None) => Understood::default(),
            };
            let checked = &one.checked;
            placed.push(place::place(view, checked.point, understood, &checked.category, now));
        }
        Ok(placed)
    }

    /// What texts mean; nothing while the gazetteer is not ready, which must not hold a report up.
    async fn geocode(
        &self,
        texts: Vec<Option<(RoutingView, String, Option<Crs>)>>,
    ) -> Result<Vec<Option<Geocoded>>> {
        let Ok(gazetteer) = self.geocoder.now() else {
            return Ok(texts.into_iter().map(|_| None).collect());
        };
        let few = texts.iter().flatten().count() < MANY_TEXTS;
        let ask = move || {
            let one = |(view, text, text_crs)| {
                let asked = Asked::Text(text);
                let query = Query { asked, area: None, limit: CANDIDATES, text_crs };
                geocode(&gazetteer, &view, &query)
            };
            texts.into_iter().map(|asked| asked.map(one)).collect()
        };
        if few {
            return Ok(ask());
        }
        let stopped = |error: tokio::task::JoinError| DataError::Broken {
            what: "geocoder",
            why: error.to_string(),
        };
        tokio::task::spawn_blocking(ask).await.map_err(stopped)
    }

    async fn ensure_month(&self, at: DateTime<Utc>) -> Result<()> {
        let local = at.with_timezone(&CITY_TIME);
        let month = local.year() * 12 + local.month0() as i32;
        let known = || self.months.lock().unwrap_or_else(PoisonError::into_inner);
        if !known().contains(&month) {
            self.store.incident_month_ensure(at).await?;
            known().insert(month);
        }
        Ok(())
    }
}

/// Goes through the reports in order, counting each new case of a worker for the next choice.
fn decide_all(
    api_key: ApiKeyId,
    waiting: &[Waiting<'_>],
    placed: Vec<Placed>,
    prepared: Prepared,
    now: DateTime<Utc>,
) -> Result<Vec<Decided>> {
    let Prepared { ids, mut open_cases, .. } = prepared;
    let mut decided = Vec::with_capacity(waiting.len());
    for ((one, placed), id) in waiting.iter().zip(placed).zip(ids) {
        decided.push(decide::decide(api_key, one, placed, id, &mut open_cases, now)?);
    }
    Ok(decided)
}

fn replay(kept: &KeptAnswer, told: &Told, body_sha256: [u8; 32]) -> Result<Reported> {
    if kept.body_sha256 == body_sha256 {
        Ok(Reported { incident: kept.incident.clone(), replayed: true })
    } else {
        Err(DataError::KeyReused { key: told.key.clone() })
    }
}

/// Answers those that repeat a key of the same batch like a later request would be.
fn with_repeats(
    told: &[Told],
    first_of: &[usize],
    answers: Vec<Option<Result<Reported>>>,
) -> Vec<Result<Reported>> {
    let mut complete: Vec<Result<Reported>> = Vec::with_capacity(told.len());
    for ((one, first), answer) in told.iter().zip(first_of).zip(answers) {
        let answer = answer.unwrap_or_else(|| match (complete.get(*first), told.get(*first)) {
            (_, Some(first)) if first.report != one.report => {
                Err(DataError::KeyReused { key: one.key.clone() })
            }
            (Some(Ok(first)), _) => {
                Ok(Reported { incident: first.incident.clone(), replayed: true })
            }
            (Some(Err(DataError::Invalid(faults))), _) => Err(DataError::Invalid(faults.clone())),
            _ => Err(DataError::KeyReused { key: one.key.clone() }),
        });
        complete.push(answer);
    }
    complete
}

/// The fingerprint of what was told, without anything we filled in.
fn body_sha256(report: &Report) -> [u8; 32] {
    let text = serde_json::to_vec(report).expect("a report is plain JSON");
    Sha256::digest(text).into()
}
