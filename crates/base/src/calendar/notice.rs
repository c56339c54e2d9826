//! A year's notice as data, and the file in which it is brought.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::date::Date;

/// What one notice says of the days of its year, and where we have it from.
///
/// Spans are in order, none touches a day of another, and all lie in the year or
/// in the last ten days of the year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Notice {
    year: i16,
    /// Its name, as published.
    pub title: String,
    /// Its number (文号), where known.
    pub document: String,
    /// Who gave us the days.
    pub source: String,
    /// When or in which state the source was read.
    pub edition: String,
    /// How sure we are, and of what not.
    pub confidence: String,
    spans: Vec<Span>,
}

/// Days in a row that are alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    pub kind: SpanKind,
    pub from: Date,
    /// The last day of it.
    pub to: Date,
    /// Which holiday it belongs to.
    pub holiday: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// 放假
    Rest,
    /// 上班
    Work,
}

/// Why a file is not a notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    #[error(
        "line {line} begins with {seen:?}, expected year, title, document, source, edition, confidence, rest or work"
    )]
    Key { line: usize, seen: String },
    #[error("line {line} says {key} a second time")]
    Twice { line: usize, key: &'static str },
    #[error("line {line} has the year {seen:?}, expected 1950 to 9998")]
    Year { line: usize, seen: String },
    #[error("line {line} has the date {seen:?}, expected a day such as 2026-10-01")]
    Date { line: usize, seen: String },
    #[error("line {line} names no holiday, expected kind,from,to,holiday")]
    Holiday { line: usize },
    #[error("line {line} is {length} characters long, expected at most 500")]
    Long { line: usize, length: usize },
    #[error(
        "{from} to {to} is no span of {year}, expected from before to, and days of that year or of late December before it"
    )]
    Span { from: Date, to: Date, year: i16 },
    #[error("{0} is named twice")]
    Overlap(Date),
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} spans, expected 1 to 60")]
    Count(usize),
}

impl Notice {
    pub fn year(&self) -> i16 {
        self.year
    }

    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Reads the file of a notice, UTF-8 with or without a byte-order mark:
    ///
    /// ```text
    /// year,2026
    /// title,国务院办公厅关于2026年部分节假日安排的通知
    /// document,国办发明电〔2025〕7号
    /// source,www.gov.cn
    /// edition,2025-11-04
    /// confidence,原文
    /// rest,2026-01-01,2026-01-03,元旦
    /// work,2026-01-04,,元旦
    /// ```
    ///
    /// One line a fact, in any order; `year`, `title`, `source` and one `rest` at least.
    /// Lines that are empty or begin with `#` are passed over, and commas at the end, which
    /// spreadsheets add. Dates as [`Date::read`] takes them.
    ///
    /// # Errors
    /// [`NoticeError`] with the line, what was seen and what was expected.
    pub fn parse(text: &str) -> Result<Notice, NoticeError> {
        const KEYS: [&str; 5] = ["title", "document", "source", "edition", "confidence"];
        let mut year = None;
        let mut said: [Option<String>; 5] = Default::default();
        let mut spans = Vec::new();
        for (index, whole) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = index + 1;
            let whole = whole.trim().trim_end_matches(',').trim_end();
            let length = whole.chars().count();
            if 500 < length {
                return Err(NoticeError::Long { line, length });
            }
            if whole.is_empty() || whole.starts_with('#') {
                continue;
            }
            let (key, rest) = whole.split_once(',').unwrap_or((whole, ""));
            let (key, rest) = (key.trim(), rest.trim());
            if key == "year" {
                let number = rest.parse().ok().filter(|year| (1950..9999).contains(year));
                let number = number.ok_or(NoticeError::Year { line, seen: short(rest) })?;
                if year.replace(number).is_some() {
                    return Err(NoticeError::Twice { line, key: "year" });
                }
            } else if let Some(at) = KEYS.iter().position(|known| *known == key) {
                if said[at].replace(rest.to_owned()).is_some() {
                    return Err(NoticeError::Twice { line, key: KEYS[at] });
                }
            } else if let Some(kind) = SpanKind::of(key) {
                spans.push(span(kind, rest, line)?);
            } else {
                return Err(NoticeError::Key { line, seen: short(key) });
            }
        }
        let year = year.ok_or(NoticeError::Missing("year"))?;
        let [title, document, source, edition, confidence] = said;
        let needed = |text: Option<String>, name| {
            text.filter(|text| !text.is_empty()).ok_or(NoticeError::Missing(name))
        };
        Notice {
            year,
            title: needed(title, "title")?,
            document: document.unwrap_or_default(),
            source: needed(source, "source")?,
            edition: edition.unwrap_or_default(),
            confidence: confidence.unwrap_or_default(),
            spans,
        }
        .check()
    }

    /// Puts the spans in order, and refuses what says two things of a day.
    fn check(mut self) -> Result<Notice, NoticeError> {
        if !(1..=60).contains(&self.spans.len()) {
            return Err(NoticeError::Count(self.spans.len()));
        }
        if !self.spans.iter().any(|span| span.kind == SpanKind::Rest) {
            return Err(NoticeError::Missing("rest"));
        }
        for span in &self.spans {
            let eve = span.from.year() == self.year - 1
                && span.from.month() == 12
                && 22 <= span.from.day();
            let (from, to) = (span.from, span.to);
            let within = (from.year() == self.year || eve)
                && (to.year() == self.year || (eve && to.year() == self.year - 1));
            if to < from || !within {
                return Err(NoticeError::Span { from, to, year: self.year });
            }
        }
        self.spans.sort_by_key(|span| span.from);
        for pair in self.spans.windows(2) {
            if pair[1].from <= pair[0].to {
                return Err(NoticeError::Overlap(pair[1].from));
            }
        }
        Ok(self)
    }
}

/// `from,to,holiday`; without `to` it is one day.
fn span(kind: SpanKind, rest: &str, line: usize) -> Result<Span, NoticeError> {
    let mut fields = rest.splitn(3, ',').map(str::trim);
    let mut field = || fields.next().unwrap_or_default();
    let (from, to, holiday) = (field(), field(), field());
    let date =
        |text: &str| Date::read(text).map_err(|_| NoticeError::Date { line, seen: short(text) });
    let from = date(from)?;
    let to = if to.is_empty() { from } else { date(to)? };
    if holiday.is_empty() {
        return Err(NoticeError::Holiday { line });
    }
    Ok(Span { kind, from, to, holiday: holiday.to_owned() })
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

impl SpanKind {
    fn of(key: &str) -> Option<SpanKind> {
        match key {
            "rest" | "放假" => Some(SpanKind::Rest),
            "work" | "上班" => Some(SpanKind::Work),
            _ => None,
        }
    }
}

impl Span {
    pub fn holds(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }
}

impl<'de> Deserialize<'de> for Notice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Notice, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            year: i16,
            title: String,
            document: String,
            source: String,
            edition: String,
            confidence: String,
            spans: Vec<Span>,
        }
        let Raw { year, title, document, source, edition, confidence, spans } =
            Raw::deserialize(deserializer)?;
        let notice = Notice { year, title, document, source, edition, confidence, spans };
        notice.check().map_err(D::Error::custom)
    }
}
