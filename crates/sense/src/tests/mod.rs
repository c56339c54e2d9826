//! Stories at the doors of sense: devices on real sockets, people at the API.

mod town;

mod board;
mod coal;
mod doors;
mod gateways;
mod imports;
mod json;
mod limits;
mod lines;
mod mapping;
mod people;
mod records;
mod restart;
mod sftp;
mod simulated;
mod strangers;
mod streams;
