//! The eight items that a warning must state, and their first wording.

use base::{Hazard, Level, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a warning must state (突发事件应对法 2024, art. 64): 类别、级别、起始时间、
/// 可能影响的范围、警示事项、应当采取的措施、发布单位、发布时间.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Content {
    /// 类别: 洪水.
    pub class: String,
    /// 级别.
    pub level: Level,
    /// 起始时间.
    pub starts: Timestamp,
    /// 可能影响的范围.
    pub area: String,
    /// 警示事项.
    pub matters: String,
    /// 应当采取的措施, one a line.
    pub measures: String,
    /// 发布单位.
    pub issuer: String,
    /// 发布时间; `null` until it is issued.
    pub issued_at: Option<Timestamp>,
}

impl Content {
    /// The first of the texts that art. 64 asks for and that is blank.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        let items = [
            ("class", &self.class),
            ("area", &self.area),
            ("matters", &self.matters),
            ("measures", &self.measures),
            ("issuer", &self.issuer),
        ];
        items.into_iter().find(|(_, text)| text.trim().is_empty()).map(|(name, _)| name)
    }
}

/// A duty that a level brings with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// The least severe level that it belongs to.
    pub from: Level,
    /// Shortened from the law's words; an officer writes what fits the case.
    pub text: &'static str,
    /// Article and item of 突发事件应对法 (2024).
    pub source: &'static str,
    /// How sure we are that the source asks for it: `high`, `medium` or `low`.
    pub confidence: &'static str,
}

const fn measure(from: Level, text: &'static str, source: &'static str) -> Measure {
    Measure { from, text, source, confidence: "high" }
}

/// The measures by level. All levels bring those of art. 66; red and orange bring
/// those of art. 67 besides.
///
/// Source: 中华人民共和国突发事件应对法 (2024 revision), art. 66 items 1–5 and
/// art. 67 items 1–7; item 8 (what other laws ask for) names nothing to be done.
/// The confidence is that of the list of duties; the wording is shortened by us.
pub const MEASURES: [Measure; 12] = [
    measure(Level::Blue, "启动应急预案", "第六十六条（一）"),
    measure(
        Level::Blue,
        "及时收集、报告有关信息，公布信息报告渠道，加强监测、预报和预警",
        "第六十六条（二）",
    ),
    measure(
        Level::Blue,
        "组织专业技术人员和专家随时分析评估，预测可能性大小、影响范围和强度",
        "第六十六条（三）",
    ),
    measure(Level::Blue, "定时向社会发布与公众有关的预测信息和评估结果", "第六十六条（四）"),
    measure(
        Level::Blue,
        "及时发布可能受到危害的警告，宣传避免、减轻危害的常识，公布咨询和求助电话",
        "第六十六条（五）",
    ),
    measure(Level::Orange, "应急救援队伍和有关人员进入待命状态，动员后备人员", "第六十七条（一）"),
    measure(
        Level::Orange,
        "调集应急救援物资、设备、工具，准备应急设施和应急避难等场所",
        "第六十七条（二）",
    ),
    measure(
        Level::Orange,
        "加强重点单位、重要部位和重要基础设施的安全保卫，维护社会治安",
        "第六十七条（三）",
    ),
    measure(
        Level::Orange,
        "确保交通、通信、供水、排水、供电、供气、供热、医疗等公共设施安全运行",
        "第六十七条（四）",
    ),
    measure(Level::Orange, "及时发布避免或者减轻危害的建议、劝告", "第六十七条（五）"),
    measure(
        Level::Orange,
        "转移、疏散或者撤离易受危害的人员并妥善安置，转移重要财产",
        "第六十七条（六）",
    ),
    measure(
        Level::Orange,
        "关闭或者限制使用易受危害的场所，控制或者限制公共场所的活动",
        "第六十七条（七）",
    ),
];

/// The measures of a level, numbered, one a line.
pub(crate) fn measures(level: Level) -> String {
    let lines = MEASURES.iter().filter(|measure| measure.from <= level).enumerate();
    let lines = lines.map(|(at, measure)| format!("{}. {}", at + 1, measure.text));
    lines.collect::<Vec<_>>().join("\n")
}

/// What people are told besides the reading itself.
///
/// Our wording, not a legal text; an officer reads it before anybody else does.
const ADVICE: [(Hazard, &str); 3] = [
    (
        Hazard::Flood,
        "请沿岸人员远离河道和低洼地带，不要涉水过河，留意转移通知，按指引撤离到安全地点。",
    ),
    (
        Hazard::Earthquake,
        "请防范余震，远离受损建筑、陡坡和山体，不要使用电梯，检查水、电、燃气，留意后续通知。",
    ),
    (Hazard::Geological, "请远离陡坡、沟口和已变形的坡体，夜间不要在危险区内住宿，留意转移通知。"),
];

/// The title: `青石湾站 洪水橙色预警`.
pub(crate) fn title(place: &str, hazard: Hazard, level: Level) -> String {
    format!("{place} {}{}色预警", hazard.word(), level.word())
}

/// The area that a station's finding speaks for, until an officer draws a better one.
pub(crate) fn area(region_name: &str, station_name: &str, hazard: Hazard) -> String {
    match hazard {
        Hazard::Flood => format!("{region_name}{station_name}所在河段沿岸低洼地带"),
        // A county as a whole.
        _ if region_name == station_name => region_name.to_owned(),
        _ => format!("{region_name}{station_name}附近"),
    }
}

/// What to mind: the reading, and what to do about it.
pub(crate) fn matters(station_name: &str, measured: &str, hazard: Hazard) -> String {
    let advice = ADVICE.iter().find(|(of, _)| *of == hazard).map_or("", |(_, advice)| *advice);
    format!("{station_name} {measured}。{advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blue_brings_the_five_duties_of_article_66_and_orange_seven_more() {
        let count = |level| measures(level).lines().count();
        assert_eq!(count(Level::Blue), 5);
        assert_eq!(count(Level::Yellow), 5);
        assert_eq!(count(Level::Orange), 12);
        assert_eq!(count(Level::Red), 12);
        assert!(
            measures(Level::Red)
                .ends_with("12. 关闭或者限制使用易受危害的场所，控制或者限制公共场所的活动")
        );
    }

    #[test]
    fn a_blank_item_is_missed_by_its_name() {
        let mut content = Content {
            class: "洪水".to_owned(),
            level: Level::Orange,
            starts: Timestamp::from_millis(0),
            area: "红石砬子镇".to_owned(),
            matters: "水位上涨".to_owned(),
            measures: measures(Level::Orange),
            issuer: "桦甸市应急管理局".to_owned(),
            issued_at: None,
        };
        assert_eq!(content.missing(), None);
        content.issuer = "  ".to_owned();
        assert_eq!(content.missing(), Some("issuer"));
    }
}
