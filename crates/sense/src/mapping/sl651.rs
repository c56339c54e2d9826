//! What the elements of SL 651-2014 mean here (annex C, tables C.1–C.3).

use base::quantity::Grade;
use base::{Quality, Quantity, Timestamp};
use wire::sl651::{Body, BodyError, ElementId, Frame, Function, Reading, StationAddress, Value};

use super::Why;

pub type Observation = super::Observation<StationAddress, ElementId>;
pub type Omission = super::Omission<StationAddress, ElementId>;

/// How an element's number becomes a value of its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
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
pub struct Meaning {
    /// The lead byte in HEX bodies; its ASCII name and Chinese word are `wire`'s.
    pub lead: u8,
    pub quantity: Quantity,
    pub reads: Reads,
    /// Where the standard says what it is.
    pub clause: &'static str,
}

const fn row(lead: u8, quantity: Quantity, reads: Reads, clause: &'static str) -> Meaning {
    Meaning { lead, quantity, reads, clause }
}

/// In the order of their lead bytes. Units of the standard are those of the
/// quantities, so nothing is scaled but the wind's sectors.
///
/// PJ (当前降水量) and the period amounts P1–PR, ED and EJ are amounts of a span
/// that ends at the observation time. DRP is twelve amounts of five minutes,
/// each at the beginning of its five minutes, as the standard gives the time.
#[rustfmt::skip]
pub static MEANINGS: &[Meaning] = &[
    row(0x02, Quantity::AirTemperature, Reads::Number, "C.1 AI"),
    row(0x03, Quantity::WaterTemperature, Reads::Number, "C.1 C"),
    row(0x06, Quantity::Evaporation, Reads::Number, "C.1 ED"),
    row(0x07, Quantity::Evaporation, Reads::Number, "C.1 EJ"),
    row(0x08, Quantity::Pressure, Reads::Number, "C.1 FL"),
    row(0x09, Quantity::GateOpening, Reads::Opening, "C.1 GH"),
    row(0x0E, Quantity::GroundwaterDepth, Reads::Number, "C.1 H"),
    row(0x10, Quantity::SoilMoisture, Reads::Number, "C.1 M10"),
    row(0x11, Quantity::SoilMoisture, Reads::Number, "C.1 M20"),
    row(0x12, Quantity::SoilMoisture, Reads::Number, "C.1 M30"),
    row(0x13, Quantity::SoilMoisture, Reads::Number, "C.1 M40"),
    row(0x14, Quantity::SoilMoisture, Reads::Number, "C.1 M50"),
    row(0x15, Quantity::SoilMoisture, Reads::Number, "C.1 M60"),
    row(0x16, Quantity::SoilMoisture, Reads::Number, "C.1 M80"),
    row(0x17, Quantity::SoilMoisture, Reads::Number, "C.1 M100"),
    row(0x1A, Quantity::RainAmount, Reads::Number, "C.1 P1"),
    row(0x1B, Quantity::RainAmount, Reads::Number, "C.1 P2"),
    row(0x1C, Quantity::RainAmount, Reads::Number, "C.1 P3"),
    row(0x1D, Quantity::RainAmount, Reads::Number, "C.1 P6"),
    row(0x1E, Quantity::RainAmount, Reads::Number, "C.1 P12"),
    row(0x1F, Quantity::RainAmount, Reads::Number, "C.1 PD"),
    row(0x20, Quantity::RainAmount, Reads::Number, "C.1 PJ"),
    row(0x21, Quantity::RainAmount, Reads::Number, "C.1 PN01"),
    row(0x22, Quantity::RainAmount, Reads::Number, "C.1 PN05"),
    row(0x23, Quantity::RainAmount, Reads::Number, "C.1 PN10"),
    row(0x24, Quantity::RainAmount, Reads::Number, "C.1 PN30"),
    row(0x25, Quantity::RainAmount, Reads::Number, "C.1 PR"),
    row(0x26, Quantity::RainTotal, Reads::Number, "C.1 PT"),
    row(0x27, Quantity::Discharge, Reads::Number, "C.1 Q"),
    row(0x28, Quantity::Discharge, Reads::Number, "C.1 Q1"),
    row(0x29, Quantity::Discharge, Reads::Number, "C.1 Q2"),
    row(0x2A, Quantity::Discharge, Reads::Number, "C.1 Q3"),
    row(0x2B, Quantity::Discharge, Reads::Number, "C.1 Q4"),
    row(0x2C, Quantity::Discharge, Reads::Number, "C.1 Q5"),
    row(0x2D, Quantity::Discharge, Reads::Number, "C.1 Q6"),
    row(0x2E, Quantity::Discharge, Reads::Number, "C.1 Q7"),
    row(0x2F, Quantity::Discharge, Reads::Number, "C.1 Q8"),
    row(0x30, Quantity::Discharge, Reads::Number, "C.1 QA"),
    row(0x31, Quantity::Discharge, Reads::Number, "C.1 QZ"),
    row(0x33, Quantity::WindDirection, Reads::Sector, "C.1 UC"),
    row(0x35, Quantity::WindSpeed, Reads::Number, "C.1 US"),
    row(0x36, Quantity::FlowVelocity, Reads::Number, "C.1 VA"),
    row(0x37, Quantity::FlowVelocity, Reads::Number, "C.1 VJ"),
    row(0x38, Quantity::Voltage, Reads::Number, "C.1 VT"),
    row(0x39, Quantity::WaterLevel, Reads::Number, "C.1 Z"),
    row(0x3A, Quantity::WaterLevel, Reads::Number, "C.1 ZB"),
    row(0x3B, Quantity::WaterLevel, Reads::Number, "C.1 ZU"),
    row(0x3C, Quantity::WaterLevel, Reads::Number, "C.1 Z1"),
    row(0x3D, Quantity::WaterLevel, Reads::Number, "C.1 Z2"),
    row(0x3E, Quantity::WaterLevel, Reads::Number, "C.1 Z3"),
    row(0x3F, Quantity::WaterLevel, Reads::Number, "C.1 Z4"),
    row(0x40, Quantity::WaterLevel, Reads::Number, "C.1 Z5"),
    row(0x41, Quantity::WaterLevel, Reads::Number, "C.1 Z6"),
    row(0x42, Quantity::WaterLevel, Reads::Number, "C.1 Z7"),
    row(0x43, Quantity::WaterLevel, Reads::Number, "C.1 Z8"),
    row(0x45, Quantity::StatusWord, Reads::Bits, "C.1 ZT, table 58"),
    row(0xF4, Quantity::RainAmount, Reads::Number, "C.1 DRP"),
];

/// The status word; its bits say which instrument is not to be trusted.
const ZT: ElementId = ElementId::Lead(0x45);
/// Bit 5 of table 58: 流量仪表故障.
const FLOW_METER_FAULT: u32 = 1 << 5;
/// Bit 6 of table 58: 水位仪表故障.
const LEVEL_METER_FAULT: u32 = 1 << 6;

/// Gate openings that are states, in metres (notes to annex C).
const OPENING_STATES: [f64; 4] = [555.0, 444.0, 999.0, 888.0];

/// What an element means; `None` when we have no quantity for it.
pub fn meaning(element: ElementId) -> Option<&'static Meaning> {
    let ElementId::Lead(lead) = element else { return None };
    let index = MEANINGS.binary_search_by_key(&lead, |meaning| meaning.lead).ok()?;
    Some(&MEANINGS[index])
}

/// The Chinese name of an element; its code when the standard has none.
pub fn element_word(code: &str) -> String {
    let info = ElementId::from_ascii(code).and_then(ElementId::info);
    info.map_or_else(|| code.to_owned(), |info| info.name.to_owned())
}

/// What one frame says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    pub observations: Vec<Observation>,
    pub omissions: Vec<Omission>,
}

/// Reads a frame's body. A heartbeat, a confirmation and a picture say nothing here.
///
/// What has no observation time is as of the moment it was sent (status answers).
///
/// # Errors
/// [`BodyError`] when the body does not follow its function; the frame around it is good.
pub fn observe(frame: &Frame) -> Result<Observed, BodyError> {
    let body = Body::decode(frame)?;
    let readings = body.readings();
    let mut observed = Observed::default();
    let is_test = frame.function == Function::TEST;
    for reading in &readings {
        let station = reading.station.unwrap_or(frame.station);
        let element = reading.element;
        let value = if is_test { Err(Why::Test) } else { number(element, reading.value) };
        match value {
            Ok(value) => observed.observations.push(Observation {
                station,
                element,
                time: reading.observed.unwrap_or(body.sent),
                value,
                quality: quality(element, reading, &readings),
            }),
            Err(why) => {
                let value = shown(reading.value);
                observed.omissions.push(Omission { station, element, why, value });
            }
        }
    }
    Ok(observed)
}

fn number(element: ElementId, value: Value) -> Result<f64, Why> {
    if let ElementId::Lead(0xF5..=0xFC) = element {
        return Err(Why::Relative);
    }
    let meaning = meaning(element).ok_or(Why::NoQuantity)?;
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
fn quality(element: ElementId, reading: &Reading, all: &[Reading]) -> Quality {
    let doubt = match meaning(element).map(|meaning| meaning.quantity) {
        Some(Quantity::WaterLevel) => LEVEL_METER_FAULT,
        Some(Quantity::Discharge | Quantity::FlowVelocity) => FLOW_METER_FAULT,
        _ => return Quality::GOOD,
    };
    let is_doubted = all.iter().any(|status| {
        status.element == ZT
            && status.station == reading.station
            && status.observed == reading.observed
            && matches!(status.value, Value::Bits(bits) if bits & doubt != 0)
    });
    match is_doubted {
        true => Quality::new(Grade::Uncertain, Quality::BY_DEVICE),
        false => Quality::GOOD,
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Missing => "缺".to_owned(),
        Value::Minutes(minutes) => format!("{}:{:02}", minutes / 60, minutes % 60),
        Value::Bits(bits) => format!("{bits:08X}"),
        Value::Step(_) | Value::Group(_) | Value::Invalid => "?".to_owned(),
    }
}

/// The newest time that the observations carry.
pub fn newest(observations: &[Observation]) -> Option<Timestamp> {
    observations.iter().map(|observation| observation.time).max()
}
