//! What goes wrong on the way, and how often.

/// How many of a thousand messages suffer each fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// A byte is changed, so that the check does not fit.
    pub broken: u32,
    /// The frame is sent twice.
    pub doubled: u32,
    /// Half of the frame is sent, then the connection is lost.
    pub cut: u32,
    /// What the centre answers is not heard, so the station sends again.
    pub deaf: u32,
    /// The report is held back for three periods.
    pub late: u32,
    /// The report changes places with the one after it.
    pub swapped: u32,
    /// The last byte comes in a write of its own.
    pub split: u32,
}

impl Faults {
    pub const NONE: Faults =
        Faults { broken: 0, doubled: 0, cut: 0, deaf: 0, late: 0, swapped: 0, split: 0 };

    /// Each fault as often.
    pub fn all(per_thousand: u32) -> Faults {
        Faults {
            broken: per_thousand,
            doubled: per_thousand,
            cut: per_thousand,
            deaf: per_thousand,
            late: per_thousand,
            swapped: per_thousand,
            split: per_thousand,
        }
    }
}

/// Chance that repeats itself: the same seed, the same faults.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next number (splitmix64, Steele, Lea & Flood 2014).
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Whether something happens that happens to `per_thousand` of a thousand.
    pub fn hits(&mut self, per_thousand: u32) -> bool {
        self.roll() % 1_000 < u64::from(per_thousand)
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_repeats_itself_and_hits_about_as_often_as_it_should() {
        let rolls = |seed| (0..1_000).map(|_| Dice::new(seed).roll()).collect::<Vec<_>>();
        assert_eq!(rolls(7), rolls(7));
        let mut dice = Dice::new(1);
        let hits = (0..10_000).filter(|_| dice.hits(100)).count();
        assert!((800..1_200).contains(&hits), "{hits} of 10 000 at one in ten");
        assert!(!(0..1_000).any(|_| dice.hits(0)));
        assert!((0..1_000).all(|_| dice.hits(1_000)));
    }
}
