//! A text with other names put right, and the way back to the text as it came.

use std::ops::Range;

use super::super::text::Text;
use super::Overlay;

/// One other name that was put right.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Used {
    /// Bytes of the text as it came.
    from: Range<usize>,
    /// Bytes of the rewritten text.
    to: Range<usize>,
    /// What stands in the text.
    pub(in super::super) said: String,
    pub(in super::super) until: Option<i64>,
}

/// A text with other names put right.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Rewritten {
    pub(in super::super) text: String,
    pub(in super::super) cost: f32,
    used: Vec<Used>,
}

impl Rewritten {
    /// The bytes of the text as it came for a range of the rewritten one, and the other name if it lies in one.
    pub(in super::super) fn origin(&self, span: (usize, usize)) -> ((usize, usize), Option<&Used>) {
        let within = |used: &&Used| used.to.start <= span.0 && span.1 <= used.to.end;
        if let Some(used) = self.used.iter().find(within) {
            return ((used.from.start, used.from.end), Some(used));
        }
        ((self.back(span.0, false), self.back(span.1, true)), None)
    }

    /// A place in the rewritten text as one of the text as it came; one inside a name as its end or its beginning.
    fn back(&self, at: usize, end: bool) -> usize {
        let mut shift = 0isize;
        for used in &self.used {
            if at >= used.to.end {
                shift = used.from.end as isize - used.to.end as isize;
            } else if at > used.to.start {
                return if end { used.from.end } else { used.from.start };
            }
        }
        (at as isize + shift).max(0) as usize
    }
}

/// The text with its other names put right; `None` where it has none that hold.
pub(in super::super) fn rewritten(
    overlay: &Overlay,
    original: &str,
    as_of: Option<i64>,
) -> Option<Rewritten> {
    if overlay.aliases().is_empty() {
        return None;
    }
    let text = Text::new(original);
    let mut this = Rewritten { text: String::new(), cost: 0.0, used: Vec::new() };
    let (mut at, mut copied) = (0, 0);
    while at < text.len() {
        let here = overlay.beginning(text.unit(at));
        // 锦绣 for 锦绣家园 is no other name where 锦绣家园 stands.
        let here = here.filter(|alias| {
            let stands = text.has(at, &alias.units) && !text.has(at, &alias.means_units);
            stands && alias.valid.holds(as_of)
        });
        // The longest; of two alike the later entry.
        let Some(alias) = here.max_by_key(|alias| alias.units.len()) else {
            at += 1;
            continue;
        };
        let end = at + alias.units.len();
        let from = text.origin(at..end);
        this.text.push_str(original.get(copied..from.start)?);
        let start = this.text.len();
        this.text.push_str(&alias.means);
        this.cost += alias.cost;
        this.used.push(Used {
            said: original.get(from.clone())?.to_owned(),
            from: from.clone(),
            to: start..this.text.len(),
            until: alias.until,
        });
        copied = from.end;
        at = end;
    }
    if this.used.is_empty() {
        return None;
    }
    this.text.push_str(original.get(copied..)?);
    Some(this)
}
