//! Quality checks: readings that are flagged behind the log, as people see them.

use axum::http::StatusCode;
use base::{Duration, Id, Quality, Timestamp};
use host::town::Town;
use serde_json::{Value as Json, json};
use series::{Sample, SeriesNo};

use super::town::{ALL, HUADIAN, PANSHI, PATIENCE, moment, text};
use crate::check::Checks;

/// A town with an air-temperature station, whose watch is driven by hand.
struct Weather {
    watch: Checks,
    town: Town,
    stations: Vec<Json>,
}

impl Weather {
    /// Waits until the board says that so many flags were given in the last hour.
    async fn until_flagged(&self, times: u64) {
        let began = std::time::Instant::now();
        loop {
            let sources = self.town.get("桦甸", "/api/sources").await;
            let seen = &sources.body["items"][0]["flagged_last_hour"];
            if *seen == times {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "flagged {seen} times, expected {times}");
            moment().await;
        }
    }

    async fn new(stations: usize, element: &str, quantity: &str) -> Weather {
        let town = Town::new(vec![host::Part { taps: Vec::new(), ..crate::part() }]);
        town.regions(&[
            ("220200", "220200"),
            ("220200", HUADIAN),
            ("220200", PANSHI),
            (HUADIAN, HUADIAN),
            (PANSHI, PANSHI),
        ]);
        town.person("段工", "220200", &ALL);
        town.person("桦甸", HUADIAN, &ALL);
        town.person("磐石", PANSHI, &ALL);
        let mut registered = Vec::new();
        for number in 0..stations {
            let body = json!({
                "protocol": "json",
                "code": format!("met-{number}"),
                "name": format!("气象站{number}"),
                "class": "weather",
                "region": HUADIAN,
                // 8.9 km from one to the next.
                "point": { "lon": 126.75, "lat": 42.95 + 0.08 * number as f64 },
                "period_s": 60,
                "sensors": [{ "element": element, "quantity": quantity }],
            });
            let answer = town.post("段工", "/api/stations", body).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
            registered.push(answer.body);
        }
        let watch = Checks::open(&town.world).expect("opens");
        let mut weather = Weather { watch, town, stations: registered };
        weather.check();
        weather
    }

    fn sensor(&self, number: usize) -> &str {
        text(&self.stations[number]["sensors"][0]["id"])
    }

    fn series(&self, number: usize) -> SeriesNo {
        let sensor: Id = self.sensor(number).parse().expect("an id");
        let store = self.town.world.series();
        store.register(sensor, base::quantity::SeriesKind::Gauge).expect("registers")
    }

    fn now(&self) -> Timestamp {
        self.town.world.clock().now()
    }

    /// Stores a reading that is received when it is observed.
    fn reads(&self, number: usize, minute: i64, value: f64) {
        self.reads_late(number, minute, value, 0);
    }

    fn reads_late(&self, number: usize, minute: i64, value: f64, late: i64) {
        let series = self.series(number);
        let time = self.now() + Duration::from_mins(minute);
        let sample = Sample { series, time, value, quality: Quality::GOOD };
        let received = time + Duration::from_mins(late);
        self.town.world.series().append(received, vec![sample]).expect("stores");
    }

    fn check(&mut self) {
        self.watch.drain().expect("checks");
    }

    /// `[minute, value, quality]` and `[minute, checks]` of a sensor's record.
    async fn record(&self, number: usize) -> (Vec<(i64, f64, u64)>, Vec<(i64, Json)>) {
        let now = self.now();
        let (from, to) = (now - Duration::from_hours(24), now + Duration::from_hours(24));
        let path = format!("/api/sensors/{}/readings?from={from}&to={to}", self.sensor(number));
        let answer = self.town.get("桦甸", &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.body["superseded"], json!([]), "what is flagged was not corrected");
        let minute = |ms: &Json| (ms.as_i64().expect("ms") - now.as_millis()) / 60_000;
        let list = |field: &str| answer.body[field].as_array().expect("a list").clone();
        let points = list("points").into_iter().map(|point| {
            (minute(&point[0]), point[1].as_f64().expect("value"), point[2].as_u64().expect("byte"))
        });
        let flags = list("flags").into_iter().map(|flag| (minute(&flag[0]), flag[1].clone()));
        (points.collect(), flags.collect())
    }

    async fn set(&self, who: &str, number: usize, settings: Json) -> host::town::Answer {
        let path = format!("/api/sensors/{}/checks", self.sensor(number));
        self.town.post(who, &path, settings).await
    }
}

const GOOD: u64 = 0;
/// Uncertain, by a check.
const DOUBTED: u64 = 0b0000_1001;
/// Bad, by a check.
const EXCLUDED: u64 = 0b0000_1010;

#[tokio::test]
async fn a_spike_is_flagged_when_the_next_reading_has_come_and_keeps_its_value() {
    let mut weather = Weather::new(1, "ta", "air_temperature").await;
    for (minute, value) in [(0, 20.0), (1, 20.1), (2, 35.0)] {
        weather.reads(0, minute, value);
    }
    weather.check();
    let (points, flags) = weather.record(0).await;
    assert_eq!(points, [(0, 20.0, GOOD), (1, 20.1, GOOD), (2, 35.0, DOUBTED)]);
    assert_eq!(flags, [(2, json!(["step"]))], "so far it may be real");
    weather.reads(0, 3, 20.2);
    weather.check();
    let (points, flags) = weather.record(0).await;
    assert_eq!(points[2..], [(2, 35.0, DOUBTED), (3, 20.2, GOOD)], "the way back is no step");
    assert_eq!(flags, [(2, json!(["step", "spike"]))]);
    // Beyond what any thermometer can mean.
    weather.reads(0, 4, 20.3);
    weather.reads(0, 5, 99.9);
    weather.check();
    assert_eq!(weather.record(0).await.1[1], (5, json!(["range", "step"])));
    // What was known then is as it was known then.
    let store = weather.town.world.series();
    let (from, to) = (weather.now(), weather.now() + Duration::from_hours(1));
    let all = store.range(weather.series(0), from, to, None).expect("reads");
    assert_eq!(all.len(), 6);
    let bucket = store.downsample(weather.series(0), from, to, 1, None).expect("sums")[0];
    assert_eq!(bucket.good, 6, "a flag marks, and takes nothing out of the sums");
    // Of two readings, thrice; counts are written behind everything else.
    weather.until_flagged(3).await;
}

#[tokio::test]
async fn what_stands_still_is_flagged_from_the_span_on_and_what_comes_late_changes_nothing_of_it() {
    let mut weather = Weather::new(1, "ta", "air_temperature").await;
    for minute in 0..=60 {
        weather.reads(0, minute, -3.2);
        weather.check();
    }
    let (points, flags) = weather.record(0).await;
    assert_eq!(flags, [(60, json!(["stuck"]))]);
    assert_eq!(points.len(), 61);
    // Half an hour late, and different.
    weather.reads_late(0, -5, -3.4, 70);
    weather.reads(0, 61, -3.2);
    weather.reads(0, 62, -3.0);
    weather.check();
    assert_eq!(weather.record(0).await.1, [(60, json!(["stuck"])), (61, json!(["stuck"]))]);
}

#[tokio::test]
async fn settings_need_permission_and_sense_and_take_effect_at_once() {
    let mut weather = Weather::new(1, "ta", "air_temperature").await;
    weather.reads(0, 0, 20.0);
    weather.check();
    let path = format!("/api/sensors/{}/checks", weather.sensor(0));
    let own = weather.town.get("桦甸", &path).await.body;
    assert_eq!((&own["set"], &own["step"]["within"][0]), (&Json::Null, &json!([60, 3.0])));
    assert_eq!(weather.town.get("磐石", &path).await.status, StatusCode::NOT_FOUND);
    let strict = json!({
        "step": { "within": [[60, 0.5]] },
        "off": ["stuck"],
        "exclude": ["step"],
        "reason": "恒温库",
    });
    assert_eq!(weather.set("磐石", 0, strict.clone()).await.status, StatusCode::NOT_FOUND);
    weather.town.person("看客", HUADIAN, &[crate::station::READ]);
    assert_eq!(weather.set("看客", 0, strict.clone()).await.status, StatusCode::FORBIDDEN);
    for (field, nonsense) in [
        ("reason", json!({ "reason": " " })),
        ("off", json!({ "off": ["range"], "reason": "x" })),
        ("step", json!({ "step": { "within": [] }, "reason": "x" })),
        ("step", json!({ "step": { "within": [[60, 1.0], [60, 2.0]] }, "reason": "x" })),
        ("step", json!({ "step": { "within": [[60, 2.0], [120, 1.0]] }, "reason": "x" })),
        ("spike", json!({ "spike": { "limit": 0.0, "within_s": 60 }, "reason": "x" })),
        ("stuck", json!({ "stuck": { "vary": 0.1, "span_s": 2_678_401 }, "reason": "x" })),
        (
            "neighbour",
            json!({ "neighbour": { "limit": 1.0, "within_s": 60,
            "sensors": [weather.sensor(0)] }, "reason": "x" }),
        ),
    ] {
        let answer = weather.set("桦甸", 0, nonsense).await;
        let seen = (answer.status, &answer.body["field"]);
        assert_eq!(seen, (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)), "{}", answer.body);
    }
    let set = weather.set("桦甸", 0, strict).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert_eq!((&set.body["stuck"], &set.body["exclude"]), (&Json::Null, &json!(["step"])));
    assert_eq!(set.body["spike"]["limit"], 3.0, "what is not set is the quantity's");
    weather.reads(0, 1, 20.6);
    weather.check();
    let (points, flags) = weather.record(0).await;
    assert_eq!(points[1], (1, 20.6, EXCLUDED));
    assert_eq!(flags, [(1, json!(["step"]))]);
    assert_eq!(weather.town.world.compare_with_fold().expect("folds").1, []);
}

#[tokio::test]
async fn what_warns_of_a_danger_to_life_is_marked_and_never_left_out() {
    let mut weather = Weather::new(1, "gas", "methane").await;
    let refused = weather.set("桦甸", 0, json!({ "exclude": ["step"], "reason": "跳变" })).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.body["field"], "exclude");
    for (minute, value) in [(0, 0.2), (1, 0.3), (2, 4.8), (3, 9.5)] {
        weather.reads(0, minute, value);
    }
    weather.check();
    let (points, flags) = weather.record(0).await;
    assert_eq!(flags, [(2, json!(["step"])), (3, json!(["step"]))]);
    let judged =
        |point: &(i64, f64, u64)| Quality(u8::try_from(point.2).expect("byte")).is_judged();
    assert!(points.iter().all(judged), "a jump of methane may be real");
}

#[tokio::test]
async fn a_sensor_is_held_against_the_median_of_neighbours_that_a_person_named() {
    let mut weather = Weather::new(5, "ta", "air_temperature").await;
    let named = |numbers: &[usize]| {
        let sensors: Vec<&str> = numbers.iter().map(|number| weather.sensor(*number)).collect();
        json!({ "neighbour": { "limit": 5.0, "within_s": 600, "sensors": sensors },
            "reason": "同一平坝" })
    };
    let (near, far) = (named(&[0, 1, 2]), named(&[0, 1, 4]));
    let far = weather.set("桦甸", 1, far).await;
    assert_eq!(far.status, StatusCode::UNPROCESSABLE_ENTITY, "itself: {}", far.body);
    let own = weather.set("桦甸", 4, named(&[0, 2, 3])).await;
    assert!(own.body["detail"].as_str().is_some_and(|text| text.contains("km")), "{}", own.body);
    let set = weather.set("桦甸", 3, near).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    for (number, value) in [(0, 20.0), (1, 21.0)] {
        weather.reads(number, 0, value);
    }
    weather.reads(3, 1, 30.0);
    weather.check();
    assert_eq!(weather.record(3).await.1, [], "two are too few to say anything");
    weather.reads(2, 2, 22.0);
    weather.reads(3, 3, 30.1);
    weather.reads(3, 4, 26.0);
    weather.check();
    let (points, flags) = weather.record(3).await;
    // 26.0 is 5 from 21.0, on the limit; and 4.1 below 30.1 within a minute.
    assert_eq!(flags, [(3, json!(["neighbour"])), (4, json!(["step"]))], "{points:?}");
    assert_eq!(weather.record(0).await.1, [], "it is not they who are doubted");
}

#[tokio::test]
async fn a_correction_that_comes_before_the_flag_is_not_undone() {
    let mut weather = Weather::new(1, "ta", "air_temperature").await;
    weather.reads(0, 0, 20.0);
    weather.reads(0, 1, 90.0);
    weather.reads_late(0, 1, 20.1, 5);
    weather.check();
    let now = weather.now();
    let (from, to) = (now, now + Duration::from_hours(1));
    let store = weather.town.world.series();
    let served = store.range(weather.series(0), from, to, None).expect("reads");
    let served: Vec<(f64, Quality)> = served.iter().map(|it| (it.value, it.quality)).collect();
    assert_eq!(served, [(20.0, Quality::GOOD), (20.1, Quality::GOOD)]);
    let path = format!("/api/sensors/{}/readings?from={from}&to={to}", weather.sensor(0));
    let record = weather.town.get("桦甸", &path).await.body;
    assert_eq!(record["flags"], json!([]), "what was said was said of another value");
    assert_eq!(record["superseded"].as_array().map(Vec::len), Some(1));
}

/// The flags of a day of readings, some late and some corrected, when the watch is
/// stopped at some places and begins again with nothing but what is stored.
async fn day_with_stops(stops: &[usize]) -> (Vec<(i64, f64, u64)>, Vec<(i64, Json)>) {
    let mut weather = Weather::new(1, "ta", "air_temperature").await;
    let mut state = 7u64;
    for index in 0..300usize {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let random = (state >> 40) % 100;
        let value = match random {
            0..70 => 20.0,
            70..90 => 20.0 + random as f64 / 50.0,
            _ => 30.0,
        };
        let minute = index as i64 * 2;
        match random % 10 {
            3 => weather.reads_late(0, minute - 3, value, 4),
            _ => weather.reads(0, minute, value),
        }
        if index % 3 == 0 {
            weather.check();
        }
        if stops.contains(&index) {
            weather.watch = Checks::open(&weather.town.world).expect("opens");
        }
    }
    weather.check();
    weather.record(0).await
}

#[tokio::test]
async fn a_watch_that_was_stopped_comes_to_the_same() {
    let whole = day_with_stops(&[]).await;
    assert!(20 < whole.1.len(), "there is something to flag: {}", whole.1.len());
    assert_eq!(day_with_stops(&[1, 50, 51, 133, 250]).await, whole);
    let always: Vec<usize> = (0..300).collect();
    assert_eq!(day_with_stops(&always).await, whole);
}

#[tokio::test]
async fn a_reading_costs_the_same_whatever_its_series_holds() {
    let mut weather = Weather::new(1, "ta", "air_temperature").await;
    let mut batch = |from: i64| {
        let series = weather.series(0);
        let sample = |minute: i64| Sample {
            series,
            time: weather.now() + Duration::from_mins(minute),
            value: 20.0 + (minute % 7) as f64 / 10.0,
            quality: Quality::GOOD,
        };
        let samples: Vec<Sample> = (from..from + 10_000).map(sample).collect();
        let received = samples[9_999].time;
        weather.town.world.series().append(received, samples).expect("stores");
        let before = weather.watch.work();
        weather.watch.drain().expect("checks");
        let after = weather.watch.work();
        (after.seen - before.seen, after.looked_at - before.looked_at, after.read_back)
    };
    let (seen, looked_at, _) = batch(0);
    assert_eq!(seen, 10_000);
    // Itself and the one before it; what is read back may know of ten minutes more.
    assert!((19_999..20_020).contains(&looked_at), "{looked_at}");
    let (seen, again, read_back) = batch(10_000);
    assert_eq!((seen, again), (10_000, 20_000));
    assert!(read_back <= 10_000, "read back once, when the first came: {read_back}");
    let (_, again, later) = batch(20_000);
    assert_eq!((again, later), (20_000, read_back));
}

async fn tried(weather: &Weather, who: &str, hours: i64, settings: Json) -> host::town::Answer {
    let path = format!("/api/sensors/{}/checks/preview", weather.sensor(0));
    weather.town.post(who, &path, json!({ "hours": hours, "settings": settings })).await
}

#[tokio::test]
async fn what_would_have_been_flagged_is_shown_and_nothing_is_set() {
    let mut weather = Weather::new(1, "ta", "air_temperature").await;
    // A bump and a spike, each among readings that hardly differ.
    let values = [20.1, 21.8, 20.2, 20.1, 20.2, 28.0, 20.2, 20.1, 20.2];
    weather.reads(0, -90, 20.0);
    for (minute, value) in (-8..=0).zip(values) {
        weather.reads(0, minute, value);
    }
    weather.check();
    let (points, flags) = weather.record(0).await;
    let seq = weather.town.world.last_seq();
    let spike = json!({ "spike": { "limit": 1.0, "within_s": 600 }, "reason": "" });
    let answer = tried(&weather, "桦甸", 1, spike).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["readings"], 8, "the last minute is still going on");
    let minute = |ms: &Json| (ms.as_i64().expect("ms") - weather.now().as_millis()) / 60_000;
    let named = |flagged: &Json| -> Vec<(i64, Json)> {
        let newest = flagged["newest"].as_array().expect("a list");
        newest.iter().map(|flag| (minute(&flag[0]), flag[2].clone())).collect()
    };
    let now = named(&answer.body["now"]);
    assert_eq!(now, flags, "what the watch has flagged, the preview flags");
    assert_eq!(now, [(-3, json!(["step", "spike"]))]);
    assert_eq!(answer.body["then"]["checks"], json!([["step", 1], ["spike", 2]]));
    let more = tried(&weather, "桦甸", 2, json!({ "off": ["step", "spike"], "reason": "" })).await;
    assert_eq!((&more.body["readings"], &more.body["then"]["total"]), (&json!(9), &json!(0)));
    assert_eq!(weather.town.world.last_seq(), seq, "nothing was set");
    assert_eq!(weather.record(0).await, (points, flags), "and nothing flagged");

    weather.town.person("看客", HUADIAN, &[crate::station::READ]);
    let plain = || json!({ "reason": "" });
    assert_eq!(tried(&weather, "看客", 1, plain()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(tried(&weather, "磐石", 1, plain()).await.status, StatusCode::NOT_FOUND);
    for hours in [0, 49, -1, i64::MAX] {
        let answer = tried(&weather, "桦甸", hours, plain()).await;
        assert_eq!(answer.body["field"], "hours", "{}", answer.body);
    }
    let wrong = json!({ "spike": { "limit": -1.0, "within_s": 60 }, "reason": "" });
    assert_eq!(tried(&weather, "桦甸", 1, wrong).await.body["field"], "spike");
}

#[tokio::test]
async fn neighbours_that_are_tried_out_are_read_too() {
    let weather = Weather::new(4, "ta", "air_temperature").await;
    for minute in [-12, -11, -10] {
        for (number, value) in [(0, 29.0), (1, 20.0), (2, 20.5), (3, 21.0)] {
            weather.reads(number, minute, value);
        }
    }
    let sensors: Vec<&str> = (1..4).map(|number| weather.sensor(number)).collect();
    let neighbour = |limit: f64| {
        json!({ "neighbour": { "limit": limit, "within_s": 600, "sensors": sensors },
            "reason": "" })
    };
    let near = tried(&weather, "桦甸", 1, neighbour(5.0)).await;
    assert_eq!(near.body["then"]["checks"], json!([["neighbour", 3]]), "{}", near.body);
    let on_the_limit = tried(&weather, "桦甸", 1, neighbour(8.5)).await;
    assert_eq!(on_the_limit.body["then"]["total"], 0);
    let twice = json!({ "neighbour": { "limit": 5.0, "within_s": 600,
        "sensors": [sensors[0], sensors[0], sensors[1]] }, "reason": "" });
    assert_eq!(tried(&weather, "桦甸", 1, twice).await.body["field"], "neighbour");
}

#[tokio::test]
async fn what_was_set_is_told_and_back_to_the_quantity_is_nothing_set() {
    let weather = Weather::new(1, "ta", "air_temperature").await;
    let strict = json!({ "step": { "within": [[60, 0.5]] }, "reason": "恒温库" });
    let set = weather.set("桦甸", 0, strict).await.body;
    assert_eq!(
        (&set["set"]["reason"], &set["step"]["within"]),
        (&json!("恒温库"), &json!([[60, 0.5]]))
    );
    let back = weather.set("段工", 0, json!({ "reason": "改作普通库" })).await.body;
    assert_eq!((&back["set"], &back["step"]["within"][0]), (&Json::Null, &json!([60, 3.0])));
    let told = back["history"].as_array().expect("a list");
    let reasons: Vec<&Json> = told.iter().map(|said| &said["checks"]["reason"]).collect();
    assert_eq!(reasons, ["改作普通库", "恒温库"]);
    let path = format!("/api/stations/{}", text(&weather.stations[0]["id"]));
    let station = weather.town.get("桦甸", &path).await.body;
    assert_eq!(station["sensors"][0]["checks_set"], false);
}
