//! The outbox and the stream it is moved to.

use chrono::{DateTime, Utc};

use super::Store;
use crate::error::Result;

/// The lock that whoever moves the outbox holds until its commit.
const RELAY_LOCK: i64 = 0x7761_6e67_6765;

/// Something that happened, in its place in the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEvent {
    /// Its number: who has seen it has seen everything with a lower one.
    pub seq: i64,
    /// `incident`, `boundary`, `map`, or what only nodes ask for: `duty` (rosters, categories, units), `gazetteer` and `alias`.
    pub topic: String,
    /// Codes from the city down, joined by `/`.
    pub area_path: String,
    /// A JSON object that holds `seq` too.
    pub payload: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
}

impl Store {
    /// Moves at most `limit` rows from the outbox to the stream and wakes the other nodes. `None` when another node is
    /// moving right now; otherwise how many were moved.
    pub async fn outbox_move(&self, limit: i64) -> Result<Option<u64>> {
        let mut transaction = self.pool.begin().await?;
        let ours: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock($1)")
            .bind(RELAY_LOCK)
            .fetch_one(&mut *transaction)
            .await?;
        if !ours {
            return Ok(None);
        }
        // Numbers are drawn while the lock is held until commit, so a higher number is never seen before a lower one.
        let moved: i64 = sqlx::query_scalar(
            "with taken as materialized (
                 delete from outbox
                 where outbox_id = any(array(select outbox_id from outbox order by outbox_id limit $1))
                 returning outbox_id, topic, area_path, payload, occurred_at
             ),
             numbered as materialized (
                 select nextval('stream_event_seq') as seq, topic, area_path, payload, occurred_at
                 from (
                     select topic, area_path, payload, occurred_at
                     from taken
                     order by outbox_id
                 ) as in_order
             ),
             told as (
                 insert into stream_event (seq, topic, area_path, payload, occurred_at)
                 select seq, topic, area_path, jsonb_build_object('seq', seq) || payload, occurred_at
                 from numbered
                 returning seq
             )
             select count(*) from told",
        )
        .bind(limit)
        .fetch_one(&mut *transaction)
        .await?;
        if moved > 0 {
            sqlx::query("select pg_notify('wangge_stream', '')").execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(Some(moved as u64))
    }

    /// At most `limit` events after `seq`, in order.
    pub async fn stream_after(&self, seq: i64, limit: i64) -> Result<Vec<StreamEvent>> {
        type Row = (i64, String, String, String, DateTime<Utc>);
        let rows: Vec<Row> = sqlx::query_as(
            "select seq, topic, area_path, payload::text, occurred_at
             from stream_event
             where $1 < seq
             order by seq
             limit $2",
        )
        .bind(seq)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        let event = |(seq, topic, area_path, payload, occurred_at)| StreamEvent {
            seq,
            topic,
            area_path,
            payload,
            occurred_at,
        };
        Ok(rows.into_iter().map(event).collect())
    }

    /// The highest number in the stream; 0 before the first event.
    pub async fn stream_head(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("select coalesce(max(seq), 0) from stream_event")
            .fetch_one(&self.pool)
            .await?)
    }

    /// How many acts are committed and not on the stream yet.
    pub async fn outbox_waiting(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("select count(*) from outbox").fetch_one(&self.pool).await?)
    }
}
