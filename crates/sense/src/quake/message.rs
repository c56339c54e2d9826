//! Documents of earthquakes that came in, and what came of each: taken, refused, counted,
//! and kept as it was where it brought something or could not be read.
//!
//! Tables: `earthquake_message`, working state, the newest 2 000. They are of no place.

use base::Timestamp;
use host::document::{self, DocumentRef, NewDocument};
use host::web::Paged;
use host::{Caller, Error, Lane, Read, Result, Row, Slice, Table, Tx, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wire::quake::Fault;

use super::interest::Interest;
use super::model::Report;
use super::read::{self, Format, Gone, Line};
use super::take::{self, Taken};
use super::{READ, store};

base::typed_id!(MessageId, "A document of earthquakes that came in.");
host::db_id!(MessageId);

const MESSAGES_KEPT: i64 = 2_000;
/// Reports that share a command: each is some queries and a fact.
const TOGETHER: usize = 8;
/// Faults of a document that are kept; more are counted.
const FAULTS_KEPT: usize = 50;

const TABLES: &[Table] = &[Table::working("earthquake_message")];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("earthquake_message", TABLES, READ)
}

/// A document, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "EarthquakeMessage")]
pub(super) struct Message {
    pub id: MessageId,
    pub received: Timestamp,
    /// Who delivered it.
    pub source: String,
    /// `None` when it is none that is known.
    pub format: Option<Format>,
    pub bytes: i64,
    /// SHA-256, hex.
    pub sha256: String,
    /// Whether its bytes were kept: those that brought nothing new are not.
    pub kept: bool,
    /// Events that it has.
    pub events: i64,
    /// Reports that were new.
    pub taken: i64,
    /// Reports that were here already.
    pub known: i64,
    /// Of earthquakes that do not concern this node, and withdrawals of such.
    pub far: i64,
    /// What could not be read, or not be taken.
    pub faulty: i64,
    /// The first of these.
    pub faults: Vec<MessageFault>,
    /// Why nothing was read of it.
    pub refused: Option<String>,
}

/// Something of a document that was not taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EarthquakeMessageFault")]
pub(super) struct MessageFault {
    /// Where in the document.
    pub place: String,
    /// What was seen and what was expected.
    pub problem: String,
}

/// Who brings a document.
#[derive(Debug, Clone)]
pub(super) struct Bringer {
    pub caller: Caller,
    pub source: String,
}

/// Takes a document: keeps its bytes, reads it, and registers what is new in it, a few
/// reports at a time, so that an alarm does not wait behind a long one. One that was cut
/// off by a stop is brought again: what is registered already is nothing new.
///
/// Not for async code: it blocks.
///
/// # Errors
/// When the disk or the database refuse; a bad document is none: it is in the answer.
pub(super) fn bring(world: &World, bringer: &Bringer, bytes: &[u8]) -> Result<Message> {
    let received = world.clock().now();
    let sha256 = hex::encode(Sha256::digest(bytes));
    let id = MessageId(world.run(Lane::Ordinary, "earthquake", |tx| Ok(tx.new_id()))?);
    let mut message = Message {
        id,
        received,
        source: bringer.source.clone(),
        format: None,
        bytes: bytes.len() as i64,
        sha256: sha256.clone(),
        kept: false,
        events: 0,
        taken: 0,
        known: 0,
        far: 0,
        faulty: 0,
        faults: Vec::new(),
        refused: None,
    };
    let said = match read::read(bytes, &sha256, received) {
        Ok(said) => said,
        Err(error) => {
            message.refused = Some(error.to_string());
            let documents = keep(world, id, received, bytes)?;
            return record(world, message, documents);
        }
    };
    message.format = Some(said.format);
    message.events = said.events as i64;
    message.faulty = said.more_faults as i64;
    said.faults.into_iter().for_each(|fault| message.fault(fault));

    let (new, known, far) = world.read_now(|db| sift(db, said.lines))?;
    message.known += known;
    message.far += far;
    let wanted = !new.is_empty() || 0 < message.faulty;
    // On disk before any fact names it.
    let documents = if wanted { keep(world, id, received, bytes)? } else { Vec::new() };
    for reports in new.chunks(TOGETHER) {
        for (report, outcome) in take_some(world, bringer, reports, received)? {
            match outcome {
                Ok(Taken::New(_)) => message.taken += 1,
                Ok(Taken::Known(_)) => message.known += 1,
                Err(problem) => message.fault(Fault { place: report.event, problem }),
            }
        }
    }
    record(world, message, documents)
}

/// What is to be registered; how many reports are here already, and how many do not
/// concern this node.
fn sift(db: &mut dyn Read, lines: Vec<Line>) -> Result<(Vec<Report>, i64, i64)> {
    let (interest, around) = (Interest::shipped(), take::around(db)?);
    let (mut new, mut known, mut far) = (Vec::new(), 0, 0);
    for line in lines {
        let report = match line {
            Line::Report(report) => report,
            Line::Gone(gone) => match whole(db, gone)? {
                Some(report) => report,
                None => {
                    far += 1;
                    continue;
                }
            },
        };
        let is_known = store::of_report(db, report.id())?.is_some();
        // What was of concern once stays so: a revision may move it away.
        let mut followed = || store::newest_of(db, report.agency.as_deref(), &report.event);
        if is_known {
            known += 1;
        } else if interest.concerns(around, report.point, report.magnitude) || followed()?.is_some()
        {
            new.push(report);
        } else {
            far += 1;
        }
    }
    Ok((new, known, far))
}

/// A withdrawal with the place and the time that its agency said before; `None` where it
/// said nothing here.
fn whole(db: &mut dyn Read, gone: Gone) -> Result<Option<Report>> {
    let before = store::newest_of(db, gone.agency.as_deref(), &gone.event)?;
    Ok(before.map(|before| Report {
        version: gone.version,
        updated: gone.updated,
        standing: science::earthquake::Standing::Deleted,
        origin: gone.origin,
        ..before
    }))
}

type Outcomes = Vec<(Report, std::result::Result<Taken, String>)>;

/// Registers some reports in one command; alone, where one of them is refused.
fn take_some(
    world: &World,
    bringer: &Bringer,
    reports: &[Report],
    received: Timestamp,
) -> Result<Outcomes> {
    let some = reports.to_vec();
    let together = world.run_as(&bringer.caller, move |tx| {
        let taken = some.into_iter().map(|report| {
            let taken = take::take(tx, report.clone(), received)?;
            Ok((report, Ok(taken)))
        });
        taken.collect::<Result<Outcomes>>()
    });
    match together {
        Err(Error::Conflict { .. } | Error::Invalid { .. }) => {}
        other => return other,
    }
    let mut outcomes = Vec::with_capacity(reports.len());
    for report in reports {
        let one = report.clone();
        let taken = world.run_as(&bringer.caller, move |tx| take::take(tx, one, received));
        let taken = match taken {
            Ok(taken) => Ok(taken),
            Err(error @ (Error::Conflict { .. } | Error::Invalid { .. })) => Err(error.to_string()),
            Err(error) => return Err(error),
        };
        outcomes.push((report.clone(), taken));
    }
    Ok(outcomes)
}

/// Keeps the bytes, in pieces where they are too long for one document.
fn keep(
    world: &World,
    id: MessageId,
    received: Timestamp,
    bytes: &[u8],
) -> Result<Vec<DocumentRef>> {
    let pieces: Vec<NewDocument<'_>> = bytes
        .chunks(document::LARGEST)
        .map(|bytes| NewDocument { subject: id.into(), received, bytes })
        .collect();
    let kept = world.documents().put_all(&pieces);
    kept.map_err(|error| Error::Internal(format!("a document of earthquakes: {error}")))
}

fn record(world: &World, mut message: Message, documents: Vec<DocumentRef>) -> Result<Message> {
    message.kept = !documents.is_empty();
    let row = message.clone();
    world.run(Lane::Ordinary, "earthquake", move |tx| save(tx, &row, &documents))?;
    Ok(message)
}

impl Message {
    fn fault(&mut self, fault: Fault) {
        self.faulty += 1;
        if self.faults.len() < FAULTS_KEPT {
            self.faults.push(MessageFault { place: fault.place, problem: fault.problem });
        }
    }
}

fn save(tx: &mut Tx<'_>, it: &Message, documents: &[DocumentRef]) -> Result<()> {
    tx.work().run(
        "insert into earthquake_message (id, received, source, format, bytes, sha256, documents, \
         events, taken, known, far, faulty, faults, refused) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            it.id,
            it.received,
            &it.source,
            it.format.map(Format::code),
            it.bytes,
            &it.sha256,
            serde_json::json!(documents).to_string(),
            it.events,
            it.taken,
            it.known,
            it.far,
            it.faulty,
            serde_json::json!(it.faults).to_string(),
            it.refused.clone(),
        ],
    )?;
    tx.work().run(
        "delete from earthquake_message where id < (select min(id) from \
         (select id from earthquake_message order by id desc limit $1) as newest)",
        params![MESSAGES_KEPT],
    )?;
    Ok(())
}

const COLUMNS: &str = "id, received, source, format, bytes, sha256, documents, events, taken, \
     known, far, faulty, faults, refused";

/// The newest first: `limit` of them after the page's position.
pub(super) fn list(db: &mut dyn Read, page: &Paged) -> Result<Vec<Message>> {
    let (at, id) = page.position.clone().unwrap_or((i64::MAX, String::new()));
    let sql = format!(
        "select {COLUMNS} from earthquake_message \
         where (received < $1 or (received = $1 and id < $2)) \
         order by received desc, id desc limit $3"
    );
    let rows = db.rows(&sql, params![at, id, page.limit + 1])?;
    rows.iter().map(from_row).collect()
}

/// Where the bytes of one are.
///
/// # Errors
/// [`Error::NotFound`] also for one whose bytes were not kept.
pub(super) fn documents(db: &mut dyn Read, id: MessageId) -> Result<(Message, Vec<DocumentRef>)> {
    let sql = format!("select {COLUMNS} from earthquake_message where id = $1");
    let row = db.row(&sql, params![id])?.ok_or(Error::not_found("earthquake message"))?;
    let documents: Vec<DocumentRef> = row.json("documents")?;
    if documents.is_empty() {
        return Err(Error::not_found("earthquake message"));
    }
    Ok((from_row(&row)?, documents))
}

fn from_row(row: &Row) -> Result<Message> {
    let format: Option<String> = row.get("format")?;
    let documents: Vec<DocumentRef> = row.json("documents")?;
    Ok(Message {
        id: row.get("id")?,
        received: row.get("received")?,
        source: row.get("source")?,
        format: format.and_then(|code| Format::ALL.into_iter().find(|it| it.code() == code)),
        bytes: row.get("bytes")?,
        sha256: row.get("sha256")?,
        kept: !documents.is_empty(),
        events: row.get("events")?,
        taken: row.get("taken")?,
        known: row.get("known")?,
        far: row.get("far")?,
        faulty: row.get("faulty")?,
        faults: row.json("faults")?,
        refused: row.get("refused")?,
    })
}
