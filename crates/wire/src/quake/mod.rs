//! Earthquake messages: USGS GeoJSON, QuakeML 1.2 and FDSN event text.
//!
//! In: a document. Out: [`Document`], the same for all three: events with their origins
//! and magnitudes, what was wrong and where, and which fields were not looked at.
//! A broken event costs itself and not the others; a document that is hostile or none of
//! the three is refused whole. README beside this file says what each format's text says.
//! Source: USGS GeoJSON summary and detail 1.0; QuakeML 1.2 BED; FDSN event text.

mod event;
mod limit;

mod geojson;
mod quakeml;
mod text;

mod field;
mod tree;

pub use event::{Document, Event, Fault, Magnitude, Origin, Status};
pub use geojson::parse_geojson;
pub use limit::{Limits, ReadError};
pub use quakeml::parse_quakeml;
pub use text::parse_text;

#[cfg(test)]
mod tests;
