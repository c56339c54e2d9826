//! Commands to stations survive SIGKILL, and nobody believes of them what is not so.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use base::Timestamp;
use host::town::Scratch;
use serde_json::{Value as Json, json};
use wire::session::{Output, Session as _};
use wire::sl651::{End, Frame, Function, Report, Station, StationConfig};

use crate::client::Client;
use crate::node::{Node, run, said};
use crate::patience::until;
use crate::town::{ENGINEER, QINGSHI, first, id};

const WAIT: Duration = Duration::from_secs(120);

/// A station that answers only when it is told to.
struct Device {
    stream: TcpStream,
    session: Station,
    /// What it would say of its own accord.
    unsaid: Vec<Vec<u8>>,
}

impl Device {
    /// On the line, and heard there.
    fn connect(address: SocketAddr) -> Device {
        let stream = TcpStream::connect(address).expect("the door is open");
        stream.set_read_timeout(Some(WAIT)).expect("an option of every socket");
        let now = Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a minute");
        let config = StationConfig::new(QINGSHI.parse().expect("an address"), 0);
        let mut device = Device { stream, session: Station::new(config, now), unsaid: Vec::new() };
        device.session.command(now, Report::Heartbeat).expect("taken");
        device.turn();
        device.say();
        device
    }

    /// What the session does; what it says waits.
    fn turn(&mut self) -> Vec<Frame> {
        let mut heard = Vec::new();
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send(bytes) => self.unsaid.push(bytes),
                Output::Frame { frame, .. } => heard.push(frame),
                _ => {}
            }
        }
        heard
    }

    fn say(&mut self) {
        for bytes in std::mem::take(&mut self.unsaid) {
            self.stream.write_all(&bytes).expect("the node reads");
        }
    }

    /// Hears one frame that ends so; it is not answered before [`Device::say`].
    fn hear(&mut self, end: End) -> Frame {
        let now = Timestamp::from_beijing([2026, 8, 3], [8, 0, 1]).expect("a minute");
        loop {
            if let Some(frame) = self.turn().into_iter().find(|frame| frame.end == end) {
                return frame;
            }
            let mut buffer = [0; 512];
            let count = self.stream.read(&mut buffer).expect("the node says something");
            assert_ne!(count, 0, "the node hung up");
            self.session.input(now, &buffer[..count]);
        }
    }
}

fn reaches(client: &Client, commands: &str, command: &str, state: &str) -> Json {
    until(&format!("{command} is {state}"), WAIT, || {
        let answer = client.try_ask("GET", commands, None, None).ok()?;
        let items = answer.body["items"].as_array()?.clone();
        items.into_iter().find(|item| item["id"] == command && item["state"] == state)
    })
}

#[test]
fn a_kill_between_the_question_and_the_answer_loses_nothing_and_tells_no_lie() {
    let scratch = Scratch::new();
    let node = Node::start(scratch.path());
    let engineer = Client::sign_in(node.web, ENGINEER);
    let station = first(&engineer, "/api/stations", |station| station["code"] == QINGSHI);
    let path = format!("/api/stations/{}", id(&station));
    let commands = format!("{path}/commands");
    let query = |client: &Client, command: &str| {
        let body = json!({ "command": command, "values": {} });
        client.post(&format!("{path}/queries"), body).ok().field("id")
    };
    // Two wait for a station that is on no line when the node dies, and one is under way.
    let version = query(&engineer, "45");
    let status = query(&engineer, "46");
    reaches(&engineer, &commands, &version, "asked");
    let ports = [node.web.port(), node.sl651.port()];
    node.kill();

    let node = Node::start_on(scratch.path(), ports);
    let engineer = Client::sign_in(node.web, ENGINEER);
    reaches(&engineer, &commands, &status, "asked");
    let mut device = Device::connect(node.sl651);
    assert_eq!(device.hear(End::Enq).function, Function::QUERY_VERSION);
    reaches(&engineer, &commands, &version, "sent");
    node.kill();

    // It only asks, so it is asked again; then the next.
    let node = Node::start_on(scratch.path(), ports);
    let engineer = Client::sign_in(node.web, ENGINEER);
    reaches(&engineer, &commands, &version, "asked");
    let mut device = Device::connect(node.sl651);
    for (command, function) in
        [(&version, Function::QUERY_VERSION), (&status, Function::QUERY_STATUS)]
    {
        assert_eq!(device.hear(End::Enq).function, function);
        device.say();
        device.hear(End::Esc);
        reaches(&engineer, &commands, command, "answered");
    }

    // What a setting did, nobody knows; it is not sent again.
    let clock = json!({ "command": "4A", "values": {}, "reason": "校时" });
    let clock = engineer.post(&format!("{path}/settings"), clock).ok().field("id");
    assert_eq!(device.hear(End::Enq).function, Function::SET_CLOCK);
    reaches(&engineer, &commands, &clock, "sent");
    node.kill();
    let node = Node::start_on(scratch.path(), ports);
    let engineer = Client::sign_in(node.web, ENGINEER);
    reaches(&engineer, &commands, &clock, "uncertain");
    let mut device = Device::connect(node.sl651);
    let after = query(&engineer, "51");
    assert_eq!(device.hear(End::Enq).function, Function::QUERY_CLOCK);
    device.say();
    device.hear(End::Esc);
    reaches(&engineer, &commands, &after, "answered");
    let errands = engineer.get("/api/errands?state=uncertain").ok();
    let waits = errands.body["items"].as_array().expect("a list").clone();
    assert_eq!(waits.len(), 1, "a person is to find out: {waits:?}");
    node.kill();

    let directory = scratch.path().to_string_lossy().into_owned();
    let verified = run(&["verify", &directory, "--fold"]);
    assert_eq!(verified.status.code(), Some(0), "{:?}", said(&verified));
}
