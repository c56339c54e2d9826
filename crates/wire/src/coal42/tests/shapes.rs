//! Every type of record, in shapes that programs of others write.
//!
//! Values are ours; the order of the columns, which are empty, and how numbers, states
//! and times stand is what those programs do (see `README.md`).

use expect_test::{Expect, expect};

use super::super::{Family, KINDS, Kind, Mark, SENSOR_TYPES, SensorType, Shape, describe, write};
use super::{MINE, UPLOADED, read};

/// One record of a type, read and shown.
#[track_caller]
fn check(kind: &str, record: &str, expected: Expect) {
    let record = record.replace('#', MINE);
    let more = match kind {
        "CDDY" => "KJXXx;煤矿安全监控系统;样例厂家;2025-12-30;",
        "RYXX" => "500;KJ000;人员定位系统;样例厂家;2030-01-01;",
        _ => "",
    };
    let text = format!("{MINE};样例煤矿;{more}{UPLOADED}~{record}~||");
    let read = read(kind, text.as_bytes()).unwrap_or_else(|error| panic!("{kind}: {error}"));
    assert_eq!(write(&read).map(|bytes| String::from_utf8(bytes).expect("UTF-8")), Ok(text));
    expected.assert_eq(&describe(&read)["records"][0].to_string());
}

#[test]
fn safety_monitoring() {
    check(
        "CDDY",
        "#01MN0001011A08;01;#0001;0001;MN;%CH4;4.00;0.00;1.00;0.90;;;1.50;1.00;;;;;1301综采工作面T1;4245615.60;36372560.60;-750.00;D-#01MN0001011A08-甲烷:K-#01KG1009012B01;2025-10-27 08:00:00",
        expect![[
            r#"{"point":"22010000000101MN0001011A08","system":"01","substation":"2201000000010001","sensor_type":"0001","value_type":"MN","unit":"%CH4","range_high":"4.00","range_low":"0.00","alarm_high":"1.00","alarm_high_release":"0.90","cut_high":"1.50","cut_high_restore":"1.00","location":"1301综采工作面T1","x":"4245615.60","y":"36372560.60","z":"-750.00","related":"D-22010000000101MN0001011A08-甲烷:K-22010000000101KG1009012B01","data_time":"2025-10-27 08:00:00"}"#
        ]],
    );
    check(
        "CDSS",
        "#01KG1003012B01;风筒状态;1302掘进工作面;1;;0;2019-08-01 08:00:05",
        expect![[
            r#"{"point":"22010000000101KG1003012B01","type_name":"风筒状态","location":"1302掘进工作面","value":1,"state":"0","data_time":"2019-08-01 08:00:05"}"#
        ]],
    );
    check(
        "TJSJ",
        "#01MN0001011A08;环境瓦斯;T1;%CH4;2019-08-01 07:55:00;2019-08-01 08:00:00;0.55;2019-08-01 07:58:12;0.4;2019-08-01 07:56:00;0.47;2019-08-01 08:00:00",
        expect![[
            r#"{"point":"22010000000101MN0001011A08","type_name":"环境瓦斯","location":"T1","unit":"%CH4","start":"2019-08-01 07:55:00","end":"2019-08-01 08:00:00","max":0.55,"max_time":"2019-08-01 07:58:12","min":0.4,"min_time":"2019-08-01 07:56:00","mean":0.47,"data_time":"2019-08-01 08:00:00"}"#
        ]],
    );
    // Open: no end, and of a switch no values.
    check(
        "YCBJ",
        "#01KG1008012B01;烟雾;机头;;001;2019-08-01 07:59:00;;;2019-08-01 08:00:00;;2019-08-01 08:00:00;;;;;;2019-08-01 08:30:00",
        expect![[
            r#"{"point":"22010000000101KG1008012B01","type_name":"烟雾","location":"机头","exception":"001","start":"2019-08-01 07:59:00","max_time":"2019-08-01 08:00:00","min_time":"2019-08-01 08:00:00","data_time":"2019-08-01 08:30:00"}"#
        ]],
    );
    check(
        "KGBH",
        "#01KG1002012B01;风门;联络巷;1;2019-08-01 08:00:00",
        expect![[
            r#"{"point":"22010000000101KG1002012B01","type_name":"风门","location":"联络巷","state":"1","changed":"2019-08-01 08:00:00"}"#
        ]],
    );
    check(
        "FZSS",
        "#0001;0;1;2019-08-01 08:00:00",
        expect![[
            r#"{"substation":"2201000000010001","run":"0","power":"1","data_time":"2019-08-01 08:00:00"}"#
        ]],
    );
    check(
        "FZDY",
        "#0001;中央变电所;1.5;2;-750;2019-08-01 08:00:00",
        expect![[
            r#"{"substation":"2201000000010001","location":"中央变电所","x":1.5,"y":2,"z":-750,"data_time":"2019-08-01 08:00:00"}"#
        ]],
    );
}

#[test]
fn a_substation_may_end_before_its_last_fields() {
    for record in ["2201000000010001;变电所;1;2", "2201000000010001;变电所;1;2;3"] {
        let text = super::file(&format!("{record}~"));
        assert_eq!(read("FZDY", text.as_bytes()).map(|file| file.content.len()), Ok(1), "{record}");
    }
}

#[test]
fn positioning() {
    check(
        "RYXX",
        "#90001;测试1;未设置;未设置;综采一队;1990-01-01;;0;1",
        expect![[
            r#"{"card":"22010000000190001","name":"测试1","job":"未设置","title":"未设置","team":"综采一队","born":"1990-01-01","is_leader":"0","is_special":"1"}"#
        ]],
    );
    check(
        "RYQY",
        "重点区域;#0023;50;-750大巷",
        expect![[
            r#"{"area_type":"重点区域","area":"2201000000010023","approved":50,"name":"-750大巷"}"#
        ]],
    );
    check(
        "RYJZ",
        "#0008000120;测试巷道;0;0;0;测试巷道",
        expect![[
            r#"{"station":"2201000000010008000120","name":"测试巷道","x":0,"y":0,"z":0,"note":"测试巷道"}"#
        ]],
    );
    check(
        "RYSS",
        "#90001;测试1;1;2026-09-23 06:33:52;;#0008;2026-09-23 06:33:52;#0008000120;2026-09-23 06:33:52;三八制;-3.50;正常;0;1;#0008000120&2026-09-23 06:33:52",
        expect![[
            r#"{"card":"22010000000190001","name":"测试1","presence":"1","time_in":"2026-09-23 06:33:52","area":"2201000000010008","area_in":"2026-09-23 06:33:52","station":"2201000000010008000120","station_in":"2026-09-23 06:33:52","shift":"三八制","distance":"-3.50","state":"正常","is_leader":"0","is_special":"1","track":"2201000000010008000120&2026-09-23 06:33:52"}"#
        ]],
    );
    // Nothing but a card and where it is.
    check(
        "RYSS",
        "#90002;;0;;;;;;;;;;;;",
        expect![[r#"{"card":"22010000000190002","presence":"0"}"#]],
    );
    check(
        "JZSS",
        "#0008000120;1;1;2026-09-23 10:13:19",
        expect![[
            r#"{"station":"2201000000010008000120","run":"1","power":"1","data_time":"2026-09-23 10:13:19"}"#
        ]],
    );
    check("RYCS", "#90001;测试;;;;;;;", expect![[r#"{"card":"22010000000190001","name":"测试"}"#]]);
    check(
        "RYCY",
        "区域超员;10;12;#0001;1301综采工作面;2026-09-23 10:00:00;;#90001&#90002",
        expect![[
            r#"{"alarm_type":"区域超员","approved":10,"count":12,"area":"2201000000010001","area_name":"1301综采工作面","start":"2026-09-23 10:00:00","cards":"22010000000190001&22010000000190002"}"#
        ]],
    );
    check(
        "RYQJ",
        "#90001;测试;2026-09-23 10:00:00;2026-09-23 10:05:00;2026-09-23 06:33:52;#0008;2026-09-23 09:00:00;#0008000120;2026-09-23 09:30:00",
        expect![[
            r#"{"card":"22010000000190001","name":"测试","start":"2026-09-23 10:00:00","end":"2026-09-23 10:05:00","time_in":"2026-09-23 06:33:52","area":"2201000000010008","area_in":"2026-09-23 09:00:00","station":"2201000000010008000120","station_in":"2026-09-23 09:30:00"}"#
        ]],
    );
    check(
        "RYXZ",
        "#90001;测试;2026-09-23 10:00:00;;2026-09-23 06:33:52;#0012;2026-09-23 10:00:00;#0012000010;2026-09-23 10:00:00",
        expect![[
            r#"{"card":"22010000000190001","name":"测试","start":"2026-09-23 10:00:00","time_in":"2026-09-23 06:33:52","area":"2201000000010012","area_in":"2026-09-23 10:00:00","station":"2201000000010012000010","station_in":"2026-09-23 10:00:00"}"#
        ]],
    );
}

#[test]
fn water() {
    check(
        "CGKCDDY",
        "#MNabcdefghi;0502;水文孔abc;abc上段;61.20;77.31;90.02;55.50;4245615.60;36372560.60;1229.00;2024-12-16",
        expect![[
            r#"{"point":"220100000001MNabcdefghi","sensor_type":"0502","name":"水文孔abc","location":"abc上段","number_1":"61.20","number_2":77.31,"number_3":90.02,"number_4":"55.50","x":"4245615.60","y":"36372560.60","z":"1229.00","installed":"2024-12-16"}"#
        ]],
    );
    check(
        "CGKCDSS",
        "#MNabcdefghi;00000000;12.31;9.80;2024-12-16 08:00:00",
        expect![[
            r#"{"point":"220100000001MNabcdefghi","state":"00000000","level":12.31,"temperature":"9.80","data_time":"2024-12-16 08:00:00"}"#
        ]],
    );
    check(
        "CGKCDYC",
        "#MNabcdefghi;0502;上段;1;实时预警3.9676m>涨阈值（蓝）3.00m;2024-12-16 08:00:00;4;传感器故障导致数据异常;zs;2024-12-16 08:10:00;2024-12-16 08:10:00",
        expect![[
            r#"{"point":"220100000001MNabcdefghi","sensor_type":"0502","location":"上段","exception":"1","text":"实时预警3.9676m>涨阈值（蓝）3.00m","start":"2024-12-16 08:00:00","level":"4","cause":"传感器故障导致数据异常","entered_by":"zs","end":"2024-12-16 08:10:00","data_time":"2024-12-16 08:10:00"}"#
        ]],
    );
    check(
        "PSLCDDY",
        "#PSLabcdefghi;水仓1号监测点;一采区;4245615.60;36372560.60;1229.00;水泵房1;1#潜水泵;65.97%;650;6825H;2024-12-12",
        expect![[
            r#"{"point":"220100000001PSLabcdefghi","name":"水仓1号监测点","location":"一采区","x":"4245615.60","y":"36372560.60","z":"1229.00","pump_room":"水泵房1","pump":"1220100000001潜水泵","text_1":"65.97%","text_2":"650","text_3":"6825H","installed":"2024-12-12"}"#
        ]],
    );
    check(
        "PSLCDSS",
        "#PSLabcdefghi;55.10;00000000;800.0;2024-12-12 08:00:00",
        expect![[
            r#"{"point":"220100000001PSLabcdefghi","value":"55.10","state":"00000000","day_total":800.0,"data_time":"2024-12-12 08:00:00"}"#
        ]],
    );
    check(
        "PSLCDYC",
        "#PSLabcdefghi;一采区;1;日环比值4589>阙值（红）100.00;2024-12-12 08:00:00;3;默认数值过小导致;张三;2024-12-12 08:10:00;2024-12-12 08:10:00",
        expect![[
            r#"{"point":"220100000001PSLabcdefghi","location":"一采区","exception":"1","text":"日环比值4589>阙值（红）100.00","start":"2024-12-12 08:00:00","level":"3","cause":"默认数值过小导致","entered_by":"张三","end":"2024-12-12 08:10:00","data_time":"2024-12-12 08:10:00"}"#
        ]],
    );
    check(
        "SBCDSS",
        "#05KG0504Ab1Z;Ab1Z水泵;2024-12-11 08:00:00;2024-12-12 08:00:00;1;2024-12-12 08:00:00",
        expect![[
            r#"{"point":"22010000000105KG0504Ab1Z","pump":"Ab1Z水泵","started":"2024-12-11 08:00:00","stopped":"2024-12-12 08:00:00","running":"1","data_time":"2024-12-12 08:00:00"}"#
        ]],
    );
    check(
        "YSLCDDY",
        "#YSLabcdefghi;车场1号监测点;一采区;0503;m³/h;4245615.60;36372560.60;1229.00;2024-12-11",
        expect![[
            r#"{"point":"220100000001YSLabcdefghi","name":"车场1号监测点","location":"一采区","sensor_type":"0503","unit":"m³/h","x":"4245615.60","y":"36372560.60","z":"1229.00","installed":"2024-12-11"}"#
        ]],
    );
    check(
        "YSLCDSS",
        "#YSLabcdefghi;0;43.13;2024-12-11 08:00:00",
        expect![[
            r#"{"point":"220100000001YSLabcdefghi","state":"0","value":43.13,"data_time":"2024-12-11 08:00:00"}"#
        ]],
    );
    check(
        "SFSCDDY",
        "#SFSabcdefghi;水文孔0;m;延安组;1.20;99.00;98.20;12.00;4245615.60;36372560.60;1229.00;0.50;33.00;2024-12-12 08:00:00",
        expect![[
            r#"{"point":"220100000001SFSabcdefghi","location":"水文孔0","unit":"m","aquifer":"延安组","number_1":"1.20","number_2":"99.00","number_3":"98.20","number_4":"12.00","x":"4245615.60","y":"36372560.60","z":"1229.00","number_5":"0.50","number_6":"33.00","installed":"2024-12-12 08:00:00"}"#
        ]],
    );
    check(
        "SFSCDSS",
        "#SFSabcdefghi;水文孔0;8.10;2024-12-12 08:00:00",
        expect![[
            r#"{"point":"220100000001SFSabcdefghi","location":"水文孔0","value":"8.10","data_time":"2024-12-12 08:00:00"}"#
        ]],
    );
    check(
        "JSLCDDY",
        "#abcdefghijkl;3;降雨量观测站;2023-11-10;样例厂家;2023-11-10;4245615.60;36372560.60;1229.00",
        expect![[
            r#"{"point":"220100000001abcdefghijkl","device_type":"3","location":"降雨量观测站","installed":"2023-11-10","maker":"样例厂家","made":"2023-11-10","x":"4245615.60","y":"36372560.60","z":"1229.00"}"#
        ]],
    );
    check(
        "JSLCDSS",
        "#abcdefghijkl;2024-12-11 07:48:00;2024-12-11 07:48:00;2024-12-11 07:48:00;32;1.30",
        expect![[
            r#"{"point":"220100000001abcdefghijkl","time_1":"2024-12-11 07:48:00","time_2":"2024-12-11 07:48:00","data_time":"2024-12-11 07:48:00","state":"32","value":"1.30"}"#
        ]],
    );
    check(
        "DBSCDDY",
        "#DBSabcdefghi;1;地表水1号监测点;2024-12-11;样例厂家;2024-12-11;0502;m;4245615.60;36372560.60;1229.00",
        expect![[
            r#"{"point":"220100000001DBSabcdefghi","device_type":"1","location":"地表水1号监测点","installed":"2024-12-11","maker":"样例厂家","made":"2024-12-11","sensor_type":"0502","unit":"m","x":"4245615.60","y":"36372560.60","z":"1229.00"}"#
        ]],
    );
    check(
        "DBSCDSS",
        "#DBSabcdefghi;12.10;3.30;0;2024-12-11 08:00:00",
        expect![[
            r#"{"point":"220100000001DBSabcdefghi","value":"12.10","number_2":"3.30","state":"0","data_time":"2024-12-11 08:00:00"}"#
        ]],
    );
    check(
        "DBCXCDSS",
        "#DBCX1;一采区;P1;0;1.171;1.971;1.971;2025-10-22 08:00:00",
        expect![[
            r#"{"point":"220100000001DBCX1","area_name":"一采区","mark":"P1","state":"0","x":1.171,"y":1.971,"z":1.971,"data_time":"2025-10-22 08:00:00"}"#
        ]],
    );
}

#[test]
fn ground_pressure() {
    check(
        "ZKYL",
        "#ZKYLabcdefgh;1301巷道;1201;距离1301巷道x米;120.50;2024-12-17;4245615.60;36372560.60;1229.00;X;12&10&100",
        expect![[
            r#"{"point":"220100000001ZKYLabcdefgh","area_name":"1301巷道","sensor_type":"1201","location":"距离1301巷道x米","depth":"120.50","installed":"2024-12-17","x":"4245615.60","y":"36372560.60","z":"1229.00","direction":"X","initial":"12&10&100"}"#
        ]],
    );
    check(
        "ZKSS",
        "#ZKYLabcdefgh;1201;1301巷道;4.10;0;2024-12-17 08:00:00",
        expect![[
            r#"{"point":"220100000001ZKYLabcdefgh","sensor_type":"1201","location":"1301巷道","value":"4.10","state":"0","data_time":"2024-12-17 08:00:00"}"#
        ]],
    );
    check(
        "ZKYC",
        "#ZKYLabcdefgh;1201;1301巷道;1;2024-12-17 07:55:00;2024-12-17 08:00:00;66.00;2024-12-17 07:56:00;33.00;2024-12-17 07:58:00;15.00;2024-12-17 07:59:00",
        expect![[
            r#"{"point":"220100000001ZKYLabcdefgh","sensor_type":"1201","location":"1301巷道","exception":"1","start":"2024-12-17 07:55:00","end":"2024-12-17 08:00:00","max":"66.00","max_time":"2024-12-17 07:56:00","min":"33.00","min_time":"2024-12-17 07:58:00","mean":"15.00","mean_time":"2024-12-17 07:59:00"}"#
        ]],
    );
}

#[test]
fn an_exception_whose_last_times_run_together_is_bad() {
    // One public program leaves the separator between them out.
    let record = "220100000001PSL1;一采区;1;内容;2024-12-12 08:00:00;3;原因;张三;2024-12-12 08:10:002024-12-12 08:10:00~";
    let error = read("PSLCDYC", super::file(record).as_bytes()).expect_err("the only record");
    assert_eq!(error.code(), "TOO_MANY_BAD");
}

#[test]
fn every_type_of_the_tables_has_words_and_a_name_that_is_read() {
    for (place, info) in KINDS.iter().enumerate() {
        assert!(KINDS[..place].iter().all(|other| other.code != info.code), "{}", info.code);
        assert!(!info.word.is_empty() && info.word_en.is_ascii(), "{}", info.code);
        assert_eq!(Kind(info.code.to_owned()).info(), Some(info));
        super::name(info.code);
        let is_guess = info.shape == Shape::Raw;
        assert!(!is_guess || info.mark == Mark::Memory, "{}: no column is known", info.code);
    }
    // A shape is of one type only, or a file could be taken for another's.
    for shape in Shape::ALL.iter().filter(|shape| **shape != Shape::Raw) {
        let kinds = KINDS.iter().filter(|info| info.shape == *shape);
        assert_eq!(kinds.count(), 1, "{shape:?}");
        assert!(shape.fields().len() <= 24 && shape.least() <= shape.fields().len());
    }
}

#[test]
fn persons_are_in_these_types_and_in_unknown_ones_that_begin_as_they_do() {
    let personal: Vec<&str> = KINDS
        .iter()
        .filter(|info| Kind(info.code.to_owned()).is_personal())
        .map(|info| info.code)
        .collect();
    assert_eq!(personal, ["RYXX", "RYSS", "RYCS", "RYCY", "RYQJ", "RYXZ"]);
    assert!(Kind("RYYJCS".to_owned()).is_personal());
    assert!(!Kind("XXYZ".to_owned()).is_personal());
}

#[test]
fn a_sensors_four_digits_mean_one_thing_within_a_system() {
    for (place, row) in SENSOR_TYPES.iter().enumerate() {
        let same = |other: &&SensorType| other.family == row.family && other.code == row.code;
        assert_eq!(SENSOR_TYPES[..place].iter().find(same), None, "{}", row.code);
        assert!(row.code.len() == 4 && !row.word.is_empty() && row.word_en.is_ascii());
        assert_eq!(
            row.states.is_some(),
            row.code.starts_with('1') && row.family == Family::Safety || row.code == "4001"
        );
    }
    assert_eq!(SensorType::find(Family::Safety, "0043").map(|row| row.word), Some("激光甲烷"));
    assert_eq!(SensorType::find(Family::Safety, "1201"), None);
    assert_eq!(SensorType::find(Family::Ground, "1201").map(|row| row.word), Some("钻孔应力"));
}
