//! Major hazard sources out of a table; their substances stand in one cell.

use host::import::{Cells, Column};

use super::super::{HazardSource, Particulars, Substance, Unit};
use super::{COMMON, count};
use crate::table::joined;

pub(super) const COLUMNS: &[Column] = &joined::<{ OWN.len() + COMMON.len() }>(OWN, COMMON);

const OWN: &[Column] = &[
    Column::new(
        "code",
        &["危险源编号", "重大危险源编号", "编号", "编码", "code"],
        true,
        ["企业内 3 位编号，如 001", "its 3 digits within the enterprise, such as 001"],
    ),
    Column::new(
        "unit",
        &["单元类型", "单元类别", "unit"],
        true,
        ["储罐区、库区、生产单元", "tank_farm, warehouse or production"],
    ),
    Column::new(
        "substances",
        &["危险化学品", "物质", "substances"],
        true,
        [
            "名称|CAS 号|设计最大量（吨），多种用分号隔开；混合物 CAS 号为空，如 液氨|7664-41-7|30；油漆||5",
            "name|CAS number|design maximum in tonnes, with semicolons between; a mixture has no number: ammonia|7664-41-7|30; paint||5",
        ],
    ),
    Column::new(
        "people_within_500_m",
        &["厂区边界外500米人数", "周边500米人数", "people within 500 m"],
        false,
        ["人", "people"],
    ),
    Column::new(
        "grade",
        &["危险源级别", "级别", "grade"],
        false,
        ["备案级别：一级至四级，或 1 至 4", "as filed, 1 to 4"],
    ),
    Column::new("r", &["R值", "R"], false, ["备案的 R 值", "as filed"]),
    Column::new(
        "filing_number",
        &["备案编号", "filing number"],
        false,
        ["至多 64 字", "at most 64 characters"],
    ),
    Column::new("filed_on", &["备案日期", "filed on"], false, ["如 2026-08-03", "2026-08-03"]),
    Column::new(
        "valid_until",
        &["备案有效期至", "有效期至", "valid until"],
        false,
        ["如 2029-08-02", "2029-08-02"],
    ),
];

const UNITS: [(&str, Unit); 8] = [
    ("储罐区", Unit::TankFarm),
    ("罐区", Unit::TankFarm),
    ("tank_farm", Unit::TankFarm),
    ("库区", Unit::Warehouse),
    ("仓库", Unit::Warehouse),
    ("warehouse", Unit::Warehouse),
    ("生产单元", Unit::Production),
    ("production", Unit::Production),
];

const GRADES: [(&str, u8); 8] =
    [("1", 1), ("2", 2), ("3", 3), ("4", 4), ("一级", 1), ("二级", 2), ("三级", 3), ("四级", 4)];

pub(super) fn read(cells: &mut Cells<'_>) -> Option<Particulars> {
    let unit = cells.needed_choice("unit", &UNITS);
    let substances = substances(cells);
    let people_within_500_m = count(cells, "people_within_500_m");
    let grade = cells.choice("grade", &GRADES);
    let r = cells.number("r");
    let filing_number = cells.text("filing_number");
    let filed_on = cells.date("filed_on").map(|day| day.to_string());
    let valid_until = cells.date("valid_until").map(|day| day.to_string());
    Some(Particulars::HazardSource(HazardSource {
        unit: unit?,
        substances: substances?,
        people_within_500_m,
        grade,
        r,
        filing_number,
        filed_on,
        valid_until,
    }))
}

fn substances(cells: &mut Cells<'_>) -> Option<Vec<Substance>> {
    let text = base::date::narrow_text(&cells.needed("substances")?);
    let mut substances = Vec::new();
    for part in text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let Some(substance) = substance(part) else {
            let expected = "name|CAS number|tonnes, such as 液氨|7664-41-7|30";
            cells.fault("substances", "value", part, expected);
            return None;
        };
        substances.push(substance);
    }
    Some(substances)
}

/// `name|CAS|tonnes`; the number may be left empty.
fn substance(part: &str) -> Option<Substance> {
    let [name, cas, tonnes] = part.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
        return None;
    };
    Some(Substance {
        name: name.to_owned(),
        cas: (!cas.is_empty()).then(|| cas.to_owned()),
        design_max_t: tonnes.parse().ok().filter(|tonnes: &f64| tonnes.is_finite())?,
    })
}

pub(super) fn over(said: HazardSource, stood: &HazardSource) -> HazardSource {
    HazardSource {
        people_within_500_m: said.people_within_500_m.or(stood.people_within_500_m),
        grade: said.grade.or(stood.grade),
        r: said.r.or(stood.r),
        filing_number: said.filing_number.or_else(|| stood.filing_number.clone()),
        filed_on: said.filed_on.or_else(|| stood.filed_on.clone()),
        valid_until: said.valid_until.or_else(|| stood.valid_until.clone()),
        ..said
    }
}
