//! A server that is no good: every answer it may give is an error, nothing is confirmed
//! by it, and everything is there once a good one answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base::Timestamp;
use clickhouse::{ClickHouseError, Config, Mirror};
use series::Readings as _;

use crate::kit::{
    DAY, Database, OWNER, at, catch_up, everything, gauges, open, reads, same, store,
};

/// Between the mirror and a real server; while it is hostile it answers inserts or
/// questions itself, by what it is told.
struct Between {
    port: u16,
    hostile: Arc<AtomicBool>,
}

/// What it does to a statement; `true` when it answered it.
type Trick = Box<dyn Fn(&str, &mut TcpStream) -> bool + Send>;

impl Between {
    fn new(real: &str, trick: Trick) -> Between {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("has one").port();
        let hostile = Arc::new(AtomicBool::new(false));
        let (real, armed) = (real.trim_start_matches("http://").to_owned(), hostile.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut client) = stream else { return };
                let Some((head, body)) = request(&mut client) else { continue };
                let statement = format!("{head}\n{}", String::from_utf8_lossy(&body));
                if armed.load(Ordering::Relaxed) && trick(&statement, &mut client) {
                    continue;
                }
                let mut server = TcpStream::connect(&real).expect("the real one runs");
                let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
                server.write_all(head.as_bytes()).expect("is taken");
                server.write_all(&body).expect("is taken");
                let mut answer = Vec::new();
                let _ = server.read_to_end(&mut answer);
                let _ = client.write_all(&answer);
            }
        });
        Between { port, hostile }
    }

    fn is_hostile(&self, hostile: bool) {
        self.hostile.store(hostile, Ordering::Relaxed);
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Head and body of a request.
fn request(client: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(client);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (0 < reader.read_line(&mut head).ok()?).then_some(())?;
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn respond(client: &mut TcpStream, status: &str, claimed: usize, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {claimed}\r\n\r\n");
    let _ = client.write_all(head.as_bytes()).and_then(|()| client.write_all(body));
}

fn is_insert(statement: &str) -> bool {
    statement.starts_with("POST /?query=insert")
}

#[test]
fn no_answer_but_a_good_one_confirms_an_insert() {
    type Bad = fn(&mut TcpStream);
    let tricks: &[(&str, Bad)] = &[
        ("nothing", |_| {}),
        ("a full disk", |client| {
            let said = b"Code: 243, e.displayText() = DB::Exception: Cannot reserve 1.00 MiB, \
                not enough space, e.what() = DB::Exception";
            respond(client, "500 Internal Server Error", said.len(), said);
        }),
        ("half a head", |client| {
            let _ = client.write_all(b"HTTP/1.1 200 O");
        }),
        ("half a body", |client| respond(client, "200 OK", 100, b"half")),
        ("half a chunk", |client| {
            let _ =
                client.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nab");
        }),
        ("an exception after a good status", |client| {
            let said = b"Code: 252, e.displayText() = DB::Exception: Too many parts";
            respond(client, "200 OK", said.len(), said);
        }),
        ("a redirect", |client| {
            let _ =
                client.write_all(b"HTTP/1.1 307 T\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n");
        }),
        ("another protocol", |client| {
            let _ = client.write_all(b"SSH-2.0-OpenSSH_9.2\r\n");
        }),
        ("zeros", |client| {
            let _ = client.write_all(&[0; 70_000]);
        }),
    ];
    for (name, bad) in tricks {
        let (database, store) = (Database::of_the_tests(), store());
        let bad = *bad;
        let trick: Trick = Box::new(move |statement, client| {
            let hit = is_insert(statement);
            if hit {
                bad(client);
            }
            hit
        });
        let between = Between::new(&database.config.url, trick);
        let series = gauges(&store, 1);
        let mirror = through(&between, &database, &store, Duration::from_secs(60));
        catch_up(&mirror);
        reads(&store, series[0], DAY, 300);
        between.is_hostile(true);
        for _ in 0..2 {
            let error = mirror.pass().expect_err(name);
            assert!(!matches!(error, ClickHouseError::Series(_)), "{name}: {error}");
            assert_eq!(mirror.status().behind, 1, "{name}");
            assert!(mirror.answers().is_none(), "{name}");
        }
        between.is_hostile(false);
        catch_up(&mirror);
        same(&mirror, &store);
    }
}

fn through(
    between: &Between,
    database: &Database,
    store: &series::Store,
    timeout: Duration,
) -> Mirror {
    let config = Config { url: between.url(), timeout, ..database.config.clone() };
    let clock = Box::new(|| Timestamp::from_millis(crate::kit::NOW));
    Mirror::open(store.clone(), config, OWNER, &database.file(), clock).expect("opens")
}

#[test]
fn no_answer_but_a_good_one_is_taken_for_readings() {
    type Bad = fn(&mut TcpStream);
    let tricks: &[(&str, Bad)] = &[
        ("bytes that are no rows", |client| respond(client, "200 OK", 7, b"1234567")),
        ("nothing", |_| {}),
        ("half of them", |client| respond(client, "200 OK", 50, &[0; 25])),
        ("times that were not asked for", |client| respond(client, "200 OK", 50, &[0xff; 50])),
        ("too few numbers", |client| respond(client, "200 OK", 8, &[1; 8])),
        ("an exception", |client| respond(client, "500 I", 9, b"Code: 241")),
        ("more than anybody asked for", |client| {
            let claimed = 80 << 20;
            respond(client, "200 OK", claimed, &[]);
            let block = [0; 1 << 16];
            while client.write_all(&block).is_ok() {}
        }),
    ];
    for (name, bad) in tricks {
        let (database, store) = (Database::of_the_tests(), store());
        let bad = *bad;
        let trick: Trick = Box::new(move |_, client| {
            bad(client);
            true
        });
        let between = Between::new(&database.config.url, trick);
        let series = gauges(&store, 1);
        let mirror = through(&between, &database, &store, Duration::from_secs(60));
        reads(&store, series[0], DAY, 300);
        catch_up(&mirror);
        let answers = mirror.answers().expect("has all");
        let expected = everything(&answers, series[0]);
        between.is_hostile(true);
        let (from, to) = (at(DAY), at(2 * DAY));
        let range = answers.range(series[0], from, to, None);
        assert!(range.is_err(), "{name}: {range:?}");
        assert!(answers.superseded(series[0], from, to).is_err(), "{name}");
        assert!(answers.downsample(series[0], from, to, 10, None).is_err(), "{name}");
        between.is_hostile(false);
        assert!(everything(&answers, series[0]) == expected);
    }
}

#[test]
fn a_server_that_takes_its_time_is_given_up_and_asked_again() {
    let (database, store) = (Database::of_the_tests(), store());
    let held = std::sync::Mutex::new(Vec::new());
    let trick: Trick = Box::new(move |statement, client| {
        let hit = is_insert(statement);
        if hit {
            // Open, and silent.
            held.lock().expect("no panic").push(client.try_clone().expect("is open"));
        }
        hit
    });
    let between = Between::new(&database.config.url, trick);
    let series = gauges(&store, 1);
    catch_up(&open(&store, &database));
    let mirror = through(&between, &database, &store, Duration::from_secs(10));
    catch_up(&mirror);
    reads(&store, series[0], DAY, 300);
    between.is_hostile(true);
    let error = mirror.pass().expect_err("it never answers");
    assert!(error.to_string().contains("timeout"), "{error}");
    between.is_hostile(false);
    // Whoever has time may have more of it.
    drop(mirror);
    let mirror = open(&store, &database);
    catch_up(&mirror);
    same(&mirror, &store);
}
