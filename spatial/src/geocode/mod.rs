//! From any Chinese address text to a place, with a reason.
//!
//! Addresses are not searched as texts. A gazetteer of millions of rooms has some ten thousand names: these are matched
//! loosely, by sound and shape; houses, buildings, units and rooms are integers and are looked up exactly.
//!
//! | stage | what it does | example |
//! |---|---|---|
//! | [`Text`] | one way of writing | `３＃－２－５０１` → `3#-2-501` |
//! | `chatter`, `foreign` | marks what is no address, and other cities | `您好，…楼道堆放杂物` |
//! | `figure`, `numeral` | numbers with what they count | `三栋` → 3, a building; `七柏七十五号` → 775 |
//! | `candidate`, `align` | names that may stand there, and how | `轻阳路` → 庆阳路, one homophone |
//! | `unknown` | names that nobody has | `平安路` where there is none |
//! | `role` | which number is the house, the building, the room | `1-2-501` |
//! | `place`, `door` | sites, roads and divisions; how far inside the numbers lead | |
//! | [`Feature`], [`Weights`] | what speaks for and against each, and fitted chances | |
//! | [`parse`](fn@parse) | elements of a text without any gazetteer | |
//! | `explain`, `question` | [`Match`]es, [`Fault`]s, the one [`Question`] | "which unit?" |
//!
//! Around it: [`Snapshot::ask`] adds the [`Overlay`] of what changed since, relations (`relate`: 对面, 东侧50米, 交叉口, 之间) and numbers
//! between known ones (`interpolate`); [`Snapshot::suggest`] completes what is being typed; [`nearby`] goes from points to addresses;
//! [`written_points`] reads coordinates, [`check_point`] and [`CrsWitness`] judge them; [`Structured`] takes forms.
//!
//! Digits, letters and 东西南北 are never taken for one another. A [`Snapshot`] is one file; it is built by
//! [`SnapshotBuilder`] and opened over any bytes. How right and how fast all this is, and how the weights are fitted,
//! stands in `docs/GEOCODER.md`.

mod agree;
mod align;
mod angle;
mod answer;
mod arrange;
mod ask;
mod build;
mod bytes;
mod candidate;
mod chance;
mod chatter;
mod child;
mod compass;
mod counted;
mod door;
mod explain;
mod feature;
mod figure;
mod foreign;
mod interpolate;
mod label;
mod letter;
mod level;
mod look;
mod near;
mod numeral;
mod overlay;
mod pairs;
mod parse;
mod parse_words;
mod piece;
mod place;
mod query;
mod question;
mod rank;
mod reading;
mod relate;
mod relation;
mod resolve;
mod reverse;
mod role;
mod search;
mod shape;
mod snapshot;
mod stamp;
mod structured;
mod suffix;
mod suggest;
mod tail;
mod text;
mod texts;
mod unknown;
mod vote;
mod witness;
mod word;
mod write;
mod written;

#[cfg(test)]
mod test_town;

pub use agree::{PointCheck, check_point};
pub use answer::{
    Answer, Candidate, Element, Elements, Fault, GridChance, Match, MatchKind, Missing, Precision,
    Question, Verdict,
};
pub use ask::Weighed;
pub use build::{AddressRow, SnapshotBuilder};
pub use bytes::SnapshotError;
pub use compass::{Compass, apart_m, bearing_deg, moved};
pub use feature::{FEATURES, Feature, Features, Weights};
pub use figure::Counts;
pub use label::{Beside, Label};
pub use letter::Edit;
pub use level::Level;
pub use overlay::{
    Alias, Change, Corrected, Correction, Entry, Heard, NewAddress, Now, Overlay, Target, Validity,
};
pub use parse::parse;
pub use piece::{Parsed, Piece};
pub use query::{AskScratch, Query};
pub use relation::{Relation, RelationKind};
pub use reverse::{KnownPlace, Nearby, PlaceKind, nearby};
pub use search::Scratch;
pub use snapshot::Snapshot;
pub use structured::{Composed, Structured};
pub use suggest::{Area, SuggestQuery, SuggestScratch, Suggestion};
pub use text::{LONGEST_TEXT, Text};
pub use witness::{CrsSuspicion, CrsWitness};
pub use written::{Notation, WrittenPoint, written_points};
