//! Tailings ponds.
//!
//! Source: GB 39496-2020 and GB 50863-2013 as the research notes have them (§6). The
//! limits are the designer's; what they are judged by is a rule's.

use host::{Error, Result};
use schemars::JsonSchema;
use science::tailings;
use serde::{Deserialize, Serialize};

use crate::field;

/// What is said of a tailings pond. Levels are heights above the 1985 national datum, m.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TailingsPond")]
pub struct Pond {
    pub dam: Dam,
    /// Dam height H of this period of use, m: 1 to 400.
    pub height_m: f64,
    /// Whole storage V of this period of use, m³: 1 to 1e10.
    pub volume_m3: f64,
    /// 等别 as filed, 1 to 5; what V and H give is shown beside it.
    pub grade: u8,
    /// Crest now, m.
    pub crest_m: Option<f64>,
    /// Crest when it will be full, m; not below the crest now.
    pub final_crest_m: Option<f64>,
    /// Highest flood level of the design, m; not above the crest.
    pub flood_level_m: Option<f64>,
    /// Level to be kept before the flood season, m; not above the flood level.
    pub control_level_m: Option<f64>,
    /// Least freeboard of the design, m: 0 to 50.
    pub min_freeboard_m: Option<f64>,
    /// Least dry beach of the design, m: 0 to 5 000.
    pub min_beach_m: Option<f64>,
    /// Control depth of the phreatic line below the face, m: 0 to 100.
    pub min_phreatic_depth_m: Option<f64>,
    /// Most rise of the dam in a year by the design, m: 0 to 50.
    pub max_rise_m: Option<f64>,
    /// People who live within 1 km below the dam; more than none makes it a 头顶库.
    pub people_downstream: Option<u32>,
}

/// How the dam is built (堆坝方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "DamMethod")]
pub enum Dam {
    /// 上游式
    Upstream,
    /// 中线式
    CentreLine,
    /// 下游式
    Downstream,
    /// 一次建坝
    OneStep,
    /// 干式堆存
    Dry,
}

impl Pond {
    pub(super) fn checked(&self) -> Result<Pond> {
        // No ground of the country lies outside.
        let level = |name, value| field::number_opt(name, value, -200.0..=9_000.0, "m");
        let pond = Pond {
            dam: self.dam,
            height_m: field::number("height_m", self.height_m, 1.0..=400.0, "m")?,
            volume_m3: field::number("volume_m3", self.volume_m3, 1.0..=1e10, "m³")?,
            grade: self.grade,
            crest_m: level("crest_m", self.crest_m)?,
            final_crest_m: level("final_crest_m", self.final_crest_m)?,
            flood_level_m: level("flood_level_m", self.flood_level_m)?,
            control_level_m: level("control_level_m", self.control_level_m)?,
            min_freeboard_m: field::number_opt(
                "min_freeboard_m",
                self.min_freeboard_m,
                0.0..=50.0,
                "m",
            )?,
            min_beach_m: field::number_opt("min_beach_m", self.min_beach_m, 0.0..=5_000.0, "m")?,
            min_phreatic_depth_m: field::number_opt(
                "min_phreatic_depth_m",
                self.min_phreatic_depth_m,
                0.0..=100.0,
                "m",
            )?,
            max_rise_m: field::number_opt("max_rise_m", self.max_rise_m, 0.0..=50.0, "m")?,
            people_downstream: field::count_opt(
                "people_downstream",
                self.people_downstream,
                1_000_000,
            )?,
        };
        if !(1..=5).contains(&pond.grade) {
            return Err(Error::invalid("grade", pond.grade, "1 to 5"));
        }
        in_order("final_crest_m", pond.crest_m, pond.final_crest_m, "not below crest_m")?;
        in_order("flood_level_m", pond.flood_level_m, pond.crest_m, "not above crest_m")?;
        in_order(
            "control_level_m",
            pond.control_level_m,
            pond.flood_level_m,
            "not above flood_level_m",
        )?;
        Ok(pond)
    }

    /// The grade that volume and height give, 1 to 5; `None` for figures that no decision
    /// here let in.
    pub fn computed_grade(&self) -> Option<u8> {
        tailings::grade(self.volume_m3, self.height_m).ok().map(tailings::Grade::number)
    }
}

/// Refuses `field` when both levels are known and the lower lies above the upper.
fn in_order(field: &str, lower: Option<f64>, upper: Option<f64>, expected: &str) -> Result<()> {
    match (lower, upper) {
        (Some(lower), Some(upper)) if upper < lower => {
            Err(Error::invalid(field, [lower, upper], expected))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pond() -> Pond {
        Pond {
            dam: Dam::Upstream,
            height_m: 65.0,
            volume_m3: 5e5,
            grade: 4,
            crest_m: Some(412.0),
            final_crest_m: Some(430.0),
            flood_level_m: Some(410.5),
            control_level_m: Some(408.0),
            min_freeboard_m: Some(0.5),
            min_beach_m: Some(50.0),
            min_phreatic_depth_m: Some(4.0),
            max_rise_m: None,
            people_downstream: Some(0),
        }
    }

    #[test]
    fn the_grade_is_kept_as_filed_and_computed_beside_it() {
        let kept = Pond { grade: 3, ..pond() }.checked().expect("a filed grade is what it is");
        assert_eq!((kept.grade, kept.computed_grade()), (3, Some(4)));
        assert!(Pond { grade: 0, ..pond() }.checked().is_err());
        assert!(Pond { grade: 6, ..pond() }.checked().is_err());
    }

    #[test]
    fn levels_lie_in_their_order() {
        let field = |pond: Pond| match pond.checked() {
            Ok(_) => "fits".to_owned(),
            Err(Error::Invalid { field, .. }) => field,
            Err(other) => panic!("{other}"),
        };
        assert_eq!(field(pond()), "fits");
        assert_eq!(field(Pond { final_crest_m: Some(411.9), ..pond() }), "final_crest_m");
        assert_eq!(field(Pond { flood_level_m: Some(412.1), ..pond() }), "flood_level_m");
        assert_eq!(field(Pond { control_level_m: Some(410.6), ..pond() }), "control_level_m");
        assert_eq!(field(Pond { crest_m: None, ..pond() }), "fits");
        assert_eq!(field(Pond { volume_m3: f64::NAN, ..pond() }), "volume_m3");
    }
}
