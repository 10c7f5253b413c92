//! API keys: `wg_{prefix}_{secret}`, 256 random bits, of which only a hash is kept. Looked up for every request, so that
//! a revoked key ends at once.

use chrono::{DateTime, Utc};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use super::{Scope, Store};
use crate::domain::id::ApiKeyId;
use crate::error::{DataError, Result};

/// A key as lists show it.
#[expect(clippy::struct_excessive_bools, reason = "rights, each given by itself")]
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
    /// Whether it may approve aliases.
    pub may_approve: bool,
    /// Whether it sees the file jobs of all keys.
    pub may_administer: bool,
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
#[expect(clippy::struct_excessive_bools, reason = "rights, each given by itself")]
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
    /// Whether it may approve aliases.
    pub may_approve: bool,
    /// Whether it sees the file jobs of all keys.
    pub may_administer: bool,
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
        type Row = (i32, String, String, bool, bool, bool, bool, bool);
        if !text.starts_with("wg_") || text.len() > 128 {
            return Ok(None);
        }
        let row: Option<Row> = sqlx::query_as(
            "select api_key_id, name, area_code, may_write, may_publish, may_approve, may_administer,
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
        Ok(row.map(|(id, name, area_code, may_write, may_publish, approve, administer, whole)| {
            let scope = if whole { Scope::whole() } else { Scope::area(area_code) };
            Principal {
                api_key: ApiKeyId(id),
                name,
                scope,
                may_write,
                may_publish,
                may_approve: approve,
                may_administer: administer,
            }
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

    /// Lets a key approve, reject and end aliases, too.
    pub async fn api_key_let_approve(&self, id: ApiKeyId) -> Result<()> {
        sqlx::query("update api_key set may_approve = true where api_key_id = $1")
            .bind(id.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Lets a key see and end the file jobs of all keys.
    pub async fn api_key_let_administer(&self, id: ApiKeyId) -> Result<()> {
        sqlx::query("update api_key set may_administer = true where api_key_id = $1")
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
        let rows = sqlx::query(
            "select api_key_id, name, prefix, area_code, may_write, may_publish, may_approve, may_administer,
                    created_at, revoked_at
             from api_key
             order by api_key_id",
        )
        .fetch_all(&self.pool)
        .await?;
        let key = |row: sqlx::postgres::PgRow| {
            Ok(ApiKey {
                id: ApiKeyId(row.try_get("api_key_id")?),
                name: row.try_get("name")?,
                prefix: row.try_get("prefix")?,
                area_code: row.try_get("area_code")?,
                may_write: row.try_get("may_write")?,
                may_publish: row.try_get("may_publish")?,
                may_approve: row.try_get("may_approve")?,
                may_administer: row.try_get("may_administer")?,
                created_at: row.try_get("created_at")?,
                revoked_at: row.try_get("revoked_at")?,
            })
        };
        rows.into_iter().map(key).collect()
    }
}

/// The random part has 256 bits, so a fast hash without salt is as good as a slow one.
fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}
