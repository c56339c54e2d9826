//! The registers of the demonstration: invented enterprises with their mines, ponds,
//! hazard sources and tanks, registered through the API.

use axum::Router;
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use super::people::PASSWORD;
use crate::door::Door;

/// Invented, and said to be; `fixtures/demo/README.md`.
const REGISTERS: &str = include_str!("../../../../fixtures/demo/registers.json");

/// Registers all of it, as the engineer would; a node that has any enterprise is left as
/// it is.
///
/// # Errors
/// What the door said, if it refused.
pub async fn register(router: &Router) -> Result<(), String> {
    let engineer = Door::sign_in(router, "luojiaju", PASSWORD).await?;
    let known = engineer.get("/api/enterprises?limit=1").await?;
    if known["items"].as_array().is_some_and(|items| !items.is_empty()) {
        return Ok(());
    }
    for enterprise in all()? {
        enter(&engineer, &enterprise).await?;
    }
    Ok(())
}

/// Enters an enterprise with all that it has; the id of each of its sites, parts aside.
///
/// # Errors
/// What the door said, if it refused.
pub async fn enter(engineer: &Door, enterprise: &Json) -> Result<Vec<(Json, Json)>, String> {
    let new = json!({ "details": enterprise["details"], "state": enterprise["state"],
        "since": enterprise["since"] });
    let made = engineer.post("/api/enterprises", new).await?;
    let id = made["id"].as_str().ok_or("an enterprise without an id")?;
    for contact in items(&enterprise["contacts"]) {
        engineer.post(&format!("/api/enterprises/{id}/contacts"), contact.clone()).await?;
    }
    let mut entered = Vec::new();
    for site in items(&enterprise["sites"]) {
        let whole = engineer.post("/api/sites", site_of(enterprise, id, site)).await?;
        for part in items(&site["parts"]) {
            let mut new = site_of(enterprise, id, part);
            new["details"]["part_of"] = whole["id"].clone();
            engineer.post("/api/sites", new).await?;
        }
        entered.push((site.clone(), whole["id"].clone()));
    }
    Ok(entered)
}

/// How many are at work at one time, so that what waits for the disk waits together.
const AT_ONCE: usize = 48;

/// Works until all are done.
///
/// # Errors
/// The first one's; the others are then dropped.
pub async fn together<Work>(works: impl IntoIterator<Item = Work>) -> Result<(), String>
where
    Work: Future<Output = Result<(), String>> + Send + 'static,
{
    let mut running = JoinSet::new();
    for work in works {
        if AT_ONCE <= running.len()
            && let Some(ended) = running.join_next().await
        {
            ended.map_err(|error| error.to_string())??;
        }
        running.spawn(work);
    }
    while let Some(ended) = running.join_next().await {
        ended.map_err(|error| error.to_string())??;
    }
    Ok(())
}

/// A site as the API takes it: in the state of its enterprise unless it says another.
fn site_of(enterprise: &Json, id: &str, site: &Json) -> Json {
    let state = if site["state"].is_null() { &enterprise["state"] } else { &site["state"] };
    json!({ "enterprise": id, "details": site["details"], "state": state,
        "since": enterprise["since"] })
}

fn all() -> Result<Vec<Json>, String> {
    serde_json::from_str(REGISTERS).map_err(|error| format!("registers.json: {error}"))
}

pub fn items(list: &Json) -> &[Json] {
    list.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_record_reads_and_says_that_it_is_of_the_demonstration() {
        let all = all().expect("reads");
        assert_eq!(all.len(), 12);
        let mut kinds = std::collections::BTreeSet::new();
        for enterprise in &all {
            let new = json!({ "details": enterprise["details"], "since": enterprise["since"] });
            let new: survey::enterprise::Registering = serde_json::from_value(new).expect("reads");
            new.details.decide().expect("sound");
            assert!(new.details.name.contains("演示"), "{}", new.details.name);
            for site in items(&enterprise["sites"]) {
                for site in [site].into_iter().chain(items(&site["parts"])) {
                    let new = site_of(enterprise, "0198f000-0000-7000-8000-000000000001", site);
                    let new: survey::site::Registering =
                        serde_json::from_value(new).expect("reads");
                    new.details.decide().expect("sound");
                    kinds.insert(new.details.particulars.kind());
                }
            }
        }
        assert_eq!(kinds.len(), survey::site::Kind::ALL.len(), "each kind is there");
    }
}
