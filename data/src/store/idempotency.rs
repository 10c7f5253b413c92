//! Answers kept for repetitions of the same request.

use std::collections::HashMap;

use super::Store;
use crate::domain::id::ApiKeyId;
use crate::domain::incident::Incident;
use crate::error::{DataError, Result};

/// What was answered to the first request with a key.
#[derive(Clone, Debug)]
pub struct KeptAnswer {
    /// SHA-256 of that request.
    pub body_sha256: Vec<u8>,
    /// The answer.
    pub incident: Incident,
}

impl Store {
    /// The kept answers to those of `keys` that this caller used before.
    pub async fn idempotency_find(
        &self,
        api_key: ApiKeyId,
        keys: &[String],
    ) -> Result<HashMap<String, KeptAnswer>> {
        let rows: Vec<(String, Vec<u8>, serde_json::Value)> = sqlx::query_as(
            "select key, body_sha256, body
             from idempotency_key
             where api_key_id = $1 and key = any($2)",
        )
        .bind(api_key.0)
        .bind(keys)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|(key, body_sha256, body)| {
                let incident = serde_json::from_value(body).map_err(|error| DataError::Broken {
                    what: "kept answer",
                    why: error.to_string(),
                })?;
                Ok((key, KeptAnswer { body_sha256, incident }))
            })
            .collect()
    }
}
