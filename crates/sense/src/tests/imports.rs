//! Stations out of tables that people bring: at the door, with every kind of mistake.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use host::import::IMPORT;
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};

use super::places::CREDIT_CODE;
use super::town::{HUADIAN, PANSHI, text};
use crate::station;

const HEADER: &str = "测站编码,站名,类别,行政区划代码,河流,经度,纬度,坐标系,报送间隔,要素\n";

/// Another, made for these stories as well.
const OTHER_CREDIT_CODE: &str = "91220284MA0FAY002F";

struct Desk(Town);

impl Desk {
    /// 段工 imports in the whole city, 桦甸 in one county, 访客 may read only.
    fn new() -> Desk {
        let town = Town::new(vec![crate::part()]);
        town.regions(&[
            ("220200", "220200"),
            ("220200", HUADIAN),
            ("220200", PANSHI),
            (HUADIAN, HUADIAN),
            (PANSHI, PANSHI),
        ]);
        let all = [station::READ, station::REGISTER, IMPORT];
        town.person("段工", "220200", &all);
        town.person("桦甸", HUADIAN, &all);
        town.person("访客", HUADIAN, &[station::READ, IMPORT]);
        Desk(town)
    }

    async fn bring(&self, who: &str, bytes: Vec<u8>) -> Answer {
        self.bring_to("station", who, bytes).await
    }

    async fn bring_to(&self, register: &str, who: &str, bytes: Vec<u8>) -> Answer {
        let path = format!("/api/imports?register={register}&file=table.xlsx");
        self.0.ask_raw(who, "POST", &path, bytes).await.0
    }

    /// Brings a table of sensors and takes its rows; answers the import and its faults.
    async fn sensors(&self, who: &str, table: String) -> (Json, Vec<String>) {
        let answer = self.bring_to("sensor", who, table.into_bytes()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        let import = self.until(who, text(&answer.body["id"]), "ready").await;
        let done = self.confirmed(who, &import).await;
        let faults = self.faults(who, &done).await;
        (done, faults)
    }

    /// Brings a table and waits until it has been looked through.
    async fn looked(&self, who: &str, bytes: Vec<u8>) -> Json {
        let answer = self.bring(who, bytes).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.body);
        self.until(who, text(&answer.body["id"]), "ready").await
    }

    async fn until(&self, who: &str, id: &str, state: &str) -> Json {
        let began = Instant::now();
        loop {
            let import = self.0.get(who, &format!("/api/imports/{id}")).await.body;
            if import["state"] == state {
                return import;
            }
            let ended = ["failed", "stopped", "done"].iter().any(|it| import["state"] == *it);
            assert!(!ended && began.elapsed() < Duration::from_secs(300), "{import:#}");
            tokio::task::yield_now().await;
        }
    }

    async fn confirmed(&self, who: &str, import: &Json) -> Json {
        let id = text(&import["id"]);
        let answer = self.0.post(who, &format!("/api/imports/{id}/confirm"), json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
        self.until(who, id, "done").await
    }

    /// `row column code` of everything that is wrong, as `6 code missing`.
    async fn faults(&self, who: &str, import: &Json) -> Vec<String> {
        let mut faults = Vec::new();
        let mut path = format!("/api/imports/{}/faults?limit=5", text(&import["id"]));
        loop {
            let page = self.0.get(who, &path).await.body;
            for fault in page["items"].as_array().expect("a list") {
                let (column, code) = (text(&fault["column"]), text(&fault["code"]));
                faults.push(format!("{} {column} {code}", fault["row"]));
            }
            let Some(next) = page["next"].as_str() else { return faults };
            path = format!("/api/imports/{}/faults?limit=5&cursor={next}", text(&import["id"]));
        }
    }

    /// All stations, by code.
    async fn stations(&self) -> Vec<Json> {
        let page = self.0.get("段工", "/api/stations?limit=200").await.body;
        let mut stations = page["items"].as_array().expect("a list").clone();
        stations.sort_by_key(|station| text(&station["code"]).to_owned());
        stations
    }

    fn count(&self, kind: &'static str) -> i64 {
        let counted = self.0.world.read_now(|db| {
            let row =
                db.row("select count(*) as n from log where kind = $1", host::params![kind])?;
            Ok(row.expect("a count").get::<i64>("n")?)
        });
        counted.expect("counted")
    }
}

fn counts(import: &Json) -> [i64; 5] {
    ["seen", "added", "changed", "same", "refused"]
        .map(|name| import["counts"][name].as_i64().expect("a number"))
}

fn mistakes() -> Vec<u8> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/import/stations_with_mistakes.xlsx");
    std::fs::read(path).expect("is there")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mistake_of_a_workbook_is_shown_with_its_row_and_the_others_are_taken() {
    let desk = Desk::new();
    let import = desk.looked("段工", mistakes()).await;
    assert_eq!(import["layout"]["header_row"], 3, "below a title");
    assert_eq!(counts(&import), [19, 3, 0, 0, 16]);
    assert_eq!(desk.count("station.registered"), 0, "nothing is written before it is confirmed");
    let faults = desk.faults("段工", &import).await;
    let expected = [
        "6 code missing",
        "7  duplicate",
        "8 region outside",
        "9 period_s formula",
        "10 river formula",
        "12 river merged",
        "13 river merged",
        "14 datum datum",
        "15 datum missing",
        "16 lon place",
        "17 elements value",
        "18 period_s number",
        "19 class choice",
        "20 region value",
        "21 code rounded",
        "22 name missing",
    ];
    assert_eq!(faults, expected);

    let done = desk.confirmed("段工", &import).await;
    assert_eq!(counts(&done), [19, 3, 0, 0, 16]);
    assert_eq!(desk.faults("段工", &done).await, expected);
    let list = desk.stations().await;
    let names: Vec<&str> = list.iter().map(|it| text(&it["name"])).collect();
    assert_eq!(names, ["青石湾水文站", "全角编码站", "末站"]);
    assert_eq!(list[1]["code"], "0010820552", "full-width digits are digits");
    let paper = json!({ "original": [126.9998, 43.032], "datum": "gcj02" });
    assert_eq!(list[1]["original"], paper, "as it stands in the table");
    // Half a kilometre: what was given in GCJ-02 is where it is.
    let given = &list[1]["point"];
    let (lon, lat) = (given["lon"].as_f64().unwrap(), given["lat"].as_f64().unwrap());
    assert!((126.9998 - lon) > 0.004 && (43.032 - lat) > 0.001, "{given}");
    assert_eq!((&list[2]["period_s"], &list[2]["region"]), (&json!(600), &json!(HUADIAN)));

    let path = format!("/api/imports/{}/report", text(&done["id"]));
    let (answer, bytes) = desk.0.ask_raw("段工", "GET", &path, Vec::new()).await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    let report = String::from_utf8(bytes).expect("UTF-8");
    assert!(report.starts_with('\u{feff}') && report.lines().count() == 17, "{report}");
    assert!(report.contains("20,region,value,2202,"), "{report}");
    assert!(!report.lines().any(|line| line.split(',').any(|cell| cell.starts_with(['=', '@']))));
    assert_eq!(desk.0.world.compare_with_fold().expect("folds").1, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_table_again_changes_nothing_and_a_changed_one_what_has_changed() {
    let desk = Desk::new();
    let row = "10820551,青石湾水文站,河道站,220282,辉发河,126.9998,43.032,WGS-84,300,Z PJ\n";
    let table = format!("{HEADER}{row}10820552,二站,rain,220282,,,,,,PJ\n");
    let first = desk.looked("段工", table.clone().into_bytes()).await;
    desk.confirmed("段工", &first).await;
    assert_eq!(desk.count("station.registered"), 2);

    let again = desk.looked("段工", table.clone().into_bytes()).await;
    assert_ne!(again["id"], first["id"], "the first one is done");
    assert_eq!(counts(&again), [2, 0, 0, 2, 0]);
    let seq = desk.0.world.last_seq();
    desk.confirmed("段工", &again).await;
    assert_eq!(desk.0.world.last_seq(), seq, "nothing to say, so nothing is said");

    // In GBK this time, with another name, and one sensor more; an empty cell says nothing.
    let table = format!("{HEADER}10820551,青石湾,河道站,220282,,,,,300,Z、ZU\n");
    let (gbk, ..) = encoding_rs::GBK.encode(&table);
    let changed = desk.looked("段工", gbk.into_owned()).await;
    assert_eq!(counts(&changed), [1, 0, 1, 0, 0]);
    assert_eq!(changed["sample"][0]["change"], "changed");
    desk.confirmed("段工", &changed).await;
    let list = desk.stations().await;
    assert_eq!((&list[0]["name"], &list[0]["river"]), (&json!("青石湾"), &json!("辉发河")));
    assert_eq!(list[0]["sensors"].as_array().map(Vec::len), Some(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_that_a_header_does_not_name_are_named_by_whoever_brings_it() {
    let desk = Desk::new();
    let table = "编号,名,要素\n10820551,青石湾,Z\n";
    let answer = desk.bring("段工", table.as_bytes().to_vec()).await;
    let import = answer.body;
    assert_eq!(import["state"], "unmapped");
    assert_eq!(import["missing"], json!(["code", "name", "class", "region"]));
    let id = text(&import["id"]);
    let confirm = desk.0.post("段工", &format!("/api/imports/{id}/confirm"), json!({})).await;
    assert_eq!(
        (confirm.status, &confirm.body["code"]),
        (StatusCode::CONFLICT, &json!("import-state"))
    );
    let said = json!({
        "places": { "code": 0, "name": 1 },
        "fixed": { "class": "河道站", "region": HUADIAN },
    });
    let path = format!("/api/imports/{id}/columns");
    let answer = desk.0.post("段工", &path, said).await;
    assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.body);
    let import = desk.until("段工", id, "ready").await;
    assert_eq!(counts(&import), [1, 1, 0, 0, 0]);
    desk.confirmed("段工", &import).await;
    assert_eq!(desk.count("station.registered"), 1);
    let late = desk.0.post("段工", &path, json!({})).await;
    assert_eq!(late.body["code"], "import-state");
    for wrong in [json!({ "places": { "height": 0 } }), json!({ "places": { "code": 9 } })] {
        assert_eq!(desk.0.post("段工", &path, wrong).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_imports_nothing_and_finds_nobodys_import() {
    let desk = Desk::new();
    let table = || mistakes();
    assert_eq!(desk.bring("", table()).await.status, 401);
    let visitor = desk.bring("访客", table()).await;
    assert_eq!(
        (visitor.status, &visitor.body["permission"]),
        (StatusCode::FORBIDDEN, &json!("station.register"))
    );
    assert_eq!(desk.0.get("访客", "/api/imports/registers").await.body["items"], json!([]));

    let import = desk.looked("段工", table()).await;
    let id = text(&import["id"]);
    for path in ["", "/faults", "/report"] {
        let path = format!("/api/imports/{id}{path}");
        assert_eq!(desk.0.get("桦甸", &path).await.status, 404, "{path}");
    }
    for path in ["columns", "confirm", "stop"] {
        let path = format!("/api/imports/{id}/{path}");
        assert_eq!(desk.0.post("桦甸", &path, json!({})).await.status, 404, "{path}");
    }
    assert_eq!(desk.0.get("桦甸", "/api/imports").await.body["items"], json!([]));

    // A code that is taken elsewhere is taken, and says no more than that.
    let table = format!("{HEADER}10820551,站,河道站,{PANSHI},,,,,300,Z\n");
    let import = desk.looked("段工", table.into_bytes()).await;
    desk.confirmed("段工", &import).await;
    let table = format!("{HEADER}10820551,站,河道站,{HUADIAN},,,,,300,Z\n");
    let import = desk.looked("桦甸", table.into_bytes()).await;
    assert_eq!(desk.faults("桦甸", &import).await, ["2  code-taken"]);
    let none = desk.bring("段工", b"%PDF-1.7\0".to_vec()).await;
    assert_eq!(
        (none.status, &none.body["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("file"))
    );
    let wrong =
        desk.0.ask_raw("段工", "POST", "/api/imports?register=ufo&file=x", Vec::new()).await;
    assert_eq!(wrong.0.status, 404);
    let large = vec![b'a'; (32 << 20) + 1];
    assert_eq!(desk.bring("段工", large).await.status, 413);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_table_is_taken_in_small_commands_can_be_stopped_and_goes_on() {
    let desk = Desk::new();
    let rows = 3_000;
    let row =
        |number: usize| format!("{:08},{number}号站,rain,220282,,,,,300,PJ\n", 30_000_000 + number);
    let table: String = std::iter::once(HEADER.to_owned()).chain((0..rows).map(row)).collect();
    let import = desk.looked("段工", table.clone().into_bytes()).await;
    assert_eq!(counts(&import), [rows as i64, rows as i64, 0, 0, 0]);
    let id = text(&import["id"]);
    // While it is under way, the same file is the same import.
    let same = desk.bring("段工", table.into_bytes()).await;
    assert_eq!(same.body["id"], import["id"]);
    desk.0.post("段工", &format!("/api/imports/{id}/confirm"), json!({})).await;
    let stopped = desk.0.post("段工", &format!("/api/imports/{id}/stop"), json!({})).await.body;
    assert_eq!(stopped["state"], "stopped");
    let taken = desk.count("station.registered");
    assert!(taken < rows as i64, "{taken} were taken before it was stopped");
    // Nothing taken yet: then there is nothing to go on from, and it is brought again.
    if 0 < taken {
        desk.confirmed("段工", &import).await;
        assert_eq!(desk.count("station.registered"), rows as i64);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sensors_come_out_of_a_table_and_their_mapping_is_said_anew() {
    let desk = Desk::new();
    let stations = format!(
        "{HEADER}10820551,青石湾,河道站,{HUADIAN},,,,,300,Z\n\
         10820552,磐石站,雨量站,{PANSHI},,,,,300,PJ\n"
    );
    let import = desk.looked("段工", stations.into_bytes()).await;
    desk.confirmed("段工", &import).await;
    let host = json!({ "protocol": "json", "code": "plant-7", "name": "罐区网关",
        "class": "chemical", "region": HUADIAN, "period_s": 60 });
    assert_eq!(desk.0.post("段工", "/api/stations", host).await.status, 201);

    let header = "测站编码,测点编码,监测量,测点名称,系数,偏移,量程下限,量程上限,规约\n";
    let table = format!(
        "{header}10820551,PJ,,坝上雨量,,,,,\n\
         10820551,Z,水位,,0.001,,0,14,\n\
         plant-7,T1.level,液位,1# 罐液位,0.01,,0,12,json\n\
         plant-7,T1.level,液位,又一次,,,,,json\n\
         plant-7,T2.level,,2# 罐液位,,,,,json\n\
         plant-7,T3.level,液位,,0,,,,json\n\
         plant-7,T4.level,液位,,,,12,0,json\n\
         plant-7,T5.level,高度差,,,,,,json\n\
         10820551,CODMN,,,,,,,\n\
         10820551,Z,流量,,,,,,\n\
         10820552,Z,,,,,,,\n\
         10820559,Z,,,,,,,\n\
         10820551,,,,,,,,\n"
    );
    let (done, faults) = desk.sensors("桦甸", table.clone()).await;
    assert_eq!(
        faults,
        [
            "5  duplicate",
            "6 quantity value",
            "7 factor value",
            "8 high value",
            "9 quantity choice",
            "10 element value",
            "11  duplicate",
            "12 station outside",
            "13 station outside",
            "14 element missing",
        ]
    );
    assert_eq!(counts(&done), [13, 2, 1, 0, 10]);
    let list = desk.stations().await;
    let river = &list[0]["sensors"];
    assert_eq!((&river[0]["element"], &river[1]["element"]), (&json!("Z"), &json!("PJ")));
    assert_eq!(river[0]["mapping"]["factor"], 0.001);
    assert_eq!(river[1]["mapping"]["name"], "坝上雨量");
    let tank = &list[2]["sensors"][0];
    assert_eq!((&tank["element"], &tank["mapping"]["high"]), (&json!("T1.level"), &json!(12.0)));

    // The same again says nothing; another factor does, and an empty cell takes nothing away.
    let seq = desk.0.world.last_seq();
    assert_eq!(counts(&desk.sensors("桦甸", table).await.0), [13, 0, 0, 3, 10]);
    assert_eq!(desk.0.world.last_seq(), seq);
    let more = format!("{header}plant-7,T1.level,,,0.1,,,,json\n10820551,Z,雨量,,,,,,\n");
    let (done, faults) = desk.sensors("桦甸", more).await;
    assert_eq!(
        (counts(&done), &faults[..]),
        ([2, 0, 1, 0, 1], &["3 quantity choice".to_owned()][..])
    );
    let other = format!("{header}10820551,Z,discharge,,,,,,\n");
    assert_eq!(desk.sensors("桦甸", other).await.1, ["2 quantity value"], "it measures the level");
    let tank = &desk.stations().await[2]["sensors"][0];
    assert_eq!((&tank["mapping"]["factor"], &tank["mapping"]["high"]), (&json!(0.1), &json!(12.0)));
    assert_eq!(desk.0.world.compare_with_fold().expect("folds").1, []);
}

/// What each row is refused for, as `row column seen: expected`.
async fn told(desk: &Desk, who: &str, import: &Json) -> Vec<String> {
    let path = format!("/api/imports/{}/faults?limit=50", text(&import["id"]));
    let page = desk.0.get(who, &path).await.body;
    let faults = page["items"].as_array().expect("a list").iter();
    let words = |fault: &Json| {
        let [column, seen, expected] = ["column", "seen", "expected"].map(|it| text(&fault[it]));
        format!("{} {column} {seen}: {expected}", fault["row"])
    };
    faults.map(words).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_says_at_what_stations_stand_and_only_what_whoever_brings_it_may_see() {
    let desk = Desk(super::places::city());
    let stations = [station::READ, station::REGISTER, IMPORT];
    let sees = [survey::enterprise::READ];
    desk.0.person("进员", HUADIAN, &[&stations[..], &sees[..]].concat());
    desk.0.person("站进", HUADIAN, &stations);
    let enterprise = async |who: &str, name: &str, code: &str, region: &str| {
        let details = json!({ "name": name, "credit_code": code, "kinds": ["coal_mine"],
            "region": region });
        let new = json!({ "details": details, "since": "2020-05-01" });
        let made = desk.0.post(who, "/api/enterprises", new).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["id"].clone()
    };
    let site = async |owner: &Json, name: &str, code: &str| {
        let pond = json!({ "dam": "upstream", "height_m": 65, "volume_m3": 500000, "grade": 3,
            "crest_m": 412, "min_freeboard_m": 0.7, "min_beach_m": 70 });
        let details = json!({ "name": name, "code": code, "region": HUADIAN,
            "particulars": { "pond": pond } });
        let new = json!({ "enterprise": owner, "details": details, "since": "2020-05-01" });
        let made = desk.0.post("桦甸", "/api/sites", new).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["id"].clone()
    };
    let ours = enterprise("桦甸", "虚构矿业有限公司", CREDIT_CODE, HUADIAN).await;
    let theirs = enterprise("磐石", "邻县矿业有限公司", OTHER_CREDIT_CODE, PANSHI).await;
    let west = site(&ours, "西沟尾矿库", "WK-0001").await;
    let (one, two) =
        (site(&ours, "北沟尾矿库", "WK-0002").await, site(&ours, "北沟尾矿库", "WK-0003").await);
    assert_ne!(one, two);

    let header = HEADER.replace("要素", "要素,现场");
    let row =
        |code: &str, site: &str| format!("{code},{code}站,尾矿库,{HUADIAN},,,,,300,Z,{site}\n");
    let rows = [
        row("10820551", CREDIT_CODE),
        row("10820552", "ｗｋ－０００１"),
        row("10820553", "虚构矿业有限公司"),
        row("10820554", "WK-0003"),
        row("10820555", ""),
        row("10820556", "北沟尾矿库"),
        row("10820557", "没有的矿"),
        row("10820558", "邻县矿业有限公司"),
        row("10820559", OTHER_CREDIT_CODE),
    ];
    let table = format!("{header}{}", rows.concat());
    let import = desk.looked("进员", table.clone().into_bytes()).await;
    assert_eq!(counts(&import), [9, 5, 0, 0, 4]);
    let none = "the code or the name of an enterprise or a site that you may see";
    let faults = [
        "7 site \"北沟尾矿库\": the code of one: several enterprises or sites that you may see have \
         this name"
            .to_owned(),
        format!("8 site \"没有的矿\": {none}"),
        format!("9 site \"邻县矿业有限公司\": {none}"),
        format!("10 site {OTHER_CREDIT_CODE:?}: {none}"),
    ];
    assert_eq!(told(&desk, "进员", &import).await, faults, "the preview says it of each row");
    let done = desk.confirmed("进员", &import).await;
    assert_eq!(counts(&done), [9, 5, 0, 0, 4]);
    assert_eq!(told(&desk, "进员", &done).await, faults);
    let at = async || {
        let list = desk.stations().await;
        list.iter().map(|it| it["site"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(at().await, [ours.clone(), west.clone(), ours.clone(), two.clone(), Json::Null]);

    // The same again is the same, an empty cell takes nothing away, another site is a change.
    let again = format!(
        "{header}{}{}{}",
        row("10820551", CREDIT_CODE),
        row("10820552", ""),
        row("10820553", "西沟尾矿库")
    );
    let import = desk.looked("进员", again.into_bytes()).await;
    assert_eq!(counts(&import), [3, 0, 1, 2, 0]);
    desk.confirmed("进员", &import).await;
    assert_eq!(at().await, [ours, west.clone(), west, two, Json::Null]);

    // Who sees no enterprises names none; who sees the neighbour's does not name ours.
    let table = format!("{header}{}", row("10820560", CREDIT_CODE));
    let import = desk.looked("站进", table.into_bytes()).await;
    let refused = format!("2 site {CREDIT_CODE:?}: nothing: you may see no enterprises");
    assert_eq!(told(&desk, "站进", &import).await, [refused]);
    let wide = [&stations[..], &sees[..]].concat();
    desk.0.person("市进", "220200", &wide);
    let table = format!("{header}{}", row("10820561", "邻县矿业有限公司"));
    let import = desk.looked("市进", table.into_bytes()).await;
    desk.confirmed("市进", &import).await;
    assert_eq!(at().await[5], theirs);
    assert_eq!(desk.0.world.compare_with_fold().expect("folds").1, []);
}
