//! Mail by SMTP (RFC 5321) to the one server of this node. No TLS is built in.

use std::time::Duration;

use host::effect::{Attempt, Outcome};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::SmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail as From, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::effect::{Message, Way};

/// The server that takes mail, and in whose name it goes out.
#[derive(Clone)]
pub struct Mail {
    host: String,
    port: u16,
    from: Mailbox,
    login: Option<Credentials>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({}:{})", self.host, self.port)
    }
}

/// Of what a server says, so much is repeated, in characters.
const MOST_SAID: usize = 200;

impl Mail {
    /// - `server`: host and port, as `127.0.0.1:25`.
    /// - `from`: the address that it comes from; `name` stands before it.
    /// - `login`: user and password, or `None` where the server asks for none.
    ///
    /// # Errors
    /// What was expected, without what was given.
    pub fn new(
        server: &str,
        (name, from): (&str, &str),
        login: Option<(&str, &str)>,
    ) -> Result<Mail, String> {
        let (host, port) = server.rsplit_once(':').unwrap_or((server, "25"));
        let port = port.parse().map_err(|_| "a server has a host and a port: host:25")?;
        if host.is_empty() {
            return Err("a server has a host and a port: host:25".to_owned());
        }
        let address = from.parse().map_err(|_| "the sender is an address: name@host")?;
        let from = Mailbox::new(Some(name.to_owned()).filter(|name| !name.is_empty()), address);
        let login =
            login.map(|(user, password)| Credentials::new(user.to_owned(), password.to_owned()));
        Ok(Mail { host: host.trim_matches(['[', ']']).to_owned(), port, from, login })
    }

    /// Up to the message itself nothing has left.
    fn begin(&self, to: &lettre::Address, within: Duration) -> Result<SmtpConnection, Error> {
        let server = (self.host.as_str(), self.port);
        let hello = ClientId::Domain(self.from.email.domain().to_owned());
        let mut line = SmtpConnection::connect(server, Some(within), &hello, None, None)?;
        if let Some(login) = &self.login {
            line.auth(&[Mechanism::Plain, Mechanism::Login], login)?;
        }
        line.command(From::new(Some(self.from.email.clone()), vec![]))?;
        line.command(Rcpt::new(to.clone(), vec![]))?;
        line.command(Data)?;
        Ok(line)
    }
}

impl Way for Mail {
    fn send(&self, message: &Message, attempt: &Attempt) -> Outcome {
        let Some(to) = message.email.as_deref().and_then(|to| to.parse().ok()) else {
            return Outcome::Refused("没有可用的邮箱".to_owned());
        };
        // The same at every attempt: a mailbox that gets it twice shows it once.
        let id = format!("<{}@{}>", attempt.errand, self.from.email.domain());
        let built = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, lettre::Address::clone(&to)))
            .message_id(Some(id))
            .subject(message.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone());
        let bytes = match built {
            Ok(built) => built.formatted(),
            Err(error) => return Outcome::Refused(short(&error.to_string())),
        };
        // One exchange is waited for by a fraction of the whole: there are six of them.
        let within = attempt.answer_within / 6;
        let mut line = match self.begin(&to, within) {
            Ok(line) => line,
            Err(error) if error.is_permanent() => return Outcome::Refused(said(&error)),
            Err(error) => return Outcome::Failed(said(&error)),
        };
        let outcome = match line.message(&bytes) {
            Ok(answer) => Outcome::Done(short(&answer.message().collect::<Vec<_>>().join(" "))),
            Err(error) if error.is_permanent() => Outcome::Refused(said(&error)),
            Err(error) if error.is_transient() => Outcome::Failed(said(&error)),
            Err(error) => Outcome::Uncertain(said(&error)),
        };
        // It has been taken or not, whatever is answered to this.
        drop(line.quit());
        outcome
    }
}

/// What went wrong, without addresses of people: servers repeat them in their answers.
fn said(error: &Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None => format!("the mail server: {}", short(&error.to_string())),
    }
}

fn short(text: &str) -> String {
    text.chars().take(MOST_SAID).collect()
}
