//! Mines, ponds, hazard sources and tanks: registered, changed, closed, and refused.

use super::*;

fn site(enterprise: &Json, name: &str, code: &str, particulars: Json) -> Json {
    json!({
        "enterprise": id(enterprise),
        "details": {
            "name": name,
            "code": code,
            "region": "220282",
            "place": { "original": [126.76, 42.98], "datum": "wgs84" },
            "particulars": particulars,
        },
        "since": "2021-01-01",
    })
}

fn ammonia() -> Json {
    json!({ "hazard_source": { "unit": "tank_farm", "grade": 3, "r": 10.8,
        "people_within_500_m": 65, "substances": [
            { "name": "液氨", "cas": "7664-41-7", "design_max_t": 30 },
            { "name": "液化石油气", "cas": "68476-85-7", "design_max_t": 40 },
        ] } })
}

fn tank() -> Json {
    json!({ "tank": { "medium": "液氨", "cas": "7664-41-7", "shape": "sphere", "diameter_m": 9.2,
        "volume_m3": 400, "level_max_m": 7.8, "pressure_max_kpa": 2160, "temperature_max_c": 50 } })
}

fn mine() -> Json {
    json!({ "mine": { "mineral": "coal", "method": "underground", "gas_grade": "high",
        "approved_people": 215 } })
}

fn pond() -> Json {
    json!({ "pond": { "dam": "upstream", "height_m": 65, "volume_m3": 500000, "grade": 3,
        "crest_m": 412, "min_freeboard_m": 0.7, "min_beach_m": 70 } })
}

fn workshop() -> Json {
    json!({ "fireworks_building": { "use": "workshop", "hazard_class": "1.1-2", "process": "装药",
        "rated_people": 1, "rated_charge_kg": 3 } })
}

async fn made(town: &Town, new: Json) -> Json {
    let made = town.post("骆家驹", "/api/sites", new).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

#[tokio::test]
async fn each_kind_is_registered_and_found() {
    let town = county();
    let owner = registered(&town, "虚构矿业有限公司", ACME).await;
    let coal = made(&town, site(&owner, "一号井", "220282000001", mine())).await;
    assert_eq!(coal["particulars"]["mine"]["approved_people"], 215);
    let pond = made(&town, site(&owner, "西沟尾矿库", "wk-0001", pond())).await;
    assert_eq!((&pond["grade"], &pond["computed_grade"]), (&json!(3), &json!(4)), "both are shown");
    assert_eq!(pond["code"], "WK-0001");
    let source = made(&town, site(&owner, "液氨罐区", "001", ammonia())).await;
    let mut in_source = site(&owner, "1# 液氨球罐", "g0001", tank());
    in_source["details"]["part_of"] = json!(id(&source));
    let tank = made(&town, in_source).await;
    assert_eq!(tank["part_of_name"], "液氨罐区");
    assert_eq!(tank["enterprise_name"], "虚构矿业有限公司");

    let workshop = made(&town, site(&owner, "12 号装药工房", "12", workshop())).await;
    assert_eq!(workshop["particulars"]["fireworks_building"]["use"], "workshop");

    let found = async |query: &str| {
        let list = town.get("韩立春", &format!("/api/sites?{query}")).await;
        names(&list).join(" ")
    };
    assert_eq!(found("kind=mine").await, "一号井");
    assert_eq!(found(&format!("part_of={}", id(&source))).await, "1# 液氨球罐");
    assert_eq!(found(&format!("enterprise={}&kind=pond", id(&owner))).await, "西沟尾矿库");
    assert_eq!(found("q=wk-").await, "西沟尾矿库");
    assert_eq!(found("q=220282").await, "一号井");
    assert_eq!(found("q=%E6%B6%B2%E6%B0%A8").await, "液氨罐区", "it begins so");
    assert_eq!(found("state=closed").await, "");
    let points = town.get("韩立春", "/api/sites/points").await;
    assert_eq!(names(&points).len(), 5);
    assert_eq!(points.body["more"], false);
    assert_eq!(names(&town.get("邻县", "/api/sites/points").await), Vec::<&str>::new());
    assert_eq!(names(&town.get("邻县", "/api/sites").await), Vec::<&str>::new());
    for site in [&coal, &tank] {
        let path = format!("/api/sites/{}", id(site));
        assert_eq!(town.get("韩立春", &path).await.body, *site);
        assert_eq!(refused(&town.get("邻县", &path).await), (404, "not-found"));
    }
    let owner = town.get("韩立春", &format!("/api/enterprises/{}", id(&owner))).await;
    let sites = json!({ "mine": 1, "pond": 1, "hazard_source": 1, "tank": 1,
        "fireworks_building": 1 });
    assert_eq!(owner.body["sites"], sites);
    let found = town
        .world
        .read_now(|db| crate::site::find_by_code(db, crate::site::Kind::Mine, "220282000001"));
    assert_eq!(found.expect("reads").map(|id| id.to_string()), Some(id(&coal)));
    check_fold(&town);
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_names_its_field() {
    let town = county();
    let owner = registered(&town, "虚构矿业有限公司", ACME).await;
    let other = registered(&town, "另一家有限公司", OTHER).await;
    let source = made(&town, site(&owner, "液氨罐区", "001", ammonia())).await;
    let ask = async |new: Json| town.post("骆家驹", "/api/sites", new).await;
    let short = ask(site(&owner, "一号井", "22028200001", mine())).await;
    assert_eq!(field(&short), "code");
    let mut wrong = mine();
    wrong["mine"]["gas_grade"] = Json::Null;
    assert_eq!(field(&ask(site(&owner, "一号井", "220282000001", wrong)).await), "gas_grade");
    let mut wrong = ammonia();
    wrong["hazard_source"]["substances"][1]["cas"] = json!("68476-85-8");
    assert_eq!(field(&ask(site(&owner, "罐区", "002", wrong)).await), "substances.1.cas");
    let mut of_other = site(&other, "球罐", "G0001", tank());
    of_other["details"]["part_of"] = json!(id(&source));
    assert_eq!(field(&ask(of_other).await), "part_of", "of another enterprise");
    let mut mine_in_source = site(&owner, "一号井", "220282000001", mine());
    mine_in_source["details"]["part_of"] = json!(id(&source));
    assert_eq!(field(&ask(mine_in_source).await), "part_of", "a mine is part of nothing");
    let mut unknown = site(&owner, "什么", "1", json!({ "volcano": {} }));
    assert_eq!(refused(&ask(unknown.clone()).await), (422, "bad-request"));
    unknown["details"]["particulars"] = tank();
    unknown["details"]["region"] = json!("220281");
    assert_eq!(refused(&ask(unknown).await), (404, "not-found"), "outside the scope");
    let by_looker = town.post("韩立春", "/api/sites", site(&owner, "罐", "1", tank())).await;
    assert_eq!(refused(&by_looker), (403, "forbidden"));
    let far = town.post("邻县", "/api/sites", site(&owner, "罐", "1", tank())).await;
    assert_eq!(refused(&far), (404, "not-found"), "an enterprise that they do not see");
}

#[tokio::test]
async fn a_code_is_given_once_where_it_has_to_be() {
    let town = county();
    let owner = registered(&town, "虚构矿业有限公司", ACME).await;
    let other = registered(&town, "另一家有限公司", OTHER).await;
    let coal = made(&town, site(&owner, "一号井", "220282000001", mine())).await;
    let again = site(&other, "二号井", "220282000001", mine());
    let ask = async |new: Json| town.post("骆家驹", "/api/sites", new).await;
    assert_eq!(refused(&ask(again.clone()).await), (409, "site-code-taken"), "a mine's once");
    let first = made(&town, site(&owner, "罐区", "001", ammonia())).await;
    let second = made(&town, site(&owner, "库区", "002", ammonia())).await;
    made(&town, site(&other, "罐区", "001", ammonia())).await;
    let taken = ask(site(&owner, "三区", "001", ammonia())).await;
    assert_eq!(refused(&taken), (409, "site-code-taken"), "once in an enterprise");
    let tank_in = |whole: &Json| {
        let mut new = site(&owner, "球罐", "G0001", tank());
        new["details"]["part_of"] = json!(id(whole));
        new
    };
    made(&town, tank_in(&first)).await;
    let moved = made(&town, tank_in(&second)).await;
    assert_eq!(refused(&ask(tank_in(&second)).await), (409, "site-code-taken"));
    let mut details = tank_in(&first)["details"].clone();
    let path = format!("/api/sites/{}", id(&moved));
    let edit = put(&town, "骆家驹", &path, json!({ "revision": 1, "details": details })).await;
    assert_eq!(refused(&edit), (409, "site-code-taken"), "moved to where one has it");
    details["code"] = json!("G0002");
    let edit = put(&town, "骆家驹", &path, json!({ "revision": 1, "details": details })).await;
    assert_eq!(edit.body["part_of_name"], "罐区", "{}", edit.body);
    let close = format!("/api/sites/{}/close", id(&coal));
    let closed = town.post("骆家驹", &close, turn("2026-08-03", "政策性关闭")).await;
    assert_eq!(closed.body["state"], "closed");
    assert_eq!(ask(again).await.status, 201, "what is closed gives its code back");
    check_fold(&town);
}

#[tokio::test]
async fn nothing_is_closed_over_what_is_open_in_it() {
    let town = county();
    let owner = registered(&town, "虚构化工有限公司", ACME).await;
    let source = made(&town, site(&owner, "液氨罐区", "001", ammonia())).await;
    let mut new = site(&owner, "1# 球罐", "G0001", tank());
    new["details"]["part_of"] = json!(id(&source));
    let tank = made(&town, new).await;
    let close = async |noun: &str, of: &Json| {
        let path = format!("/api/{noun}/{}/close", id(of));
        town.post("骆家驹", &path, turn("2026-08-03", "拆除")).await
    };
    assert_eq!(refused(&close("enterprises", &owner).await), (409, "sites-open"));
    assert_eq!(refused(&close("sites", &source).await), (409, "sites-open"));
    assert_eq!(close("sites", &tank).await.body["state"], "closed");
    assert_eq!(close("sites", &source).await.body["state"], "closed");
    assert_eq!(close("enterprises", &owner).await.body["state"], "closed");
    let late =
        town.post("骆家驹", "/api/sites", site(&owner, "罐", "1", super::sites::tank())).await;
    assert_eq!(refused(&late), (409, "wrong-state"), "of a closed enterprise");
    check_fold(&town);
}

#[tokio::test]
async fn what_it_was_on_any_day_is_read_off_its_history() {
    let town = county();
    let owner = registered(&town, "虚构化工有限公司", ACME).await;
    let tank = made(&town, site(&owner, "1# 球罐", "G0001", tank())).await;
    let path = format!("/api/sites/{}", id(&tank));
    town.at("09:00");
    let mut details = site(&owner, "1# 球罐", "G0001", super::sites::tank())["details"].clone();
    details["particulars"]["tank"]["medium"] = json!("液化石油气");
    details["particulars"]["tank"]["cas"] = json!("68476-85-7");
    let edit = json!({ "revision": 1, "details": details });
    assert_eq!(put(&town, "骆家驹", &path, edit.clone()).await.status, 200);
    let same = json!({ "revision": 2, "details": details });
    assert_eq!(put(&town, "骆家驹", &path, same).await.body["revision"], 2, "nothing changed");
    assert_eq!(refused(&put(&town, "骆家驹", &path, edit).await), (409, "stale-revision"));
    let other_kind = json!({ "revision": 2, "details":
        { "name": "罐", "code": "220282000001", "region": "220282", "particulars": mine() } });
    assert_eq!(field(&put(&town, "骆家驹", &path, other_kind).await), "particulars");
    let history = town.get("韩立春", &format!("{path}/history")).await;
    assert_eq!(history.body["items"][1]["changed"], json!(["medium", "cas"]));
    assert_eq!(history.body["items"].as_array().map(Vec::len), Some(2));
    let then = town.get("韩立春", &format!("{path}?at={}", moment(8, 30))).await;
    assert_eq!(then.body["particulars"]["tank"]["medium"], "液氨");
    assert_eq!(refused(&town.get("邻县", &format!("{path}/history")).await), (404, "not-found"));
}

#[tokio::test]
async fn a_site_goes_along_when_its_enterprise_has_another_organisation() {
    let town = county();
    town.officer("系统", &[trust::organisation::MANAGE]);
    let body = json!({ "name": "虚构化工有限公司", "kind": "enterprise", "region": "220282" });
    let own = town.post("系统", "/api/organisations", body).await.body;
    town.person("厂里", "220282", &[]);
    town.works_for("厂里", id(&own).parse().expect("an id"), &[READ]);
    let owner = registered(&town, "虚构化工有限公司", ACME).await;
    let tank = made(&town, site(&owner, "1# 球罐", "G0001", tank())).await;
    let path = format!("/api/sites/{}", id(&tank));
    assert_eq!(refused(&town.get("厂里", &path).await), (404, "not-found"));
    let mut said = details("虚构化工有限公司", ACME);
    said["organisation"] = own["id"].clone();
    let of_owner = format!("/api/enterprises/{}", id(&owner));
    let edit = json!({ "revision": 1, "details": said });
    assert_eq!(put(&town, "骆家驹", &of_owner, edit).await.status, 200);
    assert_eq!(town.get("厂里", &path).await.status, 200, "its tank is seen with it");
    assert_eq!(names(&town.get("厂里", "/api/sites").await), ["1# 球罐"]);
    check_fold(&town);
}
