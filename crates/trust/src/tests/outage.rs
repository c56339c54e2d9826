//! A database that does not answer, and what the door remembers of those it let in.

use std::future::Future as _;

use host::town::Refusing;

use super::*;
use crate::session::story::{in_memory, owed};

/// A house with somebody who has a role over 桦甸 and has used it.
async fn with_watcher(house: &House) -> (Browser, Browser, String, Browser) {
    let system = house.officer(Office::System, "zhou").await;
    let security = house.officer(Office::Security, "feng").await;
    let (han, browser) = house.person(&system, "han", "韩立春").await;
    house.make_watcher(&security, &han, "220282").await;
    assert_eq!(regions(house, &browser).await, 200);
    (system, security, han, browser)
}

/// Asks something that reads no table of accounts.
async fn regions(house: &House, browser: &Browser) -> u16 {
    house.ask(Some(browser), "GET", "/api/regions", Json::Null).await.0
}

#[tokio::test]
async fn a_database_that_refuses_signs_nobody_out() {
    let house = House::new();
    let (_, _, _, known) = with_watcher(&house).await;
    let fresh = house.sign_in("han", PASSWORD).await.expect("signs in");
    let away = Refusing::new(&house.scratch, &house.world, "account");
    let (status, body) = house.ask(Some(&fresh), "GET", "/api/regions", Json::Null).await;
    assert_eq!((status, &body["code"]), (503, &json!("holder-unknown")), "{body}");
    assert!(!body.to_string().contains("account"), "what the database said is not told");
    assert_eq!(regions(&house, &known).await, 200, "who was let in before is known still");
    let stranger = Browser { cookie: "0".repeat(64), csrf: String::new() };
    assert_eq!(regions(&house, &stranger).await, 401, "no session is no session");
    drop(away);
    assert_eq!(regions(&house, &fresh).await, 200, "the session is as it was");
}

#[tokio::test(start_paused = true)]
async fn a_screen_outlasts_a_database_that_refuses_for_a_moment() {
    let house = House::new();
    let (_, _, _, browser) = with_watcher(&house).await;
    let mut screen = house.screen(&browser).await;
    screen.next_of(&["clock"]).await.expect("the session holds");
    let away = Refusing::new(&house.scratch, &house.world, "account");
    // What was known of the holder is old now, so the database is asked.
    define(&house, "other");
    for _ in 0..3 {
        screen.next_of(&["clock"]).await.expect("goes on");
    }
    drop(away);
    for _ in 0..10 {
        screen.next_of(&["clock"]).await.expect("and is sure again");
    }
    let _away = Refusing::new(&house.scratch, &house.world, "account");
    define(&house, "third");
    assert_eq!(screen.next_of(&["never"]).await, None, "not for ever");
}

fn define(house: &House, role: &str) {
    let role = RoleDefinition {
        role: role.to_owned(),
        word: "另一角色".to_owned(),
        permissions: Vec::new(),
    };
    crate::role::seed(&house.world, vec![role]).expect("defined");
}

#[tokio::test]
async fn what_is_taken_away_is_gone_at_the_next_request() {
    let house = House::new();
    let (system, security, han, browser) = with_watcher(&house).await;
    let second = house.sign_in("han", PASSWORD).await.expect("signs in");
    assert_eq!(regions(&house, &second).await, 200);

    let (_, accounts) = house.ask(Some(&security), "GET", "/api/accounts", Json::Null).await;
    let items = accounts["items"].as_array().expect("a list");
    let held = items.iter().find(|account| account["account"] == "han").expect("listed");
    let grant = format!("/api/grants/{}", held["grants"][0]["id"].as_str().expect("an id"));
    let permissions = async || {
        let (_, session) = house.ask(Some(&browser), "GET", "/api/session", Json::Null).await;
        session["permissions"].clone()
    };
    assert_eq!(permissions().await, json!(["region.read"]));
    assert_eq!(house.ask(Some(&security), "DELETE", &grant, Json::Null).await.0, 200);
    assert_eq!(permissions().await, json!([]), "the role was taken back");
    house.make_watcher(&security, &han, "220282").await;
    assert_eq!(permissions().await, json!(["region.read"]), "and given again");

    assert_eq!(house.ask(Some(&second), "DELETE", "/api/session", Json::Null).await.0, 204);
    assert_eq!(regions(&house, &second).await, 401, "signed out");
    assert_eq!(regions(&house, &browser).await, 200, "the other session is another");

    let path = format!("/api/accounts/{han}/disable");
    let (status, _) = house.ask(Some(&system), "POST", &path, json!({ "reason": "调离" })).await;
    assert_eq!(status, 200);
    assert_eq!(regions(&house, &browser).await, 401, "disabled");
}

#[tokio::test]
async fn a_sign_out_that_is_not_written_says_so_and_a_restart_after_it_is_written_forgets_it() {
    let house = House::new();
    let (system, _, _, browser) = with_watcher(&house).await;
    let again = |house: &House| {
        let restarted = Sessions::default();
        restarted.resume(&house.world).expect("taken up");
        in_memory(&restarted)
    };
    let before = again(&house);
    let away = Refusing::new(&house.scratch, &house.world, "session");
    let (status, cookie, body) =
        house.ask_raw(Some(&browser), "DELETE", "/api/session", Json::Null).await;
    assert_eq!((status, &body["code"]), (409, &json!("sign-out-unwritten")), "{body}");
    assert_eq!(cookie.as_deref(), Some(""), "the browser forgets the secret");
    assert_eq!(regions(&house, &browser).await, 401, "and nobody goes on with it");
    drop(away);

    house.sessions.close();
    assert_eq!(again(&house), before - 1, "the row is gone, so no restart takes it up");
    assert_eq!(regions(&house, &browser).await, 401);
    let closed = || {
        let entries =
            house.world.read_now(|db| host::log::before(db, host::log::Book::Trail, i64::MAX, 100));
        let entries = entries.expect("reads");
        entries.iter().filter(|entry| entry.kind() == "session.closed").count()
    };
    assert_eq!(closed(), 1);
    house.sessions.close();
    assert_eq!((again(&house), closed()), (before - 1, 1), "written once");
    let (status, _) = house.ask(Some(&system), "DELETE", "/api/session", Json::Null).await;
    assert_eq!((status, again(&house), closed()), (204, before - 2, 2));
}

#[tokio::test]
async fn a_sign_out_that_is_refused_is_owed_though_whoever_asked_went_away() {
    let house = House::new();
    let (_, _, _, browser) = with_watcher(&house).await;
    let before = in_memory(&house.sessions);
    let away = Refusing::new(&house.scratch, &house.world, "session");
    // The writer is kept until the client is gone.
    let (go_on, held) = std::sync::mpsc::channel::<()>();
    let keep = move |_: &mut host::Tx<'_>| {
        let _ = held.recv();
        Ok(())
    };
    house.world.run_then(host::Lane::Urgent, "test", keep, |_| {}).expect("taken");
    let mut leaving = Box::pin(house.ask_raw(Some(&browser), "DELETE", "/api/session", Json::Null));
    std::future::poll_fn(|cx| {
        assert!(leaving.as_mut().poll(cx).is_pending(), "the writer is kept");
        match in_memory(&house.sessions) < before {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    drop(leaving);
    go_on.send(()).expect("somebody waits");

    let is_owed = async {
        while owed(&house.sessions) == 0 {
            tokio::task::yield_now().await;
        }
    };
    let late = std::time::Duration::from_secs(120);
    tokio::time::timeout(late, is_owed).await.expect("somebody owes it");
    drop(away);
    house.sessions.close();
    let restarted = Sessions::default();
    restarted.resume(&house.world).expect("taken up");
    assert_eq!(in_memory(&restarted), before - 1);
}
