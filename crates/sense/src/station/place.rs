//! Where a station stands, at what of the registers, and what was said of it before.

use std::collections::{HashMap, HashSet};

use base::{AdminCode, Coordinates, Id, Located, Point, Timestamp};
use host::part::Kit;
use host::web::{Body, Idempotency, Json, Path, Scoped, text};
use host::{Caller, Error, Home, Read, Record, Reply, Result, Routes, Scope, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use survey::Standing;

use super::fact::{Placed, StationFact};
use super::told::{Told, told};
use super::{READ, REGISTER, StationId, store};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/api/stations/{id}/place",
            READ,
            "Where a station stands, at what of the registers, and where it was said to",
            load,
        )
        .gives::<StationPlace>()
        .post(
            "/api/stations/{id}/place",
            REGISTER,
            "Says anew where a station stands, and at what of the registers",
            set,
        )
        .takes::<SetPlace>()
        .gives::<StationPlace>()
}

/// All that is said of where a station stands.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "SetStationPlace")]
#[serde(deny_unknown_fields)]
struct SetPlace {
    region: AdminCode,
    /// As it stands on the paper; `null`: nobody knows.
    place: Option<Coordinates>,
    /// An enterprise or a site; `null`: none.
    site: Option<Id>,
    /// Why, for whoever reads it later: 1 to 400 characters.
    reason: String,
}

/// Where a station stands, and where it was said to stand.
#[derive(Debug, Serialize, JsonSchema)]
struct StationPlace {
    #[serde(flatten)]
    now: Stands,
    /// From the newest fact that said another place, region or site back to the first; of
    /// its newest 200 changes, as far as the caller sees them.
    history: Vec<SaidPlace>,
    /// Those of the sites named here that the caller may see.
    sites: Vec<Standing>,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
struct Stands {
    region: Option<AdminCode>,
    region_name: Option<String>,
    /// In CGCS2000.
    point: Option<Point>,
    /// As it was given; `null` also where that was not kept.
    original: Option<Coordinates>,
    site: Option<Id>,
}

/// What one fact said.
#[derive(Debug, Serialize, JsonSchema)]
struct SaidPlace {
    seq: i64,
    at: Timestamp,
    /// Who said it; `null` is the system itself, or somebody whom this node does not know.
    by: Option<String>,
    reason: Option<String>,
    #[serde(flatten)]
    stands: Stands,
}

async fn load(
    world: World,
    caller: Caller,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
) -> Result<Json<StationPlace>> {
    let kit = world.kit().clone();
    Ok(Json(world.read(move |db| view(db, &kit, &caller, (&scope, id))).await?))
}

async fn set(
    world: World,
    caller: Caller,
    key: Idempotency,
    Scoped(scope): Scoped,
    Path(id): Path<StationId>,
    Body(said): Body<SetPlace>,
) -> Result<Reply<StationPlace>> {
    let (kit, who) = (world.kit().clone(), caller.clone());
    let reply = world.commit(&caller, key, move |tx| {
        let station = store::load(tx, &scope, id)?;
        let reason = text("reason", &said.reason, 1, 400)?;
        let place = said.place.map(|given| host::web::place("place", given)).transpose()?;
        scope.require(tx, &Home { region: Some(said.region.clone()), ..station.home })?;
        check_place(tx, &said.region, place.as_ref())?;
        check_site(tx, &who, said.site.filter(|site| station.site != Some(*site)))?;
        // The same numbers on paper are the same place, however it was converted then.
        let (point, original) = match said.place {
            given if given.is_some() && given == station.original => {
                (station.point, station.original)
            }
            given => (place.map(|place| place.point), given),
        };
        let before = (station.point, station.original, station.site, station.region);
        if before != (point, original, said.site, said.region.clone()) {
            let fact = StationFact::Placed(Placed { point, original, site: said.site, reason });
            tx.record(Record::next(id, fact).moved_to(said.region))?;
        }
        view(tx, &kit, &who, (&scope, id))
    });
    reply.await
}

/// A place that is said can be in its region.
///
/// # Errors
/// [`Error::Invalid`] that names `place`.
pub(super) fn check_place(
    db: &mut dyn Read,
    region: &AdminCode,
    place: Option<&Located>,
) -> Result<()> {
    let Some(place) = place else { return Ok(()) };
    match atlas::region::find(db, region)? {
        Some(region) => region.check_place(place),
        None => Ok(()),
    }
}

/// A site that is named is one that whoever names it may see.
///
/// # Errors
/// [`Error::Invalid`] for any other.
pub(crate) fn check_site(db: &mut dyn Read, caller: &Caller, site: Option<Id>) -> Result<()> {
    let Some(site) = site else { return Ok(()) };
    match seen(db, caller, site)? {
        Some(_) => Ok(()),
        None => Err(Error::invalid("site", site, "an enterprise or a site that you may see")),
    }
}

fn seen(db: &mut dyn Read, caller: &Caller, site: Id) -> Result<Option<Standing>> {
    let Ok(scope) = caller.scope(survey::enterprise::READ) else { return Ok(None) };
    match survey::standing(db, &scope, site) {
        Err(Error::NotFound { .. }) => Ok(None),
        found => found.map(Some),
    }
}

fn view(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    (scope, id): (&Scope, StationId),
) -> Result<StationPlace> {
    let station = store::load(db, scope, id)?;
    let mut names = HashMap::new();
    let now = Stands {
        region_name: region_name(db, &station.region, &mut names)?,
        region: Some(station.region),
        point: station.point,
        original: station.original,
        site: station.site,
    };
    let history = history(db, kit, caller, id, &mut names)?;
    let mut sites = Vec::new();
    let mut named = HashSet::new();
    let all = history.iter().map(|said| said.stands.site).chain([now.site]);
    for site in all.flatten().filter(|site| named.insert(*site)) {
        sites.extend(seen(db, caller, site)?);
    }
    Ok(StationPlace { now, history, sites })
}

/// What the facts that the caller sees said, the newest first.
fn history(
    db: &mut dyn Read,
    kit: &Kit,
    caller: &Caller,
    id: StationId,
    names: &mut HashMap<AdminCode, Option<String>>,
) -> Result<Vec<SaidPlace>> {
    let kinds = ["station.registered", "station.changed", "station.placed"];
    let mut history: Vec<SaidPlace> = Vec::new();
    for Told { seq, at, by, region, fact } in told(db, kit, (caller, id), &kinds)? {
        let Some((point, original, site, reason)) = said(fact) else { continue };
        let region_name = match &region {
            Some(region) => region_name(db, region, names)?,
            None => None,
        };
        let stands = Stands { region, region_name, point, original, site };
        if history.last().is_none_or(|before| before.stands != stands) {
            history.push(SaidPlace { seq, at, by, reason, stands });
        }
    }
    history.reverse();
    Ok(history)
}

type Said = (Option<Point>, Option<Coordinates>, Option<Id>, Option<String>);

fn said(fact: StationFact) -> Option<Said> {
    match fact {
        StationFact::Registered(it) => Some((it.point, it.original, it.site, None)),
        StationFact::Changed(it) => Some((it.point, it.original, it.site, None)),
        StationFact::Placed(it) => Some((it.point, it.original, it.site, Some(it.reason))),
        _ => None,
    }
}

fn region_name(
    db: &mut dyn Read,
    code: &AdminCode,
    names: &mut HashMap<AdminCode, Option<String>>,
) -> Result<Option<String>> {
    if let Some(name) = names.get(code) {
        return Ok(name.clone());
    }
    let name = atlas::region::find(db, code)?.map(|region| region.name);
    names.insert(code.clone(), name.clone());
    Ok(name)
}
