//! The play: the steps of a script, one after the other, and how what was said differs from what
//! was expected.
//!
//! A difference does not end the play: the rest is played, and all differences are told.

use super::{
    Difference, Report, Trouble,
    account::demo_account,
    acts::Act,
    asks::Ask,
    database::Place,
    desk::{self, Acted},
    facts, rates,
    script::{Answered, Form, Noticed, Script, Step},
    stage::{Scene, Stage},
    talks,
    voices::Voices,
};
use crate::{
    county::{self, County, workbook},
    ids::SeededIds,
    simulator::{Answer, Fault, Message},
};
use chrono::TimeDelta;
use regex::Regex;
use std::path::{Path, PathBuf};

/// For how long somebody looks at the phone for a notice that is on its way: a mere step waits a
/// moment for the next one, and a first repeat comes sooner.
const LOOK: TimeDelta = TimeDelta::seconds(10);

/// How a script is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Twist {
    /// As it is written.
    #[default]
    None,
    /// Every push is delivered once more afterwards, as the platform does when it is in doubt.
    EverythingTwice,
    /// The service is stopped hard and started again before every step.
    RestartsBetween,
    /// A photo nobody expected comes before the n-th push, counted from 0; expectations are left
    /// aside, and what always has to be so is looked at.
    PhotoBefore(usize),
}

/// With what scripts are played.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// On which database.
    pub place: Place,
    /// What happens besides.
    pub twist: Twist,
    /// Where pushes are recorded, if they are.
    pub record: Option<PathBuf>,
}

/// Plays a script; counties that it names by folder stand in `beside`.
pub(super) async fn play(
    script: &Script,
    beside: &Path,
    options: &Options,
) -> Result<Report, Trouble> {
    let Some(begin) = script.steps.iter().find_map(|step| match step.form {
        Form::At(moment) => Some(moment),
        _ => None,
    }) else {
        return Ok(Report::default());
    };
    let county = script.county().map(|name| read_county(name, beside)).transpose();
    let registered = match &county {
        Ok(Some(county)) => county.clone(),
        Ok(None) | Err(_) => County::new(county::Register::default()),
    };
    let pretended = demo_account(&SeededIds::from_seed(script.seed()), &registered)
        .map_err(|_| Trouble::Account)?;
    let scene = Scene { now: begin, seed: script.seed(), record: options.record.clone() };
    let stage = Stage::set(options.place.fresh().await?, pretended, scene).await?;
    let (voices, report) = (Voices::default(), Report::default());
    let mut play = Play { stage, report, voices, beside, twist: options.twist, pushes: 0 };
    let mut played = Ok(());
    for step in &script.steps {
        played = play.step(step).await;
        if played.is_err() {
            break;
        }
    }
    let Play { stage, report, .. } = play;
    let struck = stage.strike().await;
    played.and(struck).map(|()| report)
}

/// A script while it is played.
pub(super) struct Play<'a> {
    pub(super) stage: Stage,
    pub(super) report: Report,
    voices: Voices,
    beside: &'a Path,
    twist: Twist,
    pushes: usize,
}

impl Play<'_> {
    async fn step(&mut self, step: &Step) -> Result<(), Trouble> {
        self.report.steps += 1;
        match self.twist {
            Twist::PhotoBefore(_) => self.step_with_invariants(step).await,
            Twist::RestartsBetween => {
                self.stage.restart().await?;
                self.as_written(step).await
            }
            Twist::None | Twist::EverythingTwice => self.as_written(step).await,
        }
    }

    /// Whether the photo comes now.
    pub(super) fn photo_comes(&mut self) -> bool {
        self.pushes += 1;
        self.twist == Twist::PhotoBefore(self.pushes - 1)
    }

    pub(super) async fn as_written(&mut self, step: &Step) -> Result<(), Trouble> {
        match &step.form {
            Form::At(moment) if *moment < self.stage.now() => {
                self.differs(step, "time does not go back");
            }
            Form::At(moment) => self.stage.move_to(*moment).await?,
            Form::Later(span) => self.stage.move_by(*span).await?,
            Form::County(name) => match read_county(name, self.beside) {
                Ok(county) => self.stage.load(&county).await?,
                Err(problem) => self.differs(step, &problem),
            },
            Form::Push { who, message, copies } => self.push(step, who, message, *copies).await?,
            Form::Answer { who, expected } => self.answer(step, who, expected),
            Form::Notice { who, expected } => self.notice(step, who, expected).await?,
            Form::Act { who, refused, act } => self.act(step, who, *refused, act).await?,
            Form::Talk { who, refused, talking } => {
                let with = self.stage.follower(&talking.with);
                let acted = talks::act(self.stage.app(), who, &with, talking).await?;
                self.acted(step, acted, *refused);
            }
            Form::Ask(ask) => self.ask(step, ask).await?,
            Form::Restart => self.stage.restart().await?,
            Form::WechatFault { code, times } => {
                self.stage.platform().fault(Fault::Code(*code), *times);
            }
            Form::NotYet(when) => self.differs(step, when),
        }
        if changes_something(&step.form) {
            self.stage.settle().await?;
            self.voices.listen(&self.stage).await?;
        }
        Ok(())
    }

    async fn push(
        &mut self,
        step: &Step,
        who: &str,
        message: &Message,
        copies: usize,
    ) -> Result<(), Trouble> {
        let openid = self.stage.follower(who).openid;
        self.stage.breathe().await?;
        self.voices.listen(&self.stage).await?;
        let delivery =
            match self.stage.platform().push_times(&openid, message.clone(), copies).await {
                Ok(delivery) => delivery,
                Err(refusal) => {
                    self.differs(step, &format!("this cannot be done on a phone: {refusal}"));
                    return Ok(());
                }
            };
        if let Some(failure) = delivery.answers.iter().find_map(failure) {
            self.differs(step, &failure);
        }
        if !delivery.answers_agree() {
            let answers: Vec<String> = delivery.answers.iter().map(shown).collect();
            self.report.differences.push(Difference {
                said: Some(answers.join("\n--\n")),
                ..Difference::at(step, "the answers to one push differ")
            });
        }
        self.voices.answered(who, delivery.text());
        if self.twist == Twist::EverythingTwice {
            self.stage.settle().await?;
            let again = self.stage.platform().deliver_again(&openid).await;
            if again.as_ref() != delivery.answers.first() {
                self.report.differences.push(Difference {
                    said: again.as_ref().map(shown),
                    ..Difference::at(step, "the same push once more is answered differently")
                });
            }
        }
        Ok(())
    }

    fn answer(&mut self, step: &Step, who: &str, expected: &Answered) {
        let answer = self.voices.answer_to(who);
        let problem = match (answer, expected) {
            (None, Answered::Nothing) => return,
            (None, _) => "there was no answer",
            (Some(_), Answered::Nothing) => "there was an answer",
            (Some(answer), Answered::Has(text)) if answer.lines().any(|l| l.contains(text)) => {
                return;
            }
            (Some(_), Answered::Has(_)) => "no line of the answer has it",
            (Some(answer), Answered::Matches(regex)) if regex.is_match(answer) => return,
            (Some(_), Answered::Matches(_)) => "nothing in the answer matches",
            (Some(answer), Answered::Lacks(text)) if !answer.contains(text) => return,
            (Some(_), Answered::Lacks(_)) => "the answer has it",
        };
        let said = answer.map(str::to_owned);
        let rewrite = match expected {
            Answered::Has(_) => said.as_deref().and_then(telling),
            _ => None,
        };
        let rewrite = rewrite.map(|line| format!("{who} < {line}"));
        let difference = Difference::at(step, problem);
        self.report.differences.push(Difference { said, rewrite, ..difference });
    }

    async fn notice(&mut self, step: &Step, who: &str, expected: &Noticed) -> Result<(), Trouble> {
        if let Noticed::Nothing = expected {
            let unread = self.voices.unread(who);
            if !unread.is_empty() {
                let said = Some(unread.join("\n--\n"));
                let difference = Difference::at(step, "there are unread notices");
                self.report.differences.push(Difference { said, ..difference });
            }
            return Ok(());
        }
        if self.voices.unread(who).is_empty() {
            self.stage.look(LOOK).await?;
            self.voices.listen(&self.stage).await?;
        }
        let Some(notice) = self.voices.read(who) else {
            let why = self.unreachable(who).await?;
            self.differs(step, &format!("there is no unread notice{why}"));
            return Ok(());
        };
        let fits = match expected {
            Noticed::Has(text) => notice.contains(text),
            Noticed::Matches(regex) => regex.is_match(&notice),
            Noticed::Nothing => true,
        };
        if !fits {
            let rewrite = match expected {
                Noticed::Has(_) => telling(&notice).map(|line| format!("{who} ! {line}")),
                _ => None,
            };
            let difference = Difference::at(step, "the notice is another one");
            self.report.differences.push(Difference { said: Some(notice), rewrite, ..difference });
        }
        Ok(())
    }

    /// Why nothing came: what was given up on the way to this person.
    async fn unreachable(&self, who: &str) -> Result<String, Trouble> {
        let to = self.stage.follower(who);
        let letters = self.stage.app().store.dead_letters(1000).await?;
        let reasons: Vec<String> = letters
            .into_iter()
            .filter(|letter| letter.to == to)
            .map(|letter| format!("; “{}” was given up: {}", letter.kind, letter.reason))
            .collect();
        Ok(reasons.concat())
    }

    async fn act(
        &mut self,
        step: &Step,
        who: &str,
        refused: bool,
        act: &Act,
    ) -> Result<(), Trouble> {
        let Act { ticket, verb } = act;
        let acted = desk::act(self.stage.app(), who, ticket, verb).await?;
        self.acted(step, acted, refused);
        Ok(())
    }

    fn acted(&mut self, step: &Step, acted: Acted, refused: bool) {
        match (acted, refused) {
            (Acted::Done, false) | (Acted::Refused(_), true) => {}
            (Acted::Done, true) => self.differs(step, "this was not refused"),
            (Acted::Refused(why), false) => self.differs(step, &format!("this is refused: {why}")),
            (Acted::Impossible(why), _) => self.differs(step, &why),
        }
    }

    async fn ask(&mut self, step: &Step, ask: &Ask) -> Result<(), Trouble> {
        match ask {
            Ask::Rate(ask) => {
                if let Some(problem) = rates::differs(self.stage.app(), ask).await? {
                    self.differs(step, &problem);
                }
            }
            Ask::Tickets(count) => {
                let found = desk::tickets(self.stage.app()).await?.len();
                if found != *count {
                    self.differs(step, &format!("{found} tickets were submitted"));
                }
            }
            Ask::Ticket { ticket, facts } => match desk::find(self.stage.app(), ticket).await? {
                None => self.differs(step, "there is no such ticket"),
                Some(ticket) => {
                    let history = self.stage.app().store.history(ticket.id).await?;
                    let known =
                        facts::Known { ticket: &ticket, history: &history, now: self.stage.now() };
                    for problem in facts.iter().filter_map(|fact| facts::differs(&known, fact)) {
                        self.differs(step, &problem);
                    }
                }
            },
        }
        Ok(())
    }

    fn differs(&mut self, step: &Step, problem: &str) {
        self.report.differences.push(Difference::at(step, problem));
    }
}

/// Whether something may leave after a step of this form.
fn changes_something(form: &Form) -> bool {
    match form {
        Form::Answer { .. } | Form::Notice { .. } | Form::Ask(_) | Form::NotYet(_) => false,
        Form::At(_)
        | Form::Later(_)
        | Form::County(_)
        | Form::Push { .. }
        | Form::Act { .. }
        | Form::Talk { .. }
        | Form::Restart
        | Form::WechatFault { .. } => true,
    }
}

/// What a person sees instead of an answer when the service fails.
fn failure(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Malformed(why) => {
            Some(format!("the platform does not understand the answer: {why}"))
        }
        Answer::Refused(status) => Some(format!("the push was answered with HTTP {status}")),
        Answer::Missing => Some("the push was not answered".to_owned()),
        Answer::Silence | Answer::Text(_) | Answer::News(_) | Answer::Other(_) => None,
    }
}

fn shown(answer: &Answer) -> String {
    answer.text().or_else(|| failure(answer)).unwrap_or_else(|| "(no answer)".to_owned())
}

/// The line of a text that stands best for all of it: the first that says something and holds no
/// number of a ticket.
fn telling(text: &str) -> Option<String> {
    let number = Regex::new(r"LX\d{12}").ok()?;
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.clone().next();
    lines.find(|line| !number.is_match(line)).or(first).map(str::to_owned)
}

/// A county that a script names.
pub(super) fn read_county(name: &str, beside: &Path) -> Result<County, String> {
    let folder = beside.join(name);
    if name == "demo" {
        return Ok(county::demo::county());
    }
    if !folder.is_dir() {
        return Err(format!("there is no folder {} for this county", folder.display()));
    }
    workbook::read(&|sheet| std::fs::read(folder.join(format!("{sheet}.csv"))).ok()).map_err(
        |mistakes| {
            let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            format!("the county has mistakes: {}", told.join("; "))
        },
    )
}
