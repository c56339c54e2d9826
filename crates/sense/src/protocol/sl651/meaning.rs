//! What the elements of annex C mean here: their quantities, and how a value is read.

use std::collections::HashMap;

use base::quantity::Grade;
use base::{Quality, Quantity, Timestamp};
use wire::sl651::{ElementId, ElementInfo, Reading, StationAddress, Value};

use super::super::Why;
use crate::station::Class;

/// The status words of a message, by station and moment.
pub(super) type Doubts = HashMap<(Option<StationAddress>, Option<Timestamp>), u32>;

pub(super) fn doubts(readings: &[Reading]) -> Doubts {
    let mut doubts = Doubts::new();
    for reading in readings.iter().filter(|reading| reading.element == ZT) {
        if let Value::Bits(bits) = reading.value {
            *doubts.entry((reading.station, reading.observed)).or_default() |= bits;
        }
    }
    doubts
}

/// How an element's number becomes a value of its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// As it stands: the standard's unit is ours.
    Number,
    /// 1–16 clockwise, 1 is north: one sector is 22.5°.
    Sector,
    /// A number, unless it is one of the codes for a state.
    Opening,
    /// The status word as a number.
    Bits,
}

/// An element that a sensor may be registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The lead byte in HEX bodies; its ASCII name and Chinese word are `wire`'s.
    pub lead: u8,
    pub quantity: Quantity,
    pub reads: Reads,
    /// Where the standard says what it is.
    pub clause: &'static str,
    pub word_en: &'static str,
}

impl Meaning {
    pub(super) fn info(&self) -> &'static ElementInfo {
        ElementInfo::by_lead(self.lead).expect("annex C has every lead byte of the table")
    }
}

const fn row(
    lead: u8,
    quantity: Quantity,
    reads: Reads,
    clause: &'static str,
    word_en: &'static str,
) -> Meaning {
    Meaning { lead, quantity, reads, clause, word_en }
}

/// In the order of their lead bytes. Units of the standard are those of the
/// quantities, so nothing is scaled but the wind's sectors.
///
/// PJ (当前降水量) and the period amounts P1–PR, ED and EJ are amounts of a span
/// that ends at the observation time. DRP is twelve amounts of five minutes,
/// each at the beginning of its five minutes, as the standard gives the time.
#[rustfmt::skip]
pub(super) static MEANINGS: &[Meaning] = &[
    row(0x02, Quantity::AirTemperature, Reads::Number, "C.1 AI", "air temperature"),
    row(0x03, Quantity::WaterTemperature, Reads::Number, "C.1 C", "water temperature"),
    row(0x06, Quantity::Evaporation, Reads::Number, "C.1 ED", "evaporation of the day"),
    row(0x07, Quantity::Evaporation, Reads::Number, "C.1 EJ", "present evaporation"),
    row(0x08, Quantity::Pressure, Reads::Number, "C.1 FL", "air pressure"),
    row(0x09, Quantity::GateOpening, Reads::Opening, "C.1 GH", "gate opening"),
    row(0x0E, Quantity::GroundwaterDepth, Reads::Number, "C.1 H", "groundwater depth"),
    row(0x10, Quantity::SoilMoisture, Reads::Number, "C.1 M10", "soil at 10 cm"),
    row(0x11, Quantity::SoilMoisture, Reads::Number, "C.1 M20", "soil at 20 cm"),
    row(0x12, Quantity::SoilMoisture, Reads::Number, "C.1 M30", "soil at 30 cm"),
    row(0x13, Quantity::SoilMoisture, Reads::Number, "C.1 M40", "soil at 40 cm"),
    row(0x14, Quantity::SoilMoisture, Reads::Number, "C.1 M50", "soil at 50 cm"),
    row(0x15, Quantity::SoilMoisture, Reads::Number, "C.1 M60", "soil at 60 cm"),
    row(0x16, Quantity::SoilMoisture, Reads::Number, "C.1 M80", "soil at 80 cm"),
    row(0x17, Quantity::SoilMoisture, Reads::Number, "C.1 M100", "soil at 100 cm"),
    row(0x1A, Quantity::RainAmount, Reads::Number, "C.1 P1", "rain of 1 hour"),
    row(0x1B, Quantity::RainAmount, Reads::Number, "C.1 P2", "rain of 2 hours"),
    row(0x1C, Quantity::RainAmount, Reads::Number, "C.1 P3", "rain of 3 hours"),
    row(0x1D, Quantity::RainAmount, Reads::Number, "C.1 P6", "rain of 6 hours"),
    row(0x1E, Quantity::RainAmount, Reads::Number, "C.1 P12", "rain of 12 hours"),
    row(0x1F, Quantity::RainAmount, Reads::Number, "C.1 PD", "rain of the day"),
    row(0x20, Quantity::RainAmount, Reads::Number, "C.1 PJ", "present rain"),
    row(0x21, Quantity::RainAmount, Reads::Number, "C.1 PN01", "rain of 1 min"),
    row(0x22, Quantity::RainAmount, Reads::Number, "C.1 PN05", "rain of 5 min"),
    row(0x23, Quantity::RainAmount, Reads::Number, "C.1 PN10", "rain of 10 min"),
    row(0x24, Quantity::RainAmount, Reads::Number, "C.1 PN30", "rain of 30 min"),
    row(0x25, Quantity::RainAmount, Reads::Number, "C.1 PR", "storm rain"),
    row(0x26, Quantity::RainTotal, Reads::Number, "C.1 PT", "total rain"),
    row(0x27, Quantity::Discharge, Reads::Number, "C.1 Q", "discharge"),
    row(0x28, Quantity::Discharge, Reads::Number, "C.1 Q1", "discharge at intake or outlet 1"),
    row(0x29, Quantity::Discharge, Reads::Number, "C.1 Q2", "discharge at intake or outlet 2"),
    row(0x2A, Quantity::Discharge, Reads::Number, "C.1 Q3", "discharge at intake or outlet 3"),
    row(0x2B, Quantity::Discharge, Reads::Number, "C.1 Q4", "discharge at intake or outlet 4"),
    row(0x2C, Quantity::Discharge, Reads::Number, "C.1 Q5", "discharge at intake or outlet 5"),
    row(0x2D, Quantity::Discharge, Reads::Number, "C.1 Q6", "discharge at intake or outlet 6"),
    row(0x2E, Quantity::Discharge, Reads::Number, "C.1 Q7", "discharge at intake or outlet 7"),
    row(0x2F, Quantity::Discharge, Reads::Number, "C.1 Q8", "discharge at intake or outlet 8"),
    row(0x30, Quantity::Discharge, Reads::Number, "C.1 QA", "total outflow"),
    row(0x31, Quantity::Discharge, Reads::Number, "C.1 QZ", "discharge of the conveyance"),
    row(0x33, Quantity::WindDirection, Reads::Sector, "C.1 UC", "wind direction"),
    row(0x35, Quantity::WindSpeed, Reads::Number, "C.1 US", "wind speed"),
    row(0x36, Quantity::FlowVelocity, Reads::Number, "C.1 VA", "mean velocity of the section"),
    row(0x37, Quantity::FlowVelocity, Reads::Number, "C.1 VJ", "present velocity"),
    row(0x38, Quantity::Voltage, Reads::Number, "C.1 VT", "supply voltage"),
    row(0x39, Quantity::WaterLevel, Reads::Number, "C.1 Z", "water level"),
    row(0x3A, Quantity::WaterLevel, Reads::Number, "C.1 ZB", "level below the dam"),
    row(0x3B, Quantity::WaterLevel, Reads::Number, "C.1 ZU", "level above the dam"),
    row(0x3C, Quantity::WaterLevel, Reads::Number, "C.1 Z1", "level at intake or outlet 1"),
    row(0x3D, Quantity::WaterLevel, Reads::Number, "C.1 Z2", "level at intake or outlet 2"),
    row(0x3E, Quantity::WaterLevel, Reads::Number, "C.1 Z3", "level at intake or outlet 3"),
    row(0x3F, Quantity::WaterLevel, Reads::Number, "C.1 Z4", "level at intake or outlet 4"),
    row(0x40, Quantity::WaterLevel, Reads::Number, "C.1 Z5", "level at intake or outlet 5"),
    row(0x41, Quantity::WaterLevel, Reads::Number, "C.1 Z6", "level at intake or outlet 6"),
    row(0x42, Quantity::WaterLevel, Reads::Number, "C.1 Z7", "level at intake or outlet 7"),
    row(0x43, Quantity::WaterLevel, Reads::Number, "C.1 Z8", "level at intake or outlet 8"),
    row(0x45, Quantity::StatusWord, Reads::Bits, "C.1 ZT, table 58", "state and alarms"),
    row(0xF4, Quantity::RainAmount, Reads::Number, "C.1 DRP", "rain by 5 min"),
];

/// Elements that stations usually send.
pub(super) const COMMON: [&str; 19] = [
    "Z", "ZU", "ZB", "Q", "PJ", "PT", "P1", "PD", "DRP", "GH", "H", "M10", "M20", "M40", "AI", "C",
    "US", "UC", "VT",
];

/// What a class of stations usually measures; a person corrects it.
#[rustfmt::skip]
pub(super) const USUAL: &[(&str, &[Class])] = &[
    ("Z", &[Class::River, Class::Tide]),
    ("ZU", &[Class::Reservoir, Class::Gate, Class::Pump]),
    ("ZB", &[Class::Gate, Class::Pump]),
    ("Q", &[Class::Intake, Class::Outlet]),
    ("PJ", &[Class::Reservoir, Class::Rain]),
    ("PT", &[Class::Reservoir, Class::Rain]),
    ("GH", &[Class::Gate]),
    ("H", &[Class::Groundwater]),
    ("M10", &[Class::Soil]),
    ("M20", &[Class::Soil]),
    ("M40", &[Class::Soil]),
    ("VT", &Class::OF_WATERS),
];

/// The status word; its bits say which instrument is not to be trusted.
pub(super) const ZT: ElementId = ElementId::Lead(0x45);
/// Bit 5 of table 58: 流量仪表故障.
const FLOW_METER_FAULT: u32 = 1 << 5;
/// Bit 6 of table 58: 水位仪表故障.
pub(super) const LEVEL_METER_FAULT: u32 = 1 << 6;

/// Gate openings that are states, in metres (notes to annex C).
const OPENING_STATES: [f64; 4] = [555.0, 444.0, 999.0, 888.0];

/// What an element means; `None` when we have no quantity for it.
pub(super) fn meaning(element: ElementId) -> Option<&'static Meaning> {
    let ElementId::Lead(lead) = element else { return None };
    let index = MEANINGS.binary_search_by_key(&lead, |meaning| meaning.lead).ok()?;
    Some(&MEANINGS[index])
}

/// DRZ1–DRZ8 have a base that only the device knows.
pub(super) fn is_relative(element: ElementId) -> bool {
    matches!(element, ElementId::Lead(0xF5..=0xFC))
}

pub(super) fn number(meaning: &Meaning, value: Value) -> Result<f64, Why> {
    match (meaning.reads, value) {
        (_, Value::Missing) => Err(Why::Missing),
        (Reads::Bits, Value::Bits(bits)) => Ok(f64::from(bits)),
        (Reads::Number, Value::Number(number)) => Ok(number.to_f64()),
        (Reads::Opening, Value::Number(number)) => {
            let opening = number.to_f64();
            if OPENING_STATES.contains(&opening) { Err(Why::State) } else { Ok(opening) }
        }
        (Reads::Sector, Value::Number(number)) => {
            let sector = number.to_f64();
            let is_sector = (1.0..=16.0).contains(&sector) && sector.fract() == 0.0;
            if is_sector { Ok((sector - 1.0) * 22.5) } else { Err(Why::Unreadable) }
        }
        _ => Err(Why::Unreadable),
    }
}

/// A level or flow whose meter the status word of the same moment calls faulty is
/// uncertain, by the device's own word.
pub(super) fn quality(meaning: &Meaning, reading: &Reading, doubts: &Doubts) -> Quality {
    let fault = match meaning.quantity {
        Quantity::WaterLevel => LEVEL_METER_FAULT,
        Quantity::Discharge | Quantity::FlowVelocity => FLOW_METER_FAULT,
        _ => return Quality::GOOD,
    };
    match doubts.get(&(reading.station, reading.observed)) {
        Some(bits) if bits & fault != 0 => Quality::new(Grade::Uncertain, Quality::BY_DEVICE),
        _ => Quality::GOOD,
    }
}

pub(super) fn shown(value: Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Missing => "缺".to_owned(),
        Value::Minutes(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
        Value::Bits(bits) => format!("{bits:08X}"),
        Value::Step(_) | Value::Group(_) | Value::Invalid => "?".to_owned(),
    }
}
