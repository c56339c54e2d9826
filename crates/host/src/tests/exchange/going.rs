//! What goes out as files, and what holds it back.

use super::*;

#[test]
fn nothing_is_written_before_somebody_said_what_the_neighbour_may_read_and_then_no_more_of_it() {
    let (county, outbox) = undecided();
    light(&county, "a");
    let asked = outbox::order(&county.world, "town");
    assert!(matches!(asked, Err(Error::Conflict { code: "reading-undecided", .. })), "{asked:?}");
    let huadian: Vec<AdminCode> = vec!["220282".parse().expect("a code")];
    let decide =
        move |tx: &mut Tx<'_>| set_reading(tx, "town", &huadian, Class::Internal, "何守安");
    county.world.run(Lane::Urgent, "test", decide).expect("decided");
    let elsewhere: AdminCode = "220200".parse().expect("a code");
    county.world.run(Lane::Urgent, "test", move |tx| lit(tx, "elsewhere", elsewhere)).expect("lit");
    county.settle();
    let name = written(&county, &outbox);
    let text = std::fs::read_to_string(outbox.join(&name)).expect("is there");
    assert!(text.contains("\\\"name\\\":\\\"a\\\""), "what it may read is open");
    assert!(!text.contains("elsewhere") && !text.contains("何守安"), "the rest is closed");
    let contents = crate::segment::contents(&mut text.as_bytes()).expect("verifies");
    assert_eq!((contents.entries, contents.closed), (6, 3), "{contents:?}");
    assert_eq!(contents.kinds["lamp.lit"], 2);
    assert_eq!(
        contents.regions,
        BTreeMap::from([("-".to_owned(), 2), ("220200".to_owned(), 2), ("220282".to_owned(), 2),])
    );
}

#[test]
fn a_full_or_absent_outbox_keeps_the_order_until_it_is_there_again() {
    let (county, outbox) = county();
    std::fs::remove_dir(&*outbox).expect("empty");
    light(&county, "a");
    outbox::order(&county.world, "town").expect("ordered").expect("something is new");
    let state = |world: &World| {
        let about = outbox::subject("town");
        let open = world.read_now(|db| crate::effect::open_errands(db, outbox::EFFECT, about));
        open.expect("reads").first().map(|it| (it.state, it.failures))
    };
    county.until(|world| state(world) == Some((State::Queued, 1)));
    light(&county, "b");
    assert_eq!(outbox::order(&county.world, "town").expect("asked"), None, "one at a time");
    std::fs::create_dir(&*outbox).expect("mounted");
    county.at("08:10");
    county.until(|world| state(world).is_none());
    let first = visible(&outbox);
    assert_eq!(first.len(), 1);
    let second = written(&county, &outbox);
    assert!(first[0] < second, "what was new meanwhile is in the next");
}

#[test]
fn after_a_crash_a_file_that_is_there_was_written_a_draft_was_not_and_else_a_person_says() {
    let (county, outbox) = county();
    light(&county, "a");
    let name = written(&county, &outbox);
    let bytes = std::fs::read(outbox.join(&name)).expect("is there");
    let last = entries_of_county(&county).len();
    let attempt = |number| Attempt {
        key: "the same".to_owned(),
        errand: Id::from_u128(1),
        subject: outbox::subject("town"),
        payload: json!({ "neighbour": "town", "first": 1, "last": last }),
        number,
        answer_within: Duration::from_secs(1),
        until: None,
    };
    let way_out = WayOut::of(&county.world);
    let ask = |number| outbox::WriteSegment.find_out(&way_out, &attempt(number));
    assert_eq!(ask(1), Found::WentOut(name.clone()));
    std::fs::write(outbox.join(&name), &bytes[..bytes.len() - 9]).expect("torn by a power cut");
    assert_eq!(ask(1), Found::DidNot, "it is written again, over the torn one");
    std::fs::remove_file(outbox.join(&name)).expect("carried away");
    assert_eq!(ask(1), Found::Unknown);
    std::fs::write(outbox.join(format!(".{name}.1.part")), "{").expect("died while writing");
    assert_eq!(ask(2), Found::Unknown, "another attempt's");
    assert_eq!(ask(1), Found::DidNot);
    assert_eq!(files(&outbox), [""; 0], "and the draft is gone");
}

#[test]
fn a_drill_writes_no_file() {
    let (county, outbox) = county();
    light(&county, "a");
    let drill = county.world.drill("flood", "防汛演练").expect("opens");
    let region: AdminCode = "220282".parse().expect("a code");
    drill.run(Lane::Urgent, "test", move |tx| lit(tx, "played", region)).expect("lit");
    let decide = |tx: &mut Tx<'_>| set_reading(tx, "town", &[], Class::Internal, "何守安");
    drill.run(Lane::Urgent, "test", decide).expect("decided");
    outbox::order(&drill, "town").expect("ordered").expect("something is new");
    let suppressed = |world: &World| {
        let sql = "select state from errand where effect = 'segment.write'";
        let row = world.read_now(|db| Ok(db.row(sql, &[])?)).expect("reads");
        row.map(|row| row.get::<String>("state").expect("text")) == Some("suppressed".to_owned())
    };
    let deadline = std::time::Instant::now() + Duration::from_secs(120);
    while !suppressed(&drill) {
        assert!(std::time::Instant::now() < deadline, "it is not suppressed");
        std::thread::yield_now();
    }
    let counts = |world: &World| world.read_now(|db| counts(world, db)).expect("reads");
    assert!(0 < counts(&county.world).unsent);
    assert_eq!(counts(&drill), Counts::default(), "no file is owed in a drill");
    drill.close();
    assert_eq!(files(&outbox), [""; 0]);
}

/// A mount that hangs: writing to it comes to no end before somebody answers.
struct Hangs(crossbeam_channel::Receiver<Outcome>);

impl Effect for Hangs {
    fn name(&self) -> &'static str {
        outbox::EFFECT
    }

    fn act(&self, _: &WayOut, _: &Attempt) -> Outcome {
        self.0.recv().expect("somebody answers")
    }

    fn patience(&self) -> Patience {
        Patience { answer_within: Duration::from_millis(1), ..Patience::default() }
    }
}

#[test]
fn while_nobody_knows_whether_a_file_was_written_no_further_one_is_ordered() {
    let (answered, answer) = crossbeam_channel::bounded(1);
    let (mut kit, _) = crate::part::Kit::fold(vec![part()]);
    kit.tables_of_tests = LAMPS.to_owned();
    kit.effects.retain(|effect| effect.name() != outbox::EFFECT);
    kit.effects.push(Arc::new(Hangs(answer)));
    let scratch = crate::town::Scratch::new();
    let config = crate::world::WorldConfig {
        name: "real".to_owned(),
        origin: "county".to_owned(),
        directory: scratch.path().join("worlds").join("real"),
        database: scratch.database(),
        clock: crate::Clock::still(base::Timestamp::from_millis(1_785_715_200_000)),
        durable: false,
    };
    let world = World::open(config, Arc::new(kit)).expect("opens");
    crate::neighbour::announce(&world).expect("has a key");
    let something_new = || {
        let decide = |tx: &mut Tx<'_>| set_reading(tx, "town", &[], Class::Internal, "何守安");
        world.run(Lane::Urgent, "test", decide).expect("decided");
    };
    let about = outbox::subject("town");
    let open = || {
        let open = world.read_now(|db| crate::effect::open_errands(db, outbox::EFFECT, about));
        open.expect("reads").iter().map(|it| it.state).collect::<Vec<State>>()
    };
    let until = |so: &dyn Fn() -> bool| {
        let deadline = std::time::Instant::now() + Duration::from_secs(120);
        while !so() {
            assert!(std::time::Instant::now() < deadline, "it stays {:?}", open());
            std::thread::yield_now();
        }
    };
    something_new();
    outbox::order(&world, "town").expect("ordered").expect("something is new");
    until(&|| open() == [State::Uncertain]);
    for _ in 0..3 {
        something_new();
        assert_eq!(outbox::order(&world, "town").expect("asked"), None);
    }
    assert_eq!(open(), [State::Uncertain], "as the exchange's state shows it");
    answered.send(Outcome::Done("late".to_owned())).expect("it waits");
    until(&|| open().is_empty());
    outbox::order(&world, "town").expect("ordered").expect("all that is new meanwhile");
    answered.send(Outcome::Done("at once".to_owned())).expect("it waits");
    until(&|| open().is_empty());
    world.close();
}
