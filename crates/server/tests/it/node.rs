//! A node as its operator has it: a process, two ports and a directory.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::patience::until;

/// How long a demonstration may take to appoint its people and register its stations
/// in a new directory: some hundred commits, on a machine that does much else.
const FIRST_START: Duration = Duration::from_secs(300);

/// The command line of the binary under test, in nobody's configuration.
pub fn fengsui(arguments: &[&str]) -> Command {
    by(&[env!("CARGO_BIN_EXE_fengsui")], arguments)
}

/// Like [`fengsui`], run by a program that ends as it: `["sh", "-c", "…; exec \"$0\" \"$@\""]`.
fn by(program: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FENGSUI_") {
            command.env_remove(name);
        }
    }
    // How full the machine is that runs the tests is not what they are about.
    command.env("FENGSUI_DISK_COUNTED_GIB", "0");
    command
}

/// Runs the binary to its end.
pub fn run(arguments: &[&str]) -> Output {
    fengsui(arguments).output().expect("the binary runs")
}

/// Runs the binary to its end, which reads a line.
pub fn run_with(arguments: &[&str], line: &str) -> Output {
    let mut command = fengsui(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    let mut input = child.stdin.take().expect("piped");
    // One that refuses at once does not read it.
    let _ = std::io::Write::write_all(&mut input, format!("{line}\n").as_bytes());
    drop(input);
    child.wait_with_output().expect("it ended")
}

/// What a process said, as text.
pub fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// A running demonstration; without simulated devices and without colleagues, unless it is
/// [played](Node::play).
pub struct Node {
    child: Child,
    pub web: SocketAddr,
    pub sl651: SocketAddr,
    /// From the start of the process until `/readyz` said yes.
    pub ready_after: Duration,
    /// Time of processors that this took, whatever else the machine did meanwhile.
    pub ready_work: Duration,
    stderr: Arc<Mutex<String>>,
}

impl Node {
    /// Starts a node on free ports.
    pub fn start(directory: &Path) -> Node {
        Node::start_on(directory, [0, 0])
    }

    /// Starts a node on its web port and its SL 651 port.
    pub fn start_on(directory: &Path, ports: [u16; 2]) -> Node {
        Node::start_under(&[], directory, ports)
    }

    /// Starts a node with more on its command line.
    pub fn start_with(directory: &Path, ports: [u16; 2], more: &[&str]) -> Node {
        Node::begin(&[], directory, ports, more)
    }

    /// Starts a node by a program that prepares something and ends as the node.
    pub fn start_under(program: &[&str], directory: &Path, ports: [u16; 2]) -> Node {
        Node::begin(program, directory, ports, &[])
    }

    fn begin(program: &[&str], directory: &Path, ports: [u16; 2], more: &[&str]) -> Node {
        let alone = [&["--hands-off", "--silent"], more].concat();
        Node::demonstrate(program, directory, ports, &alone)
    }

    /// Starts a demonstration that tells its story by itself.
    pub fn play(directory: &Path, more: &[&str]) -> Node {
        Node::demonstrate(&[], directory, [0, 0], more)
    }

    fn demonstrate(program: &[&str], directory: &Path, ports: [u16; 2], more: &[&str]) -> Node {
        let began = Instant::now();
        let [web, sl651] = ports;
        let program = [program, &[env!("CARGO_BIN_EXE_fengsui")]].concat();
        let mut command = by(&program, &["demo", "--directory"]);
        command.arg(directory);
        command.args(["--port", &web.to_string(), "--sl651-port", &sl651.to_string()]).args(more);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let stderr = Arc::new(Mutex::new(String::new()));
        keep(child.stderr.take().expect("piped"), Arc::clone(&stderr));
        let [web, sl651] = addresses(child.stdout.take().expect("piped"), &mut child, &stderr);
        let mut node = Node {
            child,
            web,
            sl651,
            ready_after: Duration::ZERO,
            ready_work: Duration::ZERO,
            stderr,
        };
        let door = Client::nobody(web);
        until("the node is ready", FIRST_START, || {
            let answer = door.try_ask("GET", "/readyz", None, None).ok()?;
            (answer.status == 200).then_some(())
        });
        node.ready_after = began.elapsed();
        node.ready_work = node.work();
        node
    }

    /// The node's process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Memory of the process that is in RAM, KiB.
    pub fn resident_kib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("the process lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.expect("a number of KiB")
    }

    /// Time of processors that the process has had so far.
    fn work(&self) -> Duration {
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = std::fs::read_to_string(path).expect("the process lives");
        // Behind the name, which may hold anything: state, and from the twelfth on utime and
        // stime (proc(5), fields 14 and 15).
        let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
        let ticks = |at: usize| {
            let field = fields.split_whitespace().nth(at).and_then(|it| it.parse::<u64>().ok());
            field.expect("a number of ticks")
        };
        // USER_HZ: a hundred in a second, wherever Linux runs.
        Duration::from_millis((ticks(11) + ticks(12)) * 10)
    }

    /// SIGKILL: the process does nothing more.
    pub fn kill(mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it is ours");
    }

    /// SIGTERM, and waits until the process has closed.
    pub fn stop(mut self) -> ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it is ours");
        let stopped =
            until("the node stops", FIRST_START, || self.child.try_wait().expect("it is ours"));
        assert!(stopped.success(), "{stopped}: {}", self.complaints());
        stopped
    }

    /// What it wrote to standard error so far.
    pub fn complaints(&self) -> String {
        self.stderr.lock().expect("no holder panics").clone()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Ended already when it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the node said: {}", self.complaints());
        }
    }
}

/// Reads the two addresses that the node announces, then lets it speak on.
fn addresses(
    stdout: impl Read + Send + 'static,
    child: &mut Child,
    stderr: &Mutex<String>,
) -> [SocketAddr; 2] {
    let (lines, heard) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens once the addresses are known.
            let _ = lines.send(line);
        }
    });
    let deadline = Instant::now() + FIRST_START;
    let (mut web, mut sl651) = (None, None);
    while web.is_none() || sl651.is_none() {
        let line = match heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => line,
            Err(error) => {
                let _ = child.kill();
                let why = match error {
                    RecvTimeoutError::Timeout => "is silent",
                    RecvTimeoutError::Disconnected => "ended",
                };
                let _ = child.wait();
                let said = stderr.lock().expect("no holder panics").clone();
                panic!("the node {why} before it is open: {said}");
            }
        };
        if let Some((_, address)) = line.split_once("http://") {
            web = address.trim().parse().ok();
        }
        if let Some(address) = line.trim().strip_prefix("SL 651-2014") {
            sl651 = address.trim().parse().ok();
        }
    }
    [web, sl651].map(|address: Option<SocketAddr>| address.expect("both are known"))
}

fn keep(mut from: impl Read + Send + 'static, text: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        let mut bytes = [0; 4_096];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let said = String::from_utf8_lossy(&bytes[..count]);
            text.lock().expect("no holder panics").push_str(&said);
        }
    });
}
