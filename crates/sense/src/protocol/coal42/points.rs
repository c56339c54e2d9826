//! What the records of a mine's files mean: which point, which quantity, which number.

use std::collections::BTreeMap;

use base::quantity::Grade;
use base::{Quality, Quantity, Timestamp};
use wire::Decimal;
use wire::coal42::{Content, Family, File, PointCode, PointState, Presence, SensorType, SiteCode};

use super::super::{Definition, Element, Omission, Suggestion, Why};
use crate::station::{Class, Mapping};

/// A number that a file gives for a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub element: String,
    pub time: Timestamp,
    /// `None` when the host says that it has none; that is never zero.
    pub value: Option<f64>,
    pub quality: Quality,
}

/// Units as hosts write them, each with its factor to the quantity's.
type Units = &'static [(&'static str, f64)];

/// What sensors of safety monitoring measure, by their type. A type that is not here can be mapped by hand.
#[rustfmt::skip]
const QUANTITIES: &[(&str, Quantity, Units)] = &[
    ("0001", Quantity::Methane, &[("%CH4", 1.0), ("%", 1.0)]),
    ("0002", Quantity::WindSpeed, &[("m/s", 1.0)]),
    ("0003", Quantity::AirTemperature, &[("℃", 1.0), ("°C", 1.0)]),
    ("0004", Quantity::CarbonMonoxide, &[("ppm", 1.0), ("%", 10_000.0)]),
    ("0007", Quantity::WaterLevel, &[("m", 1.0)]),
    ("0009", Quantity::HydrogenSulfide, &[("ppm", 1.0)]),
    ("0010", Quantity::WaterTemperature, &[("℃", 1.0), ("°C", 1.0)]),
    ("0011", Quantity::Methane, &[("%CH4", 1.0), ("%", 1.0)]),
    ("0012", Quantity::Oxygen, &[("%", 1.0), ("%O2", 1.0)]),
    ("0013", Quantity::CarbonDioxide, &[("%", 1.0), ("%CO2", 1.0)]),
    ("0014", Quantity::Dust, &[("mg/m³", 1.0), ("mg/m3", 1.0)]),
    ("0015", Quantity::Voltage, &[("V", 1.0), ("kV", 1_000.0)]),
    ("0020", Quantity::Displacement, &[("mm", 1.0), ("m", 1_000.0)]),
    ("0021", Quantity::Displacement, &[("mm", 1.0), ("m", 1_000.0)]),
    ("0022", Quantity::Methane, &[("%CH4", 1.0), ("%", 1.0)]),
    ("0033", Quantity::Stress, &[("MPa", 1.0)]),
    ("0034", Quantity::Stress, &[("MPa", 1.0)]),
    ("0043", Quantity::Methane, &[("%CH4", 1.0), ("%", 1.0)]),
];

/// What is measured at a point of the other systems: the word behind the code, its Chinese
/// word, the quantity and the factor from the wire's unit.
const SITES: &[(&str, &str, Option<Quantity>, f64)] = &[
    ("level", "水位", Some(Quantity::WaterLevel), 1.0),
    ("temperature", "水温", Some(Quantity::WaterTemperature), 1.0),
    // m³/h on the wire.
    ("drainage", "排水量", Some(Quantity::Discharge), 1.0 / 3600.0),
    ("day_total", "日累计排水量", None, 1.0),
    ("inflow", "涌水量", Some(Quantity::Discharge), 1.0 / 3600.0),
    ("dewatering", "疏放水量", None, 1.0),
    ("rain", "降水量", Some(Quantity::RainAmount), 1.0),
    ("pump", "水泵开停", Some(Quantity::SwitchState), 1.0),
    ("x", "X 坐标", None, 1.0),
    ("y", "Y 坐标", None, 1.0),
    ("z", "Z 坐标", None, 1.0),
    ("stress", "应力", Some(Quantity::Stress), 1.0),
    ("run", "运行状态", Some(Quantity::StatusWord), 1.0),
    ("heads", "区域人数", Some(Quantity::HeadCount), 1.0),
    ("approved", "区域核定人数", Some(Quantity::HeadCount), 1.0),
];

/// What the name of a point ends with that counts the heads in an area.
pub const HEADS: &str = "/heads";

/// Types of files that are one number for the whole mine.
const COUNTED: [(&str, &str, &str, Quantity); 7] = [
    ("RYXX", "核定下井人数", "heads approved", Quantity::HeadCount),
    ("RYSS", "井下人数", "heads underground", Quantity::HeadCount),
    ("YCBJ", "未结束的异常报警数", "open exceptions", Quantity::OpenAlarms),
    ("RYCS", "未结束的超时报警数", "open overtime alarms", Quantity::OpenAlarms),
    ("RYCY", "未结束的超员报警数", "open over-crowding alarms", Quantity::OpenAlarms),
    ("RYQJ", "未结束的求救数", "open calls for help", Quantity::OpenAlarms),
    ("RYXZ", "未结束的限制区域报警数", "open restricted-area alarms", Quantity::OpenAlarms),
];

pub fn counted() -> Vec<Element> {
    let element = |row: &(&'static str, &'static str, &'static str, Quantity)| Element {
        code: row.0,
        word: row.1,
        word_en: row.2,
        quantity: row.3,
        is_common: row.0 == "RYSS",
        usual_for: if row.0 == "RYSS" { &[Class::Mine] } else { &[] },
    };
    COUNTED.iter().map(element).collect()
}

pub fn word(code: &str) -> Option<&'static str> {
    if let Some((_, word, ..)) = COUNTED.iter().find(|row| row.0 == code) {
        return Some(word);
    }
    if let Some((_, what)) = code.split_once('/') {
        return SITES.iter().find(|row| row.0 == what).map(|row| row.1);
    }
    let point = point(code)?;
    SensorType::find(Family::Safety, point.sensor_type()).map(|row| row.word)
}

/// The point of a mine whose code has twelve digits.
fn point(code: &str) -> Option<PointCode> {
    PointCode::parse(code, code.get(..12)?).ok()
}

pub fn suggestion(code: &str) -> Option<Suggestion> {
    if let Some((.., quantity)) = COUNTED.iter().find(|row| row.0 == code) {
        return Some(Suggestion { quantity: Some(*quantity), mapping: Mapping::default() });
    }
    if let Some((site, what)) = code.split_once('/') {
        let is_site = site.len() > 12 && site.bytes().all(|byte| byte.is_ascii_graphic());
        let (.., quantity, factor) = SITES.iter().find(|row| row.0 == what).filter(|_| is_site)?;
        let mapping = Mapping { factor: *factor, ..Mapping::default() };
        return Some(Suggestion { quantity: *quantity, mapping });
    }
    let point = point(code)?;
    let (quantity, factor) = meant(&point, None);
    Some(Suggestion { quantity, mapping: Mapping { factor, ..Mapping::default() } })
}

/// What a point measures and the factor from its unit; `None` when its unit is none that
/// we know, since a number without its unit is a guess.
fn meant(point: &PointCode, unit: Option<&str>) -> (Option<Quantity>, f64) {
    if point.value_type() == "KG" {
        return (Some(Quantity::SwitchState), 1.0);
    }
    let row = QUANTITIES.iter().find(|row| row.0 == point.sensor_type());
    let Some((_, quantity, units)) = row else { return (None, 1.0) };
    match unit.filter(|unit| !unit.is_empty()) {
        None => (Some(*quantity), 1.0),
        Some(unit) => match units.iter().find(|known| known.0.eq_ignore_ascii_case(unit)) {
            Some((_, factor)) => (Some(*quantity), *factor),
            None => (None, 1.0),
        },
    }
}

/// Records that cannot be read, as far as they were kept.
pub fn unreadable(file: &File, is_personal: bool) -> Vec<Omission> {
    let omission = |bad: &wire::coal42::BadRecord| {
        let (code, fault) = (file.kind.code(), &bad.fault);
        let text = if is_personal { "" } else { bad.text.as_str() };
        Omission {
            element: format!("{code} {}", fault.field).trim_end().to_owned(),
            why: Why::Unreadable,
            value: format!("#{} {}: {fault} {text}", bad.number, fault.reason.code()),
        }
    };
    file.bad.iter().map(omission).collect()
}

pub fn readings(file: &File) -> Vec<Reading> {
    let uploaded = file.header.uploaded;
    let good = |element: String, time: Timestamp, value: Option<f64>| Reading {
        element,
        time,
        value,
        quality: Quality::GOOD,
    };
    let at = |code: &SiteCode, what: &str| format!("{}/{what}", code.as_str());
    let number = |value: Option<Decimal>| value.map(Decimal::to_f64);
    let code = |text: &str| text.parse::<u8>().ok().map(f64::from);
    match &file.content {
        Content::PointValue(records) => records
            .iter()
            .map(|(_, it)| {
                let reading = good(it.point.as_str().to_owned(), it.data_time, number(it.value));
                Reading { quality: quality(&it.state), ..reading }
            })
            .collect(),
        Content::SwitchChange(records) => records
            .iter()
            .map(|(_, it)| good(it.point.as_str().to_owned(), it.changed, code(&it.state)))
            .collect(),
        Content::SubstationState(records) => records
            .iter()
            .map(|(_, it)| {
                let element = format!("{}/run", it.substation.as_str());
                good(element, it.data_time.unwrap_or(uploaded), code(&it.run))
            })
            .collect(),
        Content::BaseStationState(records) => records
            .iter()
            .map(|(_, it)| {
                let element = format!("{}/run", it.station.as_str());
                good(element, it.data_time.unwrap_or(uploaded), code(&it.run))
            })
            .collect(),
        Content::PersonState(records) => {
            let down = records.iter().filter(|(_, it)| it.presence == Presence::Underground);
            let heads = good("RYSS".to_owned(), uploaded, Some(down.count() as f64));
            let quality = counted_of(file.bad_count);
            let mut areas = BTreeMap::<&str, u32>::new();
            for (_, it) in records.iter().filter(|(_, it)| it.presence == Presence::Underground) {
                if let Some(area) = &it.area {
                    *areas.entry(area.as_str()).or_default() += 1;
                }
            }
            let counted = areas.into_iter().map(|(area, heads)| {
                good(format!("{area}{HEADS}"), uploaded, Some(f64::from(heads)))
            });
            [heads].into_iter().chain(counted).map(|it| Reading { quality, ..it }).collect()
        }
        Content::Area(records) => records
            .iter()
            .filter_map(|(_, it)| {
                let element = format!("{}/approved", it.area.as_str());
                Some(good(element, uploaded, Some(f64::from(it.approved?))))
            })
            .collect(),
        Content::Person(_) => {
            let approved = file.header.more.first().and_then(|it| it.trim().parse::<u32>().ok());
            let approved = approved.map(f64::from);
            approved.map(|it| good("RYXX".to_owned(), uploaded, Some(it))).into_iter().collect()
        }
        Content::PointException(records) => {
            open(file, records.iter().map(|(_, it)| it.end.is_none()))
        }
        Content::Overtime(records) => open(file, records.iter().map(|(_, it)| it.end.is_none())),
        Content::Overcrowding(records) => {
            open(file, records.iter().map(|(_, it)| it.end.is_none()))
        }
        Content::HelpCall(records) => open(file, records.iter().map(|(_, it)| it.end.is_none())),
        Content::Trespass(records) => open(file, records.iter().map(|(_, it)| it.end.is_none())),
        Content::WellValue(records) => records
            .iter()
            .flat_map(|(_, it)| {
                let level = good(at(&it.point, "level"), it.data_time, number(it.level));
                let celsius = number(it.temperature);
                let warm = good(at(&it.point, "temperature"), it.data_time, celsius);
                [level, warm].map(|reading| Reading { quality: quality(&it.state), ..reading })
            })
            .collect(),
        Content::DrainageValue(records) => records
            .iter()
            .flat_map(|(_, it)| {
                let now = good(at(&it.point, "drainage"), it.data_time, number(it.value));
                let day = good(at(&it.point, "day_total"), it.data_time, number(it.day_total));
                [now, day].map(|reading| Reading { quality: quality(&it.state), ..reading })
            })
            .collect(),
        Content::InflowValue(records) => records
            .iter()
            .map(|(_, it)| {
                let reading = good(at(&it.point, "inflow"), it.data_time, number(it.value));
                Reading { quality: quality(&it.state), ..reading }
            })
            .collect(),
        Content::DewateringValue(records) => records
            .iter()
            .map(|(_, it)| good(at(&it.point, "dewatering"), it.data_time, number(it.value)))
            .collect(),
        Content::PumpState(records) => records
            .iter()
            .map(|(_, it)| good(at(&it.point, "pump"), it.data_time, code(&it.running)))
            .collect(),
        Content::RainValue(records) => records
            .iter()
            .map(|(_, it)| {
                let reading = good(at(&it.point, "rain"), it.data_time, number(it.value));
                Reading { quality: quality(&it.state), ..reading }
            })
            .collect(),
        Content::SurfaceWaterValue(records) => records
            .iter()
            .map(|(_, it)| {
                let reading = good(at(&it.point, "level"), it.data_time, number(it.value));
                Reading { quality: quality(&it.state), ..reading }
            })
            .collect(),
        Content::SubsidenceValue(records) => records
            .iter()
            .flat_map(|(_, it)| {
                let axes = [("x", it.x), ("y", it.y), ("z", it.z)];
                axes.map(|(axis, value)| {
                    let reading = good(at(&it.point, axis), it.data_time, number(value));
                    Reading { quality: quality(&it.state), ..reading }
                })
            })
            .collect(),
        Content::StressValue(records) => records
            .iter()
            .map(|(_, it)| {
                let reading = good(at(&it.point, "stress"), it.data_time, number(it.value));
                Reading { quality: quality(&it.state), ..reading }
            })
            .collect(),
        // Definitions are below; statistics repeat what came as values; exceptions of the
        // other systems and what nobody knows are kept as they came.
        _ => Vec::new(),
    }
}

/// Of a count of persons: somebody who could not be read may be down there as well.
///
/// - `bad`: records that could not be read.
pub fn counted_of(bad: usize) -> Quality {
    match bad {
        0 => Quality::GOOD,
        _ => Quality::new(Grade::Uncertain, Quality::BY_CHECK),
    }
}

/// How many alarms of a file are open, as one reading of the mine.
fn open(file: &File, records: impl Iterator<Item = bool>) -> Vec<Reading> {
    let count = records.filter(|is_open| *is_open).count() as f64;
    let (element, time) = (file.kind.code().to_owned(), file.header.uploaded);
    vec![Reading { element, time, value: Some(count), quality: Quality::GOOD }]
}

/// An alarm and a cut do not spoil a value; a calibration, a fault and a state that is
/// none do.
fn quality(state: &PointState) -> Quality {
    match state.is_usable() {
        true => Quality::GOOD,
        false => Quality::new(Grade::Bad, Quality::BY_DEVICE),
    }
}

pub fn definitions(file: &File) -> Vec<Definition> {
    let site = |code: &SiteCode, what: &str, name: &str| {
        let element = format!("{}/{what}", code.as_str());
        let suggestion = suggestion(&element).unwrap_or_default();
        Definition {
            element,
            quantity: suggestion.quantity,
            mapping: Mapping { name: named(name), ..suggestion.mapping },
            unit: None,
            remarks: None,
        }
    };
    let run = |code: &str, name: &str| Definition {
        element: format!("{code}/run"),
        quantity: Some(Quantity::StatusWord),
        mapping: Mapping { name: named(name), ..Mapping::default() },
        unit: None,
        remarks: None,
    };
    match &file.content {
        Content::PointDefinition(records) => records.iter().map(|(_, it)| defined(it)).collect(),
        Content::SubstationDefinition(records) => {
            records.iter().map(|(_, it)| run(it.substation.as_str(), &it.location)).collect()
        }
        Content::BaseStation(records) => {
            records.iter().map(|(_, it)| run(it.station.as_str(), &it.name)).collect()
        }
        Content::Area(records) => records
            .iter()
            .flat_map(|(_, it)| {
                let approved = it.approved.map(|approved| format!("核定 {approved} 人"));
                let words = [Some(it.area_type.clone()), approved].into_iter().flatten();
                let remarks = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("；");
                ["heads", "approved"].map(|what| Definition {
                    element: format!("{}/{what}", it.area.as_str()),
                    quantity: Some(Quantity::HeadCount),
                    mapping: Mapping { name: named(&it.name), ..Mapping::default() },
                    unit: None,
                    remarks: named(&remarks),
                })
            })
            .collect(),
        Content::Person(_) => heads(file),
        Content::WellDefinition(records) => records
            .iter()
            .flat_map(|(_, it)| {
                ["level", "temperature"].map(|what| site(&it.point, what, &it.name))
            })
            .collect(),
        Content::DrainageDefinition(records) => records
            .iter()
            .flat_map(|(_, it)| ["drainage", "pump"].map(|what| site(&it.point, what, &it.name)))
            .collect(),
        Content::InflowDefinition(records) => {
            records.iter().map(|(_, it)| site(&it.point, "inflow", &it.name)).collect()
        }
        Content::DewateringDefinition(records) => {
            records.iter().map(|(_, it)| site(&it.point, "dewatering", &it.location)).collect()
        }
        Content::RainDefinition(records) => {
            records.iter().map(|(_, it)| site(&it.point, "rain", &it.location)).collect()
        }
        Content::SurfaceWaterDefinition(records) => {
            records.iter().map(|(_, it)| site(&it.point, "level", &it.location)).collect()
        }
        Content::StressDefinition(records) => {
            records.iter().map(|(_, it)| site(&it.point, "stress", &it.location)).collect()
        }
        _ => Vec::new(),
    }
}

fn named(name: &str) -> Option<String> {
    let name: String = name.chars().take(128).collect();
    (!name.is_empty()).then_some(name)
}

/// What a mine says of a point: where it is, its range, and the limits it has set itself.
fn defined(it: &wire::coal42::PointDefinition) -> Definition {
    let (quantity, factor) = meant(&it.point, Some(&it.unit));
    let bound = |bound: Option<Decimal>| bound.map(|bound| bound.to_f64() * factor);
    let (low, high) = (bound(it.range_low), bound(it.range_high));
    // A range that is none says nothing.
    let is_range = low.zip(high).is_none_or(|(low, high)| low < high);
    let (low, high) = if is_range { (low, high) } else { (None, None) };
    let limits = [
        ("报警≥", it.alarm_high),
        ("报警≤", it.alarm_low),
        ("断电≥", it.cut_high),
        ("复电<", it.cut_high_restore),
        ("断电≤", it.cut_low),
        ("复电>", it.cut_low_restore),
    ];
    let limits = limits.iter().filter_map(|(word, limit)| limit.map(|it| format!("{word}{it}")));
    let words = [(&it.off_word, '0'), (&it.on_word, '1')];
    let words = words.iter().filter(|(word, _)| !word.is_empty());
    let remarks: Vec<String> =
        limits.chain(words.map(|(word, value)| format!("{value}={word}"))).collect();
    Definition {
        element: it.point.as_str().to_owned(),
        quantity,
        mapping: Mapping { name: named(&it.location), factor, shift: 0.0, low, high },
        unit: named(&it.unit),
        remarks: named(&remarks.join("；")),
    }
}

/// How many are and may be underground, the second from the header of the list of
/// persons, and the alarms about them.
fn heads(file: &File) -> Vec<Definition> {
    let approved = file.header.more.first().filter(|approved| !approved.is_empty());
    // Whoever lists persons counts them and says what is wrong with them.
    let counted = COUNTED.iter().filter(|row| row.0 != "YCBJ");
    let definition = |row: &(&str, &str, &str, Quantity)| Definition {
        element: row.0.to_owned(),
        quantity: Some(row.3),
        mapping: Mapping { name: Some(row.1.to_owned()), ..Mapping::default() },
        unit: None,
        remarks: approved
            .filter(|_| row.3 == Quantity::HeadCount)
            .map(|approved| format!("核定下井人数 {approved}")),
    };
    counted.map(definition).collect()
}

#[cfg(test)]
mod tests {
    use base::Duration;
    use wire::coal42::KINDS;
    use wire::coal42::host::{Mine, MineConfig};

    use super::*;

    fn mine() -> Mine {
        let (code, name) = ("220100000001".to_owned(), "样例煤矿".to_owned());
        Mine::new(MineConfig { code, name, seed: 7, points: 24, persons: 90 })
    }

    fn now() -> Timestamp {
        Timestamp::from_beijing([2026, 8, 3], [9, 10, 0]).expect("a minute")
    }

    #[test]
    fn what_a_simulated_mine_defines_is_what_it_sends() {
        let files = |purpose| {
            let kinds = KINDS.iter().filter(move |info| info.purpose == purpose);
            kinds.filter_map(|info| mine().file(info.code, now()))
        };
        let defined: Vec<Definition> =
            files(wire::coal42::Purpose::Definition).flat_map(|file| definitions(&file)).collect();
        let mut read = 0;
        for file in files(wire::coal42::Purpose::State) {
            for reading in readings(&file) {
                read += 1;
                let known = suggestion(&reading.element);
                let known = known.unwrap_or_else(|| panic!("{} is no name", reading.element));
                assert!(word(&reading.element).is_some(), "{}", reading.element);
                let Some(quantity) = known.quantity else { continue };
                let found = defined.iter().find(|it| it.element == reading.element);
                let found = found.unwrap_or_else(|| panic!("{} is not defined", reading.element));
                assert_eq!(found.quantity, Some(quantity), "{}", reading.element);
                let (_, inside) = found.mapping.apply(reading.value.expect("a number"));
                assert!(inside, "{} {reading:?}", found.element);
            }
        }
        assert!(read > 24 + 23 + 10, "{read}");
    }

    #[test]
    fn heads_underground_are_counted_and_nobody_is_named() {
        let file = mine().file("RYSS", now()).expect("positions");
        let readings = readings(&file);
        let [heads, areas @ ..] = &readings[..] else { panic!("no number") };
        assert!(heads.value.is_some_and(|heads| 20.0 < heads && heads < 40.0), "{heads:?}");
        assert_eq!((heads.element.as_str(), heads.time), ("RYSS", now()));
        assert!(areas.iter().all(|it| it.element.ends_with(HEADS) && it.element.len() == 16 + 6));
        let by_area: f64 = areas.iter().filter_map(|it| it.value).sum();
        assert_eq!(Some(by_area), heads.value, "everybody is in one area");
        let definitions = definitions(&mine().file("RYXX", now()).expect("persons"));
        assert_eq!(definitions.len(), 6);
        assert_eq!(definitions[0].remarks.as_deref(), Some("核定下井人数 500"));
    }

    #[test]
    fn a_call_for_help_is_open_until_it_ends() {
        let count = |minutes| {
            let at = now() + Duration::from_mins(minutes);
            readings(&mine().file("RYQJ", at).expect("calls"))[0].value
        };
        assert_eq!((count(0), count(4), count(5)), (Some(1.0), Some(1.0), Some(0.0)));
    }

    #[test]
    fn a_unit_makes_the_factor_and_an_unknown_one_makes_no_sensor() {
        let definition = |unit: &str| {
            let Some(mut file) = mine().file("CDDY", now()) else { panic!("definitions") };
            let Content::PointDefinition(records) = &mut file.content else { panic!("points") };
            records[1].1.unit = unit.to_owned();
            definitions(&file)[1].clone()
        };
        let ppm = definition("ppm");
        assert_eq!((ppm.quantity, ppm.mapping.factor), (Some(Quantity::CarbonMonoxide), 1.0));
        assert_eq!((ppm.mapping.low, ppm.mapping.high), (Some(0.0), Some(1000.0)));
        let percent = definition("%");
        assert_eq!(percent.mapping.factor, 10_000.0);
        assert_eq!(definition("mol").quantity, None);
        assert_eq!(percent.remarks.as_deref(), Some("报警≥24.00"));
    }

    #[test]
    fn a_state_spoils_a_value_unless_it_is_an_alarm_or_a_cut() {
        let graded = |text: &str| quality(&PointState(text.to_owned())).grade();
        assert_eq!(
            (graded("0"), graded("3"), graded("00000001")),
            (Grade::Good, Grade::Good, Grade::Good)
        );
        assert_eq!((graded("4"), graded("128"), graded("")), (Grade::Bad, Grade::Bad, Grade::Bad));
    }

    #[test]
    fn what_is_no_points_name_suggests_nothing() {
        for code in [
            "",
            "PJ",
            "220100000001",
            "220100000001/level",
            "22010000000101MN0001",
            "煤",
            "220100000001PSL1/tea",
        ] {
            assert_eq!(suggestion(code), None, "{code}");
        }
        let unknown = suggestion("22010000000101DT9999011A08").expect("a well-formed name");
        assert_eq!(unknown.quantity, None);
    }
}
