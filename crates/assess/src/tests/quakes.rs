//! The real catalogue, replayed: deep earthquakes raise nothing, shallow ones do, and a
//! revision says all anew.

use base::{Duration, Timestamp};
use host::log::{self, Book};
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};

use crate::finding;

/// A row of the catalogue of north-east China.
struct Row {
    id: String,
    time: Timestamp,
    line: String,
}

/// Rows with a whole date, as lines of FDSN event text.
fn catalogue() -> Vec<Row> {
    let csv = include_str!("../../../../fixtures/quake/ne_china_catalogue_ad19_2015.csv");
    let rows = csv.lines().skip(1).filter_map(|line| {
        let f: Vec<&str> = line.split(',').collect();
        let second: f64 = f[6].parse().expect("a number");
        let time = format!(
            "{:0>4}-{:0>2}-{:0>2}T{:0>2}:{:0>2}:{:0>2}Z",
            f[1],
            f[2],
            f[3],
            f[4],
            f[5],
            second.floor()
        );
        let depth = if f[10] == "-1" { "" } else { f[10] };
        let line = format!("{}|{time}|{}|{}|{depth}|{}", f[0], f[7], f[8], f[9]);
        Some(Row { id: f[0].to_owned(), time: time.parse().ok()?, line })
    });
    rows.collect()
}

fn document(lines: &[&str]) -> Vec<u8> {
    let header = "#EventID|Time|Latitude|Longitude|Depth/km|Magnitude";
    [&[header], lines].concat().join("\n").into_bytes()
}

fn province() -> Town {
    let assess = host::Part { taps: Vec::new(), ..crate::part() };
    let town = Town::new(vec![
        atlas::part(),
        survey::part(),
        host::Part { taps: Vec::new(), ..sense::part() },
        assess,
    ]);
    atlas::seed(&town.world).expect("the register is seeded");
    let all = [
        sense::quake::READ,
        sense::quake::REPORT,
        finding::READ,
        survey::enterprise::READ,
        survey::enterprise::REGISTER,
        sense::station::READ,
        sense::station::REGISTER,
    ];
    town.person("省厅", "220000", &all);
    town.person("乾安", "220723", &all);
    town.person("桦甸", "220282", &all);
    town
}

async fn bring(town: &Town, bytes: Vec<u8>) -> Answer {
    let answer = town.ask_raw("省厅", "POST", "/api/earthquake-reports", bytes).await.0;
    assert_eq!((answer.status.as_u16(), &answer.body["faulty"]), (200, &json!(0)));
    town.settle();
    answer
}

async fn findings(town: &Town, state: &str) -> Vec<Json> {
    let list = town.get("省厅", &format!("/api/findings?limit=200&state={state}")).await;
    list.body["items"].as_array().unwrap_or_else(|| panic!("{}", list.body)).clone()
}

/// The earthquakes with the newest that was said of what each shook.
async fn shaken(town: &Town) -> Vec<(Json, Json)> {
    let list = town.get("省厅", "/api/earthquakes?limit=200").await;
    let mut told = Vec::new();
    for it in list.body["items"].as_array().expect("a list") {
        let path = format!("/api/earthquakes/{}/shaking", it["id"].as_str().expect("an id"));
        let said = town.get("桦甸", &path).await;
        told.push((it.clone(), said.body["items"][0].clone()));
    }
    told
}

#[track_caller]
fn check_fold(town: &Town) {
    let (_, differences) = town.world.compare_with_fold().expect("the log folds");
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test]
async fn the_deep_earthquakes_of_1999_and_2002_raise_nothing_and_say_why() {
    let town = province();
    let rows = catalogue();
    for (day, ids) in [("1999-04-08", ["19039", "19040"]), ("2002-06-28", ["22097", "22098"])] {
        let of_day: Vec<&Row> =
            rows.iter().filter(|row| row.time.to_string().starts_with(day)).collect();
        assert!(ids.iter().all(|id| of_day.iter().any(|row| row.id == *id)), "{day}");
        // As it was then: each report a minute after it quaked.
        for row in of_day {
            town.world.clock().set(row.time + Duration::from_mins(1));
            bring(&town, document(&[&row.line])).await;
        }
    }
    let told = shaken(&town).await;
    let strong: Vec<&(Json, Json)> = told
        .iter()
        .filter(|(it, _)| it["shown"]["magnitude"].as_f64().is_some_and(|m| 7.0 <= m))
        .collect();
    assert_eq!(strong.len(), 2, "each twice in the catalogue, once here: {told:?}");
    for (it, said) in &strong {
        assert_eq!((&it["reports"], &it["shown"]["depth_km"]), (&json!(2), &json!(5.0)));
        assert_eq!(said["estimate"], Json::Null);
        assert_eq!(said["why"]["code"], "unconfirmed", "{said}");
    }
    for (it, said) in &told {
        assert!(said["why"].is_object(), "{it} {said}");
    }
    assert_eq!(findings(&town, "active").await, Vec::<Json>::new());
    assert_eq!(findings(&town, "cleared").await, Vec::<Json>::new());
    let entries = town.world.read_now(|db| Ok(log::after(db, Book::Log, 0, 1_000)?));
    let entries = entries.expect("the log is there");
    let withheld = entries.iter().filter(|entry| entry.kind() == "shaking.withheld").count();
    assert!(told.len() <= withheld, "the duty desk is told each time");
    check_fold(&town);
}

#[tokio::test]
async fn the_swarm_of_2013_near_qianguo_raises_what_its_strongest_shook() {
    let town = province();
    let rows = catalogue();
    let swarm: Vec<&Row> =
        rows.iter().filter(|row| row.time.to_string().starts_with("2013-11")).collect();
    assert!(8 < swarm.len());
    for row in &swarm {
        town.world.clock().set(row.time + Duration::from_mins(1));
        bring(&town, document(&[&row.line])).await;
    }
    let told = shaken(&town).await;
    let estimated: Vec<&(Json, Json)> =
        told.iter().filter(|(_, said)| said["estimate"].is_object()).collect();
    for (it, said) in &estimated {
        assert!(5.0 <= it["shown"]["magnitude"].as_f64().expect("a magnitude"));
        let estimate = &said["estimate"];
        assert_eq!(estimate["scale_taken"], "assumed", "the catalogue names no scale");
        let first = &estimate["counties"][0];
        assert!(
            ["220723", "220721"].contains(&first["code"].as_str().expect("a code")),
            "乾安 or 前郭: {first}"
        );
        let degree = first["degree"][1].as_u64().expect("a degree");
        assert!((5..=7).contains(&degree), "{first}");
        // What is said of people is at least, and by how many places.
        let people = &estimate["people"];
        assert!(0 < people["places"].as_u64().expect("places"));
        assert!(people["surely"][0].as_u64() <= people["perhaps"][0].as_u64());
        assert!(people["source"].as_str().expect("a source").contains("GeoNames"));
    }
    assert_eq!(estimated.len(), 2, "5.0 and 5.2; the rest is below what the model holds for");
    let raised = findings(&town, "active").await;
    assert!(!raised.is_empty());
    for it in &raised {
        assert_eq!((&it["hazard"], &it["station"]), (&json!("earthquake"), &Json::Null));
        let words = it["shaken"]["words"].as_str().expect("words");
        assert!(words.contains("估计最大烈度") && words.contains("非实测"), "{words}");
    }
    let counties: Vec<&str> = raised.iter().filter_map(|it| it["station_name"].as_str()).collect();
    assert!(counties.contains(&"乾安县"), "{counties:?}");
    check_fold(&town);
}

/// One event in the words of the USGS.
fn usgs(updated: i64, status: &str, mag: f64, depth: f64) -> Vec<u8> {
    let feature = json!({ "type": "Feature", "id": "usx1", "properties": { "mag": mag,
        "place": "Qian'an", "time": 1_785_715_200_000i64, "updated": updated, "status": status,
        "net": "us", "code": "x1", "magType": "ms", "type": "earthquake" },
        "geometry": { "type": "Point", "coordinates": [124.05, 44.73, depth] } });
    feature.to_string().into_bytes()
}

#[tokio::test]
async fn a_revision_says_all_anew_and_what_was_said_stays_as_superseded() {
    let town = province();
    let quaked = Timestamp::from_millis(1_785_715_200_000);
    town.world.clock().set(quaked + Duration::from_mins(5));
    bring(&town, usgs(1, "automatic", 6.2, 12.0)).await;
    let first = findings(&town, "active").await;
    assert!(3 < first.len(), "{first:?}");
    let of = |list: &[Json], county: &str| {
        list.iter().find(|it| it["shaken"]["county"] == county).cloned().unwrap_or_default()
    };
    let level = of(&first, "220723")["level"].clone();
    assert!(["orange", "red"].contains(&level.as_str().unwrap_or_default()), "{level}");

    // Weaker than it was taken for: less is raised, and each says what came before it.
    town.world.clock().set(quaked + Duration::from_mins(15));
    bring(&town, usgs(2, "reviewed", 5.1, 12.0)).await;
    let second = findings(&town, "active").await;
    assert!(second.len() < first.len());
    let (before, after) = (of(&first, "220723"), of(&second, "220723"));
    assert_ne!(before["level"], after["level"]);
    assert_eq!(after["shaken"]["earlier"], before["id"]);
    assert_eq!(after["shaken"]["revision"], 2);
    let ended = findings(&town, "cleared").await;
    assert!(ended.iter().all(|it| it["cleared_because"] == "revised"), "{ended:?}");
    let (it, _) = shaken(&town).await.remove(0);
    let path = format!("/api/earthquakes/{}/shaking", it["id"].as_str().expect("an id"));
    let said = town.get("省厅", &path).await;
    let superseded: Vec<_> = said.body["items"]
        .as_array()
        .expect("results")
        .iter()
        .map(|it| (it["revision"].as_i64(), it["superseded"].as_bool()))
        .collect();
    assert_eq!(superseded, [(Some(2), Some(false)), (Some(1), Some(true))]);

    // The same again is nothing, and so is a word that changes nothing of what it shook.
    bring(&town, usgs(2, "reviewed", 5.1, 12.0)).await;
    assert_eq!(findings(&town, "active").await, second);

    // It was deep after all: nothing stands, and the reason is said.
    bring(&town, usgs(3, "reviewed", 5.1, 540.0)).await;
    assert_eq!(findings(&town, "active").await, Vec::<Json>::new());
    let said = town.get("省厅", &path).await;
    assert_eq!(said.body["items"][0]["why"], json!({ "code": "deep", "depth_km": 540.0 }));
    check_fold(&town);
}

#[tokio::test]
async fn another_agencys_depth_closes_the_gate_and_an_old_earthquake_raises_nothing() {
    let town = province();
    let quaked = Timestamp::from_millis(1_785_715_200_000);
    town.world.clock().set(quaked + Duration::from_mins(5));
    bring(&town, usgs(1, "reviewed", 5.8, 12.0)).await;
    assert!(!findings(&town, "active").await.is_empty());
    let deep = "jl1|2026-08-03T00:00:20Z|44.9|124.3|480|5.9";
    bring(&town, document(&[deep])).await;
    assert_eq!(findings(&town, "active").await, Vec::<Json>::new());
    let (_, said) = shaken(&town).await.remove(0);
    assert_eq!(said["why"]["code"], "deep_by_another", "{said}");

    let town = province();
    town.world.clock().set(quaked + Duration::from_hours(73));
    bring(&town, usgs(1, "reviewed", 5.8, 12.0)).await;
    let (_, said) = shaken(&town).await.remove(0);
    assert!(said["estimate"].is_object(), "what it shook is told all the same");
    assert_eq!(findings(&town, "active").await, Vec::<Json>::new());
}

#[tokio::test]
async fn sites_are_told_to_those_who_see_them_and_to_nobody_else() {
    let town = province();
    let new = json!({ "details": { "name": "虚构化工有限公司", "kinds": ["hazchem"],
        "credit_code": "91220282MA0FAY001F", "region": "220723" }, "since": "2020-01-01" });
    let owner = town.post("乾安", "/api/enterprises", new).await;
    assert_eq!(owner.status, 201, "{}", owner.body);
    let pond = json!({ "enterprise": owner.body["id"], "details": { "name": "西沟尾矿库",
        "code": "WK-0001", "region": "220723",
        "place": { "original": [124.02, 44.95], "datum": "wgs84" },
        "particulars": { "pond": { "dam": "upstream", "height_m": 65, "volume_m3": 500_000,
            "grade": 3, "crest_m": 412, "min_freeboard_m": 0.7, "min_beach_m": 70 } } },
        "since": "2020-01-01" });
    let pond = town.post("乾安", "/api/sites", pond).await;
    assert_eq!(pond.status, 201, "{}", pond.body);
    town.world.clock().set(Timestamp::from_millis(1_785_715_200_000) + Duration::from_mins(5));
    bring(&town, usgs(1, "reviewed", 6.0, 12.0)).await;
    let (it, _) = shaken(&town).await.remove(0);
    let path = format!("/api/earthquakes/{}/exposed", it["id"].as_str().expect("an id"));
    let seen = town.get("乾安", &path).await;
    assert_eq!(seen.body["sites"]["items"][0]["name"], "西沟尾矿库", "{}", seen.body);
    assert!(5 <= seen.body["sites"]["items"][0]["degree"][1].as_u64().expect("a degree"));
    let elsewhere = town.get("桦甸", &path).await;
    assert_eq!(elsewhere.body["sites"]["items"], json!([]), "{}", elsewhere.body);
    town.person("观察", "220723", &[sense::quake::READ]);
    let none = town.get("观察", &path).await;
    assert_eq!((&none.body["sites"], &none.body["stations"]), (&Json::Null, &Json::Null));
    town.person("无权", "220723", &[]);
    assert_eq!(town.get("无权", &path).await.status, 403);
}
