//! Connecting a sender, and the board of sources: ways in, refusals by cause, and what is
//! read anew.

use axum::http::StatusCode;
use host::log::{self, Book};
use serde_json::{Value as Json, json};

use super::json::{CODE, KEY, post, registered};
use super::town::{HUADIAN, PANSHI, Valley, details, sensor, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_issues_a_key_and_the_first_message_is_taken_with_it() {
    let valley = Valley::new().await;
    let mut body = details("辉发河气体站", HUADIAN, &["water_level"]);
    body["protocol"] = json!("json");
    body["issue_key"] = json!(true);
    let station = valley.register("段工", CODE, body.clone()).await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    assert_eq!(station["has_password"], true, "{station}");
    let keys = valley.get("段工", &format!("{path}/keys")).await;
    let key = text(&keys["items"][0]["id"]);
    let secret = valley.get("段工", &format!("{path}/keys/{key}/secret")).await;
    let secret = text(&secret["key"]).to_owned();
    let notes = valley.town.world.read_now(|db| Ok(log::after(db, Book::Trail, 0, 100)?));
    let kinds: Vec<String> =
        notes.expect("a trail").iter().map(|it| it.kind().to_owned()).collect();
    assert_eq!(kinds, ["station.key_read"]);
    let empty = json!({ "time": valley.now(), "values": {} }).to_string();
    let (status, told) = post(&valley, Some((CODE, &secret)), "application/json", &empty).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let view = valley.until("段工", &path, |view| view["last_contact"].is_string()).await;
    assert_eq!(view["sensors"][0]["latest"], Json::Null, "to prove a way makes no reading");

    // Both at once would leave open which of the two is meant.
    body["code"] = json!("220282-gas-9");
    body["password"] = json!(KEY);
    let both = valley.town.post("段工", "/api/stations", body).await;
    assert_eq!((both.status.as_u16(), &both.body["field"]), (422, &json!("issue_key")));
    let ways = format!("{path}/ways");
    assert_eq!(valley.town.get("磐石", &ways).await.status, StatusCode::NOT_FOUND);
    valley.town.person("只看", HUADIAN, &[crate::station::READ]);
    assert_eq!(valley.town.get("只看", &ways).await.status, StatusCode::FORBIDDEN);
    assert_eq!(valley.get("桦甸", &ways).await["items"], json!([]), "no door is open here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rejects_stand_by_source_and_cause_and_each_is_told_byte_by_byte() {
    let valley = Valley::new().await;
    let station = registered(&valley, CODE, &["water_level"]).await;
    let mut body = details("磐石气体站", PANSHI, &[]);
    body["protocol"] = json!("json");
    body["password"] = json!(KEY);
    valley.register("段工", "220284-gas-1", body).await;
    let send = async |code: &str, body: &str| {
        post(&valley, Some((code, KEY)), "application/json", body).await.0.as_u16()
    };
    for level in ["1e999", "-1e999"] {
        let bad = format!(
            r#"{{"time":{},"values":{{"water_level":{level}}}}}"#,
            valley.now().as_millis()
        );
        assert_eq!(send(CODE, &bad).await, 422);
    }
    let foreign = json!({ "station": "x", "time": valley.now(), "values": {} }).to_string();
    assert_eq!(send(CODE, &foreign).await, 422);
    assert_eq!(send("220284-gas-1", &foreign).await, 422);

    let path = "/api/rejects/causes";
    let whole = |page: &Json| page["items"].as_array().is_some_and(|it| it.len() == 3);
    let all = valley.until("段工", path, whole).await;
    let own = valley.get("桦甸", path).await;
    let told = |page: &Json| -> Vec<(i64, String)> {
        let items = page["items"].as_array().expect("causes").iter();
        items
            .map(|it| (it["frames"].as_i64().expect("a count"), text(&it["cause"]).to_owned()))
            .collect()
    };
    assert_eq!(all["items"].as_array().map(Vec::len), Some(3));
    let own_causes = told(&own);
    assert_eq!(own_causes.len(), 2, "磐石 is out of sight: {own}");
    assert_eq!(
        own_causes.iter().map(|it| it.0).sum::<i64>(),
        3,
        "two numbers are one cause: {own}"
    );
    let id = text(&station["id"]);
    assert_eq!(told(&valley.get("段工", &format!("{path}?station={id}")).await), own_causes);

    let foreign = own_causes.iter().find(|it| it.0 == 1).expect("one frame").1.clone();
    let query: String = form(&foreign);
    let page = valley.get("桦甸", &format!("/api/rejects?station={id}&cause={query}")).await;
    let items = page["items"].as_array().expect("rejects");
    assert_eq!(items.len(), 1, "{page}");
    let one = format!("/api/rejects/{}", text(&items[0]["id"]));
    let reject = valley.get("桦甸", &one).await;
    let bytes = text(&reject["hex"]).len() / 2;
    let spans = reject["spans"].as_array().expect("spans").iter();
    let named: u64 = spans.map(|span| span["len"].as_u64().expect("bytes")).sum();
    assert_eq!(named, bytes as u64, "every byte has a name: {reject}");
    assert_eq!(valley.town.get("磐石", &one).await.status, StatusCode::NOT_FOUND);
    valley.town.person("只看", HUADIAN, &[crate::station::READ]);
    for path in [path, &one] {
        assert_eq!(valley.town.get("只看", path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

/// A text as it stands in a query.
fn form(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_for_another_station_is_refused_when_it_is_read_anew_too() {
    let valley = Valley::new().await;
    let station = registered(&valley, CODE, &["water_level"]).await;
    let other = registered(&valley, "220282-gas-2", &["water_level"]).await;
    let send = async |body: Json| {
        let own = Some((CODE, KEY));
        post(&valley, own, "application/json", &body.to_string()).await.0.as_u16()
    };
    let now = valley.now();
    let foreign =
        json!({ "station": "220282-gas-2", "time": now, "values": { "water_level": 7.0 } });
    assert_eq!(send(foreign).await, 422);
    valley.town.at("08:01");
    let later = valley.now();
    let own = json!({ "station": CODE, "time": later, "values": { "water_level": 2.0 } });
    assert_eq!(send(own).await, 200);

    // A mended factor shows when both were read anew: the older frame comes first.
    let path = format!("/api/stations/{}", text(&station["id"]));
    let id = sensor(&station, "water_level");
    let mend = json!({ "mend_sensors": [{ "sensor": id, "factor": 10.0 }] });
    assert_eq!(
        valley.town.post("桦甸", &format!("{path}/edit"), mend).await.status,
        StatusCode::OK
    );
    let since = json!({ "since": now });
    let asked = valley.town.post("桦甸", &format!("{path}/replay"), since).await;
    assert_eq!((asked.status, &asked.body["asked"]), (StatusCode::OK, &json!(true)));
    let mended = |view: &Json| view["sensors"][0]["latest"]["value"] == 20.0;
    valley.until("桦甸", &path, mended).await;
    assert_eq!(valley.points(id).await, [(1, 20.0)], "nothing of the other one");
    assert_eq!(valley.points(sensor(&other, "water_level")).await, [], "nor for the other");
    let held = valley.get("桦甸", &format!("{path}/held")).await;
    assert_eq!(held["asked"], false);
}
