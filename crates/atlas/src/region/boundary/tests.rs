//! Boundaries: files that are not ours, outlines that are none, and what stands after.

use base::place::Tier;
use base::{AdminCode, Datum};
use host::scope::MANAGE_ATLAS;
use host::town::Town;
use serde_json::{Value as Json, json};

use super::file::{self, FileError};
use super::packed::{pack, unpack};
use super::shape::{self, Shape, ShapeError};
use super::shapefile;
use crate::region::seed;

const GBK: &[u8] = include_bytes!("../../../../../fixtures/boundaries/counties_gbk.zip");
const UTF8_Z: &[u8] = include_bytes!("../../../../../fixtures/boundaries/counties_utf8_z.zip");
const UNSAID: &[u8] = include_bytes!("../../../../../fixtures/boundaries/counties_gbk_unsaid.zip");
const PROJECTED: &[u8] = include_bytes!("../../../../../fixtures/boundaries/projected.zip");
const COUNTIES: &[u8] = include_bytes!("../../../../../fixtures/geo/jilin_counties.geojson");
const PREFECTURES: &[u8] = include_bytes!("../../../../../fixtures/geo/jilin_prefectures.geojson");

fn ring(points: &[[f64; 2]]) -> Result<shape::Ring, ShapeError> {
    let steps: Vec<shape::Step> = points
        .iter()
        .map(|[lon, lat]| shape::step(base::Point::new(*lon, *lat).expect("on earth")))
        .collect();
    shape::ring(&steps)
}

fn square(west: f64, south: f64, size: f64) -> Vec<[f64; 2]> {
    let (east, north) = (west + size, south + size);
    vec![[west, south], [east, south], [east, north], [west, north], [west, south]]
}

fn shape_of(rings: &[Vec<[f64; 2]>]) -> Result<Shape, ShapeError> {
    Shape::of(rings.iter().map(|points| ring(points)).collect::<Result<_, _>>()?)
}

fn at(lon: f64, lat: f64) -> shape::Step {
    shape::step(base::Point::new(lon, lat).expect("on earth"))
}

#[test]
fn an_outline_that_is_none_says_why() {
    let why = |rings: &[Vec<[f64; 2]>]| shape_of(rings).expect_err("is none").to_string();
    assert_eq!(why(&[]), "there is no ring");
    let open = vec![[126.0, 43.0], [127.0, 43.0], [127.0, 44.0], [126.0, 44.0]];
    assert_eq!(
        why(&[open]),
        "a ring begins at [126.0, 43.0] and ends at [126.0, 44.0], expected it to close"
    );
    assert!(why(&[vec![[126.0, 43.0], [127.0, 43.0], [126.0, 43.0]]]).starts_with("a ring has 3"));
    let flat = vec![[126.0, 43.0], [127.0, 43.0], [126.5, 43.0], [126.0, 43.0]];
    assert_eq!(why(&[flat]), "a ring has no area, at [126.0, 43.0]");
    let bow = vec![[126.0, 43.0], [127.0, 44.0], [127.0, 43.0], [126.0, 43.5], [126.0, 43.0]];
    assert!(why(&[bow]).starts_with("two edges cross"));
    // Two rings that cross are as wrong as one that crosses itself.
    assert!(why(&[square(126.0, 43.0, 1.0), square(126.5, 43.5, 1.0)]).starts_with("two edges"));
    // A comb of edges that all lie above each other is given up, not worked at for ever.
    let comb: Vec<[f64; 2]> = (0..20_000)
        .map(|at| [if at % 2 == 0 { 120.0 } else { 130.0 }, 40.0 + f64::from(at) * 1e-4])
        .chain([[140.0, 50.0], [140.0, 30.0], [120.0, 40.0]])
        .collect();
    assert_eq!(shape_of(&[comb]), Err(ShapeError::Tangled));
}

#[test]
fn rings_are_put_together_by_how_they_lie() {
    // An island in a lake in a county, and a part beside it; every way round.
    let rings = [
        square(126.0, 43.0, 1.0),
        square(126.2, 43.2, 0.5),
        square(126.4, 43.4, 0.1),
        square(128.0, 43.0, 0.2),
    ];
    let shape = shape_of(&rings).expect("sound");
    let turned: Vec<Vec<[f64; 2]>> =
        rings.iter().rev().map(|ring| ring.iter().rev().copied().collect()).collect();
    assert_eq!(shape_of(&turned).expect("sound").area_km2(), shape.area_km2());
    assert_eq!(shape.polygons.len(), 3);
    assert_eq!(shape.polygons[0].holes.len(), 1);
    assert!(shape.polygons.iter().all(|it| shape::is_against_the_clock(&it.outer)));
    assert!(!shape::is_against_the_clock(&shape.polygons[0].holes[0]));
    for (lon, lat, inside) in [
        (126.1, 43.1, true),
        (126.3, 43.3, false),
        (126.45, 43.45, true),
        (127.5, 43.1, false),
        (128.1, 43.1, true),
    ] {
        assert_eq!(shape.contains(at(lon, lat)), inside, "{lon} {lat}");
    }
    let [lon, lat] = shape.label();
    assert!(shape.contains(at(lon, lat)), "{lon} {lat}");
    assert_eq!(shape.bbox(), [126.0, 43.0, 128.2, 44.0]);
    assert_eq!(unpack(&pack(&shape)), Some(shape));
    for broken in ["", "AQ==", "AQECBQ==", "%%", "AQH/////////fw=="] {
        assert_eq!(unpack(broken).unwrap_or_default(), Shape::default(), "{broken}");
    }
}

#[test]
fn an_area_is_that_of_the_ellipsoid() {
    // One degree by one from 43° to 44° north on GRS 80: 8 968.3 km² by the closed formula
    // for a quadrangle (Snyder 1987, eq. 3-12 with q).
    let area = shape_of(&[square(126.0, 43.0, 1.0)]).expect("sound").area_km2();
    assert!((8_900.0..9_050.0).contains(&area), "{area}");
    // Against the areas that the carried layer was given by another program.
    let outlines = file::read(COUNTIES).expect("reads");
    for feature in &outlines.features {
        let get = |name: &str| {
            let found = feature.attributes.iter().find(|(own, _)| own == name);
            found.map(|(_, text)| text.clone()).expect("there")
        };
        let shape = shape_of(&feature.rings).expect("sound");
        let said: f64 = get("area_km2").parse().expect("a number");
        let ours = shape.area_km2();
        assert!((ours / said - 1.0).abs() < 3e-3, "{} {ours} {said}", get("name"));
    }
}

#[test]
fn shapefiles_that_we_did_not_write_are_read_in_their_encoding() {
    let outlines = file::read(GBK).expect("reads");
    assert_eq!((outlines.format, outlines.datum), ("shapefile", Some(Datum::Cgcs2000)));
    let first = &outlines.features[0];
    let attributes: Vec<(&str, &str)> =
        first.attributes.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(
        attributes,
        [("FID_1", "0"), ("XZQMC", "桦甸市"), ("XZQDM", "220282000000"), ("AREA", "1.500")]
    );
    assert_eq!(first.rings.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5]);
    assert_eq!(outlines.features[2].unreadable.as_deref(), Some("no geometry"));
    for other in [UTF8_Z, UNSAID] {
        let other = file::read(other).expect("reads");
        assert_eq!(other.features[1].attributes[1].1, "磐石市");
        assert_eq!(other.features[1].rings, outlines.features[1].rings);
    }
    assert_eq!(file::read(UNSAID).expect("reads").datum, None);
    assert!(matches!(file::read(PROJECTED), Err(FileError::Projected(_))));
    assert!(matches!(file::read(b"PK\x03\x04"), Err(FileError::Archive(_))));
    assert!(matches!(file::read(b""), Err(FileError::Format(_))));
    assert!(matches!(
        file::read(b"{\"type\":\"Feature\",\"features\":[]}"),
        Err(FileError::Format(_))
    ));
}

#[test]
fn any_bytes_are_a_file_or_a_refusal() {
    // Every byte of a small archive and of a small collection turned over, and every cut.
    let json: &[u8] = br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"adcode":220282},"geometry":{"type":"Polygon","coordinates":[[[126,43],[127,43],[127,44],[126,43]]]}}]}"#;
    for whole in [GBK, json] {
        for place in 0..whole.len() {
            let mut bytes = whole.to_vec();
            for bit in [0x01, 0x80, 0xFF] {
                bytes[place] ^= bit;
                let _ = file::read(&bytes);
                bytes[place] ^= bit;
            }
            let _ = file::read(&whole[..place]);
        }
    }
    // The parts themselves, past the archive's own sums.
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(GBK)).expect("reads");
    for at in 0..archive.len() {
        let mut part = Vec::new();
        std::io::copy(&mut archive.by_index(at).expect("there"), &mut part).expect("unpacks");
        for place in 0..part.len() {
            for bit in [0x01, 0x7F, 0x80, 0xFF] {
                part[place] ^= bit;
                let _ = (shapefile::polygons(&part), shapefile::rows(&part, None));
                part[place] ^= bit;
            }
            let cut = &part[..place];
            let _ = (shapefile::polygons(cut), shapefile::rows(cut, Some(b"936")));
        }
    }
}

struct Desk(Town);

impl Desk {
    fn new() -> Desk {
        let town = Town::new(vec![crate::part()]);
        seed(&town.world).expect("seeded");
        town.officer("郑系统", &[MANAGE_ATLAS]);
        town.person("周牧", "220282", &[]);
        Desk(town)
    }

    async fn bring(&self, query: &str, bytes: &[u8]) -> Json {
        let path = format!("/api/regions/boundaries?source=%E8%99%9A%E6%9E%84&{query}");
        let (answer, _) = self.0.ask_raw("郑系统", "POST", &path, bytes.to_vec()).await;
        answer.body
    }

    async fn at(&self, lon: f64, lat: f64, on: &str) -> Vec<String> {
        let page =
            self.0.get("周牧", &format!("/api/regions/at?lon={lon}&lat={lat}{on}")).await.body;
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        items.iter().map(|it| it["code"].as_str().expect("a code").to_owned()).collect()
    }
}

fn faults(brought: &Json) -> Vec<String> {
    let mut all = Vec::new();
    for feature in brought["features"].as_array().unwrap_or_else(|| panic!("{brought:#}")) {
        for (kind, of) in [("", "faults"), ("? ", "notices")] {
            for fault in feature[of].as_array().expect("a list") {
                let (column, code) = (&fault["column"], &fault["code"]);
                all.push(format!("{} {kind}{column} {code}", feature["number"]).replace('"', ""));
            }
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn boundaries_are_looked_at_then_taken_and_a_place_lies_in_them() {
    let desk = Desk::new();
    let unsaid = desk.bring("", COUNTIES).await;
    assert_eq!(unsaid["field"], "datum", "nothing is taken for granted");
    let looked = desk.bring("datum=wgs84", COUNTIES).await;
    assert_eq!((&looked["attribute"], &looked["taken"]), (&json!("adcode"), &json!(false)));
    assert_eq!(looked["counts"], json!({ "added": 60, "changed": 0, "same": 0, "refused": 0 }));
    assert_eq!(faults(&looked), Vec::<String>::new());
    assert_eq!(desk.0.world.last_seq(), 1, "nothing is written before it is asked");
    assert_eq!(desk.at(126.75, 42.97, "").await, Vec::<String>::new());

    let taken = desk.bring("datum=wgs84&take=true", COUNTIES).await;
    assert_eq!(taken["taken"], true);
    let prefectures = desk.bring("datum=wgs84&take=true", PREFECTURES).await;
    assert_eq!(faults(&prefectures), Vec::<String>::new());
    let seq = desk.0.world.last_seq();
    assert_eq!(seq, 1 + 60 + 9);
    let again = desk.bring("datum=wgs84&take=true", COUNTIES).await;
    assert_eq!(again["counts"]["same"], 60);
    assert_eq!(desk.0.world.last_seq(), seq, "what stands is not said again");
    assert_eq!(desk.at(126.75, 42.97, "").await, ["220282", "220200"]);
    assert_eq!(desk.at(116.4, 39.9, "").await, Vec::<String>::new());
    // The same numbers as another datum are another place, some hundred metres away.
    assert_eq!(desk.at(126.75, 42.97, "&datum=gcj02").await, ["220282", "220200"]);

    let layer = desk.0.get("周牧", "/api/map/layers/counties").await.body;
    assert_eq!(layer["features"].as_array().map(Vec::len), Some(60));
    assert_eq!(
        layer["features"][0]["geometry"]["type"], "MultiPolygon",
        "ours, not the carried one"
    );
    let layers = desk.0.get("周牧", "/api/map/layers").await.body;
    let counties =
        layers["items"].as_array().expect("a list").iter().find(|it| it["id"] == "counties");
    assert_eq!(counties.expect("there")["source"], "虚构");
    let (_, differences) = desk.0.world.compare_with_fold().expect("folds");
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_brought_is_drawn_over_what_stands_and_listed_with_its_days() {
    let desk = Desk::new();
    let listed = async |query: &str| {
        let answer = desk.0.get("周牧", &format!("/api/regions/boundaries?{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    };
    assert_eq!(listed("").await["items"], json!([]));
    let first = desk.bring("datum=wgs84&take=true&draw=true", COUNTIES).await;
    let drawn = first["drawing"]["features"].as_array().expect("a list").clone();
    assert_eq!((drawn.len(), &first["drawing"]["left_out"]), (60, &json!(0)));
    assert!(drawn.iter().all(|it| it["old"] == json!([]) && it["new"][0][3][1].is_f64()));
    let looked = desk.bring("from=2020-07-01", GBK).await;
    assert_eq!(looked["drawing"], Json::Null, "only when it is asked for");
    let looked = desk.bring("from=2020-07-01&draw=true&take=true", GBK).await;
    let drawn = looked["drawing"]["features"].as_array().expect("a list");
    let codes: Vec<&Json> = drawn.iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["220282", "220284"], "what is refused is not drawn");
    for it in drawn {
        let rings = |which: &str| it[which].as_array().map_or(0, Vec::len);
        assert!(0 < rings("old") && 0 < rings("new"), "{it}");
        let ring = it["new"][0].as_array().expect("a ring");
        assert_eq!(ring.first(), ring.last(), "closed");
    }

    let whole = listed("limit=200").await;
    assert_eq!(whole["items"].as_array().map(Vec::len), Some(60));
    let of = |list: &Json, code: &str| {
        let items = list["items"].as_array().expect("a list");
        items.iter().find(|it| it["code"] == code).expect("is there").clone()
    };
    let now = of(&whole, "220282");
    assert_eq!((&now["valid_from"], &now["valid_to"]), (&json!("2020-07-01"), &Json::Null));
    assert_eq!((&now["datum"], &now["file"]), (&json!("cgcs2000"), &looked["file"]));
    let then = of(&listed("limit=200&on=2020-06-30").await, "220282");
    assert_eq!((&then["valid_from"], &then["valid_to"]), (&Json::Null, &json!("2020-07-01")));
    let some = listed("limit=45").await;
    let next = some["next"].as_str().expect("it goes on");
    let rest = listed(&format!("limit=45&cursor={next}")).await;
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next"]), (Some(15), &Json::Null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_boundary_stays_for_the_past() {
    let desk = Desk::new();
    desk.bring("datum=wgs84&take=true", COUNTIES).await;
    assert_eq!(desk.at(126.3, 42.95, "").await, ["220284"]);
    // From July 2020 on the county has a hole, in which a part of its neighbour lies.
    let looked = desk.bring("from=2020-07-01&take=true", GBK).await;
    assert_eq!(looked["datum"], "cgcs2000", "as the file says");
    assert_eq!(looked["attribute"], "XZQDM");
    assert_eq!(looked["counts"], json!({ "added": 2, "changed": 0, "same": 0, "refused": 1 }));
    assert_eq!(faults(&looked), ["1 ? area former", "2 ? area former", "3 geometry unreadable"]);
    assert_eq!(desk.at(126.3, 42.95, "").await, ["220282"]);
    assert_eq!(desk.at(126.3, 42.85, "").await, ["220284"], "in the hole");
    assert_eq!(desk.at(126.3, 42.95, "&on=2020-06-30").await, ["220284"]);
    let regions = desk.0.get("周牧", "/api/regions").await.body;
    let county =
        regions["items"].as_array().expect("a list").iter().find(|it| it["code"] == "220282");
    assert_eq!(county.expect("there")["bbox"], json!([126.0, 42.6, 127.0, 43.4]));
    // What is brought later and is older changes nothing of today; and what was no
    // division then is no boundary then.
    let old = desk.bring("from=2010-01-01&take=true&datum=wgs84", COUNTIES).await;
    assert_eq!(faults(&old), ["11 code unknown"], "公主岭 had another code");
    assert_eq!(desk.at(126.3, 42.95, "").await, ["220282"]);
    let (_, differences) = desk.0.world.compare_with_fold().expect("folds");
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_which_feature_is_said_and_who_may_not_brings_none() {
    let desk = Desk::new();
    let feature = |code: Json, coordinates: Json| {
        json!({ "type": "Feature", "properties": { "name": "某", "code": code },
            "geometry": { "type": "Polygon", "coordinates": coordinates } })
    };
    let ring = json!([square(126.0, 43.0, 0.1)]);
    let collection = json!({ "type": "FeatureCollection",
        "crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::4490" } },
        "features": [
            feature(json!("220282"), ring.clone()),
            feature(json!("220282"), ring.clone()),
            feature(json!("999999"), ring.clone()),
            feature(json!("二二"), ring.clone()),
            feature(json!(220284.0), json!([[[126, 43], [127, 43], [127, 44], [126, 44]]])),
            feature(json!("220283"), json!([[[43, 126], [43, 127], [44, 127], [43, 126]]])),
            feature(json!("220281"), json!("nothing")),
            feature(json!("220221"), ring.clone()),
            { "type": "Feature", "properties": { "code": "220211" },
                "geometry": { "type": "Point", "coordinates": [126, 43] } },
            { "type": "Feature", "properties": null, "geometry": null },
        ] });
    let text = collection.to_string();
    let brought = desk.bring("take=true", text.as_bytes()).await;
    assert_eq!(
        faults(&brought),
        [
            "1 ? geometry overlap",
            "2 code duplicate",
            "3 code unknown",
            "4 code value",
            "5 geometry open",
            "6 geometry place",
            "7 geometry unreadable",
            "8 ? geometry overlap",
            "9 geometry unreadable",
            "10 code value",
            "10 geometry unreadable",
        ]
    );
    assert_eq!(brought["counts"]["added"], 2);
    assert_eq!(brought["features"][4]["faults"][0]["column"], "geometry");
    let wrong = desk.bring("code=nope", text.as_bytes()).await;
    assert_eq!((&wrong["field"], &wrong["expected"]), (&json!("code"), &json!("name, code")));
    assert_eq!(desk.bring("from=2030-01-01", GBK).await["field"], "from");
    assert_eq!(desk.bring("", PROJECTED).await["field"], "file");
    let path = "/api/regions/boundaries?source=any";
    for (who, status) in [("", 401), ("周牧", 403)] {
        assert_eq!(desk.0.ask_raw(who, "POST", path, GBK.to_vec()).await.0.status, status);
    }
    assert_eq!(desk.0.get("", "/api/regions/at?lon=126&lat=43").await.status, 401);
    assert_eq!(desk.0.get("周牧", "/api/regions/at?lon=43&lat=126").await.status, 422);
    let tiers = desk.0.world.read_now(|db| {
        let on = "2026-08-03".parse().expect("a day");
        Ok(super::of_tier(db, Tier::County, on)?.len())
    });
    assert_eq!(tiers.expect("reads"), 2);
    let code: AdminCode = "220282".parse().expect("a code");
    assert_eq!(code.tier(), Tier::County);
}
