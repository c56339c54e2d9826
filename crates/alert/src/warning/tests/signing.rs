//! Who may do what with a warning, and in which order.

use base::{Hazard, Level};
use expect_test::expect;
use serde_json::{Value as Json, json};

use super::*;
use crate::warning::content;

#[tokio::test]
async fn a_finding_is_proposed_reviewed_by_one_person_and_issued_by_another() {
    let town = town();
    town.at("08:05");
    let finding = raise(&town, FLOOD);
    let proposed = newest(&town, "周牧").await;
    assert_eq!(proposed["finding"], json!(finding));
    assert_eq!(proposed["correlation"], json!(finding));
    assert_eq!(proposed["author"], Json::Null, "a rule proposed it");
    assert_eq!(proposed["number"], Json::Null);
    assert_eq!(proposed["content"]["issued_at"], Json::Null);
    check_allowed(&town, "周牧", expect!["edit review return issue_urgent discard"]).await;
    refused(act(&town, "周牧", &proposed, "issue", until(14, 0)).await, 409, "wrong-state");

    town.at("08:07");
    let comment = json!({ "comment": "上游站同步上涨，同意。" });
    let reviewed = done(act(&town, "周牧", &proposed, "review", comment).await);
    assert_eq!(reviewed["reviewer"]["name"], "周牧");
    assert_eq!(reviewed["reviewer"]["comment"], "上游站同步上涨，同意。");
    check_allowed(&town, "周牧", expect!["edit return issue_urgent discard"]).await;
    check_allowed(&town, "孙亦文", expect!["edit return issue issue_urgent discard"]).await;
    refused(act(&town, "周牧", &proposed, "issue", until(14, 0)).await, 409, "same-person");

    town.at("08:09:15");
    let issued = done(act(&town, "孙亦文", &proposed, "issue", until(14, 0)).await);
    check_allowed(&town, "刘景行", expect!["extend lift"]).await;
    expect![[r#"
        "Y-220282-0803-01"
        {
          "class": "洪水",
          "level": "orange",
          "starts": "2026-08-03T00:09:15.000Z",
          "area": "桦甸市青石湾站所在河段沿岸低洼地带",
          "matters": "青石湾站 08:05 水位 264.03 m，达到或超过保证水位 264.00 m（连续 2 次）。请沿岸人员远离河道和低洼地带，不要涉水过河，留意转移通知，按指引撤离到安全地点。",
          "measures": "1. 启动应急预案\n2. 及时收集、报告有关信息，公布信息报告渠道，加强监测、预报和预警\n3. 组织专业技术人员和专家随时分析评估，预测可能性大小、影响范围和强度\n4. 定时向社会发布与公众有关的预测信息和评估结果\n5. 及时发布可能受到危害的警告，宣传避免、减轻危害的常识，公布咨询和求助电话\n6. 应急救援队伍和有关人员进入待命状态，动员后备人员\n7. 调集应急救援物资、设备、工具，准备应急设施和应急避难等场所\n8. 加强重点单位、重要部位和重要基础设施的安全保卫，维护社会治安\n9. 确保交通、通信、供水、排水、供电、供气、供热、医疗等公共设施安全运行\n10. 及时发布避免或者减轻危害的建议、劝告\n11. 转移、疏散或者撤离易受危害的人员并妥善安置，转移重要财产\n12. 关闭或者限制使用易受危害的场所，控制或者限制公共场所的活动",
          "issuer": "桦甸市应急管理局",
          "issued_at": "2026-08-03T00:09:15.000Z"
        }
        "孙亦文" "2026-08-03T06:00:00.000Z""#]].assert_eq(&format!(
        "{}\n{:#}\n{} {}",
        issued["number"], issued["content"], issued["issuer"]["name"], issued["expires"]
    ));
    expect![[r#"
        08:05 reaction：规则建议预警：青石湾站 洪水橙色预警
        08:07 周牧：审核通过：青石湾站 洪水橙色预警（上游站同步上涨，同意。）
        08:09 孙亦文：签发 Y-220282-0803-01 青石湾站 洪水橙色预警，有效至 08-03 14:00，桦甸市应急管理局 孙亦文
    "#]].assert_eq(&duty_log(&town, "warning"));
}

#[tokio::test]
async fn who_drafts_by_hand_neither_reviews_nor_issues() {
    let town = town();
    let answer = town.post("周牧", "/api/warnings", draft()).await;
    assert_eq!(answer.status, 201);
    let warning = answer.body;
    assert_eq!(warning["author"]["name"], "周牧");
    assert_eq!(warning["content"]["measures"], content::measures(Level::Yellow));
    assert_eq!(warning["content"]["starts"], json!(moment(8, 0)));
    refused(act(&town, "周牧", &warning, "review", json!({})).await, 409, "same-person");
    done(act(&town, "孙亦文", &warning, "review", json!({})).await);
    refused(act(&town, "周牧", &warning, "issue", until(14, 0)).await, 409, "same-person");
    refused(act(&town, "孙亦文", &warning, "issue", until(14, 0)).await, 409, "same-person");
    done(act(&town, "刘景行", &warning, "issue", until(14, 0)).await);
}

#[tokio::test]
async fn an_edit_after_the_review_wants_a_new_one_by_somebody_who_did_not_write() {
    let town = town();
    raise(&town, FLOOD);
    let warning = newest(&town, "周牧").await;
    done(act(&town, "周牧", &warning, "review", json!({})).await);
    let edit = json!({ "level": "yellow" });
    let edited = done(act(&town, "孙亦文", &warning, "edit", edit).await);
    assert_eq!(edited["state"], "proposed");
    assert_eq!(edited["reviewer"], Json::Null);
    assert_eq!(edited["title"], "青石湾站 洪水黄色预警", "it still was the rule's title");
    assert_eq!(edited["content"]["measures"], content::measures(Level::Yellow));

    refused(act(&town, "孙亦文", &warning, "review", json!({})).await, 409, "same-person");
    done(act(&town, "刘景行", &warning, "review", json!({})).await);
    refused(act(&town, "孙亦文", &warning, "issue", until(14, 0)).await, 409, "same-person");
    done(act(&town, "周牧", &warning, "issue", until(14, 0)).await);
    refused(
        act(&town, "孙亦文", &warning, "edit", json!({ "area": "别处" })).await,
        409,
        "wrong-state",
    );
}

#[tokio::test]
async fn an_edit_keeps_what_an_officer_wrote_and_changes_something() {
    let town = town();
    raise(&town, FLOOD);
    let warning = newest(&town, "周牧").await;
    let edit = json!({ "measures": "1. 关闭桦郊渡口", "title": "青石湾站洪水" });
    done(act(&town, "周牧", &warning, "edit", edit.clone()).await);
    refused(act(&town, "周牧", &warning, "edit", edit).await, 422, "bad-request");
    refused(
        act(&town, "周牧", &warning, "edit", json!({ "area": "  " })).await,
        422,
        "bad-request",
    );
    let edited = done(act(&town, "周牧", &warning, "edit", json!({ "level": "red" })).await);
    assert_eq!(edited["content"]["measures"], "1. 关闭桦郊渡口");
    assert_eq!(edited["title"], "青石湾站洪水");
    assert_eq!(edited["content"]["level"], "red");
}

#[tokio::test]
async fn at_night_one_officer_issues_at_once_and_another_reviews_within_half_an_hour() {
    let town = town();
    town.at("02:00");
    raise(&town, FLOOD);
    town.at("02:00");
    let warning = newest(&town, "周牧").await;
    let short = json!({ "reason": "急！", "expires": moment(8, 0) });
    refused(act(&town, "周牧", &warning, "issue-urgently", short).await, 422, "bad-request");
    let urgent = json!({ "reason": "夜间水位陡涨", "expires": moment(8, 0) });
    let issued = done(act(&town, "周牧", &warning, "issue-urgently", urgent).await);
    assert_eq!(issued["state"], "issued");
    assert_eq!(issued["urgent"]["review_due"], json!(moment(2, 30)));
    assert_eq!(issued["urgent"]["reviewed_at"], Json::Null);
    check_allowed(&town, "周牧", expect!["extend lift"]).await;
    check_allowed(&town, "孙亦文", expect!["review_after extend lift"]).await;

    refused(act(&town, "周牧", &warning, "review-afterwards", json!({})).await, 409, "same-person");
    town.at("02:20");
    let comment = json!({ "comment": "情况属实" });
    let reviewed = done(act(&town, "孙亦文", &warning, "review-afterwards", comment).await);
    assert_eq!(reviewed["urgent"]["reviewed_by"], "孙亦文");
    assert_eq!(reviewed["urgent"]["missed"], false);
    refused(
        act(&town, "刘景行", &warning, "review-afterwards", json!({})).await,
        409,
        "wrong-state",
    );

    // A second one, so that the scheduler is seen to pass the first one by.
    raise(&town, Found { station: "红石站", ..FLOOD });
    let second = newest(&town, "周牧").await;
    let urgent = json!({ "reason": "夜间水位陡涨", "expires": moment(8, 0) });
    done(act(&town, "周牧", &second, "issue-urgently", urgent).await);
    town.at("03:00");
    wait_for(&town, "warning.review_missed", 1);
    let missed = newest(&town, "刘景行").await;
    assert_eq!(missed["id"], second["id"]);
    assert_eq!(missed["urgent"]["missed"], true);

    let lift = json!({ "reason": "险情排除" });
    done(act(&town, "周牧", &second, "lift", lift).await);
    let late = done(act(&town, "刘景行", &second, "review-afterwards", json!({})).await);
    assert_eq!(late["state"], "lifted", "the review is owed even after the end");
    assert_eq!(late["urgent"]["missed"], true);
    assert_eq!(late["urgent"]["reviewed_at"], json!(moment(3, 0)));
    expect![[r#"
        02:00 reaction：规则建议预警：青石湾站 洪水橙色预警
        02:00 周牧：紧急签发 Y-220282-0803-01 青石湾站 洪水橙色预警，有效至 08-03 08:00，桦甸市应急管理局 周牧
        02:20 孙亦文：紧急签发已补审：青石湾站 洪水橙色预警（情况属实）
        02:20 reaction：规则建议预警：红石站 洪水橙色预警
        02:20 周牧：紧急签发 Y-220282-0803-02 红石站 洪水橙色预警，有效至 08-03 08:00，桦甸市应急管理局 周牧
        02:50 job：紧急签发逾期未补审：红石站 洪水橙色预警
        03:00 周牧：解除预警：红石站 洪水橙色预警（险情排除）
        03:00 刘景行：紧急签发已补审：红石站 洪水橙色预警
    "#]].assert_eq(&duty_log(&town, "warning"));
    check_fold(&town);
}

#[tokio::test]
async fn an_ordinary_issue_owes_no_review() {
    let town = town();
    let issued = in_force(&town, FLOOD).await;
    let review = act(&town, "刘景行", &issued, "review-afterwards", json!({})).await;
    refused(review, 409, "wrong-state");
}

#[tokio::test]
async fn an_end_before_now_or_beyond_thirty_days_is_refused() {
    let town = town();
    raise(&town, FLOOD);
    let warning = newest(&town, "周牧").await;
    done(act(&town, "周牧", &warning, "review", json!({})).await);
    for expires in ["2026-08-03T00:00:00Z", "2026-08-02T00:00:00Z", "2026-09-02T00:00:01Z"] {
        let answer = act(&town, "孙亦文", &warning, "issue", json!({ "expires": expires })).await;
        refused(answer, 422, "bad-request");
    }
    assert_eq!(count(&town, "warning.issued"), 0);
    let last = json!({ "expires": "2026-09-02T00:00:00Z" });
    done(act(&town, "孙亦文", &warning, "issue", last).await);
}

#[tokio::test]
async fn what_belongs_to_the_weather_service_is_never_issued_by_us() {
    let town = town();
    raise(&town, Found { hazard: Hazard::Rainstorm, ..FLOOD });
    let warning = newest(&town, "周牧").await;
    done(act(&town, "周牧", &warning, "review", json!({})).await);
    check_allowed(&town, "孙亦文", expect!["edit return discard"]).await;
    refused(act(&town, "孙亦文", &warning, "issue", until(14, 0)).await, 409, "not-our-authority");
    let urgent = json!({ "reason": "雨太大了", "expires": moment(14, 0) });
    let answer = act(&town, "孙亦文", &warning, "issue-urgently", urgent).await;
    refused(answer, 409, "not-our-authority");
    assert_eq!(count(&town, "warning.issued"), 0);
}

#[tokio::test]
async fn nothing_is_issued_without_an_issuing_unit() {
    let town = town_of(" ");
    raise(&town, FLOOD);
    let warning = newest(&town, "周牧").await;
    let urgent = json!({ "reason": "夜间水位陡涨", "expires": moment(14, 0) });
    let answer = act(&town, "周牧", &warning, "issue-urgently", urgent).await;
    refused(answer, 409, "content-incomplete");
}
