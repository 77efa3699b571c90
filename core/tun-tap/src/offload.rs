//! The virtio-net header in front of each packet of a TUN device (virtio 1.2 §5.1.6, legacy layout of 10 bytes).
//!
//! ```text
//! 0 flags  1 gso_type  2..4 hdr_len  4..6 gso_size  6..8 csum_start  8..10 csum_offset     host byte order
//! ```

/// Bytes of the header.
pub const HEADER_BYTES: usize = 10;

/// gso_type: not a super-packet.
pub const GSO_NONE: u8 = 0;
/// gso_type: TCP over IPv4.
pub const GSO_TCPV4: u8 = 1;
/// gso_type: TCP over IPv6.
pub const GSO_TCPV6: u8 = 4;
/// gso_type: UDP, a run of datagrams.
pub const GSO_UDP_L4: u8 = 5;

const FLAG_NEEDS_CSUM: u8 = 1;
/// Set beside the type when the first segment carries CWR; segmentation clears CWR on the others anyway.
const GSO_ECN: u8 = 0x80;

/// What the header says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offload {
    pub gso_type: u8,
    pub gso_size: u16,
    /// The L4 checksum field holds the uncomplemented sum of the pseudo-header only.
    pub needs_checksum: bool,
    pub header_bytes: u16,
    pub csum_start: u16,
    pub csum_offset: u16,
}

impl Offload {
    /// Read the header.
    pub fn parse(bytes: &[u8; HEADER_BYTES]) -> Offload {
        let word = |at: usize| u16::from_ne_bytes([bytes[at], bytes[at + 1]]);
        Offload {
            gso_type: bytes[1] & !GSO_ECN,
            gso_size: word(4),
            needs_checksum: bytes[0] & FLAG_NEEDS_CSUM != 0,
            header_bytes: word(2),
            csum_start: word(6),
            csum_offset: word(8),
        }
    }

    /// Write the header.
    pub fn emit(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0] = if self.needs_checksum { FLAG_NEEDS_CSUM } else { 0 };
        bytes[1] = self.gso_type;
        bytes[2..4].copy_from_slice(&self.header_bytes.to_ne_bytes());
        bytes[4..6].copy_from_slice(&self.gso_size.to_ne_bytes());
        bytes[6..8].copy_from_slice(&self.csum_start.to_ne_bytes());
        bytes[8..10].copy_from_slice(&self.csum_offset.to_ne_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_survives_the_round_trip() {
        let offload = Offload {
            gso_type: GSO_TCPV6,
            gso_size: 1348,
            needs_checksum: true,
            header_bytes: 72,
            csum_start: 40,
            csum_offset: 16,
        };
        assert_eq!(Offload::parse(&offload.emit()), offload);
    }

    #[test]
    fn the_ecn_bit_is_not_part_of_the_type() {
        let mut bytes = Offload { gso_type: GSO_TCPV4, ..Offload::default() }.emit();
        bytes[1] |= 0x80;
        assert_eq!(Offload::parse(&bytes).gso_type, GSO_TCPV4);
    }
}
