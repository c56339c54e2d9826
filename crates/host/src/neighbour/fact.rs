//! What a node says of its own key, and what it decides about others.

use base::AdminCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TRUST;
use crate::signing::{Endorsement, PublicKey};
use crate::{Class, Entry, Slice, Summary, Table, Tables, params};

crate::facts! {
    /// What a node says of its own key.
    pub enum KeyFact {
        "node.key.announced" v 1 => Announced(Announced),
    }
}

crate::facts! {
    /// What a node decides about others.
    pub enum NeighbourFact {
        "node.trusted" v 1 => Trusted(Trusted),
        "node.distrusted" v 1 => Distrusted(Distrusted),
        "node.granted" v 1 => Granted(Granted),
        "node.grant_withdrawn" v 1 => GrantWithdrawn(GrantWithdrawn),
        "node.reading_set" v 1 => ReadingSet(ReadingSet),
    }
}

/// From here on the node signs with this key.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Announced {
    pub key: PublicKey,
    pub fingerprint: String,
    /// The key before, and its word for this one; none at the first start.
    pub previous: Option<Endorsement>,
}

/// A person compared the fingerprint with the other node's people.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Trusted {
    pub origin: String,
    pub fingerprint: String,
    /// What it may speak for, with what reports to these: an entry about a subject at
    /// home elsewhere is kept and not applied.
    pub regions: Vec<AdminCode>,
    pub by: String,
}

/// A key, and whatever it endorses, is believed no more.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Distrusted {
    pub origin: String,
    pub fingerprint: String,
    pub reason: String,
    pub by: String,
}

/// What requests of another node may do here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Granted {
    pub origin: String,
    pub permission: String,
    pub region: AdminCode,
    pub by: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct GrantWithdrawn {
    pub origin: String,
    pub permission: String,
    pub region: AdminCode,
    pub by: String,
}

/// What a node reads of this one's log from here on, in place of what it was let before.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ReadingSet {
    pub origin: String,
    /// Bodies at home in these and in what reports to them; of the rest it reads what is
    /// public.
    pub regions: Vec<AdminCode>,
    /// Bodies above this class are closed to it.
    pub openness: Class,
    pub by: String,
}

pub(super) fn slices() -> Vec<Slice> {
    const KEYS: &[Table] = &[Table::facts("node_key")];
    const NEIGHBOURS: &[Table] = &[
        Table::facts("neighbour_key"),
        Table::facts("neighbour_grant"),
        Table::facts("neighbour_reading"),
        Table::working("segment_refused"),
        Table::working("segment_sent"),
        Table::working("segment_taken"),
    ];
    let announced = |_: &Entry, fact: &KeyFact| {
        let KeyFact::Announced(announced) = fact;
        let title = format!("启用签名密钥 {}", short(&announced.fingerprint));
        Summary::new(title, serde_json::json!({ "fingerprint": announced.fingerprint }))
    };
    let decided = |_: &Entry, fact: &NeighbourFact| match fact {
        NeighbourFact::Trusted(it) => Summary::new(
            format!("信任节点 {} 的签名密钥 {}", it.origin, short(&it.fingerprint)),
            serde_json::json!({ "origin": it.origin, "fingerprint": it.fingerprint }),
        ),
        NeighbourFact::Distrusted(it) => Summary::new(
            format!("不再信任节点 {} 的签名密钥 {}", it.origin, short(&it.fingerprint)),
            serde_json::json!({ "origin": it.origin, "fingerprint": it.fingerprint }),
        ),
        NeighbourFact::Granted(it) => Summary::new(
            format!("准许节点 {} 请求 {}（{}）", it.origin, it.permission, it.region),
            serde_json::json!({ "origin": it.origin, "permission": it.permission }),
        ),
        NeighbourFact::GrantWithdrawn(it) => Summary::new(
            format!("不再准许节点 {} 请求 {}（{}）", it.origin, it.permission, it.region),
            serde_json::json!({ "origin": it.origin, "permission": it.permission }),
        ),
        NeighbourFact::ReadingSet(it) => Summary::new(
            format!("确定节点 {} 可读取的范围（{} 个地区）", it.origin, it.regions.len()),
            serde_json::json!({ "origin": it.origin, "openness": it.openness }),
        ),
    };
    vec![
        Slice::new::<KeyFact>("node_key", 1, KEYS, TRUST, apply_key, announced).of_the_node(),
        Slice::new::<NeighbourFact>("neighbour", 1, NEIGHBOURS, TRUST, apply, decided)
            .own_facts_only(),
    ]
}

/// The first 16 digits, for a sentence.
fn short(fingerprint: &str) -> String {
    fingerprint.chars().take(16).collect()
}

fn apply_key(tables: &mut Tables<'_>, entry: &Entry, fact: &KeyFact) {
    let KeyFact::Announced(announced) = fact;
    tables.run(
        "insert into node_key (origin, fingerprint, sm2, ed25519, previous, announced_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (origin, fingerprint) do nothing",
        params![
            &entry.header.origin,
            announced.key.fingerprint(),
            &announced.key.sm2,
            &announced.key.ed25519,
            announced.previous.as_ref().map(|previous| previous.key.fingerprint()),
            entry.at(),
        ],
    );
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &NeighbourFact) {
    let (origin, fingerprint, regions, reason, by) = match fact {
        NeighbourFact::Trusted(it) => {
            let regions = serde_json::json!(it.regions).to_string();
            (&it.origin, &it.fingerprint, Some(regions), None, &it.by)
        }
        NeighbourFact::Distrusted(it) => {
            (&it.origin, &it.fingerprint, None, Some(it.reason.clone()), &it.by)
        }
        NeighbourFact::Granted(it) => {
            tables.run(
                "insert into neighbour_grant (origin, permission, region, given_by, given_at) \
                 values ($1, $2, $3, $4, $5) on conflict (origin, permission, region) do nothing",
                params![&it.origin, &it.permission, &it.region, &it.by, entry.at()],
            );
            return;
        }
        NeighbourFact::GrantWithdrawn(it) => {
            tables.run(
                "delete from neighbour_grant \
                 where origin = $1 and permission = $2 and region = $3",
                params![&it.origin, &it.permission, &it.region],
            );
            return;
        }
        NeighbourFact::ReadingSet(it) => {
            let regions = serde_json::json!(it.regions).to_string();
            tables.run(
                "insert into neighbour_reading (origin, regions, openness, decided_by, decided_at) \
                 values ($1, $2, $3, $4, $5) on conflict (origin) do update \
                 set regions = excluded.regions, openness = excluded.openness, \
                 decided_by = excluded.decided_by, decided_at = excluded.decided_at",
                params![&it.origin, regions, it.openness, &it.by, entry.at()],
            );
            return;
        }
    };
    tables.run(
        "insert into neighbour_key (origin, fingerprint, regions, reason, decided_by, decided_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (origin, fingerprint) do update \
         set regions = excluded.regions, reason = excluded.reason, \
         decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        params![origin, fingerprint, regions, reason, by, entry.at()],
    );
}
