//! The node's hand: the key pair with which it signs what it sends to others.
//!
//! A key is two keys and a signature is two signatures, one per family, as the log
//! has two hashes: SM2 with SM3 (GB/T 32918.2-2016, identity `1234567812345678`) and
//! Ed25519 (RFC 8032). Both must verify. People compare the fingerprint, the SM3 of
//! both public keys.
//!
//! The private halves are in `signing.key` beside the world's database, mode 0600,
//! and in no database and no ordinary backup. A new key is endorsed by the one it
//! follows: who trusts the old one may believe the new one.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer as _, Verifier as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

use crate::error::{Error, Result};
use crate::tx::random;

/// The signer's identity that GB/T 32918 hashes before the message when a domain
/// has not agreed on another (GM/T 0009-2012 §10).
const DISTID: &str = "1234567812345678";
/// Keys that followed each other and are still named in a segment's head.
const MOST_ENDORSEMENTS: usize = 8;

/// The public half, as it stands in facts and in a segment's head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicKey {
    /// An uncompressed point, 65 bytes in hex.
    pub sm2: String,
    /// 32 bytes in hex.
    pub ed25519: String,
}

/// Two signatures over one message; both must verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// r ‖ s, 64 bytes in hex.
    pub sm2: String,
    /// 64 bytes in hex.
    pub ed25519: String,
}

/// An earlier key's word for the key that followed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Endorsement {
    pub key: PublicKey,
    pub signature: Signature,
}

impl PublicKey {
    /// SM3 over both keys, 64 hex digits: what two people read to each other.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sm3::new();
        hash.update(self.sm2.as_bytes());
        hash.update(b":");
        hash.update(self.ed25519.as_bytes());
        hex::encode(hash.finalize())
    }

    /// Whether both signatures over `message` are this key's. Whatever does not read
    /// as a key or a signature verifies nothing.
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.sm2_verifies(message, &signature.sm2).is_some()
            && self.ed25519_verifies(message, &signature.ed25519).is_some()
    }

    fn sm2_verifies(&self, message: &[u8], signature: &str) -> Option<()> {
        let point = bytes::<65>(&self.sm2)?;
        let key = sm2::dsa::VerifyingKey::from_sec1_bytes(DISTID, &point).ok()?;
        let signature = sm2::dsa::Signature::from_slice(&bytes::<64>(signature)?).ok()?;
        sm2::dsa::signature::Verifier::verify(&key, message, &signature).ok()
    }

    fn ed25519_verifies(&self, message: &[u8], signature: &str) -> Option<()> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes::<32>(&self.ed25519)?).ok()?;
        // A key of small order would sign anything.
        if key.is_weak() {
            return None;
        }
        let signature = ed25519_dalek::Signature::from_bytes(&bytes::<64>(signature)?);
        key.verify(message, &signature).ok()
    }
}

/// Lower-case hex of exactly `N` bytes: a key has one text, or two fingerprints.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    text.bytes().all(|c| !c.is_ascii_uppercase()).then_some(bytes)
}

/// The node's private key, and what earlier keys said of it.
pub struct SigningKey {
    sm2: sm2::dsa::SigningKey,
    ed25519: ed25519_dalek::SigningKey,
    /// From the latest on: the key before this one, the one before that.
    endorsements: Vec<Endorsement>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({})", self.public().fingerprint())
    }
}

/// `signing.key`, as it is on disk.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    format: u32,
    sm2: String,
    ed25519: String,
    endorsements: Vec<Endorsement>,
}

impl SigningKey {
    /// Reads the key of a world's directory, or makes it there.
    ///
    /// # Errors
    /// [`Error::Internal`] when the file does not read, cannot be written, or may be
    /// read by others than its owner.
    pub fn load_or_make(directory: &Path) -> Result<SigningKey> {
        let path = path(directory);
        if path.exists() {
            return SigningKey::load(directory);
        }
        let key = SigningKey::new();
        key.save(directory)?;
        Ok(key)
    }

    /// Reads the key of a world's directory.
    ///
    /// # Errors
    /// As [`SigningKey::load_or_make`]; also when there is none.
    pub fn load(directory: &Path) -> Result<SigningKey> {
        use std::os::unix::fs::PermissionsExt as _;
        let path = path(directory);
        let failed = |what: String| Error::Internal(format!("{}: {what}", path.display()));
        let mode = std::fs::metadata(&path).map_err(|error| failed(error.to_string()))?;
        let mode = mode.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(failed(format!("mode is {mode:o}, expected 600: others may read it")));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        // What serde says quotes the text, which is the key.
        let file: KeyFile =
            serde_json::from_str(&text).map_err(|_| failed("no key file".to_owned()))?;
        if file.format != 1 {
            return Err(failed(format!("format is {}, expected 1", file.format)));
        }
        let broken = || failed("does not hold two private keys".to_owned());
        let sm2 = bytes::<32>(&file.sm2).ok_or_else(broken)?;
        let ed25519 = bytes::<32>(&file.ed25519).ok_or_else(broken)?;
        Ok(SigningKey {
            sm2: sm2::dsa::SigningKey::from_slice(DISTID, &sm2).map_err(|_| broken())?,
            ed25519: ed25519_dalek::SigningKey::from_bytes(&ed25519),
            endorsements: file.endorsements,
        })
    }

    fn new() -> SigningKey {
        let sm2 = loop {
            // Refused for 0 and for numbers beyond the curve's order: one in 2^32.
            if let Ok(key) = sm2::dsa::SigningKey::from_slice(DISTID, &random::<32>()) {
                break key;
            }
        };
        let ed25519 = ed25519_dalek::SigningKey::from_bytes(&random::<32>());
        SigningKey { sm2, ed25519, endorsements: Vec::new() }
    }

    /// Makes the key that follows this one, endorsed by it for `origin`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the signature cannot be made.
    pub(crate) fn next(&self, origin: &str) -> Result<SigningKey> {
        let mut next = SigningKey::new();
        let signature = self.sign(&endorsed(origin, &next.public()))?;
        next.endorsements.push(Endorsement { key: self.public(), signature });
        next.endorsements.extend(self.endorsements.iter().cloned());
        next.endorsements.truncate(MOST_ENDORSEMENTS);
        Ok(next)
    }

    pub fn public(&self) -> PublicKey {
        PublicKey {
            sm2: hex::encode(self.sm2.verifying_key().to_sec1_bytes()),
            ed25519: hex::encode(self.ed25519.verifying_key().to_bytes()),
        }
    }

    pub fn endorsements(&self) -> &[Endorsement] {
        &self.endorsements
    }

    /// Signs in both families. Both are deterministic: no chance, no bad dice.
    ///
    /// # Errors
    /// [`Error::Internal`] when SM2 refuses, which it does for one message in 2^256.
    pub fn sign(&self, message: &[u8]) -> Result<Signature> {
        let refused = |_| Error::Internal("SM2 refused to sign".to_owned());
        let signature: sm2::dsa::Signature =
            sm2::dsa::signature::Signer::try_sign(&self.sm2, message).map_err(refused)?;
        Ok(Signature {
            sm2: hex::encode(signature.to_bytes()),
            ed25519: hex::encode(self.ed25519.sign(message).to_bytes()),
        })
    }

    /// Writes the key beside its place and moves it there: there is always a whole one.
    pub(crate) fn save(&self, directory: &Path) -> Result<()> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let file = KeyFile {
            format: 1,
            sm2: hex::encode(self.sm2.to_bytes()),
            ed25519: hex::encode(self.ed25519.to_bytes()),
            endorsements: self.endorsements.clone(),
        };
        let text = serde_json::to_string(&file).expect("a key file is plain data");
        let path = path(directory);
        let fresh = directory.join("signing.key.new");
        let write = || {
            // Left behind by a crash, it might have another mode.
            let _ = std::fs::remove_file(&fresh);
            let mut out = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&fresh)?;
            out.write_all(text.as_bytes())?;
            out.sync_all()?;
            std::fs::rename(&fresh, &path)?;
            std::fs::File::open(directory)?.sync_all()
        };
        write().map_err(|error| Error::Internal(format!("{}: {error}", path.display())))
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join("signing.key")
}

/// What an earlier key signs about the one that follows it.
pub(crate) fn endorsed(origin: &str, key: &PublicKey) -> Vec<u8> {
    format!("fengsui key of {origin}: {}", key.fingerprint()).into_bytes()
}

/// The first key on the way back from `key` that `trusted` answers `Some` for, and
/// that answer: `key` itself, the one that endorsed it, and so on. A broken
/// endorsement ends the way.
pub(crate) fn vouched<T>(
    origin: &str,
    key: &PublicKey,
    endorsements: &[Endorsement],
    mut known: impl FnMut(&str) -> Result<Option<T>>,
) -> Result<Option<T>> {
    if let Some(answer) = known(&key.fingerprint())? {
        return Ok(Some(answer));
    }
    let mut of = key;
    for endorsement in endorsements.iter().take(MOST_ENDORSEMENTS) {
        if !endorsement.key.verifies(&endorsed(origin, of), &endorsement.signature) {
            return Ok(None);
        }
        if let Some(answer) = known(&endorsement.key.fingerprint())? {
            return Ok(Some(answer));
        }
        of = &endorsement.key;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::town::Scratch;

    #[test]
    fn sm2_verifies_the_signature_printed_in_the_standard() {
        // GB/T 32918.5-2017 annex A.2: the recommended curve, the message "message digest".
        let point = concat!(
            "04",
            "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020",
            "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        );
        let signature = concat!(
            "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3",
            "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
        );
        let key = PublicKey { sm2: point.to_owned(), ed25519: String::new() };
        assert!(key.sm2_verifies(b"message digest", signature).is_some());
        assert!(key.sm2_verifies(b"message digesT", signature).is_none());
        assert!(key.sm2_verifies(b"message digest", &signature.to_uppercase()).is_none());
    }

    #[test]
    fn ed25519_verifies_the_signature_printed_in_the_standard() {
        // RFC 8032 §7.1, test 2: the message 72.
        let key = PublicKey {
            sm2: String::new(),
            ed25519: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c".to_owned(),
        };
        let signature = concat!(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        );
        assert!(key.ed25519_verifies(&[0x72], signature).is_some());
        assert!(key.ed25519_verifies(&[0x73], signature).is_none());
    }

    #[test]
    fn either_family_alone_convinces_nobody() {
        let (one, other) = (SigningKey::new(), SigningKey::new());
        let signature = one.sign(b"m").expect("signs");
        assert!(one.public().verifies(b"m", &signature));
        let foreign = other.sign(b"m").expect("signs");
        let halves = [
            Signature { sm2: foreign.sm2, ..signature.clone() },
            Signature { ed25519: foreign.ed25519, ..signature.clone() },
            Signature { sm2: String::new(), ..signature.clone() },
            Signature { ed25519: "00".repeat(64), ..signature },
        ];
        for half in halves {
            assert!(!one.public().verifies(b"m", &half), "{half:?}");
        }
    }

    #[test]
    fn the_key_file_is_its_owners_and_is_kept() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = Scratch::new();
        let made = SigningKey::load_or_make(scratch.path()).expect("made");
        let again = SigningKey::load_or_make(scratch.path()).expect("read");
        assert_eq!(made.public(), again.public());
        let path = scratch.path().join("signing.key");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
        let refused = format!("{:?}", SigningKey::load(scratch.path()).expect_err("readable"));
        assert!(refused.contains("mode is 640, expected 600"), "{refused}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        std::fs::write(&path, "{\"sm2\":\"5ec2e7").expect("written");
        let refused = format!("{:?}", SigningKey::load(scratch.path()).expect_err("cut"));
        assert!(!refused.contains("5ec2e7"), "{refused}");
    }

    #[test]
    fn a_new_key_is_believed_by_who_trusts_an_earlier_one_and_nobody_else() {
        let first = SigningKey::new();
        let third = first.next("county").and_then(|second| second.next("county"));
        let third = third.expect("endorsed");
        let believed = |by: &PublicKey, origin: &str, key: &SigningKey| {
            let by = by.fingerprint();
            let known = |fingerprint: &str| Ok((fingerprint == by).then_some(()));
            let way = vouched(origin, &key.public(), key.endorsements(), known);
            way.expect("answers").is_some()
        };
        assert!(believed(&first.public(), "county", &third));
        assert!(believed(&third.public(), "county", &third));
        assert!(!believed(&first.public(), "other", &third), "endorsed for one origin");
        assert!(!believed(&SigningKey::new().public(), "county", &third));
        let mut forged = SigningKey::new();
        forged.endorsements = third.endorsements.clone();
        assert!(!believed(&first.public(), "county", &forged), "somebody else's endorsement");
    }
}
