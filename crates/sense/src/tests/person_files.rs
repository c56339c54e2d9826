//! Files about persons: seen masked, opened for a reason, noted, and gone with their key.

use axum::http::StatusCode;
use base::Id;
use host::Lane;
use host::log::{self, Book, Entry};
use serde_json::{Value as Json, json};

use super::coal::{Pit, files, gone};
use super::gateways::{CODE, Enterprise, KEY, closed};
use super::town::{HUADIAN, PANSHI, Valley, text, until};
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
async fn heads_are_counted_by_area_and_an_area_that_is_left_is_empty() {
    let pit = Pit::new().await;
    let valley = &pit.valley;
    officers(valley);
    let station = pit.registered().await;
    let path = format!("/api/stations/{}", text(&station["id"]));
    let underground = format!("{path}/underground");
    assert_eq!(valley.town.get("外县", &underground).await.status, StatusCode::NOT_FOUND);
    let mine = super::coal::MINE;
    let (one, two) = (format!("{mine}0002"), format!("{mine}0003"));
    let leave = async |kind: &str, minutes: i64, header: &str, records: &[String]| {
        let at = valley.now() - base::Duration::from_mins(minutes);
        let name = wire::coal42::FileName::new(mine, kind, at).to_string();
        let records: String = records.iter().map(|record| format!("{record}~")).collect();
        let text = format!("{mine};样例煤矿;{header}{}~{records}||", at.to_beijing());
        gone(&pit.leave(&name, text.as_bytes())).await;
    };
    let areas = [format!("重点区域;{one};2;1301 工作面"), format!("重点区域;{two};5;大巷")];
    leave("RYQY", 20, "", &areas).await;
    let person = |number: u32, flag: u8, area: &str| {
        format!("{mine}{number:05};于海棠;{flag};2026-08-03 06:00:00;;{area};;;;;;;0;0;")
    };
    let list = [format!("{mine}00001;于海棠;采煤;;一队;;;0;0")];
    leave("RYXX", 19, "4;KJ;定位;厂家;2030-01-01;", &list).await;
    let adopted = |view: &Json| {
        let sensors = view["sensors"].as_array().expect("sensors");
        sensors.iter().any(|it| it["element"] == format!("{one}/heads").as_str())
    };
    valley.until("只看", &path, adopted).await;
    let crowd = [person(1, 1, &one), person(2, 1, &one), person(3, 1, &one), person(4, 2, &two)];
    leave("RYSS", 10, "", &crowd).await;
    let told = |page: &Json| -> Vec<(f64, bool)> {
        let areas = page["areas"].as_array().expect("areas").iter();
        areas
            .map(|it| (it["heads"]["value"].as_f64().unwrap_or(-1.0), it["over"] == true))
            .collect()
    };
    let full = |page: &Json| told(page) == [(3.0, true), (0.0, false)] && page["approved"] == 4.0;
    let page = valley.until("只看", &underground, full).await;
    assert_eq!(page["heads"]["value"], 3.0);
    assert_eq!((&page["over"], &page["differs"]), (&json!(true), &Json::Null));
    assert_eq!(page["areas"][0]["name"], "1301 工作面");

    // The host says nothing of it, and our own count does.
    leave("RYCY", 9, "", &[]).await;
    valley.until("只看", &underground, |page| page["differs"] == true).await;
    // Everybody has moved: whoever is in no area of the newest file is in none.
    leave("RYSS", 5, "", &[person(1, 1, &two)]).await;
    let moved = |page: &Json| told(page) == [(0.0, false), (1.0, false)];
    let page = valley.until("只看", &underground, moved).await;
    assert_eq!((&page["over"], &page["differs"]), (&json!(false), &json!(false)));
    // A late file changes the record, and not what is now.
    leave("RYSS", 15, "", &crowd).await;
    until("it is stored", || valley.gateway.counts().stored == 6).await;
    let page = valley.get("只看", &underground).await;
    assert_eq!(told(&page), [(0.0, false), (1.0, false)]);
    assert!(!page.to_string().contains("于"), "{page}");
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
