//! Files that a node can make again: written beside and renamed, mapped for reading, the oldest forgotten.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use memmap2::Mmap;

/// A whole file, mapped for reading.
#[derive(Debug)]
pub(crate) struct Mapped(Mmap);

impl Mapped {
    /// Maps a file.
    ///
    /// # Errors
    /// When it cannot be opened or mapped.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the bytes may not change while they are mapped. Files of the cache are never written in place: a new one
        // is renamed over an old one, which leaves the old bytes to those who have them mapped.
        #[expect(
            unsafe_code,
            reason = "tens of megabytes are there at once instead of after a copy at every start"
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

/// Writes a file beside its place and then renames it: nobody ever maps one that still grows. Of the files with the same
/// extension in its folder only the `kept` youngest stay; whoever has another one mapped keeps what is mapped.
///
/// # Errors
/// When the folder or the file cannot be written.
pub(crate) fn keep<E: From<io::Error>>(
    file: &Path,
    kept: usize,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<(), E> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut part = tempfile::NamedTempFile::new_in(folder)?;
    let mut out = BufWriter::new(part.as_file_mut());
    write(&mut out)?;
    out.flush()?;
    drop(out);
    part.as_file().sync_all()?;
    part.persist(file).map_err(|error| error.error)?;
    forget_old(folder, file.extension(), kept);
    Ok(())
}

fn forget_old(folder: &Path, extension: Option<&std::ffi::OsStr>, kept: usize) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut files: Vec<(std::time::SystemTime, PathBuf)> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension() == extension)
        .filter_map(|path| Some((fs::metadata(&path).ok()?.modified().ok()?, path)))
        .collect();
    files.sort();
    let many = files.len().saturating_sub(kept);
    for (_, path) in files.drain(..many) {
        fs::remove_file(path).ok();
    }
}
