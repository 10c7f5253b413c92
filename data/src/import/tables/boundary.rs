//! Divisions and grids, as they stand and as they change.

use geozero::{CoordDimensions, GeozeroGeometry, ToWkb, wkb::Wkb};
use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::crs::Crs;
use spatial::interior::interior_point;
use spatial::lattice::LatticePoint;
use spatial::measure;
use sqlx::PgConnection;

use crate::import::boundary::{Border, Standing};
use crate::import::clean;
use crate::import::source::{RawPolygon, Shape, ShapeBuilder};

/// Divisions or grids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// All levels of divisions.
    Divisions,
    /// Grids.
    Grids,
}

type BorderRow = (i32, String, String, String, String, Option<String>, i32, Vec<u8>);

/// The borders of a boundary version, in order of code.
///
/// # Errors
/// If the database refuses, or a shape cannot be read back.
pub async fn standing(
    connection: &mut PgConnection,
    layer: Layer,
    version: i32,
) -> Result<Vec<Standing>, sqlx::Error> {
    let query = match layer {
        Layer::Divisions => {
            "select division_id, code, level, kind, name, parent_code, people, st_asbinary(geom, 'NDR')
             from division
             where valid @> $1
             order by level, code"
        }
        Layer::Grids => {
            "select grid_id, code, '', kind, name, community_code, people, st_asbinary(geom, 'NDR')
             from grid
             where valid @> $1
             order by code"
        }
    };
    let rows = sqlx::query_as(query).bind(version).fetch_all(connection).await?;
    standing_from(rows)
}

/// The rows of these ids, in order of code.
///
/// # Errors
/// As [`standing`].
pub async fn standing_of(
    connection: &mut PgConnection,
    layer: Layer,
    ids: &[i32],
) -> Result<Vec<Standing>, sqlx::Error> {
    let query = match layer {
        Layer::Divisions => {
            "select division_id, code, level, kind, name, parent_code, people, st_asbinary(geom, 'NDR')
             from division
             where division_id = any($1)
             order by level, code"
        }
        Layer::Grids => {
            "select grid_id, code, '', kind, name, community_code, people, st_asbinary(geom, 'NDR')
             from grid
             where grid_id = any($1)
             order by code"
        }
    };
    let rows = sqlx::query_as(query).bind(ids).fetch_all(connection).await?;
    standing_from(rows)
}

fn standing_from(rows: Vec<BorderRow>) -> Result<Vec<Standing>, sqlx::Error> {
    rows.into_iter()
        .map(|(id, code, level, kind, name, parent, people, wkb)| {
            let shape = shape(&wkb)
                .map_err(|why| sqlx::Error::Decode(format!("shape of {code}: {why}").into()))?;
            let people = Some(people);
            Ok(Standing {
                id,
                border: Border { row: 0, code, level, kind, name, parent, people, shape },
            })
        })
        .collect()
}

/// A stored shape; every vertex lies on the lattice, so rounding gives back exactly what was stored.
pub fn shape(wkb: &[u8]) -> Result<LatticeMultiPolygon, String> {
    let mut builder = ShapeBuilder::default();
    Wkb(wkb).process_geom(&mut builder).map_err(|error| error.to_string())?;
    let Some(Shape::Area(polygons)) = builder.finish()? else {
        return Err("it is no area".to_owned());
    };
    polygons.iter().map(polygon).collect::<Result<_, _>>().map(LatticeMultiPolygon)
}

fn polygon(polygon: &RawPolygon) -> Result<LatticePolygon, String> {
    let mut rings = polygon.rings.iter().map(|ring| {
        let points = ring.iter().map(|&position| clean::place(Crs::Wgs84, position));
        let mut points: Vec<LatticePoint> = points.collect::<Result<_, _>>()?;
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        Ok::<_, String>(LatticeRing(points))
    });
    let exterior = rings.next().ok_or("it has no rings")??;
    Ok(LatticePolygon { exterior, holes: rings.collect::<Result<_, _>>()? })
}

/// Ends the validity of rows with `version`.
pub async fn close(
    connection: &mut PgConnection,
    layer: Layer,
    ids: &[i32],
    version: i32,
) -> Result<(), sqlx::Error> {
    let query = match layer {
        Layer::Divisions => {
            "update division
             set valid = int4range(lower(valid), $2)
             where division_id = any($1)"
        }
        Layer::Grids => {
            "update grid
             set valid = int4range(lower(valid), $2)
             where grid_id = any($1)"
        }
    };
    sqlx::query(query).bind(ids).bind(version).execute(connection).await?;
    Ok(())
}

/// Rows sent in one statement: shapes are large.
const CHUNK_ROWS: usize = 500;

/// New rows, valid from `version` on; gives back their ids in order.
pub async fn insert(
    connection: &mut PgConnection,
    layer: Layer,
    borders: &[Border],
    version: i32,
) -> Result<Vec<i32>, sqlx::Error> {
    let mut ids = Vec::with_capacity(borders.len());
    for chunk in borders.chunks(CHUNK_ROWS) {
        let columns = Columns::of(chunk)?;
        let query = match layer {
            Layer::Divisions => {
                "insert into division (code, level, kind, name, parent_code, people, geom, label, valid)
                 select code, level, kind, name, parent, people, st_multi(st_geomfromwkb(wkb, 4326)),
                        st_setsrid(st_makepoint(lng, lat), 4326), int4range($11, null)
                 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[],
                             $7::bytea[], $8::float8[], $9::float8[], $10::float8[])
                      with ordinality as t (code, level, kind, name, parent, people, wkb, lng, lat, area_m2, place)
                 order by place
                 returning division_id"
            }
            Layer::Grids => {
                "insert into grid (code, kind, name, community_code, people, geom, label, area_m2, valid)
                 select code, kind, name, parent, people, st_multi(st_geomfromwkb(wkb, 4326)),
                        st_setsrid(st_makepoint(lng, lat), 4326), area_m2, int4range($11, null)
                 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[],
                             $7::bytea[], $8::float8[], $9::float8[], $10::float8[])
                      with ordinality as t (code, level, kind, name, parent, people, wkb, lng, lat, area_m2, place)
                 order by place
                 returning grid_id"
            }
        };
        let new: Vec<i32> = sqlx::query_scalar(query)
            .bind(columns.codes)
            .bind(columns.levels)
            .bind(columns.kinds)
            .bind(columns.names)
            .bind(columns.parents)
            .bind(columns.people)
            .bind(columns.shapes)
            .bind(columns.label_lngs)
            .bind(columns.label_lats)
            .bind(columns.areas_m2)
            .bind(version)
            .fetch_all(&mut *connection)
            .await?;
        ids.extend(new);
    }
    Ok(ids)
}

/// Rows turned into columns, as `unnest` takes them.
#[derive(Default)]
struct Columns {
    codes: Vec<String>,
    levels: Vec<String>,
    kinds: Vec<String>,
    names: Vec<String>,
    parents: Vec<Option<String>>,
    people: Vec<i32>,
    shapes: Vec<Vec<u8>>,
    label_lngs: Vec<f64>,
    label_lats: Vec<f64>,
    areas_m2: Vec<f64>,
}

impl Columns {
    fn of(borders: &[Border]) -> Result<Self, sqlx::Error> {
        let mut columns = Self::default();
        for border in borders {
            let degrees = geo_types::Geometry::MultiPolygon(border.shape.to_degrees());
            let wkb = degrees
                .to_wkb(CoordDimensions::xy())
                .map_err(|error| sqlx::Error::Encode(error.to_string().into()))?;
            let label = label(&border.shape).lng_lat();
            columns.codes.push(border.code.clone());
            columns.levels.push(border.level.clone());
            columns.kinds.push(border.kind.clone());
            columns.names.push(border.name.clone());
            columns.parents.push(border.parent.clone());
            columns.people.push(border.people.unwrap_or_default());
            columns.shapes.push(wkb);
            columns.label_lngs.push(label.lng());
            columns.label_lats.push(label.lat());
            columns.areas_m2.push(measure::multi_area_m2(&border.shape));
        }
        Ok(columns)
    }
}

/// Where the label stands: inside, or on a corner of a shape too thin to have an inside.
fn label(shape: &LatticeMultiPolygon) -> LatticePoint {
    interior_point(shape)
        .or_else(|| shape.rings().find_map(|ring| ring.0.first().copied()))
        .unwrap_or_default()
}

/// Things that stand in a grid and name it by the id of its shape.
#[derive(Clone, Copy, Debug)]
pub enum Tenant {
    /// Addresses.
    Address,
    /// Buildings.
    Building,
}

/// Those that have to be looked up again: in a closed grid, or in none.
pub async fn homeless(
    connection: &mut PgConnection,
    tenant: Tenant,
    closed: &[i32],
) -> Result<Vec<(i32, LatticePoint)>, sqlx::Error> {
    let query = match tenant {
        Tenant::Address => {
            "select address_id, st_x(geom), st_y(geom)
             from address
             where grid_id = any($1) or grid_id is null"
        }
        Tenant::Building => {
            "select building_id, st_x(inner_point), st_y(inner_point)
             from building
             cross join lateral (select st_pointonsurface(geom) as inner_point) p
             where grid_id = any($1) or grid_id is null"
        }
    };
    let rows: Vec<(i32, f64, f64)> =
        sqlx::query_as(query).bind(closed).fetch_all(connection).await?;
    let place = |(id, x, y)| {
        let position = crate::import::source::Position { x, y };
        clean::place(Crs::Wgs84, position)
            .map(|place| (id, place))
            .map_err(|why| sqlx::Error::Decode(why.into()))
    };
    rows.into_iter().map(place).collect()
}

/// Writes the grids found for them; gives back how many of them are other ones.
pub async fn house(
    connection: &mut PgConnection,
    tenant: Tenant,
    found: &[(i32, Option<i32>)],
) -> Result<u64, sqlx::Error> {
    let query = match tenant {
        Tenant::Address => {
            "update address
             set grid_id = t.grid_id
             from unnest($1::int[], $2::int[]) as t (id, grid_id)
             where address_id = t.id and address.grid_id is distinct from t.grid_id"
        }
        Tenant::Building => {
            "update building
             set grid_id = t.grid_id
             from unnest($1::int[], $2::int[]) as t (id, grid_id)
             where building_id = t.id and building.grid_id is distinct from t.grid_id"
        }
    };
    let mut moved = 0;
    for chunk in found.chunks(50_000) {
        let (ids, grids): (Vec<i32>, Vec<Option<i32>>) = chunk.iter().copied().unzip();
        let done = sqlx::query(query).bind(ids).bind(grids).execute(&mut *connection).await?;
        moved += done.rows_affected();
    }
    Ok(moved)
}
