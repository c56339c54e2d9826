use base::place::Tier;
use host::town::Town;

use super::seed::carried;
use super::*;

#[test]
fn the_carried_table_has_the_sixty_counties_and_nothing_that_is_no_division() {
    let regions = carried().expect("reads");
    let count = |tier| regions.iter().filter(|region| region.tier == tier).count();
    assert_eq!((count(Tier::Province), count(Tier::City), count(Tier::County)), (1, 9, 60));
    assert!(count(Tier::Town) > 900);
    let gongzhuling = regions.iter().find(|region| region.name == "公主岭市").expect("listed");
    assert_eq!(gongzhuling.code.as_str(), "220184", "since 2020");
    assert!(regions.iter().all(|region| region.code.as_str() != "220171"), "a statistical zone");
}

#[tokio::test]
async fn what_is_inside_the_province_is_inside_its_scope_and_not_the_other_way() {
    let town = Town::new(vec![crate::part()]);
    seed(&town.world).expect("seeded");
    seed(&town.world).expect("twice is once");
    assert_eq!(town.world.last_seq(), 1);

    let within = |root: &'static str, region: &'static str| {
        let scope = host::Scope::all_in(root.parse().expect("a code"));
        let region: AdminCode = region.parse().expect("a code");
        town.world
            .read_now(|db| scope.holds(db, &host::Home::region(region.clone())))
            .expect("answers")
    };
    assert!(within("220000", "220282"));
    assert!(within("220200", "220282"));
    assert!(within("220282", "220282"));
    assert!(!within("220282", "220200"));
    assert!(!within("220100", "220282"));

    town.person("周牧", "220282", &[]);
    let answer = town.get("周牧", "/api/regions").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["items"].as_array().map(Vec::len), Some(70));
    assert_eq!(town.get("", "/api/regions").await.status, 401);
    let answer = town.get("周牧", "/api/map/layers/counties").await;
    assert_eq!(answer.body["features"].as_array().map(Vec::len), Some(60));
    assert_eq!(town.get("周牧", "/api/map/layers/..%2f..%2fetc").await.status, 404);
}

const HEADER: &str = "区划代码,名称,上级代码,启用日期,停用日期,后继代码,来源\n";

/// The system officer brings a table, and confirms it; answers the import.
async fn import(town: &Town, rows: &str) -> serde_json::Value {
    let until = async |path: &str, state: &str| {
        loop {
            let import = town.get("郑系统", path).await.body;
            assert_ne!(import["state"], "failed", "{import:#}");
            if import["state"] == state {
                return import;
            }
            tokio::task::yield_now().await;
        }
    };
    let table = format!("{HEADER}{rows}");
    let path = "/api/imports?register=region&file=regions.csv";
    let (brought, _) = town.ask_raw("郑系统", "POST", path, table.into_bytes()).await;
    assert_eq!(brought.status, 201, "{:?}", brought.body);
    let path = format!("/api/imports/{}", brought.body["id"].as_str().expect("an id"));
    until(&path, "ready").await;
    let confirmed = town.post("郑系统", &format!("{path}/confirm"), serde_json::json!({})).await;
    assert_eq!(confirmed.status, 200, "{:?}", confirmed.body);
    until(&path, "done").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_ended_is_what_it_was_then_and_is_seen_from_what_came_after() {
    let town = Town::new(vec![crate::part()]);
    seed(&town.world).expect("seeded");
    town.officer("郑系统", &[host::scope::MANAGE_ATLAS, host::import::IMPORT]);
    town.person("周牧", "220184", &[]);
    let code = |text: &str| text.parse::<AdminCode>().expect("a code");
    let rows = "220221,永吉县,220200,,2025-01-01,220202,虚构\n\
                220421,东丰县,220400,,2025-01-01,,虚构\n\
                220421,东丰县,220000,2025-01-01,,,虚构\n\
                220184102,虚构镇,220184,,,,虚构\n\
                220184102201,某村,220184102,,,,虚构\n";
    let done = import(&town, rows).await;
    let counts = &done["counts"];
    assert_eq!((&counts["refused"], &counts["seen"]), (&0.into(), &5.into()), "{done:#}");

    let on = |text: &'static str, day: &str| {
        let (code, day) = (code(text), day.parse().expect("a day"));
        let spell = town.world.read_now(|db| spell_on(db, &code, day)).expect("reads");
        spell.map(|spell| spell.parent.expect("a parent").to_string())
    };
    assert_eq!(on("220221", "2024-12-31"), Some("220200".to_owned()));
    assert_eq!(on("220221", "2025-01-01"), None);
    assert_eq!(on("220421", "2024-12-31"), Some("220400".to_owned()));
    assert_eq!(on("220421", "2025-01-01"), Some("220000".to_owned()));
    // As the carried dates have it.
    assert_eq!(on("220381", "2012-01-01"), Some("220300".to_owned()));
    assert_eq!(on("220381", "2020-06-18"), Some("220000".to_owned()));
    assert_eq!(on("220381", "2020-06-19"), None);
    assert_eq!(on("220184", "2020-06-18"), None);
    assert_eq!(on("220184", "2020-06-19"), Some("220100".to_owned()));
    assert_eq!(on("220581", "2013-11-14"), Some("220500".to_owned()));

    let within = |root: &'static str, region: &'static str| {
        let scope = host::Scope::all_in(code(root));
        let home = host::Home::region(code(region));
        town.world.read_now(|db| scope.holds(db, &home)).expect("answers")
    };
    assert!(within("220202", "220221") && within("220200", "220221"));
    assert!(within("220000", "220421") && !within("220400", "220421"));
    assert!(within("220184", "220381"), "what stayed under the old code");
    assert!(within("220100", "220381") && !within("220300", "220381"));
    assert!(within("220000", "220581") && !within("220500", "220581"), "by who it reports to");
    assert!(within("220184", "220184102201"), "villages below towns");

    let list = async |query: &str| {
        let page = town.get("周牧", &format!("/api/regions/spells?{query}")).await.body;
        let items = page["items"].as_array().expect("a list").clone();
        let codes = items.iter().filter_map(|it| it["code"].as_str().map(str::to_owned));
        codes.collect::<Vec<_>>()
    };
    // A town has the city's name in its own.
    assert_eq!(list("q=公主岭&as_of=2019-01-01").await, ["220184402", "220381"]);
    assert_eq!(list("q=公主岭").await, ["220184", "220184402"]);
    assert_eq!(list("parent=220184&q=虚构镇").await, ["220184102"]);
    let current = town.get("周牧", "/api/regions").await.body["items"].clone();
    let ended = current.as_array().expect("a list").iter().any(|it| it["code"] == "220381");
    assert!(!ended, "nobody chooses a code that has ended");
    assert_eq!(town.world.compare_with_fold().expect("folds").1, []);

    let seq = town.world.last_seq();
    let again = import(&town, rows).await;
    assert_eq!((&again["counts"]["same"], town.world.last_seq()), (&5.into(), seq));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_of_regions_that_contradicts_itself_is_refused_row_by_row() {
    let town = Town::new(vec![crate::part()]);
    seed(&town.world).expect("seeded");
    town.officer("郑系统", &[host::scope::MANAGE_ATLAS, host::import::IMPORT]);
    town.person("周牧", "220282", &[host::import::IMPORT]);
    let rows = "220199,新区,220198,,,,虚构\n\
                220100,长春市,220184,,,,虚构\n\
                220197,倒置区,220100,2020-01-01,2019-01-01,,虚构\n\
                220196,无据区,220100,,,,\n\
                22019,短码区,220100,,,,虚构\n\
                220195,承接区,220100,,,220184,虚构\n\
                220194,自指区,220194,,,,虚构\n\
                220193,孤区,,,,,虚构\n";
    let done = import(&town, rows).await;
    assert_eq!((&done["counts"]["refused"], &done["counts"]["added"]), (&8.into(), &0.into()));
    let path = format!("/api/imports/{}/faults", done["id"].as_str().expect("an id"));
    let faults = town.get("郑系统", &path).await.body["items"].clone();
    let faults = faults.as_array().expect("a list").iter();
    let said: Vec<String> = faults
        .map(|it| format!("{} {} {}", it["row"], it["column"], it["code"]).replace('"', ""))
        .collect();
    assert_eq!(
        said,
        [
            "2 parent value",
            "3 parent value",
            "4 valid_to value",
            "5 source missing",
            "6 code value",
            "7 valid_to missing",
            "8 parent value",
            "9 parent missing",
        ]
    );
    let path = "/api/imports?register=region&file=regions.csv";
    let (refused, _) = town.ask_raw("周牧", "POST", path, HEADER.into()).await;
    assert_eq!(
        (refused.status, &refused.body["permission"]),
        (403.try_into().unwrap(), &"atlas.manage".into())
    );
}
