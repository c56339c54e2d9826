//! A row, and its columns as the types that the caller wants.

use std::str::FromStr;
use std::sync::Arc;

use super::{DbError, FromValue, Value};

/// A row of a result; columns are read by the name the statement gives them.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) columns: Arc<[String]>,
    pub(super) values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Row {
        Row { columns, values }
    }

    #[cfg(test)]
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    /// The columns in the order of their names, which is the same in every engine.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_unstable_by_key(|at| &self.columns[*at]);
        order
    }

    /// Writes all columns in this order behind one another: no two rows that differ
    /// give the same bytes.
    pub(crate) fn write(&self, order: &[usize], bytes: &mut Vec<u8>) {
        let mut text = |kind: u8, text: &str| {
            bytes.push(kind);
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        };
        for at in order {
            text(b'c', &self.columns[*at]);
            match &self.values[*at] {
                Value::Null => text(b'n', ""),
                Value::Int(number) => text(b'i', &number.to_string()),
                Value::Real(number) => text(b'r', &number.to_string()),
                Value::Text(value) => text(b't', value),
            }
        }
    }

    fn at(&self, column: &str) -> Result<usize, DbError> {
        self.columns.iter().position(|name| name == column).ok_or_else(|| DbError::Column {
            column: column.to_owned(),
            seen: format!("absent from {:?}", self.columns),
            expected: "a column of the statement",
        })
    }

    fn value(&self, column: &str) -> Result<&Value, DbError> {
        Ok(&self.values[self.at(column)?])
    }

    fn text(&self, column: &str) -> Result<&str, DbError> {
        match self.value(column)? {
            Value::Text(text) => Ok(text),
            other => Err(no_text(column, other)),
        }
    }

    /// A column as the type that the caller wants.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, DbError> {
        let value = self.value(column)?;
        T::from_value(value).ok_or_else(|| DbError::Column {
            column: column.to_owned(),
            seen: format!("{value:?}"),
            expected: std::any::type_name::<T>(),
        })
    }

    /// A text column, taken out of the row: a long one is not copied.
    pub(crate) fn take(&mut self, column: &str) -> Result<String, DbError> {
        let at = self.at(column)?;
        match std::mem::replace(&mut self.values[at], Value::Null) {
            Value::Text(text) => Ok(text),
            other => Err(no_text(column, &other)),
        }
    }

    /// Like [`Row::take`], with SQL null as `None`.
    pub(crate) fn take_opt(&mut self, column: &str) -> Result<Option<String>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.take(column).map(Some),
        }
    }

    /// A text column parsed into an id, a code, or whatever else has [`FromStr`].
    pub fn parse<T: FromStr>(&self, column: &str) -> Result<T, DbError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| DbError::Column {
            column: column.to_owned(),
            seen: format!("{text:?}"),
            expected: std::any::type_name::<T>(),
        })
    }

    /// Like [`Row::parse`], with SQL null as `None`.
    pub fn parse_opt<T: FromStr>(&self, column: &str) -> Result<Option<T>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.parse(column).map(Some),
        }
    }

    /// A text column that holds JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T, DbError> {
        let text = self.text(column)?;
        serde_json::from_str(text).map_err(|error| DbError::Column {
            column: column.to_owned(),
            seen: format!("{text:.200} ({error})"),
            expected: std::any::type_name::<T>(),
        })
    }

    /// Like [`Row::json`], with SQL null as `None`.
    pub fn json_opt<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<Option<T>, DbError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            _ => self.json(column).map(Some),
        }
    }
}

fn no_text(column: &str, seen: &Value) -> DbError {
    DbError::Column { column: column.to_owned(), seen: format!("{seen:?}"), expected: "a text" }
}
