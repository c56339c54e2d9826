//! Stories of received warnings: what another authority sends, and what people then see.

mod doors;

use expect_test::{Expect, expect};
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};

use crate::story::*;

/// A message of the weather service, in force until 14:00 unless said otherwise.
struct Sent {
    name: &'static str,
    kind: &'static str,
    status: &'static str,
    scope: &'static str,
    /// Names of earlier ones.
    names: &'static [&'static str],
    until: &'static str,
    /// A division that it concerns.
    division: &'static str,
}

const STORM: Sent = Sent {
    name: "A",
    kind: "Alert",
    status: "Actual",
    scope: "Public",
    names: &[],
    until: "14:00",
    division: "220282",
};
const WORSE: Sent = Sent { name: "U", kind: "Update", names: &["A"], until: "18:00", ..STORM };
const OVER: Sent = Sent { name: "C", kind: "Cancel", names: &["A", "U"], ..STORM };

const SENDER: &str = "qx@jl.example.cn";

impl Sent {
    /// When one of this name was sent: one minute after the other.
    fn sent(name: &str) -> String {
        let minute = ["A", "U", "C"].iter().position(|known| *known == name).unwrap_or(9);
        format!("2026-08-03T07:{:02}:00+08:00", 30 + minute)
    }

    fn xml(&self) -> String {
        let Sent { name, kind, status, scope, until, division, .. } = self;
        let references: Vec<String> =
            self.names.iter().map(|name| format!("{SENDER},{name},{}", Sent::sent(name))).collect();
        let references = match references.is_empty() {
            true => String::new(),
            false => format!("<references>{}</references>", references.join(" ")),
        };
        let addresses = if *scope == "Private" { "<addresses>some</addresses>" } else { "" };
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{name}</identifier>
<sender>{SENDER}</sender><sent>{sent}</sent><status>{status}</status><msgType>{kind}</msgType>
<scope>{scope}</scope>{addresses}{references}<info><language>zh-CN</language>
<category>Met</category><event>暴雨</event><urgency>Immediate</urgency>
<severity>Severe</severity><certainty>Likely</certainty>
<expires>2026-08-03T{until}:00+08:00</expires><senderName>桦甸市气象台</senderName>
<headline>暴雨橙色预警 {name}</headline><description>未来 3 小时降雨 50 毫米以上</description>
<area><areaDesc>桦甸市</areaDesc><polygon>42.9,126.6 43.1,126.6 43.1,126.9 42.9,126.6</polygon>
<geocode><valueName>GB/T 2260</valueName><value>{division}</value></geocode></area>
</info></alert>"#,
            sent = Sent::sent(name),
        )
    }
}

async fn bring(town: &Town, name: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    town.ask_raw(name, "POST", "/api/received-warnings", bytes.into()).await.0
}

/// Brings what must be taken; answers how many are new and how many were known.
async fn taken(town: &Town, bytes: impl Into<Vec<u8>>) -> (usize, usize) {
    let answer = bring(town, "周牧", bytes).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let count = |list: &str| answer.body[list].as_array().expect("a list").len();
    (count("taken"), count("known"))
}

async fn in_force(town: &Town) -> Vec<Json> {
    items(town, "周牧", "/api/received-warnings?standing=open").await
}

/// Headlines and states, by headline.
async fn states(town: &Town) -> String {
    let listed = items(town, "周牧", "/api/received-warnings").await;
    let mut lines: Vec<String> = listed
        .iter()
        .map(|it| format!("{} {}\n", it["identifier"].as_str().unwrap_or("?"), it["state"]))
        .collect();
    lines.sort();
    lines.concat()
}

#[tokio::test]
async fn what_an_authority_sends_is_shown_with_its_name_and_its_own_words() {
    let town = town();
    assert_eq!(taken(&town, STORM.xml()).await, (1, 0));
    let [seen] = &in_force(&town).await[..] else { panic!("one") };
    assert_eq!(seen["sender_name"], "桦甸市气象台");
    assert_eq!(seen["headline"], "暴雨橙色预警 A");
    assert_eq!((&seen["level"], &seen["severity"]), (&json!("orange"), &json!("Severe")));
    let id = seen["id"].as_str().expect("an id");
    let whole = town.get("周牧", &format!("/api/received-warnings/{id}")).await.body;
    assert_eq!(whole["original"], STORM.xml());
    assert_eq!(whole["infos"][0]["description"], "未来 3 小时降雨 50 毫米以上");
    let ring = &whole["infos"][0]["areas"][0]["polygons"][0];
    assert_eq!(ring[0], json!([126.6, 42.9]), "longitude first");
    assert_eq!(items(&town, "周牧", "/api/warnings").await.len(), 0, "it is none of ours");
    check_fold(&town);
}

#[tokio::test]
async fn in_whatever_order_a_chain_comes_it_ends_the_same() {
    let expected = expect![[r#"
        A "cancelled"
        C "ending"
        U "cancelled"
    "#]];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let town = town();
        for at in order {
            assert_eq!(taken(&town, [STORM, WORSE, OVER][at].xml()).await, (1, 0));
        }
        expected.assert_eq(&states(&town).await);
        assert!(in_force(&town).await.is_empty(), "{order:?}");
        check_fold(&town);
    }
}

#[tokio::test]
async fn an_update_takes_the_place_of_what_it_names_and_shows_its_chain() {
    let town = town();
    taken(&town, WORSE.xml()).await;
    taken(&town, STORM.xml()).await;
    let [seen] = &in_force(&town).await[..] else { panic!("one") };
    assert_eq!(seen["identifier"], "U");
    for it in items(&town, "周牧", "/api/received-warnings").await {
        let id = it["id"].as_str().expect("an id");
        let whole = town.get("周牧", &format!("/api/received-warnings/{id}")).await.body;
        let chain = whole["chain"].as_array().expect("a chain");
        let names: Vec<_> = chain.iter().map(|it| it["identifier"].as_str()).collect();
        assert_eq!(names, [Some("A"), Some("U")], "of {}", it["identifier"]);
    }
}

#[tokio::test]
async fn nobody_ends_anothers_warning_and_an_exercise_ends_none() {
    let town = town();
    taken(&town, STORM.xml()).await;
    let foreign = OVER.xml().replace("<sender>qx@jl", "<sender>other@jl");
    assert_eq!(taken(&town, foreign).await, (1, 0));
    taken(&town, Sent { status: "Exercise", ..OVER }.xml()).await;
    let [seen] = &in_force(&town).await[..] else { panic!("it still holds") };
    assert_eq!(seen["identifier"], "A");
}

#[tokio::test]
async fn what_is_no_warning_in_earnest_is_never_shown_as_one() {
    let town = town();
    let not_real = [
        Sent { name: "1", status: "Exercise", ..STORM },
        Sent { name: "2", status: "Test", ..STORM },
        Sent { name: "3", status: "Draft", ..STORM },
        Sent { name: "4", scope: "Private", ..STORM },
        Sent { name: "5", status: "Wirklich", ..STORM },
        Sent { name: "6", kind: "Ack", names: &["A"], ..STORM },
    ];
    for sent in not_real {
        assert_eq!(taken(&town, sent.xml()).await, (1, 0));
    }
    let unsaid = Sent { name: "7", ..STORM }.xml().replace("<status>Actual</status>", "");
    taken(&town, unsaid).await;
    assert!(in_force(&town).await.is_empty());
    let listed = items(&town, "周牧", "/api/received-warnings?standing=ended").await;
    assert_eq!(listed.len(), 7);
    for it in &listed {
        assert_eq!(it["state"], "not_real", "{it}");
    }
}

#[tokio::test]
async fn a_warning_ends_by_itself_when_its_time_is_over_and_late_ones_never_begin() {
    let town = town();
    taken(&town, STORM.xml()).await;
    taken(&town, Sent { name: "U", until: "07:59", ..STORM }.xml()).await;
    assert_eq!(in_force(&town).await.len(), 1);
    town.at("14:01");
    wait_for(&town, "received.expired", 1);
    assert!(in_force(&town).await.is_empty());
    check_states(
        &town,
        expect![[r#"
            A "expired"
            U "expired"
        "#]],
    )
    .await;
    check_fold(&town);
}

async fn check_states(town: &Town, expected: Expect) {
    expected.assert_eq(&states(town).await);
}
