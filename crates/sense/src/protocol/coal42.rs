//! 煤安监办〔2019〕42号 annex 2, coal mines: files of a mine's hosts, over HTTP or out of a
//! drop folder.
//!
//! A station is a mine. Its elements are the codes of measuring points; of the other
//! systems a code and what is measured there (`…/level`); and the types of files that
//! count: `RYSS`, heads underground, and `RYQJ` and the like, alarms open in the newest
//! file. Nothing about a person goes further than the file, which is kept sealed.

mod persons;
mod points;
mod ways;

use axum::http::StatusCode;
use base::{AdminCode, Timestamp};
use wire::coal42::{FileError, FileName, Kind, Limits, NameRule, layout, parse};
use wire::session::Outcome;

use self::points::Reading;
use super::{
    AboutPersons, Definition, Dialect, Doors, Element, Gist, Observation, Omission, PasswordForm,
    PersonTable, Said, Snapshot, Span, Suggestion, Unread, Way, Why,
};
use crate::gateway::http::{Answer, Posted, Posts, Taken, Untaken};

/// Coal mines, by files.
pub struct Coal42;

/// A file of a mine, read.
pub struct MineFile {
    name: FileName,
    proof: Proof,
    readings: Vec<Reading>,
    definitions: Vec<Definition>,
    omissions: Vec<Omission>,
    /// By its header.
    uploaded: Timestamp,
    /// Records that were read, and those that were not.
    records: usize,
    bad: usize,
}

/// By what a file is known to be its mine's.
enum Proof {
    /// It lay in the mine's own folder, where only the mine may write.
    Folder,
    Key(String),
}

/// Bytes of a refused file that are shown among what was refused.
const EVIDENCE: usize = 16 << 10;

/// Why a file is not taken.
pub struct Refusal {
    /// [`FileError::code`], or `NAME`.
    pub code: &'static str,
    pub reason: String,
    /// Whose it claims to be.
    pub mine: Option<String>,
    /// Whether it may be about persons, so that its bytes are shown to nobody.
    pub is_personal: bool,
}

impl Refusal {
    /// What may be shown of its bytes, the first of them: nothing where they may be about
    /// persons.
    pub fn evidence(&self, bytes: &[u8]) -> Vec<u8> {
        let shown = if self.is_personal { 0 } else { bytes.len().min(EVIDENCE) };
        bytes[..shown].to_vec()
    }

    /// Cut short: worth another look.
    pub fn is_incomplete(&self) -> bool {
        self.code == FileError::Incomplete.code()
    }
}

impl MineFile {
    /// Reads a file that lay in the folder of `mine`.
    ///
    /// # Errors
    /// [`Refusal`], also when it is another mine's.
    pub fn of_folder(
        mine: &str,
        name: &str,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<MineFile, Refusal> {
        MineFile::read(Some(mine), name, bytes, now, Proof::Folder)
    }

    fn read(
        mine: Option<&str>,
        name: &str,
        bytes: &[u8],
        now: Timestamp,
        proof: Proof,
    ) -> Result<MineFile, Refusal> {
        let name = FileName::parse(name, NameRule::Tolerant).map_err(|error| Refusal {
            code: "NAME",
            reason: error.to_string(),
            mine: mine.map(str::to_owned),
            // Nobody knows what is in it.
            is_personal: true,
        })?;
        let is_personal = Kind(name.kind.clone()).is_personal();
        let refused = |error: &FileError| Refusal {
            code: error.code(),
            reason: error.to_string(),
            mine: Some(mine.unwrap_or(&name.mine).to_owned()),
            is_personal,
        };
        if let Some(mine) = mine.filter(|mine| *mine != name.mine) {
            let (header, name) = (mine.to_owned(), name.mine.clone());
            let error = FileError::OtherMine { header, name };
            let reason =
                format!("name is of mine {}, the folder or account of {mine}", name_of(&error));
            return Err(Refusal { reason, ..refused(&error) });
        }
        let file = parse(&name, bytes, now, Limits::default()).map_err(|error| refused(&error))?;
        let omissions = points::unreadable(&file, is_personal);
        let (readings, definitions) = (points::readings(&file), points::definitions(&file));
        let (uploaded, records) = (file.header.uploaded, file.content.len());
        let bad = file.bad_count;
        Ok(MineFile { name, proof, readings, definitions, omissions, uploaded, records, bad })
    }

    /// What is kept of it: its name in a line of its own, then its bytes.
    pub fn kept(&self, bytes: &[u8]) -> Vec<u8> {
        [self.name.to_string().as_bytes(), b"\n", bytes].concat()
    }
}

fn name_of(error: &FileError) -> &str {
    match error {
        FileError::OtherMine { name, .. } => name,
        _ => "",
    }
}

/// The name and the bytes of what [`MineFile::kept`] made.
fn opened(raw: &[u8]) -> Option<(FileName, &[u8])> {
    let end = raw.iter().take(64).position(|byte| *byte == b'\n')?;
    let name = std::str::from_utf8(&raw[..end]).ok()?;
    Some((FileName::parse(name, NameRule::Tolerant).ok()?, &raw[end + 1..]))
}

impl Dialect for Coal42 {
    type Message = MineFile;

    const WORD: &'static str = "煤矿 42 号文";
    const STANDARD: &'static str = "煤安监办〔2019〕42号附件2";
    const PASSWORD: Option<PasswordForm> = Some(PasswordForm {
        word: "8 至 64 位字母或数字",
        word_en: "8 to 64 letters or digits",
        longest: 64,
    });
    const NEEDS_KEY: bool = true;
    const IS_OPEN: bool = true;

    /// The mine's code: 12 digits, 9 to 11 of hosts before the annex.
    fn code(typed: &str) -> Result<String, &'static str> {
        let typed = typed.trim();
        let is_code =
            (9..=12).contains(&typed.len()) && typed.bytes().all(|it| it.is_ascii_digit());
        is_code.then(|| typed.to_owned()).ok_or("the mine's code of 12 digits")
    }

    fn password(typed: &str) -> Result<String, &'static str> {
        let is_key = (8..=64).contains(&typed.len())
            && typed.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_key.then(|| typed.to_owned()).ok_or("8 to 64 letters or digits")
    }

    fn new_key(random: &[u8; 32]) -> Option<String> {
        Some(hex::encode(&random[..20]))
    }

    /// Its first six digits.
    fn division(code: &str) -> Option<AdminCode> {
        code.get(..6)?.parse().ok()
    }

    fn elements() -> Vec<Element> {
        points::counted()
    }

    fn suggestion(code: &str) -> Option<Suggestion> {
        points::suggestion(code)
    }

    fn element_word(code: &str) -> Option<&'static str> {
        points::word(code)
    }

    fn sender(file: &MineFile) -> String {
        file.name.mine.clone()
    }

    fn proves(file: &mut MineFile, key: &str) -> bool {
        match &file.proof {
            Proof::Folder => true,
            Proof::Key(shown) => is_same(shown.as_bytes(), key.as_bytes()),
        }
    }

    fn is_heartbeat(_: &MineFile) -> bool {
        false
    }

    /// When the file was written, by its header: hosts send it at once.
    fn sent(file: &MineFile) -> Option<Timestamp> {
        Some(file.uploaded)
    }

    fn read(file: &MineFile, _: Timestamp) -> Result<Vec<Said<'_>>, Unread> {
        let is_snapshot = file.name.kind == "RYSS";
        let mut said = Said {
            // Whoever is in no area of it is in none.
            snapshot: is_snapshot.then_some(Snapshot {
                ending: points::HEADS,
                time: file.uploaded,
                quality: points::counted_of(file.bad),
            }),
            definitions: file.definitions.clone(),
            omissions: file.omissions.clone(),
            ..Said::default()
        };
        for reading in &file.readings {
            let Reading { element, time, value, quality } = reading;
            match value {
                Some(value) => said.observations.push(Observation {
                    element: element.into(),
                    time: *time,
                    value: *value,
                    quality: *quality,
                }),
                None => said.omissions.push(Omission {
                    element: element.clone(),
                    why: Why::Missing,
                    value: String::new(),
                }),
            }
        }
        Ok(vec![said])
    }

    fn persons(file: &MineFile) -> Option<AboutPersons> {
        Kind(file.name.kind.clone()).is_personal().then(|| AboutPersons {
            kind: file.name.kind.clone(),
            name: file.name.to_string(),
            made: file.uploaded,
            records: file.records,
            bad: file.bad,
        })
    }

    fn file_name(file: &MineFile) -> Option<String> {
        Some(file.name.to_string())
    }

    fn person_kind(kind: &str) -> Option<(&'static str, &'static str)> {
        Kind(kind.to_owned()).info().map(|info| (info.word, info.word_en))
    }

    fn person_table(_: &MineFile, raw: &[u8]) -> Option<PersonTable> {
        let (name, bytes) = opened(raw)?;
        // It was in time when it came.
        let file = parse(&name, bytes, Timestamp::MAX, Limits::default()).ok()?;
        Some(persons::table(&file))
    }

    fn again(_: &str, raw: &[u8]) -> Option<MineFile> {
        let (name, bytes) = opened(raw)?;
        // It was in time when it came.
        MineFile::read(None, &name.to_string(), bytes, Timestamp::MAX, Proof::Folder).ok()
    }

    fn ways(code: &str, doors: &Doors, now: Timestamp) -> Vec<Way> {
        ways::ways(code, doors, now)
    }

    fn layout(raw: &[u8]) -> Vec<Span> {
        let (name, bytes) = match opened(raw) {
            Some((name, bytes)) => (Some(name), bytes),
            None => (None, raw),
        };
        let begin = raw.len() - bytes.len();
        let mut spans = Vec::new();
        if let Some(name) = &name {
            let text = name.to_string();
            spans.push(Span { start: 0, len: begin, name: "file_name", text });
        }
        let rest = layout(name.as_ref(), bytes).into_iter();
        spans.extend(rest.map(|span| Span { start: begin + span.start, ..span.into() }));
        spans
    }

    /// The mine of the name, or of the header.
    fn suspect(raw: &[u8]) -> Option<String> {
        if let Some((name, _)) = opened(raw) {
            return Some(name.mine);
        }
        let text = raw.get(..12).and_then(|head| std::str::from_utf8(head).ok())?;
        Coal42::code(text).ok()
    }
}

/// Whether two keys are one, in a time that does not say where they differ.
fn is_same(shown: &[u8], key: &[u8]) -> bool {
    let differs = shown.iter().zip(key).fold(0, |all, (one, other)| all | (one ^ other));
    shown.len() == key.len() && differs == 0
}

impl Posts for Coal42 {
    type Ticket = ();

    /// The limit of a file, and its name.
    const LONGEST: usize = 20 * 1024 * 1024;

    /// `PUT /ingest/coal42/220100000001_CDSS_20190801080000.txt`, the mine's code and key
    /// by HTTP Basic, the file as the body.
    fn take(posted: Posted<'_>) -> Result<Taken<Coal42>, Untaken> {
        let Posted { tail, account, received, body, .. } = posted;
        let untaken = |status, code, reason: &str| Untaken {
            status,
            code,
            reason: reason.to_owned(),
            evidence: None,
        };
        let Some((mine, key)) = account else {
            let reason = "no HTTP Basic credentials, expected the mine's code and its key";
            return Err(untaken(StatusCode::UNAUTHORIZED, "no-credentials", reason));
        };
        let Ok(mine) = Coal42::code(&mine) else {
            let reason = "user of HTTP Basic is no mine's code of 12 digits";
            return Err(untaken(StatusCode::FORBIDDEN, "refused", reason));
        };
        let read = MineFile::read(Some(&mine), tail, &body, received, Proof::Key(key));
        let message = read.map_err(|refusal| {
            let is_other = refusal.code == "OTHER_MINE";
            let status =
                if is_other { StatusCode::FORBIDDEN } else { StatusCode::UNPROCESSABLE_ENTITY };
            let raw = refusal.evidence(&body);
            let reason = format!("{}: {}", refusal.code, refusal.reason);
            let code = if is_other { "other-mine" } else { "unreadable" };
            Untaken { status, code, reason, evidence: Some((raw, refusal.mine)) }
        })?;
        let raw = message.kept(&body);
        Ok(Taken { message, raw, ticket: () })
    }

    fn answer((): (), outcome: &Outcome, _: Option<Gist>) -> Answer {
        Answer::plain(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: &str = "220100000001";

    fn values() -> (String, String) {
        let name = format!("{MINE}_CDSS_20260803090000.txt");
        let point = format!("{MINE}01MN0001011A08");
        let text = format!(
            "{MINE};样例煤矿;2026-08-03 09:00:00~{point};甲烷;T1;1.02;%CH4;1;2026-08-03 08:59:58~\
             {MINE}01MN0004011A09;一氧化碳;T1;;ppm;0;2026-08-03 08:59:58~||"
        );
        (name, text)
    }

    #[test]
    fn what_is_kept_is_read_again_and_laid_out_with_its_name() {
        let (name, text) = values();
        let now = Timestamp::MAX;
        let file = MineFile::of_folder(MINE, &name, text.as_bytes(), now);
        let file = file.unwrap_or_else(|refusal| panic!("{}", refusal.reason));
        let kept = file.kept(text.as_bytes());
        let spans = Coal42::layout(&kept);
        assert_eq!((spans[0].name, spans[0].text.as_str()), ("file_name", &name[..]));
        assert_eq!(spans.iter().map(|span| span.len).sum::<usize>(), kept.len());
        let again = Coal42::again(MINE, &kept).expect("what was kept");
        let (read, anew) = (Coal42::read(&file, now), Coal42::read(&again, now));
        assert_eq!(read, anew);
        let said = &read.expect("it reads")[0];
        assert_eq!((said.observations.len(), said.omissions.len()), (1, 1), "empty is not zero");
        assert_eq!(said.observations[0].value, 1.02);
        assert_eq!(said.omissions[0].why, Why::Missing);
        assert_eq!(Coal42::suspect(&kept).as_deref(), Some(MINE));
        assert_eq!(Coal42::suspect(text.as_bytes()).as_deref(), Some(MINE));
    }

    #[test]
    fn a_file_in_another_mines_folder_is_refused_whatever_is_in_it() {
        let (name, text) = values();
        let refused = MineFile::of_folder("220100000002", &name, text.as_bytes(), Timestamp::MAX);
        let Err(refusal) = refused else { panic!("it was taken") };
        assert_eq!((refusal.code, refusal.mine.as_deref()), ("OTHER_MINE", Some("220100000002")));
    }

    #[test]
    fn a_key_is_compared_whole() {
        let (name, text) = values();
        let proof = Proof::Key("abcdefgh".to_owned());
        let file = MineFile::read(Some(MINE), &name, text.as_bytes(), Timestamp::MAX, proof);
        let Ok(mut file) = file else { panic!("a file") };
        assert!(Coal42::proves(&mut file, "abcdefgh"));
        for other in ["abcdefg", "abcdefghi", "abcdefgx", "", "ABCDEFGH"] {
            assert!(!Coal42::proves(&mut file, other), "{other}");
        }
    }
}
