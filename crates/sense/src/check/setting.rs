//! What a person sets for one sensor, in the place of what its quantity says.

use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Check;
use super::definition::{
    Definitions, LEAST_NEIGHBOURS, Limits, MOST_NEIGHBOURS, Neighbours, Spike, Step, Stuck,
};
use crate::station::Sensor;

/// The checks of one sensor, where they differ from those of its quantity. The range is
/// the sensor's mapping.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CheckSettings")]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Checks that are not made of it.
    #[serde(default)]
    pub off: Vec<Check>,
    #[serde(default)]
    pub step: Option<Step>,
    #[serde(default)]
    pub spike: Option<Spike>,
    #[serde(default)]
    pub stuck: Option<Stuck>,
    #[serde(default)]
    pub neighbour: Option<Neighbours>,
    /// Checks that take a reading out of sums and means; by themselves they only mark.
    #[serde(default)]
    pub exclude: Vec<Check>,
    /// Why, for whoever reads it later.
    pub reason: String,
}

/// Rows of a step's table.
const MOST_ROWS: usize = 8;
/// The longest that two readings are compared over, and a value may stand still: 31 days.
const LONGEST_S: u32 = 31 * 86_400;

impl Settings {
    /// Decides what is set for a sensor.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub(super) fn decide(&self, sensor: &Sensor) -> Result<Settings> {
        let reason = text("reason", &self.reason, 1, 400)?;
        self.check(sensor)?;
        Ok(Settings { reason, ..self.clone() })
    }

    /// Whether all is as the quantity says: a reason was given, and nothing set.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Settings { reason: self.reason.clone(), ..Settings::default() }
    }

    /// Whether the limits make sense of this sensor, whatever the reason.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field.
    pub(super) fn check(&self, sensor: &Sensor) -> Result<()> {
        if self.off.contains(&Check::Range) {
            let expected = "checks other than range, which is the sensor's mapping";
            return Err(Error::invalid("off", "range", expected));
        }
        if !self.exclude.is_empty() && !Definitions::of(sensor.quantity).may_exclude {
            let expected = format!(
                "nothing: what a sensor of {} says is never left out",
                sensor.quantity.code()
            );
            return Err(Error::invalid("exclude", "a check", expected));
        }
        self.step.as_ref().map_or(Ok(()), Step::decide)?;
        self.spike.as_ref().map_or(Ok(()), Spike::decide)?;
        self.stuck.as_ref().map_or(Ok(()), Stuck::decide)?;
        self.neighbour.as_ref().map_or(Ok(()), |neighbour| neighbour.decide(sensor))
    }

    pub(super) fn change(&self, limits: &mut Limits, may_exclude: bool) {
        limits.step = self.step.clone().or(limits.step.take());
        limits.spike = self.spike.clone().or(limits.spike.take());
        limits.stuck = self.stuck.clone().or(limits.stuck.take());
        limits.neighbour = self.neighbour.clone();
        for check in &self.off {
            match check {
                Check::Range => {}
                Check::Step => limits.step = None,
                Check::Spike => limits.spike = None,
                Check::Stuck => limits.stuck = None,
                Check::Neighbour => limits.neighbour = None,
            }
        }
        if may_exclude {
            limits.exclude = self.exclude.iter().fold(0, |bits, check| bits | check.bit());
        }
    }
}

fn positive(field: &'static str, number: f64) -> Result<()> {
    let fits = number.is_finite() && 0.0 < number;
    fits.then_some(()).ok_or_else(|| Error::invalid(field, number, "a number above 0"))
}

fn span(field: &'static str, seconds: u32) -> Result<()> {
    let fits = (1..=LONGEST_S).contains(&seconds);
    fits.then_some(()).ok_or_else(|| Error::invalid(field, seconds, "1 to 2678400 seconds"))
}

impl Step {
    pub(super) fn decide(&self) -> Result<()> {
        if !(1..=MOST_ROWS).contains(&self.within.len()) {
            let seen = format!("{} rows", self.within.len());
            return Err(Error::invalid("step", seen, format!("1 to {MOST_ROWS} rows")));
        }
        for (seconds, limit) in &self.within {
            span("step", *seconds)?;
            positive("step", *limit)?;
        }
        if !self.within.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1) {
            let expected = "longer times with at least as much";
            return Err(Error::invalid("step", format!("{:?}", self.within), expected));
        }
        Ok(())
    }
}

impl Spike {
    pub(super) fn decide(&self) -> Result<()> {
        positive("spike", self.limit)?;
        span("spike", self.within_s)
    }
}

impl Stuck {
    pub(super) fn decide(&self) -> Result<()> {
        positive("stuck", self.vary)?;
        match self.rest {
            Some(rest) if !rest.is_finite() => Err(Error::invalid("stuck", rest, "a number")),
            _ => span("stuck", self.span_s),
        }
    }
}

impl Neighbours {
    fn decide(&self, sensor: &Sensor) -> Result<()> {
        positive("neighbour", self.limit)?;
        span("neighbour", self.within_s)?;
        let mut others = self.sensors.clone();
        others.sort();
        others.dedup();
        let fits = (LEAST_NEIGHBOURS..=MOST_NEIGHBOURS).contains(&others.len());
        if !fits || others.len() != self.sensors.len() || others.contains(&sensor.id) {
            let seen = format!("{} sensors", self.sensors.len());
            let expected =
                format!("{LEAST_NEIGHBOURS} to {MOST_NEIGHBOURS} other sensors, each once");
            return Err(Error::invalid("neighbour", seen, expected));
        }
        Ok(())
    }
}
