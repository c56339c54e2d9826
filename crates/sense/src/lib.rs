//! Sense: frame → observation → series.
//!
//! Doors deliver what devices send to one intake, which keeps the bytes, stores the
//! readings, and only then lets a door acknowledge. Modules are in the order that
//! data flow.

mod words;

pub mod gateway;
pub mod intake;
pub mod protocol;

mod register;
pub mod station;

pub mod check;
pub mod retention;

pub mod quake;

mod held;
mod person_file;
mod point;
mod reading;
mod reject;
mod source;
mod taken_file;
mod underground;
pub mod waiting;

pub mod upstream;

pub mod simulate;

pub use protocol::Protocol;
pub use station::{Sensor, SensorId, Station, StationId, sensor};

/// What this stage gives to the binary.
pub fn part() -> host::Part {
    host::Part {
        name: "sense",
        slices: vec![
            station::slice(),
            retention::slice(),
            waiting::slice(),
            reject::slice(),
            source::slice(),
            point::slice(),
            held::slice(),
            person_file::slice(),
            taken_file::slice(),
            quake::slice(),
            quake::messages(),
        ],
        registers: vec![station::register_of_stations(), station::register_of_sensors()],
        effects: vec![std::sync::Arc::new(station::SendCommand::default())],
        taps: vec![reading::tap, check::start, retention::start],
        jobs: vec![retention::job()],
        routes: protocol::routes()
            .merge(station::routes())
            .merge(source::routes())
            .merge(waiting::routes())
            .merge(reject::routes())
            .merge(point::routes())
            .merge(held::routes())
            .merge(person_file::routes())
            .merge(underground::routes())
            .merge(check::routes())
            .merge(retention::routes())
            .merge(reading::routes())
            .merge(quake::routes()),
        notes: vec![
            station::notes(),
            station::command::notes(),
            person_file::notes(),
            retention::notes(),
        ],
        permissions: vec![
            station::READ,
            station::REGISTER,
            station::command::ASK,
            station::command::SET,
            waiting::ADMIT,
            reject::READ,
            person_file::OPEN,
            retention::READ,
            retention::SET,
            retention::HOLD,
            quake::READ,
            quake::REPORT,
        ],
        ..host::Part::default()
    }
}

#[cfg(test)]
mod tests;
