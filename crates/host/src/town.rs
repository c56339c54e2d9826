//! A small town for stories: a world of its own, a clock by hand, people at the door.
//!
//! Used by the tests of every crate, so that each tells its story through the
//! same doors that people, facts and time use. Nothing sleeps, nothing listens.

use std::collections::BTreeMap;
use std::future::ready;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use base::place::Tier;
use base::{AdminCode, Id, Timestamp};
use serde_json::Value as Json;
use tower::ServiceExt as _;

use crate::clock::Clock;
use crate::db::{Conn, Database, DbError, Durability, Source};
use crate::error::{Error, Result};
use crate::node::{Node, NodeInfo};
use crate::part::{Kit, Part};
use crate::scope::{Caller, Grant, Permission, Place};
use crate::tx::random;
use crate::web::{Asked, Doorkeeper, Holder, Routes, SESSION_COOKIE, Session, router};
use crate::world::{World, WorldConfig};

/// A directory that is gone when this is dropped, and a place for databases.
///
/// With `FENGSUI_TEST_POSTGRES` set to the address of a PostgreSQL, that place is
/// there, under a prefix of its own; else worlds are embedded in the directory. With
/// `SCRATCH` set to a directory it is made in there: a story that kills its node and not
/// the machine keeps as much in memory, where no disk under load holds it up.
pub struct Scratch {
    path: PathBuf,
    database: Database,
}

impl Scratch {
    #[allow(clippy::new_without_default, reason = "making a directory is no default")]
    pub fn new() -> Scratch {
        let name = format!("fengsui-{}", hex::encode(random::<8>()));
        #[allow(clippy::disallowed_methods, reason = "where the stories keep their files")]
        let within = std::env::var_os("SCRATCH").map_or_else(std::env::temp_dir, PathBuf::from);
        let path = within.join(name);
        std::fs::create_dir_all(&path).expect("the temporary directory is writable");
        #[allow(clippy::disallowed_methods, reason = "which engine the stories run on")]
        let url = std::env::var("FENGSUI_TEST_POSTGRES").unwrap_or_default();
        let prefix = format!("town_{}", hex::encode(random::<8>()));
        let database = Database::with_prefix(&url, &prefix).expect("an address of a PostgreSQL");
        Scratch { path, database }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn database(&self) -> Database {
        self.database.clone()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind at worst; the next boot clears it, or whoever stops the server.
        let _ = std::fs::remove_dir_all(&self.path);
        if let Database::Postgres(server) = &self.database {
            let _ = server.drop_schemas();
        }
    }
}

/// A database that refuses whatever names one table, until this is dropped.
pub struct Refusing {
    conn: Conn,
    table: &'static str,
}

impl Refusing {
    /// # Panics
    /// When the world has no such table.
    pub fn new(scratch: &Scratch, world: &World, table: &'static str) -> Refusing {
        let (directory, name) = (world.directory(), world.name());
        let source = Source::new(&scratch.database, directory, name, Durability::Never);
        let mut conn = source.and_then(|source| source.writer()).expect("opens");
        conn.batch(&format!("alter table {table} rename to {table}_away")).expect("is there");
        Refusing { conn, table }
    }
}

impl Drop for Refusing {
    fn drop(&mut self) {
        let table = self.table;
        let back = format!("alter table {table}_away rename to {table}");
        self.conn.batch(&back).expect("it was there");
    }
}

/// A world, its doors, and the people who use them.
pub struct Town {
    pub world: World,
    pub node: Node,
    pub routes: Routes,
    router: axum::Router,
    people: Arc<People>,
    // Last, so that the world is closed before its directory goes.
    scratch: Scratch,
}

/// Who is signed in, by name, and whether nobody can be looked up.
#[derive(Default)]
struct People(Mutex<BTreeMap<String, Caller>>, AtomicBool);

/// An answer at the door.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: Json,
}

impl Town {
    /// Opens a town with these parts at 2026-08-03 08:00 Beijing time.
    pub fn new(parts: Vec<Part>) -> Town {
        Town::of_origin("town", parts, "")
    }

    /// Like [`Town::new`], and the disk has what is committed, as on a real node: for
    /// what is measured.
    pub fn durable(parts: Vec<Part>) -> Town {
        Town::open("town", parts, "", true)
    }

    /// Like [`Town::new`], under another node's name, and with tables that no
    /// migration has: for slices that exist in tests only.
    pub fn of_origin(origin: &str, parts: Vec<Part>, tables: &str) -> Town {
        Town::open(origin, parts, tables, false)
    }

    fn open(origin: &str, parts: Vec<Part>, tables: &str, durable: bool) -> Town {
        let start = Timestamp::from_beijing([2026, 8, 3], [8, 0, 0]).expect("a real minute");
        let (mut kit, routes) = Kit::fold(parts);
        kit.tables_of_tests = tables.to_owned();
        let scratch = Scratch::new();
        let config = WorldConfig {
            name: "real".to_owned(),
            origin: origin.to_owned(),
            directory: scratch.path().join("worlds").join("real"),
            database: scratch.database(),
            clock: Clock::still(start),
            durable,
        };
        let world = World::open(config, Arc::new(kit)).expect("a world in a fresh directory");
        let people = Arc::new(People::default());
        let info = NodeInfo {
            name: "测试县应急管理局".to_owned(),
            region: "220282".parse().expect("a code"),
            tier: Tier::County,
            demo: true,
            version: "test",
        };
        let doorkeeper: Arc<dyn Doorkeeper> = people.clone();
        let node = Node::new(info, doorkeeper, world.clone());
        let pages = axum::Router::new();
        let router = router(node.clone(), &routes, pages);
        Town { world, node, routes, router, people, scratch }
    }

    /// A connection of its own to the town's database, past every pen.
    #[cfg(test)]
    pub(crate) fn raw(&self) -> crate::db::Conn {
        let (directory, name) = (self.world.directory(), self.world.name());
        let never = crate::db::Durability::Never;
        let source = crate::db::Source::new(&self.database(), directory, name, never);
        source.expect("a place").writer().expect("opens")
    }

    /// Gives the town's node its key, and announces it.
    pub fn announces(&self) {
        crate::neighbour::announce(&self.world).expect("a key is made and announced");
    }

    /// The security officer of this town has compared the key of `other`, which has one.
    pub fn trusts(&self, other: &Town) {
        self.trusts_world(&other.world);
    }

    /// Like [`Town::trusts`], of a node without a town.
    pub fn trusts_world(&self, other: &World) {
        // As far as the towns of our stories go.
        self.trusts_for(other, &["220000", "220200", "220281", "220282"]);
    }

    /// Like [`Town::trusts_world`], for these regions only.
    pub fn trusts_for(&self, other: &World, regions: &[&str]) {
        let key = crate::signing::SigningKey::load(other.directory()).expect("announced");
        let (origin, key) = (other.origin().to_owned(), key.public().fingerprint());
        let regions: Vec<AdminCode> =
            regions.iter().map(|region| region.parse().expect("a code")).collect();
        let trust = move |tx: &mut crate::Tx<'_>| {
            crate::neighbour::trust(tx, &origin, &key, &regions, "何守安")
        };
        self.world.run(crate::Lane::Urgent, "test", trust).expect("trusted");
    }

    /// Sends what is new in this town's log to `other`, as a segment; answers how much
    /// of it was new there.
    pub fn sends(&self, other: &Town) -> u64 {
        let have =
            other.world.read_now(|db| Ok(crate::segment::position(db, self.world.origin())?));
        let wanted = crate::segment::Outgoing {
            after: have.expect("a position"),
            limit: 10_000,
            openness: crate::Class::Sensitive,
            scope: crate::Scope::Node,
        };
        let mut bytes = Vec::new();
        match crate::segment::write(&self.world, &wanted, &mut bytes).expect("written") {
            Some(_) => {
                let taken = crate::segment::take_in(&other.world, &mut &bytes[..]);
                taken.expect("taken in").new
            }
            None => 0,
        }
    }

    /// Where the town's files and database are.
    pub fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Where the town's database is: for a story in which its node starts again.
    pub fn database(&self) -> Database {
        self.scratch.database()
    }

    /// Moves the clock to `HH:MM` or `HH:MM:SS` of the town's day, Beijing time.
    pub fn at(&self, time: &str) -> &Town {
        let mut fields = [0i8; 3];
        for (field, text) in fields.iter_mut().zip(time.split(':')) {
            *field = text.parse().expect("a time such as 08:05");
        }
        let ([year, month, day], _) = self.world.clock().now().beijing_fields();
        let now = Timestamp::from_beijing([year, month, day], fields).expect("a real minute");
        self.world.clock().set(now);
        self
    }

    /// Makes a person who holds `permissions` over `region` and is signed in.
    pub fn person(&self, name: &str, region: &str, permissions: &[Permission]) -> Caller {
        let person = Id::new(self.world.clock().now(), random());
        let codes: Vec<String> = permissions.iter().map(|p| p.code.to_owned()).collect();
        let caller = Caller {
            person,
            account: name.to_owned(),
            name: name.to_owned(),
            org: None,
            post: None,
            session: person,
            csrf: format!("csrf of {name}"),
            grants: Arc::from([Grant {
                role: "test".to_owned(),
                place: Place::Region(region.parse().expect("a division code")),
                permissions: codes.into(),
            }]),
            offices: Arc::from([]),
        };
        self.people.0.lock().expect("no holder panics").insert(name.to_owned(), caller.clone());
        caller
    }

    /// Makes one of the node's officers, who holds `permissions` over the node itself.
    pub fn officer(&self, name: &str, permissions: &[Permission]) -> Caller {
        let of_region = self.person(name, "000000", &[]);
        let offices = permissions.iter().map(|permission| permission.code.to_owned()).collect();
        let caller = Caller { grants: Arc::from([]), offices, ..of_region };
        self.people.0.lock().expect("no holder panics").insert(name.to_owned(), caller.clone());
        caller
    }

    /// Gives a person who is signed in another scope, in the same session.
    pub fn moves(&self, name: &str, region: &str, permissions: &[Permission]) {
        let mut people = self.people.0.lock().expect("no holder panics");
        let caller = people.get_mut(name).expect("somebody of this town");
        let codes: Vec<String> = permissions.iter().map(|p| p.code.to_owned()).collect();
        caller.grants = Arc::from([Grant {
            role: "test".to_owned(),
            place: Place::Region(region.parse().expect("a division code")),
            permissions: codes.into(),
        }]);
    }

    /// Gives a person who is signed in these permissions over an organisation instead,
    /// and over what is below it.
    pub fn works_for(&self, name: &str, org: Id, permissions: &[Permission]) {
        let mut people = self.people.0.lock().expect("no holder panics");
        let caller = people.get_mut(name).expect("somebody of this town");
        let codes: Vec<String> = permissions.iter().map(|p| p.code.to_owned()).collect();
        let place = Place::Org(org);
        caller.grants =
            [Grant { role: "test".to_owned(), place, permissions: codes.into() }].into();
        caller.org = Some(org);
    }

    /// Somebody who is signed in.
    pub fn caller(&self, name: &str) -> Caller {
        let people = self.people.0.lock().expect("no holder panics");
        people.get(name).expect("somebody of this town").clone()
    }

    /// The name of somebody who is signed in.
    pub fn name_of(&self, person: Id) -> Option<String> {
        let people = self.people.0.lock().expect("no holder panics");
        people.values().find(|caller| caller.person == person).map(|caller| caller.name.clone())
    }

    /// From now on the doorkeeper cannot say who anybody is, or can again.
    pub fn knows_nobody(&self, so: bool) {
        self.people.1.store(so, Ordering::SeqCst);
    }

    /// Ends a person's session.
    pub fn leaves(&self, name: &str) {
        self.people.0.lock().expect("no holder panics").remove(name);
    }

    /// Makes regions report to each other: `("220200", "220282")` puts the second
    /// inside the first. Written as working state of the test; a real node's come
    /// from `atlas`.
    pub fn regions(&self, pairs: &[(&str, &str)]) {
        let pairs: Vec<(AdminCode, AdminCode)> = pairs
            .iter()
            .map(|(a, b)| (a.parse().expect("a code"), b.parse().expect("a code")))
            .collect();
        self.world
            .run(crate::Lane::Urgent, "test", move |tx| {
                for (ancestor, region) in pairs {
                    tx.conn.run(
                        "insert into region_within (ancestor, region) values ($1, $2) \
                         on conflict (ancestor, region) do nothing",
                        crate::params![ancestor, region],
                    )?;
                }
                Ok(())
            })
            .expect("the town's map is drawn");
        self.world.counts().note_all();
    }

    /// Notes that a reaction gave up on entry `seq`, and why.
    pub fn gives_up(&self, reaction: &'static str, seq: i64, error: &'static str) {
        let noted = self.world.run(crate::Lane::Urgent, "test", move |tx| {
            let now = tx.machine_now();
            tx.host_work().run(
                "insert into reaction_parked (reaction, seq, subject, error, parked_at) \
                 values ($1, $2, $3, $4, $5)",
                crate::params![reaction, seq, seq.to_string(), error, now],
            )?;
            Ok(())
        });
        noted.expect("the town notes it");
    }

    /// Puts organisations below each other, as [`Town::regions`] does with regions.
    pub fn orgs(&self, pairs: &[(Id, Id)]) {
        let pairs = pairs.to_vec();
        self.world
            .run(crate::Lane::Urgent, "test", move |tx| {
                for (ancestor, org) in pairs {
                    tx.conn.run(
                        "insert into org_within (ancestor, org) values ($1, $2) \
                         on conflict (ancestor, org) do nothing",
                        crate::params![ancestor, org],
                    )?;
                }
                Ok(())
            })
            .expect("the town's organisations are known");
        self.world.counts().note_all();
    }

    /// Waits until every reaction and every view has caught up with the log.
    pub fn settle(&self) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
        while !self.settled() {
            assert!(std::time::Instant::now() < deadline, "the reactions do not come to rest");
            std::thread::yield_now();
        }
    }

    /// Waits until something is so, for what threads do by themselves.
    pub fn until(&self, so: impl Fn(&World) -> bool) {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
        while !so(&self.world) {
            assert!(std::time::Instant::now() < deadline, "it does not come to pass");
            std::thread::yield_now();
        }
    }

    fn settled(&self) -> bool {
        let kit = self.world.kit();
        let origin = self.world.origin();
        self.world
            .read_now(|db| {
                let row = db.row("select max(seq) as last from log", &[])?;
                let last = row.map_or(Ok(None), |row| row.get::<Option<i64>>("last"))?;
                if !self.world.views().hold(last.unwrap_or(0)) {
                    return Ok(false);
                }
                for reaction in &kit.reactions {
                    if crate::reaction::waits(db, origin, reaction)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            })
            .expect("the town answers")
    }

    /// Sends a request as `name` (nobody when empty) and reads the answer.
    pub async fn ask(&self, name: &str, method: Method, path: &str, body: Option<Json>) -> Answer {
        self.ask_with(name, method, path, body, None).await
    }

    pub async fn get(&self, name: &str, path: &str) -> Answer {
        self.ask(name, Method::GET, path, None).await
    }

    pub async fn post(&self, name: &str, path: &str, body: Json) -> Answer {
        self.ask(name, Method::POST, path, Some(body)).await
    }

    /// Opens a live screen as `name`, after `last` when it resumes.
    pub async fn screen(&self, name: &str, last: Option<i64>) -> Screen {
        self.screen_of("real", name, last).await
    }

    /// Like [`Town::screen`], in another world of the town's node.
    pub async fn screen_of(&self, world: &str, name: &str, last: Option<i64>) -> Screen {
        let mut request = Request::builder().uri(format!("/api/worlds/{world}/live"));
        request = request.header("cookie", format!("{SESSION_COOKIE}={}", hex::encode(name)));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        Screen::open(&self.router, request.body(Body::empty()).expect("a request")).await
    }

    /// Like [`Town::ask`], with an idempotency key.
    pub async fn ask_with(
        &self,
        name: &str,
        method: Method,
        path: &str,
        body: Option<Json>,
        key: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !name.is_empty() {
            let name = name.to_owned();
            request = request
                .header("cookie", format!("{SESSION_COOKIE}={}", hex::encode(&name)))
                .header("x-csrf-token", hex::encode(format!("csrf of {name}")));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        let request = request.header("content-type", "application/json").body(body);
        oneshot(&self.router, request.expect("a request of plain parts")).await
    }

    /// Asks as nobody with a header, as a subscriber does who has something already.
    pub async fn get_having(&self, path: &str, header: &str, value: &str) -> Answer {
        let request = Request::builder().uri(path).header(header, value);
        oneshot(&self.router, request.body(Body::empty()).expect("a request of plain parts")).await
    }

    /// Sends bytes as `name`, and answers what came back, as it came.
    pub async fn ask_raw(
        &self,
        name: &str,
        method: &str,
        path: &str,
        body: Vec<u8>,
    ) -> (Answer, Vec<u8>) {
        let mut request = Request::builder().method(method).uri(path);
        if !name.is_empty() {
            request = request
                .header("cookie", format!("{SESSION_COOKIE}={}", hex::encode(name)))
                .header("x-csrf-token", hex::encode(format!("csrf of {name}")));
        }
        let request = request.header("content-type", "application/octet-stream");
        let request = request.body(Body::from(body)).expect("a request of plain parts");
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.expect("a whole body").to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
        (Answer { status: parts.status, headers: parts.headers, body }, bytes)
    }
}

/// One request through a router, and its answer read; JSON null for no JSON.
pub async fn oneshot(router: &axum::Router, request: Request<Body>) -> Answer {
    let response = match router.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 64 << 20).await.expect("a whole body");
    let body = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
    Answer { status: parts.status, headers: parts.headers, body }
}

/// A browser's live connection, read event by event.
pub struct Screen {
    body: axum::body::BodyDataStream,
    text: String,
    /// How many pieces the stream has come in so far.
    pub pieces: usize,
}

impl Screen {
    /// Opens it through a router.
    pub async fn open(router: &axum::Router, request: Request<Body>) -> Screen {
        let response = match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        assert_eq!(response.status(), StatusCode::OK, "the stream opens");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Screen { body: response.into_body().into_data_stream(), text: String::new(), pieces: 0 }
    }

    /// The next event's name and data; `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<(String, Json)> {
        use futures_util::StreamExt as _;
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
                let name = field("event: ").expect("each event has a name").to_owned();
                let data = serde_json::from_str(field("data: ").expect("and data"));
                self.text = rest.to_owned();
                return Some((name, data.expect("which is JSON")));
            }
            let piece = self.body.next().await?.expect("the stream does not break");
            self.text.push_str(std::str::from_utf8(&piece).expect("text"));
            self.pieces += 1;
        }
    }

    /// The next event of one of these names, past all others; `None` at the end.
    pub async fn next_of(&mut self, names: &[&str]) -> Option<(String, Json)> {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
        loop {
            assert!(std::time::Instant::now() < deadline, "no {names:?} comes");
            let (name, data) = self.next().await?;
            if names.contains(&name.as_str()) {
                return Some((name, data));
            }
        }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.world.close();
    }
}

impl People {
    fn held(&self, is_meant: impl Fn(&Caller) -> bool) -> Result<Option<Session>> {
        if self.1.load(Ordering::SeqCst) {
            return Err(Error::Db(DbError::Engine("nobody can be looked up".to_owned())));
        }
        let people = self.0.lock().expect("no holder panics");
        let caller = people.values().find(|caller| is_meant(caller)).cloned();
        Ok(caller.map(|caller| Session { caller, password_due: false }))
    }
}

impl Doorkeeper for People {
    fn caller<'a>(&'a self, secret: &'a str, _: &'a World, _: Asked) -> Holder<'a> {
        let name = hex::decode(secret).ok().and_then(|name| String::from_utf8(name).ok());
        let held = self.held(|caller| Some(&caller.account) == name.as_ref());
        let with_token = |mut session: Session| {
            session.caller.csrf = hex::encode(&session.caller.csrf);
            session
        };
        Box::pin(ready(held.map(|held| held.map(with_token))))
    }

    fn holds<'a>(&'a self, session: Id, _: &'a World) -> Holder<'a> {
        Box::pin(ready(self.held(|caller| caller.session == session)))
    }

    fn refused(&self, _: &World, _: Option<&Caller>, _: &str, _: &Error) {}
}
