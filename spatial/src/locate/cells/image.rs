//! The index as one run of bytes: in memory, in a file, or mapped from one.
//!
//! ```text
//! 0   magic (8) · format (4) · shift (4) · west (4) · south (4) · columns (4) · rows (4)
//! 32  boundary version (8) · digest of the borders (8) · length of all (8) · XXH3 of all else (8)
//! 64  a word for every top cell, row by row; filled with zeros to a multiple of 64
//!     blocks, then leaves: places in words count from here; sixteen words of zeros
//! ```
//!
//! All numbers are little-endian. The checksum is written when the image is: one that never left
//! memory has none.

use std::io::{self, Write};
use std::sync::Arc;

use rayon::prelude::*;
use thiserror::Error;
use xxhash_rust::xxh3::Xxh3Default;
use yoke::Yoke;

use super::frame::Frame;
use super::word::{BLOCK, BLOCK_WORDS, WHOLE, Word, rest, tag, word};

const MAGIC: &[u8; 8] = b"cellidx\n";
/// Raised whenever the meaning of a byte changes; older images are then refused.
const FORMAT: u32 = 2;
const HEADER: usize = 64;
const CHECKSUM: usize = 56;
const LINE: usize = 64;

/// What an index was built from; an image with another key is of no use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Key {
    /// The number of the boundary version, or whatever the caller counts.
    pub version: u64,
    /// The [digest](crate::locate::Locator::digest) of the borders.
    pub borders: u64,
}

/// Why bytes are no index to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// They do not begin as an index does.
    #[error("this is no cell index")]
    Foreign,
    /// They were written by another release.
    #[error("the cell index has format {got}, this program reads {FORMAT}")]
    Format {
        /// The format found.
        got: u32,
    },
    /// There are fewer or more than were written.
    #[error("the cell index has {got} bytes of {expected}: it was not written to its end")]
    Torn {
        /// Bytes there are.
        got: u64,
        /// Bytes that were written.
        expected: u64,
    },
    /// They were changed since.
    #[error("the checksum of the cell index is wrong: it was damaged")]
    Damaged,
    /// They index other borders.
    #[error("the cell index is of {got:?}, wanted is {wanted:?}")]
    OtherBorders {
        /// The key found.
        got: Key,
        /// The key asked for.
        wanted: Key,
    },
}

type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// The bytes with what their header says.
#[derive(Clone)]
pub(super) struct Image {
    pub(super) frame: Frame,
    pub(super) key: Key,
    /// The words of the top cells; blocks and leaves.
    words: Yoke<(&'static [Word], &'static [Word]), Bytes>,
}

/// What an image is put together from.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) frame: Frame,
    /// Words of the top cells, in runs.
    pub(super) top: Vec<&'a [u32]>,
    /// Blocks and leaves that go with each run; their places count from the run's own.
    pub(super) grown: Vec<(&'a [u32], &'a [u32])>,
}

impl Image {
    /// The words of the top cells.
    #[inline]
    pub(super) fn top(&self) -> &[Word] {
        self.words.get().0
    }

    /// Blocks and leaves.
    #[inline]
    pub(super) fn grown(&self) -> &[Word] {
        self.words.get().1
    }

    /// The same words under another key.
    pub(super) fn with_key(&self, key: Key) -> Self {
        Self { key, ..self.clone() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        (**self.words.backing_cart()).as_ref()
    }

    /// Puts an image together.
    ///
    /// Invariant: the words are fewer than a place can name.
    pub(super) fn from_parts(parts: &Parts<'_>, key: Key) -> Self {
        let start = HEADER + top_bytes(&parts.frame);
        let length = start + 4 * parts.words();
        let mut memory = Aligned::zeroed(length);
        let (head, body) = memory.bytes_mut().split_at_mut(HEADER);
        header(head, &parts.frame, key, length as u64);
        let (top, grown) = body.split_at_mut(start - HEADER);
        parts.write(top, grown);
        Self::over(Arc::new(memory), parts.frame, key)
    }

    /// Checks bytes and reads their header.
    pub(super) fn open(bytes: Bytes, wanted: Key) -> Result<Self, OpenError> {
        let all = (*bytes).as_ref();
        let Some((head, body)) = all.split_at_checked(HEADER).filter(|(h, _)| h.starts_with(MAGIC))
        else {
            return Err(OpenError::Foreign);
        };
        let number = |at: usize| {
            let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            u32::from_le_bytes(bytes.unwrap_or_default())
        };
        let long = |at: usize| u64::from(number(at)) | u64::from(number(at + 4)) << 32;
        let format = number(8);
        if format != FORMAT {
            return Err(OpenError::Format { got: format });
        }
        let (got, expected) = (all.len() as u64, long(48));
        if got != expected {
            return Err(OpenError::Torn { got, expected });
        }
        if long(CHECKSUM) != checksum(head, body) {
            return Err(OpenError::Damaged);
        }
        let frame = Frame {
            shift: number(12),
            west: number(16) as i32,
            south: number(20) as i32,
            columns: number(24),
            rows: number(28),
        };
        let cells = u64::from(frame.columns) * u64::from(frame.rows);
        if frame.shift > Frame::LARGEST_SHIFT || cells * 4 > body.len() as u64 {
            return Err(OpenError::Damaged);
        }
        let key = Key { version: long(32), borders: long(40) };
        if key != wanted {
            return Err(OpenError::OtherBorders { got: key, wanted });
        }
        Ok(Self::over(bytes, frame, key))
    }

    fn over(bytes: Bytes, frame: Frame, key: Key) -> Self {
        let words = Yoke::attach_to_cart(bytes, |bytes| {
            let bytes = bytes.as_ref();
            let run =
                |from: usize, to: usize| bytes.get(from..to).unwrap_or_default().as_chunks::<4>().0;
            let start = HEADER + top_bytes(&frame);
            (run(HEADER, HEADER + 4 * frame.cells()), run(start, bytes.len()))
        });
        Self { frame, key, words }
    }

    /// Writes the image with its checksum.
    pub(super) fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        let bytes = self.bytes();
        let (_, body) = bytes.split_at(HEADER);
        let mut head = [0; HEADER];
        header(&mut head, &self.frame, self.key, bytes.len() as u64);
        let sum = checksum(&head, body);
        head[CHECKSUM..].copy_from_slice(&sum.to_le_bytes());
        out.write_all(&head)?;
        out.write_all(body)
    }
}

fn top_bytes(frame: &Frame) -> usize {
    (4 * frame.cells()).next_multiple_of(LINE)
}

fn header(head: &mut [u8], frame: &Frame, key: Key, length: u64) {
    let Frame { west, south, shift, columns, rows } = *frame;
    let mut bytes = MAGIC.to_vec();
    for number in [FORMAT, shift, west as u32, south as u32, columns, rows] {
        bytes.extend(number.to_le_bytes());
    }
    for number in [key.version, key.borders, length, 0] {
        bytes.extend(number.to_le_bytes());
    }
    head.copy_from_slice(&bytes);
}

fn checksum(head: &[u8], body: &[u8]) -> u64 {
    let mut hash = Xxh3Default::new();
    hash.update(&head[..CHECKSUM]);
    hash.update(body);
    hash.digest()
}

impl Parts<'_> {
    /// Words of all blocks and leaves, gaps between runs and what follows the last included.
    pub(super) fn words(&self) -> usize {
        let blocks: usize = self.grown.iter().map(|(blocks, _)| blocks.len()).sum();
        let line = |leaves: &[u32]| leaves.len().next_multiple_of(BLOCK_WORDS);
        let leaves: usize = self.grown.iter().map(|(_, leaves)| line(leaves)).sum();
        // What lies behind a short leaf is read with it.
        blocks + leaves + BLOCK_WORDS
    }

    fn write(&self, top: &mut [u8], grown: &mut [u8]) {
        let all_blocks: usize = self.grown.iter().map(|(blocks, _)| blocks.len()).sum();
        let (mut blocks_out, mut leaves_out) = grown.split_at_mut(4 * all_blocks);
        let (mut top_out, mut block, mut leaf) = (top, 0, all_blocks);
        let mut jobs = Vec::with_capacity(3 * self.top.len());
        for (top, (blocks, leaves)) in self.top.iter().zip(&self.grown) {
            let line = leaves.len().next_multiple_of(BLOCK_WORDS);
            let moved = (block as u32, leaf as u32);
            jobs.push((*top, top_out.split_off_mut(..4 * top.len()), Some(moved)));
            jobs.push((*blocks, blocks_out.split_off_mut(..4 * blocks.len()), Some(moved)));
            jobs.push((*leaves, leaves_out.split_off_mut(..4 * line), None));
            block += blocks.len();
            leaf += line;
        }
        jobs.into_par_iter().for_each(|(words, out, moved)| {
            for (value, out) in words.iter().zip(out.unwrap_or_default().as_chunks_mut::<4>().0) {
                let value = moved.map_or(*value, |(block, leaf)| relocated(*value, block, leaf));
                *out = value.to_le_bytes();
            }
        });
    }
}

/// A word whose block or leaf has moved by so many words.
pub(super) fn relocated(value: u32, block: u32, leaf: u32) -> u32 {
    let by = match tag(value) {
        WHOLE => return value,
        BLOCK => block,
        _ => leaf,
    };
    word(tag(value), rest(value) as u32 + by)
}

/// Memory that begins at a cache line.
struct Aligned {
    memory: Vec<u8>,
    from: usize,
}

impl Aligned {
    fn zeroed(length: usize) -> Self {
        let memory = vec![0; length + LINE];
        let from = memory.as_ptr().align_offset(LINE).min(LINE);
        Self { memory, from }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        let length = self.memory.len() - LINE;
        &mut self.memory[self.from..self.from + length]
    }
}

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        &self.memory[self.from..self.from + self.memory.len() - LINE]
    }
}
