//! What an incident is about is held while it is open, and for its review after.

use super::*;

const KEEPER: &[Permission] = &[sense::retention::READ, sense::retention::HOLD];

async fn holds(town: &Town, name: &str) -> Vec<Json> {
    let list = town.get(name, "/api/holds").await;
    list.body["items"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn an_open_incident_holds_the_readings_around_it_and_a_closed_one_for_its_review() {
    let town = county();
    crew(&town);
    town.person("段工", "220282", KEEPER);
    town.person("吴满仓", "220100", KEEPER);
    let incident = incident_from_call(&town, "韩立春", 1).await;
    let held = holds(&town, "段工").await;
    assert_eq!(held.len(), 1);
    assert_eq!(held[0]["about"], json!(incident));
    assert_eq!(held[0]["extent"], json!({ "regions": ["220282"], "stations": [], "sensors": [] }));
    assert_eq!(held[0]["to"], Json::Null, "for all that comes");
    assert!(held[0]["name"].as_str().expect("text").starts_with("E-0803-01"), "{held:?}");
    let begins = moment("08:00") - base::Duration::from_hours(72);
    assert_eq!(held[0]["from"], json!(begins), "it began before anybody called");
    assert_eq!(holds(&town, "吴满仓").await, Vec::<Json>::new(), "another city's is not theirs");

    town.at("09:00");
    let close = format!("/api/incidents/{incident}/close");
    assert_eq!(town.post("周牧", &close, json!({ "reason": "水退" })).await.status, 200);
    let held = holds(&town, "段工").await.remove(0);
    let to = moment("09:00") + base::Duration::from_hours(24);
    assert_eq!((&held["to"], &held["ended_at"]), (&json!(to), &Json::Null));
    let release = to + base::Duration::from_hours(24 * 1095);
    assert_eq!(held["release_at"], json!(release));

    // Years later, by itself.
    town.world.clock().set(release);
    wake(&town);
    town.until(|_| entries(&town, Book::Log).iter().any(|it| it.kind() == "hold.ended"));
    let over = holds(&town, "段工").await.remove(0);
    assert_eq!((&over["ended_reason"], &over["ended_by"]), (&json!("冻结期满"), &Json::Null));
}

#[tokio::test]
async fn a_hold_that_a_person_ended_is_not_placed_again() {
    let town = county();
    crew(&town);
    town.person("段工", "220282", KEEPER);
    incident_from_call(&town, "韩立春", 1).await;
    let held = holds(&town, "段工").await.remove(0);
    let end = format!("/api/holds/{}/end", held["id"].as_str().expect("an id"));
    let ended = town.post("段工", &end, json!({ "reason": "与监测数据无关" })).await;
    assert_eq!((ended.status.as_u16(), &ended.body["ended_by"]), (200, &json!("段工")));
    let again = town.post("段工", &end, json!({ "reason": "再来一次" })).await;
    assert_eq!(refused(&again), (409, "hold-ended"));
    // The scheduler looks at what is due with each commit; a call of another day is one.
    town.at("10:00");
    incident_from_call(&town, "韩立春", 2).await;
    let all = holds(&town, "段工").await;
    let active = all.iter().filter(|hold| hold["ended_at"].is_null()).count();
    assert_eq!((all.len(), active), (2, 1));
}
