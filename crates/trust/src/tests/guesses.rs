//! Guessing passwords: side by side, from many places, at a full desk, and during a change.

use host::{Error, Lane};

use super::*;
use crate::session::story;

const WRONG: &str = "Wrong-Password-1";

#[tokio::test]
async fn guesses_side_by_side_are_as_many_as_one_after_the_other() {
    let house = House::new();
    house.claim(Office::System, "zhou").await;
    let guess = || house.sign_in("zhou", WRONG);
    let answers = tokio::join!(
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
    );
    let answers: [Result<Browser, Json>; 10] = answers.into();
    let refused = answers.map(|answer| answer.err().expect("refused"));
    let mut left: Vec<u64> =
        refused.iter().filter_map(|refused| refused["tries_left"].as_u64()).collect();
    left.sort();
    assert_eq!(left, [1, 2, 3, 4], "four were looked at and left some");
    let locked = refused.iter().filter(|refused| refused["locked_until"].is_string()).count();
    assert_eq!(locked, 6, "the fifth locked the name");
    let entries = house.world.read_now(|db| {
        house.sessions.close();
        house.world.run(Lane::Ordinary, "test", |_| Ok(()))?;
        host::log::before(db, host::log::Book::Trail, i64::MAX, 100)
    });
    let looked_at = |reason: &str| {
        let refused = entries.as_ref().expect("reads").iter().filter_map(host::fact::read);
        let counts = refused.map(|fact| match fact {
            crate::audit::TrailFact::SignInRefused(refused) if refused.reason == reason => {
                refused.count
            }
            _ => 0,
        });
        counts.sum::<u64>()
    };
    assert_eq!((looked_at("wrong"), looked_at("locked")), (5, 5), "five were not looked at");
}

#[tokio::test]
async fn guesses_elsewhere_lock_nobody_out_until_there_are_fifty() {
    let house = House::new();
    house.claim(Office::System, "zhou").await;
    for _ in 0..5 {
        assert!(house.sign_in_from("192.0.2.7", "zhou", WRONG).await.is_err());
    }
    let refused = house.sign_in_from("192.0.2.7", "zhou", PASSWORD).await.err();
    assert!(refused.expect("locked there")["locked_until"].is_string());
    assert!(house.sign_in_from("192.0.2.8", "zhou", PASSWORD).await.is_ok(), "not here");

    // The one that was right took its own try back, not the five of the others.
    story::guessed_elsewhere(&house.world, "zhou", 49 - 5);
    assert!(house.sign_in_from("192.0.2.8", "zhou", PASSWORD).await.is_ok());
    let refused = house.sign_in_from("192.0.2.9", "zhou", WRONG).await.err();
    assert!(refused.expect("the fiftieth")["locked_until"].is_string());
    assert!(house.sign_in_from("192.0.2.8", "zhou", PASSWORD).await.is_err(), "from anywhere");
}

#[tokio::test(start_paused = true)]
async fn a_full_desk_is_busy_and_counts_nothing() {
    let house = House::new();
    house.claim(Office::System, "zhou").await;
    let full = house.sessions.desk().fill();
    for _ in 0..6 {
        let busy = house.sign_in("zhou", PASSWORD).await.err().expect("busy");
        assert_eq!((&busy["status"], &busy["code"]), (&json!(503), &json!("busy")));
    }
    // A wrong one-time secret is told apart before anything is hashed.
    let claim = json!({ "secret": "A", "account": "sun", "name": "孙", "password": PASSWORD });
    let (status, body) = house.ask(None, "POST", "/api/first-start/audit", claim).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("secret-not-valid")));
    assert_eq!(house.claim(Office::Audit, "sun").await.0, 503, "a right one waits");
    drop(full);
    let refused = house.sign_in("zhou", WRONG).await.err().expect("wrong");
    assert_eq!(refused["tries_left"], 4, "the first that counts");
    assert_eq!(house.claim(Office::Audit, "sun").await.0, 201, "and is not used up");
}

#[tokio::test]
async fn a_sign_in_with_the_old_password_does_not_survive_its_change() {
    let house = House::new();
    let zhou = house.officer(Office::System, "zhou").await;
    let old = story::credential_of(&house.world, "zhou");
    let change = json!({ "current": PASSWORD, "new": "Autumn-River-2026" });
    let (status, _) = house.ask(Some(&zhou), "POST", "/api/session/password", change).await;
    assert_eq!(status, 204);
    // Its password had been looked at just before.
    let entered = story::enter_with(&house.sessions, &house.world, "zhou", old, "late").await;
    assert!(matches!(entered, Err(Error::SignInRefused { .. })), "{entered:?}");
    assert!(
        house
            .sessions
            .caller("late", &house.world, Asked::ByPerson)
            .await
            .expect("known")
            .is_none(),
        "nothing stays in memory"
    );
    let rows = house.world.read_now(|db| Ok(db.rows("select id from session", &[])?));
    assert_eq!(rows.expect("reads").len(), 1, "the one that changed it");

    let now = story::credential_of(&house.world, "zhou");
    let entered = story::enter_with(&house.sessions, &house.world, "zhou", now, "fresh").await;
    assert!(
        entered.is_ok()
            && house
                .sessions
                .caller("fresh", &house.world, Asked::ByPerson)
                .await
                .expect("known")
                .is_some()
    );
}

#[tokio::test]
async fn changing_a_password_counts_what_is_wrong_like_a_sign_in() {
    let house = House::new();
    let zhou = house.officer(Office::System, "zhou").await;
    let change = |current: &str| {
        let body = json!({ "current": current, "new": "Autumn-River-2026" });
        house.ask_raw(Some(&zhou), "POST", "/api/session/password", body)
    };
    for left in [json!(4), json!(3), json!(2), json!(1), Json::Null] {
        let (status, _, body) = change(WRONG).await;
        assert_eq!((status, &body["tries_left"]), (401, &left));
    }
    let (status, _, body) = change(PASSWORD).await;
    assert_eq!(status, 401, "{body}");
    assert!(body["locked_until"].is_string(), "the right one comes too late");
    assert!(house.sign_in("zhou", PASSWORD).await.is_err());
}

#[tokio::test]
async fn twenty_sessions_are_the_most_of_one_account() {
    let house = House::new();
    let first = house.officer(Office::System, "zhou").await;
    // Of two that begin in one millisecond nobody could say which is the older.
    let begun = host::world::wall_clock();
    while host::world::wall_clock() <= begun {
        std::thread::yield_now();
    }
    let credential = story::credential_of(&house.world, "zhou");
    for number in 0..20 {
        let secret = format!("secret {number}");
        let credential = credential.clone();
        story::enter_with(&house.sessions, &house.world, "zhou", credential, &secret)
            .await
            .expect("enters");
    }
    assert_eq!(house.ask(Some(&first), "GET", "/api/session", Json::Null).await.0, 401);
    assert!(
        house
            .sessions
            .caller("secret 0", &house.world, Asked::ByPerson)
            .await
            .expect("known")
            .is_some()
    );
    let rows = || house.world.read_now(|db| Ok(db.rows("select id from session", &[])?));
    assert_eq!(rows().expect("reads").len(), 20, "and the first one's row is gone");
    let again = Sessions::default();
    again.resume(&house.world).expect("resumes");
    assert!(
        again.caller("secret 19", &house.world, Asked::ByPerson).await.expect("known").is_some()
    );
    story::expire(&house.world);
    let later = Sessions::default();
    later.resume(&house.world).expect("resumes");
    assert!(
        later.caller("secret 19", &house.world, Asked::ByPerson).await.expect("known").is_none()
    );
    assert_eq!(story::in_memory(&later), 0, "expired rows are not taken up");
}

#[tokio::test]
async fn what_is_handed_out_opens_nothing_but_its_own_change() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let new = json!({ "account": "han", "name": "  韩立春 ", "password": "First-Password-1" });
    let (_, opened) = house.ask(Some(&system), "POST", "/api/accounts", new).await;
    assert_eq!(opened["name"], "韩立春", "as it was cleaned");
    let han = house.sign_in("han", "First-Password-1").await.expect("signs in");
    let get = |path| house.ask(Some(&han), "GET", path, Json::Null);
    assert_eq!(get("/api/session").await.1["must_change_password"], true);
    for path in ["/api/roles", "/api/facts", "/api/live", "/api/accounts"] {
        let (status, body) = get(path).await;
        assert_eq!((status, body["code"].as_str()), (403, Some("password-change-due")), "{path}");
    }
    assert_eq!(get("/api/node").await.0, 200, "what is public stays so");
    let change = json!({ "current": "First-Password-1", "new": PASSWORD });
    let (status, _) = house.ask(Some(&han), "POST", "/api/session/password", change).await;
    assert_eq!(status, 204);
    assert_eq!(get("/api/session").await.1["must_change_password"], false);
    assert_eq!(get("/api/roles").await.0, 200);
}

#[tokio::test]
async fn an_office_is_claimed_by_nobody_yet_and_a_name_is_kept_as_cleaned() {
    let house = House::new();
    let secret = house.secrets.iter().find(|(office, _)| *office == Office::System).expect("made");
    let claim =
        json!({ "secret": secret.1, "account": "zhou", "name": " 周牧\t", "password": PASSWORD });
    let (status, _) = house.ask(None, "POST", "/api/first-start/system", claim).await;
    assert_eq!(status, 201);
    let opened = house
        .world
        .read_now(|db| host::log::select(db, "log.kind = 'account.opened' order by log.seq", &[]));
    let opened = opened.expect("reads").remove(0);
    assert_eq!(opened.header.actor, host::Actor::default(), "no person stood at that door");
    assert_eq!(opened.header.via, "web");
    let kept = house.world.read_now(|db| Ok(db.rows("select name from account", &[])?));
    assert_eq!(kept.expect("reads")[0].get::<String>("name").expect("a name"), "周牧");

    house.claim(Office::Security, "sun").await;
    let sun = house.sign_in("sun", PASSWORD).await.expect("signs in");
    let role = json!({ "role": "guest", "word": " 访客 ", "permissions": [] });
    let (status, role) = house.ask(Some(&sun), "POST", "/api/roles", role).await;
    assert_eq!((status, &role["word"]), (201, &json!("访客")));
}

#[tokio::test]
async fn one_source_that_tries_many_names_is_one_line_and_the_counts_add_up() {
    let house = House::new();
    house.claim(Office::Audit, "li").await;
    let audit = house.sign_in("li", PASSWORD).await.expect("signs in");
    let trail = crate::audit::Collapse::default();
    for number in 0..15 {
        let name = format!("guess-{number}");
        trail.sign_in_refused_at(&house.world, &name, "192.0.2.7", "wrong", 100);
    }
    for _ in 0..5 {
        trail.sign_in_refused_at(&house.world, "guess-99", "192.0.2.8", "wrong", 100);
    }
    let lines = || async {
        house.world.run(Lane::Ordinary, "test", |_| Ok(())).expect("what was sent is written");
        let (_, trail) = house.ask(Some(&audit), "GET", "/api/trail", Json::Null).await;
        let refused = trail["items"].as_array().expect("a list").iter();
        let refused = refused.filter(|line| line["kind"] == "session.refused").map(|line| {
            let text = |name: &str| line[name].as_str().expect("a text").to_owned();
            (text("source"), text("account"), line["count"].as_u64().expect("a count"))
        });
        let mut refused: Vec<_> = refused.collect();
        refused.sort();
        refused
    };
    let line = |source: &str, name: &str, count| (source.to_owned(), name.to_owned(), count);
    let firsts = [line("192.0.2.7", "guess-0", 1), line("192.0.2.8", "guess-99", 1)];
    assert_eq!(lines().await, firsts, "the first of each at once");
    trail.write_before(100);
    assert_eq!(lines().await, firsts, "the minute is not over");
    trail.write_before(101);
    let [seven, eight] = firsts;
    let all = [seven, line("192.0.2.7", "guess-0", 14), eight, line("192.0.2.8", "guess-99", 4)];
    assert_eq!(lines().await, all);
    assert_eq!(all.iter().map(|(.., count)| count).sum::<u64>(), 20);
    trail.write_all();
    assert_eq!(lines().await, all, "nothing twice");
}

#[test]
fn what_was_counted_is_written_when_its_minute_is_over_and_nothing_more_comes() {
    let house = House::new();
    for _ in 0..7 {
        story::refuse_long_ago(&house.sessions, &house.world, "guess");
    }
    let counts = || {
        let entries =
            house.world.read_now(|db| host::log::before(db, host::log::Book::Trail, i64::MAX, 100));
        let entries = entries.expect("reads");
        let counts = entries.iter().map(|entry| match host::fact::read(entry) {
            Some(crate::audit::TrailFact::SignInRefused(refused)) => refused.count,
            _ => 0,
        });
        counts.sum::<u64>()
    };
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while counts() < 7 {
        assert!(std::time::Instant::now() < deadline, "{} of seven are written", counts());
        std::thread::yield_now();
    }
    assert_eq!(counts(), 7);
}

#[tokio::test]
async fn refusals_stand_in_the_trail_and_repeats_are_written_when_the_node_closes() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let audit = house.officer(Office::Audit, "li").await;
    for _ in 0..20 {
        house.ask(Some(&system), "GET", "/api/trail", Json::Null).await;
    }
    house.sessions.close();
    house.world.run(Lane::Ordinary, "test", |_| Ok(())).expect("what was sent is written");
    let (_, trail) = house.ask(Some(&audit), "GET", "/api/trail", Json::Null).await;
    let items = trail["items"].as_array().expect("a list");
    let refused: Vec<u64> = items
        .iter()
        .filter(|line| line["kind"] == "access.refused")
        .map(|line| line["count"].as_u64().expect("a count"))
        .collect();
    // Twenty refusals may lie on both sides of a minute's end.
    assert!((2..=4).contains(&refused.len()), "{refused:?}");
    assert_eq!(refused.iter().sum::<u64>(), 20);
    assert!(items.iter().any(|line| line["kind"] == "session.opened"));
}

#[tokio::test]
async fn what_was_typed_as_an_unknown_name_is_nowhere_in_clear() {
    let house = House::new();
    let audit = house.officer(Office::Audit, "li").await;
    const TYPED: &str = "spring-river-2026!";
    for _ in 0..2 {
        assert!(house.sign_in_from("192.0.2.7", TYPED, WRONG).await.is_err());
    }
    assert!(house.sign_in_from("192.0.2.8", TYPED, WRONG).await.is_err());
    assert!(house.sign_in_from("192.0.2.9", "another", WRONG).await.is_err());
    assert!(house.sign_in_from("192.0.2.10", "li", WRONG).await.is_err());
    house.sessions.close();
    house.world.run(Lane::Ordinary, "test", |_| Ok(())).expect("what was sent is written");

    let (_, trail) = house.ask(Some(&audit), "GET", "/api/trail", Json::Null).await;
    let items = trail["items"].as_array().expect("a list").iter();
    let refused = items.filter(|line| line["kind"] == "session.refused");
    let named: std::collections::BTreeMap<&str, &str> = refused
        .map(|line| {
            let text = |name: &str| line[name].as_str().expect("a text");
            (text("source"), text("account"))
        })
        .collect();
    let mark = named["192.0.2.7"];
    assert!(mark.starts_with("unknown:") && mark.len() == "unknown:".len() + 8, "{mark}");
    assert_eq!(named["192.0.2.8"], mark, "the same wherever it is typed");
    assert_ne!(named["192.0.2.9"], mark);
    assert_eq!(named["192.0.2.10"], "li", "an account is named");

    let counted = house.world.read_now(|db| Ok(db.rows("select name from sign_in_failure", &[])?));
    let counted: Vec<String> =
        counted.expect("reads").iter().map(|row| row.get("name").expect("a text")).collect();
    assert!(!counted.is_empty() && counted.iter().all(|name| name.starts_with("k1:")));
    let directory = house.world.directory().to_owned();
    house.world.close();
    let files = std::fs::read_dir(directory).expect("readable");
    for path in files.map(|file| file.expect("one").path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&path).expect("readable");
        let found = bytes.windows(TYPED.len()).any(|window| window == TYPED.as_bytes());
        assert!(!found, "{}", path.display());
    }
}

#[tokio::test]
async fn a_name_that_an_older_program_counted_in_clear_stays_locked_and_goes_under_the_key() {
    let house = House::new();
    house.claim(Office::System, "zhou").await;
    for _ in 0..5 {
        assert!(house.sign_in_from("192.0.2.7", "zhou", WRONG).await.is_err());
    }
    let older = house.world.run(Lane::Ordinary, "test", |tx| {
        tx.work().run("update sign_in_failure set name = 'zhou'", &[])?;
        Ok(())
    });
    older.expect("as it was");
    assert!(house.sign_in_from("192.0.2.7", "zhou", PASSWORD).await.is_ok(), "not found so");
    Sessions::default().resume(&house.world).expect("taken up");
    let refused = house.sign_in_from("192.0.2.7", "zhou", PASSWORD).await.err();
    assert!(refused.expect("locked")["locked_until"].is_string());
}
