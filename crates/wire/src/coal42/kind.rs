//! The types of files, and what is known of each.

use super::records::Shape;

/// A type of file, as its name has it: `CDSS`. One that no table has is kept raw.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind(pub String);

/// How sure a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Read in two or more independent programs.
    Programs,
    /// Read in one program.
    Program,
    /// From memory: a default of ours.
    Memory,
}

impl Mark {
    pub fn word(self) -> &'static str {
        match self {
            Mark::Programs => "CC",
            Mark::Program => "C",
            Mark::Memory => "M",
        }
    }
}

/// The system of a mine that writes it, and the folder it is usually left in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// 安全监控, `aqjk`.
    Safety,
    /// 人员定位, `jxry`: all of it is about persons.
    Personnel,
    /// 水害防治, `shfz`.
    Water,
    /// 矿压, left in `shfz` by the hosts seen.
    Ground,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Says what there is: points, persons, places.
    Definition,
    /// Says how things are now. Of persons it is the whole list, and who is not in it is
    /// not underground.
    State,
    /// Says what happened.
    Event,
}

/// A row of [`KINDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindInfo {
    pub code: &'static str,
    pub word: &'static str,
    pub word_en: &'static str,
    pub family: Family,
    pub purpose: Purpose,
    pub shape: Shape,
    /// How sure the order of its fields is.
    pub mark: Mark,
    /// Seconds between two files, from memory; 0 when it comes with what happens.
    pub period: u32,
}

impl Kind {
    pub fn code(&self) -> &str {
        &self.0
    }

    pub fn info(&self) -> Option<&'static KindInfo> {
        KINDS.iter().find(|info| info.code == self.0)
    }

    /// How its records are cut; [`Shape::Raw`] for what no table has.
    pub fn shape(&self) -> Shape {
        self.info().map_or(Shape::Raw, |info| info.shape)
    }

    /// Names of the segments of its header.
    pub fn header(&self) -> &'static [&'static str] {
        match self.code() {
            "CDDY" => &HEADER_CDDY,
            "RYXX" => &HEADER_RYXX,
            _ => &HEADER,
        }
    }

    /// Whether its records are about persons, so that nothing of it may be kept in clear.
    /// An unknown type that begins as those of positioning do is taken for one.
    pub fn is_personal(&self) -> bool {
        match self.info() {
            Some(info) => info.family == Family::Personnel && !PLACES.contains(&info.code),
            None => self.0.starts_with("RY"),
        }
    }
}

/// Types of positioning that speak of places and machines only.
const PLACES: [&str; 3] = ["RYQY", "RYJZ", "JZSS"];

const HEADER: [&str; 3] = ["mine", "mine_name", "uploaded"];
const HEADER_CDDY: [&str; 7] = [
    "mine",
    "mine_name",
    "system_model",
    "system_name",
    "manufacturer",
    "certified_until",
    "uploaded",
];
const HEADER_RYXX: [&str; 8] = [
    "mine",
    "mine_name",
    "approved",
    "system_model",
    "system_name",
    "manufacturer",
    "certified_until",
    "uploaded",
];

macro_rules! kinds {
    ($($code:literal $word:literal $word_en:literal
        $family:ident $purpose:ident $shape:ident $mark:ident $period:literal;)+) => {
        /// Every type of file that was seen or read of.
        pub const KINDS: &[KindInfo] = &[$(KindInfo {
            code: $code,
            word: $word,
            word_en: $word_en,
            family: Family::$family,
            purpose: Purpose::$purpose,
            shape: Shape::$shape,
            mark: Mark::$mark,
            period: $period,
        },)+];
    };
}

// Periods: JZSS is the annex's, RYSS one vendor's; the others are from memory.
kinds! {
    "CDDY" "测点定义" "definition of measuring points" Safety Definition PointDefinition Programs 86400;
    "CDSS" "测点实时值" "values of measuring points" Safety State PointValue Programs 30;
    "TJSJ" "测点统计值" "statistics of measuring points" Safety State PointStatistics Program 300;
    "YCBJ" "异常报警" "exceptions of measuring points" Safety Event PointException Programs 0;
    "KGBH" "开关量变化" "changes of switches" Safety Event SwitchChange Memory 0;
    "FZDY" "分站定义" "definition of substations" Safety Definition SubstationDefinition Program 86400;
    "FZSS" "分站状态" "state of substations" Safety State SubstationState Program 60;

    "RYXX" "人员信息" "persons" Personnel Definition Person Programs 86400;
    "RYQY" "区域信息" "areas underground" Personnel Definition Area Programs 86400;
    "RYJZ" "基站信息" "base stations" Personnel Definition BaseStation Programs 86400;
    "RYSS" "人员实时位置" "where persons are" Personnel State PersonState Programs 300;
    "JZSS" "基站状态" "state of base stations" Personnel State BaseStationState Programs 60;
    "RYCS" "人员超时报警" "persons underground for too long" Personnel Event Overtime Programs 0;
    "RYCY" "人员超员报警" "too many persons" Personnel Event Overcrowding Program 0;
    "RYQJ" "人员求救报警" "calls for help" Personnel Event HelpCall Program 0;
    "RYXZ" "限制区域报警" "persons in restricted areas" Personnel Event Trespass Program 0;

    "CGKCDDY" "长观孔测点定义" "definition of observation wells" Water Definition WellDefinition Program 86400;
    "CGKCDSS" "长观孔实时值" "values of observation wells" Water State WellValue Program 600;
    "CGKCDYC" "长观孔异常" "exceptions of observation wells" Water Event WellException Program 0;
    "PSLCDDY" "排水量测点定义" "definition of drainage points" Water Definition DrainageDefinition Program 86400;
    "PSLCDSS" "排水量实时值" "drainage" Water State DrainageValue Program 600;
    "PSLCDYC" "排水量异常" "exceptions of drainage" Water Event DrainageException Program 0;
    "SBCDSS" "水泵开停" "state of pumps" Water State PumpState Program 600;
    "YSLCDDY" "涌水量测点定义" "definition of inflow points" Water Definition InflowDefinition Program 86400;
    "YSLCDSS" "涌水量实时值" "inflow" Water State InflowValue Program 600;
    "SFSCDDY" "疏放水测点定义" "definition of dewatering boreholes" Water Definition DewateringDefinition Program 86400;
    "SFSCDSS" "疏放水实时值" "dewatering" Water State DewateringValue Program 600;
    "JSLCDDY" "降水量测点定义" "definition of rain gauges" Water Definition RainDefinition Program 86400;
    "JSLCDSS" "降水量实时值" "rain" Water State RainValue Program 600;
    "DBSCDDY" "地表水测点定义" "definition of surface water points" Water Definition SurfaceWaterDefinition Program 86400;
    "DBSCDSS" "地表水实时值" "surface water" Water State SurfaceWaterValue Program 600;
    "DBCXCDDY" "地表沉陷测点定义" "definition of subsidence marks" Water Definition Raw Memory 86400;
    "DBCXCDSS" "地表沉陷实时值" "subsidence marks" Water State SubsidenceValue Program 600;
    "WZCDDY" "微震测点定义" "definition of microseismic points" Water Definition Raw Memory 86400;
    "WZCDSS" "微震实时值" "microseismic events" Water State Raw Memory 600;

    "ZKYL" "钻孔应力测点定义" "definition of borehole stress points" Ground Definition StressDefinition Program 86400;
    "ZKSS" "钻孔应力实时值" "borehole stress" Ground State StressValue Program 600;
    "ZKYC" "钻孔应力异常" "exceptions of borehole stress" Ground Event StressException Program 0;
    "KYCDDY" "矿压测点定义" "definition of roof pressure points" Ground Definition Raw Memory 86400;
    "KYCDSS" "矿压实时值" "roof pressure" Ground State Raw Memory 600;
}
