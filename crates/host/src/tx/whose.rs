//! Where a subject is at home and whose it is, before a fact about it is written.

use base::Id;

use super::{Record, Tx};
use crate::db::Read as _;
use crate::error::{Error, Result};
use crate::home::Home;
use crate::log::Header;
use crate::params;
use crate::scope::Scope;

impl Tx<'_> {
    /// Where a subject is at home, by its newest fact.
    ///
    /// # Errors
    /// [`Error::Internal`] for a subject that the log does not know.
    pub fn home_of(&mut self, subject: impl Into<Id>) -> Result<Home> {
        let subject = subject.into();
        self.find_home(subject)?.ok_or_else(|| unknown(subject))
    }

    /// Refuses to act on a subject that the scope only reaches: a county sees the city's
    /// warning that concerns it, and does not end it.
    ///
    /// # Errors
    /// [`Error::Conflict`] `only-reached`; [`Error::Internal`] as [`Tx::home_of`].
    pub fn require_home(&mut self, scope: &Scope, subject: impl Into<Id>) -> Result<()> {
        let home = Home { reach: Vec::new(), ..self.home_of(subject)? };
        if scope.holds(self, &home)? {
            return Ok(());
        }
        Err(Error::conflict("only-reached", "it concerns this place and belongs to another"))
    }

    /// Where a subject is at home, if the log knows it.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn find_home(&mut self, subject: impl Into<Id>) -> Result<Option<Home>> {
        Ok(self.known(subject.into())?.map(|header| header.home()))
    }

    /// The newest fact about a subject, by one who was entitled to it.
    fn known(&mut self, subject: Id) -> Result<Option<Header>> {
        let row = self.conn.row(
            "select header from log where subject = $1 and conflict is null \
             and unapplied is null order by seq desc limit 1",
            params![subject],
        )?;
        // A drill's own log does not hold what it stands on.
        let row = match row {
            None => self
                .conn
                .row("select header from base_subject where subject = $1", params![subject])?,
            found => found,
        };
        Ok(row.map(|row| row.json("header")).transpose()?)
    }

    /// Whether this world writes for a node's subjects.
    fn owns(&mut self, origin: &str) -> Result<bool> {
        let sql = "select 1 as owned from owned_origin where origin = $1";
        Ok(origin == self.origin || self.conn.row(sql, params![origin])?.is_some())
    }

    /// Fills in what the log knows of the subject, and refuses what is another node's.
    ///
    /// The node that made a subject owns it, until custody of it moves: one writer, so
    /// logs never conflict. What another node owns is changed by asking that node.
    pub(super) fn complete(&mut self, record: &mut Record) -> Result<()> {
        let slice = self.kit.slice_of(record.kind.name);
        // Facts of authority are each node's own, also about a subject of one name, and
        // so is what a node says of itself.
        let shared =
            slice.is_some_and(|slice| slice.applies("", self.origin) && !slice.is_of_the_node());
        if shared {
            let owner = crate::custody::owner(self.conn, record.subject, self.origin)?;
            if !self.owns(&owner)? {
                let detail = format!("{owner} owns this: ask it to change it");
                return Err(Error::conflict("not-owned", detail));
            }
        }
        let thread = match record.follows {
            Some(other) => Some(self.known(other)?.ok_or_else(|| unknown(other))?),
            None if record.is_first => None,
            None => Some(self.known(record.subject)?.ok_or_else(|| unknown(record.subject))?),
        };
        let home = match (record.home.take(), &thread) {
            (Some(home), _) => Some(home),
            (None, Some(header)) if header.subject == record.subject => Some(header.home()),
            (None, _) => self.find_home(record.subject)?,
        };
        let mut home = home.ok_or_else(|| unknown(record.subject))?;
        home.region = record.moved_to.take().or(home.region);
        if let Some(slice) = slice
            && !home.reach.is_empty()
            && let Some(table) = slice.subjects().find(|table| slice.reach_of(table).is_none())
        {
            let problem = format!("{} reaches further, and {table}_reach is no table", slice.name);
            return Err(Error::Internal(problem));
        }
        record.home = Some(home);
        let reacted = self.cause.map(|(cause, _)| cause);
        record.cause = record.cause.or(reacted).or(thread.as_ref().map(|header| header.id));
        record.correlation = record.correlation.or(thread.map(|header| header.correlation));
        Ok(())
    }

    /// Which node owns a subject; `None` for one that no fact here is about.
    ///
    /// # Errors
    /// [`Error::Db`] when the database does not answer.
    pub fn owner_of(&mut self, subject: impl Into<Id>) -> Result<Option<String>> {
        let owner = crate::custody::owner(self.conn, subject.into(), "")?;
        Ok((!owner.is_empty()).then_some(owner))
    }
}

fn unknown(subject: Id) -> Error {
    Error::Internal(format!("the log knows nothing of {subject}: its first fact says where it is"))
}
