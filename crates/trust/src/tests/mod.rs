//! Stories at the doors of trust, with real sessions.

mod contact;
mod facts;
mod guesses;
mod node;
mod organisations;
mod outage;
mod screens;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base::place::Tier;
use host::node::{Node, NodeInfo};
use host::part::Kit;
use host::town::Scratch;
use host::web::{Asked, Doorkeeper, SESSION_COOKIE, router};
use host::world::WorldConfig;
use host::{Clock, World};
use serde_json::{Value as Json, json};

use crate::{Office, RoleDefinition, Sessions, first_start};

/// A node with real sign-in, and one browser per officer.
struct House {
    world: World,
    node: Node,
    sessions: Sessions,
    router: axum::Router,
    secrets: Vec<(Office, String)>,
    scratch: Scratch,
}

struct Browser {
    cookie: String,
    csrf: String,
}

const PASSWORD: &str = "Spring-River-2026";

impl House {
    fn new() -> House {
        let scratch = Scratch::new();
        let sessions = Sessions::default();
        let live = host::Part {
            name: "live",
            routes: host::Routes::new().get(
                "/api/live",
                host::web::Access::SignedIn,
                "Streams",
                host::web::live,
            ),
            ..host::Part::default()
        };
        let parts = vec![crate::part(&sessions), atlas::part(), live];
        let (kit, routes) = Kit::fold(parts);
        let config = WorldConfig {
            name: "real".to_owned(),
            origin: "house".to_owned(),
            directory: scratch.path().join("worlds").join("real"),
            database: scratch.database(),
            clock: Clock::machine(),
            durable: false,
        };
        let world = World::open(config, Arc::new(kit)).expect("opens");
        atlas::seed(&world).expect("seeded");
        let role = RoleDefinition {
            role: "watcher".to_owned(),
            word: "观察员".to_owned(),
            permissions: vec!["region.read".to_owned()],
        };
        crate::role::seed(&world, vec![role]).expect("seeded");
        sessions.resume(&world).expect("taken up");
        let secrets = first_start(&world).expect("asks").expect("it is the first start");
        let info = NodeInfo {
            name: "桦甸市应急管理局".to_owned(),
            region: "220282".parse().expect("a code"),
            tier: Tier::County,
            demo: false,
            version: "test",
        };
        let doorkeeper: Arc<dyn Doorkeeper> = Arc::new(sessions.clone());
        let node = Node::new(info, doorkeeper, world.clone());
        let router = router(node.clone(), &routes, axum::Router::new());
        House { world, node, sessions, router, secrets, scratch }
    }

    async fn ask(
        &self,
        browser: Option<&Browser>,
        method: &str,
        path: &str,
        body: Json,
    ) -> (u16, Json) {
        let (status, _, body) = self.ask_raw(browser, method, path, body).await;
        (status, body)
    }

    async fn ask_raw(
        &self,
        browser: Option<&Browser>,
        method: &str,
        path: &str,
        body: Json,
    ) -> (u16, Option<String>, Json) {
        self.ask_from("", browser, method, path, body).await
    }

    /// Asks from an address, or from nowhere.
    async fn ask_from(
        &self,
        source: &str,
        browser: Option<&Browser>,
        method: &str,
        path: &str,
        body: Json,
    ) -> (u16, Option<String>, Json) {
        use host::town::oneshot;
        let mut request = Request::builder().method(method).uri(path);
        if let Ok(address) = source.parse::<std::net::IpAddr>() {
            let peer = std::net::SocketAddr::from((address, 40_000));
            request = request.extension(axum::extract::ConnectInfo(peer));
        }
        if let Some(browser) = browser {
            request = request
                .header("cookie", format!("{SESSION_COOKIE}={}", browser.cookie))
                .header("x-csrf-token", &browser.csrf);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer = oneshot(&self.router, request.body(body).expect("a request")).await;
        let cookie = answer.headers.get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|text| {
            let (_, rest) = text.split_once('=')?;
            Some(rest.split(';').next().unwrap_or_default().to_owned())
        });
        (answer.status.as_u16(), cookie, answer.body)
    }

    async fn claim(&self, office: Office, account: &str) -> (u16, Json) {
        let secret = self.secrets.iter().find(|(other, _)| *other == office).expect("made");
        let body = json!({
            "secret": secret.1, "account": account, "name": office.word(), "password": PASSWORD,
        });
        self.ask(None, "POST", &format!("/api/first-start/{}", office.code()), body).await
    }

    async fn sign_in(&self, account: &str, password: &str) -> Result<Browser, Json> {
        self.sign_in_from("", account, password).await
    }

    async fn sign_in_from(
        &self,
        source: &str,
        account: &str,
        password: &str,
    ) -> Result<Browser, Json> {
        let body = json!({ "account": account, "password": password });
        let (status, cookie, body) =
            self.ask_from(source, None, "POST", "/api/session", body).await;
        match (status, cookie, body["csrf"].as_str()) {
            (201, Some(cookie), Some(csrf)) => Ok(Browser { cookie, csrf: csrf.to_owned() }),
            _ => Err(body),
        }
    }

    async fn officer(&self, office: Office, account: &str) -> Browser {
        let (status, body) = self.claim(office, account).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        self.sign_in(account, PASSWORD).await.expect("signs in")
    }

    /// Opens an account with a password that its holder has chosen already.
    async fn person(&self, system: &Browser, account: &str, name: &str) -> (String, Browser) {
        let first = "First-Password-1";
        let new = json!({ "account": account, "name": name, "password": first });
        let (status, opened) = self.ask(Some(system), "POST", "/api/accounts", new).await;
        assert_eq!(status, 201, "{opened}");
        let browser = self.sign_in(account, first).await.expect("signs in");
        let change = json!({ "current": first, "new": PASSWORD });
        let (status, body) =
            self.ask(Some(&browser), "POST", "/api/session/password", change).await;
        assert_eq!(status, 204, "{body}");
        (opened["id"].as_str().expect("an id").to_owned(), browser)
    }

    /// Gives an account the role that sees a region's facts.
    async fn make_watcher(&self, security: &Browser, account: &str, region: &str) {
        let path = format!("/api/accounts/{account}/grants");
        let grant = json!({ "role": "watcher", "region": region });
        let (status, body) = self.ask(Some(security), "POST", &path, grant).await;
        assert_eq!(status, 201, "{body}");
    }

    async fn screen(&self, browser: &Browser) -> host::town::Screen {
        let cookie = format!("{SESSION_COOKIE}={}", browser.cookie);
        let request = Request::builder().uri("/api/live").header("cookie", cookie);
        host::town::Screen::open(&self.router, request.body(Body::empty()).expect("plain")).await
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.world.close();
    }
}

#[tokio::test]
async fn three_secrets_open_three_offices_once() {
    let house = House::new();
    let (_, before) = house.ask(None, "GET", "/api/first-start", Json::Null).await;
    assert_eq!(before["officers"].as_array().map(Vec::len), Some(3));

    let wrong = json!({ "secret": "AAAAA", "account": "zhou", "name": "周", "password": PASSWORD });
    let (status, body) = house.ask(None, "POST", "/api/first-start/system", wrong).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("secret-not-valid")));

    let (status, _) = house.claim(Office::System, "zhou").await;
    assert_eq!(status, 201);
    let (status, _) = house.claim(Office::System, "other").await;
    assert_eq!(status, 409, "a secret opens once");
    let (status, body) = house.claim(Office::Audit, "zhou").await;
    assert_eq!((status, body["code"].as_str()), (409, Some("account-taken")), "one office each");

    assert!(first_start(&house.world).expect("asks").is_none(), "there is one first start");
    let log = house.world.read_now(|db| Ok(db.rows("select body from log order by seq", &[])?));
    for row in log.expect("reads") {
        let body: String = row.get("body").expect("open");
        assert!(!body.contains("argon2"), "no secret is in a fact: {body}");
    }
}

#[tokio::test]
async fn the_three_officers_exclude_each_other() {
    let house = House::new();
    let system = house.officer(Office::System, "sys-zhou").await;
    let security = house.officer(Office::Security, "sec-sun").await;
    let audit = house.officer(Office::Audit, "aud-li").await;

    let new = json!({ "account": "han", "name": "韩立春", "password": "First-Password-1" });
    for (who, expected) in [(&security, 403), (&audit, 403), (&system, 201)] {
        let (status, body) = house.ask(Some(who), "POST", "/api/accounts", new.clone()).await;
        assert_eq!(status, expected, "{body}");
    }
    let (_, accounts) = house.ask(Some(&system), "GET", "/api/accounts", Json::Null).await;
    let id_of = |name: &str| {
        let items = accounts["items"].as_array().expect("a list");
        let found = items.iter().find(|account| account["account"] == name).expect("listed");
        found["id"].as_str().expect("an id").to_owned()
    };
    let grant = json!({ "role": "watcher", "region": "220282" });
    let path = format!("/api/accounts/{}/grants", id_of("han"));
    for (who, expected) in [(&system, 403), (&audit, 403), (&security, 201)] {
        let (status, body) = house.ask(Some(who), "POST", &path, grant.clone()).await;
        assert_eq!(status, expected, "{body}");
    }
    let path = format!("/api/accounts/{}/grants", id_of("sys-zhou"));
    let (status, body) = house.ask(Some(&security), "POST", &path, grant).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("officer")));
    for (who, expected) in [(&system, 403), (&security, 403), (&audit, 200)] {
        let (status, _) = house.ask(Some(who), "GET", "/api/trail", Json::Null).await;
        assert_eq!(status, expected);
    }
    let smuggled =
        json!({ "role": "watcher", "word": "观察员", "permissions": ["account.manage"] });
    let (status, body) = house.ask(Some(&security), "POST", "/api/roles", smuggled).await;
    assert_eq!((status, body["code"].as_str()), (409, Some("office-permission")));
}

#[tokio::test]
async fn five_wrong_passwords_lock_a_name_whether_or_not_it_exists() {
    let house = House::new();
    house.claim(Office::System, "zhou").await;
    for name in ["zhou", "nobody-at-all"] {
        let mut left = Vec::new();
        for _ in 0..5 {
            let refused = house.sign_in(name, "Wrong-Password-1").await.err().expect("refused");
            left.push(refused["tries_left"].clone());
        }
        assert_eq!(left, [json!(4), json!(3), json!(2), json!(1), Json::Null], "{name}");
        let refused = house.sign_in(name, PASSWORD).await.err().expect("locked");
        assert!(refused["locked_until"].is_string(), "{name}: {refused}");
    }
}

#[tokio::test]
async fn a_session_ends_when_it_is_closed_and_writes_need_its_token() {
    let house = House::new();
    let browser = house.officer(Office::System, "zhou").await;
    assert_eq!(house.ask(Some(&browser), "GET", "/api/session", Json::Null).await.0, 200);
    let forged = Browser { csrf: "0".repeat(64), cookie: browser.cookie.clone() };
    let (status, body) = house.ask(Some(&forged), "DELETE", "/api/session", Json::Null).await;
    assert_eq!((status, body["code"].as_str()), (403, Some("csrf")));
    assert_eq!(house.ask(Some(&browser), "DELETE", "/api/session", Json::Null).await.0, 204);
    assert_eq!(house.ask(Some(&browser), "GET", "/api/session", Json::Null).await.0, 401);
}

#[tokio::test]
async fn sessions_outlive_a_restart_and_a_disabled_account_does_not() {
    let house = House::new();
    let system = house.officer(Office::System, "zhou").await;
    let new = json!({ "account": "han", "name": "韩立春", "password": "First-Password-1" });
    let (_, account) = house.ask(Some(&system), "POST", "/api/accounts", new).await;
    let han = house.sign_in("han", "First-Password-1").await.expect("signs in");
    let (_, session) = house.ask(Some(&han), "GET", "/api/session", Json::Null).await;
    assert_eq!(session["must_change_password"], true);

    let resumed = Sessions::default();
    assert!(
        resumed.caller(&han.cookie, &house.world, Asked::ByPerson).await.is_err(),
        "not before it is taken up"
    );
    resumed.resume(&house.world).expect("resumes");
    assert!(
        resumed
            .caller(&han.cookie, &house.world, Asked::ByPerson)
            .await
            .expect("known")
            .is_some_and(|held| held.password_due)
    );

    let path = format!("/api/accounts/{}/disable", account["id"].as_str().expect("an id"));
    let (status, _) = house.ask(Some(&system), "POST", &path, json!({ "reason": "调离" })).await;
    assert_eq!(status, 200);
    assert_eq!(house.ask(Some(&han), "GET", "/api/session", Json::Null).await.0, 401);
    assert!(house.sign_in("han", "First-Password-1").await.is_err());
}
