//! The difference between what an account has and what it should have, as steps. Pure.
//!
//! Menus for some people cannot be edited, and of those that fit somebody the newest is shown; so
//! the order counts, and whatever comes after the first difference is made anew.

use crate::wechat::{
    client::{PresentConditional, PresentMenus, SentButton, Tag},
    menu::{Button, Conditional, Does, Menus},
};
use std::{collections::BTreeMap, fmt};

/// What would be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The steps; none where everything is as it should be.
    pub steps: Vec<Step>,
    /// The account's tags by name.
    pub(super) tags: BTreeMap<String, u32>,
}

/// One call of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A tag that is not there yet.
    CreateTag {
        /// What it is called.
        name: String,
    },
    /// Another menu for everybody.
    SetDefault {
        /// What is there now.
        before: Vec<SentButton>,
        /// What will be.
        buttons: Vec<SentButton>,
    },
    /// A menu for those who have a tag.
    Add {
        /// The tag's name.
        tag: String,
        /// Its buttons.
        buttons: Vec<SentButton>,
    },
    /// A menu for some people that is not wanted any more, or not in its place.
    Drop {
        /// The platform's number of it.
        id: String,
        /// The name of the tag that it is for.
        tag: String,
        /// Its buttons.
        buttons: Vec<SentButton>,
    },
}

impl Plan {
    /// The steps from `present` to `wanted`.
    pub fn of(wanted: &Menus, present: &PresentMenus, tags: &[Tag]) -> Self {
        let tags: BTreeMap<String, u32> =
            tags.iter().map(|tag| (tag.name.clone(), tag.id)).collect();
        let mut steps = Vec::new();
        for menu in wanted.conditional.iter().filter(|menu| !tags.contains_key(&menu.tag)) {
            steps.push(Step::CreateTag { name: menu.tag.clone() });
        }
        let buttons = sent(&wanted.default);
        if present.default.as_ref() != Some(&buttons) {
            let before = present.default.clone().unwrap_or_default();
            steps.push(Step::SetDefault { before, buttons });
        }
        let (kept, dropped) = split(&wanted.conditional, &present.conditional, &tags);
        for menu in wanted.conditional.iter().skip(kept) {
            steps.push(Step::Add { tag: menu.tag.clone(), buttons: sent(&menu.buttons) });
        }
        // Last, so that nobody is without a menu meanwhile.
        for menu in dropped {
            let named = tags.iter().find(|(_, id)| Some(**id) == menu.tag);
            let tag = named.map_or_else(|| "?".to_owned(), |(name, _)| name.clone());
            steps.push(Step::Drop { id: menu.id.clone(), tag, buttons: menu.buttons.clone() });
        }
        Self { steps, tags }
    }

    /// Everything is as it should be.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// How many of the wanted menus are there in their place, and which of the present ones have to go.
fn split<'a>(
    wanted: &[Conditional],
    present: &'a [PresentConditional],
    tags: &BTreeMap<String, u32>,
) -> (usize, Vec<&'a PresentConditional>) {
    let mut kept = 0;
    let mut dropped = Vec::new();
    for menu in present {
        let is_next = wanted.get(kept).is_some_and(|next| {
            menu.tag.is_some()
                && tags.get(&next.tag).copied() == menu.tag
                && sent(&next.buttons) == menu.buttons
        });
        if is_next {
            kept += 1;
        } else {
            dropped.push(menu);
        }
    }
    (kept, dropped)
}

fn sent(buttons: &[Button]) -> Vec<SentButton> {
    buttons.iter().map(one).collect()
}

fn one(button: &Button) -> SentButton {
    let name = button.name.clone();
    match &button.does {
        Does::Opens(below) => SentButton { name, sub_button: sent(below), ..SentButton::default() },
        Does::Sends { kind, key } => {
            SentButton { name, kind: (*kind).to_owned(), key: key.clone(), ..SentButton::default() }
        }
        Does::Shows(url) => {
            SentButton { name, kind: "view".to_owned(), url: url.clone(), ..SentButton::default() }
        }
        Does::Starts { app_id, page, url } => SentButton {
            name,
            kind: "miniprogram".to_owned(),
            url: url.clone(),
            appid: app_id.clone(),
            pagepath: page.clone(),
            ..SentButton::default()
        },
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTag { name } => write!(f, "+ tag {name}"),
            Self::SetDefault { before, buttons } => {
                let sign = if before.is_empty() { '+' } else { '~' };
                write!(f, "{sign} menu for everybody")?;
                lines(f, '-', before)?;
                lines(f, '+', buttons)
            }
            Self::Add { tag, buttons } => {
                write!(f, "+ menu for {tag}")?;
                lines(f, '+', buttons)
            }
            Self::Drop { id, tag, buttons } => {
                write!(f, "- menu {id} for {tag}")?;
                lines(f, '-', buttons)
            }
        }
    }
}

fn lines(f: &mut fmt::Formatter<'_>, sign: char, buttons: &[SentButton]) -> fmt::Result {
    for button in buttons {
        write!(f, "\n    {sign} {}", words(button))?;
        for below in &button.sub_button {
            write!(f, "\n    {sign}   {}", words(below))?;
        }
    }
    Ok(())
}

fn words(button: &SentButton) -> String {
    let does: Vec<&str> = [&button.kind, &button.key, &button.url, &button.pagepath]
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    format!("{}  {}", button.name, does.join(" ")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wechat::menu;

    fn menus() -> Menus {
        menu::read(menu::BUILT_IN_NAME, menu::BUILT_IN, "https://lianxin.example/").unwrap()
    }

    fn tags() -> Vec<Tag> {
        let tag = |(id, name): (u32, &str)| Tag { id, name: name.to_owned(), count: 0 };
        [(100, "党员"), (101, "网格长"), (102, "值班员")].into_iter().map(tag).collect()
    }

    /// The platform after these steps; what is there already is `now`, numbers go on.
    fn after(mut now: PresentMenus, steps: &[Step]) -> PresentMenus {
        for step in steps {
            match step {
                Step::CreateTag { .. } => {}
                Step::SetDefault { buttons, .. } => now.default = Some(buttons.clone()),
                Step::Add { tag, buttons } => {
                    let last = now.conditional.iter().map(|m| m.id.parse::<u64>().unwrap()).max();
                    now.conditional.push(PresentConditional {
                        id: (last.unwrap_or(0) + 1).to_string(),
                        tag: tags().into_iter().find(|one| one.name == *tag).map(|one| one.id),
                        buttons: buttons.clone(),
                    });
                }
                Step::Drop { id, .. } => now.conditional.retain(|menu| menu.id != *id),
            }
        }
        now
    }

    fn shown(menus: &PresentMenus) -> Vec<(Option<u32>, Vec<SentButton>)> {
        menus.conditional.iter().map(|menu| (menu.tag, menu.buttons.clone())).collect()
    }

    #[test]
    fn an_empty_account_gets_tags_first_then_the_menu_for_everybody_and_then_the_others() {
        let plan = Plan::of(&menus(), &PresentMenus::default(), &[]);
        let kinds: Vec<String> = plan
            .steps
            .iter()
            .map(|step| step.to_string().lines().next().unwrap().to_owned())
            .collect();
        assert_eq!(
            kinds,
            [
                "+ tag 党员",
                "+ tag 网格长",
                "+ tag 值班员",
                "+ menu for everybody",
                "+ menu for 党员",
                "+ menu for 网格长",
                "+ menu for 值班员"
            ]
        );
    }

    #[test]
    fn what_is_as_it_should_be_needs_nothing() {
        let all = Plan::of(&menus(), &PresentMenus::default(), &tags());
        let present = after(PresentMenus::default(), &all.steps);
        assert!(Plan::of(&menus(), &present, &tags()).is_empty());
    }

    #[test]
    fn stopped_after_any_step_the_next_run_ends_where_the_first_would_have() {
        let whole = after(
            PresentMenus::default(),
            &Plan::of(&menus(), &PresentMenus::default(), &tags()).steps,
        );
        // From an account whose first conditional menu is another one, and from an empty one.
        let mut other = whole.clone();
        other.conditional[0].buttons.pop();
        for begin in [PresentMenus::default(), other] {
            let steps = Plan::of(&menus(), &begin, &tags()).steps;
            for stop in 0..=steps.len() {
                let stopped = after(begin.clone(), &steps[..stop]);
                let again = Plan::of(&menus(), &stopped, &tags());
                let end = after(stopped, &again.steps);
                assert_eq!(shown(&end), shown(&whole), "stopped after {stop}");
                assert_eq!(end.default, whole.default);
                assert!(Plan::of(&menus(), &end, &tags()).is_empty());
            }
        }
    }

    #[test]
    fn a_menu_that_changes_is_there_anew_before_the_old_one_goes() {
        let all = Plan::of(&menus(), &PresentMenus::default(), &tags());
        let mut present = after(PresentMenus::default(), &all.steps);
        present.conditional[2].buttons.pop();
        let plan = Plan::of(&menus(), &present, &tags());
        assert!(
            matches!(&plan.steps[..], [Step::Add { tag, .. }, Step::Drop { id, .. }]
                if tag == "值班员" && id == "3"),
            "{:?}",
            plan.steps
        );
    }

    #[test]
    fn a_menu_that_nobody_wants_any_more_and_one_made_by_hand_go() {
        let all = Plan::of(&menus(), &PresentMenus::default(), &tags());
        let mut present = after(PresentMenus::default(), &all.steps);
        let by_hand = PresentConditional { id: "99".to_owned(), tag: None, buttons: Vec::new() };
        present.conditional.push(by_hand);
        let plan = Plan::of(&menus(), &present, &tags());
        assert!(matches!(&plan.steps[..], [Step::Drop { id, .. }] if id == "99"));
    }
}
