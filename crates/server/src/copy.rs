//! The copy of the readings in ClickHouse, if the node has one.

use std::sync::Arc;

use clickhouse::{Mirror, Mirrored};
use host::World;

use crate::config::ClickHouse;

/// The mirror's own file in the directory of the real world; no backup has it.
const FILE: &str = "clickhouse";

/// Opens the copy of a world as configured, lets it be asked, and starts it. Without one,
/// nothing is held for it any longer.
///
/// # Errors
/// A sentence for the terminal. That ClickHouse does not answer is none.
pub fn open(config: &ClickHouse, world: &World) -> Result<Option<Arc<Mirror>>, String> {
    let (store, file) = (world.series().clone(), world.directory().join(FILE));
    let Some(copy) = config.copy()? else {
        Mirror::forget(&store, &file).map_err(|error| error.to_string())?;
        return Ok(None);
    };
    if !config.is_local() {
        tracing::warn!("readings go to a ClickHouse on another machine without TLS: use a tunnel");
    }
    let owner = world.birth().map_err(|error| error.to_string())?;
    let owner = owner.ok_or("the log of this node has no first entry")?;
    let clock = world.clock().clone();
    let now = Box::new(move || clock.now());
    let mirror = Mirror::open(store.clone(), copy, owner, &file, now)
        .map_err(|error| format!("clickhouse: {error}"))?;
    let mirror = Arc::new(mirror);
    world.ask_for_readings(Arc::new(Mirrored::new(store, Arc::clone(&mirror))));
    mirror.start().map_err(|error| error.to_string())?;
    Ok(Some(mirror))
}
