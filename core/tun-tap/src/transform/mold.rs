//! What the packets that continue a first one must look like: its header, but for what counts up from packet to packet.
//!
//! Asking this takes 10 ns a packet, where looking at each from scratch (coalesce.rs) takes 40.

use crate::checksum;
use crate::coalesce::{Candidate, HEADER_MAX};
use crate::inner::{self, TCP};

const TCP_PSH: u8 = 0x08;

/// Made of a packet that is mergeable.
pub struct Mold {
    header: [u8; HEADER_MAX],
    /// Bits of the header that each packet has alike.
    mask: [u8; HEADER_MAX],
    pub header_bytes: usize,
    pub payload_bytes: usize,
    l4: usize,
    is_tcp: bool,
    is_ipv4: bool,
    /// The packet's sum: whose words have another sum modulo 2^16 - 1 has a wrong checksum, all else being alike.
    sum: u16,
}

impl Mold {
    /// From the first packet, and its plaintext with all that is behind it.
    pub fn new(packet: &[u8], plaintext: &[u8], candidate: &Candidate) -> Mold {
        let Candidate { header_bytes, payload_bytes, l4, .. } = *candidate;
        let (is_tcp, is_ipv4) = (candidate.key.protocol == TCP, packet[0] >> 4 == 4);
        let (mut header, mut mask) = ([0; HEADER_MAX], [0; HEADER_MAX]);
        header[..header_bytes].copy_from_slice(&packet[..header_bytes]);
        mask[..header_bytes].fill(0xff);
        if is_ipv4 {
            // Identification and checksum.
            mask[4..6].fill(0);
            mask[10..12].fill(0);
        }
        if is_tcp {
            mask[l4 + 4..l4 + 8].fill(0);
            mask[l4 + 13] = !TCP_PSH;
            mask[l4 + 16..l4 + 18].fill(0);
        } else {
            mask[l4 + 6..l4 + 8].fill(0);
        }
        let sum = checksum::fold(checksum::add(0, plaintext));
        Mold { header, mask, header_bytes, payload_bytes, l4, is_tcp, is_ipv4, sum }
    }

    /// Whether a packet, whose plaintext is as long, has the same trailer and this sum, is number `index` behind the first. Of a
    /// packet without PSH.
    pub fn fits(&self, packet: &[u8], sum: u64, index: usize) -> bool {
        let header = &packet[..self.header_bytes];
        let differences = header
            .iter()
            .zip(&self.header)
            .zip(&self.mask)
            .fold(0, |all, ((new, old), mask)| all | ((new ^ old) & mask));
        differences == 0
            && checksum::fold(sum) == self.sum
            && (!self.is_ipv4 || self.has_good_ipv4(header, index))
            && self.has_good_transport(header, index)
    }

    /// Whether the packet says that it is the last of what its sender had (PSH).
    pub fn is_last(&self, packet: &[u8]) -> bool {
        self.is_tcp && packet[self.l4 + 13] & TCP_PSH != 0
    }

    /// A good checksum, and an identification that counts up where DF does not make it meaningless (RFC 6864 §4.1).
    fn has_good_ipv4(&self, header: &[u8], index: usize) -> bool {
        let next_id = inner::word(&self.header, 4).wrapping_add(index as u16);
        (header[6] & 0x40 != 0 || inner::word(header, 4) == next_id)
            && checksum::fold(checksum::add(0, &header[..20])) == 0xffff
    }

    /// The next sequence number; a datagram has a checksum (zero is none, RFC 768).
    fn has_good_transport(&self, header: &[u8], index: usize) -> bool {
        if !self.is_tcp {
            return inner::word(header, self.l4 + 6) != 0;
        }
        let next = inner::long(&self.header, self.l4 + 4).wrapping_add((index * self.payload_bytes) as u32);
        inner::long(header, self.l4 + 4) == next
    }
}
