//! Stories at the doors of sense: devices on real sockets, people at the API.

mod town;

mod doors;
mod limits;
mod mapping;
mod people;
mod records;
mod restart;
mod simulated;
mod strangers;
mod streams;
