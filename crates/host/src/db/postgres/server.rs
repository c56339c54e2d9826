//! Where a PostgreSQL is, and the schemas of worlds there.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::config::Host;

use super::link::Driver;
use super::{Postgres, reason};
use crate::db::{DbError, Durability, Value};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long a peer may leave data unacknowledged before it counts as gone.
const PEER_LIMIT: Duration = Duration::from_secs(15);
/// Identifiers are cut to this by the server, so two worlds could become one.
const NAME_BYTES: usize = 63;

/// Where a PostgreSQL is, and how the schemas of worlds are called there.
#[derive(Clone)]
pub struct Server {
    pub(super) config: Arc<tokio_postgres::Config>,
    prefix: String,
}

/// One world's schema on a server, and the thread that serves its connections.
pub(crate) struct Schema {
    pub(super) server: Server,
    pub(super) name: String,
    pub(super) durability: Durability,
    pub(super) driver: Driver,
}

impl Server {
    /// # Errors
    /// [`DbError::Engine`] when the text is no address; its text is not repeated,
    /// for it may hold a password.
    pub(in crate::db) fn parse(url: &str, prefix: &str) -> Result<Server, DbError> {
        let mut config = tokio_postgres::Config::from_str(url).map_err(|error| {
            DbError::Engine(format!(
                "the address of the database does not read as \
                 postgresql://user:password@host:port/database: {}",
                reason(&error)
            ))
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_LIMIT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PEER_LIMIT);
        }
        config.keepalives_idle(PEER_LIMIT);
        config.application_name("fengsui");
        let server = Server { config: Arc::new(config), prefix: prefix.to_owned() };
        if !server.is_near() {
            tracing::warn!(%server, "what goes to the database is not encrypted: no TLS is built in, use a tunnel");
        }
        Ok(server)
    }

    /// Whether nothing leaves this machine.
    fn is_near(&self) -> bool {
        self.config.get_hosts().iter().all(|host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => {
                let address = name.parse::<IpAddr>();
                name == "localhost" || address.is_ok_and(|address| address.is_loopback())
            }
        })
    }

    /// The schema of one world; nothing is created yet.
    pub(in crate::db) fn schema(
        &self,
        world: &str,
        durability: Durability,
    ) -> Result<Arc<Schema>, DbError> {
        let name = format!("{}_{world}", self.prefix);
        let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if NAME_BYTES < name.len() || !name.chars().all(plain) {
            return Err(DbError::Engine(format!(
                "schema would be called {name:?}, expected letters, digits, hyphens, \
                 at most {NAME_BYTES} bytes"
            )));
        }
        let driver = Driver::start(world)?;
        Ok(Arc::new(Schema { server: self.clone(), name, durability, driver }))
    }

    /// Drops every schema under this prefix: worlds of tests.
    pub(crate) fn drop_schemas(&self) -> Result<(), DbError> {
        let schema = self.schema("none", Durability::Never)?;
        let mut conn = Postgres::open_writer(&schema)?;
        let rows = conn.rows(
            "select nspname as name from pg_namespace where starts_with(nspname, $1) \
             order by nspname",
            &[Value::Text(format!("{}_", self.prefix))],
        )?;
        for row in rows {
            conn.batch(&format!("drop schema \"{}\" cascade", row.get::<String>("name")?))?;
        }
        Ok(())
    }
}

/// Where it is, never how to get in.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgresql at")?;
        for host in self.config.get_hosts() {
            match host {
                Host::Tcp(name) => write!(f, " {name}")?,
                Host::Unix(path) => write!(f, " {}", path.display())?,
            }
        }
        write!(f, ", database {}", self.config.get_dbname().unwrap_or("of the user's name"))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({self}, schemas {}_*)", self.prefix)
    }
}
