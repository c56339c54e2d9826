//! Worlds: opening a drill or a look into the past, steering its clock, closing it.

use axum::extract::State;
use base::Timestamp;
use host::drill::MANAGE;
use host::fold::Until;
use host::web::{Access, Body, Json, Path};
use host::{Error, Node, Page, Result, Routes, World};
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
    Body(body): Body<OpenWorld>,
) -> Result<(axum::http::StatusCode, Json<WorldView>)> {
    if world.name() != "real" {
        return Err(Error::conflict("not-the-real-world", "worlds branch off the real one"));
    }
    if node.world(&body.name).is_some() {
        return Err(Error::conflict("world-exists", format!("{} is open already", body.name)));
    }
    let opened = match body.kind {
        Kind::Real => return Err(Error::invalid("kind", "real", "drill or past")),
        Kind::Drill => {
            let purpose = body.purpose.unwrap_or_default();
            let purpose = host::web::text("purpose", &purpose, 2, 200)?;
            host::node::off_the_loop(move || world.drill(&body.name, &purpose)).await?
        }
        Kind::Past => {
            let until = body.until.ok_or_else(|| Error::invalid("until", "nothing", "a moment"))?;
            host::node::off_the_loop(move || world.past(&body.name, Until::Moment(until))).await?
        }
    };
    let answer = view(&opened).await?;
    node.add_world(opened)?;
    Ok((axum::http::StatusCode::CREATED, Json(answer)))
}

async fn close(
    State(node): State<Node>,
    asked_in: World,
    Path(name): Path<String>,
) -> Result<axum::http::StatusCode> {
    if asked_in.name() != "real" {
        return Err(Error::conflict("not-the-real-world", "worlds are closed from the real one"));
    }
    if name == "real" {
        return Err(Error::conflict("real-world", "the real world is not closed by a request"));
    }
    let world = node.remove_world(&name).ok_or(Error::not_found("world"))?;
    host::node::off_the_loop(move || world.retire()).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

async fn clock(world: World) -> Result<Json<WorldView>> {
    Ok(Json(view(&world).await?))
}

async fn steer(world: World, Body(body): Body<Steer>) -> Result<Json<WorldView>> {
    if world.name() == "real" || world.as_of().is_some() {
        return Err(Error::conflict("clock-not-ours", "only a drill's clock is steered"));
    }
    if let Some(to) = body.to {
        let now = world.clock().now();
        if to < now {
            return Err(Error::invalid("to", to, format!("a moment after {now}")));
        }
        world.clock().set(to);
    }
    if let Some(rate) = body.rate {
        if !(0.0..=600.0).contains(&rate) {
            return Err(Error::invalid("rate", rate, "0 to 600"));
        }
        world.clock().set_rate((rate * 1_000.0).round() as u32);
    }
    Ok(Json(view(&world).await?))
}
