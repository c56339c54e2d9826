//! A warning as a message of CAP 1.2: how its parts and the eight items of art. 64 are
//! told there. Pure.
//!
//! | art. 64 | CAP |
//! |---|---|
//! | 类别 | `event`, `category`, the parameter `fengsui:hazard` |
//! | 级别 | `severity`, the parameter of the profile |
//! | 起始时间 | `onset` |
//! | 可能影响的范围 | `areaDesc`, codes, polygons |
//! | 警示事项 | `description` |
//! | 应当采取的措施 | `instruction` |
//! | 发布单位 | `senderName` |
//! | 发布时间 | `sent`, `effective` |

use base::{AdminCode, Duration, Timestamp};
use wire::cap::{
    Alert, Area, Certainty, Info, MsgType, Pair, Point, Polygon, Profile, References, ResponseType,
    Scope, Status, Time, Urgency, Version,
};

use super::words::{ValueNames, Words};
use crate::Warning;

/// Within it something "soon" is to be done (CAP 1.2 §3.2.2 `urgency`: the next hour).
const SOON: Duration = Duration::from_hours(1);

/// What is told of a warning.
pub(crate) struct Telling<'a> {
    /// As it stands.
    pub warning: &'a Warning,
    pub msg_type: MsgType,
    pub status: Status,
    pub sender: &'a str,
    pub identifier: String,
    pub sent: Timestamp,
    /// 发布单位.
    pub unit: &'a str,
    /// Who answers for this message, by name.
    pub signer: Option<&'a str>,
    pub references: Option<References>,
    /// Its own division first, then those that it reaches.
    pub divisions: Vec<Division>,
    /// Where more is to be found.
    pub web: Option<String>,
    /// Why it is lifted.
    pub reason: Option<&'a str>,
}

/// A division that a warning concerns.
pub(crate) struct Division {
    pub code: AdminCode,
    pub name: String,
    /// Where an official boundary is known.
    pub outline: Option<atlas::region::Outline>,
}

/// The message. It keeps every rule of CAP 1.2 when the texts are such as the doors take.
pub(crate) fn compose(telling: &Telling<'_>) -> Alert {
    let words = Words::carried();
    Alert {
        version: Version::V12,
        identifier: telling.identifier.clone(),
        sender: telling.sender.to_owned(),
        sent: Time::beijing(telling.sent),
        status: Some(telling.status.clone()),
        msg_type: Some(telling.msg_type.clone()),
        scope: Some(Scope::Public),
        references: telling.references.clone(),
        info: vec![info(telling, &words)],
        ..Alert::default()
    }
}

fn info(telling: &Telling<'_>, words: &Words) -> Info {
    let Telling { warning, sent, unit, .. } = telling;
    let names = &words.value_names;
    let is_over = telling.msg_type == MsgType::Cancel;
    // To the second, as they are written: what begins or ends in the second of sending
    // begins or ends with it.
    let second = |time: Timestamp| time.as_millis().div_euclid(1_000);
    let expires = warning.expires.filter(|end| second(*sent) < second(*end));
    let onset = Some(warning.starts)
        .filter(|start| !is_over && expires.is_none_or(|end| second(*start) < second(end)));
    let mut parameter = vec![pair(&names.hazard, crate::column::hazard_code(warning.hazard))];
    parameter.extend(warning.number.clone().map(|number| pair(&names.number, number)));
    parameter.extend(telling.signer.map(|signer| pair(&names.signer, signer.to_owned())));
    let bounds = telling.divisions.iter().filter_map(|it| it.outline.as_ref());
    parameter.extend(bounds.map(|it| it.within_m).max().map(|metres| {
        pair(&names.outline, format!("整个行政区划的界线，简化误差不超过 {metres} 米"))
    }));
    let mut info = Info {
        language: Some("zh-CN".to_owned()),
        category: words.categories(warning.hazard).to_vec(),
        event: Some(warning.hazard.word().to_owned()),
        response_type: if is_over { vec![ResponseType::AllClear] } else { Vec::new() },
        urgency: Some(urgency(is_over, warning.starts, *sent)),
        certainty: Some(match warning.finding {
            // It was measured; or it was measured, or seen by a person, that it is over.
            Some(_) => Certainty::Observed,
            None if is_over => Certainty::Observed,
            None => Certainty::Likely,
        }),
        effective: Some(Time::beijing(*sent)),
        onset: onset.map(Time::beijing),
        expires: expires.map(Time::beijing),
        sender_name: Some((*unit).to_owned()),
        headline: Some(headline(telling)),
        description: Some(match telling.reason {
            Some(reason) => format!("预警解除：{reason}"),
            None => warning.matters.clone(),
        }),
        instruction: (!is_over).then(|| warning.measures.clone()),
        web: telling.web.clone(),
        parameter,
        area: areas(telling, names),
        ..Info::default()
    };
    Profile::china().put_level(&mut info, warning.level);
    info
}

fn urgency(is_over: bool, starts: Timestamp, sent: Timestamp) -> Urgency {
    match starts {
        _ if is_over => Urgency::Past,
        starts if starts <= sent => Urgency::Immediate,
        starts if starts <= sent + SOON => Urgency::Expected,
        _ => Urgency::Future,
    }
}

fn headline(telling: &Telling<'_>) -> String {
    let what = match telling.msg_type {
        MsgType::Cancel => "解除",
        MsgType::Update => "变更",
        _ => "发布",
    };
    format!("{}{what}{}", telling.unit, telling.warning.title)
}

/// The first area has the warning's own words; what it reaches beside has its name.
fn areas(telling: &Telling<'_>, names: &ValueNames) -> Vec<Area> {
    let told = telling.divisions.iter().enumerate().map(|(at, division)| {
        let outline = division.outline.iter().flat_map(|outline| &outline.rings);
        Area {
            area_desc: Some(match at {
                0 => telling.warning.area.clone(),
                _ => division.name.clone(),
            }),
            polygon: outline.map(|ring| polygon(ring)).collect(),
            geocode: vec![pair(&names.geocode, division.code.to_string())],
            ..Area::default()
        }
    });
    told.collect()
}

fn polygon(ring: &[base::Point]) -> Polygon {
    let points: Vec<Point> = ring.iter().map(|it| Point { lat: it.lat(), lon: it.lon() }).collect();
    Polygon::from_points(&points)
}

fn pair(name: &str, value: String) -> Pair {
    Pair { value_name: name.to_owned(), value }
}
