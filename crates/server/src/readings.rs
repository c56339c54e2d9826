//! `verify --series`: the readings of a node, from what is stored alone, and mended.
//!
//! Who holds the directory's lock does it: this process when the node is stopped, else
//! the node itself, asked through its console.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::Node;
use serde::{Deserialize, Serialize};
use series::{Damage, RealDisk, Report};

use crate::{console, serve};

/// What was found, in lines for a terminal.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Found {
    pub lines: Vec<String>,
    pub is_sound: bool,
}

/// Verifies the readings of every world below a node's directory, and prints what is
/// found; with `repairs`, sets aside what is damaged. Says whether all is sound then.
pub fn verify(directory: &Path, repairs: bool) -> Result<bool, String> {
    let found = match serve::try_lock(directory)? {
        Some(_lock) => at_rest(directory, repairs)?,
        None if repairs => {
            let place = directory.display();
            return Err(format!("a node serves {place}: stop it, then mend its readings"));
        }
        None => console::ask_for_series(directory)?,
    };
    found.lines.iter().for_each(|line| println!("{line}"));
    Ok(found.is_sound)
}

fn at_rest(directory: &Path, repairs: bool) -> Result<Found, String> {
    let mut found = Found { lines: Vec::new(), is_sound: true };
    for (name, store) in stores(directory)? {
        let disk = Arc::new(RealDisk);
        let words = |error: series::SeriesError| format!("readings of {name}: {error}");
        let report = series::verify(&store, disk.clone()).map_err(words)?;
        found.add(&name, &report);
        if repairs && !report.damages.is_empty() {
            let repaired = series::repair(&store, disk).map_err(words)?;
            for path in &repaired.set_aside {
                found.lines.push(format!("  SET ASIDE {}", path.display()));
            }
            found.lines.push(format!("  {} readings of these were saved", repaired.saved));
            found.is_sound = repaired.after.damages.is_empty();
            found.add(&name, &repaired.after);
        }
    }
    Ok(found)
}

/// The worlds below a node's directory that have readings.
fn stores(directory: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let worlds = directory.join("worlds");
    let failed = |error: std::io::Error| format!("{}: {error}", worlds.display());
    let mut stores = Vec::new();
    for entry in std::fs::read_dir(&worlds).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let store = entry.path().join("series");
        if store.join("dictionary").is_file() {
            stores.push((entry.file_name().to_string_lossy().into_owned(), store));
        }
    }
    stores.sort();
    Ok(stores)
}

/// What a running node finds of all worlds that are open.
pub fn of_node(node: &Node) -> Result<Found, String> {
    let mut found = Found { lines: Vec::new(), is_sound: true };
    for world in node.worlds().into_iter().filter(|world| world.as_of().is_none()) {
        let (name, report) = (world.name(), world.series().verify());
        found.add(name, &report.map_err(|error| format!("readings of {name}: {error}"))?);
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, world: &str, report: &Report) {
        let Report { files, bytes, readings, damages, notes } = report;
        self.lines.push(format!(
            "Readings of {world}: {files} files, {bytes} bytes, {readings} readings in blocks"
        ));
        self.lines.extend(notes.iter().map(|note| format!("  note {note}")));
        for damage in damages {
            self.is_sound = false;
            self.lines.push(line(damage));
        }
    }
}

fn line(damage: &Damage) -> String {
    let (file, offset, what) = (damage.file.display(), damage.offset, &damage.what);
    let lost = match &damage.lost {
        None if damage.is_mendable => "; all of it is lost".to_owned(),
        None => "; only a backup brings it back".to_owned(),
        Some(lost) => {
            let (first, end) = (lost.series.start.0, lost.series.end.0);
            let who = match lost.sensor {
                Some(sensor) if first + 1 == end => format!("sensor {sensor}"),
                _ => format!("series {first} to {}", end.saturating_sub(1)),
            };
            let count = lost.readings.map_or_else(String::new, |count| format!("{count} "));
            format!("; lost: {count}readings of {who} from {} to {}", lost.from, lost.to)
        }
    };
    format!("  FAULT {file} at byte {offset}: {what}{lost}")
}

#[cfg(test)]
mod tests {
    use base::quantity::{Quality, SeriesKind};
    use base::{Id, Timestamp};
    use series::{Config, Sample, Store};

    use super::*;

    #[test]
    fn a_damaged_block_is_named_with_what_is_lost_and_mended_aloud() {
        let scratch = host::town::Scratch::new();
        let directory = scratch.path();
        let store = directory.join("worlds/real/series");
        let open = || Store::open(&store, Arc::new(RealDisk), Config::default()).expect("opens");
        let sensors = [1, 2].map(|id| (Id::from_u128(id), SeriesKind::Gauge));
        {
            let store = open();
            let series = store.register_all(&sensors).expect("registers");
            let time = Timestamp::from_millis(1_000_000);
            let sample = |series| Sample { series, time, value: 1.5, quality: Quality::GOOD };
            store.append(time, series.into_iter().map(sample).collect()).expect("stores");
            store.seal().expect("seals");
        }
        let sound = at_rest(directory, false).expect("nobody serves it");
        assert!(sound.is_sound, "{:?}", sound.lines);
        let block = store.join("blocks/0000000001.block");
        let mut bytes = std::fs::read(&block).expect("is there");
        bytes[40] ^= 1;
        std::fs::write(&block, bytes).expect("is writable");
        let broken = at_rest(directory, false).expect("nobody serves it");
        assert!(!broken.is_sound);
        let text = broken.lines.join("\n");
        let lost = format!("lost: 1 readings of sensor {}", Id::from_u128(1));
        assert!(text.contains("FAULT") && text.contains(&lost), "{text}");
        let mended = at_rest(directory, true).expect("can be mended");
        assert!(mended.is_sound, "{:?}", mended.lines);
        assert!(mended.lines.join("\n").contains("SET ASIDE"));
        let store = open();
        assert_eq!(store.set_aside().len(), 1);
        let other = store.series_of(Id::from_u128(2)).expect("is known");
        let (from, to) = (Timestamp::from_millis(0), Timestamp::from_millis(9_000_000));
        assert_eq!(store.range(other, from, to, None).expect("reads").len(), 1);
    }
}
