//! The log as pages.

use super::*;

/// Walks a list by its cursor to the end; answers the seqs of each page.
async fn pages(house: &House, browser: &Browser, path: &str) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, page) =
            house.ask(Some(browser), "GET", &format!("{path}{cursor}"), Json::Null).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().expect("a list");
        pages.push(items.iter().map(|item| item["seq"].as_i64().expect("a seq")).collect());
        assert!(pages.len() < 100, "the cursor moves on");
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn the_log_and_the_trail_are_paged_to_their_ends_both_ways() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let security = house.officer(Office::Security, "feng").await;
    let audit = house.officer(Office::Audit, "li").await;
    for number in 0..5 {
        let word = format!("角色{number}");
        let role = json!({ "role": "guest", "word": word, "permissions": [] });
        assert_eq!(house.ask(Some(&security), "POST", "/api/roles", role).await.0, 201);
    }
    let last = house.world.last_seq();
    let newest: Vec<i64> = (1..=last).rev().collect();
    let walked = pages(&house, &audit, "/api/facts?limit=3").await;
    assert!(walked.iter().rev().skip(1).all(|page| page.len() == 3), "{walked:?}");
    assert_eq!(walked.concat(), newest);
    let oldest: Vec<i64> = (1..=last).collect();
    assert_eq!(pages(&house, &audit, "/api/facts?after=0&limit=4").await.concat(), oldest);
    let walked = pages(&house, &audit, "/api/facts?after=2&before=6&limit=2").await;
    assert_eq!(walked, [vec![3, 4], vec![5]]);
    let exact = pages(&house, &audit, &format!("/api/facts?limit={last}")).await;
    assert_eq!(exact.len(), 1, "a page that holds all has no next");

    // All definitions of a role are one thread.
    let (_, facts) =
        house.ask(Some(&audit), "GET", "/api/facts?kind=role.defined&limit=1", Json::Null).await;
    let thread = facts["items"][0]["correlation"].as_str().expect("an id").to_owned();
    let chain = pages(&house, &audit, &format!("/api/chains/{thread}?limit=2")).await;
    assert_eq!(chain.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1], "oldest first");
    assert!(chain.concat().is_sorted());
    let (status, _) =
        house.ask(Some(&system), "GET", &format!("/api/chains/{thread}"), Json::Null).await;
    assert_eq!(status, 404, "of what one may not see there is no thread");

    let trail = pages(&house, &audit, "/api/trail?limit=2").await.concat();
    assert!(3 <= trail.len() && trail.is_sorted_by(|a, b| a > b), "{trail:?}");
    assert_eq!(trail.last(), Some(&1));
    for path in ["/api/facts?cursor=x", "/api/trail?cursor=1~2"] {
        let (status, body) = house.ask(Some(&audit), "GET", path, Json::Null).await;
        assert_eq!((status, &body["field"]), (422, &json!("cursor")), "{path}");
    }
}
