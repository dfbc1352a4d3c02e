//! Invitation codes: drawn for one person or for all of an area, shown once, printed as slips.
//!
//! The answer to the form is the page with the codes: they are stored as hashes, so nobody can
//! come back to it, and drawing again ends the old ones.

use super::{Desk, Posted, Stop, areas, stop::Why};
use crate::{
    access::Permission,
    calendar::in_beijing,
    county::AreaCode,
    inviting::{self, Drawn},
    storage::{Listed, StorageError},
};
use actix_web::{
    HttpResponse,
    web::{ServiceConfig, get, post, resource},
};
use serde::{Deserialize, Serialize};

/// So many slips are printed at once.
const MOST: usize = 500;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(resource("/codes").route(get().to(ask)).route(post().to(draw)));
}

#[derive(Serialize)]
struct Ask<'a> {
    places: areas::Places<'a>,
    names: Vec<String>,
}

#[derive(Serialize)]
struct Slips {
    slips: Vec<Slip>,
}

#[derive(Serialize)]
struct Slip {
    code: String,
    name: String,
    role: &'static str,
    area: String,
    until: String,
}

impl From<Drawn> for Slip {
    fn from(drawn: Drawn) -> Self {
        let Drawn { code, name, role, area, until } = drawn;
        // In two halves, which are easier to read off and to type.
        let (left, right) = code.split_at_checked(5).unwrap_or((&code, ""));
        Self {
            code: format!("{left} {right}"),
            name,
            role: inviting::role_name(role),
            area,
            until: in_beijing(until).format("%-m月%-d日 %H:%M").to_string(),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    area: String,
    /// 1 where the form for all of an area was used.
    #[serde(default)]
    all: String,
}

async fn ask(desk: Desk) -> Result<HttpResponse, Stop> {
    desk.needs(Permission::Settings)?;
    let members = desk.app.store.members().await.map_err(|error| desk.broken(&error))?;
    let mut names: Vec<String> = members
        .into_iter()
        .filter(|member| is_mine(&desk, member))
        .map(|member| member.person.name)
        .collect();
    names.sort();
    names.dedup();
    let content = Ask { places: areas::Places::of(&desk, ""), names };
    desk.page("accounts/codes.html", "members", "邀请码", content)
}

/// Nobody becomes somebody outside of their own area by a code that they draw themselves.
fn is_mine(desk: &Desk, member: &Listed) -> bool {
    let own = desk.operator().scope.area.clone().map(AreaCode);
    own.is_none_or(|own| inviting::is_within(&desk.county, member, &own))
}

async fn draw(posted: Posted<Wanted>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form } = posted;
    desk.needs(Permission::Settings)?;
    let members = if form.all.is_empty() {
        vec![named(&desk, form.name.trim()).await?]
    } else {
        unbound(&desk, &form.area).await?
    };
    let whom = match members.as_slice() {
        [one] => one.person.name.clone(),
        several => format!("{} 人", several.len()),
    };
    let drawn: Result<Vec<Drawn>, StorageError> = async {
        let tx = desk.app.store.begin().await?;
        let (ids, county) = (desk.app.ids.as_ref(), &desk.county);
        let drawn = inviting::draw_all(&tx, ids, county, members, desk.now).await?;
        let (by, name) = (Some(desk.operator()), &desk.account.name);
        tx.note_deed(by, name, "invited", Some(&whom), &form.area, desk.now).await?;
        tx.commit().await?;
        Ok(drawn)
    }
    .await;
    let drawn = drawn.map_err(|error| desk.broken(&error))?;
    let content = Slips { slips: drawn.into_iter().map(Slip::from).collect() };
    desk.page("accounts/slips.html", "members", "邀请码", content)
}

fn told(desk: &Desk, what: String, mend: &str) -> Stop {
    desk.stop(Why::Told { what, mend: mend.to_owned() })
}

async fn named(desk: &Desk, name: &str) -> Result<Listed, Stop> {
    let members = desk.app.store.members().await.map_err(|error| desk.broken(&error))?;
    let mut named =
        members.into_iter().filter(|member| member.person.name == name && is_mine(desk, member));
    match (named.next(), named.next()) {
        (Some(member), None) => Ok(member),
        (Some(_), Some(_)) => {
            let mend = "请在“人员”里把他们的姓名写得不一样，再生成邀请码。";
            Err(told(desk, format!("有好几个人叫“{name}”。"), mend))
        }
        (None, _) => {
            let mend = "请先在“人员”里添加，或核对姓名。";
            Err(told(desk, format!("没有叫“{name}”的人。"), mend))
        }
    }
}

async fn unbound(desk: &Desk, area: &str) -> Result<Vec<Listed>, Stop> {
    let code = match area {
        "" => desk.county.code().cloned(),
        code => Some(AreaCode(code.to_owned())),
    };
    let known = code.filter(|code| desk.county.area(code).is_some());
    let code = known.ok_or_else(|| desk.stop(Why::Unreadable))?;
    let found = inviting::unbound(&desk.app.store, &desk.county, &code).await;
    let mut found = found.map_err(|error| desk.broken(&error))?;
    found.retain(|member| is_mine(desk, member));
    if found.is_empty() {
        let mend = "可以换一个地方，或者给某一个人单独生成。";
        return Err(told(desk, "这里的人都已经绑定了微信。".to_owned(), mend));
    }
    found.truncate(MOST);
    Ok(found)
}
