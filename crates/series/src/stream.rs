//! Streams: a long range a piece at a time, in bounded memory.

use std::ops::Range;

use base::Timestamp;

use crate::core::Core;
use crate::query::{Snapshot, served};
use crate::{Reading, SeriesError, SeriesNo};

/// About so many versions are read for one piece.
const PIECE: usize = 50_000;

/// The readings of a range as they were when it began, in pieces; see
/// [`Store::stream`](crate::Store::stream).
pub struct Stream {
    snapshot: Snapshot,
    series: SeriesNo,
    what: What,
    /// Spans still to be read, the last first.
    spans: Vec<Range<i64>>,
}

/// Which versions of a key a stream gives.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    /// The one that is served, among those received by then.
    Served { as_of: i64 },
    /// All, in order of arrival.
    All,
}

impl Core {
    pub fn stream(
        &self,
        series: SeriesNo,
        span: Range<Timestamp>,
        what: What,
    ) -> Result<Stream, SeriesError> {
        let span = span.start.as_millis()..span.end.as_millis();
        let snapshot = self.snapshot(series, &span);
        let mut chunks = Vec::new();
        for block in snapshot.layout.readings() {
            let found = block.find(series, &span)?;
            chunks.extend(found.entries().map(|entry| (entry.least, entry.versions)));
        }
        // What is in memory is cut where its pieces begin, as if it were in chunks.
        let newest = snapshot.newest.chunks(PIECE);
        chunks.extend(newest.map(|part| (part[0].time, part.len())));
        chunks.sort_unstable();
        let spans = spans(span, &chunks);
        Ok(Stream { snapshot, series, what, spans })
    }
}

/// Cuts a span at the beginnings of chunks, given with their sizes in order of time; the
/// last piece first.
fn spans(span: Range<i64>, chunks: &[(i64, usize)]) -> Vec<Range<i64>> {
    let (mut spans, mut start, mut weight) = (Vec::new(), span.start, 0);
    for &(least, versions) in chunks {
        if PIECE < weight + versions && start < least {
            spans.push(start..least);
            (start, weight) = (least, 0);
        }
        weight += versions;
    }
    if start < span.end {
        spans.push(start..span.end);
    }
    spans.reverse();
    spans
}

impl Iterator for Stream {
    type Item = Result<Vec<Reading>, SeriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let span = self.spans.pop()?;
            match self.snapshot.versions(self.series, &span) {
                Err(error) => {
                    self.spans.clear();
                    return Some(Err(error));
                }
                Ok(versions) => {
                    let readings: Vec<_> = match self.what {
                        What::All => versions.iter().map(|version| version.reading()).collect(),
                        What::Served { as_of } => {
                            served(&versions, as_of).map(|version| version.reading()).collect()
                        }
                    };
                    if !readings.is_empty() {
                        return Some(Ok(readings));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_follow_on_each_other_and_none_is_much_larger_than_it_should_be() {
        let chunks: Vec<_> = (0..100).map(|n| (n * 1000, 8000)).collect();
        let mut pieces = spans(-5..200_000, &chunks);
        pieces.reverse();
        assert_eq!((pieces[0].start, pieces[pieces.len() - 1].end), (-5, 200_000));
        assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
        let size = |piece: &Range<i64>| chunks.iter().filter(|it| piece.contains(&it.0)).count();
        assert!(pieces.iter().all(|piece| size(piece) * 8000 <= PIECE), "{pieces:?}");
        assert_eq!(spans(5..5, &[]), []);
        assert_eq!(spans(0..9, &[]).first(), Some(&(0..9)));
    }
}
