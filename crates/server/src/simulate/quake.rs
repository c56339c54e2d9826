//! Agencies that report earthquakes, to a running node: one earthquake by two agencies,
//! with a revision, or a whole catalogue.

use std::path::{Path, PathBuf};
use std::time::Duration as MachineTime;

use base::{Duration, Timestamp};
use clap::Args;
use serde_json::{Value as Json, json};

use crate::officer::{Officer, Present};

/// Where reports are brought.
const DOOR: &str = "/api/earthquake-reports?source=simulate";

#[derive(Args)]
pub struct Options {
    /// A catalogue to bring instead: CSV with id, year, month, day, hour, min, sec, lat,
    /// lon, mag, depth (-1 where it is not known).
    #[arg(long, value_name = "FILE")]
    catalogue: Option<PathBuf>,
    /// Shifts the catalogue in time, so that its last earthquake was a minute ago.
    #[arg(long, requires = "catalogue")]
    until_now: bool,
    /// Magnitude of the one earthquake, Ms.
    #[arg(long, default_value_t = 5.8)]
    magnitude: f64,
    /// Its epicentre, degrees.
    #[arg(long, default_value_t = 124.05, allow_negative_numbers = true)]
    lon: f64,
    #[arg(long, default_value_t = 44.73, allow_negative_numbers = true)]
    lat: f64,
    /// Its depth, km.
    #[arg(long, default_value_t = 9.0)]
    depth: f64,
    /// Takes it back at the end.
    #[arg(long)]
    withdraw: bool,
    /// Seconds between two reports.
    #[arg(long, default_value_t = 5.0)]
    pause: f64,
    #[command(flatten)]
    officer: Officer,
}

impl Options {
    pub fn play(self) -> Result<(), String> {
        let pause = MachineTime::try_from_secs_f64(self.pause)
            .map_err(|_| format!("pause is {}, expected seconds from 0 on", self.pause))?;
        let now = host::world::wall_clock();
        let documents = match &self.catalogue {
            Some(path) => vec![catalogue(path, self.until_now.then_some(now))?],
            None => self.one_earthquake(now),
        };
        let officer = self.officer.come("hanlichun")?;
        for (number, document) in documents.iter().enumerate() {
            if 0 < number {
                std::thread::park_timeout(pause);
            }
            println!("{}", bring(&officer, document)?);
        }
        Ok(())
    }

    /// Automatic by one agency, then by another in another format, then reviewed.
    fn one_earthquake(&self, now: Timestamp) -> Vec<Vec<u8>> {
        let quaked = now - Duration::from_mins(1);
        let event = format!("sim{}", quaked.as_millis());
        let of = |updated: i64, status: &str, magnitude: f64, depth: f64| {
            let feature = json!({
                "type": "Feature", "id": event,
                "properties": { "mag": magnitude, "magType": "ms", "place": "模拟地震",
                    "time": quaked.as_millis(), "updated": quaked.as_millis() + updated,
                    "status": status, "net": "us", "type": "earthquake" },
                "geometry": { "type": "Point", "coordinates": [self.lon, self.lat, depth] },
            });
            feature.to_string().into_bytes()
        };
        let rounded = |value: f64| (value * 10.0).round() / 10.0;
        let text = format!(
            "#EventID|Time|Latitude|Longitude|Depth/km|Contributor|MagType|Magnitude\n\
             {event}c|{}|{:.2}|{:.2}|{}|cenc|Ms|{:.1}\n",
            quaked + Duration::from_secs(2),
            self.lat + 0.03,
            self.lon - 0.04,
            self.depth,
            rounded(self.magnitude + 0.1),
        );
        let mut documents = vec![
            of(60_000, "automatic", rounded(self.magnitude + 0.3), 10.0),
            text.into_bytes(),
            of(600_000, "reviewed", self.magnitude, self.depth),
        ];
        if self.withdraw {
            documents.push(of(900_000, "deleted", self.magnitude, self.depth));
        }
        documents
    }
}

fn bring(officer: &Present, document: &[u8]) -> Result<String, String> {
    let told = officer.bring(DOOR.to_owned(), document)?;
    if let Some(refused) = told["refused"].as_str() {
        return Err(format!("the node refused it: {refused}"));
    }
    let count = |name: &str| told[name].as_i64().unwrap_or(0);
    let faults = told["faults"].as_array().into_iter().flatten();
    let faults: String = faults
        .map(|fault| format!("\n  {}: {}", said(fault, "place"), said(fault, "problem")))
        .collect();
    Ok(format!(
        "events {}, new {}, known {}, of no concern {}, faulty {}{faults}",
        count("events"),
        count("taken"),
        count("known"),
        count("far"),
        count("faulty"),
    ))
}

fn said<'a>(fault: &'a Json, name: &str) -> &'a str {
    fault[name].as_str().unwrap_or_default()
}

/// A catalogue as FDSN event text; rows without a whole date are told and left out.
fn catalogue(path: &Path, until: Option<Timestamp>) -> Result<Vec<u8>, String> {
    let csv = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let (rows, without) = rows(&csv)?;
    if 0 < without {
        println!("{without} rows have no whole date and are left out");
    }
    let last = rows.iter().map(|row| row.time).max().ok_or("the catalogue has no rows")?;
    let shift = until.map_or(Duration::ZERO, |until| (until - Duration::from_mins(1)).since(last));
    let mut text = "#EventID|Time|Latitude|Longitude|Depth/km|Magnitude\n".to_owned();
    for Row { id, time, lat, lon, depth, magnitude } in rows {
        let time = time + shift;
        text.push_str(&format!("{id}|{time}|{lat}|{lon}|{depth}|{magnitude}\n"));
    }
    Ok(text.into_bytes())
}

#[derive(Debug, PartialEq)]
struct Row {
    id: String,
    time: Timestamp,
    lat: String,
    lon: String,
    /// Empty where it is not known.
    depth: String,
    magnitude: String,
}

const COLUMNS: [&str; 11] =
    ["id", "year", "month", "day", "hour", "min", "sec", "lat", "lon", "mag", "depth"];

/// The rows with a whole date, and how many have none.
fn rows(csv: &str) -> Result<(Vec<Row>, usize), String> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().trim().split(',').collect();
    let place = |name: &str| header.iter().position(|column| *column == name);
    let mut places = [0; COLUMNS.len()];
    for (at, name) in places.iter_mut().zip(COLUMNS) {
        *at = place(name)
            .ok_or_else(|| format!("the header has no {name}, expected {}", COLUMNS.join(",")))?;
    }
    let (mut rows, mut without) = (Vec::new(), 0);
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split(',').collect();
        let [id, year, month, day, hour, minute, second, lat, lon, magnitude, depth] =
            places.map(|at| fields.get(at).copied().unwrap_or_default().trim());
        let second = second.split('.').next().unwrap_or_default();
        let time =
            format!("{year:0>4}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}:{second:0>2}Z");
        let Ok(time) = time.parse() else {
            without += 1;
            continue;
        };
        let depth = if depth == "-1" { "" } else { depth };
        let [id, lat, lon, depth, magnitude] =
            [id, lat, lon, depth, magnitude].map(|it| it.replace('|', " "));
        rows.push(Row { id, time, lat, lon, depth, magnitude });
    }
    Ok((rows, without))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_is_rows_with_whole_dates_and_unknown_depths_stay_unknown() {
        let csv = include_str!("../../../../fixtures/quake/ne_china_catalogue_ad19_2015.csv");
        let (rows, without) = rows(csv).expect("it reads");
        assert_eq!((rows.len(), without), (975, 12));
        assert_eq!(rows[0].depth, "", "{:?}", rows[0]);
        assert!(super::rows("id,year\n1,2").is_err_and(|error| error.contains("month")));
    }

    #[test]
    fn one_earthquake_is_three_reports_of_two_agencies_that_are_read() {
        let options = Options {
            catalogue: None,
            until_now: false,
            magnitude: 5.8,
            lon: 124.05,
            lat: 44.73,
            depth: 9.0,
            withdraw: true,
            pause: 0.0,
            officer: officer(),
        };
        let now = "2026-08-03T00:00:00Z".parse().expect("a time");
        let documents = options.one_earthquake(now);
        assert_eq!(documents.len(), 4);
        for document in documents {
            let events = crate::codec::quake::decode(&document);
            assert!(matches!(&events[..], [Ok(_)]), "{events:?}");
        }
    }

    fn officer() -> Officer {
        #[derive(clap::Parser)]
        struct Words {
            #[command(flatten)]
            officer: Officer,
        }
        <Words as clap::Parser>::parse_from(["words"]).officer
    }
}
