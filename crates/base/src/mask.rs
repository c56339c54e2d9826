//! What of a name, a telephone number and an address may be seen without a note in the trail.
//!
//! A convention of counters and lists, from no standard that we know: enough to tell two
//! people apart, too little to call one.

/// `13812345678` as `138****5678`: 3, 4 hidden, 4. With an area code before a
/// hyphen, `0432-****1720`. Short numbers are hidden whole.
pub fn phone(number: &str) -> String {
    let number: Vec<char> = number.trim().chars().collect();
    if number.is_empty() {
        return String::new();
    }
    let hyphen = number.iter().position(|c| matches!(c, '-' | '—' | ' '));
    let (area, rest) = match hyphen {
        Some(at) if at <= 4 => number.split_at(at + 1),
        _ if 11 <= number.len() => number.split_at(3),
        _ => number.split_at(0),
    };
    let shown = if 7 <= rest.len() { &rest[rest.len() - 4..] } else { &[] };
    area.iter().chain(&['*'; 4]).chain(shown).collect()
}

/// `于海棠` as `于**`; of a name of one character nothing is left.
pub fn name(name: &str) -> String {
    let mut characters = name.trim().chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(_)) => format!("{first}**"),
        (Some(_), None) => "**".to_owned(),
        (None, _) => String::new(),
    }
}

/// `yuhaitang@example.cn` as `y****@example.cn`; without an at sign nothing is left.
pub fn email(address: &str) -> String {
    match address.trim().rsplit_once('@') {
        Some((local, domain)) => {
            let first: String = local.chars().take(1).collect();
            format!("{first}****@{domain}")
        }
        None => "****".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_three_four_four() {
        assert_eq!(phone("13812345678"), "138****5678");
        assert_eq!(phone(" 0432-63351720 "), "0432-****1720");
        assert_eq!(phone("63351720"), "****1720");
        assert_eq!(phone("110"), "****");
        assert_eq!(phone("0432-12"), "0432-****");
        assert_eq!(phone(""), "");
        assert_eq!(phone("一二三四五六七八九十零"), "一二三****八九十零");
    }

    #[test]
    fn an_address_keeps_its_first_character_and_its_domain() {
        assert_eq!(email("yuhaitang@example.cn"), "y****@example.cn");
        assert_eq!(email("@example.cn"), "****@example.cn");
        assert_eq!(email("yuhaitang"), "****");
    }

    #[test]
    fn a_name_keeps_its_first_character() {
        assert_eq!(name("于海棠"), "于**");
        assert_eq!(name(" "), "");
        assert_eq!(name("王"), "**");
    }
}
