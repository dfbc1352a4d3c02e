//! Which permission each move of a ticket needs.

use super::Permission;
use crate::ticket::lifecycle::Action;

/// The permission that an operator needs for this action; none where it is nobody's at the desk,
/// but a resident's, a member's or the clock's.
pub fn needed_for(action: &Action) -> Option<Permission> {
    Some(match action {
        Action::Accept
        | Action::ProposeRejection { .. }
        | Action::Recategorise { .. }
        | Action::Locate { .. }
        | Action::Ask { .. }
        | Action::CancelQuestion
        | Action::AnswerAtOnce { .. }
        | Action::Merge { .. }
        | Action::Unmerge
        | Action::TakeIn { .. }
        | Action::LetGo { .. }
        | Action::Note { .. } => Permission::Triage,
        Action::AskVerification { .. }
        | Action::Verify { .. }
        | Action::Dispatch { .. }
        | Action::Suspend { .. }
        | Action::Resume
        | Action::CallHelp { .. }
        | Action::WaiveHelp { .. }
        | Action::HandOver { .. }
        | Action::Assign { .. } => Permission::Dispatch,
        Action::UpholdReturn
        | Action::OverruleReturn
        | Action::Pass
        | Action::SendBack { .. }
        // The second pair of eyes: whoever proposed it may not, which the life cycle sees to.
        | Action::ApproveRejection
        | Action::RefuseRejection => Permission::Check,
        Action::Escalate { .. }
        | Action::Supervise { .. }
        | Action::AnswerSupervision { .. }
        | Action::GrantExtension { .. }
        | Action::RefuseExtension { .. }
        | Action::FinalAnswer { .. }
        | Action::Reopen { .. } => Permission::Supervise,
        // In somebody's name who was called by telephone.
        Action::RecordCall { .. } | Action::OnBehalf { .. } => Permission::CallBack,
        Action::GiveInfo { .. }
        | Action::Supplement { .. }
        | Action::LeaveContact { .. }
        | Action::Confirm { .. }
        | Action::Object
        | Action::Rework { .. }
        | Action::Rate { .. }
        | Action::Withdraw { .. }
        | Action::Appeal { .. }
        | Action::Join
        | Action::Take
        | Action::Decline { .. }
        | Action::Finish { .. }
        | Action::AddEvidence { .. }
        | Action::AskExtension { .. }
        | Action::Urge
        | Action::FollowMaster { .. }
        | Action::MasterReopened
        | Action::LapseInfo
        | Action::RemindSignoff
        | Action::Told { .. }
        | Action::LapseSignoff
        | Action::SignBySilence
        | Action::Ring { .. }
        | Action::RecomputeClocks => return None,
    })
}
