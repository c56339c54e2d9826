//! More connections than anybody needs, and peers that never read.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use host::town::Scratch;
use host::world::wall_clock;
use serde_json::json;
use wire::mqtt::{Connect, Packet, Publish, Qos, Version, write};

use crate::client::Client;
use crate::node::Node;
use crate::patience::until;
use crate::town::{ANSWER_MS, ENGINEER, HUADIAN, OFFICER, QINGSHI, report};

/// Idle device connections that a node must stand.
const DEVICES: usize = 10_000;
/// From here on a process may have so many descriptors that nothing excuses fewer.
const ENOUGH: u64 = 16_384;
/// Memory that one idle device connection may cost the node.
const BYTES_EACH: u64 = 8 << 10;
const WAIT: Duration = Duration::from_secs(180);

/// A number of the node's own counters.
fn counter(door: &Client, name: &str) -> u64 {
    let text = door.get("/metrics").ok().text;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name}: {text}"))
}

#[test]
fn ten_thousand_idle_stations_keep_nobody_out() {
    let allowed = raise_descriptors();
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let nobody = Client::nobody(node.web);
    let limit = counter(&nobody, "fengsui_connections_limit{door=\"sl651\"}") as usize;
    // Other stories of this process have connections too.
    let count = DEVICES.min(limit).min((allowed / 4 * 3) as usize);
    // What one frame and one person take, of which the hashing of a password is the most and
    // which the node keeps for the next, is no cost of a connection.
    assert!(report(&node, QINGSHI, 260.0, ANSWER_MS), "a frame is acknowledged");
    Client::sign_in(node.web, OFFICER).get("/api/duty").ok();
    let before = node.resident_kib();
    let began = Instant::now();
    let mut waiting = Vec::with_capacity(count);
    for number in 0..count {
        let mut stream = TcpStream::connect(node.sl651).expect("the door is open");
        let sent: &[u8] = match number % 3 {
            0 => b"",
            1 => &[0x7E, 0x7E, 0x00, 0x10, 0x82, 0x05, 0x51],
            _ => &[0x01, 0x30, 0x30],
        };
        stream.write_all(sent).expect("taken");
        waiting.push(stream);
    }
    until("all are open", WAIT, || {
        let open = counter(&nobody, "fengsui_connections{door=\"sl651\"}");
        (count as u64 <= open).then_some(())
    });
    let opened = began.elapsed();
    let grown = node.resident_kib().saturating_sub(before) << 10;
    assert!(report(&node, QINGSHI, 261.0, ANSWER_MS), "a frame is acknowledged");
    let officer = Client::sign_in(node.web, OFFICER);
    officer.get("/api/duty").ok();
    let station = officer.all(&format!("/api/stations?q={QINGSHI}")).remove(0);
    let sensors = station["sensors"].as_array().expect("sensors");
    let level = sensors.iter().find(|sensor| sensor["element"] == "Z").expect("a level");
    assert_eq!(level["latest"]["value"], 261.0, "{level}");
    eprintln!(
        "{count} idle device connections ({allowed} descriptors allowed), open after {opened:?}; \
         {} bytes of memory each; beside them a frame is acknowledged, an officer signs in and \
         reads {:?} later",
        grown / count as u64,
        began.elapsed() - opened
    );
    // What the node itself does meanwhile is in `grown` too.
    let own = 24 << 20;
    assert!(grown < own + count as u64 * BYTES_EACH, "{grown} bytes for {count}");
    assert_eq!(counter(&nobody, "fengsui_connections_turned_away_total{door=\"sl651\"}"), 0);
    if ENOUGH <= allowed {
        assert_eq!(count, DEVICES, "{allowed} descriptors allow all of them");
    }
    drop(waiting);
    until("their places are free again", WAIT, || {
        (counter(&nobody, "fengsui_connections{door=\"sl651\"}") == 0).then_some(())
    });
}

/// Memory that one idle MQTT client may cost the node: its session is kept in the hub too.
const BYTES_EACH_CLIENT: u64 = 16 << 10;
/// Loggers whose clients they are.
const LOGGERS: usize = 10;
const LOGGER_KEY: &str = "correct-horse-battery";

/// Registers a logger that speaks JSON over MQTT.
fn logger(engineer: &Client, number: usize) -> String {
    let code = format!("220282-idle-{number}");
    let station = json!({ "protocol": "json", "code": code, "name": format!("记录仪 {number}"),
        "class": "river", "region": HUADIAN, "period_s": 300, "elements": ["water_level"],
        "password": LOGGER_KEY });
    engineer.post("/api/stations", station).ok();
    code
}

/// Connects as a client of a logger, and does not wait for the answer.
fn greet(door: SocketAddr, code: &str, client: &str) -> TcpStream {
    let mut stream = TcpStream::connect(door).expect("the door is open");
    stream.set_read_timeout(Some(WAIT)).expect("a timeout");
    let connect = Connect {
        user: Some(code.into()),
        password: Some(LOGGER_KEY.as_bytes().into()),
        ..Connect::new(Version::V3, client)
    };
    let hello = write(Version::V3, &Packet::Connect(Box::new(connect))).expect("it has bytes");
    stream.write_all(&hello).expect("taken");
    stream
}

/// Four bytes of the other side: CONNACK or PUBACK of version 3.1.1.
fn answer_of(stream: &mut TcpStream) -> [u8; 4] {
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).expect("an answer in time");
    answer
}

/// As many as the limit of descriptors allows, which the machine may have set lower: it is
/// said then. All are let in by their keys and say nothing more.
#[test]
fn ten_thousand_idle_mqtt_clients_keep_nobody_out() {
    let allowed = raise_descriptors();
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let nobody = Client::nobody(node.web);
    let engineer = Client::sign_in(node.web, ENGINEER);
    let protocols = engineer.get("/api/protocols").ok().body;
    let protocols = protocols["items"].as_array().expect("a page").clone();
    let json = protocols.iter().find(|it| it["protocol"] == "json").expect("it is listed");
    let door: SocketAddr = json["tcp"].as_str().and_then(|it| it.parse().ok()).expect("open");
    let limit = counter(&nobody, "fengsui_connections_limit{door=\"json\"}") as usize;
    // One place is left for whoever is not idle, and the other stories have connections too.
    let count = DEVICES.min(limit - 1).min((allowed / 4 * 3) as usize);
    if count < DEVICES {
        eprintln!(
            "only {count} of {DEVICES} clients: {allowed} descriptors are allowed here, the \
             node's door holds {limit}"
        );
    }
    let codes: Vec<String> = (0..LOGGERS).map(|number| logger(&engineer, number)).collect();
    let mut busy = greet(door, &codes[0], "busy");
    assert_eq!(answer_of(&mut busy), [0x20, 2, 0, 0], "let in");
    let before = node.resident_kib();
    let client = |number: usize| greet(door, &codes[number % LOGGERS], &format!("idle-{number}"));
    let mut idle: Vec<TcpStream> = (0..count).map(client).collect();
    for stream in &mut idle {
        assert_eq!(answer_of(stream), [0x20, 2, 0, 0], "let in");
    }
    let grown = node.resident_kib().saturating_sub(before) << 10;
    // The one that was there before, one that comes now, a station of another protocol, and
    // a person.
    let mut late = greet(door, &codes[0], "late");
    assert_eq!(answer_of(&mut late), [0x20, 2, 0, 0], "let in beside them");
    let now = wall_clock();
    let before_now = now - base::Duration::from_secs(1);
    for (stream, time, metres) in [(&mut busy, before_now, 261.25), (&mut late, now, 261.5)] {
        let reading = json!({ "time": time, "values": { "water_level": metres } });
        let publish =
            Publish { qos: Qos::AtLeastOnce, pid: 7, ..Publish::new("t", reading.to_string()) };
        let publish = write(Version::V3, &Packet::Publish(publish)).expect("it has bytes");
        stream.write_all(&publish).expect("taken");
        assert_eq!(answer_of(stream), [0x40, 2, 0, 7], "stored");
    }
    assert!(report(&node, QINGSHI, 261.0, ANSWER_MS), "a frame is acknowledged");
    let officer = Client::sign_in(node.web, OFFICER);
    let station = officer.all(&format!("/api/stations?q={}", codes[0])).remove(0);
    assert_eq!(station["sensors"][0]["latest"]["value"], 261.5, "{station}");
    eprintln!(
        "{count} idle MQTT clients ({allowed} descriptors allowed): {} bytes of memory each",
        grown / count as u64
    );
    let own = 24 << 20;
    assert!(grown < own + count as u64 * BYTES_EACH_CLIENT, "{grown} bytes for {count}");
    assert_eq!(counter(&nobody, "fengsui_connections_turned_away_total{door=\"json\"}"), 0);
    if ENOUGH <= allowed {
        assert_eq!(count, DEVICES, "{allowed} descriptors allow all of them");
    }
    drop((idle, busy, late));
    until("their places are free again", WAIT, || {
        (counter(&nobody, "fengsui_connections{door=\"json\"}") == 0).then_some(())
    });
}

#[test]
fn a_full_door_turns_devices_away_aloud_and_people_are_served() {
    let scratch = Scratch::new();
    // As a shell with few descriptors starts it: the node may not have more.
    let few = ["sh", "-c", "ulimit -n 700 && exec \"$0\" \"$@\""];
    let node = Node::start_under(&few, scratch.path(), [0, 0]);
    let officer = Client::sign_in(node.web, OFFICER);
    let limit = counter(&officer, "fengsui_connections_limit{door=\"sl651\"}") as usize;
    assert!((100..600).contains(&limit), "{limit}");
    let connect = |_| TcpStream::connect(node.sl651).expect("the system takes it");
    let inside: Vec<TcpStream> = (0..limit).map(connect).collect();
    until("the door is full", WAIT, || {
        let open = counter(&officer, "fengsui_connections{door=\"sl651\"}");
        (open == limit as u64).then_some(())
    });
    for mut late in (0..300).map(connect) {
        late.set_read_timeout(Some(WAIT)).expect("a timeout");
        assert!(is_over(&mut late), "it is closed at once");
    }
    let turned_away = "fengsui_connections_turned_away_total{door=\"sl651\"}";
    assert_eq!(counter(&officer, turned_away), 300);
    // It is read out of the node's standard error by a thread of its own.
    let said = || node.complaints().matches("too many connections").count();
    until("it is said", WAIT, || (0 < said()).then_some(()));
    assert!(said() < 10, "once a minute, not {} times: {}", said(), node.complaints());
    Client::sign_in(node.web, ENGINEER).get("/api/stations").ok();
    drop(inside);
    until("a station is heard again", WAIT, || report(&node, QINGSHI, 261.0, 5_000).then_some(()));
}

/// Whether the peer has closed, told by reading to the end.
fn is_over(stream: &mut TcpStream) -> bool {
    let mut bytes = [0; 4_096];
    loop {
        match stream.read(&mut bytes) {
            Ok(1..) => {}
            Ok(0) => return true,
            Err(error) => {
                return !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
            }
        }
    }
}

/// Connects with little room for what is not read, and asks.
fn asks(web: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(web).expect("the door is open");
    rustix::net::sockopt::set_socket_recv_buffer_size(&stream, 4_096).expect("a small buffer");
    stream.write_all(request.as_bytes()).expect("taken");
    stream
}

#[test]
fn who_asks_and_never_reads_is_cut_and_holds_no_memory() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let engineer = Client::sign_in(node.web, ENGINEER);
    let open = || counter(&engineer, "fengsui_connections{door=\"web\"}");
    let (own, before) = (open(), node.resident_kib());
    // A large answer, asked for again and again on each connection.
    let large = format!("GET /api/openapi.json HTTP/1.1\r\nhost: {}\r\n\r\n", node.web);
    let lists: Vec<TcpStream> = (0..200).map(|_| asks(node.web, &large.repeat(20))).collect();
    let live = format!(
        "GET /api/live HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
        node.web, engineer.cookie
    );
    let screens: Vec<TcpStream> = (0..20).map(|_| asks(node.web, &live)).collect();
    let all = own + (lists.len() + screens.len()) as u64;
    until("all are open", WAIT, || (all <= open()).then_some(()));
    let most = node.resident_kib().saturating_sub(before);
    until("who reads no list is cut", WAIT, || {
        (open() <= own + screens.len() as u64).then_some(())
    });
    // A live stream that is not read stands until there is more to say than it takes.
    let mut said = 0;
    until("who reads no live stream is cut", WAIT * 2, || {
        let name = "水".repeat(60);
        let station = json!({ "code": format!("{:08}", 20_000_000 + said), "name": name,
            "class": "river", "region": HUADIAN, "period_s": 300, "elements": ["Z"] });
        engineer.post("/api/stations", station).ok();
        said += 1;
        (open() <= own).then_some(())
    });
    let kept = node.resident_kib().saturating_sub(before);
    eprintln!(
        "200 lists and 20 live streams unread: at most {most} KiB more, {kept} KiB once they \
         were cut; the streams after {said} facts"
    );
    assert!(most < 128 << 10, "{most} KiB more");
    for mut stream in lists.into_iter().chain(screens) {
        stream.set_read_timeout(Some(WAIT)).expect("a timeout");
        assert!(is_over(&mut stream), "it ends short of what was asked");
    }
    Client::sign_in(node.web, OFFICER).get("/api/stations").ok();
}

/// Raises the soft limit of descriptors to the hard one, for this process and the
/// nodes that it starts; answers it.
fn raise_descriptors() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).expect("up to the hard limit anybody may");
    limit.maximum.unwrap_or(u64::MAX)
}
