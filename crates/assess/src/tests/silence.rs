//! Silences: who said nothing, and when that is nobody's fault but ours.

use axum::http::StatusCode;
use base::quantity::SeriesKind;
use base::{Duration, Id, Quality, Timestamp};
use host::Lane;
use host::town::{Answer, Town};
use sense::station::{Contact, StationId};
use serde_json::{Value as Json, json};
use series::{Sample, SeriesNo};

use crate::finding;
use crate::silence::Watch;

const OFFICER: &str = "刘景行";
const ELSEWHERE: &str = "磐石";
/// Sees both counties.
const CITY: &str = "市局";

/// A town with stations that report every five minutes, and the watch in hand.
struct Coast {
    watch: Watch,
    town: Town,
    stations: Vec<StationId>,
}

impl Coast {
    async fn new(count: usize) -> Coast {
        let by_hand = |part| host::Part { taps: Vec::new(), ..part };
        let town = Town::new(vec![by_hand(sense::part()), by_hand(crate::part())]);
        town.regions(&[("220282", "220282"), ("220284", "220284")]);
        town.regions(&[("220200", "220282"), ("220200", "220284")]);
        let may = [sense::station::READ, sense::station::REGISTER, finding::READ];
        town.person(OFFICER, "220282", &may);
        town.person(ELSEWHERE, "220284", &may);
        town.person(CITY, "220200", &may);
        town.person("看客", "220282", &[finding::READ, sense::station::READ]);
        let mut stations = Vec::new();
        for number in 0..count {
            let body = json!({
                "code": format!("00108{number:05}"), "name": format!("第{number}站"),
                "class": "river", "region": "220282", "period_s": 300,
                "elements": ["Z", "Q", "PJ"],
            });
            let answer = town.post(OFFICER, "/api/stations", body).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
            stations.push(StationId(id(&answer.body["id"])));
        }
        let watch = Watch::open(&town.world);
        Coast { watch, town, stations }
    }

    /// Registers one more.
    async fn has(&mut self, body: Json) -> usize {
        let answer = self.town.post(CITY, "/api/stations", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        self.stations.push(StationId(id(&answer.body["id"])));
        self.stations.len() - 1
    }

    /// The one silence that stands for somebody: itself, and whom it names to them.
    async fn told(&self, who: &str) -> (Json, Vec<String>) {
        let all = self.town.get(who, "/api/silences?state=active").await.body;
        let id = all["items"][0]["id"].as_str().expect("one stands").to_owned();
        let one = self.town.get(who, &format!("/api/silences/{id}")).await.body;
        assert_eq!(one["title"], all["items"][0]["title"]);
        let members = self.town.get(who, &format!("/api/silences/{id}/members")).await.body;
        let name = |it: &Json| it["name"].as_str().expect("a name").to_owned();
        let mut names: Vec<String> =
            members["items"].as_array().expect("items").iter().map(name).collect();
        names.sort();
        (one, names)
    }

    fn at(&self, minute: i64, second: i64) -> Timestamp {
        let eight = Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a real minute");
        eight + Duration::from_secs(minute * 60 + second)
    }

    /// A node whose doors open now.
    fn starts(&mut self) {
        let world = &self.town.world;
        world.run(Lane::Ordinary, "intake", sense::station::listen).expect("listens");
        self.watch = Watch::open(world);
    }

    fn hears(&self, number: usize) {
        let contact = Contact::heard(self.town.world.clock().now(), "peer");
        let contacts = [(self.stations[number], contact)];
        let save = move |tx: &mut host::Tx<'_>| sense::station::save_contacts(tx, &contacts);
        self.town.world.run(Lane::Ordinary, "intake", save).expect("saves");
    }

    /// Moves the clock, looks, and gives what stands: `[title, last word]`.
    async fn look(&mut self, minute: i64, second: i64) -> Vec<(String, Json)> {
        self.town.world.clock().set(self.at(minute, second));
        self.watch.look().expect("looks");
        self.watch.look().expect("looks again, and finds the same");
        let answer = self.town.get(OFFICER, "/api/silences?state=active").await;
        let items = answer.body["items"].as_array().expect("items").clone();
        let text = |item: &Json| item["title"].as_str().expect("a title").to_owned();
        items.iter().map(|item| (text(item), item["last_heard"].clone())).collect()
    }

    async fn titles(&mut self, minute: i64) -> Vec<String> {
        self.look(minute, 0).await.into_iter().map(|(title, _)| title).collect()
    }

    /// What the sources' board says of a station.
    async fn board(&self, number: usize) -> Json {
        let board = self.town.get(OFFICER, "/api/sources").await.body["items"].clone();
        let id = json!(self.stations[number].0);
        let sources = board.as_array().expect("items");
        sources.iter().find(|it| it["station"] == id).expect("it is there")["status"].clone()
    }

    async fn set(&self, who: &str, number: usize, body: Json) -> Answer {
        let path = format!("/api/stations/{}/silence", self.stations[number].0);
        self.town.post(who, &path, body).await
    }

    /// The series of a sensor of a station.
    async fn series(&self, number: usize, element: &str, kind: SeriesKind) -> SeriesNo {
        let path = format!("/api/stations/{}", self.stations[number].0);
        let station = self.town.get(OFFICER, &path).await.body;
        let sensors = station["sensors"].as_array().expect("sensors").clone();
        let sensor = sensors.iter().find(|it| it["element"] == element).expect("one");
        self.town.world.series().register(id(&sensor["id"]), kind).expect("registers")
    }

    /// A station reports these series now.
    fn reports(&self, number: usize, series: &[SeriesNo]) {
        let time = self.town.world.clock().now();
        let sample = |series: &SeriesNo| Sample {
            series: *series,
            time,
            value: time.as_millis() as f64,
            quality: Quality::GOOD,
        };
        let samples = series.iter().map(sample).collect();
        self.town.world.series().append(time, samples).expect("stored");
        self.hears(number);
    }
}

fn id(text: &Json) -> Id {
    text.as_str().and_then(|id| id.parse().ok()).expect("an id")
}

#[tokio::test]
async fn a_silence_is_found_when_the_board_says_so_and_ends_with_the_next_word() {
    let mut coast = Coast::new(2).await;
    coast.hears(0);
    assert_eq!(coast.look(60, 0).await, [], "a world without doors misses nobody");
    coast.town.world.clock().set(coast.at(0, 0));
    coast.starts();
    coast.hears(0);
    assert_eq!(coast.look(15, 0).await, []);
    assert_eq!(coast.board(0).await, "stale");
    let silent = [("第0站".to_owned(), json!(coast.at(0, 0)))];
    assert_eq!(coast.look(15, 1).await, silent);
    assert_eq!((coast.board(0).await, coast.board(1).await), (json!("silent"), json!("never")));
    let elsewhere = coast.town.get(ELSEWHERE, "/api/silences").await;
    assert_eq!(elsewhere.body["items"], json!([]), "another county");
    let all = coast.town.get(OFFICER, "/api/silences").await.body["items"].clone();
    let path = format!("/api/silences/{}", all[0]["id"].as_str().expect("an id"));
    let mut one = coast.town.get(OFFICER, &path).await.body;
    let outside = one.as_object_mut().and_then(|one| one.remove("outside"));
    assert_eq!((outside, &one), (Some(json!(0)), &all[0]));
    assert_eq!((&one["patience_s"], &one["patience_source"]), (&json!(900), &json!("default")));
    assert_eq!(one["since"], json!(coast.at(0, 0)));
    let members = format!("{path}/members");
    let named = coast.town.get(OFFICER, &members).await.body["items"].clone();
    assert_eq!(named, json!([{ "id": coast.stations[0].0, "name": "第0站" }]));
    for path in [&path, &members] {
        assert_eq!(coast.town.get(ELSEWHERE, path).await.status, StatusCode::NOT_FOUND);
    }
    coast.hears(0);
    assert_eq!(coast.look(16, 0).await, []);
    let ended = coast.town.get(OFFICER, &path).await.body;
    assert_eq!((&ended["state"], &ended["ended_because"]), (&json!("ended"), &json!("heard")));
    assert_eq!(coast.board(0).await, "online");
    assert_eq!(coast.town.world.compare_with_fold().expect("folds").1, []);
}

#[tokio::test]
async fn a_node_that_was_down_makes_nobody_silent_for_the_time_it_was_deaf() {
    let mut coast = Coast::new(6).await;
    coast.starts();
    (0..6).for_each(|number| coast.hears(number));
    assert_eq!(coast.look(5, 0).await, []);
    // Down for four hours; the watch may look before the doors are open.
    coast.town.world.clock().set(coast.at(245, 0));
    coast.watch = Watch::open(&coast.town.world);
    assert_eq!(coast.look(245, 1).await, []);
    coast.starts();
    assert_eq!(coast.look(246, 0).await, []);
    assert_eq!(coast.board(0).await, "stale", "nobody knows yet");
    assert_eq!(coast.look(255, 0).await, []);
    (1..6).for_each(|number| coast.hears(number));
    assert_eq!(coast.look(260, 0).await, []);
    assert_eq!(coast.look(260, 2).await, [("第0站".to_owned(), json!(coast.at(0, 0)))]);
    let all = coast.town.get(OFFICER, "/api/silences").await.body["items"].clone();
    assert_eq!(all[0]["since"], json!(coast.at(245, 1)), "and it is said since when");
    // What stands is what the log says, whoever looks.
    coast.starts();
    assert_eq!(coast.look(260, 3).await.len(), 1);
}

#[tokio::test]
async fn a_decision_that_was_lost_with_its_process_is_made_again_and_no_second_time() {
    let mut coast = Coast::new(1).await;
    coast.starts();
    coast.hears(0);
    // Decided and never recorded, as if the process had ended between the two.
    coast.town.world.clock().set(coast.at(16, 0));
    coast.starts();
    assert_eq!(coast.look(16, 1).await, []);
    assert_eq!(coast.look(31, 1).await.len(), 1, "it had its time again, and said nothing");
    // One that decided at the same moment comes second.
    let mut other = Watch::open(&coast.town.world);
    other.look().expect("looks");
    assert_eq!(coast.look(100, 0).await.len(), 1);
    let all = coast.town.get(OFFICER, "/api/silences").await.body["items"].clone();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_road_that_is_cut_is_one_finding_with_its_count() {
    let mut coast = Coast::new(12).await;
    coast.starts();
    for number in 0..12 {
        coast.town.world.clock().set(coast.at(0, 25 * number as i64));
        coast.hears(number);
    }
    for minute in 5..60 {
        let stands = coast.titles(minute).await;
        match minute {
            ..=15 => assert_eq!(stands, [""; 0], "{minute}"),
            _ => assert_eq!(stands, ["SL 651 接入（220282）12 站"], "{minute}"),
        }
    }
    let all = coast.town.get(OFFICER, "/api/silences").await.body["items"].clone();
    assert_eq!((all.as_array().map(Vec::len), &all[0]["members"]), (Some(1), &json!(12)));
    let path = format!("/api/silences/{}/members", all[0]["id"].as_str().expect("an id"));
    let page = coast.town.get(OFFICER, &format!("{path}?limit=7")).await.body;
    let next = page["next"].as_str().expect("more follow").to_owned();
    let rest = coast.town.get(OFFICER, &format!("{path}?limit=7&cursor={next}")).await.body;
    let names = |page: &Json| page["items"].as_array().map(Vec::len);
    assert_eq!((names(&page), names(&rest), &rest["next"]), (Some(7), Some(5), &Json::Null));
    (0..12).for_each(|number| coast.hears(number));
    assert_eq!(coast.look(60, 0).await, []);
    assert_eq!(coast.town.world.compare_with_fold().expect("folds").1, []);
}

#[tokio::test]
async fn members_of_other_counties_are_counted_and_not_named() {
    let mut coast = Coast::new(6).await;
    for number in 0..4 {
        let body = json!({
            "code": format!("00108{:05}", 100 + number), "name": format!("邻县{number}站"),
            "class": "river", "region": "220284", "period_s": 300, "elements": ["Z"],
        });
        coast.has(body).await;
    }
    coast.starts();
    (0..10).for_each(|number| coast.hears(number));
    assert_eq!(coast.titles(16).await, ["SL 651 接入 10 站"]);
    let (here, names) = coast.told(OFFICER).await;
    assert_eq!((&here["members"], &here["outside"]), (&json!(10), &json!(4)), "{here}");
    assert_eq!(names.len(), 6);
    assert!(names.iter().all(|name| !name.contains("邻县")), "{names:?}");
    let (there, names) = coast.told(ELSEWHERE).await;
    assert_eq!((&there["id"], &there["outside"]), (&here["id"], &json!(6)), "{there}");
    assert_eq!(names.len(), 4);
    assert!(names.iter().all(|name| name.contains("邻县")), "{names:?}");
    let (all, names) = coast.told(CITY).await;
    assert_eq!((&all["outside"], names.len()), (&json!(0), 10));
}

#[tokio::test]
async fn a_relay_of_another_county_is_not_named_to_those_for_whom_it_speaks() {
    let mut coast = Coast::new(0).await;
    let body = |code: &str, region: &str| {
        json!({
            "protocol": "json", "code": code, "name": code, "class": "other",
            "region": region, "period_s": 300, "elements": ["water_level"],
        })
    };
    let relay = coast.has(body("city-platform", "220284")).await;
    for number in 0..4 {
        let station = coast.has(body(&format!("logger-{number}"), "220282")).await;
        let path = format!("/api/stations/{}/relay", coast.stations[station].0);
        let relay = json!({ "relay": coast.stations[relay].0 });
        let answer = coast.town.post(CITY, &path, relay).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    coast.starts();
    (0..5).for_each(|number| coast.hears(number));
    let stands = coast.titles(16).await;
    assert!(stands.len() == 1 && stands[0].ends_with("转报 5 站"), "{stands:?}");
    let (here, names) = coast.told(OFFICER).await;
    assert!(!here.to_string().contains("city-platform"), "{here}");
    assert_eq!((&here["outside"], &here["station"]), (&json!(1), &Json::Null), "{here}");
    assert_eq!(names, ["logger-0", "logger-1", "logger-2", "logger-3"]);
    let (there, names) = coast.told(ELSEWHERE).await;
    assert_eq!(there["title"], "city-platform转报 5 站");
    assert_eq!((&there["outside"], names), (&json!(4), vec!["city-platform".to_owned()]));
    // What everybody is told at once names nobody.
    let told = coast.town.get(OFFICER, "/api/facts?kind=silence.found&limit=5").await.body;
    assert!(!told.to_string().contains("city-platform"), "{told}");
}

#[tokio::test]
async fn one_that_speaks_seldom_joins_the_silence_of_its_road() {
    let mut coast = Coast::new(6).await;
    coast.starts();
    let hourly = json!({ "silent_after_s": 3_600, "reason": "逐时报" });
    assert_eq!(coast.set(OFFICER, 5, hourly).await.status, StatusCode::OK);
    (0..6).for_each(|number| coast.hears(number));
    assert_eq!(coast.titles(16).await, ["SL 651 接入（220282）5 站"]);
    assert_eq!(coast.titles(61).await, ["SL 651 接入（220282）6 站"]);
    assert_eq!(coast.town.world.compare_with_fold().expect("folds").1, []);
    coast.hears(5);
    assert_eq!(coast.look(62, 0).await, [], "the road is back");
    assert_eq!(coast.titles(78).await, ["SL 651 接入（220282）5 站"], "for that one only");
}

#[tokio::test]
async fn a_sensor_that_says_nothing_while_its_station_speaks_is_found() {
    let mut coast = Coast::new(1).await;
    let level = coast.series(0, "Z", SeriesKind::Gauge).await;
    let flow = coast.series(0, "Q", SeriesKind::Gauge).await;
    let rain = coast.series(0, "PJ", SeriesKind::Amount).await;
    coast.starts();
    // The level every five minutes, the flow every half an hour, the rain once.
    for minute in (0..=240).step_by(5) {
        coast.town.world.clock().set(coast.at(minute, 0));
        match minute {
            0 => coast.reports(0, &[level, flow, rain]),
            _ if minute % 30 == 0 => coast.reports(0, &[level, flow]),
            _ => coast.reports(0, &[level]),
        }
        assert_eq!(coast.titles(minute).await, [""; 0], "{minute}: each by its own rhythm");
    }
    // The gauge is dead; the station speaks on.
    let mut found = None;
    for minute in (245..=360).step_by(5) {
        coast.town.world.clock().set(coast.at(minute, 0));
        match minute % 30 {
            0 => coast.reports(0, &[flow]),
            _ => coast.hears(0),
        }
        let stands = coast.titles(minute).await;
        if let [title] = &stands[..] {
            found.get_or_insert((minute, title.clone()));
        }
    }
    assert_eq!(found, Some((260, "第0站 水位 Z".to_owned())), "after its fifteen minutes");
    let all = coast.town.get(OFFICER, "/api/silences").await.body["items"].clone();
    assert_eq!(all[0]["last_heard"], json!(coast.at(240, 0)));
    assert_eq!(all[0]["station"], json!(coast.stations[0].0));
    // The station falls silent: it is found by itself, and its sensor stays.
    assert_eq!(coast.titles(380).await, ["第0站", "第0站 水位 Z"]);
    coast.town.world.clock().set(coast.at(400, 0));
    coast.hears(0);
    let stands = coast.titles(400).await;
    assert_eq!(stands, ["第0站 水位 Z"], "the flow has its time to follow");
    coast.town.world.clock().set(coast.at(405, 0));
    coast.reports(0, &[level, flow]);
    assert_eq!(coast.titles(405).await, [""; 0]);
    assert_eq!(coast.town.world.compare_with_fold().expect("folds").1, []);
}

#[tokio::test]
async fn one_that_is_stopped_on_purpose_is_not_waited_for() {
    let mut coast = Coast::new(1).await;
    coast.starts();
    coast.hears(0);
    assert_eq!(coast.look(20, 0).await.len(), 1);
    let until = coast.at(600, 0);
    let stop = json!({ "paused_until": until, "reason": "冬季停测" });
    assert_eq!(coast.set(ELSEWHERE, 0, stop.clone()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(coast.set("看客", 0, stop.clone()).await.status, StatusCode::FORBIDDEN);
    for nonsense in [
        json!({ "reason": "" }),
        json!({ "silent_after_s": 0, "reason": "x" }),
        json!({ "paused_until": coast.at(0, 0), "reason": "x" }),
        json!({ "paused_until": "2099-01-01T00:00:00Z", "reason": "x" }),
    ] {
        let refused = coast.set(OFFICER, 0, nonsense).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    }
    let stopped = coast.set(OFFICER, 0, stop).await;
    assert_eq!(stopped.body["paused_until"], json!(until), "{}", stopped.body);
    assert_eq!(coast.look(21, 0).await, []);
    let all = coast.town.get(OFFICER, "/api/silences").await.body["items"].clone();
    assert_eq!(all[0]["ended_because"], "stopped");
    assert_eq!(coast.look(599, 0).await, []);
    assert_eq!(coast.look(615, 0).await, [], "the stop is over, and its time begins");
    assert_eq!(coast.board(0).await, "stale");
    assert_eq!(coast.look(615, 1).await.len(), 1);
    assert_eq!(coast.board(0).await, "silent");
    let patient = json!({ "silent_after_s": 86_400, "reason": "每日一报" });
    assert_eq!(coast.set(OFFICER, 0, patient).await.body["silent_after_s"], 86_400);
    coast.hears(0);
    assert_eq!(coast.look(616, 0).await, []);
    assert_eq!(coast.look(615 + 24 * 60, 0).await, []);
    assert_eq!(coast.look(616 + 24 * 60, 0).await.len(), 1);
    let all = coast.town.get(OFFICER, "/api/silences").await.body["items"].clone();
    assert_eq!(all[0]["patience_source"], "person");
}
