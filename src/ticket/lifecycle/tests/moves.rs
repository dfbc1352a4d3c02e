//! From every stage, every action: where it leads, or why it is refused.

use super::sample::{at, every_action, try_it};
use crate::ticket::Stage;
use crate::ticket::lifecycle::{Action, Why};

/// What the table says of one stage: `Action>stage` where it leads elsewhere, `Action=` where it
/// stays, `Action!why` where a refusal says more than that there is no such move.
fn told(stage: Stage) -> Vec<String> {
    let ticket = at(stage);
    assert_eq!(ticket.status.stage(), stage);
    every_action()
        .into_iter()
        .filter_map(|(action, by)| {
            let name = name_of(&action);
            match try_it(&ticket, action, &by) {
                Ok(change) if change.after.status.stage() == stage => Some(format!("{name}=")),
                Ok(change) => Some(format!("{name}>{}", change.after.status.stage().code())),
                Err(refused) => {
                    assert_eq!(refused.from, stage);
                    (refused.why != Why::NotFromHere).then(|| format!("{name}!{:?}", refused.why))
                }
            }
        })
        .collect()
}

fn name_of(action: &Action) -> String {
    if let Action::OnBehalf { action } = action {
        return format!("For:{}", name_of(action));
    }
    let name = format!("{action:?}");
    name.split([' ', '(']).next().unwrap_or_default().to_owned()
}

#[track_caller]
fn table(stage: Stage, moves: &str) {
    let expected: Vec<&str> = moves.split_whitespace().collect();
    assert_eq!(told(stage), expected, "{stage:?}");
}

#[test]
fn a_submitted_ticket_is_triaged_asked_about_merged_or_taken_back() {
    table(
        Stage::Submitted,
        "Accept>accepted ProposeRejection= Recategorise= Locate= AskVerification= Verify!NotYours
         Ask>need_info Merge>merged TakeIn= LetGo!AlreadySo Join!NotYours HandOver!AlreadySo
         AnswerSupervision!NotYours AskExtension!NotYours Note= Take!NotYours Decline!NotYours
         Finish!NotYours AddEvidence!NotYours Supplement= LeaveContact= Withdraw>withdrawn Urge=
         Ring= RecomputeClocks!AlreadySo RecordCall=",
    );
}

#[test]
fn a_question_leads_back_to_where_it_was_asked() {
    table(
        Stage::NeedInfo,
        "Recategorise= Locate= Verify!NotYours Ask= CancelQuestion>in_progress Merge>merged
         TakeIn= LetGo!AlreadySo HandOver= Supervise= Note= GiveInfo>in_progress Supplement=
         LeaveContact= Withdraw>withdrawn Urge= LapseInfo>in_progress Ring=
         RecomputeClocks!AlreadySo RecordCall= For:GiveInfo>in_progress",
    );
}

#[test]
fn a_rejected_ticket_can_only_be_appealed() {
    table(
        Stage::Rejected,
        "Verify!NotYours LetGo!AlreadySo Join!NotYours AnswerSupervision!NotYours
         AskExtension!NotYours Note= Take!NotYours Decline!NotYours Finish!NotYours
         AddEvidence!NotYours Withdraw!TooLate Appeal>submitted RecomputeClocks!AlreadySo
         RecordCall= For:Appeal>submitted",
    );
}

#[test]
fn an_accepted_ticket_is_dispatched_or_answered() {
    table(
        Stage::Accepted,
        "Accept!AlreadySo Recategorise= Locate= AskVerification= Verify!NotYours
         Dispatch>dispatched Ask>need_info AnswerAtOnce>closed FinalAnswer>closed Merge>merged
         TakeIn= LetGo!AlreadySo Join!NotYours Escalate>dispatched HandOver!AlreadySo
         AnswerSupervision!NotYours AskExtension!NotYours Note= Take!NotYours Decline!NotYours
         Finish!NotYours AddEvidence!NotYours Supplement= LeaveContact= Withdraw>withdrawn Urge=
         Ring= RecomputeClocks!AlreadySo RecordCall=",
    );
}

#[test]
fn a_dispatched_ticket_is_taken_or_declined() {
    // Declined by one of two who were called, it waits for the other.
    table(
        Stage::Dispatched,
        "Recategorise= Locate= Verify!NotYours Dispatch!AlreadySo Merge>merged TakeIn=
         LetGo!AlreadySo CallHelp= Escalate= HandOver= Supervise= AskExtension!NotYours
         GrantExtension= Note= Take>in_progress Decline= Finish!NotYours AddEvidence!NotYours
         Supplement= LeaveContact= Withdraw>withdrawn Urge= SignBySilence>in_progress Ring=
         RecomputeClocks!AlreadySo RecordCall=",
    );
}

#[test]
fn a_returned_ticket_is_the_desk_s_to_judge() {
    table(
        Stage::Returned,
        "Recategorise= Locate= Verify!NotYours Dispatch>dispatched UpholdReturn>accepted
         OverruleReturn>dispatched FinalAnswer>closed Merge>merged TakeIn= LetGo!AlreadySo
         Join!NotYours Escalate>dispatched HandOver>dispatched AskExtension!NotYours Note=
         Finish!NotYours AddEvidence!NotYours Supplement= LeaveContact= Withdraw>withdrawn Urge=
         Ring= RecomputeClocks!AlreadySo RecordCall=",
    );
}

#[test]
fn a_ticket_in_progress_is_finished_returned_asked_about_or_put_off() {
    table(
        Stage::InProgress,
        "Recategorise= Locate= Verify!NotYours Ask>need_info FinalAnswer>closed Suspend>suspended
         Merge>merged TakeIn= LetGo!AlreadySo CallHelp= Join= Escalate>dispatched
         HandOver>dispatched Assign= Supervise= AskExtension= GrantExtension= Note=
         Take!AlreadySo Decline>returned Finish>awaiting_signoff Supplement= LeaveContact=
         Withdraw>withdrawn Urge= Ring= RecomputeClocks!AlreadySo RecordCall=",
    );
}

#[test]
fn a_ticket_put_off_goes_on() {
    table(
        Stage::Suspended,
        "Recategorise= Locate= Verify!NotYours FinalAnswer>closed Resume>in_progress Merge>merged
         TakeIn= LetGo!AlreadySo HandOver= Supervise= Note= Supplement= LeaveContact=
         Withdraw>withdrawn Urge= Ring= RecomputeClocks!AlreadySo RecordCall=",
    );
}

#[test]
fn a_result_is_checked_before_the_resident_is_asked() {
    table(
        Stage::ResultSubmitted,
        "Recategorise= Locate= Verify!NotYours Pass>awaiting_signoff SendBack>in_progress
         FinalAnswer>closed TakeIn= LetGo!AlreadySo HandOver= Supervise= Note= AddEvidence=
         Supplement= LeaveContact= Withdraw!TooLate Urge= Ring= RecomputeClocks!AlreadySo
         RecordCall=",
    );
}

#[test]
fn the_resident_signs_off_or_sends_it_back() {
    table(
        Stage::AwaitingSignoff,
        "Recategorise= Locate= Verify!NotYours FinalAnswer>closed TakeIn= LetGo!AlreadySo
         HandOver= Supervise= Note= AddEvidence= Supplement= LeaveContact= Confirm>closed Object=
         Rework>in_progress Withdraw!TooLate RemindSignoff= Told= LapseSignoff>closed Ring=
         RecomputeClocks!AlreadySo RecordCall= For:Confirm>closed For:Rework>in_progress",
    );
}

#[test]
fn a_closed_ticket_is_rated_or_reopened() {
    table(
        Stage::Closed,
        "Verify!NotYours LetGo!AlreadySo Note= Confirm!AlreadySo Rate= Withdraw!TooLate
         Reopen>dispatched RecomputeClocks!AlreadySo RecordCall= For:Confirm!AlreadySo For:Rate=
         For:Reopen>dispatched",
    );
}

#[test]
fn what_was_taken_back_stays_so() {
    table(
        Stage::Withdrawn,
        "Verify!NotYours LetGo!AlreadySo Join!NotYours AnswerSupervision!NotYours
         AskExtension!NotYours Note= Take!NotYours Decline!NotYours Finish!NotYours
         AddEvidence!NotYours Withdraw!AlreadySo RecomputeClocks!AlreadySo",
    );
}

#[test]
fn a_merged_ticket_can_be_split_off_again() {
    table(
        Stage::Merged,
        "Verify!NotYours Merge!AlreadySo Unmerge>accepted LetGo!AlreadySo FollowMaster=
         Join!NotYours AnswerSupervision!NotYours AskExtension!NotYours Note= Take!NotYours
         Decline!NotYours Finish!NotYours AddEvidence!NotYours Withdraw!TooLate
         RecomputeClocks!AlreadySo RecordCall=",
    );
}
