//! `demo`: a seeded node with a river that rises, everything through its real doors.
//!
//! People are appointed, stations registered and rules published through the API;
//! readings come over TCP from simulated stations. Nothing is written by SQL.

mod colleagues;
mod people;
mod registers;
mod rivers;
mod stations;

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
    /// No simulated stations: feed the node with `fengsui simulate`.
    #[arg(long)]
    silent: bool,
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
    registers::register(&router).await?;
    let stations = stations::all()?;
    stations::register(&router, &stations).await?;
    announce(&running);
    if !options.silent {
        let door = running.gateways().find(|(protocol, _)| *protocol == Protocol::Sl651);
        let (_, address) = door.ok_or("the SL 651 door is closed by the configuration")?;
        let now = running.world.clock().now();
        let feed = rivers::feed(running.world.clone(), address, stations, now, options.history);
        tokio::spawn(async move {
            if let Err(error) = feed.await {
                tracing::error!(%error, "the simulated stations stopped");
            }
        });
    }
    if !options.hands_off {
        tokio::spawn(colleagues::work(router));
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
