//! USGS GeoJSON: a feed of many features, or a single one.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::event::{Document, Event, Magnitude, Origin, Status};
use super::field;
use super::limit::{self, Limits, ReadError, short};

const EXPECTED: &str = "a FeatureCollection or a Feature";

/// Reads a feed (`FeatureCollection`) or one event in detail (`Feature`).
///
/// - Depth is in km and may be missing or null; so may a magnitude, which is then none.
/// - Times are milliseconds since 1970, UTC.
/// - A feature without an id, and a field that is not what it should be, is a fault with
///   its place; other fields are named in [`Document::passed_over`].
///
/// # Errors
/// [`ReadError`] for what is no such JSON or beyond `limits`.
///
/// # Source
/// USGS GeoJSON summary format 1.0, as real feeds have it; `deleted` is of the detail.
pub fn parse_geojson(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let text = limit::text(bytes, limits)?;
    check_depth(text, limits)?;
    let whole: &RawValue = serde_json::from_str(text).map_err(json)?;
    let mut document = Document::default();
    let fields = object(whole, limits)?.ok_or_else(|| ReadError::Other {
        seen: format!("{:?}", short(whole.get())),
        expected: EXPECTED,
    })?;
    match find(&fields, "type").and_then(string).as_deref() {
        Some("FeatureCollection") => {}
        Some("Feature") => {
            let mut reader = Reader { document, limits };
            reader.feature("feature", whole)?;
            return Ok(reader.document);
        }
        other => {
            let seen = format!("of type {:?}", short(other.unwrap_or_default()));
            return Err(ReadError::Other { seen, expected: EXPECTED });
        }
    }
    let mut features = None;
    for (name, value) in &fields {
        match name.as_str() {
            "type" => {}
            "features" if features.is_none() => features = Some(*value),
            "features" => {
                let problem = "features stand a second time, expected once".to_owned();
                document.fault(limits, "features".to_owned(), problem);
            }
            _ => document.pass("", name),
        }
    }
    let elements = match features {
        Some(features) => elements(features, limits.events)?,
        None => {
            document.fault(limits, "features".to_owned(), "missing, expected a list".to_owned());
            Vec::new()
        }
    };
    let mut reader = Reader { document, limits };
    for (index, element) in elements.into_iter().enumerate() {
        reader.feature(&format!("features[{index}]"), element)?;
    }
    Ok(reader.document)
}

struct Reader<'l> {
    document: Document,
    limits: &'l Limits,
}

impl Reader<'_> {
    fn fault(&mut self, place: String, problem: impl Into<String>) {
        self.document.fault(self.limits, place, problem.into());
    }

    fn feature(&mut self, at: &str, feature: &RawValue) -> Result<(), ReadError> {
        let Some(fields) = object(feature, self.limits)? else {
            self.fault(at.to_owned(), format!("{:?}, expected an object", short(feature.get())));
            return Ok(());
        };
        self.twice(at, &fields);
        let (mut event, mut origin) = (Event::default(), Origin::default());
        for (name, value) in &fields {
            match name.as_str() {
                "type" => {}
                "id" => event.id = self.text(at, name, value).unwrap_or_default(),
                "properties" => self.properties(at, value, &mut event, &mut origin)?,
                "geometry" => self.geometry(at, value, &mut origin)?,
                _ => self.document.pass("feature.", name),
            }
        }
        if event.id.is_empty() {
            self.fault(format!("{at}.id"), "missing, expected a text: the event is not read");
            return Ok(());
        }
        if origin.time.is_none() && origin.place.is_none() && event.status != Status::Deleted {
            self.fault(at.to_owned(), "neither time nor place, expected both");
        }
        origin.status = event.status;
        if origin != (Origin { status: event.status, ..Origin::default() }) {
            event.origins.push(origin);
            event.preferred_origin = Some(0);
        }
        event.preferred_magnitude = (!event.magnitudes.is_empty()).then_some(0);
        self.document.events.push(event);
        Ok(())
    }

    fn properties(
        &mut self,
        at: &str,
        value: &RawValue,
        event: &mut Event,
        origin: &mut Origin,
    ) -> Result<(), ReadError> {
        let at = format!("{at}.properties");
        let Some(fields) = object(value, self.limits)? else {
            self.fault(at, format!("{:?}, expected an object", short(value.get())));
            return Ok(());
        };
        self.twice(&at, &fields);
        let (mut magnitude, mut scale) = (None, None);
        for (name, value) in &fields {
            match name.as_str() {
                "mag" => magnitude = self.number(&at, name, value, field::magnitude),
                "magType" => scale = self.text(&at, name, value),
                "place" => event.place = self.text(&at, name, value),
                "time" => origin.time = self.millis(&at, name, value),
                "updated" => event.updated = self.millis(&at, name, value),
                "net" => event.agency = self.text(&at, name, value),
                "type" => event.kind = self.text(&at, name, value),
                "ids" => {
                    let ids = self.text(&at, name, value).unwrap_or_default();
                    event.ids = ids.split(',').filter_map(field::said).collect();
                }
                "status" => {
                    let word = self.text(&at, name, value);
                    event.status = word.as_deref().and_then(field::status).unwrap_or_default();
                    if let (Some(word), Status::Unknown) = (word, event.status) {
                        let problem =
                            format!("status is {:?}, not one that is known", short(&word));
                        self.fault(format!("{at}.status"), problem);
                    }
                }
                _ => self.document.pass("properties.", name),
            }
        }
        if let Some(value) = magnitude {
            let status = event.status;
            event.magnitudes.push(Magnitude { value, scale, status, ..Magnitude::default() });
        }
        Ok(())
    }

    fn geometry(
        &mut self,
        at: &str,
        value: &RawValue,
        origin: &mut Origin,
    ) -> Result<(), ReadError> {
        if value.get() == "null" {
            return Ok(());
        }
        let at = format!("{at}.geometry");
        let Some(fields) = object(value, self.limits)? else {
            self.fault(at, format!("{:?}, expected an object", short(value.get())));
            return Ok(());
        };
        self.twice(&at, &fields);
        if find(&fields, "type").and_then(string).as_deref() != Some("Point") {
            self.fault(format!("{at}.type"), "not a Point, expected one");
            return Ok(());
        }
        for (name, value) in &fields {
            match name.as_str() {
                "type" => {}
                "coordinates" => self.coordinates(format!("{at}.coordinates"), value, origin)?,
                _ => self.document.pass("geometry.", name),
            }
        }
        Ok(())
    }

    fn coordinates(
        &mut self,
        at: String,
        value: &RawValue,
        origin: &mut Origin,
    ) -> Result<(), ReadError> {
        let numbers: Option<Vec<Option<f64>>> = match value.get().starts_with('[') {
            // Four are enough to see that there are too many.
            true => elements_up_to(value, 4)?
                .into_iter()
                .map(|number| serde_json::from_str(number.get()).ok())
                .collect(),
            false => None,
        };
        let (lon, lat, depth) = match numbers.as_deref() {
            Some([Some(lon), Some(lat)]) => (*lon, *lat, None),
            Some([Some(lon), Some(lat), depth]) => (*lon, *lat, *depth),
            Some([None, None] | [None, None, None]) => return Ok(()),
            _ => {
                let seen = short(value.get());
                self.fault(at, format!("{seen:?}, expected longitude, latitude, depth in km"));
                return Ok(());
            }
        };
        match field::point(lon, lat) {
            Ok(place) => origin.place = Some(place),
            Err(problem) => self.fault(at.clone(), problem),
        }
        match depth.map(field::depth).transpose() {
            Ok(depth) => origin.depth_km = depth,
            Err(problem) => self.fault(at, problem),
        }
        Ok(())
    }

    /// A name that stands twice is told: the later one counts.
    fn twice(&mut self, at: &str, fields: &[(String, &RawValue)]) {
        let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        for pair in names.windows(2).filter(|pair| pair[0] == pair[1]) {
            self.fault(format!("{at}.{}", short(pair[0])), "stands twice, expected once");
        }
    }

    fn text(&mut self, at: &str, name: &str, value: &RawValue) -> Option<String> {
        match serde_json::from_str::<Option<String>>(value.get()) {
            Ok(text) => text.as_deref().and_then(field::said),
            Err(_) => {
                let seen = short(value.get());
                self.fault(format!("{at}.{name}"), format!("{seen:?}, expected a text or null"));
                None
            }
        }
    }

    fn number(
        &mut self,
        at: &str,
        name: &str,
        value: &RawValue,
        check: impl Fn(f64) -> Result<f64, String>,
    ) -> Option<f64> {
        let number = serde_json::from_str::<Option<f64>>(value.get())
            .map_err(|_| format!("{:?}, expected a number or null", short(value.get())));
        match number.and_then(|number| number.map(check).transpose()) {
            Ok(number) => number,
            Err(problem) => {
                self.fault(format!("{at}.{name}"), problem);
                None
            }
        }
    }

    fn millis(&mut self, at: &str, name: &str, value: &RawValue) -> Option<base::Timestamp> {
        let number = serde_json::from_str::<Option<i64>>(value.get())
            .map_err(|_| format!("{:?}, expected whole milliseconds or null", short(value.get())));
        match number.and_then(|number| number.map(field::millis).transpose()) {
            Ok(time) => time,
            Err(problem) => {
                self.fault(format!("{at}.{name}"), problem);
                None
            }
        }
    }
}

fn json(error: serde_json::Error) -> ReadError {
    ReadError::Json(error.to_string().chars().take(200).collect())
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

fn find<'a>(fields: &[(String, &'a RawValue)], name: &str) -> Option<&'a RawValue> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| *value)
}

/// Brackets outside of texts, one within the other.
fn check_depth(text: &str, limits: &Limits) -> Result<(), ReadError> {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if limits.depth < depth {
                    return Err(ReadError::TooDeep { at, most: limits.depth });
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// The fields of an object, their values untouched; `None` for what is no object.
fn object<'a>(
    value: &'a RawValue,
    limits: &Limits,
) -> Result<Option<Vec<(String, &'a RawValue)>>, ReadError> {
    if !value.get().starts_with('{') {
        return Ok(None);
    }
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    let fields = deserializer.deserialize_map(Fields(limits.parts)).map_err(json)?;
    if limits.parts < fields.len() {
        return Err(ReadError::TooManyParts { at: 0, most: limits.parts });
    }
    Ok(Some(fields))
}

/// The elements of a list, one more than `most` at the most.
fn elements_up_to(value: &RawValue, most: usize) -> Result<Vec<&RawValue>, ReadError> {
    let mut deserializer = serde_json::Deserializer::from_str(value.get());
    Elements(most).deserialize(&mut deserializer).map_err(json)
}

fn elements(value: &RawValue, most: usize) -> Result<Vec<&RawValue>, ReadError> {
    if !value.get().starts_with('[') {
        let seen = format!("with features {:?}", short(value.get()));
        return Err(ReadError::Other { seen, expected: "a list of them" });
    }
    let elements = elements_up_to(value, most)?;
    if most < elements.len() {
        return Err(ReadError::TooManyEvents(most));
    }
    Ok(elements)
}

/// Keeps one field more than the limit, and only looks at the rest.
struct Fields(usize);

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            if fields.len() <= self.0 {
                fields.push(field);
            }
        }
        Ok(fields)
    }
}

/// Keeps one element more than the limit, and only looks at the rest.
struct Elements(usize);

impl<'de> DeserializeSeed<'de> for Elements {
    type Value = Vec<&'de RawValue>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            if elements.len() <= self.0 {
                elements.push(element);
            }
        }
        Ok(elements)
    }
}
