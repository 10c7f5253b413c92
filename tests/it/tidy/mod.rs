//! The repository about itself: rules that no compiler keeps.

mod arrows;
mod files;
mod words;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The folder that holds the workspace.
fn root() -> PathBuf {
    tests::repository()
}

/// Files of the repository, relative to its root: tracked ones, and new ones that are not ignored. Outside a git
/// checkout (an unpacked archive) the folders are walked instead.
fn repository_files() -> Result<Vec<PathBuf>> {
    let listed = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    if let Ok(listed) = listed
        && listed.status.success()
    {
        let names = String::from_utf8(listed.stdout).context("a file name that is not UTF-8")?;
        return Ok(names.lines().map(PathBuf::from).filter(|f| root().join(f).is_file()).collect());
    }
    let mut files = Vec::new();
    walk(&root(), &mut files)?;
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    const NOT_OURS: [&str; 5] = ["target", "var", "node_modules", "dist", ".git"];
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                walk(&path, files)?;
            }
        } else {
            files.push(path.strip_prefix(root())?.to_path_buf());
        }
    }
    Ok(())
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(|e| e.to_str()).unwrap_or_default()
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(root().join(file)).with_context(|| format!("{}", file.display()))
}
