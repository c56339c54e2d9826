//! What of a name and a number may be seen, and takes both out of a text.

/// `13812345678` as `138****5678`: 3, 4 hidden, 4. With an area code before a
/// hyphen, `0432-****1720`. Short numbers are hidden whole.
pub(crate) fn phone(number: &str) -> String {
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

/// `于海棠` as `于**`.
pub(crate) fn name(name: &str) -> String {
    match name.trim().chars().next() {
        Some(first) => format!("{first}**"),
        None => String::new(),
    }
}

/// The text without the caller's name and number, and without any other mobile
/// number: it goes into a fact, and a fact is for ever.
///
/// A name of one character is left: it would be taken out of other words.
pub(crate) fn without_person(text: &str, caller: &str, number: &str) -> String {
    let mut text = text.to_owned();
    let number = number.trim();
    if 5 <= number.chars().count() {
        text = text.replace(number, &phone(number));
    }
    let caller = caller.trim();
    if 2 <= caller.chars().count() {
        text = text.replace(caller, "报告人");
    }
    without_mobiles(&text)
}

/// Hides the middle of every run of exactly eleven digits that begins with 1.
fn without_mobiles(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut digits = String::new();
    let flush = |digits: &mut String, clean: &mut String| {
        if digits.len() == 11 && digits.starts_with('1') {
            clean.push_str(&phone(digits));
        } else {
            clean.push_str(digits);
        }
        digits.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut digits, &mut clean);
            clean.push(c);
        }
    }
    flush(&mut digits, &mut clean);
    clean
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
    fn a_name_keeps_its_first_character() {
        assert_eq!(name("于海棠"), "于**");
        assert_eq!(name(" "), "");
    }

    #[test]
    fn a_text_loses_the_person_and_keeps_its_quantities() {
        let text =
            "于海棠（13812345678）称气味刺鼻，另可问13900001111，桩号 K12345678901 约 1720 米";
        let clean = without_person(text, "于海棠", "13812345678");
        assert_eq!(
            clean,
            "报告人（138****5678）称气味刺鼻，另可问139****1111，桩号 K123****8901 约 1720 米"
        );
        assert_eq!(without_person("王家沟", "王", ""), "王家沟");
        assert_eq!(without_person("202608031234567", "", ""), "202608031234567", "not a mobile");
    }
}
