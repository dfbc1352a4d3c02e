//! Those nearest to a need: who of them can be called, and why the others cannot.

use super::super::{Area, AreaCode, County, Level, Member, Role, Unit, UnitKind};
use super::{Available, Case, Suggestion};

/// No tree of a county is deeper; a register with a loop is left here.
const DEEPEST: usize = 16;

/// Who counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Whoever is at work: not away, and still there.
    Present,
    /// And a phone tells them.
    Reachable,
    /// And it is their hour, whatever they have in hand.
    Callable,
    /// And they have not enough in hand.
    Free,
}

/// Why somebody cannot be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Busy {
    Gone,
    Away,
    Unreachable,
    OffDuty,
    Full,
}

impl Busy {
    /// Of all people of some place or unit.
    fn words(self) -> &'static str {
        match self {
            Self::Gone => "的人都不在了",
            Self::Away => "的人都请假了",
            Self::Unreachable => "的人都没有绑定微信",
            Self::OffDuty => "没有人当班",
            Self::Full => "的人手上都满了",
        }
    }

    /// Of one person.
    pub(super) fn words_of_one(self) -> &'static str {
        match self {
            Self::Gone => "已经不在名单上",
            Self::Away => "请假了",
            Self::Unreachable => "没有绑定微信",
            Self::OffDuty => "不当班",
            Self::Full => "手上满了",
        }
    }
}

/// Why none of them can be called, to be said behind a name.
pub(super) fn why_none(busy: &[Busy], nobody: &'static str) -> &'static str {
    match busy {
        [] => nobody,
        [first, others @ ..] if others.iter().all(|other| other == first) => first.words(),
        _ => "现在没有人能去",
    }
}

/// Somebody who can be called.
pub(super) struct Able<'a> {
    pub(super) member: &'a Member,
    pub(super) load: u32,
}

/// The areas from this one up to the county, this one first; each once.
pub(super) fn upwards<'a>(county: &'a County, area: &AreaCode) -> Vec<&'a Area> {
    let mut way: Vec<&Area> = Vec::new();
    let mut next = county.area(area);
    while let Some(area) = next {
        if way.len() == DEEPEST || way.iter().any(|known| known.code == area.code) {
            break;
        }
        way.push(area);
        next = area.parent.as_ref().and_then(|parent| county.area(parent));
    }
    way
}

/// The station that stands in exactly this area.
pub(super) fn station_in<'a>(county: &'a County, area: &AreaCode) -> Option<&'a Unit> {
    county.station_of(area).filter(|unit| unit.area == *area && unit.kind == UnitKind::Station)
}

fn answers(member: &Member) -> bool {
    matches!(member.role, Role::GridHead | Role::Leader)
}

impl<'a> Case<'a> {
    /// Whether somebody can be called, by the measure of `who`.
    pub(super) fn able(&self, member: &'a Member, who: Who) -> Result<Able<'a>, Busy> {
        if member.is_away(self.matter.day) {
            return Err(Busy::Away);
        }
        let Some(Available { load, reachable }) = (self.known)(&member.name) else {
            return Err(Busy::Gone);
        };
        if who != Who::Present && !reachable {
            return Err(Busy::Unreachable);
        }
        let is_callable = matches!(who, Who::Callable | Who::Free);
        if is_callable && member.duty.is_some_and(|duty| !duty.contains(self.matter.minute)) {
            return Err(Busy::OffDuty);
        }
        let is_full = member.max_load.is_some_and(|most| load >= most);
        if who == Who::Free && is_full && !self.matter.urgent {
            return Err(Busy::Full);
        }
        Ok(Able { member, load })
    }

    /// Those who can be called, in their order, and why the others cannot.
    pub(super) fn sort_out(
        &self,
        members: impl Iterator<Item = &'a Member>,
        who: Who,
    ) -> (Vec<Able<'a>>, Vec<Busy>) {
        let (mut able, mut busy) = (Vec::new(), Vec::new());
        for member in members {
            match self.able(member, who) {
                Ok(one) => able.push(one),
                Err(why) => busy.push(why),
            }
        }
        (able, busy)
    }

    /// The area itself, if people are near it: a grid, or a village whose grid is not known.
    pub(super) fn ground(&self) -> Option<&'a Area> {
        let area = self.county.area(self.matter.area.as_ref()?)?;
        matches!(area.level, Level::Grid | Level::Village).then_some(area)
    }

    /// Who serves in a grid, or in a village and its grids.
    pub(super) fn serving(&self, area: &'a Area) -> impl Iterator<Item = &'a Member> + use<'a> {
        let county = self.county;
        let below = (area.level == Level::Village).then(|| county.children(&area.code));
        let grids = below.into_iter().flatten().filter(|below| below.level == Level::Grid);
        std::iter::once(area)
            .chain(grids)
            .flat_map(move |area| county.members_of(&area.code))
            .filter(|member| !member.role.is_operator())
    }

    /// The grid's people by load, its head, and where there is none of them the next level up;
    /// and why there was none.
    pub(super) fn near(&self, skill: Option<&str>) -> (Vec<Suggestion>, Option<String>) {
        let Some(ground) = self.ground() else {
            let Some(area) = self.matter.area.as_ref().and_then(|code| self.county.area(code))
            else {
                return (Vec::new(), Some("不知道是哪个村".to_owned()));
            };
            let why = format!("{}没有说到村", area.name);
            return self.next_up(&area.code, 0, &why);
        };
        let is_head = |member: &Member| member.role == Role::GridHead;
        let workers = self.serving(ground).filter(|member| !is_head(member));
        let (mut workers, workers_busy) = self.sort_out(workers, Who::Free);
        let heads = self.serving(ground).filter(|member| is_head(member));
        let (mut heads, heads_busy) = self.sort_out(heads, Who::Free);
        let lacks = |able: &Able<'_>| {
            skill.is_some_and(|skill| !able.member.skills.iter().any(|known| known == skill))
        };
        workers.sort_by_key(|able| (lacks(able), able.load));
        heads.sort_by_key(|able| (lacks(able), able.load));
        let mut near: Vec<Suggestion> = workers
            .iter()
            .enumerate()
            .map(|(rank, able)| self.worker(able, rank == 0 && workers.len() > 1))
            .collect();
        let why = why_none(&workers_busy, "没有网格员");
        for able in &heads {
            let name = &able.member.name;
            let reason = if workers.is_empty() {
                format!("{}{why}，找网格长{name}", ground.name)
            } else {
                format!("网格长{name}手上{}件", able.load)
            };
            near.push(one_person(able.member, reason));
        }
        if !near.is_empty() {
            return (near, None);
        }
        let busy: Vec<_> = workers_busy.into_iter().chain(heads_busy).collect();
        let why = format!("{}{}", ground.name, why_none(&busy, "没有网格员和网格长"));
        self.next_up(&ground.code, 1, &why)
    }

    fn worker(&self, able: &Able<'_>, is_least: bool) -> Suggestion {
        let area = able.member.area.as_ref().and_then(|code| self.county.area(code));
        let (place, name) = (area.map_or("", |area| area.name.as_str()), &able.member.name);
        let load = able.load;
        one_person(
            able.member,
            if is_least {
                format!("网格优先：{place}的{name}手上最少（{load}件）")
            } else {
                format!("网格优先：{place}的{name}（手上{load}件）")
            },
        )
    }

    /// The first level above that has somebody; `skipped` levels are left out from below.
    fn next_up(
        &self,
        from: &AreaCode,
        skipped: usize,
        why: &str,
    ) -> (Vec<Suggestion>, Option<String>) {
        for area in upwards(self.county, from).into_iter().skip(skipped) {
            let found = self.at_level(area, Who::Free);
            if let Some((name, suggestion)) = found {
                return (
                    vec![Suggestion { reason: format!("{why}，找{name}"), ..suggestion }],
                    None,
                );
            }
        }
        (Vec::new(), Some(format!("{why}，上面也没有人能派")))
    }

    /// Who works on the level of an area: its station, or whoever answers for it, or serves it.
    /// The county as a whole is served by units.
    pub(super) fn at_level(&self, area: &'a Area, who: Who) -> Option<(String, Suggestion)> {
        if let Some(station) = station_in(self.county, &area.code)
            && let Ok(suggestion) = self.unit(station, None, who)
        {
            return Some((station.name.clone(), suggestion));
        }
        if area.level == Level::County {
            return None;
        }
        let people = self.serving(area).filter(|member| {
            // A neighbouring grid helps out; it does not stand above.
            who == Who::Free || member.area.as_ref() == Some(&area.code)
        });
        let (mut able, _) = self.sort_out(people, who);
        able.sort_by_key(|able| (!answers(able.member), able.load));
        let first = able.first()?.member;
        let name = format!("{}的{}", area.name, first.name);
        Some((name, one_person(first, String::new())))
    }

    /// A unit with those of its people who can be called, its leader first.
    pub(super) fn unit(
        &self,
        unit: &'a Unit,
        skill: Option<&str>,
        who: Who,
    ) -> Result<Suggestion, String> {
        let has_skill = |member: &&Member| {
            skill.is_none_or(|skill| member.skills.iter().any(|known| known == skill))
        };
        let people = self.county.members_of_unit(&unit.code).filter(has_skill);
        // A unit shares its work out by itself: what one has in hand does not count.
        let who = if who == Who::Free { Who::Callable } else { who };
        let (able, busy) = self.sort_out(people, who);
        if able.is_empty() {
            return Err(match skill {
                Some(skill) if busy.is_empty() => format!("{}没有会{skill}的人", unit.name),
                _ => format!("{}{}", unit.name, why_none(&busy, "没有人")),
            });
        }
        Ok(Suggestion {
            people: able.into_iter().map(|able| able.member.name.clone()).collect(),
            unit: Some(unit.code.clone()),
            all: false,
            reason: String::new(),
        })
    }

    /// The unit that the category belongs to.
    pub(super) fn own_unit(&self, who: Who) -> Option<Suggestion> {
        let category = self.county.category(self.matter.category)?;
        let unit = self.county.unit(category.unit.as_deref()?)?;
        let suggestion = self.unit(unit, None, who).ok()?;
        let reason = format!("{}归{}", category.name, unit.name);
        Some(Suggestion { reason, ..suggestion })
    }
}

/// One person, called as such.
pub(super) fn one_person(member: &Member, reason: String) -> Suggestion {
    Suggestion { people: vec![member.name.clone()], unit: None, all: false, reason }
}
