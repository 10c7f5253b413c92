//! What people call a place 别名: the states of an alias, who may move it on, and what keeps two from contradicting.

use chrono::{DateTime, Utc};
use spatial::geocode::Text;

use super::event::chained;
use super::id::AliasId;
use crate::error::Fault;

/// Longest text of an alias, in characters.
pub const LONGEST_ALIAS: usize = 60;
/// Longest address text that an alias stands for, in characters.
pub const LONGEST_TARGET: usize = 200;
/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// Where an alias stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AliasState {
    /// Somebody proposed it; nobody reads it yet.
    Proposed,
    /// It is read, from `valid_from` to `valid_to`.
    Approved,
    /// It was refused.
    Rejected,
    /// Its time is over.
    Expired,
}

/// What is done to an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AliasAction {
    /// 提出.
    Propose,
    /// 批准.
    Approve,
    /// 驳回.
    Reject,
    /// 停用.
    Expire,
}

macro_rules! names {
    ($type:ident { $($value:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$value),+];

            /// Its name in the database and the API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $name),+ }
            }

            /// The one of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

names! { AliasState { Proposed = "proposed", Approved = "approved", Rejected = "rejected", Expired = "expired" } }
names! { AliasAction { Propose = "propose", Approve = "approve", Reject = "reject", Expire = "expire" } }

impl AliasState {
    /// The state after `action`; `None` where it cannot be done.
    pub const fn after(self, action: AliasAction) -> Option<Self> {
        match (self, action) {
            (Self::Proposed, AliasAction::Approve) => Some(Self::Approved),
            (Self::Proposed, AliasAction::Reject) => Some(Self::Rejected),
            (Self::Proposed | Self::Approved, AliasAction::Expire) => Some(Self::Expired),
            _ => None,
        }
    }
}

/// What an alias stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One address, by its id.
    Address(i32),
    /// A building, by its id.
    Building(i32),
    /// A division, by its code.
    Division(String),
    /// An address in words.
    Text(String),
}

impl Target {
    /// The name of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Building(_) => "building",
            Self::Division(_) => "division",
            Self::Text(_) => "text",
        }
    }

    /// Its id or code; empty for a text.
    pub fn id(&self) -> String {
        match self {
            Self::Address(id) | Self::Building(id) => id.to_string(),
            Self::Division(code) => code.clone(),
            Self::Text(_) => String::new(),
        }
    }
}

/// A proposal before anybody looked at it.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What people say.
    pub text: String,
    /// What they mean.
    pub target: Target,
    /// The division in which they say it; empty for the whole city.
    pub scope_code: String,
    /// From when on; from its approval on when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when; without an end when absent.
    pub valid_to: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}

/// An alias as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Its id.
    pub alias_id: AliasId,
    /// What people say.
    pub text: String,
    /// The same, as texts are compared.
    pub normal: String,
    /// Kind of what they mean.
    pub target_kind: String,
    /// Id or code of it; empty for a text.
    pub target_id: String,
    /// The address text that is read instead.
    pub target_text: String,
    /// The division in which they say it; empty for the whole city.
    pub scope_code: String,
    /// Codes from the city down to that division, joined by `/`.
    pub scope_path: String,
    /// Where it stands.
    pub state: AliasState,
    /// From when on it is read.
    pub valid_from: DateTime<Utc>,
    /// Until when; none for no end.
    pub valid_to: Option<DateTime<Utc>>,
    /// Why it was proposed.
    pub reason: String,
    /// The key that proposed it, such as `api_key:3`.
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The key (or `rule`) that approved, rejected or ended it last.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// How often it was read in a text.
    pub hits: i64,
    /// When last, to the minute.
    pub last_hit_at: Option<DateTime<Utc>>,
}

/// A line of an alias's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasEvent {
    /// Of which alias.
    pub alias_id: AliasId,
    /// Its place in the log, from 1.
    pub ordinal: i32,
    /// What was done.
    pub action: AliasAction,
    /// The state before; none before the first.
    pub from_state: Option<AliasState>,
    /// The state after.
    pub to_state: AliasState,
    /// Who did it, such as `api_key:3` or `rule`.
    pub actor: String,
    /// Why, in words.
    pub reason: String,
    /// When, in whole microseconds.
    pub occurred_at: DateTime<Utc>,
}

impl AliasEvent {
    /// SHA-256 over the hash before and this row, in the canonical form of [`super::event::Event::hash`].
    pub fn hash(&self, previous: Option<&[u8]>) -> [u8; 32] {
        let fields: [&str; 8] = [
            &self.alias_id.to_string(),
            &self.ordinal.to_string(),
            self.action.name(),
            self.from_state.map_or("", AliasState::name),
            self.to_state.name(),
            &self.actor,
            &self.reason,
            &self.occurred_at.timestamp_micros().to_string(),
        ];
        chained(previous, &fields)
    }
}

/// The ordinal of the first row whose stored hash is not what its content says, if any.
pub fn first_broken(log: &[(AliasEvent, Vec<u8>)]) -> Option<i32> {
    let mut previous: Option<[u8; 32]> = None;
    for (at, (event, stored)) in (1..).zip(log) {
        let hash = event.hash(previous.as_ref().map(<[u8; 32]>::as_slice));
        if event.ordinal != at || hash.as_slice() != stored.as_slice() {
            return Some(at);
        }
        previous = Some(hash);
    }
    None
}

/// Checks the words of a proposal by themselves; gives back the text as texts are compared.
///
/// # Errors
/// Every fault with its place.
pub fn check(proposal: &Proposal, now: DateTime<Utc>) -> Result<String, Vec<Fault>> {
    let mut faults = Vec::new();
    let text = proposal.text.trim();
    let letters = text.chars().count();
    if !(2..=LONGEST_ALIAS).contains(&letters) {
        let detail = format!("got {letters} characters, an alias has 2 to {LONGEST_ALIAS}");
        faults.push(Fault::at("/text", detail));
    }
    let normal = Text::new(text).to_string();
    let words = normal.chars().filter(|c| c.is_alphanumeric()).count();
    if words < 2 {
        let detail = format!("{text:?} has fewer than two letters or digits");
        faults.push(Fault::at("/text", detail));
    } else if normal.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '#') {
        let detail = format!("{text:?} is a number, and numbers are never read as names");
        faults.push(Fault::at("/text", detail));
    }
    if let Target::Text(words) = &proposal.target {
        let letters = words.trim().chars().count();
        if !(2..=LONGEST_TARGET).contains(&letters) {
            let detail =
                format!("got {letters} characters, an address text has 2 to {LONGEST_TARGET}");
            faults.push(Fault::at("/target/text", detail));
        } else if Text::new(words).to_string() == normal {
            faults.push(Fault::at("/target/text", "it says the same as the alias"));
        }
        if words.contains('\0') {
            faults.push(Fault::at("/target/text", "U+0000 in it"));
        }
    }
    if LONGEST_REASON < proposal.reason.chars().count() || proposal.reason.contains('\0') {
        let detail = format!("more than {LONGEST_REASON} characters, or U+0000 in it");
        faults.push(Fault::at("/reason", detail));
    }
    if text.contains('\0') {
        faults.push(Fault::at("/text", "U+0000 in it"));
    }
    match (proposal.valid_from, proposal.valid_to) {
        (_, Some(to)) if to <= now => {
            faults.push(Fault::at("/valid_to", format!("{to} is over")));
        }
        (Some(from), Some(to)) if to <= from => {
            faults.push(Fault::at("/valid_to", format!("{to} is not after valid_from, {from}")));
        }
        _ => {}
    }
    if faults.is_empty() { Ok(normal) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn proposal(text: &str, target: &str) -> Proposal {
        Proposal {
            text: text.to_owned(),
            target: Target::Text(target.to_owned()),
            scope_code: String::new(),
            valid_from: None,
            valid_to: None,
            reason: String::new(),
        }
    }

    #[test]
    fn only_what_is_proposed_is_approved_and_what_ended_stays_so() {
        for state in AliasState::ALL {
            let after = |action| state.after(action);
            let is_proposed = *state == AliasState::Proposed;
            assert_eq!(after(AliasAction::Approve).is_some(), is_proposed);
            assert_eq!(after(AliasAction::Reject).is_some(), is_proposed);
            assert_eq!(after(AliasAction::Propose), None);
        }
        assert_eq!(AliasState::Expired.after(AliasAction::Expire), None);
        assert_eq!(AliasState::Rejected.after(AliasAction::Expire), None);
    }

    #[test]
    fn what_no_name_can_be_is_refused_at_its_place() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let pointers = |proposal: &Proposal| -> Vec<String> {
            check(proposal, now).unwrap_err().into_iter().map(|fault| fault.pointer).collect()
        };
        assert_eq!(check(&proposal("老食品厂", "庆阳路123号"), now).unwrap(), "老食品厂");
        assert_eq!(pointers(&proposal("厂", "庆阳路123号")), ["/text", "/text"]);
        assert_eq!(pointers(&proposal("１２３", "庆阳路123号")), ["/text"]);
        assert_eq!(pointers(&proposal("，，，", "庆阳路123号")), ["/text"]);
        assert_eq!(pointers(&proposal("老厂", "老 厂")), ["/target/text"]);
        let over = Proposal { valid_to: Some(now), ..proposal("老厂", "庆阳路") };
        assert_eq!(pointers(&over), ["/valid_to"]);
    }

    proptest! {
        /// Any two rows with anything different have different hashes.
        #[test]
        fn any_change_of_a_row_shows(actor in "[a-z:0-9]{0,8}", reason in ".{0,8}", ordinal in 1i32..4) {
            let event = AliasEvent {
                alias_id: AliasId(7), ordinal: 1, action: AliasAction::Propose, from_state: None,
                to_state: AliasState::Proposed, actor: "api_key:1".to_owned(), reason: String::new(),
                occurred_at: DateTime::from_timestamp_micros(1).unwrap(),
            };
            let changed = AliasEvent { ordinal, actor, reason, ..event.clone() };
            prop_assume!(changed != event);
            let log = [(changed, event.hash(None).to_vec())];
            prop_assert_eq!(first_broken(&log), Some(1));
        }
    }
}
