//! Earthquakes at the door: documents, typed reports, revisions, withdrawals, refusals.

use axum::http::Method;
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};

use crate::quake::{READ, REPORT};

/// The catalogue of north-east China as FDSN event text, which names no agency.
fn catalogue(wanted: &[&str]) -> Vec<u8> {
    let csv = include_str!("../../../../fixtures/quake/ne_china_catalogue_ad19_2015.csv");
    let mut text = "#EventID|Time|Latitude|Longitude|Depth/km|MagType|Magnitude\n".to_owned();
    for line in csv.lines().skip(1) {
        let f: Vec<&str> = line.split(',').collect();
        let whole = f[2] != "0" && f[3] != "0";
        if !whole || !(wanted.is_empty() || wanted.contains(&f[0])) {
            continue;
        }
        let second: f64 = f[6].parse().expect("a number");
        let depth = if f[10] == "-1" { "" } else { f[10] };
        text.push_str(&format!(
            "{}|{:0>4}-{:0>2}-{:0>2}T{:0>2}:{:0>2}:{:0>2}Z|{}|{}|{depth}||{}\n",
            f[0],
            f[1],
            f[2],
            f[3],
            f[4],
            f[5],
            second.floor(),
            f[7],
            f[8],
            f[9],
        ));
    }
    text.into_bytes()
}

/// All Jilin; 桦甸 and 乾安 have an officer each, and 省 one for the province.
fn province() -> Town {
    let town = Town::new(vec![atlas::part(), survey::part(), crate::part()]);
    atlas::seed(&town.world).expect("the register is seeded");
    town.person("省厅", "220000", &[READ, REPORT]);
    town.person("乾安", "220723", &[READ, REPORT]);
    town.person("桦甸", "220282", &[READ, REPORT]);
    town.person("旁观", "220282", &[READ]);
    town.person("无权", "220282", &[]);
    town
}

async fn bring(town: &Town, name: &str, bytes: Vec<u8>) -> Answer {
    town.ask_raw(name, "POST", "/api/earthquake-reports", bytes).await.0
}

/// `taken known far faulty`, and the refusal.
fn told(answer: &Answer) -> (i64, i64, i64, i64, Option<&str>) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let count = |name: &str| answer.body[name].as_i64().expect("a count");
    let counts = (count("taken"), count("known"), count("far"), count("faulty"));
    (counts.0, counts.1, counts.2, counts.3, answer.body["refused"].as_str())
}

async fn listed(town: &Town, query: &str) -> Vec<Json> {
    let list = town.get("旁观", &format!("/api/earthquakes{query}")).await;
    list.body["items"].as_array().unwrap_or_else(|| panic!("{}", list.body)).clone()
}

#[track_caller]
fn check_fold(town: &Town) {
    let (_, differences) = town.world.compare_with_fold().expect("the log folds");
    assert!(differences.is_empty(), "{differences:?}");
}

/// One event in the words of the USGS.
fn usgs(code: &str, updated: i64, status: &str, mag: f64, depth: f64) -> Json {
    json!({ "type": "Feature", "id": format!("us{code}"), "properties": { "mag": mag,
        "place": "5 km N of Qian'an", "time": 1_385_108_331_000i64, "updated": updated,
        "status": status, "net": "us", "code": code, "ids": format!(",us{code},"),
        "magType": "mww", "type": "earthquake" },
        "geometry": { "type": "Point", "coordinates": [124.05, 44.73, depth] } })
}

fn typed(magnitude: f64) -> Json {
    json!({ "time": "2013-11-22T08:18:00Z", "to_the_minute": true, "lon": 124.05, "lat": 44.7,
        "depth_km": 8, "magnitude": magnitude, "scale": "Ms", "place": "前郭与乾安交界",
        "standing": "automatic", "source": "省地震局值班室", "reason": "电话通报" })
}

#[tokio::test]
async fn a_document_is_registered_once_and_duplicates_are_one_earthquake() {
    let town = province();
    let bytes = catalogue(&["40158", "40159", "40160", "40161"]);
    let first = bring(&town, "省厅", bytes.clone()).await;
    assert_eq!(told(&first), (4, 0, 0, 0, None), "{}", first.body);
    assert_eq!(first.body["format"], "fdsn_text");
    let found = listed(&town, "").await;
    assert_eq!(found.len(), 3, "two of one minute are one: {found:?}");
    let again = bring(&town, "省厅", bytes.clone()).await;
    assert_eq!(told(&again), (0, 4, 0, 0, None));
    assert_eq!((&first.body["kept"], &again.body["kept"]), (&json!(true), &json!(false)));
    assert_eq!(listed(&town, "").await, found, "the same again is nothing");

    let both = found.iter().find(|it| it["reports"] == 2).expect("the pair");
    let id = both["id"].as_str().expect("an id");
    let one = town.get("旁观", &format!("/api/earthquakes/{id}")).await;
    let all = one.body["all"].as_array().expect("reports");
    let told: Vec<_> = all.iter().map(|it| (&it["event"], &it["believed"])).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(all.iter().filter(|it| it["believed"] == true).count(), 1);
    assert_eq!(one.body["region"], "220721", "前郭 by its outline: {}", one.body);
    assert_eq!(listed(&town, "?magnitude=5").await.len(), 2);
    check_fold(&town);
}

#[tokio::test]
async fn a_feed_of_the_world_is_counted_and_what_is_far_is_not_registered() {
    let town = province();
    let feed = include_bytes!("../../../../fixtures/quake/usgs_all_week_sample.geojson");
    let answer = bring(&town, "省厅", feed.to_vec()).await;
    assert_eq!(told(&answer), (0, 0, 60, 0, None), "{}", answer.body);
    assert_eq!(answer.body["kept"], false);
    let quakeml = include_bytes!("../../../../fixtures/quake/usgs_event_quakeml12.xml");
    let answer = bring(&town, "省厅", quakeml.to_vec()).await;
    assert_eq!((told(&answer), &answer.body["format"]), ((0, 0, 2, 0, None), &json!("quakeml")));
    assert_eq!(listed(&town, "").await, Vec::<Json>::new());
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_counted_and_kept() {
    let town = province();
    let bad = b"<html>Service unavailable</html>".to_vec();
    let answer = bring(&town, "省厅", bad.clone()).await;
    assert!(answer.body["refused"].is_string() || 0 < answer.body["faulty"].as_i64().unwrap_or(0));
    let none = bring(&town, "省厅", b"nothing of the kind".to_vec()).await;
    let why = none.body["refused"].as_str().expect("a reason");
    assert!(why.contains("nothing of the") && why.contains("expected"), "{why}");
    let half = b"#EventID|Time|Latitude|Longitude|Depth/km|Magnitude\n\
        a|2013-11-22T08:18:51Z|44.73|124.05|12|5.0\nb|yesterday|44.7|124.0|12|5.0\n";
    let half = bring(&town, "省厅", half.to_vec()).await;
    assert_eq!(told(&half), (1, 0, 0, 2, None), "a bad time, and so no time: {}", half.body);

    let list = town.get("旁观", "/api/earthquake-messages").await;
    let items = list.body["items"].as_array().expect("a list");
    assert_eq!(items.len(), 3, "{list:?}");
    assert!(items.iter().all(|it| it["kept"] == true));
    let path = format!("/api/earthquake-messages/{}/raw", answer.body["id"].as_str().expect("id"));
    let (given, bytes) = town.ask_raw("旁观", "GET", &path, Vec::new()).await;
    assert_eq!((given.status.as_u16(), bytes), (200, bad), "as it came in");
    let long = vec![b' '; 200_000];
    let long = bring(&town, "省厅", long).await;
    let path = format!("/api/earthquake-messages/{}/raw", long.body["id"].as_str().expect("id"));
    let (_, bytes) = town.ask_raw("旁观", "GET", &path, Vec::new()).await;
    assert_eq!(bytes.len(), 200_000, "kept in pieces, given whole");
}

#[tokio::test]
async fn an_agency_revises_and_takes_back_and_what_was_said_stays() {
    let town = province();
    let say = async |feature: Json| bring(&town, "省厅", feature.to_string().into_bytes()).await;
    assert_eq!(told(&say(usgs("a1", 1_000, "automatic", 5.4, 10.0)).await).0, 1);
    assert_eq!(told(&say(usgs("a1", 2_000, "reviewed", 5.1, 8.4)).await).0, 1);
    // An older version that comes late changes nothing of what is believed.
    assert_eq!(told(&say(usgs("a1", 500, "automatic", 5.9, 33.0)).await).0, 1);
    let found = listed(&town, "").await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["shown"]["magnitude"], 5.1);
    let path = format!("/api/earthquakes/{}", found[0]["id"].as_str().expect("an id"));
    let one = town.get("旁观", &path).await;
    let superseded: Vec<_> =
        one.body["all"].as_array().expect("reports").iter().map(|it| &it["superseded"]).collect();
    assert_eq!(superseded, [&json!(true), &json!(true), &json!(false)]);

    let mut gone = usgs("a1", 3_000, "deleted", 5.1, 8.4);
    gone["geometry"] = Json::Null;
    assert_eq!(told(&say(gone.clone()).await).0, 1, "without a place: the one said before");
    let one = town.get("旁观", &path).await;
    assert_eq!((&one.body["state"], &one.body["believed"]), (&json!("withdrawn"), &Json::Null));
    assert_eq!(one.body["all"].as_array().map(Vec::len), Some(4), "history is not overwritten");
    gone["id"] = json!("us-never-heard-of");
    assert_eq!(told(&say(gone).await), (0, 0, 1, 0, None));
    // It is seen again after all.
    assert_eq!(told(&say(usgs("a1", 4_000, "reviewed", 5.2, 8.4)).await).0, 1);
    assert_eq!(listed(&town, "?state=reported").await.len(), 1);
    check_fold(&town);
}

#[tokio::test]
async fn a_duty_officer_types_in_corrects_and_takes_back_and_an_agency_goes_over_it() {
    let town = province();
    let made = town.post("乾安", "/api/earthquakes", typed(5.5)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["agencies"], json!(["typed"]));
    let id = made.body["id"].as_str().expect("an id").to_owned();
    let report = made.body["believed"].as_str().expect("a report").to_owned();
    let mut corrected = typed(5.3);
    corrected["corrects"] = json!(report);
    town.at("08:10");
    let made = town.post("乾安", "/api/earthquakes", corrected.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!((&made.body["id"], &made.body["reports"]), (&json!(id), &json!(2)));
    assert_eq!(made.body["shown"]["magnitude"], 5.3);
    let twice = town.post("乾安", "/api/earthquakes", corrected).await;
    assert_eq!((twice.status.as_u16(), &twice.body["code"]), (409, &json!("wrong-state")));

    // 51 s after the minute that was told.
    let feature = usgs("b2", 1_000, "reviewed", 5.0, 8.4).to_string().into_bytes();
    assert_eq!(told(&bring(&town, "省厅", feature).await).0, 1);
    let found = listed(&town, "").await;
    assert_eq!((found.len(), &found[0]["shown"]["agency"]), (1, &json!("us")));
    let path = format!("/api/earthquakes/{id}/withdraw");
    let of_agency = json!({ "report": found[0]["believed"], "reason": "误报" });
    let refused = town.post("乾安", &path, of_agency).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &json!("not-typed")));
    let typed_last = made.body["believed"].clone();
    let body = json!({ "report": typed_last, "reason": "系误登" });
    town.at("08:20");
    let gone = town.post("乾安", &path, body.clone()).await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    assert_eq!((&gone.body["state"], &gone.body["reports"]), (&json!("reported"), &json!(4)));
    let again = town.post("乾安", &path, body).await;
    assert_eq!((again.status.as_u16(), &again.body["code"]), (409, &json!("wrong-state")));
    check_fold(&town);
}

#[tokio::test]
async fn who_may_not_and_what_cannot_be_is_refused_with_its_field() {
    let town = province();
    let code = |answer: &Answer| (answer.status.as_u16(), answer.body["code"].clone());
    for (method, path) in [
        (Method::GET, "/api/earthquakes"),
        (Method::POST, "/api/earthquakes"),
        (Method::POST, "/api/earthquake-reports"),
        (Method::GET, "/api/earthquake-messages"),
    ] {
        let told = town.ask("无权", method, path, Some(json!({}))).await;
        assert_eq!(code(&told), (403, json!("forbidden")), "{path}");
    }
    assert_eq!(code(&town.post("旁观", "/api/earthquakes", typed(5.0)).await).0, 403);
    let elsewhere = town.post("桦甸", "/api/earthquakes", typed(5.0)).await;
    assert_eq!(code(&elsewhere), (404, json!("not-found")), "乾安 is not theirs");
    // Outside every county it is the province's to say.
    let mut at_sea = typed(6.0);
    at_sea["lon"] = json!(133.0);
    assert_eq!(code(&town.post("乾安", "/api/earthquakes", at_sea.clone()).await).0, 404);
    assert_eq!(town.post("省厅", "/api/earthquakes", at_sea).await.status, 201);

    let with = async |field: &str, value: Json| {
        let mut body = typed(5.0);
        body[field] = value;
        let told = town.post("乾安", "/api/earthquakes", body).await;
        assert_eq!(told.status, 422, "{field}: {}", told.body);
        told.body["field"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(with("lat", json!(91)).await, "lon");
    assert_eq!(with("depth_km", json!(801)).await, "depth_km");
    assert_eq!(with("magnitude", json!(11)).await, "magnitude");
    assert_eq!(with("scale", json!("Richter")).await, "scale");
    assert_eq!(with("scale", Json::Null).await, "scale");
    assert_eq!(with("time", json!("2099-01-01T00:00:00Z")).await, "time");
    assert_eq!(with("place", json!("")).await, "place");
    assert_eq!(with("reason", json!("?")).await, "reason");
    let unknown = "/api/earthquakes/0198f000-0000-7000-8000-00000000dead";
    assert_eq!(code(&town.get("旁观", unknown).await).0, 404);
}

#[tokio::test]
async fn the_whole_catalogue_in_two_orders_is_the_same_earthquakes() {
    let whole = catalogue(&[]);
    let text = String::from_utf8(whole.clone()).expect("text");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    let mut told = Vec::new();
    for bytes in [whole, lines.join("\n").into_bytes()] {
        let town = province();
        let answer = bring(&town, "省厅", bytes).await;
        assert_eq!(answer.body["faulty"], 0, "{}", answer.body);
        let mut groups = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = town.get("省厅", &format!("/api/earthquakes?limit=200{cursor}")).await;
            for it in page.body["items"].as_array().expect("a list") {
                let shown = &it["shown"];
                groups.push(format!("{} {} {}", shown["time"], shown["event"], it["reports"]));
            }
            let Some(next) = page.body["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        groups.sort();
        told.push(groups);
    }
    assert!(200 < told[0].len(), "{}", told[0].len());
    assert_eq!(told[0], told[1]);
}
