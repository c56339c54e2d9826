//! Loads and lists silences.

use std::collections::HashMap;

use base::{AdminCode, Id, Timestamp};
use host::db::DbError;
use host::{Error, Read, Result, Row, Scope, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SilenceId;
use super::fact::{Because, Member, What};
use super::model::Known;
use crate::column::{from_code, to_code};
use crate::station::StationId;

/// `seen` is whether its station is, on whose page more is told: a relay may stand in
/// another county than those for which it speaks.
const COLUMNS: &str = "s.id, s.region, s.what, s.protocol, s.first_member, s.members, \
     s.last_heard, s.since, s.patience_s, s.patience_source, s.found_at, s.state, s.ended_at, \
     s.ended_because";

/// The columns, with the condition that makes `seen` of them.
fn columns(scope: &Scope, params: &mut Vec<Value>) -> String {
    let seen = scope.filter("station", params);
    format!(
        "{COLUMNS}, case when exists (select 1 from station where station.id = s.station \
         and {seen}) then 1 else 0 end as seen"
    )
}

const REACH: &str = "silence_reach";
const MOST_ENDED: i64 = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SilenceState")]
pub enum State {
    Active,
    Ended,
}

/// A silence as the API gives it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Silence {
    pub id: SilenceId,
    pub region: Option<AdminCode>,
    pub what: What,
    /// What says nothing, in words.
    pub title: String,
    /// Whose page tells more: the station, that of the sensors, or the relay where the
    /// caller sees it.
    pub station: Option<StationId>,
    /// How many stations or sensors it is of, seen or not.
    pub members: usize,
    pub protocol: sense::Protocol,
    pub protocol_word: &'static str,
    /// When the last word came, of any member.
    pub last_heard: Timestamp,
    /// From when on the time was counted; later than `last_heard` when nothing could have
    /// been heard for a while: this node was down, or the station was stopped.
    pub since: Timestamp,
    /// How long it may say nothing; of many, the one whose time was up first.
    pub patience_s: i64,
    /// Where that number is from: a source of `patience.json`, or `person`.
    pub patience_source: String,
    pub found_at: Timestamp,
    pub state: State,
    pub ended_at: Option<Timestamp>,
    pub ended_because: Option<Because>,
}

impl Silence {
    /// For everybody whom it reaches, who need not all see the relay of it.
    pub fn public_title(&self) -> String {
        match self.what {
            What::Relay { .. } => self.what.title(self.protocol, "", self.members),
            _ => self.title.clone(),
        }
    }
}

/// # Errors
/// [`Error::NotFound`], also for what lies outside the scope.
pub fn load(db: &mut dyn Read, scope: &Scope, id: SilenceId) -> Result<Silence> {
    let mut params = vec![Value::from(id)];
    let columns = columns(scope, &mut params);
    let within = scope.filter_reaching("s", REACH, &mut params);
    let sql = format!("select {columns} from silence s where s.id = $1 and {within}");
    let row = db.row(&sql, &params)?.ok_or(Error::not_found("silence"))?;
    Ok(from_row(&row)?)
}

/// Silences, the last found first: `limit` of them after `position`.
pub fn list(
    db: &mut dyn Read,
    scope: &Scope,
    state: Option<State>,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Silence>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit)];
    let columns = columns(scope, &mut params);
    let mut conditions = vec![scope.filter_reaching("s", REACH, &mut params)];
    if let Some(state) = state {
        params.push(to_code(state).into());
        conditions.push(format!("s.state = ${}", params.len()));
    }
    let sql = format!(
        "select {columns} from silence s \
         where (s.found_at < $1 or (s.found_at = $1 and s.id < $2)) and {} \
         order by s.found_at desc, s.id desc limit $3",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    Ok(rows.iter().map(from_row).collect::<Result<_, _>>()?)
}

/// Which members are inside a scope. Of many, those whose stations are: a door or a relay
/// has them in many counties, and each reader sees those of their own. Others are of a
/// station where the silence itself is at home.
fn inside(scope: &Scope, what: &What, params: &mut Vec<Value>) -> String {
    match what {
        What::Station { .. } | What::Sensors { .. } => "1 = 1".to_owned(),
        What::Relay { .. } | What::Door { .. } => {
            let seen = scope.filter("station", params);
            format!("exists (select 1 from station where station.id = m.member and {seen})")
        }
    }
}

/// How many of its members are outside the scope.
pub fn outside(db: &mut dyn Read, scope: &Scope, silence: &Silence) -> Result<usize> {
    let mut params = vec![Value::from(silence.id)];
    let inside = inside(scope, &silence.what, &mut params);
    let sql = format!(
        "select count(*) as outside from silence_member m where m.silence = $1 and not ({inside})"
    );
    let count: i64 = db.row(&sql, &params)?.map_or(Ok(0), |row| row.get("outside"))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Who says nothing, as far as the scope reaches, those registered first first: `limit` of
/// them after a member.
///
/// # Errors
/// [`Error::NotFound`] when the silence lies outside the scope.
pub fn members(
    db: &mut dyn Read,
    scope: &Scope,
    id: SilenceId,
    after: &str,
    limit: i64,
) -> Result<Vec<Member>> {
    let silence = load(db, scope, id)?;
    let mut params = vec![Value::from(id), Value::from(after), Value::from(limit)];
    let inside = inside(scope, &silence.what, &mut params);
    let sql = format!(
        "select m.member, m.name from silence_member m \
         where m.silence = $1 and m.member > $2 and {inside} order by m.member limit $3"
    );
    let rows = db.rows(&sql, &params)?;
    let member = |row: &Row| Ok(Member { id: row.get("member")?, name: row.get("name")? });
    Ok(rows.iter().map(member).collect::<Result<_, DbError>>()?)
}

/// What stands, and what ended after a moment and was of many, of these origins.
pub(super) fn known(
    db: &mut dyn Read,
    origins: &[String],
    lately: Timestamp,
) -> Result<Vec<Known>> {
    let of_origins = |params: &mut Vec<Value>| {
        let places = origins.iter().map(|origin| {
            params.push(origin.into());
            format!("${}", params.len())
        });
        places.collect::<Vec<_>>().join(", ")
    };
    let mut params = Vec::new();
    let standing = format!(
        "select s.id, s.what, s.protocol, s.last_heard, s.region, s.class, s.ended_at \
         from silence s where s.state = 'active' and s.origin in ({}) order by s.id",
        of_origins(&mut params)
    );
    let mut rows = db.rows(&standing, &params)?;
    let mut params = vec![Value::from(lately), Value::from(MOST_ENDED)];
    let ended = format!(
        "select s.id, s.what, s.protocol, s.last_heard, s.region, s.class, s.ended_at \
         from silence s where s.ended_at > $1 and s.members > 1 and s.origin in ({}) \
         order by s.ended_at desc, s.id limit $2",
        of_origins(&mut params)
    );
    rows.extend(db.rows(&ended, &params)?);
    let known = |row: &Row| -> Result<Known, DbError> {
        Ok(Known {
            id: row.get("id")?,
            what: row.json("what")?,
            protocol: row.parse("protocol")?,
            last_heard: row.get("last_heard")?,
            members: Vec::new(),
            regions: row.parse_opt("region")?.into_iter().collect(),
            class: row.parse("class")?,
            ended_at: row.get("ended_at")?,
        })
    };
    let mut known: Vec<Known> = rows.iter().map(known).collect::<Result<_, _>>()?;
    let places: HashMap<SilenceId, usize> =
        known.iter().enumerate().map(|(place, it)| (it.id, place)).collect();
    let ids: Vec<SilenceId> = known.iter().map(|it| it.id).collect();
    for chunk in ids.chunks(200) {
        let marks: Vec<String> = (1..=chunk.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "select m.silence, m.member from silence_member m where m.silence in ({}) \
             order by m.silence, m.member",
            marks.join(", ")
        );
        let values: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        let reach = format!(
            "select r.id, r.region from silence_reach r where r.id in ({}) \
             order by r.id, r.region",
            marks.join(", ")
        );
        for row in db.rows(&reach, &values)? {
            if let Some(place) = places.get(&row.get::<SilenceId>("id")?) {
                known[*place].regions.push(row.parse("region")?);
            }
        }
        for row in db.rows(&sql, &values)? {
            let (silence, member): (SilenceId, Id) = (row.get("silence")?, row.get("member")?);
            if let Some(place) = places.get(&silence) {
                known[*place].members.push(member);
            }
        }
    }
    Ok(known)
}

/// Whether any of these is a member of a silence that stands.
pub(super) fn is_standing(db: &mut dyn Read, ids: impl Iterator<Item = Id>) -> Result<bool> {
    let ids: Vec<Value> = ids.map(Value::from).collect();
    for chunk in ids.chunks(200) {
        let marks: Vec<String> = (1..=chunk.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "select m.member from silence_member m join silence s on s.id = m.silence \
             where s.state = 'active' and m.member in ({}) limit 1",
            marks.join(", ")
        );
        if db.row(&sql, chunk)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn from_row(row: &Row) -> Result<Silence, DbError> {
    let (what, protocol): (What, sense::Protocol) = (row.json("what")?, row.parse("protocol")?);
    let (first, members): (String, i64) = (row.get("first_member")?, row.get("members")?);
    let members = usize::try_from(members).unwrap_or(0);
    let seen: i64 = row.get("seen")?;
    let (first, station) = match what {
        What::Relay { .. } if seen == 0 => ("", None),
        _ => (first.as_str(), what.station()),
    };
    let because: Option<String> = row.get("ended_because")?;
    Ok(Silence {
        id: row.get("id")?,
        region: row.parse_opt("region")?,
        title: what.title(protocol, first, members),
        station,
        what,
        members,
        protocol,
        protocol_word: protocol.word(),
        last_heard: row.get("last_heard")?,
        since: row.get("since")?,
        patience_s: row.get("patience_s")?,
        patience_source: row.get("patience_source")?,
        found_at: row.get("found_at")?,
        state: from_code(row, "state")?,
        ended_at: row.get("ended_at")?,
        ended_because: because.map(|_| from_code(row, "ended_because")).transpose()?,
    })
}
