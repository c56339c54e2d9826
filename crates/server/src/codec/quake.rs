//! Earthquake messages at the command line: each event of a document, and an event as USGS
//! GeoJSON.

use sense::quake::Format;
use serde_json::{Value as Json, json};
use wire::quake::{Document, Event, Limits, Status, parse_geojson, parse_quakeml, parse_text};

use super::Documents;

/// Each event of the document that the bytes are, and each fault.
pub fn decode(bytes: &[u8]) -> Documents {
    let limits = Limits::default();
    let format = match Format::of(bytes) {
        Ok(format) => format,
        Err(error) => return vec![Err(json!({ "error": error.to_string() }))],
    };
    let document = match format {
        Format::Geojson => parse_geojson(bytes, &limits),
        Format::Quakeml => parse_quakeml(bytes, &limits),
        Format::FdsnText => parse_text(bytes, &limits),
    };
    match document {
        Ok(document) => told(format, &document),
        Err(error) => vec![Err(json!({ "format": format, "error": error.to_string() }))],
    }
}

fn told(format: Format, document: &Document) -> Documents {
    let events = document.events.iter().map(|event| Ok(of_event(format, event)));
    let faults = document.faults.iter().map(|fault| {
        Err(json!({ "format": format, "place": fault.place, "error": fault.problem }))
    });
    let more = (0 < document.more_faults)
        .then(|| Err(json!({ "format": format, "more_faults": document.more_faults })));
    events.chain(faults).chain(more).collect()
}

fn of_event(format: Format, event: &Event) -> Json {
    let origin = event.origin().cloned().unwrap_or_default();
    let magnitude = event.magnitude();
    json!({
        "format": format,
        "id": event.id,
        "agency": event.agency,
        "ids": event.ids,
        "kind": event.kind,
        "place": event.place,
        "status": match event.status {
            Status::Unknown => Json::Null,
            Status::Automatic => json!("automatic"),
            Status::Reviewed => json!("reviewed"),
            Status::Deleted => json!("deleted"),
        },
        "updated": event.updated,
        "version": event.version,
        "time": origin.time,
        "lon": origin.place.map(base::Point::lon),
        "lat": origin.place.map(base::Point::lat),
        "depth_km": origin.depth_km,
        "depth_type": origin.depth_type,
        "magnitude": magnitude.map(|it| it.value),
        "scale": magnitude.and_then(|it| it.scale.clone()),
        "origins": event.origins.len(),
        "magnitudes": event.magnitudes.len(),
    })
}

/// An event as `decode` prints it, as a single feature of USGS GeoJSON.
///
/// # Errors
/// What is missing or is no number or moment.
pub fn encode(document: &Json) -> Result<Vec<u8>, String> {
    let text = |name: &str| document[name].as_str();
    let moment = |name: &str| match text(name) {
        None => Ok(None),
        Some(said) => said
            .parse::<base::Timestamp>()
            .map(|time| Some(time.as_millis()))
            .map_err(|error| format!("{name}: {error}")),
    };
    let number = |name: &str| match &document[name] {
        Json::Null => Ok(None),
        value => {
            value.as_f64().map(Some).ok_or_else(|| format!("{name} is {value}, expected a number"))
        }
    };
    let id = text("id").filter(|id| !id.is_empty()).ok_or("id is missing, expected a text")?;
    let ids = document["ids"].as_array().map(|ids| {
        let ids: Vec<&str> = ids.iter().filter_map(Json::as_str).collect();
        format!(",{},", ids.join(","))
    });
    let geometry = match (number("lon")?, number("lat")?) {
        (Some(lon), Some(lat)) => {
            json!({ "type": "Point", "coordinates": [lon, lat, number("depth_km")?] })
        }
        _ => Json::Null,
    };
    let feature = json!({
        "type": "Feature",
        "id": id,
        "properties": {
            "mag": number("magnitude")?, "magType": text("scale"), "place": text("place"),
            "time": moment("time")?, "updated": moment("updated")?, "status": text("status"),
            "net": text("agency"), "ids": ids, "type": text("kind"),
        },
        "geometry": geometry,
    });
    Ok(feature.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED: &[u8] = include_bytes!("../../../../fixtures/quake/usgs_all_week_sample.geojson");
    const QUAKEML: &[u8] = include_bytes!("../../../../fixtures/quake/usgs_event_quakeml12.xml");

    #[test]
    fn each_event_of_a_feed_is_read_and_written_again() {
        let documents = decode(FEED);
        assert_eq!(documents.len(), 60);
        for document in documents {
            let document = document.expect("it reads");
            let written = encode(&document).expect("it is whole");
            let again = decode(&written);
            let [Ok(again)] = &again[..] else { panic!("one event: {again:?}") };
            for name in ["id", "agency", "time", "lon", "lat", "depth_km", "magnitude", "scale"] {
                assert_eq!(again[name], document[name], "{name} of {document}");
            }
        }
    }

    #[test]
    fn quakeml_and_event_text_are_known_by_how_they_begin() {
        let documents = decode(QUAKEML);
        assert!(documents.len() == 2 && documents.iter().all(Result::is_ok), "{documents:?}");
        let text = b"#EventID|Time|Latitude|Longitude|Depth/km|Magnitude\na|?|44.6|124.1|10|5\n";
        let documents = decode(text);
        assert!(documents.iter().any(Result::is_err), "{documents:?}");
        assert!(decode(b"GET / HTTP/1.1")[0].is_err());
        assert!(encode(&json!({ "magnitude": 5 })).is_err());
    }
}
