//! ESRI shapefiles of polygons, in a ZIP: `.shp` with `.dbf`, and `.prj` and `.cpg` where
//! they are there.
//!
//! Source: *ESRI Shapefile Technical Description* (1998), pp. 2–9 and 19–25; dBASE III
//! table files as their readers agree. Polygons with measures or heights are read without.
//! `.cpg` and the language driver of the `.dbf` say how its texts are written; without
//! either they are UTF-8 if they read so, else GB 18030.

use std::io::{Cursor, Read as _};

use base::Datum;
use encoding_rs::{Encoding, GB18030, UTF_8};

use super::file::{
    Feature, FileError, LARGEST_FILE, MOST_ATTRIBUTES, MOST_FEATURES, MOST_POINTS, MOST_RINGS,
    Outlines, attribute,
};

/// Parts of the archive; a shapefile has some seven.
const MOST_PARTS: usize = 200;
/// All parts unpacked, in bytes.
const LARGEST_UNPACKED: u64 = 2 * LARGEST_FILE as u64;
/// `.prj` and `.cpg`, in bytes.
const LARGEST_NOTE: u64 = 64 << 10;

const SHP_HEAD: usize = 100;
const RECORD_HEAD: usize = 8;
/// Kind, box, and how many parts and points.
const POLYGON_HEAD: usize = 44;
const DBF_HEAD: usize = 32;
const DBF_FIELD: usize = 32;
/// The language driver of GBK (code page 936).
const DRIVER_936: u8 = 0x4D;

pub(super) fn read(bytes: &[u8]) -> Result<Outlines, FileError> {
    let parts = unpack(bytes)?;
    let datum = match &parts.prj {
        Some(prj) => datum(&String::from_utf8_lossy(prj))?,
        None => None,
    };
    let rings = polygons(&parts.shp)?;
    let rows = match &parts.dbf {
        Some(dbf) => rows(dbf, parts.cpg.as_deref())?,
        None => return Err(broken("the archive", "no .dbf", ".shp, .dbf and .prj of one name")),
    };
    if rows.len() != rings.len() {
        let has = format!("{} rows beside {} outlines", rows.len(), rings.len());
        return Err(broken(".dbf", has, "a row for each outline"));
    }
    let features = rings.into_iter().zip(rows).enumerate().map(|(at, (rings, attributes))| {
        let (rings, unreadable) = match rings {
            Ok(rings) => (rings, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        Feature { number: at + 1, attributes, rings, unreadable }
    });
    Ok(Outlines { format: "shapefile", datum, features: features.collect() })
}

fn broken(part: &'static str, has: impl Into<String>, expected: impl Into<String>) -> FileError {
    FileError::Shapefile { part, has: has.into(), expected: expected.into() }
}

#[derive(Default)]
struct Parts {
    shp: Vec<u8>,
    dbf: Option<Vec<u8>>,
    prj: Option<Vec<u8>>,
    cpg: Option<Vec<u8>>,
}

/// Unpacks the one shapefile of an archive, no part further than it may be large.
fn unpack(bytes: &[u8]) -> Result<Parts, FileError> {
    let archive = |error: zip::result::ZipError| {
        FileError::Archive(error.to_string().chars().take(200).collect())
    };
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(archive)?;
    if MOST_PARTS < zip.len() {
        return Err(FileError::Archive(format!("it has {} parts", zip.len())));
    }
    let mut found: Vec<(String, String, usize)> = Vec::new();
    for at in 0..zip.len() {
        let part = zip.by_index(at).map_err(archive)?;
        let name = part.name().map_err(archive)?;
        if let Some((stem, kind)) = name.rsplit_once('.') {
            found.push((stem.to_owned(), kind.to_ascii_lowercase(), at));
        }
    }
    let shapes: Vec<&(String, String, usize)> =
        found.iter().filter(|(_, kind, _)| kind == "shp").collect();
    let [(stem, _, _)] = shapes[..] else {
        let has = format!("{} files .shp", shapes.len());
        return Err(broken("the archive", has, "one"));
    };
    let mut left = LARGEST_UNPACKED;
    let mut part = |wanted: &str, limit: u64| -> Result<Option<Vec<u8>>, FileError> {
        let of = found.iter().find(|(other, kind, _)| other == stem && kind == wanted);
        let Some((_, _, at)) = of else { return Ok(None) };
        let limit = limit.min(left);
        let mut unpacked = Vec::new();
        let reader = zip.by_index(*at).map_err(archive)?;
        reader
            .take(limit + 1)
            .read_to_end(&mut unpacked)
            .map_err(|error| FileError::Archive(error.to_string().chars().take(200).collect()))?;
        if limit < unpacked.len() as u64 {
            return Err(FileError::Archive(format!(
                "its .{wanted} unpacks to more than {limit} bytes"
            )));
        }
        left -= unpacked.len() as u64;
        Ok(Some(unpacked))
    };
    Ok(Parts {
        shp: part("shp", LARGEST_UNPACKED)?.unwrap_or_default(),
        dbf: part("dbf", LARGEST_UNPACKED)?,
        prj: part("prj", LARGEST_NOTE)?,
        cpg: part("cpg", LARGEST_NOTE)?,
    })
}

/// What a `.prj` says; anything but the two that are degrees of ours is refused.
fn datum(prj: &str) -> Result<Option<Datum>, FileError> {
    let plain: String =
        prj.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase();
    let refused = || FileError::Projected(prj.trim().chars().take(60).collect());
    if plain.is_empty() {
        return Ok(None);
    }
    if !(plain.starts_with("geogcs") || plain.starts_with("geogcrs")) {
        return Err(refused());
    }
    if plain.contains("chinageodeticcoordinatesystem2000") || plain.contains("cgcs2000") {
        return Ok(Some(Datum::Cgcs2000));
    }
    if plain.contains("wgs1984") || plain.contains("wgs84") {
        return Ok(Some(Datum::Wgs84));
    }
    Err(refused())
}

fn at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..place.checked_add(N)?)?.try_into().ok()
}

fn long(bytes: &[u8], place: usize) -> Option<i32> {
    at(bytes, place).map(i32::from_le_bytes)
}

fn count(bytes: &[u8], place: usize) -> Option<usize> {
    long(bytes, place).and_then(|number| usize::try_from(number).ok())
}

pub(super) type Rings = Result<Vec<Vec<[f64; 2]>>, String>;

/// The records of a `.shp`; one that is no polygon says what it is.
pub(super) fn polygons(bytes: &[u8]) -> Result<Vec<Rings>, FileError> {
    if at(bytes, 0).map(i32::from_be_bytes) != Some(9994) || bytes.len() < SHP_HEAD {
        return Err(broken(".shp", "another beginning", "the code 9994"));
    }
    let mut records = Vec::new();
    let mut rest = &bytes[SHP_HEAD..];
    while !rest.is_empty() {
        let number = records.len() + 1;
        let words = at(rest, 4).map(u32::from_be_bytes).unwrap_or_default() as usize;
        let Some(content) =
            rest.get(RECORD_HEAD..RECORD_HEAD + 2 * words).filter(|it| 4 <= it.len())
        else {
            let has = format!("{} bytes left for record {number}", rest.len());
            return Err(broken(".shp", has, format!("{}", RECORD_HEAD + 2 * words)));
        };
        records.push(polygon(content));
        if MOST_FEATURES < records.len() {
            return Err(FileError::Features(MOST_FEATURES));
        }
        rest = &rest[RECORD_HEAD + 2 * words..];
    }
    Ok(records)
}

fn polygon(content: &[u8]) -> Rings {
    match long(content, 0) {
        Some(5 | 15 | 25) => {}
        Some(0) => return Err("no geometry".to_owned()),
        other => return Err(format!("a shape of type {}", other.unwrap_or(-1))),
    }
    let short = || format!("a polygon in {} bytes", content.len());
    let (parts, points) = count(content, 36).zip(count(content, 40)).ok_or_else(short)?;
    if MOST_POINTS < points || MOST_RINGS < parts {
        return Err(format!("more than {MOST_POINTS} points or {MOST_RINGS} rings"));
    }
    let first = POLYGON_HEAD + 4 * parts;
    if content.len() < first + 16 * points {
        return Err(short());
    }
    let begins: Vec<usize> = (0..parts)
        .map(|part| count(content, POLYGON_HEAD + 4 * part))
        .collect::<Option<_>>()
        .ok_or_else(short)?;
    let point = |place: usize| {
        let axis = |place| at(content, place).map_or(f64::NAN, f64::from_le_bytes);
        [axis(first + 16 * place), axis(first + 16 * place + 8)]
    };
    let mut rings = Vec::with_capacity(parts);
    for (part, begin) in begins.iter().enumerate() {
        let end = begins.get(part + 1).copied().unwrap_or(points);
        if end < *begin || points < end {
            return Err(format!("ring {} from point {begin} to {end} of {points}", part + 1));
        }
        rings.push((*begin..end).map(point).collect());
    }
    Ok(rings)
}

/// A column of a `.dbf`.
struct Column {
    name: String,
    from: usize,
    length: usize,
}

/// The rows of a `.dbf`, those marked as deleted too: they stand beside an outline.
pub(super) fn rows(
    bytes: &[u8],
    cpg: Option<&[u8]>,
) -> Result<Vec<Vec<(String, String)>>, FileError> {
    let head = || broken(".dbf", format!("{} bytes", bytes.len()), "a whole header");
    let rows = at(bytes, 4).map(u32::from_le_bytes).ok_or_else(head)? as usize;
    let first = at(bytes, 8).map(u16::from_le_bytes).ok_or_else(head)? as usize;
    let length = at(bytes, 10).map(u16::from_le_bytes).ok_or_else(head)? as usize;
    let driver = *bytes.get(29).ok_or_else(head)?;
    if MOST_FEATURES < rows {
        return Err(FileError::Features(MOST_FEATURES));
    }
    let table = bytes.get(first..).filter(|_| DBF_HEAD < first).ok_or_else(head)?;
    if length == 0 || table.len() < rows * length {
        let has = format!("{} bytes for {rows} rows of {length}", table.len());
        return Err(broken(".dbf", has, "a byte and more for each row, and all of them"));
    }
    let encoding = encoding(cpg, driver, table);
    let text = |bytes: &[u8]| {
        encoding.decode_without_bom_handling(bytes).0.trim_matches(['\0', ' ']).to_owned()
    };
    let mut columns = Vec::new();
    // A row begins with the mark of a deleted one.
    let mut from = 1;
    for field in bytes[DBF_HEAD..first].chunks_exact(DBF_FIELD).take_while(|it| it[0] != 0x0D) {
        let name = field[..11].split(|byte| *byte == 0).next().unwrap_or_default();
        let (kind, field_length) = (field[11], usize::from(field[16]));
        if matches!(kind, b'C' | b'N' | b'F') && columns.len() < MOST_ATTRIBUTES {
            columns.push(Column { name: text(name), from, length: field_length });
        }
        from += field_length;
    }
    let row = |row: &[u8]| {
        let cell = |column: &Column| {
            let bytes = row.get(column.from..column.from + column.length).unwrap_or_default();
            attribute(&column.name, &text(bytes))
        };
        columns.iter().map(cell).collect()
    };
    Ok(table.chunks_exact(length).take(rows).map(row).collect())
}

fn encoding(cpg: Option<&[u8]>, driver: u8, texts: &[u8]) -> &'static Encoding {
    let said = cpg.map(|cpg| String::from_utf8_lossy(cpg).trim().to_ascii_lowercase());
    let said =
        said.as_deref().map(|said| said.trim_start_matches("cp").trim_start_matches("oem").trim());
    match said {
        Some("utf-8" | "utf8" | "65001") => return UTF_8,
        Some("936" | "gbk" | "gb2312" | "gb18030" | "54936") => return GB18030,
        _ => {}
    }
    if driver == DRIVER_936 || std::str::from_utf8(texts).is_err() { GB18030 } else { UTF_8 }
}
