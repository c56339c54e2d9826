//! Which tables the statements of each crate name, held to the map.
//!
//! A crate writes its own tables only, and reads its own and those of crates before it
//! in ARCHITECTURE.md. What a statement names is read off the sources, so a statement
//! that no story runs is held to it too.

use std::collections::{BTreeMap, BTreeSet};

use host::part::Kit;
use trust::Sessions;

use crate::config::Config;
use crate::parts::parts;
use crate::sources::{self, Source};

/// Tables that a crate reads although a later one fills them, as ARCHITECTURE.md says.
const ASKED: &[(&str, &str)] =
    &[("host", "region_within"), ("host", "org_within"), ("trust", "region")];

/// What a statement does to a table that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Reads,
    Writes,
}

/// The crates in the order of the map.
fn crates_in_order() -> Vec<String> {
    let map = include_str!("../../../ARCHITECTURE.md");
    let folders = map.split("## The folders").nth(1).expect("the map lists the folders");
    let folders = folders.split("## ").next().expect("at least this");
    let name = |line: &str| line.strip_prefix("- `")?.split('`').next().map(str::to_owned);
    folders.lines().filter_map(name).collect()
}

/// The crate of each table, also by the name that a view's statements have for it.
fn owners() -> BTreeMap<String, &'static str> {
    let (kit, _) = Kit::fold(parts(&Config::default(), &Sessions::default()));
    let mut owners: BTreeMap<String, &'static str> =
        kit.tables().map(|(name, _)| (name.to_owned(), "host")).collect();
    for part in parts(&Config::default(), &Sessions::default()) {
        let of = if part.name == "node" { "server" } else { part.name };
        let tables = part.slices.iter().flat_map(|slice| slice.tables);
        owners.extend(tables.map(|table| (table.name.to_owned(), of)));
        for table in part.views.iter().flat_map(|view| view.tables) {
            owners
                .extend([table.name, table.slots[0], table.slots[1]].map(|it| (it.to_owned(), of)));
        }
    }
    owners
}

/// The string literals of a source, as the compiler has them, without comments.
fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let at = |place: usize| chars.get(place).copied().unwrap_or('\0');
    let mut place = 0;
    while place < chars.len() {
        let (here, next) = (at(place), at(place + 1));
        if here == '/' && next == '/' {
            while place < chars.len() && at(place) != '\n' {
                place += 1;
            }
        } else if here == '\'' && next == '\\' {
            place += 3;
            while place < chars.len() && at(place) != '\'' {
                place += 1;
            }
            place += 1;
        } else if here == '\'' {
            // A character, or a lifetime.
            place += if at(place + 2) == '\'' { 3 } else { 1 };
        } else if here == 'r' && (next == '"' || next == '#') {
            let hashes = (place + 1..).take_while(|at_hash| at(*at_hash) == '#').count();
            if at(place + 1 + hashes) != '"' {
                place += 1;
                continue;
            }
            let end: String = format!("\"{}", "#".repeat(hashes));
            let rest: String = chars[place + 2 + hashes..].iter().collect();
            let literal = rest.split(&end).next().unwrap_or_default().to_owned();
            place += 2 + hashes + literal.chars().count() + 1 + hashes;
            found.push(literal);
        } else if here == '"' {
            let mut literal = String::new();
            place += 1;
            while place < chars.len() && at(place) != '"' {
                if at(place) != '\\' {
                    literal.push(at(place));
                    place += 1;
                } else if at(place + 1) == '\n' {
                    // A line that goes on: what the next begins with is not in it.
                    place += 2;
                    while at(place).is_ascii_whitespace() {
                        place += 1;
                    }
                } else {
                    literal.push(' ');
                    place += 2;
                }
            }
            place += 1;
            found.push(literal);
        } else {
            place += 1;
        }
    }
    found
}

/// The words of a statement: names, `{…}` for what is put in, and single signs.
fn words(statement: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = statement.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = match first {
            '{' => rest.find('}').map_or(rest.len(), |end| end + 1),
            c if is_name(c) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// What a literal names as tables: after `from`, `join`, `into` and `update`.
fn tables(literal: &str) -> Vec<(Use, String)> {
    let words = words(literal);
    let is_statement =
        matches!(words.first().copied(), Some("select" | "insert" | "update" | "delete" | "with"));
    let word = |place: usize| words.get(place).copied().unwrap_or_default();
    let mut named = Vec::new();
    for place in 0..words.len() {
        let before = place.checked_sub(1).map(word).unwrap_or_default();
        let how = match (word(place), before) {
            ("from", "delete") | ("into", "insert") => Use::Writes,
            ("update", "do" | "for") => continue,
            ("update", _) => Use::Writes,
            ("from", "distinct") => continue,
            ("from" | "join", _) => Use::Reads,
            _ => continue,
        };
        let mut next = place + 1;
        loop {
            let name = word(next);
            // What is put in is looked at in statements only: a sentence has it too.
            if !name.starts_with('{') || is_statement {
                named.push((how, name.to_owned()));
            }
            // `from a as x, b as y` names both.
            next += 1;
            next += usize::from(word(next) == "as");
            let alias = word(next).chars().all(|c| c.is_ascii_lowercase()) && word(next + 1) == ",";
            next += usize::from(alias);
            if word(next) != "," {
                break;
            }
            next += 1;
        }
    }
    named
}

/// What of a source is not as the map says, and which of [`ASKED`] it asks.
fn check(
    source: &Source,
    order: &[String],
    owners: &BTreeMap<String, &'static str>,
    asked: &mut BTreeSet<(&'static str, &'static str)>,
) -> Vec<String> {
    let rank = |of: &str| {
        let place = order.iter().position(|name| name == of);
        place.unwrap_or_else(|| panic!("{of} is not in ARCHITECTURE.md"))
    };
    let mut wrong = Vec::new();
    for (how, name) in literals(&source.text).iter().flat_map(|literal| tables(literal)) {
        let (of, path) = (&source.of, &source.path);
        if name.starts_with('{') {
            // The host writes tables that it is told the names of: its own pens do, and
            // each asks whose the table is.
            if of != "host" {
                wrong.push(format!("{path}: a statement that {how:?} {name}, not a name"));
            }
            continue;
        }
        let Some(owner) = owners.get(&name) else { continue };
        let is_asked = ASKED.iter().find(|(by, table)| by == of && *table == name);
        match (how, is_asked) {
            (Use::Writes, _) if owner != of => {
                wrong.push(format!("{path}: writes {name}, which is {owner}'s"));
            }
            (Use::Reads, Some(pair)) => drop(asked.insert(*pair)),
            (Use::Reads, None) if rank(of) < rank(owner) => {
                wrong.push(format!("{path}: reads {name}, which {owner} fills after it"));
            }
            _ => {}
        }
    }
    wrong
}

#[test]
fn every_statement_names_tables_as_the_map_says() {
    let (order, owners) = (crates_in_order(), owners());
    let mut asked = BTreeSet::new();
    let mut wrong = Vec::new();
    // What is said to a ClickHouse names tables of a ClickHouse.
    let ours = sources::of_product().into_iter().filter(|source| source.of != "clickhouse");
    for source in ours {
        wrong.extend(check(&source, &order, &owners, &mut asked));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(asked, ASKED.iter().copied().collect(), "an exception that nobody needs");
}

#[test]
fn a_statement_of_the_wrong_crate_is_named() {
    let (order, owners) = (crates_in_order(), owners());
    let wrong = |of: &str, text: &str| {
        let source = Source { of: of.to_owned(), path: "x.rs".to_owned(), text: text.to_owned() };
        check(&source, &order, &owners, &mut BTreeSet::new())
    };
    let none: [String; 0] = [];
    assert_eq!(wrong("respond", r#"db.row("select a from task where id = $1", p)"#), none);
    assert_eq!(wrong("respond", r#"db.row("select a from warning w join task t", p)"#), none);
    assert_eq!(
        wrong("alert", r#"db.row("select a from warning w join task t", p)"#),
        ["x.rs: reads task, which respond fills after it"]
    );
    assert_eq!(
        wrong("alert", "db.rows(\n    \"select a \\\n     from warning as w, task t\")"),
        ["x.rs: reads task, which respond fills after it"]
    );
    assert_eq!(
        wrong("respond", r##"tx.work().run(r#"delete from session where id = $1"#)"##),
        ["x.rs: writes session, which is trust's"]
    );
    assert_eq!(
        wrong("respond", r#"run("insert into log_head (book) values ('x')")"#),
        ["x.rs: writes log_head, which is host's"]
    );
    assert_eq!(
        wrong("sense", r#"run(&format!("update {table} set a = 1"))"#),
        ["x.rs: a statement that Writes {table}, not a name"]
    );
    assert_eq!(wrong("sense", "// \"update task set a\"\nlet c = '\"'; f(\"from task\")").len(), 1);
    assert_eq!(wrong("sense", r#"say("restored from {}")"#), none);
}
