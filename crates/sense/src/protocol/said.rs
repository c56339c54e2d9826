//! What a message says: observations of quantities at their times, and what became none.

use std::borrow::Cow;

use base::{Quality, Quantity, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use crate::station::Mapping;

/// What one message says of one station.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Said<'m> {
    /// The station's code; `None` is the sender. A relay speaks for others, and has one
    /// of these for each.
    pub station: Option<String>,
    /// Through whose hands it went before it was the sender's, as the sender names them.
    pub via: Vec<String>,
    /// Of how many records it was put together, in a protocol that has such.
    pub records: usize,
    pub observations: Vec<Observation<'m>>,
    pub omissions: Vec<Omission>,
    /// Points that its host says it has.
    pub definitions: Vec<Definition>,
    /// Whether what is said of one kind of points is all there is.
    pub snapshot: Option<Snapshot>,
    /// Whether the sender has lost the instruments that it reads from; `None` when it does
    /// not say, or says it of another time than now.
    pub is_cut: Option<bool>,
}

/// How much a message said: what its sender is told without its being read once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gist {
    pub records: usize,
    /// Readings, and points that are named without one.
    pub values: usize,
    /// Nothing of it was unreadable.
    pub is_whole: bool,
}

impl Gist {
    pub fn of(said: &[Said<'_>]) -> Gist {
        let omissions = || said.iter().flat_map(|said| &said.omissions);
        let missing = omissions().filter(|it| it.why == Why::Missing).count();
        let observed: usize = said.iter().map(|said| said.observations.len()).sum();
        Gist {
            records: said.iter().map(|said| said.records).sum(),
            values: observed + missing,
            is_whole: omissions().all(|it| it.why != Why::Unreadable),
        }
    }
}

/// All that there is of one kind of points: one that is not named has none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snapshot {
    /// What the names of its points end with.
    pub ending: &'static str,
    pub time: Timestamp,
    pub quality: Quality,
}

/// A point as its host defines it: a proposal for a sensor.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub element: String,
    /// What it measures, if we have a quantity for it.
    pub quantity: Option<Quantity>,
    /// As far as the host says it, in the unit of the quantity.
    pub mapping: Mapping,
    /// The host's own words for the unit, and everything else it says, for people.
    pub unit: Option<String>,
    pub remarks: Option<String>,
}

/// One number of one element.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation<'m> {
    /// Borrowed of the message or of the protocol's table: a reading costs no text, but
    /// where the message has it with escapes.
    pub element: Cow<'m, str>,
    /// As the device gave it.
    pub time: Timestamp,
    /// As on the wire; the sensor's mapping makes it a value of its quantity.
    pub value: f64,
    pub quality: Quality,
}

/// A value that came and became no reading: nothing a station said disappears
/// without a count.
#[derive(Debug, Clone, PartialEq)]
pub struct Omission {
    pub element: String,
    pub why: Why,
    /// The value as the message has it, for people.
    pub value: String,
}

/// A message that is none inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// What was seen and what was expected.
    pub reason: String,
    /// The first byte that is to blame, from 0, of the message as it was on the wire;
    /// `None` when it lies in what was opened, or is missing.
    pub offset: Option<usize>,
}

impl Said<'_> {
    /// The newest time that it speaks of.
    pub fn newest(&self) -> Option<Timestamp> {
        self.observations.iter().map(|observation| observation.time).max()
    }
}

/// Why a value became no reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "OmissionReason")]
pub enum Why {
    /// The station is registered without this element.
    NoSensor,
    /// We have no quantity for this element.
    NoQuantity,
    /// The device says that it has no value.
    Missing,
    /// The bytes cannot be read as this element.
    Unreadable,
    /// A code for a state where a number should be (gate opening 555, 444, 999, 888).
    State,
    /// Relative to a base that only the device knows (DRZ1–DRZ8).
    Relative,
    /// Sent in a test report, whose values are nobody's.
    Test,
    /// Of a station for which the sender may not speak, or that nobody has registered.
    NotSpokenFor,
}

impl Why {
    pub const ALL: [Why; 8] = [
        Why::NoSensor,
        Why::NoQuantity,
        Why::Missing,
        Why::Unreadable,
        Why::State,
        Why::Relative,
        Why::Test,
        Why::NotSpokenFor,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Why::NoSensor => "no_sensor",
            Why::NoQuantity => "no_quantity",
            Why::Missing => "missing",
            Why::Unreadable => "unreadable",
            Why::State => "state",
            Why::Relative => "relative",
            Why::Test => "test",
            Why::NotSpokenFor => "not_spoken_for",
        }
    }

    /// The Chinese words for screens.
    pub fn word(self) -> &'static str {
        match self {
            Why::NoSensor => "未登记该要素",
            Why::NoQuantity => "本系统暂无对应物理量",
            Why::Missing => "设备无值",
            Why::Unreadable => "数据无法解析",
            Why::State => "状态码，不是数值",
            Why::Relative => "相对值，缺基值",
            Why::Test => "测试报，不入库",
            Why::NotSpokenFor => "该站未登记或未准由其转报，留待登记",
        }
    }

    pub fn of(code: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.code() == code)
    }
}
