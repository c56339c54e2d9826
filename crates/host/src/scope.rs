//! Who asks, what for, and how far that reaches.
//!
//! Permission and scope live in the query layer: `load` and `list` take a
//! [`Scope`], there is no version without, and what lies outside is not found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{AdminCode, Id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Value;
use crate::error::{Error, Result};
use crate::home::{Class, Home};
use crate::log::Actor;

/// Something a role may hold. Slices declare theirs as constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Permission {
    /// Stable: `warning.issue`.
    pub code: &'static str,
    /// The Chinese name for the role editor: 签发预警.
    pub word: &'static str,
}

impl Permission {
    pub const fn new(code: &'static str, word: &'static str) -> Permission {
        Permission { code, word }
    }
}

/// A role that holds it sees, by all its permissions, what is of class sensitive too.
pub const SEE_SENSITIVE: Permission = Permission::new("sensitive.read", "查阅敏感信息");

/// Where a role is held.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A division and all that report to it.
    Region(AdminCode),
    /// An organisation and all below it.
    Org(Id),
}

/// Some permissions, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub role: String,
    pub place: Place,
    pub permissions: Arc<[String]>,
}

impl Grant {
    fn holds(&self, code: &str) -> bool {
        self.permissions.iter().any(|held| held == code)
    }

    fn ground(&self) -> Ground {
        let sensitive = self.holds(SEE_SENSITIVE.code);
        let openness = if sensitive { Class::Sensitive } else { Class::Internal };
        Ground { place: self.place.clone(), openness }
    }
}

/// A person at a door, or nobody (the system itself).
#[derive(Debug, Clone)]
pub struct Caller {
    pub person: Id,
    pub account: String,
    pub name: String,
    pub org: Option<Id>,
    pub post: Option<String>,
    /// Which session, for the trail; never the secret itself.
    pub session: Id,
    pub csrf: String,
    pub grants: Arc<[Grant]>,
    /// Permissions that hold for the node, not for places: the three officers'.
    pub offices: Arc<[String]>,
}

impl Caller {
    /// How far `permission` reaches for this caller.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when no grant holds it.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        self.scope_of(permission.code).ok_or(Error::Forbidden { permission: permission.code })
    }

    /// A grant counts before an office.
    pub(crate) fn scope_of(&self, code: &str) -> Option<Scope> {
        let held = self.grants.iter().filter(|grant| grant.holds(code));
        let grounds: Vec<Ground> = held.map(Grant::ground).collect();
        if !grounds.is_empty() {
            return Some(Scope::within(grounds));
        }
        self.offices.iter().any(|held| held == code).then_some(Scope::Node)
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.scope(permission).is_ok()
    }

    pub fn actor(&self) -> Actor {
        Actor { person: Some(self.person), post: self.post.clone(), org: self.org, on_behalf: None }
    }
}

/// One place that is seen, and how closed a thing may be there to be seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ground {
    pub place: Place,
    pub openness: Class,
}

/// A materialised set of regions and organisations, by their roots. What reports to
/// a root is a table (`region_within`, `org_within`), not a code prefix: 梅河口
/// reports to the province, and 长白山管委会 has no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The node itself: reactions, jobs, and the three officers in their office.
    Node,
    /// Sorted, and each once; made by [`Scope::within`].
    Within(Arc<[Ground]>),
}

impl Scope {
    pub fn within(mut grounds: Vec<Ground>) -> Scope {
        grounds.sort();
        grounds.dedup();
        Scope::Within(grounds.into())
    }

    /// One region and all that report to it, whatever the class: for a filter by region.
    pub fn region(region: AdminCode) -> Scope {
        let place = Place::Region(region);
        Scope::within(vec![Ground { place, openness: Class::Sensitive }])
    }

    /// What any of the scopes reaches; `None` when there is none.
    pub fn any_of(scopes: Vec<Scope>) -> Option<Scope> {
        let some = !scopes.is_empty();
        let mut grounds = Vec::new();
        for scope in scopes {
            match scope {
                Scope::Node => return Some(Scope::Node),
                Scope::Within(these) => grounds.extend(these.iter().cloned()),
            }
        }
        some.then(|| Scope::within(grounds))
    }

    /// A condition on a row's home for a `where` clause; pushes the values it needs.
    ///
    /// `row` is the alias of a table with the columns `region`, `org` and `class`.
    /// What has neither region nor organisation belongs to the node and is inside no
    /// scope but [`Scope::Node`].
    pub fn filter(&self, row: &str, params: &mut Vec<Value>) -> String {
        self.condition(row, None, params)
    }

    /// Like [`Scope::filter`], for rows that concern more regions than their home:
    /// `reach` is a table of (`id`, `region`), and `row` has an `id`.
    pub fn filter_reaching(&self, row: &str, reach: &str, params: &mut Vec<Value>) -> String {
        self.filter_reaching_by(row, reach, "id", params)
    }

    /// Like [`Scope::filter_reaching`], with another key than `id`.
    pub(crate) fn filter_reaching_by(
        &self,
        row: &str,
        reach: &str,
        key: &str,
        params: &mut Vec<Value>,
    ) -> String {
        self.condition(row, Some((reach, key)), params)
    }

    fn condition(&self, row: &str, reach: Option<(&str, &str)>, params: &mut Vec<Value>) -> String {
        let Scope::Within(grounds) = self else { return "1 = 1".to_owned() };
        let mut by_openness: BTreeMap<Class, Roots> = BTreeMap::new();
        for ground in grounds.iter() {
            by_openness.entry(ground.openness).or_default().push(&ground.place);
        }
        let mut seen = Vec::new();
        for (openness, roots) in by_openness {
            let mut places = Vec::new();
            // No alias that a statement of a slice could use itself.
            if !roots.regions.is_empty() {
                let regions = bind(roots.regions, params);
                places.push(format!(
                    "exists (select 1 from region_within where region_within.region = {row}.region \
                     and region_within.ancestor in ({regions}))"
                ));
                if let Some((reach, key)) = reach {
                    places.push(format!(
                        "exists (select 1 from {reach} join region_within \
                         on region_within.region = {reach}.region where {reach}.{key} = {row}.{key} \
                         and region_within.ancestor in ({regions}))"
                    ));
                }
            }
            if !roots.orgs.is_empty() {
                let orgs = bind(roots.orgs, params);
                places.push(format!(
                    "exists (select 1 from org_within where org_within.org = {row}.org \
                     and org_within.ancestor in ({orgs}))"
                ));
            }
            seen.push(format!("(({}){})", places.join(" or "), classes(row, openness)));
        }
        // Without any ground nothing is seen.
        if seen.is_empty() { "1 = 0".to_owned() } else { format!("({})", seen.join(" or ")) }
    }

    /// Whether something at home there is inside, asked of the database.
    pub fn holds(&self, db: &mut dyn crate::db::Read, home: &Home) -> Result<bool> {
        let Scope::Within(grounds) = self else { return Ok(true) };
        let near = grounds.iter().filter(|ground| home.class <= ground.openness);
        for Ground { place, .. } in near {
            let inside = match place {
                Place::Region(root) => {
                    let concerned = home.region.iter().chain(&home.reach);
                    let mut inside = false;
                    for region in concerned {
                        let sql = "select 1 as inside from region_within \
                                   where region = $1 and ancestor = $2";
                        inside = inside || db.row(sql, crate::params![region, root])?.is_some();
                    }
                    inside
                }
                Place::Org(root) => {
                    let sql = "select 1 as inside from org_within where org = $1 and ancestor = $2";
                    db.row(sql, crate::params![home.org, *root])?.is_some()
                }
            };
            if inside {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Which of some regions are inside, by one question: for a page of rows.
    pub fn held_regions(
        &self,
        db: &mut dyn crate::db::Read,
        regions: &BTreeSet<AdminCode>,
    ) -> Result<BTreeSet<AdminCode>> {
        let Scope::Within(grounds) = self else { return Ok(regions.clone()) };
        let mut roots = Roots::default();
        for ground in grounds.iter().filter(|ground| Class::default() <= ground.openness) {
            roots.push(&ground.place);
        }
        if roots.regions.is_empty() || regions.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut params = Vec::new();
        let above = bind(roots.regions, &mut params);
        let asked = bind(regions.iter().map(Value::from).collect(), &mut params);
        let sql = format!(
            "select distinct region from region_within \
             where region in ({asked}) and ancestor in ({above}) order by region"
        );
        db.rows(&sql, &params)?.iter().map(|row| Ok(row.parse("region")?)).collect()
    }

    /// Whether a region is inside: for what is about to be at home there.
    pub fn holds_region(&self, db: &mut dyn crate::db::Read, region: &AdminCode) -> Result<bool> {
        self.holds(db, &Home::region(region.clone()))
    }
}

/// Places of one openness, as values.
#[derive(Default)]
pub(crate) struct Roots {
    pub regions: Vec<Value>,
    pub orgs: Vec<Value>,
}

impl Roots {
    pub(crate) fn push(&mut self, place: &Place) {
        match place {
            Place::Region(region) => self.regions.push(region.into()),
            Place::Org(org) => self.orgs.push((*org).into()),
        }
    }
}

/// Pushes values; answers their places with commas between.
pub(crate) fn bind(values: Vec<Value>, params: &mut Vec<Value>) -> String {
    let mut places = Vec::with_capacity(values.len());
    for value in values {
        params.push(value);
        places.push(format!("${}", params.len()));
    }
    places.join(", ")
}

/// What is open as far as `openness`, as the rest of a condition on `row`.
pub(crate) fn classes(row: &str, openness: Class) -> String {
    match openness {
        Class::Sensitive => String::new(),
        Class::Internal => format!(" and {row}.class <> 'sensitive'"),
        Class::Public => format!(" and {row}.class = 'public'"),
    }
}
