//! Texts that show more than words: a first line `图片：`, `语音：` or `图文：` names what goes with
//! them. Pure.
//!
//! ```text
//! 图片：欢迎.jpg
//! 语音：欢迎.mp3 | 关注以后有事直接说
//! 图文：标题 | 说明 | 图片地址 | 链接
//! ```
//!
//! What has to be read is never left to a picture: the words below are the answer, and what is shown
//! goes with them; alone it is the answer itself, and then it needs words for when the file is not
//! there.
//!
//! Deliberately absent: the files, and what the platform calls them.

/// A text as it is said, and what is shown with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spoken {
    /// The words; empty where what is shown says it all.
    pub text: String,
    /// What is shown.
    pub shown: Option<Shown>,
}

/// What is shown with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A picture.
    Image(File),
    /// A voice.
    Voice(File),
    /// An article.
    Card(Card),
}

/// A file of the county's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is said where it cannot be shown; empty where words follow anyway.
    pub instead: String,
}

/// An article (图文).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The headline.
    pub title: String,
    /// The words below.
    pub description: String,
    /// The address of its picture; may be empty.
    pub picture: String,
    /// Where it leads.
    pub url: String,
}

impl Spoken {
    /// The words of somebody who cannot see anything: those of the text, or those that stand for
    /// what is shown.
    pub fn words(&self) -> String {
        if !self.text.is_empty() {
            return self.text.clone();
        }
        match &self.shown {
            Some(Shown::Image(file) | Shown::Voice(file)) => file.instead.clone(),
            Some(Shown::Card(card)) => {
                let parts = [&card.title, &card.description, &card.url].map(String::as_str);
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
            }
            None => String::new(),
        }
    }
}

/// What is wrong with a first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The file's name is missing, or is none.
    #[error("“图片：”“语音：”后面请写文件名，例如 欢迎.jpg")]
    Name,
    /// A picture's name does not end like one, nor a voice's.
    #[error("图片请用 .jpg、.png 或 .gif，语音请用 .mp3 或 .amr")]
    Ending,
    /// Nothing would be said where the file is not there.
    #[error("下面请再写几句话，或者写成“图片：文件名 | 代替的话”：文件送不出去的时候就说这些")]
    NothingInstead,
    /// Not the parts of an article.
    #[error("图文请写成“图文：标题 | 说明 | 图片地址 | 链接”，图片地址可以空着")]
    Parts,
    /// No address of the web.
    #[error("图文的链接和图片地址要以 https:// 或 http:// 开头")]
    Address,
    /// A headline or a description that nobody sees whole.
    #[error("图文的标题最多 64 个字，说明最多 120 个字")]
    Long,
}

/// More of a headline or of a description nobody sees.
const LONGEST_TITLE: usize = 64;
const LONGEST_DESCRIPTION: usize = 120;
const LONGEST_NAME: usize = 60;

/// Reads a text that was filled in; a first line that names nothing is words like any other.
pub fn read(text: &str) -> Result<Spoken, Mistake> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let rest = rest.trim_matches('\n');
    let named = ["图片", "语音", "图文"].into_iter().find_map(|word| {
        let after = first.trim().strip_prefix(word)?;
        let value = after.strip_prefix('：').or_else(|| after.strip_prefix(':'))?;
        Some((word, value.trim()))
    });
    let Some((word, value)) = named else {
        return Ok(Spoken { text: text.to_owned(), shown: None });
    };
    let shown = match word {
        "图片" => Shown::Image(file(value, rest, &[".jpg", ".jpeg", ".png", ".gif"])?),
        "语音" => Shown::Voice(file(value, rest, &[".mp3", ".amr"])?),
        _ => Shown::Card(card(value)?),
    };
    Ok(Spoken { text: rest.to_owned(), shown: Some(shown) })
}

/// Whether a file of the county's own may be called so: a plain name, in no folder.
pub fn is_name(name: &str) -> bool {
    let count = name.chars().count();
    let is_plain = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | '|' | ':' | '：' | '"');
    (1..=LONGEST_NAME).contains(&count) && name.chars().all(is_plain) && !name.starts_with('.')
}

fn file(value: &str, rest: &str, endings: &[&str]) -> Result<File, Mistake> {
    let (name, instead) = value.split_once(['|', '｜']).unwrap_or((value, ""));
    let (name, instead) = (name.trim().to_owned(), instead.trim().to_owned());
    if !is_name(&name) {
        return Err(Mistake::Name);
    }
    let lower = name.to_lowercase();
    if !endings.iter().any(|ending| lower.ends_with(ending)) {
        return Err(Mistake::Ending);
    }
    if rest.trim().is_empty() && instead.is_empty() {
        return Err(Mistake::NothingInstead);
    }
    Ok(File { name, instead })
}

fn card(value: &str) -> Result<Card, Mistake> {
    let parts: Vec<String> = value.split(['|', '｜']).map(|part| part.trim().to_owned()).collect();
    let Ok([title, description, picture, url]) = <[String; 4]>::try_from(parts) else {
        return Err(Mistake::Parts);
    };
    if title.is_empty() {
        return Err(Mistake::Parts);
    }
    let is_address = |text: &str| {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        host.is_some_and(|host| !host.is_empty() && !text.contains(char::is_whitespace))
    };
    if !is_address(&url) || !(picture.is_empty() || is_address(&picture)) {
        return Err(Mistake::Address);
    }
    if title.chars().count() > LONGEST_TITLE || description.chars().count() > LONGEST_DESCRIPTION {
        return Err(Mistake::Long);
    }
    Ok(Card { title, description, picture, url })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_line_that_is_not_right_is_told_in_words() {
        for (text, wrong) in [
            ("图片：\n您好", Mistake::Name),
            ("图片：../a.jpg\n您好", Mistake::Name),
            ("图片：.jpg\n您好", Mistake::Name),
            ("图片:欢迎.exe\n您好", Mistake::Ending),
            ("语音：欢迎.jpg\n您好", Mistake::Ending),
            ("图片：欢迎.jpg", Mistake::NothingInstead),
            ("语音：欢迎.mp3 | \n \n", Mistake::NothingInstead),
            ("图文：标题 | 说明 | https://a.example/x", Mistake::Parts),
            ("图文： | 说明 | | https://a.example/x", Mistake::Parts),
            ("图文：标题 | 说明 | | javascript:alert(1)", Mistake::Address),
            ("图文：标题 | 说明 | a.jpg | https://a.example/x", Mistake::Address),
            ("图文：标题 | 说明 | | https://a.example/x y", Mistake::Address),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
        let long = format!("图文：{} | 说明 | | https://a.example/", "长".repeat(65));
        assert_eq!(read(&long), Err(Mistake::Long));
    }

    #[test]
    fn words_are_words_wherever_a_picture_is_spoken_of() {
        for text in ["您好\n图片：欢迎.jpg", "图片上看不清，请再拍一张", "", "图片 欢迎"]
        {
            assert_eq!(read(text), Ok(Spoken { text: text.to_owned(), shown: None }), "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_told_from_what_is_said() {
        let spoken = read("图片：欢迎 1.JPG\n\n您好\n请说").unwrap();
        assert_eq!(spoken.text, "您好\n请说");
        let file = File { name: "欢迎 1.JPG".to_owned(), instead: String::new() };
        assert_eq!(spoken.shown, Some(Shown::Image(file)));
        let voice = read("语音:欢迎.mp3｜您好").unwrap();
        assert_eq!((voice.text.as_str(), voice.words().as_str()), ("", "您好"));
        let card = read("图文：怎么办 | 带身份证 | | https://a.example/x?a=1&b=2").unwrap();
        assert_eq!(card.words(), "怎么办\n带身份证\nhttps://a.example/x?a=1&b=2");
    }
}
