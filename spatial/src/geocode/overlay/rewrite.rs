//! A text with other names put right, and the way back to the text as it came.

use std::ops::Range;

use super::super::query::Query;
use super::super::text::Text;
use super::{BoundAlias, Overlay};

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
    id: u64,
}

/// A text with other names put right.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Rewritten {
    pub(in super::super) text: String,
    pub(in super::super) cost: f32,
    used: Vec<Used>,
}

impl Rewritten {
    /// The entries that were read, by id.
    pub(in super::super) fn ids(&self) -> Vec<u64> {
        self.used.iter().map(|used| used.id).collect()
    }

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
pub(in super::super) fn rewritten(overlay: &Overlay, query: &Query<'_>) -> Option<Rewritten> {
    let original = query.text;
    if overlay.aliases().is_empty() {
        return None;
    }
    let text = Text::new(original);
    let mut this = Rewritten { text: String::new(), cost: 0.0, used: Vec::new() };
    let (mut at, mut copied) = (0, 0);
    while at < text.len() {
        let Some(alias) = standing(overlay, &text, at, query) else {
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
            id: alias.id,
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

/// The longest other name that stands at `at`, of those of one text the one that is said nearest. Where two are said
/// equally near, nobody knows what is meant, and nothing is.
fn standing<'a>(
    overlay: &'a Overlay,
    text: &Text,
    at: usize,
    query: &Query<'a>,
) -> Option<&'a BoundAlias> {
    // 锦绣 for 锦绣家园 is no other name where 锦绣家园 stands.
    let here = overlay.beginning(text.unit(at)).filter(|alias| {
        text.has(at, &alias.units)
            && !text.has(at, &alias.means_units)
            && is_apart(text, at, at + alias.units.len())
    });
    let all: Vec<_> = Overlay::heard(here, query.as_of, query.heard).collect();
    let rank = |(alias, near): &(&BoundAlias, usize)| (alias.units.len(), *near);
    let best = all.iter().map(rank).max()?;
    let mut first = all.iter().filter(|one| rank(one) == best);
    match (first.next(), first.next()) {
        (Some((alias, _)), None) => Some(alias),
        _ => None,
    }
}

/// Whether a name may begin and end there: not inside a number or a Latin word, and not behind a 东西南北 that belongs to it.
fn is_apart(text: &Text, start: usize, end: usize) -> bool {
    let letter = |at: usize| char::from_u32(u32::from(text.unit(at)));
    let before = start.checked_sub(1).and_then(letter);
    let after = if end < text.len() { letter(end) } else { None };
    let last = end.checked_sub(1).and_then(letter);
    !before.is_some_and(|before| "东西南北".contains(before))
        && !is_glued(before, letter(start))
        && !is_glued(last, after)
}

/// Whether two letters belong to one number or one Latin word.
fn is_glued(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    let numeral = |c: char| "〇零一二三四五六七八九十百千两".contains(c);
    (left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric())
        || (numeral(left) && numeral(right))
}
