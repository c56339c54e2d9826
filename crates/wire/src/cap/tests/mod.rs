//! Messages that others wrote, rules one by one, hostile bytes, and anything at all.

mod chain;
mod corpus;
mod feed;
mod hostile;
mod profile;
mod random;
mod rule;
mod schema;

use std::path::PathBuf;

use super::{Alert, Limits, Message, parse};

/// Every fixture whose name ends so, in the order of names.
fn fixtures(ending: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/cap");
    let mut found: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .expect("the fixtures are in the repository")
        .map(|entry| entry.expect("a folder that can be listed"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, _)| name.ends_with(ending))
        .map(|(name, path)| (name, std::fs::read(path).expect("a file that can be read")))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no {ending}");
    found
}

fn fixture(name: &str) -> Vec<u8> {
    fixtures(name).into_iter().find(|(it, _)| it == name).expect("its file is there").1
}

#[track_caller]
fn read(text: &str) -> Message {
    match parse(text.as_bytes(), &Limits::default()) {
        Ok(message) => message,
        Err(error) => panic!("{error}"),
    }
}

/// A message without a fault.
const GOOD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>22028041600000_20260803111426_0</identifier>
  <sender>22028041600000</sender>
  <sent>2026-08-03T11:14:26+08:00</sent>
  <status>Exercise</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <code>cn</code>
  <incidents>one "two words"</incidents>
  <info>
    <language>zh-CN</language>
    <category>Met</category>
    <event>暴雨</event>
    <responseType>Prepare</responseType>
    <urgency>Expected</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <expires>2026-08-03T23:00:00+08:00</expires>
    <headline>暴雨橙色预警</headline>
    <web>https://example.org/a</web>
    <parameter><valueName>rain</valueName><value>50 &lt; mm</value></parameter>
    <resource>
      <resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>3</size>
      <uri>map.png</uri><derefUri>QUJD</derefUri>
      <digest>3c01bdbb26f358bab27f267924aa2c9a03fcfdb8</digest>
    </resource>
    <area>
      <areaDesc>样例县</areaDesc>
      <polygon>43.1,126.1 43.1,126.5 43.4,126.5 43.1,126.1</polygon>
      <circle>43.2,126.2 10</circle>
      <geocode><valueName>GB/T 2260</valueName><value>220280</value></geocode>
      <altitude>600</altitude>
      <ceiling>1200.5</ceiling>
    </area>
  </info>
</alert>
"#;

fn good() -> Alert {
    read(GOOD).alert
}
