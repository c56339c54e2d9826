//! Numbers, exactly as they are written.

/// The double nearest to a decimal number: `-12.5`, `+0.1`, `3e-4`, `.5`.
///
/// `None` for whatever is none: an empty text (which is no zero), `NaN`, `Infinity`,
/// hexadecimal digits, a comma, a sign alone, and what no double can hold.
pub fn number(text: &str) -> Option<f64> {
    is_decimal(text.as_bytes())
        .then(|| text.parse::<f64>().ok())
        .flatten()
        .filter(|it| it.is_finite())
}

/// Digits with at most one point among them, at least one digit, and a whole exponent.
fn is_decimal(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let whole = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &text[whole..];
    let (fraction, rest) = match rest.strip_prefix(b".") {
        None => (0, rest),
        Some(after) => {
            let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
            (digits, &after[digits..])
        }
    };
    if whole + fraction == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => {
            let digits = exponent.strip_prefix(b"-").or(exponent.strip_prefix(b"+"));
            let digits = digits.unwrap_or(exponent);
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}
