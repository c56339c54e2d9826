//! Who gets in, what may be typed, and how a list is read.

use axum::http::Method;
use serde_json::{Value as Json, json};

use super::*;
use crate::warning::*;

#[tokio::test]
async fn each_action_asks_for_its_own_permission() {
    let town = town();
    raise(&town, FLOOD);
    let warning = newest(&town, "周牧").await;
    town.person("读者", "220282", &[READ]);
    let reason = json!({ "reason": "没有权限" });
    let verbs = [
        ("edit", json!({ "area": "别处" })),
        ("review", json!({})),
        ("return", reason.clone()),
        ("issue", until(14, 0)),
        ("issue-urgently", json!({ "reason": "没有权限", "expires": moment(14, 0) })),
        ("review-afterwards", json!({})),
        ("extend", until(14, 0)),
        ("lift", reason.clone()),
        ("discard", reason.clone()),
    ];
    for (verb, body) in verbs {
        refused(act(&town, "读者", &warning, verb, body.clone()).await, 403, "forbidden");
        refused(act(&town, "磐石值班", &warning, verb, body.clone()).await, 404, "not-found");
        refused(act(&town, "", &warning, verb, body).await, 401, "not-signed-in");
    }
    refused(town.post("读者", "/api/warnings", draft()).await, 403, "forbidden");
    let id = warning["id"].as_str().expect("an id");
    let path = format!("/api/warnings/{id}");
    assert_eq!(town.get("读者", &path).await.body["allowed"], json!([]));
    assert_eq!(town.get("磐石值班", &path).await.status, 404);
    assert_eq!(town.get("", &path).await.status, 401);
    assert_eq!(items(&town, "磐石值班", "/api/warnings").await.len(), 0);

    town.person("签发人", "220282", &[READ, ISSUE]);
    done(act(&town, "签发人", &warning, "return", reason).await);
    let log = duty_log(&town, "warning");
    assert_eq!(log.lines().count(), 2, "proposal, return, and nothing refused:\n{log}");
}

#[tokio::test]
async fn a_permission_over_another_county_neither_drafts_nor_decides_here() {
    let town = town();
    raise(&town, FLOOD);
    // Reads the whole city, decides in 磐石 only.
    let mut caller = town.person("市值班", "220200", &[READ]);
    let there = town.person("x", "220284", &[REVIEW, ISSUE]).grants[0].clone();
    caller.grants = vec![caller.grants[0].clone(), there].into();
    let warning = newest(&town, "周牧").await;
    let scope = caller.scope(READ).expect("reads");
    let id: WarningId = warning["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let refusal = town.world.read_now(|db| {
        let warning = load(db, &scope, id)?;
        let officer = view::officer(db, &caller, &warning.home)?;
        warning.check(Action::Return, &officer)
    });
    assert_eq!(refusal.expect_err("refused").status(), (403, "forbidden"));

    let mut elsewhere = draft();
    elsewhere["region"] = json!("220284");
    refused(town.post("周牧", "/api/warnings", elsewhere).await, 404, "not-found");
    assert_eq!(count(&town, "warning.proposed"), 1);
}

#[tokio::test]
async fn an_organisation_drafts_nothing_in_a_region_and_what_is_sensitive_stays_so() {
    let town = town();
    let mine = base::Id::from_u128(7);
    town.orgs(&[(mine, mine)]);
    town.person("矿上", "220282", &[]);
    town.works_for("矿上", mine, &ALL);
    refused(town.post("矿上", "/api/warnings", draft()).await, 404, "not-found");
    assert_eq!(count(&town, "warning.proposed"), 0);

    // A warning in force that is sensitive: out of sight for who may not see such.
    town.person("保密员", "220282", &[ALL.as_slice(), &[host::scope::SEE_SENSITIVE]].concat());
    let first = done(town.post("保密员", "/api/warnings", draft()).await);
    let urgent = json!({ "reason": "水已上岸，来不及", "expires": moment(14, 0) });
    done(act(&town, "保密员", &first, "issue-urgently", urgent).await);
    let id: WarningId = first["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    town.world
        .run(host::Lane::Urgent, "test", move |tx| {
            let home = tx.home_of(id)?.class(host::Class::Sensitive).org(Some(mine));
            let passed = DangerPassed { title: "洪水".to_owned(), finding: mine };
            let fact = WarningFact::DangerPassed(passed);
            tx.record(host::Record::next(id, fact).at_home(home)).map(|_| ())
        })
        .expect("moved");
    let mut another = draft();
    another["supersedes"] = first["id"].clone();
    let lift = json!({ "reason": "险情已过" });
    for name in ["周牧", "矿上"] {
        let told = town.post(name, "/api/warnings", another.clone()).await;
        refused(told, 404, "not-found");
        refused(act(&town, name, &first, "lift", lift.clone()).await, 404, "not-found");
    }
    let second = done(town.post("保密员", "/api/warnings", another).await);
    let id: WarningId = second["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let home = town.world.run(host::Lane::Urgent, "test", move |tx| tx.home_of(id)).expect("known");
    assert_eq!((home.class, home.org), (host::Class::Sensitive, Some(mine)));
    assert_eq!(items(&town, "周牧", "/api/warnings").await.len(), 0);
    done(act(&town, "保密员", &first, "lift", lift).await);
    check_fold(&town);
}

#[tokio::test]
async fn the_same_request_twice_is_one_fact() {
    let town = town();
    let key = Some("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    let path = "/api/warnings";
    let first = town.ask_with("周牧", Method::POST, path, Some(draft()), key).await;
    let again = town.ask_with("周牧", Method::POST, path, Some(draft()), key).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(count(&town, "warning.proposed"), 1);
    let mut other = draft();
    other["title"] = json!("别的");
    let other = town.ask_with("周牧", Method::POST, path, Some(other), key).await;
    refused(other, 422, "idempotency-key-reused");
}

#[tokio::test]
async fn html_and_sql_are_text_like_any_other() {
    let town = town();
    let nasty = "<script>alert(1)</script>'); drop table warning; -- \" $1 \\";
    let mut body = draft();
    for field in ["title", "area", "matters", "measures"] {
        body[field] = json!(nasty);
    }
    let drafted = done(town.post("周牧", "/api/warnings", body).await);
    let reason = json!({ "reason": nasty });
    done(act(&town, "孙亦文", &drafted, "return", reason).await);
    let kept = newest(&town, "周牧").await;
    assert_eq!(kept["title"], nasty);
    assert_eq!(kept["content"]["measures"], nasty);
    assert_eq!(kept["returned"]["reason"], nasty);

    let mut control = draft();
    control["title"] = json!("铃\u{7}声");
    refused(town.post("周牧", "/api/warnings", control).await, 422, "bad-request");
    let mut long = draft();
    long["matters"] = json!("水".repeat(4_001));
    refused(town.post("周牧", "/api/warnings", long).await, 422, "bad-request");
}

#[tokio::test]
async fn a_list_is_filtered_and_paged_newest_first() {
    let town = town();
    for (minute, station) in ["一站", "二站", "三站"].into_iter().enumerate() {
        town.at(&format!("08:0{minute}"));
        raise(&town, Found { station, ..FLOOD });
    }
    let first = town.get("周牧", "/api/warnings?limit=2").await.body;
    let names = |page: &Json| -> Vec<Json> {
        let items = page["items"].as_array().expect("a list");
        items.iter().map(|item| item["station_name"].clone()).collect()
    };
    assert_eq!(json!(names(&first)), json!(["三站", "二站"]));
    let cursor = first["next"].as_str().expect("more follows");
    let last = town.get("周牧", &format!("/api/warnings?limit=2&cursor={cursor}")).await.body;
    assert_eq!((json!(names(&last)), &last["next"]), (json!(["一站"]), &Json::Null));
    assert_eq!(items(&town, "周牧", "/api/warnings?state=proposed,issued").await.len(), 3);
    assert_eq!(items(&town, "周牧", "/api/warnings?state=issued").await.len(), 0);
    assert_eq!(items(&town, "周牧", "/api/warnings?region=220200").await.len(), 3);
    assert_eq!(items(&town, "周牧", "/api/warnings?region=220284").await.len(), 0);
    assert_eq!(town.get("周牧", "/api/warnings?state=lost").await.status, 422);
    assert_eq!(town.get("周牧", "/api/warnings?cursor='--").await.status, 422);
}

#[tokio::test]
async fn what_is_in_hand_and_what_has_ended_are_two_lists() {
    let town = town();
    let over = in_force(&town, Found { station: "一站", ..FLOOD }).await;
    done(act(&town, "周牧", &over, "lift", json!({ "reason": "水已退" })).await);
    raise(&town, Found { station: "二站", level: base::Level::Yellow, ..FLOOD });
    let names = async |query: &str| -> Vec<String> {
        let found = items(&town, "周牧", &format!("/api/warnings?{query}")).await;
        found.iter().map(|each| each["station_name"].as_str().unwrap_or("—").to_owned()).collect()
    };
    assert_eq!(names("standing=open").await, ["二站"]);
    assert_eq!(names("standing=ended").await, ["一站"]);
    assert_eq!(names("level=yellow").await, ["二站"]);
    assert_eq!(names("standing=open&level=orange").await, [""; 0]);
    assert_eq!(items(&town, "磐石值班", "/api/warnings?standing=ended").await.len(), 0);
    assert_eq!(town.get("周牧", "/api/warnings?standing=lost").await.status, 422);

    // Issued at night by one, lifted before anybody reviewed it: the review is owed.
    let urgent = json!({ "reason": "水位猛涨，来不及审核", "expires": moment(14, 0) });
    let owed = newest(&town, "周牧").await;
    done(act(&town, "周牧", &owed, "issue-urgently", urgent).await);
    done(act(&town, "周牧", &owed, "lift", json!({ "reason": "水已退" })).await);
    assert_eq!(names("standing=open").await, ["二站"]);
    done(act(&town, "孙亦文", &owed, "review-afterwards", json!({})).await);
    assert_eq!(names("standing=ended").await, ["二站", "一站"]);
}

#[tokio::test]
async fn each_of_a_page_shows_its_own_findings_names_and_rights() {
    let town = town();
    let first = raise(&town, Found { station: "一站", ..FLOOD });
    let second = raise(&town, Found { station: "二站", region: "220284", ..FLOOD });
    // Reads the whole city, reviews in 磐石 only.
    let mut caller = town.person("市值班", "220200", &[READ]);
    let there = town.person("x", "220284", &[REVIEW]).grants[0].clone();
    caller.grants = vec![caller.grants[0].clone(), there].into();
    let scope = caller.scope(READ).expect("reads");
    let seen = town.world.read_now(|db| {
        let both = super::super::store::open(db, &scope, 10)?;
        let views = view::Viewer::new(&caller, &scope, UNIT).views(db, both)?;
        Ok(serde_json::to_value(views).expect("views are JSON"))
    });
    let seen = seen.expect("a page");
    let mut lines: Vec<String> = (0..2)
        .map(|at| {
            let each = &seen[at];
            format!(
                "{} {} {} {}",
                each["station_name"], each["region_name"], each["findings"][0], each["allowed"]
            )
        })
        .collect();
    lines.sort();
    let expected = [
        format!("\"一站\" \"桦甸市\" \"{first}\" []"),
        format!("\"二站\" \"磐石市\" \"{second}\" [\"review\",\"return\",\"discard\"]"),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn what_was_in_force_at_a_moment_is_told_afterwards() {
    let town = town();
    town.at("08:10");
    raise(&town, FLOOD);
    let warning = newest(&town, "周牧").await;
    done(act(&town, "周牧", &warning, "review", json!({})).await);
    town.at("08:20");
    done(act(&town, "孙亦文", &warning, "issue", until(14, 0)).await);
    town.at("09:00");
    done(act(&town, "周牧", &warning, "lift", json!({ "reason": "水已退" })).await);
    for (hour, minute, in_force) in [(8, 15, 0), (8, 20, 1), (8, 59, 1), (9, 0, 0)] {
        let path = format!("/api/warnings?at={}", moment(hour, minute));
        assert_eq!(items(&town, "周牧", &path).await.len(), in_force, "{hour}:{minute}");
        assert_eq!(items(&town, "磐石值班", &path).await.len(), 0, "another county");
    }
    assert_eq!(town.get("周牧", "/api/warnings?at=gestern").await.status, 422);
}
