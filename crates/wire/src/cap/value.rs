//! Values that have a form: each is kept as its text, and read when somebody asks.
//!
//! So a value that breaks its form is passed on as it came, and nothing is lost of it.

use std::fmt;

use base::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Any text; whether it has the form is asked later.
            pub fn from_text(text: impl Into<String>) -> $name {
                $name(text.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

texts! {
    /// A moment with its offset (§3.3.2): `2026-08-03T11:14:26+08:00`.
    Time
    /// Points around a place (§3.2.4 `polygon`): `lat,lon lat,lon …`, the last as the first.
    Polygon
    /// A place and what is around it (§3.2.4 `circle`): `lat,lon radius`, in kilometres.
    Circle
    /// Words with blanks between them, those with blanks inside in double quotes
    /// (§3.2.1 `addresses`, `incidents`).
    List
    /// Earlier messages (§3.2.1 `references`): `sender,identifier,sent …`.
    References
}

impl Time {
    /// A moment on China's clock, to the second.
    pub fn beijing(moment: Timestamp) -> Time {
        Time(format!("{}+08:00", moment.to_beijing().replacen(' ', "T", 1)))
    }

    /// The moment, also of the forms with `Z` or parts of a second that others write.
    /// `None` of a text that is none or has no offset.
    pub fn moment(&self) -> Option<Timestamp> {
        // A time without an offset is refused there, and one with a zone's name never begins so.
        let is_plain = self.0.len() <= 40 && self.0.is_ascii() && !self.0.contains('[');
        if !is_plain {
            return None;
        }
        self.0.parse().ok()
    }

    /// Whether it is written as CAP 1.2 demands: seconds, and an offset in digits.
    ///
    /// No leap second, and no offset beyond 14 hours: `xs:dateTime` has neither.
    pub fn is_strict(&self) -> bool {
        let form = b"0000-00-00T00:00:00+00:00";
        let fits = |(seen, form): (&u8, &u8)| match form {
            b'0' => seen.is_ascii_digit(),
            b'+' => matches!(seen, b'+' | b'-'),
            other => seen == other,
        };
        let text = self.0.as_bytes();
        text.len() == form.len()
            && text.iter().zip(form).all(fits)
            && &text[17..19] < b"60".as_slice()
            && &text[20..] <= b"14:00".as_slice()
            && self.moment().is_some()
    }
}

/// A place on the earth, WGS 84, in degrees (§3.3.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// −90 to 90.
    pub lat: f64,
    /// −180 to 180.
    pub lon: f64,
}

/// Why a text is no polygon or circle.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ShapeError {
    #[error("pair {number} is {saw:?}, expected latitude,longitude")]
    Pair { number: usize, saw: String },
    #[error(
        "pair {number} is {saw:?}, expected latitude from -90 to 90 first, then longitude \
         from -180 to 180"
    )]
    Range { number: usize, saw: String },
    #[error("it has {got} pairs, expected at least 4")]
    Few { got: usize },
    #[error("its last pair is {last:?}, expected its first again, {first:?}")]
    Open { first: String, last: String },
    #[error("radius is {saw:?}, expected kilometres, zero or more")]
    Radius { saw: String },
}

impl Polygon {
    /// Writes the points in their order, the first once more at the end unless it is there.
    ///
    /// - `points`: `[n]`, at least three of them apart.
    pub fn from_points(points: &[Point]) -> Polygon {
        let mut pairs: Vec<String> = points.iter().map(pair_text).collect();
        if let (Some(first), Some(last)) = (pairs.first(), pairs.last())
            && first != last
        {
            pairs.push(first.clone());
        }
        Polygon(pairs.join(" "))
    }

    /// Its points in their order; a ring that is open or short is read too.
    ///
    /// # Errors
    /// [`ShapeError::Pair`] and [`ShapeError::Range`].
    pub fn points(&self) -> Result<Vec<Point>, ShapeError> {
        self.0.split_ascii_whitespace().enumerate().map(|(at, it)| pair(at + 1, it)).collect()
    }

    /// Its points, when it is the ring that the standard demands.
    ///
    /// # Errors
    /// [`ShapeError`].
    pub fn ring(&self) -> Result<Vec<Point>, ShapeError> {
        let points = self.points()?;
        match (points.first(), points.last()) {
            (Some(first), Some(last)) if 4 <= points.len() && first != last => {
                Err(ShapeError::Open { first: pair_text(first), last: pair_text(last) })
            }
            _ if points.len() < 4 => Err(ShapeError::Few { got: points.len() }),
            _ => Ok(points),
        }
    }
}

impl Circle {
    /// - `radius`: kilometres, zero or more.
    pub fn from_centre(centre: Point, radius: f64) -> Circle {
        Circle(format!("{} {radius}", pair_text(&centre)))
    }

    /// Its centre, and its radius in kilometres.
    ///
    /// # Errors
    /// [`ShapeError`].
    pub fn centre_and_radius(&self) -> Result<(Point, f64), ShapeError> {
        let mut words = self.0.split_ascii_whitespace();
        let centre = pair(1, words.next().unwrap_or_default())?;
        let radius = words.next().unwrap_or_default();
        let more = words.next();
        match degrees(radius) {
            Some(kilometres) if 0.0 <= kilometres && more.is_none() => Ok((centre, kilometres)),
            _ => Err(ShapeError::Radius { saw: short(radius) }),
        }
    }
}

fn pair(number: usize, text: &str) -> Result<Point, ShapeError> {
    let wrong = || ShapeError::Pair { number, saw: short(text) };
    let (lat, lon) = text.split_once(',').ok_or_else(wrong)?;
    let (lat, lon) = (degrees(lat).ok_or_else(wrong)?, degrees(lon).ok_or_else(wrong)?);
    let is_inside = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    is_inside
        .then_some(Point { lat, lon })
        .ok_or_else(|| ShapeError::Range { number, saw: short(text) })
}

/// A plain decimal number: no exponent, no words.
pub(super) fn degrees(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'));
    text.parse().ok().filter(|number: &f64| is_plain && text.len() <= 40 && number.is_finite())
}

fn pair_text(point: &Point) -> String {
    format!("{},{}", point.lat, point.lon)
}

/// Why a text is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    #[error("the quote of item {number} is not closed")]
    Quote { number: usize },
    #[error("item {number} is {saw:?}, expected no double quote inside")]
    Inside { number: usize, saw: String },
    #[error("item {number} is followed by {saw:?}, expected a blank")]
    After { number: usize, saw: char },
}

impl List {
    /// Puts those with blanks in quotes.
    ///
    /// # Errors
    /// [`ListError::Inside`]: the form has no way to write a quote.
    pub fn from_items<S: AsRef<str>>(items: &[S]) -> Result<List, ListError> {
        let mut words = Vec::with_capacity(items.len());
        for (at, item) in items.iter().map(AsRef::as_ref).enumerate() {
            if item.contains('"') {
                return Err(ListError::Inside { number: at + 1, saw: short(item) });
            }
            let is_quoted = item.is_empty() || item.contains(char::is_whitespace);
            words.push(if is_quoted { format!("\"{item}\"") } else { item.to_owned() });
        }
        Ok(List(words.join(" ")))
    }

    /// Its items, without their quotes.
    ///
    /// # Errors
    /// [`ListError::Quote`], [`ListError::After`].
    pub fn items(&self) -> Result<Vec<&str>, ListError> {
        let mut items = Vec::new();
        let mut rest = self.0.trim_start();
        while !rest.is_empty() {
            let number = items.len() + 1;
            let (item, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').ok_or(ListError::Quote { number })?,
                None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
            };
            if let Some(saw) = after.chars().next().filter(|it| !it.is_whitespace()) {
                return Err(ListError::After { number, saw });
            }
            items.push(item);
            rest = after.trim_start();
        }
        Ok(items)
    }
}

/// One earlier message: what names it among all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    pub sender: String,
    pub identifier: String,
    pub sent: Time,
}

/// Why a text is no list of references.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    #[error("reference {number} is {saw:?}, expected sender,identifier,sent")]
    Triple { number: usize, saw: String },
    #[error("reference {number} has the time {saw:?}, expected one as 2026-08-03T11:14:26+08:00")]
    Time { number: usize, saw: String },
    #[error("it has none, expected sender,identifier,sent")]
    None,
}

impl References {
    /// In the order given.
    pub fn from_references<'a>(references: impl IntoIterator<Item = &'a Reference>) -> References {
        let triples = references.into_iter().map(ToString::to_string);
        References(triples.collect::<Vec<_>>().join(" "))
    }

    /// Each of them, in their order.
    ///
    /// # Errors
    /// [`ReferenceError`].
    pub fn references(&self) -> Result<Vec<Reference>, ReferenceError> {
        let words = self.0.split_ascii_whitespace().enumerate();
        let found: Vec<Reference> =
            words.map(|(at, word)| triple(at + 1, word)).collect::<Result<_, _>>()?;
        if found.is_empty() { Err(ReferenceError::None) } else { Ok(found) }
    }
}

fn triple(number: usize, text: &str) -> Result<Reference, ReferenceError> {
    let parts: Vec<&str> = text.splitn(4, ',').collect();
    let [sender, identifier, sent] = parts[..] else {
        return Err(ReferenceError::Triple { number, saw: short(text) });
    };
    if sender.is_empty() || identifier.is_empty() {
        return Err(ReferenceError::Triple { number, saw: short(text) });
    }
    let sent = Time::from_text(sent);
    if sent.moment().is_none() {
        return Err(ReferenceError::Time { number, saw: short(sent.as_str()) });
    }
    let (sender, identifier) = (sender.to_owned(), identifier.to_owned());
    Ok(Reference { sender, identifier, sent })
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.sender, self.identifier, self.sent)
    }
}

/// As much of a text as a message shows.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
