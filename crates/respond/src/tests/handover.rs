//! The desk changes hands: what was open, who takes it, two signatures.

use base::Level;

use super::warned::{only_warning, raise, signers};
use super::*;
use crate::handover;

/// What officers at a desk hold who hand it over.
const DESK: &[Permission] = &[
    incident::READ,
    incident::OPEN,
    incident::NOTE,
    intake::WRITE,
    task::READ,
    task::ASSIGN,
    duty::READ,
    alert::notice::READ,
    alert::notice::ACKNOWLEDGE,
    alert::warning::READ,
    assess::finding::READ,
    handover::READ,
    handover::WRITE,
];

/// 韩立春 hands over to 赵启明; 孙守夜 could, and 白城's officer is of another county.
fn watch() -> Town {
    let town = county();
    for name in ["韩立春", "赵启明", "孙守夜"] {
        hire(&town, name, "220282", DESK);
    }
    hire(&town, "磐石值班", "220284", DESK);
    hire(&town, "读者", "220282", &[handover::READ, duty::READ]);
    hire(&town, "于海棠", "220282", TEAM);
    town
}

async fn begin(town: &Town, by: &str) -> Answer {
    town.post(by, "/api/handovers", json!({ "region": "220282" })).await
}

/// The path of a sheet that `by` begins.
async fn begun(town: &Town, by: &str) -> String {
    let answer = begin(town, by).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    format!("/api/handovers/{}", answer.body["id"].as_str().expect("an id"))
}

/// The lines of a sheet as text.
fn lines(answer: &Answer) -> String {
    let lines = answer.body["sheet"]["lines"].as_array();
    let lines = lines.unwrap_or_else(|| panic!("no lines: {:?}", answer.body)).iter().map(|line| {
        format!(
            "{} {} owner={} taker={} {}",
            line["kind"].as_str().unwrap_or_default(),
            line["title"].as_str().unwrap_or_default(),
            line["owner"]["name"].as_str().unwrap_or("-"),
            line["taker"]["name"].as_str().unwrap_or("-"),
            line["critical"],
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn revision(answer: &Answer) -> Json {
    answer.body["revision"].clone()
}

/// Says who takes over.
async fn names(town: &Town, by: &str, sheet: &str, to: &str) -> Answer {
    let now = town.get(by, sheet).await;
    let to = town.caller(to).person;
    let words = json!({ "revision": revision(&now), "to": to, "note": "水情平稳" });
    put(town, by, sheet, words).await
}

async fn sign(town: &Town, by: &str, sheet: &str) -> Answer {
    let now = town.get(by, sheet).await;
    town.post(by, &format!("{sheet}/sign"), json!({ "revision": revision(&now) })).await
}

async fn receive(town: &Town, by: &str, sheet: &str) -> Answer {
    let now = town.get(by, sheet).await;
    let confirmed = now.body["added"].as_array().cloned().unwrap_or_default();
    let keys: Vec<Json> = confirmed
        .iter()
        .map(|line| json!({ "kind": line["kind"], "item": line["item"] }))
        .collect();
    let body = json!({ "note": "已核对", "confirmed": keys });
    town.post(by, &format!("{sheet}/receive"), body).await
}

fn folds(town: &Town) {
    let (_, differences) = town.world.compare_with_fold().expect("folds");
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test]
async fn the_desk_changes_hands_with_all_that_is_open() {
    let town = watch();
    signers(&town);
    raise(&town, "220282", Level::Orange);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let team = town.caller("于海棠");
    assign(&town, "韩立春", &incident, &team, "12:00").await;
    assert_eq!(put(&town, "韩立春", &call(2), json!({ "what": "冒烟" })).await.status, 200);
    town.at("08:04");
    let sheet = begun(&town, "韩立春").await;
    let draft = town.get("韩立春", &sheet).await;
    assert_eq!(draft.body["number"], "J-0803-01");
    assert_eq!(draft.body["allowed"], json!(["edit", "sign", "withdraw"]));
    assert_eq!(draft.body["sheet"]["shift"]["first"], json!(true));
    let untaken = sign(&town, "韩立春", &sheet).await;
    assert_eq!(refused(&untaken), (409, "critical-untaken"));

    // Whoever takes over has what is critical, and what the officer who leaves has.
    let named = names(&town, "韩立春", &sheet, "赵启明").await;
    assert_eq!(named.status, 200, "{:?}", named.body);
    let of_incident = "红石砬子镇桦树林村：村道过水，报告人家进水，回电138****5678";
    let notice_and_warning = lines(&named);
    assert!(notice_and_warning.contains("taker=赵启明 [\"level\""), "{notice_and_warning}");
    for line in [
        format!("incident {of_incident} owner=韩立春 taker=赵启明 []"),
        "task 任务 R-0001 转移低洼户 42 户 owner=于海棠 taker=- []".to_owned(),
        "intake 冒烟 owner=韩立春 taker=赵启明 []".to_owned(),
    ] {
        assert!(notice_and_warning.contains(&line), "{line} in\n{notice_and_warning}");
    }
    // Another is named for one line, with a word.
    let warning = only_warning(&town, "孙亦文").await;
    let words = json!({ "revision": revision(&named), "to": town.caller("赵启明").person,
        "note": "水情平稳", "lines": [{ "kind": "warning", "item": warning,
        "taker": town.caller("孙守夜").person, "note": "等局长意见" }] });
    let named = put(&town, "韩立春", &sheet, words).await;
    assert_eq!(named.status, 200, "{:?}", named.body);

    let signed = sign(&town, "韩立春", &sheet).await;
    assert_eq!(signed.status, 200, "{:?}", signed.body);
    assert_eq!(signed.body["state"], "signed");
    let kept = lines(&signed);
    assert!(kept.contains("intake 未完成接报 "), "no words of a call: {kept}");
    assert!(!signed.body.to_string().contains("冒烟"));
    let counts = column(&signed, "/sheet/shift/counts", "kind");
    assert_eq!(counts, "incident.opened\nnotice.sent\ntask.assigned");

    // What happens then changes nothing of what was signed.
    town.at("08:06");
    assert_eq!(delete(&town, "韩立春", &call(2)).await.status, 204);
    let seen = town.get("赵启明", &sheet).await;
    assert_eq!(lines(&seen), kept);
    assert_eq!(seen.body["allowed"], json!(["receive", "return", "withdraw"]));
    let received = receive(&town, "赵启明", &sheet).await;
    assert_eq!(received.status, 200, "{:?}", received.body);
    assert_eq!(received.body["state"], "received");
    assert_eq!(received.body["receiver"]["name"], "赵启明");
    assert_eq!(lines(&received), kept);

    // The desk knows whose it is now, and everything is where the sheet says.
    let desk = town.get("赵启明", "/api/duty").await;
    assert_eq!(desk.body["watch"]["on_duty"][0]["person"]["name"], "赵启明");
    assert_eq!(desk.body["watch"]["on_duty"][0]["since"], json!(moment("08:06")));
    assert_eq!(desk.body["watch"]["open"], json!([]));
    let owner = |kind: &str| {
        let groups = &desk.body["groups"];
        let mut items = ["mine", "others"]
            .into_iter()
            .flat_map(|group| groups[group].as_array().expect("a list").iter());
        items.find(|item| item["kind"] == kind).map(|item| item["owner"]["name"].clone())
    };
    assert_eq!(owner("incident"), Some(json!("赵启明")));
    assert_eq!(owner("notice"), Some(json!("赵启明")));
    assert_eq!(owner("warning"), Some(json!("孙守夜")));
    assert_eq!(owner("task"), Some(json!("于海棠")));
    let log = column(&desk, "/log", "text");
    assert!(log.contains("赵启明 接班，韩立春 交班 J-0803-01"), "{log}");
    assert!(log.contains(&format!("从 韩立春 接手事件 {of_incident}")), "{log}");
    assert!(log.contains("孙守夜 承接预警"), "{log}");
    assert!(!log.contains("改写"), "words that nobody signed are no line: {log}");

    // The next shift begins where this one ended.
    town.at("09:00");
    let next = begun(&town, "赵启明").await;
    let next = town.get("赵启明", &next).await;
    assert_eq!(next.body["number"], "J-0803-02");
    assert_eq!(next.body["sheet"]["shift"]["since"], json!(moment("08:06")));
    assert_eq!(next.body["sheet"]["shift"]["first"], json!(false));
    folds(&town);
}

#[tokio::test]
async fn a_critical_line_that_comes_between_the_signatures_is_confirmed() {
    let town = watch();
    let sheet = begun(&town, "韩立春").await;
    assert_eq!(sign(&town, "韩立春", &sheet).await.status, 200, "nothing is critical");
    assert_eq!(town.get("赵启明", &sheet).await.body["added"], json!([]));
    raise(&town, "220282", Level::Red);
    let seen = town.get("赵启明", &sheet).await;
    let added = column(&seen, "/added", "kind");
    assert!(added.contains("notice") && added.contains("warning"), "{added}");
    let blind = town.post("赵启明", &format!("{sheet}/receive"), json!({})).await;
    assert_eq!(refused(&blind), (409, "critical-unconfirmed"));
    let received = receive(&town, "赵启明", &sheet).await;
    assert_eq!(received.status, 200, "{:?}", received.body);
    let kinds = column(&received, "/receipt/added", "kind");
    assert_eq!(kinds, added, "what was confirmed is on the sheet");
    let desk = town.get("赵启明", "/api/duty").await;
    assert_eq!(desk.body["groups"]["mine"][0]["owner"]["name"], "赵启明");
    folds(&town);
}

#[tokio::test]
async fn a_sheet_is_returned_withdrawn_and_signed_by_two() {
    let town = watch();
    let sheet = begun(&town, "韩立春").await;
    assert_eq!(refused(&begin(&town, "赵启明").await), (409, "handover-open"));
    let step = async |by: &str, step: &str, body: Json| {
        town.post(by, &format!("{sheet}/{step}"), body).await
    };
    let reason = json!({ "reason": "漏了一项" });
    let too_early = step("赵启明", "receive", json!({})).await;
    assert_eq!(refused(&too_early), (409, "wrong-state"));
    assert_eq!(refused(&step("赵启明", "return", reason.clone()).await), (409, "wrong-state"));
    let foreign = town.post("赵启明", &format!("{sheet}/sign"), json!({ "revision": 1 })).await;
    assert_eq!(refused(&foreign), (409, "not-your-handover"));
    let own = json!({ "revision": 1, "to": town.caller("韩立春").person });
    assert_eq!(refused(&put(&town, "韩立春", &sheet, own).await), (409, "own-handover"));
    let stranger = json!({ "revision": 1, "to": town.caller("磐石值班").person });
    let stranger = put(&town, "韩立春", &sheet, stranger).await;
    assert_eq!((stranger.status.as_u16(), &stranger.body["field"]), (422, &json!("to")));
    let reader = json!({ "revision": 1, "to": town.caller("读者").person });
    assert_eq!(put(&town, "韩立春", &sheet, reader).await.status, 422);

    assert_eq!(names(&town, "韩立春", &sheet, "赵启明").await.status, 200);
    let stale = town.post("韩立春", &format!("{sheet}/sign"), json!({ "revision": 1 })).await;
    assert_eq!(refused(&stale), (409, "stale-revision"));
    assert_eq!(sign(&town, "韩立春", &sheet).await.status, 200);
    assert_eq!(refused(&sign(&town, "韩立春", &sheet).await), (409, "wrong-state"), "twice");
    assert_eq!(refused(&step("韩立春", "receive", json!({})).await), (409, "own-handover"));
    assert_eq!(refused(&step("韩立春", "return", reason.clone()).await), (409, "own-handover"));
    let unnamed = step("孙守夜", "receive", json!({})).await;
    assert_eq!(refused(&unnamed), (409, "not-your-handover"));

    // Back, mended, signed again.
    let back = step("赵启明", "return", reason.clone()).await;
    assert_eq!((back.status.as_u16(), &back.body["state"]), (200, &json!("draft")));
    assert_eq!(back.body["turned_back"]["reason"], "漏了一项");
    assert_eq!(back.body["words"]["to"]["name"], "赵启明", "what was said is there still");
    assert_eq!(sign(&town, "韩立春", &sheet).await.status, 200);
    assert_eq!(receive(&town, "赵启明", &sheet).await.status, 200);
    for (by, what) in [("赵启明", "receive"), ("赵启明", "return"), ("韩立春", "withdraw")]
    {
        assert_eq!(refused(&step(by, what, reason.clone()).await), (409, "wrong-state"), "{what}");
    }

    // Who had not taken the desk over says why they hand it over.
    town.at("08:01");
    assert_eq!(refused(&begin(&town, "孙守夜").await), (409, "not-on-duty"));
    let instead = json!({ "region": "220282", "reason": "赵启明突发疾病" });
    let second = town.post("孙守夜", "/api/handovers", instead).await;
    assert_eq!(second.status, 201, "{:?}", second.body);
    assert_eq!(second.body["stands_in"]["instead_of"]["name"], "赵启明");
    let second = format!("/api/handovers/{}", second.body["id"].as_str().expect("an id"));
    assert_eq!(sign(&town, "孙守夜", &second).await.status, 200);
    let away = town.post("韩立春", &format!("{second}/withdraw"), reason).await;
    assert_eq!((away.status.as_u16(), &away.body["state"]), (200, &json!("withdrawn")));
    let list = town.get("读者", "/api/handovers").await;
    assert_eq!(column(&list, "/items", "state"), "withdrawn\nreceived");
    let one = town.get("读者", "/api/handovers?state=received").await;
    assert_eq!(column(&one, "/items", "number"), "J-0803-01");
    folds(&town);
}

#[tokio::test]
async fn two_who_sign_at_once_are_one_who_took_over() {
    let town = watch();
    let sheet = begun(&town, "韩立春").await;
    assert_eq!(sign(&town, "韩立春", &sheet).await.status, 200);
    let both = tokio::join!(receive(&town, "赵启明", &sheet), receive(&town, "孙守夜", &sheet));
    let mut answers = [refused(&both.0), refused(&both.1)];
    answers.sort_unstable();
    assert_eq!(answers, [(200, ""), (409, "wrong-state")]);
    let received = kinds(&town).iter().filter(|kind| *kind == "handover.received").count();
    assert_eq!(received, 1);
    // And two who begin at once open one sheet.
    let by = town.get("读者", &sheet).await.body["receiver"]["name"].clone();
    let by = by.as_str().expect("a name");
    let both = tokio::join!(begin(&town, by), begin(&town, by));
    let mut answers = [refused(&both.0), refused(&both.1)];
    answers.sort_unstable();
    assert_eq!(answers, [(201, ""), (409, "handover-open")]);
    folds(&town);
}

#[tokio::test]
async fn a_sheet_is_its_countys_and_needs_its_permissions() {
    let town = watch();
    let sheet = begun(&town, "韩立春").await;
    let there = json!({ "region": "220284" });
    let made = town.post("韩立春", "/api/handovers", there.clone()).await;
    assert_eq!(refused(&made), (404, "not-found"), "another county's desk");
    assert_eq!(refused(&town.post("读者", "/api/handovers", there).await), (403, "forbidden"));
    assert_eq!(refused(&town.get("于海棠", &sheet).await), (403, "forbidden"));
    assert_eq!(town.get("读者", &sheet).await.status, 200);
    assert_eq!(town.get("读者", &sheet).await.body["allowed"], json!([]));
    let reason = json!({ "reason": "看看" });
    let steps = [
        ("sign", json!({ "revision": 1 })),
        ("receive", json!({})),
        ("return", reason.clone()),
        ("withdraw", reason),
    ];
    for (step, body) in steps {
        let path = format!("{sheet}/{step}");
        let answer = town.post("磐石值班", &path, body.clone()).await;
        assert_eq!(refused(&answer), (404, "not-found"), "{step}");
        assert_eq!(refused(&town.post("读者", &path, body).await), (403, "forbidden"), "{step}");
    }
    assert_eq!(refused(&town.get("磐石值班", &sheet).await), (404, "not-found"));
    assert_eq!(town.get("磐石值班", "/api/handovers").await.body["items"], json!([]));
    let people = town.get("韩立春", "/api/handovers/people?region=220282").await;
    assert_eq!(column(&people, "/items", "name"), "孙守夜\n赵启明\n韩立春");
    let desks = town.get("韩立春", "/api/handovers/desks").await;
    assert_eq!(column(&desks, "/items", "region_name"), "桦甸市");
    assert_eq!(desks.body["items"][0]["open"], "J-0803-01");
}

/// An officer of the whole province who hands over one county's desk: nothing of others is
/// on a sheet that the county reads.
#[tokio::test]
async fn a_sheet_tells_nothing_of_other_counties() {
    let town = watch();
    hire(&town, "省值班", "220000", DESK);
    raise(&town, "220284", Level::Red);
    raise(&town, "220282", Level::Orange);
    let sheet = begun(&town, "省值班").await;
    let draft = town.get("省值班", &sheet).await;
    let levels = column(&draft, "/sheet/lines", "level");
    assert!(levels.contains("orange") && !levels.contains("red"), "{levels}");
    assert_eq!(names(&town, "省值班", &sheet, "赵启明").await.status, 200);
    let signed = sign(&town, "省值班", &sheet).await;
    assert_eq!(signed.status, 200, "{:?}", signed.body);
    let entries = column(&signed, "/sheet/shift/entries", "kind");
    assert_eq!(entries, "notice.sent", "one county's");
    assert_eq!(receive(&town, "赵启明", &sheet).await.status, 200);
    folds(&town);
}

/// What says nothing is on the sheet, and needs nobody by name.
#[tokio::test]
async fn silent_stations_are_on_the_sheet() {
    use assess::silence::{Found, Member, SilenceFact, What};
    let town = watch();
    let station = id(9);
    let found = Found {
        what: What::Station { station: station.into(), name: "青石湾站".to_owned() },
        protocol: sense::Protocol::Sl651,
        last_heard: moment("07:00"),
        since: moment("07:00"),
        patience_s: 600,
        patience_source: "person".to_owned(),
        members: vec![Member { id: station, name: "青石湾站".to_owned() }],
    };
    let recorded = town.world.run(Lane::Urgent, "test", move |tx| {
        let silence = tx.new_id();
        let home = Home::region("220282".parse().expect("a code"));
        tx.record(Record::first(silence, home, SilenceFact::Found(found)))
    });
    recorded.expect("recorded");
    let sheet = begun(&town, "韩立春").await;
    assert_eq!(lines(&town.get("韩立春", &sheet).await), "silence 青石湾站 owner=- taker=- []");
    assert_eq!(sign(&town, "韩立春", &sheet).await.status, 200);
    assert_eq!(town.get("磐石值班", "/api/handovers").await.body["items"], json!([]));
}

/// A warning in force is nobody's work for hours, and is on the sheet with its end.
#[tokio::test]
async fn a_warning_in_force_is_on_the_sheet_with_its_end() {
    let town = watch();
    signers(&town);
    raise(&town, "220282", Level::Orange);
    let warning = only_warning(&town, "孙亦文").await;
    super::warned::issue(&town, &warning).await;
    let sheet = begun(&town, "韩立春").await;
    let draft = town.get("韩立春", &sheet).await;
    let all = draft.body["sheet"]["lines"].as_array().expect("lines").clone();
    let line = all.iter().find(|line| line["item"] == json!(warning)).expect("the warning");
    assert_eq!((&line["due"], &line["clock"]), (&json!(moment("14:00")), &json!("warning_end")));
    assert_eq!(line["critical"], json!(["level"]));
    assert_eq!(names(&town, "韩立春", &sheet, "赵启明").await.status, 200);
    assert_eq!(sign(&town, "韩立春", &sheet).await.status, 200);
    assert_eq!(receive(&town, "赵启明", &sheet).await.status, 200);
    // It comes to the desk near its end, and has its officer then.
    town.at("13:30");
    let desk = town.get("赵启明", "/api/duty").await;
    let mine = column(&desk, "/groups/mine", "id");
    assert!(mine.contains(&warning), "{mine}");
}
