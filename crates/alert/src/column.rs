//! Values of the domain as columns, and lists of them in a query.

use base::{Hazard, Level};
use host::{Error, Result, Row, Value};

/// The code of a hazard, as in JSON: `flood`.
pub(crate) fn hazard_code(hazard: Hazard) -> String {
    match serde_json::json!(hazard) {
        serde_json::Value::String(code) => code,
        other => unreachable!("a hazard is a JSON string, not {other}"),
    }
}

/// The column `hazard` of a row.
pub(crate) fn hazard(row: &Row) -> Result<Hazard> {
    let code: String = row.get("hazard")?;
    serde_json::from_value(serde_json::json!(code))
        .map_err(|_| Error::Internal(format!("a row's hazard is {code:?}")))
}

/// The column `level` of a row: 1 red to 4 blue.
pub(crate) fn level(row: &Row) -> Result<Level> {
    let rank: i64 = row.get("level")?;
    Level::from_rank(rank).ok_or_else(|| Error::Internal(format!("a row's level is {rank}")))
}

/// The places of `codes` in an `in (…)`; pushes the values they stand for.
pub(crate) fn any_of<T: Into<Value>>(
    codes: impl Iterator<Item = T>,
    params: &mut Vec<Value>,
) -> String {
    let places = codes.map(|code| {
        params.push(code.into());
        format!("${}", params.len())
    });
    places.collect::<Vec<_>>().join(", ")
}

/// Reads `a,b,c` of a query, each by `parse`.
///
/// # Errors
/// [`Error::Invalid`] that names the field and what one of it may be.
pub(crate) fn codes<T>(
    field: &str,
    text: Option<&str>,
    parse: fn(&str) -> Option<T>,
    expected: &str,
) -> Result<Vec<T>> {
    let parts = text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| parse(part).ok_or_else(|| Error::invalid(field, part, expected))).collect()
}
