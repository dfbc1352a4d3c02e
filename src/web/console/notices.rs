//! What a message is, in the words of the desk.

/// The kind of a message, by its code; an unknown one is shown as it is.
pub(super) fn words(code: &str) -> String {
    let words = match code {
        "new_ticket" => "新诉求（给值班台）",
        "accepted" => "已受理",
        "dispatched" => "已派单",
        "taken" => "已接单",
        "rejected" => "不予受理",
        "question" => "请补充",
        "result" => "办理结果，请确认",
        "signoff_reminder" => "提醒确认",
        "closed_unsigned" => "到期自动办结",
        "answer" => "答复",
        "suspended" => "列入计划",
        "merged" => "已并案",
        "unmerged" => "已拆分",
        "task" => "新任务",
        "taken_by_other" => "别人已接单",
        "word" => "群众补充的话",
        "urged" => "群众催办",
        "rework" => "重办",
        "gone" => "任务取消",
        "thanks" => "群众已签收",
        "returned" => "退单（给值班台）",
        "check_wanted" => "请核实结果",
        "alarm" => "紧急提醒",
        "draft_reminder" => "提醒没有说完的诉求",
        "due_soon" => "快到期",
        "overdue" => "超期",
        "auto_signed" => "视同签收",
        "help_task" => "协办任务",
        "help_done" => "协办完成",
        "help_returned" => "协办退回",
        "help_gone" => "协办取消",
        "verify_task" => "请到现场核实",
        "verified" => "现场核实结果",
        "supervised" => "督办",
        "supervision_answered" => "督办回复",
        "extension_asked" => "申请延期",
        "extension_granted" => "同意延期",
        "extension_refused" => "不同意延期",
        "escalated" => "提级",
        "handed_over" => "转交",
        "master_closed" => "并案的诉求办结",
        "copy_joined" => "又有人反映",
        "digest" => "每日超期提醒",
        "continuation" => "长消息的后半段",
        "human_wanted" => "居民找人工",
        "desk_words" => "工作人员的话",
        "bot_back" => "回到自助",
        other => return other.to_owned(),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::ticket::notice::NoticeKind;

    #[test]
    fn every_message_has_a_name_at_the_desk() {
        for kind in NoticeKind::ALL {
            assert_ne!(words(kind.code()), kind.code());
        }
    }
}
