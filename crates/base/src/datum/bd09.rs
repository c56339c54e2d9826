//! BD-09: what Baidu makes of GCJ-02, in degrees (LL) and in metres (MC).
//!
//! # Source
//! The shift is known from published implementations; the tables of the
//! projection are the numbers of Baidu's own map script, which those quote too.
//! Compared with them in `fixtures/datum`.

use std::f64::consts::PI;

/// GCJ-02 to BD-09LL, degrees.
pub(super) fn shift(lon: f64, lat: f64) -> (f64, f64) {
    let factor = PI * 3000.0 / 180.0;
    let distance = lon.hypot(lat) + 0.000_02 * (lat * factor).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * factor).cos();
    (distance * angle.cos() + 0.006_5, distance * angle.sin() + 0.006)
}

/// BD-09LL to GCJ-02, degrees.
///
/// The inverse that implementations share is one step and off by up to 1e-6°;
/// ours repeats it on what is left, to below 1e-11°.
pub(super) fn undo(lon: f64, lat: f64) -> (f64, f64) {
    let (mut x, mut y) = (lon - 0.006_5, lat - 0.006);
    for _ in 0..20 {
        let (shifted_x, shifted_y) = shift(x, y);
        let (left_x, left_y) = (shifted_x - lon, shifted_y - lat);
        x -= left_x;
        y -= left_y;
        if left_x.abs().max(left_y.abs()) < 1e-11 {
            break;
        }
    }
    (x, y)
}

/// One band of the projection: what one number becomes east, and a polynomial north.
struct Band {
    /// The band holds from here (|latitude| in degrees, or |metres north|) to the band before.
    from: f64,
    east: [f64; 2],
    /// Coefficients of (|latitude| ÷ `scale`)⁰ to ⁶.
    north: [f64; 7],
    scale: f64,
}

/// BD-09LL to BD-09MC: metres east and north.
pub(super) fn to_metres(lon: f64, lat: f64) -> (f64, f64) {
    project(&TO_METRES, lon, lat)
}

/// BD-09MC to BD-09LL; `None` for what is not finite or off the map.
pub(super) fn from_metres(x: f64, y: f64) -> Option<(f64, f64)> {
    let on_map = (-MAX_EAST..=MAX_EAST).contains(&x) && (-MAX_NORTH..=MAX_NORTH).contains(&y);
    on_map.then(|| project(&TO_DEGREES, x, y))
}

/// 180° east, m.
const MAX_EAST: f64 = 20_037_727.0;
/// 74° north, where Baidu's map ends, m.
const MAX_NORTH: f64 = 12_474_104.0;

fn project(bands: &[Band; 6], x: f64, y: f64) -> (f64, f64) {
    let last = &bands[bands.len() - 1];
    let band = bands.iter().find(|band| band.from <= y.abs()).unwrap_or(last);
    let east = band.east[0] + band.east[1] * x.abs();
    let t = y.abs() / band.scale;
    let north = band.north.iter().rev().fold(0.0, |sum, coefficient| sum * t + coefficient);
    (east.copysign(x), north.copysign(y))
}

/// By |latitude|, degrees, the northernmost band first.
#[rustfmt::skip]
const TO_METRES: [Band; 6] = [
    Band { from: 75.0, scale: 82.5,
        east: [-0.001_570_210_244_4, 111_320.702_061_693_9],
        north: [1_704_480_524_535_203.0, -10_338_987_376_042_340.0, 26_112_667_856_603_880.0, -35_149_669_176_653_700.0, 26_595_700_718_403_920.0, -10_725_012_454_188_240.0, 1_800_819_912_950_474.0] },
    Band { from: 60.0, scale: 67.5,
        east: [0.000_827_782_451_617_252_6, 111_320.702_046_357_8],
        north: [647_795_574.667_160_7, -4_082_003_173.641_316, 10_774_905_663.511_42, -15_171_875_531.515_59, 12_053_065_338.621_67, -5_124_939_663.577_472, 913_311_935.951_203_2] },
    Band { from: 45.0, scale: 52.5,
        east: [0.003_373_987_667_65, 111_320.702_020_216_2],
        north: [4_481_351.045_890_365, -23_393_751.199_316_62, 79_682_215.471_864_55, -115_964_993.279_725_3, 97_236_711.156_021_45, -43_661_946.337_528_21, 8_477_230.501_135_234] },
    Band { from: 30.0, scale: 37.5,
        east: [0.002_206_364_962_08, 111_320.702_020_912_8],
        north: [51_751.861_128_411_31, 3_796_837.749_470_245, 992_013.739_779_101_3, -1_221_952.217_112_87, 1_340_652.697_009_075, -620_943.699_098_431_2, 144_416.929_380_624_1] },
    Band { from: 15.0, scale: 22.5,
        east: [-0.000_344_196_350_436_839_2, 111_320.702_057_685_6],
        north: [278.235_398_077_275_2, 2_485_758.690_035_394, 6_070.750_963_243_378, 54_821.183_453_521_18, 9_540.606_633_304_236, -2_710.553_267_466_45, 1_405.483_844_121_726] },
    Band { from: 0.0, scale: 7.45,
        east: [-0.000_321_813_587_861_313_2, 111_320.702_070_161_5],
        north: [0.003_693_834_312_89, 823_725.640_279_571_8, 0.461_049_869_090_93, 2_351.343_141_331_292, 1.580_607_842_981_99, 8.777_385_890_782_84, 0.372_388_842_524_24] },
];

/// By |metres north|, the northernmost band first.
#[rustfmt::skip]
const TO_DEGREES: [Band; 6] = [
    Band { from: 12_890_594.86, scale: 17_337_981.2,
        east: [1.410526172116255e-8, 0.000_008_983_055_096_488_72],
        north: [-1.993_983_381_633_1, 200.982_438_310_679_6, -187.240_370_381_554_7, 91.608_751_666_984_3, -23.387_656_496_033_39, 2.571_213_172_961_98, -0.038_010_033_086_53] },
    Band { from: 8_362_377.87, scale: 10_260_144.86,
        east: [-7.435856389565537e-9, 0.000_008_983_055_097_726_239],
        north: [-0.786_252_018_862_89, 96.326_875_997_598_46, -1.852_047_575_298_26, -59.369_359_054_858_77, 47.400_335_492_967_37, -16.507_419_310_638_87, 2.287_866_746_993_75] },
    Band { from: 5_591_021.0, scale: 6_856_817.37,
        east: [-3.030883460898826e-8, 0.000_008_983_055_099_835_78],
        north: [0.300_713_162_876_16, 59.742_936_184_422_77, 7.357_984_074_871, -25.383_710_026_647_45, 13.453_805_211_109_08, -3.298_837_672_355_84, 0.327_109_053_634_75] },
    Band { from: 3_481_989.83, scale: 4_482_777.06,
        east: [-1.981981304930552e-8, 0.000_008_983_055_099_779_535],
        north: [0.032_781_828_525_91, 40.316_785_277_057_44, 0.656_592_986_772_77, -4.442_555_344_774_92, 0.853_419_118_052_63, 0.129_233_479_982_04, -0.046_257_360_075_61] },
    Band { from: 1_678_043.12, scale: 2_555_164.4,
        east: [3.09191371068437e-9, 0.000_008_983_055_096_812_155],
        north: [0.000_069_957_240_62, 23.109_343_041_449_01, -0.000_236_634_905_11, -0.632_181_781_024_2, -0.006_634_944_672_73, 0.034_300_823_979_53, -0.004_660_438_763_32] },
    Band { from: 0.0, scale: 826_088.5,
        east: [2.890871144776878e-9, 0.000_008_983_055_095_805_407],
        north: [-3.068298e-8, 7.471_370_254_680_32, -0.000_003_539_379_94, -0.021_451_448_610_37, -0.000_012_344_265_96, 0.000_103_229_527_73, -0.000_003_238_903_64] },
];
