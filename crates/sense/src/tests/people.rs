//! The register and those who keep it: what they may, where, and what is refused.

use axum::http::{Method, StatusCode};
use host::{Home, Record};
use serde_json::{Value as Json, json};

use super::town::{ALL, HUADIAN, PANSHI, QINGSHI, Valley, details, level, report, sensor, text};
use crate::{Protocol, station};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_county_does_not_see_anothers_station() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 264_060).await;
    let id = text(&station["id"]);
    let sensor = text(sensor(&station, "Z"));
    for path in [
        format!("/api/stations/{id}"),
        format!("/api/stations/{id}/frames"),
        format!("/api/sensors/{sensor}/readings"),
    ] {
        assert_eq!(valley.town.get("磐石", &path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(valley.town.get("桦甸", &path).await.status, StatusCode::OK, "{path}");
    }
    for path in ["/api/stations", "/api/sources"] {
        assert_eq!(valley.get("磐石", path).await["items"], json!([]), "{path}");
        assert_eq!(valley.get("桦甸", path).await["items"][0]["name"], "青石湾水文站", "{path}");
    }
    let edit = format!("/api/stations/{id}/edit");
    let answer = valley.town.post("磐石", &edit, json!({ "name": "我的站" })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let answer = valley.town.post("桦甸", &edit, json!({ "region": PANSHI })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "nobody moves a station out of their sight");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_is_registered_and_changed_by_who_holds_where_it_stands() {
    let valley = Valley::new().await;
    let town = &valley.town;
    let mine = base::Id::from_u128(7);
    town.orgs(&[(mine, mine)]);
    town.person("矿上", HUADIAN, &[]);
    town.works_for("矿上", mine, &ALL);
    let mut body = details("矿区雨量站", HUADIAN, &["Z"]);
    body["code"] = json!("10820551");
    let told = town.post("矿上", "/api/stations", body.clone()).await;
    assert_eq!((told.status, &told.body["code"]), (StatusCode::NOT_FOUND, &json!("not-found")));
    let made = town.post("桦甸", "/api/stations", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let id: station::StationId = text(&made.body["id"]).parse().expect("an id");
    let edit = format!("/api/stations/{id}/edit");
    let is_home = move |change: fn(Home, base::Id) -> Home| {
        let kept = station::Changed {
            name: "矿区雨量站".to_owned(),
            class: station::Class::River,
            river: None,
            point: None,
            original: None,
            period_s: 300,
            site: None,
            adopts: false,
            added: Vec::new(),
            mended: Vec::new(),
            retired: Vec::new(),
        };
        let at_home = move |tx: &mut host::Tx<'_>| {
            let home = change(tx.home_of(id)?, mine);
            let fact = station::StationFact::Changed(kept);
            tx.record(Record::next(id, fact).at_home(home)).map(|_| ())
        };
        town.world.run(host::Lane::Urgent, "test", at_home).expect("moved");
    };
    assert_eq!(town.post("矿上", &edit, json!({ "name": "一" })).await.status, 404);
    is_home(|home, mine| home.org(Some(mine)));
    // It is theirs wherever it stands; the county moves it nowhere out of its sight.
    let moved = town.post("矿上", &edit, json!({ "region": PANSHI })).await;
    assert_eq!((moved.status, &moved.body["region"]), (StatusCode::OK, &json!(PANSHI)));
    let home = town.world.run(host::Lane::Urgent, "test", move |tx| tx.home_of(id)).expect("known");
    assert_eq!(home.org, Some(mine), "who moves it does not take it away");
    assert_eq!(town.post("磐石", &edit, json!({ "region": HUADIAN })).await.status, 404);
    is_home(|home, _| home.class(host::Class::Sensitive));
    for name in ["矿上", "磐石", "段工"] {
        assert_eq!(town.post(name, &edit, json!({ "name": "二" })).await.status, 404, "{name}");
    }
    let sensor = text(&made.body["sensors"][0]["id"]);
    let readings = format!("/api/sensors/{sensor}/readings");
    assert_eq!(town.get("磐石", &readings).await.status, 404, "a sensor is seen as its station");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_asks_for_its_permission() {
    let valley = Valley::new().await;
    valley.town.person("路人", "220200", &[]);
    let id = base::Id::from_u128(7);
    let reads = ["/api/stations", "/api/sources", "/api/waiting-room", "/api/rejects"];
    let more = [
        format!("/api/stations/{id}"),
        format!("/api/stations/{id}/frames"),
        format!("/api/sensors/{id}/readings"),
        "/api/readings/latest".to_owned(),
    ];
    for path in reads.iter().map(|path| (*path).to_owned()).chain(more) {
        assert_eq!(valley.town.get("", &path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(valley.town.get("路人", &path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in [
        "/api/stations".to_owned(),
        format!("/api/stations/{id}/edit"),
        format!("/api/waiting-room/{id}/admit"),
        format!("/api/waiting-room/{id}/refuse"),
    ] {
        let answer = valley.town.post("路人", &path, json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_a_protocol_is_told_to_have_can_be_registered() {
    let valley = Valley::new().await;
    let page = valley.get("桦甸", "/api/protocols").await;
    let protocols = page["items"].as_array().expect("protocols");
    assert_eq!(protocols.len(), Protocol::ALL.len());
    let sl651 = protocols.iter().find(|it| it["protocol"] == "sl651").expect("it is one");
    assert_eq!((&sl651["word"], &sl651["standard"]), (&json!("SL 651"), &json!("SL 651-2014")));
    assert_eq!(sl651["password"]["longest"], 4);
    let elements = sl651["elements"].as_array().expect("elements");
    let of = |code: &str| elements.iter().find(|it| it["code"] == code).expect("it is one");
    assert_eq!((&of("Z")["unit"], &of("Z")["usual_for"]), (&json!("m"), &json!(["river", "tide"])));
    assert_eq!(
        (&of("PJ")["word_en"], &of("QA")["common"]),
        (&json!("present rain"), &json!(false))
    );

    let codes: Vec<&str> = elements.iter().map(|element| text(&element["code"])).collect();
    let mut body = details("青石湾水文站", HUADIAN, &codes);
    body["protocol"] = json!("sl651");
    let station = valley.register("桦甸", QINGSHI, body).await;
    let sensors = station["sensors"].as_array().expect("sensors");
    for (sensor, element) in sensors.iter().zip(elements) {
        assert_eq!(
            (&sensor["element"], &sensor["quantity"], &sensor["element_word"]),
            (&element["code"], &element["quantity"], &element["word"])
        );
    }
    let mut body = details("站", HUADIAN, &["Z"]);
    (body["code"], body["protocol"]) = (json!("0010820599"), json!("telepathy"));
    let answer = valley.town.post("桦甸", "/api/stations", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{:?}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_twice_registers_one_station() {
    let valley = Valley::new().await;
    let mut body = details("青石湾水文站", HUADIAN, &["Z"]);
    body["code"] = json!("10820551");
    let post = |body: Json| {
        valley.town.ask_with("段工", Method::POST, "/api/stations", Some(body), Some("key-1"))
    };
    let first = post(body.clone()).await;
    let second = post(body.clone()).await;
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first.body, second.body);
    assert_eq!(first.headers["fengsui-seq"], second.headers["fengsui-seq"]);
    body["name"] = json!("另一站");
    assert_eq!(post(body.clone()).await.body["code"], "idempotency-key-reused");
    let taken = valley.town.post("段工", "/api/stations", body).await;
    assert_eq!((taken.status, &taken.body["code"]), (StatusCode::CONFLICT, &json!("code-taken")));
    let facts = valley.town.world.read_now(|db| {
        let row = db.row("select count(*) as n from log where kind = 'station.registered'", &[])?;
        Ok(row.expect("a count").get::<i64>("n")?)
    });
    assert_eq!(facts.expect("counted"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_station_is_refused_with_the_field() {
    let valley = Valley::new().await;
    let cases = [
        ("code", json!("青石湾")),
        ("code", json!("220282FFFF")),
        ("name", json!("")),
        ("name", json!("站".repeat(65))),
        ("period_s", json!(0)),
        ("period_s", json!(i64::MAX)),
        ("elements", json!([])),
        ("elements", json!(["Z", "Z"])),
        ("elements", json!(["NIX"])),
        ("password", json!("12345")),
        ("password", json!("+123")),
    ];
    for (field, value) in cases {
        let mut body = details("青石湾水文站", HUADIAN, &["Z"]);
        body["code"] = json!(QINGSHI);
        body[field] = value.clone();
        let answer = valley.town.post("段工", "/api/stations", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert_eq!(answer.body["field"], field);
    }
    let mut body = details("青石湾水文站", "220282", &["Z"]);
    (body["code"], body["point"]) = (json!(QINGSHI), json!({ "lon": 43.0, "lat": 127.0 }));
    let answer = valley.town.post("段工", "/api/stations", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "latitude 127");
    let mut body = details("长春站", "220100", &["Z"]);
    body["code"] = json!(QINGSHI);
    let answer = valley.town.post("段工", "/api/stations", body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "a region outside the scope");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_is_changed_and_a_new_sensor_reads_at_once() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 264_060).await;
    let path = format!("/api/stations/{}/edit", text(&station["id"]));
    let taken = valley.town.post("桦甸", &path, json!({ "add_elements": ["Z"] })).await;
    assert_eq!(taken.body["code"], "element-taken");
    let edit = json!({ "name": "青石湾", "period_s": 60, "add_elements": ["ZU"] });
    let changed = valley.town.post("桦甸", &path, edit).await;
    assert_eq!(changed.status, StatusCode::OK, "{:?}", changed.body);
    let changed = changed.body;
    assert_eq!((&changed["name"], &changed["period_s"]), (&json!("青石湾"), &json!(60)));
    assert_eq!(changed["river"], "辉发河", "what was left out stays");
    assert_eq!(changed["sensors"][0]["id"], station["sensors"][0]["id"]);
    let upper = wire::sl651::Decimal::new(265_000, 3);
    let upper = wire::sl651::Element::number(0x3B, upper).expect("ZU");
    let frame = device.report(2, valley.now(), &[level(264_060), upper]);
    device.send(&frame).await;
    assert_eq!(device.acknowledged().await, 2);
    assert_eq!(valley.points(sensor(&changed, "ZU")).await, [(0, 265.0)]);
    let moved = valley.town.post("段工", &path, json!({ "region": PANSHI })).await;
    assert_eq!(moved.body["region"], PANSHI);
    let sensor = text(sensor(&changed, "ZU")).to_owned();
    let path = format!("/api/sensors/{sensor}/readings");
    assert_eq!(valley.town.get("桦甸", &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(valley.town.get("磐石", &path).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_paged_filtered_and_searched() {
    let valley = Valley::new().await;
    for number in 0..7 {
        let region = if number < 4 { HUADIAN } else { PANSHI };
        let body = details(&format!("{number} 号雨量站"), region, &["PJ"]);
        valley.register("段工", &format!("1000000{number}"), body).await;
    }
    let mut names = Vec::new();
    let mut path = "/api/stations?limit=3".to_owned();
    loop {
        let page = valley.get("段工", &path).await;
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 3);
        names.extend(items.iter().map(|item| text(&item["name"]).to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/stations?limit=3&cursor={next}");
    }
    let expected: Vec<String> = (0..7).map(|number| format!("{number} 号雨量站")).collect();
    assert_eq!(names.len(), 7);
    names.sort();
    assert_eq!(names, expected);
    let count = |page: Json| page["items"].as_array().expect("items").len();
    assert_eq!(count(valley.get("段工", "/api/stations?region=220284").await), 3);
    assert_eq!(count(valley.get("段工", "/api/stations?region=220200").await), 7);
    assert_eq!(count(valley.get("桦甸", "/api/stations?region=220284").await), 0);
    assert_eq!(count(valley.get("段工", "/api/stations?q=10000005").await), 1);
    assert_eq!(count(valley.get("段工", "/api/stations?q=%E5%8F%B7&limit=5").await), 5);
    let answer = valley.town.get("段工", "/api/stations?cursor=nonsense").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn later_stages_find_a_station_by_its_code_and_a_sensor_by_its_id() {
    let valley = Valley::new().await;
    let view = valley.qingshi(&["Z", "PJ"]).await;
    let sensor_id = text(sensor(&view, "PJ")).parse().expect("an id");
    let (station, sensor) = valley
        .town
        .world
        .read_now(|db| {
            let station = station::find_by_code(db, Protocol::Sl651, "10820551")?;
            let station = station.expect("eight digits find it");
            Ok((station, crate::sensor(db, sensor_id)?))
        })
        .expect("read");
    assert_eq!((station.name.as_str(), station.sensors.len()), ("青石湾水文站", 2));
    assert_eq!((sensor.station, sensor.quantity), (station.id, base::Quantity::RainAmount));
}
