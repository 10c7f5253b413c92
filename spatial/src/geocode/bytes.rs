//! The snapshot file: columns of little-endian integers behind a table of contents, each with its checksum.
//!
//! ```text
//! 0   magic "WGGEOCOD"
//! 8   format u32, fingerprint of the readings u32, number of columns u32, checksum of the table u32
//! 24  table: for each column offset u64, length u64 (bytes), checksum u32, width u32 (bytes of an integer)
//! …   the columns, each beginning at a multiple of 8
//! ```
//!
//! Nothing is decoded on opening: a column is a slice of the file, and an integer is read where it lies, whatever the
//! alignment and the byte order of the machine.

use thiserror::Error;

const MAGIC: &[u8; 8] = b"WGGEOCOD";
/// Changes with the meaning of any column.
pub const FORMAT: u32 = 2;
const HEAD: usize = 24;
const ENTRY: usize = 24;

/// Why bytes are no snapshot.
#[derive(Debug, Error, PartialEq, Eq, Clone)]
pub enum SnapshotError {
    /// Not such a file at all.
    #[error("not a geocoder snapshot: it begins with {0:?}")]
    Foreign(Vec<u8>),
    /// Made by another release.
    #[error("snapshot format {found}, this release reads {FORMAT}: build it again")]
    Format {
        /// What the file says.
        found: u32,
    },
    /// The readings of characters have changed since.
    #[error("the snapshot was built with other pinyin tables: build it again")]
    Readings,
    /// Cut off or written over.
    #[error("the snapshot is damaged: {0}")]
    Damaged(String),
}

pub(super) fn damaged(what: impl Into<String>) -> SnapshotError {
    SnapshotError::Damaged(what.into())
}

/// A column of unsigned integers, 2 or 4 bytes each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Column<'a> {
    bytes: &'a [u8],
}

impl Column<'_> {
    /// Reads the `at`-th integer of four bytes; 0 beyond the end.
    #[inline]
    pub(super) fn u32(&self, at: usize) -> u32 {
        let from = at * 4;
        match self.bytes.get(from..from + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        }
    }

    /// Reads the `at`-th integer of two bytes; 0 beyond the end.
    #[inline]
    pub(super) fn u16(&self, at: usize) -> u16 {
        let from = at * 2;
        match self.bytes.get(from..from + 2) {
            Some(&[a, b]) => u16::from_le_bytes([a, b]),
            _ => 0,
        }
    }

    /// Number of integers of four bytes.
    pub(super) fn len32(&self) -> usize {
        self.bytes.len() / 4
    }

    /// Number of integers of two bytes.
    pub(super) fn len16(&self) -> usize {
        self.bytes.len() / 2
    }

    /// The range that the offsets `at` and `at + 1` enclose.
    #[inline]
    pub(super) fn range(&self, at: usize) -> std::ops::Range<usize> {
        self.u32(at) as usize..self.u32(at + 1) as usize
    }

    /// Places the first of `range` whose integer is not below `least`; the range ascends.
    pub(super) fn lower_bound(&self, range: std::ops::Range<usize>, least: u32) -> usize {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.u32(middle) < least {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// That offsets ascend from 0 to `end`.
    pub(super) fn check_offsets(
        &self,
        what: &str,
        rows: usize,
        end: usize,
    ) -> Result<(), SnapshotError> {
        let fits = self.len32() == rows + 1
            && self.u32(0) == 0
            && self.u32(rows) as usize == end
            && (0..rows).all(|at| self.u32(at) <= self.u32(at + 1));
        if fits { Ok(()) } else { Err(damaged(format!("offsets of {what}"))) }
    }

    /// That each integer is below `limit` or the mark for none.
    pub(super) fn check_below(
        &self,
        what: &str,
        rows: usize,
        limit: usize,
    ) -> Result<(), SnapshotError> {
        let fits = self.len32() == rows
            && (0..rows).all(|at| (self.u32(at) as usize) < limit || self.u32(at) == u32::MAX);
        if fits { Ok(()) } else { Err(damaged(format!("references of {what}"))) }
    }
}

/// Puts columns behind one another.
#[derive(Debug, Default)]
pub(super) struct Writer {
    columns: Vec<(Vec<u8>, u32)>,
}

impl Writer {
    pub(super) fn u32(&mut self, values: impl IntoIterator<Item = u32>) {
        let bytes = values.into_iter().flat_map(u32::to_le_bytes).collect();
        self.columns.push((bytes, 4));
    }

    pub(super) fn u16(&mut self, values: impl IntoIterator<Item = u16>) {
        let bytes = values.into_iter().flat_map(u16::to_le_bytes).collect();
        self.columns.push((bytes, 2));
    }

    pub(super) fn finish(self, fingerprint: u32) -> Vec<u8> {
        let mut offset = HEAD + ENTRY * self.columns.len();
        let mut table = Vec::new();
        for (bytes, width) in &self.columns {
            offset = offset.next_multiple_of(8);
            table.extend((offset as u64).to_le_bytes());
            table.extend((bytes.len() as u64).to_le_bytes());
            table.extend(crc32fast::hash(bytes).to_le_bytes());
            table.extend(width.to_le_bytes());
            offset += bytes.len();
        }
        let mut file = Vec::with_capacity(offset);
        file.extend(MAGIC);
        file.extend(FORMAT.to_le_bytes());
        file.extend(fingerprint.to_le_bytes());
        file.extend((self.columns.len() as u32).to_le_bytes());
        file.extend(crc32fast::hash(&table).to_le_bytes());
        file.extend(table);
        for (bytes, _) in self.columns {
            file.resize(file.len().next_multiple_of(8), 0);
            file.extend(bytes);
        }
        file
    }
}

/// Where each column lies in a file whose checksums hold.
pub(super) fn contents(
    file: &[u8],
    columns: usize,
    fingerprint: u32,
) -> Result<Vec<std::ops::Range<usize>>, SnapshotError> {
    let head = file.get(..8).unwrap_or(file);
    if head != MAGIC {
        return Err(SnapshotError::Foreign(head.to_vec()));
    }
    let word = |at: usize| Column { bytes: file.get(at..at + 4).unwrap_or_default() }.u32(0);
    if file.len() < HEAD {
        return Err(damaged("it ends within its head"));
    }
    if word(8) != FORMAT {
        return Err(SnapshotError::Format { found: word(8) });
    }
    if word(12) != fingerprint {
        return Err(SnapshotError::Readings);
    }
    if word(16) as usize != columns {
        return Err(damaged(format!("{} columns instead of {columns}", word(16))));
    }
    let table = file
        .get(HEAD..HEAD + columns * ENTRY)
        .ok_or_else(|| damaged("it ends within its table"))?;
    if crc32fast::hash(table) != word(20) {
        return Err(damaged("checksum of the table"));
    }
    table.chunks_exact(ENTRY).enumerate().map(|(at, entry)| column(file, at, entry)).collect()
}

fn column(file: &[u8], at: usize, entry: &[u8]) -> Result<std::ops::Range<usize>, SnapshotError> {
    let entry = Column { bytes: entry };
    let long = |word: usize| u64::from(entry.u32(word)) | (u64::from(entry.u32(word + 1)) << 32);
    let range = usize::try_from(long(0)).ok().and_then(|start| {
        let end = start.checked_add(usize::try_from(long(2)).ok()?)?;
        (end <= file.len()).then_some(start..end)
    });
    let range = range.ok_or_else(|| damaged(format!("it ends within column {at}")))?;
    let bytes = &file[range.clone()];
    if crc32fast::hash(bytes) != entry.u32(4) {
        return Err(damaged(format!("checksum of column {at}")));
    }
    if !matches!(entry.u32(5), 2 | 4) || !bytes.len().is_multiple_of(entry.u32(5) as usize) {
        return Err(damaged(format!("width of column {at}")));
    }
    Ok(range)
}

impl<'a> Column<'a> {
    /// The integers of four bytes in a range; what lies beyond the end is left out.
    pub(super) fn slice32(
        self,
        range: std::ops::Range<usize>,
    ) -> impl Iterator<Item = u32> + use<'a> {
        let bytes: &'a [u8] = self.bytes;
        let end = (range.end * 4).min(bytes.len());
        let bytes = bytes.get(range.start * 4..end).unwrap_or_default();
        bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// The integers of two bytes in a range; what lies beyond the end is left out.
    #[inline]
    pub(super) fn slice16(
        self,
        range: std::ops::Range<usize>,
    ) -> impl ExactSizeIterator<Item = u16> + use<'a> {
        let bytes: &'a [u8] = self.bytes;
        let end = (range.end * 2).min(bytes.len());
        let bytes = bytes.get(range.start * 2..end).unwrap_or_default();
        bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]))
    }

    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }
}
