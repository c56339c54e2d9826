//! `demo`: a seeded node where a night's story is played, everything through its real doors.
//!
//! People are appointed, registers filled, stations registered and rules published through
//! the API; readings come from simulated stations, gateways and mines over TCP and HTTP.
//! Nothing is written by SQL.

mod colleagues;
mod people;
mod plants;
mod registers;
mod rivers;
mod stations;
mod story;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use sense::Protocol;

use crate::config::Config;
use crate::serve;

/// Runs a seeded node on loopback.
#[derive(Args)]
pub struct Options {
    /// Keep the node's files here, and go on from them next time; without it they
    /// are in a temporary directory and gone at the end.
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Port of the web UI; 0 takes a free one.
    #[arg(long, default_value_t = 7700)]
    port: u16,
    /// Port of the SL 651 door; 0 takes a free one.
    #[arg(long, default_value_t = 7651)]
    sl651_port: u16,
    /// A configuration file whose other sections hold (a database, for instance).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Its name among nodes, so that two demonstrations can exchange segments.
    #[arg(long, default_value = "demo")]
    origin: String,
    /// Nobody acts but you: the colleagues of the demonstration leave the warning to you.
    #[arg(long)]
    hands_off: bool,
    /// Hours of readings that lie in the store at the start.
    #[arg(long, default_value_t = 24)]
    history: u32,
    /// No simulated devices, and no plants that have some: feed the node with `fengsui
    /// simulate`.
    #[arg(long)]
    silent: bool,
    /// How fast the story goes, 0.1 to 20: what colleagues wait for, and how soon gas is
    /// seen. Rivers and rain go by their minutes at any pace.
    #[arg(long, default_value = "1")]
    pace: Pace,
}

/// How fast the story goes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pace(f64);

impl Pace {
    /// How long something takes at this pace, which takes `usual` at a pace of 1.
    fn of(self, usual: base::Duration) -> base::Duration {
        base::Duration::from_millis((usual.as_millis() as f64 / self.0) as i64)
    }
}

impl std::str::FromStr for Pace {
    type Err = String;

    fn from_str(text: &str) -> Result<Pace, String> {
        let pace = text.parse().ok().filter(|pace| (0.1..=20.0).contains(pace));
        pace.map(Pace).ok_or_else(|| "expected a number from 0.1 to 20".to_owned())
    }
}

pub fn command(options: &Options) -> Result<(), String> {
    #[allow(clippy::disallowed_methods, reason = "configuration is read here, once")]
    let mut config = Config::load(
        options.config.as_deref(),
        std::env::vars().chain([("FENGSUI_NODE_ORIGIN".to_owned(), options.origin.clone())]),
    )?;
    let temporary = options.directory.is_none().then(temporary_directory).transpose()?;
    let directory = options.directory.clone().or(temporary.clone()).unwrap_or_default();
    config.node.name = "吉林省应急管理厅（演示）".to_owned();
    // What is made up is no warning, whoever reads it.
    config.publication.test = true;
    config.node.directory = directory;
    config.web.listen = SocketAddr::from(([127, 0, 0, 1], options.port));
    // Two demonstrations do not want each other's ports, unless somebody chose them.
    let mut usual = Config::default();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    for protocol in Protocol::ALL {
        let usual = usual.gateway(*protocol).map(|gateway| gateway.listen);
        let Some(gateway) = config.gateway(*protocol) else { continue };
        if *protocol == Protocol::Sl651 {
            gateway.listen = SocketAddr::from(([127, 0, 0, 1], options.sl651_port));
        } else if Some(gateway.listen) == usual {
            gateway.listen = any;
        }
    }
    if config.devices.listen == usual.devices.listen {
        config.devices.listen = any;
    }
    config.coal42.enabled = true;
    config.log.filter = "warn".to_owned();
    serve::start_log(&config);
    let outcome = serve::runtime()?.block_on(run(&config, options));
    if let Some(directory) = temporary {
        std::fs::remove_dir_all(&directory)
            .map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    outcome
}

async fn run(config: &Config, options: &Options) -> Result<(), String> {
    let running = serve::open(config, true).await?;
    let router = running.router.clone();
    people::appoint(&router, &running.world).await?;
    let stations = stations::all()?;
    // All at one time, so that what waits for the disk waits together.
    tokio::try_join!(
        registers::register(&router),
        stations::register(&router, &stations),
        async {
            match options.silent {
                true => Ok(()),
                false => plants::register(&router).await,
            }
        },
    )?;
    announce(&running);
    if !options.silent {
        let door = |wanted: Protocol| {
            let found = running.gateways().find(|(protocol, _)| *protocol == wanted);
            let closed = || format!("the door of {} is closed by the configuration", wanted.word());
            found.map(|(_, address)| address).ok_or_else(closed)
        };
        let doors = story::Doors {
            sl651: door(Protocol::Sl651)?,
            gateway: door(Protocol::Gateway)?,
            http: running.devices().ok_or("the door of HTTP is closed by the configuration")?,
        };
        let now = running.world.clock().now();
        let (world, address) = (running.world.clone(), doors.sl651);
        let feed = rivers::feed(world, address, stations, now, options.history);
        tokio::spawn(async move {
            if let Err(error) = feed.await {
                tracing::error!(%error, "the simulated stations stopped");
            }
        });
        let story = story::play(doors, now, options.pace);
        tokio::spawn(async move {
            if let Err(error) = story.await {
                tracing::error!(error, "the simulated plants stopped");
            }
        });
    }
    if !options.hands_off {
        tokio::spawn(colleagues::work(router, options.pace, !options.silent));
    }
    running.serve().await
}

fn announce(running: &serve::Running) {
    println!("\n烽燧演示 · Fengsui demonstration（全部数据为虚构 / all data invented）\n");
    println!("  浏览器 / browser   http://{}", running.web);
    for (protocol, address) in running.gateways() {
        println!("  {:<18} {address}", protocol.standard());
    }
    if let Some(address) = running.devices() {
        println!("  {:<18} http://{address}/ingest/", "HTTP");
    }
    println!("\n  口令 / password    {}\n", people::PASSWORD);
    for (account, name, roles, region) in people::PEOPLE {
        println!("  {account:<14} {name}  {} {region}", roles.join(" + "));
    }
    for (office, account, name) in people::OFFICERS {
        println!("  {account:<14} {name}  {}", office.word());
    }
    println!("\n  Ctrl-C 结束 / ends\n");
}

fn temporary_directory() -> Result<PathBuf, String> {
    let name = format!("fengsui-demo-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}
