//! Reports as clients send them, and what became of each.

use chrono::{DateTime, Utc};
use data::domain::incident::{Channel, GivenPoint, Report};
use data::error::Fault;
use serde::{Deserialize, Serialize};
use spatial::crs::Crs;
use utoipa::ToSchema;

use super::incident::IncidentView;
use super::place::LocationView;
use super::problem::ProblemView;

/// A report: what happened where. At least one of `location` and `address` helps; without both the city desk gets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Report)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    /// `mini_program`, `app`, `hotline`, `web`, `mediation`, `grid_patrol`, `window` or `import`.
    #[schema(example = "hotline")]
    pub channel: String,
    /// Code of the category.
    #[schema(example = "0203")]
    pub category: String,
    /// What happened, in the words of the caller.
    #[schema(example = "井盖缺失,有行人险些跌入")]
    pub description: String,
    /// Where, as a coordinate.
    pub location: Option<LocationView>,
    /// Where, in words.
    pub address: Option<String>,
    /// The number the case has in the caller's own system.
    pub source_id: Option<String>,
    /// When it was reported there; now, when not given.
    pub reported_at: Option<DateTime<Utc>>,
}

/// One of many reports.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BatchReport)]
pub struct BatchReportBody {
    /// The caller's own key for this report, as the Idempotency-Key header of a single one.
    pub idempotency_key: String,
    /// The report.
    #[serde(flatten)]
    pub report: ReportBody,
}

/// Many reports at once, at most 1,000. Each stands for itself: one that is refused does not touch the others.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = ReportBatch)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    /// The reports.
    #[schema(max_items = 1000, value_type = Vec<BatchReportBody>)]
    pub incidents: Vec<serde_json::Value>,
}

/// What became of each report of a batch, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BatchResult)]
pub struct BatchResultView {
    /// One for each report.
    pub results: Vec<BatchEntryView>,
}

/// What became of one report of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BatchEntry)]
pub struct BatchEntryView {
    /// Its place in the request.
    pub index: usize,
    /// The status it would have got alone: 201, or that of its problem.
    pub status: u16,
    /// Whether it is the answer to an earlier request with the same key.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
    /// The incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentView>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemView>,
}

impl ReportBody {
    /// The report in the words of the domain.
    ///
    /// # Errors
    /// Every member that is no word of the domain; what the words say is judged by the intake.
    pub fn into_report(self) -> Result<Report, Vec<Fault>> {
        let mut faults = Vec::new();
        let channel = Channel::named(&self.channel);
        if channel.is_none() {
            let known = Channel::ALL.map(Channel::name).join(", ");
            let detail = format!("got {:?}, the channels are {known}", self.channel);
            faults.push(Fault::at("/channel", detail));
        }
        let location = self.location.and_then(|given| match given.crs.parse::<Crs>() {
            Ok(crs) => Some(GivenPoint { lng: given.lng, lat: given.lat, crs }),
            Err(error) => {
                faults.push(Fault::at("/location/crs", error.to_string()));
                None
            }
        });
        match channel {
            Some(channel) if faults.is_empty() => Ok(Report {
                channel,
                category: self.category,
                description: self.description,
                location,
                address: self.address,
                source_id: self.source_id,
                reported_at: self.reported_at,
            }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(channel: &str, crs: &str) -> ReportBody {
        ReportBody {
            channel: channel.to_owned(),
            category: "0203".to_owned(),
            description: "井盖缺失".to_owned(),
            location: Some(LocationView { lng: 103.8, lat: 36.0, crs: crs.to_owned() }),
            address: None,
            source_id: None,
            reported_at: None,
        }
    }

    #[test]
    fn every_unknown_word_is_named_at_once() {
        let faults = body("fax", "mars").into_report().unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/channel", "/location/crs"]);
        assert!(faults[0].detail.contains("hotline"), "{}", faults[0]);
    }

    #[test]
    fn a_report_keeps_the_coordinate_as_it_was_given() {
        let report = body("hotline", "gcj02").into_report().unwrap();
        let given = report.location.unwrap();
        assert_eq!((given.lng, given.lat, given.crs), (103.8, 36.0, Crs::Gcj02));
    }
}
