//! The name of a segment's file. Whoever takes it believes what is in the file and not
//! its name; the name is for people, for order, and so that twice is once.

/// How the name of every segment ends; other files of an inbox are nobody's business here.
pub(super) const ENDING: &str = ".segment";

/// `county.000000000101-000000000150.to-province.segment`: sorted by name, the files of one
/// node are in the order of its log.
pub fn file_name(origin: &str, first: i64, last: i64, neighbour: &str) -> String {
    format!("{origin}.{first:012}-{last:012}.to-{neighbour}{ENDING}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_the_log_does_and_say_whose_which_and_for_whom() {
        let name = |first, last| file_name("county", first, last, "province");
        assert_eq!(name(1, 50), "county.000000000001-000000000050.to-province.segment");
        let mut names = [name(1_001, 2_000), name(51, 1_000), name(1, 50)];
        names.sort();
        assert_eq!(names, [name(1, 50), name(51, 1_000), name(1_001, 2_000)]);
    }
}
