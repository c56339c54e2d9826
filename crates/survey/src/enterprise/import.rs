//! Enterprises out of a table: one row an enterprise, known by its credit code.

use base::Coordinates;
use host::import::{Cells, Change, Column, Item, Keys, Reach, Register};
use host::{Error, Read, Result, Scope, Tx};

use super::change::{Registering, change_in, checked, register_in};
use super::{Enterprise, EnterpriseDetails, Kind, REGISTER, store};
use crate::table::{self, ADDRESS, DATUM, LAT, LON, REGION, SINCE, STATE};

const COLUMNS: &[Column] = &[
    Column::new(
        "credit_code",
        &["统一社会信用代码", "信用代码", "credit code"],
        true,
        ["18 位，末位为校验位", "18 characters, the last one checks the others"],
    ),
    Column::new(
        "name",
        &["企业名称", "单位名称", "名称", "name"],
        true,
        ["2 至 100 字", "2 to 100 characters"],
    ),
    Column::new("short_name", &["简称", "short name"], false, ["可空", "may be empty"]),
    Column::new(
        "kinds",
        &["监管类别", "企业类别", "类别", "kinds"],
        true,
        [
            "煤矿、非煤矿山、尾矿库、危险化学品、烟花爆竹、工贸、其他；可多个",
            "coal_mine, non_coal_mine, tailings, hazchem, fireworks, industry, other; several",
        ],
    ),
    REGION,
    Column::new(
        "industry",
        &["行业代码", "行业", "industry"],
        false,
        ["GB/T 4754 代码，如 B0610", "a code of GB/T 4754, such as B0610"],
    ),
    ADDRESS,
    LON,
    LAT,
    DATUM,
    Column::new(
        "access_code",
        &["接入编码", "access code"],
        false,
        ["感知数据接入用，9 或 12 位", "for data access, 9 or 12 digits"],
    ),
    STATE,
    SINCE,
];

const KINDS: [(&str, Kind); 8] = [
    ("煤矿", Kind::CoalMine),
    ("非煤矿山", Kind::NonCoalMine),
    ("尾矿库", Kind::Tailings),
    ("危险化学品", Kind::Hazchem),
    ("危化品", Kind::Hazchem),
    ("烟花爆竹", Kind::Fireworks),
    ("工贸", Kind::Industry),
    ("其他", Kind::Other),
];

/// How enterprises are taken out of tables.
pub(crate) fn register_of_enterprises() -> Register {
    Register {
        name: "enterprise",
        words: ["企业", "Enterprises"],
        permission: REGISTER,
        sees: None,
        columns: COLUMNS,
        read,
    }
}

/// A row that reads.
struct Row(Registering);

fn read(cells: &mut Cells<'_>) -> Option<Box<dyn Item>> {
    let credit_code = cells.needed_code("credit_code").map(|code| code.to_ascii_uppercase());
    let name = cells.needed("name");
    let kinds = kinds(cells);
    let region = cells.region("region");
    let located = cells.located(["lon", "lat", "datum"]);
    let (short_name, address) = (cells.text("short_name"), cells.text("address"));
    let (industry, access_code) = (cells.code("industry"), cells.code("access_code"));
    let (state, since) = table::beginning(cells);
    let details = EnterpriseDetails {
        name: name?,
        short_name,
        credit_code: credit_code?,
        industry,
        kinds: kinds?,
        region: region?,
        address,
        place: located.map(Coordinates::from),
        access_code,
        organisation: None,
        supervisor: None,
    };
    if let Err(Error::Invalid { field, seen, expected }) = details.decide() {
        cells.fault(&field, "value", &seen, &expected);
    }
    Some(Box::new(Row(Registering { details, state, since })))
}

fn kinds(cells: &mut Cells<'_>) -> Option<Vec<Kind>> {
    cells.needed("kinds")?;
    let mut kinds = Vec::new();
    for word in cells.list("kinds") {
        let known = KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
        let Some(kind) = known.or_else(|| word.to_ascii_lowercase().parse().ok()) else {
            let words = KINDS.map(|(word, _)| word).join(", ");
            cells.fault("kinds", "choice", &word, &words);
            return None;
        };
        kinds.push(kind);
    }
    Some(kinds)
}

impl Row {
    /// The enterprise that has this credit code, if whoever imports may see it.
    fn registered(&self, db: &mut dyn Read, scope: &Scope) -> Result<Option<Enterprise>> {
        let code = &self.0.details.credit_code;
        let Some(known) = store::find_by_credit_code(db, code)? else { return Ok(None) };
        match store::load(db, scope, known) {
            Err(Error::NotFound { .. }) => {
                let text = format!("an enterprise with the credit code {code} is registered");
                Err(Error::conflict("enterprise-registered", text))
            }
            found => found.map(Some),
        }
    }

    /// What the table says of it; an empty cell says nothing, so what was said stays.
    fn details(&self, before: Option<&Enterprise>) -> EnterpriseDetails {
        let said = self.0.details.clone();
        let Some(Enterprise { description, .. }) = before else { return said };
        EnterpriseDetails {
            short_name: said.short_name.or_else(|| description.short_name.clone()),
            industry: said.industry.or_else(|| description.industry.clone()),
            address: said.address.or_else(|| description.address.clone()),
            place: said.place.or_else(|| description.place.map(Coordinates::from)),
            access_code: said.access_code.or_else(|| description.access_code.clone()),
            organisation: description.organisation,
            supervisor: description.supervisor,
            ..said
        }
    }
}

impl Item for Row {
    fn key(&self) -> String {
        self.0.details.credit_code.clone()
    }

    fn plan(&self, db: &mut dyn Read, reach: &Reach, _: &Keys) -> Result<Change> {
        let scope = &reach.scope;
        let before = self.registered(db, scope)?;
        let details = self.details(before.as_ref());
        let (description, home) = (details.decide()?, details.home());
        let home = match &before {
            Some(before) => host::Home { class: before.home.class, ..home },
            None => home,
        };
        scope.require(db, &home)?;
        let of = Registering { details, ..self.0.clone() };
        let mut description = checked(db, description, &of, before.as_ref().map(|it| it.id))?;
        let stood = before.as_ref().and_then(|it| it.description.place);
        description.place = table::place(description.place, stood);
        Ok(match before {
            None => Change::New,
            Some(before) if before.description == description && before.home == home => {
                Change::Same
            }
            Some(_) => Change::Changed,
        })
    }

    fn take(&self, tx: &mut Tx<'_>, reach: &Reach) -> Result<()> {
        let scope = &reach.scope;
        match self.registered(tx, scope)? {
            None => register_in(tx, scope, &self.0).map(|_| ()),
            Some(before) => {
                let details = self.details(Some(&before));
                change_in(tx, scope, before.id, (before.revision, details)).map(|_| ())
            }
        }
    }
}
