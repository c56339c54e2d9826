//! What a centre asks of a station: every function of annex B that goes downward.

use base::Timestamp;

use super::{
    Coding, Content, ElementId, Function, Gates, Identifier, Parameter, Period, Setting,
    StationAddress, Step,
};

/// A query or setting for a station that has been heard on the connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    pub station: StationAddress,
    pub function: Function,
    pub content: Content,
}

/// Why a parameter cannot be asked for or set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    #[error("parameter {lead:02X} is not in the table of function {function}")]
    Unknown { lead: u8, function: Function },
    #[error("parameter {lead:02X} cannot be {setting:?}")]
    Unfit { lead: u8, setting: Setting },
    #[error("no parameter is named")]
    None,
}

impl Command {
    fn bare(station: StationAddress, function: Function) -> Command {
        Command { station, function, content: Content::Bare }
    }

    /// 37: all current values.
    pub fn query_now(station: StationAddress) -> Command {
        Command::bare(station, Function::QUERY_NOW)
    }

    /// 38: one element as it was stored, a value each step.
    ///
    /// - `start`, `end`: whole hours; what is beyond the hour is cut off.
    pub fn query_period(
        station: StationAddress,
        (start, end): (Timestamp, Timestamp),
        step: Step,
        element: ElementId,
    ) -> Command {
        let elements = vec![named(element)];
        let content = Content::Period(Period { start, end, step, elements });
        Command { station, function: Function::QUERY_PERIOD, content }
    }

    /// 39: what was entered by hand last.
    pub fn query_manual(station: StationAddress) -> Command {
        Command::bare(station, Function::QUERY_MANUAL)
    }

    /// 3A: current values of these elements.
    pub fn query_elements(station: StationAddress, elements: &[ElementId]) -> Command {
        let content = Content::Identifiers(elements.iter().copied().map(named).collect());
        Command { station, function: Function::QUERY_ELEMENTS, content }
    }

    /// 36: a picture, now.
    pub fn query_picture(station: StationAddress) -> Command {
        Command::bare(station, Function::PICTURE)
    }

    /// 41 or 43: what the station has for these lead bytes of table D.1 or D.4.
    ///
    /// # Errors
    /// [`SettingError`] when there are none, or the table does not have one of them.
    pub fn read(
        station: StationAddress,
        function: Function,
        leads: &[u8],
    ) -> Result<Command, SettingError> {
        let name = |lead: &u8| {
            super::ParameterInfo::of(function, *lead)
                .map(|info| info.name_only())
                .ok_or(SettingError::Unknown { lead: *lead, function })
        };
        let names: Vec<Identifier> = leads.iter().map(name).collect::<Result<_, _>>()?;
        if names.is_empty() {
            return Err(SettingError::None);
        }
        Ok(Command { station, function, content: Content::Names(names) })
    }

    /// 40 or 42: these values for these lead bytes of table D.1 or D.4.
    ///
    /// # Errors
    /// [`SettingError`] when there are none, or one does not fit its parameter.
    pub fn write(
        station: StationAddress,
        function: Function,
        settings: &[(u8, Setting)],
    ) -> Result<Command, SettingError> {
        let parameter = |(lead, setting): &(u8, Setting)| {
            let (lead, setting) = (*lead, setting.clone());
            if super::ParameterInfo::of(function, lead).is_none() {
                return Err(SettingError::Unknown { lead, function });
            }
            Parameter::of(function, lead, &setting, Coding::Hex)
                .ok_or(SettingError::Unfit { lead, setting })
        };
        let parameters: Vec<Parameter> =
            settings.iter().map(parameter).collect::<Result<_, _>>()?;
        if parameters.is_empty() {
            return Err(SettingError::None);
        }
        Ok(Command { station, function, content: Content::Parameters(parameters) })
    }

    /// 44: voltages and currents of pumps.
    pub fn query_pumps(station: StationAddress) -> Command {
        Command::bare(station, Function::QUERY_PUMPS)
    }

    /// 45: the version of the station's software.
    pub fn query_version(station: StationAddress) -> Command {
        Command::bare(station, Function::QUERY_VERSION)
    }

    /// 46: the status word of table 58.
    pub fn query_status(station: StationAddress) -> Command {
        Command::bare(station, Function::QUERY_STATUS)
    }

    /// 47: everything that is stored is lost.
    pub fn clear_storage(station: StationAddress) -> Command {
        Command::word(station, Function::CLEAR_STORAGE, 0x97)
    }

    /// 48: every parameter as it left the factory.
    pub fn factory_reset(station: StationAddress) -> Command {
        Command::word(station, Function::FACTORY_RESET, 0x98)
    }

    fn word(station: StationAddress, function: Function, lead: u8) -> Command {
        let names = vec![Identifier { id: ElementId::Lead(lead), definition: 0 }];
        Command { station, function, content: Content::Names(names) }
    }

    /// 49: in force once the station's answer is acknowledged (§6.6.4.23).
    pub fn change_password(station: StationAddress, old: u16, new: u16) -> Command {
        let parameters = [old, new].map(|password| {
            let data = password.to_be_bytes().to_vec();
            Parameter { lead: 0x03, extension: None, definition: Some(2 << 3), data }
        });
        let content = Content::Parameters(parameters.to_vec());
        Command { station, function: Function::CHANGE_PASSWORD, content }
    }

    /// 4A: the time of sending becomes the station's; the acknowledgement of
    /// its answer carries the time a second time, as §6.6.4.24 asks for drifts
    /// above five minutes.
    pub fn set_clock(station: StationAddress) -> Command {
        Command::bare(station, Function::SET_CLOCK)
    }

    /// 4B: whether cards are read; bit 9 of table 58 and no other.
    pub fn set_card(station: StationAddress, is_valid: bool) -> Command {
        let data = (u32::from(is_valid) << 9).to_be_bytes().to_vec();
        let card = Parameter { lead: 0x45, extension: None, definition: Some(4 << 3), data };
        let content = Content::Parameters(vec![card]);
        Command { station, function: Function::SET_CARD, content }
    }

    /// 4C, 4D: one bit a pump or valve, first in the lowest bit.
    pub fn switch(station: StationAddress, function: Function, bits: Vec<u8>) -> Command {
        Command { station, function, content: Content::Switches(bits) }
    }

    /// 4E.
    pub fn switch_gates(station: StationAddress, gates: Gates) -> Command {
        Command { station, function: Function::SWITCH_GATES, content: Content::Gates(gates) }
    }

    /// 4F: whether the water quota is enforced.
    pub fn set_quota(station: StationAddress, is_enforced: bool) -> Command {
        let content = Content::Quota(if is_enforced { 0xFF } else { 0x00 });
        Command { station, function: Function::SET_QUOTA, content }
    }

    /// 50: how often each event happened.
    pub fn query_events(station: StationAddress) -> Command {
        Command::bare(station, Function::QUERY_EVENTS)
    }

    /// 51: what the station's clock says.
    pub fn query_clock(station: StationAddress) -> Command {
        Command::bare(station, Function::QUERY_CLOCK)
    }

    /// Whether it only asks: a query that is sent twice changes nothing, a setting may
    /// (8E–95 of table D.4 add water to a meter), so it is sent once.
    pub fn is_query(&self) -> bool {
        matches!(self.function.0, 0x36..=0x3A | 0x41 | 0x43..=0x46 | 0x50 | 0x51)
    }

    /// The content as a station of this coding reads it.
    pub(super) fn content_in(&self, coding: Coding) -> Content {
        let Content::Parameters(parameters) = &self.content else { return self.content.clone() };
        let recoded = |parameter: &Parameter| {
            let setting = parameter.setting(self.function);
            Parameter::of(self.function, parameter.lead, &setting, coding)
                .filter(|_| parameter.definition.is_some() != (coding == Coding::Hex))
                .unwrap_or_else(|| parameter.clone())
        };
        Content::Parameters(parameters.iter().map(recoded).collect())
    }
}

/// An element with the definition of annex C.
fn named(id: ElementId) -> Identifier {
    let definition = id.info().map_or(0, |info| info.bytes << 3 | info.decimals);
    Identifier { id, definition }
}
