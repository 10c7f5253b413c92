//! Rows for `copy … from stdin (format binary)`: nothing to escape, nothing to parse on the other side.

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;
use sqlx::PgConnection;
use sqlx::postgres::PgConnection as Connection;

use crate::error::DataError;

/// What begins a binary copy: signature, no flags, no header extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Send what has gathered when it is this large.
const CHUNK_BYTES: usize = 1 << 20;

/// Rows that wait to be sent.
#[derive(Debug)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
}

impl Rows {
    fn new() -> Self {
        Self { bytes: HEADER.to_vec() }
    }

    /// Starts a row of this many columns; exactly so many values must follow.
    pub(crate) fn row(&mut self, columns: i16) -> &mut Self {
        self.bytes.extend(columns.to_be_bytes());
        self
    }

    fn value(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend((value.len() as i32).to_be_bytes());
        self.bytes.extend(value);
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.value(text.as_bytes())
    }

    /// Text, or null.
    pub(crate) fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        if let Some(text) = text {
            return self.text(text);
        }
        self.bytes.extend((-1i32).to_be_bytes());
        self
    }

    pub(crate) fn smallint(&mut self, number: i16) -> &mut Self {
        self.value(&number.to_be_bytes())
    }

    pub(crate) fn int(&mut self, number: i32) -> &mut Self {
        self.value(&number.to_be_bytes())
    }

    pub(crate) fn double(&mut self, number: f64) -> &mut Self {
        self.value(&number.to_be_bytes())
    }

    pub(crate) fn bigint(&mut self, number: i64) -> &mut Self {
        self.value(&number.to_be_bytes())
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.value(bytes)
    }

    /// A moment; the server counts microseconds since 2000.
    pub(crate) fn timestamp(&mut self, at: chrono::DateTime<chrono::Utc>) -> &mut Self {
        const FROM_1970_TO_2000_US: i64 = 946_684_800_000_000;
        self.value(&(at.timestamp_micros() - FROM_1970_TO_2000_US).to_be_bytes())
    }

    /// A value if there is one, else null.
    pub(crate) fn maybe_with<T>(
        &mut self,
        value: Option<T>,
        write: impl FnOnce(&mut Self, T) -> &mut Self,
    ) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => self.maybe(None),
        }
    }

    /// A time of day, in minutes.
    pub(crate) fn time(&mut self, minutes: u16) -> &mut Self {
        self.value(&(i64::from(minutes) * 60_000_000).to_be_bytes())
    }

    /// The range `[from,)` of integers.
    pub(crate) fn since(&mut self, from: i32) -> &mut Self {
        // Flags: lower bound inclusive, upper bound infinite; then the lower bound as a value.
        let mut range = vec![0x02 | 0x10, 0, 0, 0, 4];
        range.extend(from.to_be_bytes());
        self.value(&range)
    }

    pub(crate) fn point(&mut self, point: LatticePoint) -> &mut Self {
        let mut wkb = ewkb_head(1);
        put_point(&mut wkb, point);
        self.value(&wkb)
    }

    pub(crate) fn line(&mut self, line: &[LatticePoint]) -> &mut Self {
        let mut wkb = ewkb_head(2);
        wkb.extend((line.len() as u32).to_le_bytes());
        for &point in line {
            put_point(&mut wkb, point);
        }
        self.value(&wkb)
    }

    /// A polygon without holes.
    pub(crate) fn polygon(&mut self, ring: &[LatticePoint]) -> &mut Self {
        let mut wkb = ewkb_head(3);
        wkb.extend(1u32.to_le_bytes());
        put_ring(&mut wkb, ring);
        self.value(&wkb)
    }

    pub(crate) fn shape(&mut self, shape: &LatticeMultiPolygon) -> &mut Self {
        let mut wkb = ewkb_head(6);
        wkb.extend((shape.0.len() as u32).to_le_bytes());
        for part in &shape.0 {
            put_polygon(&mut wkb, part);
        }
        self.value(&wkb)
    }
}

/// Little-endian, this type, with SRID 4326.
fn ewkb_head(kind: u32) -> Vec<u8> {
    let mut wkb = vec![1];
    wkb.extend((kind | 0x2000_0000).to_le_bytes());
    wkb.extend(4326u32.to_le_bytes());
    wkb
}

fn put_point(wkb: &mut Vec<u8>, point: LatticePoint) {
    let place = point.lng_lat();
    wkb.extend(place.lng().to_le_bytes());
    wkb.extend(place.lat().to_le_bytes());
}

fn put_ring(wkb: &mut Vec<u8>, ring: &[LatticePoint]) {
    wkb.extend((ring.len() as u32 + 1).to_le_bytes());
    for &point in ring.iter().chain(ring.first()) {
        put_point(wkb, point);
    }
}

fn put_polygon(wkb: &mut Vec<u8>, part: &LatticePolygon) {
    wkb.push(1);
    wkb.extend(3u32.to_le_bytes());
    wkb.extend((1 + part.holes.len() as u32).to_le_bytes());
    for LatticeRing(ring) in part.rings() {
        put_ring(wkb, ring);
    }
}

/// Copies items into a table, one row each; `target` is `table (columns)`. Tells `sent` how many more are on their way.
///
/// # Errors
/// [`DataError::Database`] when the server refuses a row or goes away.
pub(crate) async fn copy<T>(
    connection: &mut PgConnection,
    target: &str,
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Rows, T),
    sent: &mut (dyn FnMut(u64) + Send),
) -> Result<(), DataError> {
    let statement = format!("copy {target} from stdin (format binary)");
    let mut copy = Connection::copy_in_raw(connection, &statement).await?;
    let mut rows = Rows::new();
    let mut waiting = 0;
    for item in items {
        write(&mut rows, item);
        waiting += 1;
        if CHUNK_BYTES <= rows.bytes.len() {
            copy.send(std::mem::take(&mut rows.bytes)).await?;
            sent(std::mem::take(&mut waiting));
        }
    }
    rows.bytes.extend((-1i16).to_be_bytes());
    copy.send(rows.bytes).await?;
    copy.finish().await?;
    sent(waiting);
    Ok(())
}
