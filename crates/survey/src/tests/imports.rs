//! Enterprises out of a table.

use host::import::IMPORT;
use host::town::Town;
use serde_json::{Value as Json, json};

use super::{ACME, KEEPER, OTHER, county, id};

const HEADER: &str = "统一社会信用代码,企业名称,类别,行政区划代码,经度,纬度,坐标系,状态,起始日期\n";

async fn until(town: &Town, path: &str, state: &str) -> Json {
    loop {
        let import = town.get("骆家驹", path).await.body;
        assert_ne!(import["state"], "failed", "{import:#}");
        if import["state"] == state {
            return import;
        }
        tokio::task::yield_now().await;
    }
}

/// Brings a table, and takes its rows; answers the import and what was wrong.
async fn import(town: &Town, rows: &str) -> (Json, Vec<String>) {
    let path = "/api/imports?register=enterprise&file=enterprises.csv";
    let table = format!("{HEADER}{rows}");
    let (brought, _) = town.ask_raw("骆家驹", "POST", path, table.into_bytes()).await;
    assert_eq!(brought.status, 201, "{:?}", brought.body);
    let path = format!("/api/imports/{}", id(&brought.body));
    until(town, &path, "ready").await;
    town.post("骆家驹", &format!("{path}/confirm"), json!({})).await;
    let done = until(town, &path, "done").await;
    let faults = town.get("骆家驹", &format!("{path}/faults")).await.body["items"].clone();
    let said = |it: &Json| format!("{} {} {}", it["row"], it["column"], it["code"]);
    let faults = faults.as_array().expect("a list").iter().map(said);
    (done, faults.map(|fault| fault.replace('"', "")).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enterprises_come_out_of_a_table_and_what_is_wrong_with_others_is_said() {
    let town = county();
    town.person("骆家驹", "220282", &[KEEPER, &[IMPORT]].concat());
    let wrong_check = format!("{}G", &ACME[..17]);
    let rows = format!(
        "{ACME},虚构化工有限公司,危化品、工贸,220282,126.7560,42.9725,GCJ-02,在产,2020-05-01\n\
         {wrong_check},错校验有限公司,危化品,220282,,,,,\n\
         {OTHER},邻县有限公司,煤矿,220281,,,,,\n\
         {ACME},重复有限公司,煤矿,220282,,,,,\n\
         {OTHER},远处有限公司,煤矿,220282,116.39,39.90,WGS84,,\n\
         {OTHER},灯塔有限公司,灯塔,220282,,,,,\n\
         {OTHER},关闭有限公司,煤矿,220282,,,,关闭,\n\
         {OTHER},日期有限公司,煤矿,220282,,,,,3/8/2026\n"
    );
    let (done, faults) = import(&town, &rows).await;
    assert_eq!(
        faults,
        [
            "3 credit_code value",
            "4 region outside",
            "5  duplicate",
            "6  duplicate",
            "7 kinds choice",
            "8 state choice",
            "9 since date",
        ]
    );
    assert_eq!(done["counts"]["added"], 1);
    let list = town.get("骆家驹", "/api/enterprises").await.body["items"].clone();
    let made = &list[0];
    assert_eq!(
        (&made["name"], &made["kinds"]),
        (&json!("虚构化工有限公司"), &json!(["hazchem", "industry"]))
    );
    assert_eq!(made["since"], "2020-05-01");
    let place = &made["place"];
    assert_eq!(
        (&place["datum"], &place["original"]),
        (&json!("gcj02"), &json!([126.7560, 42.9725]))
    );
    assert!(place["point"]["lon"].as_f64().expect("a number") < 126.752, "{place}");

    // A place in another city, said alone; then the same table again, and a new name.
    let (_, faults) =
        import(&town, &format!("{OTHER},远处有限公司,煤矿,220282,116.39,39.90,WGS84,,\n")).await;
    assert_eq!(faults, ["2 place value"]);
    let again = format!("{ACME},虚构化工有限公司,工贸、危化品,220282,,,,,\n");
    let (same, _) = import(&town, &again).await;
    assert_eq!(same["counts"]["same"], 1);
    let (changed, _) = import(&town, &again.replace("虚构", "虚设")).await;
    assert_eq!(changed["counts"]["changed"], 1);
    let list = town.get("骆家驹", "/api/enterprises").await.body["items"].clone();
    assert_eq!(
        (&list[0]["name"], &list[0]["place"]["datum"]),
        (&json!("虚设化工有限公司"), &json!("gcj02"))
    );
    assert_eq!(town.world.compare_with_fold().expect("folds").1, []);
}
