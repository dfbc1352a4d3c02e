//! What the platform takes: how many buttons, how long their names, keys and addresses.
//!
//! Lengths are bytes, as the platform counts them; a Chinese sign is three.

use super::{Button, Conditional, Does, KEYS, ROLES, read::Reader};
use std::collections::BTreeSet;
use url::Url;

const MOST_TOP: usize = 3;
const MOST_BELOW: usize = 5;
const LONGEST_TOP_NAME: usize = 16;
const LONGEST_NAME: usize = 60;
const LONGEST_KEY: usize = 128;
const LONGEST_URL: usize = 1024;
const LONGEST_TAG: usize = 30;
const MOST_FOREIGN_HOSTS: usize = 3;

impl Reader<'_> {
    pub(super) fn heading(&mut self, role: &str, tag: &str, before: &[Conditional], at: usize) {
        if !ROLES.contains(&role) {
            let what = format!("nobody plays the part “{role}”");
            self.problem(at, what, format!("write one of {}", ROLES.join(", ")));
        }
        if tag.trim().is_empty() || tag.len() > LONGEST_TAG {
            let what = format!("a tag has 1 to {LONGEST_TAG} bytes");
            self.problem(at, what, "write a short name, such as 党员");
        }
        if before.iter().any(|menu| menu.role == role || menu.tag == tag) {
            let what = "another menu has this role or this tag".to_owned();
            self.problem(at, what, "one menu for each role, each with a tag of its own");
        }
    }

    pub(super) fn count_top(&mut self, count: usize, at: usize) {
        if !(1..=MOST_TOP).contains(&count) && (at > 0 || count > 0) {
            let what = format!("a menu has 1 to {MOST_TOP} buttons, and this one {count}");
            self.problem(at, what, "put some of them below another one");
        }
    }

    pub(super) fn count_below(&mut self, count: usize, depth: usize, at: usize) {
        if depth > 0 {
            let what = "a button below another one opens no further ones".to_owned();
            self.problem(at, what, "put its buttons one level up");
        } else if count > MOST_BELOW {
            let what = format!("a button opens 1 to {MOST_BELOW} others, and this one {count}");
            self.problem(at, what, "leave some out");
        }
    }

    pub(super) fn name(&mut self, name: &str, depth: usize, at: usize) {
        let longest = if depth == 0 { LONGEST_TOP_NAME } else { LONGEST_NAME };
        if name.trim().is_empty() || name.len() > longest {
            let what = format!("the name “{name}” has {} bytes of 1 to {longest}", name.len());
            self.problem(at, what, "shorten it: a Chinese sign is three bytes");
        }
        if name.contains("\\u") {
            let what = format!("the name “{name}” has an escape in it");
            self.problem(at, what, "write the signs themselves");
        }
    }

    pub(super) fn key(&mut self, kind: &str, key: &str, at: usize) {
        if key.is_empty() || key.len() > LONGEST_KEY {
            let what = format!("a key has 1 to {LONGEST_KEY} bytes, and this one {}", key.len());
            self.problem(at, what, "shorten it");
        } else if kind == "click" && !KEYS.contains(&key) {
            let what = format!("nobody answers the key {key}");
            self.problem(at, what, format!("write one of {}", KEYS.join(", ")));
        }
    }

    pub(super) fn url(&mut self, url: &str, at: usize) {
        if url.len() > LONGEST_URL {
            let what = format!("an address has at most {LONGEST_URL} bytes");
            return self.problem(at, what, "shorten it");
        }
        let is_whole = Url::parse(url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !is_whole {
            let what = format!("“{url}” is no whole address");
            self.problem(at, what, "begin it with https:// or, for a page of ours, with {page}/");
        }
    }

    pub(super) fn program(&mut self, app_id: &str, page: &str, at: usize) {
        if !app_id.starts_with("wx") || page.is_empty() {
            let what = "a mini program has an app id that begins with wx, and a page".to_owned();
            self.problem(at, what, "copy both from the mini program's console");
        }
    }

    pub(super) fn foreign_hosts(&mut self, buttons: &[Button], at: usize) {
        let host = |url: &str| Url::parse(url).ok()?.host_str().map(str::to_owned);
        let own = host(self.page());
        let mut foreign = BTreeSet::new();
        let mut all: Vec<&Button> = buttons.iter().collect();
        while let Some(button) = all.pop() {
            match &button.does {
                Does::Opens(below) => all.extend(below),
                Does::Shows(url) => foreign.extend(host(url)),
                Does::Sends { .. } | Does::Starts { .. } => {}
            }
        }
        foreign.retain(|host| Some(host) != own.as_ref());
        if foreign.len() > MOST_FOREIGN_HOSTS {
            let what = format!(
                "a menu leads to at most {MOST_FOREIGN_HOSTS} foreign sites, and this one to {}",
                foreign.len()
            );
            self.problem(at, what, "leave some out, or lead to them from a page of ours");
        }
    }
}
