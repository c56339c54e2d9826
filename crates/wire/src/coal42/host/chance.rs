//! Chance that is the same every time.

/// A number from `words`; neighbours give unlike numbers (splitmix64's last steps).
pub(super) fn draw(words: &[u64]) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for word in words {
        state = state.wrapping_add(*word).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 30;
        state = state.wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^= state >> 31;
    }
    state
}

/// From 0 to `below` − 1.
pub(super) fn under(below: i64, words: &[u64]) -> i64 {
    (draw(words) % below.max(1) as u64) as i64
}
