//! The feed: what this node tells the public, for whoever subscribes.
//!
//! Each entry links to its message, whose bytes never change. The feed says when it
//! changed, and answers 304 to whoever has it (RFC 9110 §13).

use std::sync::Arc;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base::{Duration, Id, Timestamp};
use host::web::{Access, Path};
use host::{Caller, Error, Read, Result, Routes, World};
use wire::cap::{self, Alert, Entry, Header, Limits, write_feed};

use super::make::Office;
use super::{MessageId, READ, store};
use crate::received::{self, ReceivedId};

/// For how long what is over stays in the feed, so that whoever looked away for a few
/// days still sees that it was lifted. Ours.
const KEPT: Duration = Duration::from_hours(7 * 24);
const ATOM: &str = "application/atom+xml; charset=utf-8";
const CAP: &str = "application/cap+xml";

pub(crate) fn routes(office: &Arc<Office>) -> Routes {
    let (of_feed, of_one) = (Arc::clone(office), Arc::clone(office));
    Routes::new()
        .get(
            "/feeds/cap.atom",
            Access::Public,
            "Gives the Atom feed of public warnings; closed unless configured or signed in",
            move |world, parts| feed(Arc::clone(&of_feed), world, parts),
        )
        .get(
            "/feeds/cap/{id}",
            Access::Public,
            "Gives one CAP message of the feed",
            move |world, id, parts| one(Arc::clone(&of_one), world, id, parts),
        )
        .of_node()
}

/// A message of the feed: ours, or one that is passed on.
#[derive(Clone, Copy)]
enum Told {
    Own(MessageId),
    Passed(ReceivedId),
}

impl Told {
    fn id(self) -> Id {
        match self {
            Told::Own(id) => id.into(),
            Told::Passed(id) => id.into(),
        }
    }

    /// The message itself; `None` where what is passed on cannot be read any more.
    fn alert(self, db: &mut dyn Read, world: &World) -> Result<Option<Alert>> {
        match self {
            Told::Own(id) => store::told(db, world.origin(), id)?.alert().map(Some),
            Told::Passed(id) => {
                let (documents, _) = received::passed(db, world.origin(), id)?;
                let bytes = received::original(world, &documents);
                let read = bytes.and_then(|bytes| cap::parse(&bytes, &Limits::default()).ok());
                Ok(read.map(|read| read.alert))
            }
        }
    }
}

async fn feed(office: Arc<Office>, world: World, parts: Parts) -> Result<Response> {
    admit(&office, &parts)?;
    let of = world.clone();
    world
        .read(move |db| {
            let world = of;
            let listed = listed(db, &office, &world)?;
            let updated = listed.first().map_or(Timestamp::from_millis(0), |(_, at)| *at);
            let newest = listed.first().map_or("none".to_owned(), |(it, _)| it.id().to_string());
            // Only what is over falls out, so that the newest and their number name it.
            let tag = format!("W/\"{newest}-{}\"", listed.len());
            let caching = [
                (ETAG, tag.clone()),
                (LAST_MODIFIED, http_date(updated)),
                (CACHE_CONTROL, "no-cache".to_owned()),
            ];
            if is_known(&parts.headers, &tag, updated) {
                return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
            }
            let mut told = Vec::with_capacity(listed.len());
            for (it, at) in listed {
                let Some(alert) = it.alert(db, &world)? else { continue };
                told.push((alert, message_link(&office, it.id()), at));
            }
            let entries: Vec<Entry<'_>> =
                told.iter().map(|(alert, link, at)| Entry { alert, link, updated: *at }).collect();
            let link = format!("{}/feeds/cap.atom", office.publication.address);
            let title = format!("{}预警信息", office.unit);
            let header = Header {
                id: &link,
                title: &title,
                author: &office.unit,
                link: &link,
                updated,
                language: "zh-CN",
            };
            let body = write_feed(&header, &entries);
            Ok((caching, [(CONTENT_TYPE, ATOM)], body).into_response())
        })
        .await
}

/// What stands in the feed, the newest first.
fn listed(db: &mut dyn Read, office: &Office, world: &World) -> Result<Vec<(Told, Timestamp)>> {
    let (now, origin) = (world.clock().now(), world.origin());
    let own = store::feed(db, origin, now - KEPT, now)?;
    let mut listed: Vec<(Told, Timestamp)> =
        own.into_iter().map(|(id, at)| (Told::Own(id), at)).collect();
    if office.publication.passes_on {
        let passed = received::passed_on(db, origin, now - KEPT, store::MOST_TOLD)?;
        listed.extend(passed.into_iter().map(|(id, at)| (Told::Passed(id), at)));
        listed.sort_by_key(|(it, at)| std::cmp::Reverse((*at, it.id())));
    }
    Ok(listed)
}

async fn one(
    office: Arc<Office>,
    world: World,
    Path(id): Path<Id>,
    parts: Parts,
) -> Result<Response> {
    admit(&office, &parts)?;
    let of = world.clone();
    let (bytes, since) = world
        .read(move |db| match store::told(db, of.origin(), id.into()) {
            Ok(message) => Ok((message.xml.into_bytes(), message.made_at)),
            Err(Error::NotFound { .. }) if office.publication.passes_on => {
                let (documents, at) = received::passed(db, of.origin(), id.into())?;
                let bytes = received::original(&of, &documents);
                Ok((bytes.ok_or(Error::not_found("message"))?, at))
            }
            Err(error) => Err(error),
        })
        .await?;
    let tag = format!("\"{id}\"");
    let caching = [
        (ETAG, tag.clone()),
        (LAST_MODIFIED, http_date(since)),
        (CACHE_CONTROL, "max-age=86400, immutable".to_owned()),
    ];
    if is_known(&parts.headers, &tag, since) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    // What is passed on says its own encoding, which need not be UTF-8.
    Ok((caching, [(CONTENT_TYPE, CAP)], bytes).into_response())
}

/// Anybody when it is open; else whoever reads warnings anywhere: what stands in the feed
/// was told to the public.
fn admit(office: &Office, parts: &Parts) -> Result<()> {
    if office.publication.is_open {
        return Ok(());
    }
    let caller = parts.extensions.get::<Caller>().ok_or(Error::NotSignedIn)?;
    caller.scope(READ).map(|_| ())
}

fn message_link(office: &Office, id: Id) -> String {
    format!("{}/feeds/cap/{id}", office.publication.address)
}

/// Whether who asks has it already. A tag goes before a time (RFC 9110 §13.2.2).
fn is_known(headers: &HeaderMap, tag: &str, changed: Timestamp) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    if let Some(tags) = text(IF_NONE_MATCH) {
        return tags.split(',').any(|known| known.trim() == "*" || bare(known) == bare(tag));
    }
    // A feed's own date, given back as it was given: others are read as unknown.
    text(IF_MODIFIED_SINCE).is_some_and(|known| known.trim() == http_date(changed))
}

/// `Mon, 03 Aug 2026 01:09:15 GMT` (RFC 9110 §5.6.7).
fn http_date(moment: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // Fields of Beijing's clock eight hours earlier are those of Greenwich's.
    let ([year, month, day], [hour, minute, second]) =
        (moment - Duration::from_hours(8)).beijing_fields();
    let days = moment.as_millis().div_euclid(86_400_000).rem_euclid(7);
    let weekday = DAYS[usize::try_from(days).expect("0 to 6")];
    let name = MONTHS[usize::try_from(month - 1).expect("1 to 12")];
    format!("{weekday}, {day:02} {name} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_http_writes_it() {
        let moment: Timestamp = "1994-11-06T08:49:37Z".parse().expect("a moment");
        assert_eq!(http_date(moment), "Sun, 06 Nov 1994 08:49:37 GMT", "RFC 9110 §5.6.7");
        assert_eq!(http_date(Timestamp::from_millis(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
    }

    #[test]
    fn a_tag_goes_before_a_time_and_is_compared_without_its_weakness() {
        let moment = Timestamp::from_millis(1_000);
        let asked = |name, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().expect("a value"));
            headers
        };
        let known = |headers: &HeaderMap| is_known(headers, "W/\"a-1\"", moment);
        for tags in ["W/\"a-1\"", "\"a-1\"", "\"x\", W/\"a-1\"", "*"] {
            assert!(known(&asked(IF_NONE_MATCH, tags)), "{tags}");
        }
        let mut both = asked(IF_MODIFIED_SINCE, &http_date(moment));
        assert!(known(&both));
        both.insert(IF_NONE_MATCH, "\"a-2\"".parse().expect("a value"));
        assert!(!known(&both));
        assert!(!known(&asked(IF_MODIFIED_SINCE, "yesterday")));
        assert!(!known(&HeaderMap::new()));
    }
}
