//! Columns of the jobs that cross from TypeScript, and bounds-checked access to arenas.
//!
//! The layouts are declared by their consumers, core/datapath/ports.ts and core/crypto/transform.ts; a test there
//! (test/core/tun-tap/rows.test.ts) compares the numbers.

use std::ops::Range;

use crate::failure::{Failure, Outcome};

/// `TunReadRow`: one packet read from a TUN device.
pub mod tun_read {
    pub const OFFSET: usize = 0;
    pub const LENGTH: usize = 1;
    pub const GSO_TYPE: usize = 2;
    pub const GSO_SIZE: usize = 3;
    pub const NEEDS_CHECKSUM: usize = 4;
    pub const CSUM_START: usize = 5;
    pub const CSUM_OFFSET: usize = 6;
    pub const STRIDE: usize = 7;
}

/// `TunWriteRow`: one packet to write to a TUN device.
pub mod tun_write {
    pub const TUN: usize = 0;
    pub const OFFSET: usize = 1;
    pub const LENGTH: usize = 2;
    pub const SUM: usize = 3;
    pub const PACKETS: usize = 4;
    pub const RESULT: usize = 5;
    pub const STRIDE: usize = 6;
}

/// `SendRow`: one run of equal-sized datagrams.
pub mod send {
    pub const SOCKET: usize = 0;
    pub const OFFSET: usize = 1;
    pub const LENGTH: usize = 2;
    pub const SEGMENT_BYTES: usize = 3;
    pub const ADDRESS: usize = 4;
    pub const TOS: usize = 5;
    pub const FLAGS: usize = 6;
    pub const TTL: usize = 7;
    pub const RESULT: usize = 8;
    pub const STRIDE: usize = 9;
    pub const FLAG_NO_OFFLOAD: i32 = 1;
    pub const FLAG_DONT_FRAGMENT: i32 = 2;
    pub const FLAG_MINIMUM_MTU: i32 = 4;
}

/// `AddressEntry`: where to send, or where from.
pub mod address {
    pub const ADDRESS: usize = 0;
    pub const PORT: usize = 16;
    pub const FAMILY: usize = 18;
    pub const STRIDE: usize = 20;
}

/// `ReceiveRow`: one message received.
pub mod receive {
    pub const OFFSET: usize = 0;
    pub const LENGTH: usize = 1;
    pub const SEGMENT_BYTES: usize = 2;
    pub const TOS: usize = 3;
    pub const TRUNCATED: usize = 4;
    pub const FLOW_LABEL: usize = 5;
    pub const STRIDE: usize = 6;
    pub const SLOT_BYTES: usize = 65536;
}

/// `SealRow`, `SealFlag` and `SealError`.
pub mod seal {
    pub const SOURCE_OFFSET: usize = 0;
    pub const SOURCE_LENGTH: usize = 1;
    pub const TRANSFORM: usize = 2;
    pub const SPI: usize = 3;
    pub const SEQUENCE_LOW: usize = 4;
    pub const SEQUENCE_HIGH: usize = 5;
    pub const IV_LOW: usize = 6;
    pub const IV_HIGH: usize = 7;
    pub const NEXT_HEADER: usize = 8;
    pub const GSO_TYPE: usize = 9;
    pub const GSO_SIZE: usize = 10;
    pub const CSUM_START: usize = 11;
    pub const CSUM_OFFSET: usize = 12;
    pub const FLAGS: usize = 13;
    pub const SEGMENT_COUNT: usize = 14;
    pub const TFC_MULTIPLE: usize = 15;
    pub const TFC_LIMIT: usize = 16;
    pub const OUT_OFFSET: usize = 17;
    pub const OUT_LENGTH: usize = 18;
    pub const OUT_SEGMENT_BYTES: usize = 19;
    pub const STRIDE: usize = 20;
    pub const FLAG_NEEDS_CHECKSUM: i32 = 1;
    pub const FLAG_ESN: i32 = 2;
    pub const ERROR_NO_TRANSFORM: i32 = -1;
    pub const ERROR_SEGMENTATION: i32 = -2;
    pub const ERROR_TOO_LONG: i32 = -3;
    pub const ERROR_ENGINE: i32 = -4;
}

/// `OpenRow`, `OpenFlag` and `OpenError`.
pub mod open {
    pub const OFFSET: usize = 0;
    pub const LENGTH: usize = 1;
    pub const TRANSFORM: usize = 2;
    pub const SEQUENCE_HIGH: usize = 3;
    pub const FLAGS: usize = 4;
    pub const COUNT: usize = 5;
    pub const OUT_OFFSET: usize = 6;
    pub const OUT_LENGTH: usize = 7;
    pub const OUT_SUM: usize = 8;
    pub const OUT_ALIKE: usize = 9;
    pub const OUT_JOINED: usize = 10;
    pub const STRIDE: usize = 11;
    pub const FLAG_ESN: i32 = 1;
    pub const FLAG_JOIN: i32 = 2;
    pub const ERROR_NO_TRANSFORM: i32 = -1;
    pub const ERROR_TOO_SHORT: i32 = -2;
    pub const ERROR_ALIGNMENT: i32 = -3;
    pub const ERROR_AUTHENTICATION: i32 = -4;
}

/// The range of `offset` and `length`, where it lies inside `arena_bytes`.
pub fn range(offset: i32, length: i32, arena_bytes: usize) -> Option<Range<usize>> {
    let start = usize::try_from(offset).ok()?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    (end <= arena_bytes).then_some(start..end)
}

/// Fails with EINVAL when `count` rows of `stride` columns do not fit `rows`.
pub fn check_count(rows: &[i32], count: usize, stride: usize, doing: &str) -> Outcome<()> {
    match count.checked_mul(stride) {
        Some(needed) if needed <= rows.len() => Ok(()),
        _ => Err(Failure::new(libc::EINVAL, format!("{doing} {count} rows, {} columns given", rows.len()))),
    }
}

/// Whether two arenas have memory in common; sealing from an arena into itself would read what it wrote.
pub fn overlaps<A, B>(left: &[A], right: &[B]) -> bool {
    let left = left.as_ptr_range();
    let right = right.as_ptr_range();
    (left.start.cast::<u8>()) < right.end.cast::<u8>() && (right.start.cast::<u8>()) < left.end.cast::<u8>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_outside_the_arena_is_none() {
        assert_eq!(range(0, 10, 10), Some(0..10));
        assert_eq!(range(1, 10, 10), None);
        assert_eq!(range(-1, 2, 10), None);
        assert_eq!(range(2, -1, 10), None);
        assert_eq!(range(i32::MAX, i32::MAX, 10), None);
    }

    #[test]
    fn too_many_rows_are_refused_with_einval() {
        assert!(check_count(&[0; 14], 2, 7, "opening").is_ok());
        assert_eq!(check_count(&[0; 13], 2, 7, "opening").unwrap_err().errno, libc::EINVAL);
    }

    #[test]
    fn neighbouring_arenas_do_not_overlap() {
        let bytes = [0u8; 16];
        assert!(!overlaps(&bytes[..8], &bytes[8..]));
        assert!(overlaps(&bytes[..9], &bytes[8..]));
    }
}
