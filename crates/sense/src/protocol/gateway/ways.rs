//! How a front-end gateway is set up: where, as whom, and what is inside and outside.

use base::Timestamp;

use super::super::way::{Doors, Way, WayKind, compact};

/// - `gateway`: its code, enterprise and two digits.
pub fn ways(gateway: &str, doors: &Doors, now: Timestamp) -> Vec<Way> {
    let enterprise = &gateway[..gateway.len().saturating_sub(2)];
    let time = compact(now);
    let plain = |rows: &str| {
        format!(
            r#"{{"dataId":"{time}","enterpriseId":"{enterprise}","gatewayId":"{gateway}","collectTime":"{time}","isConnectDataSource":true,"reportType":"report","datas":[{rows}]}}"#
        )
    };
    let outside = format!(
        r#"{{"appId":"{gateway}","serviceId":"report","dataId":"{time}","data":"AES-CBC(…)"}}"#
    );
    let row = format!(r#"{{"quotaId":"{enterprise}001G0001YW001","value":"8.42"}}"#);
    let example = format!("{}\n{outside}", plain(&row));
    // The words of a key are: cipher, form, key, vector.
    let hex = |word: u8| format!("$(printf %s '{{KEY:{word}}}' | od -An -v -tx1 | tr -d ' \\n')");
    let closed = format!(
        "printf %s '{}' | openssl enc -aes-256-cbc -K {} -iv {} -a -A",
        plain(""),
        hex(3),
        hex(4)
    );
    let told = |way: Way| Way { example: Some(example.clone()), ..way };
    let tcp = doors.tcp.map(|door| {
        let way = told(Way::new(WayKind::Tcp, door));
        Way { example: way.example.map(|example| format!("{example}@@")), ..way }
    });
    let http = doors.http.map(|door| {
        let way = told(Way::http(door, "gateway"));
        let command = format!(
            r#"curl -H 'Content-Type: application/json' -d '{{"appId":"{gateway}","serviceId":"report","dataId":"{time}","data":"'"$({closed})"'"}}' '{}'"#,
            way.address
        );
        Way { command: Some(command), ..way }
    });
    tcp.into_iter().chain(http).collect()
}

#[cfg(test)]
mod tests {
    use wire::gateway::{Message, Payload, parse};

    use super::*;

    #[test]
    fn what_a_vendor_is_given_opens_and_reads() {
        let now = Timestamp::from_beijing([2026, 8, 3], [9, 0, 0]).expect("a minute");
        let door = "127.0.0.1:7653".parse().ok();
        let ways = ways("22028200101", &Doors { tcp: door, http: door, folder: None }, now);
        let [tcp, http] = &ways[..] else { panic!("{ways:?}") };
        let (inside, outside) =
            tcp.example.as_deref().and_then(|it| it.split_once('\n')).expect("two lines");
        let payload = Payload::parse(inside).expect("a report");
        assert_eq!((payload.gateway.as_str(), payload.rows.len()), ("22028200101", 1));
        let Ok((Message::Request(envelope), rest)) = parse(outside.as_bytes()) else {
            panic!("{outside}")
        };
        assert_eq!((envelope.app_id.as_str(), rest.len()), ("22028200101", 0));
        let command = http.command.as_deref().expect("a line");
        let proof = command.split('\'').find(|part| part.contains("collectTime")).expect("inside");
        assert_eq!(Payload::parse(proof).expect("a report").rows.len(), 0);
    }
}
