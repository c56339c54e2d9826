//! The alert stage in a small town, for its stories.

use std::time::{Duration as Machine, Instant};

use assess::finding::{Because, Cleared, FindingFact, Raised, RuleRef, Value};
use assess::rule::Comparison;
use base::{Duration, Hazard, Id, Level, Quantity, Timestamp};
use host::log::Book;
use host::town::Town;
use host::{Home, Lane, Part, Permission, Record, World};
use serde_json::Value as Json;

use crate::{Config, Publication, notice, received, warning};

pub(crate) const UNIT: &str = "桦甸市应急管理局";

/// Everything that a warning may ask of one person.
pub(crate) const ALL: [Permission; 6] = [
    warning::READ,
    warning::DRAFT,
    warning::REVIEW,
    warning::ISSUE,
    warning::ISSUE_URGENTLY,
    warning::LIFT,
];

/// 桦甸 (220282) and 磐石 (220284), with three officers of 桦甸 who hold everything,
/// so that only the separation of persons stands between them.
pub(crate) fn town() -> Town {
    town_of(UNIT)
}

/// How the town tells the public.
pub(crate) fn publication() -> Publication {
    Publication {
        sender: "town@example.cn".to_owned(),
        organisation: "000".to_owned(),
        address: "https://yingji.example.cn".to_owned(),
        ..Publication::default()
    }
}

/// Like [`town`], with another name on what goes out.
pub(crate) fn town_of(unit: &str) -> Town {
    town_that(unit, publication())
}

/// Like [`town_of`], which tells the public so.
pub(crate) fn town_that(unit: &str, publication: Publication) -> Town {
    let config = Config { issuing_unit: unit.to_owned(), publication, ..Config::default() };
    town_with(Vec::new(), config)
}

/// A town with further parts before these, and a stage that is told this.
pub(crate) fn town_with(more: Vec<Part>, config: Config) -> Town {
    let findings = Part { taps: Vec::new(), reactions: Vec::new(), ..assess::part() };
    let region = config.region.clone().or_else(|| "220282".parse().ok());
    let config = Config { region, ..config };
    let parts = more.into_iter().chain([atlas::part(), findings, crate::part(config)]);
    let town = Town::new(parts.collect());
    atlas::seed(&town.world).expect("the register is seeded");
    let duties =
        [ALL.as_slice(), &[notice::READ, notice::ACKNOWLEDGE, received::READ, received::TAKE]]
            .concat();
    for name in ["周牧", "孙亦文", "刘景行"] {
        town.person(name, "220282", &duties);
    }
    town.person("磐石值班", "220284", &duties);
    town
}

/// A finding to be raised.
#[derive(Clone)]
pub(crate) struct Found {
    pub station: &'static str,
    pub region: &'static str,
    pub hazard: Hazard,
    pub level: Level,
    pub value: f64,
}

/// 青石湾站 over its guarantee line: orange.
pub(crate) const FLOOD: Found = Found {
    station: "青石湾站",
    region: "220282",
    hazard: Hazard::Flood,
    level: Level::Orange,
    value: 264.03,
};

/// Records a finding as `assess` does and waits for what follows.
pub(crate) fn raise(town: &Town, found: Found) -> Id {
    raise_of(town, found, None)
}

/// The same about a station of an organisation.
pub(crate) fn raise_of(town: &Town, found: Found, org: Option<Id>) -> Id {
    let finding = raise_at(&town.world, found, org);
    town.settle();
    // The next one is newer, or a list could not say which is the newest.
    let clock = town.world.clock();
    clock.set(clock.now() + Duration::from_millis(1));
    finding
}

/// The same in any world, waiting for nothing.
pub(crate) fn raise_in(world: &World, found: Found) -> Id {
    raise_at(world, found, None)
}

fn raise_at(world: &World, found: Found, org: Option<Id>) -> Id {
    let region: base::AdminCode = found.region.parse().expect("a code");
    world
        .run(Lane::Urgent, "rule", move |tx| {
            let (id, now) = (tx.new_id(), tx.now());
            let raised = Raised {
                rule: RuleRef {
                    id: Id::from_bytes(*b"one rule of many").into(),
                    version: 7,
                    name: "水位超保证".to_owned(),
                    measure: assess::rule::Measure::Value,
                    comparison: Comparison::AtOrAbove,
                    threshold: 264.0,
                    hysteresis: 0.05,
                    times: 2,
                    delay_s: 0,
                    line_word: "保证水位".to_owned(),
                },
                // Each finding by a sensor of its own: the key is (rule, sensor, onset).
                sensor: Some(id.into()),
                station: Some(station(found.station).into()),
                station_name: found.station.to_owned(),
                point: None,
                quantity: Quantity::WaterLevel,
                hazard: found.hazard,
                level: found.level,
                onset: now - Duration::from_mins(5),
                values: vec![Value {
                    time: now,
                    value: found.value,
                    received: now,
                    frame: None,
                    over: None,
                }],
                late: false,
                shelved: false,
                shaken: None,
            };
            let home = Home::region(region).org(org);
            let record = Record::first(id, home, FindingFact::Raised(raised));
            tx.record(record.basis("水位超保证 v7"))?;
            Ok(id)
        })
        .expect("a finding is recorded")
}

/// Records that a finding is over.
pub(crate) fn clear(town: &Town, finding: Id, because: Because) {
    town.world
        .run(Lane::Urgent, "rule", move |tx| {
            let cleared = Cleared {
                cleared_at: tx.now(),
                value: Some(263.9),
                because,
                rule_name: "水位超保证".to_owned(),
                sensor: Some(finding.into()),
                station: Some(station("青石湾站").into()),
                station_name: "青石湾站".to_owned(),
                quantity: Quantity::WaterLevel,
                hazard: Hazard::Flood,
                level: Level::Orange,
            };
            tx.record(Record::next(finding, FindingFact::Cleared(cleared)))
        })
        .expect("a clearing is recorded");
    town.settle();
}

fn station(name: &str) -> Id {
    let mut bytes = [0; 16];
    for (byte, of_name) in bytes.iter_mut().zip(name.bytes()) {
        *byte = of_name;
    }
    Id::from_bytes(bytes)
}

/// The duty log of one slice: Beijing minute, who, and the line that people read.
/// One slice, because reactions of two may be recorded in either order.
pub(crate) fn duty_log(town: &Town, slice: &str) -> String {
    let kit = town.world.kit();
    let entries = town
        .world
        .read_now(|db| Ok(host::log::after(db, Book::Log, 0, 1_000)?))
        .expect("the log reads");
    let mut lines = String::new();
    for entry in entries {
        let Some(of) = kit.slice_of(entry.kind()).filter(|of| of.name == slice) else { continue };
        let title = of.summary(&entry).map_or("—".to_owned(), |summary| summary.title);
        let person = entry.header.actor.person;
        let by = person.and_then(|person| town.name_of(person)).unwrap_or(entry.header.via);
        lines.push_str(&format!("{} {by}：{title}\n", &entry.header.at.to_beijing()[11..16]));
    }
    lines
}

pub(crate) fn count(town: &Town, kind: &str) -> i64 {
    let sql = "select count(*) as n from log where kind = $1";
    let count = town.world.read_now(|db| {
        let row = db.row(sql, host::params![kind])?;
        Ok(row.map_or(Ok(0), |row| row.get("n"))?)
    });
    count.expect("the log reads")
}

/// Waits until due work has recorded `times` facts of a kind. The scheduler has a
/// thread of its own, which looks at a clock moved by hand twice a second.
pub(crate) fn wait_for(town: &Town, kind: &str, times: i64) {
    let deadline = Instant::now() + Machine::from_secs(120);
    while count(town, kind) < times {
        assert!(Instant::now() < deadline, "{kind} was not recorded {times} times");
        std::thread::park_timeout(Machine::from_millis(5));
    }
    assert_eq!(count(town, kind), times);
}

/// What the log folds to is what the tables hold.
pub(crate) fn check_fold(town: &Town) {
    let (_, differences) = town.world.compare_with_fold().expect("the log folds");
    assert!(differences.is_empty(), "{differences:?}");
}

/// A moment of the town's day, as JSON takes it.
pub(crate) fn moment(hour: i8, minute: i8) -> Timestamp {
    Timestamp::from_beijing([2026, 8, 3], [hour, minute, 0]).expect("a real minute")
}

/// The items of a list.
pub(crate) async fn items(town: &Town, name: &str, path: &str) -> Vec<Json> {
    let answer = town.get(name, path).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body["items"].as_array().expect("a list").clone()
}
