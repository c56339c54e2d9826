//! Live screens and the sessions they belong to.

use base::Duration;

use super::*;
use crate::session::story;

#[tokio::test(start_paused = true)]
async fn a_screen_ends_when_its_holder_signs_out_or_is_disabled() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let (_, first) = house.person(&system, "han", "韩立春").await;
    let (other, second) = house.person(&system, "sun", "孙亦文").await;
    let (mut own, mut first_screen, mut second_screen) =
        (house.screen(&system).await, house.screen(&first).await, house.screen(&second).await);
    for screen in [&mut own, &mut first_screen, &mut second_screen] {
        screen.next_of(&["clock"]).await.expect("the session holds");
    }
    assert_eq!(house.ask(Some(&first), "DELETE", "/api/session", Json::Null).await.0, 204);
    assert_eq!(first_screen.next_of(&["never"]).await, None, "signed out");
    let path = format!("/api/accounts/{other}/disable");
    let (status, _) = house.ask(Some(&system), "POST", &path, json!({ "reason": "调离" })).await;
    assert_eq!(status, 200);
    assert_eq!(second_screen.next_of(&["never"]).await, None, "disabled");
    own.next_of(&["clock"]).await.expect("who did it looks on");
}

#[tokio::test(start_paused = true)]
async fn a_screen_hears_of_a_role_that_was_given_or_taken_back() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let security = house.officer(Office::Security, "feng").await;
    let (han, browser) = house.person(&system, "han", "韩立春").await;
    let mut screen = house.screen(&browser).await;
    screen.next_of(&["clock"]).await.expect("the session holds");
    house.make_watcher(&security, &han, "220282").await;
    assert_eq!(screen.next_of(&["reset"]).await.expect("told").0, "reset");
    let (_, accounts) = house.ask(Some(&security), "GET", "/api/accounts", Json::Null).await;
    let items = accounts["items"].as_array().expect("a list");
    let held = items.iter().find(|account| account["account"] == "han").expect("listed");
    let grant = format!("/api/grants/{}", held["grants"][0]["id"].as_str().expect("an id"));
    assert_eq!(house.ask(Some(&security), "DELETE", &grant, Json::Null).await.0, 200);
    assert_eq!(screen.next_of(&["reset"]).await.expect("told").0, "reset");
    screen.next_of(&["clock"]).await.expect("and goes on");
}

#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session_alive() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let asks = async |method: &str, header: (&'static str, &str)| {
        let request = Request::builder().method(method).uri("/api/session");
        let request = request
            .header("cookie", format!("{SESSION_COOKIE}={}", system.cookie))
            .header(header.0, header.1);
        let request = request.body(Body::empty()).expect("a request");
        host::town::oneshot(&house.router, request).await.status.as_u16()
    };
    let (by_page, stream) = (("x-fengsui-background", "1"), ("accept", "text/event-stream"));
    let by_person = ("accept", "application/json");
    let since = story::idle_for(&house.sessions, Duration::from_mins(14));
    for header in [by_page, stream] {
        assert_eq!(asks("GET", header).await, 200);
        assert_eq!(story::last_seen(&house.sessions), [since], "{header:?}");
    }
    // A page writes nothing by itself; this one lacks the token and is refused.
    assert_eq!(asks("DELETE", by_page).await, 403);
    assert!(story::last_seen(&house.sessions).iter().all(|seen| since < *seen));
    let since = story::idle_for(&house.sessions, Duration::from_mins(14));
    assert_eq!(asks("GET", by_person).await, 200);
    assert!(story::last_seen(&house.sessions).iter().all(|seen| since < *seen));
    story::idle_for(&house.sessions, Duration::from_mins(15));
    assert_eq!(asks("GET", by_page).await, 401, "and ends in time");
}
