//! What we write against the schema of OASIS, by another's validator.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::super::{Limits, parse, write};
use super::{GOOD, fixtures, good};

/// Where `xmllint` is missing the rules alone are proved, unless nothing may be skipped.
fn xmllint(schema: &str, document: &[u8]) -> Option<Result<(), String>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/cap");
    let started = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(folder.join(schema))
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            let must = std::env::var_os("SKIP_NOTHING").is_some();
            assert!(!must, "xmllint is not there: {error}; make tools installs it");
            eprintln!("skipped: no xmllint");
            return None;
        }
    };
    // It reads all of it before it says anything longer than a pipe holds.
    child.stdin.take().expect("it is a pipe").write_all(document).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}

#[test]
fn what_is_written_is_valid_by_the_schema_of_oasis() {
    let Some(valid) = xmllint("cap12.xsd", &write(&good()).expect("no fault")) else { return };
    assert_eq!(valid, Ok(()));
    let mut seen = 0;
    for (name, bytes) in fixtures(".cap") {
        let Ok(message) = parse(&bytes, &Limits::default()) else { continue };
        let Ok(written) = write(&message.alert.upgraded()) else { continue };
        assert_eq!(xmllint("cap12.xsd", &written), Some(Ok(())), "{name}");
        seen += 1;
    }
    assert!(5 <= seen, "{seen} messages of the corpus keep the rules");
}

#[test]
fn what_the_schema_refuses_has_a_fault_here() {
    // The schema does what it is for: it refuses what it should.
    for (from, to) in [
        (">Exercise<", ">exercise<"),
        ("<scope>Public</scope>", ""),
        ("+08:00</sent>", "Z</sent>"),
        ("<event>暴雨</event>", ""),
        ("<mimeType>image/png</mimeType>", ""),
        ("<altitude>600<", "<altitude>high<"),
        ("<code>cn</code>", "<colour>red</colour>"),
        ("<size>3<", "<size>3.5<"),
        ("zh-CN", "zh_CN"),
    ] {
        let text = GOOD.replacen(from, to, 1);
        let Some(refused) = xmllint("cap12.xsd", text.as_bytes()) else { return };
        assert!(refused.is_err(), "{to}");
        let message = parse(text.as_bytes(), &Limits::default()).expect("it can be understood");
        assert!(!message.faults.is_empty(), "{to}");
    }
    for (name, bytes) in fixtures(".cap") {
        let text = String::from_utf8_lossy(&bytes);
        let Ok(message) = parse(&bytes, &Limits::default()) else { continue };
        if text.contains("cap:1.2") && xmllint("cap12.xsd", &bytes).is_some_and(|it| it.is_err()) {
            assert!(!message.faults.is_empty(), "{name}");
        }
    }
}
