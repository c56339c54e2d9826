//! `export`: readings as CSV or Parquet, a piece at a time.
//!
//! Of each reading: sensor, time and arrival in UTC, value in the unit of its series,
//! grade, and the byte of quality that says who doubted it. The file appears whole or
//! not at all. A running node gives the same to whoever may read them ([`door`]).

mod door;
mod parquet;
mod sink;
#[cfg(test)]
mod tests;

use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::{Id, Timestamp};
use clap::Args;
use series::{Config as SeriesConfig, RealDisk, SeriesNo, Store};

pub use self::door::{notes, routes};
use self::sink::{Format, Sink};
use crate::config::Config;
use crate::serve;

/// Writes readings of a stopped node into a CSV or Parquet file.
#[derive(Args)]
pub struct Options {
    /// The node's directory (`node.directory` of its configuration).
    #[arg(long, value_name = "DATA", default_value = "data", conflicts_with = "config")]
    directory: PathBuf,
    /// The node's configuration file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The world whose readings they are.
    #[arg(long, default_value = "real")]
    world: String,
    /// Sensors, by id; all when none is named.
    #[arg(long = "sensor", value_name = "ID")]
    sensors: Vec<Id>,
    /// From this time on, e.g. 2026-07-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    from: Timestamp,
    /// Before this time.
    #[arg(long, value_name = "TIME")]
    to: Timestamp,
    /// As they were known then: without what came or was corrected later.
    #[arg(long, value_name = "TIME")]
    known: Option<Timestamp>,
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// The file to be made; one of this name must not be there.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// # Errors
/// In words for a terminal.
pub fn command(options: &Options) -> Result<(), String> {
    let directory = match &options.config {
        None => options.directory.clone(),
        Some(_) => {
            #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
            let config = Config::load(options.config.as_deref(), std::env::vars())?;
            config.node.directory
        }
    };
    let store = directory.join("worlds").join(&options.world).join("series");
    if !store.join("dictionary").is_file() {
        return Err(format!("{} holds no readings of a world", store.display()));
    }
    let _lock = serve::try_lock(&directory)?
        .ok_or_else(|| format!("a node serves {}: stop it first", directory.display()))?;
    let store = Store::open(&store, Arc::new(RealDisk), SeriesConfig::default())
        .map_err(|error| error.to_string())?;
    let count = export(&store, options)?;
    println!("{}: {count} readings", options.output.display());
    let series = chosen(&store, &options.sensors)?;
    let before = series.iter().filter_map(|(_, series)| store.let_go_before(*series)).max();
    if let Some(before) = before.filter(|before| options.from < *before) {
        println!("readings before {before} are over, but for what is held: see keep-readings");
    }
    Ok(())
}

/// Writes the file; says how many readings are in it.
fn export(store: &Store, options: &Options) -> Result<u64, String> {
    if options.to <= options.from {
        return Err(format!("--to is {}, expected a time after {}", options.to, options.from));
    }
    let series = chosen(store, &options.sensors)?;
    let output = &options.output;
    if output.exists() {
        return Err(format!("{} is there already", output.display()));
    }
    let mut name = output.as_os_str().to_owned();
    name.push(".part");
    let draft = PathBuf::from(name);
    let written = write(store, options, &series, &draft);
    let failed = |error: io::Error| format!("{}: {error}", output.display());
    match written {
        Ok(count) => std::fs::rename(&draft, output).map(|()| count).map_err(failed),
        Err(error) => {
            let _ = std::fs::remove_file(&draft);
            Err(error)
        }
    }
}

/// The series of the sensors that are named, or all.
fn chosen(store: &Store, sensors: &[Id]) -> Result<Vec<(Id, SeriesNo)>, String> {
    if sensors.is_empty() {
        let all = (0..store.counts().series as u32).map(SeriesNo);
        return Ok(all.filter_map(|series| Some((store.sensor_of(series)?, series))).collect());
    }
    let find = |sensor: &Id| {
        let series = store.series_of(*sensor);
        series.map(|series| (*sensor, series)).ok_or_else(|| format!("no readings of {sensor}"))
    };
    sensors.iter().map(find).collect()
}

fn write(
    store: &Store,
    options: &Options,
    series: &[(Id, SeriesNo)],
    draft: &Path,
) -> Result<u64, String> {
    let failed = |error: io::Error| format!("{}: {error}", draft.display());
    let file = OpenOptions::new().write(true).create_new(true).open(draft).map_err(failed)?;
    let mut sink = Sink::new(options.format, BufWriter::new(file))?;
    let (mut count, loud) = (0, io::stderr().is_terminal());
    for (index, &(sensor, series)) in series.iter().enumerate() {
        let pieces = store.stream(series, options.from, options.to, options.known);
        for piece in pieces.map_err(|error| error.to_string())? {
            let piece = piece.map_err(|error| error.to_string())?;
            count += piece.len() as u64;
            sink.write(sensor, &piece)?;
        }
        if loud && index % 100 == 99 {
            eprint!("\r{} series, {count} readings", index + 1);
        }
    }
    if loud {
        eprintln!();
    }
    let file = sink.finish()?.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(count)
}
