//! Calls, incidents, tasks, and who takes what on the desk.

use base::{Duration, Id};
use serde_json::{Value as Json, json};

use super::{CHIEF, COUNTY, Chronicle, LEADER, OFFICER, TEAM, id, reason};

impl Chronicle {
    /// Warnings and calls become incidents, with tasks that end in every way there is.
    pub(super) async fn incidents(&self) {
        let mut incidents = Vec::new();
        let in_force = self.all(OFFICER, "/api/warnings?state=issued").await;
        for warning in in_force.iter().take(self.scale.calls) {
            let opening = json!({ "warning": warning["id"] });
            incidents.push(self.post(OFFICER, "/api/incidents", opening).await);
        }
        for number in 0..self.scale.calls as u128 {
            let call = Id::from_u128(0x0198_0000_0000_7000_8000_0001_0000_0000 | number);
            let form = json!({
                "caller": "金秀妍", "phone": "13812345678", "place": "红石砬子镇桦树林村",
                "region": COUNTY, "hazard": "flood", "what": "村道过水", "trapped": 2,
            });
            self.put(OFFICER, &format!("/api/intakes/{call}"), form).await;
            let path = format!("/api/intakes/{call}/open");
            incidents.push(self.post(OFFICER, &path, Json::Null).await);
        }
        for (number, incident) in incidents.iter().enumerate() {
            self.work(id(incident), number).await;
        }
        // Each of them holds readings; one that a person held is let go again.
        let held = json!({ "name": "洪水复盘", "reason": "留作复盘", "region": COUNTY,
            "from": "2026-08-01T00:00:00Z" });
        let held = self.post(OFFICER, "/api/holds", held).await;
        let end = format!("/api/holds/{}/end", id(&held));
        self.post(OFFICER, &end, reason("复盘已完成")).await;
        for name in [OFFICER, LEADER] {
            for incident in incidents.iter().filter(|one| one["state"] == "open").take(3) {
                let claim = json!({ "kind": "incident", "id": incident["id"] });
                let answer = self.town.post(name, "/api/duty/claims", claim).await;
                assert_eq!(answer.status, 204, "{}", answer.body);
            }
        }
        // Nobody answered in ten minutes; nobody was done in an hour.
        let assigned = self.count("task.assigned");
        self.pass(70);
        self.wait_for("task.overdue", assigned / 5);
    }

    /// The desk changes hands: one sheet is taken away, one comes back and is received.
    pub(super) async fn handovers(&self) {
        let begin = json!({ "region": COUNTY });
        let wrong = self.post(OFFICER, "/api/handovers", begin.clone()).await;
        let path = format!("/api/handovers/{}/withdraw", id(&wrong));
        self.post(OFFICER, &path, reason("填错辖区")).await;
        let sheet = self.post(OFFICER, "/api/handovers", begin).await;
        let path = format!("/api/handovers/{}", id(&sheet));
        let line = &sheet["sheet"]["lines"][0];
        let line = json!({ "kind": line["kind"], "item": line["item"], "note": "等局长意见" });
        let words = json!({ "revision": sheet["revision"], "to": self.team, "note": "水情平稳",
            "lines": [line] });
        let sheet = self.put(OFFICER, &path, words).await;
        let sign = async |sheet: &Json| {
            let read = json!({ "revision": sheet["revision"] });
            self.post(OFFICER, &format!("{path}/sign"), read).await
        };
        sign(&sheet).await;
        let sheet = self.post(TEAM, &format!("{path}/return"), reason("漏了一项")).await;
        sign(&sheet).await;
        let seen = self.get(TEAM, &path).await;
        let added = seen["added"].as_array().expect("a list").iter();
        let confirmed: Vec<Json> =
            added.map(|line| json!({ "kind": line["kind"], "item": line["item"] })).collect();
        let receipt = json!({ "note": "已核对", "confirmed": confirmed });
        self.post(TEAM, &format!("{path}/receive"), receipt).await;
    }

    /// The tasks and the lines of one incident.
    async fn work(&self, incident: &str, number: usize) {
        let of_incident = format!("/api/incidents/{incident}");
        for line in ["已通知乡镇", "转移 42 户"] {
            self.post(OFFICER, &format!("{of_incident}/notes"), json!({ "text": line })).await;
        }
        let mut tasks = Vec::new();
        let due_at = self.town.world.clock().now() + Duration::from_mins(60);
        for title in ["巡堤", "转移低洼户", "送物资", "守桥"] {
            let task = json!({ "title": title, "detail": "接到镇中心小学",
                "assignee": self.team, "due_at": due_at });
            let task = self.post(OFFICER, &format!("{of_incident}/tasks"), task).await;
            tasks.push(format!("/api/tasks/{}", id(&task)));
        }
        let step = async |name: &str, task: usize, step: &str, body: Json| {
            self.post(name, &format!("{}/{step}", tasks[task]), body).await
        };
        step(TEAM, 0, "accept", Json::Null).await;
        step(TEAM, 0, "finish", json!({ "report": "全线无险情" })).await;
        step(TEAM, 1, "decline", reason("车辆不足")).await;
        step(OFFICER, 2, "cancel", reason("已有人送")).await;
        if number.is_multiple_of(2) {
            step(TEAM, 3, "accept", Json::Null).await;
        } else if number.is_multiple_of(3) {
            step(OFFICER, 3, "cancel", reason("水已退")).await;
            self.post(CHIEF, &format!("{of_incident}/close"), reason("险情解除")).await;
        }
    }
}
