//! Stations, rules, floods, notices and warnings.

use std::net::SocketAddr;

use assess::silence::Watch;
use base::quantity::SeriesKind;
use base::{Duration, Id, Quality};
use host::Lane;
use sense::gateway;
use sense::intake::{self, Intake};
use sense::protocol::Sl651;
use sense::station::{Contact, save_contacts};
use serde_json::{Value as Json, json};
use series::Sample;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wire::session::{Output, Session as _};
use wire::sl651::{End, Report, Station, StationConfig};

use super::{CHIEF, COUNTY, Chronicle, ENGINEER, LEADER, OFFICER, id, reason};

/// A station of the chronicle.
pub struct Site {
    station: String,
    sensor: Id,
    rule: String,
}

/// 警戒 and 保证 of every station, m above its datum.
const LINES: [f64; 2] = [262.5, 264.0];
/// The ways a proposal goes here, one after the other; and how many go them at most.
const STATES: usize = 6;
const MOST_WARNINGS: usize = 120;

impl Chronicle {
    /// Registers stations and publishes two rules for each; some are changed at once.
    pub(super) async fn stations(&self, count: usize) -> Vec<Site> {
        let mut sites = Vec::with_capacity(count);
        for number in 0..count {
            let new = json!({
                "code": format!("00108{number:05}"), "name": format!("第{number}站"),
                "class": "river", "region": COUNTY, "river": "辉发河", "period_s": 300,
                "point": { "lon": 126.75, "lat": 42.97 }, "elements": ["Z"],
            });
            let station = self.post(ENGINEER, "/api/stations", new).await;
            let sensor = id(&station["sensors"][0]).to_owned();
            let mut first = None;
            for (line, level, threshold) in
                [("warning", "yellow", LINES[0]), ("guarantee", "orange", LINES[1])]
            {
                let rule = json!({
                    "id": null, "name": "水位超线", "sensor": sensor, "hazard": "flood",
                    "level": level, "comparison": "at_or_above", "threshold": threshold,
                    "hysteresis": 0.05, "times": 1, "delay_s": 0, "line": line,
                    "line_word": "特征水位", "source": "虚构", "confidence": "demo",
                });
                let mut published = self.publish(rule.clone()).await;
                if number % 10 == 0 {
                    let mut again = rule;
                    again["id"] = published["id"].clone();
                    published = self.publish(again).await;
                }
                first.get_or_insert(id(&published).to_owned());
            }
            let station = id(&station).to_owned();
            if number % 10 == 0 {
                let edit = json!({ "name": format!("第{number}站（改）"), "add_elements": ["PJ"] });
                self.post(ENGINEER, &format!("/api/stations/{station}/edit"), edit).await;
                if number == 0 {
                    self.commands(&station, "0010800000").await;
                }
                self.stop(&station).await;
                let relayed = self.keys(&station).await;
                if number == 0 {
                    self.fall_silent(&relayed).await;
                }
                let place = json!({ "region": COUNTY, "site": null, "reason": "复测更正",
                    "place": { "original": [126.7557, 42.9721], "datum": "gcj02" } });
                self.post(ENGINEER, &format!("/api/stations/{station}/place"), place).await;
                let checks = json!({ "spike": { "limit": 0.5, "within_s": 900 },
                    "reason": "闸下水位少有骤变" });
                self.post(ENGINEER, &format!("/api/sensors/{sensor}/checks"), checks).await;
                let longer = json!({ "class": "for_ever", "reason": "省级代表站" });
                self.post(ENGINEER, &format!("/api/sensors/{sensor}/retention"), longer).await;
            }
            let sensor = sensor.parse().expect("an id");
            let series = self.town.world.series();
            series.register(sensor, SeriesKind::Gauge).expect("a series in memory");
            sites.push(Site { station, sensor, rule: first.expect("two rules") });
        }
        sites
    }

    /// The engineer proposes a rule and the leader publishes it.
    async fn publish(&self, rule: Json) -> Json {
        let proposed = self.post(ENGINEER, "/api/rules/proposals", rule).await;
        let path = format!("/api/rules/proposals/{}/publish", id(&proposed));
        self.post(LEADER, &path, json!({})).await
    }

    /// A rule is given back, mended, published and shelved; what it finds meanwhile still
    /// stands when its time is over.
    pub(super) async fn shelve(&self, sites: &[Site]) {
        let Some(site) = sites.first() else { return };
        let mut rule = json!({
            "name": "水位过低", "sensor": site.sensor, "hazard": "drought", "level": "blue",
            "comparison": "at_or_below", "threshold": 350.0, "line": "other",
            "line_word": "最低水位", "source": "虚构", "confidence": "demo",
        });
        let proposed = self.post(ENGINEER, "/api/rules/proposals", rule.clone()).await;
        let path = format!("/api/rules/proposals/{}/return", id(&proposed));
        self.post(LEADER, &path, reason("高于堤顶")).await;
        rule["threshold"] = json!(250.0);
        let published = self.publish(rule).await;
        let shelve = json!({ "reason": "闸门检修", "until": self.in_minutes(60) });
        self.post(CHIEF, &format!("/api/rules/{}/shelve", id(&published)), shelve).await;
        let raised = self.count("finding.raised");
        self.pass(10);
        self.read(std::slice::from_ref(site), 249.0);
        self.wait_for("finding.raised", raised + 1);
        self.pass(55);
        self.wait_for("finding.unshelved", 1);
        let cleared = self.count("finding.cleared");
        self.read(std::slice::from_ref(site), 261.0);
        self.wait_for("finding.cleared", cleared + 1);
        self.town.settle();
    }

    /// All rivers pass both lines at once, and fall below them half an hour later.
    /// Nobody takes the notices, so that each becomes overdue.
    pub(super) fn flood(&self, sites: &[Site], number: usize) {
        let findings = (sites.len() * LINES.len() * (number + 1)) as i64;
        for (level, kind) in [(265.0, "finding.raised"), (261.0, "finding.cleared")] {
            self.pass(30);
            self.read(sites, level);
            self.wait_for(kind, findings);
            self.town.settle();
        }
        self.wait_for("notice.overdue", findings);
    }

    fn read(&self, sites: &[Site], value: f64) {
        let world = &self.town.world;
        let time = world.clock().now();
        let of = |site: &Site| {
            let series = world.series().series_of(site.sensor).expect("registered");
            Sample { series, time, value, quality: Quality::GOOD }
        };
        let samples = sites.iter().map(of).collect();
        world.series().append(time, samples).expect("stored");
    }

    fn in_minutes(&self, minutes: i64) -> Json {
        json!(self.town.world.clock().now() + Duration::from_mins(minutes))
    }

    async fn act(&self, name: &str, warning: &str, action: &str, body: Json) -> Json {
        self.post(name, &format!("/api/warnings/{warning}/{action}"), body).await
    }

    async fn review(&self, warning: &str) {
        self.act(CHIEF, warning, "review", json!({ "comment": "属实" })).await;
    }

    pub(super) async fn issue(&self, warning: &str, minutes: i64) {
        self.review(warning).await;
        let expires = json!({ "expires": self.in_minutes(minutes) });
        self.act(LEADER, warning, "issue", expires).await;
    }

    pub(super) async fn draft(&self, level: &str, supersedes: &Json) -> Json {
        let draft = json!({
            "title": "洪水预警", "hazard": "flood", "level": level, "region": COUNTY,
            "area": "沿江低洼处", "matters": "立即转移", "supersedes": supersedes, "reach": ["220281"],
        });
        self.post(OFFICER, "/api/warnings", draft).await
    }

    /// Takes proposals through every state that there is.
    pub(super) async fn warnings(&self) {
        let mut proposed = self.all(OFFICER, "/api/warnings?state=proposed").await;
        // Those of the lower line give way to these when they are issued.
        proposed.retain(|warning| warning["level"] == "orange");
        while proposed.len() < STATES {
            proposed.push(self.draft("orange", &Json::Null).await);
        }
        proposed.truncate(MOST_WARNINGS);
        for (number, warning) in proposed.iter().enumerate() {
            let warning = id(warning);
            match number % STATES {
                0 => {
                    let text = json!({ "matters": "远离河道，注意通知" });
                    self.act(OFFICER, warning, "edit", text).await;
                    self.issue(warning, 120).await;
                    let later = json!({ "expires": self.in_minutes(240) });
                    self.act(LEADER, warning, "extend", later).await;
                    self.act(LEADER, warning, "lift", reason("水位已退")).await;
                }
                1 => {
                    self.act(CHIEF, warning, "return", reason("范围不清")).await;
                    self.act(CHIEF, warning, "discard", reason("不再需要")).await;
                }
                2 => self.issue(warning, 30).await,
                3 | 4 => {
                    let urgent = json!({ "reason": "险情紧迫", "expires": self.in_minutes(180) });
                    self.act(LEADER, warning, "issue-urgently", urgent).await;
                    if number % STATES == 3 {
                        let comment = json!({ "comment": "处置得当" });
                        self.act(CHIEF, warning, "review-afterwards", comment).await;
                    }
                }
                _ => {
                    self.issue(warning, 180).await;
                    let draft = self.draft("red", &json!(warning)).await;
                    self.issue(id(&draft), 600).await;
                }
            }
        }
        let some = (proposed.len() / STATES) as i64;
        let expired = self.count("warning.expired");
        self.pass(45);
        self.wait_for("warning.expired", expired + some);
        self.wait_for("warning.review_missed", some);
        for notice in self.all(OFFICER, "/api/notices").await.iter().take(40) {
            let path = format!("/api/notices/{}/acknowledge", id(notice));
            self.post(OFFICER, &path, json!({ "feedback": "已派人查看" })).await;
        }
        // One each: what is so, what is not, and what nobody says until it is too late.
        for (nth, notice) in self.all(OFFICER, "/api/notices").await.iter().take(40).enumerate() {
            let path = format!("/api/notices/{}/verify", id(notice));
            let verdicts: &[&str] = match nth % 3 {
                0 => &["checking", "confirmed"],
                1 => &["false_alarm"],
                _ => &[],
            };
            for verdict in verdicts {
                let body = json!({ "verdict": verdict, "words": "现场查看" });
                self.post(OFFICER, &path, body).await;
            }
        }
    }

    /// A station's key is rotated, and the old one ended before its time.
    /// Another logger may speak for one, then may not, and then may again.
    async fn relay(&self, station: &str) -> [String; 2] {
        let code = format!("relay-{}", station.get(station.len() - 8..).unwrap_or(station));
        let body = json!({
            "protocol": "json", "code": code, "name": "县级平台转报", "class": "other",
            "region": COUNTY, "period_s": 300, "password": "chronicle-key", "elements": ["rain"],
        });
        let (relay, spoken_for) = (body.clone(), {
            let mut body = body;
            body["code"] = json!(format!("{code}-logger"));
            body
        });
        let relay = self.post(ENGINEER, "/api/stations", relay).await;
        let spoken_for = self.post(ENGINEER, "/api/stations", spoken_for).await;
        let path = format!("/api/stations/{}/relay", id(&spoken_for));
        for relay in [json!(id(&relay)), Json::Null, json!(id(&relay))] {
            self.post(ENGINEER, &path, json!({ "relay": relay })).await;
        }
        [id(&relay).to_owned(), id(&spoken_for).to_owned()]
    }

    /// Nobody waits for a station any longer.
    async fn stop(&self, station: &str) {
        let stop = json!({
            "silent_after_s": 3_600, "paused_until": self.in_minutes(300 * 24 * 60),
            "reason": "冬季停测",
        });
        self.post(ENGINEER, &format!("/api/stations/{station}/silence"), stop).await;
    }

    /// A relay says nothing and one of another county for which it speaks, then one more,
    /// and then all are heard.
    async fn fall_silent(&self, [relay, logger]: &[String; 2]) {
        let by_the_hour = json!({ "silent_after_s": 3_600, "reason": "一小时一报" });
        let path = format!("/api/stations/{logger}/silence");
        self.post(ENGINEER, &path, by_the_hour).await;
        let far = json!({
            "protocol": "json", "code": "relayed-far", "name": "邻县转报站", "class": "other",
            "region": "220281", "period_s": 300, "elements": ["rain"],
        });
        let far = id(&self.post(ENGINEER, "/api/stations", far).await).to_owned();
        let path = format!("/api/stations/{far}/relay");
        self.post(ENGINEER, &path, json!({ "relay": relay })).await;
        let stations = [relay.clone(), logger.clone(), far];
        let world = &self.town.world;
        world.run(Lane::Ordinary, "intake", sense::station::listen).expect("listens");
        let mut watch = Watch::open(world);
        let hear = || {
            let heard = Contact::heard(world.clock().now(), "198.51.100.7:40000");
            let contacts = stations.clone().map(|it| (it.parse().expect("an id"), heard.clone()));
            let save = move |tx: &mut host::Tx<'_>| save_contacts(tx, &contacts);
            world.run(Lane::Ordinary, "intake", save).expect("saves");
        };
        hear();
        for (minutes, kind) in [(16, "silence.found"), (45, "silence.grew")] {
            self.pass(minutes);
            watch.look().expect("looks");
            self.wait_for(kind, 1);
        }
        hear();
        watch.look().expect("looks");
        self.wait_for("silence.ended", 1);
        for station in &stations {
            self.stop(station).await;
        }
    }

    async fn keys(&self, station: &str) -> [String; 2] {
        let keys = format!("/api/stations/{station}/keys");
        let first = self.post(ENGINEER, &keys, json!({})).await;
        self.post(ENGINEER, &keys, json!({ "overlap_h": 24 })).await;
        self.post(ENGINEER, &format!("{keys}/{}/end", id(&first)), json!({})).await;
        self.relay(station).await
    }

    /// A station is asked twice: the first is taken back, the second answered when the
    /// station is there.
    async fn commands(&self, station: &str, code: &str) {
        let path = format!("/api/stations/{station}");
        let ask = || json!({ "command": "45", "values": {} });
        let back = self.post(OFFICER, &format!("{path}/queries"), ask()).await;
        self.post(OFFICER, &format!("{path}/commands/{}/cancel", id(&back)), json!({})).await;
        self.post(OFFICER, &format!("{path}/queries"), ask()).await;
        let world = &self.town.world;
        let intake = Intake::open(world, intake::Config::default());
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let door = gateway::listen::<Sl651>(&intake, any, gateway::Config::default()).await;
        let door = door.expect("port 0 is free");
        let now = world.clock().now();
        let config = StationConfig::new(code.parse().expect("an address"), 0);
        let mut device = Station::new(config, now);
        device.command(now, Report::Heartbeat).expect("taken");
        let mut stream = TcpStream::connect(door.address()).await.expect("the door is open");
        // Until the centre has confirmed the answer, which it has stored by then.
        let mut heard = Vec::new();
        while heard.last() != Some(&End::Esc) {
            while let Some(output) = device.poll() {
                match output {
                    Output::Send(bytes) => stream.write_all(&bytes).await.expect("it reads"),
                    Output::Frame { frame, .. } => heard.push(frame.end),
                    _ => {}
                }
            }
            if heard.last() == Some(&End::Esc) {
                break;
            }
            let mut buffer = [0; 512];
            let count = stream.read(&mut buffer).await.expect("a whole connection");
            assert_ne!(count, 0, "the door hung up");
            device.input(now, &buffer[..count]);
        }
        self.wait_for("station.answered", 1);
        door.close().await;
    }

    /// The last of the day: rules are retired, and stations report less often.
    pub(super) async fn evening(&self, sites: &[Site]) {
        for site in sites.iter().take(20) {
            let path = format!("/api/rules/{}/retire", site.rule);
            self.post(ENGINEER, &path, reason("断面改建")).await;
            let edit = json!({ "period_s": 600 });
            self.post(ENGINEER, &format!("/api/stations/{}/edit", site.station), edit).await;
        }
        self.town.settle();
    }
}
