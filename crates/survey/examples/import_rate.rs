//! How fast a table becomes entries of a register, what it costs in memory, and how long
//! an alarm waits behind it.
//!
//!     cargo run --release -p survey --example import_rate [ROWS [enterprise|tank]]
//!
//! A CSV of so many rows (100 000) and 20 columns goes through the door, is looked through
//! and taken, on an embedded database whose commits are synced. Meanwhile commands of the
//! urgent lane come one after the other, a few milliseconds apart, as alarms do. Printed
//! are the rows a second in each quarter (a rate that falls is work that grows with what
//! is there), the most memory (`VmHWM`), the longest that the rows of one command held the
//! writer, and how long the urgent commands waited, their commit included.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use host::import::IMPORT;
use host::town::Town;
use host::{Error, Lane, World};
use serde_json::json;
use survey::CreditCode;
use survey::enterprise::{READ, REGISTER};

/// Between two alarms.
const APART: Duration = Duration::from_millis(5);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let rows = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let register = arguments.next().unwrap_or_else(|| "enterprise".to_owned());
    let parts = vec![trust::part(&trust::Sessions::default()), atlas::part(), survey::part()];
    let town = Town::durable(parts);
    atlas::seed(&town.world)?;
    town.person("keeper", "220000", &[READ, REGISTER, IMPORT]);
    let table = match register.as_str() {
        "tank" => {
            let owner = enterprise(0);
            let new = json!({ "details": { "name": owner.1, "credit_code": owner.0,
                "kinds": ["hazchem"], "region": "220282" } });
            let made = town.post("keeper", "/api/enterprises", new).await;
            assert_eq!(made.status, 201, "{}", made.body);
            tanks(rows, &owner.0)
        }
        _ => enterprises(rows),
    };
    println!("{rows} rows of {register}, {:.1} MB of CSV", table.len() as f64 / 1e6);
    println!("memory before: {}", memory());
    let path = format!("/api/imports?register={register}&file=table.csv");
    let (brought, _) = town.ask_raw("keeper", "POST", &path, table.into_bytes()).await;
    assert_eq!(brought.status, 201, "{}", brought.body);
    let path = format!("/api/imports/{}", brought.body["id"].as_str().unwrap_or_default());
    let looked = watched(&town, &path, "ready", rows).await;
    println!("looked through: {looked}");
    let (alarms, stop) = alarms(&town.world);
    town.post("keeper", &format!("{path}/confirm"), json!({})).await;
    let taken = watched(&town, &path, "done", rows).await;
    stop.store(true, Ordering::Relaxed);
    let mut waits = alarms.join().expect("the alarms end")?;
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!("taken: {taken}");
    let import = town.get("keeper", &path).await.body;
    println!("counts: {}", import["counts"]);
    println!("longest that rows held the writer: {} ms", import["longest_held_ms"]);
    println!(
        "{} urgent commands meanwhile waited p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        waits.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    println!("memory at most: {}", memory());
    Ok(())
}

/// Waits for a state; answers rows a second, in all and by quarters.
async fn watched(town: &Town, path: &str, state: &str, rows: usize) -> String {
    let began = Instant::now();
    let mut quarters: Vec<f64> = vec![0.0];
    loop {
        let import = town.get("keeper", path).await.body;
        assert_ne!(import["state"], "failed", "{import:#}");
        let seen = import["counts"]["seen"].as_u64().unwrap_or(0) as usize;
        if rows * quarters.len() <= seen * 4 {
            quarters.push(began.elapsed().as_secs_f64());
        }
        if import["state"] == state {
            break;
        }
        tokio::time::timeout(Duration::from_millis(20), std::future::pending::<()>()).await.ok();
    }
    let all = rows as f64 / began.elapsed().as_secs_f64();
    let mut said = format!("{all:.0} rows/s; by quarters");
    for pair in quarters.windows(2) {
        let rate = rows as f64 / 4.0 / (pair[1] - pair[0]);
        write!(said, " {rate:.0}").expect("a text takes it");
    }
    said
}

/// Urgent commands until they are to stop; answers how long each waited, ms.
fn alarms(world: &World) -> (std::thread::JoinHandle<Result<Vec<f64>, Error>>, Arc<AtomicBool>) {
    let (world, stop) = (world.clone(), Arc::new(AtomicBool::new(false)));
    let asked = Arc::clone(&stop);
    let thread = std::thread::spawn(move || {
        let mut waits = Vec::new();
        while !asked.load(Ordering::Relaxed) {
            let began = Instant::now();
            world.run(Lane::Urgent, "alarm", |_| Ok(()))?;
            waits.push(began.elapsed().as_secs_f64() * 1_000.0);
            std::thread::park_timeout(APART);
        }
        Ok(waits)
    });
    (thread, stop)
}

/// A credit code and a name for a number; the check character by trying.
fn enterprise(number: usize) -> (String, String) {
    let body = format!("91220282MA{number:07}");
    let mut codes = "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(|last| format!("{body}{last}"));
    let code = codes.find(|code| code.parse::<CreditCode>().is_ok()).expect("one of them checks");
    (code, format!("虚构{number}号有限公司"))
}

/// Thirteen columns of the register, and seven that it does not know.
fn enterprises(rows: usize) -> String {
    let mut table = "统一社会信用代码,企业名称,类别,行政区划代码,简称,行业代码,地址,经度,纬度,\
                     坐标系,接入编码,状态,起始日期,备注一,备注二,备注三,备注四,备注五,备注六,备注七\n"
        .to_owned();
    for number in 0..rows {
        let (code, name) = enterprise(number);
        let (lon, lat) =
            (126.5 + (number % 1000) as f64 * 5e-4, 42.9 + (number % 777) as f64 * 5e-4);
        writeln!(
            table,
            "{code},{name},危化品、工贸,220282,{number}号,C2614,桦甸市虚构路 {number} 号,{lon:.6},\
             {lat:.6},GCJ-02,{:012},在产,2020-05-01,一,二,三,四,五,六,七",
            220_282_000_000 + number
        )
        .expect("a text takes it");
    }
    table
}

/// Twenty columns; all of one enterprise, which is the hardest for what is looked up.
fn tanks(rows: usize, owner: &str) -> String {
    let mut table = "罐号,企业,名称,行政区划代码,介质,CAS号,罐型,罐顶,直径,罐高,容积,设计最大储量,\
                     液位下限,液位上限,压力上限,温度下限,温度上限,经度,纬度,坐标系\n"
        .to_owned();
    for number in 0..rows {
        writeln!(
            table,
            "G{number:07},{owner},{number}# 液氨罐,220282,液氨,7664-41-7,立式,固定顶,9.2,12,400,210,0.5,\
             7.8,2160,-20,50,126.75,42.97,WGS84"
        )
        .expect("a text takes it");
    }
    table
}

/// The most memory of this process so far, as Linux counts it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not known on this system".to_owned(), |line| line.trim().to_owned())
}
