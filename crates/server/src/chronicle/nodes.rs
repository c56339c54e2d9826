//! What goes on with another node: requests both ways, and what changes hands.

use base::{Duration, Id};
use host::effect::{Decision, ErrandFact, Resolved};
use host::request::{Ask, ask};
use host::town::Town;
use host::{Home, Lane, Record, Scope};
use serde_json::{Value as Json, json};

use super::{CHIEF, COUNTY, Chronicle, LEADER, OFFICER, id, parts};
use crate::config::Config;

const UPPER: &str = "upper";

impl Chronicle {
    /// An upper node asks and is answered, is asked and does not answer, and dies.
    pub(super) async fn other_nodes(&self) {
        let sessions = trust::Sessions::default();
        let upper = Town::of_origin(UPPER, parts(&Config::default(), &sessions), "");
        upper.world.clock().set(self.town.world.clock().now());
        upper.announces();
        self.town.trusts(&upper);
        // It asks about what it has seen.
        self.town.announces();
        upper.trusts(&self.town);
        while self.town.sends(&upper) != 0 {}
        let grants = format!("/api/neighbours/{UPPER}/grants");
        for permission in ["task.assign", "custody.take"] {
            let grant = json!({ "permission": permission, "region": COUNTY });
            self.post("security", &grants, grant).await;
        }
        let reading = json!({ "origin": UPPER, "regions": [COUNTY], "openness": "internal" });
        self.post("security", "/api/neighbours/readings", reading).await;
        let taken_back = json!({ "permission": "custody.take", "region": COUNTY });
        self.post("security", &format!("{grants}/withdraw"), taken_back).await;

        let incidents = self.all(OFFICER, "/api/incidents").await;
        let open = incidents.iter().find(|incident| incident["state"] == "open");
        let open = open.expect("one is open");
        let due_at = self.town.world.clock().now() + Duration::from_mins(60);
        let wanted = json!({ "incident": open["id"], "title": "加派一队", "detail": "",
            "assignee": self.team, "due_at": due_at });
        let asks = |town: &Town, to: &str, wanted: Json| {
            let asked = Ask {
                to: to.to_owned(),
                kind: "task.assign",
                about: id(open).parse().expect("an id"),
                body: wanted,
                until: due_at,
                asked_by: "省厅值班员".to_owned(),
            };
            town.world
                .run(Lane::Urgent, "import", move |tx| ask(tx, &Scope::Node, asked))
                .expect("asked");
        };
        asks(&upper, "town", wanted.clone());
        asks(&upper, "town", json!({ "incident": Id::from_u128(7) }));
        asks(&self.town, "jilin", wanted);
        upper.sends(&self.town);
        self.wait_for("request.accepted", 1);
        self.wait_for("request.refused", 1);
        self.pass(60);
        self.wait_for("request.expired", 1);

        let proposal = json!({ "of": { "origin": UPPER }, "region": COUNTY, "reason": "机房进水" });
        let proposed = self.post(OFFICER, "/api/custody/proposals", proposal).await;
        let confirm = format!("/api/custody/proposals/{}/confirm", id(&proposed));
        self.post(CHIEF, &confirm, Json::Null).await;
        let passed = json!({ "of": { "subjects": [open["id"]] }, "to": "jilin", "region": COUNTY,
            "reason": "由上级牵头" });
        self.post(LEADER, "/api/custody/pass", passed).await;
        // No part of this release does anything outside that could be left uncertain here.
        let resolved = ErrandFact::Resolved(Resolved {
            effect: "sms.send".to_owned(),
            subject: Id::from_u128(7),
            title: "短信".to_owned(),
            was: "uncertain".to_owned(),
            decision: Decision::WentOut,
            reason: "已电话核实".to_owned(),
            by: "值班主任".to_owned(),
        });
        let decided = move |tx: &mut host::Tx<'_>| {
            let errand = tx.new_id();
            tx.record(Record::first(errand, Home::node(), resolved)).map(|_| ())
        };
        self.town.world.run(Lane::Urgent, "web", decided).expect("recorded");
    }
}
