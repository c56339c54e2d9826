//! Verifying a log: offline, from its file alone.
//!
//! Nothing here trusts what a running node remembers: the entries are read back
//! and every hash is made again from their bytes.

use std::collections::BTreeMap;
use std::path::Path;

use crate::db::{Conn, Database, Durability, Read, Server, Source, Sqlite};
use crate::error::Result;
use crate::log::{Book, COLUMNS, Digests, Entry, Tampered};
use crate::params;

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub book: Book,
    pub entries: u64,
    /// Entries whose body is closed here; their chain is verified all the same.
    pub closed: u64,
    /// The newest entry of each origin: compare these with what a witness holds.
    pub heads: BTreeMap<String, Head>,
    pub faults: Vec<Fault>,
}

/// The end of an origin's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub origin_seq: i64,
    pub sm3: String,
    pub sha256: String,
}

/// An entry that does not verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub seq: i64,
    pub origin: String,
    pub origin_seq: i64,
    pub kind: String,
    pub what: String,
}

const BATCH: i64 = 2_000;
/// Faults after which the list is long enough to act on.
const FAULTS_LISTED: usize = 100;

/// Verifies both books of a world's database file, read-only.
///
/// `witnessed` are heads of the log that somebody else holds, `origin:seq:sm3`: a
/// chain that was cut and written anew verifies in itself, but not against them.
///
/// # Errors
/// [`crate::Error::Db`] when the file is no database of ours;
/// [`crate::Error::Invalid`] for a witness that does not read.
pub fn file(path: &Path, witnessed: &[String]) -> Result<Vec<Report>> {
    both(Conn::Sqlite(Sqlite::open_reader(path)?), witnessed)
}

/// Like [`file`], for a world on a database server, also while its node runs.
///
/// # Errors
/// As [`file`].
pub fn server(server: &Server, world: &str, witnessed: &[String]) -> Result<Vec<Report>> {
    let database = Database::Postgres(server.clone());
    // Only the embedded engine has a directory.
    let source = Source::new(&database, Path::new(""), world, Durability::Full)?;
    both(source.reader()?, witnessed)
}

fn both(mut conn: Conn, witnessed: &[String]) -> Result<Vec<Report>> {
    // Books and heads of one moment, or a running node would seem to be at fault.
    conn.begin_snapshot()?;
    let mut log = book(&mut conn, Book::Log)?;
    for witness in witnessed {
        if let Some(fault) = contradicted(&mut conn, witness)? {
            log.faults.push(fault);
        }
    }
    let trail = book(&mut conn, Book::Trail)?;
    conn.rollback()?;
    Ok(vec![log, trail])
}

/// What is wrong with the log if a witness holds this head.
fn contradicted(db: &mut dyn Read, witness: &str) -> Result<Option<Fault>> {
    let fields: Vec<&str> = witness.split(':').collect();
    let parsed = match fields[..] {
        [origin, seq, sm3] => seq.parse::<i64>().ok().map(|seq| (origin, seq, sm3)),
        _ => None,
    };
    let (origin, origin_seq, sm3) =
        parsed.ok_or_else(|| crate::Error::invalid("witness", witness, "origin:seq:sm3 in hex"))?;
    let row = db.row(
        "select seq, kind, hash from log where origin = $1 and origin_seq = $2",
        params![origin, origin_seq],
    )?;
    let what = match &row {
        None => "an entry that a witness holds is not here",
        Some(row) if row.get::<String>("hash")?.split(':').next() != Some(sm3) => {
            "the entry is not the one that a witness holds"
        }
        Some(_) => return Ok(None),
    };
    Ok(Some(Fault {
        seq: row.as_ref().map_or(Ok(0), |row| row.get("seq"))?,
        origin: origin.to_owned(),
        origin_seq,
        kind: row.map_or(Ok(String::new()), |row| row.get("kind"))?,
        what: what.to_owned(),
    }))
}

/// Verifies one book.
///
/// # Errors
/// [`crate::Error::Db`] when the database does not answer.
pub fn book(db: &mut dyn Read, book: Book) -> Result<Report> {
    let mut report =
        Report { book, entries: 0, closed: 0, heads: BTreeMap::new(), faults: Vec::new() };
    let mut chains: BTreeMap<String, (i64, Digests)> = BTreeMap::new();
    let table = book.table();
    let mut seq = 0;
    loop {
        let rows = db.rows(
            &format!(
                "select {COLUMNS}, origin, origin_seq, id, kind, subject, correlation, region, org, class, \
                 cause, occurred, at from {table} \
                 where seq > $1 order by seq limit $2"
            ),
            params![seq, BATCH],
        )?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let at: i64 = row.get("seq")?;
            report.entries += 1;
            let origin: String = row.get("origin")?;
            let origin_seq: i64 = row.get("origin_seq")?;
            let mut fault = |what: String| {
                if report.faults.len() < FAULTS_LISTED {
                    let kind = row.get("kind").unwrap_or_default();
                    let origin = origin.clone();
                    report.faults.push(Fault { seq: at, origin, origin_seq, kind, what });
                }
            };
            if at != seq + 1 {
                fault(Tampered::Gap.to_string());
            }
            seq = at;
            let entry = match Entry::from_row(row.clone()) {
                Ok(entry) => entry,
                Err(error) => {
                    fault(format!("does not read as an entry: {error}"));
                    continue;
                }
            };
            if let Err(tampered) = entry.check() {
                fault(tampered.to_string());
            }
            if !columns_agree(row, &entry) {
                fault(Tampered::Columns.to_string());
            }
            let (last, hash) = chains.get(&origin).copied().unwrap_or((0, Digests::GENESIS));
            if origin_seq != last + 1 {
                fault(Tampered::Gap.to_string());
            } else if entry.prev != hash {
                fault(Tampered::Chain.to_string());
            }
            report.closed += u64::from(entry.body.is_none());
            chains.insert(origin, (origin_seq, entry.hash));
        }
    }
    report.faults.dedup();
    compare_heads(db, book, &chains, &mut report)?;
    for (origin, (origin_seq, hash)) in chains {
        let head =
            Head { origin_seq, sm3: hex::encode(hash.sm3), sha256: hex::encode(hash.sha256) };
        report.heads.insert(origin, head);
    }
    Ok(report)
}

/// The columns beside the header are for indexes; they must say what it says.
fn columns_agree(row: &crate::Row, entry: &Entry) -> bool {
    let header = &entry.header;
    let text = |column| row.get::<String>(column).unwrap_or_default();
    text("origin") == header.origin
        && row.get::<i64>("origin_seq").ok() == Some(header.origin_seq)
        && text("id") == header.id.to_string()
        && text("kind") == header.kind
        && text("subject") == header.subject.to_string()
        && text("correlation") == header.correlation.to_string()
        && row.get::<Option<String>>("region").ok()
            == Some(header.region.as_ref().map(ToString::to_string))
        && row.get::<Option<base::Id>>("org").ok() == Some(header.org)
        && text("class") == header.class.code()
        && row.get::<Option<base::Id>>("cause").ok() == Some(header.cause)
        && row.get::<base::Timestamp>("occurred").ok() == Some(header.occurred)
        && row.get::<base::Timestamp>("at").ok() == Some(header.at)
}

/// A tail cut off leaves a chain that verifies; the kept heads tell.
fn compare_heads(
    db: &mut dyn Read,
    book: Book,
    chains: &BTreeMap<String, (i64, Digests)>,
    report: &mut Report,
) -> Result<()> {
    let rows = db.rows(
        "select origin, origin_seq, hash from log_origin where book = $1 order by origin",
        params![book.table()],
    )?;
    for row in rows {
        let origin: String = row.get("origin")?;
        let origin_seq: i64 = row.get("origin_seq")?;
        if origin_seq == 0 {
            continue;
        }
        let hash: String = row.get("hash")?;
        let found = chains.get(&origin).map(|(seq, hash)| (*seq, hash.to_text()));
        if found.as_ref() != Some(&(origin_seq, hash)) {
            report.faults.push(Fault {
                seq: found.map_or(0, |(seq, _)| seq),
                origin,
                origin_seq,
                kind: String::new(),
                what: "the chain does not end where its head says".to_owned(),
            });
        }
    }
    Ok(())
}
