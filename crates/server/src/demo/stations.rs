//! The stations of the demonstration and their lines, registered through the API.

use std::sync::Arc;

use axum::Router;
use serde_json::json;

use super::people::PASSWORD;
use super::registers::together;
use crate::door::Door;

/// Invented stations on real rivers; `fixtures/demo/README.md`.
const STATIONS: &str = include_str!("../../../../fixtures/demo/stations.csv");

/// The station of the story: its river rises.
pub const STORY: &str = "0010820551";

/// A station as the table has it.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoStation {
    pub code: String,
    pub name: String,
    pub region: String,
    pub river: String,
    pub lon: f64,
    pub lat: f64,
    /// Normal stage, 警戒 and 保证, m.
    pub base: f64,
    pub warning: f64,
    pub guarantee: f64,
}

impl DemoStation {
    /// Seconds between two reports: the story is told by the minute, which is as fine
    /// as SL 651 gives the time of an observation; the others every five.
    pub fn period_s(&self) -> i64 {
        if self.code == STORY { 60 } else { 300 }
    }
}

/// The whole table.
///
/// # Errors
/// The line that does not read, which a test excludes.
pub fn all() -> Result<Vec<DemoStation>, String> {
    STATIONS
        .lines()
        .enumerate()
        .skip(1)
        .map(|(number, line)| {
            let fields: Vec<&str> = line.split(',').collect();
            let [code, name, _, region, river, lon, lat, base, warning, guarantee] = fields[..]
            else {
                return Err(format!("stations.csv line {}: ten columns expected", number + 1));
            };
            let metres = |text: &str| {
                text.parse::<f64>().map_err(|_| format!("stations.csv line {}: {text}", number + 1))
            };
            Ok(DemoStation {
                code: code.to_owned(),
                name: name.to_owned(),
                region: region.to_owned(),
                river: river.to_owned(),
                lon: metres(lon)?,
                lat: metres(lat)?,
                base: metres(base)?,
                warning: metres(warning)?,
                guarantee: metres(guarantee)?,
            })
        })
        .collect()
}

/// Registers the stations and publishes two lines for each, as the engineer and the
/// leader would.
///
/// # Errors
/// What the door said, if it refused.
pub async fn register(router: &Router, stations: &[DemoStation]) -> Result<(), String> {
    let engineer = Arc::new(Door::sign_in(router, "luojiaju", PASSWORD).await?);
    let leader = Arc::new(Door::sign_in(router, "zhoumu", PASSWORD).await?);
    let known = engineer.get("/api/stations?limit=1").await?;
    if known["items"].as_array().is_some_and(|items| !items.is_empty()) {
        return Ok(());
    }
    // The first one is the story's, and stays the oldest.
    let (first, others) = stations.split_at(1.min(stations.len()));
    for group in [first, others] {
        let works = group.iter().map(|station| {
            let (station, engineer) = (station.clone(), Arc::clone(&engineer));
            let leader = Arc::clone(&leader);
            async move { station.register(&engineer, &leader).await }
        });
        together(works).await?;
    }
    Ok(())
}

impl DemoStation {
    async fn register(&self, engineer: &Door, leader: &Door) -> Result<(), String> {
        let station = self;
        let new = json!({
            "code": station.code,
            "name": station.name,
            "class": "river",
            "region": station.region,
            "river": station.river,
            "point": { "lon": station.lon, "lat": station.lat },
            "period_s": station.period_s(),
            "elements": ["Z", "PJ", "PT", "VT"],
        });
        let made = engineer.post("/api/stations", new).await?;
        let sensors = made["sensors"].as_array().cloned().unwrap_or_default();
        let level = sensors.iter().find(|sensor| sensor["quantity"] == "water_level");
        let sensor = level.map(|sensor| sensor["id"].clone()).ok_or("a station without a stage")?;
        for (line, name, level, threshold) in [
            ("warning", "水位超警戒", "yellow", station.warning),
            ("guarantee", "水位超保证", "orange", station.guarantee),
        ] {
            let rule = json!({
                "name": name,
                "sensor": sensor,
                "hazard": "flood",
                "level": level,
                "comparison": "at_or_above",
                "threshold": threshold,
                "hysteresis": 0.05,
                "times": 1,
                "delay_s": 0,
                "line": line,
                "line_word": if line == "warning" { "警戒" } else { "保证" },
                "source": "演示数据，虚构",
                "confidence": "demo",
            });
            let proposed = engineer.post("/api/rules/proposals", rule).await?;
            let id = proposed["id"].as_str().ok_or("a proposal without an id")?;
            leader.post(&format!("/api/rules/proposals/{id}/publish"), json!({})).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_every_line_lies_above_the_one_before() {
        let stations = all().expect("reads");
        assert!(stations.len() > 60);
        for station in &stations {
            assert!(station.base < station.warning && station.warning < station.guarantee);
            assert!(base::Point::new(station.lon, station.lat).is_ok());
        }
        let mut codes: Vec<_> = stations.iter().map(|station| &station.code).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), stations.len());
    }
}
