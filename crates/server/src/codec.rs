//! `decode` and `encode`: what a device said, and how to say it.

mod cap;
mod coal42;
mod gateway;
mod mqtt;
pub mod quake;

use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use base::{Duration, Timestamp};
use clap::Args;
use serde_json::{Value as Json, json};

/// Reads frames.
#[derive(Args)]
pub struct DecodeOptions {
    /// The protocol: a folder of `wire`.
    protocol: String,
    /// Hex, with or without spaces; without it the file or standard input is read.
    hex: Vec<String>,
    /// A file of hex text or raw bytes.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Opens what is encrypted (gateway: `aes|sm4 base64|hex KEY IV`); the environment
    /// variable GATEWAY_KEY says it without showing it to other users of this machine.
    #[arg(long, value_name = "WORDS")]
    key: Option<String>,
}

/// Writes frames.
#[derive(Args)]
pub struct EncodeOptions {
    /// The protocol: a folder of `wire`.
    protocol: String,
    /// A file of JSON documents as `decode` prints them; without it standard input is read.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// As for `decode`: encrypts what is given open.
    #[arg(long, value_name = "WORDS")]
    key: Option<String>,
}

/// A protocol as the command line knows it.
pub struct Protocol {
    pub name: &'static str,
    pub standard: &'static str,
    /// Every frame in the bytes, or why there is none; one document each.
    pub decode: fn(&[u8]) -> Documents,
    /// The bytes of one document.
    pub encode: fn(&Json) -> Result<Vec<u8>, String>,
    /// Whether `simulate` plays its devices.
    pub has_simulator: bool,
}

/// What was read, each one frame or why it is none.
type Documents = Vec<Result<Json, Json>>;

/// All protocols of `wire`.
pub const PROTOCOLS: &[Protocol] = &[
    Protocol {
        name: "sl651",
        standard: "SL 651-2014 水文监测数据通信规约",
        decode: decode_sl651,
        encode: |document| {
            let frame =
                wire::sl651::from_description(document).map_err(|error| error.to_string())?;
            wire::sl651::write(&frame).map_err(|error| error.to_string())
        },
        has_simulator: true,
    },
    Protocol {
        name: "mqtt",
        standard: "MQTT 3.1.1, 5.0 (OASIS)",
        decode: mqtt::decode,
        encode: mqtt::encode,
        has_simulator: true,
    },
    Protocol {
        name: "json",
        standard: "JSON, NDJSON, CSV 开放数据格式（MQTT、HTTP）",
        decode: mqtt::decode_readings,
        encode: |document| {
            wire::readings::from_description(document).map_err(|error| error.to_string())
        },
        has_simulator: true,
    },
    Protocol {
        name: "gateway",
        standard: "危险化学品与非煤矿山感知数据网关协议（JSON，@@）",
        decode: |bytes| gateway::decode(bytes, None),
        encode: |document| gateway::encode(document, None),
        has_simulator: true,
    },
    Protocol {
        name: "coal42",
        standard: "煤安监办〔2019〕42号附件2 煤矿感知数据文件",
        decode: |bytes| coal42::decode(bytes, None),
        encode: coal42::encode,
        has_simulator: true,
    },
    Protocol {
        name: "cap",
        standard: "CAP 1.0–1.2 通用警报协议（OASIS），Atom、RSS、EDXL-DE 信息源",
        decode: cap::decode,
        encode: cap::encode,
        has_simulator: false,
    },
    Protocol {
        name: "quake",
        standard: "USGS GeoJSON 1.0、QuakeML 1.2、FDSN 地震目录文本",
        decode: quake::decode,
        encode: quake::encode,
        has_simulator: true,
    },
];

/// Reads frames whose file's name says what they are.
type Named = (&'static str, fn(&[u8], Option<&str>) -> Documents);

const NAMED: &[Named] = &[("coal42", coal42::decode)];

/// What a protocol with encrypted messages does when a key is at hand.
struct Keyed {
    name: &'static str,
    decode: fn(&[u8], Option<&str>) -> Documents,
    encode: fn(&Json, Option<&str>) -> Result<Vec<u8>, String>,
}

const KEYED: &[Keyed] =
    &[Keyed { name: "gateway", decode: gateway::decode, encode: gateway::encode }];

#[allow(clippy::disallowed_methods, reason = "an argument that other users must not see")]
pub fn key_of_environment() -> Option<String> {
    std::env::var("GATEWAY_KEY").ok()
}

/// The key that was given, and what it is for; `None` without one.
fn keyed(name: &str, given: Option<&str>) -> Result<Option<(&'static Keyed, String)>, String> {
    let keyed = KEYED.iter().find(|keyed| keyed.name == name);
    let key = match (keyed, given) {
        (None, Some(_)) => return Err(format!("{name} encrypts nothing, expected no --key")),
        (None, None) => return Ok(None),
        (Some(_), Some(given)) => Some(given.to_owned()),
        (Some(_), None) => key_of_environment(),
    };
    Ok(keyed.zip(key))
}

/// Prints one JSON document per frame; exit 1 when any frame is bad.
pub fn decode(options: &DecodeOptions) -> ExitCode {
    let key = keyed(&options.protocol, options.key.as_deref());
    let found =
        protocol(&options.protocol).and_then(|protocol| Ok((protocol, key?, input(options)?)));
    let (protocol, key, bytes) = match found {
        Ok(found) => found,
        Err(error) => return refuse(&error),
    };
    let named = NAMED.iter().find(|(name, _)| *name == protocol.name);
    let name = options.file.as_ref().and_then(|path| path.file_name()?.to_str());
    let frames = match (key, named) {
        (Some((keyed, key)), _) => (keyed.decode)(&bytes, Some(&key)),
        (None, Some((_, decode))) => decode(&bytes, name),
        (None, None) => (protocol.decode)(&bytes),
    };
    let mut good = !frames.is_empty();
    for frame in frames {
        match frame {
            Ok(document) => println!("{document}"),
            Err(document) => {
                good = false;
                println!("{document}");
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints one line of hex per document; exit 1 when any document is bad.
pub fn encode(options: &EncodeOptions) -> ExitCode {
    let text = match &options.file {
        Some(path) => std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display())),
        None => std::io::read_to_string(std::io::stdin()).map_err(|e| e.to_string()),
    };
    let key = keyed(&options.protocol, options.key.as_deref());
    let found = protocol(&options.protocol).and_then(|protocol| Ok((protocol, key?, text?)));
    let (protocol, key, text) = match found {
        Ok(found) => found,
        Err(error) => return refuse(&error),
    };
    let mut good = true;
    for document in serde_json::Deserializer::from_str(&text).into_iter::<Json>() {
        let encode = |document| match &key {
            Some((keyed, key)) => (keyed.encode)(&document, Some(key)),
            None => (protocol.encode)(&document),
        };
        let bytes = document.map_err(|e| e.to_string()).and_then(encode);
        match bytes {
            Ok(bytes) => println!("{}", hex::encode_upper(bytes)),
            Err(error) => {
                good = false;
                eprintln!("fengsui: {error}");
            }
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn protocol(name: &str) -> Result<&'static Protocol, String> {
    let names: Vec<&str> = PROTOCOLS.iter().map(|protocol| protocol.name).collect();
    PROTOCOLS
        .iter()
        .find(|protocol| protocol.name == name)
        .ok_or_else(|| format!("protocol is {name:?}, expected one of {}", names.join(", ")))
}

fn input(options: &DecodeOptions) -> Result<Vec<u8>, String> {
    if !options.hex.is_empty() {
        return unhex(options.hex.join("").as_bytes())
            .ok_or_else(|| "the arguments are no hex".to_owned());
    }
    let bytes = match &options.file {
        Some(path) => std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?,
        None => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            bytes
        }
    };
    // A file that is all hex digits and blanks is hex; anything else is the bytes.
    Ok(unhex(&bytes).unwrap_or(bytes))
}

fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    hex::decode(digits).ok()
}

fn decode_sl651(bytes: &[u8]) -> Vec<Result<Json, Json>> {
    use wire::sl651::{ScanLimits, Scanned, Scanner};
    let patience = Duration::from_secs(1);
    // The standard's 12-bit length allows no larger frame.
    let mut scanner = Scanner::new(ScanLimits { frame: 4_095 + 64, patience });
    let start = Timestamp::from_millis(0);
    // What is still incomplete when the input ends will never be completed.
    let end = start + patience + patience;
    let mut found = Vec::new();
    scanner.push(start, bytes);
    while let Some(scanned) = scanner.scan(start).or_else(|| scanner.scan(end)) {
        found.push(match scanned {
            Scanned::Frame { frame, .. } => Ok(wire::sl651::describe(&frame)),
            Scanned::Reject(reject) => Err(json!({
                "error": reject.reason.to_string(),
                "offset": reject.offset,
                "hex": hex::encode_upper(&reject.raw),
            })),
        });
    }
    found
}

fn refuse(error: &str) -> ExitCode {
    eprintln!("fengsui: {error}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SL 651-2014 ack frame seen in the field (crates/wire/src/sl651/README.md).
    const ACK: &str = "7E7E00112233440503E83280080200341707181100161BE5D4";

    #[test]
    fn what_is_decoded_encodes_to_the_same_bytes() {
        let bytes = unhex(ACK.as_bytes()).expect("hex");
        let documents = decode_sl651(&bytes);
        let [Ok(document)] = &documents[..] else { panic!("one frame: {documents:?}") };
        let encode = protocol("sl651").expect("it has a row").encode;
        assert_eq!(encode(document), Ok(bytes));
    }

    #[test]
    fn a_simulator_is_said_to_be_there_when_there_is_one() {
        for protocol in PROTOCOLS {
            let is_there = crate::simulate::protocols().iter().any(|name| name == protocol.name);
            assert_eq!(is_there, protocol.has_simulator, "{}", protocol.name);
        }
        for name in crate::simulate::protocols() {
            assert!(PROTOCOLS.iter().any(|protocol| protocol.name == name), "{name} has no row");
        }
    }

    #[test]
    fn what_stations_speak_can_be_decoded_at_the_command_line() {
        for protocol in sense::Protocol::ALL {
            let row = PROTOCOLS.iter().find(|row| row.name == protocol.code());
            let row = row.unwrap_or_else(|| panic!("{} has no row", protocol.code()));
            assert!(row.standard.starts_with(protocol.standard()), "{}", row.standard);
        }
    }

    #[test]
    fn a_cut_frame_and_noise_are_said_to_be_bad() {
        let bytes = unhex(&ACK.as_bytes()[..20]).expect("hex");
        assert!(decode_sl651(&bytes).iter().all(Result::is_err));
        assert!(decode_sl651(b"GET / HTTP/1.1").iter().any(Result::is_err));
    }
}
