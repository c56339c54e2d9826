//! Takes a name and a number out of a text.

use base::mask::phone;

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

/// Hides the middle of what is a person's number, however it is grouped: a mobile or a
/// fixed telephone, and a number of an identity card.
fn without_numbers(text: &str) -> String {
    let groups = groups(text);
    let mut clean = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while at < groups.len() {
        let Some(number) = Number::at_start(text, &groups[at..]) else {
            at += 1;
            continue;
        };
        clean.push_str(&text[copied..groups[at].start]);
        number.put(text, &groups[at], &mut clean);
        copied = number.end;
        at += number.groups;
    }
    clean + &text[copied..]
}

/// Digits without anything between them.
#[derive(Debug)]
struct Group {
    start: usize,
    end: usize,
    digits: String,
    /// What is between it and the group before is what people put inside a number.
    joined: bool,
}

/// The most that is put between two groups of one number.
const WIDEST_GAP: usize = 3;

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (start, character) in text.char_indices() {
        let Some(digit) = digit(character) else { continue };
        let end = start + character.len_utf8();
        let before = groups.last_mut();
        if let Some(group) = before
            && group.end == start
        {
            group.end = end;
            group.digits.push(digit);
            continue;
        }
        let joined = groups.last().is_some_and(|before| {
            let gap = &text[before.end..start];
            gap.chars().count() <= WIDEST_GAP && gap.chars().all(separates)
        });
        groups.push(Group { start, end, digits: digit.into(), joined });
    }
    groups
}

/// A digit, also of full width.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

/// Spaces, hyphens and parentheses of any width. No point: that makes a quantity.
fn separates(c: char) -> bool {
    let hyphen = matches!(c, '-' | '－' | '‐' | '‑' | '–' | '—');
    hyphen || opens(c) || closes(c) || (c.is_whitespace() && c != '\n')
}

fn opens(c: char) -> bool {
    matches!(c, '(' | '（')
}

fn closes(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// How a mobile number is grouped. Groups of one or two digits are dates and times.
const MOBILE: &[&[usize]] = &[&[11], &[3, 4, 4], &[3, 8], &[7, 4], &[4, 4, 3], &[3, 3, 5]];
/// How a fixed one is: its area code has three or four digits.
const FIXED: &[&[usize]] = &[&[4, 8], &[4, 7], &[3, 8], &[12], &[11]];
/// Only behind an area code in parentheses or before a hyphen: with spaces, these are times.
const FIXED_IN_PARTS: &[&[usize]] = &[&[4, 4, 4], &[4, 3, 4], &[3, 4, 4]];

/// A number of a person, as it was found.
struct Number {
    masked: String,
    /// How many groups are in it, and where it ends.
    groups: usize,
    end: usize,
    /// The code of the country is in it, and goes.
    with_country: bool,
}

impl Number {
    /// The number that the first of these groups begins.
    fn at_start(text: &str, groups: &[Group]) -> Option<Number> {
        let number = Number::identity(text, groups).or_else(|| Number::phone(text, groups));
        number.or_else(|| Number::phone_abroad(text, groups))
    }

    /// Its eighteen characters may be grouped in any way: their check tells it.
    fn identity(text: &str, groups: &[Group]) -> Option<Number> {
        let mut number = String::new();
        for (at, group) in groups.iter().enumerate() {
            if 0 < at && !group.joined {
                return None;
            }
            number.push_str(&group.digits);
            let mut end = group.end;
            if number.len() == 17
                && let Some(last) = text[end..].chars().next()
                && matches!(last, 'X' | 'x' | 'Ｘ' | 'ｘ')
            {
                number.push('X');
                end += last.len_utf8();
            }
            if 18 <= number.len() {
                let masked = is_identity(&number).then(|| identity(&number))?;
                return Some(Number { masked, groups: at + 1, end, with_country: false });
            }
        }
        None
    }

    fn phone(text: &str, groups: &[Group]) -> Option<Number> {
        let found = |shapes: &[&[usize]], is_one: fn(&str, usize) -> bool| {
            shapes.iter().find_map(|shape| {
                let number = grouped(groups, shape)?;
                is_one(&number, shape.len()).then_some((number, shape.len()))
            })
        };
        let mobile = found(MOBILE, is_mobile).map(|(number, parts)| (phone(&number), parts));
        let (masked, parts) = mobile.or_else(|| {
            let one = found(FIXED, |number, _| is_fixed(number)).or_else(|| {
                let gap = &text[groups[0].end..groups.get(1)?.start];
                let is_apart = gap.contains(|c| separates(c) && !c.is_whitespace());
                found(FIXED_IN_PARTS, |number, _| is_fixed(number)).filter(|_| is_apart)
            });
            one.map(|(number, parts)| (fixed(&number), parts))
        })?;
        let end = groups[parts - 1].end;
        Some(Number { masked, groups: parts, end, with_country: false })
    }

    /// As it is dialled from abroad: behind `86` or `0086`, apart from it or not.
    fn phone_abroad(text: &str, groups: &[Group]) -> Option<Number> {
        let (first, behind) = groups.split_first()?;
        let home = first.digits.strip_prefix("0086").or(first.digits.strip_prefix("86"))?;
        if home.is_empty() {
            behind.first().filter(|group| group.joined)?;
            let number = Number::phone(text, behind)?;
            return Some(Number { groups: number.groups + 1, with_country: true, ..number });
        }
        let own = |group: &Group, digits: &str| Group { digits: digits.to_owned(), ..*group };
        let mut groups: Vec<Group> = vec![own(first, home)];
        // No shape has more groups.
        groups.extend(behind.iter().take(2).map(|group| own(group, &group.digits)));
        Some(Number { with_country: true, ..Number::phone(text, &groups)? })
    }

    /// Puts it behind what stands before it, whose signs around its beginning go with it.
    fn put(&self, text: &str, first: &Group, clean: &mut String) {
        if self.with_country && clean.ends_with(['+', '＋']) {
            clean.pop();
        }
        let inside = &text[first.start..self.end];
        let open = inside.chars().filter(|c| opens(*c)).count();
        if open < inside.chars().filter(|c| closes(*c)).count() && clean.ends_with(opens) {
            clean.pop();
        }
        clean.push_str(&self.masked);
    }
}

/// The digits of the first groups, when they have these lengths and belong together.
fn grouped(groups: &[Group], lengths: &[usize]) -> Option<String> {
    let groups = groups.get(..lengths.len())?;
    let fits = groups.iter().zip(lengths).all(|(group, length)| group.digits.len() == *length);
    let together = groups[1..].iter().all(|group| group.joined);
    (fits && together).then(|| groups.iter().map(|group| group.digits.as_str()).collect())
}

/// Eleven digits that begin with 1; in several groups they may be several quantities, so
/// it must be a number that is given out: none begins with 10, 11 or 12.
fn is_mobile(number: &str, parts: usize) -> bool {
    let given_out = number.as_bytes().get(1).is_some_and(|second| (b'3'..=b'9').contains(second));
    number.starts_with('1') && (parts == 1 || given_out)
}

/// The check character of GB 11643-1999 (ISO 7064, MOD 11-2) fits, and its date of birth
/// is one: a quantity of eighteen digits hardly ever does.
fn is_identity(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = number.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    let born = |from, to| number.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let is_born = born(6, 10).is_some_and(|year| (1800..2100).contains(&year))
        && born(10, 12).is_some_and(|month| (1..=12).contains(&month))
        && born(12, 14).is_some_and(|day| (1..=31).contains(&day));
    number.len() == 18 && number.as_bytes()[17] == check && is_born
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
            ("+86 13812345678、8613812345678", "138****5678、138****5678"),
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
    fn a_number_is_one_whatever_stands_between_its_groups() {
        for (text, expected) in [
            ("回电138-12345678。", "回电138****5678。"),
            ("1381234 5678", "138****5678"),
            ("138  1234  5678", "138****5678"),
            ("138－1234－5678", "138****5678"),
            ("１３８　１２３４　５６７８", "138****5678"),
            ("1381 2345 678", "138****5678"),
            ("008613812345678", "138****5678"),
            ("0086-138-12345678", "138****5678"),
            ("(+86) 138 1234 5678", "138****5678"),
            ("家里（0432）63351720", "家里0432-****1720"),
            ("(0432)6335-1720 或 0432-6335-1720", "0432-****1720 或 0432-****1720"),
            ("（电话 13812345678）", "（电话 138****5678）"),
            ("身份证 110105 19491231 002X", "身份证 110***********002X"),
            ("110105-1949-1231-002ｘ", "110***********002X"),
            ("１１０１０５１９４９１２３１００２Ｘ", "110***********002X"),
            ("440524 18800101 0014", "440***********0014"),
        ] {
            assert_eq!(without_person(text, "", ""), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_of_a_person_stays_as_it_was_said() {
        for text in [
            "水位 263.55，138.20 米",
            "2026-08-03 03:14",
            "2026-08-03 0314",
            "水位 13 2026-08-03 8:00",
            "站码 15012345 320 立方米",
            "站码 11601500 2202820000",
            "2202820000 3 人",
            "0800 1200 1600 三次",
            "0263 2026-08-03",
            "123 4567 8901",
            "440524 18800101 0015",
            "138 1234，5678",
            "138\n1234\n5678",
            "86 12 3",
            "0086",
        ] {
            assert_eq!(without_person(text, "", ""), text);
        }
    }

    #[test]
    fn any_text_at_all_is_masked_without_a_panic() {
        let pieces = [
            "王",
            "１",
            "0432",
            "-",
            " ",
            "X",
            "x",
            "8613812345678",
            "0086",
            "）",
            "（+",
            "Ｘ",
            "某",
            "é",
            "老",
            "",
        ];
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
