//! Ciphers that authenticate by themselves: AES-GCM (RFC 4106), ChaCha20-Poly1305 (RFC 7634), AES-CCM (RFC 4309) and
//! AES-GMAC (RFC 4543), all with an explicit IV of 8 bytes.

use std::cell::RefCell;
use std::ops::Range;

use aes::{Aes128, Aes192, Aes256};
use ccm::aead::array::Array;
use ccm::aead::consts::{U11, U16};
use ccm::aead::inout::InOutBuf;
use ccm::{AeadInOut, Ccm, KeyInit};
use zeroize::Zeroizing;

use super::aws_lc::{AeadKey, Kind, NONCE_BYTES};
use super::pieces::Pieces;

/// Bytes of the explicit IV.
pub const IV_BYTES: usize = 8;

/// An AEAD with key and salt. `aad` is SPI and sequence number, `iv` the explicit IV of the packet.
pub trait Aead: Send + Sync {
    /// Encrypt `plaintext` into `out`, the ICV behind it; `out` has exactly that length. False when the engine failed.
    fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8], out: &mut [u8]) -> bool;
    /// Whether `seal_pieces` can be asked for a plaintext of so many bytes.
    fn takes_pieces(&self, _bytes: usize) -> bool {
        false
    }
    /// Encrypt a plaintext that lies in pieces, and complete its checksum on the way; else as `seal`.
    fn seal_pieces(&self, _aad: &[u8], _iv: [u8; IV_BYTES], _pieces: &Pieces, _out: &mut [u8]) -> bool {
        false
    }
    /// Verify and decrypt `body`, ciphertext and ICV, in place. After false its bytes are undefined.
    fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> bool;
    /// The same; None for what is not good. Gives the sum of the plaintext (checksum.rs) where it comes for nothing.
    fn open_summed(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> Option<Option<u64>> {
        self.open(aad, iv, body).then_some(None)
    }
    /// Whether `open_moved` runs.
    fn can_move(&self) -> bool {
        false
    }
    /// `open_summed` for a body in `arena`, whose plaintext goes to `to`, which is not behind it. Nothing but the plaintext's
    /// length from there on is written to.
    fn open_moved(
        &self,
        _aad: &[u8],
        _iv: [u8; IV_BYTES],
        _arena: &mut [u8],
        _body: Range<usize>,
        _to: usize,
    ) -> Option<u64> {
        None
    }
}

/// Salt of 4 bytes, then the IV (RFC 4106 §4).
pub struct Salt(Zeroizing<[u8; 4]>);

impl Salt {
    /// None for a salt of the wrong length.
    pub fn new(salt: &[u8]) -> Option<Salt> {
        Some(Salt(Zeroizing::new(salt.try_into().ok()?)))
    }

    /// Its bytes.
    #[cfg(target_arch = "x86_64")]
    pub fn bytes(&self) -> [u8; 4] {
        *self.0
    }

    /// The nonce of a packet with this IV.
    pub fn nonce(&self, iv: [u8; IV_BYTES]) -> [u8; NONCE_BYTES] {
        let mut nonce = [0; NONCE_BYTES];
        nonce[..4].copy_from_slice(&*self.0);
        nonce[4..].copy_from_slice(&iv);
        nonce
    }
}

/// AES-GCM and ChaCha20-Poly1305.
pub struct Direct {
    key: AeadKey,
    salt: Salt,
}

impl Direct {
    /// None for a key or salt of the wrong length.
    pub fn boxed(kind: Kind, key: &[u8], salt: &[u8], icv_bytes: usize) -> Option<Box<dyn Aead>> {
        Some(Box::new(Direct { key: AeadKey::new(kind, key, icv_bytes)?, salt: Salt::new(salt)? }))
    }
}

impl Aead for Direct {
    fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8], out: &mut [u8]) -> bool {
        self.key.seal(&self.salt.nonce(iv), aad, plaintext, out)
    }

    fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> bool {
        self.key.open(&self.salt.nonce(iv), aad, body)
    }
}

/// AES-GCM by the quickest engine that this CPU runs; None for a key or salt of the wrong length.
pub fn boxed_gcm(key: &[u8], salt: &[u8], icv_bytes: usize) -> Option<Box<dyn Aead>> {
    #[cfg(target_arch = "x86_64")]
    if let Some(lanes) = super::gcm_lanes::boxed_gcm(key, salt, icv_bytes) {
        return Some(lanes);
    }
    Direct::boxed(Kind::AesGcm, key, salt, icv_bytes)
}

/// The same with ChaCha20-Poly1305, whose ICV has one length.
pub fn boxed_chacha(key: &[u8], salt: &[u8]) -> Option<Box<dyn Aead>> {
    #[cfg(target_arch = "x86_64")]
    if let Some(lanes) = super::chacha_poly::boxed_chacha(key, salt) {
        return Some(lanes);
    }
    Direct::boxed(Kind::ChaCha20Poly1305, key, salt, 16)
}

/// AES-GMAC: nothing is encrypted, everything is additional data (RFC 4543 §3.3).
pub struct Gmac {
    key: AeadKey,
    salt: Salt,
    icv_bytes: usize,
}

thread_local! {
    static GMAC_INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Gmac {
    /// None for a key or salt of the wrong length.
    pub fn boxed(key: &[u8], salt: &[u8], icv_bytes: usize) -> Option<Box<dyn Aead>> {
        let key = AeadKey::new(Kind::AesGcm, key, icv_bytes)?;
        Some(Box::new(Gmac { key, salt: Salt::new(salt)?, icv_bytes }))
    }

    /// Run `work` on SPI, sequence number, IV and payload in a row.
    fn with_input<T>(aad: &[u8], iv: [u8; IV_BYTES], payload: &[u8], work: impl FnOnce(&[u8]) -> T) -> T {
        GMAC_INPUT.with_borrow_mut(|input| {
            input.clear();
            input.extend_from_slice(aad);
            input.extend_from_slice(&iv);
            input.extend_from_slice(payload);
            work(input)
        })
    }
}

impl Aead for Gmac {
    fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8], out: &mut [u8]) -> bool {
        let (payload, icv) = out.split_at_mut(plaintext.len());
        payload.copy_from_slice(plaintext);
        Gmac::with_input(aad, iv, plaintext, |input| self.key.seal(&self.salt.nonce(iv), input, &[], icv))
    }

    fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> bool {
        let Some(length) = body.len().checked_sub(self.icv_bytes) else { return false };
        let (payload, icv) = body.split_at_mut(length);
        Gmac::with_input(aad, iv, payload, |input| self.key.open(&self.salt.nonce(iv), input, icv))
    }
}

/// AES-CCM with an ICV of 16 bytes; the nonce is a salt of 3 bytes and the IV (RFC 4309 §4).
pub struct CcmKey<C> {
    key: C,
    salt: Zeroizing<[u8; 3]>,
}

const CCM_ICV_BYTES: usize = 16;

/// An AES-CCM engine for the key length; None for a key or salt of the wrong length.
pub fn boxed_ccm(key: &[u8], salt: &[u8]) -> Option<Box<dyn Aead>> {
    let salt = Zeroizing::new(salt.try_into().ok()?);
    Some(match key.len() {
        16 => Box::new(CcmKey { key: Ccm::<Aes128, U16, U11>::new_from_slice(key).ok()?, salt }),
        24 => Box::new(CcmKey { key: Ccm::<Aes192, U16, U11>::new_from_slice(key).ok()?, salt }),
        32 => Box::new(CcmKey { key: Ccm::<Aes256, U16, U11>::new_from_slice(key).ok()?, salt }),
        _ => return None,
    })
}

impl<C> CcmKey<C> {
    /// The nonce of a packet with this IV.
    pub fn nonce(&self, iv: [u8; IV_BYTES]) -> Array<u8, U11> {
        let mut nonce = Array::<u8, U11>::default();
        nonce[..3].copy_from_slice(&*self.salt);
        nonce[3..].copy_from_slice(&iv);
        nonce
    }
}

impl<C> Aead for CcmKey<C>
where
    C: AeadInOut<NonceSize = U11, TagSize = U16> + Send + Sync,
{
    fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8], out: &mut [u8]) -> bool {
        let (ciphertext, icv) = out.split_at_mut(plaintext.len());
        let Ok(buffer) = InOutBuf::new(plaintext, ciphertext) else { return false };
        match self.key.encrypt_inout_detached(&self.nonce(iv), aad, buffer) {
            Ok(tag) => icv.copy_from_slice(&tag),
            Err(_) => return false,
        }
        true
    }

    fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], body: &mut [u8]) -> bool {
        let Some(length) = body.len().checked_sub(CCM_ICV_BYTES) else { return false };
        let (ciphertext, icv) = body.split_at_mut(length);
        let Ok(tag) = Array::try_from(&*icv) else { return false };
        self.key.decrypt_inout_detached(&self.nonce(iv), aad, InOutBuf::from(ciphertext), &tag).is_ok()
    }
}
