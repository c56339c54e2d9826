//! Peers that are slow, silent, greedy or too many.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::town::{QINGSHI, Valley, impatient, level, quick, report, sensor, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_connects_and_says_nothing_or_only_noise_is_cut() {
    let mut config = impatient();
    // Long enough for the noise to be written, and given up, before.
    config.door.first_frame = Duration::from_secs(3);
    let valley = Valley::with(config).await;
    let mut silent = valley.device(QINGSHI).await;
    let mut noisy = valley.device(QINGSHI).await;
    noisy.send(b"GET / HTTP/1.1\r\n\r\n").await;
    assert!(!silent.hung_up().await && !noisy.hung_up().await);
    until("both are gone", || valley.gateway.door().open() == 0).await;
    let there = |page: &serde_json::Value| page["items"][0].is_object();
    let page = valley.until("磐石", "/api/rejects", there).await;
    let reject = &page["items"][0];
    assert_eq!(reject["hex"], hex::encode_upper(b"GET / HTTP/1.1\r\n\r\n"));
    assert_eq!(reject["station"], serde_json::Value::Null, "nobody's, so everybody sees it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_that_drips_does_not_hold_its_connection_for_ever() {
    let mut config = impatient();
    config.door.session.idle = base::Duration::from_secs(5);
    let valley = Valley::with(config).await;
    let station = valley.qingshi(&["Z"]).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 264_000).await;
    let frame = device.report(2, valley.now(), &[level(264_010)]);
    // The whole frame is never sent: its start is given up, and then the connection.
    device.send(&frame[..20]).await;
    let rejected = || valley.gateway.counts().rejected == 1;
    until("the half frame was given up", rejected).await;
    assert!(!device.hung_up().await);
    assert_eq!(valley.points(sensor(&station, "Z")).await, [(0, 264.0)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_too_many_is_closed_at_once() {
    let mut config = quick();
    config.door.connections = 2;
    let valley = Valley::with(config).await;
    valley.qingshi(&["Z"]).await;
    let mut first = valley.device(QINGSHI).await;
    let second = valley.device(QINGSHI).await;
    report(&mut first, 1, valley.now(), 264_000).await;
    until("both are open", || valley.gateway.door().open() == 2).await;
    let mut third = valley.device(QINGSHI).await;
    assert!(!third.hung_up().await);
    assert_eq!(valley.gateway.door().turned_away(), 1);
    report(&mut first, 2, valley.now(), 264_010).await;
    drop(second);
    until("there is room again", || valley.gateway.door().open() == 1).await;
    let mut fourth = valley.device(QINGSHI).await;
    report(&mut fourth, 3, valley.now(), 264_020).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_faster_than_the_disk_writes_is_slowed_down_and_loses_nothing() {
    let mut config = quick();
    config.intake.bytes_in_flight = 64 << 10;
    let valley = Valley::with(config).await;
    let station = valley.qingshi(&["Z"]).await;
    // The disk stands still.
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let tapped = Arc::clone(&gate);
    valley.town.world.series().tap(Box::new(move |_| {
        let open = tapped.0.lock().expect("no holder panics");
        drop(tapped.1.wait_while(open, |open| !*open).expect("no holder panics"));
    }));
    const FRAMES: u16 = 2_000;
    let mut device = valley.device(QINGSHI).await;
    let start = valley.now() - base::Duration::from_hours(23);
    let frames: Vec<u8> = (1..=FRAMES)
        .flat_map(|serial| {
            let observed = start + base::Duration::from_mins(i64::from(serial) / 2);
            device.report(serial, observed, &[level(260_000 + i64::from(serial / 2))])
        })
        .collect();
    let limit = 64 << 10;
    let gateway = &valley.gateway;
    let watched = async {
        until("the budget is used up", || limit <= gateway.intake().bytes_in_flight()).await;
        // Over by at most one read and what its frames cost beyond their bytes.
        assert!(gateway.intake().bytes_in_flight() < limit + 64 * 1_024);
        assert!(gateway.counts().stored < u64::from(FRAMES) / 4);
        *gate.0.lock().expect("no holder panics") = true;
        gate.1.notify_all();
    };
    let conversed = async {
        let (mut reading, mut writing) = (Vec::new(), &frames[..]);
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut incoming, mut outgoing) = device.stream.split();
        let write = async {
            outgoing.write_all(writing).await.expect("the gateway reads in the end");
            writing = &[];
            writing.is_empty()
        };
        let read = async {
            let mut acknowledged = 0;
            let mut buffer = [0; 4_096];
            while acknowledged < FRAMES {
                let count = incoming.read(&mut buffer).await.expect("a whole connection");
                assert_ne!(count, 0, "the centre hung up");
                reading.extend_from_slice(&buffer[..count]);
                while let Ok((frame, rest)) = wire::sl651::parse(&reading) {
                    acknowledged += 1;
                    assert_eq!(frame.serial(), Some(acknowledged), "in order, none left out");
                    reading = rest.to_vec();
                }
            }
        };
        tokio::join!(write, read)
    };
    let both = async { tokio::join!(watched, conversed) };
    tokio::time::timeout(Duration::from_secs(300), both).await.expect("everything was taken");
    assert_eq!(valley.points(sensor(&station, "Z")).await.len(), 1_001);
    until("nothing is in flight", || valley.gateway.intake().bytes_in_flight() == 0).await;
}
