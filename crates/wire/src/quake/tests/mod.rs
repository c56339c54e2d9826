//! Real documents with their counts, broken ones with their places, hostile ones refused.

mod broken;
mod hostile;
mod real;

use super::{Document, Fault};

/// `place: problem` of each fault.
fn told(document: &Document) -> Vec<String> {
    let tell = |Fault { place, problem }: &Fault| format!("{place}: {problem}");
    document.faults.iter().map(tell).collect()
}

/// A QuakeML document with this inside its `eventParameters`.
fn quakeml(inside: &str) -> String {
    format!(
        "<q:quakeml xmlns='http://quakeml.org/xmlns/bed/1.2' \
         xmlns:q='http://quakeml.org/xmlns/quakeml/1.2'>\
         <eventParameters publicID='quakeml:a/b'>{inside}</eventParameters></q:quakeml>"
    )
}

/// A feed of these features.
fn feed(features: &str) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}
