//! What threatens.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of hazard that a rule, warning or incident is about.
///
/// Second-level kinds of the four classes of 突发事件应对法 art. 2, as far as this
/// system senses or handles them. The digit codes of GB/T 35561-2017 are *not*
/// here: the code table was not at hand, and a code from memory is worse than none.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Hazard {
    Flood,
    Rainstorm,
    Drought,
    Geological,
    Earthquake,
    Volcano,
    ForestFire,
    Weather,
    CoalMine,
    NonCoalMine,
    TailingsPond,
    HazardousChemical,
    Fireworks,
    Fire,
    Traffic,
    UrbanLifeline,
    PublicHealth,
    SocialSafety,
    Other,
}

impl Hazard {
    pub const ALL: [Hazard; 19] = [
        Hazard::Flood,
        Hazard::Rainstorm,
        Hazard::Drought,
        Hazard::Geological,
        Hazard::Earthquake,
        Hazard::Volcano,
        Hazard::ForestFire,
        Hazard::Weather,
        Hazard::CoalMine,
        Hazard::NonCoalMine,
        Hazard::TailingsPond,
        Hazard::HazardousChemical,
        Hazard::Fireworks,
        Hazard::Fire,
        Hazard::Traffic,
        Hazard::UrbanLifeline,
        Hazard::PublicHealth,
        Hazard::SocialSafety,
        Hazard::Other,
    ];

    /// The Chinese name as it stands in the title of a warning.
    pub fn word(self) -> &'static str {
        match self {
            Hazard::Flood => "洪水",
            Hazard::Rainstorm => "暴雨",
            Hazard::Drought => "干旱",
            Hazard::Geological => "地质灾害",
            Hazard::Earthquake => "地震",
            Hazard::Volcano => "火山",
            Hazard::ForestFire => "森林草原火灾",
            Hazard::Weather => "气象",
            Hazard::CoalMine => "煤矿",
            Hazard::NonCoalMine => "非煤矿山",
            Hazard::TailingsPond => "尾矿库",
            Hazard::HazardousChemical => "危险化学品",
            Hazard::Fireworks => "烟花爆竹",
            Hazard::Fire => "火灾",
            Hazard::Traffic => "交通运输",
            Hazard::UrbanLifeline => "城市生命线",
            Hazard::PublicHealth => "公共卫生",
            Hazard::SocialSafety => "社会安全",
            Hazard::Other => "其他",
        }
    }

    /// Whether public warnings of this hazard belong to another authority
    /// (weather, flood and geology services): we receive and pass them on, and
    /// never re-issue them as ours (气象法 art. 22, 气象灾害防御条例 art. 30).
    pub fn has_its_own_authority(self) -> bool {
        matches!(self, Hazard::Weather | Hazard::Rainstorm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hazard_is_listed_once_and_has_a_name_of_its_own() {
        let mut words: Vec<_> = Hazard::ALL.iter().map(|hazard| hazard.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Hazard::ALL.len());
    }
}
