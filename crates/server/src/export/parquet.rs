//! Parquet: the same columns with types, in groups of rows of bounded size.

use std::io::Write;
use std::sync::Arc;

use base::Id;
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use series::Reading;

use super::sink::word;

const SCHEMA: &str = "message readings {
    required binary sensor (STRING);
    required int64 time (TIMESTAMP(MILLIS, true));
    required double value;
    required binary grade (STRING);
    required int32 quality (INTEGER(8, false));
    required int64 received (TIMESTAMP(MILLIS, true));
}";

/// Rows are written in groups of about so many, which wait in memory.
const GROUP: usize = 200_000;

/// A file being written.
pub(super) struct ParquetFile<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    rows: Rows,
}

/// Rows by column.
#[derive(Default)]
struct Rows {
    sensors: Vec<ByteArray>,
    times: Vec<i64>,
    values: Vec<f64>,
    grades: Vec<ByteArray>,
    qualities: Vec<i32>,
    received: Vec<i64>,
}

fn words(error: ParquetError) -> String {
    format!("the Parquet file cannot be written: {error}")
}

impl<W: Write + Send> ParquetFile<W> {
    pub fn create(file: W) -> Result<ParquetFile<W>, String> {
        let schema = Arc::new(parse_message_type(SCHEMA).map_err(words)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("fengsui ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = SerializedFileWriter::new(file, schema, Arc::new(properties));
        Ok(ParquetFile { writer: writer.map_err(words)?, rows: Rows::default() })
    }

    pub fn write(&mut self, sensor: Id, readings: &[Reading]) -> Result<(), String> {
        let sensor = ByteArray::from(sensor.to_string().into_bytes());
        for part in readings.chunks(GROUP) {
            self.rows.add(&sensor, part);
            if self.rows.times.len() >= GROUP {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), String> {
        let rows = std::mem::take(&mut self.rows);
        let mut group = self.writer.next_row_group().map_err(words)?;
        rows.write(&mut group).map_err(words)?;
        group.close().map(|_| ()).map_err(words)
    }

    /// Writes what is left and the foot.
    pub fn finish(mut self) -> Result<W, String> {
        if !self.rows.times.is_empty() {
            self.flush()?;
        }
        self.writer.into_inner().map_err(words)
    }
}

impl Rows {
    fn add(&mut self, sensor: &ByteArray, readings: &[Reading]) {
        for reading in readings {
            let grade = word(reading.quality.grade());
            self.sensors.push(sensor.clone());
            self.times.push(reading.time.as_millis());
            self.values.push(reading.value);
            self.grades.push(ByteArray::from(grade));
            self.qualities.push(i32::from(reading.quality.0));
            self.received.push(reading.received.as_millis());
        }
    }

    /// Column after column, as the schema has them.
    fn write<W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        column::<ByteArrayType, W>(group, &self.sensors)?;
        column::<Int64Type, W>(group, &self.times)?;
        column::<DoubleType, W>(group, &self.values)?;
        column::<ByteArrayType, W>(group, &self.grades)?;
        column::<Int32Type, W>(group, &self.qualities)?;
        column::<Int64Type, W>(group, &self.received)
    }
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
) -> Result<(), ParquetError> {
    let mut column = group.next_column()?.ok_or_else(|| {
        ParquetError::General("the schema has fewer columns than are written".to_owned())
    })?;
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}
