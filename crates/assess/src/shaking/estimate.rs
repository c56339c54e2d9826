//! What an earthquake shook, by its reports. Pure.

use atlas::region::{Ground, SETTLEMENTS_SOURCE, Settlement};
use base::Point;
use science::earthquake::{
    self, Closed, Depth, Extent, Field, FieldError, Gate, GateRules, GroundMotion, Isoseismal,
    Opened, RelationError, Relations, Scale, Shaking, Solution, SurfaceWave, depth_gate, expose,
};
use sense::quake::Report;

use super::definition::Definition;
use super::fact::{
    County, Estimate, Felt, Line, ModelRef, People, ScaleTaken, Second, Share, Town, Why,
};

/// What the estimate is made from.
pub(super) struct Given<'a> {
    /// What is believed; `None` when all was taken back.
    pub believed: Option<&'a Report>,
    /// All reports that may be of the same earthquake, whoever's: for the depth gate.
    pub others: &'a [Report],
    pub grounds: &'a [Ground],
    pub settlements: &'a [Settlement],
}

/// Estimates what shook, or says why that cannot be said.
pub(super) fn estimate(definition: &Definition, given: &Given<'_>) -> Result<Estimate, Why> {
    let report = given.believed.ok_or(Why::Withdrawn)?;
    if !definition.is_earthquake(report.kind.as_deref()) {
        return Err(Why::NotAnEarthquake { kind: report.kind.clone().unwrap_or_default() });
    }
    let others: Vec<Solution> = given.others.iter().map(solution).collect();
    let opened = match depth_gate(&GateRules::shipped(), &solution(report), &others) {
        Gate::Open(opened) => opened,
        Gate::Closed(closed) => return Err(closed_because(closed, given.others)),
    };
    let (magnitude, scale_taken) = surface_wave(report)?;
    let motion = GroundMotion::shipped();
    let zone = definition.zone();
    let field = Field::by_ground_motion(&motion, zone, report.point, magnitude, None, &opened);
    let field = field.map_err(|error| out_of_range(&error))?;

    let lines = field.isoseismals();
    let counties: Vec<County> = given
        .grounds
        .iter()
        .filter_map(|ground| county(&field, report.point, ground, &lines))
        .collect();
    let beyond = given.grounds.len() - counties.len();
    let told = |degree: u8| definition.told_from_degree <= degree;
    let mut counties: Vec<County> = counties.into_iter().filter(|it| told(it.degree[1])).collect();
    counties.sort_by(|one, other| {
        other.strongest.most.total_cmp(&one.strongest.most).then(one.code.cmp(&other.code))
    });
    let mut towns: Vec<Town> = given
        .settlements
        .iter()
        .filter_map(|it| Some((it, field.at(it.point)?)))
        .filter(|(_, shaking)| told(field.degree(shaking.most)))
        .map(|(it, shaking)| Town {
            name: it.name.clone(),
            name_en: it.name_en.clone(),
            county: it.county.clone(),
            people: it.people,
            felt: felt(shaking),
            degree: degrees(&field, shaking),
        })
        .collect();
    towns.sort_by(|one, other| {
        other.felt.most.total_cmp(&one.felt.most).then(one.name.cmp(&other.name))
    });
    Ok(Estimate {
        model: ModelRef {
            id: definition.model.id().to_owned(),
            name: definition.name.clone(),
            version: format!("{}/{}", definition.version, motion.version),
            source: motion.origin.source.clone(),
            confidence: motion.origin.confidence,
            zone: match zone {
                earthquake::Zone::East => "east".to_owned(),
                earthquake::Zone::Stable => "stable".to_owned(),
            },
            zone_source: definition.zone_origin.source.clone(),
            scale_source: definition.unsaid_scale.source.clone(),
            lines_source: definition.lines_origin.source.clone(),
            reach_km: motion.reach_km,
            unknown: definition.unknown.clone(),
        },
        surface_wave: magnitude.value(),
        scale_taken,
        depth_km: opened.depth().map(Depth::km),
        depth_is_default: opened.depth_is_default(),
        epicentre: report.point,
        lines: lines.iter().map(line).collect(),
        people: people(&field, given.settlements),
        counties,
        counties_beyond: beyond as u32,
        towns,
        second: second(definition, report.point, magnitude, &opened),
    })
}

pub(super) fn solution(report: &Report) -> Solution {
    Solution {
        time: report.time,
        place: report.point,
        depth: report.depth_km.and_then(|km| Depth::from_km(km).ok()),
        magnitude: report.magnitude,
    }
}

fn closed_because(closed: Closed, others: &[Report]) -> Why {
    match closed {
        Closed::Deep(depth) => Why::Deep { depth_km: depth.km() },
        Closed::DeepByAnother { by, depth } => Why::DeepByAnother {
            agency: others.get(by).and_then(|report| report.agency.clone()),
            event: others.get(by).map(|report| report.event.clone()).unwrap_or_default(),
            depth_km: depth.km(),
        },
        Closed::Unconfirmed { area, depth } => {
            Why::Unconfirmed { area, depth_km: depth.map(Depth::km) }
        }
    }
}

/// Ms of a report, and how it came about.
fn surface_wave(report: &Report) -> Result<(SurfaceWave, ScaleTaken), Why> {
    let value = report.magnitude.ok_or(Why::NoMagnitude)?;
    let said = report.scale.as_deref().unwrap_or("M").trim();
    let range = |_| Why::Range { surface_wave: value, least: -2.0, most: 10.0 };
    match Scale::named(said) {
        Some(Scale::SurfaceWave) => Ok((SurfaceWave::new(value).map_err(range)?, ScaleTaken::Said)),
        None if said.is_empty() || said.eq_ignore_ascii_case("m") => {
            Ok((SurfaceWave::new(value).map_err(range)?, ScaleTaken::Assumed))
        }
        None => Err(Why::NoConversion { scale: said.to_owned() }),
        Some(scale) => {
            let conversions = earthquake::Conversions::shipped();
            let taken = conversions.to_surface_wave(value, scale).map_err(|error| match error {
                earthquake::ConversionError::NoRelation(_) => {
                    Why::NoConversion { scale: said.to_owned() }
                }
                earthquake::ConversionError::Range(_) => range(error),
            })?;
            Ok((taken, ScaleTaken::Converted))
        }
    }
}

fn out_of_range(error: &FieldError) -> Why {
    match error {
        FieldError::Relation(RelationError::Magnitude { seen, least, most }) => {
            Why::Range { surface_wave: *seen, least: *least, most: *most }
        }
        FieldError::Relation(other) => Why::NoModel { problem: other.to_string() },
    }
}

fn felt(shaking: Shaking) -> Felt {
    Felt { least: shaking.least.told().0, most: shaking.most.told().0 }
}

fn degrees(field: &Field<'_>, shaking: Shaking) -> [u8; 2] {
    [field.degree(shaking.least), field.degree(shaking.most)]
}

/// `None` for a county of which nothing lies within what the relation holds for.
fn county(
    field: &Field<'_>,
    epicentre: Point,
    ground: &Ground,
    lines: &[Isoseismal],
) -> Option<County> {
    let strongest = field.at(ground.nearest(epicentre)?)?;
    let distances: Vec<f64> =
        ground.inside.iter().map(|point| epicentre.distance_km(*point)).collect();
    let within = |extent: Extent| {
        let inside = distances.iter().filter(|km| match extent {
            Extent::Nowhere => false,
            Extent::Km(reach) => **km <= reach,
            Extent::Beyond => **km <= field.reach_km(),
        });
        inside.count() as f64 / distances.len() as f64
    };
    let told = lines.iter().filter(|line| 5 <= line.degree && !distances.is_empty());
    let shares = told
        .map(|line| Share {
            degree: line.degree,
            surely: rounded(within(line.short)),
            perhaps: rounded(within(line.long)),
        })
        .filter(|share| 0.0 < share.perhaps);
    Some(County {
        code: ground.code.clone(),
        name: ground.name.clone(),
        name_en: ground.name_en.clone(),
        seat: ground.label.and_then(|label| field.at(label)).map(felt),
        strongest: felt(strongest),
        degree: degrees(field, strongest),
        shares: shares.collect(),
    })
}

fn rounded(share: f64) -> f64 {
    (share * 100.0).round() / 100.0
}

fn line(line: &Isoseismal) -> Line {
    let km = |extent: Extent| match extent {
        Extent::Km(km) => Some((km * 10.0).round() / 10.0),
        Extent::Nowhere => Some(0.0),
        Extent::Beyond => None,
    };
    Line { degree: line.degree, short_km: km(line.short), long_km: km(line.long) }
}

fn people(field: &Field<'_>, settlements: &[Settlement]) -> People {
    let known = settlements
        .iter()
        .filter_map(|it| Some(earthquake::Settlement { place: it.point, people: it.people? }));
    let known: Vec<earthquake::Settlement> = known.collect();
    let exposure = expose(field, &known);
    People {
        surely: exposure.surely.to_vec(),
        perhaps: exposure.perhaps.to_vec(),
        not_assessed: exposure.not_assessed,
        places: known.len() as u32,
        places_without: (settlements.len() - known.len()) as u32,
        source: SETTLEMENTS_SOURCE.to_owned(),
        year: None,
    }
}

/// What another relation says of the same earthquake.
fn second(
    definition: &Definition,
    epicentre: Point,
    magnitude: SurfaceWave,
    opened: &Opened,
) -> Option<Second> {
    let relations = Relations::shipped();
    let relation = relations.find(&definition.second)?;
    let field = Field::by_intensity(relation, epicentre, magnitude, None, opened).ok()?;
    Some(Second {
        id: relation.id.clone(),
        name: definition.second_name.clone(),
        source: relation.origin.source.clone(),
        confidence: relation.origin.confidence,
        lines: field.isoseismals().iter().filter(|it| 5 <= it.degree).map(line).collect(),
    })
}

#[cfg(test)]
mod tests;
