//! The check of SL 651: CRC-16 with x¹⁶+x¹⁵+x²+1, as Modbus computes it.
//!
//! The text names the polynomial (table 11) and spells the steps out in H.3.2:
//! register FFFF, reflected polynomial A001, no final xor. Unlike Modbus the
//! high byte goes out first.

/// The check of `bytes`; sent high byte first.
pub fn crc16(bytes: &[u8]) -> u16 {
    let mut register = 0xFFFF_u16;
    let mut pairs = bytes.chunks_exact(2);
    for pair in &mut pairs {
        let mixed = register ^ u16::from_le_bytes([pair[0], pair[1]]);
        register = TWO_BACK[usize::from(mixed & 0xFF)] ^ ONE_BACK[usize::from(mixed >> 8)];
    }
    for &byte in pairs.remainder() {
        register = (register >> 8) ^ ONE_BACK[usize::from((register ^ u16::from(byte)) & 0xFF)];
    }
    register
}

/// What one byte becomes after its own eight shifts.
static ONE_BACK: [u16; 256] = table(8);
/// What one byte becomes when another byte follows it.
static TWO_BACK: [u16; 256] = table(16);

const fn table(shifts: u32) -> [u16; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut register = index as u16;
        let mut shift = 0;
        while shift < shifts {
            register = if register & 1 == 1 { (register >> 1) ^ 0xA001 } else { register >> 1 };
            shift += 1;
        }
        table[index] = register;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::crc16;

    #[test]
    fn the_modbus_check_value() {
        assert_eq!(crc16(b"123456789"), 0x4B37);
    }

    #[test]
    fn pairs_give_what_the_steps_of_h_3_2_give() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..bytes.len() {
            let mut register = 0xFFFF_u16;
            for &byte in &bytes[..length] {
                register ^= u16::from(byte);
                for _ in 0..8 {
                    let low = register & 1;
                    register >>= 1;
                    if low == 1 {
                        register ^= 0xA001;
                    }
                }
            }
            assert_eq!(crc16(&bytes[..length]), register, "{length} bytes");
        }
    }
}
