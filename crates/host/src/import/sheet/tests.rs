use std::io::{Cursor, Write as _};

use super::*;
use crate::town::Scratch;

/// All rows of a file with these bytes, as lines of text.
fn read(bytes: &[u8]) -> Result<String, SheetError> {
    let scratch = Scratch::new();
    let path = scratch.path().join("table");
    std::fs::write(&path, bytes).expect("written");
    read_sheet(&path, None)
}

fn read_sheet(path: &Path, sheet: Option<&str>) -> Result<String, SheetError> {
    let mut lines = String::new();
    rows(path, sheet, &mut |line| {
        lines.push_str(&format!("{}: {:?}\n", line.number, line.cells));
        ControlFlow::Continue(())
    })?;
    Ok(lines)
}

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/import").join(name)
}

/// A workbook of one sheet, put together by hand.
fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{rels}\"><Relationship Id=\"r1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{rels}\"><Relationship Id=\"r1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{relation}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml", strings.to_owned()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>"),
        ),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}

const NO_STRINGS: &str = "<sst uniqueCount=\"0\"></sst>";

#[test]
fn every_type_of_cell_that_a_workbook_of_others_has_is_read() {
    let path = fixture("types.xlsx");
    assert_eq!(sheets(&path), Ok(vec!["一".to_owned(), "二".to_owned()]));
    expect_test::expect![[r#"
        1: [Text("日期"), Text("时刻"), Text("数"), Text("文本"), Text("真假")]
        2: [Moment("2026-08-03"), Moment("2026-08-03 14:30:00"), Number(1.5), Text("空格"), Text("TRUE")]
        3: [Empty, Empty, Number(220282.0), Text("第一行\n第二行")]
        5: [Empty, Empty, Empty, Text("隔一行")]
    "#]]
    .assert_eq(&read_sheet(&path, None).expect("reads"));
    assert_eq!(read_sheet(&path, Some("二")).expect("reads"), "1: [Text(\"另一页\")]\n");
    assert_eq!(read_sheet(&path, Some("三")), Err(SheetError::Sheet("三".to_owned())));
}

#[test]
fn formulas_and_merged_cells_are_told_apart_from_values() {
    let lines = read_sheet(&fixture("stations_with_mistakes.xlsx"), None).expect("reads");
    let line = |number: u32| {
        let start = format!("{number}: ");
        lines.lines().find(|line| line.starts_with(&start)).unwrap_or_default().to_owned()
    };
    assert!(line(1).contains("虚构测站登记表") && !line(1).contains("Merged"), "{}", line(1));
    assert_eq!((line(2), line(11)), (String::new(), String::new()), "empty lines are no rows");
    assert_eq!(line(9).matches("Formula").count(), 1);
    assert_eq!(line(10).matches("Formula").count(), 1);
    assert_eq!((line(12).matches("Merged").count(), line(13).matches("Merged").count()), (1, 1));
}

#[test]
fn csv_is_read_in_the_encodings_and_with_the_signs_that_offices_use() {
    let plain = "1: [Text(\"站名\"), Text(\"河流\")]\n2: [Text(\"青石湾\"), Text(\"辉发河\")]\n";
    let utf8 = "站名,河流\n青石湾,辉发河\n";
    assert_eq!(read(utf8.as_bytes()).expect("reads"), plain);
    assert_eq!(read(format!("\u{feff}{utf8}").as_bytes()).expect("reads"), plain);
    let (gbk, ..) = encoding_rs::GBK.encode(utf8);
    assert_eq!(read(&gbk).expect("reads"), plain);
    assert_eq!(read("站名;河流\r\n青石湾;辉发河\r\n".as_bytes()).expect("reads"), plain);
    assert_eq!(read("站名\t河流\n青石湾\t辉发河".as_bytes()).expect("reads"), plain);
    assert_eq!(
        read("\"站名\",\"河流\"\n\"青石湾\",\"辉发河\"\n".as_bytes()).expect("reads"),
        plain
    );
    // 镕 is in GBK and not in GB 2312; 㐂 is in GB 18030 alone.
    let (gb18030, ..) = encoding_rs::GB18030.encode("朱镕\n㐂");
    assert_eq!(read(&gb18030).expect("reads"), "1: [Text(\"朱镕\")]\n2: [Text(\"㐂\")]\n");
    assert_eq!(
        read(b"\r\na\r\n\r\n\r\nb\r\n").expect("reads"),
        "2: [Text(\"a\")]\n5: [Text(\"b\")]\n"
    );
    let quoted = "a,\"两\n行\"\n\n,,\n b ,c\n";
    assert_eq!(
        read(quoted.as_bytes()).expect("reads"),
        "1: [Text(\"a\"), Text(\"两\\n行\")]\n4: [Text(\"b\"), Text(\"c\")]\n"
    );
}

#[test]
fn what_is_no_table_is_refused_with_what_was_seen() {
    let said = |bytes: &[u8]| read(bytes).expect_err("refused").to_string();
    assert!(said(b"").ends_with("it is empty"));
    assert!(said(&[0xD0, 0xCF, 0x11, 0xE0, 0, 0, 0, 0]).contains("XLS of before 2007"));
    assert!(said(b"%PDF\0").contains("NUL"));
    assert_eq!(said(b"ok\n\xFF\xFF\xFF"), "byte 3 is neither UTF-8 nor GB 18030");
    assert!(said(b"PK\x03\x04 and no more").starts_with("the workbook does not read"));
    let rows: String = (0..MOST_ROWS + HEADER_WITHIN + 1).map(|_| "x\n").collect();
    assert_eq!(said(rows.as_bytes()), "more than 200000 rows, expected several files");
    let back = workbook(
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
        NO_STRINGS,
    );
    assert_eq!(said(&back), "row 1 comes after row 2");
}

#[test]
fn a_workbook_that_unpacks_without_end_or_lies_about_its_size_ends_nothing() {
    let many = "<si><t>烽燧烽燧烽燧烽燧</t></si>".repeat(2_000_000);
    let bomb = workbook("", &format!("<sst uniqueCount=\"2000000\">{many}</sst>"));
    assert!((bomb.len() as u64) < LARGEST_FILE / 10, "{} bytes", bomb.len());
    let said = read(&bomb).expect_err("refused");
    let (part, limit) = ("xl/sharedStrings.xml".to_owned(), LARGEST_STRINGS);
    assert_eq!(said, SheetError::Large { part, limit });

    for count in ["99999999999999", "18446744073709551615"] {
        let liar = workbook("", &format!("<sst uniqueCount=\"{count}\"></sst>"));
        let said = read(&liar).expect_err("refused").to_string();
        assert!(said.contains("more texts than a file can"), "{said}");
    }
    // A shared formula with an index that somebody would make room for.
    let shared = "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" si=\"99999999999999\" ref=\"A1:A2\">1</f><v>1</v></c></row>";
    assert_eq!(read(&workbook(shared, NO_STRINGS)).expect("reads"), "1: [Formula]\n");
    // Cells beyond every column, and at the last row that there could be.
    let far = "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c><c r=\"B4294967295\"><v>2</v></c></row>";
    assert_eq!(
        read(&workbook(far, NO_STRINGS)).expect("reads"),
        "4294967295: [Empty, Number(2.0)]\n"
    );
    let odd = "<row r=\"1\"><c r=\"ZZZZZZZZZZZZ1\"><v>1</v></c></row>";
    assert!(read(&workbook(odd, NO_STRINGS)).is_err());
    let cells = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>";
    // A text that is not there: an error or nothing, but no end of the process.
    let _ = read(&workbook(cells, NO_STRINGS));
}

#[test]
fn any_bytes_are_a_table_or_refused() {
    let good = std::fs::read(fixture("types.xlsx")).expect("is there");
    // Every place of the file once, with another value: what a damaged disk brings.
    for at in (0..good.len()).step_by(7) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x5A;
        let _ = read(&bytes);
    }
    for length in (0..good.len()).step_by(97) {
        let _ = read(&good[..length]);
    }
}
