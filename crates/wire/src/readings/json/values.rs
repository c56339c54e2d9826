//! The values of a record, in either of their two shapes.

use std::borrow::Cow;
use std::collections::HashSet;

use super::reader::Reader;
use super::{Draft, grade, moment, name, trimmed};
use crate::readings::{Bad, Limits, number, record::shown};

pub(super) fn values<'a>(
    reader: &mut Reader<'a>,
    at: &str,
    limits: &Limits,
    budget: &mut usize,
) -> Result<Vec<Draft<'a>>, Bad> {
    match reader.peek() {
        Some(b'{') => object(reader, at, limits, budget),
        Some(b'[') => array(reader, at, limits, budget),
        _ => {
            let reason = format!("values are {}, expected an object or an array", reader.seen());
            Err(reader.bad(format!("{at}/values"), reason))
        }
    }
}

fn object<'a>(
    reader: &mut Reader<'a>,
    at: &str,
    limits: &Limits,
    budget: &mut usize,
) -> Result<Vec<Draft<'a>>, Bad> {
    let mut found = Vec::new();
    let mut names = Names::default();
    reader.object_of_names(|reader, key| {
        let key = trimmed(key);
        let place = || format!("{at}/values/{}", shown(&key));
        spend(reader, &place, budget, limits)?;
        if key.is_empty() || limits.name < key.len() {
            let reason = format!("name is empty or longer than {} bytes", limits.name);
            return Err(reader.bad(place(), reason));
        }
        if !names.is_new(key.clone()) {
            return Err(reader.bad(place(), format!("name {:?} is there twice", shown(&key))));
        }
        let mut draft = Draft { name: key.clone(), time: None, value: None, quality: None };
        match reader.peek() {
            Some(b'{') => member(reader, &place, &mut draft)?,
            _ => draft.value = amount(reader, &place)?,
        }
        found.push(draft);
        Ok(())
    })?;
    Ok(found)
}

/// `{"value": 21.5, "quality": "uncertain"}` behind a name.
fn member<'a>(
    reader: &mut Reader<'a>,
    place: &dyn Fn() -> String,
    draft: &mut Draft<'a>,
) -> Result<(), Bad> {
    let start = reader.clone();
    let mut is_known = [false; 3];
    reader.object(|reader, key| {
        let Some(known) = ["value", "quality", "time"].iter().position(|it| *it == key) else {
            return reader.skip();
        };
        if std::mem::replace(&mut is_known[known], true) {
            return Err(reader.bad(place(), format!("key {key:?} is there twice")));
        }
        match known {
            0 => draft.value = amount(reader, place)?,
            1 => draft.quality = Some(grade(reader, place)?),
            _ => draft.time = Some(moment(reader, place)?),
        }
        Ok(())
    })?;
    match is_known[0] {
        true => Ok(()),
        false => Err(start.bad(place(), "key \"value\" is missing")),
    }
}

fn array<'a>(
    reader: &mut Reader<'a>,
    at: &str,
    limits: &Limits,
    budget: &mut usize,
) -> Result<Vec<Draft<'a>>, Bad> {
    let mut found = Vec::new();
    reader.array(|reader, index| {
        let place = || format!("{at}/values/{index}");
        spend(reader, &place, budget, limits)?;
        found.push(item(reader, &place, limits)?);
        Ok(())
    })?;
    Ok(found)
}

/// `{"name": "ch4", "value": 0.42}`, with a time and a quality of its own or not.
fn item<'a>(
    reader: &mut Reader<'a>,
    place: &dyn Fn() -> String,
    limits: &Limits,
) -> Result<Draft<'a>, Bad> {
    let start = reader.clone();
    if reader.peek() != Some(b'{') {
        return Err(start.bad(place(), format!("value is {}, expected an object", start.seen())));
    }
    let mut draft = Draft { name: Cow::Borrowed(""), time: None, value: None, quality: None };
    let mut is_known = [false; 4];
    reader.object(|reader, key| {
        let Some(known) = ["name", "value", "quality", "time"].iter().position(|it| *it == key)
        else {
            return reader.skip();
        };
        if std::mem::replace(&mut is_known[known], true) {
            return Err(reader.bad(place(), format!("key {key:?} is there twice")));
        }
        match known {
            0 => draft.name = name(reader, place, limits)?,
            1 => draft.value = amount(reader, place)?,
            2 => draft.quality = Some(grade(reader, place)?),
            _ => draft.time = Some(moment(reader, place)?),
        }
        Ok(())
    })?;
    for (known, key) in [(0, "name"), (1, "value")] {
        if !is_known[known] {
            return Err(start.bad(place(), format!("key {key:?} is missing")));
        }
    }
    Ok(draft)
}

/// A number; `true` and `false` are 1 and 0, and `null` says that there is none.
fn amount(reader: &mut Reader<'_>, place: &dyn Fn() -> String) -> Result<Option<f64>, Bad> {
    let start = reader.clone();
    let expected = |start: &Reader<'_>| {
        let reason = format!("value is {}, expected a number, true, false or null", start.seen());
        start.bad(place(), reason)
    };
    match reader.peek() {
        Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {}
        _ => return Err(expected(&start)),
    }
    match reader.literal().map_err(|_| expected(&start))? {
        "null" => Ok(None),
        "true" => Ok(Some(1.0)),
        "false" => Ok(Some(0.0)),
        written => match number(written) {
            Some(value) => Ok(Some(value)),
            None => Err(start.bad(place(), format!("value {} is no double", shown(written)))),
        },
    }
}

fn spend(
    reader: &Reader<'_>,
    place: &dyn Fn() -> String,
    budget: &mut usize,
    limits: &Limits,
) -> Result<(), Bad> {
    *budget = budget.checked_sub(1).ok_or_else(|| {
        reader.bad(place(), format!("more than {} values, that is the limit", limits.values))
    })?;
    Ok(())
}

/// The names seen so far: few are compared, many are hashed, so that a document of names
/// costs no square of them.
#[derive(Default)]
struct Names<'a> {
    few: Vec<Cow<'a, str>>,
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    fn is_new(&mut self, name: Cow<'a, str>) -> bool {
        const FEW: usize = 16;
        if self.many.is_empty() && self.few.len() < FEW {
            let is_new = !self.few.contains(&name);
            self.few.push(name);
            return is_new;
        }
        if self.many.is_empty() {
            self.many.extend(self.few.drain(..));
        }
        self.many.insert(name)
    }
}
