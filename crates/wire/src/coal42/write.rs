//! A file written, in the annex's own form or in one that hosts of the field have.

use super::file::File;
use super::name::FileName;
use super::parse::bare;
use super::record::Field;
use super::records::Shape;

/// Why a file cannot be written so that it would be read back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("{place} has {got:?}, which would end it")]
    Separator { place: String, got: char },
    #[error("{place} has blanks around it, which would be lost")]
    Blanks { place: String },
    #[error("header has {got} segments, its type {want}")]
    Header { got: usize, want: usize },
    #[error("records are cut as {got:?}, those of the type as {want:?}")]
    Shape { got: Shape, want: Shape },
    #[error("the text would not be read back from {0}")]
    Encoding(&'static str),
}

impl File {
    /// The name that its host would give it.
    pub fn name(&self) -> FileName {
        FileName::new(&self.header.mine, self.kind.code(), self.header.uploaded)
    }
}

/// The bytes of a file: no line breaks, in its encoding. Refused records are not written.
///
/// # Errors
/// [`WriteError`] when a text holds what separates, or the header is another type's.
pub fn write(file: &File) -> Result<Vec<u8>, WriteError> {
    let (got, want) = (file.content.shape(), file.kind.shape());
    if got != want {
        return Err(WriteError::Shape { got, want });
    }
    let names = file.kind.header();
    let (got, want) = (file.header.more.len() + 3, names.len());
    if got != want && file.kind.info().is_some() {
        return Err(WriteError::Header { got, want });
    }
    let mut out = String::new();
    let uploaded = file.header.uploaded.text();
    let header = [&file.header.mine, &file.header.mine_name];
    let segments = header.into_iter().chain(&file.header.more).chain([&uploaded]);
    for (index, text) in segments.enumerate() {
        let name = || format!("header {}", names.get(index).unwrap_or(&"more"));
        field(&mut out, index, text, name)?;
    }
    out.push('~');
    for index in 0..file.content.len() {
        let Some((number, texts)) = file.content.texts(index) else { continue };
        for (place, text) in texts.iter().enumerate() {
            let name = || {
                let name = want_field(file, place);
                format!("record {number} {name}")
            };
            field(&mut out, place, text, name)?;
        }
        out.push('~');
    }
    out.push_str("||");
    file.encoding.encode(&out).ok_or(WriteError::Encoding(file.encoding.word()))
}

fn want_field(file: &File, place: usize) -> String {
    let fields = file.content.shape().fields();
    fields.get(place).map_or_else(|| format!("field {place}"), |info| info.name.to_owned())
}

fn field(
    out: &mut String,
    index: usize,
    text: &str,
    place: impl Fn() -> String,
) -> Result<(), WriteError> {
    if index > 0 {
        out.push(';');
    }
    let separates =
        |letter: char| matches!(letter, ';' | '~' | '；') || (letter < ' ' && letter != '\t');
    // Two bars end the file; one alone does no harm.
    let bars = text.contains("||").then_some('|');
    if let Some(got) = text.chars().find(|letter| separates(*letter)).or(bars) {
        return Err(WriteError::Separator { place: place(), got });
    }
    if bare(text) != text {
        return Err(WriteError::Blanks { place: place() });
    }
    out.push_str(text);
    Ok(())
}
