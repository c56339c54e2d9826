//! Stories of segments that are carried as files.

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
use crate::exchange::{Config, file_name, outbox, sent, set_sent};
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

#[test]
fn a_file_that_is_not_whole_waits_and_one_that_was_changed_is_refused_with_its_reason() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    let before = province.world.last_seq();

    let mut inbox = carried.inbox();
    for cut in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        carried.put(&name, &bytes[..cut]);
        let state = inbox.round(&province.world);
        assert_eq!(whys(&state), [(name.clone(), Why::Half)], "{cut} of {}", bytes.len());
    }
    assert_eq!(province.world.last_seq(), before, "nothing of a part is taken in");
    // Nobody adds to it any more.
    carried.put(&name, &bytes[..bytes.len() / 2]);
    Inbox::new(carried.path(), Duration::ZERO).round(&province.world);
    let told = |file: &str| {
        let path = carried.path().join("refused").join(format!("{file}.reason.txt"));
        std::fs::read_to_string(path).expect("a reason is beside it")
    };
    assert!(told(&name).contains("no end of line"), "{}", told(&name));

    let mut changed = bytes.clone();
    let at = bytes.len() / 2;
    changed[at] ^= 1;
    carried.put(&name, &changed);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(province.world.last_seq(), before, "nothing of it counts");
    let second = format!("{name}.2");
    assert_eq!(std::fs::read(carried.path().join("refused").join(&second)).expect("kept"), changed);
    assert!(told(&second).contains("expected"), "{}", told(&second));
    assert!(told(&second).contains(&name), "{}", told(&second));

    carried.put(&name, &bytes);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(entries_of_county(&province), entries_of_county(&county), "the right one is taken");
    assert_eq!(files(&carried.path().join("done")), [name]);
}

#[test]
fn nothing_in_an_inbox_is_followed_and_nothing_there_blocks_another_file() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    let path = |name: &str| carried.path().join(name);
    let elsewhere = Carried::new();
    elsewhere.put("secret", b"not to be moved");
    std::os::unix::fs::symlink(elsewhere.path().join("secret"), path("0.segment")).expect("made");
    std::os::unix::fs::symlink(outbox.join(&name), path("1.segment")).expect("made");
    std::os::unix::fs::symlink(path("2.segment"), path("2.segment")).expect("made");
    std::fs::create_dir(path("3.segment")).expect("made");
    let pipe = rustix::fs::FileType::Fifo;
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path("4.segment"), pipe, mode, 0).expect("made");
    carried.put("readme.txt", b"hello");
    carried.put(".draft.segment", &bytes);
    let huge = std::fs::File::create(path("5.segment")).expect("made");
    huge.set_len(crate::segment::LARGEST + 1).expect("sparse");
    carried.put("6.segment", &[0; 100_000]);
    carried.put("7.segment", b"{}\n");
    carried.put("8.segment", b"");
    let odd = std::ffi::OsString::from_vec([&[0xff; 240][..], b".segment"].concat());
    std::fs::write(carried.path().join(&odd), b"\n").expect("written");
    carried.put(&name, &bytes);

    let mut inbox = carried.inbox();
    let state = inbox.round(&province.world);
    assert_eq!(entries_of_county(&province), entries_of_county(&county), "the good one is taken");
    assert_eq!(files(&path("done")), [name.as_str()]);
    let left: Vec<&str> = state.left.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(state.left_count, 6, "{state:?}");
    for name in ["readme.txt", "0.segment", "1.segment", "2.segment", "3.segment", "4.segment"] {
        assert!(left.contains(&name), "{name}: {state:?}");
        assert!(std::fs::symlink_metadata(path(name)).is_ok(), "{name} is where it was");
    }
    assert_eq!(std::fs::read(elsewhere.path().join("secret")).expect("is"), b"not to be moved");
    assert_eq!(whys(&state), [("8.segment".to_owned(), Why::Half)]);
    let refused = files(&path("refused"));
    let kept: Vec<&String> = refused.iter().filter(|it| !it.ends_with(".reason.txt")).collect();
    assert_eq!((kept.len(), refused.len()), (4, 8), "each with its reason: {refused:?}");
    let why = std::fs::read_to_string(path("refused/5.segment.reason.txt")).expect("is there");
    assert!(why.contains("268435457 bytes") && why.contains("at most 268435456"), "{why}");

    // Our own directories are no doors either.
    std::fs::remove_dir_all(path("done")).expect("removed");
    std::os::unix::fs::symlink(elsewhere.path(), path("done")).expect("made");
    carried.put(&name, &bytes);
    let state = inbox.round(&province.world);
    assert!(state.trouble.is_some_and(|why| why.contains("no directory")));
    assert_eq!(files(elsewhere.path()), ["secret"]);
}

#[test]
fn whatever_bytes_a_file_holds_it_is_taken_refused_or_waits() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    let before = province.world.last_seq();
    let mut dice = 0x2545_F491_4F6C_DD1D_u64;
    let mut throw = |most: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice % (most as u64)).expect("small")
    };
    for number in 0..300 {
        let mut wrong = bytes.clone();
        for _ in 0..=throw(3) {
            let at = throw(wrong.len());
            match throw(4) {
                0 => wrong[at] ^= 1 << throw(8),
                1 => drop(wrong.remove(at)),
                2 => wrong.insert(at, u8::try_from(throw(256)).expect("a byte")),
                _ => wrong.truncate(at.max(1)),
            }
        }
        if wrong != bytes {
            carried.put(&format!("{number:03}.segment"), &wrong);
        }
    }
    let state = Inbox::new(carried.path(), Duration::ZERO).round(&province.world);
    assert_eq!(province.world.last_seq(), before, "nothing of what was changed counts");
    // A head that names another node or a later entry waits for what it says.
    let away = files(&carried.path().join("refused")).len() / 2;
    assert!(290 < away + state.waiting_count, "{away} and {}", state.waiting_count);
    assert!(250 < away && files(&carried.path().join("done")).is_empty());
}

#[test]
fn what_nobody_trusts_yet_waits_and_what_is_our_own_or_distrusted_is_refused() {
    let (county, outbox) = county();
    let province = node("town");
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    carried.put(&name, &bytes);
    let mut inbox = carried.inbox();
    let state = inbox.round(&province.world);
    assert_eq!(whys(&state), [(name.clone(), Why::Untrusted)]);
    assert!(state.waiting[0].detail.contains("nobody here has said"), "{state:?}");
    province.trusts(&county);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(entries_of_county(&province), entries_of_county(&county));

    let key = crate::signing::SigningKey::load(county.world.directory()).expect("has a key");
    let key = key.public().fingerprint();
    let distrust =
        move |tx: &mut Tx<'_>| crate::neighbour::distrust(tx, "county", &key, "机器失窃", "何守安");
    province.world.run(Lane::Urgent, "test", distrust).expect("distrusted");
    light(&county, "b");
    let later = written(&county, &outbox);
    carried.put(&later, &std::fs::read(outbox.join(&later)).expect("is there"));
    assert_eq!(whys(&inbox.round(&province.world)), []);
    let why = carried.path().join("refused").join(format!("{later}.reason.txt"));
    assert!(std::fs::read_to_string(why).expect("is there").contains("believed no more"));

    let back = Carried::new();
    back.put(&name, &bytes);
    assert_eq!(whys(&back.inbox().round(&county.world)), []);
    let refused = files(&back.path().join("refused"));
    assert_eq!(refused.len(), 2, "a node does not take in its own log: {refused:?}");
}

#[test]
fn nothing_is_written_before_somebody_said_what_the_neighbour_may_read_and_then_no_more_of_it() {
    let (county, outbox) = undecided();
    light(&county, "a");
    let asked = outbox::order(&county.world, "town");
    assert!(matches!(asked, Err(Error::Conflict { code: "reading-undecided", .. })), "{asked:?}");
    let huadian: Vec<AdminCode> = vec!["220282".parse().expect("a code")];
    let decide =
        move |tx: &mut Tx<'_>| set_reading(tx, "town", &huadian, Class::Internal, "何守安");
    county.world.run(Lane::Urgent, "test", decide).expect("decided");
    let elsewhere: AdminCode = "220200".parse().expect("a code");
    county.world.run(Lane::Urgent, "test", move |tx| lit(tx, "elsewhere", elsewhere)).expect("lit");
    county.settle();
    let name = written(&county, &outbox);
    let text = std::fs::read_to_string(outbox.join(&name)).expect("is there");
    assert!(text.contains("\\\"name\\\":\\\"a\\\""), "what it may read is open");
    assert!(!text.contains("elsewhere") && !text.contains("何守安"), "the rest is closed");
    let contents = crate::segment::contents(&mut text.as_bytes()).expect("verifies");
    assert_eq!((contents.entries, contents.closed), (6, 3), "{contents:?}");
    assert_eq!(contents.kinds["lamp.lit"], 2);
    assert_eq!(
        contents.regions,
        BTreeMap::from([("-".to_owned(), 2), ("220200".to_owned(), 2), ("220282".to_owned(), 2),])
    );
}

#[test]
fn a_full_or_absent_outbox_keeps_the_order_until_it_is_there_again() {
    let (county, outbox) = county();
    std::fs::remove_dir(&*outbox).expect("empty");
    light(&county, "a");
    outbox::order(&county.world, "town").expect("ordered").expect("something is new");
    let state = |world: &World| {
        let about = outbox::subject("town");
        let open = world.read_now(|db| crate::effect::open_errands(db, outbox::EFFECT, about));
        open.expect("reads").first().map(|it| (it.state, it.failures))
    };
    county.until(|world| state(world) == Some((State::Queued, 1)));
    light(&county, "b");
    assert_eq!(outbox::order(&county.world, "town").expect("asked"), None, "one at a time");
    std::fs::create_dir(&*outbox).expect("mounted");
    county.at("08:10");
    county.until(|world| state(world).is_none());
    let first = visible(&outbox);
    assert_eq!(first.len(), 1);
    let second = written(&county, &outbox);
    assert!(first[0] < second, "what was new meanwhile is in the next");
}

#[test]
fn after_a_crash_a_file_that_is_there_was_written_a_draft_was_not_and_else_a_person_says() {
    let (county, outbox) = county();
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let last = entries_of_county(&county).len();
    let attempt = |number| Attempt {
        key: "the same".to_owned(),
        errand: Id::from_u128(1),
        subject: outbox::subject("town"),
        payload: json!({ "neighbour": "town", "first": 1, "last": last }),
        number,
        answer_within: Duration::from_secs(1),
        until: None,
    };
    let way_out = WayOut::of(&county.world);
    let ask = |number| outbox::WriteSegment.find_out(&way_out, &attempt(number));
    assert_eq!(ask(1), Found::WentOut(name.clone()));
    std::fs::write(outbox.join(&name), &bytes[..bytes.len() - 9]).expect("torn by a power cut");
    assert_eq!(ask(1), Found::DidNot, "it is written again, over the torn one");
    std::fs::remove_file(outbox.join(&name)).expect("carried away");
    assert_eq!(ask(1), Found::Unknown);
    std::fs::write(outbox.join(format!(".{name}.1.part")), "{").expect("died while writing");
    assert_eq!(ask(2), Found::Unknown, "another attempt's");
    assert_eq!(ask(1), Found::DidNot);
    assert_eq!(files(&outbox), [""; 0], "and the draft is gone");
}

#[test]
fn a_drill_writes_no_file() {
    let (county, outbox) = county();
    light(&county, "a");
    let drill = county.world.drill("flood", "防汛演练").expect("opens");
    let region: AdminCode = "220282".parse().expect("a code");
    drill.run(Lane::Urgent, "test", move |tx| lit(tx, "played", region)).expect("lit");
    let decide = |tx: &mut Tx<'_>| set_reading(tx, "town", &[], Class::Internal, "何守安");
    drill.run(Lane::Urgent, "test", decide).expect("decided");
    outbox::order(&drill, "town").expect("ordered").expect("something is new");
    let suppressed = |world: &World| {
        let sql = "select state from errand where effect = 'segment.write'";
        let row = world.read_now(|db| Ok(db.row(sql, &[])?)).expect("reads");
        row.map(|row| row.get::<String>("state").expect("text")) == Some("suppressed".to_owned())
    };
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while !suppressed(&drill) {
        assert!(std::time::Instant::now() < deadline, "it is not suppressed");
        std::thread::yield_now();
    }
    drill.close();
    assert_eq!(files(&outbox), [""; 0]);
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

#[test]
fn a_file_that_one_database_would_not_take_is_refused_on_every_one_and_nothing_waits_behind_it() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let carried = Carried::new();
    carried.put(&name, &std::fs::read(outbox.join(&name)).expect("is there"));
    let mut inbox = carried.inbox();
    assert_eq!(whys(&inbox.round(&province.world)), []);

    // Text that no compression makes short enough for an index.
    let long = hex::encode(crate::tx::random::<4096>());
    let with_nul = format!(
        "{}\n{{\"signature\":{{}}}}\n",
        json!({
            "format": 2, "origin": "a\0b", "first": 1, "last": 1, "openness": "internal",
            "key": crate::signing::SigningKey::load(county.world.directory()).expect("has").public(),
            "endorsements": [],
        })
    );
    carried.put("0.segment", with_nul.as_bytes());
    carried.put("1.segment", &forged(&county, vec![Forged::of_kind(&long)]));
    let twice = || Forged::of_kind("lamp.unheard_of");
    carried.put("2.segment", &forged(&county, vec![twice(), twice()]));
    // The log of this province takes one entry of that kind.
    let only = "create unique index only_one on log (kind) where kind = 'lamp.unheard_of'";
    province.raw().batch(only).expect("made");
    let other = node("village");
    province.trusts(&other);
    let after = super::neighbour::segment(&other, 0, Class::Internal);
    carried.put("3.segment", &after);

    let state = inbox.round(&province.world);
    assert_eq!((whys(&state), state.left_count), (vec![], 0));
    assert_eq!(files(&carried.path().join("done")), ["3.segment", name.as_str()]);
    let told = |file: &str| {
        let path = carried.path().join(format!("refused/{file}.segment.reason.txt"));
        std::fs::read_to_string(path).expect("a reason is beside it")
    };
    assert!(told("0").contains(r"a\0b") && told("0").contains("letters"), "{}", told("0"));
    let kind = "a kind of 8192 bytes";
    assert!(told("1").contains(kind) && told("1").contains("at most 200"), "{}", told("1"));
    assert!(told("2").contains("expected values that the log takes"), "{}", told("2"));
    let kept = province.world.read_now(crate::segment::refused).expect("reads");
    assert_eq!(kept.len(), 3, "{kept:?}");
    let here = province.world.read_now(|db| Ok(crate::segment::position(db, "county")?));
    assert_eq!(here.expect("reads") as usize, entries_of_county(&county).len());
    assert!(sound(&province));
}

#[test]
fn on_a_disk_that_is_nearly_full_nothing_is_copied_and_the_file_waits_with_its_reason() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    carried.put(&name, &bytes);
    let mut inbox = carried.inbox();
    let before = province.world.last_seq();
    let size = bytes.len() as u64;
    let spool = province.world.directory().join("spool");
    let waits = |inbox: &mut Inbox| {
        let state = inbox.round(&province.world);
        assert_eq!(whys(&state), [(name.clone(), Why::Trouble)]);
        let why = &state.waiting[0].detail;
        assert!(why.contains("the disk has no room") && why.contains(&size.to_string()), "{why}");
        assert!(!spool.exists(), "nothing was copied");
        assert_eq!(visible(carried.path()), [name.as_str(), "done", "refused"]);
    };
    let space = province.world.space();
    for room in [Room::ReadOnly, Room::NoReadings] {
        space.set(room);
        waits(&mut inbox);
        let taken = super::neighbour::take(&province, &bytes);
        assert!(matches!(taken, Err(Error::DiskFull)), "by another road neither: {taken:?}");
    }
    space.set(Room::Ample);
    space.set_spare(size - 1);
    waits(&mut inbox);
    assert_eq!(province.world.last_seq(), before);
    space.set_spare(size);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(entries_of_county(&province), entries_of_county(&county));
    let refused = province.world.read_now(crate::segment::refused).expect("reads");
    assert_eq!(refused, [], "a full disk is not the sender's fault");
}

/// A mount that hangs: writing to it comes to no end before somebody answers.
struct Hangs(crossbeam_channel::Receiver<Outcome>);

impl Effect for Hangs {
    fn name(&self) -> &'static str {
        outbox::EFFECT
    }

    fn act(&self, _: &WayOut, _: &Attempt) -> Outcome {
        self.0.recv().expect("somebody answers")
    }

    fn patience(&self) -> Patience {
        Patience { answer_within: Duration::from_millis(1), ..Patience::default() }
    }
}

#[test]
fn while_nobody_knows_whether_a_file_was_written_no_further_one_is_ordered() {
    let (answered, answer) = crossbeam_channel::bounded(1);
    let (mut kit, _) = crate::part::Kit::fold(vec![part()]);
    kit.tables_of_tests = LAMPS.to_owned();
    kit.effects.retain(|effect| effect.name() != outbox::EFFECT);
    kit.effects.push(Arc::new(Hangs(answer)));
    let scratch = crate::town::Scratch::new();
    let config = crate::world::WorldConfig {
        name: "real".to_owned(),
        origin: "county".to_owned(),
        directory: scratch.path().join("worlds").join("real"),
        database: scratch.database(),
        clock: crate::Clock::still(base::Timestamp::from_millis(1_785_715_200_000)),
        durable: false,
    };
    let world = World::open(config, Arc::new(kit)).expect("opens");
    crate::neighbour::announce(&world).expect("has a key");
    let something_new = || {
        let decide = |tx: &mut Tx<'_>| set_reading(tx, "town", &[], Class::Internal, "何守安");
        world.run(Lane::Urgent, "test", decide).expect("decided");
    };
    let about = outbox::subject("town");
    let open = || {
        let open = world.read_now(|db| crate::effect::open_errands(db, outbox::EFFECT, about));
        open.expect("reads").iter().map(|it| it.state).collect::<Vec<State>>()
    };
    let until = |so: &dyn Fn() -> bool| {
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while !so() {
            assert!(std::time::Instant::now() < deadline, "it stays {:?}", open());
            std::thread::yield_now();
        }
    };
    something_new();
    outbox::order(&world, "town").expect("ordered").expect("something is new");
    until(&|| open() == [State::Uncertain]);
    for _ in 0..3 {
        something_new();
        assert_eq!(outbox::order(&world, "town").expect("asked"), None);
    }
    assert_eq!(open(), [State::Uncertain], "as the exchange's state shows it");
    answered.send(Outcome::Done("late".to_owned())).expect("it waits");
    until(&|| open().is_empty());
    outbox::order(&world, "town").expect("ordered").expect("all that is new meanwhile");
    answered.send(Outcome::Done("at once".to_owned())).expect("it waits");
    until(&|| open().is_empty());
    world.close();
}

#[test]
fn what_is_put_away_under_a_name_that_was_there_before_lies_beside_it_and_no_pipe_is_waited_for() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let narrow = std::fs::read(outbox.join(&name)).expect("is there");
    light(&county, "b");
    let wide = super::neighbour::segment(&county, 0, Class::Sensitive);
    let carried = Carried::new();
    let mut inbox = carried.inbox();
    for bytes in [&narrow, &narrow, &wide, &wide] {
        carried.put(&name, bytes);
        assert_eq!(whys(&inbox.round(&province.world)), []);
    }
    let done = |name: &str| std::fs::read(carried.path().join("done").join(name)).expect("kept");
    assert_eq!((done(&name), done(&format!("{name}.2"))), (narrow, wide), "both are there");
    assert_eq!(files(&carried.path().join("done")).len(), 2, "and each of them once");

    let pipe = carried.path().join("refused/bad.segment.reason.txt");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, mode, 0).expect("made");
    carried.put("bad.segment", b"{}\n");
    let state = inbox.round(&province.world);
    assert_eq!(whys(&state), [("bad.segment".to_owned(), Why::Trouble)], "it goes on");
    std::fs::remove_file(&pipe).expect("removed");
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert!(files(&carried.path().join("refused")).contains(&"bad.segment".to_owned()));
}
