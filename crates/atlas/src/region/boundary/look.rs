//! Looks at what a file says: which feature is which region, whether its outline is one,
//! and what it would change. Writes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use base::place::Tier;
use base::{AdminCode, Date, Datum, Point};
use host::import::{Change, Fault};
use host::{Error, Read, Result, params};
use schemars::JsonSchema;
use serde::Serialize;

use super::file::{Feature, Outlines};
use super::packed::{pack, unpack};
use super::shape::{self, Shape, ShapeError};
use super::{Bounded, spell};

/// What whoever brings a file says of it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// Over what the file says itself.
    pub datum: Option<Datum>,
    /// The attribute with the codes; found when absent.
    pub attribute: Option<String>,
    /// The first day of the boundaries; `None` when nobody knows.
    pub from: Option<Date>,
    pub source: String,
    /// SHA-256 of the file, hex.
    pub file: String,
}

/// One feature as it was looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "BoundaryLooked")]
pub(super) struct Looked {
    /// Its place in the file, from 1.
    pub number: usize,
    /// The division code, where it reads as one.
    pub code: Option<AdminCode>,
    /// What the register calls the region.
    pub name: Option<String>,
    pub area_km2: Option<f64>,
    pub points: usize,
    /// What it would do; `null` when it is refused.
    pub change: Option<Change>,
    /// Why it is refused.
    pub faults: Vec<Fault>,
    /// What does not refuse it and should be looked at.
    pub notices: Vec<Fault>,
    #[serde(skip)]
    pub bounded: Option<Bounded>,
}

/// All features of a file as they were looked at.
pub(super) struct Seen {
    pub datum: Datum,
    /// The attribute that the codes were read from.
    pub attribute: String,
    /// All attributes that the features have.
    pub attributes: Vec<String>,
    pub features: Vec<Looked>,
}

/// How far an area may be from another that should be the same, before somebody is told.
const AREA_TOLERANCE: f64 = 0.02;
/// A code as it is looked for, its tier's own length: registers of the statistics bureau
/// write all of them with 12 digits.
const TAILS: [&str; 2] = ["000000", "000"];

/// What a code is called, of all that there are.
type Known = BTreeMap<AdminCode, String>;

/// A file whose outlines are shapes of ours: what takes long, and asks nobody.
pub(super) struct Measured {
    pub datum: Datum,
    features: Vec<(Feature, std::result::Result<Shape, Fault>)>,
}

/// # Errors
/// [`Error::Invalid`] for a file of whose datum nothing is known.
pub(super) fn measure(outlines: Outlines, said: &Said) -> Result<Measured> {
    let expected = "cgcs2000, wgs84, gcj02, bd09: the file does not say it";
    let datum = said.datum.or(outlines.datum);
    let datum = datum.ok_or_else(|| Error::invalid("datum", "nothing", expected))?;
    let measured = |feature: Feature| {
        let shape = match &feature.unreadable {
            Some(why) => Err(Fault::new("geometry", "unreadable", why, "a polygon")),
            None => outline(&feature.rings, datum),
        };
        (feature, shape)
    };
    Ok(Measured { datum, features: outlines.features.into_iter().map(measured).collect() })
}

/// # Errors
/// [`Error::Invalid`] for a file in which no code is found.
pub(super) fn look(
    db: &mut dyn Read,
    measured: Measured,
    said: &Said,
    today: Date,
) -> Result<Seen> {
    let Measured { datum, features: measured } = measured;
    let known = known(db, said.from.unwrap_or(today))?;
    let mut attributes: Vec<String> = Vec::new();
    for (name, _) in measured.iter().flat_map(|(feature, _)| &feature.attributes) {
        if attributes.len() < super::file::MOST_ATTRIBUTES && !attributes.contains(name) {
            attributes.push(name.clone());
        }
    }
    let attribute = attribute(&measured, &attributes, said, &known)?;
    let mut numbers: HashMap<AdminCode, usize> = HashMap::new();
    let mut features = Vec::with_capacity(measured.len());
    for (feature, shape) in measured {
        let (mut looked, shape) = one(&feature, shape, &attribute, &known);
        if let Some(code) = &looked.code {
            if let Some(first) = numbers.get(code) {
                let seen = format!("{code}, feature {first}");
                looked.faults.push(Fault::new("code", "duplicate", seen, "each once in the file"));
            } else {
                numbers.insert(code.clone(), feature.number);
            }
        }
        features.push(plan(db, (looked, shape), said, datum)?);
    }
    notice_neighbours(&mut features, &known);
    Ok(Seen { datum, attribute, attributes, features })
}

/// What there is on a day, by code.
fn known(db: &mut dyn Read, on: Date) -> Result<Known> {
    let rows = db.rows(
        "select code, name from region_spell where valid_from <= $1 and $1 < valid_to \
         order by code",
        params![on.to_string()],
    )?;
    rows.iter().map(|row| Ok((row.parse("code")?, row.get("name")?))).collect()
}

/// The code that a text names: as it stands, or without the zeros behind it.
fn code(text: &str, known: &Known) -> Option<AdminCode> {
    // A table of numbers may write them with a fraction.
    let text = text.split_once('.').map_or(text, |(whole, _)| whole);
    let stands: AdminCode = text.parse().ok()?;
    if known.contains_key(&stands) {
        return Some(stands);
    }
    let short = TAILS.iter().filter_map(|tail| text.strip_suffix(tail)?.parse().ok());
    short.into_iter().find(|code| known.contains_key(code)).or(Some(stands))
}

/// The attribute with the codes: the one that was said, or that in which most are known.
fn attribute(
    features: &[(Feature, std::result::Result<Shape, Fault>)],
    attributes: &[String],
    said: &Said,
    known: &Known,
) -> Result<String> {
    let listed = attributes.join(", ");
    if let Some(wanted) = &said.attribute {
        let found = attributes.iter().find(|name| *name == wanted);
        return found.cloned().ok_or_else(|| Error::invalid("code", wanted, listed));
    }
    // Each region once: what it lies in is known too, and the same for many.
    let knows = |name: &String| {
        let values = features.iter().flat_map(|(feature, _)| &feature.attributes);
        let values = values.filter(|(own, _)| own == name);
        let codes = values.filter_map(|(_, text)| code(text, known));
        codes.filter(|code| known.contains_key(code)).collect::<HashSet<_>>().len()
    };
    let mut best: Option<(usize, &String)> = None;
    for name in attributes {
        let count = knows(name);
        // Of equals the first.
        if 0 < count && best.is_none_or(|(most, _)| most < count) {
            best = Some((count, name));
        }
    }
    let expected = format!("the attribute with the division codes, one of: {listed}");
    best.map(|(_, name)| name.clone()).ok_or_else(|| Error::invalid("code", "none found", expected))
}

/// A feature by itself, and its shape when it has one.
fn one(
    feature: &Feature,
    shape: std::result::Result<Shape, Fault>,
    attribute: &str,
    known: &Known,
) -> (Looked, Option<Shape>) {
    let text = feature.attributes.iter().find(|(name, _)| name == attribute);
    let text = text.map_or("", |(_, text)| text.as_str());
    let mut looked = Looked {
        number: feature.number,
        code: code(text, known),
        name: None,
        area_km2: None,
        points: feature.rings.iter().map(Vec::len).sum(),
        change: None,
        faults: Vec::new(),
        notices: Vec::new(),
        bounded: None,
    };
    match (&looked.code, looked.code.as_ref().and_then(|code| known.get(code))) {
        (None, _) => {
            looked.faults.push(Fault::new("code", "value", text, "6, 9 or 12 digits"));
        }
        (Some(code), None) => {
            let expected = "a division of the register on that day";
            looked.faults.push(Fault::new("code", "unknown", code.as_str(), expected));
        }
        (Some(_), Some(name)) => looked.name = Some(name.clone()),
    }
    match shape {
        Ok(shape) => {
            looked.area_km2 = Some(shape.area_km2());
            (looked, Some(shape))
        }
        Err(fault) => {
            looked.faults.push(fault);
            (looked, None)
        }
    }
}

/// Rings of a datum as a shape in ours.
fn outline(rings: &[Vec<[f64; 2]>], datum: Datum) -> std::result::Result<Shape, Fault> {
    let mut whole = Vec::with_capacity(rings.len());
    for ring in rings {
        let mut steps = Vec::with_capacity(ring.len());
        for place in ring {
            let point: Point = datum.to_point(*place).map_err(|error| {
                Fault::new("geometry", "place", format!("{place:?}"), error.to_string())
            })?;
            steps.push(shape::step(point));
        }
        whole.push(shape::ring(&steps).map_err(fault)?);
    }
    Shape::of(whole).map_err(fault)
}

fn fault(error: ShapeError) -> Fault {
    let code = match error {
        ShapeError::Nothing => "unreadable",
        ShapeError::Short(_) => "ring",
        ShapeError::Open { .. } => "open",
        ShapeError::Flat(_) => "flat",
        ShapeError::Crossing(_) => "crossing",
        ShapeError::Tangled => "tangled",
    };
    Fault::new("geometry", code, error.to_string(), "closed rings that do not cross")
}

/// What a feature without faults would change, and what is odd about it beside what stands.
fn plan(
    db: &mut dyn Read,
    (mut looked, shape): (Looked, Option<Shape>),
    said: &Said,
    datum: Datum,
) -> Result<Looked> {
    let (Some(code), Some(name), Some(shape), true) =
        (looked.code.clone(), looked.name.clone(), shape, looked.faults.is_empty())
    else {
        return Ok(looked);
    };
    let bounded = Bounded {
        valid_from: said.from,
        outline: pack(&shape),
        bbox: shape.bbox(),
        label: shape.label(),
        area_km2: looked.area_km2.unwrap_or_default(),
        points: u32::try_from(shape.points()).unwrap_or(u32::MAX),
        datum,
        source: said.source.clone(),
        file: said.file.clone(),
        code,
        name,
    };
    let from = said.from.map_or(spell::ALWAYS.to_owned(), |date| date.to_string());
    let stands = db.row(
        "select outline, source from region_boundary where code = $1 and valid_from = $2",
        params![&bounded.code, &from],
    )?;
    looked.change = Some(match &stands {
        None => Change::New,
        Some(row) => {
            let (outline, source): (String, String) = (row.get("outline")?, row.get("source")?);
            let is_same = outline == bounded.outline && source == bounded.source;
            if is_same { Change::Same } else { Change::Changed }
        }
    });
    let before = db.row(
        "select area_km2 from region_boundary where code = $1 and valid_from <= $2 \
         order by valid_from desc limit 1",
        params![&bounded.code, &from],
    )?;
    if let Some(row) = before {
        let before: f64 = row.get("area_km2")?;
        looked.notices.extend(differing("former", bounded.area_km2, before));
    }
    looked.bounded = Some(bounded);
    Ok(looked)
}

/// A notice when an area is not what it should be.
fn differing(code: &str, area: f64, should: f64) -> Option<Fault> {
    let apart = 0.0 < should && AREA_TOLERANCE < (area / should - 1.0).abs();
    apart.then(|| Fault::new("area", code, format!("{area:.1} km²"), format!("{should:.1} km²")))
}

/// The region that a code lies in by its digits. Land lies there, whoever it reports to.
fn around(code: &AdminCode) -> Option<AdminCode> {
    let text = code.as_str();
    let around = match code.tier() {
        Tier::Village => text[..9].to_owned(),
        Tier::Town => text[..6].to_owned(),
        Tier::County => format!("{}00", &text[..4]),
        Tier::City => format!("{}0000", &text[..2]),
        Tier::Province => return None,
    };
    around.parse().ok()
}

/// Beside their neighbours: the parts of a region are together as large as it is, where
/// the file has all of them and it; and no region's middle lies in another of its tier.
fn notice_neighbours(features: &mut [Looked], known: &Known) {
    let areas: HashMap<AdminCode, f64> = features
        .iter()
        .filter_map(|it| it.bounded.as_ref().map(|it| (it.code.clone(), it.area_km2)))
        .collect();
    let mut parts: HashMap<AdminCode, Option<f64>> = HashMap::new();
    for code in known.keys() {
        let Some(whole) = around(code) else { continue };
        let sum = parts.entry(whole).or_insert(Some(0.0));
        *sum = sum.zip(areas.get(code)).map(|(sum, area)| sum + area);
    }
    let shapes: Vec<(AdminCode, [f64; 4], Shape)> = features
        .iter()
        .filter_map(|it| it.bounded.as_ref())
        .filter_map(|it| Some((it.code.clone(), it.bbox, unpack(&it.outline)?)))
        .collect();
    for looked in features {
        let Some(bounded) = &looked.bounded else { continue };
        if let Some(Some(sum)) = parts.get(&bounded.code) {
            looked.notices.extend(differing("parts", bounded.area_km2, *sum));
        }
        let [lon, lat] = bounded.label;
        let Ok(middle) = Point::new(lon, lat).map(shape::step) else { continue };
        let over = shapes.iter().find(|(code, [west, south, east, north], shape)| {
            *code != bounded.code
                && code.tier() == bounded.code.tier()
                && (*west..=*east).contains(&lon)
                && (*south..=*north).contains(&lat)
                && shape.contains(middle)
        });
        if let Some((code, ..)) = over {
            let seen = format!("its middle, {lon:.4} {lat:.4}, lies in {code}");
            looked.notices.push(Fault::new("geometry", "overlap", seen, "in no other of its tier"));
        }
    }
}
