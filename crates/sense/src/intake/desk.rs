//! The intake's thread: groups arrivals, keeps their bytes, appends their readings.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Id, Timestamp};
use crossbeam_channel::{Receiver, RecvTimeoutError};
use host::Lane;
use host::document::{DocumentRef, LARGEST, NewDocument};
use host::space::Room;
use series::{Appended, Sample, SeriesError};
use wire::session::Outcome;

use super::find::{Found, Origin};
use super::replay::Replays;
use super::{Answer, Arrival, Inner, Note, Parcel, Refuse, Verdict, add};
use crate::held::Held;
use crate::person_file::PersonFile;
use crate::protocol::{AboutPersons, Gist, Message, Protocol, Said, Span, Unread};
use crate::register::{Known, Register};
use crate::reject::Rejected;
use crate::source::{FrameNote, FrameOutcome};
use crate::station::{self, ClockSample, Contact, command};
use crate::taken_file::{Before, TakenFile};

/// Arrivals that share one synchronisation.
const GROUP: usize = 512;
const GROUP_BYTES: usize = 8 << 20;
/// How often an idle desk looks whether the world is still open.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Serves until the world is closed.
pub(super) fn serve(intake: &Arc<Inner>, parcels: &Receiver<Parcel>) {
    let mut register = Register::default();
    let mut replays = Replays::default();
    let mut written = Instant::now();
    if let Err(error) = intake.world.run(Lane::Ordinary, "intake", station::listen) {
        tracing::error!(%error, "since when the doors listen was not written");
    }
    loop {
        match parcels.recv_timeout(LOOK_UP) {
            Ok(first) => {
                let group = group(first, parcels);
                if intake.world.is_open() {
                    take(intake, &mut register, group);
                } else {
                    turn_away(intake, group);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if !intake.world.is_open() {
            return turn_away(intake, parcels.try_iter().collect());
        }
        if intake.config.write_every <= written.elapsed() {
            replays.look(intake, &mut register);
            intake.ledger.write(&intake.world);
            written = Instant::now();
        }
        replays.go_on(intake, &register);
    }
}

fn group(first: Parcel, parcels: &Receiver<Parcel>) -> Vec<Parcel> {
    let mut bytes = first.bytes();
    let mut group = vec![first];
    while group.len() < GROUP
        && bytes < GROUP_BYTES
        && let Ok(parcel) = parcels.try_recv()
    {
        bytes += parcel.bytes();
        group.push(parcel);
    }
    group
}

impl Parcel {
    fn bytes(&self) -> usize {
        match self {
            Parcel::Arrival(arrival) => arrival.raw.len(),
            Parcel::Refuse(refuse) => refuse.raw.len(),
        }
    }
}

fn turn_away(intake: &Inner, group: Vec<Parcel>) {
    for parcel in group {
        if let Parcel::Arrival(arrival) = parcel {
            intake.settle(arrival.settle, Outcome::Busy, None);
        }
    }
}

/// An arrival of a registered station, on its way to the disk.
struct Accepted {
    station: Arc<Known>,
    source: Arc<str>,
    received: Timestamp,
    raw: Vec<u8>,
    samples: Vec<Sample>,
    gist: Gist,
    /// Whether something of it found no sensor.
    is_held: bool,
    /// What it tells of itself when it names persons; its bytes are then kept sealed.
    persons: Option<AboutPersons>,
    /// What it is called, when it is a file, and what is to be said of one before it.
    file: Option<TakenFile>,
    before: Option<String>,
    /// Why its body could not be read; its bytes are kept all the same.
    unreadable: Option<String>,
    /// The command that it answers, and how.
    answers: Option<(String, Id, serde_json::Value)>,
    protocol: Protocol,
    settle: Box<dyn FnOnce(Verdict) + Send>,
}

fn take(intake: &Arc<Inner>, register: &mut Register, group: Vec<Parcel>) {
    if let Err(error) = register.catch_up(&intake.world) {
        tracing::error!(%error, "intake could not read the register; devices must send again");
        return turn_away(intake, group);
    }
    let mut accepted = Vec::with_capacity(group.len());
    for parcel in group {
        match parcel {
            Parcel::Arrival(arrival) => accepted.extend(judge(intake, register, arrival)),
            Parcel::Refuse(refuse) => refused(intake, register, refuse),
        }
    }
    store(intake, accepted);
}

/// Decides what is done with one arrival; settles at once what goes no further.
fn judge(intake: &Inner, register: &Register, arrival: Arrival) -> Option<Accepted> {
    let Arrival { source, sender, received, raw, mut message, settle } = arrival;
    let protocol = message.protocol();
    let persons = message.persons();
    // What names persons is nowhere in clear, whoever sent it.
    let shown: &[u8] = if persons.is_some() { &[] } else { &raw };
    let Some(station) = register.station(protocol, &sender) else {
        intake.ledger.knock(protocol, sender, &source, received, shown);
        let outcome = Outcome::Refused(stranger(protocol).to_owned());
        intake.judged(settle, Verdict { outcome, is_stranger: true, gist: None, note: None });
        return None;
    };
    let rejected = |reason: String, offset: Option<usize>| Rejected {
        id: intake.ledger.new_id(received),
        protocol,
        source: source.to_string(),
        received,
        hex: hex::encode_upper(shown),
        reason,
        offset: offset.and_then(|offset| i64::try_from(offset).ok()),
        station: Some((station.id, host::Home::clone(&station.home))),
    };
    if !is_of(station, &mut message, received) {
        // The bytes carry what was sent; the reason does not say what would be right.
        let reason = match protocol.needs_key() {
            true => "no key of the station is that of the message",
            false => "password is not the station's",
        };
        intake.reject(rejected(reason.to_owned(), password_at(protocol, &raw)));
        // Where keys are needed, nobody hears which of code and key is wrong.
        let heard = if protocol.needs_key() { stranger(protocol) } else { reason };
        intake.settle(settle, Outcome::Refused(heard.to_owned()), None);
        return None;
    }
    // What came closed is open now.
    let persons = persons.or_else(|| message.persons());
    intake.ledger.tally(station.id, received, |tally| tally.received += 1);
    let space = intake.world.space();
    let is_heartbeat = message.is_heartbeat();
    if !is_heartbeat && space.room() != Room::Ample {
        space.refuse();
        intake.ledger.tally(station.id, received, |tally| tally.no_room += 1);
        let contact = Contact::heard(received, &source);
        intake.ledger.contact(station.id, contact);
        let note = FrameNote {
            id: intake.ledger.new_id(received),
            station: station.id,
            received,
            source: source.to_string(),
            outcome: FrameOutcome::Busy,
            reason: Some(NO_ROOM.to_owned()),
            acknowledged_ms: None,
            documents: Vec::new(),
        };
        intake.settle(settle, Outcome::Busy, Some(note));
        return None;
    }
    let file = message.file_name().map(|name| TakenFile::of(name, &raw));
    let before = match file.as_ref().map_or(Before::Nothing, |file| before(intake, station, file)) {
        Before::Nothing => None,
        Before::Other(at) => Some(format!(
            "a file of this name was stored at {at} with other contents; what differs is corrected"
        )),
        Before::Same(at) => {
            intake.ledger.contact(station.id, Contact::heard(received, &source));
            add(&intake.counters.duplicates, 1);
            let note = FrameNote {
                id: intake.ledger.new_id(received),
                station: station.id,
                received,
                source: source.to_string(),
                outcome: FrameOutcome::Duplicate,
                reason: Some(format!("the very same file was stored at {at}")),
                acknowledged_ms: None,
                documents: Vec::new(),
            };
            intake.settle(settle, Outcome::Stored, Some(note));
            return None;
        }
    };
    if let Some(sent) = message.sent() {
        intake.ledger.clock(station.id, ClockSample::of(sent, received));
    }
    let read = message.read(received);
    let newest = read.iter().flatten().filter_map(Said::newest).max();
    let delay_ms = newest.map(|newest| received.since(newest).as_millis());
    let is_cut = read.iter().flatten().find_map(|said| said.is_cut);
    let contact = Contact { delay_ms, is_cut, ..Contact::heard(received, &source) };
    intake.ledger.contact(station.id, contact);
    let mut found = Found::default();
    let mut gist = Gist::default();
    let mut unreadable = None;
    let read = read.and_then(|said| match barred(intake, register, station, &message, &said) {
        Some(reason) => Err(Unread { reason, offset: None }),
        None => Ok(said),
    });
    match read {
        Ok(said) => {
            gist = Gist::of(&said);
            let from = Origin { protocol, source: &source, received, raw: shown };
            found = from.find(register, station, said, Some(intake));
        }
        Err(unread) => {
            intake.reject(rejected(unread.reason.clone(), unread.offset));
            unreadable = Some(unread.reason);
        }
    }
    let Found { samples, is_held } = found;
    if is_heartbeat {
        intake.settle(settle, Outcome::Stored, None);
        return None;
    }
    let station = Arc::clone(station);
    let answers = message.answered().map(|(command, said)| (sender, command, said));
    Some(Accepted {
        station,
        source,
        received,
        raw,
        samples,
        gist,
        is_held,
        persons,
        file,
        before,
        unreadable,
        answers,
        protocol,
        settle,
    })
}

/// What was stored before a file; a database that does not answer knows of nothing, and
/// then the series tell what is new.
fn before(intake: &Inner, station: &Known, file: &TakenFile) -> Before {
    intake.files.before(&intake.world, station.id, file).unwrap_or_else(|error| {
        tracing::warn!(%error, station.id = %station.id, "nobody knows whether a file came before");
        Before::Nothing
    })
}

/// Why nothing of a message is taken though it can be read: it has been here before, or
/// its sender speaks for others and nobody lets it.
fn barred(
    intake: &Inner,
    register: &Register,
    sender: &Known,
    message: &Message,
    said: &[Said<'_>],
) -> Option<String> {
    let own = intake.world.origin();
    if said.iter().any(|said| said.via.iter().any(|hop| hop == own)) {
        return Some(format!("via names {own:?}, which is this node, expected others only"));
    }
    if !message.protocol().needs_leave() || register.is_relay(sender.id) {
        return None;
    }
    let foreign = said.iter().find_map(|said| said.station.as_deref())?;
    let foreign: String = foreign.chars().take(40).collect();
    Some(format!("station is {foreign:?}, the key is that of {:?}", sender.code))
}

/// What a sender hears who is nobody here.
fn stranger(protocol: Protocol) -> &'static str {
    match protocol.needs_key() {
        true => "no station here has this code and this key",
        false => "unknown station",
    }
}

/// Whether a message is of the station whose code it carries: by any key that is good.
fn is_of(station: &Known, message: &mut Message, received: Timestamp) -> bool {
    let mut good = station.keys.iter().filter(|key| key.holds(received));
    // A station whose keys have all ended is not one without.
    if station.keys.is_empty() && !message.protocol().needs_key() {
        return true;
    }
    good.any(|key| message.proves(&key.key))
}

/// Why a frame of a known station is not acknowledged: the station keeps it.
const NO_ROOM: &str = "the disk has too little room, so readings are refused";

/// Where in the bytes the password begins.
fn password_at(protocol: Protocol, raw: &[u8]) -> Option<usize> {
    let spans = protocol.layout(raw);
    spans.iter().find(|span| span.name == Span::PASSWORD).map(|span| span.start)
}

/// Keeps the bytes of all under one synchronisation, then appends the readings of each.
fn store(intake: &Arc<Inner>, mut accepted: Vec<Accepted>) {
    for it in accepted.iter_mut().filter(|it| it.persons.is_some()) {
        match intake.world.seal_bytes(it.station.id.into(), &it.raw) {
            Ok(sealed) => it.raw = sealed,
            Err(error) => {
                // Not in clear, and so not at all.
                tracing::error!(%error, station.id = %it.station.id, "a frame was not sealed");
                it.raw.clear();
                it.samples.clear();
                it.unreadable = Some("what names persons could not be sealed".to_owned());
            }
        }
    }
    let pieces: Vec<NewDocument<'_>> = accepted
        .iter()
        .flat_map(|it| {
            let subject = it.station.id.into();
            let received = it.received;
            it.raw.chunks(LARGEST).map(move |bytes| NewDocument { subject, received, bytes })
        })
        .collect();
    let kept = match intake.world.documents().put_all(&pieces) {
        Ok(kept) => kept,
        Err(error) => {
            if !accepted.is_empty() {
                tracing::error!(%error, "raw frames were not kept; devices must send again");
            }
            for it in accepted {
                intake.settle(it.settle, Outcome::Busy, None);
            }
            return;
        }
    };
    let mut kept = kept.into_iter();
    for it in accepted {
        let count = it.raw.len().div_ceil(LARGEST);
        append(intake, it, kept.by_ref().take(count).collect());
    }
}

fn append(intake: &Arc<Inner>, accepted: Accepted, documents: Vec<DocumentRef>) {
    let Accepted { station, source, received, samples, is_held, unreadable, settle, .. } = accepted;
    let (persons, file, gist) = (accepted.persons, accepted.file, accepted.gist);
    let note = FrameNote {
        id: intake.ledger.new_id(received),
        station: station.id,
        received,
        source: source.to_string(),
        outcome: FrameOutcome::Stored,
        reason: accepted.before,
        acknowledged_ms: None,
        documents,
    };
    if let Some(reason) = unreadable {
        let outcome = FrameOutcome::Refused;
        let note = FrameNote { outcome, reason: Some(reason.clone()), ..note };
        return intake.settle(settle, Outcome::Unreadable(reason), Some(note));
    }
    if let Some(about) = persons {
        intake.ledger.person_file(PersonFile {
            id: note.id,
            station: note.station,
            received,
            source: note.source.clone(),
            about,
            documents: note.documents.clone(),
        });
    }
    if is_held {
        intake.ledger.hold(Held {
            id: note.id,
            station: note.station,
            received,
            source: note.source.clone(),
            documents: note.documents.clone(),
        });
    }
    if let Some((station, command, said)) = accepted.answers {
        let (protocol, documents, said) = (accepted.protocol, note.documents.clone(), Some(said));
        command::answered(&intake.world, Answer { protocol, station, command, said, documents });
    }
    let good = move |note| Verdict {
        outcome: Outcome::Stored,
        is_stranger: false,
        gist: Some(gist),
        note: Some(Note(Box::new(note))),
    };
    if samples.is_empty() {
        stored(intake, &note, file);
        return intake.judged(settle, good(note));
    }
    let asked = Arc::clone(intake);
    let done = move |result: Result<Appended, SeriesError>| match result {
        Ok(appended) => {
            stored(&asked, &note, file);
            let note = counted(&asked, note, &appended);
            asked.judged(settle, good(note));
        }
        Err(error) => {
            if !matches!(error, SeriesError::Busy { .. }) {
                tracing::error!(station.id = %note.station, %error, "readings were not stored");
            }
            let note =
                FrameNote { outcome: FrameOutcome::Busy, reason: Some(error.to_string()), ..note };
            asked.settle(settle, Outcome::Busy, Some(note));
        }
    };
    intake.world.series().append_then(received, samples, Box::new(done));
}

/// Remembers a file that is on disk with its readings, and not before.
fn stored(intake: &Inner, note: &FrameNote, file: Option<TakenFile>) {
    if let Some(file) = file {
        intake.files.remember(note.station, &file, note.received);
        intake.ledger.taken_file(note.station, file, note.received);
    }
}

fn counted(intake: &Inner, note: FrameNote, appended: &Appended) -> FrameNote {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    add(&intake.counters.readings, appended.stored as u64);
    for refused in &appended.refused {
        tracing::error!(station.id = %note.station, reason = %refused.reason, "a reading was not stored");
    }
    intake.ledger.tally(note.station, note.received, |tally| {
        tally.duplicates += count(appended.duplicates);
        tally.late += count(appended.late);
        tally.future += count(appended.future);
        tally.corrected += count(appended.superseded);
    });
    let is_known = appended.stored == 0 && 0 < appended.duplicates;
    if is_known {
        add(&intake.counters.duplicates, 1);
    }
    FrameNote {
        outcome: if is_known { FrameOutcome::Duplicate } else { FrameOutcome::Stored },
        ..note
    }
}

/// Keeps bytes that are no message, and lays them to a station where one is known.
fn refused(intake: &Inner, register: &Register, refuse: Refuse) {
    let Refuse { source, received, protocol, raw, reason, suspects } = refuse;
    let station = suspects.iter().find_map(|code| register.station(protocol, code));
    intake.reject(Rejected {
        id: intake.ledger.new_id(received),
        protocol,
        source: source.to_string(),
        received,
        hex: hex::encode_upper(&raw),
        reason,
        offset: None,
        station: station.map(|station| (station.id, host::Home::clone(&station.home))),
    });
}
