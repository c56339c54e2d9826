//! Earthquake messages: the three readers over the same bytes, and what they promise of an event.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::quake::{Limits, parse_geojson, parse_quakeml, parse_text};

fuzz_target!(|data: &[u8]| {
    let limits = Limits { bytes: 1 << 16, events: 50, parts: 100, faults: 20, ..Limits::default() };
    let documents =
        [parse_geojson(data, &limits), parse_quakeml(data, &limits), parse_text(data, &limits)];
    for document in documents.into_iter().flatten() {
        assert!(document.events.len() <= limits.events);
        assert!(document.faults.len() <= limits.faults);
        assert!(document.more_faults == 0 || document.faults.len() == limits.faults);
        assert!(document.passed_over.len() <= 301);
        for event in document.events {
            assert!(!event.id.is_empty());
            assert!(event.preferred_origin.is_none_or(|at| at < event.origins.len()));
            assert!(event.preferred_magnitude.is_none_or(|at| at < event.magnitudes.len()));
            for origin in &event.origins {
                assert!(origin.depth_km.is_none_or(|km| (-10.0..=800.0).contains(&km)));
            }
            assert!(event.magnitudes.iter().all(|of| (-10.0..=12.0).contains(&of.value)));
        }
    }
});
