//! A file as memory: the only place of this crate where the compiler cannot see that nothing goes wrong.

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

/// A whole file, mapped for reading.
#[derive(Debug)]
pub(super) struct Mapped(Mmap);

impl Mapped {
    /// Maps a file.
    ///
    /// # Errors
    /// When it cannot be opened or mapped.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the bytes may not change while they are mapped. Files of the cache are never written in place: a new one
        // is renamed over an old one, which leaves the old bytes to those who have them mapped.
        #[expect(
            unsafe_code,
            reason = "24 MB are there at once instead of after a copy at every start"
        )]
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Self(map))
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
