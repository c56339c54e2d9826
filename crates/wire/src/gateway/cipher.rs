//! How `data` is closed and opened: CBC with PKCS #7 padding, written as base64 or hex.
//!
//! There is no authentication in this protocol. Whoever cannot open a message must
//! therefore learn nothing from how it fails: the sentence is one
//! ([`Unopened`]'s `Display`), and the way to it is the same for every cause.

use std::fmt;

use aes::{Aes128, Aes256};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt,
    BlockSizeUser, KeyInit, KeyIvInit, consts::U16,
};
use sm4::Sm4;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _, ConstantTimeLess as _};

/// The block cipher, always in CBC mode with PKCS #7 padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cipher {
    Aes128,
    Aes256,
    Sm4,
}

/// How cipher text stands in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Base64,
    /// Written in capitals, read in either case.
    Hex,
}

/// What opens and closes the messages of one gateway. Its secrets are never shown:
/// not by `Debug`, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    cipher: Cipher,
    encoding: Encoding,
    /// 16 or 32 bytes, as the cipher wants.
    secret: Vec<u8>,
    iv: [u8; BLOCK],
}

/// Why something is no key. Says nothing of what was there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("key has {0} bytes, expected 16 or 32 for AES and 16 for SM4")]
    Key(usize),
    #[error("initialisation vector has {0} bytes, expected 16")]
    Iv(usize),
    #[error("key has {0} words, expected `aes|sm4 base64|hex KEY IV`")]
    Words(usize),
    #[error("cipher is unknown, expected aes or sm4")]
    Cipher,
    #[error("encoding is unknown, expected base64 or hex")]
    Encoding,
}

/// Why a message could not be opened. `Display` is one sentence for every cause: the
/// only one that may leave this node. [`Unopened::cause`] is for our own records.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("data cannot be opened with the key of its sender")]
pub struct Unopened {
    pub cause: Cause,
}

/// What was wrong, for whoever mends it here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    #[error("data is no base64 or hex")]
    Encoding,
    #[error("data has {0} bytes, expected a multiple of 16 above 0")]
    Length(usize),
    #[error("padding is wrong, as with another key")]
    Padding,
    #[error("what was opened is no UTF-8 text")]
    Text,
    #[error("what was opened is no JSON that is taken: {0}")]
    Json(String),
}

const BLOCK: usize = 16;

/// As encoders of the field write it: with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Key {
    /// - `secret`: 16 bytes (AES-128, SM4) or 32 (AES-256).
    /// - `iv`: 16 bytes, the same for every message.
    ///
    /// # Errors
    /// [`KeyError`] when a length is none of these.
    pub fn new(
        is_sm4: bool,
        encoding: Encoding,
        secret: &[u8],
        iv: &[u8],
    ) -> Result<Key, KeyError> {
        let cipher = match (is_sm4, secret.len()) {
            (true, 16) => Cipher::Sm4,
            (false, 16) => Cipher::Aes128,
            (false, 32) => Cipher::Aes256,
            (_, other) => return Err(KeyError::Key(other)),
        };
        let iv = iv.try_into().map_err(|_| KeyError::Iv(iv.len()))?;
        Ok(Key { cipher, encoding, secret: secret.to_vec(), iv })
    }

    /// Reads `aes|sm4 base64|hex KEY IV`; the first two words may be left out, and are
    /// then `aes base64`. Key and vector are the issued texts themselves, or hexadecimal
    /// digits after `0x`. Its one form is what [`Key::words`] gives.
    ///
    /// # Errors
    /// [`KeyError`], which never repeats what was typed.
    pub fn parse(typed: &str) -> Result<Key, KeyError> {
        let words: Vec<&str> = typed.split_whitespace().collect();
        let (cipher, encoding, secret, iv) = match words[..] {
            [secret, iv] => ("aes", "base64", secret, iv),
            [cipher, encoding, secret, iv] => (cipher, encoding, secret, iv),
            _ => return Err(KeyError::Words(words.len())),
        };
        let is_sm4 = match cipher.to_ascii_lowercase().as_str() {
            "aes" => false,
            "sm4" => true,
            _ => return Err(KeyError::Cipher),
        };
        let encoding = match encoding.to_ascii_lowercase().as_str() {
            "base64" => Encoding::Base64,
            "hex" => Encoding::Hex,
            _ => return Err(KeyError::Encoding),
        };
        Key::new(is_sm4, encoding, &issued(secret), &issued(iv))
    }

    /// The one form that [`Key::parse`] reads back: four words. It is the secret.
    pub fn words(&self) -> String {
        let cipher = if self.cipher == Cipher::Sm4 { "sm4" } else { "aes" };
        let encoding = match self.encoding {
            Encoding::Base64 => "base64",
            Encoding::Hex => "hex",
        };
        format!("{cipher} {encoding} {} {}", word(&self.secret), word(&self.iv))
    }

    pub fn cipher(&self) -> Cipher {
        self.cipher
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Encrypts, pads and encodes.
    pub fn close(&self, plain: &[u8]) -> String {
        let closed = match self.cipher {
            Cipher::Aes128 => encrypt::<Aes128>(&self.secret, &self.iv, plain),
            Cipher::Aes256 => encrypt::<Aes256>(&self.secret, &self.iv, plain),
            Cipher::Sm4 => encrypt::<Sm4>(&self.secret, &self.iv, plain),
        };
        match self.encoding {
            Encoding::Base64 => BASE64.encode(closed),
            Encoding::Hex => hex::encode_upper(closed),
        }
    }

    /// Decodes, decrypts, and has what came out read by `read`.
    ///
    /// `read` is called whatever is wrong before it, with bytes of the same length, and
    /// what it says of those is thrown away. Blanks within `data` are passed over, since
    /// some encoders break lines.
    ///
    /// # Errors
    /// [`Unopened`]; the first cause is the one that is told.
    pub fn open<R>(
        &self,
        data: &str,
        read: impl FnOnce(&[u8]) -> Result<R, Cause>,
    ) -> Result<R, Unopened> {
        let (mut bytes, mut cause) = match self.decode(data) {
            Some(bytes) => (bytes, None),
            None => (vec![0; data.len() / 4 * 3], Some(Cause::Encoding)),
        };
        if bytes.is_empty() || bytes.len() % BLOCK != 0 {
            cause = cause.or(Some(Cause::Length(bytes.len())));
            let blocks = bytes.len().div_ceil(BLOCK).max(1);
            bytes.resize(blocks * BLOCK, 0);
        }
        match self.cipher {
            Cipher::Aes128 => decrypt::<Aes128>(&self.secret, &self.iv, &mut bytes),
            Cipher::Aes256 => decrypt::<Aes256>(&self.secret, &self.iv, &mut bytes),
            Cipher::Sm4 => decrypt::<Sm4>(&self.secret, &self.iv, &mut bytes),
        }
        let (length, is_padded) = unpadded(&bytes);
        let said = read(&bytes[..length]);
        if !bool::from(is_padded) {
            cause = cause.or(Some(Cause::Padding));
        }
        match (cause, said) {
            (None, Ok(said)) => Ok(said),
            (Some(cause), _) | (None, Err(cause)) => Err(Unopened { cause }),
        }
    }

    fn decode(&self, data: &str) -> Option<Vec<u8>> {
        let text: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        match self.encoding {
            Encoding::Base64 => BASE64.decode(text).ok(),
            Encoding::Hex => hex::decode(text).ok(),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?}, {:?}, …)", self.cipher, self.encoding)
    }
}

/// Issued strings are keys themselves; only what is `0x` and twice as many digits is hex.
fn issued(word: &str) -> Vec<u8> {
    let digits = word.strip_prefix("0x").filter(|digits| matches!(digits.len(), 32 | 64));
    digits.and_then(|digits| hex::decode(digits).ok()).unwrap_or_else(|| word.as_bytes().to_vec())
}

fn word(secret: &[u8]) -> String {
    match std::str::from_utf8(secret) {
        Ok(text) if text.bytes().all(|byte| byte.is_ascii_graphic()) => text.to_owned(),
        _ => format!("0x{}", hex::encode_upper(secret)),
    }
}

fn encrypt<C>(secret: &[u8], iv: &[u8; BLOCK], plain: &[u8]) -> Vec<u8>
where
    C: BlockCipherEncrypt + KeyInit + BlockSizeUser<BlockSize = U16>,
{
    cbc::Encryptor::<C>::new_from_slices(secret, iv)
        .expect("the constructor holds the lengths")
        .encrypt_padded_vec::<Pkcs7>(plain)
}

/// In place; as many whole blocks as there are.
fn decrypt<C>(secret: &[u8], iv: &[u8; BLOCK], bytes: &mut [u8])
where
    C: BlockCipherDecrypt + KeyInit + BlockSizeUser<BlockSize = U16>,
{
    let (blocks, _) = Array::<u8, U16>::slice_as_chunks_mut(bytes);
    cbc::Decryptor::<C>::new_from_slices(secret, iv)
        .expect("the constructor holds the lengths")
        .decrypt_blocks(blocks);
}

/// How long the text before the padding is, and whether the padding is right, without a
/// branch on any byte. With a wrong one all bytes but the last are given.
///
/// - `bytes`: whole blocks, at least one.
fn unpadded(bytes: &[u8]) -> (usize, Choice) {
    let Some((last, block)) =
        bytes.split_last_chunk::<BLOCK>().map(|(_, last)| (last[BLOCK - 1], last))
    else {
        return (0, Choice::from(0));
    };
    let mut is_right = !last.ct_eq(&0) & last.ct_lt(&(BLOCK as u8 + 1));
    for (index, byte) in block.iter().enumerate() {
        let from_end = (BLOCK - index) as u8;
        let is_padding = !last.ct_lt(&from_end);
        is_right &= !is_padding | byte.ct_eq(&last);
    }
    let count = u8::conditional_select(&1, &last, is_right);
    (bytes.len() - usize::from(count), is_right)
}
