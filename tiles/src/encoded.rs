//! Bytes as they go over the wire: compressed once, named by their content.

use std::io::{Read, Write};
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use martin_core::tiles::Tile;
use martin_tile_utils::{Encoding, Format, TileInfo};

use crate::error::TileError;

/// Above this many bytes, compressing is long enough to keep it off the threads that answer requests.
const LARGE_BYTES: usize = 32 * 1024;

/// A compressed body that many answers share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gzipped {
    // invariant: made by encode_now, so that it can be decompressed
    bytes: Bytes,
    etag: Arc<str>,
}

impl Gzipped {
    /// Compresses `body`. The same body always gives the same bytes and the same tag.
    ///
    /// # Errors
    /// [`TileError::Stopped`] if the runtime is going down.
    pub async fn encode(body: Vec<u8>) -> Result<Self, TileError> {
        if body.len() < LARGE_BYTES {
            return Ok(Self::encode_now(body));
        }
        tokio::task::spawn_blocking(|| Self::encode_now(body))
            .await
            .map_err(|stopped| TileError::Stopped(Arc::new(stopped)))
    }

    fn encode_now(body: Vec<u8>) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&body).expect("a vector takes every byte");
        let bytes = encoder.finish().expect("a vector takes every byte");
        let named = Tile::new_hash_etag(body, TileInfo::new(Format::Mvt, Encoding::Uncompressed));
        Self { bytes: bytes.into(), etag: format!("\"{}-gz\"", named.etag).into() }
    }

    /// The body, to be sent with `Content-Encoding: gzip`; shared, not copied.
    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// A strong entity tag with its quotes, of this encoding of the body.
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// How many bytes go over the wire.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The body as it was, for a client that takes no gzip.
    #[expect(
        clippy::missing_panics_doc,
        reason = "only encode makes one, so decompressing succeeds"
    )]
    pub fn decode(&self) -> Vec<u8> {
        let mut body = Vec::new();
        GzDecoder::new(&*self.bytes).read_to_end(&mut body).expect("it was compressed by encode");
        body
    }

    /// The entity tag of the uncompressed body, which must differ from the compressed one's.
    pub fn identity_etag(&self) -> String {
        self.etag.replace("-gz", "")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_body_comes_back_as_it_was(body in proptest::collection::vec(any::<u8>(), 0..5000)) {
            let gzipped = Gzipped::encode_now(body.clone());
            prop_assert_eq!(gzipped.decode(), body.clone());
            prop_assert_eq!(&gzipped, &Gzipped::encode_now(body));
        }
    }

    #[tokio::test]
    async fn a_large_body_is_named_like_a_small_one() {
        let body: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let gzipped = Gzipped::encode(body.clone()).await.unwrap();
        assert_eq!(gzipped, Gzipped::encode_now(body));
        assert!(gzipped.etag.starts_with('"') && gzipped.etag.ends_with("-gz\""));
        assert_ne!(gzipped.identity_etag(), *gzipped.etag);
    }
}
