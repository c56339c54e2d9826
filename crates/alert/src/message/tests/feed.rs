//! The feed, as a subscriber sees it.

use wire::cap::parse_feed;

use super::*;
use crate::message::Publication;

fn open_town() -> Town {
    let publication = Publication { is_open: true, ..publication() };
    town_that(UNIT, publication)
}

async fn feed(town: &Town) -> cap::Feed {
    let (answer, bytes) = town.ask_raw("", "GET", "/feeds/cap.atom", Vec::new()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/atom+xml; charset=utf-8");
    let feed = parse_feed(&bytes, &Limits::default()).expect("a feed");
    assert!(feed.faults.is_empty(), "{:?}", feed.faults);
    feed
}

fn titles(feed: &cap::Feed) -> Vec<&str> {
    feed.items.iter().filter_map(|item| item.title.as_deref()).collect()
}

#[tokio::test]
async fn whoever_subscribes_gets_each_message_by_its_link_and_it_never_changes() {
    let town = open_town();
    assert!(feed(&town).await.items.is_empty());
    let warning = in_force(&town, FLOOD).await;
    let first = feed(&town).await;
    assert_eq!(first.id.as_deref(), Some("https://yingji.example.cn/feeds/cap.atom"));
    assert_eq!(titles(&first), ["桦甸市应急管理局发布青石湾站 洪水橙色预警"]);
    let link = first.items[0].link.clone().expect("a link");
    let path = link.strip_prefix("https://yingji.example.cn").expect("its address").to_owned();
    let (answer, xml) = town.ask_raw("", "GET", &path, Vec::new()).await;
    assert_eq!(answer.headers["content-type"], "application/cap+xml");
    assert_eq!(read(std::str::from_utf8(&xml).expect("UTF-8")), told(&town, &warning).await[0]);

    town.at("09:00");
    act(&town, "刘景行", &warning, "lift", json!({ "reason": "水位已回落" })).await;
    assert_eq!(
        titles(&feed(&town).await),
        ["桦甸市应急管理局解除青石湾站 洪水橙色预警", "桦甸市应急管理局发布青石湾站 洪水橙色预警"]
    );
    let (_, again) = town.ask_raw("", "GET", &path, Vec::new()).await;
    assert_eq!(xml, again);
}

#[tokio::test]
async fn who_has_the_newest_feed_is_told_so_and_who_has_not_gets_it() {
    let town = open_town();
    let warning = in_force(&town, FLOOD).await;
    let fresh = town.get("", "/feeds/cap.atom").await;
    let tag = fresh.headers["etag"].to_str().expect("a tag").to_owned();
    let date = fresh.headers["last-modified"].to_str().expect("a date").to_owned();
    for (header, value) in [("if-none-match", &tag), ("if-modified-since", &date)] {
        let known = town.get_having("/feeds/cap.atom", header, value).await;
        assert_eq!(known.status, 304, "{header}: {value}");
        assert_eq!(known.headers["etag"], tag.as_str());
    }
    town.at("09:00");
    act(&town, "刘景行", &warning, "extend", json!({ "expires": moment(18, 0) })).await;
    for (header, value) in [("if-none-match", &tag), ("if-modified-since", &date)] {
        assert_eq!(town.get_having("/feeds/cap.atom", header, value).await.status, 200, "{header}");
    }
}

#[tokio::test]
async fn unless_it_is_opened_the_feed_is_for_those_who_read_warnings() {
    let town = town();
    in_force(&town, FLOOD).await;
    town.person("过路人", "220282", &[crate::notice::READ]);
    let one = {
        let (answer, bytes) = town.ask_raw("周牧", "GET", "/feeds/cap.atom", Vec::new()).await;
        assert_eq!(answer.status, 200);
        let feed = parse_feed(&bytes, &Limits::default()).expect("a feed");
        let link = feed.items[0].link.clone().expect("a link");
        link.strip_prefix("https://yingji.example.cn").expect("its address").to_owned()
    };
    for path in ["/feeds/cap.atom", &one] {
        assert_eq!(town.get("", path).await.body["code"], "not-signed-in", "{path}");
        assert_eq!(town.get("过路人", path).await.body["code"], "forbidden", "{path}");
    }
    let nobody = "/feeds/cap/00000000-0000-7000-8000-000000000000";
    assert_eq!(town.get("周牧", nobody).await.status, 404);
}

#[tokio::test]
async fn what_is_over_leaves_the_feed_after_a_week_and_what_holds_stays() {
    let town = open_town();
    in_force(&town, FLOOD).await;
    let long = Found { station: "红石站", ..FLOOD };
    raise(&town, long);
    let warning = items(&town, "周牧", "/api/warnings").await.swap_remove(0);
    act(&town, "周牧", &warning, "review", json!({})).await;
    let end = moment(8, 0) + base::Duration::from_hours(20 * 24);
    act(&town, "孙亦文", &warning, "issue", json!({ "expires": end })).await;
    assert_eq!(feed(&town).await.items.len(), 2);
    let clock = town.world.clock();
    clock.set(clock.now() + base::Duration::from_hours(8 * 24));
    assert_eq!(titles(&feed(&town).await), ["桦甸市应急管理局发布红石站 洪水橙色预警"]);
}
