//! The text of an API key: `wg_<prefix>_<secret>`. The prefix names it in lists and logs; only a hash of the whole is kept.

use std::fmt;

use rand::Rng;
use rand::distr::Alphanumeric;
use sha2::{Digest, Sha256};

const PREFIX_CHARS: usize = 8;
/// 190 bits: a plain hash suffices, since no one can try that many.
const SECRET_CHARS: usize = 32;

/// A key as a caller holds it. It never shows its secret by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyText(String);

impl ApiKeyText {
    /// A new key.
    pub fn generate(rng: &mut (impl Rng + rand::CryptoRng)) -> Self {
        let prefix = letters(rng, PREFIX_CHARS).to_ascii_lowercase();
        Self(format!("wg_{prefix}_{}", letters(rng, SECRET_CHARS)))
    }

    /// Reads a key; `None` when the text cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, secret) = text.strip_prefix("wg_")?.split_once('_')?;
        let fits = |part: &str, chars: usize| {
            part.len() == chars && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        (fits(prefix, PREFIX_CHARS) && fits(secret, SECRET_CHARS)).then(|| Self(text.to_owned()))
    }

    /// The part that may be shown.
    pub fn prefix(&self) -> &str {
        self.0.split('_').nth(1).unwrap_or_default()
    }

    /// What is stored of it.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }

    /// The whole key, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wg_{}_…", self.prefix())
    }
}

fn letters(rng: &mut impl Rng, chars: usize) -> String {
    rng.sample_iter(Alphanumeric).take(chars).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_key_is_read_back_and_hashes_the_same() {
        let key = ApiKeyText::generate(&mut rand::rng());
        let read = ApiKeyText::parse(key.reveal()).unwrap();
        assert_eq!(read.sha256(), key.sha256());
        assert_ne!(read.sha256(), ApiKeyText::generate(&mut rand::rng()).sha256());
    }

    #[test]
    fn what_is_no_key_is_not_looked_up() {
        let good = ApiKeyText::generate(&mut rand::rng());
        for text in ["", "wg_", "wg__", "wg_short_secret", "Bearer x", "wg_aaaaaaaa_密钥"] {
            assert_eq!(ApiKeyText::parse(text), None, "{text}");
        }
        assert_eq!(ApiKeyText::parse(&format!("{}x", good.reveal())), None);
        assert_eq!(ApiKeyText::parse(&format!(" {}", good.reveal())), None);
    }

    #[test]
    fn a_key_in_a_log_shows_only_its_prefix() {
        let key = ApiKeyText::generate(&mut rand::rng());
        let shown = format!("{key:?}");
        assert!(shown.contains(key.prefix()));
        assert!(!shown.contains(key.reveal().rsplit('_').next().unwrap()));
    }
}
