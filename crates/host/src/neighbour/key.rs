//! This node's own key: made, changed, and announced.

use schemars::JsonSchema;
use serde::Serialize;

use super::fact::{Announced, KeyFact};
use super::subject;
use crate::error::Result;
use crate::home::Home;
use crate::log::Class;
use crate::signing::{PublicKey, SigningKey};
use crate::web::Json;
use crate::{Caller, Lane, Read, Record, Tx, World, params};

/// Makes the node's key at its first start, and announces it whenever the log does
/// not know it yet: then, after a change, and after a change that a crash cut short.
///
/// # Errors
/// [`crate::Error::Internal`] when the key file cannot be read or made.
pub fn announce(world: &World) -> Result<()> {
    crate::segment::clear_spool(world)?;
    announce_with(world, |announce| world.run(Lane::Urgent, "node", announce))
}

type Announcing = Box<dyn FnOnce(&mut Tx<'_>) -> Result<()> + Send>;

fn announce_with(world: &World, run: impl FnOnce(Announcing) -> Result<()>) -> Result<()> {
    let key = SigningKey::load_or_make(world.directory())?;
    let announced = Announced {
        fingerprint: key.public().fingerprint(),
        key: key.public(),
        previous: key.endorsements().first().cloned(),
    };
    let origin = world.origin().to_owned();
    run(Box::new(move |tx| {
        let known = tx.row(
            "select origin from node_key where origin = $1 and fingerprint = $2",
            params![&origin, &announced.fingerprint],
        )?;
        if known.is_none() {
            let own = subject("node key", &origin);
            tx.record(Record::first(
                own,
                Home::node().class(Class::Public),
                KeyFact::Announced(announced),
            ))?;
        }
        Ok(())
    }))
}

/// What people at another node type in.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OwnKey {
    origin: String,
    fingerprint: String,
    key: PublicKey,
}

fn own_key(world: &World) -> Result<OwnKey> {
    let key = SigningKey::load(world.directory())?.public();
    Ok(OwnKey { origin: world.origin().to_owned(), fingerprint: key.fingerprint(), key })
}

pub(super) async fn show(world: World) -> Result<Json<OwnKey>> {
    Ok(Json(crate::node::off_the_loop(move || own_key(&world)).await?))
}

pub(super) async fn change(world: World, caller: Caller) -> Result<Json<OwnKey>> {
    let changed = crate::node::off_the_loop(move || {
        let next = SigningKey::load_or_make(world.directory())?.next(world.origin())?;
        // The file first: a crash before the fact is made good at the next start.
        next.save(world.directory())?;
        announce_with(&world, |announce| world.run_as(&caller, announce))?;
        own_key(&world)
    });
    Ok(Json(changed.await?))
}
