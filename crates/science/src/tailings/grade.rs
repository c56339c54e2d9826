//! The grade of a tailings pond (尾矿库等别) by storage and dam height.

/// 一等 to 五等, the first the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    First = 1,
    Second = 2,
    Third = 3,
    Fourth = 4,
    Fifth = 5,
}

/// Why figures have no grade.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GradeError {
    #[error("volume is {0} m³, expected a finite number above 0")]
    Volume(f64),
    #[error("dam height is {0} m, expected a finite number above 0")]
    Height(f64),
}

/// From which volume (m³) and from which height (m) on a pond is of a grade; below the
/// last line it is of the fifth.
const LINES: [(Grade, f64, f64); 4] = [
    (Grade::First, 5e8, 200.0),
    (Grade::Second, 1e8, 100.0),
    (Grade::Third, 1e7, 60.0),
    (Grade::Fourth, 1e6, 30.0),
];

/// Gives the grade of a pond in its period of use.
///
/// - `volume`: whole storage V of that period, m³.
/// - `height`: dam height H of that period, m.
/// - Returns the graver of the grades by volume and by height; where they differ by more
///   than one grade, one below the graver. A value on a line is above it.
///
/// # Errors
/// [`GradeError`] for a number that is not finite and above 0.
///
/// # Source
/// GB 50863-2013, 3.3 (table of grades), as the project's research notes have it *from
/// memory* (`sensing-work-safety` §6, mark `[M]`): a default until the text is at hand.
/// No published example was found; the tests are the lines themselves.
pub fn grade(volume: f64, height: f64) -> Result<Grade, GradeError> {
    if !(volume.is_finite() && 0.0 < volume) {
        return Err(GradeError::Volume(volume));
    }
    if !(height.is_finite() && 0.0 < height) {
        return Err(GradeError::Height(height));
    }
    let first = |reaches: &dyn Fn(f64, f64) -> bool| {
        let line = LINES.iter().find(|(_, volume, height)| reaches(*volume, *height));
        line.map_or(Grade::Fifth, |(grade, ..)| *grade)
    };
    let by_volume = first(&|line, _| line <= volume);
    let by_height = first(&|_, line| line <= height);
    let (graver, milder) = (by_volume.min(by_height), by_volume.max(by_height));
    let apart = milder as u8 - graver as u8;
    Ok(if 1 < apart { graver.below() } else { graver })
}

impl Grade {
    pub const ALL: [Grade; 5] =
        [Grade::First, Grade::Second, Grade::Third, Grade::Fourth, Grade::Fifth];

    /// 1 for 一等.
    pub fn number(self) -> u8 {
        self as u8
    }

    fn below(self) -> Grade {
        match self {
            Grade::First => Grade::Second,
            Grade::Second => Grade::Third,
            Grade::Third => Grade::Fourth,
            Grade::Fourth | Grade::Fifth => Grade::Fifth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(volume: f64, height: f64, number: u8) {
        assert_eq!(grade(volume, height).map(Grade::number), Ok(number), "{volume} m³, {height} m");
    }

    #[test]
    fn both_figures_on_one_line_give_its_grade_and_a_hair_below_the_next() {
        check(5e8, 200.0, 1);
        check(4.999e8, 199.9, 2);
        check(1e8, 100.0, 2);
        check(9.999e7, 99.9, 3);
        check(1e7, 60.0, 3);
        check(9.999e6, 59.9, 4);
        check(1e6, 30.0, 4);
        check(9.999e5, 29.9, 5);
    }

    #[test]
    fn the_graver_counts_and_one_below_it_when_they_are_far_apart() {
        check(1e7, 45.0, 3); // third by volume, fourth by height
        check(2e6, 65.0, 3);
        check(5e5, 65.0, 4); // fifth by volume, third by height
        check(6e8, 10.0, 2);
        check(1e5, 210.0, 2);
    }

    #[test]
    fn no_figure_no_grade() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(grade(wrong, 30.0), Err(GradeError::Volume(_))), "{wrong}");
            assert!(matches!(grade(1e6, wrong), Err(GradeError::Height(_))), "{wrong}");
        }
    }
}
