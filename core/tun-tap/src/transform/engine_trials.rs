//! What every engine of our own is tried with, beside AWS-LC's with the same key.

use super::aead::Aead;
use super::aws_lc::fill_random;
use crate::checksum;

/// Unpredictable bytes.
pub fn random<const COUNT: usize>() -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    fill_random(&mut bytes);
    bytes
}

/// Lengths of texts: all that packets have, and some that are longer.
pub fn lengths() -> impl Iterator<Item = usize> {
    (0..1700).chain([3071, 3072, 3073, 9000, 20_000])
}

/// Both seal a text alike, and the first opens it in place and adds it up.
pub fn agree([own, other]: &[Box<dyn Aead>; 2], aad: &[u8], text: &[u8], icv_bytes: usize) {
    let (length, iv) = (text.len(), random::<8>());
    let (mut got, mut wanted) = (vec![0; length + icv_bytes], vec![0; length + icv_bytes]);
    assert!(own.seal(aad, iv, text, &mut got));
    assert!(other.seal(aad, iv, text, &mut wanted));
    assert_eq!(got, wanted, "{length} bytes");
    let sum = own.open_summed(aad, iv, &mut got).flatten().expect("it opens, and is added up");
    assert_eq!(got[..length], *text, "{length} bytes");
    assert_eq!(checksum::fold(sum), checksum::fold(checksum::add(0, text)), "{length} bytes");
}

/// A packet does not open with any bit of it changed.
pub fn refuses_changed_bits(own: &dyn Aead, length: usize, icv_bytes: usize) {
    let (aad, iv, mut sealed) = (random::<8>(), random::<8>(), vec![0; length + icv_bytes]);
    assert!(own.seal(&aad, iv, &vec![7; length], &mut sealed));
    for bit in 0..sealed.len() * 8 {
        let mut forged = sealed.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        assert!(!own.open(&aad, iv, &mut forged), "bit {bit} of {length} bytes, ICV of {icv_bytes}");
    }
    for bit in 0..aad.len() * 8 {
        let mut forged = aad;
        forged[bit / 8] ^= 1 << (bit % 8);
        assert!(!own.open(&forged, iv, &mut sealed.clone()), "bit {bit} of the additional data");
    }
    assert!(own.open(&aad, iv, &mut sealed));
}

/// Nothing around a text of so many bytes, with an ICV of 16, is written to.
pub fn stays_inside(own: &dyn Aead, length: usize) {
    let mut out = vec![0xa5; length + 16 + 128];
    let icv = 64 + length..64 + length + 16;
    assert!(own.seal(&[0; 8], [1; 8], &vec![0; length], &mut out[64..icv.end]));
    let sealed = out.clone();
    assert!(own.open(&[0; 8], [1; 8], &mut out[64..icv.end]));
    assert!(out[64..icv.start].iter().all(|byte| *byte == 0), "{length} bytes");
    assert_eq!(out[icv.clone()], sealed[icv.clone()]);
    assert!(out[..64].iter().chain(&out[icv.end..]).all(|byte| *byte == 0xa5), "{length} bytes");
}
