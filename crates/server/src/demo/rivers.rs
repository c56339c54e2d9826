//! What the demonstration's stations report: a day of history at once, then live.
//!
//! One river rises: 青石湾站 passes its 警戒 line within the first minute and its
//! 保证 line a quarter of an hour later. The others breathe below their lines.

use std::net::SocketAddr;

use base::{Duration, Timestamp};
use sense::simulate::RisingRiver;
use sense::simulate::sl651::{Device, Options, run};
use wire::sl651::{StationAddress, StationClass};

use super::stations::{DemoStation, STORY};

/// How long its flood wave takes from foot to crest, and how far it has come when
/// the demonstration opens.
const RISE: Duration = Duration::from_mins(40);
const RISEN: Duration = Duration::from_millis(11 * 60_000 + 36_000);
/// Its crest lies this far above the 保证 line, m.
const ABOVE_GUARANTEE: f64 = 0.6;

/// Sends the history through the port, then reports live for ever.
///
/// # Errors
/// What the simulator says when its options cannot be.
pub async fn feed(
    address: SocketAddr,
    stations: Vec<DemoStation>,
    now: Timestamp,
    hours: u32,
) -> std::io::Result<()> {
    let minute = Timestamp::from_millis(now.as_millis() / 60_000 * 60_000);
    let span = Duration::from_hours(i64::from(hours));
    let groups: Vec<(Duration, Vec<DemoStation>)> = {
        let (story, others) = stations.into_iter().partition(|station| station.code == STORY);
        [story, others]
            .into_iter()
            .map(|group: Vec<DemoStation>| {
                let period = group.first().map_or(60, |station| station.period_s());
                (Duration::from_secs(period), group)
            })
            .collect()
    };
    for (period, group) in &groups {
        let mut history = Options::new(address, devices(group, span)?, minute - span);
        history.period = *period;
        history.reports = u32::try_from(span.as_millis() / period.as_millis()).ok();
        // As fast as each is acknowledged.
        history.speed = 1e7;
        run(history).await?;
    }
    let live = groups.iter().map(|(period, group)| {
        let mut live = Options::new(address, devices(group, Duration::ZERO)?, minute);
        live.period = *period;
        Ok(run(live))
    });
    let live = live.collect::<std::io::Result<Vec<_>>>()?;
    let mut running = tokio::task::JoinSet::new();
    live.into_iter().for_each(|feed| drop(running.spawn(feed)));
    while let Some(ended) = running.join_next().await {
        ended.map_err(std::io::Error::other)??;
    }
    Ok(())
}

/// Devices whose rivers stand, `before` after the start, where the story begins.
fn devices(stations: &[DemoStation], before: Duration) -> std::io::Result<Vec<Device>> {
    let invalid = |text: String| std::io::Error::new(std::io::ErrorKind::InvalidInput, text);
    stations
        .iter()
        .enumerate()
        .map(|(number, station)| {
            let address: StationAddress =
                station.code.parse().map_err(|error| invalid(format!("{error}")))?;
            Ok(Device {
                address,
                password: 0,
                class: StationClass::RIVER,
                elements: ["Z", "PJ", "PT", "VT"].map(str::to_owned).to_vec(),
                river: river(station, number, before),
            })
        })
        .collect()
}

fn river(station: &DemoStation, number: usize, before: Duration) -> RisingRiver {
    if station.code == STORY {
        let lead = Duration::from_millis(before.as_millis() - RISEN.as_millis());
        let crest = station.guarantee + ABOVE_GUARANTEE;
        return RisingRiver { base: station.base, crest, lead, rise: RISE, rain_mm: 48.0 };
    }
    // A wave of its own height and hour, which stays below the 警戒 line.
    let share = 0.15 + (number * 13 % 60) as f64 / 100.0;
    let crest = station.base + (station.warning - station.base) * share;
    let peak = Duration::from_mins(60 + (number as i64 * 97) % 900);
    let lead = Duration::from_millis(before.as_millis() - peak.as_millis());
    let rise = Duration::from_mins(180 + (number as i64 * 31) % 240);
    RisingRiver { base: station.base, crest, lead, rise, rain_mm: (number % 7) as f64 * 3.0 }
}
