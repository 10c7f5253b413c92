//! What place does a text mean? One pure call over a gazetteer and the borders of the answer's time: intake, desks, files and
//! clients all get their answers here.

mod point;
pub mod reverse;
pub mod suggest;
mod summary;
mod written;

pub use self::point::ComparedPoint;
pub use self::summary::asked_for;
pub use self::written::ReadPoint;

use std::cell::RefCell;

use chrono::Utc;
use rayon::prelude::*;
use spatial::code::Level;
use spatial::crs::Crs;
use spatial::geocode::{
    AskScratch, Candidate, Elements, Fault, Heard, Missing, Precision, Question, Structured,
    Verdict,
};
use spatial::lattice::LatticePoint;

use crate::domain::assign::Choice;
use crate::domain::category::Category;
use crate::domain::division::{Division, DivisionRef};
use crate::domain::grid::{Grid, GridRef};
use crate::domain::id::{AliasId, BoundaryVersionId, GazetteerVersion};
use crate::domain::why::Passed;
use crate::geocode::Gazetteer;
use crate::routing::{Chain, RoutingView, Spot};

/// Most candidates of one answer.
pub const MOST_CANDIDATES: usize = 10;
/// Most rows of one batch.
pub const MOST_ROWS: usize = 1_000;
/// Longest text that is asked about, in characters.
pub const LONGEST_QUERY: usize = 500;
/// A candidate of the caller's own area goes before others that are at most this many times as likely.
const OWN_AREA: f32 = 4.0;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Anything somebody wrote.
    Text(String),
    /// An address by its elements.
    Elements(Box<Elements>),
}

/// A question to the geocoder.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What is asked.
    pub asked: Asked,
    /// Code of the caller's area, a division: of about equally likely candidates those in it come first.
    pub area: Option<String>,
    /// Most candidates, at least one.
    pub limit: usize,
    /// The system of coordinates that stand inside the text; where none is declared, they are not read.
    pub text_crs: Option<Crs>,
}

/// A candidate with everything around it, by the borders of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedCandidate {
    /// The candidate.
    pub found: Candidate,
    /// The basic grid at its point.
    pub grid: Option<GridRef>,
    /// How likely that grid is, summed over all candidates in it.
    pub grid_confidence: Option<f32>,
    /// The community of the grid.
    pub community: Option<DivisionRef>,
    /// Its township.
    pub township: Option<DivisionRef>,
    /// Its district.
    pub district: Option<DivisionRef>,
}

/// A grid and how likely it is.
#[derive(Clone, Debug, PartialEq)]
pub struct LikelyGrid {
    /// The grid.
    pub grid: GridRef,
    /// The chance that the place lies in it, summed over all candidates.
    pub confidence: f32,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Geocoded {
    /// What was asked, in one line.
    pub text: String,
    /// What to do with it.
    pub verdict: Verdict,
    /// The likeliest first.
    pub candidates: Vec<PlacedCandidate>,
    /// Grids by chance.
    pub grids: Vec<LikelyGrid>,
    /// What to ask if it is not clear.
    pub question: Option<Question>,
    /// A number that a road does not have.
    pub missing: Option<Missing>,
    /// How the point that came with the text stands to it; see [`Geocoded::compare`].
    pub point: Option<ComparedPoint>,
    /// The coordinate that stands in the text.
    pub written: Option<ReadPoint>,
    /// What speaks against the answer as a whole.
    pub faults: Vec<Fault>,
    /// The borders that grids were looked up in.
    pub boundary_version: BoundaryVersionId,
    /// The gazetteer that was asked.
    pub gazetteer_version: GazetteerVersion,
}

thread_local! {
    /// Memory between the queries of a thread.
    static SCRATCH: RefCell<AskScratch> = RefCell::default();
}

/// Answers a query with `gazetteer` and the borders of `view`.
pub fn geocode(gazetteer: &Gazetteer, view: &RoutingView, query: &Query) -> Geocoded {
    let text = match &query.asked {
        Asked::Text(text) => text.clone(),
        Asked::Elements(elements) => structured(elements).compose().text,
    };
    let (written, rest) = written::split(&text);
    let mut answer = SCRATCH.with_borrow_mut(|scratch| {
        answer(gazetteer, view, query, rest.as_deref().unwrap_or(&text), scratch)
    });
    answer.text = text;
    written::tell(&mut answer, view, written, query.text_crs);
    answer
}

/// Answers many queries on all cores; `answers[i]` is what [`geocode`] says to `queries[i]`.
pub fn geocode_batch(
    gazetteer: &Gazetteer,
    view: &RoutingView,
    queries: &[Query],
) -> Vec<Geocoded> {
    queries.par_iter().map(|query| geocode(gazetteer, view, query)).collect()
}

fn answer(
    gazetteer: &Gazetteer,
    view: &RoutingView,
    query: &Query,
    text: &str,
    scratch: &mut AskScratch,
) -> Geocoded {
    let area = query.area.as_deref().map_or_else(String::new, |area| area_path(view, area));
    let near = |id: u64| gazetteer.book().nearness(AliasId(id as i32), &area);
    let grid_at = |point| grid_at(view, point).map(|grid| grid.grid_id.0 as u32);
    let asked = spatial::geocode::Query {
        text,
        limit: query.limit.clamp(1, MOST_CANDIDATES),
        as_of: Some(Utc::now().timestamp()),
        weights: None,
        grid_at: Some(&grid_at),
        heard: Some(Heard(&near)),
    };
    let answer = gazetteer.snapshot().ask(gazetteer.overlay(), &asked, scratch);
    gazetteer.count(&answer.aliases);
    let likely = |chance: &spatial::geocode::GridChance| {
        let grid = view.borders.grid_of_id(crate::domain::id::GridId(chance.grid as i32))?;
        Some(LikelyGrid { grid: grid.to_ref(), confidence: chance.confidence })
    };
    let chances = &answer.grids;
    let grids: Vec<LikelyGrid> = chances.iter().filter_map(likely).collect();
    let mut candidates: Vec<PlacedCandidate> =
        answer.candidates.into_iter().map(|found| placed(gazetteer, view, found, &grids)).collect();
    if let Some(area) = query.area.as_deref()
        && answer.verdict != Verdict::Accepted
    {
        own_area_first(&mut candidates, area);
    }
    Geocoded {
        text: text.to_owned(),
        verdict: answer.verdict,
        candidates,
        grids,
        question: answer.question,
        missing: answer.missing,
        point: None,
        written: None,
        faults: Vec::new(),
        boundary_version: view.boundary_version(),
        gazetteer_version: gazetteer.version(),
    }
}

/// An address as a form has it.
fn structured(elements: &Elements) -> Structured<'_> {
    Structured {
        district: &elements.district,
        township: &elements.township,
        community: &elements.community,
        road: &elements.road,
        number: &elements.number,
        compound: &elements.compound,
        building: &elements.building,
        unit: &elements.unit,
        room: &elements.room,
    }
}

fn grid_at(view: &RoutingView, point: LatticePoint) -> Option<&Grid> {
    match view.borders.locate(point) {
        Spot::Inside { grid, .. } => Some(grid),
        Spot::Outside { .. } => None,
    }
}

/// Codes from the city down to a division, joined by `/`.
fn area_path(view: &RoutingView, area: &str) -> String {
    view.borders.chain(area).area_path()
}

fn placed(
    gazetteer: &Gazetteer,
    view: &RoutingView,
    mut found: Candidate,
    grids: &[LikelyGrid],
) -> PlacedCandidate {
    found.record = found.record.map(|record| gazetteer.id_now(record));
    let grid = grid_at(view, found.point);
    let chain = grid.map_or_else(Chain::default, |grid| view.borders.chain_of(grid));
    let chain = known_part(chain, found.precision);
    let grid = grid.filter(|_| is_in_one_grid(found.precision)).map(Grid::to_ref);
    let of_grid = |grid: &GridRef| grids.iter().find(|likely| likely.grid.grid_id == grid.grid_id);
    PlacedCandidate {
        grid_confidence: grid.as_ref().and_then(of_grid).map(|likely| likely.confidence),
        grid,
        community: chain.community.map(Division::to_ref),
        township: chain.township.map(Division::to_ref),
        district: chain.district.map(Division::to_ref),
        found,
    }
}

/// Whether a place of this precision is small enough to lie in a grid.
const fn is_in_one_grid(precision: Precision) -> bool {
    !matches!(
        precision,
        Precision::Road | Precision::Community | Precision::Township | Precision::District
    )
}

/// The divisions around a place that are sure: of a road or township those around its middle are not.
fn known_part(chain: Chain<'_>, precision: Precision) -> Chain<'_> {
    let lowest = match precision {
        Precision::Road | Precision::District => Level::District,
        Precision::Township => Level::Township,
        _ => Level::Community,
    };
    Chain {
        community: chain.community.filter(|_| lowest == Level::Community),
        township: chain.township.filter(|_| lowest != Level::District),
        ..chain
    }
}

fn own_area_first(candidates: &mut [PlacedCandidate], area: &str) {
    let Some(best) = candidates.first().map(|first| first.found.confidence) else { return };
    let is_own = |one: &PlacedCandidate| {
        let codes = [&one.community, &one.township, &one.district];
        codes.into_iter().flatten().any(|division| division.code == area)
            && best <= one.found.confidence * OWN_AREA
    };
    // Stable: within both parts the likelier stays first.
    candidates.sort_by_key(|one| !is_own(one));
}

impl PlacedCandidate {
    /// Codes from the district down, joined by `/`.
    pub fn divisions(&self) -> impl Iterator<Item = &DivisionRef> {
        [&self.community, &self.township, &self.district].into_iter().flatten()
    }

    /// Who could take a matter of `category` there at the time `at`, decided as at intake: for what is not placed to a
    /// grid, only desks.
    pub fn choose(
        &self,
        view: &RoutingView,
        category: Option<&Category>,
        at: chrono::DateTime<chrono::Utc>,
    ) -> Choice {
        if self.grid.is_some() {
            let any = Category {
                code: String::new(),
                name: String::new(),
                parent_code: None,
                accept_minutes: 0,
                handle_minutes: 0,
                counted_only: false,
                special_first: false,
            };
            return view.choose(self.found.point, category.unwrap_or(&any), at);
        }
        let lowest = self.divisions().next();
        let chain = lowest.map_or_else(Chain::default, |lowest| view.borders.chain(&lowest.code));
        Choice {
            pool: None,
            passed: vec![Passed::NoGrid],
            desks: view.duty.desks(&view.borders, &chain),
        }
    }
}

impl Geocoded {
    /// The first candidate, if it may be taken without a second look.
    pub fn accepted(&self) -> Option<&PlacedCandidate> {
        self.candidates.first().filter(|_| self.verdict == Verdict::Accepted)
    }

    /// The likeliest grid, if it is at least so likely.
    pub fn sure_grid(&self, least: f32) -> Option<&LikelyGrid> {
        self.grids.first().filter(|grid| least <= grid.confidence)
    }

    /// The answer in one sentence for a person.
    pub fn summary(&self) -> String {
        summary::summary(self)
    }
}
