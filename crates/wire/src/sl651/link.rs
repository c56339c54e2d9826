//! What all frames of one conversation have in common.

use base::Timestamp;

use super::{
    Body, Coding, Content, Direction, EncodeError, End, Frame, FrameError, Function, LengthForm,
    Packet, StationAddress, write,
};

/// Coding, addresses and password: the part of a header that stays the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub coding: Coding,
    pub centre: u8,
    pub station: StationAddress,
    pub password: u16,
}

/// The part of a header that changes from message to message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub direction: Direction,
    pub function: Function,
    pub packet: Option<Packet>,
    pub end: End,
}

/// Why a message could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BuildError {
    #[error(transparent)]
    Body(#[from] EncodeError),
    #[error(transparent)]
    Frame(#[from] FrameError),
}

impl Link {
    pub fn of(frame: &Frame) -> Link {
        Link {
            coding: frame.coding,
            centre: frame.centre,
            station: frame.station,
            password: frame.password,
        }
    }

    pub fn frame(&self, header: Header, body: Vec<u8>) -> Frame {
        Frame {
            coding: self.coding,
            direction: header.direction,
            centre: self.centre,
            station: self.station,
            password: self.password,
            function: header.function,
            packet: header.packet,
            length: LengthForm::Twelve,
            body,
            end: header.end,
        }
    }

    /// The bytes of a message with serial and time in front of its content.
    pub fn message(
        &self,
        header: Header,
        serial: u16,
        sent: Timestamp,
        content: Content,
    ) -> Result<Vec<u8>, BuildError> {
        let body = Body { serial, sent, station: None, content }.encode(self.coding)?;
        Ok(write(&self.frame(header, body))?)
    }
}
