//! Personal data, sealed from the first fact on.
//!
//! A [`Sealed`] value is ciphertext wherever it is kept: fact bodies, tables,
//! documents, live events, backups. It is opened at the door, by permission, and
//! the opening is noted in the trail. The keys, one per holder (a person, an
//! incident), are in a file of their own outside ordinary backups. Destroying a
//! key is a fact; after it nobody opens the value again, here, on a node with a
//! copy, or from a backup (突发事件应对法 2024, art. 85).
//!
//! SM4-GCM (GB/T 32907-2016, GB/T 36624-2018) with a random 96-bit nonce; the
//! blind index for exact search is HMAC-SM3.

mod open;

use std::marker::PhantomData;
use std::path::Path;
use std::sync::{Arc, Mutex};

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use base::{Id, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sm3::Sm3;
use sm4::Sm4;

use crate::db::{Conn, Durability, Read, Sqlite};
use crate::error::{Error, Result};
use crate::tables::Tables;
use crate::tx::{Record, Tx, random};
use crate::{Entry, Part, Permission, Reaction, Slice, Summary, Table, params};

pub use open::Mask;

type Cipher = AesGcm<Sm4, U12>;

/// What sealed bytes begin with, and their version.
const SEALED_BYTES: [u8; 5] = *b"FSSB\x01";

/// Whether bytes are sealed ones.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(&SEALED_BYTES)
}

/// Destroying keys of personal data.
pub const DESTROY: Permission = Permission::new("key.destroy", "销毁个人信息密钥");

/// A value that only the holder's key opens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Sealed<T> {
    holder: Id,
    nonce: String,
    text: String,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

/// What opening gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened<T> {
    Open(T),
    /// The key was destroyed: this is over for good.
    Destroyed,
    /// The key is not on this node.
    Closed,
}

impl<T> Sealed<T> {
    /// Whose key it takes.
    pub fn holder(&self) -> Id {
        self.holder
    }
}

impl<T> std::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({})", self.holder)
    }
}

impl<T> JsonSchema for Sealed<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sealed".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "object",
            "required": ["holder", "nonce", "text"],
            "properties": {
                "holder": { "type": "string", "format": "uuid" },
                "nonce": { "type": "string" },
                "text": { "type": "string" }
            }
        })
    }
}

/// The keys of one world; cheap to clone.
#[derive(Clone)]
pub struct Keys {
    conn: Arc<Mutex<Conn>>,
    origin: Arc<str>,
    /// What blind indexes are made with.
    blind: Arc<str>,
}

impl Keys {
    /// Opens the key file of a world.
    ///
    /// # Errors
    /// [`Error::Db`] when it cannot be opened.
    pub fn open(path: &Path, origin: &str, durable: bool) -> Result<Keys> {
        let durability = if durable { Durability::Full } else { Durability::Never };
        let mut conn = Conn::Sqlite(Sqlite::open_writer(path, durability)?);
        // No write-ahead log and no freed pages that still hold a key.
        conn.batch("pragma journal_mode = delete; pragma secure_delete = on")?;
        conn.batch(
            "create table if not exists key (holder text primary key, origin text not null, \
             secret text, made_at bigint not null, destroyed_at bigint)",
        )?;
        conn.batch(
            "create table if not exists blind (one bigint primary key, secret text not null)",
        )?;
        conn.run(
            "insert into blind (one, secret) values (1, $1) on conflict (one) do nothing",
            params![hex::encode(random::<32>())],
        )?;
        let row = conn.row("select secret from blind where one = 1", &[])?;
        let blind: String = row.map(|row| row.get("secret")).transpose()?.unwrap_or_default();
        Ok(Keys { conn: Arc::new(Mutex::new(conn)), origin: origin.into(), blind: blind.into() })
    }

    /// Seals a value under a holder's key, which is made if there is none. The key
    /// is on disk when this returns; call it before the command, not inside.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the holder's key was destroyed.
    pub(crate) fn seal<T: Serialize>(
        &self,
        holder: Id,
        value: &T,
        now: Timestamp,
    ) -> Result<Sealed<T>> {
        let key = self.key_or_new(holder, now)?;
        let plain = serde_json::to_vec(value)
            .map_err(|error| Error::Internal(format!("a personal value is no JSON: {error}")))?;
        let nonce = random::<12>();
        let bound = holder.to_string();
        let payload = Payload { msg: &plain, aad: bound.as_bytes() };
        let text = Cipher::new(&key.into())
            .encrypt(&nonce.into(), payload)
            .map_err(|_| Error::Internal("SM4-GCM refused to seal".to_owned()))?;
        Ok(Sealed { holder, nonce: hex::encode(nonce), text: BASE64.encode(text), of: PhantomData })
    }

    /// Opens a sealed value. Slices do it by [`Tx::open_sealed`], which notes it.
    ///
    /// # Errors
    /// [`Error::Internal`] when key and ciphertext do not belong together.
    pub(crate) fn unseal<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<Opened<T>> {
        let row = self.row(sealed.holder)?;
        let Some((secret, destroyed)) = row else { return Ok(Opened::Closed) };
        if destroyed {
            return Ok(Opened::Destroyed);
        }
        let broken = || Error::Internal("a sealed value does not open with its key".to_owned());
        let key = secret.ok_or_else(broken)?;
        let mut nonce = [0; 12];
        hex::decode_to_slice(&sealed.nonce, &mut nonce).map_err(|_| broken())?;
        let text = BASE64.decode(&sealed.text).map_err(|_| broken())?;
        let bound = sealed.holder.to_string();
        let payload = Payload { msg: &text, aad: bound.as_bytes() };
        let plain =
            Cipher::new(&key.into()).decrypt(&nonce.into(), payload).map_err(|_| broken())?;
        serde_json::from_slice(&plain).map(Opened::Open).map_err(|_| broken())
    }

    /// Seals bytes under a holder's key, as [`Keys::seal`] does a value: `FSSB`, version
    /// 1, nonce 12, ciphertext.
    pub(crate) fn seal_bytes(&self, holder: Id, plain: &[u8], now: Timestamp) -> Result<Vec<u8>> {
        let key = self.key_or_new(holder, now)?;
        let nonce = random::<12>();
        let bound = holder.to_string();
        let text = Cipher::new(&key.into())
            .encrypt(&nonce.into(), Payload { msg: plain, aad: bound.as_bytes() })
            .map_err(|_| Error::Internal("SM4-GCM refused to seal".to_owned()))?;
        Ok([SEALED_BYTES.as_slice(), &nonce, &text].concat())
    }

    /// The inverse.
    ///
    /// # Errors
    /// [`Error::Internal`] when the bytes are not sealed, or not with this key.
    pub(crate) fn unseal_bytes(&self, holder: Id, sealed: &[u8]) -> Result<Opened<Vec<u8>>> {
        let Some((secret, destroyed)) = self.row(holder)? else { return Ok(Opened::Closed) };
        if destroyed {
            return Ok(Opened::Destroyed);
        }
        let broken = || Error::Internal("sealed bytes do not open with their key".to_owned());
        let key = secret.ok_or_else(broken)?;
        let rest = sealed.strip_prefix(SEALED_BYTES.as_slice()).ok_or_else(broken)?;
        let (nonce, text) = rest.split_first_chunk::<12>().ok_or_else(broken)?;
        let bound = holder.to_string();
        let payload = Payload { msg: text, aad: bound.as_bytes() };
        let plain = Cipher::new(&key.into()).decrypt(&(*nonce).into(), payload);
        plain.map(Opened::Open).map_err(|_| broken())
    }

    /// The blind index of a value: equal for equal texts, and tells nothing else.
    /// For exact search by telephone or identity number, and wherever a digest would
    /// confirm a guess.
    pub fn blind_index(&self, field: &str, text: &str) -> String {
        let mut mac = <Hmac<Sm3> as KeyInit>::new_from_slice(self.blind.as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(field.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Destroys a holder's key for good, also one that is not here yet: a copy that
    /// comes later finds it destroyed. `origin` is the node that decided; only the
    /// one that made a key may end it.
    ///
    /// # Errors
    /// [`Error::Db`] when the key file does not take it; the key is then still there.
    pub(crate) fn destroy(&self, holder: Id, origin: &str, now: Timestamp) -> Result<()> {
        let mut conn = self.conn.lock().expect("no holder panics");
        let changed = conn.run(
            "insert into key (holder, origin, secret, made_at, destroyed_at) \
             values ($1, $2, null, $3, $3) on conflict (holder) do update set secret = null, \
             destroyed_at = coalesce(key.destroyed_at, excluded.destroyed_at) \
             where key.origin = excluded.origin",
            params![holder, origin, now],
        )?;
        if changed == 0 {
            tracing::warn!(%holder, origin, "a node asked to destroy a key that is not its own");
        }
        Ok(())
    }

    /// Copies all keys into a file that is there and empty.
    ///
    /// # Errors
    /// [`Error::Db`] when the key file does not answer or the other takes nothing.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<()> {
        copy(&mut self.conn.lock().expect("no holder panics"), path)
    }

    fn row(&self, holder: Id) -> Result<Option<(Option<[u8; 16]>, bool)>> {
        let mut conn = self.conn.lock().expect("no holder panics");
        let row =
            conn.row("select secret, destroyed_at from key where holder = $1", params![holder])?;
        let Some(row) = row else { return Ok(None) };
        let secret: Option<String> = row.get("secret")?;
        let destroyed: Option<i64> = row.get("destroyed_at")?;
        let mut key = [0; 16];
        let read = secret.is_some_and(|text| hex::decode_to_slice(text, &mut key).is_ok());
        Ok(Some((read.then_some(key), destroyed.is_some())))
    }

    fn key_or_new(&self, holder: Id, now: Timestamp) -> Result<[u8; 16]> {
        let fresh = random::<16>();
        {
            let mut conn = self.conn.lock().expect("no holder panics");
            conn.run(
                "insert into key (holder, origin, secret, made_at) values ($1, $2, $3, $4) \
                 on conflict (holder) do nothing",
                params![holder, &*self.origin, hex::encode(fresh), now],
            )?;
        }
        match self.row(holder)? {
            Some((Some(key), false)) => Ok(key),
            _ => Err(Error::conflict("key-destroyed", "the key of this holder was destroyed")),
        }
    }
}

/// Copies a key file that no node has open.
///
/// # Errors
/// [`Error::Db`] when it is no key file, or the target takes nothing.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    copy(&mut Conn::Sqlite(Sqlite::open_reader(from)?), to)
}

fn copy(conn: &mut Conn, path: &Path) -> Result<()> {
    conn.begin_snapshot()?;
    conn.rows("select count(*) as held from key", &[])?;
    let copied = match conn {
        Conn::Sqlite(sqlite) => sqlite.copy_to(path, &mut |_, _| Ok(())),
        Conn::Postgres(_) => Err(Error::Internal("keys are never on a server".to_owned())),
    };
    conn.rollback()?;
    copied
}

crate::facts! {
    /// What can happen to a key.
    pub enum KeyFact {
        "key.destroyed" v 1 => Destroyed(Destroyed),
    }
}

/// A holder's key was destroyed; what it sealed stays closed everywhere.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Destroyed {
    pub reason: String,
}

/// The slice that makes destruction a fact, and the reaction that carries it out.
pub(crate) fn part() -> Part {
    const TABLES: &[Table] = &[Table::facts("key_destroyed")];
    Part {
        name: "sealed",
        slices: vec![Slice::new::<KeyFact>("key", 1, TABLES, DESTROY, apply, |_, fact| {
            let KeyFact::Destroyed(destroyed) = fact;
            let title = format!("销毁个人信息密钥：{}", destroyed.reason);
            Summary::new(title, serde_json::json!({}))
        })],
        reactions: vec![Reaction {
            name: "key.destroy",
            kinds: &["key.destroyed"],
            // A node with a copy honours what the owner decided.
            foreign: true,
            // Doing it twice is doing it once, so it needs no attempt and outcome.
            react: |tx, entry| {
                let header = &entry.header;
                tx.keys().destroy(header.subject, &header.origin, header.recorded)
            },
        }],
        permissions: vec![DESTROY],
        ..Part::default()
    }
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &KeyFact) {
    let KeyFact::Destroyed(destroyed) = fact;
    tables.run(
        "insert into key_destroyed (holder, origin, reason, destroyed_at) \
         values ($1, $2, $3, $4) on conflict (holder, origin) do nothing",
        params![
            entry.header.subject,
            &entry.header.origin,
            &destroyed.reason,
            entry.header.recorded
        ],
    );
}

/// Records that a holder's key is destroyed; the reaction destroys it.
///
/// # Errors
/// [`Error::Db`] when the log does not take it.
pub fn destroy(tx: &mut Tx<'_>, holder: Id, reason: &str) -> Result<()> {
    let fact = KeyFact::Destroyed(Destroyed { reason: reason.to_owned() });
    let home = tx.find_home(holder)?.unwrap_or_default();
    tx.record(Record::first(holder, home, fact).basis("突发事件应对法 第八十五条"))?;
    Ok(())
}

/// Whether this node has recorded that a holder's key is destroyed, also while the
/// reaction has not come to it yet: a command asks before it keeps what was sealed.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn is_destroyed(tx: &mut Tx<'_>, holder: Id) -> Result<bool> {
    let sql = "select 1 as destroyed from key_destroyed where holder = $1 and origin = $2";
    let origin = tx.origin.to_owned();
    Ok(tx.row(sql, params![holder, origin])?.is_some())
}

/// Destroys again what the log says was destroyed: after a restore, an older key
/// file may hold keys that are over.
pub(crate) fn honour(db: &mut dyn Read, keys: &Keys) -> Result<()> {
    let rows = db.rows(
        "select holder, origin, destroyed_at from key_destroyed order by holder, origin",
        &[],
    )?;
    for row in rows {
        let origin: String = row.get("origin")?;
        keys.destroy(row.get("holder")?, &origin, row.get("destroyed_at")?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::town::{Scratch, Town};

    const PHONE: &str = "13812340417";

    #[test]
    fn sm4_gcm_is_the_published_one() {
        // RFC 8998, appendix A.1: SM4-GCM test vector.
        let unhex = |text: &str| hex::decode(text).expect("hex");
        let key: [u8; 16] = unhex("0123456789abcdeffedcba9876543210").try_into().expect("16");
        let nonce: [u8; 12] = unhex("00001234567800000000abcd").try_into().expect("12");
        let aad = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let plain = unhex(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        );
        let sealed = Cipher::new(&key.into())
            .encrypt(&nonce.into(), Payload { msg: &plain, aad: &aad })
            .expect("seals");
        assert_eq!(
            hex::encode(sealed),
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d\
             83de3541e4c2b58177e065a9bf7b62ec"
        );
    }

    #[test]
    fn a_destroyed_key_opens_nothing_and_leaves_no_plain_bytes() {
        let town = Town::new(Vec::new());
        let world = &town.world;
        let holder = Id::from_u128(7);
        let now = world.clock().now();
        let sealed = world.keys().seal(holder, &PHONE.to_owned(), now).expect("seals");
        assert_eq!(world.keys().unseal(&sealed).expect("opens"), Opened::Open(PHONE.to_owned()));
        let secret = {
            let mut conn = world.keys().conn.lock().expect("free");
            let row = conn.row("select secret from key", &[]).expect("reads").expect("a key");
            row.get::<String>("secret").expect("hex")
        };
        world
            .run(crate::Lane::Urgent, "test", move |tx| destroy(tx, holder, "演练结束"))
            .expect("done");
        town.settle();
        assert_eq!(world.keys().unseal(&sealed).expect("says so"), Opened::Destroyed);
        assert!(world.keys().seal(holder, &PHONE.to_owned(), now).is_err());
        let directory = world.directory().to_owned();
        world.close();
        for needle in [PHONE.as_bytes(), secret.as_bytes()] {
            assert_eq!(files_with(&directory, needle), Vec::<std::path::PathBuf>::new());
        }
    }

    fn files_with(directory: &Path, needle: &[u8]) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(directory).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                found.extend(files_with(&path, needle));
            } else {
                let bytes = std::fs::read(&path).expect("readable");
                if bytes.windows(needle.len()).any(|window| window == needle) {
                    found.push(path);
                }
            }
        }
        found
    }

    #[test]
    fn a_restored_key_file_honours_what_the_log_destroyed() {
        let scratch = Scratch::new();
        let path = scratch.path().join("keys.db");
        let keys = Keys::open(&path, "town", false).expect("opens");
        let holder = Id::from_u128(9);
        let now = Timestamp::from_millis(1_000);
        let sealed = keys.seal(holder, &PHONE.to_owned(), now).expect("seals");
        let old = scratch.path().join("old.db");
        std::fs::copy(&path, &old).expect("copied");
        keys.destroy(holder, "elsewhere", now).expect("asked");
        assert!(matches!(keys.unseal(&sealed), Ok(Opened::Open(_))), "not theirs to end");
        keys.destroy(holder, "town", now).expect("destroyed");

        let restored = Keys::open(&old, "town", false).expect("opens");
        assert!(matches!(restored.unseal(&sealed), Ok(Opened::Open(_))), "the copy is older");
        let town = Town::new(Vec::new());
        let world = &town.world;
        world
            .run(crate::Lane::Urgent, "test", move |tx| destroy(tx, holder, "期满"))
            .expect("done");
        world.read_now(|db| honour(db, &restored)).expect("honoured");
        assert_eq!(restored.unseal(&sealed).expect("says so"), Opened::Destroyed);
    }

    #[test]
    fn the_blind_index_finds_the_same_text_and_shows_none() {
        let scratch = Scratch::new();
        let keys = Keys::open(&scratch.path().join("keys.db"), "town", false).expect("opens");
        let index = keys.blind_index("phone", PHONE);
        assert_eq!(index, keys.blind_index("phone", PHONE));
        assert_ne!(index, keys.blind_index("id", PHONE));
        assert!(!index.contains(PHONE));
        let other = Keys::open(&scratch.path().join("other.db"), "city", false).expect("opens");
        assert_ne!(index, other.blind_index("phone", PHONE), "another node's is another");
        let again = Keys::open(&scratch.path().join("keys.db"), "town", false).expect("opens");
        assert_eq!(index, again.blind_index("phone", PHONE));
    }
}
