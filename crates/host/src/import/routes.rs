//! The door for people who bring tables. An import is its bringer's own: nobody else
//! finds it, whatever they hold.

use std::io::{self, Read as _, Write as _};
use std::path::Path as File;
use std::sync::Arc;

use axum::body::Body as Bytes;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base::{Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::cells::csv_cell;
use super::layout::{Layout, Said};
use super::sheet::LARGEST_FILE;
use super::store::{self, Counts, FaultView, Run, Sample, State};
use super::{Column, IMPORT, Reach, Register, note, run};
use crate::error::{Error, Result};
use crate::params;
use crate::scope::Caller;
use crate::web::{Body, Idempotency, Json, Page, Paged, Params, Path, Reply, Routes, pieces, text};
use crate::world::World;

/// Files that come in at one time.
const AT_ONCE: usize = 2;

pub(super) fn routes() -> Routes {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let upload =
        move |world, caller, query, body| bring(places.clone(), world, caller, query, body);
    Routes::new()
        .get("/api/imports/registers", IMPORT, "Lists registers that take tables", registers)
        .gives::<Page<RegisterView>>()
        .get(
            "/api/imports/registers/{name}/template",
            IMPORT,
            "Gives a register's empty table as CSV",
            template,
        )
        .get("/api/imports", IMPORT, "Lists one's own imports, newest first", list)
        .paged()
        .gives::<Page<ImportView>>()
        .post("/api/imports", IMPORT, "Brings a file and looks through it", upload)
        .asks::<Brought>()
        .streams()
        .creates::<ImportView>()
        .get("/api/imports/{id}", IMPORT, "Says how far an import is", show)
        .gives::<ImportView>()
        .post("/api/imports/{id}/columns", IMPORT, "Says which column is which", columns)
        .takes::<Said>()
        .gives::<ImportView>()
        .post("/api/imports/{id}/confirm", IMPORT, "Takes the rows that can be taken", confirm)
        .gives::<ImportView>()
        .post("/api/imports/{id}/stop", IMPORT, "Takes no further rows", stop)
        .gives::<ImportView>()
        .get("/api/imports/{id}/faults", IMPORT, "Lists what is wrong with which row", faults)
        .paged()
        .gives::<Page<FaultView>>()
        .get("/api/imports/{id}/report", IMPORT, "Gives all of that as CSV", report)
}

/// A register, and what its table has.
#[derive(Debug, Serialize, JsonSchema)]
struct RegisterView {
    name: &'static str,
    /// Its Chinese and English names.
    words: [&'static str; 2],
    columns: &'static [Column],
}

/// Which register a file is for.
#[derive(Debug, Deserialize, JsonSchema)]
struct Brought {
    register: String,
    /// What the file is called where it comes from.
    file: String,
}

/// An import as the API gives it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ImportView {
    id: Id,
    register: String,
    file: String,
    bytes: i64,
    /// SHA-256 of the file, hex.
    digest: String,
    layout: Layout,
    /// Columns that the register needs and that stand nowhere.
    missing: Vec<&'static str>,
    state: State,
    problem: Option<String>,
    /// Rows of the table; grows while it is looked through.
    rows: i64,
    /// While it is looked through: what would become of rows. Once confirmed: what has.
    counts: Counts,
    /// Some of the rows that change something.
    sample: Vec<Sample>,
    /// The longest that some of its rows held the writer at once, milliseconds: for so
    /// long an alarm may have waited.
    longest_held_ms: f64,
    created_at: Timestamp,
}

fn view(world: &World, run: Run) -> ImportView {
    let register = world.kit().registers.iter().find(|it| it.name == run.register);
    ImportView {
        missing: register.map(|it| run.layout.missing(it)).unwrap_or_default(),
        id: run.id,
        register: run.register,
        file: run.file,
        bytes: run.bytes,
        digest: run.digest,
        layout: run.layout,
        state: run.state,
        problem: run.problem,
        rows: run.rows,
        counts: run.counts,
        sample: run.sample,
        longest_held_ms: run.longest_us as f64 / 1_000.0,
        created_at: run.created_at,
    }
}

async fn registers(world: World, caller: Caller) -> Json<Page<RegisterView>> {
    let mine = world.kit().registers.iter().filter(|register| caller.may(register.permission));
    let view = |it: &Register| RegisterView { name: it.name, words: it.words, columns: it.columns };
    Json(Page::whole(mine.map(view).collect()))
}

/// A register that this caller may fill.
fn register(world: &World, caller: &Caller, name: &str) -> Result<Register> {
    let found = world.kit().registers.iter().find(|register| register.name == name);
    let register = found.ok_or(Error::not_found("register"))?;
    caller.scope(register.permission)?;
    Ok(register.clone())
}

async fn template(
    world: World,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse> {
    let register = register(&world, &caller, &name)?;
    let cells = register.columns.iter().map(|column| csv_cell(column.words[0]));
    let header = cells.collect::<Vec<_>>().join(",");
    Ok(csv(&format!("{}.csv", register.name), format!("{header}\r\n")))
}

/// With a byte-order mark, without which spreadsheets take it for another encoding.
fn csv(file: &str, text: String) -> impl IntoResponse + use<> {
    let disposition = format!("attachment; filename=\"{file}\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, format!("\u{feff}{text}"))
}

async fn list(world: World, caller: Caller, page: Paged) -> Result<Json<Page<ImportView>>> {
    let Paged { position, limit } = page;
    let runs = world.read(move |db| store::list(db, caller.person, position, limit + 1)).await?;
    let runs = Page::cut(runs, limit, |run| (run.created_at.as_millis(), run.id.to_string()));
    let items = runs.items.into_iter().map(|run| view(&world, run)).collect();
    Ok(Json(Page { items, next: runs.next }))
}

async fn show(world: World, caller: Caller, Path(id): Path<Id>) -> Result<Json<ImportView>> {
    let run = world.read(move |db| store::load(db, caller.person, id)).await?;
    Ok(Json(view(&world, run)))
}

async fn bring(
    places: Arc<Semaphore>,
    world: World,
    caller: Caller,
    Params(query): Params<Brought>,
    body: Bytes,
) -> Result<(StatusCode, Json<ImportView>)> {
    let register = register(&world, &caller, &query.register)?;
    let file = text("file", &query.file, 1, 120)?;
    world.check_writable()?;
    let place = places.try_acquire_owned().map_err(|_| Error::Busy("other files are coming in"))?;
    let own = world.clone();
    let run = pieces::read(body, place, move |pieces| {
        let directory = store::directory(&own);
        std::fs::create_dir_all(&directory).map_err(disk)?;
        let id = own.run(crate::world::Lane::Ordinary, "import", |tx| Ok(tx.new_id()))?;
        let path = store::file(&own, id);
        let kept = keep(pieces, &path).and_then(|(bytes, digest)| {
            take_up(&own, &caller, &register, Kept { id, file, bytes, digest })
        });
        if kept.as_ref().map_or(true, |run| run.id != id) {
            // What is left behind is thrown away with the next start of the node.
            let _ = std::fs::remove_file(&path);
        }
        kept
    })
    .await?;
    Ok((StatusCode::CREATED, Json(view(&world, run))))
}

/// A file that is on the disk.
struct Kept {
    id: Id,
    file: String,
    bytes: i64,
    digest: String,
}

fn disk(error: io::Error) -> Error {
    Error::Internal(format!("imports: {error}"))
}

/// Writes a body to a file, up to the largest; answers its length and SHA-256.
fn keep(pieces: &mut pieces::Pieces, path: &File) -> Result<(i64, String)> {
    let mut file = std::fs::File::create(path).map_err(disk)?;
    let (mut buffer, mut digest, mut length) = (vec![0; 64 << 10], Sha256::new(), 0u64);
    loop {
        let count = match pieces.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) => {
                return Err(Error::invalid("file", error.to_string(), "a whole file"));
            }
        };
        length += count as u64;
        if LARGEST_FILE < length {
            return Err(Error::TooLarge { limit: LARGEST_FILE as usize });
        }
        digest.update(&buffer[..count]);
        file.write_all(&buffer[..count]).map_err(disk)?;
    }
    file.sync_all().map_err(disk)?;
    Ok((i64::try_from(length).unwrap_or(i64::MAX), hex::encode(digest.finalize())))
}

/// Looks at the header, and has the engine look at the rest. The same file that is still
/// under way is that import.
fn take_up(world: &World, caller: &Caller, register: &Register, kept: Kept) -> Result<Run> {
    let path = store::file(world, kept.id);
    let layout = Layout::find(&path, register, &Said::default())?;
    let is_whole = layout.missing(register).is_empty();
    let run = Run {
        id: kept.id,
        register: register.name.to_owned(),
        person: caller.person,
        person_name: caller.name.clone(),
        actor: caller.actor(),
        reach: Reach::of(caller, register)?,
        file: kept.file,
        bytes: kept.bytes,
        digest: kept.digest,
        layout,
        state: if is_whole { State::Reading } else { State::Unmapped },
        problem: None,
        rows: 0,
        counts: Counts::default(),
        row_next: 0,
        sample: Vec::new(),
        longest_us: 0,
        created_at: Timestamp::MIN,
    };
    world.run_as(caller, move |tx| {
        let mine = store::list(tx, run.person, None, 200)?;
        let same = |other: &&Run| {
            other.digest == run.digest && other.register == run.register && !other.state.is_ended()
        };
        if let Some(other) = mine.iter().find(same) {
            return Ok(other.clone());
        }
        for old in mine.iter().filter(|it| it.state.is_ended()).skip(store::MOST_KEPT as usize) {
            store::turn(tx, old.id, old.state, State::Expired)?;
        }
        let open = mine.iter().filter(|it| !it.state.is_ended()).count() as i64;
        if store::MOST_KEPT <= open {
            let detail = "too many imports wait to be confirmed or stopped";
            return Err(Error::conflict("imports-open", detail));
        }
        let run = Run { created_at: tx.machine_now(), ..run };
        store::insert(tx, &run)?;
        Ok(run)
    })
}

async fn columns(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<Id>,
    Body(said): Body<Said>,
) -> Result<Reply<ImportView>> {
    let person = caller.person;
    let run = world.read(move |db| store::load(db, person, id)).await?;
    let register = register(&world, &caller, &run.register)?;
    let path = store::file(&world, id);
    let looked = tokio::task::spawn_blocking(move || {
        let layout = Layout::find(&path, &register, &said)?;
        let is_whole = layout.missing(&register).is_empty();
        let text = serde_json::to_string(&layout)
            .map_err(|error| Error::Internal(format!("a layout is no JSON: {error}")))?;
        Ok::<_, Error>((text, if is_whole { State::Reading } else { State::Unmapped }))
    });
    let (layout, then) =
        looked.await.map_err(|error| Error::Internal(format!("looking panicked: {error}")))??;
    let own = world.clone();
    world
        .commit(&caller, key, move |tx| {
            let now = tx.machine_now();
            let moved = tx.work().run(
                "update import_run set layout = $2, state = $3, rows = 0, rows_seen = 0, \
                 added = 0, changed = 0, same = 0, refused = 0, sample = '[]', problem = null, \
                 updated_at = $4 where id = $1 and person = $5 and row_next = 0 \
                 and state in ('unmapped', 'ready', 'failed')",
                params![id, layout, then.code(), now, person],
            )?;
            if moved == 0 {
                return Err(begun());
            }
            Ok(view(&own, store::load(tx, person, id)?))
        })
        .await
}

fn begun() -> Error {
    Error::conflict("import-state", "the import is in a state in which this makes no sense")
}

async fn confirm(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<Id>,
) -> Result<Reply<ImportView>> {
    let person = caller.person;
    let run = world.read(move |db| store::load(db, person, id)).await?;
    let reach = Reach::of(&caller, &register(&world, &caller, &run.register)?)?;
    let own = world.clone();
    world
        .commit(&caller, key, move |tx| {
            let (scope, sees) = reach.to_json()?;
            let now = tx.machine_now();
            // From the beginning, or on from where it was stopped.
            let begun_ = tx.work().run(
                "update import_run set state = 'running', scope = $2, sees = $4, rows_seen = 0, \
                 added = 0, changed = 0, same = 0, refused = 0, problem = null, updated_at = $3 \
                 where id = $1 and state = 'ready' and row_next = 0",
                params![id, &scope, now, sees.clone()],
            )?;
            let gone_on = tx.work().run(
                "update import_run set state = 'running', scope = $2, sees = $4, problem = null, \
                 updated_at = $3 where id = $1 and state in ('stopped', 'failed') \
                 and row_next > 0",
                params![id, &scope, now, sees],
            )?;
            if begun_ + gone_on == 0 {
                return Err(begun());
            }
            let run = store::load(tx, person, id)?;
            let confirmed = note::Confirmed {
                register: run.register.clone(),
                digest: run.digest.clone(),
                rows: run.rows,
            };
            note::put(tx, id, confirmed)?;
            Ok(view(&own, run))
        })
        .await
}

async fn stop(
    world: World,
    caller: Caller,
    key: Idempotency,
    Path(id): Path<Id>,
) -> Result<Reply<ImportView>> {
    let own = world.clone();
    let person = caller.person;
    world
        .commit(&caller, key, move |tx| {
            let run = store::load(tx, person, id)?;
            if run.state.is_ended() {
                return Err(begun());
            }
            store::turn(tx, id, run.state, State::Stopped)?;
            if run.state == State::Running {
                run::note_end(tx, &run, false)?;
            }
            Ok(view(&own, store::load(tx, person, id)?))
        })
        .await
}

async fn faults(
    world: World,
    caller: Caller,
    Path(id): Path<Id>,
    page: Paged,
) -> Result<Json<Page<FaultView>>> {
    let Paged { position, limit } = page;
    let after = position.map_or((0, -1), |(row, place)| (row, place.parse().unwrap_or(-1)));
    let faults = world
        .read(move |db| {
            store::load(db, caller.person, id)?;
            store::faults(db, id, after, limit + 1)
        })
        .await?;
    Ok(Json(Page::cut(faults, limit, |fault| (fault.row, fault.place.to_string()))))
}

/// Lines of a report: as many faults as the largest file can have, and no more memory
/// than they need as text.
async fn report(world: World, caller: Caller, Path(id): Path<Id>) -> Result<impl IntoResponse> {
    let person = caller.person;
    let (run, text) = world
        .read(move |db| {
            let run = store::load(db, person, id)?;
            let mut text = "行号 row,列 column,问题 problem,所见 seen,应为 expected\r\n".to_owned();
            let mut after = (0, -1);
            loop {
                let faults = store::faults(db, id, after, 1_000)?;
                let Some(last) = faults.last() else { return Ok((run, text)) };
                after = (last.row, last.place);
                for FaultView { row, fault, .. } in &faults {
                    let cells = [&fault.column, &fault.code, &fault.seen, &fault.expected];
                    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
                    text.push_str(&format!("{row},{}\r\n", cells.join(",")));
                }
            }
        })
        .await?;
    Ok(csv(&format!("{}-faults.csv", run.register), text))
}
