//! Mines: coal and others, underground and open.

use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::field;

/// What is said of a mine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mine {
    pub mineral: Mineral,
    pub method: Method,
    /// Of an underground coal mine, and of no other.
    pub gas_grade: Option<GasGrade>,
    /// How many people may be underground at once (核定井下人数, in the header of `RYXX`
    /// of 42号文 annex 2): 1 to 20 000; an underground mine has it.
    pub approved_people: Option<u32>,
    /// Approved output, tonnes a year: 1 to 1e9.
    pub capacity_t: Option<f64>,
    /// Depth of mining below ground, m: 0 to 3 000.
    pub depth_m: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mineral {
    /// 煤
    Coal,
    /// 金属
    Metal,
    /// 非金属
    NonMetal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "MiningMethod")]
pub enum Method {
    /// 井工（地下）
    Underground,
    /// 露天
    OpenPit,
    /// 露天与地下并存
    Both,
}

/// 矿井瓦斯等级 (煤矿安全规程).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GasGrade {
    /// 低瓦斯
    Low,
    /// 高瓦斯
    High,
    /// 煤（岩）与瓦斯（二氧化碳）突出
    Outburst,
}

impl Mine {
    pub(super) fn checked(&self) -> Result<Mine> {
        let underground = self.method != Method::OpenPit;
        let has_gas_grade = underground && self.mineral == Mineral::Coal;
        match (has_gas_grade, self.gas_grade) {
            (true, None) => {
                let expected = "low, high or outburst: an underground coal mine has a gas grade";
                return Err(Error::invalid("gas_grade", "nothing", expected));
            }
            (false, Some(grade)) => {
                let expected = "nothing: only an underground coal mine has a gas grade";
                return Err(Error::invalid("gas_grade", grade, expected));
            }
            _ => {}
        }
        match (underground, self.approved_people) {
            (true, None | Some(0)) => {
                let expected = "1 to 20000: how many people may be underground at once";
                return Err(Error::invalid("approved_people", self.approved_people, expected));
            }
            (false, Some(people)) => {
                let expected = "nothing: nobody is underground in an open pit";
                return Err(Error::invalid("approved_people", people, expected));
            }
            _ => {}
        }
        Ok(Mine {
            approved_people: field::count_opt("approved_people", self.approved_people, 20_000)?,
            capacity_t: field::number_opt("capacity_t", self.capacity_t, 1.0..=1e9, "t")?,
            depth_m: field::number_opt("depth_m", self.depth_m, 0.0..=3_000.0, "m")?,
            ..self.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_an_underground_coal_mine_has_no_other_has() {
        let mine = |mineral, method, gas_grade, approved_people| Mine {
            mineral,
            method,
            gas_grade,
            approved_people,
            capacity_t: Some(600_000.0),
            depth_m: Some(420.0),
        };
        let field = |mine: Mine| match mine.checked() {
            Ok(_) => "fits".to_owned(),
            Err(Error::Invalid { field, .. }) => field,
            Err(other) => panic!("{other}"),
        };
        use GasGrade::High;
        use Method::{Both, OpenPit, Underground};
        use Mineral::{Coal, Metal};
        assert_eq!(field(mine(Coal, Underground, Some(High), Some(215))), "fits");
        assert_eq!(field(mine(Coal, Underground, None, Some(215))), "gas_grade");
        assert_eq!(field(mine(Coal, Underground, Some(High), None)), "approved_people");
        assert_eq!(field(mine(Coal, Underground, Some(High), Some(0))), "approved_people");
        assert_eq!(field(mine(Coal, Underground, Some(High), Some(20_001))), "approved_people");
        assert_eq!(field(mine(Metal, Both, None, Some(60))), "fits");
        assert_eq!(field(mine(Metal, Underground, Some(High), Some(60))), "gas_grade");
        assert_eq!(field(mine(Metal, OpenPit, None, None)), "fits");
        assert_eq!(field(mine(Metal, OpenPit, None, Some(3))), "approved_people");
    }
}
