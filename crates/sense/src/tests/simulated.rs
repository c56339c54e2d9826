//! Simulated stations with every fault there is, and the ledger they keep.

use base::{Duration, Timestamp};
use host::town::Scratch;
use wire::sl651::StationClass;

use super::town::{HUADIAN, Valley, details, impatient, quick};
use crate::gateway::http::router;
use crate::simulate::sl651::Device;
use crate::simulate::{Acknowledged, Faults, LOGGED, Ledger, Options, RisingRiver, http, run};
use crate::{Protocol, sensor, station};

pub fn river() -> RisingRiver {
    RisingRiver {
        base: 261.8,
        crest: 264.4,
        lead: Duration::from_mins(30),
        rise: Duration::from_hours(3),
        rain_mm: 80.0,
    }
}

fn devices(count: u32) -> Vec<Device> {
    (0..count)
        .map(|number| Device {
            address: format!("108200{number:02}").parse().expect("eight digits"),
            password: 0xA1B2,
            class: StationClass::RIVER,
            elements: ["Z", "PJ", "PT", "VT"].map(str::to_owned).to_vec(),
            river: river(),
        })
        .collect()
}

async fn registered(valley: &Valley, count: u32) {
    for number in 0..count {
        let body = details(&format!("{number} 号站"), HUADIAN, &["Z", "PJ", "PT", "VT"]);
        valley.register("段工", &format!("108200{number:02}"), body).await;
    }
}

/// Every value of the ledger is what the platform serves for that key; how many they are.
pub fn compare(valley: &Valley, protocol: Protocol, ledger: &[Acknowledged]) -> usize {
    let store = valley.town.world.series();
    let mut compared = 0;
    for line in ledger {
        let station =
            valley.town.world.read_now(|db| station::find_by_code(db, protocol, &line.station));
        let station = station.expect("read").expect("registered");
        for (element, value) in &line.values {
            let found = station.sensors.iter().find(|sensor| sensor.element == *element);
            let sensor = found.expect("a sensor for each element");
            let series = store.series_of(sensor.id.into()).expect("a series for each sensor");
            let (from, to) = (line.observed, line.observed + Duration::from_millis(1));
            let readings = store.range(series, from, to, None).expect("read");
            assert_eq!(readings.len(), 1, "{} {element} at {from}", line.station);
            assert_eq!(readings[0].value, *value, "{} {element} at {from}", line.station);
            compared += 1;
        }
    }
    compared
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_faulty_devices_were_told_is_stored_is_stored_value_by_value() {
    let valley = Valley::with(impatient()).await;
    registered(&valley, 8).await;
    let scratch = Scratch::new();
    let path = scratch.path().join("ledger.ndjson");
    let start = valley.now() - Duration::from_hours(8);
    let options = Options {
        speed: 12_000.0, // five minutes in 25 ms
        reports: Some(60),
        answer: Duration::from_millis(600),
        slots: 200,
        faults: Faults::all(40),
        seed: 20_260_803,
        ledger: Ledger::create(&path).expect("a new file"),
        ..Options::new(valley.gateway.address(), devices(8), start)
    };
    let limit = std::time::Duration::from_secs(300);
    let summary = tokio::time::timeout(limit, run(options)).await.expect("in time").expect("ran");
    assert_eq!((summary.acknowledged, summary.given_up), (8 * 60, 0), "{summary:?}");
    assert!(100 < summary.faults, "{summary:?}");

    let ledger = Ledger::read(&path).expect("readable");
    assert_eq!(ledger.len(), 8 * 60);
    assert_eq!(compare(&valley, Protocol::Sl651, &ledger), 8 * 60 * 4);
    let counts = valley.gateway.counts();
    assert!(0 < counts.rejected && 0 < counts.duplicates, "{counts:?}");
    assert_eq!(counts.readings, 8 * 60 * 4, "every value once: {counts:?}");
    let crest = ledger.iter().map(|line| line.values["Z"]).fold(f64::MIN, f64::max);
    assert!(264.3 < crest && crest <= 264.4, "{crest}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_faulty_loggers_were_told_over_http_is_stored_is_stored_value_by_value() {
    let valley = Valley::with(quick()).await;
    let code = |number: u32| format!("logger-{number}");
    for number in 0..6 {
        let mut body = details(&code(number), HUADIAN, &LOGGED);
        body["protocol"] = serde_json::json!("json");
        body["password"] = serde_json::json!("correct-horse-battery");
        valley.register("段工", &code(number), body).await;
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port 0 is free");
    let address = listener.local_addr().expect("bound");
    let service = router(valley.gateway.intake()).into_make_service();
    let serving = tokio::spawn(async move { axum::serve(listener, service).await });
    let device = |number| http::Device {
        code: code(number),
        key: "correct-horse-battery".to_owned(),
        elements: LOGGED.map(str::to_owned).to_vec(),
        river: river(),
        gauges: Vec::new(),
    };
    let scratch = Scratch::new();
    let path = scratch.path().join("ledger.ndjson");
    let options = Options {
        speed: 12_000.0,
        reports: Some(60),
        answer: Duration::from_millis(600),
        slots: 200,
        faults: Faults::all(40),
        seed: 20_260_803,
        ledger: Ledger::create(&path).expect("a new file"),
        ..Options::new(
            address,
            (0..6).map(device).collect(),
            valley.now() - Duration::from_hours(8),
        )
    };
    let limit = std::time::Duration::from_secs(300);
    let summary = tokio::time::timeout(limit, run(options)).await.expect("in time").expect("ran");
    assert_eq!((summary.acknowledged, summary.given_up), (6 * 60, 0), "{summary:?}");
    assert!(50 < summary.faults, "{summary:?}");
    let ledger = Ledger::read(&path).expect("readable");
    assert_eq!(ledger.len(), 6 * 60);
    assert_eq!(compare(&valley, Protocol::Json, &ledger), 6 * 60 * LOGGED.len());
    serving.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_that_nobody_registered_give_up_and_wait_in_the_waiting_room() {
    let valley = Valley::with(quick()).await;
    let options = Options {
        speed: 60_000.0,
        reports: Some(2),
        answer: Duration::from_millis(50),
        slots: 1,
        ..Options::new(valley.gateway.address(), devices(2), valley.now())
    };
    let summary = run(options).await.expect("ran");
    assert_eq!((summary.acknowledged, summary.given_up), (0, 4));
    let two = |page: &serde_json::Value| page["items"][1].is_object();
    valley.until("桦甸", "/api/waiting-room", two).await;
}

#[tokio::test]
async fn a_simulation_that_cannot_be_is_refused() {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
    let start = Timestamp::from_millis(0);
    let standing = Options { speed: 0.0, ..Options::new(address, devices(1), start) };
    assert!(run(standing).await.is_err());
    let mut odd = devices(1);
    odd[0].elements.push("CODMN".to_owned());
    assert!(run(Options::new(address, odd, start)).await.is_err());
}

#[test]
fn a_sensor_that_does_not_exist_is_not_found() {
    let town = host::town::Town::new(vec![crate::part()]);
    let id = base::Id::from_u128(1).into();
    let found = town.world.read_now(|db| sensor(db, id));
    assert!(matches!(found, Err(host::Error::NotFound { .. })));
}
