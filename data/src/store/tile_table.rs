//! The tables that maps are drawn from. Most of the work is SQL of the migrations; here is what SQL cannot do.

use spatial::coverage::{Coverage, LatticeMultiPolygon};
use sqlx::PgConnection;

use super::copy::{Rows, copy};
use super::wkb;
use crate::error::DataError;

/// What is left out of a border on zoom levels up to 9, to 11 and to 13, in metres: about half a pixel of the next level,
/// up to which a tile is stretched.
const TOLERANCES_M: [f64; 3] = [40.0, 10.0, 2.5];

/// Fills the tile tables anew from the master tables and the boundary version in force, in the caller's transaction.
///
/// # Errors
/// [`DataError::Database`], and [`DataError::Broken`] for a stored border that is none.
pub(crate) async fn refresh(connection: &mut PgConnection) -> Result<(), DataError> {
    generalise_missing(connection).await?;
    sqlx::query("select refresh_tile_tables()").execute(connection).await?;
    Ok(())
}

/// The same for borders alone, when nothing else has changed; gives back the map version that shows them.
///
/// # Errors
/// As [`refresh`].
pub(crate) async fn refresh_borders(connection: &mut PgConnection) -> Result<i32, DataError> {
    generalise_missing(connection).await?;
    Ok(sqlx::query_scalar("select refresh_tile_borders()").fetch_one(connection).await?)
}

async fn generalise_missing(connection: &mut PgConnection) -> Result<(), DataError> {
    let missing: bool = sqlx::query_scalar(include_str!("sql/generalised_border_missing.sql"))
        .fetch_one(&mut *connection)
        .await?;
    if missing {
        generalise(connection).await?;
    }
    Ok(())
}

/// Writes down the borders in force as smaller scales show them.
async fn generalise(connection: &mut PgConnection) -> Result<(), DataError> {
    let shapes = in_force(connection).await?;
    let rows = tokio::task::spawn_blocking(move || generalised(shapes))
        .await
        .map_err(|stopped| DataError::Broken { what: "border", why: stopped.to_string() })?;
    sqlx::query("delete from generalised_border").execute(&mut *connection).await?;
    let target = "generalised_border (of_table, shape_id, coarse, middle, fine)";
    let write = |to: &mut Rows, (shape, drawn): (Shape, [LatticeMultiPolygon; 3])| {
        to.row(5).text(&shape.of_table).int(shape.id);
        for drawn in &drawn {
            to.shape(drawn);
        }
    };
    copy(connection, target, rows.into_iter(), write, &mut |_| {}).await
}

/// A row of `grid` or `division`.
struct Shape {
    of_table: String,
    id: i32,
    /// One of those that tile the city; everything else runs along their borders, or is drawn as it is.
    finest: bool,
    border: LatticeMultiPolygon,
}

async fn in_force(connection: &mut PgConnection) -> Result<Vec<Shape>, DataError> {
    let rows: Vec<(String, i32, bool, Vec<u8>)> =
        sqlx::query_as(include_str!("sql/borders_in_force.sql")).fetch_all(connection).await?;
    rows.into_iter()
        .map(|(of_table, id, finest, bytes)| {
            Ok(Shape { of_table, id, finest, border: wkb::multi_polygon(&bytes)? })
        })
        .collect()
}

fn generalised(shapes: Vec<Shape>) -> Vec<(Shape, [LatticeMultiPolygon; 3])> {
    let finest = shapes.iter().filter(|shape| shape.finest);
    let faces = (0..).zip(finest).map(|(face, shape)| (face, shape.border.clone()));
    let (coverage, _) = Coverage::build(faces.collect());
    let scales = coverage.generalised(TOLERANCES_M);
    let drawn = |shape: Shape| {
        let drawn = scales.each_ref().map(|scale| scale.shape(&shape.border));
        (shape, drawn)
    };
    shapes.into_iter().map(drawn).collect()
}
