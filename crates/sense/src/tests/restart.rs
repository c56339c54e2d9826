//! A world on a real disk, closed and opened again.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use base::{Duration, Timestamp};
use host::part::Kit;
use host::town::Scratch;
use host::world::WorldConfig;
use host::{Clock, Lane, Scope, World};

use super::town::{Device, HUADIAN, QINGSHI, details, level, quick};
use crate::gateway::{self, Listening};
use crate::intake::Intake;
use crate::protocol::Protocol;
use crate::station::{self, StationDetails};

fn open(directory: &Path, now: Timestamp) -> World {
    let (kit, _) = Kit::fold(vec![crate::part()]);
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: "house".to_owned(),
        directory: directory.to_owned(),
        database: Default::default(),
        clock: Clock::still(now),
        durable: true,
    };
    World::open(config, Arc::new(kit)).expect("opens")
}

async fn listen(world: &World) -> Listening {
    let (limits, any) = (quick(), SocketAddr::from(([127, 0, 0, 1], 0)));
    let intake = Intake::open(world, limits.intake);
    gateway::listen(&intake, any, limits.door).await.expect("port 0 is free")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_a_restart_and_comes_no_second_time() {
    let scratch = Scratch::new();
    let now = Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a real minute");
    let world = open(scratch.path(), now);
    let details: StationDetails =
        serde_json::from_value(details("青石湾水文站", HUADIAN, &["Z"])).expect("its shape");
    let station = world.run(Lane::Urgent, "test", move |tx| {
        station::register_in(tx, &Scope::Node, (Protocol::Sl651, QINGSHI), &details)
    });
    let station = station.expect("registered");

    let listening = listen(&world).await;
    let mut line = Device::connect(listening.address(), QINGSHI).await;
    let frame = line.report(1, now, &[level(264_060)]);
    line.send(&frame).await;
    assert_eq!(line.acknowledged().await, 1);
    listening.close().await;
    world.close();
    drop((world, line));

    let world = open(scratch.path(), now + Duration::from_mins(1));
    let sensor = station.sensors[0].id;
    let series = world.series().series_of(sensor.into()).expect("its number is kept");
    let to = now + Duration::from_mins(1);
    let readings = world.series().range(series, now, to, None).expect("read");
    assert_eq!(readings.iter().map(|reading| reading.value).collect::<Vec<_>>(), [264.06]);
    let kept = world.documents().recent(station.id.into(), 9);
    assert_eq!(world.documents().read(&kept[0].1).expect("there"), frame);

    // The acknowledgement was lost on the way: the station asks again.
    let listening = listen(&world).await;
    let mut line = Device::connect(listening.address(), QINGSHI).await;
    line.send(&frame).await;
    assert_eq!(line.acknowledged().await, 1);
    let counts = listening.counts();
    assert_eq!((counts.stored, counts.duplicates, counts.readings), (1, 1, 0));
    listening.close().await;
    world.close();
}
