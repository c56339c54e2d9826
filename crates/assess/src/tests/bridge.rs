//! A town with one river station, 青石湾站 in 220282, and the engine in hand.

use base::{AdminCode, Id, Point, Quality, Quantity, Timestamp};
use host::document::NewDocument;
use host::fact::read;
use host::town::{Answer, Town};
use host::{Entry, Lane, Record, log};
use sense::Protocol;
use sense::station::{
    Class, Mapping, Registered, SensorDefinition, SensorId, StationFact, StationId,
};
use serde_json::{Value as Json, json};
use series::{Sample, SeriesNo};

use crate::engine::Engine;
use crate::finding::{self, FindingFact};
use crate::rule;

pub struct Bridge {
    pub town: Town,
    pub engine: Engine,
    pub station: StationId,
    pub sensor: SensorId,
    pub series: SeriesNo,
}

/// The officer of the county who may do everything here.
pub const OFFICER: &str = "刘景行";
/// Who writes rules.
pub const AUTHOR: &str = "骆家驹";

impl Bridge {
    pub fn new() -> Bridge {
        Bridge::with(Quantity::WaterLevel)
    }

    pub fn with(quantity: Quantity) -> Bridge {
        let mut part = crate::part();
        part.taps.clear();
        let town = Town::new(vec![sense::part(), part]);
        Bridge::in_town(town, quantity)
    }

    pub fn in_town(town: Town, quantity: Quantity) -> Bridge {
        town.regions(&[
            ("220282", "220282"),
            ("220284", "220284"),
            ("220200", "220200"),
            ("220200", "220282"),
            ("220200", "220284"),
        ]);
        let officer = [rule::READ, rule::PROPOSE, rule::PUBLISH, rule::SHELVE, finding::READ];
        town.person(OFFICER, "220282", &officer);
        town.person(AUTHOR, "220282", &[rule::READ, rule::PROPOSE, finding::READ]);
        let (station, sensor) = register(&town, "0010820551", "青石湾站", "220282", quantity);
        let series = town.world.series().register(sensor.into(), quantity.kind());
        let series = series.expect("a series in memory");
        let engine = Engine::open(&town.world).expect("an engine in a fresh world");
        Bridge { town, engine, station, sensor, series }
    }

    /// 水位超保证: 264.00 m, twice in a row, with 0.05 m of hysteresis.
    pub fn rule(&self) -> Json {
        json!({
            "name": "水位超保证",
            "sensor": self.sensor,
            "hazard": "flood",
            "level": "orange",
            "comparison": "at_or_above",
            "threshold": 264.0,
            "hysteresis": 0.05,
            "times": 2,
            "line": "guarantee",
            "line_word": "保证水位",
            "source": "演示数据",
            "confidence": "demo",
        })
    }

    /// The rule with some fields otherwise.
    pub fn rule_with(&self, changes: Json) -> Json {
        let mut rule = self.rule();
        for (field, value) in changes.as_object().expect("an object of changes") {
            rule[field] = value.clone();
        }
        rule
    }

    /// The author proposes a rule; answers what the door said.
    pub async fn propose(&self, rule: Json) -> Answer {
        self.town.post(AUTHOR, "/api/rules/proposals", rule).await
    }

    /// The author proposes a rule and the officer publishes it; answers the rule, or what
    /// the door said that refused.
    pub async fn publish(&self, rule: Json) -> Answer {
        let proposed = self.propose(rule).await;
        if proposed.status != 201 {
            return proposed;
        }
        let id = proposed.body["id"].as_str().expect("an id");
        let path = format!("/api/rules/proposals/{id}/publish");
        self.town.post(OFFICER, &path, json!({})).await
    }

    /// The clock moves to `time`, and the station's reading of that minute comes in.
    #[track_caller]
    pub fn reads(&self, time: &str, value: f64) {
        self.reads_as(time, value, Quality::GOOD);
    }

    #[track_caller]
    pub fn reads_as(&self, time: &str, value: f64, quality: Quality) {
        self.town.at(time);
        let now = self.town.world.clock().now();
        self.append(now, vec![Sample { series: self.series, time: now, value, quality }]);
    }

    #[track_caller]
    pub fn append(&self, received: Timestamp, samples: Vec<Sample>) {
        self.town.world.series().append(received, samples).expect("stored");
    }

    /// Keeps a frame of the station that was received now.
    pub fn frame(&self, bytes: &[u8]) -> String {
        let received = self.town.world.clock().now();
        let frame = NewDocument { subject: self.station.into(), received, bytes };
        self.town.world.documents().put_all(&[frame]).expect("kept").remove(0).hash
    }

    /// The process dies and comes back: nothing of the engine's memory is left.
    pub fn crash(&mut self) {
        self.engine = Engine::open(&self.town.world).expect("an engine in the same world");
    }

    /// What the rules have found so far, a line for each fact.
    #[track_caller]
    pub fn check(&mut self, expected: expect_test::Expect) {
        self.engine.drain().expect("judged and recorded");
        self.town.settle();
        let folded = self.town.world.compare_with_fold();
        assert_eq!(folded.expect("the log folds").1, [], "state is a fold");
        expected.assert_eq(&self.told());
    }

    pub fn told(&self) -> String {
        self.facts().iter().map(line).collect()
    }

    /// The findings' facts, in the order of the log.
    pub fn facts(&self) -> Vec<Entry> {
        let condition = "kind like 'finding.%' order by seq";
        self.town.world.read_now(|db| log::select(db, condition, &[])).expect("the log reads")
    }
}

pub fn register(
    town: &Town,
    code: &str,
    name: &str,
    region: &str,
    quantity: Quantity,
) -> (StationId, SensorId) {
    let region: AdminCode = region.parse().expect("a code");
    let registered = Registered {
        code: code.to_owned(),
        name: name.to_owned(),
        class: Class::River,
        river: None,
        point: Some(Point::new(126.9998, 43.0320).expect("on earth")),
        original: None,
        protocol: Protocol::Sl651,
        period_s: 300,
        site: None,
        adopts: false,
        sensors: Vec::new(),
    };
    town.world
        .run(Lane::Urgent, "test", move |tx| {
            let (station, sensor) = (StationId(tx.new_id()), SensorId(tx.new_id()));
            let element = "Z".to_owned();
            let sensors = vec![SensorDefinition {
                id: sensor,
                quantity,
                element,
                mapping: Mapping::default(),
            }];
            let registered = Registered { sensors, ..registered };
            let fact = StationFact::from(registered);
            tx.record(Record::first(station, host::Home::region(region), fact))?;
            Ok((station, sensor))
        })
        .expect("registered")
}

/// `08:05 raised 橙 青石湾站 水位超保证 v1 by 08:00=264 08:05=264.03`
fn line(entry: &Entry) -> String {
    match read::<FindingFact>(entry).expect("a finding's fact") {
        FindingFact::Raised(raised) => {
            let values: Vec<String> = raised
                .values
                .iter()
                .map(|value| format!("{}={}", minute(value.time), value.value))
                .collect();
            format!(
                "{} {} {} {} {} by {}\n",
                minute(entry.header.occurred),
                match (raised.late, raised.shelved) {
                    (true, _) => "missed",
                    (_, true) => "raised in silence",
                    _ => "raised",
                },
                raised.level.word(),
                raised.station_name,
                entry.header.basis.as_deref().unwrap_or("—"),
                values.join(" "),
            )
        }
        FindingFact::Unshelved(unshelved) => {
            let raised = unshelved.raised;
            format!("told again {} {}\n", raised.station_name, raised.rule.name)
        }
        FindingFact::Cleared(cleared) => format!(
            "{} cleared {} {} ({:?} {:?})\n",
            minute(cleared.cleared_at),
            cleared.station_name,
            cleared.rule_name,
            cleared.because,
            cleared.value,
        ),
    }
}

pub fn minute(time: Timestamp) -> String {
    time.to_beijing()[11..16].to_owned()
}

/// Ids, which differ from run to run, by what they name.
pub fn redact(value: &mut Json, names: &[(Id, &str)]) {
    match value {
        Json::String(text) => {
            if let Some((_, name)) = names.iter().find(|(id, _)| id.to_string() == *text) {
                *text = format!("<{name}>");
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| redact(item, names)),
        Json::Object(fields) => fields.values_mut().for_each(|field| redact(field, names)),
        _ => {}
    }
}
