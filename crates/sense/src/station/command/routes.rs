//! The door for people: what a station can be asked for, asking it, and the log of that.

use base::{Duration, Id, Timestamp};
use host::effect::Order;
use host::node::off_the_loop;
use host::trail::{Notes, Said};
use host::web::{Body, Idempotency, Json, Paged, Path, Scoped, text};
use host::{Caller, Error, Page, Permission, Read, Record, Reply, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::effect::{self, Errands, SendCommand};
use super::store::{self, Command};
use super::{ASK, AskState, CommandId, SET};
use crate::gateway::converses;
use crate::protocol::form::{Ask, Form, Kind};
use crate::protocol::{Protocol, Span};
use crate::source::view::hide_password;
use crate::station::fact::{AskChanged, Asked, StationFact};
use crate::station::{READ, StationId, store as stations};

/// Commands of one station that are under way at the same time.
const MOST_OPEN: i64 = 16;
/// How long a command waits for its station unless somebody says so, in minutes.
const WAIT_MIN: i64 = 60;
/// What a command that must go out at once has for it.
const AT_ONCE: Duration = Duration::from_mins(2);
/// The most that is asked of a station at once, in bytes of JSON.
const LONGEST_ASK: usize = 12 << 10;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/stations/{id}/commands",
            READ,
            "What a station was asked, the newest first, and what came of it",
            list,
        )
        .paged()
        .gives::<Page<CommandView>>()
        .get(
            "/api/stations/{id}/commands/{command}",
            READ,
            "A command with its bytes, and those of its answer",
            show,
        )
        .gives::<CommandBytes>()
        .get("/api/stations/{id}/line", READ, "Whether commands go out to a station now", line)
        .gives::<LineView>()
        .get("/api/stations/{id}/forms", READ, "What a station can be asked for", forms)
        .gives::<Page<Form>>()
        .post("/api/stations/{id}/queries", ASK, "Asks a station for something", query)
        .takes::<AskStation>()
        .creates::<CommandView>()
        .post(
            "/api/stations/{id}/settings",
            SET,
            "Sets or moves something at a station, with a reason",
            set,
        )
        .takes::<AskStation>()
        .creates::<CommandView>()
        .post(
            "/api/stations/{id}/commands/{command}/cancel",
            ASK,
            "Takes back a command that has not gone out",
            cancel,
        )
        .gives::<CommandView>()
}

/// What is asked of a station.
#[derive(Debug, Deserialize, JsonSchema)]
struct AskStation {
    #[serde(flatten)]
    ask: Ask,
    /// How long it may wait for the station to be on a line, in minutes: 0 to 1440, 60
    /// when absent. What moves something does not wait.
    wait_min: Option<i64>,
    /// Why something is set; a query needs none.
    reason: Option<String>,
}

/// A command as the API gives it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "StationCommand")]
struct CommandView {
    id: CommandId,
    ask: Ask,
    /// The form's name as it was then.
    word: String,
    kind: Kind,
    reason: Option<String>,
    asked_at: Timestamp,
    /// `null` for this node itself.
    asked_by: Option<Id>,
    by: String,
    /// From when on it does not go out any more.
    until: Timestamp,
    state: AskState,
    state_word: &'static str,
    changed_at: Timestamp,
    why: Option<String>,
    sent_at: Option<Timestamp>,
    /// In the protocol's words; `too_long` stands for what is in the bytes only.
    said: Option<serde_json::Value>,
    answered_at: Option<Timestamp>,
}

/// A command's bytes, with the meaning of each; passwords are hidden.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StationCommandBytes")]
struct CommandBytes {
    sent: Option<Bytes>,
    /// `null` too when the bytes are kept no longer.
    answer: Option<Bytes>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CommandFrame")]
struct Bytes {
    hex: String,
    /// What each byte is, in order and without gaps.
    spans: Vec<Span>,
}

/// How a station can be asked.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StationLine")]
struct LineView {
    /// Whether commands go out to it now.
    online: bool,
    /// Commands under way.
    open: i64,
    most_open: i64,
}

impl From<Command> for CommandView {
    fn from(command: Command) -> CommandView {
        CommandView {
            id: command.id,
            ask: command.ask,
            word: command.word,
            kind: command.kind,
            reason: command.reason,
            asked_at: command.asked_at,
            asked_by: command.asked_by,
            by: command.by,
            until: command.until,
            state: command.state,
            state_word: command.state.word(),
            changed_at: command.changed_at,
            why: command.why,
            sent_at: command.sent_at,
            said: command.said,
            answered_at: command.answered_at,
        }
    }
}

async fn list(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    page: Paged,
) -> Result<Json<Page<CommandView>>> {
    let Paged { position, limit } = page;
    let found = world.read(move |db| {
        stations::load(db, &scope, id)?;
        store::list(db, id, position, limit)
    });
    let page = Page::cut(found.await?, limit, |it| (it.asked_at.as_millis(), it.id.to_string()));
    let items = page.items.into_iter().map(CommandView::from).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// Nobody sees the bytes before the trail holds that they do.
async fn show(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path((id, command)): Path<(StationId, CommandId)>,
) -> Result<Json<CommandBytes>> {
    let asked = world.clone();
    let read = world.read(move |db| {
        let station = stations::load(db, &scope, id)?;
        let found = store::find(db, id, command)?.ok_or(Error::not_found("command"))?;
        let sent = found.sent.map(|hex| {
            let spans = station.protocol.layout_hidden(&hex);
            Bytes { hex, spans }
        });
        let mut raw = Vec::new();
        let mut is_kept = !found.documents.is_empty();
        for document in &found.documents {
            match asked.documents().read(document) {
                Ok(piece) => raw.extend(piece),
                Err(error) => {
                    tracing::warn!(%error, %command, "the bytes of an answer are kept no longer");
                    is_kept = false;
                }
            }
        }
        let answer = is_kept.then(|| {
            let (mut hex, mut spans) = (hex::encode_upper(&raw), station.protocol.layout(&raw));
            hide_password(&mut hex, &mut spans);
            Bytes { hex, spans }
        });
        let note = CommandRead { command, word: found.word, station: station.name };
        Ok((CommandBytes { sent, answer }, station.home, note))
    });
    let (bytes, home, note) = read.await?;
    if bytes.sent.is_some() || bytes.answer.is_some() {
        let noted = off_the_loop(move || {
            let note = CommandNote::Read(note);
            world.run_as(&caller, move |tx| tx.note(Record::first(id, home, note)))
        });
        noted.await?;
    }
    Ok(Json(bytes))
}

host::facts! {
    /// What people can do with commands that is no fact.
    pub enum CommandNote {
        "station.command_read" v 1 => Read(CommandRead),
    }
}

/// Somebody looked at the bytes of a command, or of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommandRead {
    pub command: CommandId,
    /// The form's name.
    pub word: String,
    /// The station's name.
    pub station: String,
}

pub(crate) fn notes() -> Notes {
    Notes::new::<CommandNote>("station", |note| {
        let CommandNote::Read(CommandRead { command, word, station }) = note;
        let command = Id::from(*command);
        Said::new(json!({ "command": command, "word": word, "station": station })).about("station")
    })
}

async fn line(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<LineView>> {
    let lines = effect::of(&world)?.lines();
    let view = world.read(move |db| {
        let station = stations::load(db, &scope, id)?;
        let online = lines.is_online(station.protocol, &station.code);
        let open = store::open(db, id)?;
        Ok(LineView { online, open, most_open: MOST_OPEN })
    });
    Ok(Json(view.await?))
}

/// Nothing, of protocols without commands.
async fn forms(
    world: World,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<Page<Form>>> {
    let forms = world.read(move |db| Ok(forms_of(stations::load(db, &scope, id)?.protocol)));
    Ok(Json(Page::whole(forms.await?)))
}

fn forms_of(protocol: Protocol) -> Vec<Form> {
    if converses(protocol) { protocol.forms() } else { Vec::new() }
}

async fn query(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(body): Body<AskStation>,
) -> Result<Reply<CommandView>> {
    ask(world, (caller, key, scope), id, body, ASK).await
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(body): Body<AskStation>,
) -> Result<Reply<CommandView>> {
    ask(world, (caller, key, scope), id, body, SET).await
}

async fn ask(
    world: World,
    (caller, key, scope): (Caller, Idempotency, Scope),
    id: StationId,
    body: AskStation,
    permission: Permission,
) -> Result<Reply<CommandView>> {
    let AskStation { ask, wait_min, reason } = body;
    let reason = reason.map(|reason| text("reason", &reason, 2, 200)).transpose()?;
    let length = serde_json::to_string(&ask).map_or(usize::MAX, |it| it.len());
    if LONGEST_ASK < length {
        let expected = format!("at most {LONGEST_ASK} bytes");
        return Err(Error::invalid("values", format!("{length} bytes"), expected));
    }
    let lines = effect::of(&world)?.lines();
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        let station = stations::load(tx, &scope, id)?;
        let protocol = station.protocol;
        let forms = forms_of(protocol);
        if forms.is_empty() {
            let text = format!("stations of {} take no commands", protocol.word());
            return Err(Error::conflict("no-commands", text));
        }
        let form = forms.into_iter().find(|form| form.code == ask.command);
        let Some(form) = form else {
            return Err(Error::invalid("command", &ask.command, "a command of the protocol"));
        };
        let is_query = form.kind == Kind::Query;
        if is_query != (permission == ASK) {
            let expected = if is_query {
                "a setting: queries go to /queries"
            } else {
                "a query: settings go to /settings"
            };
            return Err(Error::invalid("command", &ask.command, expected));
        }
        if !is_query && reason.is_none() {
            return Err(Error::invalid("reason", "nothing", "2 to 200 characters"));
        }
        protocol.check(&ask)?;
        let now = tx.now();
        if let Some(key) = ask.values.get("key").and_then(|key| key.as_str())
            && effect::pair(tx, id, key, now)?.is_none()
        {
            let expected = "a good key of the station, beside the one that it uses now";
            return Err(Error::invalid("key", key, expected));
        }
        let until = now + wait(&form, wait_min)?.max(AT_ONCE);
        if wait(&form, wait_min)? == Duration::ZERO && !lines.is_online(protocol, &station.code) {
            let text = "the station is on no line now, and this command does not wait";
            return Err(Error::conflict("station-offline", text));
        }
        if MOST_OPEN <= store::open(tx, id)? {
            let text = format!("{MOST_OPEN} commands of the station are under way");
            return Err(Error::conflict("too-many-commands", text));
        }
        let command: CommandId = tx.new_id().into();
        let (word, kind) = (form.word.zh, form.kind);
        let title = format!("{}：{word}", station.name);
        let asked = Asked { command, ask: ask.clone(), word, kind, until, reason, by };
        tx.record(Record::next(id, StationFact::Asked(asked)))?;
        let errands = Errands { command, protocol, code: station.code, kind, ask };
        let payload = serde_json::to_value(&errands);
        let payload = payload.map_err(|error| Error::Internal(error.to_string()))?;
        let order = Order::new(SendCommand::NAME, id, title, payload);
        tx.send_out(order.key(command.to_string()).until(until))?;
        one(tx, id, command)
    });
    Ok(reply.await?.created())
}

fn wait(form: &Form, wait_min: Option<i64>) -> Result<Duration> {
    let longest = form.kind.longest_wait_min();
    let wait = wait_min.unwrap_or(WAIT_MIN.min(longest));
    match (0..=longest).contains(&wait) {
        true => Ok(Duration::from_mins(wait)),
        false => Err(Error::invalid("wait_min", wait, format!("0 to {longest} minutes"))),
    }
}

/// Whoever asked may take it back, and whoever may set something.
async fn cancel(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path((id, command)): Path<(StationId, CommandId)>,
) -> Result<Reply<CommandView>> {
    let (person, by) = (caller.person, caller.name.clone());
    let sets = caller.scope(SET);
    let reply = world.commit(&caller, key, move |tx| {
        let station = stations::load(tx, &scope, id)?;
        let found = store::find(tx, id, command)?.ok_or(Error::not_found("command"))?;
        if found.kind != Kind::Query && found.asked_by != Some(person) {
            let sets = sets?;
            if !sets.holds(tx, &station.home)? {
                return Err(Error::Forbidden { permission: SET.code });
            }
        }
        if !tx.withdraw(SendCommand::NAME, &command.to_string())? {
            let text = format!("it is {}, and cannot be taken back", found.state.code());
            return Err(Error::conflict("command-not-waiting", text));
        }
        let state = AskState::Cancelled;
        let changed = AskChanged { command, state, why: None, sent: None, by: Some(by) };
        tx.record(Record::next(id, StationFact::AskChanged(changed)))?;
        one(tx, id, command)
    });
    reply.await
}

fn one(db: &mut dyn Read, station: StationId, command: CommandId) -> Result<CommandView> {
    let found = store::find(db, station, command)?.ok_or(Error::not_found("command"))?;
    Ok(found.into())
}
