//! What a frame is about: function codes (annex B) and station classes (annex A).

use std::fmt;

use super::Direction;

/// A function code of annex B. Codes the standard does not know are kept as they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Function(pub u8);

impl Function {
    pub const HEARTBEAT: Function = Function(0x2F);
    pub const TEST: Function = Function(0x30);
    pub const UNIFORM: Function = Function(0x31);
    pub const TIMED: Function = Function(0x32);
    pub const EXTRA: Function = Function(0x33);
    pub const HOURLY: Function = Function(0x34);
    pub const MANUAL: Function = Function(0x35);
    pub const PICTURE: Function = Function(0x36);
    pub const QUERY_NOW: Function = Function(0x37);
    pub const QUERY_PERIOD: Function = Function(0x38);
    pub const QUERY_MANUAL: Function = Function(0x39);
    pub const QUERY_ELEMENTS: Function = Function(0x3A);
    pub const WRITE_BASIC: Function = Function(0x40);
    pub const READ_BASIC: Function = Function(0x41);
    pub const WRITE_RUNNING: Function = Function(0x42);
    pub const READ_RUNNING: Function = Function(0x43);
    pub const QUERY_PUMPS: Function = Function(0x44);
    pub const QUERY_VERSION: Function = Function(0x45);
    pub const QUERY_STATUS: Function = Function(0x46);
    pub const CLEAR_STORAGE: Function = Function(0x47);
    pub const FACTORY_RESET: Function = Function(0x48);
    pub const CHANGE_PASSWORD: Function = Function(0x49);
    pub const SET_CLOCK: Function = Function(0x4A);
    pub const SET_CARD: Function = Function(0x4B);
    pub const SWITCH_PUMPS: Function = Function(0x4C);
    pub const SWITCH_VALVES: Function = Function(0x4D);
    pub const SWITCH_GATES: Function = Function(0x4E);
    pub const SET_QUOTA: Function = Function(0x4F);
    pub const QUERY_EVENTS: Function = Function(0x50);
    pub const QUERY_CLOCK: Function = Function(0x51);

    /// The Chinese name of annex B; `None` for reserved and user codes.
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(code, _)| *code == self.0).map(|(_, name)| *name)
    }

    /// How the body of this function is laid out (§6.6.4.2–§6.6.4.31).
    pub(super) fn layout(self, direction: Direction) -> Layout {
        match (direction, self.0) {
            (_, 0x2F) => Layout::Bare,
            (Direction::Up, 0x31 | 0x38) => Layout::Series,
            (Direction::Up, 0x30..=0x3A | 0x44) => Layout::Report,
            (Direction::Up, 0x46 | 0x4B) => Layout::Status,
            (_, 0x40 | 0x42 | 0x49) => Layout::Parameters,
            (Direction::Up, 0x41 | 0x43) => Layout::Parameters,
            (Direction::Up, 0x45) => Layout::Control(Control::Version),
            (Direction::Down, 0x38) => Layout::Period,
            (Direction::Down, 0x3A) => Layout::Identifiers,
            (Direction::Down, 0x41 | 0x43 | 0x47 | 0x48) => Layout::Names,
            (Direction::Down, 0x4B) => Layout::Parameters,
            (_, 0x4C | 0x4D) => Layout::Control(Control::Switches),
            (_, 0x4E) => Layout::Control(Control::Gates),
            (_, 0x4F) => Layout::Control(Control::Quota),
            (Direction::Up, 0x50) => Layout::Control(Control::Events),
            _ => Layout::Bare,
        }
    }
}

/// How the part of a body after serial and time is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Nothing, or only a station address; anything else is kept raw.
    Bare,
    /// Stations with class, times and elements.
    Report,
    /// As `Report`, and after a time step one element with many values.
    Series,
    /// As `Report` without the class byte.
    Status,
    Parameters,
    Identifiers,
    Names,
    Period,
    Control(Control),
}

/// Counts, bits and states, which are no elements (tables 57, 71, 74, 77, 80–82).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    Version,
    Switches,
    Gates,
    Quota,
    Events,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}H", self.0)
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.0)
    }
}

const NAMES: [(u8, &str); 30] = [
    (0x2F, "链路维持报"),
    (0x30, "测试报"),
    (0x31, "均匀时段水文信息报"),
    (0x32, "遥测站定时报"),
    (0x33, "遥测站加报报"),
    (0x34, "遥测站小时报"),
    (0x35, "遥测站人工置数报"),
    (0x36, "遥测站图片报"),
    (0x37, "查询遥测站实时数据"),
    (0x38, "查询遥测站时段数据"),
    (0x39, "查询遥测站人工置数"),
    (0x3A, "查询遥测站指定要素数据"),
    (0x40, "修改遥测站基本配置表"),
    (0x41, "读取遥测站基本配置表"),
    (0x42, "修改遥测站运行参数配置表"),
    (0x43, "读取遥测站运行参数配置表"),
    (0x44, "查询水泵电机实时工作数据"),
    (0x45, "查询遥测终端软件版本"),
    (0x46, "查询遥测站状态和报警信息"),
    (0x47, "初始化固态存储数据"),
    (0x48, "恢复终端出厂设置"),
    (0x49, "修改密码"),
    (0x4A, "设置遥测站时钟"),
    (0x4B, "设置遥测终端IC卡状态"),
    (0x4C, "控制水泵开关"),
    (0x4D, "控制阀门开关"),
    (0x4E, "控制闸门开关"),
    (0x4F, "水量定值控制"),
    (0x50, "查询遥测站事件记录"),
    (0x51, "查询遥测站时钟"),
];

/// A station class of annex A: an ASCII letter. Others are kept as they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StationClass(pub u8);

impl StationClass {
    pub const RAIN: StationClass = StationClass(b'P');
    pub const RIVER: StationClass = StationClass(b'H');
    pub const RESERVOIR: StationClass = StationClass(b'K');
    pub const GATE: StationClass = StationClass(b'Z');
    pub const PUMP: StationClass = StationClass(b'D');
    pub const TIDE: StationClass = StationClass(b'T');
    pub const SOIL: StationClass = StationClass(b'M');
    pub const GROUNDWATER: StationClass = StationClass(b'G');
    pub const QUALITY: StationClass = StationClass(b'Q');
    pub const INTAKE: StationClass = StationClass(b'I');
    pub const OUTLET: StationClass = StationClass(b'O');

    /// The Chinese name of annex A; `None` for a class of the user's own.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            b'P' => "降水",
            b'H' => "河道",
            b'K' => "水库(湖泊)",
            b'Z' => "闸坝",
            b'D' => "泵站",
            b'T' => "潮汐",
            b'M' => "墒情",
            b'G' => "地下水",
            b'Q' => "水质",
            b'I' => "取水口",
            b'O' => "排水口",
            _ => return None,
        })
    }
}

impl fmt::Debug for StationClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.is_ascii_graphic() {
            true => write!(f, "{}", char::from(self.0)),
            false => write!(f, "{:02X}H", self.0),
        }
    }
}
