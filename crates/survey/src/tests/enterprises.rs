//! Enterprises: registered, found, changed, closed, and refused.

use super::*;

#[tokio::test]
async fn an_enterprise_is_registered_with_its_place_as_it_was_given() {
    let town = county();
    let mut said = details("虚构化工有限公司", ACME);
    said["place"] = json!({ "original": [126.7566, 42.9721], "datum": "gcj02" });
    let new = json!({ "details": said, "state": "planned", "since": "2026/8/1" });
    let made = town.post("骆家驹", "/api/enterprises", new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let made = made.body;
    assert_eq!(made["place"]["original"], json!([126.7566, 42.9721]));
    assert_eq!(made["place"]["datum"], "gcj02");
    let lon = made["place"]["point"]["lon"].as_f64().expect("a number");
    assert!(0.004 < 126.7566 - lon && 126.7566 - lon < 0.008, "{lon}: some 500 m to the west");
    assert_eq!((&made["state"], &made["since"]), (&json!("planned"), &json!("2026-08-01")));
    assert_eq!(made["region_name"], "桦甸市");
    assert_eq!(made["contacts"], json!([]));

    let shown = town.get("韩立春", &format!("/api/enterprises/{}", id(&made))).await;
    assert_eq!(shown.body, made);
    let points = town.get("韩立春", "/api/enterprises/points").await;
    assert_eq!(points.body["items"][0]["name"], "虚构化工", "a map has the short name");
    check_fold(&town);
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_names_its_field() {
    let town = county();
    let ask = async |change: &dyn Fn(&mut Json)| {
        let mut new = json!({ "details": details("虚构化工有限公司", ACME) });
        change(&mut new);
        town.post("骆家驹", "/api/enterprises", new).await
    };
    let wrong_check = ask(&|new| new["details"]["credit_code"] = json!("91220282MA0FAY001G")).await;
    assert_eq!(field(&wrong_check), "credit_code");
    assert!(wrong_check.body["expected"].as_str().is_some_and(|it| it.contains("check")));
    assert_eq!(field(&ask(&|new| new["details"]["kinds"] = json!([])).await), "kinds");
    assert_eq!(field(&ask(&|new| new["details"]["name"] = json!("虚")).await), "name");
    assert_eq!(field(&ask(&|new| new["since"] = json!("2026-08-04")).await), "since");
    assert_eq!(field(&ask(&|new| new["state"] = json!("closed")).await), "state");
    let swapped = json!({ "original": [42.97, 126.75], "datum": "wgs84" });
    assert_eq!(field(&ask(&|new| new["details"]["place"] = swapped.clone()).await), "place");
    let far = json!({ "original": [121.5, 31.2], "datum": "wgs84" });
    assert_eq!(field(&ask(&|new| new["details"]["place"] = far.clone()).await), "place");
    let unknown = json!("0198f000-0000-7000-8000-00000000dead");
    let nobody = ask(&|new| new["details"]["supervisor"] = unknown.clone()).await;
    assert_eq!(field(&nobody), "supervisor");
    let elsewhere = ask(&|new| new["details"]["region"] = json!("220281")).await;
    assert_eq!(refused(&elsewhere), (404, "not-found"), "outside the scope");
    let by_looker =
        town.post("韩立春", "/api/enterprises", json!({ "details": details("虚构", ACME) })).await;
    assert_eq!(refused(&by_looker), (403, "forbidden"));
    assert_eq!(
        entries(&town, Book::Log).iter().filter(|it| it.kind() != "region.added").count(),
        0
    );
}

#[tokio::test]
async fn a_credit_code_is_registered_once_while_it_is_open() {
    let town = county();
    let first = registered(&town, "虚构化工有限公司", ACME).await;
    let new = json!({ "details": details("另一家有限公司", &ACME.to_lowercase()) });
    let again = town.post("骆家驹", "/api/enterprises", new.clone()).await;
    assert_eq!(refused(&again), (409, "enterprise-registered"), "in small letters too");
    let path = format!("/api/enterprises/{}", id(&first));
    let closed = town.post("骆家驹", &format!("{path}/close"), turn("2026-08-03", "注销")).await;
    assert_eq!(closed.body["state"], "closed");
    let successor = town.post("骆家驹", "/api/enterprises", new).await;
    assert_eq!(successor.status, 201, "{}", successor.body);
    let edit = json!({ "revision": 2, "details": details("虚构化工有限公司", ACME) });
    assert_eq!(refused(&put(&town, "骆家驹", &path, edit).await), (409, "wrong-state"));
    let start = town.post("骆家驹", &format!("{path}/start"), turn("2026-08-03", "复产")).await;
    assert_eq!(refused(&start), (409, "wrong-state"), "closed is for good");
}

#[tokio::test]
async fn the_same_request_again_registers_once() {
    let town = county();
    let new = json!({ "details": details("虚构化工有限公司", ACME) });
    let ask = async || {
        let (method, path) = (Method::POST, "/api/enterprises");
        town.ask_with("骆家驹", method, path, Some(new.clone()), Some("key-1")).await
    };
    let (first, second) = (ask().await, ask().await);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(names(&town.get("骆家驹", "/api/enterprises").await).len(), 1);
}

#[tokio::test]
async fn what_it_was_on_any_day_is_read_off_its_history() {
    let town = county();
    let made = registered(&town, "虚构化工有限公司", ACME).await;
    let path = format!("/api/enterprises/{}", id(&made));
    town.at("09:00");
    let mut said = details("虚构新材料有限公司", ACME);
    said["address"] = json!("桦甸市虚构路 2 号");
    said["kinds"] = json!(["tailings", "hazchem"]);
    let changed =
        put(&town, "骆家驹", &path, json!({ "revision": 1, "details": said.clone() })).await;
    assert_eq!(changed.body["name"], "虚构新材料有限公司", "{}", changed.body);
    let stale = put(&town, "骆家驹", &path, json!({ "revision": 1, "details": said })).await;
    assert_eq!(refused(&stale), (409, "stale-revision"));
    town.at("10:00");
    let early = town.post("骆家驹", &format!("{path}/suspend"), turn("2020-04-30", "检修")).await;
    assert_eq!(field(&early), "since", "before it worked");
    let stands = town.post("骆家驹", &format!("{path}/suspend"), turn("2026-08-01", "检修")).await;
    assert_eq!(stands.body["state"], "suspended");
    assert_eq!(stands.body["reason"], "检修");

    let history = town.get("韩立春", &format!("{path}/history")).await;
    let told: Vec<_> = (history.body["items"].as_array().expect("a list").iter())
        .map(|it| format!("{} {} {}", it["title"], it["changed"], it["state"]))
        .collect();
    expect_test::expect![[r#"
        "登记企业 虚构化工有限公司（91220282MA0FAY001F）" [] "operating"
        "变更企业 虚构新材料有限公司 的登记" ["name","short_name","kinds","address"] "operating"
        "企业 虚构新材料有限公司 自 2026-08-01 起停产：检修" [] "suspended""#]]
    .assert_eq(&told.join("\n"));

    for (at, name, state) in [
        (moment(8, 30), "虚构化工有限公司", "operating"),
        (moment(9, 30), "虚构新材料有限公司", "operating"),
        (moment(10, 30), "虚构新材料有限公司", "suspended"),
    ] {
        let then = town.get("韩立春", &format!("{path}?at={at}")).await;
        assert_eq!((&then.body["name"], &then.body["state"]), (&json!(name), &json!(state)));
    }
    let before = town.get("韩立春", &format!("{path}?at={}", moment(7, 59))).await;
    assert_eq!(refused(&before), (404, "not-found"), "nobody had registered it");
    for path in [&path, &format!("{path}/history")] {
        assert_eq!(refused(&town.get("邻县", path).await), (404, "not-found"), "{path}");
    }
    check_fold(&town);
}

#[tokio::test]
async fn a_list_is_narrowed_by_kind_region_state_and_by_how_a_name_or_code_begins() {
    let town = county();
    registered(&town, "虚构化工有限公司", ACME).await;
    town.at("08:10");
    let mut said = details("吉林虚构矿业有限公司", OTHER);
    said["kinds"] = json!(["non_coal_mine", "tailings"]);
    said["access_code"] = json!("220282001");
    said["short_name"] = json!("虚矿");
    let new = json!({ "details": said });
    assert_eq!(town.post("骆家驹", "/api/enterprises", new).await.status, 201);
    let found = async |query: &str| {
        let list = town.get("韩立春", &format!("/api/enterprises?{query}")).await;
        names(&list).join(" ")
    };
    assert_eq!(found("").await, "虚构化工有限公司 吉林虚构矿业有限公司");
    assert_eq!(found("kind=tailings").await, "吉林虚构矿业有限公司");
    assert_eq!(found("kind=coal_mine").await, "");
    assert_eq!(found("region=220282&state=operating").await.split(' ').count(), 2);
    assert_eq!(found("region=220281").await, "");
    assert_eq!(found("state=suspended").await, "");
    assert_eq!(found("q=%E8%99%9A%E6%9E%84").await, "虚构化工有限公司", "it begins so");
    assert_eq!(found("q=%E8%99%9A%E7%9F%BF").await, "吉林虚构矿业有限公司", "its short name does");
    assert_eq!(found("q=91220282ma0fay002").await, "吉林虚构矿业有限公司");
    assert_eq!(found("q=220282001").await, "吉林虚构矿业有限公司");
    assert_eq!(found("q=%25").await, "", "no pattern");
    let first = town.get("韩立春", "/api/enterprises?limit=1").await;
    let next = first.body["next"].as_str().expect("more follow");
    assert_eq!(found(&format!("limit=1&cursor={next}")).await, "吉林虚构矿业有限公司");
    assert_eq!(names(&town.get("邻县", "/api/enterprises").await), Vec::<&str>::new());
    assert_eq!(names(&town.get("省厅", "/api/enterprises").await).len(), 2);
    assert_eq!(names(&town.get("邻县", "/api/enterprises/points").await), Vec::<&str>::new());
    for wrong in ["kind=gold", "state=gone", "region=2202", "limit=0"] {
        let told = town.get("韩立春", &format!("/api/enterprises?{wrong}")).await;
        assert_eq!(refused(&told), (422, "bad-request"), "{wrong}");
    }
}

#[tokio::test]
async fn prefixes_are_looked_up_by_index() {
    let town = county();
    let plan = |sql: &str| -> String {
        let sql = format!("explain query plan {sql}");
        town.world.read_now(|db| Ok(db.rows(&sql, &[])?)).map_or_else(
            |error| format!("{error}"),
            |rows| {
                let step = |row: &host::Row| row.get::<String>("detail").unwrap_or_default();
                rows.iter().map(step).collect::<Vec<_>>().join("; ")
            },
        )
    };
    if town.world.read_now(|db| Ok(db.rows("select sqlite_version() as v", &[])?)).is_err() {
        return; // The other engine explains itself in other words.
    }
    for (table, column) in [
        ("enterprise", "name"),
        ("enterprise", "short_name"),
        ("enterprise", "credit_code"),
        ("enterprise", "access_code"),
        ("site", "name"),
        ("site", "code"),
    ] {
        let told =
            plan(&format!("select id from {table} where {column} >= 'a' and {column} < 'b'"));
        assert!(told.contains(&format!("{table}_by_{column}")), "{table}.{column}: {told}");
    }
}

#[tokio::test]
async fn its_own_people_see_it_and_its_home_moves_with_its_organisation() {
    let town = county();
    let found = async |name: &str, kind: &str| {
        let body = json!({ "name": name, "kind": kind, "region": "220282" });
        let made = town.post("省厅系统", "/api/organisations", body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["id"].as_str().expect("an id").to_owned()
    };
    town.officer("省厅系统", &[trust::organisation::MANAGE]);
    let own = found("虚构化工有限公司", "enterprise").await;
    let bureau = found("桦甸市应急管理局", "agency").await;
    let made = registered(&town, "虚构化工有限公司", ACME).await;
    let path = format!("/api/enterprises/{}", id(&made));
    town.person("厂里", "220282", &[]);
    town.works_for("厂里", own.parse().expect("an id"), &[READ]);
    town.person("局里", "220282", &[]);
    town.works_for("局里", bureau.parse().expect("an id"), &[READ]);
    assert_eq!(refused(&town.get("厂里", &path).await), (404, "not-found"));

    let mut said = details("虚构化工有限公司", ACME);
    said["supervisor"] = json!(bureau);
    let supervised = put(&town, "骆家驹", &path, json!({ "revision": 1, "details": said })).await;
    assert_eq!(supervised.body["supervisor_name"], "桦甸市应急管理局", "{}", supervised.body);
    assert_eq!(town.get("局里", &path).await.status, 200, "who supervises it sees it");
    assert_eq!(refused(&town.get("厂里", &path).await), (404, "not-found"));
    said["organisation"] = json!(own);
    let owned = put(&town, "骆家驹", &path, json!({ "revision": 2, "details": said })).await;
    assert_eq!(owned.status, 200, "{}", owned.body);
    assert_eq!(town.get("厂里", &path).await.status, 200, "its people see it");
    assert_eq!(refused(&town.get("局里", &path).await), (404, "not-found"), "until it is below");
    check_fold(&town);
}
