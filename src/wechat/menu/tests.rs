//! What a file of menus may say.

use super::*;

const PAGE: &str = "https://lianxin.example/";

fn problems(text: &str) -> String {
    let told = read("menus.toml", text, PAGE).unwrap_err();
    told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn keys(buttons: &[Button], found: &mut Vec<String>) {
    for button in buttons {
        match &button.does {
            Does::Opens(below) => keys(below, found),
            Does::Sends { kind: "click", key } => found.push(key.clone()),
            _ => {}
        }
    }
}

const GOOD: &str = "[[button]]\nname = \"说事\"\nclick = \"REPORT\"\n";

#[test]
fn the_built_in_menus_have_every_key_that_the_chat_answers_and_no_other() {
    let menus = read(BUILT_IN_NAME, BUILT_IN, PAGE).unwrap();
    let mut found = Vec::new();
    keys(&menus.default, &mut found);
    assert!(!found.contains(&"TASKS".to_owned()), "residents have no tasks");
    for menu in &menus.conditional {
        keys(&menu.buttons, &mut found);
    }
    found.sort();
    found.dedup();
    let mut all = KEYS.map(str::to_owned);
    all.sort();
    assert_eq!(found, all);
    assert_eq!(ROLES.map(|role| menus.tag_of(role).is_some()), [true; 3]);
}

#[test]
fn every_kind_of_button_that_is_documented_can_be_read() {
    let text = "[[button]]\nname = \"一\"\n[[button.button]]\nname = \"页\"\nview = \"{page}/m/mine\"\n\
                [[button.button]]\nname = \"扫\"\nscancode_waitmsg = \"S\"\n\
                [[button.button]]\nname = \"拍\"\npic_photo_or_album = \"P\"\n\
                [[button.button]]\nname = \"位\"\nlocation_select = \"L\"\n\
                [[button.button]]\nname = \"小\"\n\
                miniprogram = { appid = \"wx1\", pagepath = \"p\", url = \"https://a.example\" }\n";
    let menus = read("menus.toml", text, PAGE).unwrap();
    let Does::Opens(below) = &menus.default[0].does else { panic!("it opens others") };
    assert_eq!(below[0].does, Does::Shows("https://lianxin.example/m/mine".to_owned()));
    let sends = |kind, key: &str| Does::Sends { kind, key: key.to_owned() };
    assert_eq!(below[1].does, sends("scancode_waitmsg", "S"));
    assert_eq!(below[2].does, sends("pic_photo_or_album", "P"));
    assert_eq!(below[3].does, sends("location_select", "L"));
    assert!(matches!(&below[4].does, Does::Starts { app_id, .. } if app_id == "wx1"));
}

#[test]
fn a_problem_names_file_and_line_and_how_to_mend_it() {
    let text = format!("{GOOD}\n[[button]]\nname = \"看\"\nclick = \"LOOK\"\n");
    let told = problems(&text);
    assert!(told.starts_with("menus.toml:5: nobody answers the key LOOK → write one of"), "{told}");
    let told = problems("[[button]]\nname = \"看\"\nclik = \"MINE\"\n");
    assert!(told.starts_with("menus.toml:3: unknown field"), "{told}");
}

#[test]
fn what_the_platform_would_refuse_is_refused_before() {
    let long = |bytes: usize| "a".repeat(bytes);
    let one = |rest: &str| format!("[[button]]\nname = \"说事\"\n{rest}\n");
    let below = "[[button.button]]\nname = \"二\"\nclick = \"MINE\"\n";
    for (text, expected) in [
        (String::new(), "there is no menu for everybody"),
        (GOOD.repeat(4), "1 to 3 buttons, and this one 4"),
        (one(&below.repeat(6)), "opens 1 to 5 others, and this one 6"),
        (one(""), "does nothing"),
        (one("click = \"MINE\"\nview = \"https://a.example\""), "does 2 things"),
        (one("click = \"\""), "a key has 1 to 128 bytes, and this one 0"),
        (one(&format!("pic_weixin = \"{}\"", long(129))), "and this one 129"),
        (one(&format!("view = \"https://a.example/{}\"", long(1024))), "at most 1024 bytes"),
        (one("view = \"/m/mine\""), "no whole address"),
        (one("view = \"javascript:alert(1)\""), "no whole address"),
        (
            "[[button]]\nname = \"六个字的名字\"\nclick = \"MINE\"\n".to_owned(),
            "18 bytes of 1 to 16",
        ),
        ("[[button]]\nname = '\\u6211'\nclick = \"MINE\"\n".to_owned(), "has an escape in it"),
        (
            one(&format!("[[button.button]]\nname = \"{}\"\nclick = \"MINE\"", long(61))),
            "61 bytes of 1 to 60",
        ),
        (
            one(&format!("{below}[[button.button.button]]\nname = \"三\"\nclick = \"MINE\"")),
            "opens no further ones",
        ),
        (
            one("miniprogram = { appid = \"x\", pagepath = \"p\", url = \"https://a.example\" }"),
            "begins with wx",
        ),
        (format!("{GOOD}[[menu]]\nrole = \"mayor\"\ntag = \"县长\"\n"), "the part “mayor”"),
        (format!("{GOOD}[[menu]]\nrole = \"member\"\ntag = \"\"\n"), "1 to 30 bytes"),
        (
            format!("{GOOD}[[menu]]\nrole = \"member\"\ntag = \"党员\"\n"),
            "1 to 3 buttons, and this one 0",
        ),
    ] {
        let told = problems(&text);
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let twice = "[[menu]]\nrole = \"member\"\ntag = \"党员\"\n[[menu.button]]\nname = \"说\"\nclick = \"MINE\"\n";
    assert!(problems(&format!("{GOOD}{twice}{twice}")).contains("another menu has this role"));
}

#[test]
fn three_foreign_sites_are_enough() {
    let to = |host: &str| {
        format!("[[button.button]]\nname = \"看\"\nview = \"https://{host}.example/x\"\n")
    };
    let head = "[[button]]\nname = \"说事\"\n";
    let three = [to("a"), to("b"), to("c"), to("lianxin"), to("a")].concat();
    assert!(read("m", &format!("{head}{three}"), PAGE).is_ok());
    let four = [to("a"), to("b"), to("c"), to("d")].concat();
    assert!(
        problems(&format!("{head}{four}")).contains("at most 3 foreign sites, and this one to 4")
    );
}

#[test]
fn what_is_as_long_as_it_may_be_is_taken() {
    let text = format!(
        "[[button]]\nname = \"{}\"\n[[button.button]]\nname = \"{}\"\npic_weixin = \"{}\"\n",
        "a".repeat(16),
        "b".repeat(60),
        "c".repeat(128)
    );
    assert!(read("m", &text, PAGE).is_ok());
}
