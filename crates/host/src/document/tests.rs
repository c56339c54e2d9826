//! What a disk does to documents: half a write, no sync, a torn tail, a changed byte.

use std::io::Write as _;

use super::*;
use crate::town::Scratch;

/// A pack on a disk that takes `room` bytes more, and fails where it is told to.
struct Faulty {
    file: File,
    room: usize,
    syncs: bool,
    cuts: bool,
}

impl PackFile for Faulty {
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let taken = bytes.len().min(self.room);
        self.file.write_all_at(&bytes[..taken], offset)?;
        match taken == bytes.len() {
            true => Ok(()),
            false => Err(io::ErrorKind::StorageFull.into()),
        }
    }

    fn sync(&self) -> io::Result<()> {
        if self.syncs { self.file.sync_data() } else { Err(io::Error::other("no sync")) }
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        if self.cuts { self.file.set_len(length) } else { Err(io::Error::other("no cut")) }
    }
}

/// Keeps one document, then lets a write of two more meet `faulty`.
fn after_a_fault(
    scratch: &Scratch,
    faulty: impl Fn(File) -> Faulty,
) -> (Documents, DocumentRef, io::Error) {
    let documents = Documents::open(scratch.path(), true).expect("opens");
    let kept = documents.put_all(&[frame(1, b"before")]).expect("kept").remove(0);
    let pack = pack_path(scratch.path(), 1);
    let open = || OpenOptions::new().read(true).write(true).open(&pack).expect("the pack");
    documents.state.lock().expect("nobody panics").file = Box::new(faulty(open()));
    let lost = [frame(2, b"half of a group"), frame(2, b"the other half")];
    let error = documents.put_all(&lost).expect_err("the disk refused");
    // Whatever comes next meets a disk that works again.
    documents.state.lock().expect("nobody panics").file = Box::new(open());
    (documents, kept, error)
}

/// What was kept before is there, and of what failed nothing is.
fn only_the_first(documents: &Documents, kept: &DocumentRef) {
    assert_eq!(documents.read(kept).expect("there"), b"before");
    assert_eq!(documents.recent(Id::from_u128(1), 9).len(), 1);
    assert_eq!(documents.recent(Id::from_u128(2), 9), []);
    for lost in [&b"half of a group"[..], b"the other half"] {
        let hash = hex::encode(Sha256::digest(lost));
        assert_eq!(documents.find(&hash).expect("readable"), None);
    }
}

#[test]
fn so_many_of_all_subjects_together_are_remembered() {
    let mut recent = Recent::default();
    let reference = DocumentRef { hash: String::new(), pack: 1, offset: 0, length: 0 };
    let first = [1, 2, 1].map(Id::from_u128);
    let rest = (3..).map(Id::from_u128).take(RECENT);
    for (n, subject) in first.into_iter().chain(rest).enumerate() {
        recent.remember(subject, Timestamp::from_millis(n as i64), reference.clone());
        if n + 1 == RECENT + 1 {
            let of = |n: u128| recent.of.get(&Id::from_u128(n)).map(VecDeque::len);
            assert_eq!((of(1), of(2)), (Some(1), Some(1)), "the oldest of all went");
        }
    }
    assert_eq!((recent.order.len(), recent.of.len()), (RECENT, RECENT));
    assert!(!recent.of.contains_key(&Id::from_u128(1)));
}

#[test]
fn a_write_that_fails_half_way_is_heard_leaves_nothing_and_the_next_one_works() {
    // Inside the first record's head, inside its bytes, and inside the second record.
    for room in [0, 10, RECORD_HEAD + 4, RECORD_HEAD + 15 + RECORD_HEAD + 3] {
        let scratch = Scratch::new();
        let full = |file| Faulty { file, room, syncs: true, cuts: true };
        let (documents, kept, error) = after_a_fault(&scratch, full);
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        only_the_first(&documents, &kept);
        let next = documents.put_all(&[frame(3, b"after")]).expect("there is room again");
        assert_eq!(documents.read(&next[0]).expect("there"), b"after");
        drop(documents);
        let documents = Documents::open(scratch.path(), true).expect("opens again");
        only_the_first(&documents, &kept);
        assert_eq!(documents.read(&next[0]).expect("there"), b"after");
    }
}

#[test]
fn bytes_that_are_not_surely_on_disk_are_not_kept() {
    let scratch = Scratch::new();
    let unsure = |file| Faulty { file, room: usize::MAX, syncs: false, cuts: true };
    let (documents, kept, _) = after_a_fault(&scratch, unsure);
    only_the_first(&documents, &kept);
    documents.put_all(&[frame(3, b"after")]).expect("kept");
}

#[test]
fn a_failure_that_cannot_be_mended_ends_all_writing_until_the_store_is_opened_again() {
    let scratch = Scratch::new();
    let stuck = |file| Faulty { file, room: RECORD_HEAD + 4, syncs: true, cuts: false };
    let (documents, kept, _) = after_a_fault(&scratch, stuck);
    assert_eq!(documents.read(&kept).expect("there"), b"before");
    let refused = documents.put_all(&[frame(3, b"after")]).expect_err("half a record is there");
    assert!(refused.to_string().contains("could not be mended"), "{refused}");
    drop(documents);
    let documents = Documents::open(scratch.path(), true).expect("cuts the torn tail");
    only_the_first(&documents, &kept);
    documents.put_all(&[frame(3, b"after")]).expect("kept");
}

fn frame(subject: u128, bytes: &[u8]) -> NewDocument<'_> {
    let received = Timestamp::from_millis(1_000);
    NewDocument { subject: Id::from_u128(subject), received, bytes }
}

#[test]
fn what_was_kept_is_found_again_after_a_torn_tail() {
    let scratch = Scratch::new();
    let documents = Documents::open(scratch.path(), true).expect("opens");
    let kept = documents.put_all(&[frame(1, b"one"), frame(2, b"two")]).expect("kept");
    drop(documents);

    let pack = pack_path(scratch.path(), 1);
    let mut file = OpenOptions::new().append(true).open(&pack).expect("the pack");
    file.write_all(b"FSD1 half a record").expect("written");
    drop(file);

    let documents = Documents::open(scratch.path(), true).expect("opens again");
    assert_eq!(documents.read(&kept[1]).expect("there"), b"two");
    assert_eq!(documents.recent(Id::from_u128(1), 9).len(), 1);
    let more = documents.put_all(&[frame(1, b"three")]).expect("kept");
    assert_eq!(documents.read(&more[0]).expect("there"), b"three");
    assert_eq!(documents.recent(Id::from_u128(1), 9).len(), 2);
    let by_name = documents.find(&kept[1].hash).expect("readable");
    assert_eq!(by_name.as_deref(), Some(&b"two"[..]));
    assert_eq!(documents.find("no such hash").expect("readable"), None);
}

#[test]
fn damage_before_the_tail_stops_the_node() {
    let scratch = Scratch::new();
    let documents = Documents::open(scratch.path(), true).expect("opens");
    documents.put_all(&[frame(1, b"one"), frame(1, b"two")]).expect("kept");
    drop(documents);
    let pack = pack_path(scratch.path(), 1);
    let mut bytes = std::fs::read(&pack).expect("readable");
    bytes[RECORD_HEAD] ^= 1;
    std::fs::write(&pack, bytes).expect("written");
    let error = Documents::open(scratch.path(), true).err().expect("says so");
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_changed_byte_is_not_served() {
    let scratch = Scratch::new();
    let documents = Documents::open(scratch.path(), true).expect("opens");
    let kept = documents.put_all(&[frame(1, b"level 5.30 m")]).expect("kept");
    let pack = pack_path(scratch.path(), 1);
    let mut bytes = std::fs::read(&pack).expect("readable");
    *bytes.last_mut().expect("not empty") ^= 1;
    std::fs::write(&pack, bytes).expect("written");
    let error = documents.read(&kept[0]).expect_err("tampered");
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}
