//! How long a log of many facts takes to fold: a million is the bound's number.
//!
//!     cargo run --release -p server --example fold_rate [FACTS]
//!
//! The facts are those of the newest log in `fixtures/logs`, again and again, each
//! time as of another county with other ids: a province's log, on SQLite. What is a
//! node's own authority (accounts, regions, …) is in it once, so that all the others
//! are applied.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use base::Timestamp;
use host::db::Database;
use host::log::{Digests, Entry};
use host::part::Kit;
use host::town::Scratch;
use host::world::WorldConfig;
use host::{Clock, Part, World};

const LOG: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../fixtures/logs/",
    env!("CARGO_PKG_VERSION"),
    "/node.ndjson"
);
const ORIGIN: &str = "town";
/// Kinds that change only their own node's tables.
const OF_AUTHORITY: &[&str] =
    &["account.", "grant.", "role.", "region.", "node.trusted", "node.distrusted"];

/// Every part, but nothing that acts by itself, and no views: those are filled from the
/// log too, beside what is measured.
fn kit() -> Arc<Kit> {
    let alert = alert::Config {
        issuing_unit: "某县应急管理局".to_owned(),
        ..alert::Config::default()
    };
    let parts = vec![
        trust::part(&trust::Sessions::default()),
        atlas::part(),
        sense::part(),
        assess::part(),
        alert::part(alert),
        respond::part(),
    ];
    let still =
        |part: Part| Part { taps: vec![], reactions: vec![], jobs: vec![], views: vec![], ..part };
    Arc::new(Kit::fold(parts.into_iter().map(still).collect()).0)
}

/// `now` stands: on a clock that runs, the day's snapshot would be due, and made beside
/// what is measured.
fn open(directory: &Path, kit: &Arc<Kit>, now: Timestamp) -> World {
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: ORIGIN.to_owned(),
        directory: directory.join("worlds").join("real"),
        database: Database::Embedded,
        clock: Clock::still(now),
        durable: false,
    };
    World::open(config, Arc::clone(kit)).expect("opens")
}

/// The same text with every id in it another one.
fn renamed(text: &str, county: u64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('-') {
        let start = at.wrapping_sub(8);
        let id = rest.get(start..start.wrapping_add(36)).filter(|id| is_id(id));
        match id {
            Some(id) => {
                let last = u64::from_str_radix(&id[24..], 16).expect("hex") ^ county;
                out.push_str(&rest[..start]);
                out.push_str(&id[..24]);
                out.push_str(&format!("{last:012x}"));
                rest = &rest[start + 36..];
            }
            None => {
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

fn is_id(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// Fills the log with `facts` entries; nothing is folded from them yet.
fn fill(directory: &Path, pattern: &[Entry], facts: i64) {
    let path = directory.join("worlds/real/facts.db");
    let mut database = rusqlite::Connection::open(path).expect("opens");
    let all = database.transaction().expect("begins");
    let mut seq = 0;
    let mut insert = all
        .prepare(
            "insert into log (seq, origin, origin_seq, id, kind, subject, region, org, class, \
             cause, correlation, occurred, at, header, salt, body, body_digest, prev, hash, \
             arrived) \
             values (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)",
        )
        .expect("the table is there");
    'full: for county in 0.. {
        let (mut prev, mut origin_seq) = (Digests::GENESIS, 0);
        for entry in pattern {
            let own = OF_AUTHORITY.iter().any(|prefix| entry.kind().starts_with(prefix));
            if own && 0 < county {
                continue;
            }
            if seq == facts {
                break 'full;
            }
            (seq, origin_seq) = (seq + 1, origin_seq + 1);
            let header = renamed(&entry.header_text, county);
            let mut header: host::log::Header = serde_json::from_str(&header).expect("a header");
            header.origin_seq = origin_seq;
            if 0 < county {
                header.origin = format!("county-{county}");
            }
            let body = renamed(entry.body.as_deref().expect("open"), county);
            let entry = Entry::seal(seq, header, body, entry.salt.clone(), prev);
            prev = entry.hash;
            let header = &entry.header;
            let class = serde_json::to_value(header.class).expect("a word");
            insert
                .execute(rusqlite::params![
                    seq,
                    header.origin,
                    header.origin_seq,
                    header.id.to_string(),
                    header.kind,
                    header.subject.to_string(),
                    header.region.as_ref().map(ToString::to_string),
                    header.org.map(|org| org.to_string()),
                    class.as_str(),
                    header.cause.map(|cause| cause.to_string()),
                    header.correlation.to_string(),
                    header.occurred.as_millis(),
                    header.at.as_millis(),
                    entry.header_text,
                    entry.salt,
                    entry.body,
                    entry.body_digest.to_text(),
                    entry.prev.to_text(),
                    entry.hash.to_text(),
                    entry.arrived.as_millis(),
                ])
                .expect("a row");
        }
    }
    drop(insert);
    all.execute("update log_head set seq = ?1 where book = 'log'", [facts]).expect("the head");
    all.commit().expect("commits");
}

fn measure<T>(what: &str, facts: i64, run: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = run();
    let seconds = started.elapsed().as_secs_f64();
    println!("{what:<52} {seconds:>7.2} s {:>9.0} facts/s", facts as f64 / seconds);
    done
}

fn main() {
    let facts = std::env::args().nth(1).map_or(1_000_000, |text| text.parse().expect("a number"));
    let text = std::fs::read(LOG).expect("the log is in the repository");
    let (_, pattern) = host::segment::read(&mut &text[..]).expect("a sound log");
    let (scratch, kit) = (Scratch::new(), kit());
    let now = pattern[0].arrived;
    open(scratch.path(), &kit, now).close();
    measure("written", facts, || fill(scratch.path(), &pattern, facts));
    let world = open(scratch.path(), &kit, now);
    let (seq, differences) =
        measure("folded in memory from the first, digests made", facts, || {
            world.compare_with_fold().expect("folds")
        });
    let rows: u64 = differences.iter().map(|one| one.folded.rows).sum();
    println!("{seq} facts, {rows} rows in {} tables", differences.len());
    let snapshot = measure("a snapshot: folded into a file, digests, sealed", facts, || {
        world.snapshot().expect("made")
    });
    println!("{} MB", snapshot.size / 1_000_000);
    measure("the same again, begun at that snapshot", facts, || {
        world.snapshot().expect("made");
    });
    world.close();
}
