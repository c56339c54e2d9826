//! Sources: how each station's line is doing, counted by the minute.
//!
//! In: what `intake` counted, in batches. Out: nothing; all here is working state.
//! Tables: `station_minute` (two hours), `station_frame` (the newest 64 of each
//! station; those of the last seconds stand in memory, [`recent`]), `station_omission`. Screens: `ui/src/sense/source`.

use base::{Duration, Timestamp};
use host::document::DocumentRef;
use host::web::{Json, Paged, Params, Path, Scoped};
use host::{Caller, Error, Page, Read, Result, Routes, Slice, Table, Tx, Value, World, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::protocol::{Protocol, Why};
use crate::station::{self, Class, ClockView, Line, Patience, READ, Station, StationId, Status};

pub(crate) mod recent;
pub(crate) mod view;

use recent::Recent;
use view::{FrameView, SourceView};

/// Frames kept per station, as many as the document store finds again.
pub(crate) const FRAMES_KEPT: usize = 64;
const MINUTES_KEPT: i64 = 120;
const OMISSIONS_KEPT: i64 = 200;

const TABLES: &[Table] = &[
    Table::working("station_minute"),
    Table::working("station_frame"),
    Table::working("station_omission"),
];

pub(crate) fn slice() -> Slice {
    Slice::without_facts("source", TABLES, READ)
}

/// What one station did within one minute of the world's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Frames that were read.
    pub received: i64,
    /// Frames, or bytes in their place, that were refused.
    pub rejected: i64,
    /// Frames that were refused because the disk has too little room.
    pub no_room: i64,
    /// Readings, from here on.
    pub duplicates: i64,
    pub late: i64,
    pub future: i64,
    pub corrected: i64,
    /// By the minute in which a check flagged them.
    pub flagged: i64,
}

/// A frame that was taken or refused, and how that went.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FrameNote {
    pub id: base::Id,
    pub station: StationId,
    pub received: Timestamp,
    pub source: String,
    pub outcome: FrameOutcome,
    pub reason: Option<String>,
    /// From the socket to the written acknowledgement, by the machine's clock.
    pub acknowledged_ms: Option<i64>,
    /// The raw bytes, in order; a long message is kept in pieces.
    pub documents: Vec<DocumentRef>,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FrameOutcome {
    Stored,
    Duplicate,
    Refused,
    /// There was no room; the station sends it again.
    Busy,
}

impl FrameOutcome {
    const ALL: [FrameOutcome; 4] =
        [FrameOutcome::Stored, FrameOutcome::Duplicate, FrameOutcome::Refused, FrameOutcome::Busy];

    fn code(self) -> &'static str {
        match self {
            FrameOutcome::Stored => "stored",
            FrameOutcome::Duplicate => "duplicate",
            FrameOutcome::Refused => "refused",
            FrameOutcome::Busy => "busy",
        }
    }

    fn word(self) -> &'static str {
        match self {
            FrameOutcome::Stored => "已入库",
            FrameOutcome::Duplicate => "重复",
            FrameOutcome::Refused => "拒收",
            FrameOutcome::Busy => "忙，待重发",
        }
    }
}

/// Values of one element that became no reading, since the last batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Omitted {
    pub times: i64,
    pub last_seen: Timestamp,
    pub last_value: String,
}

/// Adds tallies to their minutes, and forgets minutes that nobody asks for.
pub(crate) fn save_tallies(tx: &mut Tx<'_>, tallies: &[((StationId, i64), Tally)]) -> Result<()> {
    for ((station, minute), tally) in tallies {
        tx.work().run(
            "insert into station_minute \
             (station, minute, received, rejected, duplicates, late, future, corrected, no_room, \
             flagged) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             on conflict (station, minute) do update set \
             received = station_minute.received + excluded.received, \
             rejected = station_minute.rejected + excluded.rejected, \
             duplicates = station_minute.duplicates + excluded.duplicates, \
             late = station_minute.late + excluded.late, \
             future = station_minute.future + excluded.future, \
             corrected = station_minute.corrected + excluded.corrected, \
             no_room = station_minute.no_room + excluded.no_room, \
             flagged = station_minute.flagged + excluded.flagged",
            params![
                *station,
                *minute,
                tally.received,
                tally.rejected,
                tally.duplicates,
                tally.late,
                tally.future,
                tally.corrected,
                tally.no_room,
                tally.flagged,
            ],
        )?;
    }
    let oldest = minute_of(tx.now()) - MINUTES_KEPT;
    tx.work().run("delete from station_minute where minute < $1", params![oldest])?;
    Ok(())
}

/// The minute that a moment lies in, counted from 1970.
pub(crate) fn minute_of(moment: Timestamp) -> i64 {
    moment.as_millis().div_euclid(60_000)
}

/// Keeps the newest frames of one station.
pub(crate) fn save_frames(tx: &mut Tx<'_>, frames: &[(StationId, Vec<FrameNote>)]) -> Result<()> {
    for (station, notes) in frames {
        for note in notes {
            let documents = serde_json::json!(note.documents).to_string();
            tx.work().run(
                "insert into station_frame \
                 (id, station, received, source, outcome, reason, acknowledged_ms, documents) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing",
                params![
                    note.id,
                    *station,
                    note.received,
                    &note.source,
                    note.outcome.code(),
                    note.reason.clone(),
                    note.acknowledged_ms,
                    documents,
                ],
            )?;
        }
        tx.work().run(
            "delete from station_frame where station = $1 and id < (select min(id) from \
             (select id from station_frame where station = $1 order by id desc limit $2) \
             as newest)",
            params![*station, FRAMES_KEPT as i64],
        )?;
    }
    Ok(())
}

/// Adds up what was left out.
pub(crate) fn save_omissions(
    tx: &mut Tx<'_>,
    omissions: &[((StationId, String, Why), Omitted)],
) -> Result<()> {
    for ((station, element, why), omitted) in omissions {
        tx.work().run(
            "insert into station_omission (station, element, why, times, last_seen, last_value) \
             values ($1, $2, $3, $4, $5, $6) \
             on conflict (station, element, why) do update set \
             times = station_omission.times + excluded.times, \
             last_seen = excluded.last_seen, last_value = excluded.last_value",
            params![
                *station,
                element,
                why.code(),
                omitted.times,
                omitted.last_seen,
                &omitted.last_value,
            ],
        )?;
        // A device may name any element it likes; what it said last is kept.
        tx.work().run(
            "delete from station_omission where station = $1 and last_seen < (select \
             min(last_seen) from (select last_seen from station_omission where station = $1 \
             order by last_seen desc limit $2) as newest)",
            params![*station, OMISSIONS_KEPT],
        )?;
    }
    Ok(())
}

/// What one station sent and we do not keep as readings, newest first.
pub(crate) fn omissions(
    db: &mut dyn Read,
    station: &Station,
) -> Result<Vec<station::OmissionView>> {
    let rows = db.rows(
        "select element, why, times, last_seen, last_value from station_omission \
         where station = $1 order by last_seen desc, element, why limit $2",
        params![station.id, OMISSIONS_KEPT],
    )?;
    let mut omissions = Vec::with_capacity(rows.len());
    for row in &rows {
        let why: String = row.get("why")?;
        // A code of a newer program is not ours to explain.
        let Some(why) = Why::of(&why) else { continue };
        omissions.push(station::OmissionView::new(
            (station.protocol, row.get("element")?),
            why,
            row.get("times")?,
            row.get("last_seen")?,
            row.get("last_value")?,
        ));
    }
    Ok(omissions)
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/sources", READ, "How each station's line is doing", list_route)
        .paged()
        .gives::<Page<SourceView>>()
        .get(
            "/api/stations/{id}/frames",
            READ,
            "The newest frames of a station, byte by byte; heartbeats are not kept",
            frames_route,
        )
        .asks::<FrameQuery>()
        .gives::<Page<FrameView>>()
}

/// How many frames are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
struct FrameQuery {
    /// 1 to 64; 20 when absent.
    limit: Option<i64>,
}

async fn list_route(
    world: World,
    Scoped(scope): Scoped,
    page: Paged,
) -> Result<Json<Page<SourceView>>> {
    let Paged { position: after, limit } = page;
    let now = world.clock().now();
    let page = world.read(move |db| {
        let (age, id) = after.unwrap_or((i64::MIN, String::new()));
        let since = minute_of(now) - 60;
        let mut values =
            vec![Value::from(age), Value::from(id), Value::from(limit + 1), Value::from(since)];
        let inside = scope.filter("s", &mut values);
        let sql = format!(
            "select s.id, s.name, s.kind, s.protocol, s.period_s, s.registered_at, \
             s.silent_after_s, s.paused_until, \
             c.last_contact, c.source, c.delay_ms, c.cut_at, k.ahead_ms, k.measured_at, \
             (select count(*) from held_frame h where h.station = s.id) as held, \
             cast(coalesce(sum(m.received), 0) as bigint) as received, \
             cast(coalesce(sum(m.rejected), 0) as bigint) as rejected, \
             cast(coalesce(sum(m.duplicates), 0) as bigint) as duplicates, \
             cast(coalesce(sum(m.late), 0) as bigint) as late, \
             cast(coalesce(sum(m.future), 0) as bigint) as future, \
             cast(coalesce(sum(m.corrected), 0) as bigint) as corrected, \
             cast(coalesce(sum(m.no_room), 0) as bigint) as no_room, \
             cast(coalesce(sum(m.flagged), 0) as bigint) as flagged \
             from station s left join station_contact c on c.station = s.id \
             left join station_clock k on k.station = s.id \
             left join station_minute m on m.station = s.id and m.minute > $4 \
             where (s.registered_at > $1 or (s.registered_at = $1 and s.id > $2)) and {inside} \
             group by s.id, s.name, s.kind, s.protocol, s.period_s, s.registered_at, \
             s.silent_after_s, s.paused_until, \
             c.last_contact, c.source, c.delay_ms, c.cut_at, k.ahead_ms, k.measured_at \
             order by s.registered_at, s.id limit $3"
        );
        let rows = db.rows(&sql, &values)?;
        let listening = station::listening_since(db)?;
        let mut sources = Vec::with_capacity(rows.len());
        for row in &rows {
            sources.push((row.get::<i64>("registered_at")?, source_from(row, now, listening)?));
        }
        let page = Page::cut(sources, limit, |(age, it)| (*age, it.station.to_string()));
        Ok(Page { items: page.items.into_iter().map(|(_, it)| it).collect(), next: page.next })
    });
    Ok(Json(page.await?))
}

fn source_from(row: &host::Row, now: Timestamp, since: Option<Timestamp>) -> Result<SourceView> {
    let (period_s, class): (i64, Class) = (row.get("period_s")?, row.parse("kind")?);
    let last_contact: Option<Timestamp> = row.get("last_contact")?;
    let period = Duration::from_secs(period_s);
    let protocol: Protocol = row.parse("protocol")?;
    let of = (protocol, class);
    let patience = Patience::of(of, period, row.get("silent_after_s")?).span;
    let paused: Option<Timestamp> = row.get("paused_until")?;
    let line = Line { period, patience, since: since.max(paused) };
    let status = Status::at(now, last_contact, line);
    let silence = last_contact.map(|at| now.since(at).max(Duration::ZERO).as_millis() / 1_000);
    Ok(SourceView {
        station: row.get("id")?,
        name: row.get("name")?,
        class,
        protocol_word: protocol.word(),
        status,
        status_word: status.word(),
        source: row.get("source")?,
        expected_per_min: 60.0 / period_s.max(1) as f64,
        received_last_hour: row.get("received")?,
        last_contact,
        delay_ms: row.get("delay_ms")?,
        clock: ClockView::from_row(row, protocol)?,
        silent_after_s: line.patience.as_millis() / 1_000,
        paused_until: paused.filter(|until| now < *until),
        silence_s: silence.filter(|_| status != Status::Online),
        rejects_last_hour: row.get("rejected")?,
        no_room_last_hour: row.get("no_room")?,
        duplicates_last_hour: row.get("duplicates")?,
        late_last_hour: row.get("late")?,
        future_last_hour: row.get("future")?,
        corrected_last_hour: row.get("corrected")?,
        held: row.get("held")?,
        cut_since: row.get("cut_at")?,
        flagged_last_hour: row.get("flagged")?,
    })
}

async fn frames_route(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Params(query): Params<FrameQuery>,
) -> Result<Json<Page<FrameView>>> {
    let limit = host::web::limit(query.limit, 20, FRAMES_KEPT as i64)?;
    let asked = world.clone();
    let frames = world.read(move |db| {
        let station = station::load(db, &scope, id)?;
        // Whoever knows it can send readings in the station's name.
        let keeps = match caller.scope(station::REGISTER) {
            Ok(keeps) => keeps.holds(db, &station.home)?,
            Err(_) => false,
        };
        let rows = db.rows(
            "select id, received, source, outcome, reason, acknowledged_ms, documents \
             from station_frame where station = $1 order by id desc limit $2",
            params![id, limit],
        )?;
        let written = rows.iter().map(|row| note_from(row, id)).collect::<Result<Vec<_>>>()?;
        let newest = asked.memo::<Recent>().with_written(id, written);
        let shown = newest.into_iter().take(limit as usize).map(|note| {
            let mut frame = frame_from(note, &asked, station.protocol)?;
            if !keeps {
                view::hide_password(&mut frame.hex, &mut frame.spans);
            }
            Ok(frame)
        });
        shown.collect()
    });
    Ok(Json(Page::whole(frames.await?)))
}

fn note_from(row: &host::Row, station: StationId) -> Result<FrameNote> {
    let outcome: String = row.get("outcome")?;
    let known = FrameOutcome::ALL.into_iter().find(|known| known.code() == outcome);
    let outcome =
        known.ok_or_else(|| Error::Internal(format!("outcome of a frame is {outcome:?}")))?;
    Ok(FrameNote {
        id: row.get("id")?,
        station,
        received: row.get("received")?,
        source: row.get("source")?,
        outcome,
        reason: row.get("reason")?,
        acknowledged_ms: row.get("acknowledged_ms")?,
        documents: row.json("documents")?,
    })
}

fn frame_from(note: FrameNote, world: &World, protocol: Protocol) -> Result<FrameView> {
    let mut raw = Vec::new();
    for document in &note.documents {
        let piece = world.documents().read(document);
        raw.extend(piece.map_err(|error| Error::Internal(format!("raw frame: {error}")))?);
    }
    Ok(FrameView {
        received: note.received,
        source: note.source,
        hex: hex::encode_upper(&raw),
        outcome: note.outcome,
        outcome_word: note.outcome.word(),
        reason: note.reason,
        acknowledged_ms: note.acknowledged_ms,
        spans: protocol.layout(&raw),
        documents: note.documents.into_iter().map(|document| document.hash).collect(),
    })
}
