//! How a place stands to those that a text names: the typed result of 对面, 东侧50米, A与B之间, A路与B路交叉口.

use serde::Serialize;

use super::answer::Elements;
use super::compass::Compass;

/// How a place stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RelationKind {
    /// At its door, below it, inside: 门口, 楼下, 院内.
    At,
    /// 旁边, 隔壁, or on one side of it without a distance.
    Beside {
        /// On which side: 东侧.
        side: Option<Compass>,
    },
    /// 附近, 周边.
    Near,
    /// 对面.
    Opposite,
    /// 东侧50米, 往北200米.
    Offset {
        /// In which direction.
        direction: Compass,
        /// How far.
        metres: f64,
    },
    /// 路东50米 without a direction: so far from it, nobody says where to.
    Within {
        /// How far.
        metres: f64,
    },
    /// Where two roads meet.
    Crossing,
    /// Between two places, or on a road between two others.
    Between,
}

/// A relation that stands in a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Relation {
    /// Which.
    pub kind: RelationKind,
    /// The words that say so.
    pub said: String,
    /// Their bytes in the text as it came.
    pub span: (usize, usize),
    /// The second place of a crossing or of a stretch.
    pub other: Option<Elements>,
    /// A further step from there: 交叉口东50米.
    pub step: Option<(Compass, f64)>,
}
