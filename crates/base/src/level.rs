//! The four warning levels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A warning level: 一级红, 二级橙, 三级黄, 四级蓝 (突发事件应对法 2024, art. 63).
///
/// It is the colour of a warning and nothing else: event grades and response
/// levels are separate types. `Red` is the most severe and sorts last.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Blue,
    Yellow,
    Orange,
    Red,
}

impl Level {
    /// From the least severe to the most.
    pub const ALL: [Level; 4] = [Level::Blue, Level::Yellow, Level::Orange, Level::Red];

    /// 1 for red to 4 for blue, as the law counts.
    pub fn rank(self) -> u8 {
        match self {
            Level::Red => 1,
            Level::Orange => 2,
            Level::Yellow => 3,
            Level::Blue => 4,
        }
    }

    /// The inverse of [`Level::rank`].
    pub fn from_rank(rank: i64) -> Option<Level> {
        Level::ALL.into_iter().find(|level| i64::from(level.rank()) == rank)
    }

    /// The Chinese word: 红, 橙, 黄, 蓝.
    pub fn word(self) -> &'static str {
        match self {
            Level::Red => "红",
            Level::Orange => "橙",
            Level::Yellow => "黄",
            Level::Blue => "蓝",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_is_the_most_severe_and_rank_one() {
        assert_eq!(Level::ALL.into_iter().max(), Some(Level::Red));
        assert_eq!(Level::Red.rank(), 1);
        for level in Level::ALL {
            assert_eq!(Level::from_rank(i64::from(level.rank())), Some(level));
        }
        assert_eq!(Level::from_rank(0), None);
        assert_eq!(Level::from_rank(5), None);
    }
}
