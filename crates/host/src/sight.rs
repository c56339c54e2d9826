//! Sight: which facts of the log somebody may see. Every list of facts asks here.
//!
//! Each slice says with which permission its facts are seen; that permission reaches
//! as far as the caller holds it, and so does the sight of those facts.

use std::collections::BTreeMap;

use crate::db::Value;
use crate::home::Class;
use crate::part::Kit;
use crate::scope::{Caller, Roots, Scope, bind, classes};

/// Kinds of facts, and how far each is seen. No kind is in two parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    pub parts: Vec<SightPart>,
}

/// Kinds that are seen equally far.
#[derive(Debug, Clone, PartialEq)]
pub struct SightPart {
    pub scope: Scope,
    pub kinds: Kinds,
}

/// Which kinds are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Kinds {
    /// Also those that this program does not know.
    Every,
    These(Vec<&'static str>),
}

impl Sight {
    /// What a caller sees by the permissions they hold.
    pub fn of(kit: &Kit, caller: &Caller) -> Sight {
        let mut parts: Vec<(Scope, Vec<&'static str>)> = Vec::new();
        for slice in kit.slices.iter().filter(|slice| !slice.kinds.is_empty()) {
            let Ok(scope) = caller.scope(slice.seen_with) else { continue };
            let kinds = slice.kinds.iter().map(|kind| kind.name);
            match parts.iter_mut().find(|(other, _)| *other == scope) {
                Some((_, others)) => others.extend(kinds),
                None => parts.push((scope, kinds.collect())),
            }
        }
        let part = |(scope, kinds)| SightPart { scope, kinds: Kinds::These(kinds) };
        Sight { parts: parts.into_iter().map(part).collect() }
    }

    /// All facts of the node, also of kinds that only a newer program knows: who audits
    /// the log sees no gap in it.
    pub fn whole() -> Sight {
        Sight { parts: vec![SightPart { scope: Scope::Node, kinds: Kinds::Every }] }
    }

    /// A condition on `log`, or `None` when nothing is seen; pushes the values it needs.
    ///
    /// It is for a walk that ends early: down one thread, or from the newest entry. For
    /// pages of a few regions in a long log there is [`SightPart::by_index`].
    pub fn condition(&self, params: &mut Vec<Value>) -> Option<String> {
        let mut seen = Vec::new();
        for part in &self.parts {
            let Kinds::These(kinds) = &part.kinds else {
                seen.push(log_condition(&part.scope, params));
                continue;
            };
            let kinds = bind(kinds.iter().map(|kind| (*kind).into()).collect(), params);
            let inside = log_condition(&part.scope, params);
            // Not the bare column: a planner that sees an index for each alternative
            // gathers and sorts all of them, where a walk from the newest entry or down
            // one thread ends after a few rows (60 ms against 0.3 ms at 100 000 facts).
            seen.push(format!("((log.kind || '') in ({kinds}) and {inside})"));
        }
        if seen.is_empty() { None } else { Some(format!("({})", seen.join(" or "))) }
    }
}

impl SightPart {
    /// How its entries are found by an index. What several ways find may be the same.
    pub fn by_index(&self) -> Vec<Way> {
        let Scope::Within(grounds) = &self.scope else { return vec![Way::Whole] };
        let mut by_openness: BTreeMap<Class, Roots> = BTreeMap::new();
        for ground in grounds.iter() {
            by_openness.entry(ground.openness).or_default().push(&ground.place);
        }
        let mut ways = Vec::new();
        for (openness, Roots { regions, orgs }) in by_openness {
            if !regions.is_empty() {
                ways.push(Way::Region(regions.clone(), openness));
                ways.push(Way::Reach(regions, openness));
            }
            if !orgs.is_empty() {
                ways.push(Way::Org(orgs, openness));
            }
        }
        ways
    }
}

/// A way to entries of the log that an index serves: at home in regions, reaching into
/// them, or at home in organisations, each with all that reports to these roots.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    Whole,
    Region(Vec<Value>, Class),
    Reach(Vec<Value>, Class),
    Org(Vec<Value>, Class),
}

impl Way {
    /// A condition on `log`; pushes the values it needs.
    pub fn condition(&self, params: &mut Vec<Value>) -> String {
        // Lists and not `exists`: they are what drives the index.
        let (list, roots, openness) = match self {
            Way::Whole => return "1 = 1".to_owned(),
            Way::Region(roots, openness) => (
                "log.region in (select region_within.region from region_within \
                 where region_within.ancestor in",
                roots,
                openness,
            ),
            Way::Reach(roots, openness) => (
                "log.seq in (select log_reach.seq from log_reach join region_within \
                 on region_within.region = log_reach.region where region_within.ancestor in",
                roots,
                openness,
            ),
            Way::Org(roots, openness) => (
                "log.org in (select org_within.org from org_within \
                 where org_within.ancestor in",
                roots,
                openness,
            ),
        };
        let roots = bind(roots.clone(), params);
        format!("{list} ({roots})){}", classes("log", *openness))
    }
}

fn log_condition(scope: &Scope, params: &mut Vec<Value>) -> String {
    // The reach of an entry goes by its seq.
    scope.filter_reaching_by("log", "log_reach", "seq", params)
}
