//! Stories of what another node's log can do here, and what it cannot.

use serde_json::json;

use super::neighbour::{code, node, segment, take};
use super::*;
use crate::log::{Digests, Header};
use crate::part::Kit;
use crate::segment::Taken;
use crate::signing::SigningKey;
use crate::unapplied::{self, Counts};

/// An entry as somebody with the county's key writes it by hand.
pub(super) struct Forged {
    kind: String,
    id: Id,
    subject: Id,
    region: Option<&'static str>,
    body: String,
}

impl Forged {
    pub(super) fn of_kind(kind: &str) -> Forged {
        Forged { kind: kind.to_owned(), ..lit_by_hand(9, "") }
    }
}

/// A lamp that is lit, with a name as JSON.
fn lit_by_hand(subject: u128, name: &str) -> Forged {
    let body = format!(r#"{{"name":"{name}","region":"220282","out_at":"2026-08-03T10:00:00Z"}}"#);
    let id = Id::from_u128(u128::from_le_bytes(crate::tx::random()));
    let (subject, region) = (Id::from_u128(subject), Some("220282"));
    Forged { kind: "lamp.lit".to_owned(), id, subject, region, body }
}

/// A segment that continues the county's log with these, rightly chained and signed.
pub(super) fn forged(county: &Town, entries: Vec<Forged>) -> Vec<u8> {
    let origin = county.world.origin();
    let last = county.world.read_now(|db| crate::log::before(db, Book::Log, i64::MAX, 1));
    let last = last.expect("reads").remove(0);
    let key = SigningKey::load(county.world.directory()).expect("has a key");
    let first = last.header.origin_seq + 1;
    let head = json!({
        "format": 2, "origin": origin, "first": first,
        "last": last.header.origin_seq + entries.len() as i64,
        "openness": "internal", "key": key.public(), "endorsements": [],
    });
    let (mut prev, mut text) = (last.hash, format!("{head}\n"));
    for (seq, forged) in (first..).zip(entries) {
        let header = Header {
            origin_seq: seq,
            id: forged.id,
            kind: forged.kind,
            version: 1,
            subject: forged.subject,
            region: forged.region.map(|region| region.parse().expect("a code")),
            ..last.header.clone()
        };
        let entry = Entry::seal(0, header, forged.body, "00".to_owned(), prev);
        let line = json!({
            "header": entry.header_text, "salt": entry.salt, "body": entry.body,
            "body_digest": entry.body_digest.to_text(), "prev": entry.prev.to_text(),
            "hash": entry.hash.to_text(),
        });
        text.push_str(&format!("{line}\n"));
        prev = entry.hash;
    }
    let mut digest = Digests::stream();
    digest.update(text.as_bytes());
    let signed = format!("fengsui segment of {origin}: {}", digest.finish().to_text());
    let signature = key.sign(signed.as_bytes()).expect("signed");
    text.push_str(&format!("{}\n", json!({ "signature": signature })));
    text.into_bytes()
}

fn lamps(town: &Town) -> Vec<String> {
    let rows = town.world.read_now(|db| Ok(db.rows("select name from lamp order by name", &[])?));
    let rows = rows.expect("reads");
    rows.iter().map(|row| row.get("name").expect("a name")).collect()
}

/// Whether the tables are what the log folds to, anew and by the next snapshot.
fn is_its_fold(town: &Town) -> bool {
    let anew = town.world.compare_with_fold().expect("folds").1;
    let snapshot = town.world.snapshot().expect("made").differences;
    // Drawn by the test itself, past the log.
    anew.iter().chain(&snapshot).all(|one| one.table == "lamp.region_within") && sound(town)
}

/// A program whose lamps may be lit twice: the later name counts.
fn later_program() -> Kit {
    let apply = |tables: &mut Tables<'_>, entry: &Entry, fact: &LampFact| match fact {
        LampFact::Lit(lit) => {
            let row = crate::row! { name: &lit.name, out_at: lit.out_at, seen: 0, out: 0 };
            tables.put("lamp", entry, row);
        }
        _ => apply(tables, entry, fact),
    };
    let mut part = part();
    let slice = Slice::new::<LampFact>("lamp", 2, part.slices[0].tables, READ, apply, |_, _| {
        Summary::new("灯", json!({}))
    });
    part.slices = vec![slice];
    let (mut kit, _) = Kit::fold(vec![part]);
    kit.tables_of_tests = LAMPS.to_owned();
    kit
}

#[test]
fn a_body_that_the_tables_refuse_is_kept_counted_and_tried_again_and_stops_nothing() {
    let (county, province) = (node("county"), node("town"));
    province.trusts(&county);
    take(&province, &segment(&county, 0, Class::Internal)).expect("its key");
    let bytes = forged(
        &county,
        vec![
            lit_by_hand(1, "first"),
            lit_by_hand(1, "again"),
            lit_by_hand(2, "a\\u0000b"),
            Forged { body: "{}".to_owned(), ..lit_by_hand(3, "") },
            lit_by_hand(4, "last"),
        ],
    );
    let taken = take(&province, &bytes).expect("taken in, all of it");
    assert_eq!(taken, Taken { new: 5, unapplied: 3, ..Taken::default() });
    assert_eq!(take(&province, &bytes).expect("twice is once").known, 5);
    assert_eq!(lamps(&province), ["first", "last"]);
    let counted = |town: &Town| {
        town.world.read_now(|db| unapplied::counts(db, town.world.kit())).expect("counts")
    };
    assert_eq!(counted(&province), Counts { refused: 2, unread: 1, ..Counts::default() });
    let list = province.world.read_now(unapplied::list).expect("lists");
    let why: Vec<(i64, &str)> =
        list.iter().map(|one| (one.origin_seq, one.why.split(' ').next().unwrap_or(""))).collect();
    assert_eq!(why, [(5, "unread"), (4, "refused:"), (3, "refused:")]);
    assert!(list[1].why.contains("NUL"), "{list:?}");
    assert!(is_its_fold(&province), "with what was refused left out");

    // The same slice once more: nothing has changed, and nothing is lost.
    let again = province.world.run(Lane::Urgent, "test", unapplied::try_again);
    assert_eq!(again.expect("asked for"), ["lamp"]);
    let mut conn = province.raw();
    let refold = |conn: &mut _, kit: &Kit| {
        crate::fold::refold_changed(conn, kit, "town", province.world.shelf()).expect("folds anew")
    };
    assert_eq!(refold(&mut conn, province.world.kit()), ["lamp"]);
    assert_eq!(counted(&province).refused, 2);
    assert!(is_its_fold(&province));

    // A program that mends it takes the entry where it stands in the log.
    assert_eq!(refold(&mut conn, &later_program()), ["lamp"]);
    assert_eq!(lamps(&province), ["again", "last"]);
    assert_eq!(counted(&province), Counts { refused: 1, unread: 1, ..Counts::default() });
    assert!(province.world.shelf().list().is_empty(), "they held what is not so any more");
    let kit = later_program();
    let folded = province.world.read_now(|db| {
        let plan = crate::fold::Plan::whole(&kit, "town");
        let mut folded = crate::fold::fold(db, &plan, crate::fold::Until::End, None)?;
        crate::fold::digests(&mut folded, &kit)
    });
    let live = province.world.read_now(|db| crate::fold::digests(db, &kit)).expect("reads");
    assert_eq!(folded.expect("folds")["lamp.lamp"], live["lamp.lamp"]);
}

crate::facts! {
    /// What a program says of lamps that forgot how it wrote before.
    pub enum ForgetfulFact {
        "lamp.lit" v 1 => Lit(Coloured),
        "lamp.seen" v 1 => Seen(Seen),
        "lamp.burnt_out" v 1 => BurntOut(BurntOut),
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Coloured {
    pub colour: String,
}

#[test]
fn an_own_body_that_an_upgrade_does_not_read_is_counted_and_shown_until_one_does() {
    let town = town();
    let region: AdminCode = "220282".parse().expect("a code");
    town.world.run(Lane::Urgent, "test", |tx| lit(tx, "east", region)).expect("lit");
    town.settle();
    let mut part = part();
    part.slices = vec![Slice::new::<ForgetfulFact>(
        "lamp",
        2,
        part.slices[0].tables,
        READ,
        |_, _, _| (),
        |_, _| Summary::new("灯", json!({})),
    )];
    let (mut forgetful, _) = Kit::fold(vec![part]);
    forgetful.tables_of_tests = LAMPS.to_owned();
    let mut conn = town.raw();
    let mut refold = |kit: &Kit| {
        crate::fold::refold_changed(&mut conn, kit, "town", town.world.shelf()).expect("folds")
    };
    let told = |kit: &Kit| {
        let read = town.world.read_now(|db| {
            let entries = crate::log::after(db, Book::Log, 0, 1)?;
            let line = crate::line::FactLine::list(db, kit, &entries)?.remove(0);
            Ok((unapplied::counts(db, kit)?.unread, line.silent))
        });
        read.expect("reads")
    };
    assert_eq!(refold(&forgetful), ["lamp"]);
    assert_eq!(told(&forgetful), (1, Some(crate::line::Silent::Unread)));
    let mut mended = later_program();
    mended.slices.iter_mut().filter(|it| it.name == "lamp").for_each(|it| it.version = 3);
    assert_eq!(refold(&mended), ["lamp"]);
    assert_eq!(told(&mended), (0, None));
    assert_eq!(lamps(&town), ["east"]);
}

#[test]
fn a_segment_with_the_id_of_another_entry_is_refused_by_name_and_kept_for_a_person() {
    let (county, province) = (node("county"), node("town"));
    province.trusts(&county);
    take(&province, &segment(&county, 0, Class::Internal)).expect("its key");
    let own = province.world.read_now(|db| Ok(crate::log::after(db, Book::Log, 0, 1)?));
    let own = own.expect("reads").remove(0).id();
    let twice = Id::from_u128(7);
    let with = |id| Forged { id, ..lit_by_hand(1, "x") };
    for ids in [vec![own], vec![twice, twice]] {
        let bytes = forged(&county, ids.into_iter().map(with).collect());
        let refused = take(&province, &bytes);
        assert!(matches!(refused, Err(Error::Conflict { code: "id-taken", .. })), "{refused:?}");
    }
    let kept = province.world.read_now(crate::segment::refused).expect("reads");
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|it| it.origin == "county" && it.reason.contains("another entry")));
    let bytes = forged(&county, vec![lit_by_hand(1, "a\0")]);
    assert_eq!(code(&take(&province, &bytes)), "bad-request", "no JSON and no text");
    let bytes = forged(&county, vec![lit_by_hand(1, "x")]);
    assert_eq!(take(&province, &bytes).expect("the true one").new, 1);
}

/// What this town's tables hold of a lamp: its name, and whether it has burnt out.
fn lamp(town: &Town, id: Id) -> Option<(String, bool)> {
    let sql = "select name, out from lamp where id = $1";
    let row = town.world.read_now(|db| Ok(db.row(sql, params![id])?)).expect("reads")?;
    Some((row.get("name").expect("text"), row.get("out").expect("a flag")))
}

#[test]
fn a_trusted_node_changes_only_what_it_owns_in_the_regions_that_it_may_speak_for() {
    let (county, province) = (node("county"), node("town"));
    province.trusts_for(&county.world, &["220282"]);
    take(&province, &segment(&county, 0, Class::Internal)).expect("its key");
    let light = |tx: &mut Tx<'_>| lit(tx, "ours", "220282".parse().expect("a code"));
    let ours = province.world.run(Lane::Urgent, "test", light).expect("lit");
    province.settle();

    let about_ours = |kind: &str, body: &str| Forged {
        kind: kind.to_owned(),
        subject: ours,
        body: body.to_owned(),
        ..lit_by_hand(0, "")
    };
    let of = json!({ "subjects": [ours] });
    let passed = json!({ "of": of, "to": "county", "reason": "归我", "by": "某人" });
    let stolen = json!({ "proposal": ours, "of": of, "from": "town", "known": 3,
        "reason": "归我", "proposed_by": "某人", "confirmed_by": "另一人" });
    let herself = json!({ "origin": "county", "fingerprint": "00".repeat(32),
        "regions": ["220000"], "by": "某人" });
    let elsewhere =
        |subject, region| Forged { region: Some(region), ..lit_by_hand(subject, "elsewhere") };
    let fresh = |kind: &str, subject, body: serde_json::Value| Forged {
        kind: kind.to_owned(),
        region: None,
        body: body.to_string(),
        ..lit_by_hand(subject, "")
    };
    let bytes = forged(
        &county,
        vec![
            about_ours("lamp.burnt_out", "{}"),
            Forged { subject: ours, ..lit_by_hand(0, "theirs") },
            fresh("custody.passed", 21, passed),
            fresh("custody.taken", 22, stolen),
            fresh("node.trusted", 23, herself),
            elsewhere(1, "220281"),
            elsewhere(2, "220200"),
            lit_by_hand(3, "their own"),
            Forged {
                kind: "lamp.burnt_out".to_owned(),
                body: "{}".to_owned(),
                ..elsewhere(3, "220281")
            },
        ],
    );
    let taken = take(&province, &bytes).expect("kept and chained, all of it");
    assert_eq!((taken.new, taken.unapplied), (9, 7), "her own word, and her own lamp");
    let counts =
        province.world.read_now(|db| unapplied::counts(db, province.world.kit())).expect("counts");
    assert_eq!(counts, Counts { conflicts: 4, outside: 3, ..Counts::default() });
    assert_eq!(lamps(&province), ["ours", "their own"]);
    assert_eq!(lamp(&province, ours), Some(("ours".to_owned(), false)));
    assert_eq!(lamp(&province, Id::from_u128(3)), Some(("their own".to_owned(), false)));
    let keys = province.world.read_now(crate::neighbour::keys).expect("reads");
    assert_eq!(keys.len(), 1, "whom we believe is ours to say: {keys:?}");
    assert!(is_its_fold(&province));

    // We are not locked out, and our lamp is at home where it was.
    let burnt = province.world.run(Lane::Urgent, "test", move |tx| {
        assert_eq!(tx.owner_of(ours)?.as_deref(), Some("town"));
        assert_eq!(tx.home_of(ours)?.region, Some("220282".parse().expect("a code")));
        tx.record(Record::next(ours, LampFact::BurntOut(BurntOut {})))
    });
    burnt.expect("ours to say");
    assert_eq!(lamp(&province, ours), Some(("ours".to_owned(), true)));
    // Nor is whose region it is: what was begun without a right to it begins nothing.
    let neighbour = node("jiaohe");
    province.trusts_for(&neighbour.world, &["220281"]);
    take(&province, &segment(&neighbour, 0, Class::Internal)).expect("its key");
    let rightly = take(&province, &forged(&neighbour, vec![elsewhere(1, "220281")]));
    assert_eq!(rightly.expect("taken in").unapplied, 0);
    assert_eq!(lamps(&province), ["elsewhere", "ours", "their own"]);
    assert!(is_its_fold(&province));
}
