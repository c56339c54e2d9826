//! What a station is asked, by whom, how far that is, and what it answered.

use host::town::Answer;
use serde_json::{Value as Json, json};
use tokio::io::AsyncWriteExt as _;
use wire::sl651::{
    Body, Coding, Content, Decimal, Direction, End, Frame, Function, Parameter, Section, Setting,
    StationClass,
};

use super::town::{Device, HUADIAN, QINGSHI, Valley, details, level, quick, report, text, until};
use crate::Protocol;
use crate::station;

/// A station at 桦甸 that has reported, and the path of its commands.
struct Asked {
    valley: Valley,
    station: String,
}

impl Asked {
    async fn new(valley: Valley) -> Asked {
        let view = valley.qingshi(&["Z"]).await;
        Asked { station: format!("/api/stations/{}", text(&view["id"])), valley }
    }

    async fn ask(&self, who: &str, road: &str, body: Json) -> Answer {
        self.valley.town.post(who, &format!("{}/{road}", self.station), body).await
    }

    /// A query that is taken; its id.
    async fn query(&self, command: &str, values: Json) -> String {
        let body = json!({ "command": command, "values": values });
        let answer = self.ask("桦甸", "queries", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        text(&answer.body["id"]).to_owned()
    }

    async fn set(&self, command: &str, values: Json) -> String {
        let body = json!({ "command": command, "values": values, "reason": "检修后校正" });
        let answer = self.ask("桦甸", "settings", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        text(&answer.body["id"]).to_owned()
    }

    /// The command once it stands there.
    async fn reaches(&self, id: &str, state: &str) -> Json {
        let path = format!("{}/commands", self.station);
        let of = |page: &Json| {
            let items = page["items"].as_array().expect("items");
            items.iter().find(|item| item["id"] == id).cloned().expect("it is in the list")
        };
        of(&self.valley.until("桦甸", &path, |page| of(page)["state"] == state).await)
    }

    async fn bytes(&self, id: &str) -> Json {
        self.valley.get("桦甸", &format!("{}/commands/{id}", self.station)).await
    }

    /// The tables are the fold of the log.
    fn folds(&self) {
        let (_, differences) = self.valley.town.world.compare_with_fold().expect("folds");
        assert_eq!(differences, []);
    }

    /// What the log holds of a kind.
    fn facts(&self, kind: &str) -> Vec<Json> {
        let world = &self.valley.town.world;
        let entries =
            world.read_now(|db| Ok(host::log::after(db, host::log::Book::Log, 0, 1_000)?));
        let entries = entries.expect("reads").into_iter().filter(|entry| entry.kind() == kind);
        entries
            .map(|entry| serde_json::from_str(entry.body.as_deref().expect("open")).expect("JSON"))
            .collect()
    }
}

/// Hears what is asked.
async fn asked(device: &mut Device) -> Frame {
    let asked = device.hear().await;
    assert_eq!((asked.direction, asked.end), (Direction::Down, End::Enq));
    asked
}

/// Hears what is asked, and answers it with this content.
async fn answers(device: &mut Device, valley: &Valley, serial: u16, content: Content) -> Frame {
    let asked = asked(device).await;
    answer(device, valley, asked.function, serial, content).await;
    asked
}

async fn answer(
    device: &mut Device,
    valley: &Valley,
    function: Function,
    serial: u16,
    content: Content,
) {
    let frame = device.frame(function, serial, valley.now(), content);
    device.send(&frame).await;
    // The centre confirms what it has stored; a query may have been repeated before.
    let mut heard = device.hear().await;
    while heard.end == End::Enq {
        heard = device.hear().await;
    }
    assert_eq!(heard.serial(), Some(serial));
}

/// A query is given up after three times this long; whoever means to answer it has that long.
fn quick_to_give_up() -> super::town::Limits {
    let mut limits = quick();
    limits.door.session.answer = base::Duration::from_secs(1);
    limits
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_is_asked_where_it_was_heard_last_and_its_answer_is_stored_too() {
    let asked = Asked::new(Valley::new().await).await;
    let valley = &asked.valley;
    let mut old = valley.device(QINGSHI).await;
    report(&mut old, 1, valley.now(), 261_500).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 2, valley.now(), 261_500).await;
    let line = valley.get("桦甸", &format!("{}/line", asked.station)).await;
    assert_eq!((&line["online"], &line["open"]), (&json!(true), &json!(0)));
    let forms = valley.get("桦甸", &format!("{}/forms", asked.station)).await;
    assert_eq!(forms["items"].as_array().map(Vec::len), Some(23));

    let id = asked.query("37", json!({})).await;
    let at = valley.now() + base::Duration::from_mins(1);
    let values = Section::observed(device.address, StationClass::RIVER, at, vec![level(261_700)]);
    let heard = answers(&mut device, valley, 3, Content::Report(vec![values])).await;
    assert_eq!(heard.function, Function::QUERY_NOW);
    let done = asked.reaches(&id, "answered").await;
    assert_eq!(done["said"]["report"][0]["blocks"][0]["elements"][0]["value"], 261.7);
    assert_eq!((&done["by"], &done["word"]), (&json!("桦甸"), &json!("查询遥测站实时数据")));
    assert!(done["sent_at"].is_string() && done["answered_at"].is_string(), "{done}");
    until("it is a reading as well", || valley.gateway.counts().readings == 2).await;

    let bytes = asked.bytes(&id).await;
    for (side, end) in [("sent", "ENQ"), ("answer", "ETX")] {
        let (hex, spans) =
            (text(&bytes[side]["hex"]), bytes[side]["spans"].as_array().expect("spans"));
        assert_eq!(&hex[16..20], "****", "a password is nobody's to see: {hex}");
        assert!(hex.ends_with("****"), "nor to be worked out by the check: {hex}");
        assert!(!bytes.to_string().contains("A1B2"), "{bytes}");
        let named = |name: &str| spans.iter().find(|span| span["name"] == name).cloned();
        assert_eq!(named("end").expect("it is read")["text"], end, "{spans:?}");
        assert!(named("unread").is_none());
    }
    // The trail holds who looked, at what.
    let noted = || {
        let trail = valley
            .town
            .world
            .read_now(|db| Ok(host::log::after(db, host::log::Book::Trail, 0, 1_000)?));
        let notes = trail.expect("reads").into_iter();
        notes.filter(|note| note.kind() == "station.command_read").collect::<Vec<_>>()
    };
    let notes = noted();
    let [note] = &notes[..] else { panic!("{notes:?}") };
    let body: Json = serde_json::from_str(note.body.as_deref().expect("open")).expect("JSON");
    let said = json!({ "command": id, "word": "查询遥测站实时数据", "station": "青石湾水文站" });
    assert_eq!(body, said);
    assert!(asked.station.ends_with(&note.header.subject.to_string()), "{:?}", note.header);
    // Who may not see the station sees no bytes, and is noted for none.
    let path = format!("{}/commands/{id}", asked.station);
    assert_eq!(valley.town.get("磐石", &path).await.status, 404);
    assert_eq!(noted().len(), 1);

    let base = Setting::Number(Decimal::new(260_000, 3));
    let base = Parameter::of(Function::READ_RUNNING, 0x28, &base, Coding::Hex).expect("it fits");
    let id = asked.query("43", json!({ "codes": ["28"] })).await;
    answers(&mut device, valley, 4, Content::Parameters(vec![base])).await;
    let done = asked.reaches(&id, "answered").await;
    assert_eq!(done["said"]["parameters"][0]["value"], 260.0);

    let id = asked.set("42", json!({ "parameters": { "28": "260.5" } })).await;
    let heard = super::commands::asked(&mut device).await;
    let Content::Parameters(set) = Body::decode(&heard).expect("a body").content else {
        panic!("{heard:?}")
    };
    assert_eq!(set[0].setting(Function::WRITE_RUNNING), Setting::Number(Decimal::new(260_500, 3)));
    answer(&mut device, valley, heard.function, 5, Content::Parameters(set)).await;
    let done = asked.reaches(&id, "answered").await;
    assert_eq!((&done["reason"], &done["kind"]), (&json!("检修后校正"), &json!("setting")));
    asked.folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_waits_until_its_station_reports_or_its_time_is_over() {
    let asked = Asked::new(Valley::new().await).await;
    let valley = &asked.valley;
    let now = json!({ "command": "37", "values": {}, "wait_min": 0 });
    let refused = asked.ask("桦甸", "queries", now).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &json!("station-offline")));
    let pumps = json!({ "command": "4C", "values": { "on": [true] }, "reason": "抽水" });
    let refused = asked.ask("桦甸", "settings", pumps.clone()).await;
    assert_eq!(refused.body["code"], "station-offline", "what moves something does not wait");
    let mut later = pumps;
    later["wait_min"] = json!(5);
    assert_eq!(asked.ask("桦甸", "settings", later).await.status, 422);

    let waits = asked.query("51", json!({})).await;
    let body = json!({ "command": "46", "values": {}, "wait_min": 10 });
    let over = asked.ask("桦甸", "queries", body).await;
    let over = text(&over.body["id"]).to_owned();
    let back = asked.query("45", json!({})).await;
    assert_eq!(asked.reaches(&over, "asked").await["sent_at"], Json::Null);

    let taken_back = asked.ask("桦甸", &format!("commands/{back}/cancel"), json!({})).await;
    assert_eq!((taken_back.status.as_u16(), &taken_back.body["state"]), (200, &json!("cancelled")));
    let again = asked.ask("桦甸", &format!("commands/{back}/cancel"), json!({})).await;
    assert_eq!(again.body["code"], "command-not-waiting");

    let clock = valley.town.world.clock();
    clock.set(clock.now() + base::Duration::from_mins(10));
    let expired = asked.reaches(&over, "expired").await;
    assert!(text(&expired["why"]).contains("by its time"), "{expired}");

    // It reports for a moment, and is asked what waits.
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let heard = answers(&mut device, valley, 2, Content::Bare).await;
    assert_eq!(heard.function, Function::QUERY_CLOCK);
    asked.reaches(&waits, "answered").await;
    let late = asked.ask("桦甸", &format!("commands/{waits}/cancel"), json!({})).await;
    assert_eq!(late.body["code"], "command-not-waiting");
    // Nothing of it waits for a person.
    let counts = valley.town.world.read_now(host::effect::counts).expect("counts");
    assert_eq!(counts, host::effect::Counts::default());
    asked.folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_ask_at_once_are_answered_one_after_the_other() {
    let asked = Asked::new(Valley::new().await).await;
    let valley = &asked.valley;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let body = || json!({ "command": "51", "values": {} });
    let (one, two) = tokio::join!(
        asked.ask("桦甸", "queries", body()),
        asked.ask("段工", "queries", json!({ "command": "45", "values": {} })),
    );
    let heard = super::commands::asked(&mut device).await;
    let (first, second) = match heard.function {
        Function::QUERY_CLOCK => (&one, &two),
        _ => (&two, &one),
    };
    asked.reaches(text(&first.body["id"]), "sent").await;
    asked.reaches(text(&second.body["id"]), "asked").await;
    answer(&mut device, valley, heard.function, 2, Content::Bare).await;
    asked.reaches(text(&first.body["id"]), "answered").await;
    answers(&mut device, valley, 3, Content::Bare).await;
    asked.reaches(text(&second.body["id"]), "answered").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_is_repeated_a_setting_goes_out_once_and_an_answer_may_come_late() {
    let asked = Asked::new(Valley::with(quick_to_give_up()).await).await;
    let valley = &asked.valley;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let id = asked.query("51", json!({})).await;
    for _ in 0..3 {
        assert_eq!(super::commands::asked(&mut device).await.function, Function::QUERY_CLOCK);
    }
    asked.reaches(&id, "timed_out").await;

    let set = asked.set("4A", json!({})).await;
    assert_eq!(super::commands::asked(&mut device).await.function, Function::SET_CLOCK);
    let over = asked.reaches(&set, "timed_out").await;
    assert!(over["sent_at"].is_string());
    let next = asked.query("45", json!({})).await;
    let heard = super::commands::asked(&mut device).await;
    assert_eq!(heard.function, Function::QUERY_VERSION, "the setting was sent once");
    answer(&mut device, valley, heard.function, 2, Content::Version(b"v1".to_vec())).await;
    asked.reaches(&next, "answered").await;

    // The setting's answer comes after all.
    answer(&mut device, valley, Function::SET_CLOCK, 3, Content::Bare).await;
    let late = asked.reaches(&set, "answered").await;
    assert_eq!(late["said"]["serial"], 3);
    assert!(asked.bytes(&set).await["answer"]["hex"].is_string());
    // And once more is a frame like others.
    answer(&mut device, valley, Function::SET_CLOCK, 4, Content::Bare).await;
    assert_eq!(asked.facts("station.answered").len(), 2);
    asked.folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_line_ends_a_query_is_asked_again_and_a_setting_is_uncertain() {
    // On a machine that does much else an answer's time must not end before the line does.
    let mut limits = quick();
    limits.door.session.answer = base::Duration::from_mins(5);
    let asked = Asked::new(Valley::with(limits).await).await;
    let valley = &asked.valley;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let query = asked.query("51", json!({})).await;
    super::commands::asked(&mut device).await;
    device.stream.shutdown().await.expect("it closes");
    let waits = asked.reaches(&query, "asked").await;
    assert!(text(&waits["why"]).contains("the line ended"), "{waits}");
    let lines = valley.gateway.intake().lines();
    until("the line is gone", || !lines.is_online(Protocol::Sl651, QINGSHI)).await;

    let clock = valley.town.world.clock();
    clock.set(clock.now() + base::Duration::from_secs(6));
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 2, valley.now(), 261_500).await;
    answers(&mut device, valley, 3, Content::Bare).await;
    asked.reaches(&query, "answered").await;

    let set = asked.set("4A", json!({})).await;
    super::commands::asked(&mut device).await;
    device.stream.shutdown().await.expect("it closes");
    asked.reaches(&set, "uncertain").await;
    let counts = valley.town.world.read_now(host::effect::counts).expect("counts");
    assert_eq!(counts.uncertain, 1, "a person is to find out");
    // Nothing is sent again by itself.
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 4, valley.now(), 261_500).await;
    let next = asked.query("45", json!({})).await;
    let heard = super::commands::asked(&mut device).await;
    assert_eq!(heard.function, Function::QUERY_VERSION);
    answer(&mut device, valley, heard.function, 5, Content::Version(b"v1".to_vec())).await;
    asked.reaches(&next, "answered").await;
    asked.folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_claims_a_code_is_asked_nothing_and_answers_nothing() {
    let valley = Valley::with(quick_to_give_up()).await;
    let mut body = details("青石湾水文站", HUADIAN, &["Z"]);
    body["password"] = json!("A1B2");
    let view = valley.register("段工", QINGSHI, body).await;
    let asked = Asked { station: format!("/api/stations/{}", text(&view["id"])), valley };
    let valley = &asked.valley;
    let mut stranger = valley.device(QINGSHI).await;
    stranger.password = 0x0001;
    let frame = stranger.report(1, valley.now(), &[level(261_500)]);
    stranger.send(&frame).await;
    until("it was refused", || valley.gateway.counts().refused == 1).await;
    let lines = valley.gateway.intake().lines();
    assert!(!lines.is_online(Protocol::Sl651, QINGSHI));

    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let id = asked.set("4A", json!({})).await;
    let heard = super::commands::asked(&mut device).await;
    // On the same line, with another password.
    device.password = 0x0001;
    let frame = device.frame(heard.function, 2, valley.now(), Content::Bare);
    device.send(&frame).await;
    let state = asked.reaches(&id, "timed_out").await;
    assert_eq!(state["said"], Json::Null);
    assert_eq!(asked.facts("station.answered").len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_asks_nothing_and_what_is_wrong_is_said_by_its_field() {
    let asked = Asked::new(Valley::new().await).await;
    let town = &asked.valley.town;
    town.person("观察员", HUADIAN, &[station::READ]);
    town.person("值班员", HUADIAN, &[station::READ, station::command::ASK]);
    let query = || json!({ "command": "37", "values": {} });
    let set = || json!({ "command": "4A", "values": {}, "reason": "校时" });
    for (who, road, body, status) in [
        ("观察员", "queries", query(), 403),
        ("观察员", "settings", set(), 403),
        ("值班员", "settings", set(), 403),
        ("磐石", "queries", query(), 404),
        ("磐石", "settings", set(), 404),
        ("值班员", "queries", set(), 422),
        ("桦甸", "settings", query(), 422),
        ("桦甸", "settings", json!({ "command": "4A", "values": {} }), 422),
        ("桦甸", "settings", json!({ "command": "4A", "values": {}, "reason": " " }), 422),
        ("值班员", "queries", json!({ "command": "99", "values": {} }), 422),
        ("值班员", "queries", json!({ "command": "41", "values": { "codes": ["03"] } }), 422),
        ("值班员", "queries", json!({ "command": "37", "values": {}, "wait_min": 1_441 }), 422),
        ("值班员", "queries", json!({ "command": "37", "values": {}, "wait_min": -1 }), 422),
    ] {
        let answer = asked.ask(who, road, body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{who} {road} {body}: {}", answer.body);
    }
    let wrong = json!({ "command": "43", "values": { "codes": ["B0"] } });
    let answer = asked.ask("值班员", "queries", wrong).await;
    assert_eq!(answer.body["field"], "codes", "{}", answer.body);
    assert_eq!(asked.facts("station.asked").len(), 0);
    let commands = format!("{}/commands", asked.station);
    assert_eq!(town.get("磐石", &commands).await.status, 404);
    assert_eq!(town.get("观察员", &commands).await.status, 200);

    let id = asked.set("4A", json!({})).await;
    let cancel = format!("commands/{id}/cancel");
    assert_eq!(asked.ask("磐石", &cancel, json!({})).await.status, 404);
    assert_eq!(asked.ask("观察员", &cancel, json!({})).await.status, 403);
    assert_eq!(asked.ask("值班员", &cancel, json!({})).await.status, 403, "another's setting");
    assert_eq!(asked.ask("段工", &cancel, json!({})).await.status, 200);

    for _ in 0..16 {
        asked.query("37", json!({})).await;
    }
    let more = asked.ask("桦甸", "queries", query()).await;
    assert_eq!((more.status.as_u16(), &more.body["code"]), (409, &json!("too-many-commands")));

    let mut body = details("空气站", HUADIAN, &[]);
    body["protocol"] = json!("gateway");
    let other = asked.valley.register("段工", "22028200001", body).await;
    let path = format!("/api/stations/{}", text(&other["id"]));
    let answer = town.post("桦甸", &format!("{path}/queries"), query()).await;
    assert_eq!(answer.body["code"], "no-commands", "{}", answer.body);
    let forms = asked.valley.get("桦甸", &format!("{path}/forms")).await;
    assert_eq!(forms["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_is_changed_by_an_issued_key_and_stands_nowhere() {
    let valley = Valley::new().await;
    let mut body = details("青石湾水文站", HUADIAN, &["Z"]);
    body["password"] = json!("A1B2");
    let view = valley.register("段工", QINGSHI, body).await;
    let asked = Asked { station: format!("/api/stations/{}", text(&view["id"])), valley };
    let valley = &asked.valley;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let only = valley.get("段工", &format!("{}/keys", asked.station)).await;
    let only = &only["items"][0]["id"];
    let body = json!({ "command": "49", "values": { "key": only }, "reason": "轮换" });
    let refused = asked.ask("桦甸", "settings", body).await;
    assert_eq!((refused.status.as_u16(), &refused.body["field"]), (422, &json!("key")));

    let next = asked.ask("段工", "keys", json!({ "key": "c3d4" })).await;
    let id = asked.set("49", json!({ "key": next.body["id"] })).await;
    let heard = super::commands::asked(&mut device).await;
    let Content::Parameters(set) = Body::decode(&heard).expect("a body").content else {
        panic!("{heard:?}")
    };
    let setting = |at: usize| set[at].setting(Function::CHANGE_PASSWORD);
    assert_eq!((setting(0), setting(1)), (Setting::Password(0xA1B2), Setting::Password(0xC3D4)));
    answer(&mut device, valley, heard.function, 2, Content::Parameters(vec![set[1].clone()])).await;
    asked.reaches(&id, "answered").await;
    let bytes = asked.bytes(&id).await.to_string();
    let log = valley.town.world.read_now(|db| {
        let entries = host::log::after(db, host::log::Book::Log, 0, 1_000)?;
        let errands = db.rows("select payload, title, said from errand", &[])?;
        let errands = errands.iter().map(|row| row.get::<String>("payload"));
        let errands = errands.collect::<Result<Vec<_>, _>>()?;
        Ok(entries.into_iter().filter_map(|entry| entry.body).chain(errands).collect::<String>())
    });
    for secret in ["A1B2", "C3D4", "c3d4"] {
        assert!(!bytes.contains(secret), "{bytes}");
        assert!(!log.as_ref().expect("reads").contains(secret), "{secret} is in a fact");
    }
    device.password = 0xC3D4;
    report(&mut device, 3, valley.now(), 261_600).await;
}
