//! Devices of MQTT 3.1.1 that each publish one reading with QoS 1, wait for its
//! acknowledgement, and publish the next.
//!
//!     cargo run --release -p sense --example mqtt_devices PORT SECONDS < ACCOUNTS
//!
//! One device for each line of the input, `CODE PASSWORD`. Printed is one line of JSON: how
//! many messages were acknowledged within so many seconds, after how long (p50 and p99, in
//! milliseconds), and what the devices themselves took of the processor, in seconds. All of
//! them share one thread, so that the server keeps the rest of the machine.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

const CONNACK: u8 = 0x20;
const PUBACK: u8 = 0x40;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |what| {
        let given = arguments.next().and_then(|it| it.parse::<u64>().ok());
        given.ok_or_else(|| io::Error::other(format!("{what} is missing or no number")))
    };
    let port = u16::try_from(number("the port")?).map_err(io::Error::other)?;
    let seconds = Duration::from_secs(number("the seconds")?);
    let mut devices = Vec::new();
    for line in io::stdin().lines() {
        let line = line?;
        let (code, password) = line.split_once(' ').ok_or_else(|| {
            io::Error::other(format!("line is {line:?}, expected a code and a password"))
        })?;
        devices.push(connect(port, code, password).await?);
    }
    let waits = Rc::new(RefCell::new(Vec::new()));
    let before = spent();
    let began = Instant::now();
    LocalSet::new()
        .run_until(async {
            let mut running = Vec::new();
            for device in devices {
                let waits = Rc::clone(&waits);
                running.push(tokio::task::spawn_local(publish(device, began + seconds, waits)));
            }
            for device in running {
                device.await.map_err(io::Error::other)??;
            }
            io::Result::Ok(())
        })
        .await?;
    let took = began.elapsed().as_secs_f64();
    let mut waits = waits.take();
    waits.sort_unstable();
    let rank = |share: usize| {
        waits.get(waits.len() * share / 100).map_or(f64::NAN, |it| it.as_secs_f64() * 1e3)
    };
    let report = serde_json::json!({
        "count": waits.len(), "seconds": took, "p50_ms": rank(50), "p99_ms": rank(99),
        "core_s": spent() - before,
    });
    println!("{report}");
    Ok(())
}

/// Signs one device on, with a clean session and no keep-alive.
async fn connect(port: u16, code: &str, password: &str) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut body = text("MQTT");
    body.extend([4, 0b1100_0010, 0, 0]);
    for word in [code, code, password] {
        body.extend(text(word));
    }
    stream.write_all(&packet(0x10, &body)).await?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await?;
    match answer {
        [CONNACK, 2, _, 0] => Ok(stream),
        other => {
            Err(io::Error::other(format!("answer is {other:?}, expected an accepted CONNACK")))
        }
    }
}

/// Publishes until the end; a device whose last answer is still due when time is over waits
/// for it.
async fn publish(
    mut device: TcpStream,
    end: Instant,
    waits: Rc<RefCell<Vec<Duration>>>,
) -> io::Result<()> {
    let mut last = 0;
    let mut number = 0u16;
    loop {
        let began = Instant::now();
        if end <= began {
            return device.write_all(&[0xE0, 0]).await;
        }
        last = (last + 1).max(host::world::wall_clock().as_millis());
        // Readings of one device are of different moments and values.
        let value = 20.0 + f64::from(number % 1_000) / 100.0;
        number = number.checked_add(1).unwrap_or(1);
        let mut body = text("readings");
        body.extend(number.to_be_bytes());
        body.extend(format!(r#"{{"time":{last},"values":{{"p00":{value:.2}}}}}"#).into_bytes());
        device.write_all(&packet(0x32, &body)).await?;
        let mut answer = [0; 4];
        device.read_exact(&mut answer).await?;
        if answer[0] != PUBACK || answer[2..] != number.to_be_bytes() {
            let seen = format!("answer is {answer:?}, expected the PUBACK of {number}");
            return Err(io::Error::other(seen));
        }
        waits.borrow_mut().push(began.elapsed());
    }
}

/// A string of MQTT: its length in two bytes, then it.
fn text(word: &str) -> Vec<u8> {
    let length = u16::try_from(word.len()).expect("words of this file are short");
    [&length.to_be_bytes(), word.as_bytes()].concat()
}

/// - `first`: kind and flags.
fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut rest = body.len();
    loop {
        let seven = (rest % 128) as u8;
        rest /= 128;
        packet.push(if rest == 0 { seven } else { seven | 128 });
        if rest == 0 {
            break;
        }
    }
    packet.extend(body);
    packet
}

/// Processor time of this process so far, in seconds.
fn spent() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    used.tv_sec as f64 + used.tv_nsec as f64 / 1e9
}
