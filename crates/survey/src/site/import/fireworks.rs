//! Buildings of fireworks works out of a table.

use host::import::{Cells, Column};

use super::super::{FireworksBuilding, HazardClass, Particulars, Use};
use super::{COMMON, count};
use crate::table::joined;

pub(super) const COLUMNS: &[Column] = &joined::<{ OWN.len() + COMMON.len() }>(OWN, COMMON);

const OWN: &[Column] = &[
    Column::new(
        "code",
        &["工库房编号", "库房编号", "工房编号", "编号", "code"],
        true,
        ["总图上的编号，1 至 16 位", "its number on the plan, 1 to 16 characters"],
    ),
    Column::new(
        "use",
        &["用途", "工库房类型", "use"],
        true,
        ["工房、中转库、总仓库", "workshop, transit or store"],
    ),
    Column::new(
        "hazard_class",
        &["危险等级", "hazard class"],
        true,
        ["1.1-1、1.1-2、1.3", "1.1-1, 1.1-2 or 1.3"],
    ),
    Column::new("process", &["工序", "process"], false, ["至多 64 字", "at most 64 characters"]),
    Column::new(
        "rated_people",
        &["定员", "rated people"],
        false,
        ["人；工房必填", "people; of a workshop"],
    ),
    Column::new(
        "rated_charge_kg",
        &["定量", "药量", "rated charge"],
        false,
        ["千克；库房必填", "kilograms; of a store"],
    ),
];

const USES: [(&str, Use); 7] = [
    ("工房", Use::Workshop),
    ("workshop", Use::Workshop),
    ("中转库", Use::Transit),
    ("transit", Use::Transit),
    ("总仓库", Use::Store),
    ("仓库", Use::Store),
    ("store", Use::Store),
];

const CLASSES: [(&str, HazardClass); 5] = [
    ("1.1-1", HazardClass::MassStrong),
    ("1.1⁻¹", HazardClass::MassStrong),
    ("1.1-2", HazardClass::Mass),
    ("1.1⁻²", HazardClass::Mass),
    ("1.3", HazardClass::Fire),
];

pub(super) fn read(cells: &mut Cells<'_>) -> Option<Particulars> {
    let used_as = cells.needed_choice("use", &USES);
    let hazard_class = cells.needed_choice("hazard_class", &CLASSES);
    let process = cells.text("process");
    let rated_people = count(cells, "rated_people");
    let rated_charge_kg = cells.number("rated_charge_kg");
    Some(Particulars::FireworksBuilding(FireworksBuilding {
        used_as: used_as?,
        hazard_class: hazard_class?,
        process,
        rated_people,
        rated_charge_kg,
    }))
}

pub(super) fn over(said: FireworksBuilding, stood: &FireworksBuilding) -> FireworksBuilding {
    FireworksBuilding {
        process: said.process.or_else(|| stood.process.clone()),
        rated_people: said.rated_people.or(stood.rated_people),
        rated_charge_kg: said.rated_charge_kg.or(stood.rated_charge_kg),
        ..said
    }
}
