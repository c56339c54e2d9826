//! Against `fixtures/datum`, which implementations that are not ours wrote.

use proptest::prelude::*;

use super::*;

struct Vector {
    by: String,
    from: Datum,
    to: Datum,
    given: [f64; 2],
    want: [f64; 2],
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../../../fixtures/datum/vectors.csv");
    let parse = |line: &str| {
        let mut fields = line.split(',');
        let mut next = || fields.next().expect("seven fields");
        let by = next().to_owned();
        let (from, to) = (next().parse().expect("a datum"), next().parse().expect("a datum"));
        let mut number = || next().parse::<f64>().expect("a number");
        let (given, want) = ([number(), number()], [number(), number()]);
        Vector { by, from, to, given, want }
    };
    text.lines().skip(1).map(parse).collect()
}

/// How far an implementation's own number lies from the exact one; see the fixtures' README.
fn tolerance(vector: &Vector) -> f64 {
    let inverse = matches!(
        (vector.from, vector.to),
        (Datum::Gcj02 | Datum::Bd09, Datum::Wgs84) | (Datum::Bd09, Datum::Gcj02)
    );
    match vector.by.as_str() {
        "eviltransform" => 2e-7,
        _ if inverse => 2e-6,
        _ if vector.to == Datum::Bd09mc => 1e-6, // metres
        _ => 1e-9,
    }
}

/// Degrees or metres between two pairs, by the larger coordinate.
fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).abs().max((a[1] - b[1]).abs())
}

/// From one datum to another: the steps between those of GCJ-02 and BD-09 are
/// taken alone, since going through CGCS2000 would undo and redo the shift.
fn convert(vector: &Vector) -> [f64; 2] {
    let [x, y] = vector.given;
    let pair = |(x, y)| [x, y];
    match (vector.from, vector.to) {
        (Datum::Gcj02, Datum::Bd09) => pair(bd09::shift(x, y)),
        (Datum::Bd09, Datum::Gcj02) => pair(bd09::undo(x, y)),
        (Datum::Bd09, Datum::Bd09mc) => pair(bd09::to_metres(x, y)),
        (Datum::Bd09mc, Datum::Bd09) => pair(bd09::from_metres(x, y).expect("on the map")),
        (from, to) => to.of_point(from.to_point([x, y]).expect("on the earth")),
    }
}

#[test]
fn the_vectors_of_five_implementations_come_out() {
    let mut compared = std::collections::BTreeMap::<String, u32>::new();
    for vector in vectors() {
        let got = convert(&vector);
        let off = apart(got, vector.want);
        assert!(
            off <= tolerance(&vector),
            "{} {} -> {} of {:?}: {got:?}, expected {:?}, {off:e} apart",
            vector.by,
            vector.from,
            vector.to,
            vector.given,
            vector.want
        );
        *compared.entry(vector.by).or_default() += 1;
    }
    let all = ["coord-convert", "coordtransform", "eviltransform", "gcoord", "pyproj"];
    assert_eq!(compared.keys().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn outside_china_gcj02_is_what_it_was_and_inside_it_is_half_a_kilometre_off() {
    let london = [-0.1276, 51.5072];
    assert_eq!(Datum::Gcj02.to_point(london), Ok(Point::new(-0.1276, 51.5072).unwrap()));
    let changchun = Point::new(125.3235, 43.8171).unwrap();
    let [lon, lat] = Datum::Gcj02.of_point(changchun);
    assert!((lon - 125.3235) * 80_300.0 > 500.0 && (lat - 43.8171) * 111_100.0 > 250.0);
}

#[test]
fn the_edge_of_the_rectangle_belongs_to_it_both_ways() {
    for (lon, lat) in [(72.004, 40.0), (137.8347, 40.0), (100.0, 0.8293), (100.0, 55.8271)] {
        let point = Point::new(lon, lat).unwrap();
        let given = Datum::Gcj02.of_point(point);
        assert_ne!(given, [lon, lat]);
        let back = Datum::Gcj02.to_point(given).unwrap();
        assert!(apart([back.lon(), back.lat()], [lon, lat]) < 1e-9);
    }
    for (lon, lat) in [(72.0039, 40.0), (100.0, 55.8272)] {
        let point = Point::new(lon, lat).unwrap();
        assert_eq!(Datum::Gcj02.of_point(point), [lon, lat]);
    }
}

#[test]
fn cgcs2000_and_wgs84_are_one() {
    let place = [126.9998, 43.0320];
    assert_eq!(Datum::Wgs84.to_point(place), Datum::Cgcs2000.to_point(place));
}

#[test]
fn what_is_off_the_earth_or_no_number_is_refused_with_what_was_seen() {
    let refusal = |datum: Datum, pair| datum.to_point(pair).unwrap_err().to_string();
    assert_eq!(
        refusal(Datum::Gcj02, [43.8, 125.3]),
        "gcj02 coordinates are (43.8, 125.3), expected longitude -180..180 and latitude -90..90 in degrees"
    );
    assert_eq!(
        refusal(Datum::Bd09mc, [1.0, 2e7]),
        "bd09mc coordinates are (1, 20000000), expected metres east within 20037727 and north within 12474104"
    );
    for datum in Datum::ALL {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(datum.to_point([bad, 40.0]).is_err());
            assert!(datum.to_point([120.0, bad]).is_err());
        }
    }
}

#[test]
fn datums_are_known_by_the_words_of_tables_and_the_code_reads_back() {
    for datum in Datum::ALL {
        assert_eq!(datum.to_string().parse(), Ok(datum));
        assert_eq!(serde_json::to_string(&datum).unwrap(), format!("\"{datum}\""));
    }
    let said = |text: &str| text.parse::<Datum>();
    assert_eq!(said("WGS-84"), Ok(Datum::Wgs84));
    assert_eq!(said("EPSG:4490"), Ok(Datum::Cgcs2000));
    assert_eq!(said("GCJ-02"), Ok(Datum::Gcj02));
    assert_eq!(said("火星坐标"), Ok(Datum::Gcj02));
    assert_eq!(said("BD-09"), Ok(Datum::Bd09));
    assert_eq!(
        said("北京54").unwrap_err().to_string(),
        "datum is \"北京54\", expected cgcs2000, wgs84, gcj02, bd09 or bd09mc"
    );
}

#[test]
fn a_place_keeps_the_numbers_it_was_given_in() {
    let located = Located::new(Datum::Gcj02, [125.33, 43.8195]).unwrap();
    let text = serde_json::to_string(&located).unwrap();
    assert_eq!(serde_json::from_str::<Located>(&text).unwrap(), located);
    assert!(text.ends_with(r#""original":[125.33,43.8195],"datum":"gcj02"}"#), "{text}");
}

proptest! {
    /// Over China and its seas, back and forth is exact to 1e-9°. For the metres it is 3e-6°
    /// (0.3 m): their two ways are fitted each by itself, and are furthest apart, 2.42e-6°,
    /// just below 45° north, where one fit gives way to the next (every 2e-5° looked at).
    #[test]
    fn back_and_forth_is_the_same_place(lon in 72.1..137.7f64, lat in 1.0..55.7f64) {
        let point = Point::new(lon, lat).unwrap();
        for datum in Datum::ALL {
            let back = datum.to_point(datum.of_point(point)).unwrap();
            let off = apart([back.lon(), back.lat()], [lon, lat]);
            prop_assert!(off <= if datum == Datum::Bd09mc { 3e-6 } else { 1e-9 }, "{} {:e}", datum, off);
        }
    }

    #[test]
    fn any_two_numbers_are_a_place_or_refused(x in any::<f64>(), y in any::<f64>()) {
        for datum in Datum::ALL {
            if let Ok(point) = datum.to_point([x, y]) {
                prop_assert!(Point::new(point.lon(), point.lat()).is_ok());
            }
        }
    }
}
