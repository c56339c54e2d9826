//! What becomes of files that somebody put into an inbox.

use super::*;

#[test]
fn a_file_that_is_not_whole_waits_and_one_that_was_changed_is_refused_with_its_reason() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    let before = province.world.last_seq();

    let mut inbox = carried.inbox();
    for cut in (0..bytes.len()).step_by(97).chain([bytes.len() - 1]) {
        carried.put(&name, &bytes[..cut]);
        let state = inbox.round(&province.world);
        assert_eq!(whys(&state), [(name.clone(), Why::Half)], "{cut} of {}", bytes.len());
    }
    assert_eq!(province.world.last_seq(), before, "nothing of a part is taken in");
    // Nobody adds to it any more.
    carried.put(&name, &bytes[..bytes.len() / 2]);
    Inbox::new(carried.path(), Duration::ZERO).round(&province.world);
    let told = |file: &str| {
        let path = carried.path().join("refused").join(format!("{file}.reason.txt"));
        std::fs::read_to_string(path).expect("a reason is beside it")
    };
    assert!(told(&name).contains("no end of line"), "{}", told(&name));

    let mut changed = bytes.clone();
    let at = bytes.len() / 2;
    changed[at] ^= 1;
    carried.put(&name, &changed);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(province.world.last_seq(), before, "nothing of it counts");
    let second = format!("{name}.2");
    assert_eq!(std::fs::read(carried.path().join("refused").join(&second)).expect("kept"), changed);
    assert!(told(&second).contains("expected"), "{}", told(&second));
    assert!(told(&second).contains(&name), "{}", told(&second));

    carried.put(&name, &bytes);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(entries_of_county(&province), entries_of_county(&county), "the right one is taken");
    assert_eq!(files(&carried.path().join("done")), [name]);
}

#[test]
fn nothing_in_an_inbox_is_followed_and_nothing_there_blocks_another_file() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    let path = |name: &str| carried.path().join(name);
    let elsewhere = Carried::new();
    elsewhere.put("secret", b"not to be moved");
    std::os::unix::fs::symlink(elsewhere.path().join("secret"), path("0.segment")).expect("made");
    std::os::unix::fs::symlink(outbox.join(&name), path("1.segment")).expect("made");
    std::os::unix::fs::symlink(path("2.segment"), path("2.segment")).expect("made");
    std::fs::create_dir(path("3.segment")).expect("made");
    let pipe = rustix::fs::FileType::Fifo;
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path("4.segment"), pipe, mode, 0).expect("made");
    carried.put("readme.txt", b"hello");
    carried.put(".draft.segment", &bytes);
    let huge = std::fs::File::create(path("5.segment")).expect("made");
    huge.set_len(crate::segment::LARGEST + 1).expect("sparse");
    carried.put("6.segment", &[0; 100_000]);
    carried.put("7.segment", b"{}\n");
    carried.put("8.segment", b"");
    let odd = std::ffi::OsString::from_vec([&[0xff; 240][..], b".segment"].concat());
    std::fs::write(carried.path().join(&odd), b"\n").expect("written");
    carried.put(&name, &bytes);

    let mut inbox = carried.inbox();
    let state = inbox.round(&province.world);
    assert_eq!(entries_of_county(&province), entries_of_county(&county), "the good one is taken");
    assert_eq!(files(&path("done")), [name.as_str()]);
    let left: Vec<&str> = state.left.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(state.left_count, 6, "{state:?}");
    for name in ["readme.txt", "0.segment", "1.segment", "2.segment", "3.segment", "4.segment"] {
        assert!(left.contains(&name), "{name}: {state:?}");
        assert!(std::fs::symlink_metadata(path(name)).is_ok(), "{name} is where it was");
    }
    assert_eq!(std::fs::read(elsewhere.path().join("secret")).expect("is"), b"not to be moved");
    assert_eq!(whys(&state), [("8.segment".to_owned(), Why::Half)]);
    let refused = files(&path("refused"));
    let kept: Vec<&String> = refused.iter().filter(|it| !it.ends_with(".reason.txt")).collect();
    assert_eq!((kept.len(), refused.len()), (4, 8), "each with its reason: {refused:?}");
    let why = std::fs::read_to_string(path("refused/5.segment.reason.txt")).expect("is there");
    assert!(why.contains("268435457 bytes") && why.contains("at most 268435456"), "{why}");

    // Our own directories are no doors either.
    std::fs::remove_dir_all(path("done")).expect("removed");
    std::os::unix::fs::symlink(elsewhere.path(), path("done")).expect("made");
    carried.put(&name, &bytes);
    let state = inbox.round(&province.world);
    assert!(state.trouble.is_some_and(|why| why.contains("no directory")));
    assert_eq!(files(elsewhere.path()), ["secret"]);
}

#[test]
fn whatever_bytes_a_file_holds_it_is_taken_refused_or_waits() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    let before = province.world.last_seq();
    let mut dice = 0x2545_F491_4F6C_DD1D_u64;
    let mut throw = |most: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice % (most as u64)).expect("small")
    };
    for number in 0..300 {
        let mut wrong = bytes.clone();
        for _ in 0..=throw(3) {
            let at = throw(wrong.len());
            match throw(4) {
                0 => wrong[at] ^= 1 << throw(8),
                1 => drop(wrong.remove(at)),
                2 => wrong.insert(at, u8::try_from(throw(256)).expect("a byte")),
                _ => wrong.truncate(at.max(1)),
            }
        }
        if wrong != bytes {
            carried.put(&format!("{number:03}.segment"), &wrong);
        }
    }
    let state = Inbox::new(carried.path(), Duration::ZERO).round(&province.world);
    assert_eq!(province.world.last_seq(), before, "nothing of what was changed counts");
    // A head that names another node or a later entry waits for what it says.
    let away = files(&carried.path().join("refused")).len() / 2;
    assert!(290 < away + state.waiting_count, "{away} and {}", state.waiting_count);
    assert!(250 < away && files(&carried.path().join("done")).is_empty());
}

#[test]
fn what_nobody_trusts_yet_waits_and_what_is_our_own_or_distrusted_is_refused() {
    let (county, outbox) = county();
    let province = node("town");
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    carried.put(&name, &bytes);
    let mut inbox = carried.inbox();
    let state = inbox.round(&province.world);
    assert_eq!(whys(&state), [(name.clone(), Why::Untrusted)]);
    assert!(state.waiting[0].detail.contains("nobody here has said"), "{state:?}");
    province.trusts(&county);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(entries_of_county(&province), entries_of_county(&county));

    let key = crate::signing::SigningKey::load(county.world.directory()).expect("has a key");
    let key = key.public().fingerprint();
    let distrust =
        move |tx: &mut Tx<'_>| crate::neighbour::distrust(tx, "county", &key, "机器失窃", "何守安");
    province.world.run(Lane::Urgent, "test", distrust).expect("distrusted");
    light(&county, "b");
    let later = written(&county, &outbox);
    carried.put(&later, &std::fs::read(outbox.join(&later)).expect("is there"));
    assert_eq!(whys(&inbox.round(&province.world)), []);
    let why = carried.path().join("refused").join(format!("{later}.reason.txt"));
    assert!(std::fs::read_to_string(why).expect("is there").contains("believed no more"));

    let back = Carried::new();
    back.put(&name, &bytes);
    assert_eq!(whys(&back.inbox().round(&county.world)), []);
    let refused = files(&back.path().join("refused"));
    assert_eq!(refused.len(), 2, "a node does not take in its own log: {refused:?}");
}

#[test]
fn a_file_that_one_database_would_not_take_is_refused_on_every_one_and_nothing_waits_behind_it() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let carried = Carried::new();
    carried.put(&name, &std::fs::read(outbox.join(&name)).expect("is there"));
    let mut inbox = carried.inbox();
    assert_eq!(whys(&inbox.round(&province.world)), []);

    // Text that no compression makes short enough for an index.
    let long = hex::encode(crate::tx::random::<4096>());
    let with_nul = format!(
        "{}\n{{\"signature\":{{}}}}\n",
        json!({
            "format": 2, "origin": "a\0b", "first": 1, "last": 1, "openness": "internal",
            "key": crate::signing::SigningKey::load(county.world.directory()).expect("has").public(),
            "endorsements": [],
        })
    );
    carried.put("0.segment", with_nul.as_bytes());
    carried.put("1.segment", &forged(&county, vec![Forged::of_kind(&long)]));
    let twice = || Forged::of_kind("lamp.unheard_of");
    carried.put("2.segment", &forged(&county, vec![twice(), twice()]));
    // The log of this province takes one entry of that kind.
    let only = "create unique index only_one on log (kind) where kind = 'lamp.unheard_of'";
    province.raw().batch(only).expect("made");
    let other = node("village");
    province.trusts(&other);
    let after = super::neighbour::segment(&other, 0, Class::Internal);
    carried.put("3.segment", &after);

    let state = inbox.round(&province.world);
    assert_eq!((whys(&state), state.left_count), (vec![], 0));
    assert_eq!(files(&carried.path().join("done")), ["3.segment", name.as_str()]);
    let told = |file: &str| {
        let path = carried.path().join(format!("refused/{file}.segment.reason.txt"));
        std::fs::read_to_string(path).expect("a reason is beside it")
    };
    assert!(told("0").contains(r"a\0b") && told("0").contains("letters"), "{}", told("0"));
    let kind = "a kind of 8192 bytes";
    assert!(told("1").contains(kind) && told("1").contains("at most 200"), "{}", told("1"));
    assert!(told("2").contains("expected values that the log takes"), "{}", told("2"));
    let kept = province.world.read_now(crate::segment::refused).expect("reads");
    assert_eq!(kept.len(), 3, "{kept:?}");
    let here = province.world.read_now(|db| Ok(crate::segment::position(db, "county")?));
    assert_eq!(here.expect("reads") as usize, entries_of_county(&county).len());
    assert!(sound(&province));
}

#[test]
fn on_a_disk_that_is_nearly_full_nothing_is_copied_and_the_file_waits_with_its_reason() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let carried = Carried::new();
    carried.put(&name, &bytes);
    let mut inbox = carried.inbox();
    let before = province.world.last_seq();
    let size = bytes.len() as u64;
    let spool = province.world.directory().join("spool");
    let waits = |inbox: &mut Inbox| {
        let state = inbox.round(&province.world);
        assert_eq!(whys(&state), [(name.clone(), Why::Trouble)]);
        let why = &state.waiting[0].detail;
        assert!(why.contains("the disk has no room") && why.contains(&size.to_string()), "{why}");
        assert!(!spool.exists(), "nothing was copied");
        assert_eq!(visible(carried.path()), [name.as_str(), "done", "refused"]);
    };
    let space = province.world.space();
    for room in [Room::ReadOnly, Room::NoReadings] {
        space.set(room);
        waits(&mut inbox);
        let taken = super::neighbour::take(&province, &bytes);
        assert!(matches!(taken, Err(Error::DiskFull)), "by another road neither: {taken:?}");
    }
    space.set(Room::Ample);
    space.set_spare(size - 1);
    waits(&mut inbox);
    assert_eq!(province.world.last_seq(), before);
    space.set_spare(size);
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert_eq!(entries_of_county(&province), entries_of_county(&county));
    let refused = province.world.read_now(crate::segment::refused).expect("reads");
    assert_eq!(refused, [], "a full disk is not the sender's fault");
}

#[test]
fn what_is_put_away_under_a_name_that_was_there_before_lies_beside_it_and_no_pipe_is_waited_for() {
    let (county, outbox) = county();
    let province = node("town");
    province.trusts(&county);
    light(&county, "a");
    let name = written(&county, &outbox);
    let narrow = std::fs::read(outbox.join(&name)).expect("is there");
    light(&county, "b");
    let wide = super::neighbour::segment(&county, 0, Class::Sensitive);
    let carried = Carried::new();
    let mut inbox = carried.inbox();
    for bytes in [&narrow, &narrow, &wide, &wide] {
        carried.put(&name, bytes);
        assert_eq!(whys(&inbox.round(&province.world)), []);
    }
    let done = |name: &str| std::fs::read(carried.path().join("done").join(name)).expect("kept");
    assert_eq!((done(&name), done(&format!("{name}.2"))), (narrow, wide), "both are there");
    assert_eq!(files(&carried.path().join("done")).len(), 2, "and each of them once");

    let pipe = carried.path().join("refused/bad.segment.reason.txt");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, kind, mode, 0).expect("made");
    carried.put("bad.segment", b"{}\n");
    let state = inbox.round(&province.world);
    assert_eq!(whys(&state), [("bad.segment".to_owned(), Why::Trouble)], "it goes on");
    std::fs::remove_file(&pipe).expect("removed");
    assert_eq!(whys(&inbox.round(&province.world)), []);
    assert!(files(&carried.path().join("refused")).contains(&"bad.segment".to_owned()));
}
