//! Tailings ponds: what the design standards compute from a pond's figures.

pub mod grade;

pub use grade::{Grade, GradeError, grade};
