//! From a text to a place: answers of `/v1/geocode`, in the shape of GeocodeJSON.

use serde::Serialize;
use utoipa::ToSchema;

use super::incident::HolderView;
use super::place::NamedView;
use super::reason::ReasonView;

/// The places a text may mean, the likeliest first (GeocodeJSON 0.1.0).
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Geocoded)]
pub struct GeocodedView {
    /// `FeatureCollection`.
    pub r#type: String,
    /// About the answer as a whole.
    pub geocoding: GeocodingView,
    /// The candidates.
    pub features: Vec<PlaceFeatureView>,
}

/// About an answer as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Geocoding)]
pub struct GeocodingView {
    /// Version of GeocodeJSON.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Who answers.
    pub attribution: String,
    /// What was asked, in one line.
    pub query: String,
    /// The system of all coordinates.
    pub crs: String,
    /// `accepted` (take it), `ambiguous` (ask), `doubtful` (look) or `not_found`.
    pub verdict: String,
    /// The answer in one sentence for a person.
    pub summary: String,
    /// The borders that grids were looked up in.
    pub boundary_version: i32,
    /// The gazetteer that was asked.
    pub gazetteer_version: i32,
    /// Grids by chance, summed over all candidates: the grid may be sure where the room is not.
    pub grids: Vec<LikelyGridView>,
    /// The one question whose answers tell the candidates apart best.
    pub question: Option<QuestionView>,
    /// A house number that a road does not have, and what it has.
    pub missing: Option<MissingView>,
    /// Whether the point that came with the text agrees with it.
    pub point: Option<PointView>,
    /// What speaks against the answer as a whole.
    pub faults: Vec<FaultView>,
}

/// A grid and how likely it is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = LikelyGrid)]
pub struct LikelyGridView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The chance, 0 to 1.
    pub confidence: f32,
}

/// What to ask.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeQuestion)]
pub struct QuestionView {
    /// Of which element.
    pub element: String,
    /// The question.
    #[schema(example = "哪个区县?")]
    pub text: String,
    /// The answers there are, the likeliest first.
    pub options: Vec<OptionView>,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeOption)]
pub struct OptionView {
    /// The answer.
    pub value: String,
    /// Its chance, 0 to 1.
    pub confidence: f32,
}

/// A house number that a road does not have.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = MissingNumber)]
pub struct MissingView {
    /// The road, which exists.
    pub road: String,
    /// The number, which does not.
    pub asked: String,
    /// The numbers it has: from.
    pub lowest: u32,
    /// To.
    pub highest: u32,
    /// The nearest there is.
    pub nearest: u32,
}

/// How a point and a text stand to each other.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PointAgreement)]
pub struct PointView {
    /// Metres from the first candidate to the point; absent when there is no candidate.
    pub distance_m: Option<f64>,
    /// Where the point lies, seen from the candidate.
    #[schema(example = "东北")]
    pub direction: Option<String>,
    /// The grid that the point lies in.
    pub grid: Option<String>,
    /// Whether the two agree, within one and a half times the accuracy of the candidate and 50 m.
    pub agrees: bool,
    /// The system under which they would agree; by one request a hint, by many of one caller a finding.
    pub likely_crs: Option<String>,
    /// Where it stands in the text, if it came in the text itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<WrittenView>,
    /// What this caller probably sends, judged by its last requests with text and point.
    pub caller: Option<CrsFindingView>,
}

/// A coordinate that stands in a text.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = WrittenCoordinate)]
pub struct WrittenView {
    /// Where, in characters of the query: from, up to but not at.
    pub span: [usize; 2],
    /// What stands there.
    pub said: String,
    /// Longitude in degrees as it was read.
    pub lng: f64,
    /// Latitude in degrees as it was read.
    pub lat: f64,
    /// The system that it was read in: that of the request.
    pub crs: String,
    /// `decimal`, `minutes` or `seconds`.
    pub notation: String,
    /// The text has the latitude first.
    pub latitude_first: bool,
    /// What its last digit leaves open, in metres.
    pub accuracy_m: f64,
}

/// A caller that seems to declare the wrong coordinate system.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = CrsFinding)]
pub struct CrsFindingView {
    /// What it declares.
    pub declared: String,
    /// What it probably sends.
    pub likely: String,
    /// Requests that were looked at.
    pub reports: usize,
    /// Median metres from text to point as declared.
    pub declared_m: f64,
    /// The same under the likely system.
    pub likely_m: f64,
}

/// Something that spoke against a candidate or an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeFault)]
pub struct FaultView {
    /// Such as `road.homophone`, `room.not_found`, `point.conflict`.
    pub fault: String,
    /// What it cost, in points of the score.
    pub penalty: f32,
    /// In words, where there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A candidate.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PlaceFeature)]
pub struct PlaceFeatureView {
    /// `Feature`.
    pub r#type: String,
    /// Where, in the system that was asked for.
    pub geometry: PointGeometryView,
    /// What it is.
    pub properties: PlaceView,
}

/// A point.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = PointGeometry)]
pub struct PointGeometryView {
    /// `Point`.
    pub r#type: String,
    /// Longitude and latitude, or easting and northing.
    pub coordinates: [f64; 2],
}

/// A place in an answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodedPlace)]
pub struct PlaceView {
    /// As GeocodeJSON has it.
    pub geocoding: GeocodeJsonView,
    /// Id of the address, where it is one.
    pub id: Option<u32>,
    /// `room`, `unit`, `building`, `site`, `coordinate`, `interpolated`, `crossing`, `relative`, `road`, `community`, `township` or `district`.
    pub level: String,
    /// The same in the words of AMap.
    #[schema(example = "门牌号")]
    pub level_amap: String,
    /// The chance that this is meant, 0 to 1.
    pub confidence: f32,
    /// Within this many metres of the point.
    pub accuracy_m: f64,
    /// The address by its elements.
    pub elements: ElementsView,
    /// The grid it lies in; none for what is larger than a grid.
    pub grid: Option<LikelyGridView>,
    /// The community it lies in.
    pub community: Option<NamedView>,
    /// The township.
    pub township: Option<NamedView>,
    /// The district.
    pub district: Option<NamedView>,
    /// Who would get a case there now; for the first candidate only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible: Option<HolderView>,
    /// Why they, as data; for the first candidate only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible_because: Option<ReasonView>,
    /// The words that say how the place stands to its address, such as 对面 or 东侧50米.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// Element by element, what the text says of it.
    pub r#match: Vec<MatchView>,
    /// What spoke against it.
    pub faults: Vec<FaultView>,
}

/// A place in the words of GeocodeJSON.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeJson)]
pub struct GeocodeJsonView {
    /// `house`, `street`, `locality`, `district` or `city`.
    pub r#type: String,
    /// The address in one line.
    pub label: String,
    /// House number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub housenumber: String,
    /// Road.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// Community.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub locality: String,
    /// District.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub district: String,
    /// City.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// Within this many metres of the point.
    pub accuracy: i64,
    /// Names of the divisions around it by their level in OpenStreetMap.
    pub admin: AdminView,
}

/// Names of divisions by level.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodeAdmin)]
pub struct AdminView {
    /// District.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level6: String,
    /// Township.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level8: String,
    /// Community.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level10: String,
}

/// An address by its elements; what is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AddressElements)]
#[allow(missing_docs, reason = "the words say it")]
pub struct ElementsView {
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

/// What the text says of an element.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ElementMatch)]
pub struct MatchView {
    /// Which element.
    pub element: String,
    /// Where the text says it, in characters of the query: from, up to but not at.
    pub span: Option<[usize; 2]>,
    /// What stands there.
    pub said: String,
    /// The name or number of the candidate.
    pub name: String,
    /// `exact`, `alias`, `short_form`, `homophone`, `shape`, `dialect`, `misspelt`, `omitted`, `not_found` or `ambiguous`.
    pub kind: String,
    /// In wrong letters: a homophone 0.2, any other 1.
    pub cost: f32,
}

/// What became of many rows, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodedBatch)]
pub struct GeocodedBatchView {
    /// One for each row.
    pub rows: Vec<GeocodedRowView>,
    /// How many of each verdict.
    pub counts: VerdictCountsView,
    /// The system of all coordinates.
    pub crs: String,
    /// The borders of all answers.
    pub boundary_version: i32,
    /// The gazetteer of all answers.
    pub gazetteer_version: i32,
}

/// How many rows of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VerdictCounts)]
pub struct VerdictCountsView {
    /// To be taken.
    pub accepted: u64,
    /// To be asked about.
    pub ambiguous: u64,
    /// To be looked at.
    pub doubtful: u64,
    /// Nothing fits.
    pub not_found: u64,
    /// Could not be asked.
    pub invalid: u64,
}

/// What became of one row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = GeocodedRow)]
pub struct GeocodedRowView {
    /// The caller's own name for the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<super::locate::PointId>,
    /// `ok`, or `invalid` with its fault.
    pub status: String,
    /// As for one text.
    pub verdict: Option<String>,
    /// Chance of the first candidate.
    pub confidence: Option<f32>,
    /// How exactly it is placed.
    pub level: Option<String>,
    /// Its address.
    pub label: Option<String>,
    /// Longitude or easting.
    pub lng: Option<f64>,
    /// Latitude or northing.
    pub lat: Option<f64>,
    /// Within this many metres of the point.
    pub accuracy_m: Option<f64>,
    /// Code of its grid.
    pub grid: Option<String>,
    /// Chance of that grid, summed over all candidates.
    pub grid_confidence: Option<f32>,
    /// Code of its community.
    pub community: Option<String>,
    /// Whether the point of the row, or the coordinate in its text, agrees with the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_agrees: Option<bool>,
    /// How far that point lies from the place, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_distance_m: Option<f64>,
    /// The system under which they would agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likely_crs: Option<String>,
    /// What is wrong with the row, or the gravest that spoke against the candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}
