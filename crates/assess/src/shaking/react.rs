//! The door for facts: whenever something is said of an earthquake, what it shook is
//! estimated anew.
//!
//! An estimate is some milliseconds: distances to the corners of some sixty outlines and
//! to some thousands of points within them.

use base::{Date, Duration, Timestamp};
use host::{Entry, Home, Reaction, Record, Result, Scope, Tx};
use sense::quake::{self, Earthquake, EarthquakeId};

use super::ShakingId;
use super::definition::{Definition, roman};
use super::estimate::{Given, estimate};
use super::fact::{County, Estimate, Estimated, ShakingFact, Why, Withheld};
use super::store::{self, Outcome};
use crate::finding::{self, Because, NewShaken};

/// Reports that the depth gate looks at are so near in time.
const NEAR: Duration = Duration::from_secs(60);

pub(crate) fn reactions() -> Vec<Reaction> {
    vec![Reaction {
        name: "shaking.estimate",
        kinds: &[
            "earthquake.reported",
            "earthquake.revised",
            "earthquake.withdrawn",
            "earthquake.merged",
        ],
        foreign: false,
        react,
    }]
}

fn react(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let id = EarthquakeId(entry.header.subject);
    let earthquake = quake::load(tx, &Scope::Node, id)?;
    let definition = Definition::shipped();
    let outcome = match earthquake.merged_into {
        Some(into) => Err(Why::Merged { into }),
        None => look(tx, definition, &earthquake)?,
    };
    let before = store::newest(tx, id)?;
    let result = match outcome.clone() {
        Ok(estimate) => Outcome { estimate: Some(estimate), why: None },
        Err(why) => Outcome { estimate: None, why: Some(why) },
    };
    let result = store::as_kept(&result);
    // A report that changes nothing of what it shook.
    if before.as_ref().is_some_and(|it| it.result == result && it.report == earthquake.believed) {
        return Ok(());
    }
    let revision = before.as_ref().map_or(1, |it| it.revision + 1);
    let (title, report) = (earthquake.shown.title(), earthquake.believed);
    let fact = match &outcome {
        Ok(estimate) => ShakingFact::from(Estimated {
            earthquake: id,
            title,
            report,
            revision,
            estimate: estimate.clone(),
        }),
        Err(why) => ShakingFact::from(Withheld {
            earthquake: id,
            title,
            report,
            revision,
            why: why.clone(),
        }),
    };
    let shaking = match &before {
        Some(before) => before.shaking,
        None => ShakingId(tx.new_id()),
    };
    let record = match before {
        Some(_) => Record::next(shaking, fact),
        None => Record::first(shaking, entry.home(), fact),
    };
    let basis = format!("{} {}", definition.name, definition.version);
    tx.record(record.basis(basis).occurred(earthquake.shown.time).known(entry.header.known))?;
    let found = Found { earthquake: &earthquake, shaking, revision, known: entry.header.known };
    follow(tx, definition, &found, outcome.as_ref().ok())
}

/// Estimates by what the tables hold now, which may be newer than what is reacted to.
fn look(
    tx: &mut Tx<'_>,
    definition: &Definition,
    earthquake: &Earthquake,
) -> Result<std::result::Result<Estimate, Why>> {
    let today = Date::of(tx.now());
    let grounds = atlas::region::grounds(tx, today)?;
    let others = quake::near(tx, earthquake.shown.time, NEAR)?;
    let given = Given {
        believed: earthquake.believed.map(|_| &earthquake.shown),
        others: &others,
        grounds: &grounds,
        settlements: atlas::region::settlements(),
    };
    Ok(estimate(definition, &given))
}

struct Found<'a> {
    earthquake: &'a Earthquake,
    shaking: ShakingId,
    revision: u32,
    known: Timestamp,
}

/// Raises, keeps and ends findings, so that those which stand are what the estimate says.
fn follow(
    tx: &mut Tx<'_>,
    definition: &Definition,
    found: &Found<'_>,
    estimate: Option<&Estimate>,
) -> Result<()> {
    let now = tx.now();
    let quaked = found.earthquake.shown.time;
    let is_recent = now.since(quaked) <= Duration::from_hours(definition.recent_hours);
    let wanted: Vec<(&County, &super::definition::Line)> = estimate
        .filter(|_| is_recent)
        .into_iter()
        .flat_map(|estimate| &estimate.counties)
        .filter_map(|county| Some((county, definition.line(county.degree[1])?)))
        .collect();
    let standing = finding::standing_shaken(tx, found.earthquake.id)?;
    for old in &standing {
        let stays = wanted
            .iter()
            .any(|(county, line)| county.code == old.region && line.level == old.level);
        if !stays {
            finding::clear_shaken(tx, old, now, Because::Revised)?;
        }
    }
    for (county, line) in wanted {
        let stands =
            standing.iter().any(|old| old.region == county.code && old.level == line.level);
        if stands {
            continue;
        }
        finding::raise_shaken(
            tx,
            NewShaken {
                earthquake: found.earthquake.id,
                shaking: found.shaking,
                revision: found.revision,
                county: county.code.clone(),
                county_name: county.name.clone(),
                epicentre: found.earthquake.shown.point,
                degree: county.degree,
                most: county.strongest.most,
                line: line.degree,
                line_word: format!("{}度", roman(line.degree)),
                level: line.level,
                rule: (definition.rule.version, definition.rule.name.clone()),
                words: words(definition, found.earthquake, county),
                home: Home::region(county.code.clone()),
                quaked,
                known: found.known,
            },
        )?;
    }
    Ok(())
}

/// `11-22 16:18 M5.2 地震（深 12 公里），估计最大烈度 Ⅵ 度（5.1～6.0），按…`, without a full stop.
fn words(definition: &Definition, earthquake: &Earthquake, county: &County) -> String {
    let shown = &earthquake.shown;
    let ([_, month, day], [hour, minute, _]) = shown.time.beijing_fields();
    let depth = shown.depth_km.map_or("深度未报".to_owned(), |km| format!("深 {km:.0} 公里"));
    let felt = county.strongest;
    format!(
        "{month:02}-{day:02} {hour:02}:{minute:02} {} 地震（{depth}），估计最大烈度{}度（{:.1}～{:.1}），\
         按{}估计，非实测",
        shown.title(),
        roman(county.degree[1]),
        felt.least,
        felt.most,
        definition.name,
    )
}
