//! Documents as they are served (`fixtures/quake`).

use base::{Point, Timestamp};

use super::super::{Event, Limits, Status, parse_geojson, parse_quakeml, parse_text};
use super::told;

const FEED: &str = include_str!("../../../../../fixtures/quake/usgs_all_week_sample.geojson");
const QUAKEML: &str = include_str!("../../../../../fixtures/quake/usgs_event_quakeml12.xml");

fn time(text: &str) -> Option<Timestamp> {
    Some(text.parse().expect("a time"))
}

#[test]
fn a_feed_of_sixty_is_read_whole() {
    let document = parse_geojson(FEED.as_bytes(), &Limits::default()).expect("a feed");
    assert_eq!(told(&document), Vec::<String>::new());
    let count = |is: &dyn Fn(&Event) -> bool| document.events.iter().filter(|e| is(e)).count();
    assert_eq!(count(&|_| true), 60);
    assert_eq!(count(&|event| event.status == Status::Automatic), 26);
    assert_eq!(count(&|event| event.status == Status::Reviewed), 34);
    assert_eq!(count(&|event| event.magnitude().is_none()), 0);
    assert_eq!(count(&|event| event.kind.as_deref() == Some("earthquake")), 57);
    assert_eq!(count(&|event| 1 < event.ids.len()), 5);
    let depth = |event: &Event| event.origin().and_then(|origin| origin.depth_km);
    assert_eq!(count(&|event| depth(event) == Some(0.0)), 5);
    assert_eq!(count(&|event| depth(event).is_none()), 0);

    let first = &document.events[0];
    let origin = first.origin().expect("one");
    assert_eq!((first.id.as_str(), first.agency.as_deref()), ("ci37868143", Some("ci")));
    assert_eq!(first.ids, ["ci37868143"]);
    assert_eq!(first.updated, time("2018-02-07T01:29:56.303Z"));
    assert_eq!(origin.time, time("2018-02-07T01:26:13.840Z"));
    assert_eq!(origin.place, Point::new(-118.6671667, 34.4945).ok());
    assert_eq!(origin.depth_km, Some(26.49));
    let magnitude = first.magnitude().expect("one");
    assert_eq!((magnitude.value, magnitude.scale.as_deref()), (2.0, Some("ml")));
    assert_eq!(document.passed_over["properties.felt"], 60);
    assert_eq!(document.passed_over["metadata"], 1);
}

#[test]
fn one_feature_of_a_feed_reads_as_it_does_there() {
    let feed = parse_geojson(FEED.as_bytes(), &Limits::default()).expect("a feed");
    let value: serde_json::Value = serde_json::from_str(FEED).expect("JSON");
    for (event, feature) in feed.events.iter().zip(value["features"].as_array().expect("a list")) {
        let alone = feature.to_string();
        let alone = parse_geojson(alone.as_bytes(), &Limits::default()).expect("a feature");
        assert_eq!(alone.events, std::slice::from_ref(event));
    }
}

#[test]
fn two_events_of_quakeml_in_metres_become_kilometres() {
    let document = parse_quakeml(QUAKEML.as_bytes(), &Limits::default()).expect("QuakeML");
    assert_eq!(told(&document), Vec::<String>::new());
    let [first, second] = &document.events[..] else { panic!("{:?}", document.events) };

    // The document escapes its ampersands twice; once is undone.
    let id =
        "quakeml:comcat.cr.usgs.gov/fdsnws/event/1/query?eventid=ci37285320&amp;format=quakeml";
    assert_eq!((first.id.as_str(), first.agency.as_deref()), (id, Some("ci")));
    assert_eq!(
        (first.kind.as_deref(), first.version.as_deref()),
        (Some("quarry_blast"), Some("6"))
    );
    assert_eq!(first.status, Status::Reviewed);
    assert_eq!(first.updated, time("2014-11-06T22:02:47.340Z"));
    assert_eq!((first.preferred_origin, first.preferred_magnitude), (Some(0), Some(0)));
    let origin = first.origin().expect("one");
    assert_eq!(origin.time, time("2014-11-06T00:24:42.240Z"));
    assert_eq!(origin.place, Point::new(-117.6623333, 35.0476667).ok());
    assert_eq!((origin.depth_km, origin.depth_uncertainty_km), (Some(0.01), Some(31.61)));
    assert_eq!(origin.horizontal_uncertainty_km, Some(0.5));
    let magnitude = first.magnitude().expect("one");
    assert_eq!((magnitude.value, magnitude.uncertainty), (1.54, Some(0.1)));
    assert_eq!((magnitude.scale.as_deref(), &magnitude.origin), (Some("ml"), &origin.id));

    let origin = second.origin().expect("one");
    assert_eq!(origin.depth_km, Some(0.0), "said to be 0, which is not unknown");
    assert_eq!(second.magnitude().and_then(|of| of.scale.as_deref()), Some("Md"));
    assert_eq!(document.passed_over["origin/quality"], 2);
    assert_eq!(document.passed_over["eventParameters/creationInfo"], 1);
}

/// Written for this project: no document of a service was at hand.
#[test]
fn event_text_by_its_header_with_depth_in_kilometres() {
    let text = "#EventID|Time|Latitude|Longitude|Depth/km|Author|Catalog|Contributor|\
        ContributorID|MagType|Magnitude|MagAuthor|EventLocationName\r\n\
        us1|2002-06-28T17:19:30.270|43.752|130.666|566.0|us|us|us|us1|mww|7.3|hrv|珲春\r\n\
        \r\n\
        us2|2002-06-28T17:37:55|43.66|130.72||us|us|us|us2||||\r\n";
    let document = parse_text(text.as_bytes(), &Limits::default()).expect("a header");
    assert_eq!(told(&document), Vec::<String>::new());
    let [first, second] = &document.events[..] else { panic!("{:?}", document.events) };
    let origin = first.origin().expect("one");
    assert_eq!(origin.time, time("2002-06-28T17:19:30.270Z"));
    assert_eq!((origin.depth_km, first.place.as_deref()), (Some(566.0), Some("珲春")));
    let magnitude = first.magnitude().expect("one");
    assert_eq!((magnitude.value, magnitude.agency.as_deref()), (7.3, Some("hrv")));
    assert_eq!((second.origin().expect("one").depth_km, second.magnitude()), (None, None));
    assert_eq!(document.passed_over["Catalog"], 2);
}
