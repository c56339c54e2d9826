//! SL 651-2014, hydrological monitoring data communication (水文监测数据通信规约).
//!
//! In: frames of telemetry stations in HEX/BCD or ASCII coding, over any stream.
//! Out: [`Frame`], and from it [`Body`] with [`Body::readings`].
//! Sides: [`Centre`] for the platform, [`Station`] for a simulated device.
//! Fixtures: `fixtures/sl651`. Source and open questions: `README.md` beside this file.

mod crc;

mod address;
mod function;

mod frame;

mod ascii;

mod element;
mod value;

mod body;

mod parameter;

mod scan;

mod link;

mod collect;

mod centre;
mod command;
mod station;

mod describe;
mod layout;
mod undescribe;

pub use address::{AddressError, AddressKind, StationAddress};
pub use body::{
    Attachment, Block, Body, BodyError, Coded, Content, Data, Element, EncodeError, Gates,
    Identifier, Parameter, Period, Problem, Reading, Section, Series,
};
pub use centre::{Centre, CentreConfig, Finish};
pub use command::{Command, SettingError};
pub use crc::crc16;
pub use describe::describe;
pub use element::{ELEMENTS, ElementId, ElementInfo, Kind, Name, STATUS_BITS};
pub use frame::{Coding, Direction, End, Frame, FrameError, LengthForm, Packet, parse, write};
pub use function::{Function, StationClass};
pub use layout::layout;
pub use parameter::{
    BASIC, Channel, MEASURED, ParameterInfo, ParameterKind, RUNNING, Range, Setting,
};
pub use scan::{Reject, RejectReason, ScanLimits, Scanned, Scanner};
pub use station::{Report, Station, StationConfig};
pub use undescribe::{DescriptionError, from_description};
pub use value::{Group, Step, Value};

pub use crate::{Decimal, DecimalError};

#[cfg(test)]
mod tests;
