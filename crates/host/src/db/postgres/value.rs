//! Values on PostgreSQL's wire, in its binary format.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::db::Value;

type Failure = Box<dyn Error + Sync + Send>;

/// The type that a parameter is declared as when its statement is prepared;
/// null says nothing, so the server infers it from where it stands.
pub(super) fn declared(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        // SQLite keeps what is not a number as null.
        Value::Real(number) if number.is_nan() => Type::UNKNOWN,
        Value::Real(_) => Type::FLOAT8,
        Value::Text(_) => Type::TEXT,
    }
}

/// Whether a value can go where a prepared statement expects this type.
pub(super) fn fits(value: &Value, expected: &Type) -> bool {
    match value {
        Value::Null => true,
        Value::Int(_) => matches!(*expected, Type::INT8 | Type::FLOAT8),
        Value::Real(number) => number.is_nan() || *expected == Type::FLOAT8,
        Value::Text(_) => *expected == Type::TEXT,
    }
}

impl ToSql for Value {
    fn to_sql(&self, expected: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *expected == Type::INT8 => number.to_sql(expected, out),
            Value::Int(number) if *expected == Type::FLOAT8 => {
                (*number as f64).to_sql(expected, out)
            }
            Value::Real(number) if number.is_nan() => Ok(IsNull::Yes),
            Value::Real(number) if *expected == Type::FLOAT8 => number.to_sql(expected, out),
            Value::Text(text) if *expected == Type::TEXT => text.to_sql(expected, out),
            other => Err(format!("a parameter is {}, expected {expected}", kind(other)).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// What a value is, without what it says.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Int(_) => "an integer",
        Value::Real(_) => "a real number",
        Value::Text(_) => "a text",
    }
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(found: &Type, raw: &'a [u8]) -> Result<Value, Failure> {
        Ok(match *found {
            Type::INT8 => Value::Int(i64::from_sql(found, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(found, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(found, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(found, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(found, raw)?),
            Type::FLOAT4 => Value::Real(f32::from_sql(found, raw)?.into()),
            Type::NUMERIC => numeric(raw)?,
            Type::VOID => Value::Null,
            _ => Value::Text(String::from_sql(found, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Value, Failure> {
        Ok(Value::Null)
    }

    fn accepts(found: &Type) -> bool {
        let numbers = matches!(
            *found,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::BOOL
                | Type::FLOAT8
                | Type::FLOAT4
                | Type::NUMERIC
                | Type::VOID
        );
        numbers || <String as FromSql<'_>>::accepts(found)
    }
}

/// `sum` and `avg` over `bigint` answer a `numeric`: an integer when it has no
/// digits after the point and is one of ours, else a real number.
///
/// Layout: count, weight, sign and scale of 16 bits each, then `count` digits of
/// base 10 000, the first of them worth 10 000 to the power of `weight`
/// (PostgreSQL, `src/backend/utils/adt/numeric.c`, `numeric_send`).
fn numeric(raw: &[u8]) -> Result<Value, Failure> {
    let (header, digits) = raw.split_at_checked(8).ok_or("a numeric is shorter than its head")?;
    let field = |at: usize| i16::from_be_bytes([header[2 * at], header[2 * at + 1]]);
    let (weight, sign, scale) = (i32::from(field(1)), field(2) as u16, field(3));
    let negative = match sign {
        0x0000 => false,
        0x4000 => true,
        _ => return Err("a numeric is not a finite number".into()),
    };
    let digits: Vec<i32> =
        digits.chunks_exact(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]]).into()).collect();
    if scale == 0 {
        let mut sum: i128 = 0;
        for at in 0..=weight {
            let digit = digits.get(at as usize).copied().unwrap_or(0);
            let next = sum.checked_mul(10_000).and_then(|sum| sum.checked_add(digit.into()));
            sum = next.ok_or("a numeric is larger than any number of ours")?;
        }
        let signed = if negative { -sum } else { sum };
        return Ok(Value::Int(i64::try_from(signed)?));
    }
    let mut text = String::from(if negative { "-0" } else { "0" });
    for digit in &digits {
        text.push_str(&format!("{digit:04}"));
    }
    // The last digit stands at weight − count + 1.
    let exponent = 4 * (weight + 1 - digits.len() as i32);
    Ok(Value::Real(format!("{text}e{exponent}").parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &[i16], expected: Value) {
        let raw: Vec<u8> = fields.iter().flat_map(|field| field.to_be_bytes()).collect();
        assert_eq!(numeric(&raw).expect("a numeric"), expected);
    }

    #[test]
    fn numerics_are_read_by_their_weight() {
        check(&[0, 0, 0, 0], Value::Int(0));
        check(&[1, 0, 0, 0, 42], Value::Int(42));
        check(&[1, 1, 0x4000, 0, 3], Value::Int(-30_000));
        check(&[2, 1, 0, 0, 1, 2345], Value::Int(12_345));
        check(&[2, 0, 0, 2, 3, 1700], Value::Real(3.17));
        check(&[1, -1, 0x4000, 4, 5], Value::Real(-0.0005));
    }

    #[test]
    fn what_is_no_numeric_is_refused() {
        assert!(numeric(&[0; 7]).is_err());
        let not_a_number: Vec<u8> = [0i16, 0, -0x4000, 0].map(i16::to_be_bytes).concat();
        assert!(numeric(&not_a_number).is_err());
        let huge: Vec<u8> = [1i16, 8_000, 0, 0, 1].map(i16::to_be_bytes).concat();
        assert!(numeric(&huge).is_err());
    }
}
