//! The form of a call, half filled as it may be at any key.

use base::{AdminCode, Hazard, Id, Point, Timestamp};
use host::web::text;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::mask;
use crate::incident::{Casualties, Opening, Origin};
use crate::person::Person;

base::typed_id!(IntakeId, "A call being taken down; the id is made by the browser.");
host::db_id!(IntakeId);

/// The fields of a call. Everything may be missing while the caller still speaks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// Who calls; at most 64 characters.
    pub caller: String,
    /// At most 32 characters.
    pub phone: String,
    /// Where, in the caller's words; at most 200 characters.
    pub place: String,
    pub region: Option<AdminCode>,
    pub point: Option<Point>,
    pub hazard: Option<Hazard>,
    /// What happened, in the caller's words; at most 4 000 characters.
    pub what: String,
    pub dead: Option<u32>,
    pub injured: Option<u32>,
    pub trapped: Option<u32>,
}

/// A call with its form.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Intake {
    pub id: IntakeId,
    /// Goes up with each change.
    pub revision: i64,
    pub owner: Person,
    pub started_at: Timestamp,
    pub saved_at: Timestamp,
    /// What it was opened as.
    pub incident: Option<Id>,
    #[serde(flatten)]
    pub form: Form,
}

/// A call in a list: name and number masked, the text cut short.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct IntakeLine {
    pub id: IntakeId,
    pub revision: i64,
    pub owner: Person,
    pub started_at: Timestamp,
    pub saved_at: Timestamp,
    pub incident: Option<Id>,
    pub caller: String,
    pub phone: String,
    pub place: String,
    pub region: Option<AdminCode>,
    pub hazard: Option<Hazard>,
    pub what: String,
}

impl Form {
    /// The form with its texts trimmed.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a text that is too long, or more people harmed than
    /// a county has.
    pub(super) fn checked(self) -> Result<Form> {
        for (field, count) in
            [("dead", self.dead), ("injured", self.injured), ("trapped", self.trapped)]
        {
            if count.is_some_and(|count| MOST_PEOPLE < count) {
                return Err(Error::invalid(field, count, "0 to 1000000"));
            }
        }
        Ok(Form {
            caller: text("caller", &self.caller, 0, 64)?,
            phone: text("phone", &self.phone, 0, 32)?,
            place: text("place", &self.place, 0, 200)?,
            what: text("what", &self.what, 0, 4_000)?,
            ..self
        })
    }
}

const MOST_PEOPLE: u32 = 1_000_000;

impl Intake {
    /// What the incident begins with: all of the form except the person.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is still missing.
    pub(super) fn opening(&self) -> Result<Opening> {
        let form = &self.form;
        let region = form.region.clone();
        let region = region.ok_or(Error::invalid("region", "nothing", "a region"))?;
        let hazard = form.hazard.ok_or(Error::invalid("hazard", "nothing", "a hazard"))?;
        if form.what.is_empty() {
            return Err(Error::invalid("what", "nothing", "what happened"));
        }
        let clean = |text: &str| mask::without_person(text, &form.caller, &form.phone);
        let (place, what) = (clean(&form.place), clean(&form.what));
        let people = Casualties { dead: form.dead, injured: form.injured, trapped: form.trapped };
        let counted = form.dead.or(form.injured).or(form.trapped).is_some();
        Ok(Opening {
            title: title_of(&place, &what),
            detail: Some(what),
            hazard,
            level: None,
            region,
            point: form.point,
            place,
            casualties: counted.then_some(people),
            origin: Origin::Call { intake: self.id.0, known: self.started_at },
        })
    }

    pub(crate) fn line(&self) -> IntakeLine {
        let form = &self.form;
        IntakeLine {
            id: self.id,
            revision: self.revision,
            owner: self.owner.clone(),
            started_at: self.started_at,
            saved_at: self.saved_at,
            incident: self.incident,
            caller: mask::name(&form.caller),
            phone: mask::phone(&form.phone),
            place: mask::without_person(&form.place, &form.caller, &form.phone),
            region: form.region.clone(),
            hazard: form.hazard,
            what: cut(&mask::without_person(&form.what, &form.caller, &form.phone), 80),
        }
    }
}

/// `口前镇柳条沟村：气味刺鼻、咳嗽`
fn title_of(place: &str, what: &str) -> String {
    let first = what.lines().next().unwrap_or_default();
    match place {
        "" => cut(first, 40),
        place => format!("{}：{}", cut(place, 30), cut(first, 40)),
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
