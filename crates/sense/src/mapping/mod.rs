//! What a frame means here: observations of quantities, at their times.
//!
//! In: frames of `wire`. Out: [`Observation`]s, and [`Omission`]s for every value
//! that becomes none: nothing a station said disappears without a count.
//! One file per protocol. A mapping knows no register: which station and sensor an
//! observation belongs to is looked up by `intake`.

pub mod sl651;

use base::{Quality, Timestamp};
use serde::Serialize;

/// One number of one element of one station.
///
/// `A` is how the protocol addresses a station, `E` how it names an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation<A, E> {
    pub station: A,
    pub element: E,
    /// As the device gave it.
    pub time: Timestamp,
    /// In the unit of the element's [`base::Quantity`].
    pub value: f64,
    pub quality: Quality,
}

/// A value that came and became no reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Omission<A, E> {
    pub station: A,
    pub element: E,
    pub why: Why,
    /// The value as the frame has it, for people.
    pub value: String,
}

/// Why a value became no reading.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema,
)]
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
}

impl Why {
    pub const ALL: [Why; 7] = [
        Why::NoSensor,
        Why::NoQuantity,
        Why::Missing,
        Why::Unreadable,
        Why::State,
        Why::Relative,
        Why::Test,
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
        }
    }

    pub fn of(code: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.code() == code)
    }
}
