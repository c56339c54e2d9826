//! The demonstration tells its story by itself, and every value of it came through a door.

use std::time::Duration;

use host::town::Scratch;
use serde_json::Value as Json;

use crate::client::Client;
use crate::node::Node;
use crate::patience::until;
use crate::town::{HUADIAN, OFFICER, QINGSHI, RESPONDER};

/// Its parts come within two minutes where nothing else goes on; here much does.
const WAIT: Duration = Duration::from_secs(600);

/// Hazard, code of the station, quantity and the line that is passed.
const PARTS: [(&str, &str, &str, f64); 4] = [
    ("rainstorm", "0010840001", "rain_amount", 50.0),
    ("flood", QINGSHI, "water_level", 264.0),
    ("hazardous_chemical", "22028200201", "combustible_gas", 25.0),
    ("coal_mine", "220282000012", "methane", 1.0),
];

#[test]
fn rain_river_tank_and_methane_become_warnings_an_incident_and_tasks_by_themselves() {
    let scratch = Scratch::new();
    let node = Node::play(scratch.path(), &["--pace", "4", "--history", "1"]);
    eprintln!("ready after {:?}, work {:?}", node.ready_after, node.ready_work);
    let officer = Client::sign_in(node.web, OFFICER);
    let all = officer.all("/api/enterprises");
    assert_eq!(all.len(), 100);
    let invented = |it: &Json| it["name"].as_str().is_some_and(|name| name.contains("演示"));
    assert!(all.iter().all(invented), "{all:?}");

    for (hazard, code, quantity, line) in PARTS {
        let station = officer.all(&format!("/api/stations?q={code}")).remove(0);
        let finding = until(&format!("{hazard} passes {line}"), WAIT, || {
            let found = officer.all("/api/findings").into_iter();
            let mut of_it = found.filter(|it| it["station"] == station["id"]);
            of_it.find(|it| it["hazard"] == hazard && it["rule"]["threshold"] == line)
        });
        // Of a sum the values are what was added.
        assert!(hazard == "rainstorm" || line <= peak(&finding), "{finding}");
        assert_eq!((&finding["quantity"], &finding["region"]), (&quantity.into(), &HUADIAN.into()));
        // The sensor whose readings these are has them from its device, by its protocol.
        let sensors = station["sensors"].as_array().expect("sensors");
        assert!(sensors.iter().any(|it| it["id"] == finding["sensor"]), "{station}");
        let values = finding["values"].as_array().expect("what raised it");
        let framed = values.iter().all(|value| value["frame"].is_string());
        assert!(!values.is_empty() && framed, "each lies in its frame: {finding}");
        let source = officer.all("/api/sources");
        let source = source.into_iter().find(|it| it["station"] == station["id"]);
        let source = source.expect("on the board of sources");
        assert!(source["last_contact"].is_string(), "{source}");
        let notices = until(&format!("{hazard} is told"), WAIT, || {
            let all = officer.all("/api/notices").into_iter();
            let of_it: Vec<Json> = all.filter(|it| it["finding"] == finding["id"]).collect();
            (!of_it.is_empty()).then_some(of_it)
        });
        assert_eq!(notices[0]["hazard"], hazard);
        // Rainstorm signals are the weather service's: the proposal is closed.
        let end = if hazard == "rainstorm" { "discarded" } else { "issued" };
        until(&format!("a warning of {hazard} is {end}"), WAIT, || {
            let all = officer.all("/api/warnings");
            all.into_iter().find(|it| it["station"] == station["id"] && it["state"] == end)
        });
    }

    let incident = until("an incident is opened", WAIT, || {
        officer.all("/api/incidents").into_iter().find(|it| it["warning"].is_string())
    });
    assert_eq!(incident["region"], HUADIAN);
    let team = Client::sign_in(node.web, RESPONDER);
    let task = until("a task is reported done", WAIT, || {
        team.all("/api/tasks").into_iter().find(|task| task["state"] == "done")
    });
    assert!(task["report"].as_str().is_some_and(|report| !report.is_empty()), "{task}");
    let quake = until("an earthquake is reported", WAIT, || {
        officer.all("/api/earthquakes").into_iter().next()
    });
    assert!(quake["id"].is_string(), "{quake}");
    // Nobody else's alarm: the other plants are calm.
    let calm = ["0010840001", "0010840002", QINGSHI, "22028200201", "220282000012"];
    let stations = officer.all("/api/stations");
    let loud: Vec<Json> = stations
        .into_iter()
        .filter(|it| !it["code"].as_str().is_some_and(|code| calm.contains(&code)))
        .map(|it| it["id"].clone())
        .collect();
    let others = officer.all("/api/findings").into_iter();
    let others: Vec<Json> = others.filter(|it| loud.contains(&it["station"])).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(node.stop().success());
}

fn peak(finding: &Json) -> f64 {
    finding["peak"]["value"].as_f64().unwrap_or(f64::MIN)
}
