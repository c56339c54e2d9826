//! Major hazard sources (重大危险源): units where enough of a dangerous substance may be.
//!
//! Source: GB 18218-2018; number in the point code of the hazchem specification. The
//! grade and R are those that were filed; what the standard gives is computed elsewhere.

use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Cas, field};

/// What is said of a hazard source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HazardSource {
    pub unit: Unit,
    /// 1 to 64 substances, by their design maxima.
    pub substances: Vec<Substance>,
    /// People within 500 m of its edge, who decide α: 0 to 1 000 000.
    pub people_within_500_m: Option<u32>,
    /// 级别 as filed, 1 to 4; nothing while it is not.
    pub grade: Option<u8>,
    /// R as filed: 0 to 100 000.
    pub r: Option<f64>,
    /// 备案编号, at most 64 characters.
    pub filing_number: Option<String>,
    /// The day of the filing, and the day it runs out.
    pub filed_on: Option<String>,
    pub valid_until: Option<String>,
}

/// What kind of unit (GB 18218-2018, clause 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "HazardUnit")]
pub enum Unit {
    /// 储罐区: by its dike
    TankFarm,
    /// 库区: by the building
    Warehouse,
    /// 生产单元: by its isolation valves
    Production,
}

/// A dangerous substance, and how much of it may be there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Substance {
    /// 1 to 64 characters.
    pub name: String,
    /// What decides when names differ; a mixture has none.
    pub cas: Option<String>,
    /// Design maximum q, tonnes: above 0, to 1e7. Not what is there today.
    pub design_max_t: f64,
}

const MOST_SUBSTANCES: usize = 64;

impl HazardSource {
    pub(super) fn checked(&self) -> Result<HazardSource> {
        if self.substances.is_empty() || MOST_SUBSTANCES < self.substances.len() {
            let seen = format!("{} substances", self.substances.len());
            return Err(Error::invalid("substances", seen, "1 to 64 substances"));
        }
        let substances: Vec<Substance> = (self.substances.iter().enumerate())
            .map(|(at, substance)| substance.checked(at))
            .collect::<Result<_>>()?;
        for (at, substance) in substances.iter().enumerate() {
            let same = |other: &Substance| match (&substance.cas, &other.cas) {
                (Some(one), Some(other)) => one == other,
                _ => substance.name == other.name,
            };
            if substances[..at].iter().any(same) {
                let field = format!("substances.{at}.name");
                return Err(Error::invalid(field, &substance.name, "each substance once"));
            }
        }
        if let Some(grade) = self.grade
            && !(1..=4).contains(&grade)
        {
            return Err(Error::invalid("grade", grade, "1 to 4"));
        }
        let filed_on = field::day_opt("filed_on", self.filed_on.as_deref())?;
        let valid_until = field::day_opt("valid_until", self.valid_until.as_deref())?;
        if let (Some(from), Some(to)) = (filed_on, valid_until)
            && to < from
        {
            return Err(Error::invalid("valid_until", to, format!("a day from {from} on")));
        }
        Ok(HazardSource {
            unit: self.unit,
            substances,
            people_within_500_m: field::count_opt(
                "people_within_500_m",
                self.people_within_500_m,
                1_000_000,
            )?,
            grade: self.grade,
            r: field::number_opt("r", self.r, 0.0..=100_000.0, "")?,
            filing_number: field::text_opt("filing_number", self.filing_number.as_deref(), 64)?,
            filed_on: filed_on.map(|day| day.to_string()),
            valid_until: valid_until.map(|day| day.to_string()),
        })
    }
}

impl Substance {
    fn checked(&self, at: usize) -> Result<Substance> {
        let named = |name: &str| format!("substances.{at}.{name}");
        Ok(Substance {
            name: text(&named("name"), &self.name, 1, 64)?,
            cas: cas(&named("cas"), self.cas.as_deref())?,
            design_max_t: field::number(
                &named("design_max_t"),
                self.design_max_t,
                1e-6..=1e7,
                "t",
            )?,
        })
    }
}

/// A CAS number that may be left out.
pub(super) fn cas(field: &str, value: Option<&str>) -> Result<Option<String>> {
    let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    match value.parse::<Cas>() {
        Ok(cas) => Ok(Some(cas.to_string())),
        Err(error) => Err(Error::invalid(field, value, error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substance(name: &str, cas: Option<&str>, design_max_t: f64) -> Substance {
        Substance { name: name.to_owned(), cas: cas.map(str::to_owned), design_max_t }
    }

    fn source(substances: Vec<Substance>) -> HazardSource {
        HazardSource {
            unit: Unit::TankFarm,
            substances,
            people_within_500_m: Some(65),
            grade: Some(3),
            r: Some(10.8),
            filing_number: None,
            filed_on: Some("2024年5月6日".to_owned()),
            valid_until: Some("2027-05-05".to_owned()),
        }
    }

    #[track_caller]
    fn refused(source: HazardSource, expected: &str) {
        match source.checked() {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }

    #[test]
    fn substances_are_told_apart_by_number_and_else_by_name() {
        let ammonia = || substance("液氨", Some(" 7664-41-7"), 30.0);
        let kept = source(vec![ammonia(), substance("LPG", None, 40.0)]).checked().expect("fits");
        assert_eq!(kept.substances[0].cas.as_deref(), Some("7664-41-7"));
        assert_eq!(kept.filed_on.as_deref(), Some("2024-05-06"));
        refused(source(vec![]), "substances");
        let same = substance("氨", Some("7664-41-7"), 1.0);
        refused(source(vec![ammonia(), same]), "substances.1.name");
        refused(source(vec![substance("液氨", Some("7664-41-8"), 1.0)]), "substances.0.cas");
        refused(source(vec![ammonia(), substance("氯", None, 0.0)]), "substances.1.design_max_t");
    }

    #[test]
    fn a_filing_ends_after_it_begins_and_has_one_of_four_grades() {
        let ammonia = vec![substance("液氨", None, 30.0)];
        let late = Some("2024-05-05".to_owned());
        refused(HazardSource { valid_until: late, ..source(ammonia.clone()) }, "valid_until");
        refused(HazardSource { grade: Some(5), ..source(ammonia.clone()) }, "grade");
        refused(HazardSource { r: Some(f64::NAN), ..source(ammonia) }, "r");
    }
}
