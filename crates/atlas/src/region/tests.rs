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
