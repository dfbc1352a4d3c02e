//! Workbooks as a county would hand them in, and the documents about them.

use crate::tidy::{project, read};
use lianxin::{
    county::{cells_of_csv, demo, forms::SHEETS},
    workbook::{Book, Trouble, county, guide, write},
};
use rust_xlsxwriter::{Format, Workbook};
use std::fs;

const MISTAKES: &str = "tests/fixtures/workbook-thirty-mistakes";
const DEMO: &str = "docs/county.xlsx";

fn told(result: Result<lianxin::county::County, Vec<Trouble>>) -> Vec<String> {
    let mut told: Vec<String> = result.unwrap_err().iter().map(ToString::to_string).collect();
    told.sort();
    told
}

#[test]
fn thirty_mistakes_in_a_workbook_are_told_as_those_in_sheets() {
    let mut workbook = Workbook::new();
    let mut books = Vec::new();
    for form in SHEETS {
        let path = format!("{MISTAKES}/{}.csv", form.english);
        let bytes = fs::read(project(&path)).unwrap();
        books.push(Book::of_file(&path, &bytes));
        let sheet = workbook.add_worksheet();
        sheet.set_name(form.chinese).unwrap();
        for (row, cells) in cells_of_csv(&bytes).unwrap() {
            let row = u32::try_from(row - 1).unwrap();
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
        match form.english {
            // A date that is one; the text beside it, 三月二号, stays a mistake.
            "members" => {
                let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
                sheet.write_number_with_format(2, 7, 46_083, &day).unwrap();
            }
            "units" => {
                let plain = Format::new();
                sheet.merge_range(6, 0, 7, 1, "", &plain).unwrap();
            }
            _ => {}
        }
    }
    let book = Book::of_file("county.xlsx", &workbook.save_to_buffer().unwrap());
    let mut of_sheets = told(county(books));
    assert_eq!(of_sheets.len(), 30, "{of_sheets:#?}");
    of_sheets.push("units：有合并的单元格 A7:B8；请取消合并，每一行都填上内容".to_owned());
    of_sheets.sort();
    assert_eq!(told(county(vec![book])), of_sheets);
}

#[test]
fn the_demo_county_lies_in_the_documents_as_a_workbook() {
    #[expect(clippy::disallowed_methods, reason = "whoever changes the demo county asks for it")]
    let is_update = std::env::var("UPDATE_WORKBOOK").is_ok();
    if is_update {
        fs::write(project(DEMO), write::of(&write::demo_sheets()).unwrap()).unwrap();
    }
    let bytes = fs::read(project(DEMO)).unwrap();
    let committed = county(vec![Book::of_file(DEMO, &bytes)]).ok();
    assert!(
        committed == Some(demo::county()),
        "{DEMO} is another county; write it anew: UPDATE_WORKBOOK=1 cargo test --test it workbook"
    );
}

#[test]
fn the_documents_name_every_sheet_and_column_and_no_other() {
    for (document, need) in
        [("docs/workbook.md", ["required", "optional"]), ("docs/导入说明.md", ["必填", "可不填"])]
    {
        let text = read(document);
        let mut expected = Vec::new();
        for form in SHEETS {
            for column in form.columns {
                let need = need[usize::from(!column.required)];
                expected.push(format!("| {} | {need} |", column.header()));
            }
        }
        // Other tables have a heading without a Latin name: settings.
        let is_column = |line: &&str| {
            let cell = line.split('|').nth(1).unwrap_or_default().trim();
            let english = cell.split_once(' ').map_or("", |(_, english)| english);
            !english.is_empty() && english.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        };
        let rows = text.lines().filter(|line| line.starts_with("| ")).filter(is_column);
        let named: Vec<String> =
            rows.map(|line| line.split('|').take(3).collect::<Vec<_>>().join("|") + "|").collect();
        assert_eq!(named, expected, "{document}");
        for form in SHEETS {
            assert!(text.contains(form.english) && text.contains(form.chinese), "{}", form.english);
        }
        for setting in guide::SETTINGS {
            assert!(text.contains(setting.name), "{document} lacks {}", setting.name);
        }
    }
}

#[test]
fn the_manual_for_clerks_says_what_the_blank_workbook_says() {
    let manual = read("docs/导入说明.md");
    for guide in guide::GUIDES {
        assert!(manual.contains(guide.words), "{}", guide.words);
        for hint in guide.hints {
            assert!(manual.contains(hint.words), "{}", hint.words);
        }
    }
    for setting in guide::SETTINGS {
        assert!(manual.contains(setting.words), "{}", setting.words);
    }
}
