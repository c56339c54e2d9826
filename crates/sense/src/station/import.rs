//! Stations out of a table: one row a station, its sensors by the elements it names.

use base::{Coordinates, Id};
use host::import::{Cells, Change, Column, Item, Keys, Reach, Register};
use host::{Error, Home, Read, Record, Result, Scope, Tx, web::text};

use super::details::{self, StationDetails};
use super::fact::StationFact;
use super::place::check_place;
use super::routes::{EditStation, change, register_in};
use super::{Class, REGISTER, Station, store};
use crate::protocol::Protocol;

/// Seconds between two reports when the table does not say.
const USUAL_PERIOD_S: i64 = 300;

const COLUMNS: &[Column] = &[
    Column::new(
        "code",
        &["测站编码", "站码", "测站代码", "遥测站地址", "station code", "code"],
        true,
        ["规约所用的站址，8、10 或 12 位", "the address in its protocol: 8, 10 or 12 digits"],
    ),
    Column::new(
        "name",
        &["站名", "测站名称", "名称", "station name", "name"],
        true,
        ["1 至 64 字", "1 to 64 characters"],
    ),
    Column::new(
        "class",
        &["类别", "测站类别", "站类", "class"],
        true,
        ["河道站、水库站、雨量站……", "river, reservoir, rain …"],
    ),
    Column::new(
        "region",
        &["行政区划代码", "区划代码", "行政区划", "region"],
        true,
        ["6、9 或 12 位区划代码", "a division code of 6, 9 or 12 digits"],
    ),
    Column::new("river", &["河流", "河名", "所在河流", "river"], false, ["可空", "may be empty"]),
    Column::new("lon", &["经度", "longitude", "lon"], false, ["度，小数", "decimal degrees"]),
    Column::new("lat", &["纬度", "latitude", "lat"], false, ["度，小数", "decimal degrees"]),
    Column::new(
        "datum",
        &["坐标系", "坐标系统", "datum"],
        false,
        [
            "CGCS2000、WGS84、GCJ02、BD09；有坐标必填",
            "CGCS2000, WGS84, GCJ02 or BD09; needed with coordinates",
        ],
    ),
    Column::new(
        "period_s",
        &["报送间隔", "上报间隔", "时间间隔", "period"],
        false,
        ["秒；空为 300", "seconds; 300 when empty"],
    ),
    Column::new(
        "elements",
        &["要素", "监测要素", "elements"],
        false,
        [
            "规约要素代码，如 Z、PJ；固定要素的规约必填",
            "elements of the protocol, such as Z, PJ; needed where it has a table of them",
        ],
    ),
    Column::new(
        "protocol",
        &["规约", "通信规约", "protocol"],
        false,
        ["空为 sl651", "sl651 when empty"],
    ),
    Column::new(
        "site",
        &["现场", "场所", "所属场所", "所属企业", "site"],
        false,
        [
            "企业或场所（矿山、尾矿库……）的代码，或不重名的名称；可空",
            "the code of an enterprise, mine, pond …, or its name if no other has it; may be empty",
        ],
    ),
];

/// How stations are taken out of tables.
pub(crate) fn register_of_stations() -> Register {
    Register {
        name: "station",
        words: ["测站", "Stations"],
        permission: REGISTER,
        sees: Some(survey::enterprise::READ),
        columns: COLUMNS,
        read,
    }
}

/// A row that reads.
struct Row {
    protocol: Protocol,
    /// In the protocol's one form.
    code: String,
    /// What it stands at, as the table calls it.
    site: Option<String>,
    /// Without its site: that is looked up.
    details: StationDetails,
}

fn read(cells: &mut Cells<'_>) -> Option<Box<dyn Item>> {
    let protocol = protocol(cells);
    let code = cells.needed_code("code").and_then(|typed| {
        let code = protocol?.station_code(&typed);
        noted(cells, "code", code)
    });
    let name = cells.needed("name").and_then(|name| {
        let name = text("name", &name, 1, 64);
        noted(cells, "name", name)
    });
    let words = Class::ALL.map(|class| (class.word(), class));
    let codes = Class::ALL.map(|class| (class.code(), class));
    let class = match cells.needed("class") {
        Some(_) => cells.choice("class", &[words, codes].concat()),
        None => None,
    };
    let region = cells.region("region");
    let river = cells.text("river").and_then(|river| {
        let river = details::river(Some(&river));
        noted(cells, "river", river).flatten()
    });
    let located = cells.located(["lon", "lat", "datum"]);
    let period_s = cells.integer("period_s").unwrap_or(USUAL_PERIOD_S);
    let period_s = noted(cells, "period_s", details::period(period_s));
    let elements = protocol.and_then(|protocol| elements(cells, protocol));
    let site = cells.text("site");
    Some(Box::new(Row {
        protocol: protocol?,
        code: code?,
        site,
        details: StationDetails {
            name: name?,
            class: class?,
            region: region?,
            river,
            place: located.map(Coordinates::from),
            point: None,
            period_s: period_s?,
            site: None,
            adopts: None,
            elements: Some(elements?),
            sensors: None,
            password: None,
        },
    }))
}

/// The elements that the protocol knows; a closed protocol needs one at least.
fn elements(cells: &mut Cells<'_>, protocol: Protocol) -> Option<Vec<String>> {
    let mut elements = cells.list("elements");
    if !protocol.is_open() {
        elements.iter_mut().for_each(|code| code.make_ascii_uppercase());
        if elements.is_empty() {
            cells.needed("elements")?;
        }
    }
    let known = details::sensors(protocol, &elements, &[], || Id::from_u128(0));
    noted(cells, "elements", known).map(|_| elements)
}

pub(super) fn protocol(cells: &mut Cells<'_>) -> Option<Protocol> {
    let Some(typed) = cells.code("protocol") else { return Some(Protocol::default()) };
    let mut all = Protocol::ALL.iter().copied();
    let found = all.find(|it| it.code().eq_ignore_ascii_case(&typed));
    if found.is_none() {
        cells.fault("protocol", "choice", &typed, "a protocol of this program");
    }
    found
}

/// The value, or a fault of its column.
pub(super) fn noted<T>(cells: &mut Cells<'_>, column: &str, value: Result<T>) -> Option<T> {
    match value {
        Ok(value) => Some(value),
        Err(Error::Invalid { seen, expected, .. }) => {
            cells.fault(column, "value", &seen, &expected);
            None
        }
        Err(other) => {
            cells.fault(column, "value", &other.to_string(), "");
            None
        }
    }
}

impl Row {
    /// The station that has this code, if whoever imports may see it.
    fn registered(&self, db: &mut dyn Read, scope: &Scope) -> Result<Option<Station>> {
        let Some(known) = store::find_by_code(db, self.protocol, &self.code)? else {
            return Ok(None);
        };
        let taken = || {
            let text = format!("a station with the code {} is registered already", self.code);
            Error::conflict("code-taken", text)
        };
        match store::load(db, scope, known.id) {
            Err(Error::NotFound { .. }) => Err(taken()),
            found => found.map(Some),
        }
    }

    /// What the table says it stands at: something that whoever imports may see.
    fn site(&self, db: &mut dyn Read, reach: &Reach) -> Result<Option<Id>> {
        let Some(called) = &self.site else { return Ok(None) };
        let Some(sees) = &reach.sees else {
            return Err(Error::invalid("site", called, "nothing: you may see no enterprises"));
        };
        Ok(Some(survey::standing_called(db, sees, called)?.id))
    }

    /// What changes it into what the table says. A table adds sensors and takes none away,
    /// and an empty cell says nothing.
    fn edit(&self, station: &Station, site: Option<Id>) -> EditStation {
        let takes = |code: &&String| {
            let of = |sensor: &&super::Sensor| sensor.element == **code;
            station.sensors.iter().filter(of).any(|sensor| sensor.retired_at.is_none())
        };
        let said = self.details.elements.as_deref().unwrap_or_default();
        let new: Vec<String> = said.iter().filter(|code| !takes(code)).cloned().collect();
        EditStation {
            name: Some(self.details.name.clone()),
            class: Some(self.details.class),
            region: Some(self.details.region.clone()),
            river: self.details.river.clone(),
            place: self.details.place.filter(|said| station.original != Some(*said)),
            period_s: Some(self.details.period_s),
            site,
            add_elements: (!new.is_empty()).then_some(new),
            ..EditStation::default()
        }
    }

    fn is_same(&self, station: &Station, site: Option<Id>) -> bool {
        let details = &self.details;
        let edit = self.edit(station, site);
        details.name == station.name
            && details.class == station.class
            && details.region == station.region
            && details.river.as_ref().is_none_or(|river| station.river.as_ref() == Some(river))
            && edit.place.is_none()
            && site.is_none_or(|site| station.site == Some(site))
            && details.period_s == station.period_s
            && edit.add_elements.is_none()
    }
}

impl Item for Row {
    fn key(&self) -> String {
        format!("{} {}", self.protocol.code(), self.code)
    }

    fn plan(&self, db: &mut dyn Read, reach: &Reach, _: &Keys) -> Result<Change> {
        let scope = &reach.scope;
        let (region, place) = (&self.details.region, self.details.located()?);
        scope.require(db, &Home::region(region.clone()))?;
        check_place(db, region, place.as_ref())?;
        let site = self.site(db, reach)?;
        match self.registered(db, scope)? {
            None => Ok(Change::New),
            Some(station) if self.is_same(&station, site) => Ok(Change::Same),
            Some(_) => Ok(Change::Changed),
        }
    }

    fn take(&self, tx: &mut Tx<'_>, reach: &Reach) -> Result<()> {
        let scope = &reach.scope;
        let site = self.site(tx, reach)?;
        let Some(station) = self.registered(tx, scope)? else {
            let details = StationDetails { site, ..self.details.clone() };
            register_in(tx, scope, (self.protocol, &self.code), &details)?;
            return Ok(());
        };
        let changed = change(&station, &self.edit(&station, site), || tx.new_id())?;
        let region = self.details.region.clone();
        tx.record(Record::next(station.id, StationFact::Changed(changed)).moved_to(region))?;
        Ok(())
    }
}
