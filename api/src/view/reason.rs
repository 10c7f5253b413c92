//! Why somebody is responsible, as data: the sentence beside it is English, a page may say it in any language.

use chrono::{DateTime, Utc};
use data::domain::why::{Basis, OnDuty, Passed, Why};
use serde::Serialize;
use utoipa::ToSchema;

/// Why somebody would get a case. What does not belong to the code is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = Reason)]
pub struct ReasonView {
    /// `grid_worker` (of a basic grid), `special_grid_worker`, `nearest_worker` or `desk`.
    #[schema(example = "grid_worker")]
    pub code: String,
    /// Code of the grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<String>,
    /// What the worker is to it: `primary`, `deputy` or `helper`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// When the shift ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_shift_until: Option<DateTime<Utc>>,
    /// Cases of the worker that are not closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_cases: Option<i32>,
    /// Metres from the worker's base point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<f64>,
    /// The level of the desk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Who was passed over before, and why.
    pub passed: Vec<PassedView>,
}

/// Why somebody was passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[schema(as = ReasonPassed)]
pub struct PassedView {
    /// `off_shift` (nobody of the grid is on shift), `no_roster` (nobody is on its roster), `nobody_near`, `no_grid` (the text does not say
    /// in which grid it is) or `other`.
    #[schema(example = "off_shift")]
    pub code: String,
    /// Code of the grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<String>,
    /// How near was looked, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_m: Option<f64>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl From<&Why> for ReasonView {
    fn from(why: &Why) -> Self {
        use data::domain::grid::GridKind;
        let passed = why.passed.iter().map(PassedView::from).collect();
        let told = |code: &str, duty: &OnDuty| Self {
            code: code.to_owned(),
            on_shift_until: Some(duty.until),
            open_cases: Some(duty.open_cases),
            ..Self::default()
        };
        let basis = match &why.basis {
            Basis::Grid { role, code, kind, duty } => {
                let name = match kind {
                    GridKind::Basic => "grid_worker",
                    GridKind::Special => "special_grid_worker",
                };
                let (grid, role) = (Some(code.clone()), Some(role.name().to_owned()));
                Self { grid, role, ..told(name, duty) }
            }
            Basis::Nearest { apart_m, duty } => {
                Self { distance_m: Some(apart_m.round()), ..told("nearest_worker", duty) }
            }
            Basis::Desk { level } => Self {
                code: "desk".to_owned(),
                level: Some(level.name().to_owned()),
                ..Self::default()
            },
        };
        Self { passed, ..basis }
    }
}

impl From<&Passed> for PassedView {
    fn from(passed: &Passed) -> Self {
        let (code, grid, within_m, detail) = match passed {
            Passed::OffShift { code, .. } => ("off_shift", Some(code.clone()), None, None),
            Passed::NoRoster { code, .. } => ("no_roster", Some(code.clone()), None, None),
            Passed::NobodyWithin { metres } => ("nobody_near", None, Some(*metres), None),
            Passed::NoGrid => ("no_grid", None, None, None),
            Passed::Said(words) => ("other", None, None, Some(words.clone())),
        };
        Self { code: code.to_owned(), grid, within_m, detail }
    }
}
