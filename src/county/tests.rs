//! What a county knows of itself.

use super::*;

fn area(code: &str, parent: Option<&str>) -> Area {
    Area {
        code: code.into(),
        name: code.to_owned(),
        parent: parent.map(AreaCode::from),
        level: Level::Village,
        point: None,
        aliases: vec![],
    }
}

#[test]
fn a_loop_in_an_unchecked_register_does_not_hang() {
    let areas = vec![area("1", Some("2")), area("2", Some("1"))];
    let county = County::new(Register { areas, ..Register::default() });
    assert!(county.path(&"1".into()).len() >= 2);
    assert!(county.root().is_none());
}

#[test]
fn a_path_runs_from_the_county_to_the_grid() {
    let county = demo::county();
    let path = county.path(&"130699201201001".into());
    let names: Vec<&str> = path.iter().map(|area| area.name.as_str()).collect();
    assert_eq!(names, ["云溪县", "王庄乡", "王庄片区", "王庄村", "王庄村第1网格"]);
    assert!(county.path(&"999".into()).is_empty());
}

#[test]
fn an_area_is_within_itself_and_its_ancestors_only() {
    let county = demo::county();
    let village = AreaCode::from("130699201201");
    assert!(county.is_within(&village, &village));
    assert!(county.is_within(&village, &"130699".into()));
    assert!(!county.is_within(&"130699".into(), &village));
    assert!(!county.is_within(&"130699201202".into(), &village));
}

#[test]
fn people_hear_township_and_village_once() {
    let county = demo::county();
    assert_eq!(county.spoken_path(&"130699201201".into()), "王庄乡 王庄村");
    assert_eq!(county.spoken_path(&"130699201201001".into()), "王庄乡 王庄村第1网格");
    assert_eq!(county.spoken_path(&"130699".into()), "云溪县");
}

#[test]
fn eight_thousand_grids_are_indexed_and_found() {
    let mut areas = vec![area("1", None)];
    areas.extend((0..8073).map(|n| area(&format!("1{n:05}"), Some("1"))));
    let county = County::new(Register { areas, ..Register::default() });
    assert_eq!(county.children(&"1".into()).count(), 8073);
    assert!(county.is_within(&"108072".into(), &"1".into()));
}

#[test]
fn an_area_is_served_by_the_nearest_station_above_it() {
    let county = demo::county();
    let station = |code: &str| county.station_of(&code.into()).map(|unit| unit.name.as_str());
    assert_eq!(station("130699201201001"), Some("王庄乡便民服务站"));
    assert_eq!(station("130699201"), Some("王庄乡便民服务站"));
    assert_eq!(station("130699"), None, "the county has departments, no station");
    assert_eq!(station("no such area"), None);
}

#[test]
fn a_unit_knows_its_leader_and_its_people_the_leader_first() {
    let county = demo::county();
    assert_eq!(county.unit_led_by("孙立").map(|unit| unit.code.as_str()), Some("red_vest"));
    assert_eq!(county.unit_led_by("张建国"), None);
    let names = |county: &County, code: &str| -> Vec<String> {
        county.members_of_unit(code).map(|member| member.name.clone()).collect()
    };
    assert_eq!(names(&county, "red_vest"), ["孙立", "周晓晴", "马志远", "田甜", "郝乐"]);
    assert!(names(&county, "no such unit").is_empty());

    let mut register = county.register().clone();
    let team = register.units.iter_mut().find(|unit| unit.code == "red_vest").unwrap();
    team.leader = Some("张建国".to_owned());
    let county = County::new(register);
    assert_eq!(names(&county, "red_vest")[..2], ["张建国", "孙立"], "a leader from elsewhere");
}
