//! Statements over ClickHouse's HTTP interface.
//!
//! Every answer is asked for whole (`wait_end_of_query`), so that its status is that of
//! the query and not of its first rows. A connection serves one request: a server that
//! was started again leaves none behind that is dead.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ureq::Agent;
use ureq::Body;
use ureq::http::Response;

use crate::{ClickHouseError, Config};

/// An answer has at most so many bytes; ours ask for pieces that are far smaller.
const MOST_BYTES: u64 = 64 << 20;
/// Of what a server says to a failure, so much is repeated.
const MOST_SAID: usize = 300;

pub(crate) struct Client {
    agent: Agent,
    address: String,
    authorization: String,
    database: String,
}

impl Client {
    pub fn new(config: &Config) -> Result<Client, ClickHouseError> {
        config.check()?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            // A proxy of the environment is for the Internet.
            .proxy(None)
            .timeout_connect(Some(config.timeout))
            .timeout_global(Some(config.timeout))
            .build()
            .new_agent();
        let secret = STANDARD.encode(format!("{}:{}", config.user, config.password));
        Ok(Client {
            agent,
            address: format!("{}/", config.url.trim_end_matches('/')),
            authorization: format!("Basic {secret}"),
            database: config.database.clone(),
        })
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    /// A table of our database, quoted; the name is one of ours.
    pub fn table(&self, name: &str) -> String {
        format!("`{}`.`{name}`", self.database)
    }

    /// Runs a statement; gives the bytes of its answer.
    pub fn ask(&self, statement: &str) -> Result<Vec<u8>, ClickHouseError> {
        let request = self.agent.post(&self.address).query("wait_end_of_query", "1");
        answer(request.header("authorization", &self.authorization).send(statement))
    }

    /// The same for statements that are answered with lines of text.
    pub fn lines(&self, statement: &str) -> Result<Vec<Vec<String>>, ClickHouseError> {
        let bytes = self.ask(&format!("{statement} format TSV"))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| ClickHouseError::Answer("lines that are not UTF-8".to_owned()))?;
        let fields = |line: &str| line.split('\t').map(str::to_owned).collect();
        Ok(text.lines().map(fields).collect())
    }

    /// Inserts rows that are encoded in RowBinary; when it returns, the server has them.
    pub fn insert(&self, table: &str, columns: &str, rows: &[u8]) -> Result<(), ClickHouseError> {
        let statement = format!("insert into {} ({columns}) format RowBinary", self.table(table));
        let request = self.agent.post(&self.address).query("query", &statement);
        let said = answer(request.header("authorization", &self.authorization).send(rows))?;
        match said.is_empty() {
            true => Ok(()),
            false => Err(ClickHouseError::Answer(format!("{} to an insert", words(&said)))),
        }
    }
}

fn answer(response: Result<Response<Body>, ureq::Error>) -> Result<Vec<u8>, ClickHouseError> {
    let unreachable = |error: ureq::Error| ClickHouseError::Unreachable(error.to_string());
    let mut response = response.map_err(unreachable)?;
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec();
    match (status, body) {
        (200, body) => body.map_err(unreachable),
        (_, Ok(body)) => Err(ClickHouseError::Refused { status, said: words(&body) }),
        (_, Err(error)) => Err(ClickHouseError::Refused { status, said: error.to_string() }),
    }
}

/// What a server said, on one line and not too long.
fn words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * MOST_SAID)]);
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.trim().chars().take(MOST_SAID).map(plain).collect()
}
