//! Retention: classes, the day's run, holds; as people see them.

use axum::http::StatusCode;
use base::{Duration, Id, Quality, Timestamp};
use host::Permission;
use host::town::Town;
use serde_json::{Value as Json, json};
use series::{Sample, SeriesNo};

use super::town::{ALL, HUADIAN, PANSHI, text};
use crate::retention::{HOLD, Keeper, READ, Run, RunState, SET};

/// A town with a chemical works, whose keeper is driven by hand.
struct Works {
    keeper: Keeper,
    town: Town,
    station: Json,
}

impl Works {
    async fn new() -> Works {
        let town = Town::new(vec![host::Part { taps: Vec::new(), ..crate::part() }]);
        town.regions(&[
            ("220200", "220200"),
            ("220200", HUADIAN),
            ("220200", PANSHI),
            (HUADIAN, HUADIAN),
            (PANSHI, PANSHI),
        ]);
        let all: Vec<Permission> = ALL.into_iter().chain([READ, SET, HOLD]).collect();
        town.person("段工", "220200", &all);
        town.person("磐石", PANSHI, &all);
        town.person("看", HUADIAN, &[READ]);
        let body = json!({
            "protocol": "json",
            "code": "works-1",
            "name": "桦甸化工厂",
            "class": "chemical",
            "region": HUADIAN,
            "period_s": 60,
            "sensors": [{ "element": "t", "quantity": "air_temperature" }],
        });
        let answer = town.post("段工", "/api/stations", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let mut keeper = Keeper::new(&town.world);
        keeper.tell().expect("tells");
        Works { keeper, town, station: answer.body }
    }

    fn sensor(&self) -> &str {
        text(&self.station["sensors"][0]["id"])
    }

    fn now(&self) -> Timestamp {
        self.town.world.clock().now()
    }

    fn later(&self, days: i64) {
        self.town.world.clock().set(self.now() + Duration::from_hours(24 * days));
    }

    /// Stores a reading of now, sorted by day and class.
    fn reads(&self, value: f64) {
        let store = self.town.world.series();
        let sensor: Id = self.sensor().parse().expect("an id");
        let series: SeriesNo = store.series_of(sensor).expect("it was told of");
        let sample = Sample { series, time: self.now(), value, quality: Quality::GOOD };
        store.append(self.now(), vec![sample]).expect("stores");
        store.seal().expect("seals");
        store.merge().expect("merges");
    }

    fn runs(&mut self) -> Option<Run> {
        self.keeper.tell().expect("tells");
        self.keeper.run_due().expect("runs")
    }

    /// Values of the sensor from a time on, and before when they are over.
    async fn record(&self, from: Timestamp) -> (Vec<f64>, Json) {
        let path = format!("/api/sensors/{}/readings?from={from}", self.sensor());
        let answer = self.town.get("段工", &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let points = answer.body["points"].as_array().expect("points").iter();
        let values = points.map(|point| point[1].as_f64().expect("a number"));
        (values.collect(), answer.body["let_go_before"].clone())
    }

    fn notes(&self) -> i64 {
        let count = self.town.world.read_now(|db| {
            let sql = "select count(*) as notes from trail where kind = 'reading.let_go'";
            Ok(db.row(sql, &[])?.expect("a count").get("notes")?)
        });
        count.expect("reads")
    }

    async fn hold(&self, who: &str, from: Timestamp) -> host::town::Answer {
        let body = json!({ "name": "泄漏调查", "reason": "留作证据", "region": HUADIAN,
            "from": from, "to": from + Duration::from_hours(1) });
        self.town.post(who, "/api/holds", body).await
    }
}

#[tokio::test]
async fn what_is_over_goes_once_a_day_and_the_trail_and_the_chart_say_so() {
    let mut works = Works::new().await;
    assert_eq!(works.runs(), None, "there is nothing to keep");
    let began = works.now();
    works.reads(1.0);
    assert_eq!(works.runs().expect("is due").state, RunState::Done);
    assert_eq!((works.notes(), works.runs()), (0, None));
    works.later(400);
    works.reads(2.0);
    let run = works.runs().expect("is due");
    assert_eq!(run.state, RunState::Done);
    assert_eq!((run.gone["hazchem"].readings, run.gone["hazchem"].minutes), (1, 0));
    assert_eq!(works.notes(), 1);
    // Neither again, nor by whoever is started after it.
    assert_eq!(works.runs(), None);
    assert_eq!(Keeper::new(&works.town.world).run_due().expect("asks"), None);
    let (values, over) = works.record(began - Duration::from_hours(1)).await;
    let sums_too = works.town.get("段工", "/api/retention").await.body;
    assert!(over.is_string(), "{over}");
    assert_eq!(values, Vec::<f64>::new(), "sums of both stand in buckets");
    let hazchem = sums_too["classes"].as_array().expect("classes").iter();
    let hazchem = hazchem.clone().find(|class| class["code"] == "hazchem").expect("is there");
    assert_eq!(hazchem["amount"]["series"], 1);
    assert!(hazchem["floors"][0]["source"].as_str().expect("text").contains("AQ 3035"));
    assert_eq!(sums_too["runs"][0]["state"], "done");
    let (values, over) = works.record(works.now() - Duration::from_hours(1)).await;
    assert_eq!((values, over), (vec![], Json::Null));
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_lets_nothing_go_and_says_so() {
    let mut works = Works::new().await;
    let began = works.now();
    works.reads(1.0);
    works.later(400);
    let run = works.runs().expect("is due");
    assert_eq!(run.state, RunState::Refused);
    assert!(run.why.expect("a reason").contains("sensors have said nothing of after"));
    assert_eq!((works.record(began).await.0, works.notes()), (vec![1.0], 0));
    let said = works.town.get("段工", "/api/retention").await.body;
    assert_eq!(said["runs"][0]["state"], "refused");
    // Once sensors have got there too it was no jump.
    works.reads(2.0);
    assert_eq!(works.runs().expect("is due still").state, RunState::Done);
    assert_eq!(works.notes(), 1);
}

#[tokio::test]
async fn a_run_that_was_cut_off_is_gone_on_with() {
    let mut works = Works::new().await;
    works.reads(1.0);
    works.later(400);
    works.reads(2.0);
    let day = works.now().to_beijing()[..10].to_owned();
    let saved = works.town.world.run(host::Lane::Ordinary, "test", move |tx| {
        let gone = r#"{"hazchem":{"readings":3,"minutes":0,"hours":0,"bytes":10,"before":null}}"#;
        tx.work().run(
            "insert into retention_run (day, state, started_at, gone, held) \
             values ($1, 'running', 0, $2, 0)",
            host::params![&day, gone],
        )?;
        Ok(())
    });
    saved.expect("saves");
    let run = works.runs().expect("is not done");
    assert_eq!((run.state, run.gone["hazchem"].readings), (RunState::Done, 4), "{run:?}");
}

fn code(class: &Json) -> &str {
    text(&class["code"])
}

#[tokio::test]
async fn a_sensor_is_kept_longer_where_somebody_who_may_says_so() {
    let mut works = Works::new().await;
    let path = format!("/api/sensors/{}/retention", works.sensor());
    let set = |class: Json| json!({ "class": class, "reason": "事故调查用" });
    let of = works.town.get("看", &path).await.body;
    assert_eq!((&of["class"], &of["is_set"]), (&json!("hazchem"), &json!(false)));
    let choices: Vec<&str> = of["choices"].as_array().expect("a list").iter().map(code).collect();
    assert!(choices.contains(&"hazchem") && choices.contains(&"for_ever"), "{choices:?}");
    assert!(!choices.contains(&"nothing"), "nothing shorter is offered: {choices:?}");
    let shorter = works.town.post("段工", &path, set(json!("nothing"))).await;
    assert_eq!(shorter.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", shorter.body);
    assert_eq!(works.town.post("看", &path, set(Json::Null)).await.status, StatusCode::FORBIDDEN);
    let elsewhere = works.town.post("磐石", &path, set(Json::Null)).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    let began = works.now();
    works.reads(1.0);
    let longer = works.town.post("段工", &path, set(json!("for_ever"))).await;
    assert_eq!(longer.body["class"], "for_ever", "{}", longer.body);
    let said = &longer.body["history"][0];
    assert_eq!((&said["class"], &said["reason"]), (&json!("for_ever"), &json!("事故调查用")));
    works.later(400);
    works.reads(2.0);
    works.runs().expect("is due");
    assert_eq!(works.record(began).await.0, [1.0]);
    // Given back to its rule it is kept by that from the next run on.
    assert_eq!(works.town.post("段工", &path, set(Json::Null)).await.body["class"], "hazchem");
    works.later(1);
    works.reads(3.0);
    works.runs().expect("is due");
    assert!(works.record(began).await.1.is_string());
}

#[tokio::test]
async fn a_hold_keeps_its_range_until_somebody_who_may_ends_it() {
    let mut works = Works::new().await;
    let began = works.now();
    works.reads(1.0);
    assert_eq!(works.hold("看", began).await.status, StatusCode::FORBIDDEN);
    assert_eq!(works.hold("磐石", began).await.status, StatusCode::NOT_FOUND);
    let odd = json!({ "name": "x", "reason": "y", "region": HUADIAN, "from": began, "to": began });
    let odd = works.town.post("段工", "/api/holds", odd).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", odd.body);
    let nobody = json!({ "name": "x", "reason": "y", "from": began });
    let nobody = works.town.post("段工", "/api/holds", nobody).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nobody.body);
    let held = works.hold("段工", began).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    let hold = format!("/api/holds/{}", text(&held.body["id"]));
    assert_eq!(works.town.get("磐石", &hold).await.status, StatusCode::NOT_FOUND);
    let list = works.town.get("磐石", "/api/holds").await;
    assert_eq!(list.body["items"], json!([]));

    works.later(400);
    works.reads(2.0);
    assert_eq!(works.runs().expect("is due").held, 1);
    // A keeper that was started anew tells the store the same.
    works.keeper = Keeper::new(&works.town.world);
    works.later(1);
    works.reads(3.0);
    assert_eq!(works.runs().expect("is due").held, 1);
    assert_eq!(works.record(began).await.0, [1.0, 2.0]);

    let end = format!("{hold}/end");
    let reason = || json!({ "reason": "调查结束" });
    assert_eq!(works.town.post("看", &end, reason()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(works.town.post("磐石", &end, reason()).await.status, StatusCode::NOT_FOUND);
    let ended = works.town.post("段工", &end, reason()).await;
    assert_eq!(ended.body["ended_reason"], "调查结束");
    let again = works.town.post("段工", &end, reason()).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    works.later(1);
    works.reads(4.0);
    let run = works.runs().expect("is due");
    assert_eq!((run.held, run.gone["hazchem"].readings), (0, 1));
}
