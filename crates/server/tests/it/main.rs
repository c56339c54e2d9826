//! The built binary, from outside: processes, ports, files and signals.
//!
//! Each story starts a node of its own, on free ports and in its own directory.

mod abuse;
mod all_doors;
mod backup;
mod cap_feed;
mod client;
mod codec;
mod commands;
mod connections;
mod copy;
mod crash;
mod demonstration;
mod disk;
mod exchange;
mod export;
mod handover;
mod import;
mod node;
mod patience;
mod refusal;
mod segment_command;
mod told;
mod town;
mod upstream;
