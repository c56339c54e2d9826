//! Feeds of others, and ours.

use std::fmt::Write as _;

use base::Timestamp;
use expect_test::expect;

use super::super::{Entry, FeedKind, Header, Limits, ReadError, Rule, parse_feed, write_feed};
use super::{GOOD, fixture, fixtures, good};

#[test]
fn every_feed_of_the_corpus_gives_its_items_and_faults() {
    let mut said = String::new();
    let all = [".atom", ".rss", ".edxlde"].into_iter().flat_map(fixtures);
    for (name, bytes) in all {
        match parse_feed(&bytes, &Limits::default()) {
            Ok(feed) => {
                let messages: usize = feed.items.iter().map(|it| it.messages.len()).sum();
                let links = feed.items.iter().filter(|it| it.link.is_some()).count();
                let items = feed.items.len();
                let kind = feed.kind.word();
                let _ = writeln!(
                    said,
                    "{name}: {kind}, {items} items, {links} links, {messages} messages"
                );
                for fault in feed.faults.list {
                    let _ = writeln!(said, "    {fault}");
                }
                for message in feed.items.into_iter().flat_map(|item| item.messages) {
                    match message {
                        Ok(message) => message.faults.list.iter().for_each(|fault| {
                            let _ = writeln!(said, "    inside: {fault}");
                        }),
                        Err(error) => {
                            let _ = writeln!(said, "    inside: {error}");
                        }
                    }
                }
            }
            Err(error) => {
                let _ = writeln!(said, "{name}: {error}");
            }
        }
    }
    expect![[r#"
        amber.atom: atom, 1 items, 0 links, 1 messages
        canada_signed.atom: atom, 1 items, 0 links, 1 messages
        earthquake.atom: atom, 1 items, 1 links, 1 messages
        earthquake_index.atom: atom, 1 items, 1 links, 0 messages
        empty_weather_index.atom: atom, 0 items, 0 links, 0 messages
        invalid_element.atom: atom, 1 items, 0 links, 0 messages
            line 8: entry[1]: nothing, expected a link to a message, or the message itself (RFC 4287 §4.1.2; RSS 2.0)
        no_entries.atom: atom, 0 items, 0 links, 0 messages
        no_id.atom: atom, 1 items, 0 links, 0 messages
            line 2: feed: nothing, expected an id (Atom), a guid (RSS) (RFC 4287 §4.1.1, §4.1.2; RSS 2.0)
            line 9: entry[1]: nothing, expected an id (Atom), a guid (RSS) (RFC 4287 §4.1.1, §4.1.2; RSS 2.0)
            line 9: entry[1]: nothing, expected a link to a message, or the message itself (RFC 4287 §4.1.2; RSS 2.0)
        no_link.atom: atom, 1 items, 0 links, 0 messages
            line 9: entry[1]: nothing, expected a link to a message, or the message itself (RFC 4287 §4.1.2; RSS 2.0)
        no_title.atom: atom, 1 items, 0 links, 0 messages
            line 9: entry[1]: nothing, expected a title (RFC 4287 §4.1.1, §4.1.2; RSS 2.0)
            line 9: entry[1]: nothing, expected a link to a message, or the message itself (RFC 4287 §4.1.2; RSS 2.0)
        weather.atom: atom, 1 items, 1 links, 1 messages
        weather_index.atom: atom, 2 items, 2 links, 0 messages
        weather_invalid.atom: atom, 1 items, 1 links, 1 messages
            inside: line 28: identifier: INVALID,, expected no blanks, commas, '<' or '&' (CAP 1.2 §3.2.1)
        xee.atom: line 3: a document type, expected none: entities are not expanded
        amber.rss: rss, 1 items, 1 links, 0 messages
        invalid.rss: rss, 1 items, 0 links, 0 messages
            line 3: channel: nothing, expected a title (RFC 4287 §4.1.1, §4.1.2; RSS 2.0)
            line 5: item[1]: nothing, expected an id (Atom), a guid (RSS) (RFC 4287 §4.1.1, §4.1.2; RSS 2.0)
            line 5: item[1]: nothing, expected a title (RFC 4287 §4.1.1, §4.1.2; RSS 2.0)
            line 5: item[1]: nothing, expected a time (RFC 3339, in RSS RFC 822) (RFC 4287 §3.3, §4.1.2; RSS 2.0)
            line 5: item[1]: nothing, expected a link to a message, or the message itself (RFC 4287 §4.1.2; RSS 2.0)
        ny_index.rss: rss, 2 items, 2 links, 0 messages
        bushfire_invalid.edxlde: edxl-de, 7 items, 0 links, 7 messages
            inside: line 94: alert has no identifier, without which it cannot be named
            inside: line 115: info[1].urgency: Foobar, expected a word of its list (CAP 1.2 §3.2)
        bushfire_valid.edxlde: edxl-de, 7 items, 0 links, 7 messages
    "#]].assert_eq(&said);
}

#[test]
fn items_say_where_their_message_is_and_when_it_changed() {
    let feed = parse_feed(&fixture("earthquake_index.atom"), &Limits::default()).expect("Atom");
    let item = &feed.items[0];
    assert_eq!(
        item.link.as_deref(),
        Some("http://earthquake.usgs.gov/earthquakes/catalogs/cap/us2010apcd"),
        "of three links the one to CAP"
    );
    assert_eq!(item.id.as_deref(), Some("urn:earthquake-usgs-gov:us:2010apcd"));

    let feed = parse_feed(&fixture("weather_index.atom"), &Limits::default()).expect("Atom");
    let fields = &feed.items[0].fields;
    assert!(fields.contains(&("severity".into(), "Unknown".into())));
    assert!(fields.contains(&("geocode:FIPS6".into(), "009007 009009 009011 044009".into())));

    let feed = parse_feed(&fixture("ny_index.rss"), &Limits::default()).expect("RSS");
    assert_eq!(
        (feed.kind, feed.items[1].id.as_deref()),
        (FeedKind::Rss, Some("NYAlert-ALLHAZALERT-3162202"))
    );
    let updated = feed.items[0].updated.as_ref().and_then(|it| it.moment);
    assert_eq!(updated.map(|it| it.to_string()).as_deref(), Some("2011-02-04T20:20:00.000Z"));
}

#[test]
fn a_bad_message_in_a_feed_takes_nothing_from_the_others() {
    let inner = GOOD.split_once('\n').expect("a declaration").1;
    let nameless = inner.replace("identifier>", "id>");
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>t</title><link>l</link>\
         <item><guid>1</guid><title>t</title><pubDate>Mon, 03 Aug 2026 11:14:26 +0800</pubDate>{nameless}</item>\
         <item><guid>2</guid><title>t</title><pubDate>Mon, 03 Aug 2026 11:14:26 +0800</pubDate>{inner}</item>\
         </channel></rss>"
    );
    let feed = parse_feed(feed.as_bytes(), &Limits::default()).expect("RSS");
    assert!(matches!(
        feed.items[0].messages[..],
        [Err(ReadError::Nameless { name: "identifier", .. })]
    ));
    assert_eq!(feed.items[1].messages[0].as_ref().map(|it| &it.alert), Ok(&good()));
    assert_eq!(feed.faults.list, []);
}

#[test]
fn a_feed_that_is_written_is_read_with_its_links_and_sums() {
    let alert = good();
    let moment =
        |second| Timestamp::from_beijing([2026, 8, 3], [11, 14, second]).expect("a moment");
    let link = "https://example.org/cap/1?a=1&b=\"2\"";
    let header = Header {
        id: "urn:uuid:0190f6a0-0000-7000-8000-000000000001",
        title: "预警 <全部>",
        author: "样例县应急管理局",
        link: "https://example.org/cap.atom",
        updated: moment(30),
        language: "zh-CN",
    };
    let entry = Entry { alert: &alert, link, updated: moment(26) };
    let bytes = write_feed(&header, &[entry]);
    let feed = parse_feed(&bytes, &Limits::default()).expect("its own");
    assert_eq!(feed.faults.list, []);
    assert_eq!(
        (feed.kind, feed.id.as_deref(), feed.title.as_deref()),
        (FeedKind::Atom, Some(header.id), Some(header.title))
    );
    assert_eq!(feed.updated.and_then(|it| it.moment), Some(moment(30)));
    let item = &feed.items[0];
    assert_eq!((item.link.as_deref(), item.id.as_deref()), (Some(link), Some(link)));
    assert_eq!(item.title.as_deref(), Some("暴雨橙色预警"));
    assert_eq!(item.updated.as_ref().and_then(|it| it.moment), Some(moment(26)));
    for (name, value) in [
        ("identifier", "22028041600000_20260803111426_0"),
        ("status", "Exercise"),
        ("event", "暴雨"),
        ("severity", "Severe"),
        ("expires", "2026-08-03T23:00:00+08:00"),
        ("areaDesc", "样例县"),
        ("polygon", "43.1,126.1 43.1,126.5 43.4,126.5 43.1,126.1"),
    ] {
        assert!(item.fields.contains(&(name.into(), value.into())), "{name}: {:?}", item.fields);
    }
    let empty = write_feed(&header, &[]);
    assert_eq!(parse_feed(&empty, &Limits::default()).expect("its own").items, []);
}

#[test]
fn what_is_no_feed_is_refused() {
    let refused = parse_feed(GOOD.as_bytes(), &Limits::default());
    assert!(matches!(refused, Err(ReadError::Root { line: 2, .. })));
    let bad = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry/></feed>";
    let feed = parse_feed(bad.as_bytes(), &Limits::default()).expect("a feed, though empty");
    let rules: Vec<Rule> = feed.faults.list.iter().map(|it| it.rule).collect();
    assert_eq!(
        rules,
        [Rule::Id, Rule::Title, Rule::Updated, Rule::Id, Rule::Title, Rule::Updated, Rule::Link]
    );
}
