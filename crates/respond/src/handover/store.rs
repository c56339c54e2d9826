//! Loads and lists sheets, within a scope.

use base::{AdminCode, Id, Timestamp};
use host::{Caller, Error, Home, Read, Result, Row, Scope, Value, params};

use super::model::{Handover, HandoverId, OnDuty, Open, State, Watch};
use super::{READ, WRITE};
use crate::person::Person;

const COLUMNS: &str = "h.id, h.region, h.org, h.class, h.number, h.region_name, h.state, \
     h.revision, h.giver, h.giver_name, h.stands_in, h.since, h.begun_at, h.words, h.signed_at, \
     h.lines, h.critical, h.receiver, h.receiver_name, h.received_at, h.receipt, h.turned_back";

/// The most desks, and the most open sheets, that the desk's own page names.
const FEW: i64 = 5;

/// One sheet, with what was signed; outside the scope there is none.
pub(super) fn load(db: &mut dyn Read, scope: &Scope, id: HandoverId) -> Result<Handover> {
    let mut values = vec![Value::from(id)];
    let inside = scope.filter("h", &mut values);
    let sql = format!("select {COLUMNS}, h.sheet from handover h where h.id = $1 and {inside}");
    let row = db.row(&sql, &values)?.ok_or(Error::not_found("handover"))?;
    let mut handover = from_row(&row)?;
    handover.sheet = row.json_opt("sheet")?;
    Ok(handover)
}

/// Sheets from the newest on, without their lines; `limit + 1` at most.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    state: Option<State>,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Handover>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut values = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let mut conditions = vec![
        "(h.begun_at < $1 or (h.begun_at = $1 and h.id < $2))".to_owned(),
        scope.filter("h", &mut values),
    ];
    if let Some(state) = state {
        values.push(state.code().into());
        conditions.push(format!("h.state = ${}", values.len()));
    }
    let sql = format!(
        "select {COLUMNS} from handover h where {} order by h.begun_at desc, h.id desc limit $3",
        conditions.join(" and ")
    );
    db.rows(&sql, &values)?.iter().map(from_row).collect()
}

/// The sheet of this node that is open at a desk, whoever asks.
pub(super) fn open_at(
    db: &mut dyn Read,
    origin: &str,
    region: &AdminCode,
    org: Option<Id>,
) -> Result<Option<String>> {
    let row = db.row(
        "select h.number from handover h where h.origin = $1 and h.region = $2 \
         and h.org is not distinct from $3 and h.state in ('draft', 'signed') limit 1",
        params![origin, region, org],
    )?;
    Ok(row.map(|row| row.get("number")).transpose()?)
}

/// Who took a desk of this node over last, and when, whoever asks.
pub(super) fn last_at(
    db: &mut dyn Read,
    origin: &str,
    region: &AdminCode,
    org: Option<Id>,
) -> Result<Option<(Person, Timestamp)>> {
    let row = db.row(
        "select h.receiver, h.receiver_name, h.received_at from handover h \
         where h.origin = $1 and h.region = $2 and h.org is not distinct from $3 \
         and h.state = 'received' order by h.received_at desc, h.id desc limit 1",
        params![origin, region, org],
    )?;
    let read = |row: Row| {
        let person = Person { person: row.get("receiver")?, name: row.get("receiver_name")? };
        Ok((person, row.get("received_at")?))
    };
    row.map(read).transpose()
}

/// Where the log says that a desk changed hands at that moment, whoever asks: a shift is
/// looked for from there on. A drill's own log does not hold what it stands on.
pub(super) fn received_at(db: &mut dyn Read, at: Timestamp) -> Result<Option<i64>> {
    let sql = "select max(log.seq) as seq from log where log.kind = 'handover.received' \
         and log.at = $1";
    Ok(db.row(sql, params![at])?.map_or(Ok(None), |row| row.get("seq"))?)
}

/// The next number of a Beijing day at this node.
pub(super) fn next_serial(db: &mut dyn Read, origin: &str, day: &str) -> Result<i64> {
    let row = db.row(
        "select max(serial) as last from handover where origin = $1 and day = $2",
        params![origin, day],
    )?;
    let last: Option<i64> = row.map_or(Ok(None), |row| row.get("last"))?;
    Ok(last.unwrap_or(0) + 1)
}

/// Who is at the desks that the caller may see, and which sheets are on their way.
pub(crate) fn watch(db: &mut dyn Read, caller: &Caller) -> Result<Watch> {
    let Ok(scope) = caller.scope(READ) else { return Ok(Watch::default()) };
    let mut values = vec![Value::from(FEW)];
    let inside = scope.filter("h", &mut values);
    let sql = format!(
        "select h.id, h.region, h.region_name, h.receiver, h.receiver_name, h.received_at \
         from handover h where h.state = 'received' and {inside} and not exists (\
         select 1 from handover later where later.state = 'received' \
         and later.origin = h.origin and later.region is not distinct from h.region \
         and later.org is not distinct from h.org and (later.received_at > h.received_at \
         or (later.received_at = h.received_at and later.id > h.id))) \
         order by h.received_at desc, h.id desc limit $1"
    );
    let mut watch = Watch::default();
    for row in db.rows(&sql, &values)? {
        watch.on_duty.push(OnDuty {
            handover: row.get("id")?,
            region: row.parse_opt("region")?,
            region_name: row.get("region_name")?,
            person: Person { person: row.get("receiver")?, name: row.get("receiver_name")? },
            since: row.get("received_at")?,
        });
    }
    let mut values = vec![Value::from(FEW)];
    let inside = scope.filter("h", &mut values);
    let sql = format!(
        "select {COLUMNS} from handover h where h.state in ('draft', 'signed') and {inside} \
         order by h.begun_at desc, h.id desc limit $1"
    );
    for row in db.rows(&sql, &values)? {
        let sheet = from_row(&row)?;
        watch.open.push(Open {
            handover: sheet.id,
            number: sheet.number,
            region: sheet.region,
            region_name: sheet.region_name,
            state: sheet.state,
            giver: sheet.giver,
            to: sheet.words.to,
        });
    }
    Ok(watch)
}

/// The sheet with what the caller may do with it.
pub(super) fn with_acts(
    db: &mut dyn Read,
    caller: &Caller,
    mut handover: Handover,
) -> Result<Handover> {
    let holds = match caller.scope(WRITE) {
        Ok(scope) => scope.holds(db, &handover.home)?,
        Err(_) => false,
    };
    handover.allowed = handover.allowed(caller.person, holds);
    Ok(handover)
}

fn from_row(row: &Row) -> Result<Handover> {
    let code: String = row.get("state")?;
    let state = State::ALL.into_iter().find(|state| state.code() == code);
    let state = state.ok_or_else(|| Error::Internal(format!("a sheet is in state {code:?}")))?;
    let receiver: Option<Id> = row.get("receiver")?;
    let receiver_name: Option<String> = row.get("receiver_name")?;
    Ok(Handover {
        id: row.get("id")?,
        number: row.get("number")?,
        region: row.parse_opt("region")?,
        region_name: row.get("region_name")?,
        org: row.get("org")?,
        state,
        revision: row.get("revision")?,
        giver: Person { person: row.get("giver")?, name: row.get("giver_name")? },
        stands_in: row.json_opt("stands_in")?,
        begun_at: row.get("begun_at")?,
        words: row.json("words")?,
        signed_at: row.get("signed_at")?,
        sheet: None,
        line_count: row.get("lines")?,
        critical_count: row.get("critical")?,
        added: Vec::new(),
        receiver: receiver.map(|person| Person { person, name: receiver_name.unwrap_or_default() }),
        received_at: row.get("received_at")?,
        receipt: row.json_opt("receipt")?,
        turned_back: row.json_opt("turned_back")?,
        allowed: Vec::new(),
        rule: None,
        home: Home::from_row(row)?,
        since: row.get("since")?,
    })
}
