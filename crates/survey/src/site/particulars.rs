//! What is said of a site beyond its name and place: one file for each kind.

use host::Result;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fireworks::FireworksBuilding;
use super::hazard_source::HazardSource;
use super::mine::Mine;
use super::pond::Pond;
use super::tank::Tank;
use crate::field;

/// What stands there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SiteKind")]
pub enum Kind {
    /// 矿山
    Mine,
    /// 尾矿库
    Pond,
    /// 重大危险源
    HazardSource,
    /// 储罐
    Tank,
    /// 烟花爆竹工库房
    FireworksBuilding,
}

/// What is said of it, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SiteParticulars")]
pub enum Particulars {
    Mine(Mine),
    Pond(Pond),
    HazardSource(HazardSource),
    Tank(Tank),
    FireworksBuilding(FireworksBuilding),
}

/// Among whom a code is given once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// All that this node owns.
    Node,
    /// The sites of its enterprise.
    Enterprise,
    /// The sites of its enterprise that are part of the same.
    Whole,
}

impl Kind {
    pub const ALL: [Kind; 5] =
        [Kind::Mine, Kind::Pond, Kind::HazardSource, Kind::Tank, Kind::FireworksBuilding];

    pub fn code(self) -> &'static str {
        match self {
            Kind::Mine => "mine",
            Kind::Pond => "pond",
            Kind::HazardSource => "hazard_source",
            Kind::Tank => "tank",
            Kind::FireworksBuilding => "fireworks_building",
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Kind::Mine => "矿山",
            Kind::Pond => "尾矿库",
            Kind::HazardSource => "重大危险源",
            Kind::Tank => "储罐",
            Kind::FireworksBuilding => "烟花爆竹工库房",
        }
    }

    /// What it may be part of.
    pub fn part_of(self) -> Option<Kind> {
        match self {
            Kind::Tank => Some(Kind::HazardSource),
            Kind::Mine | Kind::Pond | Kind::HazardSource | Kind::FireworksBuilding => None,
        }
    }

    pub(super) fn named_within(self) -> Within {
        match self {
            Kind::Mine | Kind::Pond => Within::Node,
            Kind::HazardSource | Kind::FireworksBuilding => Within::Enterprise,
            Kind::Tank => Within::Whole,
        }
    }

    /// Its code in one form.
    ///
    /// A mine has 12 digits (42号文 annex 2, as emitters and parsers agree); a hazard
    /// source the three digits of its number in a point code of the hazchem
    /// specification; a tank what stands behind that number, `G0001`; a pond what its
    /// authority calls it; a building of a fireworks works its number on the plan.
    pub(super) fn checked_code(self, code: &str) -> Result<String> {
        match self {
            Kind::Mine => field::digits("code", code, 12),
            Kind::Pond => field::code("code", code, 4, 32),
            Kind::HazardSource => field::digits("code", code, 3),
            Kind::Tank | Kind::FireworksBuilding => field::code("code", code, 1, 16),
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = host::Error;

    fn from_str(text: &str) -> Result<Kind> {
        let found = Kind::ALL.into_iter().find(|kind| kind.code() == text);
        found.ok_or_else(|| host::Error::invalid("kind", text, "a kind of site"))
    }
}

impl Particulars {
    pub fn kind(&self) -> Kind {
        match self {
            Particulars::Mine(_) => Kind::Mine,
            Particulars::Pond(_) => Kind::Pond,
            Particulars::HazardSource(_) => Kind::HazardSource,
            Particulars::Tank(_) => Kind::Tank,
            Particulars::FireworksBuilding(_) => Kind::FireworksBuilding,
        }
    }

    /// Brought into one form.
    ///
    /// # Errors
    /// [`host::Error::Invalid`] that names the field.
    pub(super) fn checked(&self) -> Result<Particulars> {
        Ok(match self {
            Particulars::Mine(mine) => Particulars::Mine(mine.checked()?),
            Particulars::Pond(pond) => Particulars::Pond(pond.checked()?),
            Particulars::HazardSource(source) => Particulars::HazardSource(source.checked()?),
            Particulars::Tank(tank) => Particulars::Tank(tank.checked()?),
            Particulars::FireworksBuilding(it) => Particulars::FireworksBuilding(it.checked()?),
        })
    }

    /// Its grade as filed, 1 the gravest, where its kind has one.
    pub fn grade(&self) -> Option<u8> {
        match self {
            Particulars::Pond(pond) => Some(pond.grade),
            Particulars::HazardSource(source) => source.grade,
            Particulars::Mine(_) | Particulars::Tank(_) | Particulars::FireworksBuilding(_) => None,
        }
    }
}
