//! Checking a backup, offline: every digest, and every chain of every world.

use std::collections::BTreeSet;
use std::path::Path;

use super::files;
use super::manifest::{self, BookRecord, Manifest, WorldRecord};
use super::take::Progress;
use crate::error::Result;
use crate::verify::{self, Report};

/// Faults after which the list is long enough to act on.
const FAULTS_LISTED: usize = 100;

/// What checking found.
#[derive(Debug)]
pub struct Checked {
    pub manifest: Manifest,
    /// Both books of each world.
    pub reports: Vec<(String, Vec<Report>)>,
    /// What is wrong, each naming its file. A book's own faults are in its report.
    pub faults: Vec<String>,
}

impl Checked {
    pub fn is_sound(&self) -> bool {
        let reports = self.reports.iter().flat_map(|(_, reports)| reports);
        self.faults.is_empty() && reports.flat_map(|report| &report.faults).next().is_none()
    }
}

/// Checks a backup. `witnessed` are heads of the real world's log that somebody else
/// holds: see [`verify::file`].
///
/// # Errors
/// [`crate::Error::Conflict`] when there is no manifest that reads, or whatever
/// `tell` says; what is wrong with the rest is in the answer.
pub fn check(
    backup: &Path,
    witnessed: &[String],
    tell: &mut dyn FnMut(Progress) -> Result<()>,
) -> Result<Checked> {
    let manifest = Manifest::read(backup)?;
    let mut faults = Vec::new();
    sums(backup, &manifest, &mut faults)?;
    let (of, mut done) = (manifest.bytes(), 0);
    for record in &manifest.files {
        let path = backup.join(&record.path);
        let found = files::digest(&path, &mut |count| {
            done += count;
            tell(Progress { what: "digests".to_owned(), done, of })
        });
        match found {
            Err(error) if !path.is_file() => faults.push(format!("{}: {error}", record.path)),
            Err(error) => return Err(error),
            Ok((bytes, _)) if bytes != record.bytes => {
                let expected = record.bytes;
                faults.push(format!("{}: has {bytes} bytes, expected {expected}", record.path));
            }
            Ok((_, sha256)) if sha256 != record.sha256 => {
                faults.push(format!("{}: is not what the manifest says", record.path));
            }
            Ok(_) => {}
        }
    }
    strangers(backup, &manifest, &mut faults)?;
    let mut reports = Vec::new();
    for world in &manifest.worlds {
        let path = world.folder().join("facts.db");
        let witnessed = if world.kind == manifest::Kind::Real { witnessed } else { &[] };
        // A database whose bytes are not those that were copied may not even open.
        match verify::file(&backup.join(&path), witnessed) {
            Err(error) => faults.push(format!("{}: {error}", path.display())),
            Ok(found) => {
                compare(world, &found, &path, &mut faults);
                reports.push((world.name.clone(), found));
            }
        }
    }
    faults.truncate(FAULTS_LISTED);
    Ok(Checked { manifest, reports, faults })
}

/// The list of sums names the manifest too, so that no byte is beyond it.
fn sums(backup: &Path, manifest: &Manifest, faults: &mut Vec<String>) -> Result<()> {
    let (_, sha256) = files::digest(&backup.join(manifest::FILE), &mut |_| Ok(()))?;
    let found = match manifest::read_limited(&backup.join(manifest::SUMS)) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            faults.push(format!("{}: {error}", manifest::SUMS));
            return Ok(());
        }
    };
    let expected = manifest.sums(&sha256);
    if found == expected {
        return Ok(());
    }
    let of_manifest = format!("{sha256}  {}", manifest::FILE);
    if !found.lines().any(|line| line == of_manifest) {
        let (file, sums) = (manifest::FILE, manifest::SUMS);
        faults.push(format!("{file}: is not what {sums} says, or that line of {sums} is changed"));
    }
    let changed = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
    if found.lines().count() != expected.lines().count()
        || changed.is_some_and(|(_, expected)| expected != of_manifest)
        || found.len() != expected.len()
    {
        let file = manifest::FILE;
        faults.push(format!("{}: does not list what {file} lists", manifest::SUMS));
    }
    Ok(())
}

/// Files that nobody put there by taking a backup.
fn strangers(backup: &Path, manifest: &Manifest, faults: &mut Vec<String>) -> Result<()> {
    let known: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    for name in files::list(backup)? {
        let ours = [manifest::FILE, manifest::SUMS].contains(&name.as_str());
        if !ours && !known.contains(name.as_str()) {
            faults.push(format!("{name}: is not in the manifest"));
        }
    }
    Ok(())
}

fn compare(world: &WorldRecord, found: &[Report], path: &Path, faults: &mut Vec<String>) {
    let found: Vec<BookRecord> = found.iter().map(BookRecord::of).collect();
    if found != world.books {
        faults.push(format!("{}: its books do not end as the manifest says", path.display()));
    }
}
