//! The JSON gateway protocol of hazchem enterprises and non-coal mines: `@@` over TCP, or HTTP.
//!
//! In: messages of front-end gateways, closed with a key of each (CBC; AES or SM4).
//! Out: [`Envelope`], and with the key of its sender a [`Payload`] with [`Payload::readings`].
//! Sides: [`Platform`], which holds no keys, and [`Device`] for a simulated gateway.
//! Source and open questions: `README.md` beside this file.

mod json;

mod cipher;

mod envelope;

mod point;
mod value;

mod payload;

mod open;

mod scan;

mod device;
mod platform;

mod describe;
mod layout;

pub use cipher::{Cause, Cipher, Encoding, Key, KeyError, Unopened};
pub use describe::{DescriptionError, describe, from_description};
pub use device::{Device, DeviceConfig};
pub use envelope::{
    END, Envelope, Failure, FailureId, Message, MessageError, OTHER_INTERFACES, Response, parse,
    write,
};
pub use json::JsonError;
pub use layout::layout;
pub use open::{OpenError, close, open};
pub use payload::{
    Alarm, Doubt, Form, Names, Payload, PayloadError, Point, Quota, Reading, ReportKind, Row,
    TimeForm,
};
pub use platform::{Platform, PlatformConfig};
pub use point::{
    Code, Confidence, DATA_TYPES, DEVICES, ENTERPRISE_TYPES, INDICATORS, PointCode, QuotaCode,
    VALUE_KINDS, find,
};
pub use scan::{ScanLimits, Scanned, Scanner};
pub use value::{Number, Status, Value};

#[cfg(test)]
mod tests;
