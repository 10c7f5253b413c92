//! What is written: columns and rows of each target.

use chrono::{DateTime, SecondsFormat, Utc};
use futures::TryStreamExt;
use serde_json::Value;
use spatial::crs::{LngLat, Wgs84};
use spatial::lattice::LatticePoint;
use sqlx::PgConnection;
use tokio::sync::mpsc;

use super::sink::{Column, ExportError, Outgoing, Where};
use super::{ExportOptions, Message, Target};
use crate::import::divisions::level_name;
use crate::import::tables::boundary;

static DIVISIONS: [Column; 6] = [
    Column::text("code", "code"),
    Column::text("level", "level"),
    Column::text("kind", "kind"),
    Column::text("name", "name"),
    Column::text("parent_code", "parent"),
    Column::whole("people", "people"),
];
static GRIDS: [Column; 5] = [
    Column::text("code", "code"),
    Column::text("kind", "kind"),
    Column::text("name", "name"),
    Column::text("community_code", "comm_code"),
    Column::whole("people", "people"),
];
static ADDRESSES: [Column; 11] = [
    Column::text("source_id", "source_id"),
    Column::text("full_text", "full_text"),
    Column::text("district", "district"),
    Column::text("township", "township"),
    Column::text("community", "community"),
    Column::text("road", "road"),
    Column::text("house_no", "house_no"),
    Column::text("compound", "compound"),
    Column::text("building_no", "building"),
    Column::text("unit", "unit"),
    Column::text("room", "room"),
];
static INCIDENTS: [Column; 15] = [
    Column::whole("incident_id", "incident"),
    Column::text("source_id", "source_id"),
    Column::text("channel", "channel"),
    Column::text("category", "category"),
    Column::text("description", "descript"),
    Column::text("address", "address"),
    Column::text("reported_at", "reported"),
    Column::text("due_at", "due_at"),
    Column::text("closed_at", "closed"),
    Column::text("state", "state"),
    Column::text("level", "level"),
    Column::text("grid_code", "grid_code"),
    Column::text("community_code", "comm_code"),
    Column::text("township_code", "town_code"),
    Column::text("district_code", "dist_code"),
];

pub(super) fn columns(target: Target) -> &'static [Column] {
    match target {
        Target::Divisions => &DIVISIONS,
        Target::Grids => &GRIDS,
        Target::Addresses => &ADDRESSES,
        Target::Incidents => &INCIDENTS,
    }
}

/// Sends all rows, then the mark of the end.
pub(super) async fn send(
    connection: &mut PgConnection,
    options: &ExportOptions,
    version: i32,
    sender: mpsc::Sender<Message>,
) -> Result<(), ExportError> {
    match options.target {
        Target::Divisions | Target::Grids => borders(connection, options, version, &sender).await?,
        Target::Addresses => addresses(connection, &sender).await?,
        Target::Incidents => incidents(connection, &sender).await?,
    }
    // Nobody listens if the writer failed, which then tells why.
    let _ = sender.send(Message::End).await;
    Ok(())
}

type BorderRow = (String, String, String, String, Option<String>, i32, Vec<u8>);

async fn borders(
    connection: &mut PgConnection,
    options: &ExportOptions,
    version: i32,
    sender: &mpsc::Sender<Message>,
) -> Result<(), ExportError> {
    let is_division = options.target == Target::Divisions;
    let query = if is_division {
        "select code, level, kind, name, parent_code, people, st_asbinary(geom, 'NDR')
         from division
         where valid @> $1 and ($2 is null or level = $2)
         order by level, code"
    } else {
        "select code, '', kind, name, community_code, people, st_asbinary(geom, 'NDR')
         from grid
         where valid @> $1 and $2 is null
         order by code"
    };
    let mut rows = sqlx::query_as::<_, BorderRow>(query)
        .bind(version)
        .bind(options.level.map(level_name))
        .fetch(connection);
    while let Some((code, level, kind, name, parent, people, wkb)) = rows.try_next().await? {
        let shape = boundary::shape(&wkb)
            .map_err(|why| ExportError::Broken { what: format!("border of {code}"), why })?;
        let mut values = vec![Value::from(code)];
        if is_division {
            values.push(level.into());
        }
        values.extend([kind.into(), name.into(), parent.into(), people.into()]);
        if sender.send(Message::Row(Outgoing { place: Where::Area(shape), values })).await.is_err()
        {
            break;
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct AddressRow {
    source_id: Option<String>,
    texts: Vec<String>,
    lng: f64,
    lat: f64,
}

async fn addresses(
    connection: &mut PgConnection,
    sender: &mpsc::Sender<Message>,
) -> Result<(), ExportError> {
    let mut rows = sqlx::query_as::<_, AddressRow>(
        "select source_id,
                array[full_text, district, township, community, road, house_no, compound, building_no, unit, room]
                    as texts,
                st_x(geom) as lng, st_y(geom) as lat
         from address
         order by address_id",
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let place = Where::Place(place(row.lng, row.lat)?);
        let mut values = vec![Value::from(row.source_id)];
        values.extend(row.texts.into_iter().map(Value::from));
        if sender.send(Message::Row(Outgoing { place, values })).await.is_err() {
            break;
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct IncidentRow {
    incident_id: i64,
    texts: Vec<Option<String>>,
    reported_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    codes: Vec<Option<String>>,
    lng: Option<f64>,
    lat: Option<f64>,
}

async fn incidents(
    connection: &mut PgConnection,
    sender: &mpsc::Sender<Message>,
) -> Result<(), ExportError> {
    let mut rows = sqlx::query_as::<_, IncidentRow>(
        "select incident_id,
                array[source_id, channel, category_code, description, address_text] as texts,
                reported_at, due_at, closed_at,
                array[state, level, grid_code, community_code, township_code, district_code] as codes,
                st_x(geom) as lng, st_y(geom) as lat
         from incident
         order by reported_at, incident_id",
    )
    .fetch(connection);
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    while let Some(row) = rows.try_next().await? {
        let place = match (row.lng, row.lat) {
            (Some(lng), Some(lat)) => Where::Place(place(lng, lat)?),
            _ => Where::Nowhere,
        };
        let mut values = vec![Value::from(row.incident_id)];
        values.extend(row.texts.into_iter().map(Value::from));
        values.extend([time(row.reported_at).into(), time(row.due_at).into()]);
        values.push(row.closed_at.map(time).into());
        values.extend(row.codes.into_iter().map(Value::from));
        if sender.send(Message::Row(Outgoing { place, values })).await.is_err() {
            break;
        }
    }
    Ok(())
}

fn place(lng: f64, lat: f64) -> Result<LatticePoint, ExportError> {
    LngLat::<Wgs84>::new(lng, lat)
        .map(LatticePoint::nearest)
        .map_err(|error| ExportError::Broken { what: "place".to_owned(), why: error.to_string() })
}
