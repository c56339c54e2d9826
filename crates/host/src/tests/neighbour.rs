//! Stories of two nodes that send each other segments.

use serde_json::json;

use super::*;
use crate::segment::{Outgoing, Taken, refused, take_in};
use crate::signing::SigningKey;

/// A town whose node has its key.
pub(super) fn node(origin: &str) -> Town {
    let town = town_of(origin);
    town.announces();
    town
}

fn fingerprint(town: &Town) -> String {
    SigningKey::load(town.world.directory()).expect("has a key").public().fingerprint()
}

pub(super) fn segment(town: &Town, after: i64, openness: Class) -> Vec<u8> {
    segment_for(town, after, openness, Scope::Node)
}

fn segment_for(town: &Town, after: i64, openness: Class, scope: Scope) -> Vec<u8> {
    let mut bytes = Vec::new();
    let wanted = Outgoing { after, limit: 1_000, openness, scope };
    crate::segment::write(&town.world, &wanted, &mut bytes).expect("written");
    bytes
}

pub(super) fn take(town: &Town, bytes: &[u8]) -> Result<Taken> {
    take_in(&town.world, &mut &bytes[..])
}

pub(super) fn code(result: &Result<Taken>) -> &'static str {
    result.as_ref().expect_err("refused").status().1
}

/// A county with three lamps: seven entries, its key first.
async fn county_with_lamps() -> Town {
    let county = node("county");
    county.person("韩", "220282", &[READ, LIGHT]);
    for name in ["a", "b", "c"] {
        county.post("韩", "/api/lamps", body(name)).await;
    }
    county.settle();
    county.until(|world| world.last_seq() == 7);
    county
}

#[tokio::test]
async fn a_foreign_log_is_taken_in_verified_shown_and_not_acted_upon() {
    let county = county_with_lamps().await;
    let province = node("town");
    province.person("省厅", "220200", &[READ, LIGHT]);
    province.trusts(&county);
    let before = province.world.last_seq();

    let bytes = segment(&county, 0, Class::Internal);
    let taken = take(&province, &bytes).expect("taken in");
    assert_eq!(taken, Taken { new: 7, known: 0, closed: 0, unapplied: 0 });
    assert_eq!(take(&province, &bytes).expect("twice is once").known, 7);
    let overlap = segment(&county, 3, Class::Internal);
    assert_eq!(take(&province, &overlap).expect("a part of it").known, 4);
    province.settle();
    assert_eq!(province.world.last_seq(), before + 7, "no reaction to another node's facts");
    assert!(sound(&province), "both chains verify beside each other");
    assert!(lamps_equal_their_fold(&province));

    let lamp = county.world.read_now(|db| {
        Ok(db.row("select id from lamp where name = 'b'", &[])?.map(|row| row.get::<String>("id")))
    });
    let id = lamp.expect("reads").expect("there").expect("an id");
    let seen = province.get("省厅", &format!("/api/lamps/{id}")).await;
    assert_eq!(seen.body["name"], "b", "the county's lamp is seen from above");
    let theirs: Id = id.parse().expect("an id");
    let meddled = province.world.run(Lane::Urgent, "test", move |tx| {
        tx.record(Record::next(theirs, LampFact::BurntOut(BurntOut {})))
    });
    assert!(matches!(meddled, Err(Error::Conflict { code: "not-owned", .. })), "{meddled:?}");
    assert_eq!(code(&take(&county, &bytes)), "own-origin");
}

#[tokio::test]
async fn nothing_of_a_segment_is_taken_in_before_all_of_it_is_believed() {
    let county = county_with_lamps().await;
    let stranger = node("county");
    let province = node("town");
    let bytes = segment(&county, 0, Class::Internal);
    assert_eq!(code(&take(&province, &bytes)), "unknown-origin");
    province.trusts(&county);
    let before = province.world.last_seq();

    let text = String::from_utf8(bytes.clone()).expect("text");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let without = |gone: usize| {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != gone);
        kept.map(|(_, line)| *line).collect::<String>()
    };
    let other = segment(&county, 1, Class::Internal);
    let other = String::from_utf8(other).expect("text");
    let other_seal = other.split_inclusive('\n').next_back().expect("a last line");
    let closed_by_hand = {
        let mut entry: serde_json::Value = serde_json::from_str(lines[3]).expect("an entry");
        entry["body"] = serde_json::Value::Null;
        text.replacen(lines[3], &format!("{entry}\n"), 1)
    };
    let cases = [
        ("another's key", String::from_utf8(segment(&stranger, 0, Class::Internal)), "unknown-key"),
        (
            "a changed body",
            Ok(text.replacen("\\\"name\\\":\\\"c\\\"", "\\\"name\\\":\\\"C\\\"", 1)),
            "bad-request",
        ),
        ("a body closed on the way", Ok(closed_by_hand), "bad-request"),
        (
            "another class said",
            Ok(text.replacen("\"internal\",\"key\"", "\"public\",\"key\"", 1)),
            "bad-request",
        ),
        ("an entry taken out", Ok(without(4)), "gap"),
        ("the end cut off", Ok(without(lines.len() - 2)), "bad-request"),
        ("no signature", Ok(without(lines.len() - 1)), "bad-request"),
        ("cut in a line", Ok(text[..text.len() - 40].to_owned()), "bad-request"),
        (
            "the signature of other lines",
            Ok(format!("{}{other_seal}", without(lines.len() - 1))),
            "bad-request",
        ),
        ("something after the end", Ok(format!("{text}{}", lines[2])), "bad-request"),
        ("a part without its beginning", Ok(other.clone()), "gap"),
        ("nothing", Ok(String::new()), "bad-request"),
        ("no line at all", Ok("{\"format\":2".to_owned()), "bad-request"),
    ];
    let count = cases.len();
    for (what, bytes, expected) in cases {
        let result = take(&province, bytes.expect("text").as_bytes());
        assert_eq!(code(&result), expected, "{what}: {result:?}");
        assert_eq!(province.world.last_seq(), before, "{what}: nothing was taken in");
    }
    let mut broken = bytes.clone();
    broken[2_000] = 0xff;
    assert_eq!(code(&take(&province, &broken)), "bad-request", "no text");
    assert_eq!(code(&take(&province, &broken)), "bad-request", "and again");

    let kept = province.world.read_now(refused).expect("reads");
    assert_eq!(kept.len(), count + 2, "each is kept once, the first unknown one too");
    assert!(kept.iter().any(|one| one.times == 2 && one.bytes == bytes.len() as i64));
    assert!(kept.iter().any(|one| one.reason.contains("nobody here has trusted")));
    let left = std::fs::read_dir(province.world.directory().join("spool")).expect("was made");
    assert_eq!(left.count(), 0, "nothing is left on the disk");
    assert_eq!(take(&province, &bytes).expect("the true one").new, 7);
}

#[tokio::test]
async fn a_new_key_goes_by_the_old_ones_word_until_a_person_takes_that_back() {
    let county = county_with_lamps().await;
    let province = node("town");
    province.person("何守安", "220200", &[crate::neighbour::TRUST]);
    county.person("安", "220282", &[crate::neighbour::TRUST]);
    let old = fingerprint(&county);
    let typed = format!("{} {}", old[..32].to_uppercase(), &old[32..]);
    let trusted = json!({ "origin": "county", "fingerprint": typed, "regions": ["220282"] });
    let answer = province.post("何守安", "/api/neighbours", trusted).await;
    assert_eq!((answer.status.as_u16(), &answer.body["fingerprint"]), (201, &json!(old)));
    assert_eq!(answer.body["decided_by"], "何守安");
    assert_eq!(answer.body["regions"], json!(["220282"]));
    assert_eq!(take(&province, &segment(&county, 0, Class::Internal)).expect("believed").new, 7);

    let changed = county.post("安", "/api/node/key/change", json!({})).await;
    let new = changed.body["fingerprint"].as_str().expect("a fingerprint").to_owned();
    assert_ne!(new, old);
    crate::neighbour::announce(&county.world).expect("a start later");
    assert_eq!(county.world.last_seq(), 8, "announced once");
    assert_eq!(take(&province, &segment(&county, 7, Class::Internal)).expect("endorsed").new, 1);
    let keys = "select fingerprint, previous from node_key where origin = 'county' order by announced_at, previous nulls first";
    let keys = province.world.read_now(|db| Ok(db.rows(keys, &[])?)).expect("reads");
    let chain: Vec<(String, Option<String>)> = keys
        .iter()
        .map(|row| (row.get("fingerprint").expect("text"), row.get("previous").expect("text")))
        .collect();
    assert_eq!(chain, [(old.clone(), None), (new.clone(), Some(old.clone()))]);

    county.post("韩", "/api/lamps", body("d")).await;
    let bytes = segment(&county, 8, Class::Internal);
    let path = "/api/neighbours/county/distrust";
    let lost = json!({ "fingerprint": old, "reason": "机器失窃" });
    assert_eq!(province.post("何守安", path, lost).await.status, 200);
    assert_eq!(code(&take(&province, &bytes)), "key-distrusted");
    let afresh = json!({ "origin": "county", "fingerprint": new, "regions": ["220282"] });
    assert_eq!(province.post("何守安", "/api/neighbours", afresh).await.status, 201);
    assert!(0 < take(&province, &bytes).expect("compared by people").new);

    let list = province.get("何守安", "/api/neighbours").await.body;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(list["refused"][0]["origin"], "county");
    for (path, wrong) in [
        ("/api/neighbours", json!({ "origin": "town", "fingerprint": old, "regions": ["220282"] })),
        ("/api/neighbours", json!({ "origin": "a b", "fingerprint": old, "regions": ["220282"] })),
        (
            "/api/neighbours",
            json!({ "origin": "county", "fingerprint": "abc", "regions": ["220282"] }),
        ),
        ("/api/neighbours", json!({ "origin": "county", "fingerprint": old, "regions": [] })),
        ("/api/neighbours", json!({ "origin": "county", "fingerprint": old })),
        ("/api/neighbours/nowhere/distrust", json!({ "fingerprint": old, "reason": "失窃" })),
    ] {
        let status = province.post("何守安", path, wrong).await.status.as_u16();
        assert!([404, 409, 422].contains(&status), "{path}: {status}");
    }
    assert_eq!(province.get("何守安", "/api/worlds/real/neighbours").await.status, 200);
}

#[tokio::test]
async fn bodies_withheld_by_class_leave_a_chain_that_verifies() {
    let county = county_with_lamps().await;
    let province = node("town");
    province.trusts(&county);
    let bytes = segment(&county, 0, Class::Public);
    assert!(!String::from_utf8_lossy(&bytes).contains("out_at"), "no body is in the file");
    let taken = take(&province, &bytes).expect("taken in");
    assert_eq!((taken.new, taken.closed), (7, 6), "the key is public");
    let report = province.world.read_now(|db| crate::verify::book(db, Book::Log)).expect("reads");
    assert_eq!((report.closed, report.faults.len()), (6, 0));
}

#[tokio::test]
async fn a_receiver_reads_the_bodies_of_its_own_regions_only() {
    let city = node("city");
    city.person("市", "220200", &[READ, LIGHT]);
    city.regions(&[("220200", "220281")]);
    for (name, region) in [("桦", "220282"), ("蛟", "220281")] {
        let lamp = json!({ "name": name, "region": region });
        assert_eq!(city.post("市", "/api/lamps", lamp).await.status, 201);
    }
    city.settle();
    city.until(|world| world.last_seq() == 5);
    let huadian: AdminCode = "220282".parse().expect("a code");
    let scope = Scope::all_in(huadian);
    let bytes = segment_for(&city, 0, Class::Internal, scope);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("桦") && !text.contains("蛟"), "{text}");

    let county = node("county");
    county.trusts(&city);
    let taken = take(&county, &bytes).expect("taken in");
    assert_eq!((taken.new, taken.closed), (5, 2), "the other county's two are closed");
    let lamps = county.world.read_now(|db| Ok(db.rows("select name from lamp", &[])?));
    assert_eq!(lamps.expect("reads").len(), 1);
    assert!(sound(&county));
    assert!(lamps_equal_their_fold(&county));
}

#[test]
fn a_segment_of_many_entries_is_cut_where_it_is_asked_to_be() {
    let county = node("county");
    let region: AdminCode = "220282".parse().expect("a code");
    let lit = move |tx: &mut Tx<'_>| {
        (0..200).try_for_each(|n| lit(tx, &n.to_string(), region.clone()).map(drop))
    };
    county.world.run(Lane::Ordinary, "test", lit).expect("lit");
    county.settle();
    county.until(|world| world.last_seq() == 401);
    let province = node("town");
    province.trusts(&county);
    let mut after = 0;
    let mut sizes = Vec::new();
    loop {
        let mut bytes = Vec::new();
        let wanted = Outgoing { after, limit: 150, openness: Class::Internal, scope: Scope::Node };
        let head = crate::segment::write(&county.world, &wanted, &mut bytes).expect("written");
        let Some(head) = head else { break };
        let taken = take(&province, &bytes).expect("taken in");
        sizes.push(taken.new);
        after = head.last;
    }
    assert_eq!(sizes, [150, 150, 101]);
    assert!(sound(&province));
    assert!(lamps_equal_their_fold(&province));
}
