//! Scripts and recordings as files: finding them, playing them, telling what differs, rewriting
//! what is expected.
//!
//! All files are read before the first is played: a malformed one is a mistake of its writer, and
//! no run may hide it.

use super::{
    Options, Report, Trouble,
    database::Place,
    play,
    recording::Recording,
    script::Script,
    told::{NoStep, NotSo},
};
use crate::record::INDEX;
use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// How a run of files went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was as expected.
    Fine,
    /// Something was not, and was told.
    Differs,
    /// A file is missing or malformed; nothing was played.
    Malformed,
}

/// Why a run of files ended early.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A script could not be played to its end.
    #[error("could not play {}", .0.display())]
    Play(PathBuf, #[source] Trouble),
    /// Nobody reads what is told, or a file could not be rewritten.
    #[error("could not write")]
    Write(#[from] io::Error),
}

/// Plays all scripts in `paths`, files and folders, and tells on `out` what differs; with `update`
/// expectations are rewritten with what was said.
pub async fn run(
    paths: &[PathBuf],
    place: &Place,
    update: bool,
    out: &mut dyn Write,
) -> Result<Outcome, Unreadable> {
    let mut stories = Vec::new();
    let mut malformed = false;
    for path in find(paths) {
        match path.and_then(|path| Story::read(&path).map(|story| (path, story))) {
            Ok(read) => stories.push(read),
            Err(problem) => {
                malformed = true;
                writeln!(out, "{}", problem.trim_end())?;
            }
        }
    }
    if malformed {
        return Ok(Outcome::Malformed);
    }
    let (mut steps, mut left) = (0, 0);
    for (path, story) in &stories {
        let report = story
            .play(path, place)
            .await
            .map_err(|trouble| Unreadable::Play(path.clone(), trouble))?;
        steps += report.steps;
        let text = match story {
            Story::Script { text, .. } => text.as_str(),
            Story::Recording(_) => "",
        };
        left += tell(path, text, &report, update, out)?;
    }
    let fine = left == 0;
    let end = if fine { "ok".to_owned() } else { format!("{left} differences") };
    writeln!(out, "{}, {steps} steps, {end}", counted(&stories))?;
    Ok(if fine { Outcome::Fine } else { Outcome::Differs })
}

/// Something that can be played.
enum Story {
    Script { text: String, script: Script },
    Recording(Box<Recording>),
}

impl Story {
    /// Reads a script, or a folder with a recording; otherwise tells what is wrong with it.
    fn read(path: &Path) -> Result<Self, String> {
        if path.is_dir() {
            return Recording::read(path).map(|recording| Self::Recording(Box::new(recording)));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{}: it cannot be read: {error}", path.display()))?;
        let script = Script::parse(&text).map_err(|lines| {
            lines.iter().map(|line| NoStep(path, line).to_string()).collect::<String>()
        })?;
        Ok(Self::Script { text, script })
    }

    async fn play(&self, path: &Path, place: &Place) -> Result<Report, Trouble> {
        match self {
            Self::Script { script, .. } => {
                let beside = path.parent().unwrap_or(Path::new("."));
                let options = Options { place: place.clone(), ..Options::default() };
                play::play(script, beside, &options).await
            }
            Self::Recording(recording) => recording.play(place).await,
        }
    }
}

fn counted(stories: &[(PathBuf, Story)]) -> String {
    let recordings =
        stories.iter().filter(|(_, story)| matches!(story, Story::Recording(_))).count();
    match (stories.len() - recordings, recordings) {
        (scripts, 0) => format!("{scripts} scripts"),
        (0, recordings) => format!("{recordings} recordings"),
        (scripts, recordings) => format!("{scripts} scripts, {recordings} recordings"),
    }
}

/// Tells what differs, or rewrites it; returns how much is left.
fn tell(
    path: &Path,
    text: &str,
    report: &Report,
    update: bool,
    out: &mut dyn Write,
) -> io::Result<usize> {
    let mut rewritten = BTreeMap::new();
    let mut left = 0;
    for difference in &report.differences {
        match &difference.rewrite {
            Some(line) if update => {
                rewritten.insert(difference.line, line.as_str());
            }
            _ => {
                left += 1;
                write!(out, "{}", NotSo(path, difference))?;
            }
        }
    }
    if !rewritten.is_empty() {
        std::fs::write(path, rewrite(text, &rewritten))?;
        writeln!(out, "{}: {} lines rewritten", path.display(), rewritten.len())?;
    }
    Ok(left)
}

/// The text with these lines in the place of those with their numbers; all others byte for byte.
fn rewrite(text: &str, lines: &BTreeMap<usize, &str>) -> String {
    text.split_inclusive('\n')
        .enumerate()
        .map(|(index, old)| match lines.get(&(index + 1)) {
            Some(new) => {
                let content = old.trim_end_matches(['\r', '\n']);
                format!("{new}{}", old.strip_prefix(content).unwrap_or_default())
            }
            None => old.to_owned(),
        })
        .collect()
}

/// The scripts and recordings that paths lead to, in a fixed order; a path that leads nowhere is told.
fn find(paths: &[PathBuf]) -> Vec<Result<PathBuf, String>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut below = Vec::new();
            stories_below(path, &mut below);
            below.sort();
            if below.is_empty() {
                found.push(Err(format!(
                    "{}: there is neither a script nor a recording in it",
                    path.display()
                )));
            }
            found.extend(below.into_iter().map(Ok));
        } else if path.exists() {
            found.push(Ok(path.clone()));
        } else {
            found.push(Err(format!("{}: there is no such file", path.display())));
        }
    }
    found
}

fn stories_below(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join(INDEX).exists() {
        found.push(folder.to_path_buf());
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            stories_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "chat") {
            found.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_that_are_named_are_rewritten() {
        let text = "# 一\r\n王大娘 < 旧\r\n王大娘 < 旧\n末";
        let lines = BTreeMap::from([(2, "王大娘 < 新"), (4, "新末")]);
        assert_eq!(rewrite(text, &lines), "# 一\r\n王大娘 < 新\r\n王大娘 < 旧\n新末");
    }
}
