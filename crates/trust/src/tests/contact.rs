//! The contact book, through its doors.

use axum::http::Method;
use host::log::{self, Book};
use host::town::{Answer, Town};
use host::{Permission, params};
use serde_json::{Value as Json, json};

use crate::Sessions;
use crate::contact::{self, MANAGE, OPEN, READ};

const MOBILE: &str = "13812345678";
const EMAIL: &str = "yuhaitang@example.cn";

/// 周牧 keeps the book of 桦甸, 孙亦文 reads it there, and 磐石 has its own.
fn town() -> Town {
    let town = Town::new(vec![crate::part(&Sessions::default()), atlas::part()]);
    atlas::seed(&town.world).expect("the register is seeded");
    let all: [Permission; 3] = [READ, MANAGE, OPEN];
    town.person("周牧", "220282", &all);
    town.person("孙亦文", "220282", &[READ]);
    town.person("磐石值班", "220284", &all);
    town
}

fn details(name: &str) -> Json {
    json!({ "name": name, "duty": "村主任、防汛责任人", "region": "220282" })
}

async fn enter(town: &Town) -> Json {
    let body = json!({ "details": details("于海棠"),
        "address": { "mobile": "+86 138-1234-5678", "email": EMAIL } });
    let answer = town.post("周牧", "/api/contacts", body).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    answer.body
}

fn path(contact: &Json) -> String {
    format!("/api/contacts/{}", contact["id"].as_str().expect("an id"))
}

fn refusal(answer: &Answer) -> (u16, String) {
    let code = answer.body["code"].as_str().unwrap_or_default();
    (answer.status.as_u16(), code.to_owned())
}

/// How often an address was opened.
fn opened(town: &Town) -> usize {
    let trail = town.world.read_now(|db| Ok(log::after(db, Book::Trail, 0, 100)?)).expect("reads");
    trail.iter().filter(|entry| entry.kind() == "contact.opened").count()
}

#[tokio::test]
async fn somebody_is_listed_masked_and_opened_with_a_note() {
    let town = town();
    let contact = enter(&town).await;
    assert_eq!(contact["address"], json!({ "mobile": "138****5678", "email": "y****@example.cn" }));
    assert_eq!(contact["region_name"], "桦甸市");
    let listed = town.get("孙亦文", "/api/contacts?q=%E4%BA%8E").await;
    assert_eq!(listed.body["items"], json!([contact]));
    assert_eq!(town.get("孙亦文", "/api/contacts?q=%E6%B5%B7").await.body["items"], json!([]));

    let address = format!("{}/address", path(&contact));
    assert_eq!(refusal(&town.get("孙亦文", &address).await), (403, "forbidden".to_owned()));
    assert_eq!(opened(&town), 0);
    let whole = town.get("周牧", &address).await;
    assert_eq!(whole.body["address"], json!({ "mobile": MOBILE, "email": EMAIL }));
    assert_eq!(opened(&town), 1, "that it was read");

    let plain = town.world.read_now(|db| {
        let sql = "select count(*) as n from log where body like $1 or body like $2";
        let row = db.row(sql, params![format!("%{MOBILE}%"), format!("%{EMAIL}%")])?;
        Ok(row.map_or(Ok(-1), |row| row.get::<i64>("n"))?)
    });
    assert_eq!(plain.expect("the log reads"), 0, "sealed from the first fact on");
}

#[tokio::test]
async fn an_answer_is_known_by_its_number() {
    let town = town();
    let contact = enter(&town).await;
    let find = |number: &str| {
        let (world, number) = (town.world.clone(), number.to_owned());
        let found = town.world.read_now(move |db| contact::find_by_mobile(db, &world, &number));
        found.expect("reads").into_iter().map(|it| json!(it.id)).collect::<Vec<_>>()
    };
    assert_eq!(find("+8613812345678"), [contact["id"].clone()]);
    assert_eq!(find("13812345679"), Vec::<Json>::new());
    let retiring = format!("{}/retire", path(&contact));
    assert_eq!(town.post("周牧", &retiring, json!({ "reason": "离任" })).await.status, 200);
    assert_eq!(find(MOBILE), Vec::<Json>::new());
}

#[tokio::test]
async fn the_book_is_kept_inside_its_region_and_by_permission() {
    let town = town();
    let contact = enter(&town).await;
    let of = path(&contact);
    let body = |revision: i64| json!({ "revision": revision, "details": details("于海棠") });
    let put =
        async |name: &str, body: Json| refusal(&town.ask(name, Method::PUT, &of, Some(body)).await);
    let not_found = (404, "not-found".to_owned());
    assert_eq!(refusal(&town.get("磐石值班", &of).await), not_found);
    assert_eq!(refusal(&town.get("磐石值班", &format!("{of}/address")).await), not_found);
    assert_eq!(put("磐石值班", body(1)).await, not_found);
    assert_eq!(town.get("磐石值班", "/api/contacts").await.body["items"], json!([]));
    let here = json!({ "details": details("外来"), "address": { "mobile": MOBILE } });
    assert_eq!(refusal(&town.post("磐石值班", "/api/contacts", here).await), not_found);
    assert_eq!(put("孙亦文", body(1)).await.0, 403);
    assert_eq!(put("", body(1)).await.0, 401);
    assert_eq!(town.get("", &of).await.status, 401);

    // Moving somebody to where one keeps no book is not found either.
    let mut elsewhere = body(1);
    elsewhere["details"]["region"] = json!("220284");
    assert_eq!(put("周牧", elsewhere).await, not_found);
}

#[tokio::test]
async fn what_was_read_is_changed_once_and_a_retired_one_never() {
    let town = town();
    let contact = enter(&town).await;
    let of = path(&contact);
    let put = async |body: Json| town.ask("周牧", Method::PUT, &of, Some(body)).await;
    let mut other = details("于海棠");
    other["duty"] = json!("镇长");
    let changed = put(json!({ "revision": 1, "details": other })).await;
    assert_eq!((changed.status.as_u16(), &changed.body["duty"]), (200, &json!("镇长")));
    assert_eq!(changed.body["address"], contact["address"], "nothing was said of it");
    let stale = put(json!({ "revision": 1, "details": details("于海棠") })).await;
    assert_eq!(refusal(&stale), (409, "stale-revision".to_owned()));
    let nowhere = put(json!({ "revision": 2, "details": other, "address": {} })).await;
    assert_eq!((nowhere.status.as_u16(), &nowhere.body["field"]), (422, &json!("mobile")));
    let mut of_nobody = other.clone();
    of_nobody["person"] = json!("0198f000-0000-7000-8000-00000000dead");
    let refused = put(json!({ "revision": 2, "details": of_nobody })).await;
    assert_eq!((refused.status.as_u16(), &refused.body["field"]), (422, &json!("person")));
    let before = town.world.last_seq();
    assert_eq!(put(json!({ "revision": 2, "details": other })).await.status, 200);
    assert_eq!(town.world.last_seq(), before, "nothing was changed");

    let retiring = format!("{of}/retire");
    let retired = town.post("周牧", &retiring, json!({ "reason": "离任" })).await;
    assert_eq!((retired.status.as_u16(), &retired.body["retired"]), (200, &json!(true)));
    town.settle();
    assert_eq!(town.get("周牧", &format!("{of}/address")).await.body["address"], Json::Null);
    let again = town.post("周牧", &retiring, json!({ "reason": "离任" })).await;
    assert_eq!(refusal(&again), (409, "wrong-state".to_owned()));
    let late = put(json!({ "revision": 3, "details": other, "address": { "mobile": MOBILE } }));
    assert_eq!(late.await.status, 409, "its key is destroyed");
    assert_eq!(town.get("周牧", "/api/contacts").await.body["items"], json!([]));
    let all = town.get("周牧", "/api/contacts?retired=true").await;
    assert_eq!(all.body["items"].as_array().map(Vec::len), Some(1));
    let (_, differences) = town.world.compare_with_fold().expect("the log folds");
    assert!(differences.is_empty(), "{differences:?}");
}
