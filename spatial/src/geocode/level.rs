//! The kinds of names.

use serde::Serialize;

use super::answer::Element;

/// What a name names, from the large to the small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 区, 县.
    District,
    /// 街道, 镇, 乡.
    Township,
    /// 社区, 村.
    Community,
    /// 路, 街, 巷.
    Road,
    /// 小区, 家属院, a named house.
    Compound,
    /// A shop, an office, a school inside a building.
    Poi,
}

impl Level {
    /// All levels, largest first.
    pub const ALL: [Self; 6] =
        [Self::District, Self::Township, Self::Community, Self::Road, Self::Compound, Self::Poi];

    pub(super) fn from_index(index: u16) -> Option<Self> {
        Self::ALL.get(usize::from(index)).copied()
    }

    /// The element of an address that a name of this level is.
    pub(super) fn element(self) -> Element {
        match self {
            Self::District => Element::District,
            Self::Township => Element::Township,
            Self::Community => Element::Community,
            Self::Road => Element::Road,
            Self::Compound => Element::Compound,
            Self::Poi => Element::Poi,
        }
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }
}
