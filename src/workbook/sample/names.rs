//! Names for a county that does not exist: plausible, and each of them once.

use std::collections::HashSet;

const SURNAMES: [&str; 40] = [
    "李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
];
const FIRST: [&str; 30] = [
    "建", "国", "志", "文", "永", "春", "秀", "玉", "海", "金", "德", "明", "晓", "红", "立", "新",
    "桂", "凤", "少", "长", "福", "庆", "丽", "东", "兴", "振", "素", "爱", "淑", "保",
];
const SECOND: [&str; 30] = [
    "华", "军", "平", "英", "兰", "梅", "强", "伟", "芳", "霞", "林", "生", "民", "成", "发", "祥",
    "荣", "花", "云", "峰", "义", "忠", "信", "良", "山", "江", "涛", "静", "敏", "勤",
];
const HAMLETS: [&str; 30] = [
    "庄", "营", "店", "铺", "屯", "寨", "沟", "洼", "台", "桥", "楼", "口", "湾", "坡", "井", "园",
    "堡", "集", "场", "堤", "渡", "圈", "坊", "窑", "河", "岭", "塘", "坨", "墩", "甸",
];
const SIDES: [&str; 9] = ["", "前", "后", "东", "西", "南", "北", "大", "小"];
const TOWNSHIPS: [&str; 16] = [
    "青禾",
    "柳泉",
    "杏林",
    "石桥",
    "白塔",
    "龙湾",
    "双井",
    "枣林",
    "清河口",
    "槐荫",
    "望山",
    "梨园",
    "古渡",
    "金谷",
    "芦台",
    "松岗",
];

/// The name at a place, out of order so that neighbours differ: 柳泉镇.
pub(super) fn township(place: usize) -> String {
    let side = pick(&SIDES, place / TOWNSHIPS.len());
    let kind = if place.is_multiple_of(3) { "镇" } else { "乡" };
    format!("{side}{}{kind}", pick(&TOWNSHIPS, place))
}

/// The name at a place: 前李家庄村. No two of the first ten thousand are alike.
pub(super) fn village(place: usize) -> String {
    // It has no divisor in common with the number of names, so it visits each of them once.
    const STRIDE: usize = 3_727;
    let all = SURNAMES.len() * HAMLETS.len() * SIDES.len();
    let at = place * STRIDE % all;
    let (surname, rest) = (pick(&SURNAMES, at), at / SURNAMES.len());
    format!("{}{surname}家{}村", pick(&SIDES, rest / HAMLETS.len()), pick(&HAMLETS, rest))
}

fn pick(from: &[&'static str], place: usize) -> &'static str {
    from.get(place % from.len().max(1)).copied().unwrap_or_default()
}

/// Hands out names of people, each once.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    drawn: u64,
}

impl Names {
    /// A name that is given.
    pub(super) fn taken(&mut self, name: &str) -> String {
        self.taken.insert(name.to_owned());
        name.to_owned()
    }

    /// The next name; a namesake is told apart by where they are from.
    pub(super) fn next(&mut self, from: &str) -> String {
        loop {
            self.drawn += 1;
            let number = usize::try_from(mixed(self.drawn) >> 8).unwrap_or(0);
            let (surname, rest) = (pick(&SURNAMES, number), number / SURNAMES.len());
            let (first, rest) = (pick(&FIRST, rest), rest / FIRST.len());
            let name = format!("{surname}{first}{}", pick(&SECOND, rest));
            if self.taken.insert(name.clone()) {
                return name;
            }
            let name = format!("{name}（{from}）");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Numbers that look drawn, the same every time.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sample::MOST_VILLAGES;

    #[test]
    fn no_two_villages_and_no_two_people_share_a_name() {
        let villages: HashSet<String> = (0..MOST_VILLAGES).map(village).collect();
        assert_eq!(villages.len(), MOST_VILLAGES);
        let mut names = Names::default();
        let people: HashSet<String> = (0..9_000).map(|_| names.next("青山村")).collect();
        assert_eq!(people.len(), 9_000);
        assert!(people.iter().any(|name| name.ends_with("（青山村）")));
        let townships: HashSet<String> = (0..100).map(township).collect();
        assert_eq!(townships.len(), 100);
    }
}
