//! Where somebody is reached: personal data, sealed.

use host::sealed::Mask;
use host::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A mobile number and an e-mail address, of which either may be missing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ContactAddress")]
pub struct Address {
    /// Digits, after a `+` for one abroad; typed with spaces, hyphens and `+86` it is
    /// kept without.
    pub mobile: Option<String>,
    pub email: Option<String>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address")
    }
}

/// The longest number of ITU-T E.164, in digits, and the shortest that a message goes to.
const DIGITS: std::ops::RangeInclusive<usize> = 3..=15;
/// RFC 5321 §4.5.3.1: octets of a local part, and of a path without its brackets.
const LONGEST_LOCAL: usize = 64;
const LONGEST_EMAIL: usize = 254;

impl Address {
    /// The same in one form; what is blank is missing.
    ///
    /// # Errors
    /// [`Error::Invalid`] that names the field, and says nothing of what was typed.
    pub fn checked(&self) -> Result<Address> {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let mobile = given(&self.mobile).map(|text| {
            mobile(&text).ok_or_else(|| {
                Error::invalid("mobile", "other characters", "3 to 15 digits, hyphens and spaces")
            })
        });
        let email = given(&self.email).map(|text| match is_email(&text) {
            true => Ok(text),
            false => Err(Error::invalid("email", "something else", "name@host of ASCII letters")),
        });
        Ok(Address { mobile: mobile.transpose()?, email: email.transpose()? })
    }
}

/// A number as it is kept: `+86 138-1234-5678` as `13812345678`.
pub(super) fn mobile(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let kept = kept.strip_prefix("+86").unwrap_or(&kept);
    let digits = kept.strip_prefix('+').unwrap_or(kept);
    let fits = DIGITS.contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    fits.then(|| kept.to_owned())
}

/// Whether it may stand in a header and in an SMTP path: no quotes, no comments, nothing
/// that ends a line.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_atom = |text: &str, others: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
    };
    text.len() <= LONGEST_EMAIL
        && local.len() <= LONGEST_LOCAL
        // RFC 5322 §3.2.3, `dot-atom`.
        && local.split('.').all(|atom| is_atom(atom, "!#$%&'*+/=?^_`{|}~-"))
        && domain.split('.').all(|label| is_atom(label, "-"))
}

impl Mask for Address {
    type Masked = Address;

    fn masked(&self) -> Address {
        Address {
            mobile: self.mobile.as_deref().map(base::mask::phone),
            email: self.email.as_deref().map(base::mask::email),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(mobile: &str, email: &str) -> Result<Address> {
        Address { mobile: Some(mobile.to_owned()), email: Some(email.to_owned()) }.checked()
    }

    #[test]
    fn numbers_of_one_person_are_one_text() {
        for typed in ["13812345678", "+86 138 1234 5678", "138-1234-5678", " 13812345678 "] {
            let address = checked(typed, "").expect(typed);
            assert_eq!(address.mobile.as_deref(), Some("13812345678"));
            assert_eq!(address.email, None, "what is blank is missing");
        }
        assert_eq!(mobile("+85212345678").as_deref(), Some("+85212345678"));
    }

    #[test]
    fn what_is_no_address_is_refused_and_not_repeated() {
        for wrong in ["138一二", "12", "1234567890123456", "+", "138\r\n1234"] {
            let refused = checked(wrong, "").expect_err(wrong).to_string();
            assert!(refused.contains("mobile") && !refused.contains("138"), "{refused}");
        }
        for wrong in ["于@example.cn", "a@b@c", "a..b@c", "a@", "a@b\r\nBcc: c@d", "a b@c", "<a@b>"]
        {
            let refused = checked("", wrong).expect_err(wrong).to_string();
            assert!(refused.contains("email") && !refused.contains(wrong), "{refused}");
        }
        assert!(checked("", "yu.haitang+flood@mail.example.cn").is_ok());
        assert_eq!(format!("{:?}", checked("119", "a@b.cn").expect("fits")), "Address");
    }
}
