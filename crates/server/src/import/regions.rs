//! `import regions`: divisions out of a table, row by row.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value as Json, json};

use crate::console::{Asking, LONGEST_FILE};
use crate::import::{fault, query, read};
use crate::officer::{Officer, Present};

#[derive(Args)]
pub struct Options {
    /// XLSX, or CSV in UTF-8 or GB 18030.
    file: PathBuf,
    /// Looks at the rows, and takes none.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    officer: Officer,
}

/// Between two looks at how far it is.
const PAUSE: Duration = Duration::from_millis(400);

pub fn command(options: &Options) -> Result<(), String> {
    let file = read(&options.file, LONGEST_FILE as u64)?;
    let name = options.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = query(&name.unwrap_or_default());
    let officer = options.officer.come("system")?;
    let path = format!("/api/imports?register=region&file={name}");
    let brought = officer.bring(path, &file)?;
    let id = brought["id"].as_str().unwrap_or_default().to_owned();
    let looked = until(&officer, &id, &["ready", "unmapped"])?;
    if looked["state"] == "unmapped" {
        return Err(format!("columns are missing: {}", looked["missing"]));
    }
    show(&officer, &id, &looked)?;
    if options.check {
        officer.ask(vec![Asking::post(format!("/api/imports/{id}/stop"), json!({}))])?;
        return Ok(());
    }
    officer.ask(vec![Asking::post(format!("/api/imports/{id}/confirm"), json!({}))])?;
    let done = until(&officer, &id, &["done"])?;
    println!("taken: {}", done["counts"]);
    Ok(())
}

/// Waits for one of some states.
fn until(officer: &Present, id: &str, states: &[&str]) -> Result<Json, String> {
    loop {
        let answers = officer.ask(vec![Asking::get(format!("/api/imports/{id}"))])?;
        let import = answers.into_iter().next().unwrap_or(Json::Null);
        let state = import["state"].as_str().unwrap_or_default();
        if states.contains(&state) {
            return Ok(import);
        }
        if matches!(state, "failed" | "stopped" | "done" | "") {
            return Err(format!("the import is {state}: {}", import["problem"]));
        }
        std::thread::park_timeout(PAUSE);
    }
}

/// What would become of the rows, and a line for each thing that is wrong.
fn show(officer: &Present, id: &str, import: &Json) -> Result<(), String> {
    println!("{}", import["counts"]);
    let mut path = format!("/api/imports/{id}/faults?limit=200");
    loop {
        let page = officer.ask(vec![Asking::get(path)])?.into_iter().next().unwrap_or(Json::Null);
        for row in page["items"].as_array().into_iter().flatten() {
            println!("row {} refused: {}", row["row"], fault(row));
        }
        let Some(next) = page["next"].as_str() else { return Ok(()) };
        path = format!("/api/imports/{id}/faults?limit=200&cursor={next}");
    }
}
