//! Safety monitoring: points, their values, statistics and exceptions.

use base::{Duration, Timestamp};

use super::chance::under;
use super::{Mine, hundredths, row};

/// One sort of point: type, kind of value, unit, then in hundredths of the unit: usual
/// value, how much it moves, range, alarm, cut.
struct Sort {
    sensor_type: &'static str,
    value_type: &'static str,
    name: &'static str,
    unit: &'static str,
    usual: i64,
    moves: i64,
    range: i64,
    alarm: i64,
    cut: i64,
}

#[rustfmt::skip]
const SORTS: [Sort; 8] = [
    Sort { sensor_type: "0001", value_type: "MN", name: "甲烷", unit: "%CH4", usual: 30, moves: 20, range: 400, alarm: 100, cut: 150 },
    Sort { sensor_type: "0004", value_type: "MN", name: "一氧化碳", unit: "ppm", usual: 300, moves: 200, range: 100_000, alarm: 2400, cut: 0 },
    Sort { sensor_type: "0003", value_type: "MN", name: "温度", unit: "℃", usual: 2100, moves: 150, range: 10_000, alarm: 3000, cut: 0 },
    Sort { sensor_type: "0002", value_type: "MN", name: "风速", unit: "m/s", usual: 180, moves: 40, range: 1500, alarm: 0, cut: 0 },
    Sort { sensor_type: "0012", value_type: "MN", name: "氧气", unit: "%", usual: 2060, moves: 15, range: 2500, alarm: 0, cut: 0 },
    Sort { sensor_type: "1008", value_type: "KG", name: "烟雾", unit: "", usual: 0, moves: 0, range: 0, alarm: 0, cut: 0 },
    Sort { sensor_type: "1001", value_type: "KG", name: "局部通风机", unit: "", usual: 100, moves: 0, range: 0, alarm: 0, cut: 0 },
    Sort { sensor_type: "1002", value_type: "KG", name: "风门", unit: "", usual: 0, moves: 100, range: 0, alarm: 0, cut: 0 },
];

const PLACES: [&str; 6] = [
    "1301综采工作面T1",
    "1301综采工作面回风T2",
    "1302掘进工作面T1",
    "主运胶带机头",
    "东翼总回风巷",
    "中央变电所",
];

fn sort(index: usize) -> &'static Sort {
    &SORTS[index % SORTS.len()]
}

pub(super) fn code(mine: &Mine, index: usize) -> String {
    let Sort { sensor_type, value_type, .. } = sort(index);
    format!("{}01{value_type}{sensor_type}{:04}A", mine.config.code, index + 1)
}

fn place(index: usize) -> String {
    format!("{}{}号", PLACES[index % PLACES.len()], index / PLACES.len() + 1)
}

fn substation(mine: &Mine, number: usize) -> String {
    format!("{}{:04}", mine.config.code, number + 1)
}

/// Points of one substation.
const SHARED: usize = 16;

/// In hundredths: what it was told to show, or its usual value with noise per half minute.
fn value(mine: &Mine, index: usize, at: Timestamp) -> i64 {
    if let Some((_, told)) = mine.told.iter().find(|(point, _)| *point == index) {
        return *told;
    }
    let course = mine.courses.iter().find(|(point, _)| *point == index);
    if let Some(value) = course.and_then(|(_, course)| course.value(at)) {
        return value;
    }
    let sort = sort(index);
    let step = at.as_millis().div_euclid(30_000) as u64;
    match (sort.value_type, sort.moves) {
        ("KG", 0) => sort.usual,
        // A door stands open for one half minute in ten.
        ("KG", _) => 100 * i64::from(under(10, &[mine.config.seed, index as u64, step]) == 0),
        (_, moves) => {
            let slow = under(moves, &[mine.config.seed, index as u64, step / 20]);
            let fast = under(moves / 4 + 1, &[mine.config.seed, 7, index as u64, step]);
            (sort.usual + slow - moves / 2 + fast).max(0)
        }
    }
}

fn said(index: usize, value: i64) -> String {
    match sort(index).value_type {
        "KG" => (value / 100).to_string(),
        _ => hundredths(value),
    }
}

/// Bits: 1 alarm, 2 cut.
fn state(index: usize, value: i64) -> u8 {
    let sort = sort(index);
    let over = |limit: i64| limit > 0 && value >= limit;
    u8::from(over(sort.alarm)) | u8::from(over(sort.cut)) << 1
}

pub(super) fn rows(mine: &Mine, kind: &str, at: Timestamp) -> Vec<Vec<String>> {
    let all = 0..mine.config.points.min(9999);
    let substations = 0..all.end.div_ceil(SHARED);
    let now = at.to_beijing();
    let measured = (at - Duration::from_secs(2)).to_beijing();
    let limit = |value: i64| if value > 0 { hundredths(value) } else { String::new() };
    let of_point = |index: usize| {
        let Sort { sensor_type, value_type, unit, range, alarm, cut, name, .. } = sort(index);
        let value = value(mine, index, at);
        let is_switch = *value_type == "KG";
        match kind {
            "CDDY" => {
                let words =
                    super::super::SensorType::find(super::super::Family::Safety, sensor_type)
                        .and_then(|row| row.states)
                        .unwrap_or(["", ""]);
                let (on, off) = if is_switch { (words[1], words[0]) } else { ("", "") };
                let low = if is_switch { "" } else { "0.00" };
                let of = substation(mine, index / SHARED);
                Some(row![
                    code(mine, index),
                    "01",
                    of,
                    sensor_type,
                    value_type,
                    unit,
                    limit(*range),
                    low,
                    limit(*alarm),
                    limit(*alarm),
                    "",
                    "",
                    limit(*cut),
                    limit(*alarm.min(cut)),
                    "",
                    "",
                    on,
                    off,
                    place(index),
                    "4245615.60",
                    "36372560.60",
                    "-750.00",
                    "",
                    now,
                ])
            }
            "CDSS" => {
                let (said, state) = (said(index, value), state(index, value));
                Some(row![code(mine, index), name, place(index), said, unit, state, measured])
            }
            "TJSJ" if !is_switch => {
                // Ten half minutes.
                let span = (0..10).map(|step| at - Duration::from_secs(30 * (10 - step)));
                let values: Vec<(i64, Timestamp)> =
                    span.map(|moment| (self::value(mine, index, moment), moment)).collect();
                let (max, max_at) = values.iter().copied().max_by_key(|(value, _)| *value)?;
                let (min, min_at) = values.iter().copied().min_by_key(|(value, _)| *value)?;
                let mean = values.iter().map(|(value, _)| value).sum::<i64>() / 10;
                let start = (at - Duration::from_mins(5)).to_beijing();
                Some(row![
                    code(mine, index),
                    name,
                    place(index),
                    unit,
                    start,
                    now,
                    hundredths(max),
                    max_at.to_beijing(),
                    hundredths(min),
                    min_at.to_beijing(),
                    hundredths(mean),
                    now,
                ])
            }
            "YCBJ" if state(index, value) & 1 > 0 => {
                let peak = hundredths(value);
                // The hour is when it began, as far as a mine without memory knows.
                let hour = at.as_millis().div_euclid(3_600_000) * 3_600_000;
                let start = Timestamp::from_millis(hour).to_beijing();
                Some(row![
                    code(mine, index),
                    name,
                    place(index),
                    unit,
                    "001",
                    start,
                    "",
                    peak,
                    now,
                    peak,
                    now,
                    peak,
                    "",
                    "",
                    "",
                    "",
                    now,
                ])
            }
            "KGBH" if is_switch => {
                let before = self::value(mine, index, at - Duration::from_secs(60));
                let changed = before != value;
                changed
                    .then(|| row![code(mine, index), name, place(index), said(index, value), now])
            }
            _ => None,
        }
    };
    match kind {
        "FZDY" => substations
            .map(|number| {
                let place = format!("{}分站", PLACES[number % PLACES.len()]);
                row![substation(mine, number), place, "4245615.60", "36372560.60", "-750.00", now]
            })
            .collect(),
        "FZSS" => substations.map(|number| row![substation(mine, number), 0, 1, now]).collect(),
        _ => all.filter_map(of_point).collect(),
    }
}
