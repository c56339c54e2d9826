//! The tables of all kinds of records: one struct each, fields in the order of the wire.
//!
//! Where an order comes from stands at each table: [CC] two or more independent
//! programs, [C] one program, [M] memory. See `README.md`.

use base::Timestamp;

use super::code::{AreaCode, CardCode, PointCode, SiteCode, StationCode, SubstationCode};
use super::parse::bare;
use super::record::{Day, Fault, Field, FieldInfo, Personal, PointState, Presence, Record};
use crate::Decimal;

type Number = Option<Decimal>;
type Time = Option<Timestamp>;

records! {
    // Safety monitoring.

    /// CDDY, definition of a measuring point. [CC]
    PointDefinition 24 [point] {
        point: PointCode,
        system: String,
        substation: String,
        sensor_type: String,
        value_type: String,
        unit: String,
        range_high: Number,
        range_low: Number,
        alarm_high: Number,
        alarm_high_release: Number,
        alarm_low: Number,
        alarm_low_release: Number,
        cut_high: Number,
        cut_high_restore: Number,
        cut_low: Number,
        cut_low_restore: Number,
        on_word: String,
        off_word: String,
        location: String,
        x: Number,
        y: Number,
        z: Number,
        related: String,
        data_time: Time,
    }

    /// CDSS, value of a point now. [CC]
    PointValue 7 [point] {
        point: PointCode,
        type_name: String,
        location: String,
        value: Number,
        unit: String,
        state: PointState,
        data_time: Timestamp,
    }

    /// TJSJ, statistics of a point over five minutes. [C]
    PointStatistics 12 [point start] {
        point: PointCode,
        type_name: String,
        location: String,
        unit: String,
        start: Time,
        end: Time,
        max: Number,
        max_time: Time,
        min: Number,
        min_time: Time,
        mean: Number,
        data_time: Time,
    }

    /// YCBJ, an exception, said when it begins and again when it ends. [CC]
    PointException 17 [point exception start] {
        point: PointCode,
        type_name: String,
        location: String,
        unit: String,
        exception: String,
        start: Timestamp,
        end: Time,
        max: Number,
        max_time: Time,
        min: Number,
        min_time: Time,
        mean: Number,
        cause: String,
        measure: String,
        entered: Time,
        entered_by: Personal,
        data_time: Time,
    }

    /// KGBH, a switch changed. The order is from memory. [M]
    SwitchChange 5 [point changed] {
        point: PointCode,
        type_name: String,
        location: String,
        state: String,
        changed: Timestamp,
    }

    /// FZDY, definition of a substation; some hosts leave z and time out. [C]
    SubstationDefinition 4 [substation] {
        substation: SubstationCode,
        location: String,
        x: Number,
        y: Number,
        z: Number,
        data_time: Time,
    }

    /// FZSS, state of a substation; codes stay raw, since hosts differ. [C]
    SubstationState 4 [substation] {
        substation: SubstationCode,
        run: String,
        power: String,
        data_time: Time,
    }

    // Personnel positioning.

    /// RYXX, a person. [CC]
    Person 9 [card] {
        card: CardCode,
        name: Personal,
        job: Personal,
        title: Personal,
        team: Personal,
        born: Personal,
        education: Personal,
        is_leader: Option<bool>,
        is_special: Option<bool>,
    }

    /// RYQY, an area underground. [CC]
    Area 4 [area] {
        area_type: String,
        area: AreaCode,
        approved: Option<u32>,
        name: String,
    }

    /// RYJZ, a base station. [CC]
    BaseStation 6 [station] {
        station: StationCode,
        name: String,
        x: Number,
        y: Number,
        z: Number,
        note: String,
    }

    /// RYSS, where a person is; a file is a whole snapshot. [CC]
    PersonState 15 [card] {
        card: CardCode,
        name: Personal,
        presence: Presence,
        time_in: Time,
        time_out: Time,
        area: Option<AreaCode>,
        area_in: Time,
        station: Option<StationCode>,
        station_in: Time,
        shift: String,
        distance: Number,
        state: Personal,
        is_leader: Option<bool>,
        is_special: Option<bool>,
        track: Personal,
    }

    /// JZSS, state of a base station. [CC]
    BaseStationState 4 [station] {
        station: StationCode,
        run: String,
        power: String,
        data_time: Time,
    }

    /// RYCS, a person is underground for too long. [CC]
    Overtime 9 [card start] {
        card: CardCode,
        name: Personal,
        time_in: Time,
        start: Time,
        end: Time,
        area: Option<AreaCode>,
        area_in: Time,
        station: Option<StationCode>,
        station_in: Time,
    }

    /// RYCY, too many people in the mine or an area. [C]
    Overcrowding 8 [area start] {
        alarm_type: String,
        approved: Option<u32>,
        count: Option<u32>,
        area: Option<AreaCode>,
        area_name: String,
        start: Time,
        end: Time,
        cards: Personal,
    }

    /// RYQJ, a person calls for help. [C]
    HelpCall 9 [card start] {
        card: CardCode,
        name: Personal,
        start: Time,
        end: Time,
        time_in: Time,
        area: Option<AreaCode>,
        area_in: Time,
        station: Option<StationCode>,
        station_in: Time,
    }

    /// RYXZ, a person is where nobody may be. [C]
    Trespass 9 [card start] {
        card: CardCode,
        name: Personal,
        start: Time,
        end: Time,
        time_in: Time,
        area: Option<AreaCode>,
        area_in: Time,
        station: Option<StationCode>,
        station_in: Time,
    }

    // Water hazards.

    /// CGKCDDY, an observation well. What the four numbers say is not known. [C]
    WellDefinition 12 [point] {
        point: SiteCode,
        sensor_type: String,
        name: String,
        location: String,
        number_1: Number,
        number_2: Number,
        number_3: Number,
        number_4: Number,
        x: Number,
        y: Number,
        z: Number,
        installed: Option<Day>,
    }

    /// CGKCDSS, level (m) and temperature (°C) of a well. [C]
    WellValue 5 [point] {
        point: SiteCode,
        state: PointState,
        level: Number,
        temperature: Number,
        data_time: Timestamp,
    }

    /// CGKCDYC, an exception at a well. [C]
    WellException 11 [point start] {
        point: SiteCode,
        sensor_type: String,
        location: String,
        exception: String,
        text: String,
        start: Time,
        level: String,
        cause: String,
        entered_by: Personal,
        end: Time,
        data_time: Time,
    }

    /// PSLCDDY, a drainage point. What the three last texts say is not known. [C]
    DrainageDefinition 12 [point] {
        point: SiteCode,
        name: String,
        location: String,
        x: Number,
        y: Number,
        z: Number,
        pump_room: String,
        pump: String,
        text_1: String,
        text_2: String,
        text_3: String,
        installed: Option<Day>,
    }

    /// PSLCDSS, drainage now and of the day so far. [C]
    DrainageValue 5 [point] {
        point: SiteCode,
        value: Number,
        state: PointState,
        day_total: Number,
        data_time: Timestamp,
    }

    /// PSLCDYC, an exception of drainage. [C]
    DrainageException 10 [point start] {
        point: SiteCode,
        location: String,
        exception: String,
        text: String,
        start: Time,
        level: String,
        cause: String,
        entered_by: Personal,
        end: Time,
        data_time: Time,
    }

    /// SBCDSS, a pump runs (1) or not (0). [C]
    PumpState 6 [point] {
        point: SiteCode,
        pump: String,
        started: Time,
        stopped: Time,
        running: String,
        data_time: Timestamp,
    }

    /// YSLCDDY, an inflow point. [C]
    InflowDefinition 9 [point] {
        point: SiteCode,
        name: String,
        location: String,
        sensor_type: String,
        unit: String,
        x: Number,
        y: Number,
        z: Number,
        installed: Option<Day>,
    }

    /// YSLCDSS, inflow. [C]
    InflowValue 4 [point] {
        point: SiteCode,
        state: PointState,
        value: Number,
        data_time: Timestamp,
    }

    /// SFSCDDY, a dewatering borehole. What the numbers say is not known. [C]
    DewateringDefinition 14 [point] {
        point: SiteCode,
        location: String,
        unit: String,
        aquifer: String,
        number_1: Number,
        number_2: Number,
        number_3: Number,
        number_4: Number,
        x: Number,
        y: Number,
        z: Number,
        number_5: Number,
        number_6: Number,
        installed: Option<Day>,
    }

    /// SFSCDSS, dewatering. [C]
    DewateringValue 4 [point] {
        point: SiteCode,
        location: String,
        value: Number,
        data_time: Timestamp,
    }

    /// JSLCDDY, a rain gauge. [C]
    RainDefinition 9 [point] {
        point: SiteCode,
        device_type: String,
        location: String,
        installed: Option<Day>,
        maker: String,
        made: Option<Day>,
        x: Number,
        y: Number,
        z: Number,
    }

    /// JSLCDSS, rain. The three times were written alike; what tells them apart is not
    /// known, and the last is taken for the data's. [C]
    RainValue 6 [point] {
        point: SiteCode,
        time_1: Time,
        time_2: Time,
        data_time: Timestamp,
        state: PointState,
        value: Number,
    }

    /// DBSCDDY, a point of surface water. [C]
    SurfaceWaterDefinition 11 [point] {
        point: SiteCode,
        device_type: String,
        location: String,
        installed: Option<Day>,
        maker: String,
        made: Option<Day>,
        sensor_type: String,
        unit: String,
        x: Number,
        y: Number,
        z: Number,
    }

    /// DBSCDSS, surface water: two numbers, of which the first is taken for the level. [C]
    SurfaceWaterValue 5 [point] {
        point: SiteCode,
        value: Number,
        number_2: Number,
        state: PointState,
        data_time: Timestamp,
    }

    /// DBCXCDSS, where a subsidence mark is. [C]
    SubsidenceValue 8 [point] {
        point: SiteCode,
        area_name: String,
        mark: String,
        state: PointState,
        x: Number,
        y: Number,
        z: Number,
        data_time: Timestamp,
    }

    // Ground pressure.

    /// ZKYL, a borehole stress point: depth in m, the stress that it began with. [C]
    StressDefinition 11 [point] {
        point: SiteCode,
        area_name: String,
        sensor_type: String,
        location: String,
        depth: Number,
        installed: Option<Day>,
        x: Number,
        y: Number,
        z: Number,
        direction: String,
        initial: String,
    }

    /// ZKSS, borehole stress. [C]
    StressValue 6 [point] {
        point: SiteCode,
        sensor_type: String,
        location: String,
        value: Number,
        state: PointState,
        data_time: Timestamp,
    }

    /// ZKYC, an exception of borehole stress. [C]
    StressException 12 [point start] {
        point: SiteCode,
        sensor_type: String,
        location: String,
        exception: String,
        start: Time,
        end: Time,
        max: Number,
        max_time: Time,
        min: Number,
        min_time: Time,
        mean: Number,
        mean_time: Time,
    }
}

impl Content {
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
