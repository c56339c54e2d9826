//! Commands to MQTT clients: on their own topic, acknowledged, and answered by name.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};

use wire::mqtt::Version;

use super::json::{CODE, KEY, PYTHON, is_there, open, registered};
use super::town::{QINGSHI, Valley, text};
use crate::simulate::{Options, RisingRiver, mqtt, run, sl651};

async fn query(valley: &Valley, station: &Json, name: &str) -> String {
    let path = format!("/api/stations/{}/queries", text(&station["id"]));
    let values = json!({ "name": name, "params": { "of": "泵 1" } });
    let asked =
        valley.town.post("桦甸", &path, json!({ "command": "query", "values": values })).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    text(&asked.body["id"]).to_owned()
}

async fn reaches(valley: &Valley, station: &Json, id: &str, state: &str) -> Json {
    let path = format!("/api/stations/{}/commands", text(&station["id"]));
    let of = |page: &Json| {
        let items = page["items"].as_array().expect("items");
        items.iter().find(|item| item["id"] == id).cloned().expect("it is in the list")
    };
    of(&valley.until("桦甸", &path, |page| of(page)["state"] == state).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_not_ours_hears_its_commands_and_answers_them() {
    if !is_there(PYTHON, "-cimport paho.mqtt.client") {
        return;
    }
    let valley = Valley::new().await;
    let door = open(&valley).await;
    let station = registered(&valley, CODE, &["water_level"]).await;
    registered(&valley, "neighbour-1", &["water_level"]).await;
    for version in ["4", "5"] {
        // It waits for the client, which is not there yet.
        let id = query(&valley, &station, "read_config").await;
        assert_eq!(reaches(&valley, &station, &id, "asked").await["sent_at"], Json::Null);
        let mut paho = Command::new(PYTHON);
        paho.args(["-c", PAHO, &door.address().port().to_string(), CODE, KEY, version]);
        let paho = paho.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let done = reaches(&valley, &station, &id, "answered").await;
        assert_eq!(done["said"]["result"], json!({ "rpm": 1450, "of": "泵 1" }), "{done}");
        let path = format!("/api/stations/{}/commands/{id}", text(&station["id"]));
        // The acknowledgement may come after the answer, and tells of the bytes.
        let bytes = valley.until("桦甸", &path, |bytes| bytes["sent"]["hex"].is_string()).await;
        let sent = hex::decode(text(&bytes["sent"]["hex"])).expect("digits");
        let sent = String::from_utf8_lossy(&sent);
        assert!(sent.contains("fengsui/220282-gas-1/command") && sent.contains(&id), "{sent}");
        assert!(bytes["answer"]["hex"].is_string());
        let said = tokio::task::spawn_blocking(move || paho.wait_with_output());
        let said = said.await.expect("no panic").expect("it ends");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.contains("heard read_config"), "{said}");
        let line = format!("/api/stations/{}/line", text(&station["id"]));
        valley.until("桦甸", &line, |line| line["online"] == false).await;
    }
    door.close().await;
}

/// Answers one command with what it was asked about, and ends.
const PAHO: &str = r#"
import json, sys, threading
import paho.mqtt.client as mqtt
port, code, key, version = sys.argv[1:5]
version = mqtt.MQTTv5 if version == "5" else mqtt.MQTTv311
kinds = getattr(mqtt, "CallbackAPIVersion", None)
first = [kinds.VERSION1] if kinds else []
client = mqtt.Client(*first, client_id="paho", protocol=version)
client.username_pw_set(code, key)
done = threading.Event()
def connected(client, *_):
    client.subscribe("fengsui/%s/command" % code, qos=1)
def heard(client, _, message):
    asked = json.loads(message.payload)
    print("heard", asked["name"], message.qos)
    answer = {"command": asked["command"], "status": "ok", "result": {"rpm": 1450, "of": asked["params"]["of"]}}
    client.publish("fengsui/%s/answer" % code, json.dumps(answer), qos=1)
    client.on_publish = lambda *_: done.set()
client.on_connect = connected
client.on_message = heard
client.connect("127.0.0.1", int(port))
client.loop_start()
done.wait(150)
client.disconnect()
client.loop_stop()
"#;

/// Debian's client on some topic, until it has heard one message or is refused.
async fn subscribes(port: u16, (code, version): (&str, &str), topic: &str) -> (bool, String) {
    let mut command = Command::new("mosquitto_sub");
    let port = port.to_string();
    command.args(["-V", version, "-h", "127.0.0.1", "-p", &port, "-u", code, "-P", KEY]);
    command.args(["-q", "1", "-C", "1", "-W", "150", "-t", topic, "-v"]);
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("no panic").expect("it starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_is_delivered_and_nobody_else_hears_it() {
    if !is_there("mosquitto_sub", "--help") {
        return;
    }
    let valley = Valley::new().await;
    let door = open(&valley).await;
    let port = door.address().port();
    let station = registered(&valley, CODE, &["water_level"]).await;
    registered(&valley, "neighbour-1", &["water_level"]).await;
    let topic = format!("fengsui/{CODE}/command");
    for version in ["mqttv311", "mqttv5"] {
        for topic in [topic.as_str(), "fengsui/+/command", "fengsui/#", "#"] {
            let (_, said) = subscribes(port, ("neighbour-1", version), topic).await;
            assert!(said.contains("denied") && !said.contains('{'), "{version} {topic}: {said}");
        }
        let id = query(&valley, &station, "read_config").await;
        let heard = subscribes(port, (CODE, version), &topic);
        let (is_well, said) =
            tokio::time::timeout(Duration::from_secs(200), heard).await.expect("in time");
        assert!(is_well, "{version}: {said}");
        let (heard_on, document) = said.trim().split_once(' ').expect("topic and payload");
        let document: Json = serde_json::from_str(document).expect("JSON");
        assert_eq!(heard_on, topic);
        assert_eq!((&document["command"], &document["kind"]), (&json!(id), &json!("query")));
        assert_eq!(document["params"]["of"], "泵 1");
        let delivered = reaches(&valley, &station, &id, "delivered").await;
        assert_eq!(delivered["said"], Json::Null, "it has it, and says nothing");
    }
    door.close().await;
}

fn river() -> RisingRiver {
    RisingRiver {
        base: 261.8,
        crest: 264.4,
        lead: base::Duration::from_hours(1),
        rise: base::Duration::from_hours(3),
        rain_mm: 80.0,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simulated_devices_answer_what_they_are_asked() {
    let valley = Valley::new().await;
    let door = open(&valley).await;
    let station = registered(&valley, CODE, &["water_level"]).await;
    let device = mqtt::Device {
        code: CODE.to_owned(),
        key: KEY.to_owned(),
        version: Version::V5,
        elements: vec!["water_level".to_owned()],
        river: river(),
    };
    let played = tokio::spawn(run(Options::new(door.address(), vec![device], valley.now())));
    let id = query(&valley, &station, "describe").await;
    let done = reaches(&valley, &station, &id, "answered").await;
    assert_eq!(done["said"]["result"]["elements"], json!(["water_level"]), "{done}");
    let id = query(&valley, &station, "open_the_gate").await;
    let done = reaches(&valley, &station, &id, "answered").await;
    assert_eq!(done["said"]["status"], "unknown_command", "{done}");
    played.abort();
    door.close().await;

    let station = valley.qingshi(&["Z"]).await;
    let device = sl651::Device {
        address: QINGSHI.parse().expect("an address"),
        password: 0,
        class: wire::sl651::StationClass::RIVER,
        elements: vec!["Z".to_owned()],
        river: river(),
    };
    let start = valley.now();
    let played = tokio::spawn(run(Options::new(valley.gateway.address(), vec![device], start)));
    let path = format!("/api/stations/{}/queries", text(&station["id"]));
    let hours = |hours| start + base::Duration::from_hours(hours);
    let values = json!({ "start": hours(-3), "end": hours(0), "step": "1h", "element": "Z" });
    let asked = valley.town.post("桦甸", &path, json!({ "command": "38", "values": values })).await;
    assert_eq!(asked.status, 201, "{}", asked.body);
    let done = reaches(&valley, &station, text(&asked.body["id"]), "answered").await;
    let rows = &done["said"]["report"][0]["blocks"][0]["elements"];
    assert_eq!(rows.as_array().map(Vec::len), Some(4), "{done:#}");
    assert_eq!(rows[0]["value"], 261.8);
    played.abort();
}
