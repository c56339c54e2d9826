//! Vectors of the standard's family first, then forms, streams, both sides, and any bytes.

mod vectors;

mod payloads;

mod streams;

mod sessions;

mod descriptions;

mod random;

use base::{Duration, Timestamp};

use super::{Envelope, Key, Message};

/// The dummy key of the published vectors (AES-128, base64).
fn key() -> Key {
    Key::parse("0123456789ABCDEF ABCDEF0123456789").expect("sixteen characters each")
}

/// Seconds after 08:00 on 2019-08-01.
fn at(seconds: i64) -> Timestamp {
    let morning = Timestamp::from_beijing([2019, 8, 1], [8, 0, 0]).expect("a day");
    morning + Duration::from_secs(seconds)
}

/// A hazchem report with one level: the plain text of the published full vector.
const LEVEL: &str = concat!(
    r#"{"dataId":"d-0001","enterpriseId":"220000001","gatewayId":"22000000101","#,
    r#""collectTime":"20190801080000","isConnectDataSource":true,"reportType":"report","#,
    r#""datas":[{"quotaId":"220000001001G0001YW001","value":"8.42"}]}"#,
);

/// What [`LEVEL`] is with [`key`].
const LEVEL_CLOSED: &str = concat!(
    "G38JjRl3IHLzvfOMI75L4XyEvFZ6Gz45ETPvaQ1XzVvVS5Ny1cUHKPdARpVTUMlHdw+fZk4/OivSyrnoSX+rIz1f",
    "kz2M+foHC1F9bcY4hcjey1N6ykHi+LwXwp298xIH7c/EOQN131h2khf4G3baeRqbWq0E/pERJC06vW6ohGXjX93j",
    "iwxTBACi4PKyjKSR7QeMrJE8aQS6QYfvrbrFSFTwlQBlbZbGP9YgSwmUEczNoClKx+grA9KN8QJfVuI+JBVNjm3j",
    "kVea4C2t4QaUodNF9VAfe7tzCkJbb1xQn+c=",
);

fn envelope(data_id: &str, data: &str) -> Envelope {
    Envelope {
        app_id: "app-1".to_owned(),
        service_id: "svc-1".to_owned(),
        data_id: data_id.to_owned(),
        data: data.to_owned(),
        interface: None,
        params: None,
        more: serde_json::Map::new(),
    }
}

fn bytes(data_id: &str, data: &str) -> Vec<u8> {
    super::write(&Message::Request(envelope(data_id, data))).expect("ids are plain")
}
