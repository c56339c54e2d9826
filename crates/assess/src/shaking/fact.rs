//! What can be said of what an earthquake shook.

use base::{AdminCode, Confidence, Point};
use host::{Entry, Summary};
use schemars::JsonSchema;
use sense::quake::{EarthquakeId, ReportId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::definition::roman;

host::facts! {
    /// What can be said of what an earthquake shook.
    pub enum ShakingFact {
        "shaking.estimated" v 1 => Estimated(Estimated),
        "shaking.withheld" v 1 => Withheld(Withheld),
    }
}

/// Intensities were estimated from what is believed of an earthquake; the estimate before
/// it, if there was one, counts no longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingEstimated")]
pub struct Estimated {
    pub earthquake: EarthquakeId,
    /// `M5.2 前郭县`: what it is of, as it was called then.
    pub title: String,
    /// The report that it rests on.
    pub report: Option<ReportId>,
    /// 1 for the first that was said of this earthquake, estimate or not.
    pub revision: u32,
    pub estimate: Estimate,
}

/// Nothing is estimated, for a reason; an estimate before it counts no longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingWithheld")]
pub struct Withheld {
    pub earthquake: EarthquakeId,
    pub title: String,
    pub report: Option<ReportId>,
    pub revision: u32,
    pub why: Why,
}

/// An estimate, with the model that it is by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingEstimate")]
pub struct Estimate {
    pub model: ModelRef,
    /// Ms, which the model is made for.
    pub surface_wave: f64,
    pub scale_taken: ScaleTaken,
    /// Of the report; the model itself takes no account of a depth within the crust.
    pub depth_km: Option<f64>,
    /// Whether that depth is one that agencies put when they could not tell.
    pub depth_is_default: bool,
    pub epicentre: Point,
    /// Within which each degree is reached, Ⅻ first.
    pub lines: Vec<Line>,
    pub people: People,
    /// The strongest first.
    pub counties: Vec<County>,
    /// Counties that lie wholly beyond what the model holds for: not assessed.
    pub counties_beyond: u32,
    /// The strongest first.
    pub towns: Vec<Town>,
    /// Another relation's lines: how far published models differ.
    pub second: Option<Second>,
}

/// By what it was estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingModel")]
pub struct ModelRef {
    pub id: String,
    pub name: String,
    /// Of the definitions and of the coefficients.
    pub version: String,
    /// Of the coefficients.
    pub source: String,
    pub confidence: Confidence,
    pub zone: String,
    pub zone_source: String,
    /// Why a magnitude without a scale is taken for Ms, and by what counties are levelled.
    pub scale_source: String,
    pub lines_source: String,
    /// Farther than this nothing is said, km.
    pub reach_km: f64,
    /// What it does not know, by codes.
    pub unknown: Vec<String>,
}

/// How the magnitude became Ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleTaken {
    /// It was said to be Ms.
    Said,
    /// By a published relation.
    Converted,
    /// No scale was said, and it was taken for Ms.
    Assumed,
}

/// How far a degree reaches along the short axis and along the long one, whose direction
/// is not known: surely within the first, perhaps within the second. km; `null` is farther
/// than the model holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingLine")]
pub struct Line {
    pub degree: u8,
    pub short_km: Option<f64>,
    pub long_km: Option<f64>,
}

/// Intensity at a place: between two values, to one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingFelt")]
pub struct Felt {
    pub least: f64,
    pub most: f64,
}

/// What shook of a county.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakenCounty")]
pub struct County {
    pub code: AdminCode,
    pub name: String,
    pub name_en: Option<String>,
    /// At its label point; `null` beyond what the model holds for.
    pub seat: Option<Felt>,
    /// Where it is nearest to the epicentre.
    pub strongest: Felt,
    /// The least and the greatest degree that this may be.
    pub degree: [u8; 2],
    /// Shares of its area, where its outline is known, from Ⅴ on.
    pub shares: Vec<Share>,
}

/// Which share of a county shook with a degree or more, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakenShare")]
pub struct Share {
    pub degree: u8,
    pub surely: f64,
    pub perhaps: f64,
}

/// A listed place that shook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakenTown")]
pub struct Town {
    pub name: String,
    pub name_en: String,
    pub county: Option<AdminCode>,
    /// `null`: not known, and not nobody.
    pub people: Option<u64>,
    pub felt: Felt,
    pub degree: [u8; 2],
}

/// How many people of the listed places shook how strongly: each "at least".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakenPeople")]
pub struct People {
    /// `[12]`: with this degree or more by the least that it may have been, Ⅰ first.
    pub surely: Vec<u64>,
    /// The same by the most.
    pub perhaps: Vec<u64>,
    /// Of places beyond what the model holds for.
    pub not_assessed: u64,
    /// Places whose people are known, and those whose are not.
    pub places: u32,
    pub places_without: u32,
    pub source: String,
    /// The year in which they were counted; `null` where the source does not say.
    pub year: Option<u16>,
}

/// Another relation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ShakingSecond")]
pub struct Second {
    pub id: String,
    pub name: String,
    pub source: String,
    pub confidence: Confidence,
    pub lines: Vec<Line>,
}

/// Why nothing is estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schemars(rename = "ShakingWithheldBecause")]
pub enum Why {
    /// The focus is below the crust.
    Deep {
        depth_km: f64,
    },
    /// It is by another report of the same earthquake.
    DeepByAnother {
        agency: Option<String>,
        event: String,
        depth_km: f64,
    },
    /// In an area of deep earthquakes, with no depth or one that is put by default: the
    /// seismic bureau is to be asked, since a shallow one is possible there.
    Unconfirmed {
        area: String,
        depth_km: Option<f64>,
    },
    NoMagnitude,
    /// No relation from this scale to Ms is at hand.
    NoConversion {
        scale: String,
    },
    /// The magnitude is outside what the model holds for.
    Range {
        surface_wave: f64,
        least: f64,
        most: f64,
    },
    NoModel {
        problem: String,
    },
    /// A blast, a collapse.
    NotAnEarthquake {
        kind: String,
    },
    /// All who reported it have taken it back.
    Withdrawn,
    /// It turned out to be another one.
    Merged {
        into: EarthquakeId,
    },
}

impl Why {
    /// One sentence without a full stop.
    pub(super) fn words(&self) -> String {
        match self {
            Why::Deep { depth_km } => {
                format!("震源深 {depth_km:.0} 公里，在地壳以下，不作烈度估计，不触发告警")
            }
            Why::DeepByAnother { agency, depth_km, .. } => {
                let agency = agency.as_deref().unwrap_or("另一报告");
                format!("{agency} 报震源深 {depth_km:.0} 公里，不作烈度估计，不触发告警")
            }
            Why::Unconfirmed { area, depth_km } => {
                let depth = depth_km
                    .map_or("未报深度".to_owned(), |km| format!("所报 {km:.0} 公里为缺省深度"));
                format!("位于{area}深震区且{depth}，深度未证实，请向地震部门核实；不作烈度估计")
            }
            Why::NoMagnitude => "未报震级，不作烈度估计".to_owned(),
            Why::NoConversion { scale } => {
                format!("震级为 {scale}，无换算为 Ms 的关系，不作烈度估计")
            }
            Why::Range { surface_wave, least, most } => format!(
                "Ms{surface_wave:.1} 在模型适用范围 {least:.1}～{most:.1} 之外，不作烈度估计"
            ),
            Why::NoModel { problem } => format!("模型不适用（{problem}），不作烈度估计"),
            Why::NotAnEarthquake { kind } => format!("事件类型为 {kind}，不是地震，不作烈度估计"),
            Why::Withdrawn => "报告已全部撤销，此前估计作废".to_owned(),
            Why::Merged { .. } => "已并入另一条地震，此前估计作废".to_owned(),
        }
    }
}

pub(super) fn summary(entry: &Entry, fact: &ShakingFact) -> Summary {
    let shaking = entry.header.subject;
    match fact {
        ShakingFact::Estimated(it) => {
            let counties = it.estimate.counties.iter().filter(|county| 5 <= county.degree[1]);
            let strongest = it
                .estimate
                .counties
                .first()
                .map_or("模型范围内各县均低于Ⅳ度".to_owned(), |county| {
                    format!("{} 最大估计{}度", county.name, roman(county.degree[1]))
                });
            Summary::new(
                format!("{} 烈度估计：{strongest}", it.title),
                json!({
                    "shaking": shaking, "earthquake": it.earthquake, "revision": it.revision,
                    "state": "estimated", "counties": counties.count(),
                }),
            )
        }
        ShakingFact::Withheld(it) => Summary::new(
            format!("{}：{}", it.title, it.why.words()),
            json!({
                "shaking": shaking, "earthquake": it.earthquake, "revision": it.revision,
                "state": "withheld",
            }),
        ),
    }
}
