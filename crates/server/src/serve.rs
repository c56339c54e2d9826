//! `serve`: a node, from its configuration to its last word.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::{Extension, Router};
use host::door::Pool;
use host::node::NodeInfo;
use host::part::Kit;
use host::web::{Doorkeeper, router};
use host::world::WorldConfig;
use host::{Clock, Node, World};
use sense::Protocol;
use sense::gateway::Listening;
use sense::intake::Intake;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use trust::Sessions;

use crate::config::Config;
use crate::console::Console;
use crate::parts::parts;
use crate::{copy, http, roles, ui, upstream};

/// A node with its doors open.
pub struct Running {
    pub node: Node,
    pub world: World,
    pub router: Router,
    pub web: SocketAddr,
    listener: TcpListener,
    door: Arc<host::door::Door>,
    /// The doors for devices that converse.
    gateways: Vec<Listening>,
    /// The door for devices that send whole messages over HTTP, if it is open.
    devices: Option<Devices>,
    intake: Intake,
    console: Option<Console>,
    /// The copy of the readings, if there is one.
    copy: Option<Arc<clickhouse::Mirror>>,
    /// Looks how full the disk is.
    _disk: Option<host::space::Watch>,
    /// Held while the process lives: one process per directory.
    _lock: File,
}

/// The door for devices over HTTP.
struct Devices {
    address: SocketAddr,
    listener: TcpListener,
    door: Arc<host::door::Door>,
    router: axum::Router,
}

impl Devices {
    /// At most a quarter of the places: whoever sends whole messages holds one for a moment.
    fn open(address: SocketAddr, pool: &Arc<Pool>, intake: &Intake) -> Result<Devices, String> {
        let refused = |error| format!("devices cannot be heard over HTTP on {address}: {error}");
        let listener = host::door::listen(address).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let door = host::door::Door::of_pool(pool, sense::gateway::http::DOOR, pool.limit() / 4);
        door.listens(address);
        let router = sense::gateway::http::router(intake);
        tracing::info!(%address, "devices are heard over HTTP");
        Ok(Devices { address, listener, door, router })
    }

    async fn serve(devices: Option<Devices>) {
        match devices {
            Some(it) => http::serve(it.listener, it.door, it.router).await,
            None => std::future::pending().await,
        }
    }
}

/// Runs until the process is told to stop.
pub fn command(config: Option<&Path>) -> Result<(), String> {
    #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
    let config = Config::load(config, std::env::vars())?;
    start_log(&config);
    runtime()?.block_on(async {
        let running = open(&config, false).await?;
        announce_first_start(&running.world)?;
        tracing::info!(web = %format!("http://{}", running.web), "fengsui is open");
        running.serve().await
    })
}

pub fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the async runtime did not start: {error}"))
}

pub fn start_log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log.filter);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber (a test that starts two nodes) keeps the first.
    let _ = if config.log.json { builder.json().try_init() } else { builder.try_init() };
}

/// Opens the world and all doors; nothing is served before [`Running::serve`].
pub async fn open(config: &Config, demo: bool) -> Result<Running, String> {
    let directory = &config.node.directory;
    let lock = lock(directory)?;
    if host::backup::was_interrupted(directory) {
        return Err(format!(
            "a restore into {} did not come to its end: restore again",
            directory.display()
        ));
    }
    let doors = config.gateways();
    let places = Places::within(raise_descriptors());
    let sessions = Sessions::new(config.web.is_secure());
    let (kit, routes) = Kit::fold(parts(config, &sessions));
    let world_config = WorldConfig {
        name: "real".to_owned(),
        origin: config.node.origin.clone(),
        directory: directory.join("worlds").join("real"),
        clock: Clock::machine(),
        durable: true,
        database: host::db::Database::from_url(&config.database.url)
            .map_err(|error| format!("database.url: {error}"))?,
    };
    let opened = host::node::off_the_loop(move || {
        let world = World::open(world_config, Arc::new(kit))?;
        atlas::seed(&world)?;
        trust::role::seed(&world, roles::first())?;
        host::neighbour::announce(&world)?;
        Ok(world)
    });
    let world = opened.await.map_err(|error| format!("{error:?}"))?;
    let (section, copied) = (config.clickhouse.clone(), world.clone());
    let copy = host::node::off_the_loop(move || Ok(copy::open(&section, &copied)));
    let copy = copy.await.map_err(|error| format!("{error:?}"))??;
    let (section, handed) = (config.upstream.clone(), world.clone());
    let above = host::node::off_the_loop(move || Ok(upstream::open(&section, &handed)));
    let above = above.await.map_err(|error| format!("{error:?}"))??;
    world.space().draw(config.disk.lines());
    let disk = world.space().watch(directory);
    let disk = disk.inspect_err(|error| tracing::error!(%error, "how full the disk is is unknown"));
    sessions.resume(&world).map_err(|error| format!("{error:?}"))?;
    let info = NodeInfo {
        name: config.node.name.clone(),
        region: config.node.region.clone(),
        tier: config.node.tier,
        demo,
        version: env!("CARGO_PKG_VERSION"),
    };
    let doorkeeper: Arc<dyn Doorkeeper> = Arc::new(sessions);
    let node = Node::new(info, doorkeeper, world.clone());
    for drill in host::drill::resume(&world).map_err(|error| format!("{error:?}"))? {
        node.add_world(drill).map_err(|error| error.to_string())?;
    }
    let document = host::web::openapi::document(&routes, env!("CARGO_PKG_VERSION")).to_string();
    let api = move || async move { ([("content-type", "application/json")], document) };
    let pages = ui::pages().route("/api/openapi.json", axum::routing::get(api));
    let nosniff = HeaderValue::from_static("nosniff");
    let router = router(node.clone(), &routes, pages)
        .layer(Extension(above))
        .layer(SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, nosniff))
        .layer(CompressionLayer::new());

    let listener = host::door::listen(config.web.listen)
        .map_err(|error| format!("cannot listen on {}: {error}", config.web.listen))?;
    let web = listener.local_addr().map_err(|error| error.to_string())?;
    let door = host::door::Door::new("web", places.web);
    node.add_door(Arc::clone(&door));
    let intake = Intake::open(&world, sense::intake::Config::default());
    let pool = Pool::new(places.devices);
    let mut gateways = Vec::with_capacity(doors.len());
    for (protocol, address) in doors {
        let opened = sense::gateway::open(protocol, &intake, address, &pool).await;
        let gateway = opened
            .map_err(|error| format!("{} cannot listen on {address}: {error}", protocol.word()))?;
        node.add_door(gateway.door());
        gateways.push(gateway);
    }
    if let Some(folder) = config.coal42.watched(directory) {
        let place = folder.directory.clone();
        let inbox = sense::gateway::folder::watch(&intake, folder)
            .map_err(|error| format!("coal42.directory {}: {error}", place.display()))?;
        node.add_folder(Protocol::Coal42.code(), inbox);
    }
    let devices = match config.devices.enabled {
        true => Some(Devices::open(config.devices.listen, &pool, &intake)?),
        false => None,
    };
    if let Some(devices) = &devices {
        node.add_door(Arc::clone(&devices.door));
    }
    // A node whose file system has no sockets serves all the same.
    let console = Console::open(directory, &node, &router)
        .inspect_err(
            |error| tracing::warn!(%error, "nothing can be asked of this node from a terminal"),
        )
        .ok();
    Ok(Running {
        node,
        world,
        router,
        web,
        listener,
        door,
        gateways,
        devices,
        intake,
        console,
        copy,
        _disk: disk.ok(),
        _lock: lock,
    })
}

impl Running {
    /// The doors for devices, with where they listen.
    pub fn gateways(&self) -> impl Iterator<Item = (Protocol, SocketAddr)> + '_ {
        self.gateways.iter().map(|gateway| (gateway.protocol(), gateway.address()))
    }

    /// Where devices are heard over HTTP.
    pub fn devices(&self) -> Option<SocketAddr> {
        self.devices.as_ref().map(|devices| devices.address)
    }

    /// Serves until the process is told to stop, then closes the world.
    pub async fn serve(self) -> Result<(), String> {
        tokio::select! {
            () = http::serve(self.listener, self.door, self.router) => {}
            () = Devices::serve(self.devices) => {}
            () = told_to_stop() => {}
        }
        for gateway in self.gateways {
            gateway.close().await;
        }
        let intake = self.intake;
        let written = host::node::off_the_loop(move || intake.write_now()).await;
        if let Err(error) = written {
            tracing::error!(%error, "what the doors counted last was not written");
        }
        if let Some(console) = self.console {
            console.close().await;
        }
        if let Some(copy) = self.copy {
            copy.stop();
        }
        let node = self.node.clone();
        let closed = host::node::off_the_loop(move || {
            node.doorkeeper().close();
            for world in node.worlds() {
                world.close();
            }
            Ok(())
        });
        closed.await.map_err(|error| error.to_string())?;
        tracing::info!("fengsui is closed");
        Ok(())
    }
}

/// Live streams never end by themselves, so a stop does not wait for them.
async fn told_to_stop() {
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(error) => {
                tracing::error!(%error, "the process cannot be told to stop gently");
                return std::future::pending().await;
            }
        };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// A shell often gives a process 1 024 descriptors, fewer than the doors take
/// connections: then strangers who hold them would keep the node from its own files.
/// Answers how many there may be now.
fn raise_descriptors() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(error) => {
            tracing::warn!(%error, ?current, ?maximum, "the limit of descriptors stays as it is");
            current.unwrap_or(u64::MAX)
        }
    }
}

/// How many connections each door may hold at most, so that all together leave the node the
/// descriptors it needs for its own files.
#[derive(Debug, PartialEq, Eq)]
struct Places {
    web: usize,
    devices: usize,
}

impl Places {
    /// For the files, databases and pipes of the node itself.
    const OWN: usize = 512;

    /// Of few descriptors the node keeps half for itself, people get a quarter of what
    /// is left, and the doors for devices share the rest.
    fn within(descriptors: u64) -> Places {
        let all = usize::try_from(descriptors).unwrap_or(usize::MAX);
        let doors = all - Places::OWN.min(all / 2);
        let web = http::CONNECTIONS.min(doors / 4);
        let devices = sense::gateway::CONNECTIONS.min(doors - web);
        Places { web, devices }
    }
}

/// Takes a node's directory, which is made if it is not there.
pub fn lock(directory: &Path) -> Result<File, String> {
    std::fs::create_dir_all(directory).map_err(|e| format!("{}: {e}", directory.display()))?;
    try_lock(directory)?
        .ok_or_else(|| format!("{} is in use by another process", directory.display()))
}

/// Takes a node's directory; `None` when another process has it.
pub fn try_lock(directory: &Path) -> Result<Option<File>, String> {
    let path = directory.join("lock");
    let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(file.try_lock().is_ok().then_some(file))
}

/// Prints the three one-time secrets of a node that has never been started, once,
/// to the terminal and nowhere else.
fn announce_first_start(world: &World) -> Result<(), String> {
    let secrets = trust::first_start(world).map_err(|error| format!("{error:?}"))?;
    let Some(secrets) = secrets else { return Ok(()) };
    println!("\n首次启动：三员一次性口令（仅显示这一次，请分别交给三人）");
    println!("First start: one-time secrets of the three officers, shown only now.\n");
    for (office, secret) in secrets {
        println!("  {:<10} {secret}", office.word());
    }
    println!();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_doors_leave_the_node_its_own_descriptors() {
        let all = |web, devices| Places { web, devices };
        assert_eq!(Places::within(u64::MAX), all(4_096, 20_000));
        assert_eq!(Places::within(20_000), all(4_096, 15_392));
        assert_eq!(Places::within(1_024), all(128, 384));
        assert_eq!(Places::within(64), all(8, 24));
    }
}
