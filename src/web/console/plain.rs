//! What people wrote, made plain before it stands on a page: nothing in it can turn other words
//! around, hide among them, or pile up over them.
//!
//! Every value of every page goes through [`plainly`], beside the escaping of markup. Signs that
//! only turn or hide are shown as a mark where they change how the text reads, and left out where
//! nobody could see them. What joins the parts of a picture sign stays.
//!
//! Deliberately absent: what is stored; that stays as it was written.

use std::borrow::Cow;

/// Stands where a sign would have turned the words around.
const TURNED: char = '⇄';
/// No script needs more signs above one letter.
const MOST_MARKS: usize = 3;

/// The text without signs that deceive.
pub(crate) fn plainly(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_odd) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut marks = 0;
    let signs: Vec<char> = text.chars().collect();
    for (at, sign) in signs.iter().copied().enumerate() {
        marks = if is_mark(sign) { marks + 1 } else { 0 };
        let neighbour = |at: Option<usize>| at.and_then(|at| signs.get(at)).copied();
        match sign {
            sign if turns(sign) => plain.push(TURNED),
            // 👨‍👩‍👧 is one picture of three.
            '\u{200d}' => {
                let before = neighbour(at.checked_sub(1)).is_some_and(is_picture);
                if before && neighbour(at.checked_add(1)).is_some_and(is_picture) {
                    plain.push(sign);
                }
            }
            sign if hides(sign) || marks > MOST_MARKS => {}
            sign => plain.push(sign),
        }
    }
    Cow::Owned(plain)
}

fn is_odd(sign: char) -> bool {
    turns(sign) || hides(sign) || is_mark(sign) || sign == '\u{200d}'
}

/// Turns the direction of what follows.
fn turns(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Takes no place, or is no sign for people.
fn hides(sign: char) -> bool {
    let is_control = sign.is_control() && !matches!(sign, '\n' | '\t' | '\r');
    is_control
        || matches!(
            sign,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200c}'
                | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}'
                | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Stands above or below the letter before it.
fn is_mark(sign: char) -> bool {
    matches!(
        sign,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
    )
}

fn is_picture(sign: char) -> bool {
    matches!(sign, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_cannot_be_turned_around_and_whoever_tried_is_seen() {
        assert_eq!(plainly("已付\u{202e}元001\u{202c}谢谢"), "已付⇄元001⇄谢谢");
        assert_eq!(plainly("\u{2067}路灯\u{2069}"), "⇄路灯⇄");
    }

    #[test]
    fn what_nobody_can_see_is_not_there() {
        assert_eq!(plainly("路\u{200b}灯\u{feff}\u{2060}坏\u{ad}了\u{0}"), "路灯坏了");
        assert_eq!(plainly("王庄\u{e0041}\u{e0042}村"), "王庄村");
    }

    #[test]
    fn lines_pictures_and_other_scripts_stay_as_they_are() {
        for text in ["第一行\n第二行\t路灯", "👨‍👩‍👧 谢谢", "Café naïve", "مرحبا", "ཞབས", "1️⃣"]
        {
            assert_eq!(plainly(text), text);
        }
    }

    #[test]
    fn signs_do_not_pile_up_over_a_letter() {
        let piled = format!("灯{}", "\u{301}".repeat(40));
        assert_eq!(plainly(&piled).chars().count(), 1 + MOST_MARKS);
    }

    proptest! {
        #[test]
        fn nothing_is_left_that_turns_or_hides(text in "\\PC{0,40}|[\u{200b}-\u{206f}路灯]{0,40}") {
            let plain = plainly(&text).into_owned();
            prop_assert!(!plain.chars().any(|sign| turns(sign) || hides(sign)));
            prop_assert_eq!(plainly(&plain).into_owned(), plain.clone());
        }
    }
}
