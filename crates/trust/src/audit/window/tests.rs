use base::AdminCode;
use host::line::{FactLine, Silent};
use host::part::Kit;
use host::scope::{Place, Scope};
use host::town::Scratch;
use host::world::WorldConfig;
use host::{Clock, Home, Lane, Record, World};

use super::*;
use crate::grant::{GrantFact, Withdrawn};
use crate::role::{RoleDefinition, RoleFact};

/// A province whose log is about 220200, with a word about 220281 now and then.
struct Province {
    world: World,
    _scratch: Scratch,
}

const QUIET: &str = "220281";
const BUSY: &str = "220282";
const FACTS: i64 = 6_000;

impl Province {
    fn new() -> Province {
        let scratch = Scratch::new();
        let sessions = crate::Sessions::default();
        let (kit, _) = Kit::fold(vec![crate::part(&sessions), atlas::part()]);
        let config = WorldConfig {
            name: "real".to_owned(),
            origin: "province".to_owned(),
            directory: scratch.path().join("worlds").join("real"),
            database: scratch.database(),
            clock: Clock::machine(),
            durable: false,
        };
        let world = World::open(config, std::sync::Arc::new(kit)).expect("opens");
        atlas::seed(&world).expect("seeded");
        world
            .run(Lane::Ordinary, "test", |tx| {
                for number in 2..=FACTS {
                    let code: AdminCode =
                        if number % 1_000 == 0 { QUIET } else { BUSY }.parse().expect("a code");
                    let role = RoleDefinition {
                        role: "r".to_owned(),
                        word: "角色".to_owned(),
                        permissions: Vec::new(),
                    };
                    let gone = Withdrawn {
                        account: Id::from_u128(1),
                        role: "r".to_owned(),
                        place: Place::Region(code.clone()),
                        place_name: String::new(),
                    };
                    let subject = Id::from_u128(number.unsigned_abs().into());
                    let home = Home::region(code);
                    let record = if number % 500 == 0 {
                        Record::first(subject, home, RoleFact::Defined(role))
                    } else {
                        Record::first(subject, home, GrantFact::Withdrawn(gone))
                    };
                    tx.record(record)?;
                }
                Ok(())
            })
            .expect("recorded");
        assert_eq!(world.last_seq(), FACTS);
        Province { world, _scratch: scratch }
    }

    fn seqs(&self, parts: &[SightPart], filter: &Filter, range: Range, limit: i64) -> Vec<i64> {
        let sight = Sight { parts: parts.to_vec() };
        let found = self
            .world
            .read_now(|db| list(db, &sight, filter, range.within(FACTS), limit))
            .expect("reads");
        found.iter().map(|entry| entry.seq).collect()
    }
}

impl Drop for Province {
    fn drop(&mut self) {
        self.world.close();
    }
}

fn regional(region: &str) -> SightPart {
    let scope = Scope::all_in(region.parse().expect("a code"));
    SightPart { scope, kinds: Kinds::These(vec!["role.defined", "grant.withdrawn"]) }
}

fn of_node(kind: &'static str) -> SightPart {
    SightPart { scope: Scope::Node, kinds: Kinds::These(vec![kind]) }
}

fn whole() -> SightPart {
    Sight::whole().parts.remove(0)
}

#[test]
fn a_page_goes_on_through_every_window_in_both_orders() {
    let province = Province::new();
    let all = Filter::default();
    let quiet = [regional(QUIET)];
    let newest = Range::newest_first(None);
    let oldest = Range::oldest_first(0, None);
    assert_eq!(province.seqs(&quiet, &all, newest, 10), [6_000, 5_000, 4_000, 3_000, 2_000, 1_000]);
    assert_eq!(province.seqs(&quiet, &all, newest, 2), [6_000, 5_000]);
    assert_eq!(province.seqs(&quiet, &all, oldest, 3), [1_000, 2_000, 3_000]);
    let some = Range::newest_first(Some(3_000));
    assert_eq!(province.seqs(&quiet, &all, some, 10), [2_000, 1_000]);
    let some = Range::oldest_first(4_000, Some(6_000));
    assert_eq!(province.seqs(&quiet, &all, some, 10), [5_000]);
    assert_eq!(province.seqs(&quiet, &all, Range::oldest_first(FACTS, None), 10), [0i64; 0]);

    // Two sights that are mixed: a region's, and one kind of the whole node.
    let withdrawn = Kinds::These(vec!["grant.withdrawn"]);
    let both = [SightPart { kinds: withdrawn, ..regional(BUSY) }, of_node("role.defined")];
    assert_eq!(province.seqs(&both, &all, newest, 3), [6_000, 5_999, 5_998]);
    let only = Filter { kind: Some("role.defined".to_owned()), ..Filter::default() };
    let seqs = province.seqs(&both, &only, newest, 100);
    assert_eq!((seqs.len(), seqs[0], seqs[11]), (12, 6_000, 500));
    let one = Filter { subject: Some(Id::from_u128(777)), ..Filter::default() };
    assert_eq!(province.seqs(&both, &one, oldest, 100), [777]);
    assert_eq!(province.seqs(&quiet, &one, oldest, 100), [0i64; 0], "not in this region");
}

host::facts! {
    /// What a later program knows.
    pub enum BeaconFact {
        "beacon.lit" v 1 => Lit(BeaconLit),
    }
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub struct BeaconLit {}

/// The slice of a later program, or nothing.
fn program(later: bool) -> Kit {
    let beacon = host::Slice::new::<BeaconFact>(
        "beacon",
        1,
        &[],
        super::super::READ_LOG,
        |_, _, _| (),
        |_, _| host::Summary::new("举烽", serde_json::json!({})),
    );
    let beacons = host::Part {
        name: "beacons",
        slices: if later { vec![beacon] } else { Vec::new() },
        ..host::Part::default()
    };
    Kit::fold(vec![crate::part(&crate::Sessions::default()), atlas::part(), beacons]).0
}

#[test]
fn a_fact_that_only_a_newer_program_knows_is_shown_to_the_auditor_and_counted() {
    let scratch = Scratch::new();
    let open = |later| {
        let config = WorldConfig {
            name: "real".to_owned(),
            origin: "county".to_owned(),
            directory: scratch.path().join("worlds").join("real"),
            database: scratch.database(),
            clock: Clock::machine(),
            durable: false,
        };
        World::open(config, std::sync::Arc::new(program(later))).expect("opens")
    };
    let lines = |world: &World, filter: Filter| {
        let kit = world.kit().clone();
        let range = Range::oldest_first(0, None).within(world.last_seq());
        let read = world.read_now(|db| {
            let entries = list(db, &Sight::whole(), &filter, range, 100)?;
            Ok((FactLine::list(db, &kit, &entries)?, host::unapplied::counts(db, &kit)?.unknown))
        });
        read.expect("reads")
    };
    let of_kind = || Filter { kind: Some("beacon.lit".to_owned()), ..Filter::default() };
    let later = open(true);
    let subject = Id::from_u128(7);
    let lit = Record::first(subject, Home::node(), BeaconFact::Lit(BeaconLit {}));
    later.run(Lane::Ordinary, "test", move |tx| tx.record(lit)).expect("recorded");
    let (known, unknown) = lines(&later, of_kind());
    assert_eq!((known.len(), known[0].silent, unknown), (1, None, 0));
    later.close();
    drop(later);

    let world = open(false);
    let thread = known[0].correlation;
    for filter in [
        Filter::default(),
        of_kind(),
        Filter { subject: Some(subject), ..Filter::default() },
        Filter { correlation: Some(thread), ..Filter::default() },
    ] {
        let (shown, unknown) = lines(&world, filter);
        let beacon = shown.iter().find(|line| line.kind == "beacon.lit").expect("no gap");
        assert!(beacon.summary.is_none());
        assert_eq!((beacon.silent, unknown), (Some(Silent::Newer), 1));
    }
    world.close();
}

#[test]
fn what_one_sees_is_found_by_an_index_and_not_by_walking_the_log() {
    let province = Province::new();
    let window = Range::newest_first(None).within(FACTS);
    let all = Filter::default;
    let subject = Filter { subject: Some(Id::from_u128(1)), ..all() };
    let thread = Filter { correlation: Some(Id::from_u128(1)), ..all() };
    let kind = Filter { kind: Some("role.defined".to_owned()), ..all() };
    for (sight, filter, index) in [
        (regional(QUIET), all(), "log_by_region"),
        (regional(QUIET), kind, "log_by_region"),
        (regional(QUIET), subject, "log_by_subject"),
        (regional(QUIET), thread, "log_by_correlation"),
        (of_node("role.defined"), all(), "log_by_kind"),
        (whole(), Filter { kind: Some("role.defined".to_owned()), ..all() }, "log_by_kind"),
        (whole(), all(), "sqlite_autoindex_log_1"),
    ] {
        let way = &sight.by_index()[0];
        let (condition, params) = condition(&sight, way, &filter, window, 100);
        let text = format!("explain query plan select seq, header from log where {condition}");
        let plan = province.world.read_now(|db| Ok(db.rows(&text, &params)?));
        // Only the embedded engine explains itself in these words.
        let Ok(plan) = plan else { return };
        let plan: Vec<String> =
            plan.iter().map(|row| row.get("detail").expect("a sentence")).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:?}");
        assert!(!plan.iter().any(|step| step.starts_with("SCAN log")), "{plan:?}");
    }
}
