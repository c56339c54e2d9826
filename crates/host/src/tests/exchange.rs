//! Stories of segments that are carried as files.

mod coming;
mod going;

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::foreign::{Forged, forged};
use super::neighbour::node;
use super::*;
use crate::effect::{Attempt, Effect, Found, Outcome, Patience, State, WayOut};
use crate::exchange::inbox::{Inbox, InboxState, Why};
use crate::exchange::{Config, Counts, counts, file_name, outbox, sent, set_sent};
use crate::neighbour::set_reading;
use crate::segment::EXCHANGE;
use crate::space::Room;

/// A county with an outbox for the province, which may read all of it, and the outbox.
fn county() -> (Town, Outbox) {
    let (town, outbox) = undecided();
    let all = vec!["220282".parse().expect("a code"), "220200".parse().expect("a code")];
    let decide = move |tx: &mut Tx<'_>| set_reading(tx, "town", &all, Class::Sensitive, "何守安");
    town.world.run(Lane::Urgent, "test", decide).expect("decided");
    (town, outbox)
}

/// The same before anybody said what the province may read.
fn undecided() -> (Town, Outbox) {
    let outbox = Outbox(crate::town::Scratch::new());
    let outboxes = BTreeMap::from([("town".to_owned(), outbox.to_path_buf())]);
    let exchange = Config { outboxes, every: None, ..Config::default() };
    let part = Part { exchange: Some(exchange), ..part() };
    let town = Town::of_origin("county", vec![part], LAMPS);
    town.regions(&[("220282", "220282"), ("220200", "220200"), ("220200", "220282")]);
    town.announces();
    (town, outbox)
}

/// A directory that is gone at the story's end.
struct Outbox(crate::town::Scratch);

impl std::ops::Deref for Outbox {
    type Target = FilePath;

    fn deref(&self) -> &FilePath {
        self.0.path()
    }
}

fn light(town: &Town, name: &'static str) {
    let region: AdminCode = "220282".parse().expect("a code");
    town.world.run(Lane::Urgent, "test", move |tx| lit(tx, name, region)).expect("lit");
    town.settle();
}

/// Names of files in a directory, sorted.
fn files(directory: &FilePath) -> Vec<String> {
    let entries = std::fs::read_dir(directory).expect("is there");
    let mut names: Vec<String> =
        entries.map(|it| it.expect("reads").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Has the county write what is new; answers the file's name.
fn written(county: &Town, directory: &FilePath) -> String {
    let before = files(directory);
    let last = outbox::order(&county.world, "town").expect("ordered").expect("something is new");
    county.until(|_| before.len() < visible(directory).len());
    let name = visible(directory).into_iter().find(|name| !before.contains(name)).expect("new");
    assert!(name.contains(&format!("-{last:012}.to-town")), "{name}");
    county.until(|world| {
        world.read_now(|db| Ok(crate::effect::counts(db)?.queued == 0)).expect("reads")
    });
    name
}

fn visible(directory: &FilePath) -> Vec<String> {
    files(directory).into_iter().filter(|name| !name.starts_with('.')).collect()
}

/// A directory of this story's own, gone at its end.
struct Carried(crate::town::Scratch);

impl Carried {
    fn new() -> Carried {
        Carried(crate::town::Scratch::new())
    }

    fn path(&self) -> &FilePath {
        self.0.path()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path().join(name), bytes).expect("written");
    }

    fn inbox(&self) -> Inbox {
        Inbox::new(self.path(), Duration::from_secs(3_600))
    }
}

fn whys(state: &InboxState) -> Vec<(String, Why)> {
    assert_eq!(state.trouble, None);
    state.waiting.iter().map(|it| (it.file.clone(), it.why)).collect()
}

/// Every entry of the county as its log has it, by number: what both must agree on. What
/// the county says of itself is closed to the province.
fn entries_of_county(town: &Town) -> Vec<(i64, String, Option<String>)> {
    let sql = "select origin_seq, hash, case when region is null then null else body end as body \
               from log where origin = 'county' order by origin_seq";
    let rows = town.world.read_now(|db| Ok(db.rows(sql, &[])?)).expect("reads");
    let text = |row: &crate::Row| {
        let hash: String = row.get("hash").expect("text");
        (row.get("origin_seq").expect("a number"), hash, row.get("body").expect("text"))
    };
    rows.iter().map(text).collect()
}

#[test]
fn what_is_new_goes_out_once_and_comes_in_once_whatever_the_order_of_the_files() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let first = written(&county, &outbox);
    assert_eq!(outbox::order(&county.world, "town").expect("asked"), None, "nothing is new");
    light(&county, "b");
    let second = written(&county, &outbox);
    light(&county, "c");
    let before = county.world.last_seq();
    let third = written(&county, &outbox);
    assert_eq!(visible(&outbox), [first.as_str(), &second, &third], "in the order of the log");
    assert_eq!(county.world.last_seq(), before, "what went out is no new entry");
    let read = |name: &str| std::fs::read(outbox.join(name)).expect("is there");

    let carried = Carried::new();
    let mut inbox = carried.inbox();
    carried.put(&third, &read(&third));
    carried.put(&second, &read(&second));
    let state = inbox.round(&province.world);
    assert_eq!(whys(&state), [(second.clone(), Why::Gap), (third.clone(), Why::Gap)]);
    assert!(state.waiting[0].detail.contains("#1 is next"), "{state:?}");
    let refused = province.world.read_now(crate::segment::refused).expect("reads");
    assert_eq!(refused, [], "what comes too early is not wrong");
    carried.put(&first, &read(&first));
    let state = inbox.round(&province.world);
    assert_eq!((whys(&state), state.left_count), (vec![], 0), "one brings the others in");
    assert_eq!(files(&carried.path().join("done")), [first.as_str(), &second, &third]);
    assert_eq!(entries_of_county(&province), entries_of_county(&county));
    assert_eq!(entries_of_county(&county).len(), usize::try_from(before).expect("few"));

    let seq = province.world.last_seq();
    for name in [&first, &third] {
        carried.put(name, &read(name));
    }
    carried.put("renamed by somebody.segment", &read(&second));
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(province.world.last_seq(), seq, "twice is once");
    assert_eq!(visible(carried.path()), ["done", "refused"]);
    province.settle();
    assert_eq!(province.world.last_seq(), seq, "and nothing reacts to another node's facts");
    assert!(sound(&province));
}

#[tokio::test]
async fn a_segment_is_carried_by_hand_through_the_door_and_refused_there_in_words() {
    let (county, _outbox) = county();
    let province = node("town");
    province.trusts(&county);
    for town in [&county, &province] {
        town.officer("郑系统", &[EXCHANGE]);
        town.person("值班员", "220282", &[READ]);
    }
    light(&county, "a");
    let path = "/api/segments/for/town";
    let (answer, bytes) = county.ask_raw("郑系统", "GET", path, Vec::new()).await;
    assert_eq!(answer.status, 200);
    let last = entries_of_county(&county).len() as i64;
    let name = file_name("county", 1, last, "town");
    let named = answer.headers["content-disposition"].to_str().expect("text");
    assert_eq!(named, format!("attachment; filename=\"{name}\""));
    assert_eq!(
        sent(&mut *county_reader(&county), "town").expect("reads"),
        0,
        "asking is no sending"
    );
    let given = |first: i64, last: i64| {
        ("segment.given".to_owned(), json!({ "neighbour": "town", "first": first, "last": last }))
    };
    let mut trail = vec![given(1, last)];
    assert_eq!(trail_of(&county, "郑系统"), trail, "it was noted before it went out");

    let upload = "/api/segments/upload";
    let (taken, _) = province.ask_raw("郑系统", "POST", upload, bytes.clone()).await;
    assert_eq!((taken.status.as_u16(), &taken.body["new"]), (200, &json!(last)));
    assert_eq!(entries_of_county(&province), entries_of_county(&county));
    let (again, _) = province.ask_raw("郑系统", "POST", upload, bytes.clone()).await;
    assert_eq!((&again.body["new"], &again.body["known"]), (&json!(0), &json!(last)));
    let uploaded = |new: i64| {
        let data = json!({ "origin": "county", "first": 1, "last": last, "new": new });
        ("segment.uploaded".to_owned(), data)
    };
    let brought = vec![uploaded(last), uploaded(0)];
    assert_eq!(trail_of(&province, "郑系统"), brought);

    let noted = json!({ "last": last });
    let note = |body| {
        county.ask("郑系统", axum::http::Method::PUT, "/api/segments/for/town/sent", Some(body))
    };
    assert_eq!(note(noted).await.body["last"], last);
    assert_eq!(county.ask_raw("郑系统", "GET", path, Vec::new()).await.0.status, 204);
    for wrong in [json!({ "last": last + 1 }), json!({ "last": -1 }), json!({ "last": "x" })] {
        assert_eq!(note(wrong).await.status, 422);
    }
    let set = json!({ "neighbour": "town", "before": 0, "last": last });
    trail.push(("segment.sent_set".to_owned(), set));
    assert_eq!(trail_of(&county, "郑系统"), trail, "nothing new, and what is refused, is none");
    let (_, part) =
        county.ask_raw("郑系统", "GET", &format!("{path}?after={}", last - 1), Vec::new()).await;
    assert_eq!(crate::segment::contents(&mut &part[..]).expect("verifies").first, last);
    trail.push(given(last, last));
    assert_eq!(trail_of(&county, "郑系统"), trail);
    let state = county.get("郑系统", "/api/segments/exchange").await.body;
    assert_eq!(state["outboxes"][0]["neighbour"], "town");
    assert_eq!(
        (&state["outboxes"][0]["last"], &state["outboxes"][0]["may_read"]),
        (&json!(last), &json!(true))
    );
    assert_eq!(state["inbox"]["directory"], json!(null));

    let mut changed = bytes.clone();
    changed[bytes.len() / 2] ^= 1;
    light(&county, "b");
    light(&county, "c");
    let (_, later) =
        county.ask_raw("郑系统", "GET", &format!("{path}?after={}", last + 2), Vec::new()).await;
    for (what, bytes, status, code) in [
        ("changed", changed, 422, "bad-request"),
        ("cut", bytes[..bytes.len() / 2].to_vec(), 422, "bad-request"),
        ("nothing", Vec::new(), 422, "bad-request"),
        ("no text", vec![0xff; 3 << 20], 422, "bad-request"),
        ("too early", later, 409, "gap"),
    ] {
        let (refused, _) = province.ask_raw("郑系统", "POST", upload, bytes).await;
        let said = (refused.status.as_u16(), refused.body["code"].as_str().unwrap_or_default());
        assert_eq!(said, (status, code), "{what}");
        assert_eq!(trail_of(&province, "郑系统"), brought, "{what}: nothing came in");
        assert_eq!(refused.headers["content-type"], "application/problem+json", "{what}");
    }
    let (own, _) = county.ask_raw("郑系统", "POST", upload, bytes.clone()).await;
    assert_eq!(own.body["code"], "own-origin");
    assert_eq!(
        county.ask_raw("郑系统", "GET", &format!("{path}?after=-1"), Vec::new()).await.0.status,
        422
    );
    assert_eq!(
        county.ask_raw("郑系统", "GET", "/api/segments/for/nowhere", Vec::new()).await.0.status,
        404
    );
    for (name, status) in [("", 401), ("值班员", 403)] {
        for (method, path) in [("POST", upload), ("GET", path), ("GET", "/api/segments/exchange")] {
            let (answer, _) = province.ask_raw(name, method, path, bytes.clone()).await;
            assert_eq!(answer.status, status, "{name} {method} {path}");
        }
    }
    let spool = std::fs::read_dir(province.world.directory().join("spool")).expect("was made");
    assert_eq!(spool.count(), 0, "nothing is left on the disk");
}

/// What the trail says that somebody did with segments, from the first on.
fn trail_of(town: &Town, name: &str) -> Vec<(String, serde_json::Value)> {
    let by = town.caller(name).person;
    let kit = town.world.kit().clone();
    let lines = town.world.read_now(|db| {
        let entries = crate::log::after(db, crate::log::Book::Trail, 0, 100)?;
        let by_hand = entries.into_iter().filter(|entry| entry.header.actor.person == Some(by));
        crate::trail::TrailLine::list(db, &kit, &by_hand.collect::<Vec<Entry>>())
    });
    let lines = lines.expect("reads").into_iter();
    lines.map(|line| (line.kind, line.data.into())).collect()
}

fn county_reader(town: &Town) -> Box<dyn Read> {
    Box::new(town.raw())
}

#[test]
fn a_smaller_number_has_what_follows_it_written_once_more() {
    let (county, outbox) = county();
    light(&county, "a");
    let first = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&first)).expect("is there");
    std::fs::remove_file(outbox.join(&first)).expect("lost on the way");
    county.world.run(Lane::Urgent, "test", |tx| set_sent(tx, "town", 0)).expect("noted");
    assert_eq!(written(&county, &outbox), first);
    assert_eq!(std::fs::read(outbox.join(&first)).expect("is there"), bytes, "the same bytes");
}
