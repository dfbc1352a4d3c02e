//! Who stands above those who hold a ticket.

use super::*;
use crate::county::{Category, Limits, Role, Unit, UnitKind};

#[test]
fn one_up_is_the_station_then_the_categorys_unit_and_then_nobody() {
    let county = demo::county();
    let matter = light(GRID);
    let grid = AreaCode::from(GRID);
    let up = one_up(&county, Some(&grid), &matter, &everybody).unwrap();
    assert_eq!(up.unit.as_deref(), Some("station_wangzhuang"));
    assert_eq!(up.people, ["王树林", "王小梅"]);
    assert_eq!(up.reason, "提级到王庄乡便民服务站");
    let station = AreaCode::from("130699201");
    let up = one_up(&county, Some(&station), &matter, &everybody).unwrap();
    assert_eq!(up.reason, "提级到县供电公司");
    assert_eq!(one_up(&county, Some(&"130699".into()), &matter, &everybody), None);
    // Nobody answers for a quarrel in the whole county.
    assert_eq!(one_up(&county, Some(&station), &of("dispute", GRID), &everybody), None);
}

#[test]
fn one_up_passes_over_levels_on_which_nobody_is() {
    let matter = light(GRID);
    let away = county(|register| {
        member(register, "王树林").leave = leave();
        member(register, "王小梅").leave = leave();
    });
    let up = one_up(&away, None, &matter, &everybody).unwrap();
    assert_eq!(up.reason, "提级到县供电公司");
    let headed = county(|register| {
        let head = member(register, "赵大山").clone();
        let area = Some("130699201201".into());
        register.members.push(Member { area, name: "王支书".to_owned(), ..head });
    });
    let up = one_up(&headed, Some(&GRID.into()), &matter, &everybody).unwrap();
    assert_eq!(
        (up.people, up.reason.as_str()),
        (vec!["王支书".to_owned()], "提级到王庄村的王支书")
    );
    // Those who hold it now do not stand above themselves.
    let holders = |name: &str| (name != "王支书").then_some(IDLE);
    let up = one_up(&headed, Some(&GRID.into()), &matter, &holders).unwrap();
    assert_eq!(up.reason, "提级到王庄乡便民服务站");
}

#[test]
fn who_holds_it_from_elsewhere_gives_it_to_those_above_both() {
    let county = demo::county();
    let neighbour = AreaCode::from("130699100201001");
    let up = one_up(&county, Some(&neighbour), &light(GRID), &everybody).unwrap();
    assert_eq!(up.reason, "提级到县供电公司");
    // An area that is not there any more counts as the ticket's own.
    let up = one_up(&county, Some(&"gone".into()), &light(GRID), &everybody).unwrap();
    assert_eq!(up.reason, "提级到王庄乡便民服务站");
}

#[test]
fn a_unit_of_another_kind_is_no_station() {
    let county = county(|register| {
        register.units.retain(|unit| unit.kind != UnitKind::Station);
        register.units.push(Unit {
            code: "team".to_owned(),
            name: "乡里的队".to_owned(),
            kind: UnitKind::Team,
            area: "130699201".into(),
            leader: Some("孙立".to_owned()),
        });
        let category = register.categories[0].clone();
        register.categories[0] =
            Category { unit: Some("team".to_owned()), limits: Limits::default(), ..category };
        register.members.retain(|member| member.role != Role::Leader || member.name == "孙立");
        register.members.retain(|one| one.area.as_ref() != Some(&"130699201".into()));
    });
    let up = one_up(&county, Some(&GRID.into()), &light(GRID), &everybody).unwrap();
    assert_eq!(up.reason, "提级到乡里的队", "the category's own unit stands on that level");
}
