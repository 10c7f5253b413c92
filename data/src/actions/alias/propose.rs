//! Somebody says what people call a place. Nothing is read differently until it is approved.

use chrono::{DateTime, Utc};
use spatial::geocode::Text;

use super::{Actor, contradiction, in_micros};
use crate::domain::alias::{Alias, AliasAction, AliasEvent, AliasState, Proposal, Target, check};
use crate::domain::id::AliasId;
use crate::error::{DataError, Fault, Result};
use crate::routing::{Borders, Routing};
use crate::store::Store;

/// Proposes an alias.
///
/// # Errors
/// [`DataError::Invalid`] when a rule is broken, also when the text is an official name, which is told;
/// [`DataError::Conflict`] when the text has another meaning there already.
pub async fn propose(
    store: &Store,
    routing: &Routing,
    proposal: Proposal,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Alias> {
    let now = in_micros(now);
    let normal = check(&proposal, now).map_err(DataError::Invalid)?;
    let view = routing.now().await?;
    let scope_path = scope_path(&view.borders, &proposal.scope_code)?;
    if !actor.scope.sees(&scope_path) {
        let area = actor.scope.code().unwrap_or_default();
        let why = format!(
            "this key proposes aliases for {area} and what lies in it: name a scope_code there"
        );
        return Err(DataError::invalid("/scope_code", why));
    }
    let text = proposal.text.trim().to_owned();
    let same = |name: &str| Text::new(name).to_string() == normal;
    if let Some((what, name)) = store.official_name(&text, &normal, same).await? {
        let why =
            format!("{name:?} is an official name ({what}); an official name has no other meaning");
        return Err(DataError::invalid("/text", why));
    }
    let target_text = target_text(store, &view.borders, &proposal.target).await?;
    let mut alias = Alias {
        alias_id: AliasId(0),
        text,
        normal,
        target_kind: proposal.target.kind().to_owned(),
        target_id: proposal.target.id(),
        target_text,
        scope_code: proposal.scope_code,
        scope_path,
        state: AliasState::Proposed,
        valid_from: proposal.valid_from.map_or(now, in_micros),
        valid_to: proposal.valid_to.map(in_micros),
        reason: proposal.reason.trim().to_owned(),
        proposed_by: actor.name.clone(),
        proposed_at: now,
        decided_by: None,
        decided_at: None,
        hits: 0,
        last_hit_at: None,
    };
    let mut transaction = store.alias_begin(&alias.normal).await?;
    if let Some(rival) = transaction.rival(&alias).await? {
        return Err(contradiction(&rival));
    }
    alias.alias_id = transaction.insert(&alias).await?;
    let event = AliasEvent {
        alias_id: alias.alias_id,
        ordinal: 0,
        action: AliasAction::Propose,
        from_state: None,
        to_state: alias.state,
        actor: actor.name.clone(),
        reason: alias.reason.clone(),
        occurred_at: now,
    };
    transaction.log(&alias, event).await?;
    transaction.commit().await?;
    Ok(alias)
}

/// Codes from the city down to the division in which an alias is said; empty for the whole city.
fn scope_path(borders: &Borders, code: &str) -> Result<String> {
    if code.is_empty() {
        return Ok(String::new());
    }
    match borders.division(code) {
        Some(_) => Ok(borders.chain(code).area_path()),
        None => Err(DataError::invalid("/scope_code", format!("there is no division {code:?}"))),
    }
}

/// The address text that is read for a target.
async fn target_text(store: &Store, borders: &Borders, target: &Target) -> Result<String> {
    let found = match target {
        Target::Text(words) => Some(words.trim().to_owned()),
        Target::Address(id) => store.address_text(*id).await?,
        Target::Building(id) => store.building_text(*id).await?,
        Target::Division(code) => borders.division(code).map(|_| {
            let chain = borders.chain(code);
            let mut names: Vec<&str> =
                chain.nearest_first().map(|division| division.name.as_str()).collect();
            names.reverse();
            names.concat()
        }),
    };
    found.filter(|text| !text.is_empty()).ok_or_else(|| {
        let why = format!("there is no {} {:?}, or it has no address", target.kind(), target.id());
        DataError::Invalid(vec![Fault::at("/target", why)])
    })
}
