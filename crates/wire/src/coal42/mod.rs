//! Coal mines: files of 煤安监办〔2019〕42号, annex 2.
//!
//! In: files of a mine's hosts for safety monitoring, positions of persons, water
//! hazards and ground pressure, named `<mine>_<TYPE>_<time>.txt`.
//! Out: [`File`] with typed records, each refused one with its number, reason and text.
//! Sides: [`parse`] for the platform, [`host`] for a simulated mine.
//! Source and open questions: `README.md` beside this file.

mod name;
mod text;

mod dialect;

#[macro_use]
mod table;
mod code;
mod record;
mod records;

mod kind;
mod sensor;
mod track;

mod cut;
mod file;
mod parse;
mod write;

mod guess;

mod describe;
mod layout;

pub mod host;

pub use code::{AreaCode, CardCode, PointCode, SiteCode, StationCode, SubstationCode};
pub use describe::{DescriptionError, describe, from_description};
pub use dialect::Dialect;
pub use file::{BadRecord, File, FileError, Header, Limits, Note};
pub use guess::guess_name;
pub use kind::{Family, KINDS, Kind, KindInfo, Mark, Purpose};
pub use layout::{layout, layout_marked};
pub use name::{FileName, NameError, NameRule};
pub use parse::{ends_whole, parse};
pub use record::{
    Day, Fault, FieldInfo, FieldKind, Personal, PointState, Presence, Reason, Record,
};
pub use records::*;
pub use sensor::{EXCEPTIONS, POWER_STATES, RUN_STATES, SENSOR_TYPES, SensorType, VALUE_TYPES};
pub use text::{Encoding, TextError};
pub use track::{Stop, items, stops};
pub use write::{WriteError, write};

#[cfg(test)]
mod tests;
