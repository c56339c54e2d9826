//! Moments: RFC 3339 with its offset, or milliseconds.

use base::Timestamp;

/// A moment as text: `2026-08-03T11:14:26+08:00`, or milliseconds since 1970 in UTC.
///
/// `None` for what names no moment: a time without an offset (which clock?), a number
/// with a point, a moment outside the years 1 to 9999.
pub fn time(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return millis(text.parse().ok()?);
    }
    // What else a moment may look like (brackets, week days) is not of RFC 3339.
    let looks =
        20 <= text.len() && text.len() <= 40 && matches!(text.as_bytes()[10], b'T' | b't' | b' ');
    looks.then(|| text.parse().ok()).flatten()
}

fn millis(millis: i64) -> Option<Timestamp> {
    let moment = Timestamp::from_millis(millis);
    (moment.as_millis() == millis).then_some(moment)
}
