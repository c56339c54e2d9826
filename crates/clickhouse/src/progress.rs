//! What a pass of the mirror came to.

/// What a pass of the mirror came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There may be more to do at once.
    More,
    /// Everything that is stored is confirmed.
    CaughtUp,
}
