//! Sites out of tables: for each kind a register of its own, one row a site, known by its
//! code among those that its kind's codes are given once among.
//!
//! A row names its enterprise by credit code or access code, and a tank its hazard source
//! by number: both are registered before. An empty cell says nothing, so what was said stays.

mod fireworks;
mod hazard_source;
mod mine;
mod pond;
mod tank;

use base::Coordinates;
use host::import::{Cells, Change, Column, Item, Keys, Reach, Register};
use host::{Error, Home, Read, Result, Scope, Tx};

use super::change::{Registering, change_in, check, register_in};
use super::particulars::Within;
use super::{Kind, Particulars, Site, SiteDetails, SiteId, store};
use crate::enterprise::{self, Enterprise, REGISTER};
use crate::field;
use crate::life::State;
use crate::table::{self, ADDRESS, DATUM, LAT, LON, REGION, SINCE, STATE};

/// What the tables of all kinds have, behind their own columns.
const COMMON: &[Column] = &[
    Column::new(
        "enterprise",
        &["企业信用代码", "统一社会信用代码", "所属企业", "企业编码", "企业", "enterprise"],
        true,
        [
            "已登记企业的统一社会信用代码，或 9、12 位接入编码",
            "a registered enterprise, by its credit code or its access code of 9 or 12 digits",
        ],
    ),
    Column::new("name", &["名称", "name"], true, ["1 至 100 字", "1 to 100 characters"]),
    REGION,
    ADDRESS,
    LON,
    LAT,
    DATUM,
    STATE,
    SINCE,
];

/// How sites are taken out of tables, kind by kind.
pub(crate) fn registers() -> Vec<Register> {
    // A tank is in a hazard source, which comes before it.
    vec![
        register(["矿山", "Mines"], Kind::Mine, mine::COLUMNS, |cells| row(cells, mine::read)),
        register(["尾矿库", "Tailings ponds"], Kind::Pond, pond::COLUMNS, |cells| {
            row(cells, pond::read)
        }),
        register(
            ["重大危险源", "Hazard sources"],
            Kind::HazardSource,
            hazard_source::COLUMNS,
            |cells| row(cells, hazard_source::read),
        ),
        register(["储罐", "Tanks"], Kind::Tank, tank::COLUMNS, |cells| row(cells, tank::read)),
        register(
            ["烟花爆竹工库房", "Buildings of fireworks works"],
            Kind::FireworksBuilding,
            fireworks::COLUMNS,
            |cells| row(cells, fireworks::read),
        ),
    ]
}

fn register(
    words: [&'static str; 2],
    kind: Kind,
    columns: &'static [Column],
    read: fn(&mut Cells<'_>) -> Option<Box<dyn Item>>,
) -> Register {
    Register { name: kind.code(), words, permission: REGISTER, sees: None, columns, read }
}

/// A row that reads.
struct Row {
    /// Its enterprise, as the row names it.
    enterprise: String,
    /// The number of the hazard source that a tank is in.
    whole: Option<String>,
    /// With nothing that it is part of: that is looked up.
    details: SiteDetails,
    state: Option<State>,
    since: Option<String>,
}

fn row(
    cells: &mut Cells<'_>,
    particulars: fn(&mut Cells<'_>) -> Option<Particulars>,
) -> Option<Box<dyn Item>> {
    let code = cells.needed_code("code");
    let enterprise = cells.needed_code("enterprise").map(|code| code.to_ascii_uppercase());
    let (name, region) = (cells.needed("name"), cells.region("region"));
    let address = cells.text("address");
    let located = cells.located(["lon", "lat", "datum"]);
    let particulars = particulars(cells);
    let (state, since) = table::beginning(cells);
    let kind = particulars.as_ref()?.kind();
    let whole = if kind.part_of().is_some() { cells.code("part_of") } else { None };
    let code = match kind.checked_code(&code?) {
        Ok(code) => Some(code),
        Err(Error::Invalid { seen, expected, .. }) => {
            cells.fault("code", "value", &seen, &expected);
            None
        }
        Err(_) => None,
    };
    let details = SiteDetails {
        name: name?,
        code: code?,
        region: region?,
        address,
        place: located.map(Coordinates::from),
        part_of: None,
        particulars: particulars?,
    };
    Some(Box::new(Row { enterprise: enterprise?, whole, details, state, since }))
}

/// What a row comes to, with all that it names looked up.
struct Known {
    owner: Enterprise,
    before: Option<Site>,
    details: SiteDetails,
}

impl Row {
    fn kind(&self) -> Kind {
        self.details.particulars.kind()
    }

    fn known(&self, db: &mut dyn Read, scope: &Scope) -> Result<Known> {
        let owner = self.owner(db, scope)?;
        let whole = self.whole(db, &owner)?;
        let before = self.registered(db, scope, &owner, whole)?;
        let details = self.details(before.as_ref(), whole);
        Ok(Known { owner, before, details })
    }

    /// One that is not there is not told from one that is outside.
    fn owner(&self, db: &mut dyn Read, scope: &Scope) -> Result<Enterprise> {
        let found = match self.enterprise.len() {
            18 => enterprise::find_by_credit_code(db, &self.enterprise)?,
            _ => enterprise::find_by_access_code(db, &self.enterprise)?,
        };
        enterprise::load(db, scope, found.ok_or(Error::not_found("enterprise"))?)
    }

    fn whole(&self, db: &mut dyn Read, owner: &Enterprise) -> Result<Option<SiteId>> {
        let (Some(code), Some(kind)) = (&self.whole, self.kind().part_of()) else {
            return Ok(None);
        };
        let found = store::find_in(db, (kind, code), owner.id, None)?;
        let expected = "an open hazard source of the same enterprise, by its number";
        found.map(Some).ok_or_else(|| Error::invalid("part_of", code, expected))
    }

    /// The site that has this code, if whoever imports may see it.
    fn registered(
        &self,
        db: &mut dyn Read,
        scope: &Scope,
        owner: &Enterprise,
        whole: Option<SiteId>,
    ) -> Result<Option<Site>> {
        let (kind, code) = (self.kind(), self.details.code.as_str());
        let found = match kind.named_within() {
            Within::Node => store::find_by_code(db, kind, code)?,
            Within::Enterprise => store::find_in(db, (kind, code), owner.id, None)?,
            Within::Whole => match (store::find_in(db, (kind, code), owner.id, whole)?, whole) {
                (Some(found), _) => Some(found),
                // It was entered before anybody said what it is in.
                (None, Some(_)) => store::find_in(db, (kind, code), owner.id, None)?,
                // The cell is empty: whichever of the enterprise has the code.
                (None, None) => match store::of_code(db, (kind, code), owner.id)?[..] {
                    [] => None,
                    [only] => Some(only),
                    _ => {
                        let expected = "which hazard source: several of them have such a tank";
                        return Err(Error::invalid("part_of", "nothing", expected));
                    }
                },
            },
        };
        let Some(found) = found else { return Ok(None) };
        let taken = || {
            let text = format!("another {} has the code {code}", kind.code());
            Error::conflict("site-code-taken", text)
        };
        match store::load(db, scope, found) {
            Ok(site) if site.enterprise == owner.id => Ok(Some(site)),
            Ok(_) | Err(Error::NotFound { .. }) => Err(taken()),
            Err(error) => Err(error),
        }
    }

    /// What the table says of it, over what stands.
    fn details(&self, before: Option<&Site>, whole: Option<SiteId>) -> SiteDetails {
        let said = SiteDetails { part_of: whole, ..self.details.clone() };
        let Some(Site { description, .. }) = before else { return said };
        SiteDetails {
            address: said.address.or_else(|| description.address.clone()),
            place: said.place.or_else(|| description.place.map(Coordinates::from)),
            part_of: said.part_of.or(description.part_of),
            particulars: over(said.particulars, &description.particulars),
            ..said
        }
    }
}

/// What is said, over what stood; a site never changes its kind.
fn over(said: Particulars, stood: &Particulars) -> Particulars {
    match (said, stood) {
        (Particulars::Mine(said), Particulars::Mine(stood)) => {
            Particulars::Mine(mine::over(said, stood))
        }
        (Particulars::Pond(said), Particulars::Pond(stood)) => {
            Particulars::Pond(pond::over(said, stood))
        }
        (Particulars::HazardSource(said), Particulars::HazardSource(stood)) => {
            Particulars::HazardSource(hazard_source::over(said, stood))
        }
        (Particulars::Tank(said), Particulars::Tank(stood)) => {
            Particulars::Tank(tank::over(said, stood))
        }
        (Particulars::FireworksBuilding(said), Particulars::FireworksBuilding(stood)) => {
            Particulars::FireworksBuilding(fireworks::over(said, stood))
        }
        (said, _) => said,
    }
}

/// A form names one substance of several, a table the column that they stand in.
fn in_column(error: Error) -> Error {
    match error {
        Error::Invalid { field, seen, expected } => {
            let column = field.split('.').next().unwrap_or_default().to_owned();
            Error::Invalid { field: column, seen, expected }
        }
        other => other,
    }
}

impl Item for Row {
    fn key(&self) -> String {
        let code = &self.details.code;
        match self.kind().named_within() {
            Within::Node => code.clone(),
            Within::Enterprise => format!("{} {code}", self.enterprise),
            Within::Whole => match &self.whole {
                Some(whole) => format!("{} {whole} {code}", self.enterprise),
                None => format!("{} {code}", self.enterprise),
            },
        }
    }

    fn plan(&self, db: &mut dyn Read, reach: &Reach, _: &Keys) -> Result<Change> {
        let scope = &reach.scope;
        let Known { owner, before, details } = self.known(db, scope)?;
        let mut description = details.decide().map_err(in_column)?;
        let home = match &before {
            Some(before) => before.home.clone(),
            None => owner.home,
        };
        let home = Home { region: Some(details.region.clone()), ..home };
        scope.require(db, &home)?;
        if owner.state == State::Closed {
            let text = format!("{} is closed", owner.description.name);
            return Err(Error::conflict("wrong-state", text));
        }
        field::check_region(db, &details.region, description.place.as_ref())?;
        check(db, owner.id, &description, before.as_ref().map(|it| it.id))?;
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
        let Known { owner, before, details } = self.known(tx, scope)?;
        let taken = match before {
            Some(before) => change_in(tx, scope, before.id, (before.revision, &details)),
            None => {
                let (state, since) = (self.state, self.since.clone());
                let new = Registering { enterprise: owner.id, details, state, since };
                register_in(tx, scope, &new)
            }
        };
        taken.map(|_| ())
    }
}

/// How many there are, as a whole number that is not below 0.
fn count(cells: &mut Cells<'_>, column: &str) -> Option<u32> {
    let number = cells.integer(column)?;
    let count = u32::try_from(number).ok();
    if count.is_none() {
        cells.fault(column, "number", &number.to_string(), "a whole number from 0 on");
    }
    count
}
