//! Stories of messages: what subscribers get of a warning's life.

mod feed;

use base::{Hazard, Level};
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};
use wire::cap::{self, Alert, Limits, MsgType, Status, Urgency};

use crate::story::*;

/// What was told of a warning, read again, the oldest first.
async fn told(town: &Town, warning: &Json) -> Vec<Alert> {
    let id = warning["id"].as_str().expect("an id");
    let messages = items(town, "周牧", &format!("/api/warnings/{id}/messages")).await;
    messages.iter().map(|message| read(message["xml"].as_str().expect("XML"))).collect()
}

#[track_caller]
fn read(xml: &str) -> Alert {
    let message = cap::parse(xml.as_bytes(), &Limits::default()).expect("a message");
    assert!(message.faults.is_empty(), "{:?}\n{xml}", message.faults);
    message.alert
}

async fn act(town: &Town, name: &str, warning: &Json, verb: &str, body: Json) -> Json {
    let id = warning["id"].as_str().expect("an id");
    let answer = town.post(name, &format!("/api/warnings/{id}/{verb}"), body).await;
    done(answer)
}

#[track_caller]
fn done(answer: Answer) -> Json {
    assert!(answer.status.is_success(), "{} {:?}", answer.status, answer.body);
    answer.body
}

/// Raises a finding, has its warning reviewed and issued until 14:00.
async fn in_force(town: &Town, found: Found) -> Json {
    raise(town, found);
    let warning = items(town, "周牧", "/api/warnings").await.swap_remove(0);
    act(town, "周牧", &warning, "review", json!({})).await;
    act(town, "孙亦文", &warning, "issue", json!({ "expires": moment(14, 0) })).await
}

#[tokio::test]
async fn an_issued_warning_is_an_alert_that_says_all_eight_items() {
    let town = town();
    let warning = in_force(&town, FLOOD).await;
    let [alert] = &told(&town, &warning).await[..] else { panic!("one message") };
    assert_eq!(alert.identifier, "22028200000000_20260803080000_0");
    assert_eq!(alert.sender, "town@example.cn");
    assert_eq!(alert.sent.as_str(), "2026-08-03T08:00:00+08:00");
    assert_eq!((&alert.status, &alert.msg_type), (&Some(Status::Actual), &Some(MsgType::Alert)));
    assert_eq!(alert.references, None);
    let info = &alert.info[0];
    let content = &warning["content"];
    let text = |text: &Option<String>| json!(text);
    assert_eq!(text(&info.event), content["class"]);
    assert_eq!(text(&info.description), content["matters"]);
    assert_eq!(text(&info.instruction), content["measures"]);
    assert_eq!(text(&info.sender_name), content["issuer"]);
    assert_eq!(text(&info.area[0].area_desc), content["area"]);
    assert_eq!(info.severity.as_ref().map(cap::Word::as_str), Some("Severe"), "orange");
    assert_eq!(info.urgency, Some(Urgency::Immediate));
    assert_eq!(info.headline.as_deref(), Some("桦甸市应急管理局发布青石湾站 洪水橙色预警"));
    let end = info.expires.as_ref().expect("an end");
    assert_eq!(end.as_str(), "2026-08-03T14:00:00+08:00");
    let pairs: Vec<(&str, &str)> = info
        .parameter
        .iter()
        .chain(&info.area[0].geocode)
        .map(|pair| (pair.value_name.as_str(), pair.value.as_str()))
        .collect();
    assert_eq!(
        pairs,
        [
            ("fengsui:hazard", "flood"),
            ("fengsui:number", "Y-220282-0803-01"),
            ("fengsui:signer", "孙亦文"),
            ("fengsui:level", "橙色"),
            ("GB/T 2260", "220282"),
        ]
    );
    check_fold(&town);
}

#[tokio::test]
async fn each_later_word_names_what_was_told_before_and_a_lifting_ends_it() {
    let town = town();
    let warning = in_force(&town, FLOOD).await;
    town.at("09:00");
    act(&town, "刘景行", &warning, "extend", json!({ "expires": moment(18, 0) })).await;
    town.at("10:00");
    let reason = json!({ "reason": "水位已回落" });
    act(&town, "刘景行", &warning, "lift", reason).await;

    let told = told(&town, &warning).await;
    let kinds: Vec<_> = told.iter().map(|alert| alert.msg_type.clone().expect("a kind")).collect();
    assert_eq!(kinds, [MsgType::Alert, MsgType::Update, MsgType::Cancel]);
    let named = |alert: &Alert| {
        let references = alert.references.as_ref().expect("references");
        let named = references.references().expect("they read");
        named.into_iter().map(|it| it.identifier).collect::<Vec<_>>()
    };
    let name = |at: usize| told[at].identifier.clone();
    assert_eq!(named(&told[1]), [name(0)]);
    assert_eq!(named(&told[2]), [name(0), name(1)]);
    let expires = told[1].info[0].expires.as_ref().expect("an end");
    assert_eq!(expires.as_str(), "2026-08-03T18:00:00+08:00");
    let last = &told[2].info[0];
    assert_eq!(last.urgency, Some(Urgency::Past));
    assert_eq!(last.description.as_deref(), Some("预警解除：水位已回落"));
    let now = town.world.clock().now();
    assert_eq!(cap::in_force(&told[..1], now), [0]);
    assert_eq!(cap::in_force(&told[..2], now), [1], "an update takes the place of what it names");
    assert_eq!(cap::in_force(&told, now), [0_usize; 0]);
    check_fold(&town);
}

#[tokio::test]
async fn a_warning_that_takes_anothers_place_updates_what_was_told_of_that_one() {
    let town = town();
    let yellow = in_force(&town, Found { level: Level::Yellow, ..FLOOD }).await;
    town.at("08:30");
    let red = in_force(&town, Found { level: Level::Red, ..FLOOD }).await;
    let told_of_both = told(&town, &red).await;
    let [first, second] = &told_of_both[..] else { panic!("two: {told_of_both:?}") };
    assert_eq!(first, &told(&town, &yellow).await[0]);
    assert_eq!(second.msg_type, Some(MsgType::Update));
    let references = second.references.as_ref().expect("references").as_str();
    assert_eq!(references, first.reference().to_string());
    assert_eq!(second.info[0].severity.as_ref().map(cap::Word::as_str), Some("Extreme"));

    // The chain goes on over the change, and what has expired is no longer named.
    town.at("13:00");
    act(&town, "刘景行", &red, "extend", json!({ "expires": moment(20, 0) })).await;
    town.at("15:00");
    act(&town, "刘景行", &red, "lift", json!({ "reason": "险情排除" })).await;
    let chain = told(&town, &red).await;
    assert_eq!(chain.len(), 4);
    let named = chain[3].references.as_ref().expect("references").as_str();
    assert_eq!(named, chain[2].reference().to_string());
}

#[tokio::test]
async fn more_messages_of_a_second_than_serials_have_names_of_their_own() {
    let town = town();
    let warning = in_force(&town, FLOOD).await;
    for minute in 1..=11 {
        act(&town, "刘景行", &warning, "extend", json!({ "expires": moment(14, minute) })).await;
    }
    let told = told(&town, &warning).await;
    let names: std::collections::BTreeSet<_> = told.iter().map(|it| &it.identifier).collect();
    assert_eq!(names.len(), 12);
    assert_eq!(told[11].identifier, "22028200000000_20260803080001_1");
    assert_eq!(told[11].sent.as_str(), "2026-08-03T08:00:00+08:00");
}

#[tokio::test]
async fn before_the_issue_there_is_a_draft_that_nobody_is_told() {
    let town = town();
    raise(&town, FLOOD);
    let warning = items(&town, "周牧", "/api/warnings").await.swap_remove(0);
    let id = warning["id"].as_str().expect("an id");
    let path = format!("/api/warnings/{id}/cap");
    let (answer, bytes) = town.ask_raw("周牧", "GET", &path, Vec::new()).await;
    assert_eq!(answer.status, 200);
    let alert = read(std::str::from_utf8(&bytes).expect("UTF-8"));
    assert_eq!((alert.status, alert.msg_type), (Some(Status::Draft), Some(MsgType::Alert)));
    assert!(told(&town, &warning).await.is_empty());

    act(&town, "周牧", &warning, "review", json!({})).await;
    act(&town, "孙亦文", &warning, "issue", json!({ "expires": moment(14, 0) })).await;
    let (_, bytes) = town.ask_raw("周牧", "GET", &path, Vec::new()).await;
    assert_eq!(read(std::str::from_utf8(&bytes).expect("UTF-8")), told(&town, &warning).await[0]);
    for path in [path, format!("/api/warnings/{id}/messages")] {
        assert_eq!(town.get("磐石值班", &path).await.status, 404);
        assert_eq!(town.get("", &path).await.status, 401);
    }
}

#[tokio::test]
async fn in_a_drill_every_message_says_that_it_is_one() {
    let town = town();
    let warning = in_force(&town, Found { hazard: Hazard::Geological, ..FLOOD }).await;
    let drill = town.world.drill("lianxi", "防汛演练").expect("a drill");
    let id = warning["id"].as_str().expect("an id");
    town.node.add_world(drill.clone()).expect("a world of its own");
    let path = |verb: &str| format!("/api/worlds/lianxi/warnings/{id}/{verb}");
    done(town.post("刘景行", &path("extend"), json!({ "expires": moment(18, 0) })).await);
    done(town.post("刘景行", &path("lift"), json!({ "reason": "演练" })).await);
    let messages = items(&town, "周牧", &path("messages")).await;
    let told_in_it: Vec<(&str, &str)> = messages
        .iter()
        .filter_map(|it| Some((it["status"].as_str()?, it["msg_type"].as_str()?)))
        .collect();
    // What was told in earnest is neither changed nor ended by it.
    let expected = [("Actual", "Alert"), ("Exercise", "Alert"), ("Exercise", "Cancel")];
    assert_eq!(told_in_it, expected);
    let last = read(messages[2]["xml"].as_str().expect("XML"));
    let named = last.references.expect("references");
    assert!(named.as_str().contains(messages[1]["identifier"].as_str().expect("a name")));
    assert!(!named.as_str().contains(messages[0]["identifier"].as_str().expect("a name")));
    assert_eq!(told(&town, &warning).await.len(), 1);
    drill.close();
}

/// Whatever the doors take as text, a message can be written of it.
#[tokio::test]
async fn any_text_that_a_warning_may_have_is_told() {
    let town = town();
    for text in
        ["a<b & c > \"d\" 'e' ]]>", "第一行\n第二行\t完", "\u{fffd}\u{feff}\u{2028}𠮷", "-->"]
    {
        let draft = json!({
            "title": text, "hazard": "flood", "level": "blue", "region": "220282",
            "area": text, "matters": text, "measures": text,
        });
        let warning = done(town.post("周牧", "/api/warnings", draft).await);
        act(&town, "孙亦文", &warning, "review", json!({})).await;
        act(&town, "刘景行", &warning, "issue", json!({ "expires": moment(14, 0) })).await;
        let [alert] = &told(&town, &warning).await[..] else { panic!("{text:?} is not told") };
        assert_eq!(alert.info[0].description.as_deref(), warning["content"]["matters"].as_str());
    }
}
