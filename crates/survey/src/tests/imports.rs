//! Enterprises out of a table.

use host::import::IMPORT;
use host::town::Town;
use serde_json::{Value as Json, json};

use super::{ACME, KEEPER, OTHER, check_fold, county, id, registered};

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

async fn import(town: &Town, rows: &str) -> (Json, Vec<String>) {
    taken(town, "enterprise", &format!("{HEADER}{rows}")).await
}

/// Brings a table, and takes its rows; answers the import and what was wrong.
async fn taken(town: &Town, register: &str, table: &str) -> (Json, Vec<String>) {
    let path = format!("/api/imports?register={register}&file=table.csv");
    let (brought, _) = town.ask_raw("骆家驹", "POST", &path, table.as_bytes().to_vec()).await;
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

/// What the register of sites says of one kind, by code.
async fn sites(town: &Town, kind: &str) -> Vec<Json> {
    let list = town.get("骆家驹", &format!("/api/sites?kind={kind}&limit=200")).await.body;
    let mut sites = list["items"].as_array().expect("a list").clone();
    // Two tanks may have one code, in two hazard sources.
    sites.sort_by_key(|site| (site["code"].to_string(), site["name"].to_string()));
    sites
}

fn counts(import: &Json) -> [i64; 4] {
    ["added", "changed", "same", "refused"]
        .map(|name| import["counts"][name].as_i64().expect("a number"))
}

/// 骆家驹, who may import, with one enterprise that has an access code, and one of the
/// county next to it that is seen by others only.
async fn with_owners() -> Town {
    let town = county();
    town.person("骆家驹", "220282", &[KEEPER, &[IMPORT]].concat());
    let mut owner = super::details("虚构矿业有限公司", ACME);
    owner["access_code"] = json!("220282001");
    assert_eq!(
        town.post("骆家驹", "/api/enterprises", json!({ "details": owner })).await.status,
        201
    );
    let mut other = super::details("邻县有限公司", OTHER);
    other["region"] = json!("220281");
    other["place"] = Json::Null;
    assert_eq!(
        town.post("邻县", "/api/enterprises", json!({ "details": other })).await.status,
        201
    );
    town
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mines_come_out_of_a_table_and_an_empty_cell_takes_nothing_away() {
    let town = with_owners().await;
    let header = "矿山编码,所属企业,名称,行政区划代码,矿种,开采方式,瓦斯等级,核定井下人数,\
                  核定产能（吨/年）,经度,纬度,坐标系\n";
    let rows = format!(
        "220282000001,{ACME},一号井,220282,煤,井工,高瓦斯,215,600000,126.76,42.98,GCJ-02\n\
         220282000002,220282001,二号井,220282,金属,露天,,,,,,\n\
         22028200003,{ACME},短码矿,220282,金属,露天,,,,,,\n\
         220282000004,{OTHER},别家矿,220282,金属,露天,,,,,,\n\
         220282000005,91220282MA0FAY009X,无主矿,220282,金属,露天,,,,,,\n\
         220282000006,{ACME},缺瓦斯,220282,煤,井工,,100,,,,\n\
         220282000007,{ACME},多瓦斯,220282,金属,井工,低瓦斯,100,,,,\n\
         220282000008,{ACME},矿种错,220282,煤气,井工,,100,,,,\n\
         220282000009,{ACME},人数错,220282,金属,井工,,-3,,,,\n\
         220282000010,{ACME},人数多,220282,金属,井工,,20001,,,,\n\
         220282000011,{ACME},外地,110101,金属,露天,,,,,,\n\
         220282000012,{ACME},远处,220282,金属,露天,,,,116.39,39.90,WGS84\n\
         220282000001,{ACME},重复,220282,金属,露天,,,,,,\n\
         ,{ACME},无码,220282,金属,露天,,,,,,\n"
    );
    let (done, faults) = taken(&town, "mine", &format!("{header}{rows}")).await;
    assert_eq!(
        faults,
        [
            "4 code value",
            "5 enterprise outside",
            "6 enterprise outside",
            "7 gas_grade value",
            "8 gas_grade value",
            "9 mineral choice",
            "10 approved_people number",
            "11 approved_people value",
            "12 region outside",
            "13 place value",
            "14  duplicate",
            "15 code missing",
        ]
    );
    assert_eq!(counts(&done), [2, 0, 0, 12]);
    assert!(done["longest_held_ms"].as_f64().expect("a number") > 0.0);
    let list = sites(&town, "mine").await;
    assert_eq!(list[0]["enterprise_name"], "虚构矿业有限公司");
    assert_eq!(list[0]["particulars"]["mine"]["gas_grade"], "high");
    assert_eq!(list[0]["place"]["datum"], "gcj02");
    assert_eq!(list[1]["enterprise"], list[0]["enterprise"], "by either of its codes");

    let again = format!("{header}220282000001,220282001,一号井,220282,煤,井工,,,,,,\n");
    let (same, _) = taken(&town, "mine", &again).await;
    assert_eq!(counts(&same), [0, 0, 1, 0], "an empty cell says nothing");
    let (changed, _) = taken(&town, "mine", &again.replace("一号井", "一号立井")).await;
    assert_eq!(counts(&changed), [0, 1, 0, 0]);
    let mine = &sites(&town, "mine").await[0];
    assert_eq!((&mine["name"], &mine["revision"]), (&json!("一号立井"), &json!(2)));
    assert_eq!(mine["particulars"]["mine"]["approved_people"], 215);
    // Once it is no underground mine, what only such a mine has is not kept.
    let open = format!("{header}220282000001,220282001,一号立井,220282,煤,露天,,,,,,\n");
    assert_eq!(counts(&taken(&town, "mine", &open).await.0), [0, 1, 0, 0]);
    // Another's mine has its code, whoever asks.
    town.person("骆家驹", "220200", &[KEEPER, &[IMPORT]].concat());
    let moved = again.replace("220282001", OTHER);
    assert_eq!(taken(&town, "mine", &moved).await.1, ["2  site-code-taken"]);
    check_fold(&town);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ponds_and_buildings_come_out_of_tables() {
    let town = with_owners().await;
    let ponds = format!(
        "尾矿库编码,企业,名称,行政区划代码,堆坝方式,坝高,全库容,等别,坝顶高程,设计洪水位\n\
         wk-0001,{ACME},西沟尾矿库,220282,上游式,65,500000,三等,412,410.5\n\
         wk-0002,{ACME},东沟尾矿库,220282,干堆,20,90000,Ⅴ,,\n\
         wk-0003,{ACME},水位高,220282,上游式,65,500000,3,412,412.1\n\
         wk-0004,{ACME},坝低,220282,上游式,0.5,500000,3,,\n\
         wk-0005,{ACME},等别错,220282,上游式,65,500000,六等,,\n\
         wk-0006,{ACME},库容空,220282,上游式,65,,3,,\n"
    );
    let (done, faults) = taken(&town, "pond", &ponds).await;
    let expected =
        ["4 flood_level_m value", "5 height_m value", "6 grade choice", "7 volume_m3 missing"];
    assert_eq!((counts(&done), &faults[..]), ([2, 0, 0, 4], &expected.map(str::to_owned)[..]));
    let list = sites(&town, "pond").await;
    assert_eq!((&list[0]["grade"], &list[0]["computed_grade"]), (&json!(3), &json!(4)));
    assert_eq!(counts(&taken(&town, "pond", &ponds).await.0), [0, 0, 2, 4], "brought again");

    let buildings = format!(
        "编号,企业,名称,行政区划代码,用途,危险等级,工序,定员,定量\n\
         12,{ACME},12 号装药工房,220282,工房,1.1-2,装药,1,3\n\
         13,{ACME},成品总库,220282,总仓库,1.3,成品,,20000\n\
         14,{ACME},缺定员,220282,工房,1.1⁻¹,,,3\n\
         15,{ACME},缺定量,220282,中转库,1.3,,2,\n\
         16,{ACME},等级错,220282,工房,1.2,,2,\n"
    );
    let (done, faults) = taken(&town, "fireworks_building", &buildings).await;
    let expected = ["4 rated_people value", "5 rated_charge_kg value", "6 hazard_class choice"];
    assert_eq!((counts(&done), &faults[..]), ([2, 0, 0, 3], &expected.map(str::to_owned)[..]));
    check_fold(&town);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tank_finds_its_hazard_source_by_number() {
    let town = with_owners().await;
    let second = registered(&town, "另一化工有限公司", "91220282MA0FAY003M").await;
    let sources = format!(
        "危险源编号,企业,名称,行政区划代码,单元类型,危险化学品,级别,R值,备案日期,有效期至\n\
         001,{ACME},液氨罐区,220282,储罐区,液氨|7664-41-7|30；油漆||5,三级,10.8,2024年5月6日,2027-05-05\n\
         002,{ACME},氯库,220282,库区,氯|7782-50-5|6,,,,\n\
         003,{ACME},校验错,220282,库区,氯|7782-50-4|6,,,,\n\
         004,{ACME},写法错,220282,库区,氯 6 吨,,,,\n\
         005,{ACME},期限错,220282,库区,氯||6,1,,2024-05-06,2024-05-05\n\
         01,{ACME},编号短,220282,库区,氯||6,,,,\n"
    );
    let (done, faults) = taken(&town, "hazard_source", &sources).await;
    let expected =
        ["4 substances value", "5 substances value", "6 valid_until value", "7 code value"];
    assert_eq!((counts(&done), &faults[..]), ([2, 0, 0, 4], &expected.map(str::to_owned)[..]));
    let list = sites(&town, "hazard_source").await;
    let substances = &list[0]["particulars"]["hazard_source"]["substances"];
    assert_eq!(substances[0], json!({ "name": "液氨", "cas": "7664-41-7", "design_max_t": 30.0 }));
    assert_eq!(substances[1]["cas"], Json::Null);

    let header =
        "罐号,所属危险源编号,企业,名称,行政区划代码,介质,CAS号,罐型,罐顶,直径,容积,液位上限\n";
    let tanks = format!(
        "{header}G0001,001,{ACME},1# 液氨球罐,220282,液氨,7664-41-7,球罐,,9.2,400,7.8\n\
         G0001,002,{ACME},1# 氯罐,220282,氯,7782-50-5,卧式,,2,40,\n\
         G0002,003,{ACME},无源,220282,液氨,,球罐,,,400,\n\
         G0003,001,{ACME},液位高,220282,液氨,,球罐,,9.2,400,9.3\n\
         G0004,001,{ACME},卧罐有顶,220282,液氨,,卧式,固定顶,,400,\n\
         G0005,,{ACME},散罐,220282,柴油,,立式,固定顶,,400,\n\
         G0006,001,{},别家的源,220282,液氨,,球罐,,,400,\n",
        second["credit_code"].as_str().expect("a code")
    );
    let (done, faults) = taken(&town, "tank", &tanks).await;
    let expected = ["4 part_of value", "5 level_max_m value", "6 roof value", "8 part_of value"];
    assert_eq!((counts(&done), &faults[..]), ([3, 0, 0, 4], &expected.map(str::to_owned)[..]));
    let list = sites(&town, "tank").await;
    let wholes: Vec<&Json> = list.iter().map(|tank| &tank["part_of_name"]).collect();
    assert_eq!(wholes, [&json!("氯库"), &json!("液氨罐区"), &Json::Null]);

    // Whichever it is in, when the cell is empty and one alone has the code; and what is
    // entered before anybody said what it is in is that tank.
    let more = format!(
        "{header}G0001,,{ACME},哪一个,220282,液氨,,球罐,,,400,\n\
         G0005,002,{ACME},散罐,220282,柴油,,立式,,,400,\n"
    );
    let (done, faults) = taken(&town, "tank", &more).await;
    assert_eq!((counts(&done), &faults[..]), ([0, 1, 0, 1], &["2 part_of value".to_owned()][..]));
    let list = sites(&town, "tank").await;
    let tank = &list[2];
    assert_eq!((list.len(), &tank["part_of_name"]), (3, &json!("氯库")));
    assert_eq!(tank["particulars"]["tank"]["roof"], "fixed", "an empty cell says nothing");
    let whole = format!("{header}G0005,,{ACME},散罐,220282,柴油,,立式,,,400,\n");
    assert_eq!(counts(&taken(&town, "tank", &whole).await.0), [0, 0, 1, 0]);
    check_fold(&town);
}
