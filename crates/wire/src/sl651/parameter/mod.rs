//! What parameters of a station mean: tables D.1, D.2 and D.4, and their values both ways.

mod table;

use super::value::{number_from_bcd, number_to_bcd};
use super::{Coding, Decimal, ElementId, Function, Identifier, Parameter, StationAddress, Value};

pub use table::{BASIC, RUNNING};

/// One row of table D.1 or D.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterInfo {
    /// The lead byte.
    pub lead: u8,
    /// The Chinese name.
    pub name: &'static str,
    pub kind: ParameterKind,
    /// Of a number; empty where it has none.
    pub unit: &'static str,
}

/// How the data of a parameter are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    Number {
        digits: u8,
        decimals: u8,
    },
    /// Four bytes, one a centre.
    Centres,
    Station,
    /// Two bytes.
    Password,
    Channel,
    /// 1–4.
    Mode,
    /// Eight bytes of table D.2.
    Mask,
    Ranges,
    Card,
    /// The status word of table 58.
    Bits,
    /// A word of a command; it has no value.
    Nothing,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    Number(Decimal),
    /// All F.
    Missing,
    /// Addresses of the four centres; 0 is switched off.
    Centres([u8; 4]),
    Station(StationAddress),
    Password(u16),
    Channel(Channel),
    /// 1 reports, 2 reports and waits for confirmation, 3 answers, 4 is being mended.
    Mode(u8),
    /// Bits of [`MEASURED`], highest first.
    Mask([u8; 8]),
    Ranges(Vec<Range>),
    /// 1 a mobile card, 2 a BeiDou card; its number in visible characters.
    Card {
        kind: u8,
        number: String,
    },
    Bits(u32),
    Nothing,
    /// Not what the kind says, or a parameter without one.
    Unread,
}

/// Over what and where a centre is called: 1 SMS, 2 IPv4, 3 BeiDou, 4 Inmarsat, 5 PSTN,
/// 6 UHF; 0 is switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    Ip {
        address: [u8; 4],
        port: u16,
    },
    /// A number that is called, in decimal digits; of kind 2 what is no address.
    Other {
        kind: u8,
        digits: String,
    },
}

/// Stations whose addresses follow one another (table D.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub start: StationAddress,
    /// 1–99.
    pub count: u8,
}

/// What each bit of [`Setting::Mask`] stands for (table D.2), highest first; empty where
/// the table has a gap.
pub const MEASURED: [&str; 64] = [
    "降水量",
    "蒸发量",
    "风向",
    "风速",
    "气温",
    "湿度",
    "地温",
    "气压", //
    "水位8",
    "水位7",
    "水位6",
    "水位5",
    "水位4",
    "水位3",
    "水位2",
    "水位1", //
    "地下水埋深",
    "图片",
    "波浪",
    "闸门开度",
    "水量",
    "流速",
    "流量",
    "水压", //
    "水表8",
    "水表7",
    "水表6",
    "水表5",
    "水表4",
    "水表3",
    "水表2",
    "水表1", //
    "100cm墒情",
    "80cm墒情",
    "60cm墒情",
    "50cm墒情",
    "40cm墒情",
    "30cm墒情",
    "20cm墒情",
    "10cm墒情", //
    "pH值",
    "溶解氧",
    "电导率",
    "浊度",
    "氧化还原电位",
    "高锰酸盐指数",
    "氨氮",
    "水温", //
    "总有机碳",
    "总氮",
    "总磷",
    "锌",
    "硒",
    "砷",
    "总汞",
    "镉", //
    "",
    "",
    "",
    "",
    "",
    "叶绿素a",
    "铜",
    "铅",
];

impl ParameterInfo {
    /// The row of a lead byte in the table that `function` speaks of; `None` where it has
    /// none. The same lead bytes mean other things for elements, and 45 in 4B is the
    /// status word.
    pub fn of(function: Function, lead: u8) -> Option<&'static ParameterInfo> {
        const CARD: ParameterInfo = ParameterInfo {
            lead: 0x45,
            name: "遥测站状态及报警",
            kind: ParameterKind::Bits,
            unit: "",
        };
        let find = |table: &'static [ParameterInfo]| table.iter().find(|row| row.lead == lead);
        match function {
            Function::SET_CARD => (lead == CARD.lead).then_some(&CARD),
            Function::CHANGE_PASSWORD | Function::WRITE_BASIC | Function::READ_BASIC => {
                find(&BASIC)
            }
            Function::WRITE_RUNNING
            | Function::READ_RUNNING
            | Function::CLEAR_STORAGE
            | Function::FACTORY_RESET => find(&RUNNING),
            _ => None,
        }
    }
}

impl ParameterInfo {
    /// Its identifier without data, with the definition of the table.
    pub(super) fn name_only(&self) -> Identifier {
        let definition = match self.kind {
            ParameterKind::Number { digits, decimals } => digits.div_ceil(2) << 3 | decimals,
            ParameterKind::Centres | ParameterKind::Bits => 4 << 3,
            ParameterKind::Station => 5 << 3,
            ParameterKind::Password => 2 << 3,
            ParameterKind::Mode => 1 << 3,
            ParameterKind::Mask => 8 << 3,
            // Of no fixed length.
            ParameterKind::Channel
            | ParameterKind::Ranges
            | ParameterKind::Card
            | ParameterKind::Nothing => 0,
        };
        Identifier { id: ElementId::Lead(self.lead), definition }
    }
}

impl Parameter {
    /// What it says in a message of this function.
    pub fn setting(&self, function: Function) -> Setting {
        let info = ParameterInfo::of(function, self.lead).filter(|_| self.extension.is_none());
        let Some(kind) = info.map(|info| info.kind) else { return Setting::Unread };
        let read = match self.definition {
            Some(definition) => coded(kind, definition & 0b111, &self.data),
            None => std::str::from_utf8(&self.data).ok().and_then(|text| spelled(kind, text)),
        };
        read.unwrap_or(Setting::Unread)
    }

    /// The parameter with this value; `None` when the table has no such lead byte, or
    /// the value does not fit its kind.
    pub fn of(
        function: Function,
        lead: u8,
        setting: &Setting,
        coding: Coding,
    ) -> Option<Parameter> {
        let kind = ParameterInfo::of(function, lead)?.kind;
        let (data, decimals) = written(kind, setting)?;
        let (definition, data) = match coding {
            Coding::Ascii => (None, spelling(setting, &data)?.into_bytes()),
            Coding::Hex => {
                let length = u8::try_from(data.len()).ok()?;
                // Lead 0E has no decimals, and all eight bits for its length.
                let fits = kind == ParameterKind::Ranges || length < 32;
                let shift = if kind == ParameterKind::Ranges { 0 } else { 3 };
                (Some(fits.then(|| length << shift | decimals)?), data)
            }
        };
        let parameter = Parameter { lead, extension: None, definition, data };
        // What would be read otherwise is not written.
        (parameter.setting(function) == *setting).then_some(parameter)
    }
}

/// A value in HEX/BCD.
fn coded(kind: ParameterKind, decimals: u8, data: &[u8]) -> Option<Setting> {
    Some(match kind {
        ParameterKind::Number { .. } => match number_from_bcd(data, decimals) {
            Value::Number(number) => Setting::Number(number),
            Value::Missing => Setting::Missing,
            _ => return None,
        },
        ParameterKind::Centres => Setting::Centres(data.try_into().ok()?),
        ParameterKind::Station => Setting::Station(StationAddress(data.try_into().ok()?)),
        ParameterKind::Password => Setting::Password(u16::from_be_bytes(data.try_into().ok()?)),
        ParameterKind::Channel => Setting::Channel(Channel::read(data)?),
        ParameterKind::Mode => match data {
            [mode @ 1..=4] => Setting::Mode(*mode),
            _ => return None,
        },
        ParameterKind::Mask => Setting::Mask(data.try_into().ok()?),
        ParameterKind::Ranges => Setting::Ranges(Range::read(data)?),
        ParameterKind::Card => {
            let (kind, number) = data.split_first()?;
            let number = std::str::from_utf8(number).ok().filter(|it| is_visible(it))?;
            // An ASCII digit, though the byte 1 is seen as well.
            let kind = if kind.is_ascii_digit() { kind - b'0' } else { *kind };
            Setting::Card { kind, number: number.to_owned() }
        }
        ParameterKind::Bits => Setting::Bits(u32::from_be_bytes(data.try_into().ok()?)),
        ParameterKind::Nothing if data.is_empty() => Setting::Nothing,
        ParameterKind::Nothing => return None,
    })
}

/// A value in an ASCII body: numbers as decimal numbers, everything else as its
/// hexadecimal digits (§6.6.2.2); the letters of a card's number stand as they are.
fn spelled(kind: ParameterKind, text: &str) -> Option<Setting> {
    match kind {
        ParameterKind::Number { .. } if text == "M" => Some(Setting::Missing),
        ParameterKind::Number { .. } => text.parse().ok().map(Setting::Number),
        ParameterKind::Mode => {
            let mode = text.parse().ok().filter(|mode| (1..=4).contains(mode));
            mode.map(Setting::Mode)
        }
        ParameterKind::Card => coded(kind, 0, text.as_bytes()),
        _ => coded(kind, 0, &hex::decode(text).ok()?),
    }
}

/// The inverse of [`spelled`]; `data` is what [`written`] gives.
fn spelling(setting: &Setting, data: &[u8]) -> Option<String> {
    Some(match setting {
        Setting::Number(number) => number.to_string(),
        Setting::Missing => "M".to_owned(),
        Setting::Mode(mode) => mode.to_string(),
        Setting::Card { .. } => String::from_utf8(data.to_vec()).ok()?,
        Setting::Nothing | Setting::Unread => return None,
        _ => hex::encode_upper(data),
    })
}

/// The bytes of a value and the decimals for its definition.
fn written(kind: ParameterKind, setting: &Setting) -> Option<(Vec<u8>, u8)> {
    let bytes = match (kind, setting) {
        (ParameterKind::Number { digits, decimals }, Setting::Number(value)) => {
            let value = value.rescale(decimals)?;
            let bytes = usize::from(digits.div_ceil(2)) + usize::from(value.mantissa < 0);
            return Some((number_to_bcd(value.mantissa, bytes)?, decimals));
        }
        (ParameterKind::Number { digits, decimals }, Setting::Missing) => {
            return Some((vec![0xFF; usize::from(digits.div_ceil(2))], decimals));
        }
        (ParameterKind::Centres, Setting::Centres(centres)) => centres.to_vec(),
        (ParameterKind::Station, Setting::Station(station)) => station.0.to_vec(),
        (ParameterKind::Password, Setting::Password(password)) => password.to_be_bytes().to_vec(),
        (ParameterKind::Channel, Setting::Channel(channel)) => channel.write()?,
        (ParameterKind::Mode, Setting::Mode(mode)) => vec![*mode],
        (ParameterKind::Mask, Setting::Mask(mask)) => mask.to_vec(),
        (ParameterKind::Ranges, Setting::Ranges(ranges)) => Range::write(ranges)?,
        (ParameterKind::Card, Setting::Card { kind, number }) => {
            let kind = (*kind < 10).then_some(b'0' + kind)?;
            [&[kind], number.as_bytes()].concat()
        }
        (ParameterKind::Bits, Setting::Bits(bits)) => bits.to_be_bytes().to_vec(),
        (ParameterKind::Nothing, Setting::Nothing) => Vec::new(),
        _ => return None,
    };
    Some((bytes, 0))
}

impl Channel {
    /// Kind, then for IPv4 twelve digits of address and six of port, and otherwise
    /// digits of which an odd number begins with A (§6.6.3.3 b).
    fn read(data: &[u8]) -> Option<Channel> {
        let (kind, digits) = data.split_first()?;
        let kind = super::value::pair_from_bcd(*kind)?;
        let digits = hex::encode_upper(digits);
        let digits = digits.strip_prefix('A').unwrap_or(&digits);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if kind == 2 && digits.len() == 18 {
            let part = |at: usize| digits[at..at + 3].parse::<u8>().ok();
            let parts = (part(0), part(3), part(6), part(9), digits[12..].parse::<u16>().ok());
            if let (Some(a), Some(b), Some(c), Some(d), Some(port)) = parts {
                return Some(Channel::Ip { address: [a, b, c, d], port });
            }
        }
        Some(Channel::Other { kind, digits: digits.to_owned() })
    }

    fn write(&self) -> Option<Vec<u8>> {
        let (kind, mut digits) = match self {
            Channel::Ip { address: [a, b, c, d], port } => {
                (2, format!("{a:03}{b:03}{c:03}{d:03}{port:06}"))
            }
            Channel::Other { kind, digits } => (*kind, digits.clone()),
        };
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) || 99 < kind {
            return None;
        }
        if digits.len() % 2 == 1 {
            digits.insert(0, 'A');
        }
        let mut bytes = vec![super::value::pair_to_bcd(kind)];
        bytes.extend(hex::decode(digits).ok()?);
        Some(bytes)
    }

    /// The word of its kind.
    pub fn word(&self) -> &'static str {
        let kind = match self {
            Channel::Ip { .. } => 2,
            Channel::Other { kind, .. } => *kind,
        };
        const WORDS: [&str; 7] = ["禁用", "短信", "IPv4", "北斗", "海事卫星", "PSTN", "超短波"];
        WORDS.get(usize::from(kind)).copied().unwrap_or("")
    }
}

impl Range {
    fn read(data: &[u8]) -> Option<Vec<Range>> {
        let ranges = data.chunks(6).map(|chunk| {
            let (start, count) = (chunk.first_chunk()?, chunk.get(5)?);
            let count = super::value::pair_from_bcd(*count).filter(|count| *count != 0)?;
            Some(Range { start: StationAddress(*start), count })
        });
        ranges.collect()
    }

    fn write(ranges: &[Range]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for Range { start, count } in ranges {
            bytes.extend(start.0);
            bytes.push((1..=99).contains(count).then(|| super::value::pair_to_bcd(*count))?);
        }
        Some(bytes)
    }
}

impl Setting {
    /// What a station measures by its mask.
    pub fn measured(mask: [u8; 8]) -> impl Iterator<Item = &'static str> {
        let is_set = move |index: &usize| mask[index / 8] & (0x80 >> (index % 8)) != 0;
        let names = (0..MEASURED.len()).filter(is_set).map(|index| MEASURED[index]);
        names.filter(|name| !name.is_empty())
    }
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}
