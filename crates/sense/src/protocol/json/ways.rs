//! How a system without a standard of its own is set up: MQTT, or a request.

use base::Timestamp;

use super::super::way::{Doors, KEY, Way, WayKind};

/// - `code`: the user name.
pub fn ways(code: &str, doors: &Doors, now: Timestamp) -> Vec<Way> {
    let example = format!(r#"{{"time":"{now}","values":{{"name":21.5}}}}"#);
    // A record without values is a whole one.
    let empty = format!(r#"{{"time":"{now}","values":{{}}}}"#);
    let mqtt = doors.tcp.map(|door| {
        let topic = format!("fengsui/{code}/readings");
        let (host, port) = (door.ip(), door.port());
        let command = format!(
            "mosquitto_pub -h {host} -p {port} -i '{code}' -u '{code}' -P '{KEY}' -q 1 -t '{topic}' -m '{empty}'"
        );
        Way {
            topic: Some(topic),
            example: Some(example.clone()),
            command: Some(command),
            ..Way::new(WayKind::Mqtt, door)
        }
    });
    let http = doors.http.map(|door| {
        let way = Way::http(door, "json");
        let command = format!(
            "curl -u '{code}:{KEY}' -H 'Content-Type: application/json' -d '{empty}' '{}'",
            way.address
        );
        Way { example: Some(example.clone()), command: Some(command), ..way }
    });
    mqtt.into_iter().chain(http).collect()
}

#[cfg(test)]
mod tests {
    use wire::readings::{Limits, parse_json};

    use super::*;

    #[test]
    fn what_a_vendor_is_given_is_read() {
        let now = Timestamp::from_beijing([2026, 8, 3], [9, 0, 0]).expect("a minute");
        let door = "127.0.0.1:7883".parse().ok();
        let ways = ways("220282-gas-1", &Doors { tcp: door, http: door, folder: None }, now);
        assert_eq!(ways[0].topic.as_deref(), Some("fengsui/220282-gas-1/readings"));
        for way in &ways {
            let example = way.example.as_deref().expect("one");
            let records = parse_json(example.as_bytes(), &Limits::default()).expect("it reads");
            assert_eq!(records[0].values.len(), 1);
            let command = way.command.as_deref().expect("a line");
            let proof = command.split('\'').find(|part| part.starts_with('{') && *part != KEY);
            let proof = proof.expect("a record").as_bytes();
            assert_eq!(parse_json(proof, &Limits::default()).expect("it reads").len(), 1);
        }
    }
}
