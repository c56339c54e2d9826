//! FDSN event text: a header and lines of fields between bars.

use super::event::{Document, Event, Magnitude, Origin};
use super::field;
use super::limit::{self, Limits, ReadError, short};

/// The columns, by the header's words in lower case; `Event` has no place for the others.
const COLUMNS: [(&str, Column); 9] = [
    ("eventid", Column::Id),
    ("time", Column::Time),
    ("latitude", Column::Latitude),
    ("longitude", Column::Longitude),
    ("depth/km", Column::Depth),
    ("contributor", Column::Agency),
    ("magtype", Column::Scale),
    ("magnitude", Column::Magnitude),
    ("eventlocationname", Column::Place),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Time,
    Latitude,
    Longitude,
    /// In km here.
    Depth,
    Agency,
    Scale,
    Magnitude,
    Place,
    Kind,
    MagnitudeAgency,
}

/// Reads lines of events after a header that begins with `#` and names the columns.
///
/// - Depth is in km, times are UTC; an empty field says nothing and is no 0.
/// - A line with another number of fields than the header, without an id, or with a value
///   that cannot be read is a fault with its number; a blank line is nothing.
/// - The format has no word for status and versions.
///
/// # Errors
/// [`ReadError`] for what has no such header or is beyond `limits`.
///
/// # Source
/// FDSN web services, event 1.2, text output: columns from memory and implementations, not
/// read in the text. 1.2 adds `EventType`.
pub fn parse_text(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let text = limit::text(bytes, limits)?;
    let mut document = Document::default();
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let header = lines.next().map(|(_, line)| line).unwrap_or_default();
    let other = || ReadError::Other {
        seen: format!("begun with {:?}", short(header)),
        expected: "a header such as #EventID|Time|Latitude|Longitude|Depth/km|…",
    };
    let names: Vec<&str> = header.trim().strip_prefix('#').ok_or_else(other)?.split('|').collect();
    if limits.parts < names.len() {
        return Err(ReadError::TooManyParts { at: 0, most: limits.parts });
    }
    let columns: Vec<Option<Column>> = names.iter().map(|name| column(name)).collect();
    for needed in [Column::Id, Column::Time, Column::Latitude, Column::Longitude] {
        if columns.iter().filter(|column| **column == Some(needed)).count() != 1 {
            return Err(other());
        }
    }
    for (index, line) in lines {
        let place = format!("line {}", index + 1);
        if line.starts_with('#') {
            document.fault(limits, place, "a comment, expected an event".to_owned());
            continue;
        }
        let count = line.split('|').count();
        if count != columns.len() {
            let problem = format!("{count} fields, expected {}: {:?}", columns.len(), short(line));
            document.fault(limits, place, problem);
            continue;
        }
        if limits.events <= document.events.len() {
            return Err(ReadError::TooManyEvents(limits.events));
        }
        for (name, _) in names.iter().zip(&columns).filter(|(_, column)| column.is_none()) {
            document.pass("", name.trim());
        }
        event(&mut document, limits, &place, columns.iter().copied().zip(line.split('|')));
    }
    Ok(document)
}

fn column(name: &str) -> Option<Column> {
    let name = name.trim().to_ascii_lowercase();
    match name.as_str() {
        "eventtype" => Some(Column::Kind),
        "magauthor" => Some(Column::MagnitudeAgency),
        _ => COLUMNS.iter().find(|(known, _)| *known == name).map(|(_, column)| *column),
    }
}

fn event<'a>(
    document: &mut Document,
    limits: &Limits,
    place: &str,
    fields: impl Iterator<Item = (Option<Column>, &'a str)>,
) {
    let (mut event, mut origin, mut magnitude) =
        (Event::default(), Origin::default(), Magnitude::default());
    let (mut lon, mut lat, mut value) = (None, None, None);
    for (column, text) in fields {
        let (Some(column), Some(text)) = (column, field::said(text)) else { continue };
        let read = match column {
            Column::Id => {
                event.id = text;
                Ok(())
            }
            Column::Time => field::time(&text).map(|time| origin.time = Some(time)),
            Column::Latitude => field::number(&text).map(|number| lat = Some(number)),
            Column::Longitude => field::number(&text).map(|number| lon = Some(number)),
            Column::Depth => field::number(&text)
                .and_then(field::depth)
                .map(|depth| origin.depth_km = Some(depth)),
            Column::Magnitude => field::number(&text)
                .and_then(field::magnitude)
                .map(|magnitude| value = Some(magnitude)),
            Column::Agency => {
                event.agency = Some(text);
                Ok(())
            }
            Column::Scale => {
                magnitude.scale = Some(text);
                Ok(())
            }
            Column::MagnitudeAgency => {
                magnitude.agency = Some(text);
                Ok(())
            }
            Column::Place => {
                event.place = Some(text);
                Ok(())
            }
            Column::Kind => {
                event.kind = Some(text);
                Ok(())
            }
        };
        if let Err(problem) = read {
            document.fault(limits, format!("{place}, {column:?}"), problem);
        }
    }
    if event.id.is_empty() {
        let problem = "no id, expected one: the event is not read".to_owned();
        document.fault(limits, place.to_owned(), problem);
        return;
    }
    if let (Some(lon), Some(lat)) = (lon, lat) {
        match field::point(lon, lat) {
            Ok(point) => origin.place = Some(point),
            Err(problem) => document.fault(limits, place.to_owned(), problem),
        }
    } else if lon.is_some() != lat.is_some() {
        let problem = "one coordinate, expected both".to_owned();
        document.fault(limits, place.to_owned(), problem);
    }
    event.origins.push(origin);
    event.preferred_origin = Some(0);
    if let Some(value) = value {
        event.magnitudes.push(Magnitude { value, ..magnitude });
        event.preferred_magnitude = Some(0);
    }
    document.events.push(event);
}
