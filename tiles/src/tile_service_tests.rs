//! The service with a provider whose every move the test decides.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use tokio::sync::Semaphore;

use super::*;

/// Draws nothing until it may, and counts how often it was asked.
#[derive(Debug)]
struct Puppet {
    version: AtomicU32,
    begun: AtomicUsize,
    may_finish: Semaphore,
    fails: AtomicUsize,
    /// It draws whatever version it is asked for.
    blind: AtomicBool,
}

impl Puppet {
    fn waiting() -> Arc<Self> {
        Arc::new(Self {
            version: AtomicU32::new(1),
            begun: AtomicUsize::new(0),
            may_finish: Semaphore::new(0),
            fails: AtomicUsize::new(0),
            blind: AtomicBool::new(false),
        })
    }

    fn ready() -> Arc<Self> {
        let puppet = Self::waiting();
        puppet.may_finish.add_permits(1000);
        puppet
    }

    fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    async fn begins(&self, count: usize) {
        while self.begun() < count {
            tokio::task::yield_now().await;
        }
    }
}

/// The row in which a puppet draws nothing, and the one in which it falls over.
const EMPTY_ROW: u32 = 4094;
const BROKEN_ROW: u32 = 4095;

/// The map version of a puppet that has bounds.
const BOUNDED_VERSION: u32 = 9;

#[async_trait]
impl TileProvider for Puppet {
    async fn map(&self) -> Result<Option<MapState>, ProviderError> {
        let version = self.version.load(Ordering::SeqCst);
        let bounds = (version == BOUNDED_VERSION).then_some([103.7, 36.0, 103.9, 36.2]);
        Ok((version > 0).then_some(MapState { version, bounds, attribution: None }))
    }

    async fn tile(
        &self,
        layer: &'static Layer,
        tile: TileId,
        version: u32,
    ) -> Result<Vec<u8>, ProviderError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        assert_ne!(tile.y(), BROKEN_ROW, "the broken row");
        self.may_finish.acquire().await.unwrap().forget();
        if self.fails.load(Ordering::SeqCst) > 0 {
            self.fails.fetch_sub(1, Ordering::SeqCst);
            return Err(ProviderError::Failed(Arc::new(std::fmt::Error)));
        }
        let is_blind = self.blind.load(Ordering::SeqCst);
        if !is_blind && version != self.version.load(Ordering::SeqCst) {
            return Err(ProviderError::Superseded);
        }
        let empty = tile.y() == EMPTY_ROW;
        Ok(if empty { vec![] } else { format!("{} {version} {tile:?}", layer.name).into_bytes() })
    }
}

async fn service(puppet: &Arc<Puppet>) -> TileService {
    service_with(puppet, TileOptions::default()).await
}

async fn service_with(puppet: &Arc<Puppet>, options: TileOptions) -> TileService {
    let provider: Arc<dyn TileProvider> = Arc::clone(puppet) as _;
    TileService::with_provider(provider, Path::new("/nonexistent"), options).await.unwrap()
}

#[tokio::test]
async fn forty_requests_for_a_cold_tile_draw_it_once() {
    let puppet = Puppet::waiting();
    let tiles = service(&puppet).await;
    let requests: Vec<_> = (0..40)
        .map(|_| {
            let tiles = tiles.clone();
            tokio::spawn(async move { tiles.tile("grids", 1, 12, 5, 5).await.unwrap() })
        })
        .collect();
    puppet.begins(1).await;
    puppet.may_finish.add_permits(1000);
    let answers: Vec<TileAnswer> =
        join_all(requests).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(puppet.begun(), 1);
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    let body = answers[0].drawn().unwrap().decode();
    assert_eq!(String::from_utf8(body).unwrap(), "grids 1 TileId { z: 12, x: 5, y: 5 }");
}

#[tokio::test]
async fn a_request_that_is_given_up_still_fills_the_cache() {
    let puppet = Puppet::waiting();
    let tiles = service(&puppet).await;
    let impatient = tokio::spawn({
        let tiles = tiles.clone();
        async move { tiles.tile("grids", 1, 12, 5, 5).await }
    });
    puppet.begins(1).await;
    impatient.abort();
    assert!(impatient.await.unwrap_err().is_cancelled());
    puppet.may_finish.add_permits(1000);
    tiles.tile("grids", 1, 12, 5, 5).await.unwrap();
    assert_eq!(puppet.begun(), 1);
}

#[tokio::test]
async fn a_tile_begun_before_a_new_map_is_neither_answered_nor_kept() {
    let puppet = Puppet::waiting();
    let tiles = service(&puppet).await;
    let early = tokio::spawn({
        let tiles = tiles.clone();
        async move { tiles.tile("grids", 1, 12, 5, 5).await }
    });
    puppet.begins(1).await;
    puppet.version.store(2, Ordering::SeqCst);
    assert_eq!(tiles.refresh().await.unwrap(), Some(2));
    puppet.blind.store(true, Ordering::SeqCst); // the provider itself notices nothing
    puppet.may_finish.add_permits(1000);
    let refused = early.await.unwrap().unwrap_err();
    assert!(matches!(refused, TileError::OtherVersion { asked: 1, current: 2 }), "{refused:?}");
    assert_eq!(tiles.settled_figures().await.entries, 0);
}

#[tokio::test]
async fn a_map_replaced_under_a_request_is_noticed_without_being_told() {
    let puppet = Puppet::ready();
    let tiles = service(&puppet).await;
    puppet.version.store(2, Ordering::SeqCst);
    let refused = tiles.tile("grids", 1, 12, 5, 5).await.unwrap_err();
    assert_eq!(refused.to_string(), "map version 1 is not the current one, which is 2");
    assert_eq!(refused.kind(), crate::ErrorKind::NotFound);
    assert!(tiles.tile("grids", 2, 12, 5, 5).await.is_ok());
}

#[tokio::test]
async fn a_version_another_node_told_about_is_looked_for_once_a_second() {
    let puppet = Puppet::ready();
    let tiles = service(&puppet).await;
    puppet.version.store(2, Ordering::SeqCst);
    assert!(tiles.tile("grids", 2, 12, 5, 5).await.is_ok());
    puppet.version.store(3, Ordering::SeqCst);
    let refused = tiles.tile("grids", 3, 12, 5, 5).await.unwrap_err();
    assert!(matches!(refused, TileError::OtherVersion { asked: 3, current: 2 }), "{refused:?}");
}

#[tokio::test]
async fn before_the_first_load_there_is_no_map() {
    let puppet = Puppet::ready();
    puppet.version.store(0, Ordering::SeqCst);
    let tiles = service(&puppet).await;
    assert!(matches!(tiles.tile("grids", 1, 12, 5, 5).await, Err(TileError::NoMap)));
    assert!(matches!(tiles.tilejson("grids", "http://h"), Err(TileError::NoMap)));
    puppet.version.store(1, Ordering::SeqCst);
    tiles.refresh().await.unwrap();
    assert!(tiles.tile("grids", 1, 12, 5, 5).await.is_ok());
    assert!(
        tiles.tilejson("grids", "http://h/").unwrap().tiles[0]
            .starts_with("http://h/tiles/grids/1/")
    );
}

#[tokio::test]
async fn that_there_is_nothing_is_remembered_too() {
    let puppet = Puppet::ready();
    let tiles = service(&puppet).await;
    for _ in 0..3 {
        assert_eq!(tiles.tile("water", 1, 12, 5, EMPTY_ROW).await.unwrap(), TileAnswer::Empty);
    }
    assert_eq!(puppet.begun(), 1);
    let figures = tiles.tile_figures();
    assert_eq!((figures.hits, figures.misses), (2, 1));
}

#[tokio::test]
async fn a_failure_is_told_and_not_remembered() {
    let puppet = Puppet::ready();
    let tiles = service(&puppet).await;
    puppet.fails.store(1, Ordering::SeqCst);
    assert!(matches!(tiles.tile("grids", 1, 12, 5, 5).await, Err(TileError::Database(_))));
    assert!(tiles.tile("grids", 1, 12, 5, 5).await.is_ok());
}

#[tokio::test]
async fn a_provider_that_falls_over_takes_nobody_with_it() {
    let puppet = Puppet::ready();
    let tiles = service(&puppet).await;
    for _ in 0..10 {
        let fallen = tiles.tile("grids", 1, 12, 5, BROKEN_ROW).await;
        assert!(matches!(fallen, Err(TileError::Stopped(_))), "{fallen:?}");
    }
    assert!(tiles.tile("grids", 1, 12, 5, 5).await.is_ok());
}

#[tokio::test]
async fn wide_tiles_wait_for_their_turn_and_never_hold_up_narrow_ones() {
    let puppet = Puppet::waiting();
    let options = TileOptions {
        low_zoom_connections: 1,
        turn_timeout: Duration::from_millis(50),
        statement_timeout: Duration::from_mins(1),
        ..TileOptions::default()
    };
    let tiles = service_with(&puppet, options).await;
    let wide = tokio::spawn({
        let tiles = tiles.clone();
        async move { tiles.tile("grids", 1, 10, 5, 5).await }
    });
    puppet.begins(1).await;
    let refused = tiles.tile("grids", 1, 10, 6, 5).await.unwrap_err();
    assert!(matches!(refused, TileError::Busy { waited_ms: 50 }), "{refused:?}");
    let narrow = tokio::spawn({
        let tiles = tiles.clone();
        async move { tiles.tile("grids", 1, 14, 6, 5).await }
    });
    puppet.begins(2).await;
    puppet.may_finish.add_permits(1000);
    assert!(narrow.await.unwrap().is_ok());
    assert!(wide.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_tile_that_never_comes_is_given_up() {
    let puppet = Puppet::waiting();
    let statement_timeout = Duration::from_millis(20);
    let options = TileOptions { statement_timeout, ..TileOptions::default() };
    let tiles = service_with(&puppet, options).await;
    let refused = tiles.tile("grids", 1, 10, 5, 5).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "drawing a tile of layer \"grids\" took longer than 20 ms and was stopped"
    );
    assert_eq!(refused.kind(), crate::ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_cache_smaller_than_its_tiles_keeps_within_its_bounds() {
    let puppet = Puppet::ready();
    let options = TileOptions { tile_cache_bytes: 4000, ..TileOptions::default() };
    let tiles = service_with(&puppet, options).await;
    for x in 0..200 {
        tiles.tile("grids", 1, 12, x, 5).await.unwrap();
    }
    let figures = tiles.settled_figures().await;
    assert!(0 < figures.entries && figures.size_bytes <= 4000, "{figures:?}");
}

#[tokio::test]
async fn warming_draws_what_a_screen_opens_with() {
    let puppet = Puppet::ready();
    let tiles = service(&puppet).await;
    assert_eq!(tiles.warm().await.unwrap(), 0, "a map without bounds");
    puppet.version.store(BOUNDED_VERSION, Ordering::SeqCst);
    tiles.refresh().await.unwrap();
    let drawn = tiles.warm().await.unwrap();
    assert_eq!(puppet.begun(), drawn);
    // two layers from zoom level 0, water from 4, roads and density from 6, grids and their labels from 10
    assert!(drawn >= 2 * 12 + 8 + 2 * 6 + 2 * 2, "{drawn}");
    tiles.tile("grids", BOUNDED_VERSION, 11, 1614, 803).await.unwrap();
    assert_eq!(puppet.begun(), drawn, "the middle of the map was there");
}
