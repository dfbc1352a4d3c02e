//! 不对，是… · 地点写错了 · 改成…: which slot of a draft is meant, and what it shall hold.

use super::bare;

/// A slot that a correction names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dialogue) enum SlotName {
    Text,
    Place,
    Category,
    Contact,
    Photos,
}

/// A correction: which slot, if named, and the new words, if given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialogue) struct Correction {
    pub(in crate::dialogue) slot: Option<SlotName>,
    pub(in crate::dialogue) value: Option<String>,
}

/// Reads 不对，是… / 地点写错了 / 改成….
pub(in crate::dialogue) fn correction(text: &str) -> Option<Correction> {
    let word = text.trim();
    let asks =
        ["我要改", "要改", "想改", "修改", "换", "改"].iter().find_map(|w| word.strip_prefix(w));
    let word = asks.map_or(word, |rest| rest.trim_start_matches(['下', '一'])).trim_start();
    let slot = [
        ("地点", SlotName::Place),
        ("地方", SlotName::Place),
        ("位置", SlotName::Place),
        ("地址", SlotName::Place),
        ("类别", SlotName::Category),
        ("分类", SlotName::Category),
        ("类型", SlotName::Category),
        ("电话", SlotName::Contact),
        ("号码", SlotName::Contact),
        ("手机", SlotName::Contact),
        ("照片", SlotName::Photos),
        ("图片", SlotName::Photos),
        ("事情", SlotName::Text),
        ("内容", SlotName::Text),
    ]
    .iter()
    .find(|(name, _)| word.starts_with(name))
    .map(|(_, slot)| *slot);
    let names_mistake =
        ["错了", "不对", "写错", "说错", "弄错", "搞错"].iter().any(|w| word.contains(w));
    for sign in [
        "改成",
        "改为",
        "应该是",
        "应是",
        "不对，是",
        "不对,是",
        "不对是",
        "错了，是",
        "错了,是",
        "错了是",
    ] {
        if let Some((_, value)) = word.split_once(sign) {
            let value = bare(value);
            return Some(Correction { slot, value: (!value.is_empty()).then_some(value) });
        }
    }
    if slot.is_some() && (names_mistake || asks.is_some()) && word.chars().count() <= 12 {
        return Some(Correction { slot, value: None });
    }
    for sign in ["不对", "错了", "不是"] {
        if let Some(value) = word.strip_prefix(sign) {
            let value = bare(value);
            // 不是路灯，是垃圾: what it is not is left out.
            let value = match value.rsplit_once('是') {
                Some((_, is)) if sign == "不是" && !is.is_empty() => is.to_owned(),
                _ => value.strip_prefix('是').unwrap_or(&value).to_owned(),
            };
            if value.chars().count() >= 2 {
                return Some(Correction { slot, value: Some(value) });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_names_its_slot_or_only_the_new_value() {
        let place = correction("地点写错了").unwrap();
        assert_eq!(place, Correction { slot: Some(SlotName::Place), value: None });
        let value = correction("不对，是李家村").unwrap();
        assert_eq!(value, Correction { slot: None, value: Some("李家村".into()) });
        let both = correction("地点改成东关村村口").unwrap();
        assert_eq!(
            both,
            Correction { slot: Some(SlotName::Place), value: Some("东关村村口".into()) }
        );
        assert_eq!(correction("不对"), None);
        assert_eq!(correction("路灯坏了"), None);
    }
}
