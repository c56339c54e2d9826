//! Mines out of a table.

use host::import::{Cells, Column};

use super::super::{GasGrade, Method, Mine, Mineral, Particulars};
use super::{COMMON, count};
use crate::table::joined;

pub(super) const COLUMNS: &[Column] = &joined::<{ OWN.len() + COMMON.len() }>(OWN, COMMON);

const OWN: &[Column] = &[
    Column::new(
        "code",
        &["矿山编码", "煤矿编码", "矿井编码", "编码", "mine code", "code"],
        true,
        ["12 位数字", "12 digits"],
    ),
    Column::new(
        "mineral",
        &["矿种", "开采矿种", "mineral"],
        true,
        ["煤、金属、非金属", "coal, metal or non_metal"],
    ),
    Column::new(
        "method",
        &["开采方式", "method"],
        true,
        ["井工、露天、露天与井工", "underground, open_pit or both"],
    ),
    Column::new(
        "gas_grade",
        &["瓦斯等级", "矿井瓦斯等级", "gas grade"],
        false,
        [
            "低瓦斯、高瓦斯、突出；井工煤矿必填，其他为空",
            "low, high or outburst; of underground coal mines, and of no others",
        ],
    ),
    Column::new(
        "approved_people",
        &["核定井下人数", "井下定员", "approved people"],
        false,
        ["人；井工必填，露天为空", "people; of underground mines, and of no others"],
    ),
    Column::new(
        "capacity_t",
        &["核定产能", "核定生产能力", "生产能力", "capacity"],
        false,
        ["吨每年，不是万吨", "tonnes a year"],
    ),
    Column::new("depth_m", &["开采深度", "depth"], false, ["米，0 至 3000", "metres, 0 to 3000"]),
];

const MINERALS: [(&str, Mineral); 8] = [
    ("煤", Mineral::Coal),
    ("煤炭", Mineral::Coal),
    ("coal", Mineral::Coal),
    ("金属", Mineral::Metal),
    ("metal", Mineral::Metal),
    ("非金属", Mineral::NonMetal),
    ("non_metal", Mineral::NonMetal),
    ("nonmetal", Mineral::NonMetal),
];

const METHODS: [(&str, Method); 9] = [
    ("井工", Method::Underground),
    ("地下", Method::Underground),
    ("underground", Method::Underground),
    ("露天", Method::OpenPit),
    ("open_pit", Method::OpenPit),
    ("露天与井工", Method::Both),
    ("露天与地下", Method::Both),
    ("露天转地下", Method::Both),
    ("both", Method::Both),
];

const GAS_GRADES: [(&str, GasGrade); 8] = [
    ("低瓦斯", GasGrade::Low),
    ("低", GasGrade::Low),
    ("low", GasGrade::Low),
    ("高瓦斯", GasGrade::High),
    ("高", GasGrade::High),
    ("high", GasGrade::High),
    ("突出", GasGrade::Outburst),
    ("outburst", GasGrade::Outburst),
];

pub(super) fn read(cells: &mut Cells<'_>) -> Option<Particulars> {
    let mineral = cells.needed_choice("mineral", &MINERALS);
    let method = cells.needed_choice("method", &METHODS);
    let gas_grade = cells.choice("gas_grade", &GAS_GRADES);
    let approved_people = count(cells, "approved_people");
    let (capacity_t, depth_m) = (cells.number("capacity_t"), cells.number("depth_m"));
    Some(Particulars::Mine(Mine {
        mineral: mineral?,
        method: method?,
        gas_grade,
        approved_people,
        capacity_t,
        depth_m,
    }))
}

/// Whether it has a gas grade and people underground follows from what the row needs to
/// say, so what stood of those is kept only while mineral and method stay what they were.
pub(super) fn over(said: Mine, stood: &Mine) -> Mine {
    let alike = said.mineral == stood.mineral && said.method == stood.method;
    Mine {
        gas_grade: said.gas_grade.or(stood.gas_grade.filter(|_| alike)),
        approved_people: said.approved_people.or(stood.approved_people.filter(|_| alike)),
        capacity_t: said.capacity_t.or(stood.capacity_t),
        depth_m: said.depth_m.or(stood.depth_m),
        ..said
    }
}
