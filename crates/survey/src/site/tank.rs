//! Tanks: what is in them, how large they are, and what the design allows.

use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::hazard_source::cas;
use crate::field;

/// What is said of a tank. Pressures are gauge pressures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tank {
    /// What it is for, 1 to 64 characters.
    pub medium: String,
    /// The medium's CAS number; a mixture has none.
    pub cas: Option<String>,
    pub shape: Shape,
    pub roof: Option<Roof>,
    /// Inside, m: 0.1 to 150.
    pub diameter_m: Option<f64>,
    /// Of the shell, or the length of one that lies, m: 0.1 to 100.
    pub height_m: Option<f64>,
    /// Nominal, m³: above 0, to 300 000.
    pub volume_m3: f64,
    /// Most that may be in it by the design, t: above 0, to 300 000.
    pub design_max_t: Option<f64>,
    /// Levels of the design above the floor, m; the upper within the tank.
    pub level_min_m: Option<f64>,
    pub level_max_m: Option<f64>,
    /// Pressures of the design, kPa: -101.325 to 100 000.
    pub pressure_min_kpa: Option<f64>,
    pub pressure_max_kpa: Option<f64>,
    /// Temperatures of the design, °C: -273.15 to 1 000.
    pub temperature_min_c: Option<f64>,
    pub temperature_max_c: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TankShape")]
pub enum Shape {
    /// 立式圆筒
    Vertical,
    /// 卧式圆筒
    Horizontal,
    /// 球罐
    Sphere,
    /// 其他
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TankRoof")]
pub enum Roof {
    /// 固定顶
    Fixed,
    /// 外浮顶
    ExternalFloating,
    /// 内浮顶
    InternalFloating,
}

impl Tank {
    pub(super) fn checked(&self) -> Result<Tank> {
        let level = |name, value| field::number_opt(name, value, 0.0..=150.0, "m");
        let pressure = |name, value| field::number_opt(name, value, -101.325..=100_000.0, "kPa");
        let temperature = |name, value| field::number_opt(name, value, -273.15..=1_000.0, "°C");
        let tank = Tank {
            medium: text("medium", &self.medium, 1, 64)?,
            cas: cas("cas", self.cas.as_deref())?,
            shape: self.shape,
            roof: self.roof,
            diameter_m: field::number_opt("diameter_m", self.diameter_m, 0.1..=150.0, "m")?,
            height_m: field::number_opt("height_m", self.height_m, 0.1..=100.0, "m")?,
            volume_m3: field::number("volume_m3", self.volume_m3, 0.01..=300_000.0, "m³")?,
            design_max_t: field::number_opt(
                "design_max_t",
                self.design_max_t,
                1e-6..=300_000.0,
                "t",
            )?,
            level_min_m: level("level_min_m", self.level_min_m)?,
            level_max_m: level("level_max_m", self.level_max_m)?,
            pressure_min_kpa: pressure("pressure_min_kpa", self.pressure_min_kpa)?,
            pressure_max_kpa: pressure("pressure_max_kpa", self.pressure_max_kpa)?,
            temperature_min_c: temperature("temperature_min_c", self.temperature_min_c)?,
            temperature_max_c: temperature("temperature_max_c", self.temperature_max_c)?,
        };
        for (field, least, most) in [
            ("level_max_m", tank.level_min_m, tank.level_max_m),
            ("pressure_max_kpa", tank.pressure_min_kpa, tank.pressure_max_kpa),
            ("temperature_max_c", tank.temperature_min_c, tank.temperature_max_c),
        ] {
            if let (Some(least), Some(most)) = (least, most)
                && most <= least
            {
                return Err(Error::invalid(field, most, format!("above the least, {least}")));
            }
        }
        if let (Some(level), Some(top)) = (tank.level_max_m, tank.top())
            && top < level
        {
            return Err(Error::invalid("level_max_m", level, format!("within the tank, {top} m")));
        }
        if tank.roof.is_some() && tank.shape != Shape::Vertical {
            let expected = "nothing: only a vertical tank has a roof of its own kind";
            return Err(Error::invalid("roof", tank.roof, expected));
        }
        Ok(tank)
    }

    /// How high a level can be, m.
    fn top(&self) -> Option<f64> {
        match self.shape {
            Shape::Vertical => self.height_m,
            Shape::Horizontal | Shape::Sphere => self.diameter_m,
            Shape::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tank() -> Tank {
        Tank {
            medium: "液氨".to_owned(),
            cas: Some("7664-41-7".to_owned()),
            shape: Shape::Sphere,
            roof: None,
            diameter_m: Some(9.2),
            height_m: None,
            volume_m3: 400.0,
            design_max_t: Some(210.0),
            level_min_m: Some(0.5),
            level_max_m: Some(7.8),
            pressure_min_kpa: None,
            pressure_max_kpa: Some(2_160.0),
            temperature_min_c: Some(-20.0),
            temperature_max_c: Some(50.0),
        }
    }

    #[test]
    fn a_level_lies_within_the_tank_and_a_most_above_its_least() {
        let field = |tank: Tank| match tank.checked() {
            Ok(_) => "fits".to_owned(),
            Err(Error::Invalid { field, .. }) => field,
            Err(other) => panic!("{other}"),
        };
        assert_eq!(field(tank()), "fits");
        assert_eq!(field(Tank { level_max_m: Some(9.3), ..tank() }), "level_max_m");
        assert_eq!(field(Tank { level_max_m: Some(0.5), ..tank() }), "level_max_m");
        assert_eq!(field(Tank { temperature_max_c: Some(-30.0), ..tank() }), "temperature_max_c");
        assert_eq!(field(Tank { roof: Some(Roof::Fixed), ..tank() }), "roof");
        assert_eq!(field(Tank { volume_m3: 0.0, ..tank() }), "volume_m3");
        assert_eq!(field(Tank { cas: Some("7664-41-1".to_owned()), ..tank() }), "cas");
        let vertical = Tank { shape: Shape::Vertical, roof: Some(Roof::Fixed), ..tank() };
        assert_eq!(field(Tank { height_m: Some(7.0), ..vertical.clone() }), "level_max_m");
        assert_eq!(field(vertical), "fits");
    }
}
