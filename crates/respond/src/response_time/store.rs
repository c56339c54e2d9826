//! Reads the view, within a scope.

use std::collections::HashMap;

use base::{AdminCode, Timestamp};
use host::{Read, Result, Row, Scope, Value};

use super::model::{Moments, ResponseTime, slowest};

const COLUMNS: &str = "r.id, r.title, r.hazard, r.level, r.region, r.warning, r.warning_number, \
    r.incident, r.incident_number, r.began_at, r.proposed_at, r.reviewed_at, r.issued_at, \
    r.over_at, r.opened_at, r.assigned_at, r.accepted_at, r.done_at, r.closed_at";

/// Which matters are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// That began then or later.
    pub from: Option<Timestamp>,
    /// That began before then.
    pub before: Option<Timestamp>,
    /// In this region and all that report to it.
    pub region: Option<AdminCode>,
}

impl Wanted {
    fn conditions(&self, scope: &Scope, params: &mut Vec<Value>) -> Vec<String> {
        let mut conditions = vec![scope.filter("r", params)];
        if let Some(from) = self.from {
            params.push(from.into());
            conditions.push(format!("r.began_at >= ${}", params.len()));
        }
        if let Some(before) = self.before {
            params.push(before.into());
            conditions.push(format!("r.began_at < ${}", params.len()));
        }
        if let Some(region) = &self.region {
            conditions.push(Scope::all_in(region.clone()).filter("r", params));
        }
        conditions
    }
}

/// Matters from the newest on, after `position` (began at, id); `limit + 1` at most.
pub(super) fn list(
    db: &mut dyn Read,
    scope: &Scope,
    wanted: &Wanted,
    position: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<ResponseTime>> {
    let (at, id) = position.unwrap_or((i64::MAX, String::new()));
    let mut params = vec![Value::from(at), Value::from(id), Value::from(limit + 1)];
    let mut conditions = wanted.conditions(scope, &mut params);
    conditions.push("(r.began_at < $1 or (r.began_at = $1 and r.id < $2))".to_owned());
    let sql = format!(
        "select {COLUMNS} from response_time r where {} \
         order by r.began_at desc, r.id desc limit $3",
        conditions.join(" and ")
    );
    let rows = db.rows(&sql, &params)?;
    let mut matters = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    name_regions(db, &mut matters)?;
    Ok(matters)
}

fn name_regions(db: &mut dyn Read, matters: &mut [ResponseTime]) -> Result<()> {
    let mut names: HashMap<AdminCode, Option<String>> = HashMap::new();
    for matter in matters {
        let Some(code) = &matter.region else { continue };
        if !names.contains_key(code) {
            let region = atlas::region::find(db, code)?;
            names.insert(code.clone(), region.map(|region| region.name));
        }
        matter.region_name = names.get(code).cloned().flatten();
    }
    Ok(())
}

fn from_row(row: &Row) -> Result<ResponseTime> {
    let moments = Moments {
        began: row.get("began_at")?,
        proposed: row.get("proposed_at")?,
        reviewed: row.get("reviewed_at")?,
        issued: row.get("issued_at")?,
        over: row.get("over_at")?,
        opened: row.get("opened_at")?,
        assigned: row.get("assigned_at")?,
        accepted: row.get("accepted_at")?,
        done: row.get("done_at")?,
        closed: row.get("closed_at")?,
    };
    let took = moments.took();
    Ok(ResponseTime {
        id: row.get("id")?,
        title: row.get("title")?,
        hazard: row.json_opt("hazard")?,
        level: row.get::<Option<i64>>("level")?.and_then(base::Level::from_rank),
        region: row.parse_opt("region")?,
        region_name: None,
        warning: row.get("warning")?,
        warning_number: row.get("warning_number")?,
        incident: row.get("incident")?,
        incident_number: row.get("incident_number")?,
        slowest: slowest(&took),
        waiting: moments.waiting(),
        took,
        moments,
    })
}
