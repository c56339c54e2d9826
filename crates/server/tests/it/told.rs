//! People are told exactly once, whenever the node dies.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use host::town::Scratch;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::node::Node;
use crate::patience::until;
use crate::town::{ANSWER_MS, ENGINEER, HUADIAN, OFFICER, QINGSHI, first, report};

const WAIT: Duration = Duration::from_secs(120);

/// A node that has a mail server on a port of loopback.
fn start(scratch: &Scratch, port: u16) -> Node {
    let server = format!("FENGSUI_MAIL_SERVER=127.0.0.1:{port}");
    let program = ["env", &server, "FENGSUI_MAIL_FROM=duty@huadian.example.cn"];
    Node::start_under(&program, scratch.path(), [0, 0])
}

/// One person is told by mail of everything at 桦甸, and has two hours.
fn draw(node: &Node) {
    let engineer = Client::sign_in(node.web, ENGINEER);
    let contact = json!({ "details": { "name": "于海棠", "duty": "村主任", "region": HUADIAN },
        "address": { "email": "yuhaitang@example.cn" } });
    let contact = engineer.post("/api/contacts", contact).ok().field("id");
    let step = json!({ "contacts": [contact], "channels": ["mail"], "wait_minutes": 120 });
    let plan = json!({ "name": "叫应", "levels": ["red", "orange", "yellow", "blue"],
        "steps": [step] });
    engineer.post("/api/ladders", json!({ "region": HUADIAN, "plan": plan })).ok();
}

/// The one line of each ledger: what people are told of, the state, how often it was tried.
fn lines(node: &Node) -> Vec<(String, String, i64)> {
    let text = |of: &Json| of.as_str().expect("a text").to_owned();
    let callings = Client::sign_in(node.web, OFFICER).all("/api/callings");
    let line = |calling: &Json| {
        let call = &calling["steps"][0]["people"][0]["calls"][0];
        let times = call["times"].as_i64().expect("a number");
        (text(&calling["about"]["id"]), text(&call["state"]), times)
    };
    callings.iter().map(line).collect()
}

/// Takes messages whole and answers none of them: says so, and holds the line.
fn take(listener: &TcpListener, taken: &Sender<TcpStream>) {
    for stream in listener.incoming() {
        let mut stream = stream.expect("a client");
        let mut lines = BufReader::new(stream.try_clone().expect("the same"));
        stream.write_all(b"220 here\r\n").expect("said");
        let mut in_data = false;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).is_ok_and(|read| read == 0) {
                break;
            }
            let answer: &[u8] = match line.trim_end() {
                "." if in_data => {
                    if taken.send(stream).is_err() {
                        return;
                    }
                    break;
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                _ => b"250 yes\r\n",
            };
            if stream.write_all(answer).is_err() {
                break;
            }
        }
    }
}

#[test]
fn a_node_that_dies_while_a_mail_goes_out_says_that_it_is_uncertain_and_sends_none_again() {
    let scratch = Scratch::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let (send, taken) = channel();
    std::thread::spawn(move || take(&listener, &send));

    let node = start(&scratch, port);
    draw(&node);
    assert!(report(&node, QINGSHI, 263.0, ANSWER_MS), "the report is acknowledged");
    let line = taken.recv_timeout(WAIT).expect("a mail goes out");
    node.kill();
    drop(line);

    let node = start(&scratch, port);
    let left = until("what was going out is settled", WAIT, || {
        let lines = lines(&node);
        lines.iter().all(|(_, state, _)| state != "attempted").then_some(lines)
    });
    assert!(!left.is_empty(), "the ledger is there again");
    // One notice each: whatever the node did beside is told once too.
    let mails = 1 + taken.try_iter().count();
    let tried: i64 = left.iter().map(|(.., times)| times).sum();
    assert!(left.iter().any(|(_, state, times)| (state.as_str(), *times) == ("uncertain", 1)));
    assert!(left.iter().all(|(.., times)| *times <= 1), "{left:?}");
    assert!(mails as i64 <= tried, "{mails} mails, {tried} attempts in the ledger");
}

#[test]
fn a_node_that_dies_between_a_finding_and_its_notice_tells_of_it_once() {
    let scratch = Scratch::new();
    // Nobody is there: the ledger says that it failed, and why.
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = closed.local_addr().expect("bound").port();
    drop(closed);
    let node = start(&scratch, port);
    draw(&node);
    assert!(report(&node, QINGSHI, 263.0, ANSWER_MS), "the report is acknowledged");
    // At whatever it is: the reading is on disk, and what follows may be or not.
    node.kill();

    let node = start(&scratch, port);
    let officer = Client::sign_in(node.web, OFFICER);
    let notice = first(&officer, "/api/notices", |notice| notice["region"] == HUADIAN);
    let told = until("somebody is told", WAIT, || {
        let told = lines(&node);
        told.iter().any(|(about, ..)| *about == notice["id"]).then_some(told)
    });
    let about = told.iter().filter(|(about, ..)| *about == notice["id"]);
    assert_eq!(about.count(), 1, "{told:?}");
}
