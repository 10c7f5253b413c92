//! Where a list goes on: an opaque token that carries the last key seen and a seal over it and the filters.
//!
//! The seal catches a cursor that was cut, edited or used with other filters. It is no secret: a cursor grants nothing,
//! because the area of the caller is applied to every page anew.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::{ApiError, Result};
use crate::problem;

const SEAL_BYTES: usize = 8;

/// Seals the last key of a page; `list` names the list and its filters.
///
/// # Panics
/// Never, for a key of plain numbers and texts.
pub fn seal<K: Serialize>(list: &str, place: &K) -> String {
    let key = serde_json::to_vec(place).expect("a key of plain numbers and texts is always JSON");
    let mut token = seal_of(list, &key);
    token.extend_from_slice(&key);
    URL_SAFE_NO_PAD.encode(token)
}

/// Opens a cursor made for the same list with the same filters.
///
/// # Errors
/// `invalid-cursor` when it was not made by [`seal`], or for another list.
pub fn open<K: DeserializeOwned>(list: &str, token: &str) -> Result<K> {
    let refuse = |why: &str| ApiError::new(&problem::INVALID_CURSOR, format!("cursor: {why}"));
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| refuse("not base64url"))?;
    let (seal, key) =
        bytes.split_at_checked(SEAL_BYTES).ok_or_else(|| refuse("too short to be one of ours"))?;
    if seal != seal_of(list, key) {
        return Err(refuse("made for another list or other filters, or changed on the way"));
    }
    serde_json::from_slice(key).map_err(|_| refuse("made by another version of the service"))
}

fn seal_of(list: &str, key: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"wangge cursor\0");
    hash.update((list.len() as u64).to_be_bytes());
    hash.update(list);
    hash.update(key);
    let mut seal = hash.finalize().to_vec();
    seal.truncate(SEAL_BYTES);
    seal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_to_what_was_sealed() {
        let token = seal("incidents?state=open", &(1_700_000_000_123_456_i64, 42_i64));
        assert_eq!(
            open::<(i64, i64)>("incidents?state=open", &token).unwrap(),
            (1_700_000_000_123_456, 42)
        );
    }

    #[test]
    fn a_cursor_is_bound_to_its_filters() {
        let token = seal("incidents?state=open", &1_i64);
        assert!(open::<i64>("incidents?state=closed", &token).is_err());
    }

    #[test]
    fn a_cursor_with_any_character_changed_is_refused() {
        let token = seal("grids", &"620102001003001");
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(open::<String>("grids", &changed).unwrap_err().status(), 400, "{changed}");
        }
    }

    #[test]
    fn text_that_never_was_a_cursor_is_refused() {
        for text in ["", "x", "游标", "AAAA", "////", "AAAAAAAAAAAAAAAA", "%00"] {
            assert_eq!(open::<i64>("grids", text).unwrap_err().status(), 400, "{text}");
        }
    }
}
