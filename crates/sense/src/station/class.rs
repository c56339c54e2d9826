//! What kinds of stations there are.

use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of station: those of waters are SL 651-2014's (annex A); those of work
/// safety stand for the host or gateway of a whole enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StationClass")]
pub enum Class {
    River,
    Reservoir,
    Rain,
    Gate,
    Pump,
    Tide,
    Soil,
    Groundwater,
    Quality,
    Intake,
    Outlet,
    Mine,
    Chemical,
    Tailings,
    Fireworks,
    Slope,
    Weather,
    Other,
}

impl Class {
    pub const ALL: [Class; 18] = [
        Class::River,
        Class::Reservoir,
        Class::Rain,
        Class::Gate,
        Class::Pump,
        Class::Tide,
        Class::Soil,
        Class::Groundwater,
        Class::Quality,
        Class::Intake,
        Class::Outlet,
        Class::Mine,
        Class::Chemical,
        Class::Tailings,
        Class::Fireworks,
        Class::Slope,
        Class::Weather,
        Class::Other,
    ];

    /// Those of SL 651-2014, annex A.
    pub const OF_WATERS: [Class; 11] = [
        Class::River,
        Class::Reservoir,
        Class::Rain,
        Class::Gate,
        Class::Pump,
        Class::Tide,
        Class::Soil,
        Class::Groundwater,
        Class::Quality,
        Class::Intake,
        Class::Outlet,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Class::River => "river",
            Class::Reservoir => "reservoir",
            Class::Rain => "rain",
            Class::Gate => "gate",
            Class::Pump => "pump",
            Class::Tide => "tide",
            Class::Soil => "soil",
            Class::Groundwater => "groundwater",
            Class::Quality => "quality",
            Class::Intake => "intake",
            Class::Outlet => "outlet",
            Class::Mine => "mine",
            Class::Chemical => "chemical",
            Class::Tailings => "tailings",
            Class::Fireworks => "fireworks",
            Class::Slope => "slope",
            Class::Weather => "weather",
            Class::Other => "other",
        }
    }

    /// The Chinese name, annex A's for those of waters.
    pub fn word(self) -> &'static str {
        match self {
            Class::River => "河道站",
            Class::Reservoir => "水库站",
            Class::Rain => "雨量站",
            Class::Gate => "闸坝站",
            Class::Pump => "泵站",
            Class::Tide => "潮汐站",
            Class::Soil => "墒情站",
            Class::Groundwater => "地下水站",
            Class::Quality => "水质站",
            Class::Intake => "取水口",
            Class::Outlet => "排水口",
            Class::Mine => "矿山",
            Class::Chemical => "危化企业",
            Class::Tailings => "尾矿库",
            Class::Fireworks => "烟花爆竹企业",
            Class::Slope => "边坡",
            Class::Weather => "气象站",
            Class::Other => "其他站",
        }
    }
}

impl std::str::FromStr for Class {
    type Err = Error;

    fn from_str(text: &str) -> Result<Class> {
        let found = Class::ALL.into_iter().find(|class| class.code() == text);
        found.ok_or_else(|| Error::invalid("class", text, "a class of station"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_code_that_json_uses_and_a_word() {
        for class in Class::ALL {
            let json = serde_json::to_value(class).expect("a word");
            assert_eq!(json, class.code());
            assert_eq!(class.code().parse::<Class>().expect("its own code"), class);
        }
    }
}
