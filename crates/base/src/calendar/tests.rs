use proptest::prelude::*;

use super::*;

fn date(text: &str) -> Date {
    text.parse().expect("a day")
}

#[test]
fn every_day_of_eight_years_is_what_two_implementations_say() {
    let calendar = Calendar::carried();
    let mut compared = 0;
    for line in include_str!("../../../../fixtures/calendar/workdays.csv").lines().skip(1) {
        let [by, year, days] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let mut day = Date::new(year.parse().expect("a year"), 1, 1).expect("a day");
        for digit in days.bytes() {
            let said = calendar.day(day);
            assert_eq!(said.is_workday, digit == b'1', "{by}: {said:?}");
            compared += 1;
            day = day.add_days(1).expect("a day");
        }
        assert_eq!((day.month(), day.day()), (1, 1), "{by} {year} is whole");
    }
    assert_eq!(compared, 2 * (8 * 365 + 2));
}

#[test]
fn a_day_says_why_it_is_what_it_is() {
    let calendar = Calendar::carried();
    let day = |text| {
        let day = calendar.day(date(text));
        (day.is_workday, day.why, day.provisional)
    };
    assert_eq!(day("2026-08-03"), (true, Why::Weekday, false));
    assert_eq!(day("2026-08-02"), (false, Why::Weekend, false));
    assert_eq!(day("2026-02-17"), (false, Why::Holiday("春节".into()), false));
    assert_eq!(day("2026-02-28"), (true, Why::MakeUp("春节".into()), false));
    assert_eq!(day("2018-12-29"), (true, Why::MakeUp("元旦".into()), false));
    assert_eq!(day("2022-12-31"), (false, Why::Holiday("元旦".into()), false));
}

#[test]
fn a_year_without_a_notice_is_provisional_and_knows_only_what_the_law_fixes() {
    let mut calendar = Calendar::carried();
    let day = |calendar: &Calendar, text| {
        let day = calendar.day(date(text));
        (day.is_workday, day.why, day.provisional)
    };
    assert_eq!(day(&calendar, "2027-01-01"), (false, Why::ByLaw("元旦"), true));
    assert_eq!(day(&calendar, "2027-10-03"), (false, Why::ByLaw("国庆节"), true));
    assert_eq!(day(&calendar, "2027-10-04"), (true, Why::Weekday, true));
    assert_eq!(day(&calendar, "2027-03-06"), (false, Why::Weekend, true));
    assert!(calendar.day(date("2026-12-29")).provisional, "the next notice may move it");
    assert!(!calendar.day(date("2026-12-24")).provisional);

    let text = "\u{feff}# of a test\r\nyear,2027,,\r\ntitle,通知,,\r\nsource,试验,,\r\n\
                work,2026/12/27,,元旦\r\nrest,2027年1月1日,2027-01-03,元旦\r\n";
    calendar.load(Notice::parse(text).expect("reads as a spreadsheet saved it"));
    assert_eq!(day(&calendar, "2026-12-27"), (true, Why::MakeUp("元旦".into()), false));
    assert_eq!(day(&calendar, "2027-01-02"), (false, Why::Holiday("元旦".into()), false));
    assert_eq!(day(&calendar, "2027-10-04"), (true, Why::Weekday, false));
}

#[test]
fn working_days_are_counted_as_the_law_counts_them() {
    let calendar = Calendar::carried();
    let add =
        |from, count| calendar.add_workdays(date(from), count).expect("in the calendar").value;
    // The day itself does not count; the weekend is passed over.
    assert_eq!(add("2026-08-03", 1), date("2026-08-04"));
    assert_eq!(add("2026-08-07", 1), date("2026-08-10"));
    // Before the Spring Festival: the 14th is a Saturday of work, the 24th the first after.
    assert_eq!(add("2026-02-13", 1), date("2026-02-14"));
    assert_eq!(add("2026-02-13", 2), date("2026-02-24"));
    assert_eq!(add("2026-02-24", -1), date("2026-02-14"));
    assert_eq!(add("2026-02-17", 0), date("2026-02-17"));
    let next = |from| calendar.next_workday(date(from)).expect("in the calendar").value;
    assert_eq!(next("2026-02-15"), date("2026-02-24"));
    assert_eq!(next("2026-02-24"), date("2026-02-24"));
    let between = |from, to| calendar.workdays_between(date(from), date(to)).value;
    assert_eq!(between("2026-01-01", "2026-12-31"), 248);
    assert_eq!(between("2026-02-24", "2026-02-13"), -2, "the 14th, and the 13th itself");
    assert!(calendar.add_workdays(date("2026-12-20"), 10).expect("counts").provisional);
    assert_eq!(calendar.add_workdays(Date::LAST, 1), None);
}

#[test]
fn what_is_no_notice_is_refused_with_its_line() {
    let head = "year,2027\ntitle,通知\nsource,试验\n";
    let refusal = |tail: &str| Notice::parse(&format!("{head}{tail}")).expect_err(tail).to_string();
    let cases = [
        (
            "holiday,2027-01-01,,元旦",
            "line 4 begins with \"holiday\", expected year, title, document, source, edition, confidence, rest or work",
        ),
        (
            "rest,2027-02-30,,春节",
            "line 4 has the date \"2027-02-30\", expected a day such as 2026-10-01",
        ),
        ("rest,2027-02-03", "line 4 names no holiday, expected kind,from,to,holiday"),
        ("year,2028", "line 4 says year a second time"),
        ("", "0 spans, expected 1 to 60"),
        ("work,2027-01-09,,元旦", "rest is missing"),
        ("rest,2027-01-01,2027-01-03,元旦\nwork,2027-01-03,,元旦", "2027-01-03 is named twice"),
        (
            "rest,2027-10-07,2027-10-01,国庆节",
            "2027-10-07 to 2027-10-01 is no span of 2027, expected from before to, and days of that year or of late December before it",
        ),
        (
            "rest,2026-10-01,,国庆节",
            "2026-10-01 to 2026-10-01 is no span of 2027, expected from before to, and days of that year or of late December before it",
        ),
    ];
    for (tail, message) in cases {
        assert_eq!(refusal(tail), message);
    }
    assert_eq!(Notice::parse("rest,2027-01-01,,元旦"), Err(NoticeError::Missing("year")));
    assert_eq!(Notice::parse("year,27"), Err(NoticeError::Year { line: 1, seen: "27".to_owned() }));
}

#[test]
fn a_notice_goes_through_json_and_json_that_is_none_is_refused() {
    for notice in Calendar::carried().notices() {
        let text = serde_json::to_string(notice).expect("writes");
        assert_eq!(&serde_json::from_str::<Notice>(&text).expect("reads"), notice);
    }
    let empty = r#"{"year":2027,"title":"","document":"","source":"","edition":"","confidence":"","spans":[]}"#;
    assert!(serde_json::from_str::<Notice>(empty).is_err());
}

proptest! {
    #[test]
    fn what_was_added_is_found_between(offset in 0..2900i32, count in -400..400i32) {
        let calendar = Calendar::carried();
        let from = date("2019-01-01").add_days(offset).expect("a day");
        let to = calendar.add_workdays(from, count).expect("a day").value;
        prop_assert_eq!(calendar.workdays_between(from, to).value, count);
    }

    #[test]
    fn any_text_is_a_notice_or_refused(text in "(year|rest|work|title|,|\n|2027|-0|1|\\PC){0,40}") {
        let _ = Notice::parse(&text);
    }
}
