//! Simulated stations with every fault there is, and the ledger they keep.

use base::{Duration, Timestamp};
use host::town::Scratch;
use wire::sl651::StationClass;

use super::town::{HUADIAN, Valley, details, quick};
use crate::simulate::sl651::Device;
use crate::simulate::{Faults, Ledger, Options, RisingRiver, run};
use crate::{Protocol, sensor, station};

fn river() -> RisingRiver {
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

/// Every value of the ledger is what the platform serves for that key.
fn compare(valley: &Valley, ledger: &[crate::simulate::Acknowledged]) -> usize {
    let store = valley.town.world.series();
    let mut compared = 0;
    for line in ledger {
        let station = valley
            .town
            .world
            .read_now(|db| station::find_by_code(db, Protocol::Sl651, &line.station));
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
    let valley = Valley::with(quick()).await;
    registered(&valley, 8).await;
    let scratch = Scratch::new();
    let path = scratch.path().join("ledger.ndjson");
    let start = valley.now() - Duration::from_hours(8);
    let options = Options {
        speed: 12_000.0, // five minutes in 25 ms
        reports: Some(60),
        answer: Duration::from_millis(600),
        slots: 50,
        faults: Faults::all(40),
        seed: 20_260_803,
        ledger: Ledger::create(&path).expect("a new file"),
        ..Options::new(valley.gateway.address(), devices(8), start)
    };
    let limit = std::time::Duration::from_secs(120);
    let summary = tokio::time::timeout(limit, run(options)).await.expect("in time").expect("ran");
    assert_eq!((summary.acknowledged, summary.given_up), (8 * 60, 0), "{summary:?}");
    assert!(100 < summary.faults, "{summary:?}");

    let ledger = Ledger::read(&path).expect("readable");
    assert_eq!(ledger.len(), 8 * 60);
    assert_eq!(compare(&valley, &ledger), 8 * 60 * 4);
    let counts = valley.gateway.counts();
    assert!(0 < counts.rejected && 0 < counts.duplicates, "{counts:?}");
    assert_eq!(counts.readings, 8 * 60 * 4, "every value once: {counts:?}");
    let crest = ledger.iter().map(|line| line.values["Z"]).fold(f64::MIN, f64::max);
    assert!(264.3 < crest && crest <= 264.4, "{crest}");
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
