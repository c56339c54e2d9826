//! Calls: saved at each key, opened once, and nobody's name in any fact.

use host::log::Book;
use host::part::Kit;
use host::town::{Scratch, Town};
use host::world::{WorldConfig, wall_clock};
use host::{Clock, World, backup};
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_call_is_saved_at_each_key_and_opened_once() {
    let town = county();
    let officer = hire(&town, "韩立春", "220282", OFFICER);
    let first = put(&town, "韩立春", &call(1), json!({ "what": "村" })).await;
    assert_eq!((first.status.as_u16(), &first.body["revision"]), (200, &json!(1)));
    town.at("08:01");
    let second = put(&town, "韩立春", &call(1), form()).await;
    assert_eq!(second.body["revision"], json!(2));
    assert_eq!(second.body["saved_at"], json!(moment("08:01")));
    let again = put(&town, "韩立春", &call(1), form()).await;
    assert_eq!(again.body["revision"], json!(2), "nothing new was typed");

    let mut stale = form();
    stale["revision"] = json!(1);
    stale["place"] = json!("另一处");
    let answer = put(&town, "韩立春", &call(1), stale).await;
    assert_eq!(refused(&answer), (409, "stale-revision"), "typed in another window");

    let whole = town.get("韩立春", &call(1)).await;
    assert_eq!(whole.body["phone"], "13812345678");
    assert_eq!(whole.body["owner"]["person"], json!(officer.person));
    let list = town.get("韩立春", "/api/intakes").await;
    assert_eq!(column(&list, "/items", "phone"), "138****5678");
    assert_eq!(column(&list, "/items", "caller"), "金**");
    assert_eq!(column(&list, "/items", "what"), "村道过水，报告人家进水，回电138****5678");

    town.at("08:02");
    let open = format!("{}/open", call(1));
    let opened = town.post("韩立春", &open, json!({})).await;
    assert_eq!(opened.status, 201, "{:?}", opened.body);
    assert_eq!(opened.body["number"], "E-0803-01");
    assert_eq!(opened.body["region_name"], "桦甸市");
    assert_eq!(opened.body["title"], "红石砬子镇桦树林村：村道过水，报告人家进水，回电138****5678");
    assert_eq!(opened.body["casualties"], json!({ "dead": null, "injured": null, "trapped": 2 }));
    let again = town.post("韩立春", &open, json!({})).await;
    assert_eq!(again.body["id"], opened.body["id"]);
    assert_eq!(kinds(&town), ["incident.opened"]);
    let log = entries(&town, Book::Log);
    let entry = log.iter().find(|entry| entry.kind() == "incident.opened").expect("opened");
    assert_eq!(entry.header.known, moment("08:00"), "the clocks run from the first key");

    let late = put(&town, "韩立春", &call(1), form()).await;
    assert_eq!(refused(&late), (409, "intake-opened"));
    assert_eq!(refused(&delete(&town, "韩立春", &call(1)).await), (409, "intake-opened"));
    let drafts = town.get("韩立春", "/api/intakes").await;
    assert_eq!(drafts.body["items"], json!([]));
    let done = town.get("韩立春", "/api/intakes?state=opened").await;
    assert_eq!(column(&done, "/items", "incident"), opened.body["id"].as_str().expect("an id"));
}

#[tokio::test]
async fn who_called_is_in_no_fact_no_trail_and_no_stored_reply() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    let other = hire(&town, "孙亦文", "220200", &[intake::READ, incident::READ]);
    let incident = incident_from_call(&town, "韩立春", 1).await;

    // Another officer may see it, and that is written down.
    let seen = town.get("孙亦文", &call(1)).await;
    assert_eq!(seen.body["caller"], "金秀妍");
    let trail = entries(&town, Book::Trail);
    assert_eq!(trail.last().expect("noted").kind(), "intake.viewed");
    assert_eq!(trail.last().expect("noted").header.actor.person, Some(other.person));

    for entry in entries(&town, Book::Log).iter().chain(&trail) {
        let text = format!("{}{:?}", entry.header_text, entry.body);
        assert!(!text.contains("13812345678"), "{text}");
        assert!(!text.contains("金秀妍"), "{text}");
    }
    let replies = town.world.read_now(|db| Ok(db.rows("select reply from idempotency", &[])?));
    for row in replies.expect("readable") {
        let reply: String = row.get("reply").expect("text");
        assert!(!reply.contains("金秀妍"), "{reply}");
    }

    // The incident shows the caller masked, to who may know it, and to nobody else.
    let path = format!("/api/incidents/{incident}");
    hire(&town, "周牧", "220282", COMMANDER);
    let shown = town.get("孙亦文", &path).await;
    assert_eq!(shown.body["caller"], json!({ "name": "金**", "phone": "138****5678" }));
    assert_eq!(town.get("周牧", &path).await.body["caller"], json!(null));
}

#[tokio::test]
async fn a_draft_is_its_owners_and_its_readers_within_their_region() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    hire(&town, "李沛然", "220282", &[intake::WRITE]);
    hire(&town, "孙亦文", "220282", &[intake::READ, intake::WRITE]);
    hire(&town, "吴满仓", "220100", &[intake::READ, intake::WRITE]);
    hire(&town, "周牧", "220282", COMMANDER);
    assert_eq!(put(&town, "韩立春", &call(1), json!({ "what": "无区划" })).await.status, 200);
    assert_eq!(put(&town, "韩立春", &call(2), form()).await.status, 200);

    let lists = [("韩立春", 2), ("李沛然", 0), ("孙亦文", 1), ("吴满仓", 0)];
    for (name, count) in lists {
        let list = town.get(name, "/api/intakes").await;
        assert_eq!(list.body["items"].as_array().map(Vec::len), Some(count), "{name}");
    }
    assert_eq!(refused(&town.get("周牧", "/api/intakes").await), (403, "forbidden"));
    assert_eq!(refused(&town.get("李沛然", &call(2)).await), (404, "not-found"));
    assert_eq!(refused(&town.get("吴满仓", &call(2)).await), (404, "not-found"));
    assert_eq!(refused(&put(&town, "李沛然", &call(2), form()).await), (404, "not-found"));
    assert_eq!(refused(&put(&town, "周牧", &call(3), form()).await), (403, "forbidden"));
    assert_eq!(refused(&town.get("", &call(2)).await), (401, "not-signed-in"));

    // A colleague may go on typing, and does not become the owner by it.
    let mut more = form();
    more["injured"] = json!(1);
    more["revision"] = json!(1);
    assert_eq!(put(&town, "孙亦文", &call(2), more).await.status, 200);
    assert_eq!(town.get("孙亦文", &call(2)).await.body["owner"]["name"], "韩立春");
    assert_eq!(refused(&delete(&town, "孙亦文", &call(2)).await), (409, "not-your-intake"));
    assert_eq!(delete(&town, "韩立春", &call(2)).await.status, 204);
    assert_eq!(refused(&town.get("韩立春", &call(2)).await), (404, "not-found"));
}

#[tokio::test]
async fn a_colleague_overwrites_nothing_unread_and_takes_nothing_out_of_sight() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    hire(&town, "孙亦文", "220282", &[intake::READ, intake::WRITE]);
    assert_eq!(put(&town, "韩立春", &call(1), form()).await.status, 200);

    let of_colleague = async |field: &str, value: Json, revision: Json| {
        let mut body = form();
        body[field] = value;
        body["revision"] = revision;
        put(&town, "孙亦文", &call(1), body).await
    };
    let unread = of_colleague("place", json!("别处"), json!(null)).await;
    assert_eq!(refused(&unread), (422, "bad-request"));
    assert_eq!(unread.body["field"], "revision");
    let stale = of_colleague("place", json!("别处"), json!(0)).await;
    assert_eq!(refused(&stale), (409, "stale-revision"));
    for region in [json!(null), json!("220104")] {
        let away = of_colleague("region", region, json!(1)).await;
        assert_eq!(refused(&away), (409, "call-out-of-reach"));
    }
    let whole = town.get("韩立春", &call(1)).await.body;
    assert_eq!((&whole["revision"], &whole["region"]), (&json!(1), &json!("220282")));
    assert_eq!(whole["place"], "红石砬子镇桦树林村");

    let read = of_colleague("place", json!("别处"), json!(1)).await;
    assert_eq!((read.status.as_u16(), &read.body["revision"]), (200, &json!(2)));
    // Whose call it is moves it where it happened, and need not say what they have read.
    let mut elsewhere = form();
    elsewhere["region"] = json!("220104");
    assert_eq!(put(&town, "韩立春", &call(1), elsewhere).await.status, 200);
    assert_eq!(refused(&town.get("孙亦文", &call(1)).await), (404, "not-found"));
}

#[tokio::test]
async fn a_colleague_who_reads_is_noted_each_time_and_the_taker_is_not() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    hire(&town, "孙亦文", "220282", &[intake::READ, intake::WRITE]);
    assert_eq!(put(&town, "韩立春", &call(1), form()).await.status, 200);
    let viewed = || {
        let trail = entries(&town, Book::Trail);
        trail.iter().filter(|entry| entry.kind() == "intake.viewed").count()
    };
    assert_eq!(town.get("韩立春", &call(1)).await.body["phone"], "13812345678");
    assert_eq!(town.get("孙亦文", "/api/intakes").await.status, 200);
    assert_eq!(viewed(), 0, "one's own, and what is masked");
    assert_eq!(town.get("孙亦文", &call(1)).await.body["phone"], "13812345678");
    assert_eq!(town.get("孙亦文", &call(1)).await.status, 200);
    assert_eq!(viewed(), 2);

    let taker = town.get("韩立春", &call(1)).await.body["owner"]["person"].clone();
    let kit = town.world.kit().clone();
    let entries = entries(&town, Book::Trail);
    let lines = town.world.read_now(|db| host::trail::TrailLine::list(db, &kit, &entries));
    let line = serde_json::to_value(&lines.expect("reads")[0]).expect("JSON");
    let id = call(1).rsplit('/').next().expect("an id").to_owned();
    assert_eq!(line["subject"], json!({ "noun": "intake", "id": id }));
    assert_eq!(line["concerns"], json!({ "person": taker, "name": "韩立春" }), "whose call");
    assert_eq!(line["data"], json!({ "started_at": moment("08:00") }));
}

#[tokio::test]
async fn a_note_of_before_still_says_which_call_was_read() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    hire(&town, "孙亦文", "220282", &[intake::READ]);
    assert_eq!(put(&town, "韩立春", &call(1), form()).await.status, 200);
    assert_eq!(town.get("孙亦文", &call(1)).await.status, 200);
    let mut entry = entries(&town, Book::Trail).pop().expect("noted");
    (entry.header.version, entry.body) = (1, Some("{}".to_owned()));
    let kit = town.world.kit().clone();
    let lines = town.world.read_now(|db| host::trail::TrailLine::list(db, &kit, &[entry]));
    let line = serde_json::to_value(&lines.expect("reads")[0]).expect("JSON");
    assert_eq!((&line["silent"], &line["concerns"]), (&json!(null), &json!(null)));
    assert_eq!(line["subject"]["noun"], "intake");
}

#[tokio::test]
async fn a_late_key_does_not_bring_a_deleted_call_back() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    assert_eq!(put(&town, "韩立春", &call(1), form()).await.status, 200);
    assert_eq!(delete(&town, "韩立春", &call(1)).await.status, 204);
    assert_eq!(kinds(&town), ["key.destroyed"], "a copy of the row may be in a backup");
    let late = put(&town, "韩立春", &call(1), form()).await;
    assert_eq!(refused(&late), (409, "key-destroyed"));
    assert_eq!(refused(&town.get("韩立春", &call(1)).await), (404, "not-found"));
}

#[tokio::test]
async fn who_called_is_nowhere_in_clear_and_an_old_backup_does_not_tell_it_afterwards() {
    let town = county();
    let (officer, _, _) = crew(&town);
    hire(&town, "孙亦文", "220282", &[intake::READ, intake::WRITE]);
    let mut draft = form();
    draft["what"] = json!("桥头老树下有人呼救");
    assert_eq!(put(&town, "韩立春", &call(2), draft).await.status, 200);
    assert_eq!(town.get("孙亦文", &call(2)).await.body["caller"], "金秀妍");
    incident_from_call(&town, "韩立春", 1).await;
    town.settle();

    let scratch = Scratch::new();
    let path = |name: &str| scratch.path().join(name);
    let backup = |to: &str| {
        let order = backup::Order {
            subjects: backup::of_node(&town.node).expect("the worlds"),
            kit: town.world.kit(),
            to: &path(to),
            keys_to: Some(&path("keys")),
            keep: None,
            lines: host::space::Lines::of_gib(0),
            version: "test",
            now: wall_clock(),
        };
        backup::take(order, &mut |_| Ok(())).expect("taken")
    };
    let old = backup("backups");
    for directory in [town.world.directory(), scratch.path()] {
        for secret in ["13812345678", "金秀妍", "桥头老树下"] {
            assert_eq!(files_with(directory, secret.as_bytes()), [""; 0], "{secret}");
        }
    }
    // The search finds what is there: the taker's name is no secret.
    assert_ne!(files_with(&old.directory, "韩立春".as_bytes()), [""; 0]);

    assert_eq!(delete(&town, "韩立春", &call(2)).await.status, 204);
    town.settle();
    backup("later");
    let there = Scratch::new();
    let kit = town.world.kit().clone();
    let plan = backup::Plan {
        from: &old.directory,
        to: &path("node"),
        database: there.database(),
        kit: kit.clone(),
        keys: Some(&path("keys")),
        witnesses: &[],
        first: &|_| Ok(()),
    };
    assert!(backup::restore(&plan, &mut |_| Ok(())).expect("restored").has_keys);
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: "town".to_owned(),
        directory: path("node/worlds/real"),
        database: there.database(),
        clock: Clock::still(moment("08:10")),
        durable: false,
    };
    let world = World::open(config, kit).expect("a restored world opens");
    let desk = intake::Desk::of(&officer).expect("may");
    let lines = |state| {
        let read = world.read_now(|db| intake::list(db, &desk, state, None, 10));
        let calls = read.expect("answers");
        let line = |call: intake::Call| call.line(world.keys()).expect("reads or is closed");
        calls.into_iter().map(line).collect::<Vec<_>>()
    };
    let deleted = lines(intake::IntakeState::Draft);
    assert_eq!(deleted.len(), 1, "the row came back");
    assert_eq!([&*deleted[0].caller, &*deleted[0].phone, &*deleted[0].what], ["", "", ""]);
    let kept = lines(intake::IntakeState::Opened);
    assert_eq!(kept[0].phone, "138****5678", "whose key lives is read");
    world.close();
}

/// The files below a directory that hold these bytes.
fn files_with(directory: &std::path::Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files_with(&path, needle));
        } else {
            let bytes = std::fs::read(&path).expect("readable");
            if bytes.windows(needle.len()).any(|window| window == needle) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn what_is_missing_or_too_much_is_named() {
    let town = county();
    hire(&town, "韩立春", "220282", OFFICER);
    let too_long = "长".repeat(201);
    for (field, value) in [
        ("place", json!(too_long)),
        ("dead", json!(1_000_001)),
        ("phone", json!("1\u{0}3")),
        ("point", json!({ "lon": 43.0, "lat": 126.9 })),
        ("region", json!("22028")),
        ("dead", json!(-1)),
    ] {
        let answer = put(&town, "韩立春", &call(1), json!({ field: value })).await;
        assert_eq!(refused(&answer), (422, "bad-request"), "{field}");
    }
    let mut typed = json!({});
    for (missing, field, value) in [
        ("region", "region", json!("220282")),
        ("hazard", "hazard", json!("flood")),
        ("what", "what", json!("过水")),
    ] {
        assert_eq!(put(&town, "韩立春", &call(1), typed.clone()).await.status, 200);
        let answer = town.post("韩立春", &format!("{}/open", call(1)), json!({})).await;
        assert_eq!(refused(&answer), (422, "bad-request"));
        assert_eq!(answer.body["field"], missing);
        typed[field] = value;
    }
    typed["region"] = json!("220104");
    assert_eq!(put(&town, "韩立春", &call(1), typed.clone()).await.status, 200);
    let elsewhere = town.post("韩立春", &format!("{}/open", call(1)), json!({})).await;
    assert_eq!(refused(&elsewhere), (404, "not-found"), "a region that is not theirs");
    typed["region"] = json!("220282");
    assert_eq!(put(&town, "韩立春", &call(1), typed).await.status, 200);
    let opened = town.post("韩立春", &format!("{}/open", call(1)), json!({})).await;
    assert_eq!(opened.body["place"], "桦甸市", "no place in words: the region's name");
    assert_eq!(opened.body["casualties"], json!(null), "nobody counted is not nobody harmed");
}

#[tokio::test]
async fn a_draft_survives_a_restart() {
    let town = county();
    let officer = hire(&town, "韩立春", "220282", OFFICER);
    assert_eq!(put(&town, "韩立春", &call(1), form()).await.status, 200);
    town.world.close();

    let (kit, _) = Kit::fold(parts());
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: "town".to_owned(),
        directory: town.world.directory().to_owned(),
        database: town.database(),
        clock: Clock::still(moment("08:10")),
        durable: false,
    };
    let world = World::open(config, std::sync::Arc::new(kit)).expect("opens again");
    let desk = intake::Desk::of(&officer).expect("may");
    let drafts = world
        .read_now(|db| intake::list(db, &desk, intake::IntakeState::Draft, None, 10))
        .expect("answers");
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].revision, 1);
    let line = drafts[0].clone().line(world.keys()).expect("its key is there too");
    assert_eq!(line.what, "村道过水，报告人家进水，回电138****5678");
    world.close();
}

#[tokio::test]
async fn a_call_is_forgotten_when_nobody_needs_it_any_more() {
    let town = county();
    crew(&town);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    assert_eq!(put(&town, "韩立春", &call(2), form()).await.status, 200);
    let month = base::Duration::from_hours(30 * 24);
    let kept = |town: &Town| {
        let rows = town.world.read_now(|db| Ok(db.rows("select id from intake order by id", &[])?));
        rows.expect("answers").len()
    };

    pass(&town, month);
    town.until(|_| kept(&town) == 1);
    assert_eq!(town.get("韩立春", &call(1)).await.status, 200, "its incident is open");

    let close = format!("/api/incidents/{incident}/close");
    assert_eq!(town.post("周牧", &close, json!({ "reason": "水退" })).await.status, 200);
    pass(&town, month);
    town.until(|_| kept(&town) == 0);
    let destroyed = kinds(&town).into_iter().filter(|kind| kind == "key.destroyed").count();
    assert_eq!(destroyed, 2, "no backup gives them back");
    let shown = town.get("韩立春", &format!("/api/incidents/{incident}")).await;
    assert_eq!(shown.body["caller"], json!(null));
    assert_eq!(shown.body["state"], "closed", "the incident stays");
}

/// Moves the clock and wakes the scheduler by a commit.
fn pass(town: &Town, span: base::Duration) {
    let clock = town.world.clock();
    clock.set(clock.now() + span);
    wake(town);
}
