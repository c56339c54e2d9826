//! What can be asked of a hydrological station: every function of annex B that goes
//! downward, with the parameters of tables D.1 and D.4 (SL 651-2014, §6.6.4).

use base::Duration;
use wire::Decimal;
use wire::sl651::{
    BASIC, Channel, Command, ElementId, Function, Gates, MEASURED, ParameterInfo, ParameterKind,
    RUNNING, Range, Setting, StationAddress, Step,
};

use super::words::{FUNCTIONS, english};
use super::{MEANINGS, Meaning};
use crate::protocol::form::{Ask, Bad, Choice, Field, Filled, Form, Keys, Kind, Of, Words};

/// The password of table D.1, which only [`Function::CHANGE_PASSWORD`] sets.
const PASSWORD: u8 = 0x03;
/// Pumps, valves or gates of one command.
const MOST_SWITCHES: usize = 64;
/// Parameters or elements of one command, so that its frame stays within 256 bytes where
/// their values are short (H.4.2 advises that).
const MOST_NAMES: usize = 40;
/// Ranges of addresses that a relay serves.
const MOST_RANGES: usize = 20;
/// The longest period that is asked for at once.
const LONGEST_PERIOD: Duration = Duration::from_hours(31 * 24);

fn words(function: Function) -> Words {
    let zh = function.name().unwrap_or_default();
    let found = FUNCTIONS.iter().find(|(code, _)| *code == function.0);
    Words::new(zh, found.map_or("", |(_, english)| *english))
}

fn form(function: Function, kind: Kind) -> Form {
    Form::new(function.to_string(), kind, words(function))
}

/// All of them, queries first.
pub(super) fn forms() -> Vec<Form> {
    let query = |function| form(function, Kind::Query);
    let setting = |function| form(function, Kind::Setting);
    let moves = |function, zh, en| {
        let switches = Of::Switches { most: MOST_SWITCHES };
        form(function, Kind::Control)
            .danger(
                "现场设备会立即动作，先确认附近无人",
                "Something moves at once: make sure that nobody is near",
            )
            .field("on", Words::new(zh, en), switches)
    };
    let period = query(Function::QUERY_PERIOD)
        .field("start", Words::new("开始（整点）", "From (hour)"), Of::Hour)
        .field("end", Words::new("结束（整点）", "To (hour)"), Of::Hour)
        .field("step", Words::new("时间步长", "Step"), Of::Choice { options: steps() })
        .field("element", Words::new("要素", "Element"), Of::Choice { options: elements() });
    let most = MOST_NAMES;
    let read = |function, table: &[ParameterInfo]| {
        let options = rows(table).map(|row| Choice::new(code(row), name(row))).collect();
        query(function).field("codes", Words::new("参数", "Parameters"), Of::Many { options, most })
    };
    let write = |function, table: &[ParameterInfo]| {
        let of = rows(table).filter_map(parameter).collect();
        setting(function).field(
            "parameters",
            Words::new("参数", "Parameters"),
            Of::Parameters { of },
        )
    };
    let on_off = |on: Words, off: Words| Of::Choice {
        options: vec![Choice::new("on", on), Choice::new("off", off)],
    };
    vec![
        query(Function::QUERY_NOW),
        query(Function::QUERY_ELEMENTS).field(
            "elements",
            Words::new("要素", "Elements"),
            Of::Many { options: elements(), most },
        ),
        period,
        query(Function::QUERY_MANUAL),
        query(Function::PICTURE),
        query(Function::QUERY_CLOCK),
        query(Function::QUERY_STATUS),
        query(Function::QUERY_VERSION),
        query(Function::QUERY_EVENTS),
        query(Function::QUERY_PUMPS),
        read(Function::READ_BASIC, &BASIC),
        read(Function::READ_RUNNING, &RUNNING),
        setting(Function::SET_CLOCK),
        write(Function::WRITE_RUNNING, &RUNNING),
        write(Function::WRITE_BASIC, &BASIC).danger(
            "地址或信道写错后，测站将不再向本中心报数，只能到现场改回",
            "With a wrong address or channel the station reports here no more, and somebody has \
             to go there",
        ),
        setting(Function::CHANGE_PASSWORD)
            .danger(
                "测站应答后即使用新密码；旧密钥停用前请确认新密码有效",
                "The station uses the new password once it has answered: do not end the old key \
                 before it is heard with the new one",
            )
            .field(
                "key",
                Words::new("新密码（已签发的密钥）", "New password (an issued key)"),
                Of::Key,
            ),
        setting(Function::SET_CARD).field(
            "card",
            Words::new("IC 卡", "IC card"),
            on_off(Words::new("有效", "valid"), Words::new("无效", "not valid")),
        ),
        setting(Function::SET_QUOTA).field(
            "quota",
            Words::new("水量定值", "Quota"),
            on_off(Words::new("投入", "enforced"), Words::new("退出", "not enforced")),
        ),
        setting(Function::CLEAR_STORAGE).danger(
            "测站存储的历史数据全部清除，不可恢复",
            "Everything that the station has stored is lost for good",
        ),
        setting(Function::FACTORY_RESET).danger(
            "全部参数恢复出厂值，测站可能不再向本中心报数",
            "Every parameter is as it left the factory: the station may report here no more",
        ),
        moves(Function::SWITCH_PUMPS, "水泵（按编号）", "Pumps, in order"),
        moves(Function::SWITCH_VALVES, "阀门（按编号）", "Valves, in order"),
        moves(Function::SWITCH_GATES, "闸门开启（按编号）", "Gates that are open, in order").field(
            "openings",
            Words::new("开度，厘米，按编号以逗号分隔", "Openings in cm, in order, with commas"),
            Of::Text { form: Words::new("120,0,35", "120,0,35"), longest: 5 * MOST_SWITCHES },
        ),
    ]
}

/// What can be asked for or set: no password, and no word of a command.
fn rows(table: &[ParameterInfo]) -> impl Iterator<Item = &ParameterInfo> {
    table.iter().filter(|row| row.lead != PASSWORD && row.kind != ParameterKind::Nothing)
}

fn code(row: &ParameterInfo) -> String {
    format!("{:02X}", row.lead)
}

fn name(row: &ParameterInfo) -> Words {
    Words::new(row.name, english(row.name))
}

fn elements() -> Vec<Choice> {
    let choice = |meaning: &Meaning| {
        let info = meaning.info();
        Choice::new(info.ascii, Words::new(info.name, meaning.word_en))
    };
    MEANINGS.iter().map(choice).collect()
}

fn steps() -> Vec<Choice> {
    const STEPS: [(&str, &str, &str); 9] = [
        ("5m", "5 分钟", "5 min"),
        ("10m", "10 分钟", "10 min"),
        ("30m", "30 分钟", "30 min"),
        ("1h", "1 小时", "1 h"),
        ("2h", "2 小时", "2 h"),
        ("3h", "3 小时", "3 h"),
        ("6h", "6 小时", "6 h"),
        ("12h", "12 小时", "12 h"),
        ("1d", "1 天", "1 day"),
    ];
    STEPS.map(|(value, zh, en)| Choice::new(value, Words::new(zh, en))).to_vec()
}

/// Whether a level is measured from may lie below the datum.
fn may_be_negative(lead: u8) -> bool {
    (0x28..=0x37).contains(&lead)
}

/// The field of a parameter; `None` for what is not set by its value.
fn parameter(row: &ParameterInfo) -> Option<Field> {
    let text = |zh: &str, en: &str, longest| Of::Text { form: Words::new(zh, en), longest };
    let of = match row.kind {
        ParameterKind::Number { digits, decimals } => {
            let max = Decimal::new(10_i64.pow(u32::from(digits)) - 1, decimals);
            let min =
                Decimal::new(if may_be_negative(row.lead) { -max.mantissa } else { 0 }, decimals);
            Of::Number { min: min.to_string(), max: max.to_string(), decimals, unit: row.unit }
        }
        ParameterKind::Centres => text(
            "4 个中心站地址 0–255，逗号分隔，0 为禁用：1,2,0,0",
            "Four addresses of 0 to 255 with commas, 0 is off: 1,2,0,0",
            15,
        ),
        ParameterKind::Station => text(
            "10 位十六进制，或 8、12 位编码",
            "Ten hexadecimal digits, or a code of 8 or 12 digits",
            12,
        ),
        ParameterKind::Channel => text(
            "类型 地址：1 短信号码，2 IPv4:端口，3 北斗，4 海事卫星，5 PSTN，6 超短波；0 为禁用",
            "Kind and address: 1 SMS number, 2 IPv4:port, 3 BeiDou, 4 Inmarsat, 5 PSTN, 6 UHF; \
             0 is off",
            32,
        ),
        ParameterKind::Mode => {
            let modes = [
                ("1", "自报", "reports"),
                ("2", "自报确认", "reports and waits for confirmation"),
                ("3", "查询应答", "answers"),
                ("4", "调试维修", "is being mended"),
            ];
            let options = modes.map(|(value, zh, en)| Choice::new(value, Words::new(zh, en)));
            Of::Choice { options: options.to_vec() }
        }
        ParameterKind::Mask => {
            let options: Vec<Choice> = MEASURED
                .iter()
                .enumerate()
                .filter(|(_, name)| !name.is_empty())
                .map(|(bit, name)| Choice::new(bit.to_string(), Words::new(*name, english(name))))
                .collect();
            let most = options.len();
            Of::Many { options, most }
        }
        ParameterKind::Ranges => text(
            "起始地址+个数（1–99），逗号分隔：0010820551+3",
            "First address + count (1 to 99), with commas: 0010820551+3",
            14 * MOST_RANGES,
        ),
        ParameterKind::Card => text(
            "类型 卡号：1 移动通信卡，2 北斗卡",
            "Kind and number: 1 mobile card, 2 BeiDou card",
            34,
        ),
        ParameterKind::Password | ParameterKind::Bits | ParameterKind::Nothing => return None,
    };
    Some(Field { name: code(row), word: name(row), of })
}

/// The command of what was filled in.
///
/// - `keys`: the password of now and the new one, for a change of it.
///
/// # Errors
/// [`Bad`] names the field.
pub(super) fn order(
    station: StationAddress,
    ask: &Ask,
    keys: Option<&Keys>,
) -> Result<Command, Bad> {
    let function = (ask.command.len() == 2)
        .then(|| u8::from_str_radix(&ask.command, 16).ok())
        .flatten()
        .filter(|code| ask.command == Function(*code).to_string());
    let unknown = || Bad::new("command", ask.command.as_str(), "a function that goes downward");
    let function = Function(function.ok_or_else(unknown)?);
    let nothing = |command: Command| ask.only(&[]).map(|()| command);
    let only = |names: &[&str]| ask.only(names);
    match function {
        Function::QUERY_NOW => nothing(Command::query_now(station)),
        Function::QUERY_MANUAL => nothing(Command::query_manual(station)),
        Function::PICTURE => nothing(Command::query_picture(station)),
        Function::QUERY_CLOCK => nothing(Command::query_clock(station)),
        Function::QUERY_STATUS => nothing(Command::query_status(station)),
        Function::QUERY_VERSION => nothing(Command::query_version(station)),
        Function::QUERY_EVENTS => nothing(Command::query_events(station)),
        Function::QUERY_PUMPS => nothing(Command::query_pumps(station)),
        Function::SET_CLOCK => nothing(Command::set_clock(station)),
        Function::CLEAR_STORAGE => nothing(Command::clear_storage(station)),
        Function::FACTORY_RESET => nothing(Command::factory_reset(station)),
        Function::QUERY_ELEMENTS => {
            only(&["elements"])?;
            let filled = ask.at("elements")?;
            let elements = filled.texts(MOST_NAMES)?.into_iter().map(|name| element(filled, name));
            Ok(Command::query_elements(station, &elements.collect::<Result<Vec<_>, _>>()?))
        }
        Function::QUERY_PERIOD => {
            only(&["start", "end", "step", "element"])?;
            let (start, end) = (ask.at("start")?.moment()?, ask.at("end")?.moment()?);
            if end <= start || start + LONGEST_PERIOD < end {
                return Err(ask.at("end")?.bad("a moment after start, and within 31 days of it"));
            }
            let (step, named) = (ask.at("step")?, ask.at("element")?);
            let element = element(named, named.text()?)?;
            Ok(Command::query_period(station, (start, end), step_of(step)?, element))
        }
        Function::READ_BASIC | Function::READ_RUNNING => {
            only(&["codes"])?;
            let filled = ask.at("codes")?;
            let leads = filled.texts(MOST_NAMES)?.into_iter().map(|code| lead(filled, code));
            let leads = leads.collect::<Result<Vec<u8>, _>>()?;
            // Whoever holds the password reads it from nowhere else.
            if function == Function::READ_BASIC && leads.contains(&PASSWORD) {
                return Err(filled.bad("no password: it is not asked for"));
            }
            Command::read(station, function, &leads).map_err(|error| filled.bad(error.to_string()))
        }
        Function::WRITE_BASIC | Function::WRITE_RUNNING => {
            only(&["parameters"])?;
            let filled = ask.at("parameters")?;
            let settings = filled.object(MOST_NAMES)?.iter().map(|(name, value)| {
                setting(function, Filled { name, value }, lead(filled, name)?)
            });
            let settings = settings.collect::<Result<Vec<_>, _>>()?;
            Command::write(station, function, &settings)
                .map_err(|error| filled.bad(error.to_string()))
        }
        Function::CHANGE_PASSWORD => {
            only(&["key"])?;
            let filled = ask.at("key")?;
            filled.text()?;
            let digits = |key: &str| u16::from_str_radix(key, 16).ok();
            let Some((old, new)) = keys.and_then(|keys| digits(&keys.now).zip(digits(&keys.next)))
            else {
                return Err(filled.bad("a key of the station beside the one that it uses now"));
            };
            Ok(Command::change_password(station, old, new))
        }
        Function::SET_CARD => {
            only(&["card"])?;
            Ok(Command::set_card(station, is_on(ask.at("card")?)?))
        }
        Function::SET_QUOTA => {
            only(&["quota"])?;
            Ok(Command::set_quota(station, is_on(ask.at("quota")?)?))
        }
        Function::SWITCH_PUMPS | Function::SWITCH_VALVES => {
            only(&["on"])?;
            let on = ask.at("on")?.switches(MOST_SWITCHES)?;
            Ok(Command::switch(station, function, bits(&on)))
        }
        Function::SWITCH_GATES => {
            only(&["on", "openings"])?;
            let on = ask.at("on")?.switches(MOST_SWITCHES)?;
            let filled = ask.at("openings")?;
            let openings: Option<Vec<u16>> = filled
                .text()?
                .split(',')
                .map(|it| it.trim().parse().ok().filter(|opening| *opening <= 9_999))
                .collect();
            let openings = openings.filter(|openings| openings.len() == on.len());
            let openings =
                openings.ok_or_else(|| filled.bad("one opening of 0 to 9999 cm for each gate"))?;
            let count = u8::try_from(on.len()).unwrap_or(u8::MAX);
            Ok(Command::switch_gates(station, Gates { count, open: bits(&on), openings }))
        }
        _ => Err(unknown()),
    }
}

fn element(filled: Filled<'_>, name: &str) -> Result<ElementId, Bad> {
    let found = ElementId::from_ascii(name.trim()).filter(|element| element.info().is_some());
    found.ok_or_else(|| filled.bad("elements of annex C"))
}

fn lead(filled: Filled<'_>, code: &str) -> Result<u8, Bad> {
    let digits = (code.len() == 2).then(|| u8::from_str_radix(code, 16).ok()).flatten();
    digits.ok_or_else(|| filled.bad("lead bytes of two hexadecimal digits"))
}

/// `5m`, `1h`, `1d`.
fn step_of(filled: Filled<'_>) -> Result<Step, Bad> {
    let bad = || filled.bad("a step like 5m, 1h or 1d");
    let text = filled.text()?;
    let (count, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(bad)?;
    let count: u8 = count.parse().ok().filter(|count| *count != 0).ok_or_else(bad)?;
    let step = Step::default();
    match unit {
        "m" if count < 60 => Ok(Step { minutes: count, ..step }),
        "h" if count < 24 => Ok(Step { hours: count, ..step }),
        "d" if count < 100 => Ok(Step { days: count, ..step }),
        _ => Err(bad()),
    }
}

fn is_on(filled: Filled<'_>) -> Result<bool, Bad> {
    match filled.text()? {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(filled.bad("on or off")),
    }
}

/// First in the lowest bit.
fn bits(on: &[bool]) -> Vec<u8> {
    let mut bits = vec![0; on.len().div_ceil(8)];
    for (index, _) in on.iter().enumerate().filter(|(_, on)| **on) {
        bits[index / 8] |= 1 << (index % 8);
    }
    bits
}

/// The value of a parameter, by its kind.
fn setting(function: Function, filled: Filled<'_>, lead: u8) -> Result<(u8, Setting), Bad> {
    let info = ParameterInfo::of(function, lead)
        .ok_or_else(|| filled.bad(format!("parameters of the table of {function}")))?;
    let setting = match info.kind {
        ParameterKind::Number { digits, decimals } => {
            let number = filled.number(decimals)?;
            let most = 10_i64.pow(u32::from(digits)) - 1;
            let least = if may_be_negative(lead) { -most } else { 0 };
            if !(least..=most).contains(&number.mantissa) {
                let (least, most) = (Decimal::new(least, decimals), Decimal::new(most, decimals));
                return Err(filled.bad(format!("{least} to {most}")));
            }
            Setting::Number(number)
        }
        ParameterKind::Centres => {
            let centres: Option<Vec<u8>> =
                filled.text()?.split(',').map(|it| it.trim().parse().ok()).collect();
            let centres = centres.and_then(|centres| centres.try_into().ok());
            Setting::Centres(centres.ok_or_else(|| filled.bad("four numbers of 0 to 255"))?)
        }
        ParameterKind::Station => {
            let address: Option<StationAddress> = filled.text()?.parse().ok();
            let address = address.filter(|address| !address.is_broadcast());
            Setting::Station(address.ok_or_else(|| filled.bad("the address of one station"))?)
        }
        ParameterKind::Channel => Setting::Channel(channel(filled)?),
        ParameterKind::Mode => Setting::Mode(u8::try_from(filled.whole(1, 4)?).unwrap_or_default()),
        ParameterKind::Mask => {
            let mut mask = [0; 8];
            for bit in filled.texts(MEASURED.len())? {
                let known = bit.parse::<usize>().ok();
                let known = known.filter(|bit| MEASURED.get(*bit).is_some_and(|it| !it.is_empty()));
                let bit = known.ok_or_else(|| filled.bad("numbers of table D.2, 0 to 63"))?;
                mask[bit / 8] |= 0x80 >> (bit % 8);
            }
            Setting::Mask(mask)
        }
        ParameterKind::Ranges => Setting::Ranges(ranges(filled)?),
        ParameterKind::Card => {
            let bad = || filled.bad("1 or 2, and the card's number of up to 32 signs");
            let (kind, number) = filled.text()?.split_once(' ').ok_or_else(bad)?;
            let kind: u8 =
                kind.parse().ok().filter(|kind| (1..=2).contains(kind)).ok_or_else(bad)?;
            let number = number.trim();
            let is_one = (1..=32).contains(&number.len())
                && number.bytes().all(|byte| byte.is_ascii_graphic());
            if !is_one {
                return Err(bad());
            }
            Setting::Card { kind, number: number.to_owned() }
        }
        ParameterKind::Password | ParameterKind::Bits | ParameterKind::Nothing => {
            return Err(filled.bad("a parameter that is set by its value"));
        }
    };
    Ok((lead, setting))
}

/// `2 10.0.0.1:5020`, `1 13800000000`, `0`.
fn channel(filled: Filled<'_>) -> Result<Channel, Bad> {
    let bad = || filled.bad("0, or a kind of 1 to 6 and its address");
    let text = filled.text()?;
    let (kind, address) = text.split_once(' ').unwrap_or((text, ""));
    let address = address.trim();
    let kind: u8 = kind.parse().ok().filter(|kind| *kind <= 6).ok_or_else(bad)?;
    match kind {
        0 if address.is_empty() => Ok(Channel::Other { kind, digits: String::new() }),
        2 => {
            let socket: std::net::SocketAddrV4 = address.parse().map_err(|_| bad())?;
            Ok(Channel::Ip { address: socket.ip().octets(), port: socket.port() })
        }
        1 | 3..=6
            if (1..=20).contains(&address.len())
                && address.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Ok(Channel::Other { kind, digits: address.to_owned() })
        }
        _ => Err(bad()),
    }
}

fn ranges(filled: Filled<'_>) -> Result<Vec<Range>, Bad> {
    let bad = || filled.bad(format!("up to {MOST_RANGES} of address+count, 1 to 99 each"));
    let mut ranges = Vec::new();
    for part in filled.text()?.split(',') {
        let (start, count) = part.trim().split_once('+').ok_or_else(bad)?;
        let start: StationAddress = start.trim().parse().map_err(|_| bad())?;
        let count = count.trim().parse().ok().filter(|count| (1..=99).contains(count));
        ranges.push(Range { start, count: count.ok_or_else(bad)? });
    }
    if MOST_RANGES < ranges.len() { Err(bad()) } else { Ok(ranges) }
}

#[cfg(test)]
mod tests;
