//! Who speaks: the five bytes of a station address (§6.2.3.2).

use std::fmt;
use std::str::FromStr;

/// A station address as sent, high byte first.
///
/// `Display` and `FromStr` use the ten hexadecimal digits of the five bytes,
/// which is also what stands on the station's label; `FromStr` takes the codes
/// of [`StationAddress::code`] as well.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StationAddress(pub [u8; 5]);

/// What the five bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// A hydrological station: its eight-digit SL 502 code (table 13).
    Hydrological(u32),
    /// Another station: division of GB/T 2260 and its number there (table 14):
    /// 1–60000 stations, 60001–65534 relays, 65535 all, 0 none.
    Division { division: u32, number: u16 },
    /// Digits that are not decimal where they should be.
    Unreadable,
}

/// Why a text is not a station address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("station address is {0:?}, expected 10 hexadecimal digits, an 8-digit or a 12-digit code")]
pub struct AddressError(String);

impl StationAddress {
    pub fn kind(self) -> AddressKind {
        let StationAddress([first, second, third, fourth, fifth]) = self;
        if first == 0 {
            match decimal(&[second, third, fourth, fifth]) {
                Some(code) => AddressKind::Hydrological(code),
                None => AddressKind::Unreadable,
            }
        } else {
            match decimal(&[first, second, third]) {
                Some(division) => {
                    AddressKind::Division { division, number: u16::from_be_bytes([fourth, fifth]) }
                }
                None => AddressKind::Unreadable,
            }
        }
    }

    /// The code people use: eight digits of SL 502, or division and number in
    /// twelve digits, as §6.2.3.2 b has the centre restore it.
    ///
    /// `None` when the digits are not decimal.
    pub fn code(self) -> Option<String> {
        match self.kind() {
            AddressKind::Hydrological(code) => Some(format!("{code:08}")),
            AddressKind::Division { division, number } => Some(format!("{division:06}{number:06}")),
            AddressKind::Unreadable => None,
        }
    }

    /// Whether all stations are meant.
    pub fn is_broadcast(self) -> bool {
        matches!(self.kind(), AddressKind::Division { number: 0xFFFF, .. })
    }
}

/// The number written by decimal digits, two a byte.
fn decimal(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |number, byte| {
        let (high, low) = (byte >> 4, byte & 0x0F);
        (high < 10 && low < 10).then(|| number * 100 + u32::from(high * 10 + low))
    })
}

impl fmt::Display for StationAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for StationAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for StationAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<StationAddress, AddressError> {
        let refused = || AddressError(text.chars().take(32).collect());
        let digits = match text.len() {
            8 => format!("00{text}"),
            10 => text.to_owned(),
            12 => {
                let number = text.get(6..).and_then(|part| part.parse::<u16>().ok());
                let division = text.get(..6).ok_or_else(refused)?;
                format!("{division}{:04X}", number.ok_or_else(refused)?)
            }
            _ => return Err(refused()),
        };
        let mut bytes = [0; 5];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            let high = char::from(pair[0]).to_digit(16).ok_or_else(refused)?;
            let low = char::from(pair[1]).to_digit(16).ok_or_else(refused)?;
            *byte = (high * 16 + low) as u8;
        }
        Ok(StationAddress(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hydrological_station_has_eight_digits() {
        let address: StationAddress = "0010820550".parse().expect("ten digits");
        assert_eq!(address.code().as_deref(), Some("10820550"));
        assert_eq!("10820550".parse(), Ok(address));
    }

    #[test]
    fn another_station_has_its_division_and_a_binary_number() {
        let address: StationAddress = "2206020023".parse().expect("ten digits");
        assert_eq!(address.kind(), AddressKind::Division { division: 220_602, number: 35 });
        assert_eq!(address.code().as_deref(), Some("220602000035"));
        assert_eq!("220602000035".parse(), Ok(address));
    }

    #[test]
    fn what_is_not_an_address_is_refused_and_what_is_unreadable_is_kept() {
        for text in ["", "1", "00108205501", "22060207x035", "220602099999", "江00000", "烽烽烽江"]
        {
            assert!(text.parse::<StationAddress>().is_err(), "{text}");
        }
        let address: StationAddress = "00FFFFFFFF".parse().expect("ten digits");
        assert_eq!(address.kind(), AddressKind::Unreadable);
        assert!("220602FFFF".parse::<StationAddress>().expect("ten digits").is_broadcast());
    }
}
