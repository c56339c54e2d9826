//! Files as JSON for people and scripts: `fengsui decode coal42` and `encode coal42`.

use base::Timestamp;
use serde_json::{Map, Number, Value as Json, json};

use super::file::{File, Header};
use super::kind::Kind;
use super::name::FileName;
use super::record::{FieldInfo, FieldKind, time};
use super::text::Encoding;
use super::{FileError, Limits, NameError, NameRule, WriteError, parse, write};

/// Why a description gives no file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    #[error("{path} is {got}, expected {want}")]
    Field { path: String, got: String, want: &'static str },
    #[error("record {number}: {field} is {text}")]
    Record { number: u32, field: String, text: String },
    #[error("name: {0}")]
    Name(#[from] NameError),
    #[error("{0}")]
    Write(#[from] WriteError),
    #[error("{0}")]
    File(#[from] FileError),
}

/// One JSON object that says everything a file says.
///
/// [`from_description`] makes the same file of it, but for what was refused: that stands
/// in `rejected` with its reason and is ignored on the way back, as `notes` and words are.
/// Times are Beijing time as they stand in the file; a number that JSON would write
/// otherwise (`0.50`) is a text. Empty fields are left out.
pub fn describe(file: &File) -> Json {
    let mut out = Map::new();
    let mut put = |key: &str, value: Json| out.insert(key.to_owned(), value);
    put("protocol", json!("coal42"));
    put("type", json!(file.kind.code()));
    put("type_word", json!(file.kind.info().map(|info| info.word)));
    put("encoding", json!(file.encoding.word()));
    put("header", header(&file.header, &file.kind));
    let fields = file.content.shape().fields();
    let records = (0..file.content.len()).filter_map(|index| file.content.texts(index));
    put("records", records.map(|(_, texts)| record(&texts, fields)).collect());
    if file.bad_count > 0 {
        put("rejected_count", json!(file.bad_count));
        let rejected = file.bad.iter().map(|bad| {
            let (reason, field) = (bad.fault.reason.code(), bad.fault.field);
            let error = bad.fault.to_string();
            json!({"number": bad.number, "reason": reason, "field": field, "error": error,
                   "text": bad.text})
        });
        put("rejected", rejected.collect());
    }
    if !file.repeated.is_empty() {
        put("repeated", json!(file.repeated));
    }
    if !file.notes.is_empty() {
        put("notes", file.notes.iter().map(|note| note.code()).collect());
    }
    Json::Object(out)
}

fn header(header: &Header, kind: &Kind) -> Json {
    let uploaded = header.uploaded.to_beijing();
    let texts = [&header.mine, &header.mine_name].into_iter().chain(&header.more);
    let names = kind.header();
    if names.len() != header.more.len() + 3 {
        return json!({"mine": header.mine, "mine_name": header.mine_name, "more": header.more,
                      "uploaded": uploaded});
    }
    let texts = texts.chain([&uploaded]);
    names.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), json!(text))).collect()
}

fn record(texts: &[String], fields: &[FieldInfo]) -> Json {
    if fields.is_empty() {
        return json!(texts);
    }
    let said = fields.iter().zip(texts).filter(|(_, text)| !text.is_empty());
    said.map(|(info, text)| {
        let number = match info.kind {
            FieldKind::Number => text.parse::<f64>().ok().and_then(Number::from_f64),
            _ => None,
        };
        let whole = text.parse::<i64>().ok().filter(|_| info.kind == FieldKind::Number);
        let number = whole.map(Number::from).or(number);
        let value = match number {
            Some(number) if number.to_string() == *text => Json::Number(number),
            _ => json!(text),
        };
        (info.name.to_owned(), value)
    })
    .collect()
}

/// The file of a description as [`describe`] gives it.
///
/// `encoding` and everything a record does not say may be left out. A record is an object
/// of fields, or a list of texts in the order of the wire.
///
/// # Errors
/// [`DescriptionError`] names the place; the result can be written by [`write`].
pub fn from_description(description: &Json) -> Result<File, DescriptionError> {
    let kind = Kind(text(description, "type")?);
    let encoding = match description.get("encoding").and_then(Json::as_str) {
        None => Encoding::Utf8,
        Some(word) => Encoding::ALL
            .into_iter()
            .find(|encoding| encoding.word() == word)
            .ok_or_else(|| wrong("encoding", &json!(word), "utf-8, utf-8-bom or gb18030"))?,
    };
    let header = header_of(description.get("header").unwrap_or(&Json::Null), &kind)?;
    let name = FileName::new(&header.mine, kind.code(), header.uploaded).to_string();
    let name = FileName::parse(&name, NameRule::Tolerant)?;
    let shape = kind.shape();
    let mut content = shape.empty();
    let records = match description.get("records") {
        None => &[][..],
        Some(Json::Array(records)) => records,
        Some(other) => return Err(wrong("records", other, "a list")),
    };
    for (index, record) in records.iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let texts = texts_of(record, shape.fields(), number)?;
        let fields: Vec<&str> = texts.iter().map(String::as_str).collect();
        let refused = |field: &str, text: String| {
            let field = if field.is_empty() { "its fields" } else { field }.to_owned();
            DescriptionError::Record { number, field, text }
        };
        if !shape.fields().is_empty() && fields.len() < shape.least() {
            let want = format!("{} fields, expected {}", fields.len(), shape.least());
            return Err(refused("", want));
        }
        content
            .push(number, &texts.join(";"), &fields, &header.mine)
            .map_err(|fault| refused(fault.field, fault.to_string()))?;
    }
    let (notes, bad, repeated) = (Vec::new(), Vec::new(), Vec::new());
    let file = File { kind, header, content, encoding, notes, bad, bad_count: 0, repeated };
    // What is written must be read back, by whoever receives it.
    parse(&name, &write(&file)?, Timestamp::MAX, Limits::default())?;
    Ok(file)
}

fn header_of(json: &Json, kind: &Kind) -> Result<Header, DescriptionError> {
    let names = kind.header();
    let more = match json.get("more") {
        Some(Json::Array(more)) => more.iter().map(plain).collect::<Option<_>>(),
        Some(_) => None,
        None => {
            let between = names.iter().take(names.len() - 1).skip(2);
            Some(between.map(|name| json.get(name).and_then(plain).unwrap_or_default()).collect())
        }
    };
    let uploaded = text(json, "uploaded")?;
    let moment = time(&uploaded).or_else(|| uploaded.parse().ok());
    Ok(Header {
        mine: text(json, "mine")?,
        mine_name: text(json, "mine_name")?,
        more: more.ok_or_else(|| wrong("more", json, "a list of texts"))?,
        uploaded: moment.ok_or_else(|| wrong("uploaded", &json!(uploaded), "a time"))?,
    })
}

fn texts_of(
    record: &Json,
    fields: &[FieldInfo],
    number: u32,
) -> Result<Vec<String>, DescriptionError> {
    let place = || format!("record {number}");
    match record {
        Json::Array(texts) => {
            let texts: Option<Vec<String>> = texts.iter().map(plain).collect();
            let texts = texts.filter(|texts| fields.is_empty() || texts.len() <= fields.len());
            texts.ok_or_else(|| wrong(&place(), record, "texts, as many as the type has"))
        }
        Json::Object(said) if !fields.is_empty() => {
            if let Some(stranger) = said.keys().find(|key| !fields.iter().any(|f| f.name == **key))
            {
                return Err(wrong(&place(), &json!(stranger), "a field of the type"));
            }
            let text = |info: &FieldInfo| match said.get(info.name) {
                None | Some(Json::Null) => Ok(String::new()),
                Some(value) => plain(value)
                    .ok_or_else(|| wrong(&format!("{}.{}", place(), info.name), value, "a text")),
            };
            fields.iter().map(text).collect()
        }
        other => Err(wrong(&place(), other, "an object of fields, or a list of texts")),
    }
}

/// A text, or a number as it stands.
fn plain(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn text(json: &Json, key: &str) -> Result<String, DescriptionError> {
    let value = json.get(key).unwrap_or(&Json::Null);
    plain(value).ok_or_else(|| wrong(key, value, "a text"))
}

fn wrong(path: &str, got: &Json, want: &'static str) -> DescriptionError {
    let got = if got.is_null() { "missing".to_owned() } else { got.to_string() };
    let got = got.chars().take(60).collect();
    DescriptionError::Field { path: path.to_owned(), got, want }
}
