//! Incidents, read back one by one and in pages.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, Postgres, QueryBuilder};

use super::{Scope, Store, broken};
use crate::domain::category::CategoryRef;
use crate::domain::division::DivisionRef;
use crate::domain::grid::{GridKind, GridRef};
use crate::domain::id::{AddressId, BoundaryVersionId, GridId, IncidentId, RosterVersionId};
use crate::domain::incident::{
    AddressRef, Channel, Given, GivenPoint, Holder, HolderId, Incident, LocatedBy, WorkLevel,
};
use crate::domain::lifecycle::State;
use crate::error::{DataError, Result};

/// Which incidents a list shows; nothing set shows all.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    /// In one of these states.
    pub states: Vec<State>,
    /// By this way.
    pub channel: Option<Channel>,
    /// Of this category, or of this major category.
    pub category: Option<String>,
    /// In the district of this code.
    pub district: Option<String>,
    /// In the township of this code.
    pub township: Option<String>,
    /// In the community of this code.
    pub community: Option<String>,
    /// In the grid of this code.
    pub grid: Option<String>,
    /// Told at this time or later.
    pub reported_after: Option<DateTime<Utc>>,
    /// Told before this time.
    pub reported_before: Option<DateTime<Utc>>,
    /// After the last one of the page before.
    pub cursor: Option<IncidentCursor>,
    /// At most so many.
    pub limit: u32,
}

/// A place in the list of incidents, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IncidentCursor {
    /// Of the last incident seen.
    pub reported_at: DateTime<Utc>,
    /// Of the last incident seen.
    pub incident_id: IncidentId,
}

impl IncidentCursor {
    /// The place after this incident.
    pub fn after(incident: &Incident) -> Self {
        Self { reported_at: incident.reported_at, incident_id: incident.incident_id }
    }
}

impl fmt::Display for IncidentCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.reported_at.timestamp_micros(), self.incident_id.0)
    }
}

impl FromStr for IncidentCursor {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self> {
        let number = |hex: &str| i64::from_str_radix(hex, 16).ok();
        text.split_once('-')
            .and_then(|(micros, id)| {
                let reported_at = DateTime::from_timestamp_micros(number(micros)?)?;
                Some(Self { reported_at, incident_id: IncidentId(number(id)?) })
            })
            .ok_or_else(|| DataError::invalid("/cursor", format!("{text:?} is no cursor of ours")))
    }
}

const PAGE: &str = "with page as materialized (
    select incident_id, reported_at, received_at, channel, source_id, category_code, description, state, level, geom,
           given_lng, given_lat, given_crs, address_text, located_by, address_id, grid_id, grid_code, special_grid_id,
           community_code, township_code, district_code, holder_kind, holder_id, holder_reason,
           due_at, closed_at, boundary_version, roster_version, row_version, address_match
    from incident
    where true";

impl Store {
    /// One incident.
    ///
    /// # Errors
    /// [`DataError::NotFound`] when there is none of this id, or it is out of sight.
    pub async fn incident_view(&self, id: IncidentId, scope: &Scope) -> Result<Incident> {
        let mut query = QueryBuilder::new(PAGE);
        query.push(" and incident_id = ").push_bind(id.0);
        within(&mut query, scope);
        query.push(") ").push(include_str!("sql/incident_view.sql"));
        let line: Option<Line> = query.build_query_as().fetch_optional(&self.pool).await?;
        line.ok_or_else(|| DataError::NotFound { what: "incident", id: id.to_string() })?.try_into()
    }

    /// A page of incidents, the newest first.
    pub async fn incident_list(
        &self,
        filter: &IncidentFilter,
        scope: &Scope,
    ) -> Result<Vec<Incident>> {
        let mut query = QueryBuilder::new(PAGE);
        within(&mut query, scope);
        chosen(&mut query, filter);
        query
            .push(" order by reported_at desc, incident_id desc limit ")
            .push_bind(i64::from(filter.limit))
            .push(") ")
            .push(include_str!("sql/incident_view.sql"));
        let lines: Vec<Line> = query.build_query_as().fetch_all(&self.pool).await?;
        lines.into_iter().map(TryInto::try_into).collect()
    }
}

/// Incidents of these ids, for whoever has a transaction open.
pub(super) async fn incidents_of(
    executor: impl PgExecutor<'_>,
    ids: &[i64],
) -> Result<Vec<Incident>> {
    let mut query = QueryBuilder::new(PAGE);
    query.push(" and incident_id = any(").push_bind(ids).push("))");
    query.push(include_str!("sql/incident_view.sql"));
    let lines: Vec<Line> = query.build_query_as().fetch_all(executor).await?;
    lines.into_iter().map(TryInto::try_into).collect()
}

fn within(query: &mut QueryBuilder<'_, Postgres>, scope: &Scope) {
    if let Some(code) = scope.code() {
        query
            .push(" and ")
            .push_bind(code.to_owned())
            .push(" in (district_code, township_code, community_code)");
    }
}

fn chosen(query: &mut QueryBuilder<'_, Postgres>, filter: &IncidentFilter) {
    if !filter.states.is_empty() {
        let names: Vec<&str> = filter.states.iter().map(|state| state.name()).collect();
        query.push(" and state = any(").push_bind(names).push(")");
    }
    if let Some(channel) = filter.channel {
        query.push(" and channel = ").push_bind(channel.name());
    }
    if let Some(category) = &filter.category {
        query
            .push(" and category_code in (select category_code from category where ")
            .push_bind(category.clone())
            .push(" in (category_code, parent_code))");
    }
    let codes = [
        (" and district_code = ", &filter.district),
        (" and township_code = ", &filter.township),
        (" and community_code = ", &filter.community),
        (" and grid_code = ", &filter.grid),
    ];
    for (condition, code) in codes {
        if let Some(code) = code {
            query.push(condition).push_bind(code.clone());
        }
    }
    if let Some(after) = filter.reported_after {
        query.push(" and reported_at >= ").push_bind(after);
    }
    if let Some(before) = filter.reported_before {
        query.push(" and reported_at < ").push_bind(before);
    }
    if let Some(cursor) = filter.cursor {
        query
            .push(" and reported_at <= ")
            .push_bind(cursor.reported_at)
            .push(" and (reported_at, incident_id) < (")
            .push_bind(cursor.reported_at)
            .push(", ")
            .push_bind(cursor.incident_id.0)
            .push(")");
    }
}

#[derive(sqlx::FromRow)]
struct Line {
    incident_id: i64,
    reported_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    channel: String,
    source_id: Option<String>,
    category_code: String,
    category_name: String,
    description: String,
    state: String,
    level: String,
    lng: Option<f64>,
    lat: Option<f64>,
    given_lng: Option<f64>,
    given_lat: Option<f64>,
    given_crs: Option<String>,
    address_text: Option<String>,
    located_by: String,
    address_id: Option<i32>,
    address_full_text: Option<String>,
    grid_id: Option<i32>,
    grid_code: Option<String>,
    grid_name: Option<String>,
    grid_kind: Option<String>,
    special_grid_id: Option<i32>,
    special_grid_code: Option<String>,
    special_grid_name: Option<String>,
    community_code: Option<String>,
    community_name: Option<String>,
    township_code: Option<String>,
    township_name: Option<String>,
    district_code: Option<String>,
    district_name: Option<String>,
    holder_kind: String,
    holder_id: i32,
    holder_name: String,
    holder_reason: String,
    due_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    boundary_version: i32,
    roster_version: i32,
    row_version: i32,
    address_match: Option<String>,
}

impl TryFrom<Line> for Incident {
    type Error = DataError;

    fn try_from(line: Line) -> Result<Self> {
        let given = line.given()?;
        let grid = line.grid()?;
        let special_grid = line.special_grid();
        let address_match = line.address_match.as_deref().map(serde_json::from_str).transpose();
        let address_match = address_match
            .map_err(|error| DataError::Broken { what: "address match", why: error.to_string() })?;
        let holder = HolderId::of(&line.holder_kind, line.holder_id)
            .ok_or_else(|| broken("holder kind", &line.holder_kind))?;
        Ok(Self {
            incident_id: IncidentId(line.incident_id),
            reported_at: line.reported_at,
            received_at: line.received_at,
            channel: Channel::named(&line.channel)
                .ok_or_else(|| broken("channel", &line.channel))?,
            source_id: line.source_id,
            category: CategoryRef { code: line.category_code, name: line.category_name },
            description: line.description,
            state: State::named(&line.state).ok_or_else(|| broken("state", &line.state))?,
            level: WorkLevel::named(&line.level).ok_or_else(|| broken("level", &line.level))?,
            location: line.lng.zip(line.lat).map(<[f64; 2]>::from),
            given,
            located_by: LocatedBy::named(&line.located_by)
                .ok_or_else(|| broken("located_by", &line.located_by))?,
            address: line
                .address_id
                .zip(line.address_full_text)
                .map(|(id, full_text)| AddressRef { address_id: AddressId(id), full_text }),
            grid,
            special_grid,
            community: division(line.community_code, line.community_name),
            township: division(line.township_code, line.township_name),
            district: division(line.district_code, line.district_name),
            holder: Holder { id: holder, name: line.holder_name, reason: line.holder_reason },
            due_at: line.due_at,
            closed_at: line.closed_at,
            boundary_version: BoundaryVersionId(line.boundary_version),
            roster_version: RosterVersionId(line.roster_version),
            row_version: line.row_version,
            address_match,
        })
    }
}

impl Line {
    fn given(&self) -> Result<Given> {
        let point = match (self.given_lng, self.given_lat, &self.given_crs) {
            (Some(lng), Some(lat), Some(crs)) => {
                let crs = crs.parse().map_err(|_| broken("coordinate system", crs))?;
                Some(GivenPoint { lng, lat, crs })
            }
            _ => None,
        };
        Ok(Given { point, address: self.address_text.clone() })
    }

    fn grid(&self) -> Result<Option<GridRef>> {
        let (Some(id), Some(code)) = (self.grid_id, &self.grid_code) else { return Ok(None) };
        let kind = self.grid_kind.as_deref().unwrap_or(GridKind::Basic.name());
        Ok(Some(GridRef {
            grid_id: GridId(id),
            code: code.clone(),
            name: self.grid_name.clone().unwrap_or_default(),
            kind: GridKind::named(kind).ok_or_else(|| broken("grid kind", kind))?,
        }))
    }
}

impl Line {
    fn special_grid(&self) -> Option<GridRef> {
        Some(GridRef {
            grid_id: GridId(self.special_grid_id?),
            code: self.special_grid_code.clone()?,
            name: self.special_grid_name.clone().unwrap_or_default(),
            kind: GridKind::Special,
        })
    }
}

fn division(code: Option<String>, name: Option<String>) -> Option<DivisionRef> {
    code.map(|code| DivisionRef { code, name: name.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_form_and_nonsense_is_refused() {
        let cursor = IncidentCursor {
            reported_at: DateTime::from_timestamp_micros(1_780_000_000_123_456).unwrap(),
            incident_id: IncidentId(42),
        };
        assert_eq!(cursor.to_string().parse::<IncidentCursor>().unwrap(), cursor);
        for nonsense in ["", "-", "x-1", "1", "7fffffffffffffff-1"] {
            assert!(nonsense.parse::<IncidentCursor>().is_err(), "{nonsense}");
        }
    }
}
