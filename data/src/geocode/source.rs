//! From the database to a snapshot, in one pass: rows are parsed and collected on a thread of their own while the next arrive.

use futures::StreamExt as _;
use spatial::geocode::{AddressRow, SnapshotBuilder};
use spatial::lattice::LatticePoint;
use tokio::sync::mpsc;

use super::province::province_of;
use crate::Store;
use crate::error::{DataError, Result};
use crate::progress::{Progress, Stage};
use crate::store::{GazetteerReader, GazetteerState, NamedDivision, NamedPlace, RoadCrossing};

/// Bytes of lines handed over together.
const PIECE_BYTES: usize = 1 << 20;
/// Pieces that wait.
const AHEAD: usize = 8;
const FIELDS: usize = 14;

/// What a gazetteer was built from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Addresses that are in it.
    pub addresses: u64,
    /// Addresses without a single element: only their exact text finds them.
    pub without_elements: u64,
    /// Divisions.
    pub divisions: u64,
    /// Places by name.
    pub places: u64,
    /// Crossings of roads.
    pub crossings: u64,
}

/// Reads everything and builds the bytes of a snapshot.
pub(super) async fn collect(
    store: &Store,
    progress: &Progress,
) -> Result<(Vec<u8>, GazetteerState, Collected)> {
    let mut reader = store.gazetteer_read().await?;
    let state = reader.state().await?;
    let reading = progress.stage("divisions, places, crossings", 0);
    let divisions = reader.divisions().await?;
    let places = reader.places().await?;
    let crossings = reader.crossings().await?;
    reading.inc((divisions.len() + places.len() + crossings.len()) as u64);
    drop(reading);
    let filing = progress.stage("addresses", reader.addresses_about().await?);
    let (send, pieces) = mpsc::channel(AHEAD);
    let writing = progress.stage("gazetteer", 0);
    let built = tokio::task::spawn_blocking(move || {
        assemble(&divisions, &places, &crossings, pieces, &filing)
    });
    let fed = feed(&mut reader, send).await;
    let (bytes, collected) = built.await.map_err(|error| broken(error.to_string()))??;
    fed?;
    writing.set(bytes.len() as u64);
    Ok((bytes, state, collected))
}

/// Hands the lines of the addresses over in pieces that end with a line.
async fn feed(reader: &mut GazetteerReader, send: mpsc::Sender<Vec<u8>>) -> Result<()> {
    let mut lines = std::pin::pin!(reader.addresses().await?);
    let mut piece = Vec::with_capacity(PIECE_BYTES + 4096);
    while let Some(bytes) = lines.next().await {
        piece.extend_from_slice(bytes?.as_ref());
        if PIECE_BYTES <= piece.len()
            && let Some(end) = memchr::memrchr(b'\n', &piece)
        {
            let rest = piece.split_off(end + 1);
            // Nobody takes it: the builder has said why.
            if send.send(std::mem::replace(&mut piece, rest)).await.is_err() {
                return Ok(());
            }
            piece.reserve(PIECE_BYTES);
        }
    }
    send.send(piece).await.ok();
    Ok(())
}

fn assemble(
    divisions: &[NamedDivision],
    places: &[NamedPlace],
    crossings: &[RoadCrossing],
    mut pieces: mpsc::Receiver<Vec<u8>>,
    stage: &Stage,
) -> Result<(Vec<u8>, Collected)> {
    let city = divisions.iter().find(|division| division.level == "city");
    let code = city.or(divisions.first()).map_or("", |division| division.code.as_str());
    let mut builder =
        SnapshotBuilder::new(province_of(code), city.map_or("", |city| city.name.as_str()));
    let mut collected = Collected {
        divisions: divisions.len() as u64,
        places: places.len() as u64,
        crossings: crossings.len() as u64,
        ..Collected::default()
    };
    for division in divisions.iter().filter(|division| division.level != "city") {
        let chain =
            [&division.chain[0], &division.chain[1], &division.chain[2]].map(String::as_str);
        // All digits: shorter codes are those of the first division inside, filled up with zeros.
        let code = format!("{:0<12}", division.code).parse().unwrap_or(0);
        builder.place_division(chain, code, point(division.label));
    }
    while let Some(piece) = pieces.blocking_recv() {
        let mut rows = 0;
        for line in piece.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            take(&mut builder, line, &mut collected)?;
            rows += 1;
        }
        stage.inc(rows);
    }
    for place in places {
        builder.poi(place.poi_id as u32, &place.name, place.building_id as u32);
    }
    for crossing in crossings {
        builder.crossing(&crossing.names.0, &crossing.names.1, point(crossing.point));
    }
    Ok((builder.finish(), collected))
}

fn point((x, y): (i32, i32)) -> LatticePoint {
    LatticePoint::new(x, y)
}

/// Takes one line into the builder.
fn take(builder: &mut SnapshotBuilder, line: &[u8], collected: &mut Collected) -> Result<()> {
    let line = std::str::from_utf8(line).map_err(|_| broken("a line is not UTF-8".to_owned()))?;
    let unescaped;
    let mut fields = [""; FIELDS];
    let count = if line.contains('\\') && line.replace("\\N", "").contains('\\') {
        unescaped = line.split('\t').map(unescape).collect::<Vec<String>>();
        fill(&mut fields, unescaped.iter().map(String::as_str))
    } else {
        fill(&mut fields, line.split('\t'))
    };
    if count != FIELDS {
        return Err(broken(format!("an address has {count} fields instead of {FIELDS}")));
    }
    let [
        id,
        building,
        grid,
        x,
        y,
        district,
        township,
        community,
        road,
        house_no,
        compound,
        building_no,
        unit,
        room,
    ] = fields;
    if [road, house_no, compound, building_no, community, township, district]
        .iter()
        .all(|part| part.is_empty())
    {
        collected.without_elements += 1;
        return Ok(());
    }
    let number = |text: &str| {
        text.parse::<i32>().map_err(|_| broken(format!("{text:?} is not a whole number")))
    };
    let known =
        |text: &str| if text == "\\N" { Ok(None) } else { number(text).map(|id| Some(id as u32)) };
    builder.address(&AddressRow {
        record: number(id)? as u32,
        building: known(building)?,
        grid: known(grid)?,
        point: LatticePoint::new(number(x)?, number(y)?),
        district,
        township,
        community,
        road,
        house_no,
        compound,
        building_no,
        unit,
        room,
    });
    collected.addresses += 1;
    Ok(())
}

/// Fills the fields and says how many there were.
fn fill<'a>(fields: &mut [&'a str; FIELDS], parts: impl Iterator<Item = &'a str>) -> usize {
    let mut count = 0;
    for part in parts {
        if let Some(field) = fields.get_mut(count) {
            *field = part;
        }
        count += 1;
    }
    count
}

/// A field of the text form of `copy`; `\N`, which stands for nothing, stays.
fn unescape(field: &str) -> String {
    if field == "\\N" {
        return field.to_owned();
    }
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', Some(other)) => text.push(other),
            (c, _) => text.push(c),
        }
    }
    text
}

fn broken(why: String) -> DataError {
    DataError::Broken { what: "gazetteer", why }
}

#[cfg(test)]
mod tests {
    use spatial::geocode::{Scratch, Snapshot};

    use super::*;

    #[test]
    fn a_line_is_an_address_whatever_signs_are_in_it() {
        let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
        let mut collected = Collected::default();
        let line = "5\t\\N\t12\t1038340000\t360610000\t城关区\t\t\t庆阳\\\\路\t97号\t\t\t\t";
        take(&mut builder, line.as_bytes(), &mut collected).unwrap();
        let empty = "6\t\\N\t\\N\t1\t1\t\t\t\t\t\t\t\t\t";
        take(&mut builder, empty.as_bytes(), &mut collected).unwrap();
        assert_eq!((collected.addresses, collected.without_elements), (1, 1));
        let snapshot = Snapshot::open(builder.finish()).unwrap();
        let answer = snapshot.geocode("庆阳\\路97号", 1, &mut Scratch::default());
        assert_eq!(answer.candidates[0].record, Some(5));
    }

    #[test]
    fn a_line_of_another_shape_is_an_error_that_says_so() {
        let mut builder = SnapshotBuilder::new("", "");
        for line in [
            "1\t2",
            "x\t\\N\t\\N\t1\t1\ta\t\t\t\t\t\t\t\t",
            "1\t\\N\t\\N\t1\t9999999999\ta\t\t\t\t\t\t\t\t",
        ] {
            let error = take(&mut builder, line.as_bytes(), &mut Collected::default()).unwrap_err();
            assert!(matches!(error, DataError::Broken { what: "gazetteer", .. }), "{error}");
        }
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape("a\\tb\\\\N\\n"), "a\tb\\N\n");
        assert_eq!(unescape("\\N"), "\\N");
    }
}
