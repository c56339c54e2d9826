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

/// `于海棠` as `于**`; of a name of one character nothing is left.
pub(crate) fn name(name: &str) -> String {
    let mut characters = name.trim().chars();
    match (characters.next(), characters.next()) {
        (Some(first), Some(_)) => format!("{first}**"),
        (Some(_), None) => "**".to_owned(),
        (None, _) => String::new(),
    }
}

/// The text without the caller's name and number, and without any other number of a
/// person: it goes into a fact, and a fact is for ever.
///
/// A name of one character goes where it stands for a person: alone, or with what one
/// is called by. Elsewhere it is part of another word, as in `王家沟`. Names of others
/// than the caller nobody can tell from words; they stay.
pub(crate) fn without_person(text: &str, caller: &str, number: &str) -> String {
    let mut text = text.to_owned();
    let number = number.trim();
    if 5 <= number.chars().count() {
        text = text.replace(number, &phone(number));
    }
    let caller = caller.trim();
    match caller.chars().count() {
        0 => {}
        1 => text = without_surname(&text, caller),
        _ => text = text.replace(caller, "报告人"),
    }
    without_numbers(&text)
}

/// What stands behind a surname alone.
const CALLED: &[&str] =
    &["某某", "某", "先生", "女士", "小姐", "师傅", "大爷", "大妈", "大哥", "大姐", "老师", "同志"];
/// And before one.
const CALLED_BEFORE: &[&str] = &["老", "小", "姓"];

/// The text without a name of one character where it stands for a person.
fn without_surname(text: &str, surname: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(surname) {
        let (before, found) = rest.split_at(at);
        let after = &found[surname.len()..];
        let ends_word = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let alone = ends_word(clean.chars().chain(before.chars()).last())
            && ends_word(after.chars().next());
        let behind = CALLED.iter().find(|word| after.starts_with(**word));
        let ahead = CALLED_BEFORE.iter().find(|word| before.ends_with(**word));
        let shown = before.strip_suffix(*ahead.unwrap_or(&"")).unwrap_or(before);
        rest = &after[behind.map_or(0, |word| word.len())..];
        if alone || behind.is_some() || ahead.is_some() {
            clean.push_str(shown);
            clean.push_str("报告人");
        } else {
            clean.push_str(before);
            clean.push_str(surname);
        }
    }
    clean + rest
}

/// Hides the middle of what is a person's number: a mobile or a fixed telephone, also
/// with spaces or hyphens in it, and a number of an identity card.
fn without_numbers(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c| digit(c).is_some()) {
        let (before, run) = rest.split_at(at);
        clean.push_str(before);
        let end = run.find(|c| digit(c).is_none() && !matches!(c, ' ' | '-' | 'X' | 'x'));
        let (run, after) = run.split_at(end.unwrap_or(run.len()));
        clean.push_str(&masked(run));
        rest = after;
    }
    clean + rest
}

/// A digit, also of full width.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

/// A run of digits, spaces, hyphens and X, with each number of a person in it masked.
fn masked(run: &str) -> String {
    let mut clean = String::with_capacity(run.len());
    let mut rest = run;
    // Numbers with a separator inside go before those without.
    'next: while let Some(first) = rest.chars().next() {
        let at_start = digit(first).is_some();
        for shape in if at_start { SHAPES } else { &[] } {
            let Some((number, after)) = shape.find(rest) else { continue };
            clean.push_str(&number);
            rest = after;
            continue 'next;
        }
        // What is no such number is passed over as far as its digits go.
        let end = rest.find(|c| digit(c).is_some() != at_start).unwrap_or(rest.len());
        clean.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    clean
}

/// A kind of number: how many digits are in each of its groups, and what makes it one.
struct Shape {
    groups: &'static [usize],
    is_one: fn(&str) -> bool,
    mask: fn(&str) -> String,
}

/// The longest first.
const SHAPES: &[Shape] = &[
    Shape { groups: &[18], is_one: is_identity, mask: identity },
    Shape { groups: &[17], is_one: is_identity, mask: identity },
    Shape { groups: &[13], is_one: |it| it.starts_with("861"), mask: |it| phone(&it[2..]) },
    Shape { groups: &[2, 11], is_one: |it| it.starts_with("861"), mask: |it| phone(&it[2..]) },
    Shape { groups: &[2, 3, 4, 4], is_one: |it| it.starts_with("861"), mask: |it| phone(&it[2..]) },
    Shape { groups: &[11], is_one: |it| it.starts_with('1'), mask: phone },
    Shape { groups: &[3, 4, 4], is_one: |it| it.starts_with('1'), mask: phone },
    Shape { groups: &[4, 8], is_one: is_fixed, mask: fixed },
    Shape { groups: &[4, 7], is_one: is_fixed, mask: fixed },
    Shape { groups: &[3, 8], is_one: is_fixed, mask: fixed },
    Shape { groups: &[12], is_one: is_fixed, mask: fixed },
    Shape { groups: &[11], is_one: is_fixed, mask: fixed },
];

impl Shape {
    /// The number that `text` begins with, masked, and what follows it.
    fn find<'a>(&self, text: &'a str) -> Option<(String, &'a str)> {
        let mut number = String::new();
        let mut rest = text;
        for (place, group) in self.groups.iter().enumerate() {
            if 0 < place {
                rest = rest.strip_prefix([' ', '-'])?;
            }
            let end = rest.find(|c| digit(c).is_none()).unwrap_or(rest.len());
            if rest[..end].chars().count() != *group {
                return None;
            }
            number.extend(rest[..end].chars().filter_map(digit));
            rest = &rest[end..];
        }
        // An identity card may end with an X.
        if number.len() == 17 {
            rest = rest.strip_prefix(['X', 'x'])?;
            number.push('X');
        }
        (self.is_one)(&number).then(|| ((self.mask)(&number), rest))
    }
}

/// The check character of GB 11643-1999 (ISO 7064, MOD 11-2) fits: a quantity of
/// eighteen digits hardly ever does.
fn is_identity(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = number.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    number.as_bytes().get(17) == Some(&check)
}

/// `220***********1234`, as cards are shown at counters.
fn identity(number: &str) -> String {
    format!("{}***********{}", &number[..3], &number[14..])
}

/// An area code, which begins with 0, and seven or eight digits.
fn is_fixed(number: &str) -> bool {
    number.starts_with('0') && !number.starts_with("00")
}

/// Area codes have three digits in the largest cities, four elsewhere.
fn fixed(number: &str) -> String {
    let area = if number.starts_with("01") || number.starts_with("02") { 3 } else { 4 };
    phone(&format!("{}-{}", &number[..area], &number[area..]))
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
        assert_eq!(name("王"), "**");
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
        let called = "王师傅称王家沟进水，老王在屋顶，联系人：王。";
        assert_eq!(
            without_person(called, "王", ""),
            "报告人称王家沟进水，报告人在屋顶，联系人：报告人。"
        );
        assert_eq!(without_person("202608031234567", "", ""), "202608031234567", "not a mobile");
    }

    #[test]
    fn numbers_of_persons_are_masked_however_they_are_written() {
        for (text, expected) in [
            ("回电 138 1234 5678 或138-1234-5678", "回电 138****5678 或138****5678"),
            ("+86 13812345678、8613812345678", "+138****5678、138****5678"),
            ("１３８１２３４５６７８", "138****5678"),
            ("0432-63351720，043263351720", "0432-****1720，0432-****1720"),
            ("010 62001234，02162001234", "010-****1234，021-****1234"),
            // GB 11643-1999, its own two examples.
            ("身份证11010519491231002X", "身份证110***********002X"),
            ("440524188001010014", "440***********0014"),
            ("440524188001010015", "440524188001010015"),
            ("水位 10 至 12 米，2026-08-03 08:00", "水位 10 至 12 米，2026-08-03 08:00"),
            ("编号 2202820000 3 人", "编号 2202820000 3 人"),
            ("1720 13812345678 12", "1720 138****5678 12"),
        ] {
            assert_eq!(without_person(text, "", ""), expected, "{text}");
        }
    }

    #[test]
    fn any_text_at_all_is_masked_without_a_panic() {
        let pieces = ["王", "１", "0432", "-", " ", "X", "x", "8613812345678", "某", "é", "老", ""];
        for a in pieces {
            for b in pieces {
                for c in pieces {
                    let text = format!("{a}{b}{c}{b}{a}");
                    without_person(&text, "王", "138");
                }
            }
        }
    }
}
