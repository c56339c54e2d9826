//! From bytes to reports: which format it is, and what each event says.

use base::{Duration, Timestamp};
use schemars::JsonSchema;
use science::earthquake::Standing;
use serde::{Deserialize, Serialize};
use wire::quake::{Document, Event, Fault, Limits, ReadError, Status};

use super::model::{Origin, Report};

/// The largest document that is taken, bytes: a month of the world is some 8 MB.
pub(super) const LARGEST: usize = 16 << 20;
/// Events that are taken of one document.
const MOST_EVENTS: usize = 20_000;
/// An origin time may be so far ahead of our clock.
const AHEAD: Duration = Duration::from_mins(10);
/// Letters of an agency, of an id and of words that are kept.
const LONGEST_AGENCY: usize = 40;
const LONGEST_ID: usize = 200;
const LONGEST_WORDS: usize = 200;
const MOST_ALIASES: usize = 20;

/// The formats that documents of earthquakes have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EarthquakeFormat")]
pub enum Format {
    /// USGS GeoJSON, feed or detail.
    Geojson,
    /// QuakeML 1.2.
    Quakeml,
    /// FDSN event text.
    FdsnText,
}

/// Why nothing was read of a document.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FormatError {
    #[error("document begins with {0:?}, expected {{ of GeoJSON, < of QuakeML or # of FDSN text")]
    Unknown(String),
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Format {
    pub const ALL: [Format; 3] = [Format::Geojson, Format::Quakeml, Format::FdsnText];

    pub fn code(self) -> &'static str {
        match self {
            Format::Geojson => "geojson",
            Format::Quakeml => "quakeml",
            Format::FdsnText => "fdsn_text",
        }
    }

    /// By the first character that is no blank.
    ///
    /// # Errors
    /// [`FormatError::Unknown`] with how the document begins.
    pub fn of(bytes: &[u8]) -> Result<Format, FormatError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
        let rest = &bytes[start.unwrap_or(bytes.len())..];
        match rest.first() {
            Some(b'{') => Ok(Format::Geojson),
            Some(b'<') => Ok(Format::Quakeml),
            Some(b'#') => Ok(Format::FdsnText),
            _ => {
                let begun = String::from_utf8_lossy(&rest[..rest.len().min(16)]).into_owned();
                Err(FormatError::Unknown(begun))
            }
        }
    }

    fn parse(self, bytes: &[u8]) -> Result<Document, ReadError> {
        let limits = Limits { bytes: LARGEST, events: MOST_EVENTS, ..Limits::default() };
        match self {
            Format::Geojson => wire::quake::parse_geojson(bytes, &limits),
            Format::Quakeml => wire::quake::parse_quakeml(bytes, &limits),
            Format::FdsnText => wire::quake::parse_text(bytes, &limits),
        }
    }
}

/// What a document says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub format: Format,
    /// Events that the document has, read or not.
    pub events: usize,
    pub lines: Vec<Line>,
    pub faults: Vec<Fault>,
    pub more_faults: usize,
}

/// What one event comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    Report(Report),
    /// An agency takes an event back and does not say again where it was.
    Gone(Gone),
}

/// A deletion without a place or a time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gone {
    pub agency: Option<String>,
    pub event: String,
    pub version: Option<String>,
    pub updated: Option<Timestamp>,
    pub origin: Origin,
}

/// Reads a document.
///
/// - `sha256`: of its bytes, for the origin of each report.
/// - `now`: what would be later than ten minutes from it is a fault.
///
/// # Errors
/// [`FormatError`] for what is none of the formats, or broken as a whole.
pub(super) fn read(bytes: &[u8], sha256: &str, now: Timestamp) -> Result<Said, FormatError> {
    let format = Format::of(bytes)?;
    let document = format.parse(bytes)?;
    let events = document.events.len();
    let (mut lines, mut faults) = (Vec::with_capacity(events), document.faults);
    for (index, event) in document.events.into_iter().enumerate() {
        let origin = Origin::Document { sha256: sha256.to_owned(), format };
        match line(event, origin, now) {
            Ok(line) => lines.push(line),
            Err(problem) => faults.push(Fault { place: format!("event {}", index + 1), problem }),
        }
    }
    Ok(Said { format, events, lines, faults, more_faults: document.more_faults })
}

fn line(event: Event, origin: Origin, now: Timestamp) -> Result<Line, String> {
    let id = short_id(&event.id);
    if id.is_empty() || LONGEST_ID < id.len() {
        return Err(format!("id has {} bytes, expected 1 to {LONGEST_ID}", id.len()));
    }
    let focus = event.origin().cloned().unwrap_or_default();
    let magnitude = event.magnitude().cloned();
    let agency = event.agency.as_deref().or(focus.agency.as_deref()).map(str::trim);
    let agency = agency.filter(|it| !it.is_empty()).map(str::to_lowercase);
    if let Some(long) = agency.as_ref().filter(|it| LONGEST_AGENCY < it.chars().count()) {
        return Err(format!("agency has {} characters, expected up to 40", long.chars().count()));
    }
    let standing = match event.status {
        Status::Unknown => Standing::Unknown,
        Status::Automatic => Standing::Automatic,
        Status::Reviewed => Standing::Reviewed,
        Status::Deleted => Standing::Deleted,
    };
    let (time, point) = match (focus.time, focus.place) {
        (Some(time), Some(point)) => (time, point),
        _ if standing == Standing::Deleted => {
            let (version, updated) = (event.version, event.updated);
            return Ok(Line::Gone(Gone { agency, event: id, version, updated, origin }));
        }
        (None, _) => return Err(format!("{id}: no time of origin, expected one")),
        (_, None) => return Err(format!("{id}: no place, expected longitude and latitude")),
    };
    if now + AHEAD < time {
        return Err(format!("{id}: quaked at {time}, expected no later than {}", now + AHEAD));
    }
    let aliases = event.ids.iter().map(|it| short_id(it)).filter(|it| *it != id);
    let mut aliases: Vec<String> =
        aliases.filter(|it| !it.is_empty() && it.len() <= LONGEST_ID).take(MOST_ALIASES).collect();
    aliases.sort();
    aliases.dedup();
    Ok(Line::Report(Report {
        agency,
        event: id,
        aliases,
        version: event.version.map(words),
        updated: event.updated,
        standing,
        kind: event.kind.map(words),
        place: event.place.map(words),
        time,
        time_within_s: 0,
        point,
        depth_km: focus.depth_km,
        depth_type: focus.depth_type.map(words),
        magnitude: magnitude.as_ref().map(|it| it.value),
        scale: magnitude.and_then(|it| it.scale).map(words),
        origin,
    }))
}

/// The id that an agency gives an event in all its formats: of a `publicID` such as
/// `quakeml:…/query?eventid=us20003abc&format=quakeml` what follows `eventid=`, of
/// another resource the last of its path.
fn short_id(id: &str) -> String {
    let id = id.trim();
    let Some(resource) = id.strip_prefix("quakeml:").or_else(|| id.strip_prefix("smi:")) else {
        return id.to_owned();
    };
    let named = resource.split_once("eventid=").map(|(_, rest)| rest);
    let named = named.map(|rest| rest.split(['&', ';', '#']).next().unwrap_or(rest));
    let last = resource.rsplit('/').next().unwrap_or(resource);
    named.filter(|it| !it.is_empty()).unwrap_or(last).to_owned()
}

fn words(text: String) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED: &[u8] = include_bytes!("../../../../fixtures/quake/usgs_all_week_sample.geojson");
    const QUAKEML: &[u8] = include_bytes!("../../../../fixtures/quake/usgs_event_quakeml12.xml");

    fn now() -> Timestamp {
        "2018-03-01T00:00:00Z".parse().expect("a time")
    }

    fn said(bytes: &[u8]) -> Said {
        read(bytes, "00", now()).expect("it reads")
    }

    #[test]
    fn a_real_feed_is_reports_with_their_versions() {
        let said = said(FEED);
        assert_eq!((said.format, said.events, said.lines.len()), (Format::Geojson, 60, 60));
        assert!(said.faults.is_empty(), "{:?}", said.faults);
        let Line::Report(first) = &said.lines[0] else { panic!("{:?}", said.lines[0]) };
        assert!(first.updated.is_some() && first.agency.is_some(), "{first:?}");
    }

    #[test]
    fn an_event_has_one_id_in_all_formats() {
        let said = said(QUAKEML);
        let Line::Report(first) = &said.lines[0] else { panic!("{:?}", said.lines[0]) };
        assert_eq!(first.event, "ci37285320", "{first:?}");
        assert_eq!(short_id("smi:ch.ethz.sed/event/2014-a"), "2014-a");
        assert_eq!(short_id("us20003abc"), "us20003abc");
    }

    #[test]
    fn what_is_no_document_is_refused_with_how_it_begins() {
        for bytes in [&b"hello"[..], b"", b"  \n", b"\xff\xfe"] {
            let refused = read(bytes, "00", now());
            assert!(matches!(refused, Err(FormatError::Unknown(_))), "{refused:?}");
        }
        assert!(matches!(read(b"{", "00", now()), Err(FormatError::Read(_))));
    }

    #[test]
    fn an_event_of_the_future_costs_itself_only() {
        let text = "#EventID|Time|Latitude|Longitude|Depth/km|Author|Catalog|Contributor|\
            ContributorID|MagType|Magnitude|MagAuthor|EventLocationName\n\
            a|2018-02-01T00:00:00|44.6|124.1|10||||||||\nb|2019-02-01T00:00:00|44.6|124.1|10||||||||\n";
        let said = said(text.as_bytes());
        assert_eq!((said.events, said.lines.len(), said.faults.len()), (2, 1, 1));
        assert!(said.faults[0].problem.contains("quaked at 2019"), "{:?}", said.faults);
    }

    #[test]
    fn a_deletion_without_a_place_is_one_all_the_same() {
        let deleted = br#"{"type":"Feature","id":"us1","properties":{"status":"deleted",
            "net":"us","updated":1517443200000},"geometry":null}"#;
        let said = said(deleted);
        assert!(
            matches!(&said.lines[..], [Line::Gone(gone)] if gone.event == "us1"
            && gone.agency.as_deref() == Some("us")),
            "{said:?}"
        );
    }
}
