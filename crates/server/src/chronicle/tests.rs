//! That the tables are what the log folds to, over all slices, and not for a small log.

use host::fact::TableKind;

use super::{Chronicle, Regions, Scale, wait};

/// Fact tables that a node's own log leaves empty.
const EMPTY: &[(&str, &str)] = &[
    // A drill's first fact, in the drill's log: see the release's fixture.
    ("world.world_base", "the real world stands on nothing"),
];

#[test]
fn a_long_log_over_all_slices_folds_to_the_same_tables() {
    let scale = Scale { stations: 330, floods: 5, calls: 20, regions: Regions::Carried };
    let Chronicle { town, .. } = wait(Chronicle::write(scale));
    let entries = town.world.last_seq();
    assert!(20_000 < entries, "{entries} entries are a small log");
    let (seq, differences) = town.world.compare_with_fold().expect("folds");
    assert_eq!((seq, differences), (entries, Vec::new()));
    let kit = town.world.kit();
    let digests = town.world.read_now(|db| host::fold::digests(db, kit)).expect("reads");
    let empty = digests.iter().filter(|(_, digest)| digest.rows == 0);
    let empty: Vec<&str> = empty.map(|(table, _)| table.as_str()).collect();
    let excused: Vec<&str> = EMPTY.iter().map(|(table, _)| *table).collect();
    assert_eq!(empty, excused, "every other fact table has rows");
    let tables = kit.slices.iter().flat_map(|slice| slice.tables);
    assert_eq!(digests.len(), tables.filter(|table| table.kind == TableKind::Facts).count());
    let misplaced = town.world.read_now(|db| host::fold::misplaced(db, kit)).expect("reads");
    assert_eq!(misplaced, [""; 0], "each subject's row is where its newest fact is at home");
    town.settle();
    assert_eq!(host::view::differences(&town.world).expect("builds"), [], "and so are the views");
    // And what begins at a snapshot ends where the whole ends.
    let snapshot = town.world.snapshot().expect("made");
    assert_eq!((snapshot.seq, snapshot.differences), (entries, Vec::new()));
}
