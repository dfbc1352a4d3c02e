//! The names of all variables, and what somebody meant who wrote another one.

use super::source::Problems;
use crate::ticket::Follower;
use std::collections::BTreeSet;

/// Everything that is ours begins so, but for three names that other programs use too.
const PREFIX: &str = "LIANXIN_";
/// Variables of an account begin so; then come its slug, `_` and one of [`OF_ACCOUNT`].
const ACCOUNT: &str = "LIANXIN_ACCOUNT_";

/// Variables that stand for themselves.
pub const GENERAL: &[&str] = &[
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "REDIS_URL",
    "REDIS_URL_FILE",
    "RUST_LOG",
    "LIANXIN_LISTEN",
    "LIANXIN_PUBLIC_URL",
    "LIANXIN_DATA_DIR",
    "LIANXIN_MEDIA_URL",
    "LIANXIN_MEDIA_ENDPOINT",
    "LIANXIN_MEDIA_REGION",
    "LIANXIN_MEDIA_ACCESS_KEY",
    "LIANXIN_MEDIA_ACCESS_KEY_FILE",
    "LIANXIN_MEDIA_SECRET_KEY",
    "LIANXIN_MEDIA_SECRET_KEY_FILE",
    "LIANXIN_TEMPLATES",
    "LIANXIN_SECRET_KEY",
    "LIANXIN_SECRET_KEY_FILE",
    "LIANXIN_WECHAT_API_URL",
    "LIANXIN_TRUSTED_PROXIES",
    "LIANXIN_RECORD_DIR",
    "LIANXIN_GROUP_API_URL",
    "LIANXIN_SMS_URL",
    "LIANXIN_SMS_TOKEN",
    "LIANXIN_SMS_TOKEN_FILE",
];

/// What follows an account's slug.
pub const OF_ACCOUNT: &[&str] = &[
    "APP_ID",
    "APP_SECRET",
    "APP_SECRET_FILE",
    "TOKEN",
    "TOKEN_FILE",
    "TOKEN_OLD",
    "TOKEN_OLD_FILE",
    "AES_KEY",
    "AES_KEY_FILE",
    "AES_KEY_OLD",
    "AES_KEY_OLD_FILE",
    "ORIGINAL_ID",
    "MODE",
    "NAME",
    "TEMPLATES",
    "SUBSCRIPTIONS",
    "WEB_AUTH",
    "DOMAIN_PROOF",
    "MENU",
    "WORDING",
    "SEATS",
];

/// The name of an account's variable.
pub(super) fn of_account(slug: &str, what: &str) -> String {
    format!("{ACCOUNT}{slug}_{what}")
}

/// The slugs of the accounts that these variables speak of, as written.
pub(super) fn slugs<'a>(
    names: impl IntoIterator<Item = &'a str>,
    problems: &mut Problems,
) -> BTreeSet<String> {
    let mut slugs = BTreeSet::new();
    for name in names {
        let Some(rest) = name.strip_prefix(ACCOUNT) else { continue };
        // The slug has no `_`, so it ends at the first one.
        let Some((slug, what)) = rest.split_once('_') else { continue };
        // An unknown variable founds no account; it is warned of as unknown.
        if !OF_ACCOUNT.contains(&what) {
            continue;
        }
        if slug.eq_ignore_ascii_case(Follower::OFFLINE) {
            problems.add(
                name,
                "no account may be called so: it stands for residents who have none",
                format!("write it like {}", of_account("MAIN", "APP_ID")),
            );
        } else if !slug.is_empty()
            && slug.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        {
            slugs.insert(slug.to_owned());
        } else {
            problems.add(
                name,
                "an account's name has only capital letters and digits",
                format!("write it like {}", of_account("MAIN", "APP_ID")),
            );
        }
    }
    slugs
}

/// Warns of every variable with our prefix that nobody reads, and names the nearest one.
pub(super) fn warn_of_unknown<'a>(
    names: impl IntoIterator<Item = &'a str>,
    slugs: &BTreeSet<String>,
    warnings: &mut Problems,
) {
    let known: BTreeSet<String> = GENERAL
        .iter()
        .map(|name| (*name).to_owned())
        .chain(slugs.iter().flat_map(|slug| OF_ACCOUNT.iter().map(|what| of_account(slug, what))))
        .collect();
    for name in names.into_iter().filter(|name| name.starts_with(PREFIX)) {
        if known.contains(name) {
            continue;
        }
        let mend = match nearest(name, &known) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "remove it, or look for its name in .env.example".to_owned(),
        };
        warnings.add(name, "nobody reads this variable", mend);
    }
}

/// The most alike of the known names, unless even that one is quite another.
fn nearest<'a>(name: &str, known: &'a BTreeSet<String>) -> Option<&'a str> {
    let (distance, nearest) =
        known.iter().map(|candidate| (distance(name, candidate), candidate)).min()?;
    // A third of the part that is not the prefix all names share.
    (distance * 3 <= name.len().saturating_sub(PREFIX.len()).max(6)).then_some(nearest)
}

/// How many letters have to be inserted, removed or replaced.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        let mut next = vec![left];
        for (above, wanted) in row.iter().skip(1).zip(&to) {
            let here = (diagonal + usize::from(letter != *wanted)).min(above + 1).min(left + 1);
            diagonal = *above;
            left = here;
            next.push(here);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_letters() {
        for (from, to, expected) in
            [("", "abc", 3), ("abc", "abc", 0), ("TOKNE", "TOKEN", 2), ("LISTN", "LISTEN", 1)]
        {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn a_suffix_that_ends_like_another_one_founds_no_account_of_its_own() {
        let mut problems = Problems::default();
        let names: Vec<String> = OF_ACCOUNT.iter().map(|what| of_account("MAIN", what)).collect();
        let slugs = slugs(names.iter().map(String::as_str), &mut problems);
        assert_eq!(slugs.into_iter().collect::<Vec<_>>(), ["MAIN"]);
        assert!(problems.is_empty());
    }
}
