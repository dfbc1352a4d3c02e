//! Makes a county up, as large as wanted: to try an import, to measure, to show around.
//!
//! It promises that the same size makes the same county, that it passes every check, and that at
//! 1,054 villages it has the figures of a large county: 13 townships, 89 communities, 8,073 grids,
//! 9,000 members. Departments, categories, routes and handbook are those of the demo county.
//!
//! Deliberately absent: anything real. Names are put together by chance; whoever bears one is not
//! meant.

use super::write::{Sheets, demo_sheets};
use crate::county::{Cells, Column, forms::SHEETS, forms::SheetForm};
use names::{Names, township, village};
use std::collections::HashSet;

mod names;

/// The county that the proportions are taken from.
const VILLAGES: usize = 1_054;
const TOWNSHIPS: usize = 13;
const COMMUNITIES: usize = 89;
const GRIDS: usize = 8_073;
const MEMBERS: usize = 9_000;
const DEPARTMENTS: usize = 15;

/// More would not fit into the sheet of areas.
pub const MOST_VILLAGES: usize = 5_000;

const NAME: &str = "青禾县";
/// No county in the country has it.
const CODE: &str = "139901";
const DEMO_NAME: &str = "云溪县";

/// Departments beyond those of the demo county.
const MORE_DEPARTMENTS: [(&str, &str); 5] = [
    ("education", "县教育和体育局"),
    ("agriculture", "县农业农村局"),
    ("land", "县自然资源和规划局"),
    ("market", "县市场监督管理局"),
    ("environment", "县生态环境局"),
];

/// The sheets of a county of so many villages, at least one.
pub fn county(villages: usize) -> Sheets {
    let size = Size::of(villages);
    let demo = demo_sheets();
    let tree = Tree::of(&size, &demo);
    let mut units = units(&demo, &tree);
    let members = members(&size, &tree, &mut units, &skills(&demo));
    let names: HashSet<String> = units.iter().map(|unit| unit.name.clone()).collect();
    let mut sheets = Sheets::new();
    for form in SHEETS {
        let rows = match form.english {
            "areas" => tree.rows.clone(),
            "units" => units.iter().map(Unit::row).collect(),
            "members" => members.clone(),
            _ => copied(&demo, form, &names),
        };
        sheets.push((form, cells(form, rows)));
    }
    sheets
}

/// A row as columns and what stands in them.
type Named = Vec<(&'static str, String)>;

fn cells(form: &'static SheetForm, rows: Vec<Named>) -> Cells {
    let header = form.columns.iter().map(Column::header).collect();
    let mut cells = vec![(1, header)];
    cells.extend((2..).zip(rows).map(|(number, row)| {
        let cell = |column: &Column| {
            let found = row.iter().find(|(name, _)| *name == column.english);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        (number, form.columns.iter().map(cell).collect())
    }));
    cells
}

/// How many there are of everything.
struct Size {
    townships: usize,
    communities: usize,
    villages: usize,
    grids: usize,
    members: usize,
}

impl Size {
    fn of(villages: usize) -> Self {
        let villages = villages.clamp(1, MOST_VILLAGES);
        let share = |whole: usize| ((whole * villages + VILLAGES / 2) / VILLAGES).max(1);
        let townships = share(TOWNSHIPS);
        Self {
            townships,
            communities: share(COMMUNITIES).clamp(townships, villages),
            villages,
            grids: share(GRIDS).max(villages),
            members: share(MEMBERS),
        }
    }
}

/// The areas, and the codes that others refer to.
struct Tree {
    rows: Vec<Named>,
    /// Code and name.
    townships: Vec<(String, String)>,
    villages: Vec<(String, String)>,
    /// Code, name of the village, and whether it is the village's first.
    grids: Vec<(String, String, bool)>,
}

/// The edges of the county: south, north, west, east.
type Edges = [f64; 4];

fn edges(demo: &Sheets) -> Edges {
    let cells = demo.iter().find(|(form, _)| form.english == "settings").map(|(_, cells)| cells);
    let of = |name: &str| {
        let row = cells?.iter().find(|(_, row)| row.first().is_some_and(|cell| cell == name))?;
        row.1.get(1)?.parse::<f64>().ok()
    };
    let edges = ["南界", "北界", "西界", "东界"].map(of);
    let [Some(south), Some(north), Some(west), Some(east)] = edges else { return [0.0; 4] };
    [south, north, west, east]
}

impl Tree {
    fn of(size: &Size, demo: &Sheets) -> Self {
        let edges = edges(demo);
        let point = |village: usize| Some(point(village, size.villages, edges));
        let mut rows = vec![area(CODE, NAME, "", "县", point(size.villages / 2))];
        let mut townships = Vec::new();
        for place in 0..size.townships {
            let (code, name) = (format!("{CODE}{:03}", 100 + place), township(place));
            let villages = share(place, size.townships, size.villages);
            rows.push(area(&code, &name, CODE, "乡镇", point(villages.start)));
            townships.push((code, name));
        }
        let mut communities = Vec::new();
        for (place, code, (parent, name)) in children(&townships, size.communities) {
            let name = format!("{}第{place}片区", name.trim_end_matches(['镇', '乡']));
            rows.push(area(&code, &name, parent, "片区", None));
            communities.push((code, name));
        }
        let mut villages = Vec::new();
        for (place, (_, code, (parent, _))) in children(&communities, size.villages).enumerate() {
            let name = village(place);
            rows.push(area(&code, &name, parent, "村", point(place)));
            villages.push((code, name));
        }
        let mut grids = Vec::new();
        for (place, code, (parent, name)) in children(&villages, size.grids) {
            rows.push(area(&code, &format!("{name}第{place}网格"), parent, "网格", None));
            grids.push((code, name.clone(), place == 1));
        }
        Self { rows, townships, villages, grids }
    }
}

fn area(code: &str, name: &str, parent: &str, level: &str, point: Option<(f64, f64)>) -> Named {
    let degrees = |degrees: Option<f64>| degrees.map(|d| format!("{d:.4}")).unwrap_or_default();
    vec![
        ("code", code.to_owned()),
        ("name", name.to_owned()),
        ("parent", parent.to_owned()),
        ("level", level.to_owned()),
        ("latitude", degrees(point.map(|(lat, _)| lat))),
        ("longitude", degrees(point.map(|(_, lon)| lon))),
    ]
}

/// Which of `all` belong to the one at `place` of `among`.
fn share(place: usize, among: usize, all: usize) -> std::ops::Range<usize> {
    place * all / among..(place + 1) * all / among
}

/// So many children of these parents, evenly: place below the parent, code, and the parent.
fn children(
    parents: &[(String, String)],
    all: usize,
) -> impl Iterator<Item = (usize, String, &(String, String))> {
    parents.iter().enumerate().flat_map(move |(place, parent)| {
        let count = share(place, parents.len(), all).len();
        (1..=count).map(move |n| (n, format!("{}{n:02}", parent.0), parent))
    })
}

/// Villages stand in rows and columns.
#[expect(clippy::cast_precision_loss, reason = "thousands of villages, not quadrillions")]
fn point(village: usize, villages: usize, [south, north, west, east]: Edges) -> (f64, f64) {
    let columns = villages.isqrt().max(1);
    let rows = villages.div_ceil(columns);
    let within = |place: usize, of: usize| (place as f64 + 0.5) / of as f64;
    let lat = within(village / columns, rows).mul_add(north - south, south);
    let lon = within(village % columns, columns).mul_add(east - west, west);
    (lat, lon)
}

struct Unit {
    code: String,
    name: String,
    kind: &'static str,
    area: String,
    leader: String,
}

impl Unit {
    fn row(&self) -> Named {
        vec![
            ("code", self.code.clone()),
            ("name", self.name.clone()),
            ("kind", self.kind.to_owned()),
            ("area", self.area.clone()),
            ("leader", self.leader.clone()),
        ]
    }
}

fn units(demo: &Sheets, tree: &Tree) -> Vec<Unit> {
    let unit = |code: &str, name: &str, kind, area: &str| Unit {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        area: area.to_owned(),
        leader: String::new(),
    };
    let of_demo = |kind: &'static str| {
        let rows = rows_of(demo, "units").into_iter().filter(move |row| cell(row, "kind") == kind);
        rows.map(move |row| unit(cell(&row, "code"), cell(&row, "name"), kind, CODE))
    };
    let more = MORE_DEPARTMENTS.into_iter().map(|(code, name)| unit(code, name, "部门", CODE));
    let mut units: Vec<Unit> = of_demo("部门").chain(more).take(DEPARTMENTS).collect();
    units.extend(of_demo("队"));
    units.extend(tree.townships.iter().map(|(code, name)| {
        unit(&format!("station_{code}"), &format!("{name}便民服务站"), "站", code)
    }));
    units
}

/// The rows of a sheet of the demo county.
fn rows_of(demo: &Sheets, sheet: &str) -> Vec<Named> {
    let Some((form, cells)) = demo.iter().find(|(form, _)| form.english == sheet) else {
        return Vec::new();
    };
    let Some(((_, header), rows)) = cells.split_first() else { return Vec::new() };
    let columns = || header.iter().map(|cell| form.column(cell).map(|column| column.english));
    let named = |row: &Vec<String>| {
        let cells = columns().zip(row);
        cells.filter_map(|(name, cell)| Some((name?, cell.clone()))).collect()
    };
    rows.iter().map(|(_, row)| named(row)).collect()
}

fn cell<'a>(row: &'a Named, column: &str) -> &'a str {
    row.iter().find(|(name, _)| *name == column).map_or("", |(_, cell)| cell)
}

fn skills(demo: &Sheets) -> Vec<String> {
    let mut skills: Vec<String> = Vec::new();
    for row in rows_of(demo, "members") {
        for skill in cell(&row, "skills").split([' ', '、']).filter(|skill| !skill.is_empty()) {
            if !skills.iter().any(|known| known == skill) {
                skills.push(skill.to_owned());
            }
        }
    }
    skills
}

fn members(size: &Size, tree: &Tree, units: &mut [Unit], skills: &[String]) -> Vec<Named> {
    let mut names = Names::default();
    let mut rows: Vec<Named> = Vec::with_capacity(size.members);
    let mut add = |name: String, role: &str, area: &str, unit: &str, skills: &str| {
        rows.push(vec![
            ("phone", format!("199{:08}", rows.len() + 1)),
            ("name", name),
            ("role", role.to_owned()),
            ("area", area.to_owned()),
            ("unit", unit.to_owned()),
            ("skills", skills.to_owned()),
        ]);
        rows.len()
    };
    add(names.taken("值班员"), "督办员", CODE, "", "");
    add(names.taken("督办员"), "督办员", CODE, "", "");
    for (code, name) in &tree.townships {
        let short = name.trim_end_matches(['镇', '乡']);
        add(names.taken(&format!("{short}站")), "值班员", code, "", "");
    }
    for unit in &mut *units {
        unit.leader = names.next(&unit.name);
        let role = if unit.kind == "队" { "队长" } else { "负责人" };
        add(unit.leader.clone(), role, &unit.area, &unit.name, "");
    }
    let mut count = 0;
    for (code, village, is_first) in &tree.grids {
        let role = if *is_first { "网格长" } else { "网格员" };
        count = add(names.next(village), role, code, "", "");
    }
    // Every skill that a route asks for is somebody's.
    let mut skills = skills.iter().map(String::as_str);
    let mut villages = tree.villages.iter().cycle();
    let mut staffed = units.iter();
    while count < size.members {
        let skill = skills.next().unwrap_or_default();
        let Some((code, village)) = villages.next() else { break };
        count = match staffed.next() {
            Some(unit) => {
                let role = if unit.kind == "队" { "党员" } else { "工作人员" };
                add(names.next(&unit.name), role, &unit.area, &unit.name, skill)
            }
            None => add(names.next(village), "党员", code, "", skill),
        };
    }
    for (place, skill) in skills.enumerate() {
        // A county too small for more members: those who are there have it.
        if let Some(skilled) = rows.iter_mut().rev().nth(place)
            && let Some((_, cell)) = skilled.iter_mut().find(|(name, _)| *name == "skills")
        {
            skill.clone_into(cell);
        }
    }
    rows
}

/// A sheet of the demo county, but for what it says about areas and people of its own.
fn copied(demo: &Sheets, form: &SheetForm, units: &HashSet<String>) -> Vec<Named> {
    let mut rows = rows_of(demo, form.english);
    for row in &mut rows {
        for (name, cell) in row {
            match *name {
                "area" => cell.clear(),
                "unit" if !units.contains(cell.as_str()) => cell.clear(),
                _ => *cell = cell.replace(DEMO_NAME, NAME),
            }
        }
    }
    rows
}
