//! All names by how near they are to a text, by brute force: an oracle for judging the search.

use super::candidate::{NameScratch, fit};
use super::figure::figures;
use super::level::Level;
use super::snapshot::Snapshot;
use super::text::Text;

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// Every name of a level that may stand in the text at all, with what reading it there costs in hundredths of a wrong
    /// letter, and how many letters it explains. Compares all names letter by letter: some ten milliseconds for a city.
    pub fn near(&self, text: &str, level: Level) -> Vec<(String, u16, u16)> {
        let view = self.view();
        let text = Text::new(text);
        let mut doors = Vec::new();
        figures(&text, &mut doors);
        let mut scratch = NameScratch::of(&view);
        let mut near = Vec::new();
        for name in 0..view.names() as u32 {
            if let Some(shape) = view.shape(name)
                && shape.level == level
                && let Some(hit) = fit(&view, &text, &doors, name, shape, &mut scratch)
            {
                near.push((view.name(hit.means), hit.at.cost, hit.at.end - hit.at.start));
            }
        }
        near
    }
}
