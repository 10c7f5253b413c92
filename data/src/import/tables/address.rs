//! Addresses through a staging table: copied in batches, then merged in three statements, whatever their number.

use spatial::lattice::LatticePoint;
use sqlx::PgConnection;

/// An address on its way in.
#[derive(Clone, Debug, PartialEq)]
pub struct Staged {
    /// Line or ordinal in the file.
    pub row: u64,
    /// The caller's own key.
    pub source_id: Option<String>,
    /// The whole text.
    pub full_text: String,
    /// District, township, community, road, house number, compound, building, unit, room.
    pub parts: Vec<String>,
    /// Where it is.
    pub place: LatticePoint,
    /// The grid it lies in.
    pub grid_id: Option<i32>,
}

/// What became of the staged rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// New addresses.
    pub inserted: u64,
    /// Known ones that changed.
    pub updated: u64,
    /// Known ones that are exactly so.
    pub unchanged: u64,
}

/// An empty staging table that ends with the transaction.
pub async fn stage(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "create temporary table staged_address (
             source_id text, full_text text, district text, township text, community text, road text,
             house_no text, compound text, building_no text, unit text, room text,
             grid_id int, lng float8, lat float8
         ) on commit drop",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Copies a batch into the staging table.
pub async fn send(connection: &mut PgConnection, batch: &[Staged]) -> Result<(), sqlx::Error> {
    let mut text = String::with_capacity(batch.len() * 160);
    for staged in batch {
        match &staged.source_id {
            Some(source_id) => escape(source_id, &mut text),
            None => text.push_str("\\N"),
        }
        for part in std::iter::once(&staged.full_text).chain(&staged.parts) {
            text.push('\t');
            escape(part, &mut text);
        }
        let grid = staged.grid_id.map_or_else(|| "\\N".to_owned(), |grid| grid.to_string());
        let place = staged.place.lng_lat();
        text.extend([
            "\t",
            &grid,
            "\t",
            &place.lng().to_string(),
            "\t",
            &place.lat().to_string(),
            "\n",
        ]);
    }
    let mut copy = connection.copy_in_raw("copy staged_address from stdin").await?;
    copy.send(text.into_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// The text form of `copy`.
fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => into.push_str("\\\\"),
            '\t' => into.push_str("\\t"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            other => into.push(other),
        }
    }
}

/// Moves the staged rows into place. A row with a key of its own is that address; one without is the address of the
/// same text at the same place.
pub async fn merge(connection: &mut PgConnection) -> Result<Merged, sqlx::Error> {
    sqlx::query("analyze staged_address").execute(&mut *connection).await?;
    sqlx::query(
        "create temporary table merging_address on commit drop as
         select s.*, st_setsrid(st_makepoint(s.lng, s.lat), 4326) as geom,
                coalesce(by_key.address_id, by_text.address_id) as address_id
         from staged_address s
         left join address by_key on by_key.source_id = s.source_id
         left join lateral (
             select a.address_id
             from address a
             where s.source_id is null and a.source_id is null and a.full_text = s.full_text
               and round(st_x(a.geom) * 1e7) = round(s.lng * 1e7) and round(st_y(a.geom) * 1e7) = round(s.lat * 1e7)
             limit 1
         ) by_text on true",
    )
    .execute(&mut *connection)
    .await?;
    let updated = sqlx::query(
        "update address a
         set full_text = m.full_text, district = m.district, township = m.township, community = m.community,
             road = m.road, house_no = m.house_no, compound = m.compound, building_no = m.building_no,
             unit = m.unit, room = m.room, geom = m.geom, grid_id = m.grid_id,
             building_id = (select b.building_id from building b
                            where st_covers(b.geom, m.geom) order by b.building_id limit 1)
         from merging_address m
         where a.address_id = m.address_id
           and (a.full_text, a.district, a.township, a.community, a.road, a.house_no, a.compound, a.building_no,
                a.unit, a.room, st_x(a.geom), st_y(a.geom), a.grid_id)
               is distinct from
               (m.full_text, m.district, m.township, m.community, m.road, m.house_no, m.compound, m.building_no,
                m.unit, m.room, m.lng, m.lat, m.grid_id)",
    )
    .execute(&mut *connection)
    .await?
    .rows_affected();
    let known: i64 =
        sqlx::query_scalar("select count(*) from merging_address where address_id is not null")
            .fetch_one(&mut *connection)
            .await?;
    let inserted = sqlx::query(
        "insert into address (source_id, full_text, district, township, community, road, house_no, compound,
                              building_no, unit, room, building_id, grid_id, geom)
         select m.source_id, m.full_text, m.district, m.township, m.community, m.road, m.house_no, m.compound,
                m.building_no, m.unit, m.room,
                (select b.building_id from building b
                 where st_covers(b.geom, m.geom) order by b.building_id limit 1),
                m.grid_id, m.geom
         from merging_address m
         where m.address_id is null",
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(Merged { inserted, updated, unchanged: (known as u64).saturating_sub(updated) })
}

/// How many of the places lie in a building.
pub async fn in_buildings(
    connection: &mut PgConnection,
    places: &[LatticePoint],
) -> Result<usize, sqlx::Error> {
    let (lngs, lats): (Vec<f64>, Vec<f64>) = places
        .iter()
        .map(|place| {
            let place = place.lng_lat();
            (place.lng(), place.lat())
        })
        .unzip();
    let count: i64 = sqlx::query_scalar(
        "select count(*)
         from unnest($1::float8[], $2::float8[]) as t (lng, lat)
         where exists (
             select 1 from building b
             where st_covers(b.geom, st_setsrid(st_makepoint(t.lng, t.lat), 4326))
         )",
    )
    .bind(lngs)
    .bind(lats)
    .fetch_one(connection)
    .await?;
    Ok(count as usize)
}
