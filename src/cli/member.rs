//! `member`: invitations for members and operators who act by chat, and who is on leave.
//!
//! A code is drawn here, shown once and stored as a hash. It is good for one phone and a week; a
//! newer one for the same person ends an older one.

use super::output::say;
use super::{Verdict, opening, output};
use crate::{
    calendar::in_beijing,
    clock::{Clock, SystemClock},
    config::Database,
    county::{AreaCode, County, Leave, Role},
    ids::{Ids, RandomIds},
    invitation::{CODE_ALPHABET, CODE_CHARACTERS, code_hash},
    storage::{Listed, Store},
};
use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use std::{io::Write, path::PathBuf};

/// How long a code is good.
const GOOD_FOR: TimeDelta = TimeDelta::days(7);

#[derive(Debug, Subcommand)]
pub(super) enum Member {
    /// Draw an invitation code for a member, or for all of an area who have none of their phones
    /// bound.
    Invite(Invite),
    /// Take a member's phones from them.
    Unbind {
        /// The member's name.
        name: String,
    },
    /// Send a member on leave, or call them back: meanwhile nobody calls them, and what they
    /// have in hand goes to others.
    Leave {
        /// The member's name.
        name: String,
        /// From the first day to the last, like 2026-03-02—2026-03-08; one day alone is a day.
        #[arg(required_unless_present = "end", conflicts_with = "end")]
        days: Option<String>,
        /// They are back.
        #[arg(long)]
        end: bool,
    },
    /// List all members, whether a phone is bound, and until when they are away.
    List,
}

#[derive(Debug, Args)]
pub(super) struct Invite {
    /// The member's name.
    #[arg(required_unless_present = "area", conflicts_with = "area")]
    name: Option<String>,
    /// All members of this area and below who are not bound yet.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// Write a table for a spreadsheet to this file, instead of text to the screen.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: Option<PathBuf>,
}

/// One drawn invitation.
struct Drawn {
    code: String,
    name: String,
    role: &'static str,
    area: String,
    until: DateTime<Utc>,
}

impl Member {
    pub(super) async fn run(self, database: &Database) -> anyhow::Result<Verdict> {
        let store = opening::ready(database).await?;
        match self {
            Self::Invite(invite) => invite.run(&store).await?,
            Self::Unbind { name } => {
                let member = member(&store, &name).await?;
                let tx = store.begin().await?;
                let phones = tx.unbind(member.person.id).await?;
                tx.commit().await?;
                say!("{name}: {phones} phone(s) unbound");
            }
            Self::Leave { name, days, end: _ } => {
                let member = member(&store, &name).await?;
                let leave = days.as_deref().map(|days| {
                    Leave::read(days).ok_or_else(|| {
                        anyhow!("“{days}” is no leave: write 2026-03-02—2026-03-08, or one day")
                    })
                });
                let leave = leave.transpose()?;
                let tx = store.begin().await?;
                tx.set_leave(member.person.id, leave).await?;
                tx.commit().await?;
                match leave {
                    Some(leave) => say!("{name}: {leave} 请假"),
                    None => say!("{name}: 已销假"),
                }
            }
            Self::List => {
                let county = county(&store).await?;
                for member in store.members().await? {
                    let bound = if member.bound > 0 { "已绑定" } else { "未绑定" };
                    let area = area_name(&county, &member);
                    let role = role_name(member.role);
                    let name = &member.person.name;
                    let leave = county.member(name).and_then(|member| member.leave);
                    let leave = leave.map_or(String::new(), |leave| format!("\t请假 {leave}"));
                    say!("{name}\t{role}\t{area}\t{bound}{leave}");
                }
            }
        }
        Ok(Verdict::Done)
    }
}

impl Invite {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let county = county(store).await?;
        let members = match (&self.name, &self.area) {
            (Some(name), _) => vec![member(store, name).await?],
            (None, area) => {
                let code = AreaCode(area.clone().unwrap_or_default());
                let area = county.area(&code).ok_or_else(|| anyhow!("there is no area {code}"))?;
                let members = unbound(store, &county, &code).await?;
                if members.is_empty() {
                    bail!("nobody in {} is without a phone", area.name);
                }
                members
            }
        };
        // Opened first: codes that cannot be written down must not be drawn.
        let mut output = output::open(self.output.as_deref())?;
        let drawn = draw_all(store, &county, members).await?;
        match &self.output {
            Some(path) => {
                write_table(&mut output, &drawn)?;
                say!("{}: {} invitation(s)", path.display(), drawn.len());
            }
            None => write_text(&mut output, &drawn)?,
        }
        Ok(())
    }
}

async fn county(store: &Store) -> anyhow::Result<County> {
    let found = store.county().await?;
    let (_, county) = found.context("no county is loaded yet: run `lianxin import demo`")?;
    Ok(county)
}

async fn member(store: &Store, name: &str) -> anyhow::Result<Listed> {
    let mut named = store.members().await?.into_iter().filter(|member| member.person.name == name);
    match (named.next(), named.next()) {
        (Some(member), None) => Ok(member),
        (Some(_), Some(_)) => bail!("there are several members of the name {name}"),
        (None, _) => bail!("there is no member of the name {name}; see `lianxin member list`"),
    }
}

async fn unbound(store: &Store, county: &County, area: &AreaCode) -> anyhow::Result<Vec<Listed>> {
    let is_within = |member: &Listed| {
        let own = member.area.as_ref().map(|own| AreaCode(own.clone()));
        own.is_some_and(|own| county.is_within(&own, area))
    };
    let members = store.members().await?.into_iter();
    Ok(members.filter(|member| member.bound == 0 && is_within(member)).collect())
}

async fn draw_all(
    store: &Store,
    county: &County,
    members: Vec<Listed>,
) -> anyhow::Result<Vec<Drawn>> {
    let (ids, now) = (RandomIds, SystemClock.now());
    let until = now + GOOD_FOR;
    let tx = store.begin().await?;
    let mut drawn = Vec::with_capacity(members.len());
    for member in members {
        let code = draw(&ids);
        tx.invite(ids.fresh(), &code_hash(&code), member.person.id, now, until).await?;
        drawn.push(Drawn {
            code,
            role: role_name(member.role),
            area: area_name(county, &member),
            name: member.person.name,
            until,
        });
    }
    tx.commit().await?;
    Ok(drawn)
}

/// A code in which every sign is as likely as any other.
fn draw(ids: &dyn Ids) -> String {
    let mut code = String::with_capacity(CODE_CHARACTERS);
    while code.len() < CODE_CHARACTERS {
        let fresh = ids.fresh();
        // The seventh and the ninth byte of an id say which kind of id it is; and the few values
        // of a byte beyond a multiple of the alphabet would favour its first signs.
        let bytes = fresh.as_bytes().iter().enumerate();
        let random =
            bytes.filter(|(at, byte)| !matches!(at, 6 | 8) && usize::from(**byte) < 31 * 8);
        let signs =
            random.filter_map(|(_, byte)| CODE_ALPHABET.as_bytes().get(usize::from(*byte) % 31));
        code.extend(signs.take(CODE_CHARACTERS - code.len()).map(|sign| char::from(*sign)));
    }
    code
}

fn write_table(output: &mut dyn Write, drawn: &[Drawn]) -> anyhow::Result<()> {
    output.write_all(output::BOM)?;
    let mut table = csv::Writer::from_writer(output);
    table.write_record(["code", "name", "role", "area", "valid_until"])?;
    for one in drawn {
        let until = in_words(one.until);
        let cells = [&one.code, &one.name, one.role, &one.area, &until];
        table.write_record(cells.map(output::guarded))?;
    }
    table.flush()?;
    Ok(())
}

fn write_text(output: &mut dyn Write, drawn: &[Drawn]) -> anyhow::Result<()> {
    for one in drawn {
        let Drawn { code, name, role, area, until } = one;
        writeln!(output, "{code}\t{name}\t{role}\t{area}\t{} 前有效", in_words(*until))?;
    }
    writeln!(
        output,
        "\n使用方法：请本人用自己的微信关注公众号，把邀请码发到对话框里；\
         或扫带 invite:邀请码 的二维码。\n邀请码只能用一次，请只交给本人。"
    )?;
    output.flush()?;
    Ok(())
}

fn in_words(at: DateTime<Utc>) -> String {
    in_beijing(at).format("%Y-%m-%d %H:%M").to_string()
}

fn area_name(county: &County, member: &Listed) -> String {
    let spoken = member.area.as_ref().map(|area| county.spoken_path(&AreaCode(area.clone())));
    spoken.filter(|name| !name.is_empty()).unwrap_or_else(|| county.name().to_owned())
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Member => "党员",
        Role::GridHead => "网格长",
        Role::Leader => "负责人",
        Role::Dispatcher => "值班员",
        Role::Supervisor => "督办员",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededIds;
    use std::collections::BTreeMap;

    #[test]
    fn every_sign_of_a_code_is_as_likely_as_any_other() {
        let ids = SeededIds::from_seed(7);
        let mut seen: BTreeMap<char, usize> = BTreeMap::new();
        for _ in 0..3100 {
            let code = draw(&ids);
            assert_eq!(code.len(), CODE_CHARACTERS);
            for sign in code.chars() {
                *seen.entry(sign).or_default() += 1;
            }
        }
        assert_eq!(seen.len(), CODE_ALPHABET.len());
        // A thousand each are expected; five standard deviations are about 155.
        for (sign, count) in seen {
            assert!((840..=1160).contains(&count), "{sign} {count}");
        }
    }
}
