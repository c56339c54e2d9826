//! Where stations stand: kept as it was given, changed later, and at what of the registers.

use axum::http::StatusCode;
use host::town::{Answer, Town};
use serde_json::{Value as Json, json};

use super::town::{ALL, HUADIAN, PANSHI, details, text};
use crate::station;

/// A credit code made for these stories: the first seventeen characters are invented.
pub(super) const CREDIT_CODE: &str = "91220282MA0FAY001F";

/// The city with its real divisions. 段工 keeps stations and enterprises in all of it, 桦甸
/// and 磐石 those of a county, 站工 stations alone, and 看客 looks.
pub(super) fn city() -> Town {
    let town = Town::new(vec![atlas::part(), survey::part(), crate::part()]);
    atlas::seed(&town.world).expect("seeded");
    let registers = [survey::enterprise::READ, survey::enterprise::REGISTER];
    let all = [&ALL[..], &registers[..]].concat();
    town.person("段工", "220200", &all);
    town.person("桦甸", HUADIAN, &all);
    town.person("磐石", PANSHI, &all);
    town.person("站工", HUADIAN, &ALL);
    town.person("看客", HUADIAN, &[station::READ]);
    town
}

async fn station(town: &Town, code: &str, place: Json) -> Answer {
    let mut body = details("夹皮沟站", HUADIAN, &["Z"]);
    body["point"] = Json::Null;
    body["code"] = json!(code);
    body["place"] = place;
    town.post("桦甸", "/api/stations", body).await
}

async fn enterprise(town: &Town, who: &str) -> Json {
    let new = json!({
        "details": { "name": "虚构矿业有限公司", "credit_code": CREDIT_CODE,
            "kinds": ["coal_mine"], "region": HUADIAN },
        "since": "2020-05-01",
    });
    let made = town.post(who, "/api/enterprises", new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body["id"].clone()
}

fn names(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.body["field"].as_str().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_is_kept_as_it_was_given_and_known_in_our_datum() {
    let town = city();
    let given = json!({ "original": [126.7566, 42.9721], "datum": "gcj02" });
    let made = station(&town, "10820551", given.clone()).await;
    assert_eq!((made.status, &made.body["original"]), (StatusCode::CREATED, &given));
    let lon = made.body["point"]["lon"].as_f64().expect("a longitude");
    let off = 126.7566 - lon;
    assert!((0.004..0.008).contains(&off), "half a kilometre lies between them: {off}");
    let plain = station(&town, "10820552", Json::Null).await.body;
    assert_eq!((&plain["point"], &plain["original"]), (&Json::Null, &Json::Null));

    let edit = format!("/api/stations/{}/edit", text(&plain["id"]));
    let ours = json!({ "point": { "lon": 126.75, "lat": 42.97 } });
    let edited = town.post("桦甸", &edit, ours.clone()).await.body;
    assert_eq!(edited["original"], json!({ "original": [126.75, 42.97], "datum": "cgcs2000" }));
    let renamed = town.post("桦甸", &edit, json!({ "name": "新名" })).await.body;
    assert_eq!(renamed["original"], edited["original"], "what is not said stays");

    let both = json!({ "place": given, "point": ours["point"] });
    for wrong in [
        both,
        json!({ "place": { "original": [42.97, 126.75], "datum": "wgs84" } }),
        json!({ "place": { "original": [121.5, 31.2], "datum": "wgs84" } }),
        json!({ "place": { "original": [126.75, 42.97], "datum": "bd09mc" } }),
    ] {
        let answer = town.post("桦甸", &edit, wrong).await;
        assert_eq!(names(&answer), (422, "place"), "{}", answer.body);
    }
    let far = station(&town, "10820553", json!({ "original": [121.5, 31.2], "datum": "wgs84" }));
    assert_eq!(names(&far.await), (422, "place"), "Shanghai is not in Huadian");
    assert_eq!(town.world.compare_with_fold().expect("folds").1, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_gets_another_place_and_site_and_all_that_was_said_stays() {
    let town = city();
    let first = json!({ "original": [126.7566, 42.9721], "datum": "gcj02" });
    let made = station(&town, "10820551", first.clone()).await.body;
    let path = format!("/api/stations/{}/place", text(&made["id"]));
    let site = enterprise(&town, "桦甸").await;
    let second = json!({ "original": [126.80, 42.99], "datum": "wgs84" });
    let said = json!({ "region": HUADIAN, "place": second, "site": site, "reason": "复测更正" });
    let set = town.post("桦甸", &path, said.clone()).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    let seq = town.world.last_seq();
    let again = town.post("桦甸", &path, said).await.body;
    assert_eq!(town.world.last_seq(), seq, "the same again says nothing new");
    assert_eq!((&again["original"], &again["site"]), (&second, &site));
    let history = again["history"].as_array().expect("a list");
    assert_eq!(history.len(), 2);
    assert_eq!((&history[0]["reason"], &history[0]["original"]), (&json!("复测更正"), &second));
    assert_eq!((&history[1]["reason"], &history[1]["original"]), (&Json::Null, &first));
    assert_eq!(again["sites"], json!([{ "id": site, "kind": null, "name": "虚构矿业有限公司" }]));

    // A change of something else says nothing of where it stands.
    let edit = format!("/api/stations/{}/edit", text(&made["id"]));
    let renamed = town.post("桦甸", &edit, json!({ "name": "新名" })).await.body;
    assert_eq!((&renamed["original"], &renamed["site"]), (&second, &site));
    let seen = town.get("站工", &path).await.body;
    assert_eq!(seen["history"].as_array().map(Vec::len), Some(2));
    assert_eq!((&seen["site"], &seen["sites"]), (&site, &json!([])), "its name is not for them");

    let gone = json!({ "region": HUADIAN, "place": null, "site": null, "reason": "拆除待迁" });
    let gone = town.post("站工", &path, gone).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    assert_eq!((&gone.body["point"], &gone.body["site"]), (&Json::Null, &Json::Null));
    let moved = json!({ "region": PANSHI, "place": { "original": [126.06, 42.95],
        "datum": "cgcs2000" }, "site": null, "reason": "迁至磐石" });
    assert_eq!(town.post("桦甸", &path, moved.clone()).await.status, StatusCode::NOT_FOUND);
    let moved = town.post("段工", &path, moved).await;
    assert_eq!(moved.body["history"].as_array().map(Vec::len), Some(4), "{}", moved.body);
    assert_eq!(town.get("桦甸", &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.get("磐石", &path).await.body["region"], PANSHI);
    assert_eq!(town.world.compare_with_fold().expect("folds").1, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_and_a_site_are_set_by_who_may_and_a_site_is_one_they_see() {
    let town = city();
    let made = station(&town, "10820551", Json::Null).await.body;
    let path = format!("/api/stations/{}/place", text(&made["id"]));
    let site = enterprise(&town, "桦甸").await;
    let said = |change: &dyn Fn(&mut Json)| {
        let mut said =
            json!({ "region": HUADIAN, "place": null, "site": null, "reason": "复测更正" });
        change(&mut said);
        said
    };
    let named = said(&|said| said["site"] = site.clone());
    assert_eq!(town.post("看客", &path, named.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(town.post("磐石", &path, named.clone()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.get("磐石", &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(names(&town.post("站工", &path, named.clone()).await), (422, "site"));
    let nobody = json!("0198f000-0000-7000-8000-00000000dead");
    let unknown = said(&|said| said["site"] = nobody.clone());
    assert_eq!(names(&town.post("桦甸", &path, unknown).await), (422, "site"));
    for blank in ["", "  "] {
        let blank = said(&|said| said["reason"] = json!(blank));
        assert_eq!(names(&town.post("桦甸", &path, blank).await), (422, "reason"));
    }
    let far = json!({ "original": [121.5, 31.2], "datum": "wgs84" });
    let far = said(&|said| said["place"] = far.clone());
    assert_eq!(names(&town.post("桦甸", &path, far).await), (422, "place"));
    let edit = format!("/api/stations/{}/edit", text(&made["id"]));
    let answer = town.post("桦甸", &edit, json!({ "site": nobody })).await;
    assert_eq!(names(&answer), (422, "site"), "the other door asks the same");
    let mut new = details("又一站", PANSHI, &["Z"]);
    (new["code"], new["point"], new["site"]) = (json!("10840551"), Json::Null, site.clone());
    assert_eq!(names(&town.post("磐石", "/api/stations", new).await), (422, "site"));
    let set = town.post("桦甸", &path, named).await;
    assert_eq!((set.status, &set.body["site"]), (StatusCode::OK, &site));
    // Whoever may not see it may leave it as it is.
    let kept = said(&|said| (said["site"], said["reason"]) = (site.clone(), json!("补坐标")));
    assert_eq!(town.post("站工", &path, kept).await.status, StatusCode::OK);
}
