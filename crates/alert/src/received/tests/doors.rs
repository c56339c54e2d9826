//! Twice, broken, hostile, from elsewhere; and what goes on to others.

use super::*;
use crate::Publication;

async fn rejects(town: &Town) -> Vec<Json> {
    items(town, "周牧", "/api/received-rejects").await
}

#[tokio::test]
async fn a_message_that_comes_twice_is_one_and_a_name_is_given_once() {
    let town = town();
    assert_eq!(taken(&town, STORM.xml()).await, (1, 0));
    assert_eq!(taken(&town, STORM.xml()).await, (0, 1));
    assert_eq!(count(&town, "received.taken"), 1);

    let other = STORM.xml().replace("50 毫米", "5 毫米");
    for _ in 0..2 {
        let answer = bring(&town, "周牧", other.clone()).await;
        assert_eq!(answer.status, 422, "{:?}", answer.body);
        assert!(answer.body["seen"].as_str().is_some_and(|seen| seen.contains("other bytes")));
    }
    assert_eq!(rejects(&town).await.len(), 1, "the same again is the same");
    let seen = &in_force(&town).await[0];
    let path = format!("/api/received-warnings/{}", seen["id"].as_str().expect("an id"));
    assert_eq!(town.get("周牧", &path).await.body["original"], STORM.xml(), "the first stays");
    check_fold(&town);
}

#[tokio::test]
async fn what_is_broken_or_hostile_is_refused_with_what_was_seen_and_kept() {
    let town = town();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/cap");
    let file = |name: &str| std::fs::read(format!("{folder}/{name}")).expect("a fixture");
    let whole = STORM.xml().into_bytes();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (file("xee.cap"), "document type"),
        (file("xee.atom"), "document type"),
        (whole[..whole.len() / 2].to_vec(), ""),
        (b"".to_vec(), ""),
        (b"{\"alert\": 1}".to_vec(), ""),
        (vec![0xff; 70_000], ""),
        (b"<html><body>404</body></html>".to_vec(), "expected"),
        (STORM.xml().replace("<identifier>A</identifier>", "").into_bytes(), "identifier"),
        (STORM.xml().replace("07:30:00+08:00", "early").into_bytes(), "sent"),
    ];
    for (at, (bytes, said)) in cases.iter().enumerate() {
        let answer = bring(&town, "周牧", bytes.clone()).await;
        assert_eq!(answer.status, 422, "case {at}: {:?}", answer.body);
        let seen = answer.body["seen"].as_str().expect("what was seen");
        assert!(seen.contains(said), "case {at}: {seen}");
        let kept = rejects(&town).await;
        assert_eq!(kept.len(), at + 1, "case {at}");
        let path =
            format!("/api/received-rejects/{}/original", kept[0]["id"].as_str().expect("id"));
        let (answer, original) = town.ask_raw("周牧", "GET", &path, Vec::new()).await;
        assert_eq!((answer.status.as_u16(), &original), (200, bytes), "case {at}");
        assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"original.xml\"");
        town.world.clock().set(town.world.clock().now() + base::Duration::from_millis(1));
    }
    assert!(in_force(&town).await.is_empty());
    let large = vec![b' '; (4 << 20) + 1];
    assert_eq!(bring(&town, "周牧", large).await.status, 413);
    check_fold(&town);
}

#[tokio::test]
async fn what_has_faults_is_shown_with_them_and_not_lost() {
    let town = town();
    let faulty = STORM.xml().replace("<urgency>Immediate</urgency>", "<urgency>bald</urgency>");
    assert_eq!(taken(&town, faulty).await, (1, 0));
    let seen = &in_force(&town).await[0];
    let faults = seen["faults"].as_array().expect("faults");
    assert!(faults[0].as_str().is_some_and(|fault| fault.contains("urgency")), "{faults:?}");
}

#[tokio::test]
async fn a_feed_brings_the_messages_that_it_carries_and_one_bad_takes_nothing_from_the_others() {
    let town = town();
    let entry = |name: &str, inside: &str| {
        format!(
            "<entry><id>urn:{name}</id><title>{name}</title><updated>2026-08-03T00:00:00Z</updated>\
             <content type=\"text/xml\">{inside}</content></entry>"
        )
    };
    let inside = |sent: &Sent| sent.xml().split_once("?>").expect("a declaration").1.to_owned();
    let nameless = inside(&STORM).replace("<identifier>A</identifier>", "");
    let feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:f</id><title>f</title>\
         <updated>2026-08-03T00:00:00Z</updated>{}{}{}\
         <entry><id>urn:l</id><title>l</title><updated>2026-08-03T00:00:00Z</updated>\
         <link href=\"http://127.0.0.1/x.cap\"/></entry></feed>",
        entry("a", &inside(&STORM)),
        entry("b", &nameless),
        entry("c", &inside(&WORSE)),
    );
    let answer = bring(&town, "周牧", feed.clone()).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.body["taken"].as_array().map(Vec::len), Some(2));
    assert_eq!(answer.body["refused"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer.body["linked"], 1);
    assert_eq!(in_force(&town).await[0]["identifier"], "U");
    assert_eq!(rejects(&town).await.len(), 1);
    // The feed has changed, the message in it has not.
    let changed = feed.replace("<title>f</title>", "<title>g</title>");
    assert_eq!(taken(&town, changed).await, (0, 2));
    let id = in_force(&town).await[0]["id"].as_str().expect("an id").to_owned();
    let whole = town.get("周牧", &format!("/api/received-warnings/{id}")).await.body;
    assert_eq!(whole["infos"][0]["headline"], "暴雨橙色预警 U");
}

#[tokio::test]
async fn it_is_seen_where_it_is_at_home_or_whom_it_names_and_brought_by_who_may() {
    let town = town();
    taken(&town, STORM.xml()).await;
    let id = in_force(&town).await[0]["id"].as_str().expect("an id").to_owned();
    for path in
        [format!("/api/received-warnings/{id}"), format!("/api/received-warnings/{id}/original")]
    {
        assert_eq!(town.get("磐石值班", &path).await.status, 404);
        assert_eq!(town.get("", &path).await.status, 401);
    }
    assert_eq!(items(&town, "磐石值班", "/api/received-warnings").await.len(), 0);
    // 磐石 is named by it.
    taken(&town, Sent { name: "U", division: "220284", ..STORM }.xml()).await;
    assert_eq!(items(&town, "磐石值班", "/api/received-warnings").await.len(), 1);

    let fresh = || Sent { name: "C", ..STORM }.xml();
    assert_eq!(bring(&town, "", fresh()).await.status, 401);
    town.person("过路人", "220282", &[crate::received::READ]);
    assert_eq!(bring(&town, "过路人", fresh()).await.body["code"], "forbidden");
    assert_eq!(
        bring(&town, "磐石值班", fresh()).await.status,
        404,
        "it would be at home elsewhere"
    );
    assert_eq!(count(&town, "received.taken"), 2);
}

#[tokio::test]
async fn what_is_passed_on_is_passed_on_byte_for_byte_and_only_in_earnest() {
    let publication = Publication { is_open: true, passes_on: true, ..publication() };
    let town = town_that(UNIT, publication);
    // In another encoding than ours, with its mark.
    let text = STORM.xml().replace("UTF-8", "UTF-16");
    let bytes = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes);
    let sent: Vec<u8> = bytes.collect();
    assert_eq!(taken(&town, sent.clone()).await, (1, 0));
    taken(&town, Sent { name: "9", status: "Test", ..STORM }.xml()).await;
    let (answer, bytes) = town.ask_raw("", "GET", "/feeds/cap.atom", Vec::new()).await;
    assert_eq!(answer.status, 200);
    let feed = wire::cap::parse_feed(&bytes, &wire::cap::Limits::default()).expect("a feed");
    assert!(feed.faults.is_empty(), "{:?}", feed.faults);
    let [item] = &feed.items[..] else { panic!("one: {:?}", feed.items) };
    assert_eq!(item.title.as_deref(), Some("暴雨橙色预警 A"));
    let link = item.link.as_deref().expect("a link");
    let path = link.strip_prefix("https://yingji.example.cn").expect("its address");
    let (answer, original) = town.ask_raw("", "GET", path, Vec::new()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(original, sent);
}

#[tokio::test]
async fn what_was_ended_is_passed_on_for_a_week_and_what_holds_as_long_as_it_does() {
    let town = town_that(UNIT, Publication { is_open: true, passes_on: true, ..publication() });
    for sent in [STORM, WORSE, OVER] {
        taken(&town, sent.xml()).await;
    }
    let endless = Sent { name: "E", ..STORM }.xml();
    let (before, rest) = endless.split_once("<expires>").expect("an end");
    let (_, after) = rest.split_once("</expires>").expect("its end");
    taken(&town, format!("{before}{after}")).await;
    let passed = async || {
        let (_, bytes) = town.ask_raw("", "GET", "/feeds/cap.atom", Vec::new()).await;
        let feed = wire::cap::parse_feed(&bytes, &wire::cap::Limits::default()).expect("a feed");
        feed.items.into_iter().filter_map(|item| item.title).collect::<Vec<_>>()
    };
    assert_eq!(passed().await.len(), 4);
    let clock = town.world.clock();
    clock.set(clock.now() + base::Duration::from_hours(8 * 24));
    assert_eq!(passed().await, ["暴雨橙色预警 E"]);
}

#[tokio::test]
async fn unless_it_is_configured_nothing_is_passed_on() {
    let town = town_that(UNIT, Publication { is_open: true, ..publication() });
    taken(&town, STORM.xml()).await;
    let id = in_force(&town).await[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(town.get("", &format!("/feeds/cap/{id}")).await.status, 404);
    let (_, bytes) = town.ask_raw("", "GET", "/feeds/cap.atom", Vec::new()).await;
    let feed = wire::cap::parse_feed(&bytes, &wire::cap::Limits::default()).expect("a feed");
    assert!(feed.items.is_empty());
}
