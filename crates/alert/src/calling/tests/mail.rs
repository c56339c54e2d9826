//! Mail to a server that we did not write (aiosmtpd), and to ones that break off.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::*;

/// Debian's, which has the system's packages whatever else is on the path.
const PYTHON: &str = "/usr/bin/python3";

/// Says its port, and then each message that it takes as one line of JSON. Whoever
/// is called `nobody` is refused for good.
const SERVER: &str = r#"
import asyncio, json, sys
from email import message_from_bytes, policy
from aiosmtpd.smtp import SMTP

class Taken:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox: " + address
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos,
            "sender": str(message["from"]), "subject": str(message["subject"]),
            "id": str(message["message-id"]), "text": message.get_content()}), flush=True)
        return "250 taken as 42"

async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taken()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(main())
"#;

/// A mail server that ends with its value.
struct Server {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
    mail: Mail,
}

impl Server {
    /// `None` where it is not installed; `make test` installs it and takes no excuse.
    fn start() -> Option<Server> {
        let mut asked = Command::new(PYTHON);
        asked.args(["-c", "import aiosmtpd"]).stderr(Stdio::null());
        let is_there = asked.status().is_ok_and(|status| status.success());
        #[allow(clippy::disallowed_methods, reason = "set by `make test`, which skips nothing")]
        let must = std::env::var_os("SKIP_NOTHING").is_some();
        assert!(is_there || !must, "python3-aiosmtpd is not installed");
        if !is_there {
            eprintln!("skipped: python3-aiosmtpd is not installed (make tools)");
            return None;
        }
        let mut command = Command::new(PYTHON);
        command.args(["-c", SERVER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        let mut port = String::new();
        lines.read_line(&mut port).expect("its port");
        let mail = mail_to(port.trim().parse().expect("a port"));
        Some(Server { child, lines, mail })
    }

    /// The next message that it took.
    fn taken(&mut self) -> Json {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).expect("a message")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn mail_to(port: u16) -> Mail {
    let server = format!("127.0.0.1:{port}");
    Mail::new(&server, (UNIT, "duty@huadian.example.cn"), None).expect("a good address")
}

/// A port of loopback, where a test answers itself.
fn listen() -> (TcpListener, Mail) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mail = mail_to(listener.local_addr().expect("bound").port());
    (listener, mail)
}

/// One by mail for an hour.
async fn draw_mail(town: &Town, name: &str) -> String {
    let contact = enter(town, "周牧", name, "220282").await;
    let step = json!([{ "contacts": [contact], "channels": ["mail"], "wait_minutes": 60 }]);
    let answer = draw_in(town, "周牧", "220282", "桦甸防汛", step).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    contact
}

/// Waits until the one line of the ledger stands so; answers it.
pub(super) fn call_in(world: &host::World, state: &str) -> (String, i64) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
    loop {
        let sql = "select state, why, times from calling_call order by calling limit 1";
        let row = world.read_now(|db| Ok(db.row(sql, &[])?)).expect("reads");
        if let Some(row) = row.filter(|row| row.get::<String>("state").expect("one") == state) {
            let why: Option<String> = row.get("why").expect("text");
            return (why.unwrap_or_default(), row.get("times").expect("a number"));
        }
        assert!(std::time::Instant::now() < deadline, "it never is {state}");
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
}

#[tokio::test]
async fn a_message_goes_out_by_mail_and_its_receipt_is_in_the_ledger() {
    let Some(mut server) = Server::start() else { return };
    let town = told_town_by((Some(server.mail.clone()), None));
    draw_mail(&town, "陈镇长").await;
    town.at("08:05");
    raise(&town, FLOOD);
    let taken = server.taken();
    assert_eq!(taken["from"], "duty@huadian.example.cn");
    assert_eq!(taken["to"], json!([EMAIL]));
    assert!(taken["sender"].as_str().expect("one").contains(UNIT), "{taken}");
    assert_eq!(taken["subject"], "【叫应】青石湾站 洪水橙色风险通知");
    // SMTP ends its lines with both.
    let text = taken["text"].as_str().expect("text").replace("\r\n", "\n");
    assert!(text.starts_with("陈镇长：\n青石湾站 洪水橙色风险通知\n"), "{text}");
    assert_eq!(call_in(&town.world, "delivered"), ("taken as 42".to_owned(), 1));
    assert_eq!(count(&town, "calling.told"), 2, "attempted before, and what came of it after");
    let plain = town.world.read_now(|db| {
        let sql = "select count(*) as n from log where body like $1";
        let row = db.row(sql, host::params![format!("%{EMAIL}%")])?;
        Ok(row.map_or(Ok(-1), |row| row.get::<i64>("n"))?)
    });
    assert_eq!(plain.expect("reads"), 0, "no address is in the log");
    check_fold(&town);
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_is_said_without_the_address() {
    let Some(server) = Server::start() else { return };
    let town = told_town_by((Some(server.mail.clone()), None));
    let contact = draw_mail(&town, "陈镇长").await;
    let path = format!("/api/contacts/{contact}");
    let details = json!({ "name": "陈镇长", "duty": "镇长", "region": "220282" });
    let address = json!({ "email": "nobody@example.cn" });
    let body = json!({ "revision": 1, "details": details, "address": address });
    assert_eq!(town.ask("周牧", Method::PUT, &path, Some(body)).await.status, 200);
    town.at("08:05");
    raise(&town, FLOOD);
    let (why, times) = call_in(&town.world, "failed");
    assert_eq!((why.as_str(), times), ("the mail server answered 550", 1), "it is over");
}

#[tokio::test]
async fn a_node_without_a_server_says_so() {
    let town = told_town();
    draw_mail(&town, "陈镇长").await;
    town.at("08:05");
    raise(&town, FLOOD);
    assert_eq!(call_in(&town.world, "failed").0, "本节点未配置邮件渠道");
}

/// Speaks SMTP until the message is whole, and answers nothing to it.
fn break_off(listener: &TcpListener) {
    let (stream, _) = listener.accept().expect("a client");
    let mut lines = BufReader::new(stream.try_clone().expect("the same"));
    let say = |mut stream: &TcpStream, text: &str| stream.write_all(text.as_bytes()).expect("said");
    say(&stream, "220 here\r\n");
    let mut in_data = false;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).expect("a line") == 0 {
            return;
        }
        match line.trim_end() {
            "." if in_data => return,
            _ if in_data => {}
            "DATA" => {
                in_data = true;
                say(&stream, "354 go on\r\n");
            }
            _ => say(&stream, "250 yes\r\n"),
        }
    }
}

#[tokio::test]
async fn a_line_that_breaks_after_the_message_leaves_it_uncertain() {
    let (listener, mail) = listen();
    let breaking = std::thread::spawn(move || break_off(&listener));
    let town = told_town_by((Some(mail), None));
    draw_mail(&town, "陈镇长").await;
    town.at("08:05");
    raise(&town, FLOOD);
    let (_, times) = call_in(&town.world, "uncertain");
    assert_eq!(times, 1, "it is not sent again by itself");
    breaking.join().expect("no panic");
    assert_eq!(items(&town, "周牧", "/api/callings").await[0]["state"], "calling");
}

#[tokio::test]
async fn what_has_not_gone_out_when_somebody_answers_stays_here() {
    let (listener, mail) = listen();
    drop(listener);
    let town = told_town_by((Some(mail), None));
    let contact = draw_mail(&town, "陈镇长").await;
    town.at("08:05");
    raise(&town, FLOOD);
    let (why, _) = call_in(&town.world, "failed");
    assert!(why.starts_with("the mail server"), "{why}");
    let calling = newest(&town).await;
    let taken = json!({ "contact": contact, "outcome": "taken" });
    assert_eq!(post(&town, "周牧", &calling, "record", taken).await.status, 200);
    assert_eq!(
        ledger(&newest(&town).await),
        "1 陈镇长: mail withdrawn, phone answered\n",
        "nothing goes out for what is answered"
    );
    check_fold(&town);
}

#[tokio::test]
async fn nothing_leaves_a_drill_and_the_ledger_says_so() {
    let (listener, mail) = listen();
    listener.set_nonblocking(true).expect("set");
    let town = told_town_by((Some(mail), None));
    draw_mail(&town, "陈镇长").await;
    let drill = town.world.drill("flood", "防汛演练").expect("opens");
    raise_in(&drill, FLOOD);
    call_in(&drill, "suppressed");
    drill.close();
    assert!(listener.accept().is_err(), "nobody came");
}
