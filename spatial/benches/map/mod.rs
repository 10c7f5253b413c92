//! The one mapping of files in the benches.

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

/// A file as memory, as a service that starts would have it.
pub fn mapped(path: &Path) -> Mmap {
    let file = File::open(path).unwrap();
    #[expect(unsafe_code, reason = "what is measured is how a service starts")]
    // SAFETY: the benches write the file once, under a name of their own, before they map it.
    let map = unsafe { Mmap::map(&file) }.unwrap();
    map
}
