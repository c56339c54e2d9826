//! Where readings are written to: CSV or Parquet, into a file or down a connection.

use std::io::Write;

use base::Id;
use base::quantity::Grade;
use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use series::Reading;

use super::parquet::ParquetFile;

#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Text with a head line, times as RFC 3339.
    #[default]
    Csv,
    /// Columns with types, compressed (zstd).
    Parquet,
}

impl Format {
    /// As it is written in addresses and at the end of names.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }
}

pub(super) enum Sink<W: Write + Send> {
    Csv(W),
    Parquet(Box<ParquetFile<W>>),
}

impl<W: Write + Send> Sink<W> {
    pub fn new(format: Format, mut out: W) -> Result<Sink<W>, String> {
        match format {
            Format::Csv => {
                writeln!(out, "sensor,time,value,grade,quality,received")
                    .map_err(|error| error.to_string())?;
                Ok(Sink::Csv(out))
            }
            Format::Parquet => Ok(Sink::Parquet(Box::new(ParquetFile::create(out)?))),
        }
    }

    pub fn write(&mut self, sensor: Id, readings: &[Reading]) -> Result<(), String> {
        match self {
            Sink::Parquet(file) => file.write(sensor, readings),
            Sink::Csv(out) => readings
                .iter()
                .try_for_each(|reading| {
                    let Reading { time, value, quality, received } = reading;
                    let (word, byte) = (word(quality.grade()), quality.0);
                    writeln!(out, "{sensor},{time},{value},{word},{byte},{received}")
                })
                .map_err(|error| error.to_string()),
        }
    }

    /// Writes what is left; gives back what was written into.
    pub fn finish(self) -> Result<W, String> {
        match self {
            Sink::Parquet(file) => file.finish(),
            Sink::Csv(out) => Ok(out),
        }
    }
}

pub(super) fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "good",
        Grade::Uncertain => "uncertain",
        Grade::Bad => "bad",
    }
}
