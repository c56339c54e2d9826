//! What people with bad manners send, and what the node makes of it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use host::town::Scratch;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::node::{Node, fengsui, run, said};
use crate::patience::until;
use crate::town::{ENGINEER, HUADIAN, OFFICER};

/// A request as bytes, written as it is; answers all that comes back.
fn raw(web: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(web).expect("the door is open");
    stream.set_read_timeout(Some(Duration::from_secs(180))).expect("a timeout");
    // The node may have said no and closed before the last byte.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let mut bytes = [0; 4_096];
    while let Ok(count @ 1..) = stream.read(&mut bytes) {
        answer.extend_from_slice(&bytes[..count]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn raw_get(web: SocketAddr, path: &str) -> String {
    raw(web, format!("GET {path} HTTP/1.1\r\nhost: {web}\r\nconnection: close\r\n\r\n").as_bytes())
}

fn station(code: &str, name: &str) -> Json {
    json!({ "code": code, "name": name, "class": "river", "region": HUADIAN, "period_s": 300,
        "elements": ["Z"] })
}

#[test]
fn broken_requests_are_refused_in_words() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let engineer = Client::sign_in(node.web, ENGINEER);
    let headers = [("cookie", engineer.cookie.as_str()), ("x-csrf-token", &engineer.csrf)];
    let deep = "[".repeat(100_000);
    for body in ["", "{", "null", "[]", "\"text\"", "{\"code\":1}", "\u{0}", deep.as_str()] {
        let answer = engineer.send("POST", "/api/stations", &headers, Some(body.to_owned()));
        let answer = answer.expect("an answer");
        let shown: String = body.chars().take(20).collect();
        assert_eq!(answer.refusal(), (422, "bad-request"), "{shown:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{shown:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{shown:?}");
    }
    for path in [
        "/api/worlds/nowhere/stations",
        "/api/worlds/nowhere/live",
        "/api/worlds//stations",
        "/api/nothing",
        "/api/stations/not-an-id",
        "/api/stations/0198f000-0000-7000-8000-00000000dead",
    ] {
        assert_eq!(engineer.get(path).refusal(), (404, "not-found"), "{path}");
    }
    for path in
        ["/api/stations?limit=x", "/api/stations?cursor=x", "/api/stations?cursor=1~'%20or%201=1"]
    {
        assert_eq!(engineer.get(path).refusal(), (422, "bad-request"), "{path}");
    }
    assert_eq!(Client::nobody(node.web).get("/api/live").refusal(), (401, "not-signed-in"));
    for nonsense in ["\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{7E}\u{7E}\r\n\r\n"] {
        let answer = raw(node.web, nonsense.as_bytes());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{nonsense:?}: {answer}");
    }
    let many = format!("x-{}: y\r\n", "a".repeat(60)).repeat(4_000);
    let answer = raw(node.web, format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431"), "{}", &answer[..answer.len().min(100)]);
    engineer.get("/api/stations").ok();
}

#[test]
fn a_large_body_is_refused_before_it_is_taken_in() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let engineer = Client::sign_in(node.web, ENGINEER);
    let before = node.resident_kib();
    let length = 20 << 20;
    let head = |extra: &str| {
        format!(
            "POST /api/stations HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nx-csrf-token: {}\r\n\
             content-type: application/json\r\n{extra}\r\n\r\n",
            node.web, engineer.cookie, engineer.csrf
        )
    };
    let mut known = head(&format!("content-length: {length}")).into_bytes();
    known.resize(known.len() + length, b' ');
    let mut chunked = head("transfer-encoding: chunked").into_bytes();
    let chunk = [&b"10000\r\n"[..], &[b' '; 0x10000], b"\r\n"].concat();
    chunked.extend(std::iter::repeat_n(chunk, length / 0x10000).flatten());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for request in [&known, &chunked].into_iter().cycle().take(16) {
            scope.spawn(|| {
                let answer = raw(node.web, request);
                let start = &answer[..answer.len().min(200)];
                assert!(answer.starts_with("HTTP/1.1 413"), "{start:?}");
                assert!(answer.contains("\"too-large\""), "{answer:?}");
            });
        }
    });
    let grown = node.resident_kib().saturating_sub(before);
    eprintln!("16 bodies of 20 MiB: {:?}, {grown} KiB more in memory", began.elapsed());
    assert!(grown < 64 << 10, "{grown} KiB more for 320 MiB sent");
    engineer.post("/api/stations", station("10999001", "之后")).ok();
}

#[test]
fn a_path_leads_to_nothing_outside() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    std::fs::write(scratch.path().join("secret"), "the-secret-beside-the-node").expect("written");
    let session = Client::sign_in(node.web, OFFICER);
    for path in [
        "/assets/../../../../../../../../etc/passwd",
        "/assets/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd.txt",
        "/..\\..\\secret.txt",
        "//etc/passwd.txt",
        "/assets/....//....//secret.txt",
        "/index.html%00.txt",
    ] {
        let answer = raw_get(node.web, path);
        let is_refused = answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400");
        // A path without an extension is one of the app's own: its one page.
        let is_page = answer.starts_with("HTTP/1.1 200") && answer.contains("<!doctype html");
        assert!(is_refused || is_page, "{path}: {answer}");
        assert!(!answer.contains("root:") && !answer.contains("the-secret"), "{path}: {answer}");
    }
    for path in [
        "/api/map/layers/..%2f..%2fsecret",
        "/api/map/layers/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/api/map/layers/province%00",
        "/api/map/relief/..%2fdark",
        "/api/worlds/..%2freal/stations",
        "/api/worlds/%2e%2e/node",
    ] {
        let answer = session.get(path);
        assert_eq!(answer.refusal(), (404, "not-found"), "{path}: {}", answer.text);
    }
}

#[test]
fn html_and_sql_are_text_like_any_other() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let engineer = Client::sign_in(node.web, ENGINEER);
    let before = engineer.all("/api/stations").len();
    let names = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "'; drop table station; --",
        "\" or 1=1 --",
        "{{7*7}} ${7*7} %s %n",
        "\u{202E}反转\u{FEFF}",
    ];
    for (number, name) in names.iter().enumerate() {
        let made = engineer.post("/api/stations", station(&format!("1099900{number}"), name)).ok();
        assert_eq!(made.body["name"], *name);
        let shown = engineer.get(&format!("/api/stations/{}", made.field("id"))).ok();
        assert_eq!(shown.body["name"], *name);
        assert_eq!(shown.header("content-type"), "application/json");
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        let q: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = engineer.all(&format!("/api/stations?q={q}"));
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(found[0]["name"], *name);
    }
    // What SQL's own patterns would match is matched by nothing.
    assert_eq!(engineer.all("/api/stations?q=%25"), engineer.all("/api/stations?q=%25s%20%25n"));
    assert_eq!(engineer.all("/api/stations").len(), before + names.len());
    let named = engineer.get("/api/node").ok();
    assert_eq!(named.header("x-content-type-options"), "nosniff");
}

#[test]
fn a_session_is_its_cookie_and_its_token() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let engineer = Client::sign_in(node.web, ENGINEER);
    let (name, secret) = engineer.cookie.split_once('=').expect("name and secret");
    let cookie = |secret: &str| format!("{name}={secret}");
    let mut other = secret.to_owned();
    let last = if other.pop() == Some('A') { 'B' } else { 'A' };
    other.push(last);
    let garbage = ["", "x", "' or 1=1 --", "../../etc/passwd", &"A".repeat(5_000), &other];
    for secret in garbage {
        let answer = engineer.send("GET", "/api/session", &[("cookie", &cookie(secret))], None);
        let shown: String = secret.chars().take(40).collect();
        assert_eq!(answer.expect("an answer").refusal(), (401, "not-signed-in"), "{shown:?}");
    }

    let (own, elsewhere) = (format!("http://{}", node.web), "http://evil.example");
    let (session, csrf) = (("cookie", engineer.cookie.as_str()), engineer.csrf.as_str());
    let stranger = Client::sign_in(node.web, OFFICER).csrf;
    let body = station("10999001", "跨站");
    for headers in [
        vec![session],
        vec![session, ("x-csrf-token", "wrong")],
        vec![session, ("x-csrf-token", &stranger)],
        vec![session, ("x-csrf-token", csrf), ("origin", elsewhere)],
        vec![session, ("x-csrf-token", csrf), ("origin", "null")],
    ] {
        let answer = engineer.send("POST", "/api/stations", &headers, Some(body.to_string()));
        assert_eq!(answer.expect("an answer").refusal(), (403, "csrf"), "{headers:?}");
    }
    let login = json!({ "account": ENGINEER, "password": crate::client::PASSWORD }).to_string();
    let answer = engineer.send("POST", "/api/session", &[("origin", elsewhere)], Some(login));
    assert_eq!(answer.expect("an answer").refusal(), (403, "csrf"), "nor is anybody signed in");
    let headers = [session, ("x-csrf-token", csrf), ("origin", own.as_str())];
    let answer = engineer.send("POST", "/api/stations", &headers, Some(body.to_string()));
    answer.expect("an answer").ok();

    let key = Some("the same key");
    let ask = |body: &Json| engineer.try_ask("POST", "/api/stations", Some(body), key);
    let first = ask(&station("10999002", "一")).expect("an answer").ok();
    let again = ask(&station("10999002", "一")).expect("an answer").ok();
    assert_eq!((&again.body, again.seq()), (&first.body, first.seq()));
    let other = ask(&station("10999003", "二")).expect("an answer");
    assert_eq!(other.refusal(), (422, "idempotency-key-reused"));
    assert!(engineer.all("/api/stations?q=10999003").is_empty());

    engineer.ask("DELETE", "/api/session", None).ok();
    assert_eq!(engineer.get("/api/session").refusal(), (401, "not-signed-in"), "it has left");
}

#[test]
fn a_session_that_was_not_used_has_ended() {
    let scratch = Scratch::new();
    let directory = scratch.path().join("node");
    let node = Node::start(&directory);
    let ports = [node.web.port(), node.sl651.port()];
    let [officer, engineer] = [OFFICER, ENGINEER].map(|name| Client::sign_in(node.web, name));
    let own = engineer.get("/api/session").ok().body["person"]["id"].clone();
    node.stop();
    let world = directory.join("worlds").join("real").join("facts.db");
    let database = rusqlite::Connection::open(world).expect("opens");
    let half_an_hour = 30 * 60_000 + 1;
    let aged = database.execute(
        "update session set seen_at = seen_at - ?1 where account in \
         (select id from account where account = ?2)",
        rusqlite::params![half_an_hour, ENGINEER],
    );
    assert!(0 < aged.expect("the table is as it was"), "{own}");
    drop(database);
    let _node = Node::start_on(&directory, ports);
    officer.get("/api/session").ok();
    assert_eq!(engineer.get("/api/session").refusal(), (401, "not-signed-in"));
}

#[test]
fn slow_and_silent_browsers_keep_nobody_out() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    // Somebody is served before the first of them is turned away; on a machine that stands
    // still for as long as that, once more.
    let mut tries = 0;
    let (officer, mut waiting, began) = loop {
        let (mut waiting, began) = (slow_and_silent(node.web), Instant::now());
        let officer = Client::sign_in(node.web, OFFICER);
        officer.get("/api/stations").ok();
        eprintln!("beside 400 slow connections: signed in and read in {:?}", began.elapsed());
        if waiting.iter_mut().all(|(_, stream)| is_open(stream)) {
            break (officer, waiting, began);
        }
        tries += 1;
        assert!(tries < 5, "who is quick is served after the slow ones: {:?}", began.elapsed());
    };
    // One that goes on at a snail's pace is slow all the same.
    let (_, mut snail) = waiting.swap_remove(1);
    snail.set_read_timeout(Some(Duration::from_millis(500))).expect("a timeout");
    let limit = Duration::from_secs(180);
    until("the snail is turned away", limit, || {
        snail.write_all(b"a").is_err().then_some(()).or_else(|| ended(&mut snail).map(drop))
    });
    for (kind, mut stream) in waiting {
        let left = limit.saturating_sub(began.elapsed()).max(Duration::from_millis(1));
        stream.set_read_timeout(Some(left)).expect("a timeout");
        let told = ended(&mut stream);
        let told = told.unwrap_or_else(|| panic!("open after {:?}", began.elapsed()));
        let expected = match kind {
            2 => "HTTP/1.1 408 ",
            3 => "HTTP/1.1 200 ",
            _ => "",
        };
        assert!(told.starts_with(expected) && told.is_empty() == expected.is_empty(), "{told:?}");
    }
    eprintln!("all were turned away after {:?}", began.elapsed());
    officer.get("/api/stations").ok();
}

/// Four hundred connections of four kinds, each slow in its own way.
fn slow_and_silent(web: SocketAddr) -> Vec<(usize, TcpStream)> {
    let slow = (0..400).map(|number| {
        let mut stream = TcpStream::connect(web).expect("the door is open");
        let sent: &[u8] = match number % 4 {
            0 => b"",
            1 => b"GET /api/node HTTP/1.1\r\nhost: here\r\nx-slow: ",
            2 => b"POST /api/session HTTP/1.1\r\nhost: here\r\ncontent-length: 900\r\n\r\n{\"acc",
            _ => b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n",
        };
        stream.write_all(sent).expect("taken");
        (number % 4, stream)
    });
    slow.collect()
}

/// Whether the peer has not closed without a word; nothing of what it said is taken.
fn is_open(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).expect("an option of every socket");
    let seen = stream.peek(&mut [0; 1]);
    stream.set_nonblocking(false).expect("an option of every socket");
    match seen {
        Ok(count) => count != 0,
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

/// What the peer said until it closed; `None` when it has not within the timeout.
fn ended(stream: &mut TcpStream) -> Option<String> {
    let (mut told, mut bytes) = (Vec::new(), [0; 1_024]);
    loop {
        match stream.read(&mut bytes) {
            Ok(count @ 1..) => told.extend_from_slice(&bytes[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return None;
            }
            Ok(_) | Err(_) => return Some(String::from_utf8_lossy(&told).into_owned()),
        }
    }
}

#[test]
fn two_nodes_in_one_directory_are_one_too_many() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let mut second = fengsui(&["demo", "--silent", "--port", "0", "--sl651-port", "0"]);
    let output = second.arg("--directory").arg(scratch.path()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let (told, complaints) = said(&output);
    let expected = format!("fengsui: {} is in use by another process\n", scratch.path().display());
    assert_eq!((told.as_str(), complaints.as_str()), ("", expected.as_str()));
    Client::sign_in(node.web, OFFICER);
}

#[test]
fn a_flipped_byte_is_found_and_named() {
    let scratch = Scratch::new();
    let directory = scratch.path().join("node");
    let node = Node::start(&directory);
    let engineer = Client::sign_in(node.web, ENGINEER);
    let made = engineer.post("/api/stations", station("10999007", "被篡改的站")).ok();
    let seq = made.seq().expect("a fact");
    node.stop();
    let path = directory.to_str().expect("a plain path");
    assert_eq!(run(&["verify", path]).status.code(), Some(0));

    let file = directory.join("worlds").join("real").join("facts.db");
    let whole = std::fs::read(&file).expect("readable");
    let name = "被篡改的站".as_bytes();
    let places: Vec<usize> =
        (0..whole.len() - name.len()).filter(|at| whole[*at..].starts_with(name)).collect();
    assert!(!places.is_empty(), "the fact is stored as text");
    let mut found = 0;
    for at in places {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        let copy = scratch.path().join("copy.db");
        std::fs::write(&copy, &flipped).expect("written");
        let output = run(&["verify", copy.to_str().expect("a plain path")]);
        let (told, complaints) = said(&output);
        let is_named = told.contains(&format!("FAULT seq {seq} (demo #"));
        match output.status.code() {
            Some(1) => assert!(is_named, "{told}{complaints}"),
            // The name in the station's row, which is no part of the chain.
            code => assert_eq!(code, Some(0), "{told}{complaints}"),
        }
        found += usize::from(is_named);
    }
    assert_eq!(found, 1, "the fact stands once in the log");
    assert_eq!(run(&["verify", path]).status.code(), Some(0), "the original is as it was");
}
