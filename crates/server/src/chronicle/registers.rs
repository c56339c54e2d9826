//! An enterprise with a hazard source and a tank, from the first entry to the last.

use serde_json::{Value as Json, json};

use super::{COUNTY, Chronicle, ENGINEER, id, reason};

impl Chronicle {
    /// Everything that can happen to an enterprise and to a site.
    pub(super) async fn registers(&self) {
        let post = async |path: &str, body: Json| self.post(ENGINEER, path, body).await;
        let details = |organisation: &Json| {
            json!({ "name": "虚构化工有限公司", "credit_code": "91220282MA0FAY001F",
                "industry": "C2614", "kinds": ["hazchem"], "region": COUNTY,
                "place": { "original": [126.7566, 42.9721], "datum": "gcj02" },
                "organisation": organisation })
        };
        let new = json!({ "details": details(&Json::Null), "state": "planned",
            "since": "2020-05-01" });
        let enterprise = post("/api/enterprises", new).await;
        let of_enterprise = format!("/api/enterprises/{}", id(&enterprise));
        let source = json!({ "hazard_source": { "unit": "tank_farm", "grade": 3, "r": 10.8,
            "substances": [{ "name": "液氨", "cas": "7664-41-7", "design_max_t": 30 }] } });
        let source = self.site(&enterprise, ("液氨罐区", "001"), (&Json::Null, source)).await;
        let tank = json!({ "tank": { "medium": "液氨", "cas": "7664-41-7", "shape": "sphere",
            "volume_m3": 400 } });
        let tank = self.site(&enterprise, ("1# 球罐", "G0001"), (&source["id"], tank)).await;

        let own = json!({ "name": "虚构化工有限公司", "kind": "enterprise", "region": COUNTY });
        let own = self.post("system", "/api/organisations", own).await;
        let edit = json!({ "revision": 1, "details": details(&own["id"]) });
        self.put(ENGINEER, &of_enterprise, edit).await;
        let of_tank = format!("/api/sites/{}", id(&tank));
        let edit = json!({ "revision": 1, "details": { "name": "一号球罐", "code": "G0001",
            "region": COUNTY, "part_of": source["id"], "particulars": tank["particulars"] } });
        self.put(ENGINEER, &of_tank, edit).await;

        let contacts = format!("{of_enterprise}/contacts");
        let person = json!({ "duty": "safety",
            "person": { "name": "虚构人", "phone": "13800000000" } });
        let named = post(&contacts, person).await;
        let gone = json!({ "contact": named["contacts"][0]["id"], "reason": "离职" });
        post(&format!("{contacts}/remove"), gone).await;
        let on_duty = json!({ "duty": "on_duty",
            "person": { "name": "值班室", "phone": "0432-60000000" } });
        post(&contacts, on_duty).await;

        let turn = |since: &str, why: &str| {
            let mut body = reason(why);
            body["since"] = json!(since);
            body
        };
        let of_source = format!("/api/sites/{}", id(&source));
        for path in [&of_enterprise, &of_tank] {
            post(&format!("{path}/suspend"), turn("2026-01-01", "检修")).await;
            post(&format!("{path}/start"), turn("2026-03-01", "复产")).await;
        }
        for path in [&of_tank, &of_source, &of_enterprise] {
            post(&format!("{path}/close"), turn("2026-08-01", "退出")).await;
        }
    }

    async fn site(
        &self,
        enterprise: &Json,
        (name, code): (&str, &str),
        (part_of, particulars): (&Json, Json),
    ) -> Json {
        let details = json!({ "name": name, "code": code, "region": COUNTY, "part_of": part_of,
            "particulars": particulars });
        let new = json!({ "enterprise": id(enterprise), "details": details,
            "since": "2020-05-01" });
        self.post(ENGINEER, "/api/sites", new).await
    }
}
