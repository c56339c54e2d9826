//! Requests to a program of the test, over HTTP on loopback.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

use super::*;

const SECRET: &str = "nobody-guesses-this";

/// One request: its headers, in lower case, and its body.
struct Request {
    headers: String,
    body: String,
}

/// Takes one request and answers it with this status line, or with nothing.
fn take(listener: &TcpListener, status: Option<&str>) -> Request {
    let (stream, _) = listener.accept().expect("a client");
    let mut lines = BufReader::new(stream.try_clone().expect("the same"));
    let mut headers = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        if line.trim_end().is_empty() {
            break;
        }
        headers.push_str(&line.to_lowercase());
    }
    let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.expect("a length").trim().parse().expect("a number")];
    lines.read_exact(&mut body).expect("the body");
    if let Some(status) = status {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        (&stream).write_all(answer.as_bytes()).expect("answered");
    }
    Request { headers, body: String::from_utf8(body).expect("UTF-8") }
}

/// Raises a flood of which somebody is told by the webhook, which takes one request.
async fn told(status: Option<&'static str>) -> (Town, Request) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/told", listener.local_addr().expect("bound"));
    let webhook = Webhook::new(&url, SECRET).expect("good");
    let town = told_town_by((None, Some(webhook)));
    let contact = enter(&town, "周牧", "陈镇长", "220282").await;
    let step = json!([{ "contacts": [contact], "channels": ["webhook"], "wait_minutes": 60 }]);
    assert_eq!(draw_in(&town, "周牧", "220282", "桦甸防汛", step).await.status, 201);
    town.at("08:05");
    let taking = std::thread::spawn(move || take(&listener, status));
    raise(&town, FLOOD);
    (town, taking.join().expect("no panic"))
}

#[tokio::test]
async fn a_program_outside_is_told_by_a_signed_request() {
    let (town, request) = told(Some("202 Accepted")).await;
    assert_eq!(mail::call_in(&town.world, "delivered"), ("the webhook answered 202".to_owned(), 1));
    assert!(request.headers.starts_with("post /told http/1.1"), "{}", request.headers);
    let body: Json = serde_json::from_str(&request.body).expect("JSON");
    let key = body["key"].as_str().expect("a key");
    assert!(request.headers.contains(&format!("idempotency-key: {}", key.to_lowercase())));
    assert!(request.headers.contains("fengsui-signature: sha256="), "{}", request.headers);
    assert!(!request.headers.contains(SECRET) && !request.body.contains(SECRET));
    assert_eq!((&body["level"], &body["region"]), (&json!("orange"), &json!("220282")));
    let to = json!({ "name": "陈镇长", "duty": "防汛责任人", "mobile": "13812345678",
        "email": EMAIL });
    assert_eq!(body["to"], to);
    check_fold(&town);
}

#[tokio::test]
async fn a_refusal_is_over_and_no_answer_uncertain() {
    let (town, _) = told(Some("404 Not Found")).await;
    assert_eq!(mail::call_in(&town.world, "failed"), ("the webhook answered 404".to_owned(), 1));
    let (town, _) = told(None).await;
    assert_eq!(mail::call_in(&town.world, "uncertain").1, 1, "it is not sent again by itself");
}
