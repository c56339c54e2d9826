//! The sources of the program, for tests that hold the code to the map.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the product, without what it says in its own tests.
pub struct Source {
    /// The crate it is in: a folder of `crates`.
    pub of: String,
    /// From `crates` on.
    pub path: String,
    pub text: String,
}

/// Every file of every crate but tests, by path.
pub fn of_product() -> Vec<Source> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Vec::new();
    for folder in fs::read_dir(&crates).expect("the crates are beside this one") {
        let folder = folder.expect("readable").path();
        let of = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let mut found = Vec::new();
        collect(&folder.join("src"), &mut found);
        for file in found {
            let text = fs::read_to_string(&file).expect("readable");
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let path = file.strip_prefix(&crates).expect("inside").display().to_string();
            sources.push(Source { of: of.clone(), path, text: text.to_owned() });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(200 < sources.len(), "{} files", sources.len());
    sources
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("readable").path();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let of_tests = |stem: &str| {
            stem.ends_with("tests") || matches!(stem, "story" | "town" | "chronicle" | "statements")
        };
        if stem.as_deref().is_some_and(of_tests) {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}
