//! Peers that are slow, silent, greedy or too many.

use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::town::{
    Device, HUADIAN, QINGSHI, Valley, details, impatient, level, quick, report, sensor, until,
};
use crate::Protocol;
use crate::intake::budget::Holder;

/// The disk of a valley, which can stand still.
struct Disk(Arc<(Mutex<bool>, Condvar)>);

impl Disk {
    fn of(valley: &Valley) -> Disk {
        let still = Arc::new((Mutex::new(false), Condvar::new()));
        let tapped = Arc::clone(&still);
        valley.town.world.series().tap(Box::new(move |_| {
            let still = tapped.0.lock().expect("no holder panics");
            drop(tapped.1.wait_while(still, |still| *still).expect("no holder panics"));
        }));
        Disk(still)
    }

    fn stand_still(&self) {
        *self.0.0.lock().expect("no holder panics") = true;
    }

    fn go_on(&self) {
        *self.0.0.lock().expect("no holder panics") = false;
        self.0.1.notify_all();
    }
}

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
    let disk = Disk::of(&valley);
    disk.stand_still();
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
        // All of it but what is kept for who comes.
        let used_up = || limit - limit / 8 <= gateway.intake().bytes_in_flight();
        until("the budget is used up", used_up).await;
        // Over by at most one read and what its frames cost beyond their bytes.
        assert!(gateway.intake().bytes_in_flight() < limit + 64 * 1_024);
        assert!(gateway.counts().stored < u64::from(FRAMES) / 4);
        disk.go_on();
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

/// Fifty connections of one sender have all that a sender can have, and the disk stands
/// still: what another one sends is read all the same, and is next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_on_many_connections_of_one_sender_keeps_no_other_sender_out() {
    const OTHER: &str = "0010820552";
    let mut config = quick();
    let limit = 2 << 20;
    config.intake.bytes_in_flight = limit;
    let valley = Valley::with(config).await;
    let station = valley.qingshi(&["Z"]).await;
    let other = details("另一站", HUADIAN, &["Z"]);
    let other = valley.register("段工", OTHER, other).await;
    let disk = Disk::of(&valley);
    let start = valley.now() - base::Duration::from_hours(20);
    let observed = |number: i64| start + base::Duration::from_secs(10 * number);
    // Each proves once whose it is.
    let mut flood: Vec<Device> = Vec::new();
    for number in 0..50 {
        let mut device = valley.device(QINGSHI).await;
        report(&mut device, 1, observed(number), 260_000 + number).await;
        flood.push(device);
    }
    let budget = valley.gateway.intake().budget();
    let (sender, stranger) =
        (Holder::sender(Protocol::Sl651, QINGSHI), Holder::peer(IpAddr::from([127, 0, 0, 1])));
    until("nothing is in flight", || budget.used() == 0).await;
    disk.stand_still();
    for (device, number) in flood.iter_mut().zip(1..) {
        let report = |serial: u16| {
            let time = observed(100 * number + i64::from(serial));
            device.report(serial, time, &[level(261_000)])
        };
        let frames: Vec<u8> = (2..=101).flat_map(report).collect();
        device.send(&frames).await;
    }
    let is_flooded = || limit - limit / 8 <= budget.held_by(&sender);
    until("the flood has all that it can have", is_flooded).await;
    assert_eq!(budget.held_by(&stranger), 0);

    let mut modest = valley.device(OTHER).await;
    let frame = modest.report(1, valley.now(), &[level(264_000)]);
    modest.send(&frame).await;
    until("it is read beside the flood", || frame.len() <= budget.held_by(&stranger)).await;
    assert!(budget.used() <= limit, "{} of {limit}", budget.used());
    disk.go_on();
    assert_eq!(modest.acknowledged().await, 1);
    assert_eq!(valley.points(sensor(&other, "Z")).await, [(0, 264.0)]);
    // And the flood loses nothing: it was only made to wait.
    for device in &mut flood {
        for serial in 2..=101 {
            assert_eq!(device.acknowledged().await, serial);
        }
    }
    assert_eq!(valley.gateway.counts().stored, 50 + 50 * 100 + 1);
    // Observed to the minute: what has another value is a correction.
    assert_eq!(valley.points(sensor(&station, "Z")).await.len(), 843);
    until("nothing is in flight", || budget.used() == 0).await;
}
