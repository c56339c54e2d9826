//! The one application error: it knows status codes and stable codes.
//!
//! At the HTTP door it becomes problem+json (RFC 9457). Codecs and models have
//! error enums of their own; nothing between wraps for the sake of wrapping.

use axum::response::{IntoResponse, Response};
use base::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::db::DbError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request or a command was not carried out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("not signed in")]
    NotSignedIn,
    /// The database did not say who holds a session. Nobody is signed out by that.
    #[error("who asks cannot be looked up at the moment; the session is as it was")]
    HolderUnknown,
    #[error("sign-in refused")]
    SignInRefused { tries_left: Option<u32>, locked_until: Option<Timestamp> },
    #[error("needs the permission {permission}")]
    Forbidden { permission: &'static str },
    #[error("the request does not carry this session's X-CSRF-Token")]
    Csrf,
    #[error("the password that was handed out is to be changed first")]
    PasswordChangeDue,
    /// Also what lies outside the caller's scope: that it exists is already a fact
    /// which only those inside may know.
    #[error("no such {what}")]
    NotFound { what: &'static str },
    #[error("{field} is {seen}, expected {expected}")]
    Invalid { field: String, seen: String, expected: String },
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String },
    #[error("this Idempotency-Key was used for another request")]
    IdempotencyKeyReused,
    #[error("body is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body did not arrive within {limit_s} s")]
    TooSlow { limit_s: u64 },
    #[error("{0}")]
    Busy(&'static str),
    /// A view that has never been whole. `seq` of `of` entries of the log are in it.
    #[error("{}: {seq} of {of} entries are in it", if *.parked { "this view has stopped" } else { "being built" })]
    ViewNotBuilt { parked: bool, seq: i64, of: i64 },
    /// Readings that are kept by another store alone, which does not answer for them.
    #[error("{0}")]
    Elsewhere(String),
    #[error("the disk is nearly full and this node is read-only")]
    DiskFull,
    #[error(transparent)]
    Db(#[from] DbError),
    /// A bug of ours, caught at the door. The text is for the log and the health page;
    /// no answer carries it.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    pub fn not_found(what: &'static str) -> Error {
        Error::NotFound { what }
    }

    /// A field that is not what it should be.
    pub fn invalid(
        field: impl Into<String>,
        seen: impl std::fmt::Debug,
        expected: impl Into<String>,
    ) -> Error {
        let seen: String = format!("{seen:?}").chars().take(200).collect();
        Error::Invalid { field: field.into(), seen, expected: expected.into() }
    }

    /// A state in which the command makes no sense: `code` is stable and kebab-case.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Error {
        Error::Conflict { code, detail: detail.into() }
    }

    /// Why readings cannot be told.
    pub fn readings(error: series::SeriesError) -> Error {
        match error {
            series::SeriesError::Elsewhere(why) => Error::Elsewhere(why),
            error => Error::Internal(format!("series: {error}")),
        }
    }

    /// The HTTP status and the stable code.
    pub fn status(&self) -> (u16, &'static str) {
        match self {
            Error::NotSignedIn => (401, "not-signed-in"),
            Error::HolderUnknown => (503, "holder-unknown"),
            Error::SignInRefused { .. } => (401, "sign-in-refused"),
            Error::Forbidden { .. } => (403, "forbidden"),
            Error::Csrf => (403, "csrf"),
            Error::PasswordChangeDue => (403, "password-change-due"),
            Error::NotFound { .. } => (404, "not-found"),
            Error::Invalid { .. } => (422, "bad-request"),
            Error::Conflict { code, .. } => (409, code),
            Error::IdempotencyKeyReused => (422, "idempotency-key-reused"),
            Error::TooLarge { .. } => (413, "too-large"),
            Error::TooSlow { .. } => (408, "too-slow"),
            Error::Busy(_) => (503, "busy"),
            Error::ViewNotBuilt { parked: false, .. } => (503, "view-building"),
            Error::ViewNotBuilt { parked: true, .. } => (503, "view-parked"),
            Error::Elsewhere(_) => (503, "readings-elsewhere"),
            Error::DiskFull => (507, "disk-full"),
            Error::Db(_) | Error::Internal(_) => (500, "internal"),
        }
    }

    /// The problem document.
    pub fn to_problem(&self) -> Json {
        let (status, code) = self.status();
        let mut problem = Map::new();
        problem.insert("type".into(), json!(format!("/problems/{code}")));
        problem.insert("title".into(), json!(title(status)));
        problem.insert("status".into(), json!(status));
        problem.insert("code".into(), json!(code));
        let detail = match self {
            // What the database said may quote personal data; it goes to the log only.
            Error::Db(_) | Error::Internal(_) => "internal error".to_owned(),
            other => other.to_string(),
        };
        problem.insert("detail".into(), json!(detail));
        match self {
            Error::SignInRefused { tries_left, locked_until } => {
                problem.insert("tries_left".into(), json!(tries_left));
                problem.insert("locked_until".into(), json!(locked_until));
            }
            Error::ViewNotBuilt { seq, of, .. } => {
                problem.insert("seq".into(), json!(seq));
                problem.insert("of".into(), json!(of));
            }
            Error::Forbidden { permission } => {
                problem.insert("permission".into(), json!(permission));
            }
            Error::Invalid { field, seen, expected } => {
                problem.insert("field".into(), json!(field));
                problem.insert("seen".into(), json!(seen));
                problem.insert("expected".into(), json!(expected));
            }
            _ => {}
        }
        Json::Object(problem)
    }
}

fn title(status: u16) -> &'static str {
    match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        503 => "Service Unavailable",
        507 => "Insufficient Storage",
        _ => "Internal Server Error",
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, _) = self.status();
        if status == 500 {
            tracing::error!(error = ?self, "a request failed for a reason of ours");
        }
        let status = axum::http::StatusCode::from_u16(status)
            .expect("the codes above are HTTP status codes");
        let body = self.to_problem().to_string();
        (status, [("content-type", "application/problem+json")], body).into_response()
    }
}
