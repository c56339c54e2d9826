//! Passwords: argon2id at rest, a policy before, equal time for every refusal.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use host::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The shortest password, in characters (GB/T 22239-2019 8.1.4.1 a asks for
/// complexity; ten characters of three classes is assessors' practice).
const SHORTEST: usize = 10;
const LONGEST: usize = 256;
const CLASSES: usize = 3;

/// How long somebody waits for a place at the desk, machine time.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where passwords are hashed and checked: as many at once as there are cores, since
/// each takes 19 MiB and 40 ms of one, and anybody at the door may ask for it.
pub(crate) struct Desk(Arc<Semaphore>);

/// A place at the desk; whoever goes away keeps it until the work under way is done.
#[derive(Clone)]
pub(crate) struct Place {
    _permit: Arc<OwnedSemaphorePermit>,
}

impl Default for Desk {
    fn default() -> Desk {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Desk(Arc::new(Semaphore::new(cores)))
    }
}

impl Desk {
    /// Waits for a place.
    ///
    /// # Errors
    /// [`Error::Busy`] after two seconds.
    pub(crate) async fn place(&self) -> Result<Place> {
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await;
        match permit {
            Ok(Ok(permit)) => Ok(Place { _permit: Arc::new(permit) }),
            _ => Err(Error::Busy("too many passwords are being checked")),
        }
    }

    /// All places but those in use, for tests of a full desk.
    #[cfg(test)]
    pub(crate) fn fill(&self) -> OwnedSemaphorePermit {
        let free = u32::try_from(self.0.available_permits()).expect("few");
        Arc::clone(&self.0).try_acquire_many_owned(free).expect("they are free")
    }
}

impl Place {
    /// Hashes a password for keeping.
    ///
    /// # Errors
    /// [`Error::Internal`] when the hasher itself fails.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        let place = self.clone();
        host::node::off_the_loop(move || {
            let hashed = hash(&password);
            drop(place);
            hashed
        })
        .await
    }

    /// Whether `password` is the one kept as `kept`; see [`is_right`].
    ///
    /// # Errors
    /// [`Error::Internal`] when the work panicked.
    pub(crate) async fn is_right(&self, password: String, kept: Option<String>) -> Result<bool> {
        let place = self.clone();
        host::node::off_the_loop(move || {
            let right = is_right(&password, kept.as_deref());
            drop(place);
            Ok(right)
        })
        .await
    }
}

/// Hashes a password for keeping.
///
/// # Errors
/// [`Error::Internal`] when the hasher itself fails.
fn hash(password: &str) -> Result<String> {
    hasher()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("argon2: {error}")))
}

/// Whether `password` is the one kept as `hash`. Without a hash it takes as long
/// and answers no, so that time does not tell which accounts exist.
fn is_right(password: &str, hash: Option<&str>) -> bool {
    let kept = hash.unwrap_or(NOBODY);
    let parsed = PasswordHash::new(kept);
    let right =
        parsed.is_ok_and(|parsed| hasher().verify_password(password.as_bytes(), &parsed).is_ok());
    right && hash.is_some()
}

/// Refuses a password that the policy does not allow.
///
/// # Errors
/// [`Error::Invalid`] that says what is missing, never what was typed.
pub(crate) fn check(password: &str, account: &str) -> Result<()> {
    let length = password.chars().count();
    let refuse = |seen: String, expected: &str| Err(Error::invalid("password", seen, expected));
    if !(SHORTEST..=LONGEST).contains(&length) {
        return refuse(format!("{length} characters"), "10 to 256 characters");
    }
    let classes: [fn(char) -> bool; 4] =
        [|c| c.is_lowercase(), |c| c.is_uppercase(), |c| c.is_numeric(), |c| !c.is_alphanumeric()];
    let used = classes.iter().filter(|class| password.chars().any(class)).count();
    if used < CLASSES {
        return refuse(
            format!("{used} kinds of characters"),
            "three of lower case, upper case, digits and signs",
        );
    }
    if !account.is_empty() && password.to_lowercase().contains(&account.to_lowercase()) {
        return refuse("the account's name".to_owned(), "a password without it");
    }
    Ok(())
}

/// argon2id, 19 MiB, two passes: the OWASP baseline, about 40 ms on one core.
fn hasher() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("these parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a random password that nobody knows, with the same parameters.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$VE0w7NlGkGdQm1bHhCqk0g$\
    w7oQ0mJxFqvZ5r2m1nJ3cGm0m5iG0m2qQ0v1o3q6cXo";

#[cfg(test)]
mod tests {
    use std::future::Future as _;

    use super::*;

    #[test]
    fn only_the_right_password_opens_and_nobody_never_does() {
        let kept = hash("长白山 Tianchi 2189").expect("hashes");
        assert!(kept.starts_with("$argon2id$"));
        assert!(is_right("长白山 Tianchi 2189", Some(&kept)));
        assert!(!is_right("长白山 Tianchi 2190", Some(&kept)));
        assert!(!is_right("长白山 Tianchi 2189", None));
        assert!(PasswordHash::new(NOBODY).is_ok(), "a hash that does not read takes no time");
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_desk_says_so_after_two_seconds_and_keeps_who_went_away() {
        let desk = Desk(Arc::new(Semaphore::new(1)));
        let place = desk.place().await.expect("free");
        let began = tokio::time::Instant::now();
        assert!(matches!(desk.place().await, Err(Error::Busy(_))));
        assert_eq!(began.elapsed(), PATIENCE);
        // The request is gone, its hashing is not.
        let mut work = Box::pin(async move { place.hash("Spring-River-26".to_owned()).await });
        let waker = std::task::Waker::noop();
        let polled = work.as_mut().poll(&mut std::task::Context::from_waker(waker));
        assert!(polled.is_pending());
        drop(work);
        assert_eq!(desk.0.available_permits(), 0, "forty milliseconds of work are under way");
        // No timeout: time that stands still would be over at once.
        let _ = desk.0.acquire().await.expect("given back when it is done");
    }

    #[test]
    fn the_policy_names_what_is_missing() {
        assert!(check("Aa1!", "han").is_err());
        assert!(check("aaaaaaaaaaaa", "han").is_err());
        assert!(check("Hanlichun-2026", "hanlichun").is_err());
        assert!(check("Spring-River-26", "hanlichun").is_ok());
    }
}
