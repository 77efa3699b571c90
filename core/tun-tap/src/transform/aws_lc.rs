//! The small part of AWS-LC that we call: AEAD contexts, random bytes, comparison in constant time.
//!
//! This is the only file that calls it. A context is used through shared references only; AWS-LC allows that from
//! several threads at once (openssl/aead.h).

use std::ffi::c_void;
use std::ptr::NonNull;

use aws_lc_sys as sys;

/// Bytes of a nonce of AES-GCM and ChaCha20-Poly1305.
pub const NONCE_BYTES: usize = 12;

/// Which AEAD; the key length must be the suite's.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    AesGcm,
    ChaCha20Poly1305,
}

/// An AEAD with its key, on AWS-LC's heap, which wipes what it frees.
pub struct AeadKey {
    context: NonNull<sys::EVP_AEAD_CTX>,
    tag_bytes: usize,
}

// SAFETY: the context is plain memory without ties to a thread.
unsafe impl Send for AeadKey {}
// SAFETY: seal and open take the context as const and may run concurrently (openssl/aead.h).
unsafe impl Sync for AeadKey {}

impl Drop for AeadKey {
    fn drop(&mut self) {
        // SAFETY: the context came from EVP_AEAD_CTX_new and is freed once.
        unsafe { sys::EVP_AEAD_CTX_free(self.context.as_ptr()) };
    }
}

impl AeadKey {
    /// Expand a key; None for a key length that the suite does not have.
    pub fn new(kind: Kind, key: &[u8], tag_bytes: usize) -> Option<AeadKey> {
        // SAFETY: these give pointers to constants.
        let aead = unsafe {
            match (kind, key.len()) {
                (Kind::AesGcm, 16) => sys::EVP_aead_aes_128_gcm(),
                (Kind::AesGcm, 24) => sys::EVP_aead_aes_192_gcm(),
                (Kind::AesGcm, 32) => sys::EVP_aead_aes_256_gcm(),
                (Kind::ChaCha20Poly1305, 32) => sys::EVP_aead_chacha20_poly1305(),
                _ => return None,
            }
        };
        // SAFETY: `key` is readable for its length.
        let context = unsafe { sys::EVP_AEAD_CTX_new(aead, key.as_ptr(), key.len(), tag_bytes) };
        NonNull::new(context).map(|context| AeadKey { context, tag_bytes })
    }

    /// Encrypt `plaintext` into `out`, the tag behind it; `out` has exactly that length. False when the engine failed.
    #[must_use]
    pub fn seal(&self, nonce: &[u8; NONCE_BYTES], aad: &[u8], plaintext: &[u8], out: &mut [u8]) -> bool {
        if out.len() != plaintext.len() + self.tag_bytes {
            return false;
        }
        let (ciphertext, tag) = out.split_at_mut(plaintext.len());
        let mut tag_bytes = 0;
        // SAFETY: all pointers are valid for the lengths beside them; `out` does not overlap `plaintext`.
        let done = unsafe {
            sys::EVP_AEAD_CTX_seal_scatter(
                self.context.as_ptr(),
                ciphertext.as_mut_ptr(),
                tag.as_mut_ptr(),
                &mut tag_bytes,
                tag.len(),
                nonce.as_ptr(),
                nonce.len(),
                plaintext.as_ptr(),
                plaintext.len(),
                std::ptr::null(),
                0,
                aad.as_ptr(),
                aad.len(),
            )
        };
        done == 1 && tag_bytes == self.tag_bytes
    }

    /// Verify and decrypt `body`, ciphertext and tag, in place. After false its bytes are undefined.
    #[must_use]
    pub fn open(&self, nonce: &[u8; NONCE_BYTES], aad: &[u8], body: &mut [u8]) -> bool {
        let Some(length) = body.len().checked_sub(self.tag_bytes) else { return false };
        let (ciphertext, tag) = body.split_at_mut(length);
        // SAFETY: all pointers are valid for the lengths beside them; in place is allowed.
        let done = unsafe {
            sys::EVP_AEAD_CTX_open_gather(
                self.context.as_ptr(),
                ciphertext.as_mut_ptr(),
                nonce.as_ptr(),
                nonce.len(),
                ciphertext.as_ptr(),
                ciphertext.len(),
                tag.as_ptr(),
                tag.len(),
                aad.as_ptr(),
                aad.len(),
            )
        };
        if done != 1 {
            // A forged packet leaves an entry in the thread's error queue, and the peer chooses the rate.
            // SAFETY: a plain call.
            unsafe { sys::ERR_clear_error() };
        }
        done == 1
    }
}

/// Fill with unpredictable bytes.
pub fn fill_random(bytes: &mut [u8]) {
    // SAFETY: `bytes` is writable for its length.
    let done = unsafe { sys::RAND_bytes(bytes.as_mut_ptr(), bytes.len()) };
    // AWS-LC aborts the process rather than give predictable bytes.
    assert_eq!(done, 1, "the random generator failed");
}

/// Compare two ICVs of one length in constant time.
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    // SAFETY: both are readable for the compared length, checked before.
    left.len() == right.len()
        && unsafe { sys::CRYPTO_memcmp(left.as_ptr().cast::<c_void>(), right.as_ptr().cast::<c_void>(), left.len()) }
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_and_a_changed_bit_does_not() {
        let key = AeadKey::new(Kind::AesGcm, &[7; 32], 16).unwrap();
        let mut out = [0; 36];
        assert!(key.seal(&[1; 12], b"aad", &[9; 20], &mut out));
        let mut opened = out;
        assert!(key.open(&[1; 12], b"aad", &mut opened));
        assert_eq!(opened[..20], [9; 20]);
        for bit in 0..out.len() * 8 {
            let mut forged = out;
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.open(&[1; 12], b"aad", &mut forged), "bit {bit}");
        }
    }

    #[test]
    fn a_key_of_the_wrong_length_gives_no_context() {
        assert!(AeadKey::new(Kind::AesGcm, &[7; 31], 16).is_none());
        assert!(AeadKey::new(Kind::ChaCha20Poly1305, &[7; 16], 16).is_none());
    }

    #[test]
    fn icvs_compare_by_every_byte() {
        assert!(equal(&[1, 2, 3], &[1, 2, 3]));
        assert!(!equal(&[1, 2, 3], &[1, 2, 4]));
        assert!(!equal(&[1, 2, 3], &[1, 2]));
    }
}
