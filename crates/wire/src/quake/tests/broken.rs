//! What is wrong costs itself, and is told with its place.

use super::super::{Document, Limits, Status, parse_geojson, parse_quakeml, parse_text};
use super::{feed, quakeml, told};

fn geojson(features: &str) -> Document {
    parse_geojson(feed(features).as_bytes(), &Limits::default()).expect("a feed")
}

fn xml(inside: &str) -> Document {
    parse_quakeml(quakeml(inside).as_bytes(), &Limits::default()).expect("QuakeML")
}

#[test]
fn null_and_missing_are_none_and_no_fault() {
    let document = geojson(
        r#"{"id":"a","properties":{"mag":null,"time":0},"geometry":
           {"type":"Point","coordinates":[130,43,null]}},
           {"id":"b","properties":{"time":0},"geometry":{"type":"Point","coordinates":[130,43]}}"#,
    );
    assert_eq!(told(&document), Vec::<String>::new());
    for event in &document.events {
        assert_eq!(event.magnitude(), None);
        assert_eq!(event.origin().and_then(|origin| origin.depth_km), None);
        assert!(event.origin().is_some_and(|origin| origin.place.is_some()));
    }
}

#[test]
fn a_deleted_event_of_the_detail_is_one() {
    let text =
        br#"{"type":"Feature","id":"us1","properties":{"status":"deleted"},"geometry":null}"#;
    let document = parse_geojson(text, &Limits::default()).expect("a feature");
    assert_eq!(told(&document), Vec::<String>::new());
    assert_eq!(document.events[0].status, Status::Deleted);
    assert_eq!(document.events[0].origin(), None);
}

#[test]
fn broken_fields_of_a_feature_are_told_and_the_others_are_read() {
    let document = geojson(
        r#"{"id":"a","properties":{"mag":"5","time":1e99,"status":"guessed","place":"x"},
            "geometry":{"type":"Point","coordinates":[43,130,31600]}},
           {"properties":{}}, 7,
           {"id":"b","id":"c","properties":{"mag":5.5,"time":0},"geometry":null}"#,
    );
    assert_eq!(
        told(&document),
        [
            "features[0].properties.mag: \"\\\"5\\\"\", expected a number or null",
            "features[0].properties.time: \"1e99\", expected whole milliseconds or null",
            "features[0].properties.status: status is \"guessed\", not one that is known",
            "features[0].geometry.coordinates: point is (43, 130), expected longitude -180..180 \
             and latitude -90..90 in degrees",
            "features[0].geometry.coordinates: depth is 31600 km, expected -10 to 800",
            "features[0]: neither time nor place, expected both",
            "features[1].id: missing, expected a text: the event is not read",
            "features[2]: \"7\", expected an object",
            "features[3].id: stands twice, expected once",
        ]
    );
    let ids: Vec<&str> = document.events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!(document.events[0].place.as_deref(), Some("x"));
    assert_eq!(document.events[1].magnitude().map(|magnitude| magnitude.value), Some(5.5));
}

#[test]
fn the_preferred_of_several_is_used_and_one_that_is_not_there_is_told() {
    let two = "<origin publicID='o1'><depth><value>5000</value></depth></origin>\
        <origin publicID='o2'><depth><value>566000</value></depth>\
        <evaluationMode>automatic</evaluationMode></origin>\
        <magnitude publicID='m1'><mag><value>6.8</value></mag><type>mb</type></magnitude>\
        <magnitude publicID='m2'><mag><value>7.3</value></mag><type>Mww</type></magnitude>";
    let document = xml(&format!(
        "<event publicID='e'>{two}<preferredOriginID>o2</preferredOriginID>\
         <preferredMagnitudeID>m2</preferredMagnitudeID></event>\
         <event publicID='f'>{two}<preferredOriginID>o3</preferredOriginID></event>"
    ));
    let [preferred, first] = &document.events[..] else { panic!("{document:?}") };
    assert_eq!(preferred.origin().and_then(|origin| origin.depth_km), Some(566.0));
    assert_eq!(preferred.magnitude().map(|magnitude| magnitude.value), Some(7.3));
    assert_eq!(preferred.status, Status::Automatic);
    assert_eq!(first.preferred_origin, None);
    assert_eq!(first.origin().and_then(|origin| origin.depth_km), Some(5.0));
    let problem = "event[1]/preferredOriginID: \"o3\" is none of this event's";
    assert_eq!(told(&document), [problem]);
}

#[test]
fn broken_elements_are_told_and_the_others_are_read() {
    let document =
        xml("<event publicID='e'><type>not existing</type><origin><time><value>yesterday</value>\
         </time><latitude><value>43</value></latitude><depth><value/></depth>\
         <depth><value>1</value></depth></origin>\
         <magnitude><mag><value>NaN</value></mag></magnitude></event><event/>");
    assert_eq!(
        told(&document),
        [
            "event[0]/origin[0]: one coordinate that can be read, expected two",
            "event[0]/origin[0]/time/value: time is \"yesterday\", expected such as \
             2026-08-03T03:14:26Z",
            "event[0]/magnitude[0]/mag/value: value is \"NaN\", expected a finite number",
            "event[0]/magnitude[0]: no value that can be read: the magnitude is not",
            "event[0]/origin/depth: stands again, expected once",
            "event[1]: no publicID, expected one: the event is not read",
        ]
    );
    assert_eq!(document.events.len(), 1);
    assert_eq!(document.events[0].status, Status::Deleted);
    assert_eq!(document.events[0].origin().and_then(|origin| origin.depth_km), None);
}

#[test]
fn any_prefix_is_the_namespace_it_is_bound_to_and_another_is_passed_over() {
    let text = "<r:quakeml xmlns:r='http://quakeml.org/xmlns/quakeml/1.2' \
        xmlns:b='http://quakeml.org/xmlns/bed/1.2' xmlns:x='urn:x'><b:eventParameters>\
        <b:event publicID='&#65;&amp;'><x:origin/><x:type>y</x:type>\
        <b:type><![CDATA[earth]]>quake</b:type></b:event></b:eventParameters></r:quakeml>";
    let document = parse_quakeml(text.as_bytes(), &Limits::default()).expect("QuakeML");
    assert_eq!(document.events[0].id, "A&");
    assert_eq!(document.events[0].kind.as_deref(), Some("earthquake"));
    assert!(document.events[0].origins.is_empty());
    assert_eq!(document.passed_over["event/{urn:x}origin"], 1);
}

#[test]
fn broken_lines_are_told_by_their_number() {
    let text = "#EventID|Time|Latitude|Longitude|Depth/km|Magnitude\n\
        a|2002-06-28|43|130|x|7\n\
        b|2002-06-28T17:19:30Z|43\n\
        |2002-06-28T17:19:30Z|43|130|5|7\n\
        c|2002-06-28T17:19:30Z|130|43|5|7\n";
    let document = parse_text(text.as_bytes(), &Limits::default()).expect("a header");
    assert_eq!(
        told(&document),
        [
            "line 2, Time: time is \"2002-06-28\", expected such as 2026-08-03T03:14:26Z",
            "line 2, Depth: value is \"x\", expected a finite number",
            "line 3: 3 fields, expected 6: \"b|2002-06-28T17:19:30Z|43\"",
            "line 4: no id, expected one: the event is not read",
            "line 5: point is (43, 130), expected longitude -180..180 and latitude -90..90 in \
             degrees",
        ]
    );
    assert_eq!(document.events.len(), 2);
}

#[test]
fn faults_beyond_the_limit_are_counted() {
    let limits = Limits { faults: 3, ..Limits::default() };
    let document = parse_geojson(feed(&["1"; 10].join(",")).as_bytes(), &limits).expect("a feed");
    assert_eq!((document.faults.len(), document.more_faults), (3, 7));
}
