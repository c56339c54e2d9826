//! Working days: the notices that the binary carries, and those that were loaded since.
//!
//! In: a year's notice as a file (`base::calendar::Notice::parse`), by the system officer.
//! Out: `calendar.loaded`.
//! Tables: `calendar_notice`. Screens: `ui/src/atlas/calendar`.
//! Source: the notices of the State Council's office; each says where we have it from.

use axum::http::StatusCode;
use base::calendar::{Calendar, Day, Notice};
use base::{Date, Id, Timestamp};
use host::scope::MANAGE_ATLAS;
use host::web::{Access, Body, Idempotency, Json, Params, Routes};
use host::{
    Caller, Entry, Error, Home, Page, Read, Record, Reply, Result, Slice, Summary, Table, Tables,
    World, params,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

host::facts! {
    /// What can happen to the calendar.
    pub enum CalendarFact {
        "calendar.loaded" v 1 => Loaded(Loaded),
    }
}

/// A year's notice was loaded; it stands in place of what was known of that year.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Loaded {
    pub notice: Notice,
    pub by: String,
}

const TABLES: &[Table] = &[Table::facts("calendar_notice")];

pub(crate) fn slice() -> Slice {
    Slice::new::<CalendarFact>("calendar", 1, TABLES, super::region::READ, apply, |_, fact| {
        let CalendarFact::Loaded(loaded) = fact;
        let notice = &loaded.notice;
        Summary::new(
            format!("载入{}年放假调休安排", notice.year()),
            serde_json::json!({ "year": notice.year(), "source": notice.source }),
        )
    })
    .own_facts_only()
}

fn apply(tables: &mut Tables<'_>, entry: &Entry, fact: &CalendarFact) {
    let CalendarFact::Loaded(loaded) = fact;
    let notice = serde_json::to_string(&loaded.notice).expect("a notice is plain data");
    tables.run(
        "insert into calendar_notice (year, notice, loaded_at) values ($1, $2, $3) \
         on conflict (year) do update set notice = excluded.notice, loaded_at = excluded.loaded_at",
        params![i64::from(loaded.notice.year()), notice, entry.at()],
    );
}

/// The calendar as this node knows it: what deadlines in working days are counted by.
///
/// # Errors
/// [`Error::Db`] when the database does not answer.
pub fn load(db: &mut dyn Read) -> Result<Calendar> {
    let mut calendar = Calendar::carried();
    for (notice, _) in loaded(db)? {
        calendar.load(notice);
    }
    Ok(calendar)
}

fn loaded(db: &mut dyn Read) -> Result<Vec<(Notice, Timestamp)>> {
    let rows = db.rows("select notice, loaded_at from calendar_notice order by year", &[])?;
    rows.iter().map(|row| Ok((row.json("notice")?, row.get("loaded_at")?))).collect()
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/api/calendar", Access::SignedIn, "Says of each day whether it is one of work", days)
        .asks::<DaysQuery>()
        .gives::<Page<Day>>()
        .get("/api/calendar/notices", Access::SignedIn, "Lists the notices that days go by", list)
        .gives::<Page<NoticeView>>()
        .post("/api/calendar/notices", MANAGE_ATLAS, "Loads a year's notice", post)
        .takes::<NewNotice>()
        .creates::<NoticeView>()
        .post(
            "/api/calendar/notices/look",
            MANAGE_ATLAS,
            "Says what the days of a year would be by a notice, and loads nothing",
            look,
        )
        .takes::<NewNotice>()
        .gives::<LookedView>()
}

/// Which days are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
struct DaysQuery {
    from: Date,
    /// The last day, at most 366 after the first.
    to: Date,
}

/// A notice, and whether somebody loaded it here.
#[derive(Debug, Serialize, JsonSchema)]
struct NoticeView {
    #[serde(flatten)]
    notice: Notice,
    /// `null`: the program came with it.
    loaded_at: Option<Timestamp>,
}

/// The file of a notice.
#[derive(Debug, Deserialize, JsonSchema)]
struct NewNotice {
    /// Lines such as `rest,2026-01-01,2026-01-03,元旦`: see `base::calendar::Notice::parse`.
    text: String,
}

/// A notice that is not loaded, and its year by it.
#[derive(Debug, Serialize, JsonSchema)]
struct LookedView {
    notice: NoticeView,
    /// Every day of its year.
    days: Vec<Day>,
    /// The days, also of the December before, that become other ones.
    changed: Vec<Date>,
}

const MOST_DAYS: i32 = 366;

async fn days(world: World, Params(query): Params<DaysQuery>) -> Result<Json<Page<Day>>> {
    let last = query.from.add_days(MOST_DAYS).unwrap_or(Date::LAST);
    if query.to < query.from || last < query.to {
        return Err(Error::invalid("to", query.to, format!("{} to {last}", query.from)));
    }
    let calendar = world.read(load).await?;
    let all = std::iter::successors(Some(query.from), |date| date.add_days(1));
    let days = all.take_while(|date| *date <= query.to).map(|date| calendar.day(date)).collect();
    Ok(Json(Page::whole(days)))
}

async fn list(world: World) -> Result<Json<Page<NoticeView>>> {
    let loaded = world.read(|db| loaded(db)).await?;
    let known: Vec<i16> = loaded.iter().map(|(notice, _)| notice.year()).collect();
    let carried = Calendar::carried();
    let carried = carried.notices().filter(|notice| !known.contains(&notice.year()));
    let mut notices: Vec<NoticeView> = carried
        .map(|notice| NoticeView { notice: notice.clone(), loaded_at: None })
        .chain(loaded.into_iter().map(|(notice, at)| NoticeView { notice, loaded_at: Some(at) }))
        .collect();
    notices.sort_by_key(|view| std::cmp::Reverse(view.notice.year()));
    Ok(Json(Page::whole(notices)))
}

async fn look(
    world: World,
    _: Idempotency,
    Body(new): Body<NewNotice>,
) -> Result<Json<LookedView>> {
    let notice = parse(&new.text)?;
    let year = notice.year();
    let before = world.read(load).await?;
    let mut after = before.clone();
    after.load(notice.clone());
    let first = Date::new(year, 1, 1).ok_or_else(|| Error::invalid("year", year, "a year"))?;
    let from = first.add_days(-31).unwrap_or(first);
    let span: Vec<Date> = std::iter::successors(Some(from), |date| date.add_days(1))
        .take_while(|date| date.year() <= year)
        .collect();
    let differs = |date: &&Date| before.day(**date).is_workday != after.day(**date).is_workday;
    Ok(Json(LookedView {
        changed: span.iter().filter(differs).copied().collect(),
        days: span.into_iter().filter(|it| first <= *it).map(|date| after.day(date)).collect(),
        notice: NoticeView { notice, loaded_at: None },
    }))
}

fn parse(text: &str) -> Result<Notice> {
    Notice::parse(text).map_err(|error| Error::Invalid {
        field: "text".to_owned(),
        seen: error.to_string(),
        expected: "the file of a notice".to_owned(),
    })
}

async fn post(
    world: World,
    caller: Caller,
    key: Idempotency,
    Body(new): Body<NewNotice>,
) -> Result<(StatusCode, Reply<NoticeView>)> {
    let notice = parse(&new.text)?;
    let by = caller.name.clone();
    let reply = world.commit(&caller, key, move |tx| {
        let fact = CalendarFact::Loaded(Loaded { notice: notice.clone(), by });
        tx.record(Record::first(subject(notice.year()), Home::node(), fact))?;
        Ok(NoticeView { notice, loaded_at: Some(tx.now()) })
    });
    Ok((StatusCode::CREATED, reply.await?.created()))
}

/// A year's notice is one subject of the log, however often it is loaded.
fn subject(year: i16) -> Id {
    let mut bytes = *b"calendar of 0000";
    bytes[12..].copy_from_slice(format!("{year:04}").as_bytes());
    Id::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use host::town::Town;
    use serde_json::json;

    use super::*;

    const NEXT: &str = "year,2027\ntitle,国务院办公厅关于2027年部分节假日安排的通知\n\
                        source,虚构\nwork,2027-01-10,,元旦\nrest,2027-01-01,2027-01-03,元旦\n";

    #[tokio::test]
    async fn the_next_years_notice_is_loaded_and_days_go_by_it() {
        let town = Town::new(vec![crate::part()]);
        town.officer("郑系统", &[MANAGE_ATLAS]);
        town.person("周牧", "220282", &[]);
        let path = "/api/calendar?from=2027-01-10&to=2027-01-10";
        let before = town.get("周牧", path).await.body["items"][0].clone();
        assert_eq!((&before["is_workday"], &before["provisional"]), (&json!(false), &json!(true)));

        let body = || json!({ "text": NEXT });
        let looked = town.post("郑系统", "/api/calendar/notices/look", body()).await.body;
        // Also what it forgets: the law's own holiday would be a day of work.
        assert_eq!(looked["changed"], json!(["2027-01-10", "2027-10-01"]));
        assert_eq!(looked["days"].as_array().map(Vec::len), Some(365));
        assert_eq!(looked["days"][9]["why"], json!({ "make_up": "元旦" }));
        assert_eq!(town.world.last_seq(), 0, "looked at, and not loaded");
        for _ in 0..2 {
            let answer = town.post("郑系统", "/api/calendar/notices", body()).await;
            assert_eq!(answer.status, 201, "{:?}", answer.body);
        }
        let after = town.get("周牧", path).await.body["items"][0].clone();
        assert_eq!(after["why"], json!({ "make_up": "元旦" }));
        assert_eq!((&after["is_workday"], &after["provisional"]), (&json!(true), &json!(false)));
        let calendar = town.world.read_now(load).expect("loads");
        assert!(calendar.is_workday("2027-01-10".parse().expect("a day")));

        let notices = town.get("周牧", "/api/calendar/notices").await.body["items"].clone();
        let notices = notices.as_array().expect("a list");
        assert_eq!(notices.len(), 9);
        assert_eq!((&notices[0]["year"], &notices[0]["source"]), (&json!(2027), &json!("虚构")));
        assert!(notices[0]["loaded_at"].is_string() && notices[1]["loaded_at"].is_null());
        let (_, differences) = town.world.compare_with_fold().expect("folds");
        assert!(differences.is_empty(), "{differences:?}");
    }

    #[tokio::test]
    async fn who_may_not_and_what_is_no_notice_is_refused() {
        let town = Town::new(vec![crate::part()]);
        town.officer("郑系统", &[MANAGE_ATLAS]);
        town.person("周牧", "220282", &[super::super::region::READ]);
        let post = async |name: &'static str, text: &str| {
            town.post(name, "/api/calendar/notices", json!({ "text": text })).await
        };
        assert_eq!(post("", NEXT).await.status, 401);
        assert_eq!(post("周牧", NEXT).await.status, 403);
        let look = json!({ "text": NEXT });
        assert_eq!(town.post("周牧", "/api/calendar/notices/look", look).await.status, 403);
        let refused = post("郑系统", "year,2027\nrest,2027-02-30,,春节").await;
        assert_eq!(refused.status, 422);
        assert_eq!(
            refused.body["seen"],
            "line 2 has the date \"2027-02-30\", expected a day such as 2026-10-01"
        );
        for query in ["from=2027-01-02&to=2027-01-01", "from=2020-01-01&to=2027-01-01", "from=x"] {
            assert_eq!(town.get("周牧", &format!("/api/calendar?{query}")).await.status, 422);
        }
        assert_eq!(town.get("", "/api/calendar?from=2027-01-01&to=2027-01-01").await.status, 401);
        assert_eq!(town.world.last_seq(), 0);
    }
}
