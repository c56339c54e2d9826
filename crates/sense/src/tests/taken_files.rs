//! Files that are taken: what makes one the same, and what a power cut leaves of one.

use serde_json::Value as Json;
use wire::coal42::FileName;

use super::coal::{MINE, POINT, Pit, files, gone, http, is_adopted, put};
use super::town::{sensor, text, until};
use crate::gateway::folder::disk::trace::{self, Call, Id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_its_name_and_its_contents() {
    let mut pit = Pit::unwatched().await;
    let station = pit.registered().await;
    let to = http(&pit).await;
    let now = pit.valley.now();
    let account = format!("{MINE}:Key0123456789");
    let send = async |name: &str, bytes: &[u8]| {
        put(to, &format!("/ingest/coal42/{name}"), Some(&account), bytes).await.0
    };
    let (define, points) = pit.file("CDDY", now);
    assert_eq!(send(&define, &points).await, 200);
    let path = format!("/api/stations/{}", text(&station["id"]));
    let adopted = pit.valley.until("桦甸", &path, is_adopted).await;
    let point = sensor(&adopted, POINT).clone();
    let value = async |pit: &Pit| {
        let world = &pit.valley.town.world;
        let id: base::Id = text(&point).parse().expect("an id");
        let series = world.series().series_of(id).expect("a series");
        world.series().latest(&[series])[0].map(|reading| reading.value)
    };
    let frames = format!("{path}/frames");
    let newest = async |pit: &Pit, outcome: &str| {
        let is_so = |page: &Json| page["items"][0]["outcome"] == outcome;
        pit.valley.until("桦甸", &frames, is_so).await["items"][0].clone()
    };

    pit.mine.tell(0, 102);
    let (name, first) = pit.file("CDSS", now);
    assert_eq!(send(&name, &first).await, 200);
    assert_eq!(value(&pit).await, Some(1.02));
    let stored = pit.valley.gateway.counts();
    assert_eq!(send(&name, &first).await, 200, "the very same is acknowledged");
    let again = pit.valley.gateway.counts();
    assert_eq!((again.stored, again.duplicates), (stored.stored + 1, stored.duplicates + 1));
    assert_eq!(again.readings, stored.readings, "and stored once");
    let frame = newest(&pit, "duplicate").await;
    assert!(text(&frame["reason"]).starts_with("the very same file"), "{frame}");
    assert_eq!(frame["hex"], "", "nor are its bytes kept twice");

    // Other contents under its name: a correction, which a late copy of the first does not undo.
    pit.mine.tell(0, 103);
    let (same, second) = pit.file("CDSS", now);
    assert_eq!((same == name, second == first), (true, false));
    assert_eq!(send(&name, &second).await, 200);
    assert_eq!(value(&pit).await, Some(1.03));
    let frame = newest(&pit, "stored").await;
    assert!(text(&frame["reason"]).contains("other contents"), "{frame}");
    assert_eq!(send(&name, &first).await, 200);
    assert_eq!(value(&pit).await, Some(1.03));

    // The same contents under another name: a file of its own, whose readings are known.
    let later = FileName::new(MINE, "CDSS", now + base::Duration::from_secs(1)).to_string();
    assert_eq!(send(&later, &second).await, 200);
    let renamed = pit.valley.gateway.counts();
    assert_eq!(value(&pit).await, Some(1.03));
    let is_kept =
        |page: &Json| page["items"][0]["outcome"] == "duplicate" && page["items"][0]["hex"] != "";
    pit.valley.until("桦甸", &frames, is_kept).await;

    // What is in the table outlives what is in memory.
    pit.valley.gateway.intake().write_now().expect("written");
    let intake =
        crate::intake::Intake::open(&pit.valley.town.world, crate::intake::Config::default());
    let router = crate::gateway::http::router(&intake);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("port 0");
    let to = listener.local_addr().expect("bound");
    tokio::spawn(async move { axum::serve(listener, router).await });
    let path = format!("/ingest/coal42/{name}");
    assert_eq!(put(to, &path, Some(&account), &first).await.0, 200);
    assert_eq!((intake.counts().duplicates, intake.counts().readings), (1, 0));
    assert!(renamed.stored < 10, "{renamed:?}");
}

/// A file as a power cut may leave it: by which names it is there, and whether whole.
#[derive(Debug, Clone, Default)]
struct AfterCut {
    is_whole: bool,
    /// Names that are on disk, and those that may be.
    durable: Vec<(Id, String)>,
    pending: Option<((Id, String), (Id, String))>,
}

impl AfterCut {
    /// What a disk keeps of `calls` when nothing is on it that was not synchronised, about
    /// the file that lay in `from` as `name`.
    fn of(calls: &[Call], from: Id, name: &str) -> AfterCut {
        let mut file = AfterCut { durable: vec![(from, name.to_owned())], ..AfterCut::default() };
        for call in calls {
            let is_named = |at: &(Id, String)| {
                file.durable.contains(at) || file.pending.as_ref().is_some_and(|it| it.1 == *at)
            };
            match call {
                Call::SyncFile(folder, of) if is_named(&(*folder, of.clone())) => {
                    file.is_whole = true
                }
                Call::Rename(old, new) if is_named(old) => {
                    file.pending = Some((old.clone(), new.clone()));
                }
                Call::SyncFolder(folder) => {
                    if let Some((old, new)) = file.pending.clone() {
                        if new.0 == *folder {
                            file.durable.push(new.clone());
                        }
                        if old.0 == *folder {
                            // The new name may be lost as long as its folder is not on disk.
                            file.durable.retain(|at| *at != old);
                            file.pending = None;
                        }
                    }
                }
                _ => {}
            }
        }
        file
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_at_any_call_leaves_the_file_whole_under_one_of_its_names() {
    // A file system gives the number of a folder that is gone to another: what is traced so
    // far is of other stories.
    let earlier = trace::calls().len();
    let pit = Pit::new().await;
    pit.registered().await;
    let now = pit.valley.now();
    let (name, bytes) = pit.file("RYSS", now);
    let inbox = {
        let stat = std::fs::metadata(pit.inbox()).expect("there");
        (std::os::unix::fs::MetadataExt::dev(&stat), std::os::unix::fs::MetadataExt::ino(&stat))
    };
    gone(&pit.leave(&name, &bytes)).await;
    until("it is stored", || pit.valley.gateway.counts().stored == 1).await;
    let taken = pit.scratch.path().join("taken").join(MINE);
    until("and gone", || files(&taken).is_empty()).await;
    let bad = format!("{MINE}_CDSS_20260803070000.txt");
    let other = "220282000009;样例煤矿;2026-08-03 07:00:00~||";
    gone(&pit.leave(&bad, other.as_bytes())).await;
    until("it is put away", || pit.quarantine().len() == 1).await;

    let calls = trace::calls().split_off(earlier);
    for (name, is_stored) in [(&name, true), (&bad, false)] {
        let renamed = calls.iter().position(
            |it| matches!(it, Call::Rename((from, of), _) if (*from, of) == (inbox, name)),
        );
        let renamed = renamed.expect("it was taken by a rename");
        let Call::Rename(_, (into, held_as)) = &calls[renamed] else { panic!("a rename") };
        let removed = calls.iter().position(|it| *it == Call::Remove(*into, held_as.clone()));
        assert_eq!(removed.is_some(), is_stored, "{name}");
        // Until it is stored elsewhere, or for ever.
        for end in renamed..=removed.unwrap_or(calls.len() - 1) {
            let left = AfterCut::of(&calls[..end], inbox, name);
            assert!(
                !left.durable.is_empty(),
                "{name} has no name after {end}: {:?}",
                &calls[..end]
            );
            assert!(left.is_whole, "{name} may be empty after {end}: {:?}", &calls[..end]);
        }
    }
}
