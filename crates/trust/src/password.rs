//! Passwords: argon2id at rest, a policy before, equal time for every refusal.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use host::{Error, Result};

/// The shortest password, in characters (GB/T 22239-2019 8.1.4.1 a asks for
/// complexity; ten characters of three classes is assessors' practice).
const SHORTEST: usize = 10;
const LONGEST: usize = 256;
const CLASSES: usize = 3;

/// Hashes a password for keeping.
///
/// # Errors
/// [`Error::Internal`] when the hasher itself fails.
pub(crate) fn hash(password: &str) -> Result<String> {
    hasher()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Internal(format!("argon2: {error}")))
}

/// Whether `password` is the one kept as `hash`. Without a hash it takes as long
/// and answers no, so that time does not tell which accounts exist.
pub(crate) fn is_right(password: &str, hash: Option<&str>) -> bool {
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

    #[test]
    fn the_policy_names_what_is_missing() {
        assert!(check("Aa1!", "han").is_err());
        assert!(check("aaaaaaaaaaaa", "han").is_err());
        assert!(check("Hanlichun-2026", "hanlichun").is_err());
        assert!(check("Spring-River-26", "hanlichun").is_ok());
    }
}
