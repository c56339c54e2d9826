mod mail;
mod webhook;

use axum::http::Method;
use host::town::{Answer, Town};
use host::{Home, Lane, Permission, Record};
use serde_json::{Value as Json, json};
use trust::account::{AccountFact, Opened};
use trust::contact;

use super::*;
use crate::ladder;
use crate::story::*;

/// The officers of [`crate::story::town`] with the book, ladders and callings beside;
/// 市局 over the city, and 于海棠, who holds nothing but an account.
fn told_town() -> Town {
    told_town_by((None, None))
}

fn told_town_by((mail, webhook): (Option<Mail>, Option<Webhook>)) -> Town {
    let config = crate::Config {
        issuing_unit: UNIT.to_owned(),
        publication: publication(),
        mail,
        webhook,
        ..crate::Config::default()
    };
    let town = town_with(vec![trust::part(&trust::Sessions::default())], config);
    let more: [Permission; 6] =
        [contact::READ, contact::MANAGE, ladder::READ, ladder::MANAGE, READ, RECORD];
    let duties = [ALL.as_slice(), &[crate::notice::READ, crate::notice::ACKNOWLEDGE], &more];
    let duties = duties.concat();
    for name in ["周牧", "孙亦文", "刘景行"] {
        town.person(name, "220282", &duties);
    }
    town.person("磐石值班", "220284", &duties);
    town.person("市局", "220200", &duties);
    let caller = town.person("于海棠", "220282", &[]);
    let opened = Opened {
        account: "yuhaitang".to_owned(),
        person: caller.person,
        name: caller.name,
        org: None,
        office: None,
    };
    let person = caller.person;
    let hired = town.world.run(Lane::Urgent, "import", move |tx| {
        tx.record(Record::first(person, Home::node(), AccountFact::Opened(opened)))
    });
    hired.expect("recorded");
    town
}

const EMAIL: &str = "yuhaitang@example.cn";

async fn enter(town: &Town, by: &str, name: &str, region: &str) -> String {
    let person = (name == "于海棠").then(|| town.caller(name).person);
    let address = json!({ "mobile": "13812345678", "email": EMAIL });
    let body = json!({ "address": address, "details": {
        "name": name, "duty": "防汛责任人", "region": region, "person": person } });
    let answer = town.post(by, "/api/contacts", body).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    answer.body["id"].as_str().expect("an id").to_owned()
}

/// 于海棠 by both channels for 5 minutes, then 陈镇长 by phone for 10.
async fn draw(town: &Town) -> [String; 2] {
    let first = enter(town, "周牧", "于海棠", "220282").await;
    let second = enter(town, "周牧", "陈镇长", "220282").await;
    let steps = json!([
        { "contacts": [first], "channels": ["in_app", "phone"], "wait_minutes": 5 },
        { "contacts": [second], "channels": ["phone"], "wait_minutes": 10 },
    ]);
    let answer = draw_in(town, "周牧", "220282", "桦甸防汛", steps).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    [first, second]
}

async fn draw_in(town: &Town, by: &str, region: &str, name: &str, steps: Json) -> Answer {
    let plan = json!({ "name": name, "levels": ["orange", "red"], "steps": steps });
    town.post(by, "/api/ladders", json!({ "region": region, "plan": plan })).await
}

/// The newest calling as its officers see it.
async fn newest(town: &Town) -> Json {
    items(town, "周牧", "/api/callings").await.first().expect("one calling").clone()
}

/// `1 于海棠 in_app placed, phone to_dial` for each step that was taken.
fn ledger(calling: &Json) -> String {
    let list = |value: &Json| value.as_array().expect("a list").clone();
    let mut lines = String::new();
    for step in list(&calling["steps"]) {
        for person in list(&step["people"]) {
            let calls: Vec<String> = list(&person["calls"])
                .iter()
                .map(|call| {
                    let text = |name: &str| call[name].as_str().unwrap_or_default().to_owned();
                    format!("{} {}", text("channel"), text("state"))
                })
                .collect();
            let name = person["name"].as_str().expect("a name");
            lines.push_str(&format!("{} {name}: {}\n", step["step"], calls.join(", ")));
        }
    }
    lines
}

async fn post(town: &Town, name: &str, calling: &Json, act: &str, body: Json) -> Answer {
    let id = calling["id"].as_str().expect("an id");
    town.post(name, &format!("/api/callings/{id}/{act}"), body).await
}

fn refusal(answer: &Answer) -> (u16, String) {
    let code = answer.body["code"].as_str().unwrap_or_default();
    (answer.status.as_u16(), code.to_owned())
}

#[tokio::test]
async fn people_are_told_step_by_step_until_one_answers_by_name() {
    let town = told_town();
    draw(&town).await;
    town.at("08:05");
    raise(&town, FLOOD);
    let calling = newest(&town).await;
    assert_eq!(ledger(&calling), "1 于海棠: in_app placed, phone to_dial\n2 陈镇长: \n");
    assert_eq!(calling["state"], "calling");
    assert_eq!(calling["due_at"], json!(moment(8, 10)));
    assert_eq!(calling["about"]["noun"], "notice");
    assert_eq!(calling["correlation"], items(&town, "周牧", "/api/notices").await[0]["finding"]);
    assert_eq!(items(&town, "于海棠", "/api/callings/own").await.len(), 1);
    assert_eq!(items(&town, "周牧", "/api/callings/own").await.len(), 0);

    town.at("08:09:59");
    assert_eq!(count(&town, "calling.stepped"), 1);
    town.at("08:10");
    wait_for(&town, "calling.stepped", 2);
    assert_eq!(newest(&town).await["due_at"], json!(moment(8, 20)));

    town.at("08:12");
    let words = json!({ "answer": "taken", "words": "收到，已组织转移 <b>" });
    let answer = post(&town, "于海棠", &calling, "answer", words.clone()).await;
    assert_eq!((answer.status.as_u16(), &answer.body["state"]), (200, &json!("answered")));
    let calling = newest(&town).await;
    assert_eq!(
        ledger(&calling),
        "1 于海棠: in_app answered, phone to_dial\n2 陈镇长: phone to_dial\n"
    );
    let first = &calling["answer"];
    assert_eq!((&first["name"], &first["channel"]), (&json!("于海棠"), &json!("in_app")));
    assert_eq!((&first["words"], &first["at"]), (&words["words"], &json!(moment(8, 12))));
    assert_eq!(items(&town, "于海棠", "/api/callings/own").await.len(), 0);

    // The notice itself still waits; the calling does not.
    town.at("08:30");
    wait_for(&town, "notice.overdue", 1);
    assert_eq!((count(&town, "calling.stepped"), count(&town, "calling.exhausted")), (2, 0));
    check_fold(&town);
}

#[tokio::test]
async fn when_nobody_answers_it_is_said_and_stays_open() {
    let town = told_town();
    let [first, second] = draw(&town).await;
    town.at("08:05");
    raise(&town, FLOOD);
    town.at("08:10");
    wait_for(&town, "calling.stepped", 2);
    town.at("08:20");
    wait_for(&town, "calling.exhausted", 1);
    let calling = newest(&town).await;
    assert_eq!((&calling["state"], &calling["due_at"]), (&json!("exhausted"), &Json::Null));
    assert_eq!(items(&town, "于海棠", "/api/callings/own").await.len(), 1, "it still wants one");

    let missed = json!({ "contact": first, "outcome": "missed" });
    for times in 1..=2 {
        let answer = post(&town, "周牧", &calling, "record", missed.clone()).await;
        let call = &answer.body["steps"][0]["people"][0]["calls"][1];
        assert_eq!((&call["state"], &call["times"]), (&json!("missed"), &json!(times)));
    }
    let taken = json!({ "contact": second, "name": "陈镇长的司机", "outcome": "taken",
        "words": "已转告" });
    let answer = post(&town, "孙亦文", &calling, "record", taken).await;
    assert_eq!(answer.body["state"], "answered", "late is answered too: {:?}", answer.body);
    let by = &answer.body["answer"];
    assert_eq!((&by["name"], &by["recorded_by"]), (&json!("陈镇长的司机"), &json!("孙亦文")));
    check_fold(&town);
}

#[tokio::test]
async fn after_a_standstill_people_have_their_minutes() {
    let town = told_town();
    draw(&town).await;
    town.at("08:05");
    raise(&town, FLOOD);
    town.at("09:00");
    wait_for(&town, "calling.stepped", 2);
    assert_eq!(newest(&town).await["due_at"], json!(moment(9, 10)));
    assert_eq!(count(&town, "calling.exhausted"), 0);
}

#[tokio::test]
async fn when_all_of_a_step_refuse_the_next_is_told_at_once() {
    let town = told_town();
    draw(&town).await;
    town.at("08:05");
    raise(&town, FLOOD);
    let calling = newest(&town).await;
    let bare = json!({ "answer": "refused" });
    assert_eq!(post(&town, "于海棠", &calling, "answer", bare).await.status, 422, "it says why");
    let refused = json!({ "answer": "refused", "words": "人在外地" });
    assert_eq!(post(&town, "于海棠", &calling, "answer", refused).await.status, 200);
    assert_eq!(
        ledger(&newest(&town).await),
        "1 于海棠: in_app refused, phone to_dial\n2 陈镇长: phone to_dial\n"
    );
    assert_eq!(items(&town, "于海棠", "/api/callings/own").await.len(), 0);
    check_fold(&town);
}

#[tokio::test]
async fn a_step_that_reaches_nobody_is_shown_and_not_waited_for() {
    let town = told_town();
    let first = enter(&town, "周牧", "陈镇长", "220282").await;
    let second = enter(&town, "周牧", "于海棠", "220282").await;
    let steps = json!([
        { "contacts": [first], "channels": ["in_app"], "wait_minutes": 5 },
        { "contacts": [second], "channels": ["in_app", "phone"], "wait_minutes": 5 },
    ]);
    assert_eq!(draw_in(&town, "周牧", "220282", "桦甸", steps).await.status, 201);
    let retire = format!("/api/contacts/{second}/retire");
    assert_eq!(town.post("周牧", &retire, json!({ "reason": "离任" })).await.status, 200);
    town.at("08:05");
    raise(&town, FLOOD);
    town.at("08:06");
    wait_for(&town, "calling.exhausted", 1);
    let calling = newest(&town).await;
    assert_eq!(
        ledger(&calling),
        "1 陈镇长: in_app unreachable\n2 于海棠: in_app unreachable, phone unreachable\n"
    );
    assert_eq!(calling["steps"][1]["people"][0]["calls"][0]["why"], "已移出通讯录");
}

#[tokio::test]
async fn the_nearest_ladder_upwards_holds_and_each_is_climbed_once() {
    let town = told_town();
    let of_city = enter(&town, "市局", "市防办", "220200").await;
    let step = |who: &str| json!([{ "contacts": [who], "channels": ["phone"], "wait_minutes": 5 }]);
    let plan = draw_in(&town, "市局", "220200", "吉林市", step(&of_city)).await;
    assert_eq!(plan.status, 201, "{:?}", plan.body);
    let again = draw_in(&town, "市局", "220200", "吉林市二", step(&of_city)).await;
    assert_eq!(refusal(&again), (409, "level-has-ladder".to_owned()));
    town.at("08:05");
    raise(&town, FLOOD);
    assert_eq!(newest(&town).await["ladder"]["name"], "吉林市");
    raise(&town, Found { level: base::Level::Blue, station: "红石站", ..FLOOD });
    assert_eq!(count(&town, "calling.begun"), 1, "nobody is called for blue");

    draw(&town).await;
    raise(&town, Found { station: "红石站", ..FLOOD });
    assert_eq!(newest(&town).await["ladder"]["name"], "桦甸防汛");
    raise(&town, Found { station: "烟筒山站", region: "220284", ..FLOOD });
    assert_eq!(items(&town, "磐石值班", "/api/callings").await.len(), 1, "by the city's");
    check_fold(&town);
}

#[tokio::test]
async fn a_notice_that_is_taken_ends_its_calling() {
    let town = told_town();
    draw(&town).await;
    town.at("08:05");
    raise(&town, FLOOD);
    let notice = items(&town, "周牧", "/api/notices").await[0].clone();
    let path = format!("/api/notices/{}/acknowledge", notice["id"].as_str().expect("an id"));
    assert_eq!(town.post("周牧", &path, json!({ "feedback": "已核实" })).await.status, 200);
    town.settle();
    let calling = newest(&town).await;
    assert_eq!(calling["state"], "ended");
    let ended = &calling["ended"];
    assert_eq!((&ended["because"], &ended["by"]), (&json!("acknowledged"), &json!("周牧")));
    let late = post(&town, "于海棠", &calling, "answer", json!({ "answer": "taken" })).await;
    assert_eq!(refusal(&late), (409, "calling-ended".to_owned()));
    town.at("08:30");
    assert_eq!(count(&town, "calling.stepped"), 1);
}

#[tokio::test]
async fn a_warning_is_told_when_it_is_issued_and_no_more_when_it_is_lifted() {
    let town = told_town();
    draw(&town).await;
    town.at("08:05");
    raise(&town, FLOOD);
    let warning = items(&town, "周牧", "/api/warnings").await[0]["id"].clone();
    let act = async |name: &str, act: &str, body: Json| {
        let path = format!("/api/warnings/{}/{act}", warning.as_str().expect("an id"));
        let answer = town.post(name, &path, body).await;
        assert_eq!(answer.status, 200, "{act}: {:?}", answer.body);
        town.settle();
    };
    act("周牧", "review", json!({ "comment": "属实" })).await;
    assert_eq!(count(&town, "calling.begun"), 1, "the notice's alone");
    act("刘景行", "issue", json!({ "expires": moment(12, 0) })).await;
    let of_warning = format!("/api/callings?about={}", warning.as_str().expect("an id"));
    let told = items(&town, "周牧", &of_warning).await;
    assert_eq!((told.len(), &told[0]["state"]), (1, &json!("calling")));
    act("刘景行", "lift", json!({ "reason": "水位回落" })).await;
    let told = items(&town, "周牧", &of_warning).await;
    assert_eq!(told[0]["ended"]["because"], "lifted");
    assert_eq!(items(&town, "周牧", "/api/callings?state=calling").await.len(), 1, "the notice's");
    check_fold(&town);
}

#[tokio::test]
async fn callings_are_seen_and_recorded_inside_their_region_and_with_permission() {
    let town = told_town();
    let [first, second] = draw(&town).await;
    town.at("08:05");
    raise(&town, FLOOD);
    town.person("读者", "220200", &[READ]);
    let calling = newest(&town).await;
    let of = format!("/api/callings/{}", calling["id"].as_str().expect("an id"));
    assert_eq!(town.get("读者", &of).await.status, 200, "the city sees its county");
    assert_eq!(refusal(&town.get("磐石值班", &of).await), (404, "not-found".to_owned()));
    assert_eq!(items(&town, "磐石值班", "/api/callings").await.len(), 0);
    assert_eq!(town.get("", &of).await.status, 401);

    let record = json!({ "contact": first, "outcome": "taken" });
    assert_eq!(post(&town, "读者", &calling, "record", record.clone()).await.status, 403);
    assert_eq!(post(&town, "磐石值班", &calling, "record", record.clone()).await.status, 404);
    let untold = json!({ "contact": second, "outcome": "taken" });
    assert_eq!(post(&town, "周牧", &calling, "record", untold).await.status, 422, "not yet told");
    let taken = json!({ "answer": "taken" });
    let other = post(&town, "周牧", &calling, "answer", taken.clone()).await;
    assert_eq!(refusal(&other), (404, "not-found".to_owned()), "nobody told them");
    assert_eq!(count(&town, "calling.answered"), 0);

    let key = Some("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    for _ in 0..2 {
        let path = format!("{of}/answer");
        let answer = town.ask_with("于海棠", Method::POST, &path, Some(taken.clone()), key).await;
        assert_eq!(answer.status, 200);
    }
    assert_eq!(count(&town, "calling.answered"), 1, "the same request twice");
    let end = post(&town, "周牧", &calling, "end", json!({ "reason": "误报" })).await;
    assert_eq!(refusal(&end), (409, "calling-ended".to_owned()), "an answer stands");
}

#[test]
fn a_calling_goes_where_it_can_go() {
    use model::Event::{Answer, End, Exhaust, Step};
    let next = |state: State| [Step, Exhaust, Answer, End].map(|event| state.next(event));
    let (calling, answered) = (Some(State::Calling), Some(State::Answered));
    let (exhausted, ended) = (Some(State::Exhausted), Some(State::Ended));
    assert_eq!(next(State::Calling), [calling, exhausted, answered, ended]);
    assert_eq!(next(State::Exhausted), [None, None, answered, ended]);
    assert_eq!(next(State::Answered), [None, None, answered, None]);
    assert_eq!(next(State::Ended), [None; 4]);
    for state in State::ALL {
        assert_eq!(json!(state), state.code());
        assert_eq!(State::from_code(state.code()), Some(state));
    }
    for state in CallState::ALL {
        assert_eq!(json!(state), state.code());
        assert_eq!(CallState::from_code(state.code()), Some(state));
    }
}
