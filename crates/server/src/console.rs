//! The console: how another process on this machine asks a running node.
//!
//! A socket in the node's directory, since the one process that holds the directory
//! must do it. Whoever may write there may do everything to the node anyway; the
//! peer must be the node's own user, or root. One request per connection, a line of
//! JSON; answers are lines: progress, and at the end what came of it. Whoever goes
//! away gives up what they asked for. Decision in ADR 0007.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use host::backup::{Progress, of_node};
use host::{Error, Node};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::io::AsyncBufReadExt as _;
use tokio::net::UnixListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::backup::{Outcome, Request, words};
use crate::door::Door;
use crate::readings::{self, Found};

const SOCKET: &str = "console";
/// A request names some paths.
const LONGEST_REQUEST: u64 = 64 << 10;
/// A file that is brought: the largest that a door takes.
pub const LONGEST_FILE: usize = 64 << 20;
/// How long a peer may not read before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(10);
/// The system takes socket names up to 107 bytes.
const LONGEST_NAME: usize = 100;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    Backup(Request),
    /// A neighbour was given this node's entries up to `last`.
    Sent {
        neighbour: String,
        last: i64,
    },
    InName(InName),
    Bring(Bring),
    /// Whether the readings of its worlds are whole.
    VerifySeries,
}

/// Requests as at the web port, in the name of whoever knows the password.
#[derive(Serialize, Deserialize)]
pub struct InName {
    pub account: String,
    pub password: String,
    /// One after the other, in one session; the first that is refused is the last.
    pub requests: Vec<Asking>,
}

/// A file as at the web port, in the name of whoever knows the password; its bytes follow
/// the line.
#[derive(Serialize, Deserialize)]
pub struct Bring {
    pub account: String,
    pub password: String,
    pub path: String,
    /// In bytes, at most [`LONGEST_FILE`].
    pub length: usize,
}

/// The password is never shown.
impl std::fmt::Debug for Bring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes to {} as {}", self.length, self.path, self.account)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// `GET` or `POST`.
    pub method: String,
    pub path: String,
    pub body: Json,
}

impl Asking {
    pub fn get(path: impl Into<String>) -> Asking {
        Asking { method: "GET".to_owned(), path: path.into(), body: Json::Null }
    }

    pub fn post(path: impl Into<String>, body: Json) -> Asking {
        Asking { method: "POST".to_owned(), path: path.into(), body }
    }
}

/// The password is never shown.
impl std::fmt::Debug for InName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} as {}", self.requests, self.account)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Progress(Progress),
    Taken(Outcome),
    Noted,
    Answered(Vec<Json>),
    Series(Found),
    Refused(String),
}

/// An open console.
pub struct Console {
    directory: PathBuf,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Console {
    /// Opens it in a directory whose lock is held.
    pub fn open(directory: &Path, node: &Node, router: &Router) -> io::Result<Console> {
        let listener = at(directory, |path| {
            // Left behind by a process that was killed.
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let listener = UnixListener::bind(path)?;
            let owner = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(path, owner)?;
            Ok(listener)
        })?;
        let (stop, stopped) = watch::channel(false);
        let served = Served { node: node.clone(), router: router.clone() };
        let task = tokio::spawn(serve(listener, served, stopped));
        Ok(Console { directory: directory.to_owned(), stop, task })
    }

    /// Gives up what is under way, and returns when nobody reads the worlds any more.
    pub async fn close(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the console ended by a panic");
        }
        // The next start would clear it away, too.
        let _ = std::fs::remove_file(self.directory.join(SOCKET));
    }
}

/// Calls `work` with a name of the socket that is short enough.
fn at<T>(directory: &Path, work: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let path = directory.join(SOCKET);
    if path.as_os_str().len() <= LONGEST_NAME {
        return work(&path);
    }
    let held = std::fs::File::open(directory)?;
    work(&PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", held.as_raw_fd())))
}

/// What can be asked.
#[derive(Clone)]
struct Served {
    node: Node,
    router: Router,
}

async fn serve(listener: UnixListener, served: Served, mut stopped: watch::Receiver<bool>) {
    let for_talks = stopped.clone();
    let mut talks = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => break,
            Some(_) = talks.join_next() => {}
            peer = listener.accept() => match peer {
                Ok((stream, _)) => {
                    talks.spawn(talk(stream, served.clone(), for_talks.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "the console takes nobody any more");
                    break;
                }
            },
        }
    }
    while talks.join_next().await.is_some() {}
}

async fn talk(stream: tokio::net::UnixStream, served: Served, mut stopped: watch::Receiver<bool>) {
    let own = rustix::process::geteuid().as_raw();
    let peer = stream.peer_cred().map(|peer| peer.uid());
    if !matches!(&peer, Ok(uid) if *uid == own || *uid == 0) {
        tracing::warn!(?peer, "somebody else's user was at the console and is turned away");
        return;
    }
    let mut reader =
        tokio::io::BufReader::new(tokio::io::AsyncReadExt::take(stream, LONGEST_REQUEST));
    let mut line = String::new();
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => return,
        read = reader.read_line(&mut line) => if read.is_err() { return },
    }
    let mut file = vec![0; length_after(&line)];
    reader.get_mut().set_limit(file.len() as u64);
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => return,
        read = tokio::io::AsyncReadExt::read_exact(&mut reader, &mut file) => {
            if read.is_err() { return }
        }
    }
    let Ok(stream) = reader.into_inner().into_inner().into_std() else { return };
    let asked = (line, file);
    let answered = tokio::task::spawn_blocking(move || answer(&served, asked, stream, &stopped));
    if let Err(error) = answered.await {
        tracing::error!(%error, "a request at the console panicked");
    }
}

/// How many bytes of a file come after a line.
fn length_after(line: &str) -> usize {
    match serde_json::from_str(line) {
        Ok(Asked::Bring(bring)) if bring.length <= LONGEST_FILE => bring.length,
        _ => 0,
    }
}

fn answer(
    served: &Served,
    (line, file): (String, Vec<u8>),
    mut stream: UnixStream,
    stopped: &watch::Receiver<bool>,
) {
    let blocking =
        stream.set_nonblocking(false).and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
    if blocking.is_err() {
        return;
    }
    let said = match serde_json::from_str(&line) {
        Ok(Asked::Backup(request)) if request.is_absolute() => {
            match backup(&served.node, &request, &mut stream, stopped) {
                Ok(outcome) => Said::Taken(outcome),
                Err(error) => Said::Refused(words(error)),
            }
        }
        Ok(Asked::Backup(_)) => Said::Refused("a path is relative, expected absolute ones".into()),
        Ok(Asked::Sent { neighbour, last }) => match note(&served.node, neighbour, last) {
            Ok(()) => Said::Noted,
            Err(error) => Said::Refused(words(error)),
        },
        Ok(Asked::VerifySeries) => match readings::of_node(&served.node) {
            Ok(found) => Said::Series(found),
            Err(why) => Said::Refused(why),
        },
        Ok(Asked::InName(asked)) => {
            let answered = in_name(&served.router, asked);
            match tokio::runtime::Handle::current().block_on(answered) {
                Ok(answer) => Said::Answered(answer),
                Err(why) => Said::Refused(why),
            }
        }
        Ok(Asked::Bring(bring)) => {
            let brought = in_name_of(&served.router, bring, file);
            match tokio::runtime::Handle::current().block_on(brought) {
                Ok(answer) => Said::Answered(vec![answer]),
                Err(why) => Said::Refused(why),
            }
        }
        Err(error) => Said::Refused(format!("no request that this version knows: {error}")),
    };
    if let Said::Refused(why) = &said {
        tracing::warn!(why, "what was asked at the console was not done");
    }
    // Whoever went away does not want to know.
    let _ = say(&mut stream, &said);
}

fn backup(
    node: &Node,
    request: &Request,
    stream: &mut UnixStream,
    stopped: &watch::Receiver<bool>,
) -> host::Result<Outcome> {
    let subjects = of_node(node)?;
    let real = node.world("real").ok_or(Error::Busy("the world is closed"))?;
    let taken = request.carry_out(subjects, real.kit(), real.space().lines(), &mut |progress| {
        if *stopped.borrow() {
            return Err(Error::Busy("the node is stopping"));
        }
        say(stream, &Said::Progress(progress))
            .map_err(|_| Error::Busy("whoever asked for the backup went away"))
    })?;
    host::backup::note(&real, &taken)?;
    tracing::info!(backup = %taken.manifest.name, bytes = taken.manifest.bytes(), "a backup was taken");
    Ok(Outcome::of(&taken))
}

fn note(node: &Node, neighbour: String, last: i64) -> host::Result<()> {
    let real = node.world("real").ok_or(Error::Busy("the world is closed"))?;
    real.run(host::Lane::Ordinary, "console", move |tx| {
        host::exchange::set_sent(tx, &neighbour, last)
    })
}

/// Signs in, asks, and leaves.
async fn in_name(router: &Router, asked: InName) -> Result<Vec<Json>, String> {
    let door = Door::sign_in(router, &asked.account, &asked.password).await?;
    let answer = each(&door, asked.requests).await;
    // What was decided is decided: a session that stays open is no answer to it.
    if let Err(error) = door.leave().await {
        tracing::warn!(error, "a session of the console could not be ended");
    }
    answer
}

/// Signs in, brings a file, and leaves.
async fn in_name_of(router: &Router, bring: Bring, file: Vec<u8>) -> Result<Json, String> {
    if LONGEST_FILE < bring.length {
        return Err(format!("{} bytes, expected at most {LONGEST_FILE}", bring.length));
    }
    let door = Door::sign_in(router, &bring.account, &bring.password).await?;
    let answer = door.bring(&bring.path, file).await;
    if let Err(error) = door.leave().await {
        tracing::warn!(error, "a session of the console could not be ended");
    }
    answer
}

async fn each(door: &Door, requests: Vec<Asking>) -> Result<Vec<Json>, String> {
    let mut answers = Vec::with_capacity(requests.len());
    for Asking { method, path, body } in requests {
        answers.push(match method.as_str() {
            "GET" => door.get(&path).await?,
            "POST" => door.post(&path, body).await?,
            other => return Err(format!("the method is {other}, expected GET or POST")),
        });
    }
    Ok(answers)
}

fn say(stream: &mut UnixStream, said: &Said) -> io::Result<()> {
    let mut line = serde_json::to_string(said).map_err(io::Error::other)?;
    line.push('\n');
    stream.write_all(line.as_bytes())
}

/// Asks the node that serves a directory for a backup, and waits for it.
pub fn ask_for_backup(
    directory: &Path,
    request: &Request,
    show: &mut dyn FnMut(Progress),
) -> Result<Outcome, String> {
    match ask(directory, &Asked::Backup(request.clone()), show)? {
        Said::Taken(outcome) => Ok(outcome),
        other => Err(unexpected(&other)),
    }
}

/// Has the node that serves a directory note what a neighbour was given.
pub fn note_sent(directory: &Path, neighbour: &str, last: i64) -> Result<(), String> {
    let asked = Asked::Sent { neighbour: neighbour.to_owned(), last };
    match ask(directory, &asked, &mut |_| {})? {
        Said::Noted => Ok(()),
        other => Err(unexpected(&other)),
    }
}

/// Asks the node that serves a directory for something in somebody's name; an answer for
/// each request.
pub fn ask_in_name(directory: &Path, asked: InName) -> Result<Vec<Json>, String> {
    match ask(directory, &Asked::InName(asked), &mut |_| {})? {
        Said::Answered(answer) => Ok(answer),
        other => Err(unexpected(&other)),
    }
}

/// Brings a file to the node that serves a directory, in somebody's name.
pub fn bring_in_name(directory: &Path, bring: Bring, file: &[u8]) -> Result<Json, String> {
    match ask_with(directory, &Asked::Bring(bring), file, &mut |_| {})? {
        Said::Answered(answers) => Ok(answers.into_iter().next().unwrap_or(Json::Null)),
        other => Err(unexpected(&other)),
    }
}

/// Has the node that serves a directory verify its readings.
pub fn ask_for_series(directory: &Path) -> Result<Found, String> {
    match ask(directory, &Asked::VerifySeries, &mut |_| {})? {
        Said::Series(found) => Ok(found),
        other => Err(unexpected(&other)),
    }
}

fn unexpected(said: &Said) -> String {
    format!("the node answered something else than was asked: {said:?}")
}

/// Asks, shows progress, and waits for what came of it.
fn ask(directory: &Path, asked: &Asked, show: &mut dyn FnMut(Progress)) -> Result<Said, String> {
    ask_with(directory, asked, &[], show)
}

/// The same, with a file behind the line.
fn ask_with(
    directory: &Path,
    asked: &Asked,
    file: &[u8],
    show: &mut dyn FnMut(Progress),
) -> Result<Said, String> {
    let place = directory.display();
    let lost = |error: io::Error| format!("the node in {place} does not answer: {error}");
    let mut stream = at(directory, |path| UnixStream::connect(path))
        .map_err(|error| format!("no node that answers at a terminal serves {place}: {error}"))?;
    let asked = serde_json::to_string(asked).map_err(|error| error.to_string())? + "\n";
    stream.write_all(asked.as_bytes()).and_then(|()| stream.write_all(file)).map_err(lost)?;
    for line in BufReader::new(stream).lines() {
        match serde_json::from_str(&line.map_err(lost)?).map_err(|error| error.to_string())? {
            Said::Progress(progress) => show(progress),
            Said::Refused(why) => return Err(why),
            said => return Ok(said),
        }
    }
    Err(format!("the node in {place} ended before it had answered"))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::routing::{get, post};
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn a_session_that_does_not_end_hides_no_answer_and_no_refusal() {
        let session = post(async || axum::Json(json!({ "csrf": "c" })))
            .delete(async || (StatusCode::CONFLICT, "sign-out-unwritten"));
        let router = Router::new()
            .route("/api/session", session)
            .route("/api/neighbours", post(async || axum::Json(json!({ "origin": "county" }))))
            .route("/api/node/key", get(async || (StatusCode::FORBIDDEN, "forbidden")));
        let ask = |method: &str, path: &str| InName {
            account: "security".to_owned(),
            password: "p".to_owned(),
            requests: vec![Asking {
                method: method.to_owned(),
                path: path.to_owned(),
                body: Json::Null,
            }],
        };
        let decided = in_name(&router, ask("POST", "/api/neighbours")).await;
        assert_eq!(decided, Ok(vec![json!({ "origin": "county" })]));
        let refused = in_name(&router, ask("GET", "/api/node/key")).await.expect_err("refused");
        assert!(refused.contains("403") && !refused.contains("sign-out"), "{refused}");
    }
}
