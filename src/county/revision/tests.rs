//! A row that is edited is checked like a workbook, and told like a form.

use super::*;
use crate::county::demo;

fn form(name: &str) -> &'static SheetForm {
    SheetForm::named(name).unwrap()
}

fn put(county: &County, sheet: &str, key: &str, cells: &[(&str, &str)]) -> Edit {
    let form = form(sheet);
    let mut row = row(county, form, key).unwrap();
    for (column, text) in cells {
        let place = form.columns.iter().position(|known| known.english == *column).unwrap();
        (*text).clone_into(&mut row[place]);
    }
    Edit::Put { key: Some(key.to_owned()), cells: row }
}

#[test]
fn an_edit_changes_its_row_and_nothing_else() {
    let county = demo::county();
    let name = county.members()[0].name.clone();
    let edit = put(&county, "members", &name, &[("max_load", " 7 "), ("skills", "电工")]);
    let revised = revised(&county, form("members"), &edit).unwrap();
    assert_eq!(revised.member(&name).unwrap().max_load, Some(7));
    let changes = differences(Some(&county), &revised);
    let any: Vec<_> = changes.iter().filter(|change| change.is_any()).collect();
    assert_eq!(any.len(), 1);
    assert_eq!(any[0].changed.len(), 1);
    assert!(any[0].changed[0].cells.contains(&("最多", String::new(), "7".to_owned())));
}

#[test]
fn what_a_workbook_could_not_say_a_form_cannot_either() {
    let county = demo::county();
    let name = county.members()[0].name.clone();
    let edit = put(&county, "members", &name, &[("role", "皇帝"), ("duty", "半夜")]);
    let Err(NotRevised::Wrong(told)) = revised(&county, form("members"), &edit) else {
        panic!("it was let in");
    };
    let columns: Vec<_> = told.iter().map(|told| told.column).collect();
    assert_eq!(columns, [Some("角色"), Some("值班时段")]);
}

#[test]
fn a_row_that_others_need_is_not_taken_out_and_it_is_said_who_needs_it() {
    let county = demo::county();
    let unit = county.units().iter().find(|unit| unit.leader.is_some()).unwrap();
    let leader = unit.leader.clone().unwrap();
    let remove = Edit::Remove { key: leader };
    let Err(NotRevised::Wrong(told)) = revised(&county, form("members"), &remove) else {
        panic!("it was taken out");
    };
    let elsewhere = told[0].elsewhere.clone().unwrap();
    assert_eq!(elsewhere, format!("单位“{}”的负责人", unit.name));
}

#[test]
fn rows_come_go_and_change_places() {
    let county = demo::county();
    let rules = |county: &County| -> Vec<String> {
        county.rules().iter().map(|rule| rule.name.clone()).collect()
    };
    let before = rules(&county);
    let key = before[1].clone();
    let up = revised(&county, form("routes"), &Edit::Move { key: key.clone(), up: true }).unwrap();
    assert_eq!(rules(&up)[0], key);
    let change = &differences(Some(&county), &up)[5];
    assert!(change.reordered && change.changed.is_empty());
    // The first one has nowhere to go.
    let again = revised(&up, form("routes"), &Edit::Move { key: key.clone(), up: true }).unwrap();
    assert_eq!(again, up);
    let without = revised(&county, form("routes"), &Edit::Remove { key: key.clone() }).unwrap();
    assert_eq!(without.rules().len(), before.len() - 1);
    let gone = revised(&without, form("routes"), &Edit::Remove { key });
    assert_eq!(gone.unwrap_err(), NotRevised::Gone);
    let cells = ["2031-02-01—2031-02-03", "放假", "春节"].map(str::to_owned).to_vec();
    let more = revised(&county, form("calendar"), &Edit::Put { key: None, cells }).unwrap();
    assert_eq!(more.register().days.len(), county.register().days.len() + 3);
}

#[test]
fn a_double_is_told_at_the_row_that_was_added() {
    let county = demo::county();
    let cells = row(&county, form("units"), &county.units()[0].code).unwrap();
    let edit = Edit::Put { key: None, cells };
    let Err(NotRevised::Wrong(told)) = revised(&county, form("units"), &edit) else {
        panic!("two units of one code");
    };
    assert!(told.iter().all(|told| told.column.is_some()), "{told:?}");
}

#[test]
fn to_a_new_county_everything_is_added() {
    let changes = differences(None, &demo::county());
    assert!(changes.iter().all(|change| change.removed.is_empty() && change.changed.is_empty()));
    assert_eq!(changes[1].added.len(), demo::county().areas().len());
}

#[test]
fn whoever_gets_another_name_keeps_what_they_lead() {
    let county = demo::county();
    let unit = county.units().iter().find(|unit| unit.leader.is_some()).unwrap();
    let leader = unit.leader.clone().unwrap();
    let edit = put(&county, "members", &leader, &[("name", "新名字")]);
    let revised = revised(&county, form("members"), &edit).unwrap();
    assert_eq!(revised.unit(&unit.code).unwrap().leader.as_deref(), Some("新名字"));
}
