//! The table against a second writing of it, over all of state × action × role.

use std::collections::BTreeSet;

use super::*;

/// The same rules told the other way round: per action, by whom, from which states, to which.
const BY_ACTION: &str = "
    answer      seat                  received                                       answered
    reject      seat                  received                                       rejected
    appeal      reporter              rejected                                       received
    merge_into  seat                  received                                       merged
    register    seat,rule             received                                       filed
    dispatch    rule,dispatcher       filed,sent_back                                dispatched
    accept      holder                dispatched                                     accepted
    send_back   holder                dispatched,accepted                            sent_back
    start       holder                accepted                                       handling
    progress    holder                handling                                       handling
    suspend     approver              handling                                       suspended
    resume      approver,system       suspended                                      handling
    extend      approver              handling                                       handling
    escalate    holder                accepted,handling                              dispatched
    escalate    system                dispatched,accepted,handling                   dispatched
    send_down   holder                accepted,handling                              dispatched
    handle      holder                handling                                       handled
    close       verifier              handled                                        closed
    rework      verifier              handled                                        handling
    archive     seat,system           answered,closed                                archived
    redo        seat                  closed                                         handling
    redo        seat                  answered                                       filed
    reopen      reporter,centre       archived                                       filed
    withdraw    reporter  received,filed,dispatched,sent_back,accepted,handling,suspended  withdrawn
    reroute     rule,dispatcher       dispatched,sent_back,accepted                  dispatched
";

fn expected() -> BTreeSet<(State, Action, ActorRole, State)> {
    let mut all = BTreeSet::new();
    for line in BY_ACTION.lines().filter(|line| !line.trim().is_empty()) {
        let [action, roles, from, to] =
            line.split_whitespace().collect::<Vec<_>>().try_into().unwrap();
        for role in roles.split(',') {
            for from in from.split(',') {
                all.insert((
                    State::named(from).unwrap(),
                    Action::named(action).unwrap(),
                    ActorRole::named(role).unwrap(),
                    State::named(to).unwrap(),
                ));
            }
        }
    }
    // A correction of borders finds cases in any state and moves none of them on.
    for &state in State::ALL {
        all.insert((state, Action::Relocate, ActorRole::Rule, state));
    }
    all
}

#[test]
fn every_state_action_and_role_does_what_the_rules_say_and_nothing_else() {
    let expected = expected();
    let mut tried = 0;
    for &from in State::ALL {
        for &action in Action::ALL {
            for &role in ActorRole::ALL {
                tried += 1;
                let allowed =
                    expected.iter().find(|rule| (rule.0, rule.1, rule.2) == (from, action, role));
                let elsewhere = expected.iter().any(|rule| (rule.0, rule.1) == (from, action));
                let said = after(Some(from), action, role);
                match (allowed, elsewhere) {
                    (Some(rule), _) => assert_eq!(said, Ok(rule.3)),
                    (None, true) => assert_eq!(
                        said,
                        Err(TransitionError::NotForRole { from: Some(from), action, role })
                    ),
                    (None, false) => {
                        assert_eq!(
                            said,
                            Err(TransitionError::NotFromHere { from: Some(from), action })
                        );
                    }
                }
            }
        }
    }
    assert_eq!(tried, 14 * 25 * 9);
    assert_eq!(expected.len(), 44 + 6 + 14);
}

#[test]
fn only_a_report_begins_a_life_and_anybody_may_report() {
    for &action in Action::ALL {
        for &role in ActorRole::ALL {
            let begun = after(None, action, role);
            assert_eq!(begun.is_ok(), action == Action::Report);
        }
    }
}

#[test]
fn a_state_and_an_action_have_one_line() {
    let mut seen = BTreeSet::new();
    for line in TRANSITIONS {
        assert!(seen.insert((line.from, line.action)), "{:?} {} twice", line.from, line.action);
    }
}

fn reachable_from(start: State) -> BTreeSet<State> {
    let mut reached = BTreeSet::from([start]);
    loop {
        let more: Vec<State> = TRANSITIONS
            .iter()
            .filter(|line| line.from.is_some_and(|from| reached.contains(&from)))
            .map(|line| line.to)
            .filter(|to| !reached.contains(to))
            .collect();
        if more.is_empty() {
            return reached;
        }
        reached.extend(more);
    }
}

#[test]
fn every_state_is_reached_and_every_open_one_can_end() {
    assert_eq!(reachable_from(State::Received).len(), State::ALL.len());
    for &open in OPEN_STATES {
        let ends = reachable_from(open);
        assert!(ends.contains(&State::Closed), "{open} can never be closed");
        assert!(ends.contains(&State::Archived), "{open} can never be archived");
    }
}

#[test]
fn only_merged_and_withdrawn_have_no_way_out() {
    let stuck: Vec<State> =
        State::ALL.iter().copied().filter(|state| reachable_from(*state).len() == 1).collect();
    assert_eq!(stuck, [State::Merged, State::Withdrawn]);
}

#[test]
fn the_handler_cannot_close_and_a_verifier_cannot_handle() {
    for line in TRANSITIONS {
        let holder = line.roles.contains(&ActorRole::Holder) && line.from.is_some();
        assert!(!(holder && matches!(line.action, Action::Close | Action::Rework)));
        let verifier = line.roles.contains(&ActorRole::Verifier) && line.from.is_some();
        assert!(!verifier || line.from == Some(State::Handled));
    }
}
