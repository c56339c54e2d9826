//! Water hazards and ground pressure: one or two points of each system.

use base::{Duration, Timestamp};

use super::chance::under;
use super::{Mine, hundredths, row};

/// The rows of a type, `None` for one whose columns nobody knows.
pub(super) fn rows(mine: &Mine, kind: &str, at: Timestamp) -> Option<Vec<Vec<String>>> {
    let points = (1..=2_u64).map(|number| point(mine, kind, number, at));
    points.collect::<Option<Vec<_>>>().map(|rows| rows.into_iter().flatten().collect())
}

/// `None` for a type that is not written, an empty list where nothing is to say.
fn point(mine: &Mine, kind: &str, number: u64, at: Timestamp) -> Option<Vec<Vec<String>>> {
    let now = at.to_beijing();
    let day = &now[..10];
    let system = kind.trim_end_matches("CDDY").trim_end_matches("CDSS").trim_end_matches("CDYC");
    let code = |word: &str| format!("{}{word}{number:05}", mine.config.code);
    let name = format!("{number}号测点");
    let step = at.as_millis().div_euclid(600_000) as u64;
    let value = |usual: i64, moves: i64| {
        let word = kind.bytes().fold(0_u64, |sum, byte| sum * 31 + u64::from(byte));
        hundredths(usual + under(moves, &[mine.config.seed, word, number, step]))
    };
    let (x, y, z) = ("4245615.60", "36372560.60", "1229.00");
    let ground = code("ZKYL");
    let row = match kind {
        "CGKCDDY" => row![
            code(system),
            "0502",
            name,
            "上段",
            "80.00",
            "75.00",
            "60.00",
            "55.00",
            x,
            y,
            z,
            day
        ],
        "CGKCDSS" => row![code(system), "00000000", value(2000, 50), value(1200, 30), now],
        "PSLCDDY" => row![
            code(system),
            name,
            "一采区",
            x,
            y,
            z,
            "中央水泵房",
            "1号潜水泵",
            "65.97%",
            "650",
            "6825H",
            day
        ],
        "PSLCDSS" => row![code(system), value(8000, 900), "00000000", value(60_000, 5000), now],
        "SBCDSS" => {
            let started = (at - Duration::from_hours(24)).to_beijing();
            row![code("PSL"), format!("{number}号潜水泵"), started, "", number % 2, now]
        }
        "YSLCDDY" => row![code(system), name, "一采区", "0503", "m³/h", x, y, z, day],
        "YSLCDSS" => row![code(system), 0, value(5000, 400), now],
        "SFSCDDY" => row![
            code(system),
            "疏放水孔",
            "m",
            "延安组",
            "12.00",
            "90.00",
            "80.00",
            "70.00",
            x,
            y,
            z,
            "1.20",
            "30.00",
            now
        ],
        "SFSCDSS" => row![code(system), "疏放水孔", value(800, 200), now],
        "JSLCDDY" => row![code(system), 3, "地面雨量站", day, "样例厂家", day, x, y, z],
        "JSLCDSS" => row![code(system), now, now, now, 0, value(0, 100)],
        "DBSCDDY" => {
            row![code(system), 1, "地表水监测点", day, "样例厂家", day, "0502", "m", x, y, z]
        }
        "DBSCDSS" => row![code(system), value(300, 40), value(100, 10), 0, now],
        "DBCXCDSS" => row![code(system), "一采区", number, 0, "1.17", "1.97", value(190, 5), now],
        "ZKYL" => {
            row![ground, "1301巷道", "1201", "距切眼100米", "12.00", day, x, y, z, "X", "12&10&100"]
        }
        "ZKSS" => row![ground, "1201", "1301巷道", value(400, 60), 0, now],
        // Nothing of these is wrong in a simulated mine.
        "CGKCDYC" | "PSLCDYC" | "ZKYC" => return Some(Vec::new()),
        _ => return None,
    };
    Some(vec![row])
}
