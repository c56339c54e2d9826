//! English words for what annexes B and D call in Chinese.

/// Function codes that go downward, as an engineer would say them.
pub(super) const FUNCTIONS: [(u8, &str); 23] = [
    (0x36, "take a picture"),
    (0x37, "present values"),
    (0x38, "stored values of a period"),
    (0x39, "what was entered by hand"),
    (0x3A, "present values of chosen elements"),
    (0x40, "change the basic settings"),
    (0x41, "read the basic settings"),
    (0x42, "change running parameters"),
    (0x43, "read running parameters"),
    (0x44, "pump motors now"),
    (0x45, "version of the software"),
    (0x46, "state and alarms"),
    (0x47, "clear the stored data"),
    (0x48, "reset to factory settings"),
    (0x49, "change the password"),
    (0x4A, "set the clock"),
    (0x4B, "set the IC card's state"),
    (0x4C, "switch pumps"),
    (0x4D, "switch valves"),
    (0x4E, "move gates"),
    (0x4F, "enforce the water quota"),
    (0x50, "counts of events"),
    (0x51, "read the clock"),
];

/// Names of tables D.1, D.2 and D.4; `#` stands for the digit in the name.
const NAMES: [(&str, &str); 96] = [
    ("中心站地址", "addresses of the centres"),
    ("遥测站地址", "address of the station"),
    ("密码", "password"),
    ("中心站#主信道类型及地址", "main channel of centre #"),
    ("中心站#备用信道类型及地址", "spare channel of centre #"),
    ("工作方式", "mode of working"),
    ("遥测站采集要素设置", "elements that are measured"),
    ("中继站（集合转发站）服务地址范围", "addresses that a relay serves"),
    ("遥测站通信设备识别号", "number of the modem's card"),
    ("定时报时间间隔", "interval of timed reports"),
    ("加报时间间隔", "interval of extra reports"),
    ("降水量日起始时间", "hour at which a day of rain begins"),
    ("采样间隔", "sampling interval"),
    ("水位数据存储间隔", "interval of stored levels"),
    ("雨量计分辨力", "resolution of the rain gauge"),
    ("水位计分辨力", "resolution of the level gauge"),
    ("雨量加报阈值", "rain that makes an extra report"),
    ("水位基值#", "level base #"),
    ("水位修正基值#", "level correction #"),
    ("加报水位#", "level # of extra reports"),
    ("加报水位以上加报阈值", "change above that level that is reported"),
    ("加报水位以下加报阈值", "change below that level that is reported"),
    ("流量加报阈值", "change of discharge that is reported"),
    ("流速加报阈值", "change of velocity that is reported"),
    ("闸位加报阈值", "change of a gate that is reported"),
    ("功率加报阈值", "change of power that is reported"),
    ("气压加报阈值", "change of air pressure that is reported"),
    ("风速加报阈值", "change of wind that is reported"),
    ("水温加报阈值", "change of water temperature that is reported"),
    ("取（排）水口#上限水位", "highest level at intake or outlet #"),
    ("取（排）水口#下限水位", "lowest level at intake or outlet #"),
    ("取（排）水口#上限水压", "highest pressure at intake or outlet #"),
    ("取（排）水口#下限水压", "lowest pressure at intake or outlet #"),
    ("水温上限", "highest water temperature"),
    ("水温下限", "lowest water temperature"),
    ("pH值上限", "highest pH"),
    ("pH值下限", "lowest pH"),
    ("溶解氧上限", "highest dissolved oxygen"),
    ("溶解氧下限", "lowest dissolved oxygen"),
    ("高锰酸盐指数上限", "highest permanganate index"),
    ("高锰酸盐指数下限", "lowest permanganate index"),
    ("电导率上限", "highest conductivity"),
    ("电导率下限", "lowest conductivity"),
    ("氧化还原电位上限", "highest redox potential"),
    ("氧化还原电位下限", "lowest redox potential"),
    ("浊度上限", "highest turbidity"),
    ("浊度下限", "lowest turbidity"),
    ("氨氮上限", "highest ammonia nitrogen"),
    ("氨氮下限", "lowest ammonia nitrogen"),
    ("总氮上限", "highest total nitrogen"),
    ("总氮下限", "lowest total nitrogen"),
    ("铜上限", "highest copper"),
    ("铜下限", "lowest copper"),
    ("锌上限", "highest zinc"),
    ("锌下限", "lowest zinc"),
    ("氟化物上限", "highest fluoride"),
    ("氟化物下限", "lowest fluoride"),
    ("硒上限", "highest selenium"),
    ("硒下限", "lowest selenium"),
    ("砷上限", "highest arsenic"),
    ("砷下限", "lowest arsenic"),
    ("汞上限", "highest mercury"),
    ("汞下限", "lowest mercury"),
    ("镉上限", "highest cadmium"),
    ("镉下限", "lowest cadmium"),
    ("总有机碳上限", "highest total organic carbon"),
    ("总有机碳下限", "lowest total organic carbon"),
    ("叶绿素上限", "highest chlorophyll"),
    ("叶绿素下限", "lowest chlorophyll"),
    ("流量上限", "highest discharge"),
    ("水表#充值水量", "water added to meter #"),
    ("水量定值量", "water quota"),
    ("水表#水量表底(初始)值", "first count of meter #"),
    ("水表#剩余水量报警值", "water left in meter # that gives an alarm"),
    ("降水量", "rain"),
    ("蒸发量", "evaporation"),
    ("风向", "wind direction"),
    ("风速", "wind speed"),
    ("气温", "air temperature"),
    ("湿度", "humidity"),
    ("地温", "ground temperature"),
    ("气压", "air pressure"),
    ("水位#", "water level #"),
    ("地下水埋深", "groundwater depth"),
    ("图片", "picture"),
    ("波浪", "waves"),
    ("闸门开度", "gate opening"),
    ("水量", "volume of water"),
    ("流速", "velocity"),
    ("流量", "discharge"),
    ("水压", "water pressure"),
    ("水表#", "water meter #"),
    ("#cm墒情", "soil moisture at # cm"),
    ("pH值", "pH"),
    ("溶解氧", "dissolved oxygen"),
    ("电导率", "conductivity"),
];

/// The rest of table D.2.
const MORE: [(&str, &str); 16] = [
    ("浊度", "turbidity"),
    ("氧化还原电位", "redox potential"),
    ("高锰酸盐指数", "permanganate index"),
    ("氨氮", "ammonia nitrogen"),
    ("水温", "water temperature"),
    ("总有机碳", "total organic carbon"),
    ("总氮", "total nitrogen"),
    ("总磷", "total phosphorus"),
    ("锌", "zinc"),
    ("硒", "selenium"),
    ("砷", "arsenic"),
    ("总汞", "total mercury"),
    ("镉", "cadmium"),
    ("叶绿素a", "chlorophyll a"),
    ("铜", "copper"),
    ("铅", "lead"),
];

/// The English of a name of annex D; the name itself when it has none.
pub(super) fn english(name: &str) -> String {
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    let stem = if digits.is_empty() { name.to_owned() } else { name.replacen(&digits, "#", 1) };
    let found = NAMES.iter().chain(&MORE).find(|(chinese, _)| *chinese == stem);
    found.map_or_else(|| name.to_owned(), |(_, english)| english.replace('#', &digits))
}

#[cfg(test)]
mod tests {
    use wire::sl651::{BASIC, MEASURED, RUNNING};

    use super::*;

    #[test]
    fn every_name_of_annex_d_has_its_english() {
        let parameters = BASIC.iter().chain(&RUNNING).map(|row| row.name);
        // 97 and 98 are words of the commands 47 and 48 and are shown nowhere.
        let words = ["固态存储数据初始化", "遥测终端参数恢复出厂设置"];
        for name in parameters.chain(MEASURED).filter(|name| !words.contains(name)) {
            assert!(english(name).is_ascii(), "{name} has no English word");
        }
        assert_eq!(english("取（排）水口8下限水压"), "lowest pressure at intake or outlet 8");
        assert_eq!(english("100cm墒情"), "soil moisture at 100 cm");
    }
}
