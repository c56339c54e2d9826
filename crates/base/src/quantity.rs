//! What is measured, in which unit, and how good a reading is.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a series behaves, which decides how it may be summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeriesKind {
    /// A value that stands until the next one: a level, a temperature.
    Gauge,
    /// A total that only rises, until it wraps or is reset.
    Counter,
    /// An amount of its own period: rain within five minutes.
    Amount,
    /// A code; averages mean nothing.
    State,
    /// Degrees on a circle.
    Direction,
}

macro_rules! quantities {
    ($($variant:ident $code:literal $unit:literal $kind:ident $word:literal $decimals:literal, $doc:literal;)*) => {
        /// A measured quantity; its unit is fixed, so a number never travels without one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[derive(JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Quantity { $(#[doc = $doc] $variant,)* }

        impl Quantity {
            pub const ALL: &'static [Quantity] = &[$(Quantity::$variant,)*];

            /// The stable code, as in JSON and in the database.
            pub fn code(self) -> &'static str {
                match self { $(Quantity::$variant => $code,)* }
            }

            /// The unit's symbol, UCUM-like and readable.
            pub fn unit(self) -> &'static str {
                match self { $(Quantity::$variant => $unit,)* }
            }

            pub fn kind(self) -> SeriesKind {
                match self { $(Quantity::$variant => SeriesKind::$kind,)* }
            }

            /// The Chinese name.
            pub fn word(self) -> &'static str {
                match self { $(Quantity::$variant => $word,)* }
            }

            /// Digits after the point that make sense on a screen.
            pub fn decimals(self) -> usize {
                match self { $(Quantity::$variant => $decimals,)* }
            }
        }
    };
}

quantities! {
    WaterLevel "water_level" "m" Gauge "水位" 2, "River, reservoir or tide stage above the station's datum.";
    Discharge "discharge" "m³/s" Gauge "流量" 1, "Flow through a section.";
    RainAmount "rain_amount" "mm" Amount "时段雨量" 1, "Rain within the reporting step.";
    RainTotal "rain_total" "mm" Counter "累计雨量" 1, "Rain since the gauge was reset; wraps.";
    RainRate "rain_rate" "mm/h" Gauge "雨强" 1, "Rain intensity.";
    Voltage "voltage" "V" Gauge "电压" 2, "Supply voltage of the station.";
    AirTemperature "air_temperature" "°C" Gauge "气温" 1, "Air temperature.";
    WaterTemperature "water_temperature" "°C" Gauge "水温" 1, "Water temperature.";
    Pressure "pressure" "hPa" Gauge "气压" 1, "Air pressure.";
    WindSpeed "wind_speed" "m/s" Gauge "风速" 1, "Wind speed.";
    WindDirection "wind_direction" "°" Direction "风向" 0, "Direction the wind comes from, clockwise from north.";
    FlowVelocity "flow_velocity" "m/s" Gauge "流速" 2, "Water velocity.";
    GroundwaterDepth "groundwater_depth" "m" Gauge "地下水埋深" 2, "Depth of groundwater below the surface.";
    SoilMoisture "soil_moisture" "%" Gauge "土壤含水量" 1, "Volumetric soil moisture.";
    GateOpening "gate_opening" "m" Gauge "闸门开度" 2, "Opening of a sluice gate.";
    Evaporation "evaporation" "mm" Amount "蒸发量" 1, "Evaporation within the reporting step.";
    Methane "methane" "%" Gauge "甲烷" 2, "Methane in air, parts of a hundred by volume (%CH4).";
    CarbonMonoxide "carbon_monoxide" "ppm" Gauge "一氧化碳" 0, "Carbon monoxide in air.";
    HydrogenSulfide "hydrogen_sulfide" "ppm" Gauge "硫化氢" 1, "Hydrogen sulphide in air.";
    Oxygen "oxygen" "%" Gauge "氧气" 1, "Oxygen in air, parts of a hundred by volume.";
    CarbonDioxide "carbon_dioxide" "%" Gauge "二氧化碳" 2, "Carbon dioxide in air, parts of a hundred by volume.";
    Dust "dust" "mg/m³" Gauge "粉尘" 1, "Dust in air.";
    Stress "stress" "MPa" Gauge "应力" 2, "Stress in rock, coal or a bolt.";
    Displacement "displacement" "mm" Gauge "位移" 1, "How far something has moved since it was set up.";
    HeadCount "head_count" "人" Gauge "人数" 0, "Persons in a place.";
    OpenAlarms "open_alarms" "" Gauge "未结束报警数" 0, "Alarms that had begun and not ended when their list was made.";
    SwitchState "switch_state" "" State "开关状态" 0, "0 or 1, whose words the device's own definition has.";
    LiquidLevel "liquid_level" "m" Gauge "液位" 3, "Height of a liquid in a tank.";
    GaugePressure "gauge_pressure" "kPa" Gauge "压力" 1, "Pressure in a vessel or pipe, above the air's.";
    MediumTemperature "medium_temperature" "°C" Gauge "温度" 1, "Temperature of what is stored or processed.";
    VolumeFlow "volume_flow" "m³/h" Gauge "流量" 2, "Flow through a pipe.";
    Intensity "intensity" "度" Gauge "地震烈度" 1, "Seismic intensity on the Chinese scale (GB/T 17742), 1 to 12.";
    CombustibleGas "combustible_gas" "%LEL" Gauge "可燃气体浓度" 1, "Combustible gas, as a share of its lower explosive limit.";
    StatusWord "status_word" "" State "状态字" 0, "A device's status bits as a number.";
}

impl Quantity {
    /// A value with the quantity's digits, rounded half away from zero as people and
    /// browsers do: 262.525 is `262.53`. (`format!` rounds the binary number, which
    /// lies a little below, and two screens would disagree about one reading.)
    pub fn show(self, value: f64) -> String {
        let digits = self.decimals();
        let exact = format!("{value}");
        let cut = exact.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        if cut <= digits || !value.is_finite() || exact.contains('e') {
            return format!("{value:.digits$}");
        }
        // One more digit than the shortest text has decides; nudge it off the half.
        let nudge = 0.5 * 10f64.powi(-(cut as i32) - 1);
        let away = if value < 0.0 { value - nudge } else { value + nudge };
        format!("{away:.digits$}")
    }
}

impl FromStr for Quantity {
    type Err = UnknownQuantity;

    fn from_str(text: &str) -> Result<Quantity, UnknownQuantity> {
        Quantity::ALL
            .iter()
            .copied()
            .find(|quantity| quantity.code() == text)
            .ok_or_else(|| UnknownQuantity(text.chars().take(64).collect()))
    }
}

/// Why a text is not a quantity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("quantity is {0:?}, expected one of the codes of base::Quantity")]
pub struct UnknownQuantity(String);

/// How good a reading is, in one byte: two bits of grade, the rest says who doubted it.
///
/// The layout is stored; bits may be added, never moved.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Quality(pub u8);

/// The grade part of a [`Quality`]. Only `Bad` is kept from the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    Good,
    Uncertain,
    Bad,
}

impl Quality {
    pub const GOOD: Quality = Quality(0);

    const GRADE: u8 = 0b11;
    /// The device said so itself.
    pub const BY_DEVICE: u8 = 0b0000_0100;
    /// A check of ours said so (range, step, spike, stuck, neighbour).
    pub const BY_CHECK: u8 = 0b0000_1000;
    /// A person said so.
    pub const BY_PERSON: u8 = 0b0001_0000;
    /// The road it came by said so (relay, import, a clock that was off).
    pub const BY_LINK: u8 = 0b0010_0000;
    /// The source's time lies more than ten minutes ahead of ours: stored,
    /// never "latest", never judged.
    pub const FUTURE: u8 = 0b0100_0000;

    pub fn new(grade: Grade, origin: u8) -> Quality {
        let grade = match grade {
            Grade::Good => 0,
            Grade::Uncertain => 1,
            Grade::Bad => 2,
        };
        Quality(grade | (origin & !Self::GRADE))
    }

    /// At best uncertain from now on, by the origin's word; a worse grade stays.
    pub fn doubted(self, origin: u8) -> Quality {
        let grade = if self.grade() == Grade::Bad { 2 } else { 1 };
        Quality((self.0 & !Self::GRADE) | grade | (origin & !Self::GRADE))
    }

    pub fn grade(self) -> Grade {
        match self.0 & Self::GRADE {
            0 => Grade::Good,
            1 => Grade::Uncertain,
            _ => Grade::Bad,
        }
    }

    /// Whether a rule may judge by this reading.
    pub fn is_judged(self) -> bool {
        self.grade() != Grade::Bad && self.0 & Self::FUTURE == 0
    }
}

impl std::fmt::Debug for Quality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}({:#04x})", self.grade(), self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_json_says_and_parse_back() {
        for quantity in Quantity::ALL {
            assert_eq!(quantity.code().parse(), Ok(*quantity));
        }
        assert!("wasserstand".parse::<Quantity>().is_err());
    }

    #[test]
    fn a_half_is_rounded_away_from_zero_as_every_screen_does() {
        let show = |value| Quantity::WaterLevel.show(value);
        assert_eq!(show(262.525), "262.53");
        assert_eq!(show(262.524), "262.52");
        assert_eq!(show(-0.125), "-0.13");
        assert_eq!(show(262.5), "262.50");
        assert_eq!(show(262.53), "262.53");
        assert_eq!(Quantity::RainAmount.show(0.25), "0.3");
        assert_eq!(Quantity::WindDirection.show(359.5), "360");
    }

    #[test]
    fn a_bad_or_future_reading_is_not_judged_and_an_uncertain_one_is() {
        assert!(Quality::GOOD.is_judged());
        assert!(Quality::new(Grade::Uncertain, Quality::BY_CHECK).is_judged());
        assert!(!Quality::new(Grade::Bad, Quality::BY_DEVICE).is_judged());
        assert!(!Quality::new(Grade::Good, Quality::FUTURE).is_judged());
    }
}
