//! The life of an incident: the state table. State answers only *where the work is*; level, deadline colour, supervision
//! and delivery are kept apart from it.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them, in reading order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in the database and on the wire.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The one of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

named! {
    /// Where the work is.
    State {
        /// 受理: told and kept, nobody has judged it yet.
        Received = "received",
        /// 即时答复: answered on the spot.
        Answered = "answered",
        /// 不予受理.
        Rejected = "rejected",
        /// 并案: lives on in another incident.
        Merged = "merged",
        /// 立案: it is a case with a limit, waiting to be dispatched.
        Filed = "filed",
        /// 派遣: on a holder's table.
        Dispatched = "dispatched",
        /// 签收.
        Accepted = "accepted",
        /// 退回: the holder says it is not theirs.
        SentBack = "sent_back",
        /// 处置.
        Handling = "handling",
        /// 挂账: waiting for something outside, the clock stands.
        Suspended = "suspended",
        /// 处置反馈: done, says the holder.
        Handled = "handled",
        /// 结案: done, says somebody else too.
        Closed = "closed",
        /// 归档.
        Archived = "archived",
        /// 撤回.
        Withdrawn = "withdrawn",
    }
}

named! {
    /// What can be done to an incident.
    Action {
        /// 上报.
        Report = "report",
        /// 即时答复.
        Answer = "answer",
        /// 不予立案.
        Reject = "reject",
        /// 申诉.
        Appeal = "appeal",
        /// 并案.
        MergeInto = "merge_into",
        /// 立案.
        Register = "register",
        /// 派遣.
        Dispatch = "dispatch",
        /// 签收.
        Accept = "accept",
        /// 退回.
        SendBack = "send_back",
        /// 开始处置.
        Start = "start",
        /// 进展.
        Progress = "progress",
        /// 挂账.
        Suspend = "suspend",
        /// 恢复.
        Resume = "resume",
        /// 延期.
        Extend = "extend",
        /// 提级上报.
        Escalate = "escalate",
        /// 下派.
        SendDown = "send_down",
        /// 处置反馈.
        Handle = "handle",
        /// 核查通过, 结案.
        Close = "close",
        /// 核查不通过, 返工.
        Rework = "rework",
        /// 回访后归档.
        Archive = "archive",
        /// 回访不满意, 重办.
        Redo = "redo",
        /// 重新立案.
        Reopen = "reopen",
        /// 撤回.
        Withdraw = "withdraw",
        /// 网格调整后改派: to whoever is responsible by newer borders.
        Reroute = "reroute",
        /// 更正所属网格: borders of its event time were corrected. Where the work is does not change.
        Relocate = "relocate",
    }
}

named! {
    /// As whom somebody acts. Whether this actor *is* the holder or the verifier of this case is for the caller to know.
    ActorRole {
        /// Who told it.
        Reporter = "reporter",
        /// 坐席.
        Seat = "seat",
        /// A rule that decided by itself.
        Rule = "rule",
        /// 派遣员.
        Dispatcher = "dispatcher",
        /// Who has to act.
        Holder = "holder",
        /// One level above the holder.
        Approver = "approver",
        /// 核查员; never the one who handled it.
        Verifier = "verifier",
        /// 指挥中心.
        Centre = "centre",
        /// A clock that ran out.
        System = "system",
    }
}

/// One line of the state table: who may do what from where, and where it leads.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// The state before; none for the first telling.
    pub from: Option<State>,
    /// What is done.
    pub action: Action,
    /// Who may.
    pub roles: &'static [ActorRole],
    /// The state after.
    pub to: State,
}

const fn on(from: State, action: Action, roles: &'static [ActorRole], to: State) -> Transition {
    Transition { from: Some(from), action, roles, to }
}

/// The whole life on one screen. A system's `escalate` is a clock at 150 %; its `archive` a visit that reached nobody.
#[rustfmt::skip]
pub const TRANSITIONS: &[Transition] = {
    use Action as A;
    use ActorRole as R;
    use State as S;
    &[
        Transition { from: None, action: A::Report, roles: ActorRole::ALL, to: S::Received },
        on(S::Received,   A::Answer,    &[R::Seat],                 S::Answered),
        on(S::Received,   A::Reject,    &[R::Seat],                 S::Rejected),
        on(S::Received,   A::MergeInto, &[R::Seat],                 S::Merged),
        on(S::Received,   A::Register,  &[R::Seat, R::Rule],        S::Filed),
        on(S::Received,   A::Withdraw,  &[R::Reporter],             S::Withdrawn),
        on(S::Rejected,   A::Appeal,    &[R::Reporter],             S::Received),
        on(S::Filed,      A::Dispatch,  &[R::Rule, R::Dispatcher],  S::Dispatched),
        on(S::Filed,      A::Withdraw,  &[R::Reporter],             S::Withdrawn),
        on(S::Dispatched, A::Accept,    &[R::Holder],               S::Accepted),
        on(S::Dispatched, A::SendBack,  &[R::Holder],               S::SentBack),
        on(S::Dispatched, A::Escalate,  &[R::System],               S::Dispatched),
        on(S::Dispatched, A::Withdraw,  &[R::Reporter],             S::Withdrawn),
        on(S::SentBack,   A::Dispatch,  &[R::Rule, R::Dispatcher],  S::Dispatched),
        on(S::SentBack,   A::Withdraw,  &[R::Reporter],             S::Withdrawn),
        on(S::Accepted,   A::SendBack,  &[R::Holder],               S::SentBack),
        on(S::Accepted,   A::Start,     &[R::Holder],               S::Handling),
        on(S::Accepted,   A::Escalate,  &[R::Holder, R::System],    S::Dispatched),
        on(S::Accepted,   A::SendDown,  &[R::Holder],               S::Dispatched),
        on(S::Accepted,   A::Withdraw,  &[R::Reporter],             S::Withdrawn),
        on(S::Handling,   A::Progress,  &[R::Holder],               S::Handling),
        on(S::Handling,   A::Suspend,   &[R::Approver],             S::Suspended),
        on(S::Handling,   A::Extend,    &[R::Approver],             S::Handling),
        on(S::Handling,   A::Escalate,  &[R::Holder, R::System],    S::Dispatched),
        on(S::Handling,   A::SendDown,  &[R::Holder],               S::Dispatched),
        on(S::Handling,   A::Handle,    &[R::Holder],               S::Handled),
        on(S::Handling,   A::Withdraw,  &[R::Reporter],             S::Withdrawn),
        on(S::Suspended,  A::Resume,    &[R::Approver, R::System],  S::Handling),
        on(S::Suspended,  A::Withdraw,  &[R::Reporter],             S::Withdrawn),
        on(S::Handled,    A::Close,     &[R::Verifier],             S::Closed),
        on(S::Handled,    A::Rework,    &[R::Verifier],             S::Handling),
        on(S::Closed,     A::Archive,   &[R::Seat, R::System],      S::Archived),
        on(S::Closed,     A::Redo,      &[R::Seat],                 S::Handling),
        on(S::Answered,   A::Archive,   &[R::Seat, R::System],      S::Archived),
        on(S::Answered,   A::Redo,      &[R::Seat],                 S::Filed),
        on(S::Archived,   A::Reopen,    &[R::Reporter, R::Centre],  S::Filed),
        on(S::Dispatched, A::Reroute,   &[R::Rule, R::Dispatcher],  S::Dispatched),
        on(S::SentBack,   A::Reroute,   &[R::Rule, R::Dispatcher],  S::Dispatched),
        on(S::Accepted,   A::Reroute,   &[R::Rule, R::Dispatcher],  S::Dispatched),
        on(S::Received,   A::Relocate,  &[R::Rule],                 S::Received),
        on(S::Answered,   A::Relocate,  &[R::Rule],                 S::Answered),
        on(S::Rejected,   A::Relocate,  &[R::Rule],                 S::Rejected),
        on(S::Merged,     A::Relocate,  &[R::Rule],                 S::Merged),
        on(S::Filed,      A::Relocate,  &[R::Rule],                 S::Filed),
        on(S::Dispatched, A::Relocate,  &[R::Rule],                 S::Dispatched),
        on(S::Accepted,   A::Relocate,  &[R::Rule],                 S::Accepted),
        on(S::SentBack,   A::Relocate,  &[R::Rule],                 S::SentBack),
        on(S::Handling,   A::Relocate,  &[R::Rule],                 S::Handling),
        on(S::Suspended,  A::Relocate,  &[R::Rule],                 S::Suspended),
        on(S::Handled,    A::Relocate,  &[R::Rule],                 S::Handled),
        on(S::Closed,     A::Relocate,  &[R::Rule],                 S::Closed),
        on(S::Archived,   A::Relocate,  &[R::Rule],                 S::Archived),
        on(S::Withdrawn,  A::Relocate,  &[R::Rule],                 S::Withdrawn),
    ]
};

/// Somebody still has to act, and a deadline runs.
pub const OPEN_STATES: &[State] = &[
    State::Received,
    State::Filed,
    State::Dispatched,
    State::Accepted,
    State::SentBack,
    State::Handling,
    State::Suspended,
    State::Handled,
];

/// Why an action is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// The table has no such line.
    #[error("{action} is not possible in state {}", from.map_or("none", State::name))]
    NotFromHere {
        /// The state before.
        from: Option<State>,
        /// What was tried.
        action: Action,
    },
    /// The table has the line, for others.
    #[error("{role} may not {action} in state {}", from.map_or("none", State::name))]
    NotForRole {
        /// The state before.
        from: Option<State>,
        /// What was tried.
        action: Action,
        /// As whom.
        role: ActorRole,
    },
}

/// The state after `role` did `action` in state `from`.
///
/// # Errors
/// [`TransitionError`] says whether the action is impossible here or only for this role.
pub fn after(
    from: Option<State>,
    action: Action,
    role: ActorRole,
) -> Result<State, TransitionError> {
    let line = TRANSITIONS
        .iter()
        .find(|line| line.from == from && line.action == action)
        .ok_or(TransitionError::NotFromHere { from, action })?;
    if line.roles.contains(&role) {
        Ok(line.to)
    } else {
        Err(TransitionError::NotForRole { from, action, role })
    }
}

impl State {
    /// Whether somebody still has to act.
    pub fn is_open(self) -> bool {
        OPEN_STATES.contains(&self)
    }
}

#[cfg(test)]
#[path = "lifecycle_tests.rs"]
mod tests;
