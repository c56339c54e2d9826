//! The platform, from the sensor to the street: the list that `main` is about.

use host::Part;
use trust::Sessions;

use crate::config::Config;
use crate::node_routes;

/// What every world of this node runs.
pub fn parts(config: &Config, sessions: &Sessions) -> Vec<Part> {
    vec![
        // banks
        trust::part(sessions),
        atlas::part(),
        survey::part(),
        // river
        sense::part(),
        assess::part(),
        alert::part(alert::Config {
            issuing_unit: config.node.name.clone(),
            publication: config.publication.of(config),
            region: Some(config.node.region.clone()),
            // Checked when the configuration was read.
            mail: config.mail.way(&config.node.name).unwrap_or_default(),
            webhook: config.webhook.way().unwrap_or_default(),
        }),
        respond::part(),
        // mouth
        Part { exchange: Some(config.exchange.directories()), ..node_routes::part() },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use host::part::Kit;

    use super::*;

    #[test]
    fn every_table_names_its_kind_and_every_named_table_is_made() {
        let (kit, _) = Kit::fold(parts(&Config::default(), &Sessions::default()));
        let declared: BTreeSet<&str> = kit.tables().map(|(name, _)| name).collect();
        let mut made = BTreeSet::from(["migration"]);
        for (_, _, text) in host::migration::ALL {
            for line in text.lines() {
                let name =
                    line.strip_prefix("create table ").and_then(|rest| rest.split(' ').next());
                made.extend(name);
                if let Some(dropped) = line.strip_prefix("drop table ") {
                    made.remove(dropped.trim_end_matches(';'));
                }
            }
        }
        assert_eq!(declared, made);
    }

    /// Tables of facts whose row is all there is of a subject and that are not declared
    /// as subjects, with the reason.
    const NO_SUBJECTS: [(&str, &str); 13] = [
        ("calendar_notice", "the State Council's, named by its year"),
        ("custody_origin", "a node, named by its origin"),
        ("custody_subject", "says who owns a subject of any slice"),
        ("log", "what all tables are folded from"),
        ("neighbour_reading", "another node's, by its name: the node's own decision"),
        ("region", "everybody's, named by its code"),
        ("role", "the node's own, named by its code"),
        ("sensor", "a part of its station"),
        ("station_command", "a part of its station"),
        ("station_key", "a part of its station"),
        ("station_relay", "a part of its station"),
        ("trail", "who signed in and who was refused: nothing is folded from it"),
        ("world_base", "a world, named by itself"),
    ];

    #[test]
    fn a_table_of_facts_with_rows_of_their_own_is_declared_as_one_of_subjects() {
        let (kit, _) = Kit::fold(parts(&Config::default(), &Sessions::default()));
        let of_facts = |name: &str| {
            kit.table(name).is_some_and(|(kind, _)| kind == host::fact::TableKind::Facts)
        };
        let subjects: BTreeSet<&str> = kit.slices.iter().flat_map(host::Slice::subjects).collect();
        let mut excused: BTreeSet<&str> = NO_SUBJECTS.iter().map(|(name, _)| *name).collect();
        let columns_of_home = ["id ", "origin ", "region ", "org ", "class "];
        for statement in host::migration::ALL.iter().flat_map(|(.., text)| text.split(";\n")) {
            let Some((_, rest)) = statement.split_once("create table ") else { continue };
            let (name, columns) = rest.split_once(" (").expect("columns");
            if !of_facts(name) {
                continue;
            }
            let columns: Vec<&str> = columns.lines().map(str::trim).collect();
            let has = |start: &str| columns.iter().any(|column| column.starts_with(start));
            if subjects.contains(name) {
                let missing = columns_of_home.iter().find(|column| !has(column));
                assert_eq!(missing, None, "{name} has all that the host writes");
                continue;
            }
            // A key of one column names one thing, and a class says that it is at home.
            let stands_alone = columns.iter().any(|column| column.contains(" primary key"));
            if stands_alone || has("class ") {
                assert!(excused.remove(name), "{name} is declared by `Table::subjects`");
            }
        }
        assert_eq!(excused, BTreeSet::new(), "no table is excused for nothing");
    }

    #[test]
    fn every_kind_that_the_sources_name_is_claimed_by_a_slice() {
        let (kit, _) = Kit::fold(parts(&Config::default(), &Sessions::default()));
        let facts = kit.slices.iter().flat_map(|slice| slice.kinds);
        let notes = kit.notes.iter().flat_map(|notes| notes.kinds);
        let claimed: BTreeSet<&str> = facts.chain(notes).map(|kind| kind.name).collect();
        let mut named = BTreeSet::new();
        for source in crate::sources::of_product() {
            for line in source.text.lines() {
                let Some(("", rest)) = line.trim_start().split_once('"') else { continue };
                let Some((kind, rest)) = rest.split_once('"') else { continue };
                if rest.starts_with(" v ") && rest.contains(" => ") {
                    assert!(
                        claimed.contains(kind),
                        "{kind} of {}: no Part declares it",
                        source.path
                    );
                    named.insert(kind.to_owned());
                }
            }
        }
        assert_eq!(claimed, named.iter().map(String::as_str).collect(), "the test reads them all");
    }

    #[test]
    fn both_slots_of_a_views_table_are_made_alike() {
        let (kit, _) = Kit::fold(parts(&Config::default(), &Sessions::default()));
        let statements: Vec<&str> =
            host::migration::ALL.iter().flat_map(|(_, _, text)| text.split(";\n")).collect();
        for table in kit.views.iter().flat_map(|view| view.tables) {
            let of = |slot: &str| -> Vec<String> {
                let mine = |text: &&&str| {
                    text.contains(&format!("table {slot} "))
                        || text.contains(&format!(" on {slot} "))
                };
                let alike = |text: &&str| text.trim().replace(slot, table.name);
                statements.iter().filter(mine).map(alike).collect()
            };
            let [a, b] = table.slots.map(of);
            assert!(!a.is_empty(), "{} is made nowhere", table.slots[0]);
            assert_eq!(a, b, "{}", table.name);
        }
    }
}
