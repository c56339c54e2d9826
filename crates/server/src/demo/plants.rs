//! The plants of the story: coal mines, tank farms and tailings ponds, with the devices
//! that report from them and the lines that these are held against.
//!
//! What is registered goes through the API, as an engineer and a leader would do it. The
//! lines are those of the default tables; where a line is a share of the tank's or the
//! dam's own value, that value is the register's. What the devices say is in `story`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use sense::simulate::gateway::Scene;
use sense::simulate::http::Gauge;
use sense::simulate::{RisingRiver, gateway, http};
use serde_json::{Value as Json, json};
use wire::coal42::host::{Mine, MineConfig};
use wire::gateway::Key;

use super::people::PASSWORD;
use super::registers::{self, items, together};
use crate::door::Door;

/// Invented, and said to be; `fixtures/demo/README.md`.
const PLANTS: &str = include_str!("../../../../fixtures/demo/plants.json");

/// What devices of a demonstration prove themselves with. They connect from loopback, and
/// the stations are the same at the next start of a directory.
const KEY: &str = "FengsuiDemoDevice2026";
const GATEWAY_KEY: &str = "aes base64 46656e677375692d44656d6f2d323032 362d44656d6f2d31";

/// The gateway, the mine and the rain gauges of the story, all in 桦甸市.
pub const STORY_GATEWAY: &str = "22028200201";
pub const STORY_MINE: &str = "220282000012";
pub const STORY_RAIN: [&str; 2] = ["0010840001", "0010840002"];

/// Points of safety monitoring of a mine, in the order in which a simulated mine has them.
const POINT_NAMES: [&str; 9] = [
    "1301综采工作面 T1 甲烷",
    "1301综采工作面回风 一氧化碳",
    "1302掘进工作面 温度",
    "主运胶带机头 风速",
    "东翼总回风巷 氧气",
    "中央变电所 烟雾",
    "1301局部通风机",
    "1301回风风门",
    "1302掘进工作面 T1 甲烷",
];
const PERSONS: usize = 24;
/// Red by the designer, mm; the register has no such number.
const DISPLACEMENT: f64 = 60.0;

/// Seconds between two reports, by how their protocol is used.
pub const MINE_S: i64 = 30;
pub const GATEWAY_S: i64 = 15;
pub const POND_S: i64 = 60;
pub const RAIN_S: i64 = 60;

/// The devices, as they are played.
#[derive(Default)]
pub struct Devices {
    pub mines: Vec<Mine>,
    pub gateways: Vec<gateway::Device>,
    pub ponds: Vec<http::Device>,
}

/// What is registered of one device.
struct Fitting {
    /// As `POST /api/stations` takes it.
    station: Json,
    /// Element, entry of the default tables, and the place's own value where the entry is a
    /// share of it.
    lines: Vec<(String, &'static str, f64)>,
}

/// The devices of all plants.
///
/// # Errors
/// What of the table does not read, which a test excludes.
pub fn devices() -> Result<Devices, String> {
    let mut devices = Devices::default();
    for enterprise in all()? {
        for site in items(&enterprise["sites"]) {
            fit(&enterprise, site, &mut devices)?;
        }
    }
    Ok(devices)
}

/// What the mines' files are closed to others with, by the order of the mines.
pub fn mine_keys(devices: &Devices) -> Vec<String> {
    devices.mines.iter().map(|_| KEY.to_owned()).collect()
}

/// Registers the plants, their devices and their lines; a node that has them is left as it
/// is.
///
/// # Errors
/// What the door said, if it refused.
pub async fn register(router: &Router) -> Result<(), String> {
    let engineer = Arc::new(Door::sign_in(router, "luojiaju", PASSWORD).await?);
    let leader = Arc::new(Door::sign_in(router, "zhoumu", PASSWORD).await?);
    let known = engineer.get(&format!("/api/stations?limit=1&q={}", STORY_RAIN[1])).await?;
    if !items(&known["items"]).is_empty() {
        return Ok(());
    }
    let tables = Arc::new(Tables::of(&engineer.get("/api/rules/defaults").await?));
    let plants = all()?.into_iter().map(|enterprise| {
        let (engineer, leader) = (Arc::clone(&engineer), Arc::clone(&leader));
        let tables = Arc::clone(&tables);
        async move {
            for (site, id) in registers::enter(&engineer, &enterprise).await? {
                let fitting = fit(&enterprise, &site, &mut Devices::default())?;
                if let Some(mut fitting) = fitting {
                    fitting.station["site"] = id;
                    tables.fit(&engineer, &leader, fitting).await?;
                }
            }
            Ok(())
        }
    });
    together(plants).await?;
    // Last, since they tell the next start that all of it is there.
    for fitting in rain_gauges() {
        tables.fit(&engineer, &leader, fitting).await?;
    }
    Ok(())
}

fn all() -> Result<Vec<Json>, String> {
    serde_json::from_str(PLANTS).map_err(|error| format!("plants.json: {error}"))
}

/// The device of a site, which is put to the others; `None` for a site that has none.
fn fit(enterprise: &Json, site: &Json, to: &mut Devices) -> Result<Option<Fitting>, String> {
    let details = &site["details"];
    let kinds = &details["particulars"];
    if kinds["mine"]["mineral"] == "coal" {
        return mine(details, to).map(Some);
    }
    if kinds["hazard_source"]["unit"] == "tank_farm" {
        return tank_farm(enterprise, site, to).map(Some);
    }
    if kinds["pond"].is_object() {
        return pond(details, to).map(Some);
    }
    Ok(None)
}

fn mine(details: &Json, to: &mut Devices) -> Result<Fitting, String> {
    let (code, name) = (text(details, "code")?, text(details, "name")?);
    let seed = to.mines.len() as u64 + 1;
    let config = MineConfig {
        code: code.clone(),
        name: name.clone(),
        seed,
        points: POINT_NAMES.len(),
        persons: PERSONS,
    };
    let mine = Mine::new(config);
    let named = |(index, name)| json!({ "element": mine.point(index), "name": name });
    let mut sensors: Vec<Json> = POINT_NAMES.into_iter().enumerate().map(named).collect();
    sensors.push(json!({ "element": "RYSS" }));
    let mut station = station("coal42", "mine", &code, &name, details, MINE_S);
    station["sensors"] = json!(sensors);
    station["adopts"] = json!(true);
    station["password"] = json!(KEY);
    let line = |index: usize, entry: &'static str| (mine.point(index), entry, 1.0);
    let lines = vec![
        line(0, "coal_face_t1_alarm"),
        line(0, "coal_face_t1_cut"),
        line(1, "coal_co"),
        line(8, "coal_heading_t1_alarm"),
        line(8, "coal_heading_t1_cut"),
    ];
    to.mines.push(mine);
    Ok(Fitting { station, lines })
}

fn tank_farm(enterprise: &Json, site: &Json, to: &mut Devices) -> Result<Fitting, String> {
    let details = &site["details"];
    let code = format!("{}01", text(&enterprise["details"], "access_code")?);
    let farm = text(details, "name")?;
    let name = format!("{}{farm}", text(&enterprise["details"], "short_name")?);
    let tanks = items(&site["parts"]);
    let own = |tank: &Json, name: &str| {
        let value = tank["details"]["particulars"]["tank"][name].as_f64();
        value.ok_or_else(|| format!("plants.json: a tank of {farm} without {name}"))
    };
    let first = tanks.first().ok_or_else(|| format!("plants.json: {farm} without a tank"))?;
    let top = own(first, "level_max_m")?;
    let allowed = own(first, "pressure_max_kpa")?;
    // A vessel under pressure tells MPa, a tank that breathes tells kPa.
    let is_vessel = 100.0 < allowed;
    let pressure = if is_vessel { (0.45 * allowed / 1e3, 0.1 * allowed / 1e3) } else { (1.0, 0.3) };
    let device = gateway::Device {
        code: code.clone(),
        key: Key::parse(GATEWAY_KEY).map_err(|error| error.to_string())?,
        tanks: tanks.len(),
        seed: to.gateways.len() as u64 + 1,
        is_connected: true,
        scene: Scene {
            level: (0.6 * top, 0.15 * top),
            temperature: (15.0, 5.0),
            pressure,
            leak: None,
        },
    };
    let (mut sensors, mut lines) = (Vec::new(), Vec::new());
    for element in device.points() {
        // `…G0001YW001`: the number of the tank, and what is measured.
        let number = element.get(13..17).and_then(|digits| digits.parse::<usize>().ok());
        let tank = number.and_then(|number| tanks.get(number.checked_sub(1)?));
        let tank = tank.ok_or_else(|| format!("{element} is of no tank of {farm}"))?;
        let tank_name = text(&tank["details"], "name")?;
        let mut sensor = json!({ "element": element });
        let word = match element.get(17..19).unwrap_or_default() {
            "YW" => {
                lines.push((element.clone(), "tank_level_high", own(tank, "level_max_m")?));
                "液位"
            }
            "WD" => "温度",
            "YL" => {
                if is_vessel {
                    sensor["factor"] = json!(1_000.0);
                }
                "压力"
            }
            _ => {
                lines.push((element.clone(), "gas_combustible_1", 1.0));
                lines.push((element.clone(), "gas_combustible_2", 1.0));
                "旁探测器"
            }
        };
        sensor["name"] = json!(format!("{tank_name}{word}"));
        sensors.push(sensor);
    }
    let mut station = station("gateway", "chemical", &code, &name, details, GATEWAY_S);
    station["sensors"] = json!(sensors);
    station["password"] = json!(GATEWAY_KEY);
    to.gateways.push(device);
    Ok(Fitting { station, lines })
}

fn pond(details: &Json, to: &mut Devices) -> Result<Fitting, String> {
    let (code, name) = (text(details, "code")?, text(details, "name")?);
    let own = |name: &str| {
        let value = details["particulars"]["pond"][name].as_f64();
        value.ok_or_else(|| format!("plants.json: the pond {code} without {name}"))
    };
    let (control, flood) = (own("control_level_m")?, own("flood_level_m")?);
    let phreatic = own("min_phreatic_depth_m")?;
    let gauge =
        |name: &str, middle: f64, swing: f64| Gauge { name: name.to_owned(), middle, swing };
    let still = base::Duration::from_hours(1);
    to.ponds.push(http::Device {
        code: code.clone(),
        key: KEY.to_owned(),
        elements: Vec::new(),
        river: RisingRiver { base: 0.0, crest: 0.0, lead: still, rise: still, rain_mm: 0.0 },
        gauges: vec![
            gauge("water_level", control - 0.8, 0.2),
            gauge("displacement", 6.0, 1.0),
            gauge("phreatic_depth", 1.6 * phreatic, 0.1),
        ],
    });
    let mut station = station("json", "tailings", &code, &name, details, POND_S);
    station["sensors"] = json!([
        { "element": "water_level", "name": "库水位" },
        { "element": "displacement", "name": "坝体表面位移", "quantity": "displacement" },
        { "element": "phreatic_depth", "name": "浸润线埋深", "quantity": "groundwater_depth" },
    ]);
    station["password"] = json!(KEY);
    let line = |element: &str, entry: &'static str, own: f64| (element.to_owned(), entry, own);
    let lines = vec![
        line("water_level", "pond_level_orange", control),
        line("water_level", "pond_level_red", flood),
        line("displacement", "pond_displacement_orange", DISPLACEMENT),
        line("displacement", "pond_displacement_red", DISPLACEMENT),
        line("phreatic_depth", "pond_phreatic_orange", phreatic),
        line("phreatic_depth", "pond_phreatic_red", phreatic),
    ];
    Ok(Fitting { station, lines })
}

/// Rain upstream of the river of the story.
fn rain_gauges() -> impl Iterator<Item = Fitting> {
    let names = ["演示沟口雨量站", "演示岭上雨量站"];
    let places = [(126.972, 43.046), (127.031, 43.058)];
    STORY_RAIN.into_iter().zip(names).zip(places).map(|((code, name), (lon, lat))| {
        let details = json!({ "region": "220282",
            "place": { "original": [lon, lat], "datum": "cgcs2000" } });
        let mut station = station("sl651", "rain", code, name, &details, RAIN_S);
        station["elements"] = json!(["PJ", "VT"]);
        Fitting { station, lines: vec![("PJ".to_owned(), "rain_yellow", 1.0)] }
    })
}

fn station(
    protocol: &str,
    class: &str,
    code: &str,
    name: &str,
    details: &Json,
    period_s: i64,
) -> Json {
    json!({ "protocol": protocol, "class": class, "code": code, "name": name,
        "region": details["region"], "place": details["place"], "period_s": period_s })
}

fn text(of: &Json, name: &str) -> Result<String, String> {
    let text = of[name].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("plants.json: no {name} at {of}"))
}

/// The default tables, as the node gives them.
struct Tables {
    entries: HashMap<String, Json>,
    sources: Json,
}

impl Tables {
    fn of(defaults: &Json) -> Tables {
        let entries = items(&defaults["tables"]).iter().flat_map(|table| items(&table["entries"]));
        let entries = entries
            .filter_map(|entry| Some((entry["code"].as_str()?.to_owned(), entry.clone())))
            .collect();
        Tables { entries, sources: defaults["sources"].clone() }
    }

    /// Registers a device and puts its lines in force, as two persons do.
    async fn fit(&self, engineer: &Door, leader: &Door, fitting: Fitting) -> Result<(), String> {
        let made = engineer.post("/api/stations", fitting.station).await?;
        for (element, entry, own) in &fitting.lines {
            let sensors = items(&made["sensors"]);
            let sensor = sensors.iter().find(|sensor| sensor["element"] == element.as_str());
            let sensor = sensor.ok_or_else(|| format!("no sensor for {element}"))?;
            let rule = self.rule(entry, *own, &sensor["id"])?;
            let proposed = engineer.post("/api/rules/proposals", rule).await?;
            let id = proposed["id"].as_str().ok_or("a proposal without an id")?;
            leader.post(&format!("/api/rules/proposals/{id}/publish"), json!({})).await?;
        }
        Ok(())
    }

    /// What a person makes of an entry, as the form does.
    fn rule(&self, code: &str, own: f64, sensor: &Json) -> Result<Json, String> {
        let entry = self.entries.get(code).ok_or_else(|| format!("no default line {code}"))?;
        let mut rule = json!({ "sensor": sensor, "name": entry["name"]["zh"] });
        for name in [
            "hazard",
            "level",
            "measure",
            "accepts",
            "comparison",
            "hysteresis",
            "times",
            "delay_s",
            "line",
            "line_word",
            "confidence",
        ] {
            rule[name] = entry[name].clone();
        }
        let threshold = &entry["threshold"];
        rule["threshold"] = match (threshold["fixed"].as_f64(), threshold["factor"].as_f64()) {
            (Some(fixed), _) => json!(fixed),
            (None, Some(factor)) => {
                // The share is the table's; the value that it is of is invented.
                rule["confidence"] = json!("demo");
                json!((own * factor * 1e6).round() / 1e6)
            }
            (None, None) => return Err(format!("the default line {code} has no threshold")),
        };
        let source = self.sources[entry["source"].as_str().unwrap_or_default()]["zh"].as_str();
        let clause = entry["clause"].as_str().unwrap_or_default();
        let source = format!("{}；{clause}", source.unwrap_or_default());
        rule["source"] = json!(source.chars().take(400).collect::<String>());
        Ok(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plant_says_that_it_is_of_the_demonstration_and_every_device_is_registered_once() {
        let all = all().expect("reads");
        let mut counties = std::collections::BTreeSet::new();
        let mut codes = Vec::new();
        for enterprise in &all {
            let new = json!({ "details": enterprise["details"], "since": enterprise["since"] });
            let new: survey::enterprise::Registering = serde_json::from_value(new).expect("reads");
            assert!(new.details.name.contains("演示"), "{}", new.details.name);
            new.details.decide().expect("sound");
            counties.insert(enterprise["details"]["region"].to_string());
            for site in items(&enterprise["sites"]) {
                let fitting = fit(enterprise, site, &mut Devices::default()).expect("fits");
                codes.extend(fitting.map(|fitting| fitting.station["code"].to_string()));
            }
        }
        assert_eq!((all.len(), counties.len()), (88, 60), "a hundred with the first twelve");
        let whole = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), whole);
        let devices = devices().expect("fits");
        let played = devices.mines.len() + devices.gateways.len() + devices.ponds.len();
        assert_eq!(played, whole);
        assert!(devices.mines.iter().any(|mine| mine.config.code == STORY_MINE));
        assert!(devices.gateways.iter().any(|gateway| gateway.code == STORY_GATEWAY));
    }
}
