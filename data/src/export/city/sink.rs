//! What every form of file is fed with.

use std::path::PathBuf;

use super::layers::Layer;
use super::wkb::Bounds;
use crate::export::sink::{ExportError, persist};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Whole(i64),
    Real(f64),
}

/// A row of a layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Feature {
    /// One per column.
    pub(super) cells: Vec<Cell>,
    /// Well-known binary, little-endian, longitude first.
    pub(super) geometry: Vec<u8>,
    pub(super) bounds: Bounds,
}

/// Layers being written.
pub(super) trait Sink {
    /// Ends the layer before, if any, and begins the next.
    fn begin(&mut self, layer: &'static Layer) -> Result<(), ExportError>;

    /// Writes rows of the layer that was begun last.
    fn rows(&mut self, rows: &[Feature]) -> Result<(), ExportError>;

    /// Completes everything and gives the files their names.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// Files that are whole and wait for their names.
#[derive(Default)]
pub(super) struct Finished(Vec<(tempfile::NamedTempFile, PathBuf)>);

impl Finished {
    pub(super) fn push(&mut self, file: tempfile::NamedTempFile, path: PathBuf) {
        self.0.push((file, path));
    }

    /// Gives them their names.
    pub(super) fn name_all(self) -> Result<(), ExportError> {
        self.0.into_iter().try_for_each(|(file, path)| persist(file, &path))
    }
}

/// An error of a format's library.
pub(super) fn refused(path: &std::path::Path, error: &impl std::fmt::Display) -> ExportError {
    ExportError::Format { path: path.to_owned(), why: error.to_string() }
}
