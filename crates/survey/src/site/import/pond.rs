//! Tailings ponds out of a table.

use host::import::{Cells, Column};

use super::super::{Dam, Particulars, Pond};
use super::{COMMON, count};
use crate::table::joined;

pub(super) const COLUMNS: &[Column] = &joined::<{ OWN.len() + COMMON.len() }>(OWN, COMMON);

const METRES: [&str; 2] = ["米", "metres"];
/// Of the 1985 national datum.
const LEVEL: [&str; 2] = ["米，1985 国家高程基准", "metres above the 1985 national datum"];

const OWN: &[Column] = &[
    Column::new(
        "code",
        &["尾矿库编码", "编码", "code"],
        true,
        ["4 至 32 位字母、数字、连字符", "4 to 32 letters, digits and hyphens"],
    ),
    Column::new(
        "dam",
        &["堆坝方式", "筑坝方式", "dam"],
        true,
        [
            "上游式、中线式、下游式、一次建坝、干式堆存",
            "upstream, centre_line, downstream, one_step or dry",
        ],
    ),
    Column::new("height_m", &["坝高", "现状坝高", "dam height"], true, METRES),
    Column::new(
        "volume_m3",
        &["全库容", "库容", "volume"],
        true,
        ["立方米，不是万立方米", "cubic metres"],
    ),
    Column::new("grade", &["等别", "库等别", "grade"], true, ["一等至五等，或 1 至 5", "1 to 5"]),
    Column::new("crest_m", &["坝顶高程", "滩顶高程", "crest"], false, LEVEL),
    Column::new("final_crest_m", &["最终坝顶高程", "设计坝顶高程", "final crest"], false, LEVEL),
    Column::new("flood_level_m", &["设计洪水位", "最高洪水位", "flood level"], false, LEVEL),
    Column::new("control_level_m", &["汛前控制水位", "控制水位", "control level"], false, LEVEL),
    Column::new("min_freeboard_m", &["最小安全超高", "安全超高", "least freeboard"], false, METRES),
    Column::new("min_beach_m", &["最小干滩长度", "干滩长度", "least beach"], false, METRES),
    Column::new(
        "min_phreatic_depth_m",
        &["控制浸润线埋深", "浸润线埋深", "phreatic depth"],
        false,
        METRES,
    ),
    Column::new(
        "max_rise_m",
        &["年最大上升高度", "最大上升速度", "most rise"],
        false,
        ["米每年", "metres a year"],
    ),
    Column::new(
        "people_downstream",
        &["下游一公里人数", "下游人数", "people downstream"],
        false,
        ["坝下 1 公里内的人数", "people within 1 km below the dam"],
    ),
];

const DAMS: [(&str, Dam); 14] = [
    ("上游式", Dam::Upstream),
    ("上游法", Dam::Upstream),
    ("upstream", Dam::Upstream),
    ("中线式", Dam::CentreLine),
    ("中线法", Dam::CentreLine),
    ("centre_line", Dam::CentreLine),
    ("下游式", Dam::Downstream),
    ("下游法", Dam::Downstream),
    ("downstream", Dam::Downstream),
    ("一次建坝", Dam::OneStep),
    ("one_step", Dam::OneStep),
    ("干式堆存", Dam::Dry),
    ("干堆", Dam::Dry),
    ("dry", Dam::Dry),
];

const GRADES: [(&str, u8); 15] = [
    ("1", 1),
    ("2", 2),
    ("3", 3),
    ("4", 4),
    ("5", 5),
    ("一等", 1),
    ("二等", 2),
    ("三等", 3),
    ("四等", 4),
    ("五等", 5),
    ("Ⅰ", 1),
    ("Ⅱ", 2),
    ("Ⅲ", 3),
    ("Ⅳ", 4),
    ("Ⅴ", 5),
];

pub(super) fn read(cells: &mut Cells<'_>) -> Option<Particulars> {
    let dam = cells.needed_choice("dam", &DAMS);
    let (height_m, volume_m3) = (cells.needed_number("height_m"), cells.needed_number("volume_m3"));
    let grade = cells.needed_choice("grade", &GRADES);
    let crest_m = cells.number("crest_m");
    let final_crest_m = cells.number("final_crest_m");
    let flood_level_m = cells.number("flood_level_m");
    let control_level_m = cells.number("control_level_m");
    let min_freeboard_m = cells.number("min_freeboard_m");
    let min_beach_m = cells.number("min_beach_m");
    let min_phreatic_depth_m = cells.number("min_phreatic_depth_m");
    let max_rise_m = cells.number("max_rise_m");
    let people_downstream = count(cells, "people_downstream");
    Some(Particulars::Pond(Pond {
        dam: dam?,
        height_m: height_m?,
        volume_m3: volume_m3?,
        grade: grade?,
        crest_m,
        final_crest_m,
        flood_level_m,
        control_level_m,
        min_freeboard_m,
        min_beach_m,
        min_phreatic_depth_m,
        max_rise_m,
        people_downstream,
    }))
}

pub(super) fn over(said: Pond, stood: &Pond) -> Pond {
    Pond {
        crest_m: said.crest_m.or(stood.crest_m),
        final_crest_m: said.final_crest_m.or(stood.final_crest_m),
        flood_level_m: said.flood_level_m.or(stood.flood_level_m),
        control_level_m: said.control_level_m.or(stood.control_level_m),
        min_freeboard_m: said.min_freeboard_m.or(stood.min_freeboard_m),
        min_beach_m: said.min_beach_m.or(stood.min_beach_m),
        min_phreatic_depth_m: said.min_phreatic_depth_m.or(stood.min_phreatic_depth_m),
        max_rise_m: said.max_rise_m.or(stood.max_rise_m),
        people_downstream: said.people_downstream.or(stood.people_downstream),
        ..said
    }
}
