//! Facts: what happened, in the past tense, self-contained.
//!
//! A slice lists its facts with [`facts!`](crate::facts), names its tables and
//! gives one `apply`; the three together are a [`Slice`]. Old versions of a fact
//! are upcast when read and never rewritten.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::log::Entry;
use crate::scope::Permission;
use crate::tables::Tables;

/// A fact's name on the wire and the version of its body that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    pub version: u32,
}

/// The facts of one slice. Made by [`facts!`](crate::facts).
pub trait Fact: Sized + Send + 'static {
    const KINDS: &'static [Kind];

    fn kind(&self) -> Kind;

    /// The body as it will be hashed and kept.
    fn to_body(&self) -> String;

    /// Reads a body; `None` for a kind or version that this program does not know.
    fn from_body(kind: &str, version: u32, body: &str) -> Option<serde_json::Result<Self>>;
}

/// Declares the facts of a slice, their names and versions:
///
/// ```ignore
/// host::facts! {
///     /// What can happen to a warning.
///     pub enum WarningFact {
///         "warning.proposed" v1 => Proposed(Proposed),
///         "warning.issued" v1 => Issued(Issued),
///     }
/// }
/// ```
///
/// Each body type is `Serialize + Deserialize + JsonSchema`. When a body changes
/// its shape, its version goes up and `upcast path::to::function;` after the
/// variants turns old bodies (`kind, version, Json`) into today's.
#[macro_export]
macro_rules! facts {
    ($(#[$doc:meta])* pub enum $name:ident {
        $($(#[$vdoc:meta])* $wire:literal v $version:literal => $variant:ident($body:ty),)+
    } $(upcast $upcast:path;)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub enum $name { $($(#[$vdoc])* $variant($body),)+ }

        impl $crate::fact::Fact for $name {
            const KINDS: &'static [$crate::fact::Kind] =
                &[$($crate::fact::Kind { name: $wire, version: $version },)+];

            fn kind(&self) -> $crate::fact::Kind {
                match self {
                    $($name::$variant(_) => $crate::fact::Kind { name: $wire, version: $version },)+
                }
            }

            fn to_body(&self) -> String {
                match self {
                    $($name::$variant(body) => $crate::fact::body_of(body),)+
                }
            }

            fn from_body(
                kind: &str, version: u32, body: &str,
            ) -> Option<Result<Self, $crate::fact::JsonError>> {
                $(if kind == $wire && version == $version {
                    return Some($crate::fact::parse_body(body).map($name::$variant));
                })+
                $(return $crate::fact::upcast_with::<$name>(kind, version, body, $upcast);)?
                #[allow(unreachable_code, reason = "reached when nothing is upcast")]
                None
            }
        }

        $(impl From<$body> for $name {
            fn from(body: $body) -> Self { $name::$variant(body) }
        })+
    };
}

#[doc(hidden)]
pub type JsonError = serde_json::Error;

#[doc(hidden)]
pub fn body_of<T: serde::Serialize>(body: &T) -> String {
    serde_json::to_string(body).expect("a fact's body is plain data: no maps with odd keys")
}

#[doc(hidden)]
pub fn parse_body<T: serde::de::DeserializeOwned>(body: &str) -> serde_json::Result<T> {
    serde_json::from_str(body)
}

#[doc(hidden)]
pub fn upcast_with<F: Fact>(
    kind: &str,
    version: u32,
    body: &str,
    upcast: fn(&str, u32, Json) -> Option<Json>,
) -> Option<serde_json::Result<F>> {
    let today = F::KINDS.iter().find(|known| known.name == kind)?;
    let older = version < today.version;
    let body = upcast(kind, version, serde_json::from_str(body).ok()?).filter(|_| older)?;
    F::from_body(kind, today.version, &body.to_string())
}

/// The upcast of kinds whose newer bodies only leave something out, such as a region that
/// the header says: an older body reads as it is.
pub fn less(_: &str, _: u32, body: Json) -> Option<Json> {
    Some(body)
}

/// The four kinds of state (DESIGN §1.1), and the tables of views, which are folded
/// from the first of them. Every table names its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Folded from facts; written by `apply` alone.
    Facts,
    /// Names and places of documents; written beside the file.
    Documents,
    /// Folded from facts of any stage by a view: lags, is never shipped or proved, and
    /// can be thrown away.
    View,
    /// Sessions, cursors, leases, counters, quarantine: bounded or expiring,
    /// written directly, neither folded nor shipped.
    Working,
}

/// A table and what kind of state it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub kind: TableKind,
    /// Whether its rows are subjects with a home of their own.
    pub subjects: bool,
}

impl Table {
    /// What is folded from facts and is no subject: numbers given out, links, sensors of
    /// a station. Who may see a row of it follows from the subject that it belongs to.
    pub const fn facts(name: &'static str) -> Table {
        Table { name, kind: TableKind::Facts, subjects: false }
    }

    /// One row for each subject: `id`, `origin`, and its home (`region`, `org`, `class`),
    /// which the host writes; see [`Tables::put`]. Where subjects may reach further, the
    /// slice also names [`Table::facts`] of `<name>_reach` (`id`, `region`).
    pub const fn subjects(name: &'static str) -> Table {
        Table { name, kind: TableKind::Facts, subjects: true }
    }

    pub const fn working(name: &'static str) -> Table {
        Table { name, kind: TableKind::Working, subjects: false }
    }

    pub const fn documents(name: &'static str) -> Table {
        Table { name, kind: TableKind::Documents, subjects: false }
    }
}

/// What a fact looks like in a list, on a live screen and in the duty log.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Summary {
    /// One Chinese sentence without a full stop.
    pub title: String,
    /// What screens need to update themselves without asking again; the fields
    /// stand beside the title.
    #[serde(flatten)]
    pub data: serde_json::Map<String, Json>,
}

impl Summary {
    /// `data` is a JSON object; anything else has no fields to stand anywhere.
    pub fn new(title: impl Into<String>, data: Json) -> Summary {
        let mut data = if let Json::Object(fields) = data { fields } else { Default::default() };
        // The sentence keeps its place; a subject's own title stands beside it.
        if let Some(of_subject) = data.remove("title") {
            data.insert("subject_title".to_owned(), of_subject);
        }
        Summary { title: title.into(), data }
    }
}

/// A noun of the domain, as the host sees it.
#[derive(Clone)]
pub struct Slice {
    pub name: &'static str,
    /// Goes up when `apply` changes its meaning; the host then refolds.
    pub version: u32,
    pub tables: &'static [Table],
    pub kinds: &'static [Kind],
    /// Who may see these facts in the log and live.
    pub seen_with: Permission,
    /// Whether facts of other nodes are applied here. Those of authority (roles,
    /// grants, accounts, regions) are kept in the log and shown, and change nothing.
    foreign: bool,
    /// What a node says of itself and asks for: no custody moves it.
    of_the_node: bool,
    apply: Arc<Apply>,
    summary: Arc<Summarise>,
}

type Apply = dyn Fn(&mut Tables<'_>, &Entry) -> Applied + Send + Sync;
type Summarise = dyn Fn(&Entry) -> Option<Summary> + Send + Sync;

/// What became of an entry at its slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    Done,
    /// The body is closed here, or its kind or version is newer than this program:
    /// kept in the log, applied after an upgrade.
    Kept,
}

impl Slice {
    /// - `apply` is the only writer of `tables`. It is total and blind: it may not
    ///   refuse, and sees only the entry and the slice's own tables.
    /// - `summary` gives the line that people read.
    pub fn new<F: Fact>(
        name: &'static str,
        version: u32,
        tables: &'static [Table],
        seen_with: Permission,
        apply: fn(&mut Tables<'_>, &Entry, &F),
        summary: fn(&Entry, &F) -> Summary,
    ) -> Slice {
        let applied = move |tables: &mut Tables<'_>, entry: &Entry| match read::<F>(entry) {
            Some(fact) => {
                apply(tables, entry, &fact);
                Applied::Done
            }
            None => Applied::Kept,
        };
        let summed = move |entry: &Entry| read::<F>(entry).map(|fact| summary(entry, &fact));
        Slice {
            name,
            version,
            tables,
            kinds: F::KINDS,
            seen_with,
            foreign: true,
            of_the_node: false,
            apply: Arc::new(applied),
            summary: Arc::new(summed),
        }
    }

    /// A slice that has working state only and records nothing.
    pub fn without_facts(
        name: &'static str,
        tables: &'static [Table],
        seen_with: Permission,
    ) -> Slice {
        Slice {
            name,
            version: 1,
            tables,
            kinds: &[],
            seen_with,
            foreign: false,
            of_the_node: false,
            apply: Arc::new(|_, _| Applied::Kept),
            summary: Arc::new(|_| None),
        }
    }

    /// Facts of other nodes stay in the log: only this node's own change its tables.
    pub fn own_facts_only(mut self) -> Slice {
        self.foreign = false;
        self
    }

    /// These facts are the node's own word, whoever owns what it made.
    pub(crate) fn of_the_node(mut self) -> Slice {
        self.of_the_node = true;
        self
    }

    pub(crate) fn is_of_the_node(&self) -> bool {
        self.of_the_node
    }

    /// Its tables of subjects.
    pub fn subjects(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.tables.iter().filter(|table| table.subjects).map(|table| table.name)
    }

    /// The table of what the subjects in `table` reach, if it has one.
    pub fn reach_of(&self, table: &str) -> Option<&'static str> {
        let reach = |name: &str| name.strip_suffix("_reach") == Some(table);
        self.tables.iter().map(|table| table.name).find(|name| reach(name))
    }

    /// Whether a fact of `origin` is applied on the node `own`.
    pub(crate) fn applies(&self, origin: &str, own: &str) -> bool {
        self.foreign || origin == own
    }

    pub(crate) fn apply(&self, tables: &mut Tables<'_>, entry: &Entry) -> Applied {
        (self.apply)(tables, entry)
    }

    pub fn summary(&self, entry: &Entry) -> Option<Summary> {
        (self.summary)(entry)
    }
}

/// The entry's fact, if its body is open and this program knows its kind.
///
/// A body that does not read although its kind and version are known is treated
/// like an unknown one: the entry stays in the log, and the health page counts it.
pub fn read<F: Fact>(entry: &Entry) -> Option<F> {
    let body = entry.body.as_deref()?;
    match F::from_body(&entry.header.kind, entry.header.version, body)? {
        Ok(fact) => Some(fact),
        Err(error) => {
            tracing::error!(
                seq = entry.seq, kind = %entry.header.kind, version = entry.header.version, %error,
                "a fact in the log does not read as its kind"
            );
            None
        }
    }
}

impl std::fmt::Debug for Slice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Slice({} v{})", self.name, self.version)
    }
}
