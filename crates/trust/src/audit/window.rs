//! Pages of the log for somebody who sees only a part of it.
//!
//! Reading the log from its end until a page is full costs, for a quiet region in a
//! busy province, the whole log. So it is read in windows of seq that grow: within
//! one, the index by region, organisation or reach (for what is seen there) or by kind
//! (for what is seen in the whole node) touches the caller's own entries and no others.

use base::Id;
use host::sight::{Kinds, SightPart, Way};
use host::{Entry, Error, Read, Result, Sight, Value};

/// The first window, in seqs: a page of a busy region is inside.
const FIRST: i64 = 4_096;
/// Each next one is so many times as wide.
const GROWTH: i64 = 8;

/// Which of them are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub subject: Option<Id>,
    pub correlation: Option<Id>,
    pub kind: Option<String>,
}

/// Seqs between two ends, which are outside, and from which end on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub above: i64,
    pub below: i64,
    order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    OldestFirst,
    NewestFirst,
}

impl Range {
    pub(super) fn newest_first(before: Option<i64>) -> Range {
        Range { above: 0, below: before.unwrap_or(i64::MAX), order: Order::NewestFirst }
    }

    pub(super) fn oldest_first(after: i64, before: Option<i64>) -> Range {
        Range { above: after, below: before.unwrap_or(i64::MAX), order: Order::OldestFirst }
    }

    /// What follows the page that ended with the cursor.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that no page gave.
    pub(super) fn from(self, cursor: Option<&str>) -> Result<Range> {
        let Some(cursor) = cursor else { return Ok(self) };
        let seq: i64 = cursor
            .parse()
            .map_err(|_| Error::invalid("cursor", cursor, "the `next` of a page of this list"))?;
        Ok(match self.order {
            Order::OldestFirst => Range { above: self.above.max(seq), ..self },
            Order::NewestFirst => Range { below: self.below.min(seq), ..self },
        })
    }

    /// The part of it that a log which ends at `last` has.
    pub(super) fn within(self, last: i64) -> Range {
        let below = self.below.min(last.saturating_add(1));
        Range { above: self.above.max(0), below, ..self }
    }

    /// The first `width` seqs, and the rest.
    fn split(self, width: i64) -> (Range, Option<Range>) {
        match self.order {
            Order::OldestFirst => {
                let below = self.above.saturating_add(width).saturating_add(1).min(self.below);
                let rest = Range { above: below - 1, ..self };
                (Range { below, ..self }, (below < self.below).then_some(rest))
            }
            Order::NewestFirst => {
                let above = self.below.saturating_sub(width).saturating_sub(1).max(self.above);
                let rest = Range { below: above + 1, ..self };
                (Range { above, ..self }, (self.above < above).then_some(rest))
            }
        }
    }
}

/// The first `limit` entries of a range that a caller sees and wants.
///
/// # Errors
/// [`Error::Db`] when the database refuses.
pub(super) fn list(
    db: &mut dyn Read,
    sight: &Sight,
    filter: &Filter,
    range: Range,
    limit: i64,
) -> Result<Vec<Entry>> {
    let enough = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found: Vec<Entry> = Vec::new();
    // One subject or one thread is few entries, which an index of its own has.
    let few = filter.subject.is_some() || filter.correlation.is_some();
    let mut width = if few { i64::MAX } else { FIRST };
    let mut ahead = Some(range).filter(|range| range.above + 1 < range.below);
    while let Some(range) = ahead.filter(|_| found.len() < enough) {
        let (window, rest) = range.split(width);
        let mut here = Vec::new();
        for part in &sight.parts {
            for way in part.by_index() {
                let (condition, params) = condition(part, &way, filter, window, limit);
                here.extend(host::log::select(db, &condition, &params)?);
            }
        }
        match range.order {
            Order::OldestFirst => here.sort_by_key(|entry| entry.seq),
            Order::NewestFirst => here.sort_by_key(|entry| std::cmp::Reverse(entry.seq)),
        }
        // One entry may be found by its region and by its organisation.
        here.dedup_by_key(|entry| entry.seq);
        found.extend(here);
        (ahead, width) = (rest, width.saturating_mul(GROWTH));
    }
    found.truncate(enough);
    Ok(found)
}

/// What is found one way in one window: a `where`, with its order and limit.
fn condition(
    part: &SightPart,
    way: &Way,
    filter: &Filter,
    window: Range,
    limit: i64,
) -> (String, Vec<Value>) {
    let mut params: Vec<Value> = Vec::new();
    let inside = way.condition(&mut params);
    let mut place = |value: Value| {
        params.push(value);
        format!("${}", params.len())
    };
    let only = filter.kind.as_deref();
    let wanted: Option<Vec<&str>> = match &part.kinds {
        Kinds::Every => only.map(|only| vec![only]),
        Kinds::These(kinds) => {
            let wanted = |kind: &&str| only.is_none_or(|only| only == *kind);
            Some(kinds.iter().copied().filter(wanted).collect())
        }
    };
    let kinds: Option<Vec<String>> =
        wanted.map(|kinds| kinds.into_iter().map(|kind| place(kind.into())).collect());
    let mut conditions = vec![
        format!("log.seq > {}", place(window.above.into())),
        format!("log.seq < {}", place(window.below.into())),
    ];
    if kinds.as_ref().is_some_and(Vec::is_empty) {
        conditions.push("1 = 0".to_owned());
    } else if let Some(kinds) = kinds {
        // Beside a region the kinds are many rows and the region's own are few: as an
        // expression they offer no index.
        let kind = if *way == Way::Whole { "log.kind" } else { "log.kind || ''" };
        conditions.push(format!("{kind} in ({})", kinds.join(", ")));
    }
    conditions.push(inside);
    if let Some(subject) = filter.subject {
        conditions.push(format!("log.subject = {}", place(subject.into())));
    }
    if let Some(correlation) = filter.correlation {
        conditions.push(format!("log.correlation = {}", place(correlation.into())));
    }
    let order = match window.order {
        Order::OldestFirst => "asc",
        Order::NewestFirst => "desc",
    };
    let limit = place(limit.into());
    let text = format!("{} order by log.seq {order} limit {limit}", conditions.join(" and "));
    (text, params)
}

#[cfg(test)]
mod tests;
