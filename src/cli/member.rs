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
    county::{AreaCode, County, Leave},
    ids::RandomIds,
    inviting::{self, Drawn},
    storage::{Listed, Store},
};
use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use std::{io::Write, path::PathBuf};

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
                    let area = inviting::area_name(&county, &member);
                    let role = inviting::role_name(member.role);
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
                let members = inviting::unbound(store, &county, &code).await?;
                if members.is_empty() {
                    bail!("nobody in {} is without a phone", area.name);
                }
                members
            }
        };
        // Opened first: codes that cannot be written down must not be drawn.
        let mut output = output::open(self.output.as_deref())?;
        let tx = store.begin().await?;
        let now = SystemClock.now();
        let drawn = inviting::draw_all(&tx, &RandomIds, &county, members, now).await?;
        tx.commit().await?;
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

fn write_table(output: &mut dyn Write, drawn: &[Drawn]) -> anyhow::Result<()> {
    output.write_all(output::BOM)?;
    let mut table = csv::Writer::from_writer(output);
    table.write_record(["code", "name", "role", "area", "valid_until"])?;
    for one in drawn {
        let until = in_words(one.until);
        let role = inviting::role_name(one.role);
        let cells = [&one.code, &one.name, role, &one.area, &until];
        table.write_record(cells.map(output::guarded))?;
    }
    table.flush()?;
    Ok(())
}

fn write_text(output: &mut dyn Write, drawn: &[Drawn]) -> anyhow::Result<()> {
    for one in drawn {
        let Drawn { code, name, role, area, until } = one;
        let role = inviting::role_name(*role);
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
