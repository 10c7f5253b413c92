//! Answers with everything that differs from run to run written over, so that they can be compared as a whole.

use serde_json::Value;

/// Names of fields that differ from run to run, and what is shown instead of a value.
const VOLATILE: [(&str, &str); 13] = [
    ("id", "[id]"),
    ("number", "[number]"),
    ("incident_id", "[id]"),
    ("reported_at", "[time]"),
    ("received_at", "[time]"),
    ("due_at", "[time]"),
    ("as_of", "[time]"),
    ("at", "[time]"),
    ("created_at", "[time]"),
    ("loaded_at", "[time]"),
    ("effective_at", "[time]"),
    ("seq", "[seq]"),
    ("instance", "[instance]"),
];

/// `answer` with volatile values replaced; absent and null stay what they are, because that is a difference worth seeing.
#[must_use]
pub fn redact(answer: &Value) -> Value {
    match answer {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let mark =
                    VOLATILE.iter().find(|(volatile, _)| volatile == name).map(|(_, mark)| *mark);
                let shown = match (mark, value) {
                    (Some(mark), Value::String(_) | Value::Number(_)) => Value::from(mark),
                    _ => redact(value),
                };
                (name.clone(), shown)
            })
            .collect(),
        Value::Array(values) => values.iter().map(redact).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_written_over_and_null_stays() {
        let answer = json!({"id": "7", "state": "reported", "due_at": null, "events": [{"at": "2026-01-01T00:00:00Z"}]});
        let wanted = json!({"id": "[id]", "state": "reported", "due_at": null, "events": [{"at": "[time]"}]});
        assert_eq!(redact(&answer), wanted);
    }
}
