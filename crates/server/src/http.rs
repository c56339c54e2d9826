//! The web door's connections: how many there are, and how long a head may take.
//!
//! The body's time is kept where the body is read, in `host::web`; the time for which
//! an answer may wait for its reader, in `paced`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use host::door::Door;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::paced::Paced;

/// Connections at the same time at most; one more is closed at once. A browser holds
/// one for its live stream and up to five for what it asks.
pub const CONNECTIONS: usize = 4_096;
/// How long the head of a request may take, and how long a connection may be idle
/// before its next request.
const HEAD: Duration = Duration::from_secs(15);
/// Bytes of a head, and of a body on its way: what a connection may hold in memory.
const BUFFER: usize = 64 << 10;
/// Bytes of answers that the system holds for a peer that has not read them yet.
const SEND_BUFFER: usize = 256 << 10;

/// Serves until it is dropped; requests under way then go on until the process ends.
pub async fn serve(listener: TcpListener, door: Arc<Door>, router: Router) {
    // Inherited by each connection.
    if let Err(error) = rustix::net::sockopt::set_socket_send_buffer_size(&listener, SEND_BUFFER) {
        tracing::warn!(%error, "what a connection may leave unread stays the system's default");
    }
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // Most likely out of descriptors: the next try fails as well.
                pause(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(place) = door.enter(peer) else { continue };
        let router = router.clone();
        tokio::spawn(async move {
            talk(stream, peer, router).await;
            drop(place);
        });
    }
}

async fn talk(stream: TcpStream, peer: SocketAddr, router: Router) {
    // Answers are whole when they are written; waiting for more makes them late.
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(BUFFER);
    let served = builder.serve_connection(
        TokioIo::new(Paced::new(stream, reset)),
        TowerToHyperService::new(service),
    );
    if let Err(error) = served.await {
        tracing::debug!(%peer, %error, "a connection ended badly");
    }
}

/// Has the system forget what the peer has not taken, instead of offering it for
/// minutes more after the connection is gone.
fn reset(stream: &TcpStream) {
    if let Err(error) = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO)) {
        tracing::debug!(%error, "the system keeps an answer that nobody takes for a while");
    }
}

/// Waits for machine time.
async fn pause(span: Duration) {
    #[allow(clippy::disallowed_methods, reason = "a door's sockets live on machine time")]
    tokio::time::sleep(span).await;
}
