//! What is added to a row: verdict, place, grid, and what spoke against it.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use spatial::crs::Crs;
use spatial::geocode::{Answer, Candidate, Fault, Question, Verdict};

use crate::actions::geocode::{Geocoded, asked_for};
use crate::import::error::ImportError;

/// The columns that are added to those of the input, and what they hold.
const ADDED: [(&str, DataType); 12] = [
    ("verdict", DataType::Utf8),
    ("address_id", DataType::Int64),
    ("label", DataType::Utf8),
    ("level", DataType::Utf8),
    ("confidence", DataType::Float32),
    ("lng", DataType::Float64),
    ("lat", DataType::Float64),
    ("accuracy_m", DataType::Float64),
    ("grid_code", DataType::Utf8),
    ("grid_name", DataType::Utf8),
    ("community_code", DataType::Utf8),
    ("note", DataType::Utf8),
];

/// The answer for a row.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) verdict: Verdict,
    place: Option<Place>,
    /// Code, name and chance of the grid.
    pub(super) grid: Option<(String, String, Option<f32>)>,
    community: Option<String>,
    note: String,
}

#[derive(Clone, Debug)]
struct Place {
    record: Option<u32>,
    label: String,
    level: String,
    confidence: f32,
    lng_lat: [f64; 2],
    accuracy_m: f64,
}

impl Answered {
    pub(super) fn of(answer: &Geocoded, crs: Crs) -> Result<Self, String> {
        let first = answer.candidates.first();
        let grid = first.and_then(|one| {
            let grid = one.grid.as_ref()?;
            Some((grid.code.clone(), grid.name.clone(), one.grid_confidence))
        });
        Ok(Self {
            verdict: answer.verdict,
            place: first.map(|one| Place::of(&one.found, crs)).transpose()?,
            grid,
            community: first.and_then(|one| Some(one.community.as_ref()?.code.clone())),
            note: note(first.map(|one| one.found.faults.as_slice()), answer.question.as_ref()),
        })
    }

    /// Without grids.
    pub(super) fn bare(answer: &Answer, crs: Crs) -> Result<Self, String> {
        let first = answer.candidates.first();
        Ok(Self {
            verdict: answer.verdict,
            place: first.map(|one| Place::of(one, crs)).transpose()?,
            grid: None,
            community: None,
            note: note(first.map(|one| one.faults.as_slice()), answer.question.as_ref()),
        })
    }
}

impl Place {
    fn of(candidate: &Candidate, crs: Crs) -> Result<Self, String> {
        let (x, y) = crs
            .from_wgs84(candidate.point.lng_lat())
            .map_err(|error| format!("{crs} does not reach the place: {error}"))?;
        let unit = if crs.is_geographic() { 1e9 } else { 1e4 };
        Ok(Self {
            record: candidate.record,
            label: candidate.elements.label(),
            level: word(&candidate.precision),
            confidence: candidate.confidence,
            lng_lat: [x, y].map(|value| (value * unit).round() / unit),
            accuracy_m: candidate.accuracy_m.round(),
        })
    }
}

/// What spoke against it, and what to ask.
fn note(faults: Option<&[Fault]>, question: Option<&Question>) -> String {
    let mut parts: Vec<String> =
        faults.unwrap_or_default().iter().map(|fault| fault.fault.clone()).collect();
    if let Some(asked) = question {
        let options: Vec<&str> = asked.options.iter().map(|option| option.0.as_str()).collect();
        parts.push(format!("{}?{}", asked_for(asked.element), options.join("、")));
    }
    parts.join("; ")
}

fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The columns of the input and those that are added. A name that the input has already gets a tail.
pub(super) fn widened(schema: &Schema) -> Arc<Schema> {
    let mut fields: Vec<_> = schema.fields().iter().cloned().collect();
    for (name, of) in ADDED {
        let mut name = name.to_owned();
        while fields.iter().any(|field| *field.name() == name) {
            name.push_str("_found");
        }
        fields.push(Arc::new(Field::new(name, of, true)));
    }
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// A batch with the answers for its rows.
pub(super) fn with_answers(
    batch: &RecordBatch,
    answers: &[Result<Answered, String>],
) -> Result<RecordBatch, ImportError> {
    let found = |of: fn(&Answered) -> Option<String>| -> ArrayRef {
        let texts = answers.iter().map(|one| one.as_ref().ok().and_then(of));
        Arc::new(texts.collect::<StringArray>())
    };
    let number = |of: fn(&Place) -> f64| -> ArrayRef {
        let place = |one: &Result<Answered, String>| Some(of(one.as_ref().ok()?.place.as_ref()?));
        Arc::new(answers.iter().map(place).collect::<Float64Array>())
    };
    let places = || answers.iter().map(|one| one.as_ref().ok().and_then(|one| one.place.as_ref()));
    let mut columns = batch.columns().to_vec();
    columns.extend([
        Arc::new(
            answers
                .iter()
                .map(|one| {
                    Some(one.as_ref().map_or("invalid".to_owned(), |one| word(&one.verdict)))
                })
                .collect::<StringArray>(),
        ) as ArrayRef,
        Arc::new(places().map(|place| place?.record.map(i64::from)).collect::<Int64Array>()),
        found(|one| Some(one.place.as_ref()?.label.clone())),
        found(|one| Some(one.place.as_ref()?.level.clone())),
        Arc::new(places().map(|place| Some(place?.confidence)).collect::<Float32Array>()),
        number(|place| place.lng_lat[0]),
        number(|place| place.lng_lat[1]),
        number(|place| place.accuracy_m),
        found(|one| Some(one.grid.as_ref()?.0.clone())),
        found(|one| Some(one.grid.as_ref()?.1.clone())),
        found(|one| one.community.clone()),
        Arc::new(
            answers
                .iter()
                .map(|one| Some(one.as_ref().map_or_else(Clone::clone, |one| one.note.clone())))
                .map(|note| note.filter(|note| !note.is_empty()))
                .collect::<StringArray>(),
        ),
    ]);
    RecordBatch::try_new(widened(&batch.schema()), columns)
        .map_err(|error| ImportError::Stopped(error.to_string()))
}
