//! Configuration: one TOML file, safe local defaults, `FENGSUI_*` overrides.
//!
//! Unknown keys fail at start. Each part receives its own section and nothing else.

mod clickhouse;
mod folder;
mod mail;
mod publication;
mod upstream;
mod webhook;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base::AdminCode;
use base::place::Tier;
use schemars::JsonSchema;
use sense::Protocol;
use serde::{Deserialize, Serialize};

pub use clickhouse::ClickHouse;
pub use folder::Folder;
pub use mail::Mail;
pub use publication::Publication;
pub use upstream::Upstream;
pub use webhook::Webhook;

/// The whole file; every key has a default.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub node: Node,
    pub database: Database,
    pub web: Web,
    /// The door for hydrological stations (SL 651-2014 over TCP).
    pub sl651: Gateway,
    /// The door for MQTT clients, which publish readings as JSON, NDJSON or CSV; no TLS is built in.
    pub json: Gateway,
    /// The door for front-end gateways of hazchem enterprises and mines (JSON and `@@` over TCP).
    pub gateway: Gateway,
    /// The door for devices that send whole messages over HTTP (`/ingest/…`); no TLS is built in.
    pub devices: Gateway,
    pub coal42: Folder,
    pub log: Log,
    pub disk: Disk,
    pub exchange: Exchange,
    pub clickhouse: ClickHouse,
    pub upstream: Upstream,
    pub publication: Publication,
    pub mail: Mail,
    pub webhook: Webhook,
}

/// Which node this is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Node {
    /// The name on every page and in every warning: the issuing unit.
    pub name: String,
    /// The node's name in the log, unique among the nodes it exchanges with: letters, digits, hyphens.
    pub origin: String,
    /// Division code of the node's own region.
    pub region: AdminCode,
    /// province, city or county.
    pub tier: Tier,
    /// Where all its files are; one process per directory.
    pub directory: PathBuf,
}

/// Where the log and the tables are.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `postgresql://user:password@host:port/database`, or `postgresql://user@%2Frun%2Fpostgresql/database` for a unix socket; empty for the embedded SQLite. Each world has a schema of its own there. No TLS is built in: use a socket, loopback or a tunnel.
    pub url: String,
}

/// The address may hold a password: it is never shown.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.url.is_empty() { "embedded" } else { "a server" })
    }
}

/// The door for people.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Address and port of the web UI and the API. Loopback unless configured.
    pub listen: SocketAddr,
    /// The address people type, when something stands before this node: `https://…` keeps the session's cookie to https and to this host. Empty for the plain address above.
    pub public_url: String,
}

impl Web {
    /// Whether people reach this node by https.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// The door for devices of one protocol over TCP.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    /// Whether the door is open.
    pub enabled: bool,
    /// Address and port. Loopback unless configured.
    pub listen: SocketAddr,
}

/// When the node's disk counts as full.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Disk {
    /// Below 5 % free readings are refused and below 2 % the reserve is given up; of a larger disk the shares are of so many GiB. 0 refuses nothing before the disk itself does.
    pub counted_gib: u32,
}

impl Default for Disk {
    fn default() -> Disk {
        Disk { counted_gib: 100 }
    }
}

impl Disk {
    pub fn lines(&self) -> host::space::Lines {
        host::space::Lines::of_gib(self.counted_gib)
    }
}

/// Segments of the log as files, for one-way gateways.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Exchange {
    /// The directory that files of other nodes are carried into; empty for none. What is taken moves to `done` in it, what is refused to `refused`.
    pub inbox: PathBuf,
    /// Where files for each neighbour go out, as `[[exchange.outbox]]` with `neighbour` and `directory`. The directory must be there. What the neighbour may read, the security officer says.
    pub outbox: Vec<Outbox>,
    /// Seconds between two looks into the inbox, and between two files for one neighbour: 1 to 86400.
    pub every_s: u32,
    /// Seconds after which a file without its end, that nobody changes, counts as cut off: 1 to 604800.
    pub half_after_s: u32,
}

/// A directory that files for a neighbour are written into.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outbox {
    /// The other node's name in the log.
    pub neighbour: String,
    pub directory: PathBuf,
}

impl Default for Exchange {
    fn default() -> Exchange {
        Exchange { inbox: PathBuf::new(), outbox: Vec::new(), every_s: 10, half_after_s: 600 }
    }
}

impl Exchange {
    fn check(&self, own: &str) -> Result<(), String> {
        for (key, seconds, most) in
            [("every_s", self.every_s, 86_400), ("half_after_s", self.half_after_s, 604_800)]
        {
            if !(1..=most).contains(&seconds) {
                return Err(format!("exchange.{key} is {seconds}, expected 1 to {most}"));
            }
        }
        let mut known = BTreeSet::new();
        for Outbox { neighbour, directory } in &self.outbox {
            if !is_origin(neighbour) || neighbour == own {
                let expected = "another node's name: letters, digits and hyphens";
                return Err(format!("exchange.outbox is for {neighbour:?}, expected {expected}"));
            }
            if !known.insert(neighbour) {
                return Err(format!("exchange.outbox names {neighbour} twice, expected once"));
            }
            if directory.as_os_str().is_empty() || *directory == self.inbox {
                return Err(format!(
                    "exchange.outbox of {neighbour} is {directory:?}, expected a directory that \
                     is not the inbox"
                ));
            }
        }
        Ok(())
    }

    /// What the host is told of it.
    pub fn directories(&self) -> host::exchange::Config {
        let seconds = |seconds| std::time::Duration::from_secs(u64::from(seconds));
        let outbox = |it: &Outbox| (it.neighbour.clone(), it.directory.clone());
        host::exchange::Config {
            outboxes: self.outbox.iter().map(outbox).collect(),
            inbox: Some(self.inbox.clone()).filter(|inbox| !inbox.as_os_str().is_empty()),
            every: Some(seconds(self.every_s)),
            half_after: seconds(self.half_after_s),
        }
    }
}

/// What is written to standard error.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Levels by module, as `info` or `info,sense=debug`.
    pub filter: String,
    /// One JSON object a line instead of text.
    pub json: bool,
}

impl Default for Node {
    fn default() -> Node {
        Node {
            name: "应急管理局".to_owned(),
            origin: "node".to_owned(),
            region: "220000".parse().expect("six digits"),
            tier: Tier::Province,
            directory: PathBuf::from("data"),
        }
    }
}

impl Default for Web {
    fn default() -> Web {
        Web { listen: SocketAddr::from(([127, 0, 0, 1], 7700)), public_url: String::new() }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            node: Node::default(),
            database: Database::default(),
            web: Web::default(),
            sl651: Gateway::on(7651),
            json: Gateway::on(7883),
            gateway: Gateway::on(7653),
            devices: Gateway::on(7702),
            coal42: Folder::default(),
            log: Log::default(),
            disk: Disk::default(),
            exchange: Exchange::default(),
            clickhouse: ClickHouse::default(),
            upstream: Upstream::default(),
            publication: Publication::default(),
            mail: Mail::default(),
            webhook: Webhook::default(),
        }
    }
}

impl Gateway {
    /// Open, on a port of loopback.
    fn on(port: u16) -> Gateway {
        Gateway { enabled: true, listen: SocketAddr::from(([127, 0, 0, 1], port)) }
    }
}

impl Default for Log {
    fn default() -> Log {
        Log { filter: "info".to_owned(), json: false }
    }
}

impl Config {
    /// The door of a protocol whose devices converse; the others have none of their own.
    pub fn gateway(&mut self, protocol: Protocol) -> Option<&mut Gateway> {
        match protocol {
            Protocol::Sl651 => Some(&mut self.sl651),
            Protocol::Coal42 => None,
            Protocol::Json => Some(&mut self.json),
            Protocol::Gateway => Some(&mut self.gateway),
        }
    }

    /// The doors for devices that converse which are to be open, with where they listen.
    pub fn gateways(&self) -> Vec<(Protocol, SocketAddr)> {
        let mut config = self.clone();
        let mut door = |protocol| Some((protocol, config.gateway(protocol)?.clone()));
        let doors = Protocol::ALL.iter().filter_map(|protocol| door(*protocol));
        let open = doors.filter(|(_, gateway)| gateway.enabled);
        open.map(|(protocol, gateway)| (protocol, gateway.listen)).collect()
    }

    /// Reads a file (if one is named) and the environment over it.
    ///
    /// # Errors
    /// A sentence that names the file or variable, the key, and what was expected.
    pub fn load(
        path: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, String> {
        let mut table = match path {
            None => toml::Table::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                // Without the line itself: it may hold a password.
                text.parse().map_err(|error: toml::de::Error| {
                    let before = error.span().and_then(|span| text.get(..span.start));
                    let line = before.map_or(1, |before| 1 + before.matches('\n').count());
                    format!("{} line {line}: {}", path.display(), error.message())
                })?
            }
        };
        let defaults = toml::Table::try_from(Config::default())
            .map_err(|error| format!("the defaults do not read: {error}"))?;
        for (name, value) in environment {
            let Some(rest) = name.strip_prefix("FENGSUI_") else { continue };
            if rest.starts_with("TEST_") {
                // Of the test environment, not of the node.
                continue;
            }
            let (section, key) = find_key(&defaults, rest)
                .ok_or_else(|| format!("{name}: no such key; see docs/reference/config.md"))?;
            let typed = typed(&defaults[&section][&key], &value)
                .ok_or_else(|| format!("{name} is {value:?}, expected a value of {key}"))?;
            let section_table = table
                .entry(section.clone())
                .or_insert_with(|| toml::Value::Table(toml::Table::new()));
            let section_table = section_table
                .as_table_mut()
                .ok_or_else(|| format!("{section}: expected a section"))?;
            section_table.insert(key, typed);
        }
        let config: Config = over(defaults, table).try_into().map_err(|error| {
            let file = path.map_or("configuration".to_owned(), |path| path.display().to_string());
            format!("{file}: {error}")
        })?;
        config.check_exchange(&config.node.origin)?;
        config.clickhouse.copy()?;
        config.upstream.target()?;
        config.publication.check()?;
        config.mail.way(&config.node.name)?;
        config.webhook.way()?;
        let url = &config.web.public_url;
        let named = ["http://", "https://"].iter().any(|scheme| {
            url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        });
        if !url.is_empty() && !named {
            return Err(format!(
                "web.public_url is {url:?}, expected http:// or https:// and a host"
            ));
        }
        Ok(config)
    }
}

/// The defaults, with every key that is given in the place of its own: a section of
/// which one key is given keeps the others.
fn over(mut defaults: toml::Table, given: toml::Table) -> toml::Table {
    for (section, value) in given {
        match (defaults.get_mut(&section), value) {
            (Some(toml::Value::Table(keys)), toml::Value::Table(given)) => keys.extend(given),
            (_, value) => {
                defaults.insert(section, value);
            }
        }
    }
    defaults
}

impl Config {
    /// Whether a node of this name can be, and can exchange as this says.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    fn check_exchange(&self, origin: &str) -> Result<(), String> {
        if !is_origin(origin) {
            let expected = "1 to 64 letters, digits and hyphens";
            return Err(format!("node.origin is {origin:?}, expected {expected}"));
        }
        self.exchange.check(origin)
    }
}

/// Whether it can be a node's name in the log.
fn is_origin(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=64).contains(&name.len()) && name.chars().all(plain)
}

/// `WEB_LISTEN` names the key `listen` of the section `web`.
fn find_key(defaults: &toml::Table, name: &str) -> Option<(String, String)> {
    for (section, keys) in defaults {
        for key in keys.as_table()?.keys() {
            if format!("{section}_{key}").to_uppercase() == name {
                return Some((section.clone(), key.clone()));
            }
        }
    }
    None
}

fn typed(like: &toml::Value, text: &str) -> Option<toml::Value> {
    match like {
        toml::Value::Boolean(_) => text.parse().ok().map(toml::Value::Boolean),
        toml::Value::Integer(_) => text.parse().ok().map(toml::Value::Integer),
        toml::Value::Float(_) => text.parse().ok().map(toml::Value::Float),
        toml::Value::Array(_) => {
            let list: toml::Table = format!("list = {text}").parse().ok()?;
            list.get("list").filter(|list| list.is_array()).cloned()
        }
        _ => Some(toml::Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        Config::load(None, variables)
    }

    #[test]
    fn the_defaults_listen_on_loopback_only() {
        let config = load(&[]).expect("defaults");
        assert!(config.web.listen.ip().is_loopback());
        let doors = config.gateways();
        let conversing = Protocol::ALL.iter().filter(|it| sense::gateway::converses(**it));
        assert_eq!(doors.len(), conversing.count());
        assert!(doors.iter().all(|(_, listen)| listen.ip().is_loopback()));
        let ports: BTreeSet<u16> = doors.iter().map(|(_, listen)| listen.port()).collect();
        assert_eq!(ports.len(), doors.len(), "two doors have one port");
    }

    #[test]
    fn the_section_of_a_door_is_called_as_its_protocol_and_keeps_what_is_not_given() {
        let defaults = toml::Table::try_from(Config::default()).expect("a table");
        for (protocol, listen) in Config::default().gateways() {
            let section = protocol.code();
            assert_eq!(defaults[section]["listen"].as_str(), Some(&*listen.to_string()));
            let closed = format!("FENGSUI_{}_ENABLED", section.to_uppercase());
            let mut config = load(&[(&closed, "false")]).expect("reads");
            assert!(config.gateways().iter().all(|(other, _)| *other != protocol));
            assert_eq!(config.gateway(protocol).expect("a door").listen, listen);
        }
    }

    #[test]
    fn the_environment_overrides_and_unknown_names_fail() {
        let config = load(&[("FENGSUI_WEB_LISTEN", "127.0.0.1:8080"), ("HOME", "/nowhere")]);
        assert_eq!(config.expect("reads").web.listen.port(), 8080);
        let error = load(&[("FENGSUI_WEB_LISTNE", "127.0.0.1:8080")]).expect_err("a typing error");
        assert!(error.contains("FENGSUI_WEB_LISTNE"), "{error}");
        let error = load(&[("FENGSUI_WEB_LISTEN", "everywhere")]).expect_err("no address");
        assert!(error.contains("listen"), "{error}");
        assert!(load(&[("FENGSUI_NODE_ORIGIN", "a b")]).is_err());
    }

    #[test]
    fn an_exchange_that_cannot_be_meant_fails_and_says_what_is_expected() {
        let one = |neighbour: &str, directory: &str| {
            format!("{{ neighbour = \"{neighbour}\", directory = \"{directory}\" }}")
        };
        let outbox = |list: &str| {
            load(&[
                ("FENGSUI_EXCHANGE_INBOX", "/in"),
                ("FENGSUI_NODE_ORIGIN", "county"),
                ("FENGSUI_EXCHANGE_OUTBOX", list),
            ])
        };
        let config = outbox(&format!("[{}]", one("province", "/out"))).expect("reads");
        let directories = config.exchange.directories();
        assert_eq!(directories.inbox, Some(PathBuf::from("/in")));
        assert_eq!(directories.outboxes["province"], PathBuf::from("/out"));
        assert_eq!(load(&[]).expect("reads").exchange.directories().inbox, None);
        for (list, expected) in [
            (format!("[{}]", one("a b", "/out")), "another node's name"),
            (format!("[{}]", one("county", "/out")), "another node's name"),
            (format!("[{}]", one("province", "/in")), "not the inbox"),
            (format!("[{}]", one("province", "")), "not the inbox"),
            (format!("[{0}, {0}]", one("province", "/out")), "expected once"),
            ("province".to_owned(), "a value of outbox"),
            ("3".to_owned(), "a value of outbox"),
            ("[3]".to_owned(), "outbox"),
        ] {
            let error = outbox(&list).expect_err("cannot be meant");
            assert!(error.contains(expected), "{list}: {error}");
        }
        for seconds in ["0", "86401", "-1", "soon"] {
            let error = load(&[("FENGSUI_EXCHANGE_EVERY_S", seconds)]).expect_err("no interval");
            assert!(error.contains("every_s"), "{error}");
        }
    }

    #[test]
    fn a_public_address_by_https_keeps_the_cookie_to_https() {
        let secure = |url| {
            let config = load(&[("FENGSUI_WEB_PUBLIC_URL", url)])?;
            Ok::<_, String>(config.web.is_secure())
        };
        assert_eq!(secure("https://yingji.example.cn"), Ok(true));
        assert_eq!(secure("http://10.0.0.7:7700"), Ok(false));
        assert_eq!(secure(""), Ok(false));
        for broken in ["yingji.example.cn", "https://", "HTTPS:/x", "ftp://x"] {
            assert!(
                secure(broken).is_err_and(|error| error.contains("web.public_url")),
                "{broken}"
            );
        }
    }

    #[test]
    fn a_password_is_in_no_message() {
        let url = "postgresql://officer:Spring-River@localhost/county";
        let config = load(&[("FENGSUI_DATABASE_URL", url)]).expect("reads");
        assert_eq!(config.database.url, url);
        assert!(!format!("{config:?}").contains("Spring-River"));
        let directory = host::town::Scratch::new();
        let path = directory.path().join("fengsui.toml");
        for line in [format!("url = {url}"), format!("url = \"{url}"), format!("ulr = \"{url}\"")] {
            std::fs::write(&path, format!("[database]\n{line}\n")).expect("written");
            let error = Config::load(Some(&path), std::iter::empty()).expect_err("does not read");
            assert!(!error.contains("Spring-River"), "{error}");
        }
    }

    #[test]
    fn unknown_keys_of_the_file_fail() {
        let parsed: Result<Config, _> = toml::from_str("[web]\nlisten_on = \"127.0.0.1:1\"\n");
        assert!(parsed.is_err_and(|error| error.to_string().contains("listen_on")));
    }
}
