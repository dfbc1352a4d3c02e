//! The county's own rules: which of them fit a need, and whom they mean.

use super::super::{Hours, Member, Role, Rule, Target};
use super::near::{Able, Who, one_person, why_none};
use super::{Case, Suggestion};

impl<'a> Case<'a> {
    /// Whether all conditions of a rule hold.
    pub(super) fn fits(&self, rule: &Rule) -> bool {
        let matter = self.matter;
        let is_within =
            |area| matter.area.as_ref().is_some_and(|code| self.county.is_within(code, area));
        (rule.categories.is_empty() || rule.categories.iter().any(|code| code == matter.category))
            && rule.area.as_ref().is_none_or(is_within)
            && rule.hours.is_none_or(|hours| hours.contains(matter.minute))
            && rule.channel.as_deref().is_none_or(|channel| channel == matter.channel)
    }

    /// Whom a rule means, or why there is nobody.
    pub(super) fn by_rule(&self, rule: &'a Rule) -> Result<Suggestion, String> {
        let skill = rule.skill.as_deref();
        let (words, suggestion) = match &rule.target {
            Target::Grid => self.grid_worker(skill)?,
            Target::WholeGrid => self.whole_grid(skill)?,
            Target::GridHead => self.grid_head(skill)?,
            Target::Station => self.station(skill)?,
            Target::Upward => self.level_above()?,
            Target::Unit(code) => {
                let unit = self.county.unit(code).ok_or("这个单位已经没有了")?;
                (format!("派给{}", unit.name), self.unit(unit, skill, Who::Callable)?)
            }
            Target::Member(name) => self.named(name)?,
        };
        let when = rule.hours.map(hours_words).unwrap_or_default();
        let reason = format!("规则“{}”：{when}{words}", rule.name);
        Ok(Suggestion { reason, ..suggestion })
    }

    fn grid_worker(&self, skill: Option<&str>) -> Result<(String, Suggestion), String> {
        let (mut able, why) = self.of_the_grid(skill, Who::Free, |_| true)?;
        able.sort_by_key(|able| (able.member.role == Role::GridHead, able.load));
        let first = able.first().ok_or(why)?;
        let words = format!("派给{}（手上{}件）", first.member.name, first.load);
        Ok((words, one_person(first.member, String::new())))
    }

    fn whole_grid(&self, skill: Option<&str>) -> Result<(String, Suggestion), String> {
        let (mut able, why) = self.of_the_grid(skill, Who::Callable, |_| true)?;
        if able.is_empty() {
            return Err(why);
        }
        able.sort_by_key(|able| able.member.role != Role::GridHead);
        let people = able.into_iter().map(|able| able.member.name.clone()).collect();
        let suggestion = Suggestion { people, unit: None, all: true, reason: String::new() };
        Ok(("叫网格全员".to_owned(), suggestion))
    }

    fn grid_head(&self, skill: Option<&str>) -> Result<(String, Suggestion), String> {
        let is_head = |member: &Member| member.role == Role::GridHead;
        let (mut able, why) = self.of_the_grid(skill, Who::Free, is_head)?;
        able.sort_by_key(|able| able.load);
        let first = able.first().ok_or(why)?;
        let words = format!("派给网格长{}", first.member.name);
        Ok((words, one_person(first.member, String::new())))
    }

    /// Those of the need's grid who can be called, and why, should there be none.
    fn of_the_grid(
        &self,
        skill: Option<&str>,
        who: Who,
        counts: impl Fn(&Member) -> bool,
    ) -> Result<(Vec<Able<'a>>, String), String> {
        let ground = self.ground().ok_or("不知道是哪个网格")?;
        let has_skill = |member: &Member| {
            skill.is_none_or(|skill| member.skills.iter().any(|known| known == skill))
        };
        let people =
            self.serving(ground).filter(|member| counts(member)).filter(|member| has_skill(member));
        let (able, busy) = self.sort_out(people, who);
        let why = match skill {
            Some(skill) if busy.is_empty() => format!("{}没有会{skill}的人", ground.name),
            _ => format!("{}{}", ground.name, why_none(&busy, "没有这样的人")),
        };
        Ok((able, why))
    }

    fn station(&self, skill: Option<&str>) -> Result<(String, Suggestion), String> {
        let station = self.matter.area.as_ref().and_then(|area| self.county.station_of(area));
        let station = station.ok_or("这里没有乡镇站")?;
        Ok((format!("派给{}", station.name), self.unit(station, skill, Who::Callable)?))
    }

    fn level_above(&self) -> Result<(String, Suggestion), String> {
        let from = self.matter.area.as_ref().ok_or("不知道是哪个村")?;
        let (name, suggestion) = self.above(from, Who::Callable).ok_or("上一级没有人")?;
        Ok((format!("派给{name}"), suggestion))
    }

    fn named(&self, name: &str) -> Result<(String, Suggestion), String> {
        let member = self.county.member(name).ok_or_else(|| format!("{name}已经不在名单上"))?;
        let (_, busy) = self.sort_out(std::iter::once(member), Who::Callable);
        match busy.first() {
            Some(busy) => Err(format!("{name}{}", busy.words_of_one())),
            None => Ok((format!("派给{name}"), one_person(member, String::new()))),
        }
    }
}

/// 晚上10点到早上6点
fn hours_words(hours: Hours) -> String {
    format!("{}到{}", clock_words(hours.from), clock_words(hours.until))
}

fn clock_words(minute: u16) -> String {
    let (hour, minutes) = (minute / 60, minute % 60);
    let part = match hour {
        0..=4 => "凌晨",
        5..=8 => "早上",
        9..=11 => "上午",
        12 => "中午",
        13..=17 => "下午",
        18..=23 => "晚上",
        _ => "半夜",
    };
    let hour = if (13..=24).contains(&hour) { hour - 12 } else { hour };
    match minutes {
        0 => format!("{part}{hour}点"),
        30 => format!("{part}{hour}点半"),
        minutes => format!("{part}{hour}点{minutes}分"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_said_as_people_say_them() {
        let said = |text| hours_words(Hours::read(text).unwrap());
        assert_eq!(said("22:00-6:00"), "晚上10点到早上6点");
        assert_eq!(said("8:30-12:05"), "早上8点半到中午12点5分");
        assert_eq!(said("0:00-24:00"), "凌晨0点到半夜12点");
    }
}
