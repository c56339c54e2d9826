//! Earthquakes: how strongly the ground shook, where, and whom it reached.
//!
//! From many reports to one event ([`associate`]), from its depth to whether a field may
//! be drawn at all ([`depth_gate`]), from magnitude and distance to intensity ([`Field`]),
//! from intensity to people ([`expose`]) and to an estimate of deaths ([`Loss`]).
//! Coefficients are data: the JSON beside each file, with source, edition, confidence.
//! Source: `GB/T 17742-2020`; relations and gates as each file cites them.

mod magnitude;
mod unit;

mod association;
mod depth;

mod ground_motion;
mod instrumental;
mod relation;

mod field;

mod exposure;
mod loss;

mod aftershock;

pub use aftershock::{Aftershocks, OmoriError, bath, omori_utsu};
pub use association::{AssociationError, Chain, Gathered, Report, Standing, Windows, associate};
pub use depth::{Closed, Gate, GateRules, Opened, Solution, depth_gate};
pub use exposure::{Exposure, Settlement, expose};
pub use field::{Extent, Field, FieldError, Isoseismal, Shaking};
pub use ground_motion::{Component, GroundMotion, Motion, Zone};
pub use instrumental::{GroundMotionError, instrumental};
pub use loss::{Band, Loss, LossError, Losses};
pub use magnitude::{ConversionError, Conversions, Scale, SurfaceWave};
pub use relation::{Axis, Relation, RelationError, Relations};
pub use unit::{Acceleration, Azimuth, AzimuthError, Depth, DepthError, Intensity, Velocity};

/// Where a table of numbers comes from and how far it can be relied on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Work, edition, clause or place.
    pub source: String,
    pub confidence: base::Confidence,
}

#[cfg(test)]
mod catalogue;
