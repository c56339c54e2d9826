//! Regions, roles, accounts and grants; keys of nodes, and one of a person, destroyed.

use atlas::region::Added;
use atlas::{Region, RegionFact};
use axum::http::Method;
use base::Id;
use base::place::Tier;
use host::town::Town;
use host::{Caller, Home, Lane, Permission, Record};
use serde_json::{Value as Json, json};
use trust::account::{AccountFact, Opened};
use trust::grant::{Given, GrantFact};

use super::{CHIEF, COUNTY, ENGINEER, LEADER, OFFICER, PROVINCE, Regions, TEAM, done, id, reason};
use crate::roles;

/// Puts everybody in their posts; answers the person whom tasks can be given to.
pub async fn settle_in(town: &Town, regions: Regions) -> Id {
    match regions {
        Regions::Carried => atlas::seed(&town.world).expect("seeded"),
        Regions::Few => few(town),
    }
    trust::role::seed(&town.world, roles::first()).expect("seeded");
    let all: Vec<Permission> = town.world.kit().permissions.clone();
    for name in [OFFICER, CHIEF, LEADER, ENGINEER] {
        town.person(name, PROVINCE, &all);
    }
    let team = town.person(TEAM, COUNTY, &all);
    hire(town, &team);
    officers(town, &all).await;
    let holder = Id::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0002);
    let destroyed = town.world.run(Lane::Urgent, "import", move |tx| {
        host::sealed::destroy(tx, holder, "事后六十日，按规定销毁")
    });
    destroyed.expect("recorded");
    team.person
}

/// The province, its capital's prefecture, and two counties of another.
fn few(town: &Town) {
    let region = |code: &str, name: &str, tier, parent: Option<&str>| Region {
        code: code.parse().expect("a code"),
        name: name.to_owned(),
        name_en: None,
        tier,
        parent: parent.map(|parent| parent.parse().expect("a code")),
        label: Some([126.75, 42.97]),
        bbox: Some([126.2, 42.5, 127.3, 43.5]),
    };
    let regions = vec![
        region(PROVINCE, "吉林省", Tier::Province, None),
        region("220200", "吉林市", Tier::City, Some(PROVINCE)),
        region(COUNTY, "桦甸市", Tier::County, Some("220200")),
        region("220281", "蛟河市", Tier::County, Some("220200")),
    ];
    let source = "虚构摘录".to_owned();
    let added = RegionFact::Added(Added { source, regions, dated: Vec::new() });
    let subject = Id::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
    let recorded = town.world.run(Lane::Ordinary, "import", move |tx| {
        tx.record(Record::first(subject, Home::node(), added))
    });
    recorded.expect("recorded");
}

/// Makes a person of the town one whom `trust` knows, as an import would.
fn hire(town: &Town, caller: &Caller) {
    let opened = Opened {
        account: "yuhaitang".to_owned(),
        person: caller.person,
        name: caller.name.clone(),
        org: None,
        office: None,
    };
    // A responder takes tasks, an officer takes the desk over.
    let given = ["responder", "duty_officer"].map(|role| Given {
        account: caller.person,
        account_name: opened.account.clone(),
        role: role.to_owned(),
        place: host::scope::Place::Region(COUNTY.parse().expect("a code")),
        place_name: "桦甸市".to_owned(),
    });
    let person = caller.person;
    let hired = town.world.run(Lane::Urgent, "import", move |tx| {
        tx.record(Record::first(person, Home::node(), AccountFact::Opened(opened)))?;
        for given in given {
            let grant = tx.new_id();
            tx.record(Record::first(grant, Home::node(), GrantFact::Given(given)))?;
        }
        Ok(())
    });
    hired.expect("recorded");
}

/// What the system officer and the security officer do with accounts.
async fn officers(town: &Town, all: &[Permission]) {
    town.officer("system", all);
    town.officer("security", all);
    let post =
        async |name: &str, path: &str, body: Json| done(path, town.post(name, path, body).await);
    town.announces();
    for (name, fingerprint) in [("jilin", "ab".repeat(32)), ("lost-box", "cd".repeat(32))] {
        let key = json!({ "origin": name, "fingerprint": fingerprint, "regions": ["220200"] });
        post("security", "/api/neighbours", key).await;
    }
    let lost = json!({ "fingerprint": "cd".repeat(32), "reason": "设备遗失" });
    post("security", "/api/neighbours/lost-box/distrust", lost).await;
    organisations(town).await;
    regions(town).await;
    let notice = "year,2027\ntitle,通知\nsource,虚构\nrest,2027-01-01,2027-01-03,元旦";
    post("system", "/api/calendar/notices", json!({ "text": notice })).await;
    let role = json!({ "role": "guest", "word": "来宾", "permissions": ["station.read"] });
    post("security", "/api/roles", role).await;
    for number in 0..3 {
        let account = json!({ "account": format!("officer{number}"), "name": "郑文",
            "password": "Change-At-Once-1" });
        let account = post("system", "/api/accounts", account).await;
        let of_account = format!("/api/accounts/{}", id(&account));
        for role in ["observer", "guest"] {
            let grant = json!({ "role": role, "region": COUNTY });
            let account = post("security", &format!("{of_account}/grants"), grant).await;
            if role == "guest" {
                let grants = account["grants"].as_array().expect("grants");
                let path = format!("/api/grants/{}", id(grants.last().expect("one")));
                done(&path, town.ask("security", Method::DELETE, &path, None).await);
            }
        }
        post("system", &format!("{of_account}/disable"), reason("休假")).await;
        if number == 0 {
            post("system", &format!("{of_account}/enable"), Json::Null).await;
        }
    }
}

/// A bureau with a brigade that moves to another one, is renamed, and closed.
async fn organisations(town: &Town) {
    let ask = async |method: Method, path: &str, body: Json| {
        done(path, town.ask("system", method, path, Some(body)).await)
    };
    let all = "/api/organisations";
    let bureau = json!({ "name": "桦甸市应急管理局", "kind": "agency", "region": COUNTY });
    let bureau = ask(Method::POST, all, bureau).await;
    let mine = json!({ "name": "虚构矿业有限公司", "kind": "enterprise", "region": COUNTY });
    let mine = ask(Method::POST, all, mine).await;
    let brigade = json!({ "name": "救护队", "kind": "force", "parent": id(&mine) });
    let brigade = ask(Method::POST, all, brigade).await;
    let path = format!("{all}/{}", id(&brigade));
    let moved = json!({ "name": "矿山救护队", "parent": id(&bureau) });
    ask(Method::PUT, &path, moved).await;
    let held = json!({ "role": "observer", "org": id(&bureau) });
    let account = json!({ "account": "guancha", "name": "观察员",
        "password": "Change-At-Once-1" });
    let account = ask(Method::POST, "/api/accounts", account).await;
    let grants = format!("/api/accounts/{}/grants", id(&account));
    done(&grants, town.post("security", &grants, held).await);
    ask(Method::POST, &format!("{path}/close"), reason("并入专业队伍")).await;
}

/// The system officer brings a table of divisions, and confirms it; then the outline of one.
async fn regions(town: &Town) {
    let table = "区划代码,名称,上级代码,启用日期,来源\n220299,虚构区,220200,2020-01-01,虚构\n";
    let path = "/api/imports?register=region&file=regions.csv";
    let (brought, _) = town.ask_raw("system", "POST", path, table.into()).await;
    let path = format!("/api/imports/{}", id(&done(path, brought)));
    for (state, then) in [("ready", "/confirm"), ("done", "")] {
        while done(&path, town.get("system", &path).await)["state"] != state {
            tokio::task::yield_now().await;
        }
        if !then.is_empty() {
            done(then, town.post("system", &format!("{path}{then}"), Json::Null).await);
        }
    }
    let square = [[126, 43], [127, 43], [127, 44], [126, 43]];
    let outline = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature",
        "properties": { "code": "220299" },
        "geometry": { "type": "Polygon", "coordinates": [square] } }] });
    let path = "/api/regions/boundaries?source=test&datum=gcj02&from=2021-01-01&take=true";
    let (brought, _) = town.ask_raw("system", "POST", path, outline.to_string().into()).await;
    done(path, brought);
}
