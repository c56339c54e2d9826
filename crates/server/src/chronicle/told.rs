//! Who is told of notices and warnings, and who answers.

use serde_json::{Value as Json, json};

use super::{COUNTY, Chronicle, ENGINEER, OFFICER, id, reason};

impl Chronicle {
    /// Everything that can happen to somebody in the contact book, and to a ladder; one of
    /// two steps stays for red.
    pub(super) async fn contacts(&self) {
        let mut contacts = Vec::new();
        for duty in ["村主任", "镇长", "前任镇长"] {
            let address = json!({ "mobile": "13800000000", "email": "nobody@example.cn" });
            let new = json!({ "details": details(duty), "address": address });
            contacts.push(id(&self.post(ENGINEER, "/api/contacts", new).await).to_owned());
        }
        let path = format!("/api/contacts/{}", contacts[2]);
        let edit = json!({ "revision": 1, "details": details("副镇长") });
        self.put(ENGINEER, &path, edit).await;
        self.post(ENGINEER, &format!("{path}/retire"), reason("离任")).await;

        let step =
            |who: &str| json!({ "contacts": [who], "channels": ["phone"], "wait_minutes": 1 });
        let plan = |level: &str, steps: Json| json!({ "name": "虚构名单", "levels": [level], "steps": steps });
        // This node has no mail server, which the ledger says.
        let mut second = step(&contacts[1]);
        second["channels"] = json!(["phone", "mail"]);
        let steps = json!([step(&contacts[0]), second]);
        let red = json!({ "region": COUNTY, "plan": plan("red", steps.clone()) });
        self.post(ENGINEER, "/api/ladders", red).await;
        let blue = json!({ "region": COUNTY, "plan": plan("blue", steps) });
        let blue = self.post(ENGINEER, "/api/ladders", blue).await;
        let path = format!("/api/ladders/{}", id(&blue));
        let shorter = plan("blue", json!([step(&contacts[1])]));
        self.put(ENGINEER, &path, json!({ "revision": 1, "plan": shorter })).await;
        self.post(ENGINEER, &format!("{path}/retire"), reason("蓝色不叫应")).await;
    }

    /// One red warning is told to everybody in vain and answered late; of another somebody
    /// wants to hear nothing, and it ends.
    pub(super) async fn told(&self) {
        self.town.settle();
        let begun = self.count("calling.begun");
        self.pass_until("calling.stepped", 2 * begun);
        self.pass_until("calling.exhausted", begun);
        self.wait_for("calling.told", 2 * begun);
        let late = self.all(OFFICER, "/api/callings?state=exhausted").await;
        self.heard(&late[0], "missed", "").await;
        self.heard(&late[0], "taken", "已转移").await;

        let draft = self.draft("red", &Json::Null).await;
        self.issue(id(&draft), 600).await;
        self.town.settle();
        let of_draft = format!("/api/callings?about={}", id(&draft));
        let calling = self.all(OFFICER, &of_draft).await.remove(0);
        self.heard(&calling, "refused", "人在外地").await;
        self.wait_for("calling.told", 2 * begun + 2);
        let path = format!("/api/callings/{}/end", id(&calling));
        self.post(OFFICER, &path, reason("重复发布")).await;
    }

    /// What came of a call to somebody of the first step.
    async fn heard(&self, calling: &Json, outcome: &str, words: &str) {
        let contact = &calling["steps"][0]["people"][0]["contact"];
        let heard = json!({ "contact": contact, "outcome": outcome, "words": words });
        self.post(OFFICER, &format!("/api/callings/{}/record", id(calling)), heard).await;
    }
}

fn details(duty: &str) -> Json {
    json!({ "name": "虚构人", "duty": duty, "region": COUNTY })
}
