//! Files about persons: seen masked, opened for a reason, noted, and gone with their key.

use axum::http::StatusCode;
use base::Id;
use host::Lane;
use host::log::{self, Book, Entry};
use serde_json::{Value as Json, json};

use super::coal::{Pit, files, gone};
use super::gateways::{CODE, Enterprise, KEY, closed};
use super::town::{HUADIAN, PANSHI, Valley, text};
use crate::{person_file, station};

/// Those who look: one may read, one may open, and one may open elsewhere.
fn officers(valley: &Valley) {
    valley.town.person("只看", HUADIAN, &[station::READ]);
    valley.town.person("矿监", HUADIAN, &[station::READ, person_file::OPEN]);
    valley.town.person("外县", PANSHI, &[station::READ, person_file::OPEN]);
}

fn trail(valley: &Valley) -> Vec<Entry> {
    let notes = valley.town.world.read_now(|db| Ok(log::after(db, Book::Trail, 0, 100)?));
    notes.expect("a trail").into_iter().filter(|it| it.kind() == "person_file.opened").collect()
}

async fn open(valley: &Valley, who: &str, file: &str, reason: &str) -> (StatusCode, Json) {
    let path = format!("/api/person-files/{file}/open");
    let answer = valley.town.post(who, &path, json!({ "reason": reason })).await;
    (answer.status, answer.body)
}

/// The only file of a station.
async fn only(valley: &Valley, path: &str) -> Json {
    let list = format!("{path}/person-files");
    let is_there = |page: &Json| page["items"].as_array().is_some_and(|it| it.len() == 1);
    valley.until("只看", &list, is_there).await["items"][0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_positions_is_seen_masked_and_opened_for_a_reason_that_is_noted() {
    let pit = Pit::new().await;
    let valley = &pit.valley;
    officers(valley);
    let station = pit.registered().await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    let (name, bytes) = pit.file("RYSS", valley.now());
    gone(&pit.leave(&name, &bytes)).await;
    let file = only(valley, &path).await;
    assert_eq!((&file["kind"], &file["name"]), (&json!("RYSS"), &json!(name)));
    let id = text(&file["id"]);
    let content = String::from_utf8(bytes).expect("UTF-8");
    let records: Vec<Vec<&str>> = content
        .split('~')
        .skip(1)
        .filter(|record| *record != "||")
        .map(|record| record.trim_end_matches("||").split(';').collect())
        .collect();
    let down = records.iter().filter(|record| record[2] == "1").count();

    let one = format!("/api/person-files/{id}");
    let masked = valley.get("只看", &one).await;
    assert_eq!((&masked["masked"], &masked["closed"]), (&json!(true), &Json::Null));
    assert_eq!(masked["persons"], json!(down));
    let sum = |crowds: &Json| -> i64 {
        let crowds = crowds.as_array().expect("places").iter();
        crowds.map(|crowd| crowd["persons"].as_i64().expect("a count")).sum()
    };
    assert_eq!(sum(&masked["areas"]), down as i64);
    let told = masked.to_string();
    for record in &records {
        // Codes of base stations begin as cards do: a card is a text of its own.
        assert!(!told.contains(&format!("{:?}", record[0])), "a card stands in what is masked");
        assert!(!told.contains(&format!("{:?}", record[1])), "a name stands in what is masked");
    }
    assert_eq!(masked["rows"].as_array().map(Vec::len), Some(records.len()));
    assert_eq!(trail(valley).len(), 0, "nobody was named");

    let reason = "核对 1301 工作面升井人员";
    assert_eq!(open(valley, "只看", id, reason).await.0, StatusCode::FORBIDDEN);
    assert_eq!(open(valley, "外县", id, reason).await.0, StatusCode::NOT_FOUND);
    for path in [&one, &format!("{path}/person-files")] {
        assert_eq!(valley.town.get("外县", path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, told) = open(valley, "矿监", id, "看").await;
    assert_eq!((status.as_u16(), &told["field"]), (422, &json!("reason")));
    assert_eq!(trail(valley).len(), 0, "what is refused opens nothing");

    let (status, opened) = open(valley, "矿监", id, reason).await;
    assert_eq!(status, StatusCode::OK, "{opened}");
    assert_eq!(opened["masked"], false);
    let rows = opened["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), records.len());
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!((&row[0], &row[1]), (&json!(record[0]), &json!(record[1])));
    }
    let notes = trail(valley);
    let [note] = &notes[..] else { panic!("{notes:?}") };
    assert_eq!(note.header.subject.to_string(), id);
    let body = note.body.clone().expect("open");
    assert!(body.contains(reason) && body.contains(&name), "{body}");
    // What was opened stands nowhere in clear, not as a stored answer either.
    let card = records[0][0];
    let directory = valley.town.world.directory().to_owned();
    let holding = files(&directory).into_iter().find(|path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(card.len()).any(|window| window == card.as_bytes())
    });
    assert_eq!(holding, None);

    let holder: Id = text(&station["id"]).parse().expect("an id");
    let over = valley
        .town
        .world
        .run(Lane::Urgent, "test", move |tx| host::sealed::destroy(tx, holder, "保存期满"));
    over.expect("destroyed");
    valley.town.settle();
    let (_, closed) = open(valley, "矿监", id, reason).await;
    assert_eq!((&closed["closed"], &closed["rows"]), (&json!("destroyed"), &json!([])));
    assert_eq!(valley.get("只看", &one).await["closed"], "destroyed");
    assert_eq!(trail(valley).len(), 1, "nothing was read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn persons_in_a_gateways_message_stand_in_no_omission_and_open_like_a_file() {
    let plant = Enterprise::new().await;
    officers(&plant.valley);
    let mut line = plant.connect().await;
    let time = plant.now().to_beijing();
    let plain = format!(
        r#"{{"dataId":"d-7","enterpriseId":"220282001","gatewayId":"{CODE}","collectTime":"{time}","dataType":"07","datas":[{{"personName":"于海棠","cardNo":"22028200100017","areaCode":"0002"}}]}}"#
    );
    line.send(&closed("d-7", KEY, &plain)).await;
    assert!(line.told().await.0);
    let file = only(&plant.valley, &plant.path).await;
    assert_eq!((&file["kind"], &file["records"]), (&json!("07"), &json!(1)));
    let omitted = |view: &Json| view["omissions"][0]["element"] == "07";
    let view = plant.valley.until("只看", &plant.path, omitted).await;
    let frames = plant.valley.get("只看", &format!("{}/frames", plant.path)).await;
    let id = text(&file["id"]);
    let masked = plant.valley.get("只看", &format!("/api/person-files/{id}")).await;
    for shown in [&view, &frames, &masked] {
        assert!(!shown.to_string().contains("于海棠"), "{shown}");
    }
    assert_eq!(masked["persons"], 1);
    let (status, opened) = open(&plant.valley, "矿监", id, "核对升井人员").await;
    assert_eq!(status, StatusCode::OK, "{opened}");
    assert!(opened["rows"][0].to_string().contains("于海棠"), "{opened}");
}
