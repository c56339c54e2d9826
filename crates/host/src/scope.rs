//! Who asks, what for, and how far that reaches.
//!
//! Permission and scope live in the query layer: `load` and `list` take a
//! [`Scope`], there is no version without, and what lies outside is not found.

use std::collections::{BTreeMap, HashSet};
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

/// Which divisions there are, which report to which and from when, their boundaries, and
/// which days are days of work. It stands here because how far every scope reaches follows
/// from it: no role of a region holds it, the system officer does.
pub const MANAGE_ATLAS: Permission = Permission::new("atlas.manage", "维护区划、界线与工作日历");

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

    /// As it is kept for work that goes on after its request: `None` is the node itself.
    pub(crate) fn to_grounds(&self) -> Option<&[Ground]> {
        match self {
            Scope::Node => None,
            Scope::Within(grounds) => Some(grounds),
        }
    }

    /// The inverse of [`Scope::to_grounds`].
    pub(crate) fn of_grounds(grounds: Option<Vec<Ground>>) -> Scope {
        grounds.map_or(Scope::Node, Scope::within)
    }

    /// All that is in one region and those that report to it, whatever its class: to narrow
    /// a list to it, beside the scope of who asks.
    pub fn all_in(region: AdminCode) -> Scope {
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

    /// Whether something at home there is inside, or reaches inside, asked of the database.
    pub fn holds(&self, db: &mut dyn crate::db::Read, home: &Home) -> Result<bool> {
        Ok(self.held(db, std::slice::from_ref(home))?.contains(home))
    }

    /// Which of some homes are inside, or reach inside: by at most two questions, for a
    /// page of rows.
    pub fn held(&self, db: &mut dyn crate::db::Read, homes: &[Home]) -> Result<HashSet<Home>> {
        let Scope::Within(grounds) = self else { return Ok(homes.iter().cloned().collect()) };
        let mut roots = Roots::default();
        for ground in grounds.iter() {
            roots.push(&ground.place);
        }
        let regions = homes.iter().flat_map(Home::concerned).map(Value::from).collect();
        let orgs = homes.iter().filter_map(|home| home.org).map(Value::from).collect();
        let mut above_region: HashSet<(AdminCode, AdminCode)> = HashSet::new();
        for row in pairs(db, "region_within", "region", regions, roots.regions)? {
            above_region.insert((row.parse("below")?, row.parse("ancestor")?));
        }
        let mut above_org: HashSet<(Id, Id)> = HashSet::new();
        for row in pairs(db, "org_within", "org", orgs, roots.orgs)? {
            above_org.insert((row.get("below")?, row.get("ancestor")?));
        }
        let inside = |home: &&Home| {
            let near = grounds.iter().filter(|ground| home.class <= ground.openness);
            near.into_iter().any(|ground| match &ground.place {
                Place::Region(root) => home
                    .concerned()
                    .any(|region| above_region.contains(&(region.clone(), root.clone()))),
                Place::Org(root) => home.org.is_some_and(|org| above_org.contains(&(org, *root))),
            })
        };
        Ok(homes.iter().filter(inside).cloned().collect())
    }

    /// Refuses what would be at home outside: to make it there, or to move it there. It is
    /// inside by its region or by its organisation, as far as its class is open there; whom
    /// it reaches does not bring it inside.
    ///
    /// # Errors
    /// [`Error::NotFound`] `region`, as for all that is outside.
    pub fn require(&self, db: &mut dyn crate::db::Read, home: &Home) -> Result<()> {
        let home = Home { reach: Vec::new(), ..home.clone() };
        if self.holds(db, &home)? { Ok(()) } else { Err(Error::not_found("region")) }
    }
}

/// What of `below` lies within which of `above`, in a table of (`column`, `ancestor`).
fn pairs(
    db: &mut dyn crate::db::Read,
    table: &str,
    column: &str,
    below: Vec<Value>,
    above: Vec<Value>,
) -> Result<Vec<crate::db::Row>> {
    if below.is_empty() || above.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = Vec::new();
    let (below, above) = (bind(below, &mut params), bind(above, &mut params));
    let sql = format!(
        "select {column} as below, ancestor from {table} \
         where {column} in ({below}) and ancestor in ({above}) order by {column}, ancestor"
    );
    Ok(db.rows(&sql, &params)?)
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
