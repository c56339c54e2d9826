//! Drills: the same code in another world, with a clock of its own.
//!
//! A drill starts from what the real log folds to at a moment, and from the last
//! day of its readings. It has its own log, series, documents and keys, and no
//! door to the outside: listeners and outputs are bound to a world at wiring, and
//! nothing binds one to a drill. Its first fact names the base it stands on.

use base::{Duration, Id, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::db::Database;
use crate::db::{Conn, Read, Sqlite};
use crate::error::{Error, Result};
use crate::fold::{self, Until};
use crate::home::Home;
use crate::log::{self, Book};
use crate::tables::Tables;
use crate::trail::{Notes, Said};
use crate::tx::{Record, Tx};
use crate::world::{CLOSED, DRILL, Lane, OPENING, PAST, World, WorldConfig};
use crate::{Entry, Part, Permission, Slice, Summary, Table, params};

/// Opening and steering drills and replays.
pub const MANAGE: Permission = Permission::new("world.manage", "开设演练与回放");

/// How much of the base's readings a drill takes along.
const READINGS: Duration = Duration::from_hours(24);
/// And at most this many points; the sensors that were registered first come first.
const MOST_POINTS: usize = 5_000_000;
/// Points per append while they are copied.
const PIECE: usize = 5_000;

crate::facts! {
    /// What can happen to a world.
    pub enum WorldFact {
        "world.branched" v 1 => Branched(Branched),
    }
}

/// A drill began on the base of another world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Branched {
    /// The base world and the node it is on.
    pub base: String,
    pub origin: String,
    /// The last entry of the base that is in the drill, and its SM3 hash.
    pub seq: i64,
    pub hash: String,
    pub purpose: String,
}

crate::facts! {
    /// What the trail says of drills and looks into the past: both show everything
    /// that the node knew.
    pub enum WorldNote {
        "world.opened" v 1 => Opened(Opening),
        "world.steered" v 1 => Steered(Steering),
        "world.closed" v 1 => Closed(Closing),
    }
}

/// A drill (with its purpose) or a look into the past (with its moment) was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opening {
    pub world: String,
    pub purpose: Option<String>,
    pub until: Option<Timestamp>,
}

/// A drill's clock was set to another moment, or another pace in thousandths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Steering {
    pub world: String,
    pub to: Option<Timestamp>,
    pub rate: Option<u32>,
}

/// A drill or a look into the past was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Closing {
    pub world: String,
}

pub(crate) fn part() -> Part {
    const TABLES: &[Table] = &[Table::facts("world_base")];
    Part {
        name: "worlds",
        slices: vec![
            Slice::new::<WorldFact>("world", 1, TABLES, MANAGE, apply, |_, fact| {
                let WorldFact::Branched(branched) = fact;
                let title = format!("演练开始：{}", branched.purpose);
                Summary::new(
                    title,
                    serde_json::json!({ "base": branched.base, "seq": branched.seq }),
                )
            })
            .own_facts_only(),
        ],
        notes: vec![Notes::new::<WorldNote>("world", said)],
        permissions: vec![MANAGE],
        ..Part::default()
    }
}

/// What the trail's line shows. A world that is closed has no page, so it is named only.
fn said(note: &WorldNote) -> Said {
    Said::new(match note {
        WorldNote::Opened(opening) => serde_json::json!({
            "world": opening.world,
            "kind": if opening.until.is_some() { "past" } else { "drill" },
            "purpose": opening.purpose,
            "until": opening.until,
        }),
        WorldNote::Steered(steering) => serde_json::json!({
            "world": steering.world,
            "to": steering.to,
            "rate": steering.rate.map(|rate| f64::from(rate) / 1_000.0),
        }),
        WorldNote::Closed(closing) => serde_json::json!({ "world": closing.world }),
    })
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &WorldFact) {
    let WorldFact::Branched(branched) = fact;
    tables.run(
        "insert into world_base (world, base, origin, seq, hash, purpose, branched_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (world) do nothing",
        params![
            entry.header.subject,
            &branched.base,
            &branched.origin,
            branched.seq,
            &branched.hash,
            &branched.purpose,
            entry.at(),
        ],
    );
}

impl World {
    /// Opens a drill on what this world is now. Its clock stands at this world's
    /// now, paused; steer it by [`World::clock`].
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is no plain word, [`Error::Conflict`] when
    /// a drill of that name is on disk, [`Error::Db`] when the base cannot be folded.
    pub fn drill(&self, name: &str, purpose: &str) -> Result<World> {
        self.check_room()?;
        let claim = self.claim_directory(name)?;
        let path = claim.directory.join("facts.db");
        let kit = self.kit().clone();
        let seq = self.read_now(|db| {
            fold::fold_base(&path, db, &kit, self.origin(), Until::End, self.shelf())
        })?;
        self.read_now(|db| copy_subjects(db, &path, seq))?;
        let last =
            self.read_now(|db| log::after(db, Book::Log, seq - 1, 1).map_err(Error::from))?;
        let hash = last.first().map(|entry| hex::encode(entry.hash.sm3)).unwrap_or_default();
        let now = self.clock().now();
        let config = WorldConfig {
            name: name.to_owned(),
            origin: format!("{}.{name}", self.origin()),
            directory: claim.directory.clone(),
            // Folded into a file, also when the base is on a server: it is soon gone.
            database: Database::Embedded,
            clock: Clock::paced(now),
            durable: self.is_durable(),
        };
        // Nothing acts before the drill stands: its first fact names what it stands on.
        let world = World::prepare(config, kit)?;
        let branched = Branched {
            base: self.name().to_owned(),
            origin: self.origin().to_owned(),
            seq,
            hash,
            purpose: purpose.to_owned(),
        };
        let fact = move |tx: &mut Tx<'_>| {
            let id: Id = tx.new_id();
            tx.record(Record::first(id, Home::node(), WorldFact::Branched(branched)))?;
            Ok(())
        };
        let stands = copy_readings(self, &world, now)
            .and_then(|()| world.run(Lane::Urgent, "node", fact))
            .and_then(|()| world.start_engines(None))
            .and_then(|()| claim.stand(DRILL));
        if let Err(error) = stands {
            world.close();
            return Err(error);
        }
        Ok(world)
    }
}

/// What a drill practises, from its first fact; `None` in a world that is none.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn purpose(db: &mut dyn Read) -> Result<Option<String>> {
    let row = db.row("select purpose from world_base order by branched_at desc limit 1", &[])?;
    Ok(row.map(|row| row.get("purpose")).transpose()?)
}

/// Opens the drills that were open when the node stopped, paused where they were,
/// and clears what looks into the past, or branches that never stood, left behind.
///
/// # Errors
/// [`Error::Internal`] when the directory cannot be read. A drill that does not
/// open is left as it is and said in the log.
pub fn resume(real: &World) -> Result<Vec<World>> {
    let failed = |error: std::io::Error| Error::Internal(format!("worlds: {error}"));
    let Some(folder) = real.directory().parent() else { return Ok(Vec::new()) };
    let mut drills = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let directory = entry.map_err(failed)?.path();
        let name = directory.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // Only what carries our mark is ours to open or to clear.
        if directory.join(PAST).exists() || directory.join(OPENING).exists() {
            std::fs::remove_dir_all(&directory).map_err(failed)?;
            continue;
        }
        if !directory.join(DRILL).exists() || directory.join(CLOSED).exists() {
            continue;
        }
        let last = last_moment(&directory).unwrap_or_else(|| real.clock().now());
        let config = WorldConfig {
            name: name.to_owned(),
            origin: format!("{}.{name}", real.origin()),
            directory: directory.clone(),
            database: Database::Embedded,
            clock: Clock::paced(last),
            durable: real.is_durable(),
        };
        match World::open_within(config, real.kit().clone()) {
            Ok(world) => drills.push(world),
            Err(error) => tracing::error!(name, ?error, "a drill does not open again"),
        }
    }
    Ok(drills)
}

/// When a drill's log was last added to.
fn last_moment(directory: &std::path::Path) -> Option<Timestamp> {
    let mut conn = Conn::Sqlite(Sqlite::open_reader(&directory.join("facts.db")).ok()?);
    let last = log::before(&mut conn, Book::Log, i64::MAX, 1).ok()?;
    last.first().map(|entry| entry.arrived)
}

/// Takes along where each subject of the base is at home: the drill's log begins empty.
fn copy_subjects(source: &mut dyn Read, path: &std::path::Path, seq: i64) -> Result<()> {
    let mut conn = Conn::Sqlite(Sqlite::open_writer(path, crate::db::Durability::Never)?);
    conn.begin()?;
    let mut after = String::new();
    loop {
        let rows = source.rows(
            "select log.subject, log.header, (select made.origin from log as made \
             where made.seq = ends.oldest) as maker from log join (select subject, \
             min(case when conflict is null and unapplied is null then seq end) as oldest, \
             max(case when conflict is null and unapplied is null then seq end) as newest \
             from log where subject > $1 and seq <= $2 group by subject \
             having max(case when conflict is null and unapplied is null then seq end) is not null \
             order by subject limit 2000) as ends on ends.newest = log.seq \
             order by log.subject",
            params![&after, seq],
        )?;
        let Some(end) = rows.last() else { break };
        after = end.get("subject")?;
        for row in &rows {
            conn.send(
                "insert into base_subject (subject, header, maker) values ($1, $2, $3)",
                params![
                    row.get::<String>("subject")?,
                    row.get::<String>("header")?,
                    row.get::<String>("maker")?
                ],
            )?;
        }
    }
    conn.commit()?;
    conn.finish()?;
    Ok(())
}

/// Takes the last day of readings along, as they were known at `now`.
fn copy_readings(from: &World, to: &World, now: Timestamp) -> Result<()> {
    let failed = |error: series::SeriesError| Error::Internal(format!("series: {error}"));
    let (source, target) = (from.series(), to.series());
    let mut points = 0;
    for number in 0.. {
        let series = series::SeriesNo(number);
        let (Some(sensor), Some(kind)) = (source.sensor_of(series), source.kind_of(series)) else {
            break;
        };
        let copy = target.register(sensor, kind).map_err(failed)?;
        let readings = source.range(series, now - READINGS, now, Some(now)).map_err(failed)?;
        points += readings.len();
        if MOST_POINTS < points {
            tracing::warn!(points, "a drill takes no more readings along");
            break;
        }
        for piece in readings.chunks(PIECE) {
            let samples = piece
                .iter()
                .map(|reading| series::Sample {
                    series: copy,
                    time: reading.time,
                    value: reading.value,
                    quality: reading.quality,
                })
                .collect();
            target.append(now, samples).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use base::quantity::SeriesKind;

    use super::*;
    use crate::town::Town;

    #[test]
    fn a_drill_has_its_own_log_clock_and_readings_and_leaks_nothing() {
        let town = Town::new(Vec::new());
        let real = &town.world;
        let sensor = Id::from_u128(42);
        let series = real.series().register(sensor, SeriesKind::Gauge).expect("registers");
        let now = real.clock().now();
        let sample = |value| series::Sample {
            series,
            time: now - Duration::from_mins(5),
            value,
            quality: base::Quality::GOOD,
        };
        real.series().append(now, vec![sample(5.1)]).expect("stored");
        real.run(Lane::Urgent, "test", |tx| crate::sealed::destroy(tx, Id::from_u128(1), "x"))
            .expect("a fact");
        town.settle();
        let sockets = sockets();

        let drill = real.drill("flood-2026", "防汛演练").expect("opens");
        assert_eq!((drill.clock().now(), real.last_seq(), drill.last_seq()), (now, 1, 1));
        let base = drill.read_now(|db| Ok(db.row("select seq, hash from world_base", &[])?));
        let base = base.expect("reads").expect("one");
        assert_eq!(base.get::<i64>("seq").expect("a seq"), 1);
        assert_eq!(base.get::<String>("hash").expect("a hash").len(), 64);
        assert_eq!(drill.read_now(purpose).expect("reads").as_deref(), Some("防汛演练"));
        assert_eq!(real.read_now(purpose).expect("reads"), None);
        let known = drill.read_now(|db| Ok(db.rows("select holder from key_destroyed", &[])?));
        assert_eq!(known.expect("reads").len(), 1, "the register came along");

        let copy = drill.series().series_of(sensor).expect("came along");
        let latest = drill.series().latest(&[copy])[0].expect("a reading");
        assert_eq!(latest.value, 5.1);
        drill.clock().set(now + Duration::from_hours(2));
        let later = series::Sample { series: copy, ..sample(9.9) };
        let later = series::Sample { time: drill.clock().now(), ..later };
        drill.series().append(drill.clock().now(), vec![later]).expect("stored");
        assert_eq!(real.series().latest(&[series])[0].expect("a reading").value, 5.1);
        assert_eq!(real.clock().now(), now, "the real clock did not jump");
        drill
            .run(Lane::Urgent, "test", |tx| crate::sealed::destroy(tx, Id::from_u128(2), "y"))
            .expect("a fact of the drill");
        assert_eq!((real.last_seq(), drill.last_seq()), (1, 3 - 1));
        assert_eq!(self::sockets(), sockets, "a drill opens no socket");
        assert!(real.drill("flood-2026", "again").is_err());
        assert!(real.drill("../up", "out").is_err());
        drill.close();
    }

    #[test]
    fn a_drill_that_does_not_come_to_stand_leaves_nothing() {
        fn only_the_real_one(world: &World) -> Result<()> {
            world.is_real().then_some(()).ok_or(Error::Internal("no engine here".to_owned()))
        }
        let taps = vec![only_the_real_one as fn(&World) -> Result<()>];
        let town = Town::new(vec![Part { name: "engine", taps, ..Part::default() }]);
        let (real, worlds) = (&town.world, town.world.directory().parent().expect("a folder"));
        for _ in 0..2 {
            let refused = real.drill("flood", "防汛演练").err();
            assert!(matches!(refused, Some(Error::Internal(_))), "{refused:?}");
            assert!(!worlds.join("flood").exists(), "its name is free again");
        }

        // As a killed process leaves it: everything but the last step is done.
        let half = worlds.join("half");
        std::fs::create_dir(&half).expect("made");
        std::fs::write(half.join(OPENING), "").expect("written");
        std::fs::copy(real.directory().join("facts.db"), half.join("facts.db")).ok();
        std::fs::write(half.join(DRILL), "").expect("written");
        assert!(resume(real).expect("the folder reads").is_empty());
        assert!(!half.exists());
    }

    #[test]
    fn worlds_are_opened_one_at_a_time_and_only_so_many() {
        use crate::backup::{Subject, of_node};
        let town = Town::new(Vec::new());
        let (node, real) = (&town.node, &town.world);
        real.run(Lane::Urgent, "test", |tx| crate::sealed::destroy(tx, Id::from_u128(1), "x"))
            .expect("a fact");
        let code = |refused: Result<World>| match refused.err() {
            Some(Error::Conflict { code, .. }) => code,
            other => panic!("{other:?}"),
        };
        let in_backup = || -> Vec<String> {
            let subjects = of_node(node).expect("the worlds");
            subjects.iter().map(Subject::name).map(str::to_owned).collect()
        };
        let drill = node.open_branch("flood", false, || {
            let drill = real.drill("flood", "防汛演练")?;
            assert_eq!(in_backup(), ["real"], "it is not at rest, and not open yet");
            let look = || real.past("look", Until::End);
            assert_eq!(code(node.open_branch("look", true, look)), "world-changing");
            assert_eq!(code(node.open_branch("flood", true, look)), "world-exists");
            Ok(drill)
        });
        drill.expect("opens");
        assert_eq!(in_backup(), ["real", "flood"]);
        let look = |name: &str| node.open_branch(name, true, || real.past(name, Until::End));
        for name in ["look-1", "look-2", "look-3", "look-4"] {
            look(name).expect("opens");
        }
        assert_eq!(code(look("look-5")), "worlds-full");
        node.close_branch("look-2").expect("closed");
        look("look-5").expect("there is room again");
        node.close_branch("flood").expect("closed");
        assert!(node.world("flood").is_none());
        assert_eq!(in_backup(), ["real", "flood"], "closed, and its record kept");
        assert!(matches!(node.close_branch("flood"), Err(Error::NotFound { .. })));
        assert_eq!(code(node.close_branch("real").map(|()| real.clone())), "real-world");
    }

    /// How many network sockets this process has open. Those of the machine's own
    /// (a test database) come and go with other stories.
    fn sockets() -> usize {
        let tables = ["tcp", "tcp6", "udp", "udp6"].map(|table| {
            // A machine may have no IPv6.
            std::fs::read_to_string(format!("/proc/self/net/{table}")).unwrap_or_default()
        });
        let network: Vec<&str> = tables
            .iter()
            .flat_map(|table| table.lines().skip(1))
            .filter_map(|line| line.split_ascii_whitespace().nth(9))
            .collect();
        let open = std::fs::read_dir("/proc/self/fd").expect("Linux");
        open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
            .filter(|target| {
                let target = target.to_string_lossy();
                let inode = target.strip_prefix("socket:[").and_then(|rest| rest.strip_suffix(']'));
                inode.is_some_and(|inode| network.contains(&inode))
            })
            .count()
    }
}
