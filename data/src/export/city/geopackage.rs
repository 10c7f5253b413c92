//! One GeoPackage 1.3 with all layers, each with the spatial index that the standard describes (an R-tree of `SQLite`
//! with triggers that keep it true when somebody edits).

use std::path::Path;

use spatial::crs::Crs;
use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

use super::file_of;
use super::layers::{Layer, ShapeKind, Type};
use super::sink::{Cell, Feature, Finished, Sink, refused};
use super::wkb::Bounds;
use crate::export::package::Package;
use crate::export::sink::ExportError;

/// Rows in one insert.
const ROWS_AT_ONCE: usize = 125;

pub(super) struct GeoPackage {
    package: Package,
    open: Option<Open>,
}

struct Open {
    layer: &'static Layer,
    bounds: Bounds,
    next_fid: i64,
}

impl GeoPackage {
    pub(super) fn create(folder: &Path) -> Result<Self, ExportError> {
        let mut package = Package::create(&file_of(folder, "city", "gpkg"), Crs::Wgs84)?;
        package.run(async |connection| {
            sqlx::raw_sql(EXTENSIONS).execute(connection).await.map(drop)
        })?;
        Ok(Self { package, open: None })
    }

    /// The layer's spatial index and its entry in the contents.
    fn close(&mut self) -> Result<(), ExportError> {
        let Some(Open { layer, bounds, .. }) = self.open.take() else { return Ok(()) };
        let side = |degrees: f64| bounds.is_something().then_some(degrees);
        let triggers = rtree_triggers(layer.name);
        self.package.run(async |connection| {
            sqlx::query(
                "update gpkg_contents set min_x = ?, min_y = ?, max_x = ?, max_y = ? where table_name = ?",
            )
            .bind(side(bounds.west))
            .bind(side(bounds.south))
            .bind(side(bounds.east))
            .bind(side(bounds.north))
            .bind(layer.name)
            .execute(&mut *connection)
            .await?;
            sqlx::raw_sql(&triggers).execute(connection).await.map(drop)
        })
    }

    fn insert(&mut self, rows: &[Feature]) -> Result<(), ExportError> {
        let Some(open) = self.open.as_mut() else { return Ok(()) };
        let (layer, first, srs_id) = (open.layer, open.next_fid, self.package.srs_id);
        open.next_fid += rows.len() as i64;
        open.bounds = rows.iter().map(|row| row.bounds).fold(open.bounds, Bounds::joined);
        let path = &self.package.path;
        let bind = |arguments: &mut SqliteArguments<'static>, cell: &Cell| match cell {
            Cell::Null => arguments.add(None::<String>),
            Cell::Text(text) => arguments.add(text.clone()),
            Cell::Whole(whole) => arguments.add(*whole),
            Cell::Real(real) => arguments.add(*real),
        };
        let (mut values, mut boxes) = (SqliteArguments::default(), SqliteArguments::default());
        for (fid, row) in (first..).zip(rows) {
            let own = [Cell::Whole(fid)];
            let failed = |error: &dyn std::fmt::Display| refused(path, &error);
            for cell in own.iter().chain(&row.cells) {
                bind(&mut values, cell).map_err(|error| failed(&error))?;
            }
            values.add(blob(layer, row, srs_id)).map_err(|error| failed(&error))?;
            let Bounds { west, south, east, north } = row.bounds;
            for cell in [
                Cell::Whole(fid),
                Cell::Real(west),
                Cell::Real(east),
                Cell::Real(south),
                Cell::Real(north),
            ] {
                bind(&mut boxes, &cell).map_err(|error| failed(&error))?;
            }
        }
        let names: Vec<&str> = layer.columns.iter().map(|column| column.name).collect();
        let table = format!("{} (fid, {}, geom)", layer.name, names.join(", "));
        let insert = insert_into(&table, layer.columns.len() + 2, rows.len());
        let index = insert_into(&format!("rtree_{}_geom", layer.name), 5, rows.len());
        self.package.run(async |connection| {
            sqlx::query_with(&insert, values).execute(&mut *connection).await?;
            sqlx::query_with(&index, boxes).execute(connection).await.map(drop)
        })
    }
}

fn insert_into(table: &str, columns: usize, rows: usize) -> String {
    let row = format!("(?{})", ", ?".repeat(columns - 1));
    format!("insert into {table} values {row}{}", format!(", {row}").repeat(rows - 1))
}

/// The header of the format (version 1, little-endian, with a box unless it is a point), then the shape as it is.
fn blob(layer: &Layer, row: &Feature, srs_id: i32) -> Vec<u8> {
    let is_point = layer.shape == ShapeKind::Point;
    let mut blob = Vec::with_capacity(row.geometry.len() + 40);
    blob.extend([b'G', b'P', 0, if is_point { 0b0000_0001 } else { 0b0000_0011 }]);
    blob.extend(srs_id.to_le_bytes());
    if !is_point {
        let Bounds { west, south, east, north } = row.bounds;
        for side in [west, east, south, north] {
            blob.extend(side.to_le_bytes());
        }
    }
    blob.extend(&row.geometry);
    blob
}

impl Sink for GeoPackage {
    fn begin(&mut self, layer: &'static Layer) -> Result<(), ExportError> {
        self.close()?;
        let columns = layer.columns.iter().map(|column| {
            let kind = match column.kind {
                Type::Text => "text",
                Type::Whole => "integer",
                Type::Real => "real",
            };
            (column.name, kind)
        });
        let name = layer.name;
        self.package.add_layer(name, columns, &layer.shape.name().to_uppercase())?;
        let index = format!(
            "insert into gpkg_extensions values ('{name}', 'geom', 'gpkg_rtree_index',
                 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
             create virtual table rtree_{name}_geom using rtree(id, minx, maxx, miny, maxy);"
        );
        self.package
            .run(async |connection| sqlx::raw_sql(&index).execute(connection).await.map(drop))?;
        self.open = Some(Open { layer, bounds: Bounds::NOTHING, next_fid: 1 });
        Ok(())
    }

    fn rows(&mut self, rows: &[Feature]) -> Result<(), ExportError> {
        rows.chunks(ROWS_AT_ONCE).try_for_each(|some| self.insert(some))
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.close()?;
        let (file, path) = self.package.finish()?;
        let mut finished = Finished::default();
        finished.push(file, path);
        finished.name_all()
    }
}

const EXTENSIONS: &str = "create table gpkg_extensions (
    table_name text, column_name text, extension_name text not null, definition text not null,
    scope text not null, constraint ge_tce unique (table_name, column_name, extension_name))";

/// The triggers of the extension `gpkg_rtree_index`, word for word but for the names.
fn rtree_triggers(table: &str) -> String {
    let (tree, is_shape) =
        (format!("rtree_{table}_geom"), "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))");
    let is_none = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
    let put = format!(
        "INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), \
         ST_MinY(NEW.geom), ST_MaxY(NEW.geom))"
    );
    let take = format!("DELETE FROM {tree} WHERE id = OLD.fid");
    let both = format!("DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid)");
    [
        ("insert", format!("AFTER INSERT ON {table} WHEN {is_shape}"), put.clone()),
        (
            "update1",
            format!("AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {is_shape}"),
            put.clone(),
        ),
        (
            "update2",
            format!("AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {is_none}"),
            take.clone(),
        ),
        (
            "update3",
            format!("AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {is_shape}"),
            format!("{take}; {put}"),
        ),
        ("update4", format!("AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {is_none}"), both),
        ("delete", format!("AFTER DELETE ON {table} WHEN OLD.geom NOT NULL"), take),
    ]
    .map(|(name, when, what)| format!("CREATE TRIGGER {tree}_{name} {when} BEGIN {what}; END;\n"))
    .concat()
}
