//! The play with a photo that nobody expected: whatever a script expects is left aside, and what
//! always has to be so is looked at after every push.

use super::{
    Difference, Trouble,
    play::Play,
    script::{Form, Step},
};
use crate::{
    dialogue::state::Restored,
    replay::{desk, talks},
    simulator::{Answer, Message},
    wechat::answer::LONGEST_TEXT,
};

impl Play<'_> {
    /// Plays a step without its expectations.
    pub(super) async fn step_with_invariants(&mut self, step: &Step) -> Result<(), Trouble> {
        match &step.form {
            Form::Push { who, message, .. } => {
                if self.photo_comes() {
                    self.push_with_invariants(step, who, &Message::Photo).await?;
                }
                self.push_with_invariants(step, who, message).await
            }
            Form::Act { who, act, .. } => {
                // The photo may have led elsewhere: an act that is refused is none.
                desk::act(self.stage.app(), who, &act.ticket, &act.verb).await?;
                self.stage.settle().await
            }
            Form::Talk { who, talking, .. } => {
                let with = self.stage.follower(&talking.with);
                talks::act(self.stage.app(), who, &with, talking).await?;
                self.stage.settle().await
            }
            Form::Answer { .. } | Form::Notice { .. } | Form::Ask(_) | Form::NotYet(_) => Ok(()),
            Form::At(_)
            | Form::Later(_)
            | Form::County(_)
            | Form::Restart
            | Form::WechatFault { .. } => self.as_written(step).await,
        }
    }

    async fn push_with_invariants(
        &mut self,
        step: &Step,
        who: &str,
        message: &Message,
    ) -> Result<(), Trouble> {
        let follower = self.stage.follower(who);
        self.stage.breathe().await?;
        let before = desk::tickets(self.stage.app()).await?.len();
        let Ok(delivery) = self.stage.platform().push(&follower.openid, message.clone()).await
        else {
            // Who does not follow any more cannot send a photo either.
            return Ok(());
        };
        self.stage.settle().await?;
        // Who talks with the desk is not answered.
        let state = self.stage.app().store.state_of(&follower).await?;
        let talks = state.is_some_and(|state| state.human.is_some());
        let silent = matches!(message, Message::Unfollow) || talks;
        match delivery.answers.as_slice() {
            [Answer::Text(text)] if text.len() <= LONGEST_TEXT => {}
            [Answer::News(articles)] if articles.len() == 1 => {}
            [Answer::Silence] if silent => {}
            answers => self.broken(step, format!("{message:?} was answered by {answers:?}")),
        }
        let after = desk::tickets(self.stage.app()).await?.len();
        if after > before + 1 {
            self.broken(step, format!("{message:?} made {} tickets", after - before));
        }
        let tx = self.stage.app().store.begin().await?;
        if tx.open_conversation(&follower, self.stage.now()).await?.restored == Restored::SetAside {
            self.broken(step, format!("after {message:?} the conversation cannot be read"));
        }
        Ok(())
    }

    fn broken(&mut self, step: &Step, problem: String) {
        self.report.differences.push(Difference { problem, ..Difference::at(step, "") });
    }
}
