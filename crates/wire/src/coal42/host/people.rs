//! Positioning: persons in three shifts, areas, base stations, and what happens to people.

use base::{Duration, Timestamp};

use super::chance::under;
use super::{Mine, hundredths, row};

/// Kind of area, name, base stations in it. The first is at the shaft's mouth.
const AREAS: [(&str, &str, usize); 8] = [
    ("井口区域", "副井井口", 1),
    ("重点区域", "1301综采工作面", 4),
    ("重点区域", "1302掘进工作面", 3),
    ("重点区域", "-750大巷", 6),
    ("其它区域", "东翼轨道巷", 4),
    ("其它区域", "中央变电所", 2),
    ("其它区域", "水泵房", 2),
    ("限制区域", "采空区密闭", 1),
];

const SURNAMES: [&str; 12] =
    ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子", "丑"];
const GIVEN: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
const TEAMS: [(&str, &str); 5] = [
    ("综采一队", "采煤机司机"),
    ("掘进一队", "掘进机司机"),
    ("机电队", "电钳工"),
    ("运输队", "信号工"),
    ("通风队", "瓦斯检查工"),
];

fn card(mine: &Mine, person: usize) -> String {
    format!("{}{:05}", mine.config.code, person + 1)
}

fn name(mine: &Mine, person: usize) -> String {
    let word = |salt| under(1000, &[mine.config.seed, salt, person as u64]) as usize;
    let (surname, given) = (word(1) % SURNAMES.len(), word(2) % GIVEN.len());
    format!("{}{}{}", SURNAMES[surname], GIVEN[given], GIVEN[word(3) % GIVEN.len()])
}

fn area(mine: &Mine, area: usize) -> String {
    format!("{}{:04}", mine.config.code, area + 1)
}

fn station(mine: &Mine, area: usize, number: usize) -> String {
    format!("{}{:06}", self::area(mine, area), (number + 1) * 10)
}

/// Where somebody is and since when they are down.
struct Whereabouts {
    person: usize,
    /// 0, 1 or 2 as RYSS has it.
    flag: u8,
    time_in: Timestamp,
    time_out: Timestamp,
    area: usize,
    station: usize,
    /// Since when at that station.
    since: Timestamp,
}

/// Three shifts from 0, 8 and 16 o'clock; people go down within the first 40 minutes and
/// stay a little longer than eight hours; one in ten stays away.
fn whereabouts(mine: &Mine, person: usize, at: Timestamp) -> Option<Whereabouts> {
    let hour = 3_600_000_i64;
    // Beijing days: no day of a mine begins at 8 o'clock.
    let day = (at.as_millis() + 8 * hour).div_euclid(24 * hour);
    [day - 1, day].into_iter().rev().find_map(|day| {
        let words = [mine.config.seed, person as u64, day as u64];
        if under(10, &words) == 0 {
            return None;
        }
        let start = (day * 24 + (person % 3) as i64 * 8 - 8) * hour;
        let time_in = start + (10 + under(30, &[words[0], 1, words[1], words[2]])) * 60_000;
        let time_out = time_in + (490 + under(30, &[words[0], 2, words[1], words[2]])) * 60_000;
        let now = at.as_millis();
        let flag = match now {
            now if (time_in - 600_000..time_in).contains(&now) => 0,
            now if (time_in..time_out).contains(&now) => 1,
            now if (time_out..time_out + 600_000).contains(&now) => 2,
            _ => return None,
        };
        // Another place every quarter of an hour; nobody is sent where nobody may be.
        let quarter = now.div_euclid(900_000);
        let spot = [words[0], 3, words[1], quarter as u64];
        let area = if flag == 1 { 1 + under(AREAS.len() as i64 - 2, &spot) as usize } else { 0 };
        let station = under(AREAS[area].2 as i64, &[spot[0], 4, spot[2], spot[3]]) as usize;
        let moment = Timestamp::from_millis;
        let since = moment((quarter * 900_000).max(time_in).min(now));
        Some(Whereabouts {
            person,
            flag,
            time_in: moment(time_in),
            time_out: moment(time_out),
            area,
            station,
            since,
        })
    })
}

fn present(mine: &Mine, at: Timestamp) -> Vec<Whereabouts> {
    let all = 0..mine.config.persons.min(99_999);
    all.filter_map(|person| whereabouts(mine, person, at)).collect()
}

/// From the tenth to the fifteenth minute of each hour something is wrong: when it began,
/// and when it ended if it has.
fn incident(at: Timestamp) -> Option<(Timestamp, Option<Timestamp>)> {
    let minute = at.as_millis().div_euclid(60_000);
    let begin = Timestamp::from_millis((minute - minute.rem_euclid(60) + 10) * 60_000);
    let end = begin + Duration::from_mins(5);
    match minute.rem_euclid(60) {
        10..15 => Some((begin, None)),
        15 => Some((begin, Some(end))),
        _ => None,
    }
}

pub(super) fn rows(mine: &Mine, kind: &str, at: Timestamp) -> Vec<Vec<String>> {
    let now = at.to_beijing();
    match kind {
        "RYXX" => (0..mine.config.persons.min(99_999))
            .map(|person| {
                let (team, job) = TEAMS[person % TEAMS.len()];
                let title = if person % 10 == 3 { "班长" } else { "" };
                let (leader, special) = (u8::from(person % 40 == 7), u8::from(person % 3 == 0));
                let (card, name) = (card(mine, person), name(mine, person));
                row![card, name, job, title, team, "1990-01-01", "", leader, special]
            })
            .collect(),
        "RYQY" => AREAS
            .iter()
            .enumerate()
            .map(|(index, (kind, name, _))| row![kind, area(mine, index), 20 + index * 5, name])
            .collect(),
        "RYJZ" | "JZSS" => stations(mine, kind, &now),
        "RYSS" => present(mine, at).iter().map(|whereabouts| snapshot(mine, whereabouts)).collect(),
        _ => events(mine, kind, at),
    }
}

fn stations(mine: &Mine, kind: &str, now: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (index, (_, name, count)) in AREAS.iter().enumerate() {
        for number in 0..*count {
            let code = station(mine, index, number);
            let said = format!("{name}{}号基站", number + 1);
            rows.push(match kind {
                "RYJZ" => row![code, said, "4245615.60", "36372560.60", "-750.00", said],
                _ => row![code, 0, 1, now],
            });
        }
    }
    rows
}

fn snapshot(mine: &Mine, here: &Whereabouts) -> Vec<String> {
    let (time_in, since) = (here.time_in.to_beijing(), here.since.to_beijing());
    let time_out = if here.flag == 2 { here.time_out.to_beijing() } else { String::new() };
    let time_in = if here.flag == 0 { String::new() } else { time_in };
    let code = station(mine, here.area, here.station);
    let distance = under(12_000, &[mine.config.seed, 5, here.person as u64]) - 6000;
    let (leader, special) =
        (u8::from(here.person % 40 == 7), u8::from(here.person.is_multiple_of(3)));
    let track = format!("{code}&{since}");
    row![
        card(mine, here.person),
        name(mine, here.person),
        here.flag,
        time_in,
        time_out,
        area(mine, here.area),
        since,
        code,
        since,
        "三八制",
        hundredths(distance),
        "正常",
        leader,
        special,
        track,
    ]
}

fn events(mine: &Mine, kind: &str, at: Timestamp) -> Vec<Vec<String>> {
    let Some((begin, end)) = incident(at) else { return Vec::new() };
    let down: Vec<Whereabouts> =
        present(mine, begin).into_iter().filter(|here| here.flag == 1).collect();
    let pick = under(down.len() as i64, &[mine.config.seed, 6, begin.as_millis() as u64]) as usize;
    let Some(here) = down.get(pick) else { return Vec::new() };
    let start = begin.to_beijing();
    let end = end.map(|end| end.to_beijing()).unwrap_or_default();
    let (card, name) = (card(mine, here.person), name(mine, here.person));
    let (time_in, since) = (here.time_in.to_beijing(), here.since.to_beijing());
    // Nobody is sent into the restricted area; who is found there went by himself.
    let place = if kind == "RYXZ" { AREAS.len() - 1 } else { here.area };
    let area = area(mine, place);
    let station = station(mine, place, if kind == "RYXZ" { 0 } else { here.station });
    vec![match kind {
        "RYCS" => row![card, name, time_in, start, end, area, since, station, since],
        "RYQJ" => row![card, name, start, end, time_in, area, since, station, since],
        "RYXZ" => row![card, name, start, end, time_in, area, start, station, start],
        _ => {
            let inside = down.iter().filter(|other| other.area == here.area);
            let cards: Vec<String> = inside.map(|other| self::card(mine, other.person)).collect();
            let word = AREAS[here.area].1;
            row!["区域超员", cards.len() - 1, cards.len(), area, word, start, end, cards.join("&")]
        }
    }]
}
