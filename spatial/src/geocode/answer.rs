//! What is answered: candidates with chances, and why.

use serde::Serialize;

use super::letter::Edit;
use super::relation::Relation;
use crate::lattice::LatticePoint;

/// How exactly a candidate is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// One address of the gazetteer.
    Room,
    /// A staircase.
    Unit,
    /// A building.
    Building,
    /// A house number, a compound, a village group.
    Site,
    /// A coordinate that stands in the text itself.
    Coordinate,
    /// Between two known numbers of a road.
    Interpolated,
    /// Where two roads meet.
    Crossing,
    /// Opposite, beside, between, or some metres from what the text names.
    Relative,
    /// A road as a whole.
    Road,
    /// 社区, 村.
    Community,
    /// 街道, 镇, 乡.
    Township,
    /// 区, 县.
    District,
}

/// An element of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Element {
    District,
    Township,
    Community,
    Road,
    Compound,
    Poi,
    Number,
    Building,
    Unit,
    Room,
}

/// How an element of the text stands to that of the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchKind {
    /// Letter by letter, or the same number however written.
    Exact,
    /// Another or an old name.
    Alias,
    /// Without its common end: 锦绣 for 锦绣家园.
    ShortForm,
    /// A letter of the same sound.
    Homophone,
    /// A letter of nearly the same shape.
    Shape,
    /// A letter that sounds the same in some places.
    Dialect,
    /// Another letter, one too many or one missing.
    Misspelt,
    /// The text says nothing; the candidate has it.
    Omitted,
    /// The text says something that the gazetteer does not have there.
    NotFound,
    /// It fits at more than one place.
    Ambiguous,
}

/// One line of the trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Match {
    /// Which element.
    pub element: Element,
    /// Bytes of the text as it came, where the text says it.
    pub span: Option<(usize, usize)>,
    /// What stands there.
    pub said: String,
    /// The candidate's name or number; empty where it has none.
    pub name: String,
    /// How the two stand to each other.
    pub kind: MatchKind,
    /// In wrong letters: a homophone 0.2, any other letter 1.
    pub cost: f32,
    /// For an old name: until when the place was called so, in seconds since 1970.
    pub until: Option<i64>,
}

/// Something that spoke against the candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fault {
    /// Such as `road.homophone`, `room.not_found`, `district.contradicted`.
    pub fault: String,
    /// What it cost, in points of the score.
    pub penalty: f32,
}

/// An address by its elements; what is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the words say it")]
pub struct Elements {
    pub province: String,
    pub city: String,
    pub district: String,
    pub township: String,
    pub community: String,
    pub road: String,
    pub number: String,
    pub compound: String,
    pub building: String,
    pub unit: String,
    pub room: String,
}

impl Elements {
    /// The address in one line, as it is written.
    pub fn label(&self) -> String {
        [
            &self.province,
            &self.city,
            &self.district,
            &self.township,
            &self.community,
            &self.road,
            &self.number,
            &self.compound,
            &self.building,
            &self.unit,
            &self.room,
        ]
        .map(String::as_str)
        .concat()
    }
}

/// A place the text may mean.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The caller's id of the address, where it is one.
    pub record: Option<u32>,
    /// The caller's id of the building.
    pub building: Option<u32>,
    /// The caller's id of the grid, where all of the candidate lies in one.
    pub grid: Option<u32>,
    /// How exactly it is placed.
    pub precision: Precision,
    /// Where, WGS 84.
    #[serde(skip)]
    pub point: LatticePoint,
    /// Within this many metres of the point.
    pub accuracy_m: f64,
    /// Chance that the text means this, at this precision.
    pub confidence: f32,
    /// Its address.
    pub elements: Elements,
    /// Element by element, what the text says of it.
    pub matches: Vec<Match>,
    /// What spoke against it.
    pub faults: Vec<Fault>,
    /// How the place stands to what the address names, where it is not that itself.
    pub relation: Option<Relation>,
    /// Sum of all that speaks for and against it.
    pub score: f32,
}

/// How likely a grid is, summed over all candidates in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct GridChance {
    /// The caller's id.
    pub grid: u32,
    /// The chance.
    pub confidence: f32,
}

/// What to do with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The first candidate is right often enough to be taken without a second look.
    Accepted,
    /// Several candidates fit about as well; the question tells them apart.
    Ambiguous,
    /// The first candidate is the best guess and needs a second look.
    Doubtful,
    /// Nothing fits.
    NotFound,
}

/// The one question that tells the candidates apart best.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// What to ask for.
    pub element: Element,
    /// The answers there are, with their chances, likeliest first.
    pub options: Vec<(String, f32)>,
}

/// A number that a road does not have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missing {
    /// The road that exists.
    pub road: String,
    /// The number that does not.
    pub asked: String,
    /// The numbers it has: from.
    pub lowest: u32,
    /// To.
    pub highest: u32,
    /// The nearest there is.
    pub nearest: u32,
}

/// The answer to a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The text as it was read.
    pub text: String,
    /// What to do with it.
    pub verdict: Verdict,
    /// The likeliest first.
    pub candidates: Vec<Candidate>,
    /// Grids by chance, the likeliest first.
    pub grids: Vec<GridChance>,
    /// What to ask if it is ambiguous.
    pub question: Option<Question>,
    /// What was asked for and is not there.
    pub missing: Option<Missing>,
    /// The entries of the overlay by whose other names the text was read.
    pub aliases: Vec<u64>,
}

impl MatchKind {
    pub(super) fn of(edit: Edit) -> Self {
        match edit {
            Edit::Same => Self::Exact,
            Edit::Homophone => Self::Homophone,
            Edit::Shape => Self::Shape,
            Edit::Dialect => Self::Dialect,
            Edit::Other => Self::Misspelt,
        }
    }
}
