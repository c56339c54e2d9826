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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_past_is_shown_as_it_was_known_then() {
    let valley = Valley::new().await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 264_000).await;
    let id = text(sensor(&station, "Z"));
    let store = valley.town.world.series().clone();
    let sensor: Id = id.parse().expect("an id");
    let series = store.series_of(sensor).expect("registered with the first frame");
    let now = valley.now();
    let ago = |minutes| now - Duration::from_mins(minutes);
    // Two hours ago 260; what was measured 90 minutes ago came an hour late, corrected at once.
    for (received, time, value) in
        [(ago(120), ago(120), 260.0), (ago(30), ago(90), 261.0), (ago(20), ago(90), 261.5)]
    {
        let sample = Sample { series, time, value, quality: Quality::GOOD };
        let store = store.clone();
        let append = move || store.append(received, vec![sample]);
        tokio::task::spawn_blocking(append).await.expect("ran").expect("stored");
    }
    let known = async |minutes: i64| -> Json {
        let path = format!("/api/readings/latest?at={}", ago(minutes));
        valley
            .get("桦甸", &path)
            .await
            .as_array()
            .map(|rows| rows.iter().map(|row| row[4].clone()).collect())
            .expect("rows")
    };
    assert_eq!(known(130).await, json!([]), "nothing was known yet");
    assert_eq!(known(60).await, json!([260.0]), "the late one was still on its way");
    assert_eq!(known(25).await, json!([261.0]), "not corrected yet");
    assert_eq!(known(15).await, json!([261.5]));
    assert_eq!(valley.get("桦甸", "/api/readings/latest").await[0][4], 264.0);
    let other = valley.town.get("磐石", &format!("/api/readings/latest?at={}", ago(15))).await;
    assert_eq!(other.body, json!([]), "another county");

    let path = format!("/api/sensors/{id}/readings?from={}&known={}", ago(180), ago(25));
    let record = valley.get("桦甸", &path).await;
    let values: Vec<f64> = record["points"]
        .as_array()
        .expect("points")
        .iter()
        .filter_map(|it| it[1].as_f64())
        .collect();
    assert_eq!(
        (values, &record["superseded"], &record["to"]),
        (vec![260.0, 261.0], &json!([]), &json!(ago(25)))
    );

    for at in [now + Duration::from_mins(1), now - Duration::from_hours(401 * 24)] {
        for path in [
            format!("/api/readings/latest?at={at}"),
            format!("/api/sensors/{id}/readings?known={at}"),
        ] {
            let answer = valley.town.get("桦甸", &path).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
    }
}
