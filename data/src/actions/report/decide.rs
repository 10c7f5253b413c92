//! Whose it is: the holder, the first lines of the log, the clocks and what the walls are told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Waiting;
use super::place::Placed;
use crate::domain::assign::Assignment;
use crate::domain::category::CategoryRef;
use crate::domain::deadline::Deadlines;
use crate::domain::event::Event;
use crate::domain::id::{ApiKeyId, GridWorkerId, IncidentId};
use crate::domain::incident::{Given, HolderId, Incident};
use crate::domain::lifecycle::{Action, ActorRole, State, after};
use crate::error::{DataError, Result};
use crate::store::Decided;

/// Decides one report. `open_cases` of the chosen worker goes up by one.
pub(super) fn decide(
    api_key: ApiKeyId,
    waiting: &Waiting<'_>,
    placed: Placed,
    id: IncidentId,
    open_cases: &mut HashMap<GridWorkerId, i32>,
    now: DateTime<Utc>,
) -> Result<Decided> {
    let assignment = assign(&placed, open_cases)?;
    if let HolderId::GridWorker(worker) = assignment.holder.id {
        *open_cases.entry(worker).or_default() += 1;
    }
    let checked = &waiting.checked;
    let deadlines = Deadlines::of(&checked.category, checked.reported_at, now);
    let events = log(api_key, id, placed.has_area(), &assignment.holder.reason, now)?;
    let state = events.last().map_or(State::Received, |(event, _)| event.to_state);
    let report = &waiting.told.report;
    let Placed { area_path, .. } = &placed;
    let area_path = area_path.clone();
    let incident = Incident {
        incident_id: id,
        reported_at: checked.reported_at,
        received_at: now,
        channel: report.channel,
        source_id: report.source_id.clone(),
        category: CategoryRef {
            code: checked.category.code.clone(),
            name: checked.category.name.clone(),
        },
        description: report.description.clone(),
        state,
        level: assignment.level,
        location: placed.point.map(|point| [point.lng_lat().lng(), point.lng_lat().lat()]),
        given: Given { point: report.location, address: checked.address.clone() },
        located_by: placed.located_by,
        address: placed.address,
        address_match: placed.address_match,
        grid: placed.grid,
        special_grid: placed.special_grid,
        community: placed.community,
        township: placed.township,
        district: placed.district,
        holder: assignment.holder,
        due_at: deadlines.due_at,
        closed_at: None,
        boundary_version: placed.boundary_version,
        roster_version: placed.roster_version,
        row_version: 1,
    };
    Ok(Decided {
        payload: wall_incident(&incident, Action::Report, checked.category.counted_only),
        incident,
        accept_due_at: deadlines.accept_due_at,
        events,
        area_path,
        key: waiting.told.key.clone(),
        body_sha256: waiting.body_sha256,
    })
}

fn assign(placed: &Placed, open_cases: &HashMap<GridWorkerId, i32>) -> Result<Assignment> {
    let cases = |worker: GridWorkerId| open_cases.get(&worker).copied().unwrap_or(0);
    let mut assignment = placed.choice.decide(cases).ok_or_else(|| DataError::Broken {
        what: "list of units",
        why: "there is not even a desk of the city".to_owned(),
    })?;
    if let Some(note) = &placed.note {
        assignment.holder.reason = format!("{}; {note}", assignment.holder.reason);
    }
    Ok(assignment)
}

/// The first lines of the log. What belongs to an area is registered and dispatched by rule at once; what does not waits
/// for a seat to find out where it is.
fn log(
    api_key: ApiKeyId,
    incident_id: IncidentId,
    has_area: bool,
    reason: &str,
    occurred_at: DateTime<Utc>,
) -> Result<Vec<(Event, [u8; 32])>> {
    let reporter = format!("api_key:{api_key}");
    let told = (Action::Report, ActorRole::Reporter, reporter.as_str(), "");
    let by_rule = [
        (Action::Register, ActorRole::Rule, "rule", "located in an area"),
        (Action::Dispatch, ActorRole::Rule, "rule", reason),
    ];
    let steps = std::iter::once(told).chain(by_rule.into_iter().filter(|_| has_area));
    let mut events: Vec<(Event, [u8; 32])> = Vec::with_capacity(3);
    for (ordinal, (action, role, actor, reason)) in (1..).zip(steps) {
        let before = events.last();
        let from_state = before.map(|(event, _)| event.to_state);
        let to_state = after(from_state, action, role)
            .map_err(|error| DataError::Broken { what: "state table", why: error.to_string() })?;
        let event = Event {
            incident_id,
            ordinal,
            action,
            from_state,
            to_state,
            actor: actor.to_owned(),
            reason: reason.to_owned(),
            occurred_at,
        };
        let hash = event.hash(before.map(|(_, hash)| hash));
        events.push((event, hash));
    }
    Ok(events)
}

/// What walls are told of an incident: no words of the reporter, no address; and of a category that is only counted, no
/// place either.
pub(crate) fn wall_incident(incident: &Incident, action: Action, counted_only: bool) -> String {
    let code = |area: &Option<crate::domain::division::DivisionRef>| {
        area.as_ref().map(|area| area.code.clone())
    };
    let place: Vec<&str> = [&incident.township, &incident.community]
        .into_iter()
        .flatten()
        .map(|area| area.name.as_str())
        .collect();
    let location = incident.location.filter(|_| !counted_only);
    let mut told = json!({
        "id": incident.incident_id.to_string(),
        "number": incident.number(),
        "action": action,
        "state": incident.state,
        "level": incident.level,
        "channel": incident.channel,
        "category": incident.category,
        "lng": location.map(|[lng, _]| lng),
        "lat": location.map(|[_, lat]| lat),
        "grid_id": incident.grid.as_ref().map(|grid| grid.grid_id),
        "grid_code": incident.grid.as_ref().map(|grid| grid.code.clone()),
        "community_code": code(&incident.community),
        "township_code": code(&incident.township),
        "district_code": code(&incident.district),
        "reported_at": incident.reported_at,
        "due_at": incident.due_at,
        "place": place.join(" · "),
    });
    if let (true, Some(told)) = (counted_only, told.as_object_mut()) {
        told.insert("counted_only".to_owned(), true.into());
    }
    told.to_string()
}
