//! How fast tiles are: from the cache, drawn from the tile tables, and drawn as stock SQL would from the master tables
//! in degrees. All three in one run on one machine, because only their ratios travel.
//!
//! `cargo run --release -p tiles --example tile_bench -- --database-url URL [--repeat 20]`

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use tiles::{TileOptions, TileService};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, Statement};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What a stock tile server runs for a table in EPSG:4326: all attributes, everything transformed per row.
struct Stock {
    layer: &'static str,
    zooms: &'static [u8],
    sql: &'static str,
}

const STOCK: [Stock; 5] = [
    Stock {
        layer: "divisions",
        zooms: &[8, 10, 12],
        sql: "select st_asmvt(f, 'divisions', 4096, 'geom') from (
                  select st_asmvtgeom(st_transform(st_curvetoline(geom), 3857), st_tileenvelope($1::int, $2::int, $3::int), 4096, 64, true) as geom,
                         division_id, code, level, kind, name, parent_code, people
                  from division
                  where geom && st_expand(st_transform(st_tileenvelope($1::int, $2::int, $3::int), 4326), (64.0 / 4096) * 360 / 2 ^ $1::int)
              ) f",
    },
    Stock {
        layer: "grids",
        zooms: &[10, 12, 14],
        sql: "select st_asmvt(f, 'grids', 4096, 'geom') from (
                  select st_asmvtgeom(st_transform(st_curvetoline(geom), 3857), st_tileenvelope($1::int, $2::int, $3::int), 4096, 64, true) as geom,
                         grid_id, code, community_code, kind, name, people, area_m2
                  from grid
                  where geom && st_expand(st_transform(st_tileenvelope($1::int, $2::int, $3::int), 4326), (64.0 / 4096) * 360 / 2 ^ $1::int)
              ) f",
    },
    Stock {
        layer: "buildings",
        zooms: &[14, 16],
        sql: "select st_asmvt(f, 'buildings', 4096, 'geom') from (
                  select st_asmvtgeom(st_transform(st_curvetoline(geom), 3857), st_tileenvelope($1::int, $2::int, $3::int), 4096, 64, true) as geom,
                         building_id, name, compound, kind, storeys, people, grid_id
                  from building
                  where geom && st_expand(st_transform(st_tileenvelope($1::int, $2::int, $3::int), 4326), (64.0 / 4096) * 360 / 2 ^ $1::int)
              ) f",
    },
    Stock {
        layer: "address_density",
        zooms: &[9, 11, 13],
        sql: STOCK_ADDRESSES,
    },
    Stock { layer: "addresses", zooms: &[15, 16], sql: STOCK_ADDRESSES },
];

const STOCK_ADDRESSES: &str = "select st_asmvt(f, 'addresses', 4096, 'geom') from (
                  select st_asmvtgeom(st_transform(st_curvetoline(geom), 3857), st_tileenvelope($1::int, $2::int, $3::int), 4096, 64, true) as geom,
                         address_id, source_id, full_text, district, township, community, road, house_no, compound,
                         building_no, unit, room, building_id, grid_id
                  from address
                  where geom && st_expand(st_transform(st_tileenvelope($1::int, $2::int, $3::int), 4326), (64.0 / 4096) * 360 / 2 ^ $1::int)
              ) f";

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut database_url, mut repeat) = (None, 20usize);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--database-url" => database_url = arguments.next(),
            "--repeat" => repeat = arguments.next().ok_or("--repeat needs a number")?.parse()?,
            other => return Err(format!("unknown argument {other:?}").into()),
        }
    }
    let database_url = database_url.ok_or("usage: tile_bench --database-url URL [--repeat 20]")?;
    let bench = Bench::prepare(&database_url, repeat).await?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<16} {:>4} {:>10} {:>10} {:>9} {:>9} {:>9} {:>9}",
        "layer", "zoom", "stock", "drawn", "cached", "stock/", "drawn/", "answer"
    )?;
    writeln!(
        out,
        "{:<16} {:>4} {:>10} {:>10} {:>9} {:>9} {:>9} {:>9}",
        "", "", "ms", "ms", "us", "drawn", "cached", "kB gzip"
    )?;
    for stock in STOCK {
        for &z in stock.zooms {
            let line = bench.compare(&stock, z).await?;
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

struct Bench {
    /// Keeps what it has drawn.
    cached: TileService,
    /// Has room for nothing, so that each request is drawn, compressed and thrown away.
    drawing: TileService,
    client: Client,
    version: u32,
    middle: (f64, f64),
    repeat: usize,
}

impl Bench {
    async fn prepare(database_url: &str, repeat: usize) -> Outcome<Self> {
        let fonts = Path::new("no fonts");
        let cached = TileService::connect(database_url, fonts).await?;
        let none = TileOptions { tile_cache_bytes: 0, ..TileOptions::default() };
        let drawing = TileService::connect_with(database_url, fonts, none).await?;
        let map = cached.map().ok_or("no map has been loaded yet")?;
        let (client, connection) = tokio_postgres::connect(database_url, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute("set jit = off").await?;
        let sql = "select percentile_cont(0.5) within group (order by st_x(geom)),
                          percentile_cont(0.5) within group (order by st_y(geom))
                   from address";
        let middle = client.query_one(sql, &[]).await?;
        Ok(Self {
            cached,
            drawing,
            client,
            version: map.version,
            middle: (middle.get(0), middle.get(1)),
            repeat,
        })
    }

    async fn compare(&self, stock: &Stock, z: u8) -> Outcome<String> {
        let (x, y) = tile_at(self.middle, z);
        let types = [Type::INT4, Type::INT4, Type::INT4];
        let statement = self.client.prepare_typed(stock.sql, &types).await?;
        let (mut of_stock, mut of_drawing, mut of_cache) = (vec![], vec![], vec![]);
        let size_bytes = self.size(&self.cached, stock.layer, z, x, y).await?;
        for _ in 0..self.repeat {
            of_stock.push(self.time_stock(&statement, z, x, y).await?);
            let begun = Instant::now();
            self.size(&self.drawing, stock.layer, z, x, y).await?;
            of_drawing.push(begun.elapsed());
            let begun = Instant::now();
            for _ in 0..100 {
                self.size(&self.cached, stock.layer, z, x, y).await?;
            }
            of_cache.push(begun.elapsed() / 100);
        }
        let (by_stock, drawn, cached) = (median(of_stock), median(of_drawing), median(of_cache));
        Ok(format!(
            "{:<16} {:>4} {:>10.2} {:>10.2} {:>9.2} {:>8.1}x {:>8.0}x {:>9.1}",
            stock.layer,
            z,
            by_stock.as_secs_f64() * 1e3,
            drawn.as_secs_f64() * 1e3,
            cached.as_secs_f64() * 1e6,
            by_stock.as_secs_f64() / drawn.as_secs_f64(),
            drawn.as_secs_f64() / cached.as_secs_f64(),
            size_bytes as f64 / 1e3,
        ))
    }

    /// As a stock server does: the query, then the compression of its answer, on each request.
    async fn time_stock(&self, statement: &Statement, z: u8, x: u32, y: u32) -> Outcome<Duration> {
        let begun = Instant::now();
        let parameters = (i32::from(z), x as i32, y as i32);
        let row = self
            .client
            .query_one(statement, &[&parameters.0, &parameters.1, &parameters.2])
            .await?;
        let body: Vec<u8> = row.get(0);
        tiles::Gzipped::encode(body).await?;
        Ok(begun.elapsed())
    }

    async fn size(
        &self,
        tiles: &TileService,
        layer: &str,
        z: u8,
        x: u32,
        y: u32,
    ) -> Outcome<usize> {
        let answer = tiles.tile(layer, self.version, z, x, y).await?;
        Ok(answer.drawn().map_or(0, tiles::Gzipped::size_bytes))
    }
}

/// The tile of a zoom level that holds a point given as longitude and latitude.
fn tile_at((lng, lat): (f64, f64), z: u8) -> (u32, u32) {
    let tiles = f64::from(1u32 << z);
    let mercator = lat.to_radians().tan().asinh() / std::f64::consts::PI;
    (((lng + 180.0) / 360.0 * tiles) as u32, ((1.0 - mercator) / 2.0 * tiles) as u32)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
