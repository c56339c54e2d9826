use base::AdminCode;
use sense::station::StationId;

use super::*;

/// Minutes after midnight of the first day.
fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * 60_000)
}

fn region(code: &str) -> AdminCode {
    code.parse().expect("a code")
}

fn patience(minutes: i64) -> Patience {
    Patience { span: Duration::from_mins(minutes), source: "default" }
}

/// A station of 桦甸 that may say nothing for a quarter of an hour, heard last at a minute
/// and listened for since long ago.
fn station(number: u128, last: i64) -> Unit {
    let (id, name) = (Id::from_u128(number), format!("第{number}站"));
    let huadian = region("220282");
    Unit {
        id,
        name: name.clone(),
        protocol: Protocol::Sl651,
        home: Home::region(huadian.clone()),
        heard: Some(at(last)),
        from: at(-600),
        patience: patience(15),
        waited: Waited::For,
        alone: What::Station { station: StationId(id), name },
        groups: vec![What::Door { region: None }, What::Door { region: Some(huadian) }],
    }
}

fn elsewhere(unit: Unit) -> Unit {
    let panshi = region("220284");
    Unit {
        home: Home::region(panshi.clone()),
        groups: vec![What::Door { region: None }, What::Door { region: Some(panshi) }],
        ..unit
    }
}

fn sensor(number: u128, last: i64) -> Unit {
    let of = What::Sensors { station: StationId(Id::from_u128(1)), name: "第1站".to_owned() };
    let name = format!("水位 {number}");
    Unit { name, alone: of.clone(), groups: vec![of], ..station(100 + number, last) }
}

/// What looks come to, in words; what is found stands for the next look.
#[derive(Default)]
struct Book {
    known: Vec<Known>,
    next: u128,
}

impl Book {
    fn look(&mut self, units: &[Unit], now: i64) -> Vec<String> {
        let outcomes = decide(units, &self.known, at(now));
        outcomes.into_iter().map(|it| self.keep(it, now)).collect()
    }

    fn keep(&mut self, outcome: Outcome, now: i64) -> String {
        let minute = |it: Timestamp| it.as_millis() / 60_000;
        match outcome {
            Outcome::Found { found, home } => {
                let told = format!(
                    "found {} last {} since {} reach {}",
                    found.what.title(found.protocol, found.first(), found.members.len()),
                    minute(found.last_heard),
                    minute(found.since),
                    home.reach.len()
                );
                self.next += 1;
                self.known.push(Known {
                    id: SilenceId(Id::from_u128(self.next)),
                    what: found.what,
                    protocol: found.protocol,
                    last_heard: found.last_heard,
                    members: found.members.iter().map(|it| it.id).collect(),
                    regions: home.concerned().cloned().collect(),
                    class: home.class,
                    ended_at: None,
                });
                told
            }
            Outcome::Grew { id, members, last_heard } => {
                let known = self.of(id);
                known.last_heard = last_heard;
                known.members.extend(members.iter().map(|it| it.id));
                format!("grew by {} to {}", members.len(), known.members.len())
            }
            Outcome::Ended { id, because } => {
                let known = self.of(id);
                known.ended_at = Some(at(now));
                format!("ended {:?} of {}", because, known.members.len())
            }
        }
    }

    fn of(&mut self, id: SilenceId) -> &mut Known {
        self.known.iter_mut().find(|known| known.id == id).expect("it was found")
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn one_silence_is_found_once_and_ends_with_the_next_word() {
    let mut book = Book::default();
    let silent = [station(1, 0), station(2, 14)];
    assert_eq!(book.look(&silent, 15), NOTHING, "as long as it may");
    assert_eq!(book.look(&silent, 16), ["found 第1站 last 0 since 0 reach 0"]);
    assert_eq!(book.look(&silent, 17), NOTHING, "it is known");
    assert_eq!(book.look(&[station(1, 18), station(2, 14)], 18), ["ended Heard of 1"]);
    assert_eq!(book.look(&[station(1, 18), station(2, 29)], 30), NOTHING);
    let again = book.look(&[station(1, 18), station(2, 29)], 34);
    assert_eq!(again, ["found 第1站 last 18 since 18 reach 0"]);
}

#[test]
fn who_never_spoke_is_not_there_yet_and_who_is_stopped_or_gone_is_not_waited_for() {
    let mut book = Book::default();
    let never = Unit { heard: None, ..station(1, 0) };
    let stopped = Unit { waited: Waited::Not, ..station(2, 0) };
    assert_eq!(book.look(&[never, stopped.clone()], 499), NOTHING);
    // The stop is over, and it has its whole time from then on.
    let over = Unit { from: at(500), ..station(2, 0) };
    assert_eq!(book.look(std::slice::from_ref(&over), 515), NOTHING);
    assert_eq!(book.look(&[over], 516), ["found 第2站 last 0 since 500 reach 0"]);
    assert_eq!(book.look(&[stopped], 517), ["ended Stopped of 1"]);
    assert_eq!(book.look(&[station(3, 0)], 520), ["found 第3站 last 0 since 0 reach 0"]);
    assert_eq!(book.look(&[], 521), ["ended Stopped of 1"], "nobody has it any longer");
}

#[test]
fn a_node_that_was_down_was_deaf_and_nobody_was_silent() {
    let mut book = Book::default();
    // Down from minute 2 to minute 600.
    let listening = |since: i64, last: i64| [Unit { from: at(since), ..station(1, last) }];
    assert_eq!(book.look(&listening(600, 0), 600), NOTHING);
    assert_eq!(book.look(&listening(600, 0), 615), NOTHING, "it has its whole time to speak");
    assert_eq!(book.look(&listening(600, 0), 616), ["found 第1站 last 0 since 600 reach 0"]);
    // What stood before stands after, until it is heard.
    assert_eq!(book.look(&listening(700, 0), 700), NOTHING);
    assert_eq!(book.look(&listening(700, 701), 701), ["ended Heard of 1"]);
}

#[test]
fn a_road_that_is_cut_is_one_finding_wherever_it_found_its_stations_in_their_periods() {
    let mut book = Book::default();
    // Cut at minute 100: each was heard last within the five minutes before.
    let cut: Vec<Unit> = (0..200).map(|n| station(n, 96 + (n as i64 % 5))).collect();
    let mut told = Vec::new();
    for minute in 100..400 {
        told.extend(book.look(&cut, minute));
    }
    assert_eq!(told, ["found SL 651 接入（220282）200 站 last 100 since 96 reach 0"]);
    // One is heard: the road is back, and the others have their time to follow.
    let back = |minute: i64, heard: u128| -> Vec<Unit> {
        let at = |n: u128| if n < heard { minute } else { 96 + (n as i64 % 5) };
        (0..200).map(|n| station(n, at(n))).collect()
    };
    assert_eq!(book.look(&back(400, 1), 400), ["ended Heard of 200"]);
    assert_eq!(book.look(&back(415, 198), 415), NOTHING);
    let two = book.look(&back(416, 198), 416);
    let each = |n: i64| format!("found 第{n}站 last {} since 400 reach 0", 96 + n % 5);
    assert_eq!(two, [each(198), each(199)]);
}

#[test]
fn those_that_speak_seldom_join_the_silence_of_their_road() {
    let mut book = Book::default();
    let often = (0..10).map(|n| station(n, 100));
    let hourly = (10..20).map(|n| Unit { patience: patience(180), ..station(n, 90) });
    let all: Vec<Unit> = often.chain(hourly).collect();
    let mut told = Vec::new();
    for minute in 100..400 {
        told.extend(book.look(&all, minute));
    }
    assert_eq!(
        told,
        ["found SL 651 接入（220282）10 站 last 100 since 100 reach 0", "grew by 10 to 20"]
    );
    let mut heard = all.clone();
    heard[15].heard = Some(at(400));
    assert_eq!(book.look(&heard, 400), ["ended Heard of 20"], "one that joined, too");
}

#[test]
fn none_joins_a_silence_that_those_who_watch_it_do_not_see_or_others_do() {
    let mut book = Book::default();
    let often: Vec<Unit> = (0..10).map(|n| station(n, 100)).collect();
    let slow = |unit: Unit| {
        let mut unit = Unit { patience: patience(30), ..unit };
        unit.groups = vec![What::Door { region: Some(region("220282")) }];
        unit
    };
    let sensitive = Home::region(region("220282")).class(Class::Sensitive);
    let mut all = often;
    all.push(slow(elsewhere(station(20, 100))));
    all.push(Unit { home: sensitive, ..slow(station(21, 100)) });
    all.push(slow(station(22, 100)));
    assert_eq!(book.look(&all, 116).len(), 1);
    let told = book.look(&all, 131);
    let each = |n| format!("found 第{n}站 last 100 since 100 reach 0");
    assert_eq!(told, [each(20), each(21), "grew by 1 to 11".to_owned()]);
}

#[test]
fn in_a_province_where_many_are_late_each_silence_is_told_by_itself() {
    // Seven of a thousand have not been heard for a while; the door works.
    let mut all: Vec<Unit> = (0..1_000).map(|n| station(n, 99)).collect();
    for (n, last) in [(3, 80), (30, 83), (300, 84), (400, 88), (500, 89), (600, 89), (700, 90)] {
        all[n].heard = Some(at(last));
    }
    let told = Book::default().look(&all, 100);
    let each = |n, last| format!("found 第{n}站 last {last} since {last} reach 0");
    assert_eq!(told, [each(3, 80), each(30, 83), each(300, 84)]);
}

#[test]
fn a_division_whose_road_is_cut_is_told_from_the_others() {
    let mut book = Book::default();
    let mut all: Vec<Unit> = (0..20).map(|n| station(n, 0)).collect();
    all.extend((20..30).map(|n| elsewhere(station(n, 20))));
    // Another protocol is another door.
    all.push(Unit { protocol: Protocol::Json, ..station(99, 0) });
    let told = book.look(&all, 21);
    let expected = [
        "found SL 651 接入（220282）20 站 last 0 since 0 reach 0",
        "found 第99站 last 0 since 0 reach 0",
    ];
    assert_eq!(told, expected);
    // Both divisions are one door, at home in one and reaching the other.
    let both: Vec<Unit> =
        (0..20).map(|n| station(n, 0)).chain((20..30).map(|n| elsewhere(station(n, 0)))).collect();
    let told = Book::default().look(&both, 21);
    assert_eq!(told, ["found SL 651 接入 30 站 last 0 since 0 reach 1"]);
}

#[test]
fn a_relay_that_is_down_is_one_finding_by_its_name() {
    let relay = StationId(Id::from_u128(5));
    let by_relay = |unit: Unit| {
        let mut unit = unit;
        unit.groups.push(What::Relay { relay });
        unit
    };
    let others = (10..30).map(|n| station(n, 20));
    let down: Vec<Unit> = (3..9).map(|n| by_relay(station(n, 0))).chain(others.clone()).collect();
    let told = Book::default().look(&down, 21);
    assert_eq!(told, ["found 第5站转报 6 站 last 0 since 0 reach 0"]);
    // One behind it that reports by the hour joins it.
    let hourly = Unit { patience: patience(180), ..by_relay(station(9, 0)) };
    let mut book = Book::default();
    let both = [by_relay(station(5, 0)), hourly];
    assert_eq!(book.look(&both, 21), ["found 第5站转报 1 站 last 0 since 0 reach 0"]);
    assert_eq!(book.look(&both, 181), ["grew by 1 to 2"]);
    // While the relay speaks, those behind it are silent by themselves.
    let up: Vec<Unit> =
        [by_relay(station(3, 0)), by_relay(station(5, 20))].into_iter().chain(others).collect();
    assert_eq!(Book::default().look(&up, 21), ["found 第3站 last 0 since 0 reach 0"]);
}

#[test]
fn four_are_named_one_by_one_and_of_very_many_no_finding_is_too_large() {
    let four: Vec<Unit> = (0..4).map(|n| station(n, 0)).collect();
    assert_eq!(Book::default().look(&four, 16).len(), 4);
    let many: Vec<Unit> = (0..2_500).map(|n| station(n, 0)).collect();
    let mut book = Book::default();
    let told = book.look(&many, 16);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(book.known.iter().all(|it| it.members.len() <= MOST_MEMBERS));
    assert_eq!(book.look(&many, 17), NOTHING);
}

#[test]
fn sensors_of_one_station_are_one_finding_and_nobody_waits_while_the_station_is_silent() {
    let mut book = Book::default();
    let unknown = Unit { waited: Waited::Unknown, ..sensor(1, 0) };
    assert_eq!(book.look(std::slice::from_ref(&unknown), 30), NOTHING);
    assert_eq!(book.look(&[sensor(1, 0)], 31), ["found 第1站 水位 1 last 0 since 0 reach 0"]);
    assert_eq!(book.look(&[sensor(1, 0), sensor(2, 29)], 50), ["grew by 1 to 2"]);
    // That its station falls silent too does not end it.
    assert_eq!(book.look(&[unknown, sensor(2, 29)], 60), NOTHING);
    assert_eq!(book.look(&[sensor(1, 0), sensor(2, 61)], 61), ["ended Heard of 2"]);
    let told = book.look(&[sensor(1, 0), sensor(2, 75)], 77);
    assert_eq!(told, ["found 第1站 水位 1 last 0 since 61 reach 0"]);
}
