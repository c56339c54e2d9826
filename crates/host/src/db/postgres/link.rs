//! A connection's socket: the thread that serves it, and how an answer is waited for.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use tokio_postgres::{Client, NoTls};

use super::reason;
use super::server::Schema;
use crate::db::{DbError, Durability};

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Writer,
    Reader,
}

/// Opens a connection and sets it up for its role.
pub(super) fn connect(schema: &Schema, role: Role) -> Result<Arc<Client>, DbError> {
    let config = Arc::clone(&schema.server.config);
    let connected = schema.driver.runtime.spawn(async move {
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = reason(&error), "a connection to the database ended");
            }
        });
        Ok(client)
    });
    let lost = |text: String| DbError::Engine(format!("{}: {text}", schema.server));
    let client = wait(connected)
        .map_err(|error| lost(error.to_string()))?
        .map_err(|error: tokio_postgres::Error| lost(reason(&error)))?;
    let role = match role {
        Role::Writer => match schema.durability {
            Durability::Full => "set synchronous_commit to on",
            Durability::Never => "set synchronous_commit to off",
        },
        Role::Reader => "set default_transaction_read_only to on; set statement_timeout to '5s'",
    };
    let settings = format!(
        "set search_path to \"{}\"; set client_min_messages to warning; {role}",
        schema.name
    );
    wait(client.batch_execute(&settings)).map_err(|error| lost(reason(&error)))?;
    Ok(Arc::new(client))
}

/// A thread that serves sockets; it ends when this is dropped.
pub(super) struct Driver {
    runtime: tokio::runtime::Handle,
    /// Dropped to stop the thread.
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Driver {
    pub(super) fn start(world: &str) -> Result<Driver, DbError> {
        let failed = |error: std::io::Error| DbError::Engine(format!("no thread for it: {error}"));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        std::thread::Builder::new()
            .name(format!("postgres {world}"))
            .spawn(move || {
                // Ends with the error that says the other end was dropped.
                let _ = runtime.block_on(stopped);
            })
            .map_err(failed)?;
        Ok(Driver { runtime: handle, _stop: stop })
    }
}

/// Waits for an answer on this thread. A runtime's own `block_on` panics inside
/// another runtime, and reads are asked from everywhere.
///
/// Inside another runtime's task the answer must not be held to that task's share of work:
/// once it is used up, a handle says that it is pending and wakes nobody before the task
/// gives way, which it does not while it waits here.
pub(super) fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_though_the_task_around_has_used_up_its_share() {
        let driver = Driver::start("test").expect("a thread");
        let around = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let answers = around.block_on(async {
            let ask = || wait(driver.runtime.spawn(async { 1 })).expect("it does not panic");
            (0..1_000).map(|_| ask()).sum::<u32>()
        });
        assert_eq!(answers, 1_000);
    }
}
