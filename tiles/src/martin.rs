//! Tiles drawn by martin's PostgreSQL source from the tile functions of the database.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Once};
use std::time::Duration;

use async_trait::async_trait;
use martin_core::CacheZoomRange;
use martin_core::tiles::postgres::{PostgresPool, PostgresSource, PostgresSqlInfo};
use martin_core::tiles::{Source, UrlQuery};
use martin_tile_utils::{Encoding, Format, TileCoord, TileInfo};
use tilejson::tilejson;
use tokio::time::{Instant, sleep};

use crate::catalog::LAYERS;
use crate::connection;
use crate::error::TileError;
use crate::layer::{Layer, TileId};
use crate::options::TileOptions;
use crate::provider::{MapState, ProviderError, TileProvider};

/// Two pools, so that wide tiles, which are slow, never keep the narrow ones waiting.
#[derive(Debug)]
pub(crate) struct MartinProvider {
    low: Pooled,
    high: Pooled,
}

/// A pool with one source per layer of the catalogue.
#[derive(Debug)]
struct Pooled {
    pool: PostgresPool,
    sources: HashMap<&'static str, PostgresSource>,
}

/// How often a tile is tried when its connection turns out to be dead: once for each connection of a
/// pool that a restarted database left behind, within reason.
const ATTEMPTS: u32 = 4;

impl MartinProvider {
    /// Connects, waiting up to `options.patience` for a database that is still starting.
    ///
    /// # Errors
    /// [`TileError::DatabaseAway`] after that time, [`TileError::Database`] at once if the database
    /// is there and refuses.
    pub async fn connect(database_url: &str, options: &TileOptions) -> Result<Self, TileError> {
        choose_tls_library();
        let url = connection::for_drawing(database_url, options.statement_timeout);
        let deadline = Instant::now() + options.patience;
        // one more than may draw at a time: the question for the map version never waits for a tile
        let low = open_pool(&url, options.low_zoom_connections + 1, deadline).await?;
        let high = open_pool(&url, options.high_zoom_connections, deadline).await?;
        Ok(Self { low: Pooled::new(low), high: Pooled::new(high) })
    }

    async fn draw(
        &self,
        layer: &Layer,
        tile: TileId,
        version: u32,
    ) -> Result<Vec<u8>, ProviderError> {
        let pooled = if TileOptions::is_low_zoom(tile) { &self.low } else { &self.high };
        let source = pooled.sources.get(layer.name).expect("there is a source for every layer");
        let coord = TileCoord { z: tile.z(), x: tile.x(), y: tile.y() };
        let query = UrlQuery::from([("version".to_owned(), version.to_string())]);
        source.get_tile(coord, Some(&query)).await.map_err(understand)
    }

    async fn ask_for_map(&self) -> Result<Option<MapState>, ProviderError> {
        let connection = self.low.pool.get().await.map_err(understand)?;
        let asked = connection.query_opt(MAP_SQL, &[]).await.map_err(understand)?;
        let Some(row) = asked else { return Ok(None) };
        let edges: [Option<f64>; 4] = [row.get(1), row.get(2), row.get(3), row.get(4)];
        let bounds = match edges {
            [Some(west), Some(south), Some(east), Some(north)] => Some([west, south, east, north]),
            _ => None,
        };
        let version: i32 = row.get(0);
        Ok(Some(MapState {
            version: version.unsigned_abs(),
            bounds,
            attribution: attribution(row.get(5), row.get(6)),
        }))
    }
}

const MAP_SQL: &str =
    "select map_version_id, west, south, east, north, synthetic, datasets from tile_map()";

#[async_trait]
impl TileProvider for MartinProvider {
    async fn map(&self) -> Result<Option<MapState>, ProviderError> {
        again_while_away(|| self.ask_for_map()).await
    }

    async fn tile(
        &self,
        layer: &'static Layer,
        tile: TileId,
        version: u32,
    ) -> Result<Vec<u8>, ProviderError> {
        again_while_away(|| self.draw(layer, tile, version)).await
    }
}

impl Pooled {
    fn new(pool: PostgresPool) -> Self {
        let sources =
            LAYERS.iter().map(|layer| (layer.name, source(layer, pool.clone()))).collect();
        Self { pool, sources }
    }
}

fn source(layer: &Layer, pool: PostgresPool) -> PostgresSource {
    PostgresSource::new(
        layer.name.to_owned(),
        PostgresSqlInfo::new(layer.sql.to_owned(), true, format!("tile_{}", layer.name)),
        // ours is made per request, by the catalogue
        tilejson! { tiles: vec![] },
        pool,
        TileInfo::new(Format::Mvt, Encoding::Uncompressed),
        CacheZoomRange::disabled(),
    )
}

async fn open_pool(url: &str, size: usize, deadline: Instant) -> Result<PostgresPool, TileError> {
    let mut pause = Duration::from_millis(100);
    loop {
        let refused = match PostgresPool::new(url, None, None, None, size).await {
            Ok(pool) => return Ok(pool),
            Err(refused) => understand(refused),
        };
        let ProviderError::Away(source) = refused else { return Err(refused.into()) };
        if Instant::now() + pause >= deadline {
            return Err(TileError::DatabaseAway(source));
        }
        tracing::info!("the database does not answer yet, trying again");
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Dead connections of a restarted database are noticed by using them; the next one is a new one.
async fn again_while_away<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, ProviderError>
where
    F: Future<Output = Result<T, ProviderError>>,
{
    let mut pause = Duration::from_millis(20);
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(ProviderError::Away(_)) => sleep(pause).await,
            answered => return answered,
        }
        pause *= 4;
    }
    attempt().await
}

/// Sorts a failure by what can be done about it, from its chain of causes.
fn understand(error: impl Error + Send + Sync + 'static) -> ProviderError {
    let mut away = false;
    let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
    while let Some(current) = cause {
        if let Some(database) = current.downcast_ref::<tokio_postgres::Error>() {
            match database.code().map(tokio_postgres::error::SqlState::code) {
                // raised by tile_of_version()
                Some("WG001") => return ProviderError::Superseded,
                // query_canceled: the statement timeout
                Some("57014") => return ProviderError::TooSlow,
                // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
                Some("57P01" | "57P02" | "57P03" | "53300") => away = true,
                Some(code) => away |= code.starts_with("08"),
                None => away |= database.is_closed(),
            }
        }
        away |= current.is::<std::io::Error>();
        cause = current.source();
    }
    if away { ProviderError::Away(Arc::new(error)) } else { ProviderError::Failed(Arc::new(error)) }
}

/// Two TLS libraries may meet in one process; one has to be chosen before the first connection.
fn choose_tls_library() {
    static CHOSEN: Once = Once::new();
    CHOSEN.call_once(|| {
        if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
            tracing::debug!("a TLS library had been chosen before");
        }
    });
}

/// What a map shows about its origin. Clients put it into the page, so what was named by a user is
/// escaped.
fn attribution(synthetic: bool, datasets: Option<String>) -> Option<String> {
    if synthetic {
        return Some("synthetic demo city".to_owned());
    }
    let escape =
        |name: String| name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    datasets.map(escape).filter(|names| !names.is_empty())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_refused_connection_is_worth_another_try_and_a_bug_is_not() {
        assert!(matches!(
            understand(io::Error::from(io::ErrorKind::ConnectionRefused)),
            ProviderError::Away(_)
        ));
        assert!(matches!(understand(std::fmt::Error), ProviderError::Failed(_)));
    }

    #[test]
    fn the_name_of_a_dataset_cannot_become_markup() {
        assert_eq!(attribution(true, Some("x".to_owned())).unwrap(), "synthetic demo city");
        assert_eq!(attribution(false, Some("<b>&".to_owned())).unwrap(), "&lt;b&gt;&amp;");
        assert_eq!(attribution(false, None), None);
    }

    #[tokio::test]
    async fn connecting_gives_up_when_its_patience_ends() {
        let nowhere = "postgres://nobody@%2Fno%2Fsuch%2Fdirectory/none";
        let options =
            TileOptions { patience: Duration::from_millis(150), ..TileOptions::default() };
        let refused = MartinProvider::connect(nowhere, &options).await.unwrap_err();
        assert!(matches!(refused, TileError::DatabaseAway(_)), "{refused:?}");
    }
}
