//! Worlds: opening a drill or a look into the past, steering its clock, closing it.

use axum::extract::State;
use base::Timestamp;
use host::drill::{Closing, MANAGE, Opening, Steering, WorldNote};
use host::fold::Until;
use host::web::{Access, Body, Idempotency, Json, Path};
use host::{Caller, Error, Home, Node, Page, Record, Result, Routes, Tx, World};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new()
        .get("/api/worlds", Access::SignedIn, "Lists the worlds of this node", list)
        .gives::<Page<WorldView>>()
        .post("/api/worlds", MANAGE, "Opens a drill, or a look into the past", open)
        .takes::<OpenWorld>()
        .creates::<WorldView>()
        .delete("/api/worlds/{name}", MANAGE, "Closes a drill or a look into the past", close)
        .get("/api/clock", Access::SignedIn, "Tells this world's time", clock)
        .gives::<WorldView>()
        .post("/api/clock", MANAGE, "Steers a drill's clock: pause, pace, jump", steer)
        .takes::<Steer>()
        .gives::<WorldView>()
}

/// What a world is to those inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Real,
    Drill,
    Past,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WorldView {
    name: String,
    kind: Kind,
    now: Timestamp,
    seq: i64,
    /// How fast its clock runs: 0 stands, 1 is in step, 60 is an hour a minute.
    rate: f64,
    /// What a drill practises; `null` in any other world.
    purpose: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct OpenWorld {
    /// Lower-case letters, digits and hyphens.
    name: String,
    kind: Kind,
    /// For a drill: what is practised.
    purpose: Option<String>,
    /// For the past: which moment.
    until: Option<Timestamp>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Steer {
    /// 0 to 600.
    rate: Option<f64>,
    /// The moment to jump to; never back, since what was recorded stays.
    to: Option<Timestamp>,
}

async fn view(world: &World) -> Result<WorldView> {
    let kind = match (world.name(), world.as_of()) {
        ("real", _) => Kind::Real,
        (_, Some(_)) => Kind::Past,
        (_, None) => Kind::Drill,
    };
    let purpose = match kind {
        Kind::Drill => world.read(host::drill::purpose).await?,
        // A look into the past stands on the real log, which began on no base.
        Kind::Real | Kind::Past => None,
    };
    Ok(WorldView {
        name: world.name().to_owned(),
        kind,
        now: world.clock().now(),
        seq: world.last_seq(),
        rate: f64::from(world.clock().rate()) / 1_000.0,
        purpose,
    })
}

async fn list(State(node): State<Node>) -> Result<Json<Page<WorldView>>> {
    let mut views = Vec::new();
    for world in node.worlds() {
        views.push(view(&world).await?);
    }
    Ok(Json(Page::whole(views)))
}

async fn open(
    State(node): State<Node>,
    world: World,
    caller: Caller,
    Body(body): Body<OpenWorld>,
) -> Result<(axum::http::StatusCode, Json<WorldView>)> {
    check_real(&world, "worlds branch off the real one")?;
    let OpenWorld { name, kind, purpose, until } = body;
    let (real, node_of_it) = (world.clone(), node.clone());
    let (opened, note) = match kind {
        Kind::Real => return Err(Error::invalid("kind", "real", "drill or past")),
        Kind::Drill => {
            let purpose = host::web::text("purpose", &purpose.unwrap_or_default(), 2, 200)?;
            let note = Opening { world: name.clone(), purpose: Some(purpose.clone()), until: None };
            let make = move || node_of_it.open_branch(&name, false, || real.drill(&name, &purpose));
            (host::node::off_the_loop(make).await?, note)
        }
        Kind::Past => {
            let until = until.ok_or_else(|| Error::invalid("until", "nothing", "a moment"))?;
            let note = Opening { world: name.clone(), purpose: None, until: Some(until) };
            let make = move || {
                let look = || real.past(&name, Until::Moment(until));
                node_of_it.open_branch(&name, true, look)
            };
            (host::node::off_the_loop(make).await?, note)
        }
    };
    let name = note.world.clone();
    if let Err(error) = noted(&world, &caller, WorldNote::Opened(note)).await {
        // What the trail does not know of is not to be looked at.
        host::node::off_the_loop(move || node.close_branch(&name)).await?;
        return Err(error);
    }
    Ok((axum::http::StatusCode::CREATED, Json(view(&opened).await?)))
}

async fn close(
    State(node): State<Node>,
    asked_in: World,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<axum::http::StatusCode> {
    check_real(&asked_in, "worlds are closed from the real one")?;
    let note = Closing { world: name.clone() };
    host::node::off_the_loop(move || node.close_branch(&name)).await?;
    noted(&asked_in, &caller, WorldNote::Closed(note)).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

fn check_real(world: &World, detail: &str) -> Result<()> {
    if world.name() == "real" {
        return Ok(());
    }
    Err(Error::conflict("not-the-real-world", detail))
}

/// Notes in the trail of the real world what somebody did with a world beside it.
async fn noted(real: &World, caller: &Caller, note: WorldNote) -> Result<()> {
    let note = move |tx: &mut Tx<'_>| {
        let subject = tx.new_id();
        tx.note(Record::first(subject, Home::node(), note))
    };
    real.commit(caller, Idempotency::default(), note).await.map(|_| ())
}

async fn clock(world: World) -> Result<Json<WorldView>> {
    Ok(Json(view(&world).await?))
}

async fn steer(
    State(node): State<Node>,
    world: World,
    caller: Caller,
    Body(body): Body<Steer>,
) -> Result<Json<WorldView>> {
    if world.name() == "real" || world.as_of().is_some() {
        return Err(Error::conflict("clock-not-ours", "only a drill's clock is steered"));
    }
    let now = world.clock().now();
    if let Some(to) = body.to.filter(|to| *to < now) {
        return Err(Error::invalid("to", to, format!("a moment after {now}")));
    }
    if let Some(rate) = body.rate.filter(|rate| !(0.0..=600.0).contains(rate)) {
        return Err(Error::invalid("rate", rate, "0 to 600"));
    }
    let rate = body.rate.map(|rate| (rate * 1_000.0).round() as u32);
    let real = node.world("real").ok_or(Error::Busy("the world is closed"))?;
    let note = Steering { world: world.name().to_owned(), to: body.to, rate };
    noted(&real, &caller, WorldNote::Steered(note)).await?;
    if let Some(to) = body.to {
        world.clock().set(to);
    }
    if let Some(rate) = rate {
        world.clock().set_rate(rate);
    }
    Ok(Json(view(&world).await?))
}
