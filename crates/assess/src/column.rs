//! Values of the domain as columns of a table.

use base::Level;
use host::Row;
use host::db::DbError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// The word that a fieldless enum has in JSON.
pub(crate) fn to_code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Json::String(code)) => code,
        other => unreachable!("only fieldless enums become columns, not {other:?}"),
    }
}

/// A text column as the enum whose word it is.
pub(crate) fn from_code<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T, DbError> {
    let code: String = row.get(column)?;
    serde_json::from_value(Json::String(code.clone())).map_err(|_| DbError::Column {
        column: column.to_owned(),
        seen: code,
        expected: std::any::type_name::<T>(),
    })
}

/// The column `level`: 1 red to 4 blue.
pub(crate) fn level(row: &Row) -> Result<Level, DbError> {
    let rank: i64 = row.get("level")?;
    Level::from_rank(rank).ok_or_else(|| DbError::Column {
        column: "level".to_owned(),
        seen: rank.to_string(),
        expected: "1 to 4",
    })
}

/// A column that holds a number from 0 to `u32::MAX`.
pub(crate) fn number(row: &Row, column: &str) -> Result<u32, DbError> {
    let number: i64 = row.get(column)?;
    u32::try_from(number).map_err(|_| DbError::Column {
        column: column.to_owned(),
        seen: number.to_string(),
        expected: "0 to 4294967295",
    })
}
