//! API keys: `wg_{prefix}_{secret}`, 256 random bits, of which only a hash is kept. Looked up for every request, so that
//! a revoked key ends at once.

use chrono::{DateTime, Utc};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

use super::{Scope, Store};
use crate::domain::id::ApiKeyId;
use crate::error::{DataError, Result};

/// A key as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it was named.
    pub name: String,
    /// The part of the key that may be shown.
    pub prefix: String,
    /// Code of the area in its sight; empty for the whole city.
    pub area_code: String,
    /// Whether it may write.
    pub may_write: bool,
    /// Whether it may publish borders.
    pub may_publish: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A key just made; the only time its text exists.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The whole key.
    pub text: String,
}

/// Who calls, as a verified key says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The key.
    pub api_key: ApiKeyId,
    /// What it was named.
    pub name: String,
    /// What is in its sight.
    pub scope: Scope,
    /// Whether it may write.
    pub may_write: bool,
    /// Whether it may publish borders.
    pub may_publish: bool,
}

impl Store {
    /// Makes a key named `name` for the area of that code (empty for the whole city).
    pub async fn api_key_create(
        &self,
        name: &str,
        area_code: &str,
        may_write: bool,
    ) -> Result<NewApiKey> {
        let mut random = [0u8; 36];
        rand::rng().fill_bytes(&mut random);
        let (shown, secret) = random.split_at(4);
        let prefix = hex::encode(shown);
        let text = format!("wg_{prefix}_{}", hex::encode(secret));
        let id = self.api_key_insert(name, area_code, may_write, &prefix, &text).await?;
        Ok(NewApiKey { id, text })
    }

    /// Makes sure that the given text is a working key: for demonstrations and tests that need a known one.
    pub async fn api_key_ensure(
        &self,
        name: &str,
        may_write: bool,
        text: &str,
    ) -> Result<ApiKeyId> {
        let known: Option<i32> = sqlx::query_scalar(
            "select api_key_id
             from api_key
             where sha256 = $1 and revoked_at is null",
        )
        .bind(sha256(text))
        .fetch_optional(&self.pool)
        .await?;
        match known {
            Some(id) => Ok(ApiKeyId(id)),
            None => self.api_key_insert(name, "", may_write, "known", text).await,
        }
    }

    async fn api_key_insert(
        &self,
        name: &str,
        area_code: &str,
        may_write: bool,
        prefix: &str,
        text: &str,
    ) -> Result<ApiKeyId> {
        let id: i32 = sqlx::query_scalar(
            "insert into api_key (name, prefix, sha256, area_code, may_write)
             values ($1, $2, $3, $4, $5)
             returning api_key_id",
        )
        .bind(name)
        .bind(prefix)
        .bind(sha256(text))
        .bind(area_code)
        .bind(may_write)
        .fetch_one(&self.pool)
        .await?;
        Ok(ApiKeyId(id))
    }

    /// Who calls with the key `text`; `None` for a text that is no key or a revoked one.
    pub async fn api_key_verify(&self, text: &str) -> Result<Option<Principal>> {
        if !text.starts_with("wg_") || text.len() > 128 {
            return Ok(None);
        }
        let row: Option<(i32, String, String, bool, bool, bool)> = sqlx::query_as(
            "select api_key_id, name, area_code, may_write, may_publish,
                    area_code = '' or exists (
                        select 1
                        from division
                        where division.code = area_code and division.level = 'city'
                    )
             from api_key
             where sha256 = $1 and revoked_at is null",
        )
        .bind(sha256(text))
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(id, name, area_code, may_write, may_publish, sees_everything)| Principal {
            api_key: ApiKeyId(id),
            name,
            scope: if sees_everything { Scope::whole() } else { Scope::area(area_code) },
            may_write,
            may_publish,
        }))
    }

    /// Lets a key publish borders, too.
    pub async fn api_key_let_publish(&self, id: ApiKeyId) -> Result<()> {
        sqlx::query("update api_key set may_publish = true where api_key_id = $1")
            .bind(id.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends the key with this prefix, or all of this name; at once, on all nodes. Gives back how many that were.
    ///
    /// # Errors
    /// [`DataError::NotFound`] when there is no such key in force.
    pub async fn api_key_revoke(&self, prefix_or_name: &str) -> Result<u64> {
        let done = sqlx::query(
            "update api_key
             set revoked_at = now()
             where revoked_at is null and (prefix = $1 or name = $1)",
        )
        .bind(prefix_or_name)
        .execute(&self.pool)
        .await?;
        match done.rows_affected() {
            0 => Err(DataError::NotFound { what: "api key", id: prefix_or_name.to_owned() }),
            revoked => Ok(revoked),
        }
    }

    /// All keys, revoked ones too, in order of making.
    pub async fn api_key_list(&self) -> Result<Vec<ApiKey>> {
        type Row = (i32, String, String, String, bool, bool, DateTime<Utc>, Option<DateTime<Utc>>);
        let rows: Vec<Row> = sqlx::query_as(
            "select api_key_id, name, prefix, area_code, may_write, may_publish, created_at, revoked_at
             from api_key
             order by api_key_id",
        )
        .fetch_all(&self.pool)
        .await?;
        let key =
            |(id, name, prefix, area_code, may_write, may_publish, created_at, revoked_at)| {
                ApiKey {
                    id: ApiKeyId(id),
                    name,
                    prefix,
                    area_code,
                    may_write,
                    may_publish,
                    created_at,
                    revoked_at,
                }
            };
        Ok(rows.into_iter().map(key).collect())
    }
}

/// The random part has 256 bits, so a fast hash without salt is as good as a slow one.
fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}
