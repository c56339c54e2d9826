//! Organisations: agencies, their departments, enterprises. Their tree is not the tree
//! of regions: a city's bureau has a brigade in a county, an enterprise mines in three.
//!
//! In: the system officer. Out: `organisation.founded`, `.renamed`, `.moved`, `.closed`.
//! Tables: `organisation`, `org_within`. Screens: `ui/src/trust/organisation`.

use base::{AdminCode, Id};
use host::job::owned;
use host::web::{Access, Body, Idempotency, Json, Path, Scoped};
use host::{
    Caller, Entry, Error, Home, Page, Permission, Read, Record, Reply, Result, Routes, Row, Scope,
    Slice, Summary, Table, Tables, Tx, World, params, row,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub const MANAGE: Permission = Permission::new("organisation.manage", "登记与变更机构");

/// Organisations listed at most: a node's own agencies and enterprises.
const LISTED: i64 = 20_000;

/// What an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "OrganisationKind")]
pub enum Kind {
    /// 政府部门
    Agency,
    /// 内设机构、直属单位
    Department,
    /// 救援队伍
    Force,
    /// 生产经营单位
    Enterprise,
    /// 其他
    Other,
}

impl Kind {
    const ALL: [Kind; 5] =
        [Kind::Agency, Kind::Department, Kind::Force, Kind::Enterprise, Kind::Other];

    fn code(self) -> &'static str {
        match self {
            Kind::Agency => "agency",
            Kind::Department => "department",
            Kind::Force => "force",
            Kind::Enterprise => "enterprise",
            Kind::Other => "other",
        }
    }
}

/// An organisation as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Organisation {
    pub id: Id,
    pub name: String,
    pub kind: Kind,
    /// The one above it.
    pub parent: Option<Id>,
    /// The division it lies in.
    pub region: Option<AdminCode>,
    /// It exists no more; what it did stays.
    pub closed: bool,
}

host::facts! {
    /// What can happen to an organisation.
    pub enum OrganisationFact {
        "organisation.founded" v 2 => Founded(Founded),
        "organisation.renamed" v 1 => Renamed(Renamed),
        "organisation.moved" v 1 => Moved(Moved),
        "organisation.closed" v 1 => Closed(Closed),
    } upcast host::fact::less;
}

/// It was entered in the register.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Founded {
    pub name: String,
    pub kind: Kind,
    pub parent: Option<Id>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Renamed {
    pub name: String,
    pub before: String,
}

/// It is below another one from now on, or at the top, with all that is below it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    pub name: String,
    pub parent: Option<Id>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Closed {
    pub name: String,
    pub reason: String,
}

const TABLES: &[Table] = &[Table::subjects("organisation"), Table::facts("org_within")];

pub(crate) fn slice() -> Slice {
    Slice::new::<OrganisationFact>("organisation", 2, TABLES, MANAGE, apply, summary)
        .own_facts_only()
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &OrganisationFact) {
    let id = entry.header.subject;
    match fact {
        OrganisationFact::Founded(founded) => {
            let row = row! {
                name: &founded.name,
                kind: founded.kind.code(),
                parent: founded.parent,
                state: "open",
                founded_at: entry.at(),
            };
            tables.put("organisation", entry, row);
            tables.run("insert into org_within (ancestor, org) values ($1, $1)", params![id]);
            put_below(tables, id, founded.parent);
        }
        OrganisationFact::Renamed(renamed) => tables
            .run("update organisation set name = $2 where id = $1", params![id, &renamed.name]),
        OrganisationFact::Moved(moved) => {
            tables.run(
                "update organisation set parent = $2 where id = $1",
                params![id, moved.parent],
            );
            tables.run(
                "delete from org_within \
                 where org in (select below.org from org_within below where below.ancestor = $1) \
                 and ancestor not in \
                 (select below.org from org_within below where below.ancestor = $1)",
                params![id],
            );
            put_below(tables, id, moved.parent);
        }
        OrganisationFact::Closed(_) => {
            tables.run("update organisation set state = 'closed' where id = $1", params![id]);
        }
    }
}

/// Puts an organisation and all below it under a parent and all above that.
fn put_below(tables: &mut Tables<'_>, org: Id, parent: Option<Id>) {
    let Some(parent) = parent else { return };
    tables.run(
        "insert into org_within (ancestor, org) \
         select above.ancestor, below.org from org_within above, org_within below \
         where above.org = $2 and below.ancestor = $1 \
         on conflict (ancestor, org) do nothing",
        params![org, parent],
    );
}

fn summary(_: &Entry, fact: &OrganisationFact) -> Summary {
    let (title, state) = match fact {
        OrganisationFact::Founded(it) => (format!("登记机构 {}", it.name), "open"),
        OrganisationFact::Renamed(it) => (format!("机构 {} 更名为 {}", it.before, it.name), "open"),
        OrganisationFact::Moved(it) => (format!("机构 {} 调整隶属关系", it.name), "open"),
        OrganisationFact::Closed(it) => (format!("撤销机构 {}：{}", it.name, it.reason), "closed"),
    };
    Summary::new(title, serde_json::json!({ "state": state }))
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/organisations", Access::SignedIn, "Lists organisations by name", list_route)
        .gives::<Page<Organisation>>()
        .post("/api/organisations", MANAGE, "Enters an organisation in the register", found)
        .takes::<NewOrganisation>()
        .creates::<Organisation>()
        .put("/api/organisations/{id}", MANAGE, "Renames or moves an organisation", change)
        .takes::<ChangeOrganisation>()
        .gives::<Organisation>()
        .post("/api/organisations/{id}/close", MANAGE, "Closes an organisation", close)
        .takes::<CloseOrganisation>()
        .gives::<Organisation>()
}

#[derive(Debug, Deserialize, JsonSchema)]
struct NewOrganisation {
    /// 2 to 64 characters.
    name: String,
    kind: Kind,
    parent: Option<Id>,
    region: Option<AdminCode>,
}

/// What is left out stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
struct ChangeOrganisation {
    name: Option<String>,
    /// `null` puts it at the top.
    #[serde(
        default,
        deserialize_with = "host::web::given",
        skip_serializing_if = "Option::is_none"
    )]
    parent: Option<Option<Id>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct CloseOrganisation {
    /// 2 to 200 characters.
    reason: String,
}

/// Which organisations there are is no secret inside a node.
async fn list_route(world: World) -> Result<Json<Page<Organisation>>> {
    Ok(Json(Page::whole(world.read(list).await?)))
}

async fn found(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(new): Body<NewOrganisation>,
) -> Result<Reply<Organisation>> {
    let name = host::web::text("name", &new.name, 2, 64)?;
    let reply = world.commit(&caller, key, move |tx| {
        if let Some(region) = &new.region
            && tx.row("select code from region where code = $1", params![region])?.is_none()
        {
            return Err(Error::invalid("region", region, "a region of the register"));
        }
        refuse_taken(tx, &name)?;
        check_parent(tx, new.parent)?;
        let id = tx.new_id();
        let home = Home { region: new.region, ..Home::node() }.org(Some(id));
        scope.require(tx, &home)?;
        let founded = Founded { name, kind: new.kind, parent: new.parent };
        tx.record(Record::first(id, home, OrganisationFact::Founded(founded)))?;
        load(tx, id)
    });
    Ok(reply.await?.created())
}

async fn change(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
    Body(body): Body<ChangeOrganisation>,
) -> Result<Reply<Organisation>> {
    let name = body.name.map(|name| host::web::text("name", &name, 2, 64)).transpose()?;
    let reply = world.commit(&caller, key, move |tx| {
        let mut now = load_open(tx, &scope, id)?;
        if let Some(name) = name.filter(|name| *name != now.name) {
            refuse_taken(tx, &name)?;
            let renamed = Renamed { name: name.clone(), before: now.name.clone() };
            tx.record(Record::next(id, OrganisationFact::Renamed(renamed)))?;
            now.name = name;
        }
        if let Some(parent) = body.parent.filter(|parent| *parent != now.parent) {
            check_parent(tx, parent)?;
            let sql = "select 1 as below from org_within where ancestor = $1 and org = $2";
            if let Some(parent) = parent
                && tx.row(sql, params![id, parent])?.is_some()
            {
                return Err(Error::conflict("circle", "an organisation is not below itself"));
            }
            let moved = Moved { name: now.name, parent };
            tx.record(Record::next(id, OrganisationFact::Moved(moved)))?;
        }
        load(tx, id)
    });
    reply.await
}

async fn close(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<Id>,
    Body(body): Body<CloseOrganisation>,
) -> Result<Reply<Organisation>> {
    let reason = host::web::text("reason", &body.reason, 2, 200)?;
    let reply = world.commit(&caller, key, move |tx| {
        let now = load_open(tx, &scope, id)?;
        let sql = "select id from organisation where parent = $1 and state = 'open' \
                   order by id limit 1";
        if tx.row(sql, params![id])?.is_some() {
            return Err(Error::conflict("has-parts", "organisations below it are still open"));
        }
        let closed = Closed { name: now.name, reason };
        tx.record(Record::next(id, OrganisationFact::Closed(closed)))?;
        load(tx, id)
    });
    reply.await
}

/// Business keys are checked in the decision, for what this node owns.
fn refuse_taken(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    let sql = format!(
        "select id from organisation where name = $1 and state = 'open' and {} order by id limit 1",
        owned("organisation")
    );
    match tx.row(&sql, params![name])? {
        None => Ok(()),
        Some(_) => Err(Error::conflict("name-taken", "an organisation of this name is open")),
    }
}

fn check_parent(tx: &mut Tx<'_>, parent: Option<Id>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    match find(tx, parent)? {
        Some(found) if !found.closed => Ok(()),
        _ => Err(Error::invalid("parent", parent, "an open organisation of /api/organisations")),
    }
}

const COLUMNS: &str = "o.id, o.name, o.kind, o.parent, o.region, o.state";

/// One organisation; which there are is no secret inside a node.
pub fn find(db: &mut dyn Read, id: Id) -> Result<Option<Organisation>> {
    let sql = format!("select {COLUMNS} from organisation o where o.id = $1");
    db.row(&sql, params![id])?.as_ref().map(from_row).transpose()
}

/// All organisations, by name.
pub fn list(db: &mut dyn Read) -> Result<Vec<Organisation>> {
    let sql = format!("select {COLUMNS} from organisation o order by o.name, o.id limit $1");
    db.rows(&sql, params![LISTED])?.iter().map(from_row).collect()
}

fn load(db: &mut dyn Read, id: Id) -> Result<Organisation> {
    find(db, id)?.ok_or(Error::not_found("organisation"))
}

/// One that is open, to change it: which there are is no secret, who changes them is told
/// by the scope.
fn load_open(tx: &mut Tx<'_>, scope: &Scope, id: Id) -> Result<Organisation> {
    let found = load(tx, id)?;
    tx.require_home(scope, id)?;
    if found.closed {
        return Err(Error::conflict("closed", "the organisation is closed"));
    }
    Ok(found)
}

fn from_row(row: &Row) -> Result<Organisation> {
    let code: String = row.get("kind")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code);
    let state: String = row.get("state")?;
    Ok(Organisation {
        id: row.get("id")?,
        name: row.get("name")?,
        kind: kind.ok_or_else(|| Error::Internal(format!("an organisation is a {code:?}")))?,
        parent: row.get("parent")?,
        region: row.parse_opt("region")?,
        closed: state == "closed",
    })
}
