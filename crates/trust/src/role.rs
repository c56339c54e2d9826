//! Roles: named sets of permissions, given over regions.
//!
//! In: the security officer; the first definitions come with the binary as data.
//! Out: `role.defined`. Tables: `role`. Screens: `ui/src/trust/account`.

use base::Id;
use host::web::{Access, Body, Idempotency, Json, Scoped};
use host::{
    Caller, Entry, Error, Home, Lane, Page, Permission, Read, Record, Reply, Result, Routes, Slice,
    Summary, Table, Tables, World, params,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub const MANAGE: Permission = Permission::new("role.manage", "定义角色");

host::facts! {
    /// What can happen to a role.
    pub enum RoleFact {
        "role.defined" v 1 => Defined(RoleDefinition),
    }
}

/// A role got its name and permissions, or new ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoleDefinition {
    /// Stable: `duty_officer`.
    pub role: String,
    /// The Chinese name: 值班员.
    pub word: String,
    /// Codes of permissions that the parts of this program declare.
    pub permissions: Vec<String>,
}

const TABLES: &[Table] = &[Table::facts("role")];

pub(crate) fn slice() -> Slice {
    Slice::new::<RoleFact>("role", 1, TABLES, MANAGE, apply, |_, fact| match fact {
        RoleFact::Defined(role) => Summary::new(
            format!("定义角色 {}（{} 项权限）", role.word, role.permissions.len()),
            serde_json::json!({ "role": role.role, "permissions": role.permissions }),
        ),
    })
    .own_facts_only()
}

fn apply(tables: &mut Tables<'_>, _: &Entry, fact: &RoleFact) {
    let RoleFact::Defined(role) = fact;
    let permissions = serde_json::json!(role.permissions).to_string();
    tables.run(
        "insert into role (role, word, permissions) values ($1, $2, $3) \
         on conflict (role) do update set word = excluded.word, permissions = excluded.permissions",
        params![&role.role, &role.word, permissions],
    );
}

/// Defines roles that the register does not have yet; those it has stay as the
/// security officer left them.
///
/// # Errors
/// [`Error::Db`] when the database refuses.
pub fn seed(world: &World, roles: Vec<RoleDefinition>) -> Result<()> {
    world.run(Lane::Ordinary, "import", move |tx| {
        for role in roles {
            let known = tx.row("select role from role where role = $1", params![&role.role])?;
            if known.is_none() {
                tx.record(Record::first(
                    subject(&role.role),
                    Home::node(),
                    RoleFact::Defined(role),
                ))?;
            }
        }
        Ok(())
    })
}

/// A role's place in the log: the same for the same code.
fn subject(role: &str) -> Id {
    let digest = <sha2::Sha256 as sha2::Digest>::digest(format!("role {role}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Id::from_bytes(bytes)
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/roles", Access::SignedIn, "Lists roles and what they hold", list_route)
        .gives::<Page<RoleDefinition>>()
        .post("/api/roles", MANAGE, "Defines a role, or defines it anew", define)
        .takes::<RoleDefinition>()
        .creates::<RoleDefinition>()
        .get("/api/permissions", Access::SignedIn, "Lists all permissions there are", permissions)
        .gives::<Page<Permission>>()
}

async fn list_route(world: World) -> Result<Json<Page<RoleDefinition>>> {
    Ok(Json(Page::whole(world.read(list).await?)))
}

async fn permissions(world: World) -> Json<Page<Permission>> {
    Json(Page::whole(world.kit().permissions.clone()))
}

async fn define(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Body(mut role): Body<RoleDefinition>,
) -> Result<Reply<RoleDefinition>> {
    let named = (2..=32).contains(&role.role.len())
        && role.role.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !named {
        return Err(Error::invalid("role", role.role, "2 to 32 lower-case letters, digits or _"));
    }
    role.word = host::web::text("word", &role.word, 1, 32)?;
    let kit = world.kit().clone();
    for code in &role.permissions {
        if !kit.permissions.iter().any(|permission| permission.code == code) {
            return Err(Error::invalid("permissions", code, "codes listed by /api/permissions"));
        }
        // Three officers: what an office holds is in no role.
        let held_by_office = crate::Office::ALL
            .iter()
            .flat_map(|office| office.permissions())
            .any(|permission| permission.code == code);
        if held_by_office {
            return Err(Error::conflict(
                "office-permission",
                format!("{code} belongs to an office and is given with no role"),
            ));
        }
    }
    let reply = world
        .commit(&caller, key, move |tx| {
            let home = Home::node();
            scope.require(tx, &home)?;
            tx.record(Record::first(subject(&role.role), home, RoleFact::Defined(role.clone())))?;
            Ok(role)
        })
        .await?;
    Ok(reply.created())
}

/// All roles; which there are is no secret inside a node.
pub fn list(db: &mut dyn Read) -> Result<Vec<RoleDefinition>> {
    let rows = db.rows("select role, word, permissions from role order by role", &[])?;
    rows.iter()
        .map(|row| {
            Ok(RoleDefinition {
                role: row.get("role")?,
                word: row.get("word")?,
                permissions: row.json("permissions")?,
            })
        })
        .collect()
}
