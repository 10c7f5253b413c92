//! Re-routing: after borders have moved, cases nobody works on yet go to whoever is responsible now. An act of its own, with
//! a line in the log of each; the grid of the event time stays on the case.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use spatial::crs::{LngLat, Wgs84};
use spatial::lattice::LatticePoint;

use crate::actions::report::wall_incident;
use crate::domain::assign::Choice;
use crate::domain::deadline::Deadlines;
use crate::domain::event::Event;
use crate::domain::id::{BoundaryVersionId, GridWorkerId, IncidentId, RosterVersionId};
use crate::domain::incident::HolderId;
use crate::domain::lifecycle::{Action, ActorRole, after};
use crate::error::{DataError, Result};
use crate::routing::{Routing, RoutingView, Spot};
use crate::store::{NewHolder, RerouteTransaction, Routable, Scope, Store};

/// Cases looked at in one transaction.
pub const MOST_CASES: i64 = 1_000;
const TRIES: usize = 5;

/// What was re-routed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rerouted {
    /// The borders it was decided with.
    pub boundary_version: BoundaryVersionId,
    /// The rosters it was decided with.
    pub roster_version: RosterVersionId,
    /// The cases with another holder.
    pub moved: Vec<IncidentId>,
    /// How many stayed where they are.
    pub kept: u64,
    /// Whether there are more to be looked at.
    pub more: bool,
}

/// Re-routes at most [`MOST_CASES`] cases in sight by the borders in force at `now`; `actor` is who asked for it.
///
/// # Errors
/// [`DataError::NoBoundaries`] or [`DataError::Database`]; nothing was written then.
pub async fn reroute(
    store: &Store,
    routing: &Routing,
    scope: &Scope,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Rerouted> {
    // The database keeps microseconds, and what is hashed must be what is kept.
    let now = now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now);
    for _ in 0..TRIES {
        let view = routing.at(now).await?;
        let known = routing.newest();
        let mut transaction = store.reroute_begin().await?;
        let newest = transaction.newest().await?;
        if known.boundary < newest.boundary || known.roster < newest.roster {
            drop(transaction);
            routing.reload_if_older_than(newest).await?;
            continue;
        }
        return decided(transaction, &view, scope, actor, now).await;
    }
    let why = format!("borders or rosters changed {TRIES} times while it was decided");
    Err(DataError::Broken { what: "re-routing", why })
}

async fn decided(
    mut transaction: RerouteTransaction,
    view: &RoutingView,
    scope: &Scope,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Rerouted> {
    let version = view.boundary_version();
    let routable = transaction.routable(version, scope, MOST_CASES).await?;
    let looked_at: Vec<IncidentId> = routable.iter().map(|one| one.incident.incident_id).collect();
    let mut elsewhere = Vec::new();
    for one in routable {
        if let Some(choice) = choice(view, &one, now)? {
            elsewhere.push((one, choice));
        }
    }
    let workers: BTreeSet<GridWorkerId> = elsewhere
        .iter()
        .flat_map(|(one, choice)| {
            let shortlist = choice.shortlist().map(|candidate| candidate.grid_worker_id);
            shortlist.chain(worker_of(one.incident.holder.id))
        })
        .collect();
    let workers: Vec<GridWorkerId> = workers.into_iter().collect();
    let mut open_cases = transaction.loads(&workers).await?;
    let mut moved = Vec::new();
    for (one, choice) in elsewhere {
        moved.extend(new_holder(view, one, &choice, &mut open_cases, actor, now)?);
    }
    transaction.commit(version, &looked_at, &moved, now).await?;
    Ok(Rerouted {
        boundary_version: version,
        roster_version: view.roster_version(),
        kept: (looked_at.len() - moved.len()) as u64,
        more: looked_at.len() as i64 == MOST_CASES,
        moved: moved.into_iter().map(|one| one.incident.incident_id).collect(),
    })
}

fn worker_of(holder: HolderId) -> Option<GridWorkerId> {
    match holder {
        HolderId::GridWorker(worker) => Some(worker),
        HolderId::Unit(_) => None,
    }
}

/// Who could take a case now; `None` when its place lies in the same grid as before.
fn choice(view: &RoutingView, one: &Routable, now: DateTime<Utc>) -> Result<Option<Choice>> {
    let incident = &one.incident;
    let Some([lng, lat]) = incident.location else { return Ok(None) };
    let place = LngLat::<Wgs84>::new(lng, lat)
        .map_err(|error| DataError::Broken { what: "place", why: error.to_string() })?;
    let point = LatticePoint::nearest(place);
    let Spot::Inside { grid, .. } = view.borders.locate(point) else { return Ok(None) };
    if incident.grid.as_ref().is_some_and(|known| known.code == grid.code) {
        return Ok(None);
    }
    let Some(category) = view.duty.category(&incident.category.code) else { return Ok(None) };
    Ok(Some(view.choose(point, category, now)))
}

/// The case with its new holder; `None` when it is the one it has.
fn new_holder(
    view: &RoutingView,
    one: Routable,
    choice: &Choice,
    open_cases: &mut HashMap<GridWorkerId, i32>,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Option<NewHolder>> {
    let Routable { mut incident, log: (events, last_hash) } = one;
    let cases = |worker: GridWorkerId| open_cases.get(&worker).copied().unwrap_or(0);
    let Some(assignment) = choice.decide(cases) else { return Ok(None) };
    let before = incident.holder.id;
    if assignment.holder.id == before {
        return Ok(None);
    }
    let mut count = |holder: HolderId, by: i32| {
        if let Some(worker) = worker_of(holder) {
            *open_cases.entry(worker).or_default() += by;
        }
    };
    count(before, -1);
    count(assignment.holder.id, 1);
    let to_state = after(Some(incident.state), Action::Reroute, ActorRole::Rule)
        .map_err(|error| DataError::Broken { what: "state table", why: error.to_string() })?;
    let reason = format!(
        "by boundary version {} and roster version {}: {}",
        view.boundary_version(),
        view.roster_version(),
        assignment.holder.reason
    );
    let event = Event {
        incident_id: incident.incident_id,
        ordinal: events + 1,
        action: Action::Reroute,
        from_state: Some(incident.state),
        to_state,
        actor: actor.to_owned(),
        reason,
        occurred_at: now,
    };
    let hash = event.hash(Some(&last_hash));
    incident.state = to_state;
    incident.level = assignment.level;
    incident.holder = assignment.holder;
    incident.roster_version = view.roster_version();
    let category = view.duty.category(&incident.category.code);
    let counted_only = category.is_some_and(|category| category.counted_only);
    let accept_due_at = category
        .map_or(now, |category| Deadlines::of(category, incident.reported_at, now).accept_due_at);
    let area = incident.community.as_ref().map(|community| community.code.as_str());
    let area_path = area.map_or_else(String::new, |code| view.borders.chain(code).area_path());
    let payload = wall_incident(&incident, Action::Reroute, counted_only);
    Ok(Some(NewHolder {
        incident,
        before,
        accept_due_at,
        event: (event, hash),
        area_path,
        payload,
    }))
}
