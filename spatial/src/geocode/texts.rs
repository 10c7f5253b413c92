//! The names written out: an answer says dozens of them.

use super::snapshot::View;

/// All names of a snapshot as text, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    start: Vec<u32>,
    text: String,
    /// The first strings of the snapshot: the province and the city.
    pub(super) heads: [String; 2],
}

impl Texts {
    /// Writes them out.
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut this = Self { heads: [view.string(0), view.string(1)], ..Self::default() };
        this.start.push(0);
        for name in 0..view.names() as u32 {
            this.text.push_str(&view.name(name));
            this.start.push(this.text.len() as u32);
        }
        this
    }

    /// One of them; nothing for a name that is not there.
    pub(super) fn name(&self, name: u32) -> &str {
        let at = name as usize;
        let end = |at: usize| self.start.get(at).map_or(0, |&end| end as usize);
        self.text.get(end(at)..end(at + 1)).unwrap_or_default()
    }
}
