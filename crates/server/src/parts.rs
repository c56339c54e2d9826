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
        // river
        sense::part(),
        assess::part(),
        alert::part(alert::Config { issuing_unit: config.node.name.clone() }),
        respond::part(),
        // mouth
        node_routes::part(),
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
            }
        }
        assert_eq!(declared, made);
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
