//! Buildings of fireworks works: workshops and stores, each with how many people and how
//! much charge may be in it (定员, 定量).
//!
//! Source: GB 11652-2012 and GB 50161-2009 *from memory*: that a building has a hazard
//! class, a head-count and a charge. The national text on sensing was not found.

use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::field;

/// What is said of a building of a fireworks works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FireworksBuilding {
    #[serde(rename = "use")]
    pub used_as: Use,
    /// 危险等级 of the building.
    pub hazard_class: HazardClass,
    /// What is done in it, at most 64 characters: 装药, 混药, 成品.
    pub process: Option<String>,
    /// 定员: 1 to 200; a workshop has it.
    pub rated_people: Option<u32>,
    /// 定量 of charge, kg: above 0, to 1 000 000; a store has it.
    pub rated_charge_kg: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "FireworksUse")]
pub enum Use {
    /// 工房
    Workshop,
    /// 中转库
    Transit,
    /// 总仓库
    Store,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FireworksHazardClass")]
pub enum HazardClass {
    /// 1.1⁻¹: mass explosion, as strong as the strongest
    #[serde(rename = "1.1-1")]
    MassStrong,
    /// 1.1⁻²: mass explosion
    #[serde(rename = "1.1-2")]
    Mass,
    /// 1.3: fire, with little blast
    #[serde(rename = "1.3")]
    Fire,
}

impl FireworksBuilding {
    pub(super) fn checked(&self) -> Result<FireworksBuilding> {
        let (people, charge) = (self.rated_people, self.rated_charge_kg);
        if self.used_as == Use::Workshop && matches!(people, None | Some(0)) {
            let expected = "1 to 200: how many people may be in a workshop";
            return Err(Error::invalid("rated_people", people, expected));
        }
        if self.used_as != Use::Workshop && charge.is_none() {
            let expected = "1 g to 1000000 kg: how much charge may be in a store";
            return Err(Error::invalid("rated_charge_kg", "nothing", expected));
        }
        Ok(FireworksBuilding {
            process: field::text_opt("process", self.process.as_deref(), 64)?,
            rated_people: field::count_opt("rated_people", people, 200)?,
            rated_charge_kg: field::number_opt("rated_charge_kg", charge, 1e-3..=1e6, "kg")?,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workshop_has_its_people_and_a_store_its_charge() {
        let field = |used_as, rated_people, rated_charge_kg| {
            let building = FireworksBuilding {
                used_as,
                hazard_class: HazardClass::Mass,
                process: Some(" 装药 ".to_owned()),
                rated_people,
                rated_charge_kg,
            };
            match building.checked() {
                Ok(kept) => kept.process.unwrap_or_default(),
                Err(Error::Invalid { field, .. }) => field,
                Err(other) => panic!("{other}"),
            }
        };
        assert_eq!(field(Use::Workshop, Some(2), Some(3.0)), "装药");
        assert_eq!(field(Use::Workshop, None, Some(3.0)), "rated_people");
        assert_eq!(field(Use::Workshop, Some(201), None), "rated_people");
        assert_eq!(field(Use::Store, None, None), "rated_charge_kg");
        assert_eq!(field(Use::Transit, None, Some(0.0)), "rated_charge_kg");
        assert_eq!(field(Use::Store, None, Some(1e6)), "装药");
    }

    #[test]
    fn classes_are_written_as_the_standard_has_them() {
        let text = serde_json::to_string(&HazardClass::MassStrong).expect("JSON");
        assert_eq!(text, r#""1.1-1""#);
        assert!(serde_json::from_str::<HazardClass>(r#""1.2""#).is_err());
    }
}
