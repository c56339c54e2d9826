//! The people of the demonstration, appointed through the doors a real node uses.

use axum::Router;
use host::World;
use serde_json::json;
use trust::Office;

use crate::door::Door;

/// Everybody's password in the demonstration. It is printed at the start, and a
/// demonstration listens on loopback.
pub const PASSWORD: &str = "Fengsui-Demo-2026";
/// What the system officer hands out; its holder changes it at once.
const HANDED_OUT: &str = "Change-At-Once-1";

/// Account, name, roles, region. All invented. Who leads the shift also orders its
/// drills: the others are the ones who practise. It takes two to take over from a node.
pub const PEOPLE: &[(&str, &str, &[&str], &str)] = &[
    ("hanlichun", "韩立春", &["duty_officer"], "220000"),
    ("sunyiwen", "孙亦文", &["duty_chief", "custodian"], "220000"),
    ("zhoumu", "周牧", &["duty_leader", "drill_controller", "custodian"], "220000"),
    ("liujingxing", "刘景行", &["duty_officer"], "220282"),
    ("zhaoqiming", "赵启明", &["responder"], "220282"),
    ("luojiaju", "骆家驹", &["engineer"], "220000"),
];

/// Account and name of each officer.
pub const OFFICERS: &[(Office, &str, &str)] = &[
    (Office::System, "system", "郑系统"),
    (Office::Security, "security", "冯安全"),
    (Office::Audit, "audit", "沈审计"),
];

/// Claims the three offices, opens the accounts and gives the roles.
///
/// # Errors
/// What a door said, if it refused; a node that was started before has its people.
pub async fn appoint(router: &Router, world: &World) -> Result<(), String> {
    let secrets = trust::first_start(world).map_err(|error| format!("{error:?}"))?;
    let Some(secrets) = secrets else { return Ok(()) };
    let nobody = Door::nobody(router);
    for (office, secret) in secrets {
        let (_, account, name) =
            OFFICERS.iter().find(|(other, ..)| *other == office).ok_or("an office has nobody")?;
        let claim =
            json!({ "secret": secret, "account": account, "name": name, "password": PASSWORD });
        nobody.post(&format!("/api/first-start/{}", office.code()), claim).await?;
    }
    let system = Door::sign_in(router, "system", PASSWORD).await?;
    let security = Door::sign_in(router, "security", PASSWORD).await?;
    for (account, name, roles, region) in PEOPLE {
        let new = json!({ "account": account, "name": name, "password": HANDED_OUT });
        let opened = system.post("/api/accounts", new).await?;
        let id = opened["id"].as_str().ok_or("an account without an id")?;
        for role in *roles {
            let grant = json!({ "role": role, "region": region });
            security.post(&format!("/api/accounts/{id}/grants"), grant).await?;
        }
        let holder = Door::sign_in(router, account, HANDED_OUT).await?;
        let change = json!({ "current": HANDED_OUT, "new": PASSWORD });
        holder.post("/api/session/password", change).await?;
    }
    Ok(())
}
