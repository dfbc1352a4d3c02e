//! The words that say a spot: 东头, 村口, 门口, 人民路12号, 3号楼2单元.
//!
//! A spot is a run of such words with a few plain signs between them. Deliberately absent: areas;
//! a spot alone does not say in which village it is.

/// Spots by themselves.
const PLACES: &str = "十字路口 丁字路口 三岔路口 三岔口 红绿灯 路口 村口 村头 村东头 村西头 村南头 村北头 \
    村东口 村西口 村南口 村北口 村东 村西 村南 村北 村中间 村中心 村委会 村部 大队部 东头 \
    西头 南头 北头 大槐树 老槐树 槐树 大柳树 大杨树 老井 桥头 桥下 大桥 小桥 石桥 文化广场 \
    广场 公园 戏台 河堤 河边 河沟 水库 水塘 坑塘 池塘 公交站 车站 站牌 加油站 高速口 敬老院 \
    养老院 卫生院 卫生室 便民服务站 党群服务中心 活动室 菜市场 集市 大集 砖厂 养殖场 垃圾站 \
    变电站 巷子口 胡同口 巷口 街口 地头 果园";

/// Spots only with a name or another spot beside them.
const NAMED: &str = "家属院 小区 胡同 大街 街 巷子 巷 大道 国道 省道 县道 路 桥 小学 中学 学校 幼儿园 超市 \
    小卖部 市场 饭店 宾馆 银行 邮局 医院 诊所 药店 工地 厂 庙 祠堂 大棚 公厕 号楼 栋 幢 \
    单元 号院 楼 层 室 号 家";

/// Beside something that was named or is known: 门口, 对面. Weak alone.
const RELATIVE: &str = "我家门口 俺家门口 自家门口 我家门前 我家旁边 我家后面 我家 俺家 家门口 大门口 门口 门前 \
    后门 东门 西门 南门 北门 对面 对过 旁边 隔壁 附近 跟前 前面 后面 前边 后边 边上 路边 \
    路东 路西 路南 路北 东边 西边 南边 北边 东侧 西侧 南侧 北侧 东面 西面 南面 北面 东北角 \
    西北角 东南角 西南角 拐角 拐弯处 交叉口 中间 尽头 里面 那儿 那里 房后 屋后 楼下 楼道";

/// Signs that end a run: they begin or belong to what happened there.
const ENDS: &str = "有没坏了不是被把给漏停堵断倒想要我你他她它修建盖报说问吗呢啊吧很太都也就还又在跟和到\
    叫让请谁什怎为能会得着过去来掉塌破裂丢偷吵打乱脏臭黑亮塞";

/// At most so many plain signs stand between an area and a spot, or between two spots: enough for
/// 老王家 or 第三排, too few for a clause.
const GAP: usize = 5;

/// A name before 路 or 小区 has at most so many signs.
const NAME: usize = 4;

/// Where the run of spots ends that begins at `from`; `from` itself where there is none.
pub(super) fn run_from(signs: &[char], from: usize) -> usize {
    let mut end = from;
    // 王庄村，村口 and 王庄村在村口 are one place.
    let joint = signs.get(from).is_some_and(|c| ",，、 的在".contains(*c));
    let mut at = from + usize::from(joint);
    while let Some(next) = next_spot(signs, at) {
        end = house_number(signs, next);
        at = end;
    }
    end
}

/// The first run of spots that says a place without an area, as start and end.
pub(super) fn strong_run(signs: &[char]) -> Option<(usize, usize)> {
    (0..signs.len()).find_map(|at| {
        let (length, kind) = spot_at(signs, at)?;
        let start = if kind == Kind::Named { name_before(signs, at) } else { at };
        let end = run_from(signs, at);
        let is_compound = end > at + length;
        let is_strong = match kind {
            Kind::Place => true,
            Kind::Named => start < at || is_compound,
            Kind::Relative => false,
        };
        (is_strong && end > start).then_some((start, end))
    })
}

/// The first run of spots of any strength.
pub(super) fn weak_run(signs: &[char]) -> Option<(usize, usize)> {
    (0..signs.len()).find_map(|at| {
        let (_, kind) = spot_at(signs, at)?;
        let end = run_from(signs, at);
        (kind != Kind::Named && end > at).then_some((at, end))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Place,
    Named,
    Relative,
}

/// The end of the next spot at most a gap away.
fn next_spot(signs: &[char], from: usize) -> Option<usize> {
    for at in from..=from + GAP {
        if let Some((length, kind)) = spot_at(signs, at)
            // 路 or 家 needs a name: 王庄村路坏了 says no spot.
            && (kind != Kind::Named || length > 1 || at > from)
        {
            return Some(at + length);
        }
        let sign = signs.get(at)?;
        let is_people_street = *sign == '人' && signs.get(at + 1) == Some(&'民');
        if !sign.is_alphanumeric() || ENDS.contains(*sign) || (*sign == '人' && !is_people_street)
        {
            return None;
        }
    }
    None
}

fn spot_at(signs: &[char], at: usize) -> Option<(usize, Kind)> {
    let lists = [(PLACES, Kind::Place), (NAMED, Kind::Named), (RELATIVE, Kind::Relative)];
    let rest = signs.get(at..)?;
    let matches = lists.into_iter().flat_map(|(words, kind)| {
        words.split_whitespace().filter_map(move |word| {
            let length = word.chars().count();
            let is_here = word.chars().eq(rest.iter().take(length).copied());
            is_here.then_some((length, kind))
        })
    });
    let (length, kind) = matches.max_by_key(|(length, _)| *length)?;
    let word = rest.get(..length)?;
    (!is_part_of_another_word(signs, at, word)).then_some((length, kind))
}

/// 路灯 is no 路, 我家 no 家 of somebody's, and 楼 needs its number.
fn is_part_of_another_word(signs: &[char], at: usize, word: &[char]) -> bool {
    let next = signs.get(at + word.len()).copied().unwrap_or(' ');
    let previous = at.checked_sub(1).and_then(|at| signs.get(at)).copied().unwrap_or(' ');
    let is_numbered = super::words::digit(previous).is_some() || "十号第".contains(previous);
    match word {
        ['路'] => {
            "灯面况障牌费过由上人".contains(next) || "马修公铁线电网走道水一".contains(previous)
        }
        ['家'] => "里人庭具属长电务教".contains(next) || "大国公专回在全搬人谁".contains(previous),
        ['桥'] => "梁面".contains(next),
        ['厂'] => "家长".contains(next),
        ['街'] => "道坊".contains(next) || previous == '逛',
        ['楼' | '层' | '栋' | '幢' | '号' | '室'] => !is_numbered || next == '码',
        ['号', '楼'] | ['单', '元'] => !is_numbered && previous != '几',
        _ => false,
    }
}

/// Takes the number behind 人民路 or 2单元, unless it counts something: 路口3个.
fn house_number(signs: &[char], from: usize) -> usize {
    let digits = signs.iter().skip(from).take_while(|c| c.is_ascii_digit() || **c == '-').count();
    let end = from + digits;
    match signs.get(end) {
        _ if digits == 0 => from,
        // 5号楼 is a spot of its own.
        Some('号') if matches!(signs.get(end + 1), Some('楼' | '院')) => from,
        Some('号' | '室' | '院' | '栋' | '幢' | '层' | '楼' | '排') => end + 1,
        Some(c) if c.is_alphanumeric() => from,
        _ => end,
    }
}

/// Where the name before 小区 begins.
fn name_before(signs: &[char], at: usize) -> usize {
    let before = signs.iter().take(at).rev().take(NAME);
    let is_name = |c: &&char| c.is_alphanumeric() && !ENDS.contains(**c) && **c != '的';
    at - before.take_while(is_name).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::county::words::half_width;

    fn strong(text: &str) -> Option<String> {
        let signs = half_width(text);
        let (start, end) = strong_run(&signs)?;
        Some(signs[start..end].iter().collect())
    }

    #[test]
    fn an_address_is_found_without_an_area() {
        for (text, spot) in [
            ("幸福小区3号楼2单元漏水", "幸福小区3号楼2单元"),
            ("人民路12号门口井盖丢了", "人民路12号门口"),
            ("村口大槐树那儿路灯不亮", "村口大槐树那儿"),
            ("学校门口有积水", "学校门口"),
            ("村东头垃圾没人清", "村东头"),
            ("在幸福小区5号楼501，水管漏", "幸福小区5号楼501"),
        ] {
            assert_eq!(strong(text).as_deref(), Some(spot), "{text}");
        }
    }

    #[test]
    fn a_matter_without_an_address_has_none() {
        for text in [
            "路灯坏了三天了",
            "我家门口路灯坏了",
            "低保怎么办",
            "修路什么时候修",
            "大家都没水",
            "一号码打不通",
            "看病太贵",
            "学校乱收费",
            "",
            "家里停电了",
            "门口堵了",
        ] {
            assert_eq!(strong(text), None, "{text}");
        }
    }
}
