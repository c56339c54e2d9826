//! A chronicle: the days of a county, written through the doors of every stage.
//!
//! For proofs that want a log over all slices: that the tables are its fold, however
//! long it is, and that a log which a release wrote is read by those after it. The
//! readings come in by the series store, the engine finds, reactions and jobs do what
//! they do, and people answer at their doors.

mod alarm;
mod nodes;
mod outside;
mod people;
mod quakes;
mod registers;
mod release;
mod response;
mod tests;
mod told;

use axum::http::Method;
use base::{Duration, Id};
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};
use trust::Sessions;

use crate::config::Config;
use crate::parts::parts;

/// How much happens.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Stations on the county's rivers, with two lines each.
    pub stations: usize,
    /// How often all their rivers pass both lines, and fall again.
    pub floods: usize,
    /// Calls that become incidents; and so do as many warnings, if they are in force.
    pub calls: usize,
    /// The whole register of regions, or as few as the story needs.
    pub regions: Regions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regions {
    Carried,
    Few,
}

/// A county's node, and who works there.
pub struct Chronicle {
    pub town: Town,
    scale: Scale,
    /// Beside the town's own people: one whom tasks can be given to.
    team: Id,
}

const COUNTY: &str = "220282";
const PROVINCE: &str = "220000";
const OFFICER: &str = "韩立春";
const CHIEF: &str = "周牧";
const LEADER: &str = "刘景行";
const ENGINEER: &str = "罗家驹";
const TEAM: &str = "于海棠";

impl Chronicle {
    /// Writes everything that can happen here, at least once each.
    pub async fn write(scale: Scale) -> Chronicle {
        let town = Town::new(parts(&Config::default(), &Sessions::default()));
        let team = people::settle_in(&town, scale.regions).await;
        let chronicle = Chronicle { town, scale, team };
        chronicle.registers().await;
        chronicle.contacts().await;
        let stations = chronicle.stations(scale.stations).await;
        for number in 0..scale.floods {
            chronicle.flood(&stations, number);
        }
        chronicle.received().await;
        chronicle.shelve(&stations).await;
        chronicle.warnings().await;
        chronicle.wait_for("received.expired", 1);
        chronicle.told().await;
        chronicle.incidents().await;
        chronicle.handovers().await;
        chronicle.evening(&stations).await;
        chronicle.earthquakes().await;
        chronicle.other_nodes().await;
        chronicle.town.settle();
        chronicle
    }

    async fn get(&self, name: &str, path: &str) -> Json {
        done(path, self.town.get(name, path).await)
    }

    async fn post(&self, name: &str, path: &str, body: Json) -> Json {
        done(path, self.town.post(name, path, body).await)
    }

    async fn put(&self, name: &str, path: &str, body: Json) -> Json {
        done(path, self.town.ask(name, Method::PUT, path, Some(body)).await)
    }

    /// Every item of a list, page by page.
    async fn all(&self, name: &str, path: &str) -> Vec<Json> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let join = if path.contains('?') { '&' } else { '?' };
            let page = self.get(name, &format!("{path}{join}limit=200{cursor}")).await;
            items.extend(page["items"].as_array().expect("a list").iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// The clock moves on, and the scheduler looks at it.
    fn pass(&self, minutes: i64) {
        let clock = self.town.world.clock();
        clock.set(clock.now() + Duration::from_mins(minutes));
        self.town.world.run(host::Lane::Urgent, "test", |_| Ok(())).expect("commits");
    }

    /// Facts of a kind so far.
    pub fn count(&self, kind: &str) -> i64 {
        let sql = "select count(*) as n from log where kind = $1";
        let row = self.town.world.read_now(|db| Ok(db.row(sql, host::params![kind])?));
        row.expect("reads").expect("one").get("n").expect("a number")
    }

    /// Lets minutes go by until so many facts of a kind are there: each person has a minute
    /// from when they were told, which is as late as the thread that tells them.
    #[track_caller]
    fn pass_until(&self, kind: &str, times: i64) {
        for _ in 0..600 {
            if times <= self.count(kind) {
                return;
            }
            self.pass(1);
            std::thread::park_timeout(std::time::Duration::from_millis(100));
        }
        panic!("{kind}: {} of {times}", self.count(kind));
    }

    /// Waits until what threads do by themselves has recorded so many facts of a kind.
    #[track_caller]
    fn wait_for(&self, kind: &str, times: i64) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(300);
        loop {
            let seen = self.count(kind);
            if times <= seen {
                return;
            }
            assert!(std::time::Instant::now() < deadline, "{kind}: {seen} of {times}");
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
    }
}

#[track_caller]
fn done(what: &str, answer: Answer) -> Json {
    assert!(answer.status.is_success(), "{what}: {} {}", answer.status, answer.body);
    answer.body
}

/// The id in an answer.
#[track_caller]
fn id(of: &Json) -> &str {
    of["id"].as_str().unwrap_or_else(|| panic!("no id: {of}"))
}

fn reason(text: &str) -> Json {
    json!({ "reason": text })
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}
