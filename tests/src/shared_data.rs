//! Real maps and files that lie beside a checkout, whose rights do not allow shipping them.

use std::path::PathBuf;

/// The file or folder `name` under `../shared/data`, or `None`, said aloud, where it is not there: whoever has only the
/// repository can run everything else.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = crate::repository().join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: this needs {}, which is not part of the repository", path.display());
    None
}
