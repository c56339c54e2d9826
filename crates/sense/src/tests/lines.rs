//! What a station is asked on the line on which it was heard last.

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use wire::sl651::{
    Coding, Content, Decimal, Direction, End, Function, Parameter, Setting, StationAddress,
};

use super::town::{Device, QINGSHI, Valley, level, report, until};
use crate::Protocol;
use crate::gateway::{Ask, Heard};

async fn ask(valley: &Valley, ask: Ask) -> Heard {
    valley.gateway.intake().lines().ask(Protocol::Sl651, QINGSHI, ask).await
}

/// Hears what is asked, and answers it with this content.
async fn answers(device: &mut Device, valley: &Valley, serial: u16, content: Content) -> Function {
    let asked = device.hear().await;
    assert_eq!((asked.direction, asked.end), (Direction::Down, End::Enq));
    let frame = device.frame(asked.function, serial, valley.now(), content);
    device.send(&frame).await;
    // The centre confirms what it has stored.
    assert_eq!(device.hear().await.serial(), Some(serial));
    asked.function
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_station_is_asked_where_it_was_heard_last_and_its_answer_is_stored_too() {
    let valley = Valley::new().await;
    valley.qingshi(&["Z"]).await;
    assert_eq!(ask(&valley, Ask::Now).await, Heard::Offline);
    let mut old = valley.device(QINGSHI).await;
    report(&mut old, 1, valley.now(), 261_500).await;
    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 2, valley.now(), 261_500).await;

    let at = valley.now() + base::Duration::from_mins(1);
    let values = wire::sl651::Section::observed(
        device.address,
        wire::sl651::StationClass::RIVER,
        at,
        vec![level(261_700)],
    );
    let (heard, function) = tokio::join!(
        ask(&valley, Ask::Now),
        answers(&mut device, &valley, 3, Content::Report(vec![values])),
    );
    assert_eq!(function, Function::QUERY_NOW);
    let Heard::Answered(Some(said)) = heard else { panic!("{heard:?}") };
    assert_eq!(said["report"][0]["blocks"][0]["elements"][0]["value"], 261.7);
    until("it is a reading as well", || valley.gateway.counts().readings == 2).await;

    let base = Setting::Number(Decimal::new(260_000, 3));
    let base = Parameter::of(Function::READ_RUNNING, 0x28, &base, Coding::Hex).expect("it fits");
    let running =
        |code: &str| Ask::Parameters { table: "running".to_owned(), codes: vec![code.to_owned()] };
    let (heard, function) = tokio::join!(
        ask(&valley, running("28")),
        answers(&mut device, &valley, 4, Content::Parameters(vec![base])),
    );
    assert_eq!(function, Function::READ_RUNNING);
    let Heard::Answered(Some(said)) = heard else { panic!("{heard:?}") };
    assert_eq!(said["parameters"][0]["value"], 260.0);
    assert_eq!(said["parameters"][0]["name"], "水位基值1");

    let (heard, function) =
        tokio::join!(ask(&valley, Ask::SetClock), answers(&mut device, &valley, 5, Content::Bare),);
    assert!(matches!(heard, Heard::Answered(_)), "{heard:?}");
    assert_eq!(function, Function::SET_CLOCK);

    let untaken = ask(&valley, running("B0")).await;
    assert!(matches!(&untaken, Heard::Untaken(why) if why.contains("B0")), "{untaken:?}");
    let basic = Ask::Parameters { table: "basic".to_owned(), codes: vec!["03".to_owned()] };
    assert!(matches!(ask(&valley, basic).await, Heard::Untaken(_)), "a password is no answer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_claims_a_code_is_asked_nothing_and_a_line_ends_with_its_connection() {
    let valley = Valley::new().await;
    let mut body = super::town::details("青石湾水文站", super::town::HUADIAN, &["Z"]);
    body["password"] = json!("A1B2");
    valley.register("段工", QINGSHI, body).await;
    let mut stranger = valley.device(QINGSHI).await;
    stranger.password = 0x0001;
    let frame = stranger.report(1, valley.now(), &[level(261_500)]);
    stranger.send(&frame).await;
    until("it was refused", || valley.gateway.counts().refused == 1).await;
    assert_eq!(ask(&valley, Ask::Now).await, Heard::Offline);

    let mut device = valley.device(QINGSHI).await;
    report(&mut device, 1, valley.now(), 261_500).await;
    let lines = valley.gateway.intake().lines();
    assert!(lines.is_online(Protocol::Sl651, QINGSHI));
    let (heard, ()) = tokio::join!(ask(&valley, Ask::Clock), async {
        let asked = device.hear().await;
        assert_eq!(asked.function, Function::QUERY_CLOCK);
        device.stream.shutdown().await.expect("it closes");
    });
    assert_eq!(heard, Heard::Lost);
    until("the line is gone", || !lines.is_online(Protocol::Sl651, QINGSHI)).await;
    let other: StationAddress = "0010820552".parse().expect("an address");
    assert_eq!(lines.ask(Protocol::Sl651, &other.to_string(), Ask::Now).await, Heard::Offline);
}
