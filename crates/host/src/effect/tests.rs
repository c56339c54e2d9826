//! Stories of what goes out: whatever happens, nobody believes of it what is not so.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base::Duration;
use crossbeam_channel::{Receiver, bounded};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::log::{self, Book};
use crate::part::Kit;
use crate::scope::Scope;
use crate::town::Town;
use crate::world::WorldConfig;
use crate::{Clock, Entry, Home, Lane, Part, Permission, Record, Slice, Summary, Tables};

const HEAR: Permission = Permission::new("bell.hear", "听钟");

crate::facts! {
    /// What can happen to a bell.
    pub enum BellFact {
        "bell.called_for" v 1 => CalledFor(CalledFor),
        "bell.stepped" v 1 => Stepped(Stepped),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CalledFor {}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Stepped {
    how: String,
}

/// What the bell does at an attempt.
enum Act {
    Says(Outcome),
    Panics,
    /// Until somebody outside answers.
    Waits(Receiver<Outcome>),
    /// Says how far it is by what is committed meanwhile.
    Looks,
}

/// Which bells can be reached.
enum Ready {
    All,
    None,
    Only(Id),
}

/// A bell outside, which does as it is told and remembers who rang.
struct Bell {
    acts: Mutex<VecDeque<Act>>,
    seen: Mutex<Vec<Attempt>>,
    found: Found,
    answer_within: std::time::Duration,
    /// Whose tower somebody is in.
    ready: Mutex<Ready>,
    is_in_turn: bool,
    in_vain: InVain,
}

impl Bell {
    fn new(acts: Vec<Act>) -> Bell {
        Bell {
            acts: Mutex::new(acts.into()),
            seen: Mutex::default(),
            found: Found::Unknown,
            answer_within: std::time::Duration::from_secs(120),
            ready: Mutex::new(Ready::All),
            is_in_turn: false,
            in_vain: InVain::Waits,
        }
    }

    fn seen(&self) -> Vec<Attempt> {
        self.seen.lock().expect("no holder panics").clone()
    }
}

impl Effect for Arc<Bell> {
    fn name(&self) -> &'static str {
        "bell.ring"
    }

    fn act(&self, way_out: &WayOut, attempt: &Attempt) -> Outcome {
        self.seen.lock().expect("no holder panics").push(attempt.clone());
        let act = self.acts.lock().expect("no holder panics").pop_front();
        match act.expect("rung no more often than the story says") {
            Act::Says(outcome) => outcome,
            Act::Panics => panic!("the rope broke"),
            Act::Waits(answer) => answer.recv().expect("somebody answers"),
            Act::Looks => {
                let errands = errands(way_out.world());
                Outcome::Done(format!("{:?}, {:?}", errands[0].state, steps(way_out.world())))
            }
        }
    }

    fn is_ready(&self, errand: &Errand) -> bool {
        match *self.ready.lock().expect("no holder panics") {
            Ready::All => true,
            Ready::None => false,
            Ready::Only(bell) => errand.subject == bell,
        }
    }

    fn record(&self, tx: &mut Tx<'_>, errand: &Errand, step: &Step) -> Result<()> {
        let how = match step {
            Step::Attempted { number } => format!("attempted {number}"),
            Step::Done { .. } => "done".to_owned(),
            Step::Failed { why, .. } => format!("failed: {why}"),
            Step::Uncertain { why } => format!("uncertain: {why}"),
            Step::Parked { why } => format!("parked: {why}"),
            Step::Ended { why } => format!("ended: {why}"),
            Step::Suppressed => "suppressed".to_owned(),
            Step::Resolved(it) => format!("{:?} by {}", it.decision, it.by),
        };
        let fact = BellFact::Stepped(Stepped { how });
        tx.record(Record::next(errand.subject, fact)).map(|_| ())
    }

    fn find_out(&self, _: &WayOut, _: &Attempt) -> Found {
        self.found.clone()
    }

    fn patience(&self) -> Patience {
        let Bell { answer_within, is_in_turn, in_vain, .. } = **self;
        Patience { answer_within, at_once: 2, is_in_turn, in_vain, ..Patience::default() }
    }
}

fn part(bell: &Arc<Bell>) -> Part {
    fn apply(_: &mut Tables<'_>, _: &Entry, _: &BellFact) {}
    let slice =
        Slice::new::<BellFact>("bell", 1, &[], HEAR, apply, |_, _| Summary::new("钟", json!({})));
    Part {
        name: "bells",
        slices: vec![slice],
        effects: vec![Arc::new(Arc::clone(bell))],
        permissions: vec![HEAR],
        ..Part::default()
    }
}

fn town(bell: &Arc<Bell>) -> Town {
    let town = Town::of_origin("town", vec![part(bell)], "");
    town.regions(&[("220282", "220282"), ("220281", "220281")]);
    town
}

/// Has the bell rung; answers the errand.
fn call(world: &World, change: impl FnOnce(Order) -> Order + Send + 'static) -> Id {
    let ordered = world.run(Lane::Urgent, "test", move |tx| {
        let bell = tx.new_id();
        let home = Home::region("220282".parse().expect("a code"));
        tx.record(Record::first(bell, home, BellFact::CalledFor(CalledFor {})))?;
        tx.send_out(change(Order::new("bell.ring", bell, "敲钟", json!({ "bell": bell }))))
    });
    ordered.expect("ordered")
}

fn errands(world: &World) -> Vec<Errand> {
    let all = world.read_now(|db| store::list(db, &Scope::Node, None, None, 100));
    all.expect("reads")
}

fn errand(world: &World, id: Id) -> Errand {
    world.read_now(|db| store::load(db, &Scope::Node, id)).expect("is there")
}

fn reaches(town: &Town, id: Id, state: State) -> Errand {
    town.until(|world| errand(world, id).state == state);
    errand(&town.world, id)
}

/// What the log holds of steps, in order.
fn steps(world: &World) -> Vec<String> {
    let entries = world.read_now(|db| Ok(log::after(db, Book::Log, 0, 1_000)?)).expect("reads");
    let stepped = entries.iter().filter_map(|entry| match crate::fact::read::<BellFact>(entry) {
        Some(BellFact::Stepped(it)) => Some(it.how),
        _ => None,
    });
    stepped.collect()
}

fn failed() -> Act {
    Act::Says(Outcome::Failed("no wind".to_owned()))
}

fn rung() -> Act {
    Act::Says(Outcome::Done("twelve".to_owned()))
}

#[test]
fn that_it_is_attempted_is_committed_before_it_goes_out_and_what_came_of_it_after() {
    let bell = Arc::new(Bell::new(vec![Act::Looks]));
    let town = town(&bell);
    let id = call(&town.world, |order| order);
    let done = reaches(&town, id, State::Done);
    assert_eq!(done.said.as_deref(), Some("Attempted, [\"attempted 1\"]"));
    assert_eq!(steps(&town.world), ["attempted 1", "done"]);
    let attempts = bell.seen();
    assert_eq!(attempts[0].key, format!("town/bell.ring/{id}"));
    let entries = town.world.read_now(|db| Ok(log::after(db, Book::Log, 0, 10)?)).expect("reads");
    let (called, after) = entries.split_first().expect("some");
    assert_eq!(after.len(), 2);
    assert!(after.iter().all(|entry| entry.header.cause == Some(called.id())));
    assert!(after.iter().all(|entry| entry.header.correlation == called.header.correlation));
}

#[tokio::test]
async fn five_failures_by_the_worlds_clock_park_it_with_its_subject_until_a_person_decides() {
    let bell = Arc::new(Bell::new((0..5).map(|_| failed()).chain([rung()]).collect()));
    let town = town(&bell);
    town.person("主任", "220282", &[READ, RESOLVE]);
    town.person("邻县", "220281", &[READ, RESOLVE]);
    town.person("观察员", "220282", &[READ]);
    let id = call(&town.world, |order| order);
    for (failures, pause) in (1..).zip(Patience::default().pauses) {
        town.until(|world| errand(world, id).failures == failures);
        let waits = errand(&town.world, id);
        let now = town.world.clock().now();
        assert_eq!((waits.state, waits.due_at), (State::Queued, now + *pause));
        town.world.clock().set(now + *pause);
    }
    let parked = reaches(&town, id, State::Parked);
    assert_eq!((parked.attempts, parked.said.as_deref()), (5, Some("no wind")));
    let counted = town.world.read_now(counts).expect("counts");
    assert_eq!(counted, Counts { parked: 1, ..Counts::default() });

    let path = format!("/api/errands/{id}/resolve");
    let again = json!({ "decision": "try_again", "reason": "风来了" });
    assert_eq!(town.post("邻县", &path, again.clone()).await.status, 404);
    assert_eq!(town.post("观察员", &path, again.clone()).await.status, 403);
    let unreasoned = json!({ "decision": "try_again", "reason": "" });
    assert_eq!(town.post("主任", &path, unreasoned).await.status, 422);
    let list = town.get("主任", "/api/errands?state=parked").await.body;
    assert_eq!(list["items"][0]["id"], json!(id));
    assert!(list["items"][0].get("payload").is_none(), "{list}");
    assert_eq!(town.get("邻县", "/api/errands").await.body["items"], json!([]));
    assert_eq!(town.post("主任", &path, again.clone()).await.status, 200);
    let done = reaches(&town, id, State::Done);
    assert_eq!((done.attempts, done.failures), (6, 0));
    assert_eq!(town.post("主任", &path, again).await.body["code"], "errand-not-waiting");
    let keys: Vec<String> = bell.seen().into_iter().map(|attempt| attempt.key).collect();
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
    assert_eq!(
        steps(&town.world)[9..],
        ["parked: no wind", "TryAgain by 主任", "attempted 6", "done"]
    );
    let entries = town.world.read_now(|db| log::before(db, Book::Log, 100, 4)).expect("reads");
    assert!(entries.iter().any(|entry| entry.kind() == "errand.resolved"));
}

/// The same node again, as if its process had been killed: another world on the same
/// database, while what the first one does goes on and is heard by nobody.
fn starts_again(town: &Town, bell: &Arc<Bell>) -> World {
    let (kit, _) = Kit::fold(vec![part(bell)]);
    let config = WorldConfig {
        name: "real".to_owned(),
        origin: "town".to_owned(),
        directory: town.world.directory().to_owned(),
        database: town.database(),
        clock: Clock::still(town.world.clock().now()),
        durable: false,
    };
    World::open(config, Arc::new(kit)).expect("opens again")
}

fn waits_until(world: &World, so: impl Fn(&World) -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while !so(world) {
        assert!(std::time::Instant::now() < deadline, "it does not come to pass");
        std::thread::yield_now();
    }
}

#[test]
fn what_was_going_out_when_the_node_died_is_uncertain_and_not_sent_again_by_itself() {
    let answers: Vec<_> = (0..2).map(|_| bounded(1)).collect();
    let acts = answers.iter().map(|(_, answer)| Act::Waits(answer.clone())).collect();
    let bell = Arc::new(Bell::new(acts));
    let town = town(&bell);
    let ids = [call(&town.world, |order| order), call(&town.world, |order| order)];
    town.until(|_| !bell.seen().is_empty());
    let under_way = bell.seen()[0].errand;
    let later = Arc::new(Bell::new(vec![rung(), rung()]));
    let again = starts_again(&town, &later);
    waits_until(&again, |world| errand(world, under_way).state == State::Uncertain);
    assert!(later.seen().iter().all(|attempt| attempt.errand != under_way));
    let why = errand(&again, under_way).said;
    assert_eq!(why.as_deref(), Some("the node ended before the answer came"));
    let decided = again.run(Lane::Urgent, "test", move |tx| {
        let (reason, by) = ("电话核实".to_owned(), "主任".to_owned());
        resolve::decide(tx, &Scope::Node, under_way, Decision::WentOut, reason, by)
    });
    assert_eq!(decided.expect("decided").state, State::Done);
    // The dead one's answer comes after all: what a person decided stays.
    for (answered, _) in &answers {
        drop(answered.send(Outcome::Failed("late".to_owned())));
    }
    town.world.close();
    assert_eq!(errand(&again, under_way).state, State::Done);
    let other = ids.into_iter().find(|id| *id != under_way).expect("the other one");
    waits_until(&again, |world| errand(world, other).state != State::Attempted);
    again.close();
}

#[test]
fn an_effect_that_can_find_out_needs_no_person() {
    for (found, expected, rings) in [
        (Found::DidNot, "failed: the node ended before the answer came, so it goes out again", 1),
        (Found::WentOut("thirteen".to_owned()), "done", 0),
    ] {
        let (answered, answer) = bounded(1);
        let bell = Arc::new(Bell::new(vec![Act::Waits(answer)]));
        let town = town(&bell);
        let id = call(&town.world, |order| order);
        town.until(|_| !bell.seen().is_empty());
        let later = Arc::new(Bell { found, ..Bell::new(vec![rung()]) });
        let again = starts_again(&town, &later);
        waits_until(&again, |world| errand(world, id).state == State::Done);
        assert_eq!(later.seen().len(), rings);
        assert!(later.seen().iter().all(|attempt| attempt.key == bell.seen()[0].key));
        assert_eq!(steps(&again)[1], expected);
        drop(answered.send(Outcome::Done("late".to_owned())));
        town.world.close();
        again.close();
    }
}

#[test]
fn an_answer_that_is_late_is_taken_and_a_panic_is_no_answer() {
    let (answered, answer) = bounded(1);
    let answer_within = std::time::Duration::from_millis(1);
    let bell = Bell::new(vec![Act::Waits(answer), Act::Panics]);
    let bell = Arc::new(Bell { answer_within, ..bell });
    let town = town(&bell);
    let id = call(&town.world, |order| order);
    let waits = reaches(&town, id, State::Uncertain);
    assert_eq!(waits.said.as_deref(), Some("no answer within 0 s"));
    answered.send(Outcome::Done("at last".to_owned())).expect("it waits");
    assert_eq!(reaches(&town, id, State::Done).said.as_deref(), Some("at last"));
    let id = call(&town.world, |order| order);
    town.until(|world| {
        errand(world, id).said.is_some_and(|said| said.contains("the rope broke"))
            || errand(world, id).state == State::Uncertain
    });
    assert_eq!(errand(&town.world, id).state, State::Uncertain);
}

#[test]
fn it_is_ordered_once_under_its_key_and_goes_out_in_its_time_or_not_at_all() {
    let bell =
        Arc::new(Bell::new(vec![rung(), Act::Says(Outcome::Refused("no such bell".to_owned()))]));
    let town = town(&bell);
    let first = call(&town.world, |order| order.key("noon"));
    reaches(&town, first, State::Done);
    assert_eq!(call(&town.world, |order| order.key("noon")), first);
    let past = town.world.clock().now() - Duration::from_secs(1);
    let late = call(&town.world, move |order| order.until(past));
    let late = reaches(&town, late, State::Parked);
    assert!(late.said.is_some_and(|said| said.contains("by its time")));
    let refused = call(&town.world, |order| order);
    assert_eq!(reaches(&town, refused, State::Parked).attempts, 1);
    assert_eq!(bell.seen().len(), 2);
    let unknown = town.world.run(Lane::Urgent, "test", |tx| {
        tx.send_out(Order::new("bell.melt", Id::from_u128(1), "熔钟", json!({})))
    });
    assert!(matches!(unknown, Err(Error::Internal(_))), "{unknown:?}");
}

/// The moment to which what was set aside waits.
fn set_aside(town: &Town, id: Id) -> Errand {
    town.until(|world| errand(world, id).made_at < errand(world, id).due_at);
    errand(&town.world, id)
}

#[test]
fn what_nobody_can_be_reached_for_waits_without_an_attempt_until_it_is_hastened_or_over() {
    let ready = Mutex::new(Ready::None);
    let bell = Arc::new(Bell { in_vain: InVain::Ends, ready, ..Bell::new(vec![rung()]) });
    let town = town(&bell);
    let until = town.world.clock().now() + Duration::from_mins(3);
    let ids = [(); 3].map(|()| call(&town.world, move |order| order.until(until)));
    let [waits, withdrawn, over] = ids.map(|id| set_aside(&town, id));
    assert_eq!((waits.state, waits.due_at, waits.attempts), (State::Queued, until, 0));

    let key = withdrawn.key.clone();
    let withdraw = move |tx: &mut Tx<'_>| {
        Ok((tx.withdraw("bell.ring", &key)?, tx.withdraw("bell.ring", &key)?))
    };
    let twice = town.world.run(Lane::Urgent, "test", withdraw).expect("withdrawn");
    assert_eq!(twice, (true, false));
    assert_eq!(errand(&town.world, withdrawn.id).state, State::GivenUp);

    let subject = waits.subject;
    *bell.ready.lock().expect("no holder panics") = Ready::Only(subject);
    let hasten = move |tx: &mut Tx<'_>| tx.hasten("bell.ring", subject);
    town.world.run(Lane::Urgent, "test", hasten).expect("hastened");
    reaches(&town, waits.id, State::Done);
    let key = waits.key.clone();
    let late = town.world.run(Lane::Urgent, "test", move |tx| tx.withdraw("bell.ring", &key));
    assert!(!late.expect("asked"), "what went out is not taken back");

    town.world.clock().set(until);
    let over = reaches(&town, over.id, State::GivenUp);
    assert_eq!(over.attempts, 0);
    let steps = steps(&town.world);
    assert_eq!(steps[..2], ["attempted 1", "done"]);
    assert!(steps[2].starts_with("ended: it was not out by its time"), "{steps:?}");
    assert_eq!(town.world.read_now(counts).expect("counts"), Counts::default());
}

#[test]
fn what_was_set_aside_is_looked_at_when_the_node_starts_again() {
    let bell = Arc::new(Bell { ready: Mutex::new(Ready::None), ..Bell::new(Vec::new()) });
    let town = town(&bell);
    let id = call(&town.world, |order| order);
    set_aside(&town, id);
    town.world.close();
    let later = Arc::new(Bell::new(vec![rung()]));
    let again = starts_again(&town, &later);
    waits_until(&again, |world| errand(world, id).state == State::Done);
    again.close();
}

#[test]
fn errands_of_one_subject_take_turns_and_hold_up_no_other() {
    let (answered, answer) = bounded(1);
    let bell = Bell::new(vec![Act::Waits(answer), rung(), rung()]);
    let bell = Arc::new(Bell { is_in_turn: true, ..bell });
    let town = town(&bell);
    let first = call(&town.world, |order| order);
    town.until(|_| bell.seen().len() == 1);
    let subject = errand(&town.world, first).subject;
    let second = town.world.run(Lane::Urgent, "test", move |tx| {
        tx.send_out(Order::new("bell.ring", subject, "再敲", json!({})))
    });
    let second = second.expect("ordered");
    let other = call(&town.world, |order| order);
    reaches(&town, other, State::Done);
    assert_eq!(errand(&town.world, second).state, State::Queued);
    answered.send(Outcome::Done("at last".to_owned())).expect("it waits");
    reaches(&town, second, State::Done);
    let order: Vec<Id> = bell.seen().into_iter().map(|attempt| attempt.errand).collect();
    assert_eq!(order, [first, other, second]);
}

#[test]
fn nothing_leaves_a_drill_and_what_would_have_is_recorded() {
    let bell = Arc::new(Bell::new(Vec::new()));
    let town = town(&bell);
    call_nothing(&town.world);
    let drill = town.world.drill("flood", "防汛演练").expect("opens");
    let id = call(&drill, |order| order);
    waits_until(&drill, |world| errand(world, id).state == State::Suppressed);
    assert_eq!(steps(&drill), ["suppressed"]);
    drill.close();
    // Nor when the node starts again.
    let again = crate::drill::resume(&town.world).expect("reads").remove(0);
    let id = call(&again, |order| order);
    waits_until(&again, |world| errand(world, id).state == State::Suppressed);
    again.close();
    assert_eq!(bell.seen(), []);
    assert_eq!(errands(&town.world), []);
}

/// Something for a drill to stand on.
fn call_nothing(world: &World) {
    let called = world.run(Lane::Urgent, "test", |tx| {
        let home = Home::region("220282".parse().expect("a code"));
        let bell = tx.new_id();
        tx.record(Record::first(bell, home, BellFact::CalledFor(CalledFor {}))).map(|_| ())
    });
    called.expect("recorded");
}
