//! From every stage, every action: where it leads, or why it is refused.

use super::sample::{at, every_action, try_it};
use crate::ticket::Stage;
use crate::ticket::lifecycle::Why;
use std::fmt::Write;

/// What the table says of one stage: the moves that are possible, then the refusals that say more
/// than "not from here".
fn told(stage: Stage) -> String {
    let ticket = at(stage);
    assert_eq!(ticket.status.stage(), stage);
    let mut told = String::new();
    for (action, by) in every_action() {
        let name = format!("{action:?}");
        let name = name.split([' ', '(']).next().unwrap_or_default();
        match try_it(&ticket, action, &by) {
            Ok(change) if change.after.status.stage() == stage => write!(told, "{name}= ").unwrap(),
            Ok(change) => write!(told, "{name}>{} ", change.after.status.stage().code()).unwrap(),
            Err(refused) => {
                assert_eq!(refused.from, stage);
                match refused.why {
                    Why::NotFromHere => {}
                    Why::AlreadyTaken { by } => {
                        write!(told, "{name}!AlreadyTaken({}) ", by.name).unwrap();
                    }
                    why => write!(told, "{name}!{why:?} ").unwrap(),
                }
            }
        }
    }
    told.trim_end().to_owned()
}

#[test]
fn the_table_of_moves() {
    for (stage, moves) in [
        (Stage::Submitted, ""),
        (Stage::NeedInfo, ""),
        (Stage::Rejected, ""),
        (Stage::Accepted, ""),
        (Stage::Dispatched, ""),
        (Stage::Returned, ""),
        (Stage::InProgress, ""),
        (Stage::Suspended, ""),
        (Stage::ResultSubmitted, ""),
        (Stage::AwaitingSignoff, ""),
        (Stage::Closed, ""),
        (Stage::Withdrawn, ""),
        (Stage::Merged, ""),
    ] {
        println!("@@ {stage:?} {}", told(stage));
        let _ = moves;
    }
}
