//! `import boundaries`: official outlines of divisions.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::console::LONGEST_FILE;
use crate::import::{fault, query, read};
use crate::officer::Officer;

#[derive(Args)]
pub struct Options {
    /// GeoJSON, a ZIP with one shapefile, or a `.shp` with its `.dbf` beside it.
    file: PathBuf,
    /// Who published them, with the year or the number of the map.
    #[arg(long)]
    source: String,
    /// The first day of these boundaries; without it they hold since ever.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// cgcs2000, wgs84, gcj02 or bd09, where the file does not say it, or is wrong.
    #[arg(long)]
    datum: Option<String>,
    /// The attribute with the division codes; found when absent.
    #[arg(long, value_name = "ATTRIBUTE")]
    code: Option<String>,
    /// Looks at the outlines, and takes none.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    officer: Officer,
}

pub fn command(options: &Options) -> Result<(), String> {
    let file = file(&options.file)?;
    let mut path = format!("/api/regions/boundaries?source={}", query(&options.source));
    let given = [("from", &options.from), ("datum", &options.datum), ("code", &options.code)];
    for (name, value) in given {
        if let Some(value) = value {
            path.push_str(&format!("&{name}={}", query(value)));
        }
    }
    if !options.check {
        path.push_str("&take=true");
    }
    let answer = options.officer.come("system")?.bring(path, &file)?;
    println!(
        "{} in {}, codes from {}",
        answer["format"].as_str().unwrap_or_default(),
        answer["datum"].as_str().unwrap_or_default(),
        answer["attribute"].as_str().unwrap_or_default()
    );
    for feature in answer["features"].as_array().into_iter().flatten() {
        let number = &feature["number"];
        for of in feature["faults"].as_array().into_iter().flatten() {
            println!("feature {number} refused: {}", fault(of));
        }
        for of in feature["notices"].as_array().into_iter().flatten() {
            println!("feature {number}, {}, look at it: {}", feature["code"], fault(of));
        }
    }
    println!("{}: {}", if options.check { "would be" } else { "taken" }, answer["counts"]);
    Ok(())
}

/// The bytes to bring; of a shapefile its parts in one archive.
fn file(path: &Path) -> Result<Vec<u8>, String> {
    let is_shp = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("shp"));
    if !is_shp {
        return read(path, LONGEST_FILE as u64);
    }
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for ending in ["shp", "dbf", "prj", "cpg"] {
        let endings = [ending.to_owned(), ending.to_ascii_uppercase()];
        let parts = endings.iter().map(|ending| path.with_extension(ending));
        let Some(part) = parts.into_iter().find(|part| part.is_file()) else { continue };
        let bytes = read(&part, LONGEST_FILE as u64)?;
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        archive.start_file(format!("shape.{ending}"), stored).map_err(|error| wrong(&error))?;
        archive.write_all(&bytes).map_err(|error| wrong(&error))?;
    }
    let whole = archive.finish().map_err(|error| wrong(&error))?.into_inner();
    if LONGEST_FILE < whole.len() {
        return Err(format!(
            "{} packs to {} bytes, expected at most {LONGEST_FILE}",
            path.display(),
            whole.len()
        ));
    }
    Ok(whole)
}
