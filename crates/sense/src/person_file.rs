//! Files that name persons: which there are, where their people are, and who opened one.
//!
//! In: messages that name persons, from `intake`, which keeps their bytes sealed under a
//! key of their station. Out: into the trail `person_file.opened`. Tables: `person_file`,
//! working state, the newest 10 000 of each station; nothing in it is about anybody.
//! Screens: `ui/src/sense/person`.
//! Source: 煤安监办〔2019〕42号 annex 2 (RYXX, RYSS and the alarms of persons); 个人信息保护法
//! art. 6 and 51 (as little as the purpose needs, and access that is noted).
//!
//! Who may read a station sees how many there are at which place, names and cards masked.
//! Who may open its files sees one whole, for a reason, after the trail holds both. A
//! destroyed key ends it for everybody.

use base::{Id, Timestamp};
use host::document::DocumentRef;
use host::sealed::{Opened, is_sealed};
use host::trail::{Notes, Said};
use host::web::{Body, Json, Paged, Params, Path, Scoped};
use host::{
    Caller, Error, Page, Permission, Read, Record, Result, Routes, Row, Scope, Slice, Table, Tx,
    Value, World, params,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::protocol::{AboutPersons, Message, PersonTable, Protocol};
use crate::station::{self, READ, Secret, Station, StationId};

pub const OPEN: Permission = Permission::new("person_file.open", "开启人员定位文件（姓名与卡号）");

const FILES_KEPT: i64 = 10_000;
/// Rows of a file that are given at once: more people than any mine has.
const MOST_ROWS: usize = 5_000;

const TABLES: &[Table] = &[Table::working("person_file")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("person_file", TABLES, READ)
}

/// A stored message that names persons.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PersonFile {
    pub id: Id,
    pub station: StationId,
    pub received: Timestamp,
    pub source: String,
    pub about: AboutPersons,
    /// The sealed bytes, in order.
    pub documents: Vec<DocumentRef>,
}

pub(crate) fn save(tx: &mut Tx<'_>, station: StationId, files: &[PersonFile]) -> Result<()> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    for file in files {
        let PersonFile { about, .. } = file;
        tx.work().run(
            "insert into person_file \
             (id, station, received, source, kind, name, made, records, bad, documents) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing",
            params![
                file.id,
                station,
                file.received,
                &file.source,
                &about.kind,
                &about.name,
                about.made,
                count(about.records),
                count(about.bad),
                json!(file.documents).to_string(),
            ],
        )?;
    }
    tx.work().run(
        "delete from person_file where station = $1 and id < (select min(id) from \
         (select id from person_file where station = $1 order by id desc limit $2) as newest)",
        params![station, FILES_KEPT],
    )?;
    Ok(())
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/stations/{id}/person-files",
            READ,
            "Lists the files of a station that name persons, the newest first",
            list_route,
        )
        .asks::<FileQuery>()
        .paged()
        .gives::<Page<PersonFileView>>()
        .get(
            "/api/person-files/{id}",
            READ,
            "How many persons a file has at which place, names and cards masked",
            load_route,
        )
        .gives::<PersonFileDetails>()
        .post(
            "/api/person-files/{id}/open",
            OPEN,
            "A file whole, for a reason; who, what and why are noted in the trail",
            open_route,
        )
        .takes::<OpenFile>()
        .gives::<PersonFileDetails>()
}

/// Which files are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(rename = "PersonFileQuery")]
struct FileQuery {
    /// Those of this type: `RYSS`.
    kind: Option<String>,
}

/// Why a file is opened.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "OpenPersonFile")]
struct OpenFile {
    /// 4 to 200 characters, kept in the trail.
    reason: String,
}

/// A file that names persons, from without.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "PersonFile")]
struct PersonFileView {
    id: Id,
    station: StationId,
    kind: String,
    kind_word: String,
    kind_word_en: String,
    /// As its sender named it.
    name: String,
    /// As of when it tells, by its sender.
    made: Timestamp,
    received: Timestamp,
    /// Records that were read, and those that were not.
    records: i64,
    bad: i64,
}

/// A file with what of it may be shown.
#[derive(Debug, Serialize, JsonSchema)]
struct PersonFileDetails {
    file: PersonFileView,
    station_name: String,
    /// Whether it stands here masked.
    masked: bool,
    /// Why nothing of it can be shown, if so.
    closed: Option<WhyClosed>,
    /// People underground by the file; all in it when it does not say who is.
    persons: i64,
    /// Where they are, the most first.
    areas: Vec<PersonCrowd>,
    stations: Vec<PersonCrowd>,
    /// Names of the columns, as the standard's table has them.
    columns: Vec<String>,
    /// As many texts as there are columns; at most 5 000.
    rows: Vec<Vec<String>>,
}

/// Why a file does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "WhyPersonFileIsClosed")]
enum WhyClosed {
    /// The key was destroyed: nobody reads it again.
    Destroyed,
    /// The key is not on this node.
    Absent,
    /// It opened, and its bytes are none of its protocol any more.
    Unreadable,
}

/// How many people are at a place.
#[derive(Debug, Serialize, JsonSchema)]
struct PersonCrowd {
    place: String,
    persons: i64,
}

async fn list_route(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Params(query): Params<FileQuery>,
    page: Paged,
) -> Result<Json<Page<PersonFileView>>> {
    let Paged { position: before, limit } = page;
    let files = world.read(move |db| {
        let station = station::load(db, &scope, id)?;
        list(db, &station, query.kind, before, limit + 1)
    });
    let key = |file: &PersonFileView| (file.received.as_millis(), file.id.to_string());
    Ok(Json(Page::cut(files.await?, limit, key)))
}

fn list(
    db: &mut dyn Read,
    station: &Station,
    kind: Option<String>,
    before: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<PersonFileView>> {
    let (received, id) = before.unwrap_or((i64::MAX, String::new()));
    let mut values =
        vec![station.id.into(), Value::from(received), Value::from(id), Value::from(limit)];
    let mut wanted = "";
    if let Some(kind) = kind {
        values.push(Value::from(kind));
        wanted = " and kind = $5";
    }
    let sql = format!(
        "select id, kind, name, made, received, records, bad from person_file \
         where station = $1 and (received < $2 or (received = $2 and id < $3)){wanted} \
         order by received desc, id desc limit $4"
    );
    db.rows(&sql, &values)?.iter().map(|row| view(row, station)).collect()
}

fn view(row: &Row, station: &Station) -> Result<PersonFileView> {
    let kind: String = row.get("kind")?;
    let (kind_word, kind_word_en) = station.protocol.person_kind(&kind);
    Ok(PersonFileView {
        id: row.get("id")?,
        station: station.id,
        kind,
        kind_word,
        kind_word_en,
        name: row.get("name")?,
        made: row.get("made")?,
        received: row.get("received")?,
        records: row.get("records")?,
        bad: row.get("bad")?,
    })
}

/// A file with what is needed to read it.
struct Found {
    view: PersonFileView,
    station: Station,
    keys: Vec<Secret>,
    documents: Vec<DocumentRef>,
}

/// A file of a station within the scope.
fn load(db: &mut dyn Read, scope: &Scope, id: Id) -> Result<Found> {
    let row = db.row(
        "select id, station, kind, name, made, received, records, bad, documents \
         from person_file where id = $1",
        params![id],
    )?;
    let row = row.ok_or(Error::not_found("person_file"))?;
    let station = match station::load(db, scope, row.get("station")?) {
        // Of whom one may not know, one may not know that there is a file.
        Err(Error::NotFound { .. }) => return Err(Error::not_found("person_file")),
        station => station?,
    };
    let keys = station::secrets(db, station.id)?;
    Ok(Found { view: view(&row, &station)?, keys, documents: row.json("documents")?, station })
}

impl Found {
    /// The sealed bytes.
    fn sealed(&self, world: &World) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for document in &self.documents {
            let piece = world.documents().read(document);
            bytes.extend(piece.map_err(|error| Error::Internal(format!("raw frame: {error}")))?);
        }
        match is_sealed(&bytes) {
            true => Ok(bytes),
            false => Err(Error::Internal("a file about persons was not sealed".to_owned())),
        }
    }

    fn opener(&self) -> Opener {
        let (protocol, code) = (self.station.protocol, self.station.code.clone());
        Opener { protocol, code, keys: self.keys.clone() }
    }

    fn details(self, masked: bool, opened: Opened<Option<PersonTable>>) -> PersonFileDetails {
        let (table, closed) = match opened {
            Opened::Open(Some(table)) => (Some(table), None),
            Opened::Open(None) => (None, Some(WhyClosed::Unreadable)),
            Opened::Destroyed => (None, Some(WhyClosed::Destroyed)),
            Opened::Closed => (None, Some(WhyClosed::Absent)),
        };
        let table = table.unwrap_or(PersonTable { columns: Vec::new(), rows: Vec::new() });
        let down = table.underground();
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let crowds = |column: &str| -> Vec<PersonCrowd> {
            let crowds = table.crowds(column, &down).into_iter();
            crowds.map(|it| PersonCrowd { place: it.place, persons: count(it.persons) }).collect()
        };
        let (areas, stations, persons) = (crowds("area"), crowds("station"), count(down.len()));
        let PersonTable { columns, mut rows } = table;
        rows.truncate(MOST_ROWS);
        PersonFileDetails {
            file: self.view,
            station_name: self.station.name,
            masked,
            closed,
            persons,
            areas,
            stations,
            columns: columns.into_iter().map(|column| column.name).collect(),
            rows,
        }
    }
}

/// What reads the bytes of a station's file.
struct Opener {
    protocol: Protocol,
    code: String,
    keys: Vec<Secret>,
}

impl Opener {
    fn table(&self, raw: &[u8]) -> Option<PersonTable> {
        let message = self.message(raw)?;
        message.person_table(raw)
    }

    /// Opened by any key that the station ever had, as it may have come closed.
    fn message(&self, raw: &[u8]) -> Option<Message> {
        self.keys.iter().find_map(|key| {
            let mut message = self.protocol.again(&self.code, raw)?;
            message.reopens(&key.key).then_some(message)
        })
    }
}

async fn load_route(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
) -> Result<Json<PersonFileDetails>> {
    let asked = world.clone();
    let details = world.read(move |db| {
        let found = load(db, &scope, id)?;
        let (sealed, opener) = (found.sealed(&asked)?, found.opener());
        let mask = |plain: &[u8]| opener.table(plain).map(|table| table.masked());
        let opened = asked.open_bytes_masked(found.station.id.into(), &sealed, mask)?;
        Ok(found.details(true, opened))
    });
    Ok(Json(details.await?))
}

/// Nobody reads a file before the trail holds that they do, and why.
async fn open_route(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
    Body(body): Body<OpenFile>,
) -> Result<Json<PersonFileDetails>> {
    let reason = host::web::text("reason", &body.reason, 4, 200)?;
    let asked = world.clone();
    let (found, sealed) = world
        .read(move |db| {
            let found = load(db, &scope, id)?;
            let sealed = found.sealed(&asked)?;
            Ok((found, sealed))
        })
        .await?;
    let note = PersonFileNote::Opened(PersonFileOpened {
        station: found.station.name.clone(),
        kind: found.view.kind.clone(),
        name: found.view.name.clone(),
        reason,
    });
    let note = Record::first(id, found.station.home.clone(), note);
    let opened = world.open_sealed_bytes(&caller, found.station.id.into(), sealed, note).await?;
    let opener = found.opener();
    let table = match opened {
        Opened::Open(plain) => Opened::Open(opener.table(&plain)),
        Opened::Destroyed => Opened::Destroyed,
        Opened::Closed => Opened::Closed,
    };
    Ok(Json(found.details(false, table)))
}

host::facts! {
    /// What people can do with files about persons. Nothing of it is applied.
    pub enum PersonFileNote {
        "person_file.opened" v 1 => Opened(PersonFileOpened),
    }
}

/// Somebody saw who is in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonFileOpened {
    /// The station's name.
    pub station: String,
    pub kind: String,
    /// The file's name.
    pub name: String,
    /// In the words of whoever opened it.
    pub reason: String,
}

pub(crate) fn notes() -> Notes {
    Notes::new::<PersonFileNote>("person_file", |note| {
        let PersonFileNote::Opened(opened) = note;
        Said::new(json!({
            "station": opened.station,
            "kind": opened.kind,
            "name": opened.name,
            "reason": opened.reason,
        }))
        .about("person_file")
    })
}
