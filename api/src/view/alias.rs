//! Aliases as clients see and send them.

use chrono::{DateTime, Utc};
use data::domain::alias::{Alias, AliasEvent, AliasState, Proposal, Target, first_broken};
use data::error::Fault;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What people call a place, and what it stands for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Alias)]
pub struct AliasView {
    /// Its number.
    pub alias_id: i32,
    /// What people say.
    #[schema(example = "老食品厂")]
    pub text: String,
    /// What it stands for.
    pub target: AliasTargetView,
    /// The division in which people say it; absent for the whole city.
    pub scope_code: Option<String>,
    /// `proposed`, `approved`, `rejected` or `expired`.
    #[schema(example = "approved")]
    pub state: &'static str,
    /// From when on it is read.
    pub valid_from: DateTime<Utc>,
    /// Until when; absent for no end.
    pub valid_to: Option<DateTime<Utc>>,
    /// Why it was proposed.
    pub reason: String,
    /// The key that proposed it.
    #[schema(example = "api_key:3")]
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The key that decided last, or `rule`.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// How often it was read in a text.
    pub hits: i64,
    /// When last, to the minute.
    pub last_hit_at: Option<DateTime<Utc>>,
}

/// What an alias stands for.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AliasTarget)]
pub struct AliasTargetView {
    /// `address`, `building`, `division` or `text`.
    pub kind: String,
    /// Id or code; absent for a text.
    pub id: Option<String>,
    /// The address text that is read instead.
    pub text: String,
}

/// A page of aliases.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AliasList)]
pub struct AliasListView {
    /// The newest first.
    pub aliases: Vec<AliasView>,
    /// Where the next page begins; absent on the last.
    pub next_cursor: Option<String>,
}

/// One alias with everything that was done to it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AliasDetail)]
pub struct AliasDetailView {
    /// The alias.
    #[serde(flatten)]
    pub alias: AliasView,
    /// What was done, in order.
    pub events: Vec<AliasEventView>,
    /// Whether the log is as it was written: each line is chained to the one before.
    pub log_intact: bool,
}

/// Something done to an alias.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AliasEvent)]
pub struct AliasEventView {
    /// `propose`, `approve`, `reject` or `expire`.
    pub action: &'static str,
    /// The state before; absent for the first.
    pub from_state: Option<&'static str>,
    /// The state after.
    pub to_state: &'static str,
    /// The key that did it, or `rule`.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which aliases to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AliasQuery {
    /// `proposed`, `approved`, `rejected` or `expired`.
    pub state: Option<String>,
    /// Letters in the alias or in what it stands for.
    pub text: Option<String>,
    /// Code of the division in which it is said.
    pub scope: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Aliases on a page, 1 to 500; 50 when absent.
    pub limit: Option<u32>,
}

/// An alias to be proposed.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = AliasProposal)]
#[serde(deny_unknown_fields)]
pub struct AliasBody {
    /// What people say, 2 to 60 characters.
    #[schema(example = "老食品厂")]
    pub text: String,
    /// What they mean: one of the members.
    pub target: AliasTargetBody,
    /// Code of the division in which they say it; the whole city, when absent.
    #[serde(default)]
    pub scope_code: String,
    /// From when on it is read; from its approval on, when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when; without an end, when absent.
    pub valid_to: Option<DateTime<Utc>>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// What an alias stands for: exactly one member.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[schema(as = AliasTargetRequest)]
#[serde(deny_unknown_fields)]
pub struct AliasTargetBody {
    /// Id of an address.
    pub address_id: Option<i32>,
    /// Id of a building.
    pub building_id: Option<i32>,
    /// Code of a division.
    pub division_code: Option<String>,
    /// An address in words.
    #[schema(example = "城关区庆阳路123号")]
    pub text: Option<String>,
}

/// Why an alias is approved, rejected or ended.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[schema(as = AliasDecision)]
#[serde(deny_unknown_fields)]
pub struct AliasDecisionBody {
    /// Why, at most 500 characters.
    #[serde(default)]
    pub reason: String,
}

impl AliasBody {
    /// The proposal it makes.
    ///
    /// # Errors
    /// A fault when it does not say exactly one target.
    pub fn into_proposal(self) -> Result<Proposal, Fault> {
        let AliasTargetBody { address_id, building_id, division_code, text } = self.target;
        let said = [
            address_id.map(Target::Address),
            building_id.map(Target::Building),
            division_code.map(Target::Division),
            text.map(Target::Text),
        ];
        let mut said = said.into_iter().flatten();
        let (Some(target), None) = (said.next(), said.next()) else {
            let why = "exactly one of address_id, building_id, division_code and text";
            return Err(Fault::at("/target", why));
        };
        Ok(Proposal {
            text: self.text,
            target,
            scope_code: self.scope_code,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            reason: self.reason,
        })
    }
}

impl From<Alias> for AliasView {
    fn from(alias: Alias) -> Self {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            alias_id: alias.alias_id.0,
            text: alias.text,
            target: AliasTargetView {
                kind: alias.target_kind,
                id: some(alias.target_id),
                text: alias.target_text,
            },
            scope_code: some(alias.scope_code),
            state: alias.state.name(),
            valid_from: alias.valid_from,
            valid_to: alias.valid_to,
            reason: alias.reason,
            proposed_by: alias.proposed_by,
            proposed_at: alias.proposed_at,
            decided_by: alias.decided_by,
            decided_at: alias.decided_at,
            hits: alias.hits,
            last_hit_at: alias.last_hit_at,
        }
    }
}

impl AliasDetailView {
    /// An alias with its log as it is stored.
    pub fn new(alias: Alias, log: Vec<(AliasEvent, Vec<u8>)>) -> Self {
        let log_intact = !log.is_empty() && first_broken(&log).is_none();
        let event = |(event, _): (AliasEvent, Vec<u8>)| AliasEventView {
            action: event.action.name(),
            from_state: event.from_state.map(AliasState::name),
            to_state: event.to_state.name(),
            actor: event.actor,
            reason: event.reason,
            at: event.occurred_at,
        };
        Self { alias: alias.into(), events: log.into_iter().map(event).collect(), log_intact }
    }
}
