//! Rows of a table go by the same way as a form: typed details, one by one, within one
//! command or several.

use host::{Error, Lane, Scope};

use super::*;
use crate::{enterprise, site};

/// A credit code for a number; its check character by trying.
fn credit_code(number: usize) -> String {
    let body = format!("91220282MA{number:07}");
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars();
    let mut codes = alphabet.map(|check| format!("{body}{check}"));
    codes.find(|code| code.parse::<crate::CreditCode>().is_ok()).expect("one of them checks")
}

fn row(number: usize) -> enterprise::Registering {
    let mut said = details(&format!("虚构{number}厂"), &credit_code(number));
    said["access_code"] = json!(format!("220282{:03}", number % 1_000));
    serde_json::from_value(json!({ "details": said })).expect("reads")
}

#[test]
fn a_row_that_is_wrong_names_its_field_and_the_others_go_in() {
    let town = county();
    let mut rows: Vec<enterprise::Registering> = (0..4).map(row).collect();
    rows[1].details.credit_code = "91220282MA".to_owned();
    rows[2].details.kinds.clear();
    rows[3].details.access_code = rows[0].details.access_code.clone();
    let told = town.world.run(Lane::Ordinary, "import", move |tx| {
        let mut told = Vec::new();
        for row in &rows {
            // Nothing is recorded before it is decided, so a refusal leaves no trace.
            told.push(match enterprise::register_in(tx, &Scope::Node, row) {
                Ok(made) => made.description.name,
                Err(Error::Invalid { field, .. }) => field,
                Err(Error::Conflict { code, .. }) => code.to_owned(),
                Err(other) => return Err(other),
            });
        }
        Ok(told)
    });
    let told = told.expect("committed");
    assert_eq!(told, ["虚构0厂", "credit_code", "kinds", "access-code-taken"]);
    check_fold(&town);
}

#[test]
fn a_site_of_a_row_finds_its_enterprise_by_code() {
    let town = county();
    let made = town.world.run(Lane::Ordinary, "import", |tx| {
        enterprise::register_in(tx, &Scope::Node, &row(7))?;
        let owner = enterprise::find_by_credit_code(tx, &credit_code(7))?;
        let same = enterprise::find_by_access_code(tx, "220282007")?;
        assert_eq!(owner, same);
        let new = json!({ "enterprise": owner, "details": { "name": "一号井",
            "code": "220282000001", "region": "220282", "particulars": { "mine":
            { "mineral": "metal", "method": "open_pit" } } } });
        let new: site::Registering = serde_json::from_value(new).expect("reads");
        site::register_in(tx, &Scope::Node, &new)
    });
    assert_eq!(made.expect("committed").description.code, "220282000001");
    check_fold(&town);
}
