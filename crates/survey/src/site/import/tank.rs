//! Tanks out of a table.

use host::import::{Cells, Column};

use super::super::{Particulars, Roof, Shape, Tank};
use super::COMMON;
use crate::table::joined;

pub(super) const COLUMNS: &[Column] = &joined::<{ OWN.len() + COMMON.len() }>(OWN, COMMON);

const METRES: [&str; 2] = ["米", "metres"];
/// Gauge pressures.
const PRESSURE: [&str; 2] = ["千帕，表压", "kPa, gauge"];
const DEGREES: [&str; 2] = ["摄氏度", "degrees Celsius"];

const OWN: &[Column] = &[
    Column::new(
        "code",
        &["储罐编号", "罐号", "编号", "编码", "code"],
        true,
        ["1 至 16 位字母、数字、连字符，如 G0001", "1 to 16 letters, digits and hyphens, G0001"],
    ),
    Column::new(
        "part_of",
        &["所属危险源编号", "危险源编号", "hazard source"],
        false,
        [
            "同一企业已登记重大危险源的 3 位编号；不属于任何危险源可空",
            "the 3 digits of a registered hazard source of the same enterprise, if it is in one",
        ],
    ),
    Column::new(
        "medium",
        &["储存介质", "介质", "medium"],
        true,
        ["1 至 64 字", "1 to 64 characters"],
    ),
    Column::new("cas", &["CAS号", "CAS"], false, ["混合物可空", "a mixture has none"]),
    Column::new(
        "shape",
        &["储罐形式", "罐型", "shape"],
        true,
        ["立式、卧式、球罐、其他", "vertical, horizontal, sphere or other"],
    ),
    Column::new(
        "roof",
        &["罐顶形式", "罐顶", "roof"],
        false,
        [
            "固定顶、外浮顶、内浮顶；只有立式罐有",
            "fixed, external_floating or internal_floating; of vertical tanks",
        ],
    ),
    Column::new("diameter_m", &["直径", "内径", "diameter"], false, METRES),
    Column::new("height_m", &["罐高", "高度", "长度", "height"], false, METRES),
    Column::new("volume_m3", &["公称容积", "容积", "volume"], true, ["立方米", "cubic metres"]),
    Column::new(
        "design_max_t",
        &["设计最大储量", "最大储量", "design maximum"],
        false,
        ["吨", "tonnes"],
    ),
    Column::new("level_min_m", &["设计最低液位", "液位下限", "least level"], false, METRES),
    Column::new("level_max_m", &["设计最高液位", "液位上限", "most level"], false, METRES),
    Column::new(
        "pressure_min_kpa",
        &["设计最低压力", "压力下限", "least pressure"],
        false,
        PRESSURE,
    ),
    Column::new(
        "pressure_max_kpa",
        &["设计最高压力", "压力上限", "most pressure"],
        false,
        PRESSURE,
    ),
    Column::new(
        "temperature_min_c",
        &["设计最低温度", "温度下限", "least temperature"],
        false,
        DEGREES,
    ),
    Column::new(
        "temperature_max_c",
        &["设计最高温度", "温度上限", "most temperature"],
        false,
        DEGREES,
    ),
];

const SHAPES: [(&str, Shape); 10] = [
    ("立式", Shape::Vertical),
    ("立式圆筒", Shape::Vertical),
    ("vertical", Shape::Vertical),
    ("卧式", Shape::Horizontal),
    ("卧式圆筒", Shape::Horizontal),
    ("horizontal", Shape::Horizontal),
    ("球罐", Shape::Sphere),
    ("sphere", Shape::Sphere),
    ("其他", Shape::Other),
    ("other", Shape::Other),
];

const ROOFS: [(&str, Roof); 6] = [
    ("固定顶", Roof::Fixed),
    ("fixed", Roof::Fixed),
    ("外浮顶", Roof::ExternalFloating),
    ("external_floating", Roof::ExternalFloating),
    ("内浮顶", Roof::InternalFloating),
    ("internal_floating", Roof::InternalFloating),
];

pub(super) fn read(cells: &mut Cells<'_>) -> Option<Particulars> {
    let (medium, cas) = (cells.needed("medium"), cells.code("cas"));
    let shape = cells.needed_choice("shape", &SHAPES);
    let roof = cells.choice("roof", &ROOFS);
    let (diameter_m, height_m) = (cells.number("diameter_m"), cells.number("height_m"));
    let volume_m3 = cells.needed_number("volume_m3");
    let design_max_t = cells.number("design_max_t");
    let (level_min_m, level_max_m) = (cells.number("level_min_m"), cells.number("level_max_m"));
    let pressure_min_kpa = cells.number("pressure_min_kpa");
    let pressure_max_kpa = cells.number("pressure_max_kpa");
    let temperature_min_c = cells.number("temperature_min_c");
    let temperature_max_c = cells.number("temperature_max_c");
    Some(Particulars::Tank(Tank {
        medium: medium?,
        cas,
        shape: shape?,
        roof,
        diameter_m,
        height_m,
        volume_m3: volume_m3?,
        design_max_t,
        level_min_m,
        level_max_m,
        pressure_min_kpa,
        pressure_max_kpa,
        temperature_min_c,
        temperature_max_c,
    }))
}

/// Another medium has another number, and another shape another roof.
pub(super) fn over(said: Tank, stood: &Tank) -> Tank {
    let cas = stood.cas.clone().filter(|_| said.medium == stood.medium);
    let roof = stood.roof.filter(|_| said.shape == stood.shape);
    Tank {
        cas: said.cas.or(cas),
        roof: said.roof.or(roof),
        diameter_m: said.diameter_m.or(stood.diameter_m),
        height_m: said.height_m.or(stood.height_m),
        design_max_t: said.design_max_t.or(stood.design_max_t),
        level_min_m: said.level_min_m.or(stood.level_min_m),
        level_max_m: said.level_max_m.or(stood.level_max_m),
        pressure_min_kpa: said.pressure_min_kpa.or(stood.pressure_min_kpa),
        pressure_max_kpa: said.pressure_max_kpa.or(stood.pressure_max_kpa),
        temperature_min_c: said.temperature_min_c.or(stood.temperature_min_c),
        temperature_max_c: said.temperature_max_c.or(stood.temperature_max_c),
        ..said
    }
}
