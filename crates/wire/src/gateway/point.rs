//! What points are called: `quotaId` of hazchem enterprises, `pointCode` of mines.
//!
//! The letters are data with a confidence each. What is not in a table is kept as it
//! is, typed unknown, and listed for whoever maps points; it is never refused.

use std::fmt;

/// How sure a row of a code table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Seen in messages or code of the field.
    Seen,
    /// From memory or inferred: a default until an official text replaces it.
    Assumed,
}

/// One row of a code table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    pub code: &'static str,
    pub word: &'static str,
    pub word_en: &'static str,
    pub confidence: Confidence,
}

const fn row(
    code: &'static str,
    word: &'static str,
    word_en: &'static str,
    confidence: Confidence,
) -> Code {
    Code { code, word, word_en, confidence }
}

use Confidence::{Assumed, Seen};

/// The letter of the device in a `quotaId`.
pub const DEVICES: [Code; 4] = [
    row("G", "储罐", "tank", Seen),
    row("K", "仓库", "warehouse", Assumed),
    row("Q", "气体探测器", "gas detector", Assumed),
    row("Z", "装置", "process unit", Assumed),
];

/// The two letters of the indicator in a `quotaId`. The unit is not on the wire: it
/// comes from the register of points.
pub const INDICATORS: [Code; 6] = [
    row("YW", "液位", "level", Seen),
    row("YL", "压力", "pressure", Assumed),
    row("WD", "温度", "temperature", Assumed),
    row("LL", "流量", "flow", Assumed),
    row("KR", "可燃气体浓度", "combustible gas", Assumed),
    row("YD", "有毒气体浓度", "toxic gas", Assumed),
];

/// The two letters of the kind of value in a `pointCode`.
pub const VALUE_KINDS: [Code; 3] = [
    row("MN", "模拟量", "analogue", Seen),
    row("KG", "开关量", "switch", Seen),
    row("LJ", "累计量", "cumulative", Assumed),
];

/// `dataType` of mines.
pub const DATA_TYPES: [Code; 13] = [
    row("01", "用电数据", "power use", Seen),
    row("02", "主机负载", "host load", Seen),
    row("03", "主机报警", "host alarm", Seen),
    row("04", "测点实时数据", "points in real time", Seen),
    row("05", "测点统计数据", "statistics of points", Seen),
    row("06", "测点异常数据", "points in exception", Seen),
    row("07", "人员位置", "positions of persons", Seen),
    row("08", "人员超时", "persons over time", Seen),
    row("09", "区域超员", "areas over their number", Seen),
    row("10", "限制区域", "persons in restricted areas", Seen),
    row("11", "人员求救", "calls for help", Seen),
    row("12", "分站状态", "states of substations", Seen),
    row("1001", "分级报警", "graded alarms", Seen),
];

/// `enterpriseType`.
pub const ENTERPRISE_TYPES: [Code; 3] = [
    row("DXK", "地下矿山", "underground mine", Seen),
    row("LTK", "露天矿山", "open-pit mine", Assumed),
    row("WKK", "尾矿库", "tailings pond", Assumed),
];

/// The row of a code; `None` for one that is not in the table.
pub fn find(table: &'static [Code], code: &str) -> Option<&'static Code> {
    table.iter().find(|row| row.code == code)
}

/// A `quotaId` in its parts: `540170007` `002` `G0001` `YW001`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QuotaCode<'a> {
    /// Nine digits.
    pub enterprise: &'a str,
    /// The number of the major hazard: three digits.
    pub hazard: &'a str,
    /// The letter of [`DEVICES`].
    pub device: &'a str,
    /// Four digits.
    pub device_number: &'a str,
    /// The two letters of [`INDICATORS`].
    pub indicator: &'a str,
    /// Three digits.
    pub number: &'a str,
}

/// A `pointCode` in its parts: gateway, `MN`, `0001`, `011A08`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PointCode<'a> {
    /// Enterprise (12 digits) and gateway (2).
    pub gateway: &'a str,
    /// The two letters of [`VALUE_KINDS`].
    pub kind: &'a str,
    /// Four digits; what they mean is not in what was read.
    pub sensor: &'a str,
    /// The host's own: at least one character.
    pub number: &'a str,
}

impl QuotaCode<'_> {
    /// Characters of a well-formed one.
    pub const LENGTH: usize = 22;

    /// `None` when it does not have the form; letters may be any capitals.
    pub fn parse(code: &str) -> Option<QuotaCode<'_>> {
        if code.len() != Self::LENGTH || !code.is_ascii() {
            return None;
        }
        let parts = QuotaCode {
            enterprise: &code[..9],
            hazard: &code[9..12],
            device: &code[12..13],
            device_number: &code[13..17],
            indicator: &code[17..19],
            number: &code[19..],
        };
        let is_one = [parts.enterprise, parts.hazard, parts.device_number, parts.number]
            .map(is_digits)
            == [true; 4]
            && is_capitals(parts.device)
            && is_capitals(parts.indicator);
        is_one.then_some(parts)
    }

    /// `储罐0001 液位001`, with the letters themselves where the table has none.
    pub fn word(&self) -> String {
        let device = find(&DEVICES, self.device).map_or(self.device, |row| row.word);
        let indicator = find(&INDICATORS, self.indicator).map_or(self.indicator, |row| row.word);
        format!("{device}{} {indicator}{}", self.device_number, self.number)
    }

    /// The row of its indicator, if it has one.
    pub fn indicator(&self) -> Option<&'static Code> {
        find(&INDICATORS, self.indicator)
    }
}

impl PointCode<'_> {
    /// `None` when it does not have the form.
    pub fn parse(code: &str) -> Option<PointCode<'_>> {
        if code.len() < 21 || 40 < code.len() || !code.is_ascii() {
            return None;
        }
        let parts = PointCode {
            gateway: &code[..14],
            kind: &code[14..16],
            sensor: &code[16..20],
            number: &code[20..],
        };
        let is_one = is_digits(parts.gateway)
            && is_capitals(parts.kind)
            && is_digits(parts.sensor)
            && parts.number.bytes().all(|byte| byte.is_ascii_graphic());
        is_one.then_some(parts)
    }
}

impl fmt::Debug for QuotaCode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QuotaCode { enterprise, hazard, device, device_number, indicator, number } = self;
        write!(f, "{enterprise} {hazard} {device} {device_number} {indicator} {number}")
    }
}

impl fmt::Debug for PointCode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PointCode { gateway, kind, sensor, number } = self;
        write!(f, "{gateway} {kind} {sensor} {number}")
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_capitals(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase())
}
