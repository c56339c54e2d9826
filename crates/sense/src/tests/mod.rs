//! Stories at the doors of sense: devices on real sockets, people at the API.

mod town;
mod upstream;

mod board;
mod checks;
mod client_commands;
mod clocks;
mod coal;
mod commands;
mod doors;
mod gateways;
mod imports;
mod json;
mod limits;
mod mapping;
mod people;
mod person_files;
mod places;
mod quakes;
mod records;
mod relays;
mod restart;
mod retention;
mod sftp;
mod simulated;
mod strangers;
mod streams;
mod taken_files;
