//! Glyphs for labels, drawn from font files as signed distance fields in blocks of 256 code points.

use std::path::Path;
use std::sync::Arc;

use martin_core::fonts::{FontError, FontSources};

use crate::cache::{AnswerCache, CacheFigures, TileAnswer};
use crate::encoded::Gzipped;
use crate::error::TileError;

/// The installed fonts, and the glyphs drawn from them so far.
#[derive(Debug)]
pub(crate) struct Fonts {
    sources: Arc<FontSources>,
    cache: Arc<AnswerCache<GlyphKey>>,
}

/// Font stack as it was asked for, and the first code point.
type GlyphKey = (Box<str>, u32);

/// Code points in a block.
const BLOCK: u32 = 256;

impl Fonts {
    /// The TTF, OTF and TTC files in `directory` and below. The files must stay there: every block is
    /// drawn from them. A directory without fonts is not an error, since a style may do without.
    pub fn open(directory: &Path, max_cache_bytes: u64) -> Self {
        let mut sources = FontSources::default();
        if let Err(error) = sources.recursively_add_directory(directory.to_owned()) {
            let directory = directory.display();
            tracing::warn!("no fonts for labels from {directory}: {error}");
        }
        Self { sources: Arc::new(sources), cache: AnswerCache::new(max_cache_bytes) }
    }

    /// Names to be used in font stacks, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.sources.get_catalog().into_keys().collect();
        names.sort();
        names
    }

    /// The glyphs `start..=end` of a comma-separated font stack, each from the first font that has it.
    pub async fn range(&self, stack: &str, start: u32, end: u32) -> Result<Gzipped, TileError> {
        if !start.is_multiple_of(BLOCK) || start.checked_add(BLOCK - 1) != Some(end) {
            return Err(TileError::GlyphRange { start, end });
        }
        let stack = stack.split(',').map(str::trim).collect::<Vec<_>>();
        self.check_names(&stack)?;
        // of two glyphs for one code point a map client keeps the later one, so the first font goes last
        let last_wins = stack.iter().rev().copied().collect::<Vec<_>>().join(",");
        let sources = Arc::clone(&self.sources);
        let key = (last_wins.clone().into_boxed_str(), start);
        let fill = async move {
            let drawn =
                tokio::task::spawn_blocking(move || sources.get_font_range(&last_wins, start, end));
            let glyphs = drawn
                .await
                .map_err(|stopped| TileError::Stopped(Arc::new(stopped)))?
                .map_err(|error| understand(error, start, end))?;
            Ok(TileAnswer::Drawn(Gzipped::encode(glyphs).await?))
        };
        match self.cache.get_or_fill(key, fill).await? {
            TileAnswer::Drawn(glyphs) => Ok(glyphs),
            TileAnswer::Empty => Gzipped::encode(Vec::new()).await,
        }
    }

    /// How the glyph cache has been doing.
    pub fn figures(&self) -> CacheFigures {
        self.cache.figures()
    }

    fn check_names(&self, stack: &[&str]) -> Result<(), TileError> {
        let names = self.names();
        let known = |font: &str| names.iter().any(|name| name == font);
        match stack.iter().find(|font| !known(font)) {
            None => Ok(()),
            Some(&font) => {
                let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                Err(TileError::UnknownFont { font: font.to_owned(), known })
            }
        }
    }
}

fn understand(error: FontError, start: u32, end: u32) -> TileError {
    match error {
        FontError::InvalidFontRangeStartEnd { .. } => TileError::GlyphRange { start, end },
        other => TileError::Font(Arc::new(other)),
    }
}

#[cfg(test)]
#[path = "fonts_tests.rs"]
mod tests;
