//! `fengsui`: the emergency-management platform in one binary.
//!
//! This crate is wiring: the command line, the configuration, the list of parts,
//! and the web UI inside. Everything a reading meets on its way is in the crates
//! before it.

mod backup;
mod codec;
mod config;
mod console;
mod copy;
mod demo;
mod door;
mod export;
mod http;
mod import;
mod neighbour;
mod node_routes;
mod officer;
mod paced;
mod parts;
mod readings;
mod reference;
mod restore;
mod roles;
mod segment;
mod serve;
mod simulate;
mod ui;
mod upstream;
mod verify;
mod worlds;

#[cfg(test)]
mod chronicle;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod statements;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// 烽燧: senses, judges, warns, commands.
#[derive(Parser)]
#[command(name = "fengsui", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a node.
    Serve {
        /// The configuration file; without it all defaults hold.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Runs a seeded node with a river that rises, on loopback, in a directory of its own.
    Demo(demo::Options),
    /// Plays the device side of a protocol against any node.
    Simulate(simulate::Options),
    /// Reads frames of a protocol (hex, bytes or a file) and prints one JSON document per frame.
    Decode(codec::DecodeOptions),
    /// Writes frames of a protocol from the JSON that `decode` prints, as hex.
    Encode(codec::EncodeOptions),
    /// Verifies the log and the trail of a node, its readings, or a whole backup.
    Verify(verify::Options),
    /// Copies a node's records into a directory, also while the node serves.
    Backup(backup::Options),
    /// Makes a node of a backup, in a directory where none is.
    Restore(restore::Options),
    /// Writes readings of a stopped node into a CSV or Parquet file.
    Export(export::Options),
    /// Writes, checks and shows segment files: stretches of a node's log for another node.
    Segment(segment::Options),
    /// Decides about other nodes, as the security officer of the running node.
    Neighbour(neighbour::Options),
    /// Brings official tables into the running node, as its system officer.
    Import(import::Options),
    /// Prints a generated reference: openapi, config, facts, permissions or protocols.
    Reference(reference::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve { config } => serve::command(config.as_deref()),
        Command::Demo(options) => demo::command(&options),
        Command::Simulate(options) => simulate::command(options),
        Command::Decode(options) => return codec::decode(&options),
        Command::Encode(options) => return codec::encode(&options),
        Command::Verify(options) => return verify::command(&options),
        Command::Backup(options) => return backup::command(&options),
        Command::Restore(options) => restore::command(&options),
        Command::Export(options) => export::command(&options),
        Command::Segment(options) => return segment::command(&options),
        Command::Neighbour(options) => neighbour::command(&options),
        Command::Import(options) => import::command(&options),
        Command::Reference(options) => reference::command(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fengsui: {error}");
            ExitCode::FAILURE
        }
    }
}
