//! What the node itself answers: health, the live stream, its own API description.

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use host::door::Door;
use host::node::HEALTH;
use host::space::{Disk, Room};
use host::web::{Access, Json, Scoped, live};
use host::{Node, Part, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::Serialize;
use series::CopyStatus;

use crate::upstream::{Above, UpstreamView};

pub fn part() -> Part {
    Part {
        name: "node",
        routes: Routes::new()
            .get("/api/live", Access::SignedIn, "Streams facts and readings (SSE)", live)
            .get("/api/disk", Access::SignedIn, "Says how full the disk is", disk)
            .gives::<Disk>()
            .get("/api/health", HEALTH, "Says how the node is", health)
            .gives::<Health>()
            .get("/healthz", Access::Public, "Answers while the process lives", alive)
            .get("/readyz", Access::Public, "Answers 200 while the node can write", ready)
            .get("/metrics", Access::Public, "Counters in Prometheus text format", metrics)
            .merge(crate::worlds::routes())
            .merge(crate::export::routes()),
        notes: vec![crate::export::notes()],
        permissions: vec![HEALTH],
        ..Part::default()
    }
}

/// How the node is.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    world: String,
    seq: i64,
    now: base::Timestamp,
    /// Facts that a reaction gave up on; a person has to look.
    parked: Vec<ParkedFact>,
    /// Due work that a job gave up on.
    parked_work: Vec<ParkedWork>,
    /// Entries that changed nothing here, most of them of other nodes.
    unapplied: host::unapplied::Counts,
    /// Segments of other nodes that were not believed.
    segments_refused: i64,
    /// Tables for reading that lag the log, and how far each is.
    views: Vec<host::view::ViewHealth>,
    /// Segments as files: what waits in the inbox, and how far the outboxes are behind.
    exchange: host::exchange::Counts,
    /// What goes out of this node, and waits.
    errands: host::effect::Counts,
    disk: Disk,
    readings: Readings,
    /// The copy of the readings in ClickHouse; `null` without one.
    copy: Option<CopyView>,
    /// The node above, to which readings are handed on; `null` without one.
    upstream: Option<UpstreamView>,
    snapshots: Snapshots,
    /// What the newest run of retention did; `null` before the first.
    retention: Option<sense::retention::Run>,
}

/// How a copy of the readings is. That it does not answer stops nothing here.
#[derive(Debug, Serialize, JsonSchema)]
struct CopyView {
    /// Whether it answered the last time.
    answers: bool,
    /// Since when it has not.
    failing_since: Option<base::Timestamp>,
    /// What was wrong last, for officers of the node: `null` to others.
    last_error: Option<String>,
    last_error_at: Option<base::Timestamp>,
    /// When the newest reading that it has confirmed reached this node.
    confirmed_received: Option<base::Timestamp>,
    /// Batches of readings that it has not confirmed.
    behind: u64,
    /// Bytes of the write-ahead log, and where it is let go.
    log_bytes: u64,
    log_limit: u64,
    /// Sensors whose readings have been filled in, and of how many; `null` when all have.
    filling: Option<(u32, u64)>,
    /// Since the start of the process: rows inserted, attempts that failed, how often the
    /// log was let go, questions it was asked, and those that it failed at.
    rows: u64,
    failures: u64,
    let_go: u64,
    questions: u64,
    unanswered: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ParkedFact {
    reaction: String,
    seq: i64,
    subject: String,
    /// It may quote what it failed at, so it is for officers of the node: `null` to others.
    error: Option<String>,
    parked_at: base::Timestamp,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ParkedWork {
    job: String,
    subject: base::Id,
    due_at: base::Timestamp,
    /// As [`ParkedFact::error`].
    error: Option<String>,
    parked_at: base::Timestamp,
}

/// What the log folded to, kept day by day, and whether it is what the tables hold.
#[derive(Debug, Serialize, JsonSchema)]
struct Snapshots {
    kept: usize,
    /// Set aside because their files are not what was written.
    damaged: usize,
    newest: Option<SnapshotView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SnapshotView {
    seq: i64,
    made: base::Timestamp,
    bytes: u64,
    /// Tables that were not what the log folds to; there should be none.
    differences: Vec<host::fold::Difference>,
}

/// Counters of the series store since the node started.
#[derive(Debug, Serialize, JsonSchema)]
struct Readings {
    appended: u64,
    duplicates: u64,
    superseded: u64,
    late: u64,
    future: u64,
}

/// What came from other nodes and was left, and what is to go out.
struct Others {
    unapplied: host::unapplied::Counts,
    refused: i64,
    exchange: host::exchange::Counts,
    errands: host::effect::Counts,
}

impl Others {
    fn read(db: &mut dyn host::Read, world: &World) -> Result<Others> {
        let unapplied = host::unapplied::counts(db, world.kit())?;
        let refused = host::segment::refused_count(db)?;
        let exchange = host::exchange::counts(world, db)?;
        Ok(Others { unapplied, refused, exchange, errands: host::effect::counts(db)? })
    }
}

/// What every screen needs to know of it: why readings or all writes are refused.
async fn disk(world: World) -> Json<Disk> {
    Json(world.space().disk())
}

async fn health(
    world: World,
    Scoped(scope): Scoped,
    above: Option<Extension<Above>>,
) -> Result<Json<Health>> {
    let this = world.clone();
    let (parked, parked_work, others) = world
        .read(move |db| {
            let others = Others::read(db, &this)?;
            Ok((host::reaction::parked(db)?, host::job::parked(db)?, others))
        })
        .await?;
    let mut views = world.view_health();
    if scope != Scope::Node {
        // That it is parked is in its state; why may quote what it failed at.
        views.iter_mut().for_each(|view| view.parked = None);
    }
    let told = |error: String| Some(error).filter(|_| scope == Scope::Node);
    let parked = parked.into_iter().map(|parked| ParkedFact {
        reaction: parked.reaction,
        seq: parked.seq,
        subject: parked.subject,
        error: told(parked.error),
        parked_at: parked.parked_at,
    });
    let parked_work = parked_work.into_iter().map(|parked| ParkedWork {
        job: parked.job,
        subject: parked.subject,
        due_at: parked.due_at,
        error: told(parked.error),
        parked_at: parked.parked_at,
    });
    let (parked, parked_work) = (parked.collect(), parked_work.collect());
    Ok(Json(Health {
        world: world.name().to_owned(),
        seq: world.last_seq(),
        now: world.clock().now(),
        parked,
        parked_work,
        unapplied: others.unapplied,
        segments_refused: others.refused,
        views,
        exchange: others.exchange,
        errands: others.errands,
        disk: world.space().disk(),
        readings: readings(&world),
        copy: world.readings().copy().map(|copy| copy_view(copy, scope == Scope::Node)),
        upstream: upstream(&world, above).and_then(|above| above.view(scope == Scope::Node)),
        snapshots: snapshots(&world).await?,
        retention: world.read(sense::retention::last_run).await?,
    }))
}

/// Readings of drills and looks are handed on to nobody.
fn upstream(world: &World, above: Option<Extension<Above>>) -> Option<Above> {
    above.map(|Extension(above)| above).filter(|_| world.is_real())
}

async fn snapshots(world: &World) -> Result<Snapshots> {
    let world = world.clone();
    host::node::off_the_loop(move || {
        let shelf = world.shelf();
        let kept = shelf.list();
        Ok(Snapshots {
            kept: kept.len(),
            damaged: shelf.damaged(),
            newest: kept.into_iter().next().map(|newest| SnapshotView {
                seq: newest.seq,
                made: newest.made,
                bytes: newest.size,
                differences: newest.differences,
            }),
        })
    })
    .await
}

fn readings(world: &World) -> Readings {
    let counts = world.series().counts();
    Readings {
        appended: counts.appended,
        duplicates: counts.duplicates,
        superseded: counts.superseded,
        late: counts.late,
        future: counts.future,
    }
}

fn copy_view(copy: CopyStatus, tells_why: bool) -> CopyView {
    CopyView {
        answers: copy.answers,
        failing_since: copy.failing_since,
        last_error: copy.last_error.filter(|_| tells_why),
        last_error_at: copy.last_error_at,
        confirmed_received: copy.confirmed_received,
        behind: copy.behind,
        log_bytes: copy.log_bytes,
        log_limit: copy.log_limit,
        filling: copy.filling,
        rows: copy.rows,
        failures: copy.failures,
        let_go: copy.let_go,
        questions: copy.questions,
        unanswered: copy.unanswered,
    }
}

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(world: World) -> Result<impl IntoResponse> {
    let disk = world.space().disk();
    host::node::off_the_loop(move || world.run(host::Lane::Urgent, "node", |_| Ok(()))).await?;
    Ok(match (disk.room, disk.free_percent) {
        (Room::Ample, _) | (_, None) => "ready\n".to_owned(),
        (_, Some(free)) => {
            format!("ready, but readings are refused: {free} % of the disk is free\n")
        }
    })
}

async fn metrics(
    State(node): State<Node>,
    world: World,
    above: Option<Extension<Above>>,
) -> Result<impl IntoResponse> {
    let counts = readings(&world);
    let this = world.clone();
    let (parked, parked_work, others) = world
        .read(move |db| {
            let reactions = host::reaction::parked(db)?.len();
            Ok((reactions, host::job::parked(db)?.len(), Others::read(db, &this)?))
        })
        .await?;
    let snapshots = snapshots(&world).await?;
    let mut text = String::new();
    let mut line = |name: &str, kind: &str, help: &str, value: String| {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n"));
    };
    line("fengsui_log_seq", "counter", "Newest entry of the log.", world.last_seq().to_string());
    line(
        "fengsui_reactions_parked",
        "gauge",
        "Facts that a reaction gave up on.",
        parked.to_string(),
    );
    let damaged = snapshots.damaged.to_string();
    line("fengsui_snapshots_damaged", "gauge", "Snapshots that were set aside.", damaged);
    if let Some(newest) = snapshots.newest {
        let seq = newest.seq.to_string();
        line("fengsui_snapshot_seq", "gauge", "Last entry in the newest snapshot.", seq);
        let differences = newest.differences.len().to_string();
        let help = "Tables that were not what the log folds to, at the newest snapshot.";
        line("fengsui_snapshot_differences", "gauge", help, differences);
    }
    line(
        "fengsui_jobs_parked",
        "gauge",
        "Subjects that a job gave up on.",
        parked_work.to_string(),
    );
    let Others { unapplied, refused, exchange, errands } = others;
    let help =
        "Segment files of the inbox that wait: for the one before them, their end, or a key.";
    line("fengsui_inbox_waiting", "gauge", help, exchange.waiting.to_string());
    let help = "What lies in the inbox and is not touched.";
    line("fengsui_inbox_left", "gauge", help, exchange.left.to_string());
    let help = "1 while the inbox cannot be looked at.";
    let trouble = u8::from(exchange.trouble.is_some()).to_string();
    line("fengsui_inbox_trouble", "gauge", help, trouble);
    let help = "Own entries that no file was ordered for yet, of the neighbour behind most.";
    line("fengsui_outbox_unsent", "gauge", help, exchange.unsent.to_string());
    for (state, value) in
        [("queued", errands.queued), ("uncertain", errands.uncertain), ("parked", errands.parked)]
    {
        let help = "What goes out of this node and waits, for its turn or for a person.";
        line(&format!("fengsui_errands_{state}"), "gauge", help, value.to_string());
    }
    let help = "Segments of other nodes that were not believed.";
    line("fengsui_segments_refused", "gauge", help, refused.to_string());
    for (why, value) in [
        ("refused", unapplied.refused),
        ("unread", unapplied.unread),
        ("outside", unapplied.outside),
        ("conflict", unapplied.conflicts),
        ("unknown", unapplied.unknown),
    ] {
        let help = "Entries that are kept and changed nothing.";
        line(&format!("fengsui_entries_unapplied_{why}"), "gauge", help, value.to_string());
    }
    let views = world.view_health();
    let stopped = views.iter().filter(|view| view.parked.is_some()).count();
    line("fengsui_views_parked", "gauge", "Views that stopped at an entry.", stopped.to_string());
    for (name, value) in [
        ("appended", counts.appended),
        ("duplicates", counts.duplicates),
        ("superseded", counts.superseded),
        ("late", counts.late),
        ("future", counts.future),
    ] {
        let full = format!("fengsui_readings_{name}_total");
        line(&full, "counter", "Readings since the start of the process.", value.to_string());
    }
    if let Some(copy) = world.readings().copy() {
        let answers = u8::from(copy.answers).to_string();
        line("fengsui_copy_answers", "gauge", "1 while ClickHouse answers.", answers);
        let help = "Batches of readings that ClickHouse has not confirmed.";
        line("fengsui_copy_behind", "gauge", help, copy.behind.to_string());
        let filling = u8::from(copy.filling.is_some()).to_string();
        line("fengsui_copy_filling", "gauge", "1 while it is filled from blocks.", filling);
        let help = "Bytes of the write-ahead log of the readings.";
        line("fengsui_readings_log_bytes", "gauge", help, copy.log_bytes.to_string());
        for (name, help, value) in [
            ("rows", "Rows inserted into ClickHouse.", copy.rows),
            ("failures", "Attempts to reach ClickHouse that failed.", copy.failures),
            ("let_go", "How often the log was let go of for its size.", copy.let_go),
            ("questions", "Questions that ClickHouse was asked.", copy.questions),
            ("unanswered", "Questions that ClickHouse failed at.", copy.unanswered),
        ] {
            line(&format!("fengsui_copy_{name}_total"), "counter", help, value.to_string());
        }
    }
    if let Some(above) = upstream(&world, above).and_then(|above| above.view(false)) {
        above.measures(&mut line);
    }
    let disk = world.space().disk();
    if let Some(free) = disk.free_percent {
        line("fengsui_disk_free_percent", "gauge", "Free part of the disk.", free.to_string());
    }
    line(
        "fengsui_frames_refused_no_room_total",
        "counter",
        "Frames not acknowledged because the disk has too little room.",
        disk.refused.to_string(),
    );
    let help = "Entries of the log that a view does not hold yet.";
    text.push_str(&format!("# HELP fengsui_view_lag {help}\n# TYPE fengsui_view_lag gauge\n"));
    for view in &views {
        text.push_str(&format!(
            "fengsui_view_lag{{view=\"{}\"}} {}\n",
            view.name,
            view.state.lag()
        ));
    }
    let doors = node.doors();
    let mut door = |name: &str, kind: &str, help: &str, value: fn(&Door) -> u64| {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
        for door in &doors {
            text.push_str(&format!("{name}{{door=\"{}\"}} {}\n", door.name, value(door)));
        }
    };
    door("fengsui_connections", "gauge", "Connections that are open.", |door| door.open() as u64);
    door("fengsui_connections_limit", "gauge", "Connections that a door may hold.", |door| {
        door.limit as u64
    });
    door(
        "fengsui_connections_turned_away_total",
        "counter",
        "Connections closed at once because the door was full.",
        Door::turned_away,
    );
    let version = node.info().version;
    text.push_str(&format!(
        "# TYPE fengsui_build info\nfengsui_build{{version=\"{version}\"}} 1\n"
    ));
    Ok(([("content-type", "text/plain; version=0.0.4")], text))
}

#[cfg(test)]
mod tests {
    use host::town::Town;
    use serde_json::{Value as Json, json};

    use super::*;

    #[tokio::test]
    async fn what_a_fault_quotes_is_for_officers_of_the_node() {
        let town = Town::new(vec![part()]);
        town.regions(&[("220282", "220282")]);
        town.officer("郑系统", &[HEALTH]);
        town.person("韩立春", "220282", &[HEALTH]);
        town.person("孙亦文", "220282", &[]);
        town.gives_up("notice.send", 7, "name is \"李秀兰\"");
        for (who, expected) in [("郑系统", json!("name is \"李秀兰\"")), ("韩立春", Json::Null)]
        {
            let parked = &town.get(who, "/api/health").await.body["parked"][0];
            assert_eq!((&parked["reaction"], &parked["error"]), (&json!("notice.send"), &expected));
        }
        let refused = town.get("孙亦文", "/api/health").await;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["permission"]),
            (403, &json!("node.health"))
        );
        assert_eq!(town.get("孙亦文", "/api/disk").await.body["room"], "ample");
        assert_eq!(town.get("", "/api/disk").await.status, 401);
    }
}
