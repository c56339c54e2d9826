//! The roles that a new node starts with: data, to be changed by the security officer.
//!
//! They follow the posts of a duty room (带班领导, 值班主任, 值班员) as the plan's
//! task (七) names them; which permission belongs to which post is our default,
//! not a rule of any standard.

use trust::RoleDefinition;

const READ: &[&str] = &[
    "enterprise.read",
    "station.read",
    "earthquake.read",
    "retention.read",
    "rule.read",
    "finding.read",
    "notice.read",
    "warning.read",
    "received.read",
    "incident.read",
    "task.read",
    "duty.read",
    "handover.read",
    "response.read",
    "request.read",
    "errand.read",
    "contact.read",
    "ladder.read",
    "calling.read",
];

/// Role, word, and what it holds beyond reading.
const ROLES: &[(&str, &str, &[&str])] = &[
    ("observer", "观察员", &[]),
    (
        "duty_officer",
        "值班员",
        &[
            "earthquake.report",
            "station.ask",
            "notice.acknowledge",
            "warning.draft",
            "received.take",
            "incident.open",
            "incident.note",
            "intake.write",
            "intake.read",
            "handover.write",
            "task.assign",
            "task.do",
            "enterprise.contacts",
            "contact.open",
            "calling.record",
        ],
    ),
    (
        "duty_chief",
        "值班主任",
        &[
            "earthquake.report",
            "station.ask",
            "rule.publish",
            "rule.shelve",
            "notice.acknowledge",
            "warning.draft",
            "warning.review",
            "received.take",
            "incident.open",
            "incident.note",
            "incident.close",
            "intake.write",
            "intake.read",
            "handover.write",
            "task.assign",
            "task.do",
            "task.request",
            "errand.resolve",
            "enterprise.contacts",
            "contact.manage",
            "contact.open",
            "ladder.manage",
            "calling.record",
            "person_file.open",
            "retention.hold",
        ],
    ),
    (
        "duty_leader",
        "带班领导",
        &[
            "station.ask",
            "rule.publish",
            "rule.shelve",
            "notice.acknowledge",
            "warning.review",
            "warning.issue",
            "warning.issue_urgently",
            "warning.lift",
            "incident.open",
            "incident.note",
            "incident.close",
            "intake.read",
            "handover.write",
            "task.assign",
            "task.request",
            "errand.resolve",
            "enterprise.contacts",
            "contact.open",
            "calling.record",
            "person_file.open",
        ],
    ),
    // Held over an organisation: what is about its own, and what it says of that.
    ("enterprise_duty", "企业值班", &["notice.feedback"]),
    // Two of them take over from a dead node.
    ("custodian", "接管人", &["custody.take"]),
    ("drill_controller", "演练导调", &["world.manage"]),
    ("responder", "救援队伍", &["task.do", "incident.note"]),
    (
        "engineer",
        "数据工程师",
        &[
            "earthquake.report",
            "import.run",
            "station.register",
            "station.ask",
            "station.set",
            "waiting.admit",
            "retention.set",
            "retention.hold",
            "reject.read",
            "rule.propose",
            "rule.publish",
            "rule.shelve",
            "enterprise.register",
            "enterprise.contacts",
            "contact.manage",
            "contact.open",
            "ladder.manage",
        ],
    ),
];

/// The first roles of a node.
pub fn first() -> Vec<RoleDefinition> {
    ROLES
        .iter()
        .map(|(role, word, more)| RoleDefinition {
            role: (*role).to_owned(),
            word: (*word).to_owned(),
            permissions: READ.iter().chain(*more).map(|code| (*code).to_owned()).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_of_a_first_role_exists() {
        let config = crate::config::Config::default();
        let parts = crate::parts::parts(&config, &trust::Sessions::default());
        let (kit, _) = host::part::Kit::fold(parts);
        for role in first() {
            for code in role.permissions {
                let known = kit.permissions.iter().any(|permission| permission.code == code);
                assert!(known, "{} holds {code}, which no part declares", role.role);
            }
        }
    }
}
