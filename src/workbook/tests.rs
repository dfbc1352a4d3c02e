//! What comes in as a file comes out as a county, or as sentences.

use super::*;
use crate::county::{Level, Role, UnitKind, demo, rule::read_channel};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use std::{
    io::{Cursor, Read, Write},
    sync::LazyLock,
};

/// A workbook of the demo county with one sheet changed.
fn demo_with(change: impl Fn(&str, &mut Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (form, cells) in write::demo_sheets() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(form.chinese).unwrap();
        for (row, (_, cells)) in (0..).zip(cells) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
        change(form.english, sheet);
    }
    workbook.save_to_buffer().unwrap()
}

fn told(bytes: &[u8]) -> Vec<String> {
    told_of("county.xlsx", bytes)
}

fn told_of(name: &str, bytes: &[u8]) -> Vec<String> {
    let troubles = county(vec![Book::of_file(name, bytes)]).map(|_| ()).unwrap_err();
    troubles.iter().map(ToString::to_string).collect()
}

/// Of one sentence, what is wrong; the demo county has no other mistake.
fn only(change: impl Fn(&str, &mut Worksheet)) -> String {
    let told = told(&demo_with(change));
    assert_eq!(told.len(), 1, "{told:#?}");
    told[0].clone()
}

#[test]
fn what_is_no_workbook_is_told_in_plain_words() {
    let compound = |rest: &[u8]| [COMPOUND, rest].concat();
    let encrypted: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, wrong) in [
        (vec![], Spoiled::EmptyFile),
        (compound(&[0; 4096]), Spoiled::OldWorkbook),
        (compound(&encrypted), Spoiled::Encrypted),
        ("编码,名称\n1,县\n".as_bytes().to_vec(), Spoiled::PlainText),
        (vec![0xff; 100], Spoiled::NotAWorkbook),
        (b"PK\x03\x04 and no more".to_vec(), Spoiled::NotAWorkbook),
        (vec![b'x'; (20 << 20) + 1], Spoiled::TooBig),
    ] {
        let expected = format!("county.xlsx：{wrong}；{}", wrong.mend());
        let told = told(&bytes);
        assert_eq!(told[0], expected);
    }
    assert!(told_of("county.pdf", b"%PDF").first().unwrap().contains(".xlsx"));
}

#[test]
fn a_workbook_full_of_nothing_is_refused_at_once() {
    // Packed once and copied, so that the test itself does not take long.
    let one = packed(&[("sheet.xml".to_owned(), vec![0; 8 << 20])]);
    let mut one = zip::ZipArchive::new(Cursor::new(one)).unwrap();
    let mut packer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..=(MOST_UNPACKED >> 23) {
        packer.raw_copy_file_rename(one.by_index_raw(0).unwrap(), format!("{n}.xml")).unwrap();
    }
    let bomb = packer.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let before = std::time::Instant::now();
    assert!(told(&bomb)[0].contains("文件太大"));
    assert!(before.elapsed().as_secs_f64() < 1.0);
}

#[test]
fn a_workbook_reads_back_as_the_same_county() {
    let written = write::of(&write::demo_sheets()).unwrap();
    assert_eq!(county(vec![Book::of_file("demo.xlsx", &written)]).unwrap(), demo::county());
    assert_eq!(
        county(vec![Book::of_file("demo.xlsx", &demo_with(|_, _| {}))]).unwrap(),
        demo::county()
    );
    // The same sheets make the same file: one that is committed changes only with its content.
    assert_eq!(written, write::of(&write::demo_sheets()).unwrap());
}

#[test]
fn numbers_dates_and_formulas_count_as_a_clerk_sees_them() {
    let bytes = demo_with(|name, sheet| {
        let day = Format::new().set_num_format("yyyy/m/d");
        match name {
            // Codes and phones typed as numbers.
            "areas" => {
                sheet.write_number(1, 0, 130_699).unwrap();
                sheet.write_number(2, 4, 38.98).unwrap();
            }
            "members" => {
                sheet.write_number(1, 4, 19_900_000_001_f64).unwrap();
                // A column of the clerk's own may hold anything.
                sheet.write_string(0, 20, "入职").unwrap();
                sheet.write_number_with_format(1, 20, 46_083, &day).unwrap();
                sheet.write_formula(2, 20, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
            }
            "settings" => {
                sheet.write_formula(1, 1, Formula::new("=A2").set_result("云溪县")).unwrap();
                sheet.set_hidden(true);
            }
            _ => {}
        }
    });
    let read = county(vec![Book::of_file("county.xlsx", &bytes)]);
    assert_eq!(
        read.map_err(|troubles| troubles.iter().map(ToString::to_string).collect::<Vec<_>>()),
        Ok(demo::county())
    );
}

#[test]
fn a_cell_that_a_spreadsheet_spoiled_is_told_once_and_where() {
    let merged = only(|name, sheet| {
        if name == "units" {
            // The cells keep what they hold, so this alone is wrong.
            sheet.merge_range(3, 6, 4, 7, "", &Format::new()).unwrap();
        }
    });
    assert_eq!(merged, "units：有合并的单元格 G4:H5；请取消合并，每一行都填上内容");
    let error = only(|name, sheet| {
        if name == "units" {
            sheet.write_formula(2, 4, Formula::new("=X!A1").set_result("#REF!")).unwrap();
        }
    });
    assert_eq!(error, "units 第3行「负责人」：公式出错，显示为“#REF!”；请改正公式，或直接填写内容");
    let lost = told(&demo_with(|name, sheet| {
        if name == "members" {
            sheet.write_number(1, 4, 1_990_000_000_112_345.0).unwrap();
        }
    }));
    assert_eq!(lost.len(), 1, "{lost:#?}");
    assert!(lost[0].starts_with("members 第2行「电话」：") && lost[0].contains("文本格式"));
}

#[test]
fn a_sheet_nobody_knows_is_told_unless_it_is_a_note() {
    let mut workbook = Workbook::new();
    for name in ["说明", "#备用", "Sheet1"] {
        workbook.add_worksheet().set_name(name).unwrap();
    }
    let told = told(&workbook.save_to_buffer().unwrap());
    let unknown: Vec<_> = told.iter().filter(|line| line.contains("不认识工作表")).collect();
    assert_eq!(unknown.len(), 1, "{told:#?}");
    assert!(unknown[0].contains("“Sheet1”"));
}

#[test]
fn sheets_of_several_files_are_one_county_but_none_may_come_twice() {
    let whole = write::of(&write::demo_sheets()).unwrap();
    let (mut first, mut second) = (write::demo_sheets(), write::demo_sheets());
    let units = first.remove(2);
    second.retain(|(form, _)| form.english == units.0.english);
    let (first, second) = (write::of(&first).unwrap(), write::of(&second).unwrap());
    let books = |files: &[&[u8]]| {
        files
            .iter()
            .enumerate()
            .map(|(n, bytes)| Book::of_file(&format!("{n}.xlsx"), bytes))
            .collect()
    };
    assert_eq!(county(books(&[&first, &second])).unwrap(), demo::county());
    let twice = county(books(&[&whole, &second])).unwrap_err();
    assert_eq!(twice.len(), 1);
    let twice = twice[0].to_string();
    assert!(twice.starts_with("units：") && twice.contains("“0.xlsx”"), "{twice}");
}

#[test]
fn a_csv_file_goes_through_the_same_bounds() {
    let book = |name: &str, text: &str| told_of(name, text.as_bytes());
    let wide = ",x".repeat(MOST_COLUMNS);
    assert!(
        book("区域.csv", &format!("编码{wide}\n")).iter().any(|line| line.contains("超过64列"))
    );
    let long = "长".repeat(MOST_CHARACTERS + 1);
    let told = book("Areas.CSV", &format!("编码,名称,上级,级别\n1,{long},,县\n"));
    assert!(told.iter().any(|line| line.starts_with("areas 第2行「名称」：")), "{told:?}");
    assert!(book("folder/people.csv", "编码\n").iter().any(|line| line.contains("“people”")));
}

#[test]
fn what_nobody_sees_is_not_part_of_a_code() {
    assert_eq!(clean(" \u{feff}130699\u{200b}\u{0}\u{3000}"), "130699");
    assert_eq!(clean("甲\n乙"), "甲\n乙");
}

#[test]
fn a_blank_workbook_lacks_only_what_a_clerk_has_to_say() {
    let told = told(&write::blank().unwrap());
    let expected = ["缺少设置项“县名”", "缺少设置项“值班电话”", "没有县这一级"];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for lack in expected {
        assert!(told.iter().any(|line| line.contains(lack)), "{told:#?}");
    }
}

#[test]
fn every_column_is_explained_in_its_order() {
    for form in crate::county::forms::SHEETS {
        let guide = guide::of(form).unwrap();
        let told: Vec<&str> = guide.hints.iter().map(|hint| hint.column).collect();
        let columns: Vec<&str> = form.columns.iter().map(|column| column.english).collect();
        assert_eq!(told, columns, "{}", form.english);
    }
    assert_eq!(guide::GUIDES.len(), crate::county::forms::SHEETS.len());
}

fn made_up(villages: usize) -> Result<County, Vec<Mistake>> {
    let sheets = sample::county(villages);
    read_cells(&|name| {
        let found = sheets.iter().find(|(form, _)| form.english == name)?;
        Some(Ok(found.1.clone()))
    })
}

#[test]
fn every_word_that_is_offered_is_read() {
    let is_read = |sheet: &str, column: &str, word: &str| match (sheet, column) {
        ("areas", "level") => Level::read(word).is_some(),
        ("units", "kind") => UnitKind::read(word).is_some(),
        ("members", "role") => Role::read(word).is_some(),
        ("routes", "channel") => read_channel(word).is_some(),
        // Read by words that stand nowhere else.
        ("calendar", "kind") => ["放假", "补班"].contains(&word),
        _ => ["是", "否"].contains(&word),
    };
    for guide in guide::GUIDES {
        for hint in guide.hints {
            let guide::Fill::OneOf(words) = hint.fill else { continue };
            for word in words {
                assert!(is_read(guide.sheet, hint.column, word), "{} {word}", hint.column);
            }
        }
    }
}

#[test]
fn a_made_up_county_of_full_size_has_these_figures_and_no_mistake() {
    let county = made_up(1_054).map_err(|mistakes| mistakes[0].to_string()).unwrap();
    let count = |level| county.areas().iter().filter(|area| area.level == level).count();
    let levels = [Level::County, Level::Township, Level::Community, Level::Village, Level::Grid];
    assert_eq!(levels.map(count), [1, 13, 89, 1_054, 8_073]);
    assert_eq!(county.members().len(), 9_000);
    let kind = |kind| county.units().iter().filter(|unit| unit.kind == kind).count();
    assert_eq!((kind(UnitKind::Department), kind(UnitKind::Station)), (15, 13));
    assert_eq!(county.categories().len(), demo::county().categories().len());
    // Every grid has somebody.
    let grids = county.areas().iter().filter(|area| area.level == Level::Grid);
    assert!(grids.clone().all(|grid| county.members_of(&grid.code).count() == 1));
}

#[test]
fn a_made_up_county_of_any_size_has_no_mistake() {
    for villages in [1, 2, 3, 17, 121, 122] {
        let county = made_up(villages);
        assert!(county.is_ok(), "{villages}: {}", county.unwrap_err()[0]);
    }
}

/// A real workbook, taken apart into its parts.
static PARTS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let whole = write::of(&sample::county(1)).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
    let count = archive.len();
    let part = |index| {
        let mut file = archive.by_index(index).unwrap();
        let mut part = Vec::new();
        file.read_to_end(&mut part).unwrap();
        (file.name().unwrap().into_owned(), part)
    };
    (0..count).map(part).collect()
});

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        packer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        packer.write_all(part).unwrap();
    }
    packer.finish().unwrap().into_inner()
}

#[test]
fn rows_columns_and_references_beyond_all_bounds_are_refused() {
    let reading = |what: &str, by: &str| {
        let mut parts = PARTS.clone();
        let (_, part) = parts.iter_mut().find(|(name, _)| name.ends_with("sheet2.xml")).unwrap();
        let text = String::from_utf8(part.clone()).unwrap();
        assert!(text.contains(what), "{text:.600}");
        *part = text.replacen(what, by, 1).into_bytes();
        told(&packed(&parts))
    };
    for (by, expected) in [
        (r#"r="A2000000""#, "超过50001行"),
        (r#"r="ZZZ2""#, "超过64列"),
        (r#"r="ZZZZZZZZZZZZ2""#, ""),
        (r#"r="A99999999999""#, ""),
        (r#"r="""#, ""),
    ] {
        let told = reading(r#"r="A2""#, by);
        assert!(told.iter().any(|line| line.contains(expected)), "{by} {told:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), at in 0..4_usize) {
        let begin = [&b""[..], ZIP, b"PK\x03\x04", COMPOUND][at];
        for name in ["a.xlsx", "areas.csv"] {
            let _ = county(vec![Book::of_file(name, &[begin, &bytes].concat())]);
        }
    }

    #[test]
    fn no_spoiled_workbook_makes_it_panic(
        part in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cut in 0..40_usize,
        by in "[<>/\"=a-z0-9A-Z: ]{0,12}",
    ) {
        let mut parts = PARTS.clone();
        let part = part.index(parts.len());
        let bytes = &mut parts[part].1;
        let at = at.index(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, by.into_bytes());
        let _ = county(vec![Book::of_file("a.xlsx", &packed(&parts))]);
    }
}
