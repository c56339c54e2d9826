//! What the tables of all registers here have in common: columns of place and of life, and
//! how rows are compared with what is registered.

use base::{Coordinates, Located};
use host::import::{Cells, Column};

use crate::life::State;

pub(crate) const REGION: Column = Column::new(
    "region",
    &["行政区划代码", "区划代码", "行政区划", "region"],
    true,
    ["6、9 或 12 位区划代码", "a division code of 6, 9 or 12 digits"],
);
pub(crate) const ADDRESS: Column = Column::new(
    "address",
    &["地址", "详细地址", "address"],
    false,
    ["至多 200 字", "at most 200 characters"],
);
pub(crate) const LON: Column =
    Column::new("lon", &["经度", "longitude", "lon"], false, ["度，小数", "decimal degrees"]);
pub(crate) const LAT: Column =
    Column::new("lat", &["纬度", "latitude", "lat"], false, ["度，小数", "decimal degrees"]);
pub(crate) const DATUM: Column = Column::new(
    "datum",
    &["坐标系", "坐标系统", "datum"],
    false,
    [
        "CGCS2000、WGS84、GCJ02、BD09；有坐标必填",
        "CGCS2000, WGS84, GCJ02 or BD09; needed with coordinates",
    ],
);
pub(crate) const STATE: Column = Column::new(
    "state",
    &["状态", "生产状态", "state"],
    false,
    [
        "在建、在产、停产；空为在产；只用于新登记",
        "planned, operating, suspended; operating when empty; for new ones",
    ],
);
pub(crate) const SINCE: Column = Column::new(
    "since",
    &["起始日期", "状态起始日期", "since"],
    false,
    [
        "该状态自哪天起；空为今天；只用于新登记",
        "in that state since; today when empty; for new ones",
    ],
);

/// The words of [`STATE`]: nothing is registered as closed.
pub(crate) const STATES: [(&str, State); 11] = [
    ("在建", State::Planned),
    ("拟建", State::Planned),
    ("planned", State::Planned),
    ("在产", State::Operating),
    ("在用", State::Operating),
    ("正常", State::Operating),
    ("运行", State::Operating),
    ("operating", State::Operating),
    ("停产", State::Suspended),
    ("停用", State::Suspended),
    ("suspended", State::Suspended),
];

/// A register's own columns, and those that all have behind them.
pub(crate) const fn joined<const N: usize>(own: &[Column], all: &[Column]) -> [Column; N] {
    assert!(own.len() + all.len() == N, "as many as both have");
    let mut columns = [REGION; N];
    let mut at = 0;
    while at < N {
        columns[at] = if at < own.len() { own[at] } else { all[at - own.len()] };
        at += 1;
    }
    columns
}

/// The state in which a row registers something, and since when.
pub(crate) fn beginning(cells: &mut Cells<'_>) -> (Option<State>, Option<String>) {
    let state = cells.choice("state", &STATES);
    (state, cells.date("since").map(|day| day.to_string()))
}

/// The place that a row says; what stood where it says the same.
///
/// The same numbers on paper are the same place, though a converted one may differ in its
/// last bit once it has gone through text.
pub(crate) fn place(said: Option<Located>, stood: Option<Located>) -> Option<Located> {
    if said.map(Coordinates::from) == stood.map(Coordinates::from) { stood } else { said }
}
