//! What is measured: the element identifiers of annex C.

use std::fmt;

/// One line of tables C.1–C.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElementInfo {
    /// The lead byte in HEX bodies.
    pub lead: u8,
    /// The identifier in ASCII bodies; `DRxnn` stands for the time steps.
    pub ascii: &'static str,
    /// The Chinese name.
    pub name: &'static str,
    /// The unit, `""` for a pure number or code.
    pub unit: &'static str,
    pub kind: Kind,
    /// Bytes of a value that is not negative; 0 when the length is not fixed.
    /// What a frame says goes before this.
    pub bytes: u8,
    pub decimals: u8,
    /// Decimal digits of the standard's `N(digits, decimals)`; 0 when not a number.
    pub digits: u8,
}

/// How the data of an element are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A decimal number in BCD.
    Number,
    /// Days, hours, minutes in BCD, at most one of them not zero (table C.3).
    Step,
    /// Hours and minutes written `HH.mm`: the part after the point is minutes.
    Duration,
    /// Status bits (table 58).
    Bits,
    /// Twelve rain amounts of five minutes, one byte each, 0.1 mm, FF invalid.
    Rain,
    /// Twelve relative levels five minutes apart, two bytes each, 0.01 m, FFFF invalid.
    Levels,
    /// An observation time, YYMMDDHHmm.
    Time,
    /// A station address.
    Address,
    /// Manually entered text; takes the rest of the body.
    Manual,
    /// A JPEG; takes the rest of the body.
    Picture,
    /// A batch of velocities; takes the rest of the body.
    Batch,
}

/// Which element a value belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ElementId {
    /// A lead byte, 00–FE; those of annex C and those it reserves.
    Lead(u8),
    /// FF and one more byte: the user's own.
    User(u8),
    /// An ASCII identifier that annex C does not have.
    Name(Name),
}

/// An ASCII identifier of 1–8 bytes of visible ASCII.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// Padded with zeros.
    bytes: [u8; 8],
}

impl ElementInfo {
    pub fn by_lead(lead: u8) -> Option<&'static ElementInfo> {
        let index = match lead {
            0x01..=0x75 => usize::from(lead) - 1,
            0xF0..=0xFD => usize::from(lead) - 0xF0 + 0x75,
            _ => return None,
        };
        ELEMENTS.get(index)
    }

    /// Time steps are not found here: their identifier carries their value.
    pub fn by_ascii(ascii: &str) -> Option<&'static ElementInfo> {
        ELEMENTS.iter().find(|info| info.ascii == ascii && info.kind != Kind::Step)
    }
}

impl ElementId {
    /// The line of annex C.
    pub fn info(self) -> Option<&'static ElementInfo> {
        match self {
            ElementId::Lead(lead) => ElementInfo::by_lead(lead),
            ElementId::User(_) | ElementId::Name(_) => None,
        }
    }

    /// From an ASCII identifier; `None` unless it is 1–8 bytes of visible ASCII.
    pub fn from_ascii(text: &str) -> Option<ElementId> {
        match ElementInfo::by_ascii(text) {
            Some(info) => Some(ElementId::Lead(info.lead)),
            None => Name::new(text).map(ElementId::Name),
        }
    }
}

impl Name {
    pub fn new(text: &str) -> Option<Name> {
        let mut bytes = [0; 8];
        let room = bytes.get_mut(..text.len())?;
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        room.copy_from_slice(text.as_bytes());
        Some(Name { bytes })
    }

    pub fn as_str(&self) -> &str {
        let length = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(self.bytes.len());
        std::str::from_utf8(&self.bytes[..length]).expect("only visible ASCII gets in")
    }
}

/// The ASCII identifier where there is one, otherwise hexadecimal digits
/// (`76H`, `FF01H`).
impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.info()) {
            (_, Some(info)) => f.write_str(info.ascii),
            (ElementId::Lead(lead), None) => write!(f, "{lead:02X}H"),
            (ElementId::User(extension), None) => write!(f, "FF{extension:02X}H"),
            (ElementId::Name(name), None) => f.write_str(name.as_str()),
        }
    }
}

impl fmt::Debug for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names of the status bits of table 58 and the text for 0 and 1.
///
/// Bits 7 and 10 are 1 when all is well: a healthy station does not send 0.
pub const STATUS_BITS: [(&str, [&str; 2]); 12] = [
    ("交流电充电状态", ["正常", "停电"]),
    ("蓄电池电压状态", ["正常", "电压低"]),
    ("水位超限报警状态", ["正常", "报警"]),
    ("流量超限报警状态", ["正常", "报警"]),
    ("水质超限报警状态", ["正常", "报警"]),
    ("流量仪表状态", ["正常", "故障"]),
    ("水位仪表状态", ["正常", "故障"]),
    ("终端箱门状态", ["开启", "关闭"]),
    ("存储器状态", ["正常", "异常"]),
    ("IC卡功能有效", ["关闭", "IC卡有效"]),
    ("水泵工作状态", ["水泵工作", "水泵停机"]),
    ("剩余水量报警", ["未超限", "水量超限"]),
];

const fn row(
    lead: u8,
    ascii: &'static str,
    name: &'static str,
    unit: &'static str,
    kind: Kind,
    [bytes, decimals, digits]: [u8; 3],
) -> ElementInfo {
    ElementInfo { lead, ascii, name, unit, kind, bytes, decimals, digits }
}

/// All 131 elements, by lead byte; the numbers are bytes, decimals, digits.
///
/// `fixtures/sl651/sl651_elements.csv` holds the same table, and a test compares them.
#[rustfmt::skip]
pub static ELEMENTS: [ElementInfo; 131] = [
    row(0x01, "AC", "断面面积", "m2", Kind::Number, [4, 2, 8]),
    row(0x02, "AI", "瞬时气温", "degC", Kind::Number, [2, 1, 3]),
    row(0x03, "C", "瞬时水温", "degC", Kind::Number, [2, 1, 3]),
    row(0x04, "DRxnn", "时间步长", "", Kind::Step, [3, 0, 0]),
    row(0x05, "DT", "时段长", "h.min", Kind::Duration, [0, 2, 0]),
    row(0x06, "ED", "日蒸发量", "mm", Kind::Number, [3, 1, 5]),
    row(0x07, "EJ", "当前蒸发", "mm", Kind::Number, [3, 1, 5]),
    row(0x08, "FL", "气压", "hPa", Kind::Number, [3, 0, 5]),
    row(0x09, "GH", "闸坝、水库闸门开启高度", "m", Kind::Number, [3, 2, 5]),
    row(0x0A, "GN", "输水设备、闸门(组)编号", "", Kind::Number, [2, 0, 3]),
    row(0x0B, "GS", "输水设备类别", "", Kind::Number, [1, 0, 1]),
    row(0x0C, "GT", "水库、闸坝闸门开启孔数", "count", Kind::Number, [2, 0, 3]),
    row(0x0D, "GTP", "地温", "degC", Kind::Number, [2, 1, 3]),
    row(0x0E, "H", "地下水瞬时埋深", "m", Kind::Number, [3, 2, 6]),
    row(0x0F, "HW", "波浪高度", "m", Kind::Number, [3, 2, 5]),
    row(0x10, "M10", "10厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x11, "M20", "20厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x12, "M30", "30厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x13, "M40", "40厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x14, "M50", "50厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x15, "M60", "60厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x16, "M80", "80厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x17, "M100", "100厘米处土壤含水量", "%", Kind::Number, [2, 1, 4]),
    row(0x18, "MST", "湿度", "%", Kind::Number, [2, 1, 4]),
    row(0x19, "NS", "开机台数", "count", Kind::Number, [1, 0, 2]),
    row(0x1A, "P1", "1小时时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x1B, "P2", "2小时时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x1C, "P3", "3小时时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x1D, "P6", "6小时时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x1E, "P12", "12小时时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x1F, "PD", "日降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x20, "PJ", "当前降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x21, "PN01", "1分钟时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x22, "PN05", "5分钟时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x23, "PN10", "10分钟时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x24, "PN30", "30分钟时段降水量", "mm", Kind::Number, [3, 1, 5]),
    row(0x25, "PR", "暴雨量", "mm", Kind::Number, [3, 1, 5]),
    row(0x26, "PT", "降水量累计值", "mm", Kind::Number, [3, 1, 6]),
    row(0x27, "Q", "瞬时流量、抽水流量", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x28, "Q1", "取(排）水口流量1", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x29, "Q2", "取(排）水口流量2", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x2A, "Q3", "取(排）水口流量3", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x2B, "Q4", "取(排）水口流量4", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x2C, "Q5", "取(排）水口流量5", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x2D, "Q6", "取(排）水口流量6", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x2E, "Q7", "取(排）水口流量7", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x2F, "Q8", "取(排）水口流量8", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x30, "QA", "总出库流量、过闸总流量", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x31, "QZ", "输水设备流量、过闸(组)流量", "m3/s", Kind::Number, [5, 3, 9]),
    row(0x32, "SW", "输沙量", "1e4 t", Kind::Number, [6, 3, 11]),
    row(0x33, "UC", "风向", "", Kind::Number, [1, 0, 2]),
    row(0x34, "UE", "风力(级)", "", Kind::Number, [1, 0, 2]),
    row(0x35, "US", "风速", "m/s", Kind::Number, [2, 1, 4]),
    row(0x36, "VA", "断面平均流速", "m/s", Kind::Number, [3, 3, 5]),
    row(0x37, "VJ", "当前瞬时流速", "m/s", Kind::Number, [3, 3, 5]),
    row(0x38, "VT", "电源电压", "V", Kind::Number, [2, 2, 4]),
    row(0x39, "Z", "瞬时河道水位、潮位", "m", Kind::Number, [4, 3, 7]),
    row(0x3A, "ZB", "库(闸、站)下水位", "m", Kind::Number, [4, 3, 7]),
    row(0x3B, "ZU", "库(闸、站)上水位", "m", Kind::Number, [4, 3, 7]),
    row(0x3C, "Z1", "取(排）水口水位1", "m", Kind::Number, [4, 3, 7]),
    row(0x3D, "Z2", "取(排）水口水位2", "m", Kind::Number, [4, 3, 7]),
    row(0x3E, "Z3", "取(排）水口水位3", "m", Kind::Number, [4, 3, 7]),
    row(0x3F, "Z4", "取(排）水口水位4", "m", Kind::Number, [4, 3, 7]),
    row(0x40, "Z5", "取(排）水口水位5", "m", Kind::Number, [4, 3, 7]),
    row(0x41, "Z6", "取(排）水口水位6", "m", Kind::Number, [4, 3, 7]),
    row(0x42, "Z7", "取(排）水口水位7", "m", Kind::Number, [4, 3, 7]),
    row(0x43, "Z8", "取(排）水口水位8", "m", Kind::Number, [4, 3, 7]),
    row(0x44, "SQ", "含沙量", "kg/m3", Kind::Number, [5, 3, 9]),
    row(0x45, "ZT", "遥测站状态及报警", "", Kind::Bits, [4, 0, 0]),
    row(0x46, "pH", "pH值", "", Kind::Number, [2, 2, 4]),
    row(0x47, "DO", "溶解氧", "mg/L", Kind::Number, [2, 1, 4]),
    row(0x48, "COND", "电导率", "uS/cm", Kind::Number, [3, 0, 5]),
    row(0x49, "TURB", "浊度", "度(NTU)", Kind::Number, [2, 0, 3]),
    row(0x4A, "CODMN", "高锰酸盐指数", "mg/L", Kind::Number, [2, 1, 4]),
    row(0x4B, "REDOX", "氧化还原电位", "mV", Kind::Number, [3, 1, 5]),
    row(0x4C, "NH4N", "氨氮", "mg/L", Kind::Number, [3, 2, 6]),
    row(0x4D, "TP", "总磷", "mg/L", Kind::Number, [3, 3, 5]),
    row(0x4E, "TN", "总氮", "mg/L", Kind::Number, [3, 2, 5]),
    row(0x4F, "TOC", "总有机碳", "mg/L", Kind::Number, [2, 2, 4]),
    row(0x50, "CU", "铜", "mg/L", Kind::Number, [4, 4, 7]),
    row(0x51, "ZN", "锌", "mg/L", Kind::Number, [3, 4, 6]),
    row(0x52, "SE", "硒", "mg/L", Kind::Number, [4, 5, 7]),
    row(0x53, "AS", "砷", "mg/L", Kind::Number, [4, 5, 7]),
    row(0x54, "THG", "总汞", "mg/L", Kind::Number, [4, 5, 7]),
    row(0x55, "CD", "镉", "mg/L", Kind::Number, [4, 5, 7]),
    row(0x56, "PB", "铅", "mg/L", Kind::Number, [4, 5, 7]),
    row(0x57, "CHLA", "叶绿素", "mg/L", Kind::Number, [2, 2, 4]),
    row(0x58, "WP1", "水压1", "kPa", Kind::Number, [3, 2, 5]),
    row(0x59, "WP2", "水压2", "kPa", Kind::Number, [3, 2, 5]),
    row(0x5A, "WP3", "水压3", "kPa", Kind::Number, [3, 2, 5]),
    row(0x5B, "WP4", "水压4", "kPa", Kind::Number, [3, 2, 5]),
    row(0x5C, "WP5", "水压5", "kPa", Kind::Number, [3, 2, 5]),
    row(0x5D, "WP6", "水压6", "kPa", Kind::Number, [3, 2, 5]),
    row(0x5E, "WP7", "水压7", "kPa", Kind::Number, [3, 2, 5]),
    row(0x5F, "WP8", "水压8", "kPa", Kind::Number, [3, 2, 5]),
    row(0x60, "SYL1", "水表1剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x61, "SYL2", "水表2剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x62, "SYL3", "水表3剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x63, "SYL4", "水表4剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x64, "SYL5", "水表5剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x65, "SYL6", "水表6剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x66, "SYL7", "水表7剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x67, "SYL8", "水表8剩余水量", "m3", Kind::Number, [6, 3, 11]),
    row(0x68, "SBL1", "水表1每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x69, "SBL2", "水表2每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x6A, "SBL3", "水表3每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x6B, "SBL4", "水表4每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x6C, "SBL5", "水表5每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x6D, "SBL6", "水表6每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x6E, "SBL7", "水表7每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x6F, "SBL8", "水表8每小时水量", "m3/h", Kind::Number, [5, 2, 10]),
    row(0x70, "VTA", "交流A相电压", "V", Kind::Number, [2, 1, 4]),
    row(0x71, "VTB", "交流B相电压", "V", Kind::Number, [2, 1, 4]),
    row(0x72, "VTC", "交流C相电压", "V", Kind::Number, [2, 1, 4]),
    row(0x73, "VIA", "交流A相电流", "A", Kind::Number, [2, 1, 4]),
    row(0x74, "VIB", "交流B相电流", "A", Kind::Number, [2, 1, 4]),
    row(0x75, "VIC", "交流C相电流", "A", Kind::Number, [2, 1, 4]),
    row(0xF0, "TT", "观测时间引导", "", Kind::Time, [5, 0, 0]),
    row(0xF1, "ST", "测站编码引导", "", Kind::Address, [5, 0, 0]),
    row(0xF2, "RGZS", "人工置数", "", Kind::Manual, [0, 0, 0]),
    row(0xF3, "PIC", "图片", "", Kind::Picture, [0, 0, 0]),
    row(0xF4, "DRP", "1h内每5min雨量", "mm", Kind::Rain, [12, 1, 0]),
    row(0xF5, "DRZ1", "1h内每5min相对水位1", "m", Kind::Levels, [24, 2, 0]),
    row(0xF6, "DRZ2", "1h内每5min相对水位2", "m", Kind::Levels, [24, 2, 0]),
    row(0xF7, "DRZ3", "1h内每5min相对水位3", "m", Kind::Levels, [24, 2, 0]),
    row(0xF8, "DRZ4", "1h内每5min相对水位4", "m", Kind::Levels, [24, 2, 0]),
    row(0xF9, "DRZ5", "1h内每5min相对水位5", "m", Kind::Levels, [24, 2, 0]),
    row(0xFA, "DRZ6", "1h内每5min相对水位6", "m", Kind::Levels, [24, 2, 0]),
    row(0xFB, "DRZ7", "1h内每5min相对水位7", "m", Kind::Levels, [24, 2, 0]),
    row(0xFC, "DRZ8", "1h内每5min相对水位8", "m", Kind::Levels, [24, 2, 0]),
    row(0xFD, "DATA", "流速批量数据", "", Kind::Batch, [0, 0, 0]),
];
