//! A ClickHouse of a story's own, that it stops, kills and starts again.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};

use rustix::process::{Pid, Signal, kill_process};

use crate::kit::Folder;

pub struct Server {
    folder: Folder,
    port: u16,
    child: Option<Child>,
}

impl Server {
    pub fn start() -> Server {
        let mut server = Server { folder: Folder::new(), port: 0, child: None };
        let mut said = String::new();
        for _ in 0..5 {
            // Free a moment ago; taken by somebody else since, the server ends and says so.
            let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
            server.port = port.expect("a port is free").port();
            match server.runs() {
                Ok(()) => return server,
                Err(why) => said = why,
            }
        }
        panic!("{said}");
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn start_again(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        self.runs().expect("on the port that it had");
    }

    fn runs(&mut self) -> Result<(), String> {
        let script: PathBuf =
            [env!("CARGO_MANIFEST_DIR"), "../../scripts/clickhouse-server"].iter().collect();
        let mut child = Command::new(script)
            .arg(self.home())
            .arg(self.port.to_string())
            .spawn()
            .expect("bash is there");
        // Until it answers or has ended; nothing else tells.
        while !answers(self.port) {
            if let Some(status) = child.try_wait().expect("is a child") {
                let log = std::fs::read_to_string(self.home().join("out.log"));
                return Err(format!("the server ended with {status}: {}", log.unwrap_or_default()));
            }
            std::thread::yield_now();
        }
        self.child = Some(child);
        Ok(())
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// As an operator would.
    pub fn stop(&mut self) {
        self.end(Signal::TERM);
    }

    pub fn kill(&mut self) {
        self.end(Signal::KILL);
    }

    fn end(&mut self, signal: Signal) {
        let Some(mut child) = self.child.take() else { return };
        kill_process(Pid::from_child(&child), signal).expect("it is ours");
        child.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(Signal::KILL);
    }
}

fn answers(port: u16) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"GET /ping HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer.contains("Ok."))
    };
    ask().unwrap_or(false)
}
