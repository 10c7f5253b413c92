//! What is going on? The numbers of a wall, exact for one place in the stream.

use chrono::{DateTime, Utc};

use crate::domain::grid_worker::CITY_TIME;
use crate::error::Result;
use crate::routing::Routing;
use crate::store::{Scope, Store, WallCounts};

/// What a wall shows when it starts; the stream from `counts.seq` on keeps it current.
#[derive(Clone, Debug)]
pub struct WallStats {
    /// When it was counted.
    pub as_of: DateTime<Utc>,
    /// The counts from the database.
    pub counts: WallCounts,
    /// Workers on shift now.
    pub workers_on_duty: usize,
    /// Grids in force; 0 before the first city.
    pub grids: usize,
    /// People who live in the city.
    pub people: i64,
    /// Whether the city is made up.
    pub synthetic: bool,
}

/// Counts what is in sight at `now`.
///
/// # Errors
/// [`crate::DataError::Database`].
pub async fn wall_stats(
    store: &Store,
    routing: &Routing,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<WallStats> {
    let counts = store.wall_counts(scope, start_of_day(now), now).await?;
    let borders = routing.at(now).await.ok().map(|view| view.borders);
    Ok(WallStats {
        as_of: now,
        counts,
        workers_on_duty: routing.duty().on_shift(now),
        grids: borders.as_ref().map_or(0, |borders| borders.grids().len()),
        people: borders.as_ref().map_or(0, |borders| borders.people()),
        synthetic: store.is_synthetic().await?,
    })
}

/// Midnight of the city's day that holds `now`.
fn start_of_day(now: DateTime<Utc>) -> DateTime<Utc> {
    let local = now.with_timezone(&CITY_TIME);
    local
        .date_naive()
        .and_time(chrono::NaiveTime::MIN)
        .and_local_timezone(CITY_TIME)
        .single()
        .expect("a fixed offset has no gaps")
        .to_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_the_citys_midnight() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let midnight = at("2026-07-26T16:00:00Z");
        assert_eq!(start_of_day(midnight), midnight);
        assert_eq!(start_of_day(at("2026-07-27T15:59:59Z")), midnight);
        assert_eq!(start_of_day(at("2026-07-26T15:59:59Z")), at("2026-07-25T16:00:00Z"));
    }
}
