//! Categories 大类/小类: what an incident is about, and how long that may take.

use serde::{Deserialize, Serialize};

/// One category with its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Two digits for a major, four for a minor one in the list we ship; a city's own list may differ.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The major category of a minor one.
    pub parent_code: Option<String>,
    /// Within how many minutes the holder must accept.
    pub accept_minutes: i32,
    /// Within how many minutes of the report the matter must be handled.
    pub handle_minutes: i32,
    /// Whether walls may show it only as a count per grid: disputes between people are nobody's map symbol.
    pub counted_only: bool,
    /// Whether the workers of a special grid over the place are asked before those of the basic one.
    pub special_first: bool,
}

/// Code and name of a category, as answers carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryRef {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}
