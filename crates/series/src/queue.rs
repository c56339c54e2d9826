//! The queue of appends that wait for the disk; bounded.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};

use base::Timestamp;

use crate::locks::lock;
use crate::{Appended, Sample, SeriesError};

/// Called once, from the commit thread, when the append's fate is known.
pub type Done = Box<dyn FnOnce(Result<Appended, SeriesError>) + Send>;

/// One append.
pub(crate) struct Job {
    pub received: Timestamp,
    pub samples: Vec<Sample>,
    /// From here on, samples are stored only where their value is the one served.
    pub requalified: usize,
    pub done: Done,
}

/// A job that was not taken, and why.
pub(crate) type Refused = Box<(SeriesError, Job)>;

pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    room: Condvar,
    limit: usize,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    weight: usize,
    closed: bool,
}

impl Job {
    /// Its samples, and a little for itself, so that empty appends count too.
    fn weight(&self) -> usize {
        self.samples.len() + 8
    }
}

impl Queue {
    pub fn new(limit: usize) -> Queue {
        Queue { waiting: Mutex::default(), filled: Condvar::new(), room: Condvar::new(), limit }
    }

    /// Adds a job, waiting for room. Gives it back when the queue is closed.
    pub fn push(&self, job: Job) -> Result<(), Refused> {
        let waiting = lock(&self.waiting);
        let mut waiting = self
            .room
            .wait_while(waiting, |waiting| !waiting.closed && self.is_full(waiting, &job))
            .unwrap_or_else(PoisonError::into_inner);
        self.add(&mut waiting, job)
    }

    /// Adds a job if there is room now, or gives it back.
    pub fn try_push(&self, job: Job) -> Result<(), Refused> {
        let mut waiting = lock(&self.waiting);
        if !waiting.closed && self.is_full(&waiting, &job) {
            let error = SeriesError::Busy { queued: waiting.weight, limit: self.limit };
            return Err(Box::new((error, job)));
        }
        self.add(&mut waiting, job)
    }

    fn add(&self, waiting: &mut Waiting, job: Job) -> Result<(), Refused> {
        if waiting.closed {
            return Err(Box::new((SeriesError::Closed, job)));
        }
        waiting.weight += job.weight();
        waiting.jobs.push_back(job);
        self.filled.notify_one();
        Ok(())
    }

    /// A job larger than the whole queue still gets its turn when it is empty.
    fn is_full(&self, waiting: &Waiting, job: &Job) -> bool {
        !waiting.jobs.is_empty() && waiting.weight + job.weight() > self.limit
    }

    /// Waits for jobs and takes up to so many samples of them, at least one job.
    /// `None` when the queue is closed and empty.
    pub fn take(&self, samples: usize) -> Option<Vec<Job>> {
        let waiting = lock(&self.waiting);
        let mut waiting = self
            .filled
            .wait_while(waiting, |waiting| waiting.jobs.is_empty() && !waiting.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let mut group = Vec::new();
        let mut taken = 0;
        while let Some(job) = waiting.jobs.front() {
            if !group.is_empty() && taken + job.weight() > samples {
                break;
            }
            taken += job.weight();
            waiting.weight -= job.weight();
            group.extend(waiting.jobs.pop_front());
        }
        self.room.notify_all();
        (!group.is_empty()).then_some(group)
    }

    /// Takes nothing more in; what waits is still taken out.
    pub fn close(&self) {
        lock(&self.waiting).closed = true;
        self.filled.notify_all();
        self.room.notify_all();
    }
}
