//! Identity belongs to the node, roles to the world.

use host::Read as _;

use super::*;

#[tokio::test]
async fn in_a_drill_nobody_signs_in_and_roles_are_those_of_the_drill() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let security = house.officer(Office::Security, "feng").await;
    let (han, browser) = house.person(&system, "han", "韩立春").await;
    house.make_watcher(&security, &han, "220282").await;
    let drill = house.world.drill("flood-2026", "防汛演练").expect("opens");
    house.node.add_world(drill.clone()).expect("a name of its own");

    let sign_in = json!({ "account": "zhou", "password": PASSWORD });
    for (method, path, body) in [
        ("POST", "session", sign_in.clone()),
        ("GET", "session", Json::Null),
        ("DELETE", "session", Json::Null),
        ("GET", "node", Json::Null),
        ("GET", "first-start", Json::Null),
        ("GET", "accounts", Json::Null),
        ("GET", "roles", Json::Null),
        ("GET", "trail", Json::Null),
    ] {
        let path = format!("/api/worlds/flood-2026/{path}");
        let (status, body) = house.ask(Some(&system), method, &path, body).await;
        assert_eq!(status, 404, "{method} {path}: {body}");
    }
    let real = "/api/worlds/real/session";
    assert_eq!(house.ask(Some(&system), "GET", real, Json::Null).await.0, 200);

    // The session is the node's, and opens the drill with the roles it came with.
    let held = house
        .sessions
        .caller(&browser.cookie, &drill, Asked::ByPerson)
        .await
        .expect("known")
        .expect("the session holds");
    assert_eq!(held.caller.grants.len(), 1);
    let withdrawn = |world: &World| {
        world.run(host::Lane::Urgent, "test", |tx| {
            let row = tx.row("select id from role_grant", &[])?.expect("one");
            let (id, role) = (row.get::<base::Id>("id")?, "watcher".to_owned());
            let account = base::Id::from_u128(0);
            let place = host::scope::Place::Region("220282".parse().expect("a code"));
            let place_name = "桦甸市".to_owned();
            let gone = crate::grant::Withdrawn { account, role, place, place_name };
            tx.record(host::Record::next(id, crate::grant::GrantFact::Withdrawn(gone)))?;
            Ok(())
        })
    };
    withdrawn(&drill).expect("recorded");
    let grants = async |world: &World| {
        let held = house
            .sessions
            .caller(&browser.cookie, world, Asked::ByPerson)
            .await
            .expect("known")
            .expect("the session holds");
        held.caller.grants.len()
    };
    assert_eq!(
        (grants(&house.world).await, grants(&drill).await),
        (1, 0),
        "roles are each world's own"
    );
    let past = house.world.past("replay-1", host::fold::Until::End).expect("folds");
    withdrawn(&house.world).expect("recorded");
    assert_eq!(grants(&past).await, 0, "who looks back looks with the roles of today");

    // Who is disabled in the node is out of the drill, whatever the drill's table says.
    let path = format!("/api/accounts/{han}/disable");
    house.ask(Some(&system), "POST", &path, json!({ "reason": "调离" })).await;
    assert!(
        house
            .sessions
            .caller(&browser.cookie, &drill, Asked::ByPerson)
            .await
            .expect("known")
            .is_none()
    );
    let (status, _) =
        house.ask(Some(&browser), "GET", "/api/worlds/flood-2026/facts", Json::Null).await;
    assert_eq!(status, 401);
    drill.close();
}
