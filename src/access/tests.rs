//! The table of role × permission × area, as it is meant.

use super::{Operator, Permission as P, Role, Scope, needed_for};
use crate::ticket::{MemberId, Person, lifecycle::Action};
use std::collections::BTreeSet;
use uuid::Uuid;

fn operator(role: Role, scope: Scope) -> Operator {
    let person = Person { id: MemberId(Uuid::nil()), name: "值班员".to_owned() };
    Operator { id: Uuid::nil(), person, role, scope }
}

#[test]
fn each_role_may_what_stands_here_and_nothing_else() {
    let table: [(P, &[Role]); 15] = [
        (P::Look, &[Role::Admin, Role::Dispatcher, Role::Supervisor, Role::Viewer]),
        (P::Triage, &[Role::Admin, Role::Dispatcher, Role::Supervisor]),
        (P::Dispatch, &[Role::Admin, Role::Dispatcher, Role::Supervisor]),
        (P::Check, &[Role::Admin, Role::Dispatcher, Role::Supervisor]),
        (P::Supervise, &[Role::Admin, Role::Supervisor]),
        (P::Enter, &[Role::Admin, Role::Dispatcher, Role::Supervisor]),
        (P::CallBack, &[Role::Admin, Role::Dispatcher, Role::Supervisor]),
        (P::Personal, &[Role::Admin, Role::Dispatcher, Role::Supervisor]),
        (P::Confidential, &[Role::Admin, Role::Dispatcher, Role::Supervisor]),
        (P::Figures, &[Role::Admin, Role::Dispatcher, Role::Supervisor, Role::Viewer]),
        (P::Settings, &[Role::Admin]),
        (P::Accounts, &[Role::Admin]),
        (P::Health, &[Role::Admin, Role::Supervisor]),
        (P::Originals, &[Role::Admin]),
        (P::Broadcast, &[Role::Admin, Role::Dispatcher]),
    ];
    assert_eq!(table.len(), P::ALL.len());
    for (permission, roles) in table {
        for role in Role::ALL {
            let may = operator(role, Scope::default()).may(permission);
            assert_eq!(may, roles.contains(&role), "{role:?} {permission:?}");
        }
    }
}

#[test]
fn an_area_covers_what_lies_below_it_and_nothing_beside_it() {
    let path = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect::<Vec<_>>();
    let township = Scope { area: Some("130699201".to_owned()), ..Scope::default() };
    for (codes, covered) in [
        (&["130699", "130699201", "130699201001"][..], true),
        (&["130699", "130699201"], true),
        (&["130699", "130699202", "130699202001"], false),
        (&["130699"], false),
        (&[], false),
    ] {
        assert_eq!(township.covers(&path(codes), "light"), covered, "{codes:?}");
        assert!(Scope::default().covers(&path(codes), "light"), "{codes:?}");
    }
}

#[test]
fn a_scope_of_categories_leaves_out_the_others_everywhere() {
    let lights = Scope { categories: BTreeSet::from(["light".to_owned()]), area: None };
    assert!(lights.covers(&[], "light"));
    assert!(!lights.covers(&[], "water"));
    assert!(!lights.is_whole() && Scope::default().is_whole());
}

#[test]
fn who_may_look_may_not_act_and_nobody_at_the_desk_acts_as_the_clock() {
    let viewer = operator(Role::Viewer, Scope::default());
    let text = String::new;
    for action in [
        Action::Accept,
        Action::Pass,
        Action::Supervise { text: text() },
        Action::Note { text: text() },
        Action::OnBehalf { action: Box::new(Action::Object) },
    ] {
        let needed = needed_for(&action).expect("a move of the desk");
        assert!(!viewer.may(needed), "{action:?}");
    }
    for action in [Action::Take, Action::SignBySilence, Action::LapseSignoff, Action::Urge] {
        assert_eq!(needed_for(&action), None, "{action:?}");
    }
}
