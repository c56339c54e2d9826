//! Sensors of stations out of a table: one row a point of a station and its mapping, known
//! by the station's code and what its messages call the point.
//!
//! A row adds a sensor, or says its mapping anew; it takes none away. A station may have
//! thousands, so what a row needs is asked for, and not all of its station.

use base::{Id, Quantity};
use host::import::{Cells, Change, Column, Item, Keys, Reach, Register};
use host::{Error, Read, Record, Result, Scope, Tx};

use super::details::{self, MOST_SENSORS, MappingDetails, SensorDetails};
use super::fact::{Changed, Mended, StationFact};
use super::import::{noted, protocol};
use super::{REGISTER, SensorDefinition, Station, store};
use crate::protocol::Protocol;

const COLUMNS: &[Column] = &[
    Column::new(
        "station",
        &["测站编码", "站码", "数据源编码", "所属测站", "station code", "station"],
        true,
        ["已登记测站在其规约中的编码", "a registered station, by its code in its protocol"],
    ),
    Column::new(
        "element",
        &["测点编码", "要素", "测点", "指标编码", "point", "element"],
        true,
        ["报文中的测点名或要素代码", "the point as messages name it, or the element"],
    ),
    Column::new(
        "quantity",
        &["监测量", "测量量", "指标", "quantity"],
        false,
        [
            "如 甲烷、水位；规约已说明的可空；登记后不可改",
            "such as methane, water_level; may be empty where the protocol says it; it stays",
        ],
    ),
    Column::new(
        "name",
        &["测点名称", "安装位置", "名称", "name"],
        false,
        ["测什么、在哪里，1 至 128 字", "what or where it measures, 1 to 128 characters"],
    ),
    Column::new(
        "factor",
        &["系数", "换算系数", "factor"],
        false,
        ["读数 = 报文值 × 系数 + 偏移；空为 1", "reading = value × factor + shift; 1 when empty"],
    ),
    Column::new("shift", &["偏移", "偏移量", "shift"], false, ["空为 0", "0 when empty"]),
    Column::new(
        "low",
        &["量程下限", "下限", "low"],
        false,
        ["仪器能测的最小值，按监测量单位", "the least it can measure, in the quantity's unit"],
    ),
    Column::new(
        "high",
        &["量程上限", "上限", "high"],
        false,
        ["仪器能测的最大值，按监测量单位", "the most it can measure, in the quantity's unit"],
    ),
    Column::new(
        "protocol",
        &["规约", "通信规约", "protocol"],
        false,
        ["空为 sl651", "sl651 when empty"],
    ),
];

/// How sensors are taken out of tables.
pub(crate) fn register_of_sensors() -> Register {
    Register {
        name: "sensor",
        words: ["测点", "Sensors"],
        permission: REGISTER,
        sees: None,
        columns: COLUMNS,
        read,
    }
}

/// A row that reads.
struct Row {
    protocol: Protocol,
    /// In the protocol's one form.
    station: String,
    details: SensorDetails,
}

fn read(cells: &mut Cells<'_>) -> Option<Box<dyn Item>> {
    let protocol = protocol(cells);
    let station = cells.needed_code("station").and_then(|typed| {
        let code = protocol?.station_code(&typed);
        noted(cells, "station", code)
    });
    let element = cells.needed("element").map(|element| match protocol {
        Some(protocol) if !protocol.is_open() => element.to_ascii_uppercase(),
        _ => element,
    });
    let words = Quantity::ALL.iter().map(|quantity| (quantity.word(), *quantity));
    let codes = Quantity::ALL.iter().map(|quantity| (quantity.code(), *quantity));
    let quantity = cells.choice("quantity", &words.chain(codes).collect::<Vec<_>>());
    let mapping = MappingDetails {
        name: cells.text("name").map(Some),
        factor: cells.number("factor"),
        shift: cells.number("shift"),
        low: cells.number("low").map(Some),
        high: cells.number("high").map(Some),
    };
    let details = SensorDetails { element: element?, quantity, mapping };
    Some(Box::new(Row { protocol: protocol?, station: station?, details }))
}

/// What a row does to its station.
enum Step {
    Add(SensorDefinition),
    Mend(Mended),
    Nothing,
}

impl Row {
    /// Its station without sensors, if whoever imports may see it. One that is not there
    /// is not told from one that is outside.
    fn station(&self, db: &mut dyn Read, scope: &Scope) -> Result<Station> {
        let found = store::find_bare(db, scope, self.protocol, &self.station)?;
        found.ok_or(Error::not_found("station"))
    }

    fn step(
        &self,
        db: &mut dyn Read,
        station: &Station,
        new_id: impl FnMut() -> Id,
    ) -> Result<Step> {
        let details = &self.details;
        let Some(sensor) = store::working_sensor(db, station.id, &details.element)? else {
            let known = store::sensors_of(db, station.id)?;
            if MOST_SENSORS <= known {
                let text = format!("a station has at most {MOST_SENSORS} sensors");
                return Err(Error::conflict("too-many-sensors", text));
            }
            let one = std::slice::from_ref(details);
            let mut defined =
                details::sensors(self.protocol, &[], one, new_id).map_err(in_column)?;
            return Ok(defined.pop().map_or(Step::Nothing, Step::Add));
        };
        if let Some(asked) = details.quantity.filter(|asked| *asked != sensor.quantity) {
            let expected = format!(
                "{}, which it measures: retire it, and add one for another quantity",
                sensor.quantity.word()
            );
            return Err(Error::invalid("quantity", asked.word(), expected));
        }
        let mapping = details.mapping.over(&sensor.mapping)?;
        if mapping == sensor.mapping {
            return Ok(Step::Nothing);
        }
        Ok(Step::Mend(Mended { sensor: sensor.id, mapping }))
    }
}

/// A form has elements in a list, a table one in a column.
fn in_column(error: Error) -> Error {
    match error {
        Error::Invalid { field, seen, expected } if field == "elements" => {
            Error::Invalid { field: "element".to_owned(), seen, expected }
        }
        other => other,
    }
}

impl Item for Row {
    fn key(&self) -> String {
        format!("{} {} {}", self.protocol.code(), self.station, self.details.element)
    }

    fn plan(&self, db: &mut dyn Read, reach: &Reach, _: &Keys) -> Result<Change> {
        let scope = &reach.scope;
        let station = self.station(db, scope)?;
        Ok(match self.step(db, &station, || Id::from_u128(0))? {
            Step::Add(_) => Change::New,
            Step::Mend(_) => Change::Changed,
            Step::Nothing => Change::Same,
        })
    }

    fn take(&self, tx: &mut Tx<'_>, reach: &Reach) -> Result<()> {
        let scope = &reach.scope;
        let station = self.station(tx, scope)?;
        let id = tx.new_id();
        let mut changed = Changed::nothing(&station);
        match self.step(tx, &station, || id)? {
            Step::Add(sensor) => changed.added.push(sensor),
            Step::Mend(mended) => changed.mended.push(mended),
            Step::Nothing => return Ok(()),
        }
        tx.record(Record::next(station.id, StationFact::Changed(changed)))?;
        Ok(())
    }
}
