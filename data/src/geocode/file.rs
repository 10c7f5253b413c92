//! A gazetteer in a file: a head that says which state of which database it is, then the snapshot with checksums of its own.
//!
//! ```text
//! 0    magic "WGGAZETT"
//! 8    format u32, CRC-32 of the head without this field u32
//! 16   gazetteer version i32, boundary version i32 (0 for none)
//! 24   stamp, 40 bytes of text; fingerprint of the divisions, 40 bytes of text; both filled up with zeros
//! 104  length of the snapshot u64
//! 112  the snapshot
//! ```

use std::io::Write as _;
use std::path::{Path, PathBuf};

use spatial::geocode::Snapshot;

use super::Gazetteer;
use crate::cache::{self, Mapped};
use crate::domain::id::{BoundaryVersionId, GazetteerVersion};
use crate::error::DataError;
use crate::store::GazetteerState;

const MAGIC: &[u8; 8] = b"WGGAZETT";
/// Changes with the head, and with what is put into the snapshot.
const FORMAT: u32 = 1;
const HEAD: usize = 112;
const TEXT: usize = 40;
/// Files that stay in the cache: the state in use and the one before.
const KEPT: usize = 2;

/// The bytes of a snapshot.
#[derive(Debug)]
pub(super) enum Body {
    /// In memory.
    Owned(Vec<u8>),
    /// Behind the head of a mapped file.
    Mapped(Mapped),
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Mapped(map) => map.as_ref().get(HEAD..).unwrap_or_default(),
        }
    }
}

/// The file of a state in a cache.
pub(super) fn path_in(folder: &Path, state: &GazetteerState) -> PathBuf {
    let divisions = state.divisions.get(..8).unwrap_or("none");
    folder.join(format!("{}-{divisions}.gazetteer", state.stamp))
}

/// The gazetteers of these divisions in a cache, with the stamps of the states they were built from.
pub(super) fn stamped(folder: &Path, state: &GazetteerState) -> Vec<(String, PathBuf)> {
    let divisions = state.divisions.get(..8).unwrap_or("none");
    let end = format!("-{divisions}.gazetteer");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let stamp = name.to_str()?.strip_suffix(&end)?.to_owned();
            Some((stamp, entry.path()))
        })
        .collect()
}

/// The gazetteer in a file of a cache; none, and no file, where it is not whole.
pub(super) async fn mapped(path: PathBuf) -> Result<Option<Gazetteer>, DataError> {
    let opened = tokio::task::spawn_blocking(move || open(&path).map_err(|why| (why, path)));
    let opened = opened
        .await
        .map_err(|error| DataError::Broken { what: "gazetteer", why: error.to_string() })?;
    Ok(opened
        .inspect_err(|(why, path)| {
            tracing::warn!(why, file = %path.display(), "a kept gazetteer is not used");
            std::fs::remove_file(path).ok();
        })
        .ok())
}

/// A gazetteer that is in memory only.
pub(super) fn of_bytes(bytes: Vec<u8>, state: GazetteerState) -> Result<Gazetteer, String> {
    let snapshot = Snapshot::open(Body::Owned(bytes)).map_err(|error| error.to_string())?;
    Ok(Gazetteer::over(snapshot, state))
}

/// Writes a gazetteer and maps what was written.
pub(super) fn keep(path: &Path, bytes: &[u8], state: &GazetteerState) -> Result<Gazetteer, String> {
    let written = cache::keep::<std::io::Error>(path, KEPT, |out| {
        out.write_all(&head(state, bytes.len()))?;
        out.write_all(bytes)
    });
    match written {
        Ok(()) => open(path),
        Err(error) => Err(format!("{} cannot be written: {error}", path.display())),
    }
}

/// Maps a gazetteer, if it is whole and ours.
pub(super) fn open(path: &Path) -> Result<Gazetteer, String> {
    let map = Mapped::open(path).map_err(|error| error.to_string())?;
    let state = read_head(map.as_ref())?;
    let snapshot = Snapshot::open(Body::Mapped(map)).map_err(|error| error.to_string())?;
    Ok(Gazetteer::over(snapshot, state))
}

fn head(state: &GazetteerState, length: usize) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(field) = head.get_mut(at..at + bytes.len()) {
            field.copy_from_slice(bytes);
        }
    };
    put(0, MAGIC);
    put(8, &FORMAT.to_le_bytes());
    put(16, &state.version.0.to_le_bytes());
    put(20, &state.boundary_version.map_or(0, |version| version.0).to_le_bytes());
    for (at, text) in [(24, &state.stamp), (24 + TEXT, &state.divisions)] {
        put(at, text.as_bytes().get(..TEXT).unwrap_or(text.as_bytes()));
    }
    put(104, &(length as u64).to_le_bytes());
    let sum = checksum(&head);
    head[12..16].copy_from_slice(&sum.to_le_bytes());
    head
}

fn read_head(bytes: &[u8]) -> Result<GazetteerState, String> {
    let head: &[u8; HEAD] = bytes.first_chunk().ok_or("it is too short")?;
    let number = |at: usize| {
        let field = head.get(at..at + 4).and_then(|field| field.try_into().ok());
        u32::from_le_bytes(field.unwrap_or_default())
    };
    if !head.starts_with(MAGIC) {
        return Err("it is no gazetteer".to_owned());
    }
    if number(8) != FORMAT {
        return Err(format!("format {}, this release reads {FORMAT}", number(8)));
    }
    if number(12) != checksum(head) {
        return Err("its head is damaged".to_owned());
    }
    let length = u64::from(number(104)) | u64::from(number(108)) << 32;
    if length != (bytes.len() - HEAD) as u64 {
        return Err(format!("it has {} bytes of a snapshot of {length}", bytes.len() - HEAD));
    }
    let text = |at: usize| {
        let field = head.get(at..at + TEXT).unwrap_or_default();
        let end = field.iter().position(|&byte| byte == 0).unwrap_or(TEXT);
        String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
    };
    let boundary = number(20) as i32;
    Ok(GazetteerState {
        version: GazetteerVersion(number(16) as i32),
        stamp: text(24),
        boundary_version: (boundary != 0).then_some(BoundaryVersionId(boundary)),
        divisions: text(24 + TEXT),
    })
}

fn checksum(head: &[u8; HEAD]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(&head[..12]);
    sum.update(&head[16..]);
    sum.sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use spatial::geocode::{AddressRow, SnapshotBuilder};

    use super::*;

    fn state() -> GazetteerState {
        GazetteerState {
            version: GazetteerVersion(7),
            stamp: "0b8f7a52-3c76-4f0e-9f0e-1d4c1f6a2b11".to_owned(),
            boundary_version: Some(BoundaryVersionId(3)),
            divisions: "d41d8cd98f00b204e9800998ecf8427e".to_owned(),
        }
    }

    fn snapshot() -> Vec<u8> {
        let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
        builder.address(&AddressRow {
            record: 1,
            district: "城关区",
            road: "庆阳路",
            house_no: "1号",
            ..AddressRow::default()
        });
        builder.finish()
    }

    #[test]
    fn what_was_kept_is_opened_with_its_state() {
        let folder = tempfile::tempdir().unwrap();
        let path = path_in(folder.path(), &state());
        let kept = keep(&path, &snapshot(), &state()).unwrap();
        let opened = open(&path).unwrap();
        assert_eq!((kept.snapshot().len(), opened.snapshot().len()), (1, 1));
        assert_eq!(opened.state, state());
    }

    proptest! {
        #[test]
        fn a_file_that_is_not_whole_is_not_opened(at in 0usize..5000, cut in any::<bool>(), flip in 1u8..) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("x.gazetteer");
            keep(&path, &snapshot(), &state()).unwrap();
            let mut bytes = std::fs::read(&path).unwrap();
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
            let other = folder.path().join("y");
            std::fs::write(&other, bytes).unwrap();
            // Padding between columns is nobody's: what opens must answer as before.
            if let Ok(opened) = open(&other) {
                prop_assert_eq!(opened.snapshot().len(), 1);
            }
        }
    }
}
