//! The register of organisations, through its doors.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_organisation_is_put_at_the_top_by_null_and_stays_by_silence() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let ask = async |method: &str, path: &str, body: Json| {
        house.ask(Some(&system), method, &format!("/api/organisations{path}"), body).await
    };
    let found = async |name: &str, parent: Option<&str>| {
        let body = json!({ "name": name, "kind": "force", "parent": parent });
        let (status, body) = ask("POST", "", body).await;
        assert_eq!(status, 201, "{body}");
        format!("/{}", body["id"].as_str().expect("an id"))
    };
    let id = |path: &str| path.trim_start_matches('/').to_owned();
    let mine = found("虚构矿业有限公司", None).await;
    let brigade = found("救护队", Some(&id(&mine))).await;
    let squad = found("救护队一小队", Some(&id(&brigade))).await;

    let (status, renamed) = ask("PUT", &brigade, json!({ "name": "矿山救护队" })).await;
    assert_eq!((status, &renamed["parent"]), (200, &json!(id(&mine))), "nothing was said of it");
    let below_itself = json!({ "parent": id(&squad) });
    let (status, refused) = ask("PUT", &mine, below_itself.clone()).await;
    assert_eq!((status, &refused["code"]), (409, &json!("circle")));

    let (status, moved) = ask("PUT", &brigade, json!({ "parent": null })).await;
    assert_eq!((status, &moved["parent"]), (200, &Json::Null));
    let before = house.world.last_seq();
    assert_eq!(ask("PUT", &brigade, json!({ "parent": null })).await.0, 200);
    assert_eq!(house.world.last_seq(), before, "it was at the top already");

    // What was above it no longer is, and what is below it moved along.
    assert_eq!(ask("PUT", &mine, below_itself).await.0, 200);
    let (status, refused) = ask("PUT", &brigade, json!({ "parent": id(&mine) })).await;
    assert_eq!((status, &refused["code"]), (409, &json!("circle")));
}
