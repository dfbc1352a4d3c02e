//! Where variables come from, and the list of everything that is wrong with them.
//!
//! A variable that is empty is not set. A secret may be given as a file instead: the same name
//! with `_FILE`. Nothing here repeats a value: it may be a secret in the wrong place.

use crate::wechat::account::Secret;
use std::{collections::BTreeMap, fmt, path::Path};

/// Looks a variable up by its name.
pub type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One thing that is wrong, or odd, with one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub variable: String,
    /// What is wrong with it.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.variable, self.what, self.mend)
    }
}

/// Everything that was found so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    /// Notes one.
    pub fn add(&mut self, variable: &str, what: impl Into<String>, mend: impl Into<String>) {
        self.found.push(Problem {
            variable: variable.to_owned(),
            what: what.into(),
            mend: mend.into(),
        });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All of them, in the order in which they were found.
    pub fn into_vec(self) -> Vec<Problem> {
        self.found
    }
}

/// The variable, unless it is absent or blank.
pub(super) fn optional(source: Source<'_>, name: &str) -> Option<String> {
    source(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The variable, or what `NAME_FILE` points to. Giving both is a mistake: nobody could tell
/// which one counts.
pub(super) fn secret(source: Source<'_>, name: &str, problems: &mut Problems) -> Option<Secret> {
    let file_name = format!("{name}_FILE");
    let (given, file) = (optional(source, name), optional(source, &file_name));
    match (given, file) {
        (Some(_), Some(_)) => {
            problems.add(&file_name, format!("{name} is set as well"), "keep one of the two");
            None
        }
        (Some(value), None) => Some(Secret::new(value)),
        (None, Some(path)) => secret_file(&file_name, &path, problems),
        (None, None) => None,
    }
}

fn secret_file(variable: &str, path: &str, problems: &mut Problems) -> Option<Secret> {
    match std::fs::read_to_string(Path::new(path)) {
        Ok(text) if text.trim().is_empty() => {
            problems.add(variable, "the file is empty", "write the secret into it");
            None
        }
        Ok(text) => Some(Secret::new(text.trim())),
        Err(error) => {
            problems.add(
                variable,
                format!("the file cannot be read: {error}"),
                "give the path of a readable text file",
            );
            None
        }
    }
}

/// A required secret.
pub(super) fn required_secret(
    source: Source<'_>,
    name: &str,
    mend: &str,
    problems: &mut Problems,
) -> Option<Secret> {
    let before = problems.found.len();
    let secret = secret(source, name, problems);
    if secret.is_none() && problems.found.len() == before {
        problems.add(name, "it is not set", mend);
    }
    secret
}

/// A required value.
pub(super) fn required(
    source: Source<'_>,
    name: &str,
    mend: &str,
    problems: &mut Problems,
) -> Option<String> {
    let value = optional(source, name);
    if value.is_none() {
        problems.add(name, "it is not set", mend);
    }
    value
}

/// The process's environment, completed by a `.env` file; the environment wins.
#[derive(Debug, Default, Clone)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Reads the environment and, if there is one, the file at `path`.
    pub fn read(path: &Path) -> Result<Self, dotenvy::Error> {
        let mut values = BTreeMap::new();
        match dotenvy::from_path_iter(path) {
            Ok(lines) => {
                for line in lines {
                    let (name, value) = line?;
                    values.insert(name, value);
                }
            }
            Err(error) if error.not_found() => {}
            Err(error) => return Err(error),
        }
        // Text that is not Unicode cannot be a variable of ours.
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        values.extend(environment);
        Ok(Self(values))
    }

    /// An environment of exactly these variables.
    pub fn of<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The variable as it was given.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// The names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
