//! What the devices of the demonstration say, and when: a night shift within minutes.
//!
//! Upstream it rains: two gauges whose link was down tell the past hour, and rain on. The
//! river follows (`rivers`). At one ammonia tank a detector sees a leak, which is found and
//! stopped. At one coal face methane passes its alarm and is blown away. All others are
//! calm. Every value goes through the door of its protocol.

use std::net::SocketAddr;

use base::{Duration, Timestamp};
use sense::simulate::gateway::Leak;
use sense::simulate::sl651::Device as RainGauge;
use sense::simulate::{Options, Plays, RisingRiver, coal42, run};
use wire::coal42::host::Course;
use wire::sl651::StationClass;

use super::Pace;
use super::plants::{
    self, Devices, GATEWAY_S, POND_S, RAIN_S, STORY_GATEWAY, STORY_MINE, STORY_RAIN,
};

/// Where devices connect to.
pub struct Doors {
    pub sl651: SocketAddr,
    pub gateway: SocketAddr,
    pub http: SocketAddr,
}

/// When the leak is there to be seen, how long it lasts, what the detector sees at most
/// (%LEL) and what the tank loses (m). 25 %LEL is passed after about a minute.
const LEAK_AFTER: Duration = Duration::from_secs(10);
const LEAK_LASTS: Duration = Duration::from_mins(6);
const LEAK_HIGHEST: f64 = 44.0;
const LEAK_LOSES: f64 = 0.35;
/// Methane at the face: seconds after the start and hundredths of a per cent.
const METHANE: [(i64, i64); 4] = [(15, 34), (65, 118), (480, 112), (540, 36)];
/// Rain of the whole cloudburst, whose middle is now, mm; of the hour before, two thirds.
const RAIN_MM: f64 = 96.0;
const HOUR: Duration = Duration::from_hours(1);

/// Plays all of them for ever.
///
/// # Errors
/// What a simulator says.
pub async fn play(doors: Doors, now: Timestamp, pace: Pace) -> Result<(), String> {
    let mut devices = plants::devices()?;
    cast(&mut devices, now, pace);
    let keys = plants::mine_keys(&devices);
    let target = coal42::Target::Http { to: doors.http, keys };
    let mut digging = coal42::Options::new(devices.mines, target, now);
    digging.introduce = true;
    let mines = coal42::run(digging);
    let (_, _, _, ()) = tokio::try_join!(
        async { mines.await.map_err(|error| format!("mines: {error}")) },
        forever("gateways", doors.gateway, devices.gateways, now, GATEWAY_S),
        forever("ponds", doors.http, devices.ponds, now, POND_S),
        rain(doors.sl651, now),
    )?;
    Ok(())
}

/// Gives the parts of the story to those who play them.
fn cast(devices: &mut Devices, now: Timestamp, pace: Pace) {
    for gateway in devices.gateways.iter_mut().filter(|gateway| gateway.code == STORY_GATEWAY) {
        gateway.scene.leak = Some(Leak {
            begins: pace.of(LEAK_AFTER),
            lasts: pace.of(LEAK_LASTS),
            highest: LEAK_HIGHEST,
            loses: LEAK_LOSES,
        });
    }
    for mine in devices.mines.iter_mut().filter(|mine| mine.config.code == STORY_MINE) {
        let turn = |(after, value)| (now + pace.of(Duration::from_secs(after)), value);
        mine.courses.push((0, Course { turns: METHANE.map(turn).to_vec() }));
    }
}

async fn forever<D: Plays>(
    name: &str,
    to: SocketAddr,
    devices: Vec<D>,
    now: Timestamp,
    period_s: i64,
) -> Result<(), String> {
    let mut options = Options::new(to, devices, now);
    options.period = Duration::from_secs(period_s);
    run(options).await.map(drop).map_err(|error| format!("{name}: {error}"))
}

/// The hour that has been, as a gauge tells it whose link is back; then what falls.
async fn rain(to: SocketAddr, now: Timestamp) -> Result<(), String> {
    let minute = Timestamp::from_millis(now.as_millis().div_euclid(60_000) * 60_000);
    let mut past = Options::new(to, gauges(HOUR)?, minute - HOUR);
    past.speed = 10_000.0;
    past.period = Duration::from_mins(5);
    past.reports = Some(12);
    // Its clock is long past what it tells when an answer is slow.
    past.slots = 50;
    run(past).await.map_err(|error| format!("rain: {error}"))?;
    forever("rain", to, gauges(Duration::ZERO)?, minute, RAIN_S).await
}

/// The gauges, whose rain is heaviest so long after they begin.
fn gauges(peak: Duration) -> Result<Vec<RainGauge>, String> {
    // What falls after the middle is a third of the whole, in half an hour.
    let rain_mm = if peak == Duration::ZERO { RAIN_MM / 3.0 } else { RAIN_MM };
    let river = RisingRiver { base: 0.0, crest: 0.0, lead: peak, rise: HOUR, rain_mm };
    let gauge = |(number, code): (usize, &str)| {
        // The second one stands at the edge of it, below its line.
        let share = if number == 0 { 1.0 } else { 0.6 };
        let river = RisingRiver { rain_mm: river.rain_mm * share, ..river };
        Ok(RainGauge {
            address: code.parse().map_err(|error| format!("{code}: {error}"))?,
            password: 0,
            class: StationClass::RAIN,
            elements: ["PJ", "VT"].map(str::to_owned).to_vec(),
            river,
        })
    };
    STORY_RAIN.into_iter().enumerate().map(gauge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of the story until a value of it is at its line.
    fn passes(line: f64, value: impl Fn(i64) -> f64) -> Option<i64> {
        (0..600).find(|second| line <= value(*second))
    }

    #[test]
    fn within_two_minutes_each_part_passes_its_alarm_and_stays_below_the_next_line() {
        let now: Timestamp = "2026-08-03T01:00:00Z".parse().expect("a time");
        let mut devices = plants::devices().expect("fits");
        cast(&mut devices, now, Pace(1.0));
        let gateway = devices.gateways.iter().find(|it| it.code == STORY_GATEWAY).expect("there");
        let gas = |second| {
            let values = gateway.values(Duration::from_secs(second), Duration::ZERO);
            let seen = values.iter().find(|(point, _)| point.ends_with("Q0001KR001"));
            seen.expect("a detector").1.parse::<f64>().expect("a number")
        };
        assert!(passes(25.0, gas).is_some_and(|second| (30..105).contains(&second)));
        assert_eq!(passes(50.0, gas), None, "a leak, no catastrophe");
        let mine = devices.mines.iter().find(|it| it.config.code == STORY_MINE).expect("there");
        let methane = |second| {
            let file = mine.file("CDSS", now + Duration::from_secs(second)).expect("values");
            let wire::coal42::Content::PointValue(values) = file.content else { panic!("values") };
            values[0].1.value.expect("a number").to_f64()
        };
        assert!(passes(1.0, methane).is_some_and(|second| (30..90).contains(&second)));
        assert_eq!(passes(1.5, methane), None, "no power is cut");
        assert!(methane(599) < 1.0, "blown away");
        let fallen: f64 = (0..12)
            .map(|step| {
                let past = gauges(HOUR).expect("reads")[0].river;
                let at = |step: i64| past.rain(Duration::from_mins(5 * step));
                at(step) - at(step - 1)
            })
            .sum();
        assert!((50.0..60.0).contains(&fallen), "6 hours' 50 mm are there: {fallen}");
    }
}
