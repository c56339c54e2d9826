//! Types of sensors, and words of codes, as data that an official text can replace.
//!
//! Four digits are a name within one system, never globally: 1201 of ground pressure is
//! no relation of any code of safety monitoring.

use super::kind::{Family, Mark};

/// What four digits in a point's code mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SensorType {
    pub family: Family,
    pub code: &'static str,
    pub word: &'static str,
    pub word_en: &'static str,
    pub mark: Mark,
    /// Words for 0 and 1 where it is a switch; a mine's own definition goes before.
    pub states: Option<[&'static str; 2]>,
}

impl SensorType {
    pub fn find(family: Family, code: &str) -> Option<&'static SensorType> {
        SENSOR_TYPES.iter().find(|row| row.family == family && row.code == code)
    }
}

macro_rules! sensor_types {
    ($($family:ident $code:literal $word:literal $word_en:literal $mark:ident
        $(($off:literal, $on:literal))?;)+) => {
        /// Every type that two tables of the field name; where they differ the README says so.
        pub const SENSOR_TYPES: &[SensorType] = &[$(SensorType {
            family: Family::$family,
            code: $code,
            word: $word,
            word_en: $word_en,
            mark: Mark::$mark,
            states: sensor_types!(@states $(($off, $on))?),
        },)+];
    };
    (@states) => { None };
    (@states ($off:literal, $on:literal)) => { Some([$off, $on]) };
}

sensor_types! {
    Safety "0001" "甲烷" "methane" Programs;
    Safety "0002" "风速" "air velocity" Programs;
    Safety "0003" "环境温度" "temperature" Programs;
    Safety "0004" "一氧化碳" "carbon monoxide" Programs;
    Safety "0005" "风压" "air pressure of a fan" Programs;
    Safety "0006" "负压" "negative pressure" Programs;
    Safety "0007" "水池水位" "level of a sump" Programs;
    Safety "0008" "煤位" "level of coal" Programs;
    Safety "0009" "硫化氢" "hydrogen sulphide" Programs;
    Safety "0010" "水温" "temperature of water" Programs;
    Safety "0011" "高低浓瓦斯" "methane, low and high range" Programs;
    Safety "0012" "氧气" "oxygen" Programs;
    Safety "0013" "二氧化碳" "carbon dioxide" Programs;
    Safety "0014" "粉尘" "dust" Programs;
    Safety "0015" "电压" "voltage" Programs;
    Safety "0016" "频率" "frequency" Programs;
    Safety "0017" "电流" "current" Programs;
    Safety "0018" "湿度" "humidity" Programs;
    Safety "0019" "风量" "air flow" Programs;
    Safety "0020" "顶板离层位移" "roof separation" Programs;
    Safety "0021" "坝体位移" "displacement of a dam" Programs;
    Safety "0022" "管道瓦斯" "methane in a pipe" Programs;
    Safety "0023" "管道温度" "temperature in a pipe" Programs;
    Safety "0024" "水质" "quality of water" Programs;
    Safety "0025" "管道压力" "pressure in a pipe" Programs;
    Safety "0026" "轴承温度" "temperature of a bearing" Programs;
    Safety "0027" "噪音" "noise" Programs;
    Safety "0028" "电机温度" "temperature of a motor" Programs;
    Safety "0029" "水库水位" "level of a reservoir" Program;
    Safety "0030" "浸润线" "phreatic line" Programs;
    Safety "0031" "降雨量" "rain" Programs;
    Safety "0032" "液压压力" "hydraulic pressure" Programs;
    Safety "0033" "围岩应力" "stress of the rock" Programs;
    Safety "0034" "钻孔应力" "stress in a borehole" Programs;
    Safety "0035" "锚杆应力" "stress of a bolt" Programs;
    Safety "0036" "混合瓦斯流量" "flow of mixed gas" Programs;
    Safety "0037" "纯瓦斯流量" "flow of pure methane" Programs;
    Safety "0038" "管道一氧化碳" "carbon monoxide in a pipe" Programs;
    Safety "0039" "氢气" "hydrogen" Programs;
    Safety "0040" "管道流量" "flow in a pipe" Programs;
    Safety "0041" "二氧化氮" "nitrogen dioxide" Programs;
    Safety "0042" "二氧化硫" "sulphur dioxide" Programs;
    Safety "0043" "激光甲烷" "methane, by laser" Programs;
    Safety "0044" "氨气" "ammonia" Programs;
    Safety "0045" "氮气" "nitrogen" Programs;
    Safety "0046" "乙烯" "ethylene" Programs;
    Safety "0047" "乙烷" "ethane" Programs;
    Safety "0048" "压强" "pressure" Programs;
    Safety "0049" "液位" "level of a liquid" Programs;
    Safety "0050" "物位" "level of a material" Programs;
    Safety "0051" "开度" "opening" Programs;
    Safety "0052" "高度" "height" Programs;
    Safety "0053" "流量" "flow" Programs;
    Safety "0054" "瓦斯实时纯量" "pure methane now" Program;
    Safety "0055" "瓦斯日累计纯量" "pure methane of the day" Program;
    Safety "0056" "瓦斯月累计纯量" "pure methane of the month" Program;

    Safety "1001" "局部通风机" "local fan" Programs ("停", "开");
    Safety "1002" "风门" "air door" Programs ("关闭", "打开");
    Safety "1003" "风筒状态" "air duct" Programs ("无风", "有风");
    Safety "1004" "设备开停" "machine on or off" Programs ("停", "开");
    Safety "1005" "开关" "switch" Programs ("关", "开");
    Safety "1006" "风向" "direction of air" Programs ("逆风", "顺风");
    Safety "1007" "煤仓空满" "bunker empty or full" Programs ("空仓", "满仓");
    Safety "1008" "烟雾" "smoke" Programs ("无烟雾", "有烟雾");
    Safety "1009" "断电器" "power cut-off" Programs ("断电", "复电");
    Safety "1010" "主要通风机" "main fan" Programs ("停", "开");
    Safety "1011" "馈电器" "feed sensor" Programs ("负荷侧无电", "负荷侧有电");
    Safety "1012" "声光报警器" "alarm horn" Programs ("无报警", "报警");
    Safety "1013" "计量开停控制器" "metering controller" Programs ("停", "开");
    Safety "1014" "控制量" "control" Programs ("断开", "闭合");
    Safety "1015" "馈电" "feed" Programs ("关", "开");

    Safety "3001" "产量" "output" Programs;
    Safety "3002" "瓦斯抽放量" "methane drained" Programs;
    Safety "3003" "排水量" "water drained" Programs;
    Safety "3004" "钩数" "hoisting cycles" Programs;
    Safety "3005" "水流量" "flow of water" Programs;
    Safety "3006" "分站" "substation" Program;
    Safety "3007" "电源状态" "power supply" Program;
    Safety "4001" "分站" "substation" Program ("故障", "正常");
    Safety "4002" "电源状态" "power supply" Program;

    Water "0501" "降水量" "rain" Program;
    Water "0502" "水位" "level of water" Program;
    Water "0503" "涌水量" "inflow" Program;
    Water "0504" "排水量" "drainage" Program;
    Water "0505" "地表沉陷位移" "subsidence" Program;
    Water "0506" "疏放水量" "dewatering" Program;
    Water "0507" "水温" "temperature of water" Program;
    Water "0607" "微震" "microseismic events" Program;
    Water "0608" "水泵" "pump" Program;

    Ground "1101" "支架阻力" "support resistance" Program;
    Ground "1201" "钻孔应力" "stress in a borehole" Program;
    Ground "1202" "围岩应力" "stress of the rock" Program;
    Ground "1301" "锚杆应力" "stress of a bolt" Program;
    Ground "1302" "锚索应力" "stress of a cable" Program;
    Ground "1401" "顶板离层位移" "roof separation" Program;
}

/// Exceptions of `YCBJ`. [C]
pub const EXCEPTIONS: [(&str, &str); 10] = [
    ("001", "超限报警"),
    ("002", "断电报警"),
    ("003", "馈电异常"),
    ("004", "传感器断线"),
    ("005", "基站（分站）断电"),
    ("006", "基站（分站）不通"),
    ("007", "标校"),
    ("008", "超量程"),
    ("009", "超上限预警"),
    ("010", "超下限预警"),
];

/// Kinds of value in a point's code. [CC] for MN and KG, [C] for the others.
pub const VALUE_TYPES: [(&str, &str); 4] =
    [("MN", "模拟量"), ("KG", "开关量"), ("LJ", "累计量"), ("DT", "多态量")];

/// How a substation or base station runs. [CC]
pub const RUN_STATES: [(&str, &str); 4] =
    [("0", "通信正常"), ("1", "通信中断"), ("2", "故障"), ("9", "未知")];

/// How it is fed, as two readers of the annex have it (its table B.9). One program has
/// 1 for DC, 2 for AC and 9 for a fault: so the code is kept as it came. [CC]
pub const POWER_STATES: [(&str, &str); 4] =
    [("0", "直流供电"), ("1", "交流供电"), ("2", "电源故障"), ("9", "未知")];
