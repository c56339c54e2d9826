//! The form of a call, half filled as it may be at any key.

use base::{AdminCode, Hazard, Id, Point, Timestamp};
use host::sealed::{Keys, Mask};
use host::web::text;
use host::{Error, Result, Sealed};
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
    #[serde(flatten)]
    pub words: Words,
    #[serde(flatten)]
    pub known: Known,
}

/// Who called, and what they said: personal data, in which a name may stand anywhere.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Words {
    /// Who calls; at most 64 characters.
    pub caller: String,
    /// At most 32 characters.
    pub phone: String,
    /// Where, in the caller's words; at most 200 characters.
    pub place: String,
    /// What happened, in the caller's words; at most 4 000 characters.
    pub what: String,
}

/// What a call tells of the event, without anybody's words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Known {
    pub region: Option<AdminCode>,
    pub point: Option<Point>,
    pub hazard: Option<Hazard>,
    pub dead: Option<u32>,
    pub injured: Option<u32>,
    pub trapped: Option<u32>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words")
    }
}

/// A call as its row keeps it, the words sealed under its own id.
#[derive(Debug, Clone)]
pub struct Call {
    pub id: IntakeId,
    pub revision: i64,
    pub owner: Person,
    pub started_at: Timestamp,
    pub saved_at: Timestamp,
    pub incident: Option<Id>,
    pub words: Sealed<Words>,
    pub known: Known,
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

/// A call in a list: name and number masked, the text cut short; all of them empty when
/// its key is not on this node.
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
        let Form { words, known } = self;
        for (field, count) in
            [("dead", known.dead), ("injured", known.injured), ("trapped", known.trapped)]
        {
            if count.is_some_and(|count| MOST_PEOPLE < count) {
                return Err(Error::invalid(field, count, "0 to 1000000"));
            }
        }
        let words = Words {
            caller: text("caller", &words.caller, 0, 64)?,
            phone: text("phone", &words.phone, 0, 32)?,
            place: text("place", &words.place, 0, 200)?,
            what: text("what", &words.what, 0, 4_000)?,
        };
        Ok(Form { words, known })
    }
}

const MOST_PEOPLE: u32 = 1_000_000;

/// What of the words may be seen in a list, and beside an incident.
#[derive(Debug, Default)]
pub struct Shown {
    pub caller: String,
    pub phone: String,
    pub place: String,
    /// Whole, without the person.
    pub what: String,
}

impl Mask for Words {
    type Masked = Shown;

    fn masked(&self) -> Shown {
        let clean = |text: &str| mask::without_person(text, &self.caller, &self.phone);
        Shown {
            caller: base::mask::name(&self.caller),
            phone: base::mask::phone(&self.phone),
            place: clean(&self.place),
            what: clean(&self.what),
        }
    }
}

impl Call {
    /// What the incident begins with: all of the form except the person.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is still missing; [`Error::Conflict`] when the key
    /// of the call is not here.
    pub(super) fn opening(&self, keys: &Keys) -> Result<Opening> {
        let known = &self.known;
        let region = known.region.clone();
        let region = region.ok_or(Error::invalid("region", "nothing", "a region"))?;
        let hazard = known.hazard.ok_or(Error::invalid("hazard", "nothing", "a hazard"))?;
        let Shown { place, what, .. } = keys.open_masked(&self.words)?.or_refused()?;
        if what.is_empty() {
            return Err(Error::invalid("what", "nothing", "what happened"));
        }
        let people =
            Casualties { dead: known.dead, injured: known.injured, trapped: known.trapped };
        let counted = known.dead.or(known.injured).or(known.trapped).is_some();
        Ok(Opening {
            title: title_of(&place, &what),
            detail: Some(what),
            hazard,
            level: None,
            region,
            point: known.point,
            place,
            casualties: counted.then_some(people),
            origin: Origin::Call { intake: self.id.0, known: self.started_at },
        })
    }

    /// The call with its words, for whom they were opened.
    pub(super) fn with(self, words: Words) -> Intake {
        Intake {
            id: self.id,
            revision: self.revision,
            owner: self.owner,
            started_at: self.started_at,
            saved_at: self.saved_at,
            incident: self.incident,
            form: Form { words, known: self.known },
        }
    }

    /// # Errors
    /// [`Error::Internal`] when key and ciphertext do not belong together.
    pub(crate) fn line(self, keys: &Keys) -> Result<IntakeLine> {
        let shown = keys.open_masked(&self.words)?.value().unwrap_or_default();
        Ok(IntakeLine {
            id: self.id,
            revision: self.revision,
            owner: self.owner,
            started_at: self.started_at,
            saved_at: self.saved_at,
            incident: self.incident,
            caller: shown.caller,
            phone: shown.phone,
            place: shown.place,
            region: self.known.region,
            hazard: self.known.hazard,
            what: cut(&shown.what, 80),
        })
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
