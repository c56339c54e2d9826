//! Stories of the copy in ClickHouse, on a real server: `make test-clickhouse`.

// The stories of the store itself, told with ClickHouse as the one who is asked.
#[path = "../../../series/tests/stories/town.rs"]
#[allow(dead_code, reason = "not all stories of the store are told here")]
mod town;

#[path = "../../../series/tests/stories/model.rs"]
mod model;
#[path = "../../../series/tests/stories/promises.rs"]
mod promises;

mod witness;

mod kit;
mod server;

mod asked;
mod follows;
mod hostile;
mod restores;
