//! Spells: from when until when a division was what, and what came after it.
//!
//! Codes and names change (公主岭 was 220381 until 2020, and is 220184 since), while old
//! papers and old records keep theirs. A spell is one code with one name under one
//! parent; a code may have several in turn. What is at home in a code that has ended
//! stays there, and is seen by whoever sees the code that came after it.

use base::place::Tier;
use base::{AdminCode, Date};
use host::import::{Cells, Change, Column, Item, Keys, Reach, Register};
use host::scope::MANAGE_ATLAS;
use host::{Error, Home, Read, Record, Result, Row, Tables, Tx, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Region, RegionFact, find, put_below, tier_code, tier_of};

/// One code with one name under one parent, for as long as that was so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RegionSpell")]
pub struct Spell {
    pub code: AdminCode,
    pub name: String,
    pub name_en: Option<String>,
    pub tier: Tier,
    /// What it reported to. Not always the division that its digits begin with.
    pub parent: Option<AdminCode>,
    /// The first day; `null` when nobody says.
    pub valid_from: Option<Date>,
    /// The first day on which it was so no more; `null` while it lasts.
    pub valid_to: Option<Date>,
    /// The code that came after it, once it ended.
    pub succeeded_by: Option<AdminCode>,
    pub source: String,
}

/// No day in the column that orders spells: before every day, and after every day.
pub(super) const ALWAYS: &str = "";
pub(super) const EVER: &str = "9999-12-31";

impl Spell {
    fn from(row: &Row) -> Result<Spell> {
        let day = |column: &str, none: &str| -> Result<Option<Date>> {
            let text: String = row.get(column)?;
            Ok(if text == none { None } else { Some(row.parse(column)?) })
        };
        Ok(Spell {
            code: row.parse("code")?,
            name: row.get("name")?,
            name_en: row.get("name_en")?,
            tier: tier_of(&row.get::<String>("tier")?),
            parent: row.parse_opt("reports_to")?,
            valid_from: day("valid_from", ALWAYS)?,
            valid_to: day("valid_to", EVER)?,
            succeeded_by: row.parse_opt("succeeded_by")?,
            source: row.get("source")?,
        })
    }
}

/// The spells of one code as they are from now on, the earliest first; all of them, so
/// that the fact stands by itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Dated {
    pub code: AdminCode,
    pub spells: Vec<Spell>,
}

/// Writes the spells of a code, and what follows from them for the present register and
/// for how far scopes reach.
pub(super) fn apply(tables: &mut Tables<'_>, dated: &Dated) {
    let day = |date: Option<Date>, none: &str| date.map_or(none.to_owned(), |it| it.to_string());
    tables.run("delete from region_spell where code = $1", params![&dated.code]);
    for spell in &dated.spells {
        tables.run(
            "insert into region_spell (code, valid_from, valid_to, name, name_en, tier, \
             reports_to, succeeded_by, source) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             on conflict (code, valid_from) do nothing",
            params![
                &spell.code,
                day(spell.valid_from, ALWAYS),
                day(spell.valid_to, EVER),
                &spell.name,
                spell.name_en.clone(),
                tier_code(spell.tier),
                spell.parent.clone(),
                spell.succeeded_by.clone(),
                &spell.source,
            ],
        );
    }
    let Some(last) = dated.spells.last() else { return };
    tables.run(
        "insert into region (code, name, name_en, tier, reports_to, source, ended) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (code) do update set \
         name = excluded.name, name_en = excluded.name_en, tier = excluded.tier, \
         reports_to = excluded.reports_to, source = excluded.source, ended = excluded.ended",
        params![
            &last.code,
            &last.name,
            last.name_en.clone(),
            tier_code(last.tier),
            last.parent.clone(),
            &last.source,
            last.valid_to.map(|date| date.to_string()),
        ],
    );
    // What ended is seen from what came after it, or else from where it was.
    let above = match last.valid_to {
        Some(_) => last.succeeded_by.as_ref().or(last.parent.as_ref()),
        None => last.parent.as_ref(),
    };
    put_below(tables, &last.code, above);
    // What ended before this came: its records are seen from here.
    tables.run(
        "insert into region_within (ancestor, region) \
         select above.ancestor, below.region \
         from region_spell gone \
         join region_within below on below.ancestor = gone.code \
         join region_within above on above.region = $1 \
         where gone.succeeded_by = $1 and gone.valid_to <> '9999-12-31' \
         on conflict (ancestor, region) do nothing",
        params![&last.code],
    );
}

/// A region that came without dates: it is what it is for as long as anybody knows.
pub(super) fn add_undated(tables: &mut Tables<'_>, region: &Region, source: &str) {
    tables.run(
        "insert into region_spell (code, valid_from, valid_to, name, name_en, tier, reports_to, \
         source) values ($1, '', '9999-12-31', $2, $3, $4, $5, $6) \
         on conflict (code, valid_from) do update set name = excluded.name, \
         name_en = excluded.name_en, tier = excluded.tier, reports_to = excluded.reports_to, \
         source = excluded.source",
        params![
            &region.code,
            &region.name,
            region.name_en.clone(),
            tier_code(region.tier),
            region.parent.clone(),
            source,
        ],
    );
}

/// The spells of a code, the earliest first.
pub fn of(db: &mut dyn Read, code: &AdminCode) -> Result<Vec<Spell>> {
    let rows = db.rows(
        "select code, valid_from, valid_to, name, name_en, tier, reports_to, succeeded_by, source \
         from region_spell where code = $1 order by valid_from",
        params![code],
    )?;
    rows.iter().map(Spell::from).collect()
}

/// What a code was on a day: `None` when it was no division then, or is not known.
pub fn on(db: &mut dyn Read, code: &AdminCode, date: Date) -> Result<Option<Spell>> {
    let row = db.row(
        "select code, valid_from, valid_to, name, name_en, tier, reports_to, succeeded_by, source \
         from region_spell where code = $1 and valid_from <= $2 and $2 < valid_to \
         order by valid_from limit 1",
        params![code, date.to_string()],
    )?;
    row.as_ref().map(Spell::from).transpose()
}

/// Which spells are wanted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct SpellQuery {
    /// Those of this day; today's when absent.
    pub as_of: Option<Date>,
    /// Those that reported to this one, directly.
    pub parent: Option<AdminCode>,
    /// Those whose name or code contains this.
    pub q: Option<String>,
}

/// The most that a list gives: more than the counties of a province, or the towns of one.
const MOST_LISTED: usize = 500;

/// Spells of a day, by code.
pub(super) fn list(db: &mut dyn Read, query: &SpellQuery, today: Date) -> Result<Vec<Spell>> {
    let date = query.as_of.unwrap_or(today).to_string();
    let rows = db.rows(
        "select code, valid_from, valid_to, name, name_en, tier, reports_to, succeeded_by, source \
         from region_spell where valid_from <= $1 and $1 < valid_to \
         and ($2 = '' or reports_to = $2) order by code",
        params![date, query.parent.as_ref().map_or("", AdminCode::as_str)],
    )?;
    let needle = query.q.as_deref().map(|text| text.trim().to_lowercase()).unwrap_or_default();
    let mut found = Vec::new();
    for row in &rows {
        let spell = Spell::from(row)?;
        let fits =
            spell.name.to_lowercase().contains(&needle) || spell.code.as_str().contains(&needle);
        if fits {
            found.push(spell);
        }
        if MOST_LISTED <= found.len() {
            break;
        }
    }
    Ok(found)
}

const COLUMNS: &[Column] = &[
    Column::new(
        "code",
        &["区划代码", "行政区划代码", "代码", "code"],
        true,
        ["6、9 或 12 位", "6, 9 or 12 digits"],
    ),
    Column::new("name", &["名称", "区划名称", "name"], true, ["1 至 64 字", "1 to 64 characters"]),
    Column::new("name_en", &["英文名", "english name"], false, ["可空", "may be empty"]),
    Column::new(
        "parent",
        &["上级代码", "主管上级", "上级", "parent"],
        false,
        ["实际主管的上级；省级可空", "which it really reports to; empty for a province"],
    ),
    Column::new(
        "valid_from",
        &["启用日期", "生效日期", "valid from"],
        false,
        ["空为不详", "empty when not known"],
    ),
    Column::new(
        "valid_to",
        &["停用日期", "撤销日期", "valid to"],
        false,
        ["已不再使用的第一天；空为仍在用", "the first day without it; empty while it lasts"],
    ),
    Column::new(
        "succeeded_by",
        &["后继代码", "变更后代码", "succeeded by"],
        false,
        ["停用后由谁承接", "what came after it"],
    ),
    Column::new(
        "source",
        &["来源", "source"],
        true,
        ["公布的文件或网页", "the document or page that says so"],
    ),
];

/// How divisions are taken out of tables.
pub(crate) fn register() -> Register {
    Register {
        name: "region",
        words: ["行政区划", "Regions"],
        permission: MANAGE_ATLAS,
        sees: None,
        columns: COLUMNS,
        read,
    }
}

struct Line(Spell);

fn read(cells: &mut Cells<'_>) -> Option<Box<dyn Item>> {
    let code: Option<AdminCode> = cells.needed_parse("code");
    let name = cells.needed("name");
    let parent: Option<AdminCode> = cells.parse("parent");
    let (valid_from, valid_to) = (cells.date("valid_from"), cells.date("valid_to"));
    let succeeded_by: Option<AdminCode> = cells.parse("succeeded_by");
    let (name_en, source) = (cells.text("name_en"), cells.needed("source"));
    if let Some(long) = name.as_ref().filter(|name| 64 < name.chars().count()) {
        cells.fault("name", "value", long, "1 to 64 characters");
    }
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to <= from
    {
        cells.fault("valid_to", "value", &to.to_string(), &format!("a day after {from}"));
    }
    if succeeded_by.is_some() && valid_to.is_none() {
        cells.fault("valid_to", "missing", "", "the day from which the other code is used");
    }
    let code = code?;
    if parent.as_ref() == Some(&code) || succeeded_by.as_ref() == Some(&code) {
        cells.fault("parent", "value", code.as_str(), "another code");
    }
    if parent.is_none() && code.tier() != Tier::Province {
        cells.fault("parent", "missing", "", "which it reports to");
    }
    let tier = code.tier();
    Some(Box::new(Line(Spell {
        code,
        name: name?,
        name_en,
        tier,
        parent,
        valid_from,
        valid_to,
        succeeded_by,
        source: source?,
    })))
}

impl Line {
    /// The spells of the code once this one is among them.
    fn merged(&self, known: &[Spell]) -> Result<Vec<Spell>> {
        let new = &self.0;
        let mut spells: Vec<Spell> =
            known.iter().filter(|it| it.valid_from != new.valid_from).cloned().collect();
        if let Some(from) = new.valid_from {
            // What is as new says, but for its first day, was not dated before.
            spells.retain(|it| {
                let alike = it.name == new.name && it.parent == new.parent;
                !(it.valid_from.is_none() && it.valid_to.is_none() && alike)
            });
            // What still lasted ends when this begins.
            for before in spells.iter_mut().filter(|it| it.valid_from < Some(from)) {
                if before.valid_to.is_none() {
                    before.valid_to = Some(from);
                }
            }
        }
        spells.push(new.clone());
        spells.sort_by_key(|it| it.valid_from);
        let overlaps = spells
            .windows(2)
            .any(|pair| pair[0].valid_to.is_none() || pair[1].valid_from < pair[0].valid_to);
        if overlaps {
            let text = format!("{} would be two things on one day", new.code);
            return Err(Error::conflict("region-overlap", text));
        }
        Ok(spells)
    }
}

impl Item for Line {
    fn key(&self) -> String {
        let from = self.0.valid_from.map(|date| date.to_string()).unwrap_or_default();
        format!("{} {from}", self.0.code).trim_end().to_owned()
    }

    fn name(&self) -> String {
        self.0.code.to_string()
    }

    fn plan(&self, db: &mut dyn Read, _: &Reach, ahead: &Keys) -> Result<Change> {
        let known = of(db, &self.0.code)?;
        if let Some(parent) = &self.0.parent {
            if !ahead.has(parent.as_str()) && find(db, parent)?.is_none() {
                return Err(Error::invalid(
                    "parent",
                    parent,
                    "a region of the register, or a row above",
                ));
            }
            // Else two would be inside each other, and a scope of one reached the other.
            let below = db.row(
                "select 1 as one from region_within where ancestor = $1 and region = $2",
                params![&self.0.code, parent],
            )?;
            if below.is_some() {
                return Err(Error::invalid("parent", parent, "a region that is not below it"));
            }
        }
        let merged = self.merged(&known)?;
        match (known.is_empty(), merged == known) {
            (true, _) => Ok(Change::New),
            (false, true) => Ok(Change::Same),
            (false, false) => Ok(Change::Changed),
        }
    }

    fn take(&self, tx: &mut Tx<'_>, _: &Reach) -> Result<()> {
        let spells = self.merged(&of(tx, &self.0.code)?)?;
        let fact = RegionFact::Dated(Dated { code: self.0.code.clone(), spells });
        tx.record(Record::first(super::register(), Home::node(), fact))?;
        Ok(())
    }
}
