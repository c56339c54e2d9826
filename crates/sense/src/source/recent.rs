//! Frames of the last seconds, in memory until they are written: a station that talks a lot
//! would cost several rows a message otherwise, of which the next messages take most away.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{FRAMES_KEPT, FrameNote};
use crate::station::StationId;

/// How long frames of a station wait after some of it were written; those of one that was
/// quiet as long do not wait.
const HOLD: Duration = Duration::from_secs(20);
/// Frames of all stations that wait at most; more of them are written at once.
const MOST: usize = 65_536;

/// Some stations' frames, oldest first, as one command writes them.
pub(crate) type Frames = Arc<Vec<(StationId, Vec<FrameNote>)>>;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// What has waited long enough, or is too much to wait.
    Now,
    All,
}

/// The newest frames of all stations that are not known to be written.
#[derive(Default)]
pub(crate) struct Recent(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: HashMap<StationId, VecDeque<FrameNote>>,
    count: usize,
    /// Taken last, and perhaps not committed yet: shown until the next ones are taken.
    under_way: Vec<Frames>,
    /// When frames of a station were taken last, by the machine's clock.
    taken: HashMap<StationId, Instant>,
}

impl Recent {
    /// Of a station's frames so many as are kept of it wait, the newest.
    pub fn add(&self, note: FrameNote) {
        self.with(|state| {
            let frames = state.waiting.entry(note.station).or_default();
            if frames.len() == FRAMES_KEPT {
                frames.pop_front();
            } else {
                state.count += 1;
            }
            frames.push_back(note);
        });
    }

    /// Takes what is due, about `piece` frames together.
    pub fn take(&self, due: Due, piece: usize) -> Vec<Frames> {
        let now = Instant::now();
        self.with(|state| {
            state.taken.retain(|_, at| now.duration_since(*at) < HOLD);
            let is_all = due == Due::All || MOST <= state.count;
            let State { waiting, taken, .. } = state;
            let is_due = |station: &StationId| is_all || !taken.contains_key(station);
            let mut pieces = Vec::new();
            let (mut some, mut size) = (Vec::new(), 0);
            for (station, notes) in waiting.extract_if(|station, _| is_due(station)) {
                size += notes.len();
                some.push((station, Vec::from(notes)));
                if piece <= size {
                    pieces.push(Arc::new(std::mem::take(&mut some)));
                    size = 0;
                }
            }
            if !some.is_empty() {
                pieces.push(Arc::new(some));
            }
            for (station, notes) in pieces.iter().flat_map(|it| it.iter()) {
                state.count -= notes.len();
                taken.insert(*station, now);
            }
            state.under_way.clone_from(&pieces);
            pieces
        })
    }

    /// The newest frames of a station, newest first: those that wait, and the `written`.
    pub fn with_written(&self, station: StationId, written: Vec<FrameNote>) -> Vec<FrameNote> {
        let mut all = written;
        self.with(|state| {
            all.extend(state.waiting.get(&station).into_iter().flatten().cloned());
            let under_way = state.under_way.iter().flat_map(|it| it.iter());
            for (_, notes) in under_way.filter(|(of, _)| *of == station) {
                all.extend(notes.iter().cloned());
            }
        });
        // What is under way may be written by now.
        all.sort_by_key(|note| Reverse(note.id));
        all.dedup_by_key(|note| note.id);
        all
    }

    fn with<R>(&self, at: impl FnOnce(&mut State) -> R) -> R {
        at(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use base::{Id, Timestamp};

    use super::*;
    use crate::source::FrameOutcome;

    fn station(number: u8) -> StationId {
        StationId::from(Id::new(Timestamp::from_millis(1), [number; 10]))
    }

    fn note(of: u8, number: usize) -> FrameNote {
        let received = Timestamp::from_millis(number as i64);
        FrameNote {
            id: Id::new(received, [of; 10]),
            station: station(of),
            received,
            source: "peer".to_owned(),
            outcome: FrameOutcome::Stored,
            reason: None,
            acknowledged_ms: None,
            documents: Vec::new(),
        }
    }

    fn numbers(notes: &[FrameNote]) -> Vec<i64> {
        notes.iter().map(|note| note.received.as_millis()).collect()
    }

    fn sizes(pieces: &[Frames]) -> Vec<usize> {
        let size = |piece: &Frames| piece.iter().map(|(_, notes)| notes.len()).sum();
        pieces.iter().map(size).collect()
    }

    #[test]
    fn who_was_quiet_is_written_at_once_and_who_talks_is_seen_while_it_waits() {
        let recent = Recent::default();
        recent.add(note(1, 1));
        assert_eq!(sizes(&recent.take(Due::Now, 200)), [1]);
        recent.add(note(1, 2));
        recent.add(note(2, 3));
        let taken = recent.take(Due::Now, 200);
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0][0].0, station(2), "the first one was written a moment ago");
        // The row of the first may be there.
        assert_eq!(numbers(&recent.with_written(station(1), vec![note(1, 1)])), [2, 1]);
        assert_eq!(numbers(&recent.with_written(station(2), Vec::new())), [3]);
        assert_eq!(numbers(&recent.with_written(station(2), vec![note(2, 3)])), [3]);
        assert_eq!(sizes(&recent.take(Due::All, 200)), [1]);
        assert!(recent.with_written(station(2), Vec::new()).is_empty(), "it is written by now");
    }

    #[test]
    fn of_a_flood_the_newest_wait_and_too_many_do_not() {
        let recent = Recent::default();
        for number in 0..1_000 {
            recent.add(note(1, number));
        }
        let kept = recent.with_written(station(1), Vec::new());
        assert_eq!(kept.len(), FRAMES_KEPT);
        assert_eq!(numbers(&kept[..2]), [999, 998]);
        assert_eq!(sizes(&recent.take(Due::Now, 200)), [FRAMES_KEPT]);
        // All stations that there are a byte for, and each twice as often as is kept.
        for of in 0..=u8::MAX {
            for number in 0..2 * FRAMES_KEPT {
                recent.add(note(of, number));
            }
        }
        assert!(recent.with(|state| state.count <= 256 * FRAMES_KEPT));
        let pieces = recent.take(Due::Now, 200);
        assert!(pieces.len() > 60, "{}", pieces.len());
        assert!(sizes(&pieces).iter().all(|size| *size < 200 + FRAMES_KEPT));
    }
}
