//! A rule's condition in words: for the trail, notices and warnings.

use base::Quantity;

use super::model::{Comparison, Direction, Measure};

/// `≥ 264.00 m`, `1 小时内上涨 ≥ 1.00 m`, `持续不变 ≥ 30 分钟`.
pub fn condition(
    measure: &Measure,
    comparison: Comparison,
    threshold: f64,
    quantity: Quantity,
) -> String {
    let line = number(measure, threshold, quantity);
    let sign = comparison.sign();
    match measure {
        Measure::Value => format!("{sign} {line}"),
        _ => format!("{} {sign} {line}", subject(measure, quantity)),
    }
}

/// What is held against the line: `水位`, `水位 1 小时内上涨`.
pub fn subject(measure: &Measure, quantity: Quantity) -> String {
    let word = quantity.word();
    match *measure {
        Measure::Value => word.to_owned(),
        Measure::Change { direction, within_s } => {
            let moved = match direction {
                Direction::Rising => "上升",
                Direction::Falling => "下降",
                Direction::Either => "变化",
            };
            format!("{word} {} 内{moved}", span(f64::from(within_s)))
        }
        Measure::Still { .. } => format!("{word}持续不变"),
        Measure::Count { comparison, line, within_s } => format!(
            "{word} {} 内 {} {} {} 的次数",
            span(f64::from(within_s)),
            comparison.sign(),
            quantity.show(line),
            quantity.unit()
        ),
        Measure::Sum { within_s } => format!("{word} {} 内累计", span(f64::from(within_s))),
    }
}

/// What was measured, or a line, with its unit.
pub fn number(measure: &Measure, value: f64, quantity: Quantity) -> String {
    match measure {
        Measure::Still { .. } => span(value),
        Measure::Count { .. } => format!("{value:.0} 次"),
        Measure::Value | Measure::Change { .. } | Measure::Sum { .. } => {
            format!("{} {}", quantity.show(value), quantity.unit())
        }
    }
}

/// Seconds as people say them: `90 秒`, `30 分钟`, `1.5 小时`.
fn span(seconds: f64) -> String {
    match seconds {
        _ if seconds < 120.0 => format!("{seconds:.0} 秒"),
        _ if seconds < 3_600.0 => format!("{} 分钟", tenths(seconds / 60.0)),
        _ => format!("{} 小时", tenths(seconds / 3_600.0)),
    }
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}
