//! The doors at which sealed values are made and opened.
//!
//! There are three ways to open one: by the person whose work it is, by another
//! person with a note in the trail, and masked. None gives another's value whole
//! without the note.

use base::Id;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Keys, Opened, Sealed};
use crate::error::{Error, Result};
use crate::scope::Caller;
use crate::tx::{Record, Tx};
use crate::web::Idempotency;
use crate::world::World;

/// How much of a value may be shown without a note, as in `138****5678`: one rule for
/// each type, beside it.
pub trait Mask: DeserializeOwned {
    type Masked;

    fn masked(&self) -> Self::Masked;
}

impl<T> Opened<T> {
    /// The value, or why there is none.
    ///
    /// # Errors
    /// [`Error::Conflict`]: `key-destroyed`, or `key-absent` when the key is elsewhere.
    pub fn or_refused(self) -> Result<T> {
        match self {
            Opened::Open(value) => Ok(value),
            Opened::Destroyed => {
                Err(Error::conflict("key-destroyed", "the key of this holder was destroyed"))
            }
            Opened::Closed => {
                Err(Error::conflict("key-absent", "the key of this holder is not on this node"))
            }
        }
    }

    /// The value, if it opened.
    pub fn value(self) -> Option<T> {
        match self {
            Opened::Open(value) => Some(value),
            Opened::Destroyed | Opened::Closed => None,
        }
    }
}

impl Keys {
    /// What may be shown of a value without a note.
    ///
    /// # Errors
    /// [`Error::Internal`] when key and ciphertext do not belong together.
    pub fn open_masked<T: Mask>(&self, sealed: &Sealed<T>) -> Result<Opened<T::Masked>> {
        Ok(match self.unseal(sealed)? {
            Opened::Open(value) => Opened::Open(value.masked()),
            Opened::Destroyed => Opened::Destroyed,
            Opened::Closed => Opened::Closed,
        })
    }

    /// Whether this very value is sealed there: to whoever typed it, it tells nothing new.
    ///
    /// # Errors
    /// [`Error::Conflict`] as [`Opened::or_refused`]; [`Error::Internal`] when key and
    /// ciphertext do not belong together.
    pub fn holds<T: DeserializeOwned + PartialEq>(
        &self,
        sealed: &Sealed<T>,
        value: &T,
    ) -> Result<bool> {
        Ok(self.unseal(sealed)?.or_refused()? == *value)
    }
}

impl World {
    /// Seals a value under its holder's key, which is made if there is none and is on
    /// disk when this returns: before the command that keeps the ciphertext.
    ///
    /// # Errors
    /// [`Error::Conflict`]: `key-destroyed`, or `past-world`; [`Error::DiskFull`].
    pub async fn seal<T>(&self, holder: Id, value: T) -> Result<Sealed<T>>
    where
        T: Serialize + Send + 'static,
    {
        // A world that takes no command makes no key either.
        self.check_writable()?;
        let world = self.clone();
        let sealing = move || world.keys().seal(holder, &value, world.clock().now());
        tokio::task::spawn_blocking(sealing)
            .await
            .map_err(|error| Error::Internal(format!("sealing panicked: {error}")))?
    }

    /// Seals the bytes of a document under its holder's key. Not for async code.
    ///
    /// # Errors
    /// [`Error::Conflict`]: `key-destroyed`, or `past-world`; [`Error::DiskFull`].
    pub fn seal_bytes(&self, holder: Id, bytes: &[u8]) -> Result<Vec<u8>> {
        self.check_writable()?;
        self.keys().seal_bytes(holder, bytes, self.clock().now())
    }

    /// Opens sealed bytes for the node's own work, such as reading a frame anew; nobody is
    /// shown them. Not for async code.
    ///
    /// # Errors
    /// [`Error::Internal`] when they are not sealed, or not with this key.
    pub fn unseal_for_work(&self, holder: Id, bytes: &[u8]) -> Result<Opened<Vec<u8>>> {
        self.keys().unseal_bytes(holder, bytes)
    }

    /// Opens a sealed value for the node's own work, such as telling somebody at their
    /// number; nobody is shown it. Not for async code.
    ///
    /// # Errors
    /// [`Error::Internal`] when key and ciphertext do not belong together.
    pub fn open_for_work<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<Opened<T>> {
        self.keys().unseal(sealed)
    }

    /// What may be shown of sealed bytes without a note: `mask` sees them, and only what it
    /// gives leaves. Not for async code.
    ///
    /// # Errors
    /// [`Error::Internal`] when they are not sealed, or not with this key.
    pub fn open_bytes_masked<T>(
        &self,
        holder: Id,
        bytes: &[u8],
        mask: impl FnOnce(&[u8]) -> T,
    ) -> Result<Opened<T>> {
        Ok(match self.keys().unseal_bytes(holder, bytes)? {
            Opened::Open(plain) => Opened::Open(mask(&plain)),
            Opened::Destroyed => Opened::Destroyed,
            Opened::Closed => Opened::Closed,
        })
    }

    /// Opens the sealed bytes of a document for a person who may see them, with `note` in
    /// the trail, committed before this returns.
    ///
    /// # Errors
    /// As [`World::open_sealed`].
    pub async fn open_sealed_bytes(
        &self,
        caller: &Caller,
        holder: Id,
        bytes: Vec<u8>,
        note: Record,
    ) -> Result<Opened<Vec<u8>>> {
        let (give, opened) = tokio::sync::oneshot::channel();
        let noted = self.commit(caller, Idempotency::default(), move |tx| {
            let plain = tx.keys().unseal_bytes(holder, &bytes)?;
            if matches!(plain, Opened::Open(_)) {
                tx.note(note)?;
            }
            // Whoever asked may have gone away; that it was opened is noted all the same.
            drop(give.send(plain));
            Ok(())
        });
        noted.await?;
        opened.await.map_err(|_| Error::Internal("opened bytes got lost".to_owned()))
    }

    /// Opens a sealed value for a person who may see it: `owner`, whose work it is, just
    /// so; anybody else with `note` in the trail, committed before this returns.
    ///
    /// # Errors
    /// [`Error::Internal`] when key and ciphertext do not belong together; what a commit
    /// refuses with, and then nothing is opened.
    pub async fn open_sealed<T>(
        &self,
        caller: &Caller,
        sealed: Sealed<T>,
        owner: Id,
        note: Record,
    ) -> Result<Opened<T>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        if caller.person == owner {
            // No command: on a full disk one still reads one's own.
            let world = self.clone();
            return tokio::task::spawn_blocking(move || world.keys().unseal(&sealed))
                .await
                .map_err(|error| Error::Internal(format!("opening panicked: {error}")))?;
        }
        let (give, opened) = tokio::sync::oneshot::channel();
        let noted = self.commit(caller, Idempotency::default(), move |tx| {
            let value = tx.open_sealed(&sealed, owner, note)?;
            // Whoever asked may have gone away; that it was opened is noted all the same.
            drop(give.send(value));
            Ok(())
        });
        noted.await?;
        opened.await.map_err(|_| Error::Internal("an opened value got lost".to_owned()))
    }
}

impl Tx<'_> {
    /// Opens a sealed value within a command, and notes it in the trail unless it is the
    /// actor's own work. What does not open is not noted: nothing was read.
    ///
    /// # Errors
    /// [`Error::Internal`] when key and ciphertext do not belong together; [`Error::Db`]
    /// when the trail does not take the note.
    pub fn open_sealed<T: DeserializeOwned>(
        &mut self,
        sealed: &Sealed<T>,
        owner: Id,
        note: Record,
    ) -> Result<Opened<T>> {
        let opened = self.keys().unseal(sealed)?;
        if matches!(opened, Opened::Open(_)) && self.actor().person != Some(owner) {
            self.note(note)?;
        }
        Ok(opened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Home;
    use crate::log::{self, Book};
    use crate::sealed::destroy;
    use crate::town::Town;
    use crate::trail::{Notes, Said};
    use crate::{Lane, Part, Permission};

    crate::facts! {
        pub enum ValueNote {
            "value.read" v 1 => Read(ValueRead),
        }
    }

    #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    pub struct ValueRead {}

    const HOLDER: Id = Id::from_u128(7);

    fn note() -> Record {
        Record::first(HOLDER, Home::node(), ValueNote::Read(ValueRead {}))
    }

    fn town() -> Town {
        let notes = vec![Notes::new::<ValueNote>("value", |_| Said::new(serde_json::json!({})))];
        Town::new(vec![Part { name: "values", notes, ..Part::default() }])
    }

    fn noted(town: &Town) -> usize {
        town.world.read_now(|db| Ok(log::after(db, Book::Trail, 0, 100)?)).expect("reads").len()
    }

    #[tokio::test]
    async fn anothers_value_is_opened_with_a_note_or_not_at_all() {
        const NONE: &[Permission] = &[];
        let town = town();
        let world = &town.world;
        let (owner, other) = (town.person("甲", "220282", NONE), town.person("乙", "220282", NONE));
        let sealed = world.seal(HOLDER, "0417".to_owned()).await.expect("sealed");
        let open = async |caller: &Caller| {
            world.open_sealed(caller, sealed.clone(), owner.person, note()).await
        };
        assert_eq!(open(&owner).await.expect("opens"), Opened::Open("0417".to_owned()));
        assert_eq!(noted(&town), 0);
        assert_eq!(open(&other).await.expect("opens"), Opened::Open("0417".to_owned()));
        assert_eq!(noted(&town), 1);

        world.run(Lane::Urgent, "test", |tx| destroy(tx, HOLDER, "x")).expect("done");
        town.settle();
        assert_eq!(open(&other).await.expect("says so"), Opened::Destroyed);
        assert_eq!(noted(&town), 1, "nothing was read");
        world.close();
        assert!(world.seal(HOLDER, 1).await.is_err(), "no key without a command to follow");
    }

    #[tokio::test]
    async fn bytes_are_opened_with_a_note_and_masked_without_one() {
        let town = town();
        let (world, other) = (&town.world, town.person("乙", "220282", &[]));
        let sealed = world.seal_bytes(HOLDER, b"0417 8215").expect("sealed");
        let masked = world.open_bytes_masked(HOLDER, &sealed, |plain| plain.len());
        assert_eq!((masked.expect("opens"), noted(&town)), (Opened::Open(9), 0));
        let opened = world.open_sealed_bytes(&other, HOLDER, sealed.clone(), note()).await;
        assert_eq!(opened.expect("opens"), Opened::Open(b"0417 8215".to_vec()));
        assert_eq!(noted(&town), 1);

        world.run(Lane::Urgent, "test", |tx| destroy(tx, HOLDER, "x")).expect("done");
        town.settle();
        let opened = world.open_sealed_bytes(&other, HOLDER, sealed.clone(), note()).await;
        assert_eq!(opened.expect("says so"), Opened::Destroyed);
        let masked = world.open_bytes_masked(HOLDER, &sealed, |plain| plain.len());
        assert_eq!(masked.expect("says so"), Opened::Destroyed);
        assert_eq!(noted(&town), 1, "nothing was read");
    }

    #[tokio::test]
    async fn what_cannot_be_noted_is_not_opened() {
        let town = town();
        let other = town.person("乙", "220282", &[]);
        let bytes = town.world.seal_bytes(HOLDER, b"0417").expect("sealed");
        let sealed = town.world.seal(HOLDER, "0417".to_owned()).await.expect("sealed");
        town.world.close();
        let opened = town.world.open_sealed(&other, sealed, Id::from_u128(1), note()).await;
        assert!(opened.is_err());
        assert!(town.world.open_sealed_bytes(&other, HOLDER, bytes, note()).await.is_err());
    }
}
