//! The record of one sensor: raw, summed up, with its gaps.

use axum::http::StatusCode;
use base::{Duration, Id, Quality};
use serde_json::{Value as Json, json};
use series::Sample;

use super::town::{QINGSHI, Valley, report, sensor, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_record_comes_in_buckets_and_a_short_one_as_it_is() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 264_000).await;
    let id = text(sensor(&station, "Z"));
    let store = valley.town.world.series().clone();
    let sensor: Id = id.parse().expect("an id");
    let series = store.series_of(sensor).expect("registered with the first frame");
    // Twenty days of five minutes before the report, with a day missing in the middle.
    let now = valley.now();
    let samples: Vec<Sample> = (1..=20 * 288)
        .filter(|number| !(10 * 288..11 * 288).contains(number))
        .map(|number| Sample {
            series,
            time: now - Duration::from_mins(5 * number),
            value: 260.0 + (number % 100) as f64 / 100.0,
            quality: Quality::GOOD,
        })
        .collect();
    let count = samples.len() as u64 + 1;
    let append = move || store.append(now, samples);
    tokio::task::spawn_blocking(append).await.expect("ran").expect("stored");

    let (from, to) = (now - Duration::from_hours(20 * 24), now + Duration::from_millis(1));
    let path = format!("/api/sensors/{id}/readings?from={from}&to={to}&buckets=100");
    let record = valley.get("桦甸", &path).await;
    assert_eq!(record["points"], json!([]));
    let buckets = record["buckets"].as_array().expect("buckets");
    assert!((90..=100).contains(&buckets.len()), "a day of 20 is missing: {}", buckets.len());
    let sum: u64 = buckets.iter().map(|bucket| bucket[1].as_u64().expect("a count")).sum();
    assert_eq!(sum, count);
    let last = buckets.last().expect("a bucket");
    let [min, max, mean, last] = [2, 3, 4, 5].map(|at| last[at].as_f64().expect("a number"));
    assert_eq!((max, last), (264.0, 264.0));
    assert!(260.0 <= min && min < mean && mean < max);
    let gaps = record["gaps"].as_array().expect("gaps");
    assert_eq!(gaps.len(), 1);
    let length = gaps[0][1].as_i64().expect("ms") - gaps[0][0].as_i64().expect("ms");
    assert_eq!(length, Duration::from_mins(5 * 289).as_millis());

    let path = format!("/api/sensors/{id}/readings?to={to}");
    let day = valley.get("桦甸", &path).await;
    assert_eq!(
        (&day["buckets"], day["points"].as_array().expect("points").len()),
        (&Json::Null, 288)
    );
    assert_eq!(day["sensor"]["unit"], "m");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_span_that_makes_no_sense_is_refused_and_a_sensor_without_readings_is_empty() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let path = format!("/api/sensors/{}/readings", text(sensor(&station, "Z")));
    for query in [
        "from=2026-08-03T01:00:00Z&to=2026-08-03T00:00:00Z",
        "from=0001-01-01T00:00:00Z",
        "buckets=0",
        "buckets=2001",
        "from=yesterday",
    ] {
        let answer = valley.town.get("桦甸", &format!("{path}?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
    let record = valley.get("桦甸", &path).await;
    assert_eq!((&record["points"], &record["buckets"]), (&json!([]), &Json::Null));
    assert_eq!(record["gaps"].as_array().expect("gaps").len(), 1, "all of it is a gap");
    assert_eq!(record["sensor"]["latest"], Json::Null);
}
