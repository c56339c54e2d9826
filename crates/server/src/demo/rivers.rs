//! What the demonstration's stations report: a day that has been, then live.
//!
//! The day lies in the store as if each report had come in its time, so that it is no
//! flood of reports in the sources board, and the map's past shows what was known then.
//!
//! One river rises: 青石湾站 passes its 警戒 line with its first report and its 保证 line
//! two minutes later, which no river of its size does: a demonstration is short. The
//! others breathe below their lines.

use std::net::SocketAddr;

use base::{Duration, Quality, Timestamp};
use host::World;
use sense::Protocol;
use sense::simulate::sl651::Device;
use sense::simulate::{Options, RisingRiver, run};
use series::{Sample, SeriesError, SeriesNo};
use wire::sl651::{StationAddress, StationClass};

use super::stations::{DemoStation, STORY};

/// How long its flood wave takes from foot to crest, and what share of that is past when
/// the demonstration opens: the first report is above the 警戒 line.
const RISE: Duration = Duration::from_secs(270);
const RISEN: f64 = 0.31;
/// Its crest lies this far above the 保证 line, m.
const ABOVE_GUARANTEE: f64 = 0.6;
/// Rain at the gauge itself within the rise, mm; what drives the river falls upstream.
const RAIN_MM: f64 = 4.0;

/// Lays the history down, then reports live through the port for ever.
///
/// # Errors
/// What the store or the simulator says.
pub async fn feed(
    world: World,
    address: SocketAddr,
    stations: Vec<DemoStation>,
    now: Timestamp,
    hours: u32,
) -> std::io::Result<()> {
    let minute = Timestamp::from_millis(now.as_millis() / 60_000 * 60_000);
    let span = Duration::from_hours(i64::from(hours));
    let before = stations.clone();
    let laid = host::node::off_the_loop(move || lay_down(&world, &before, minute - span, minute));
    laid.await.map_err(std::io::Error::other)?;
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

/// From the observation to its arrival, as a station's modem takes.
const ON_THE_WAY: Duration = Duration::from_secs(2);

/// One station's river and its sensors' series, by element.
struct Gauge {
    period: Duration,
    river: RisingRiver,
    series: Vec<(String, SeriesNo)>,
}

/// Stores what the stations would have reported from `start` up to `end`. A node that
/// goes on from an earlier demonstration has its own past, which stays as it is.
fn lay_down(
    world: &World,
    stations: &[DemoStation],
    start: Timestamp,
    end: Timestamp,
) -> host::Result<()> {
    let failed = |error: SeriesError| host::Error::Internal(format!("the demo's history: {error}"));
    let store = world.series();
    let span = end.since(start);
    let mut gauges = Vec::new();
    for (number, station) in stations.iter().enumerate() {
        let known = world
            .read_now(|db| sense::station::find_by_code(db, Protocol::Sl651, &station.code))?;
        let Some(known) = known else { continue };
        let mut series = Vec::new();
        for sensor in known.sensors {
            let number = store.register(sensor.id.into(), sensor.kind()).map_err(failed)?;
            series.push((sensor.element, number));
        }
        let numbers: Vec<SeriesNo> = series.iter().map(|(_, number)| *number).collect();
        if store.latest(&numbers).iter().any(Option::is_some) {
            return Ok(());
        }
        let period = Duration::from_secs(station.period_s());
        gauges.push(Gauge { period, river: river(station, number, span), series });
    }
    for step in 0..span.as_millis() / 60_000 {
        let since = Duration::from_mins(step);
        let due = gauges.iter().filter(|gauge| since.as_millis() % gauge.period.as_millis() == 0);
        let samples: Vec<Sample> = due.flat_map(|gauge| gauge.reports(start, since)).collect();
        if !samples.is_empty() {
            store.append(start + since + ON_THE_WAY, samples).map_err(failed)?;
        }
    }
    Ok(())
}

impl Gauge {
    /// What it reports `since` the start, rounded as the frame would carry it.
    fn reports(&self, start: Timestamp, since: Duration) -> Vec<Sample> {
        let tenths = |since| (self.river.rain(since) * 10.0).round() / 10.0;
        let before = Duration::from_millis(since.as_millis() - self.period.as_millis());
        let value = |element: &str| match element {
            "Z" => Some((self.river.level(since) * 1_000.0).round() / 1_000.0),
            "PJ" => Some(((tenths(since) - tenths(before)) * 10.0).round() / 10.0),
            "PT" => Some(tenths(since)),
            "VT" => Some(12.65),
            _ => None,
        };
        let sample = |(element, series): &(String, SeriesNo)| {
            let value = value(element)?;
            Some(Sample { series: *series, time: start + since, value, quality: Quality::GOOD })
        };
        self.series.iter().filter_map(sample).collect()
    }
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
        let risen = (RISE.as_millis() as f64 * RISEN) as i64;
        let lead = Duration::from_millis(before.as_millis() - risen);
        let crest = station.guarantee + ABOVE_GUARANTEE;
        return RisingRiver { base: station.base, crest, lead, rise: RISE, rain_mm: RAIN_MM };
    }
    // A wave of its own height and hour, which stays below the 警戒 line.
    let share = 0.15 + (number * 13 % 60) as f64 / 100.0;
    let crest = station.base + (station.warning - station.base) * share;
    let peak = Duration::from_mins(60 + (number as i64 * 97) % 900);
    let lead = Duration::from_millis(before.as_millis() - peak.as_millis());
    let rise = Duration::from_mins(180 + (number as i64 * 31) % 240);
    RisingRiver { base: station.base, crest, lead, rise, rain_mm: (number % 7) as f64 * 3.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_river_of_the_story_passes_its_lines_with_its_first_and_its_third_report() {
        let stations = super::super::stations::all().expect("reads");
        let story = stations.iter().find(|station| station.code == STORY).expect("there");
        let river = river(story, 0, Duration::ZERO);
        let at = |minute| river.level(Duration::from_mins(minute));
        assert!((story.warning..story.guarantee).contains(&at(0)), "{}", at(0));
        assert!(at(1) < story.guarantee && story.guarantee <= at(2), "{} {}", at(1), at(2));
    }
}
