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
