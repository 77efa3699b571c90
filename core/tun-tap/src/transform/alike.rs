//! Which packets of an opened run may be decided on at once; what alike means is said in core/crypto/alike-packets.ts, and a
//! test there compares both.

use super::TRAILER_BYTES;
use crate::checksum;
use crate::rows::{self, open};

/// Values of the next header (RFC 4303 §2.6).
const IPV4: u8 = 4;
const IPV6: u8 = 41;
/// Version 4, five words of header: no options.
const PLAIN_IPV4: u8 = 0x45;

/// How many packets of an opened run, a row each, are alike, from the first on; 0 when the first did not verify. Those that were
/// joined (join.rs) are alike.
pub fn count_alike(arena: &[u8], run: &[i32]) -> usize {
    let Some(first) = Plaintext::find(arena, run) else { return 0 };
    let mut alike = first.packets;
    let Some(likeness) = Likeness::new(&first) else { return alike };
    while let Some(other) = Plaintext::find(arena, &run[alike * open::STRIDE..]).filter(|other| likeness.holds(other)) {
        alike += other.packets;
    }
    alike
}

/// What was opened by the first of some rows, and maybe by those after it.
struct Plaintext<'a> {
    /// From the first IP header to the next header.
    bytes: &'a [u8],
    /// Bytes of each packet's own plaintext.
    each: usize,
    packets: usize,
}

impl<'a> Plaintext<'a> {
    /// None where there is no row, or where its packet did not verify.
    fn find(arena: &'a [u8], rows: &[i32]) -> Option<Plaintext<'a>> {
        let row = rows.get(..open::STRIDE)?;
        let bytes = &arena[rows::range(row[open::OUT_OFFSET], row[open::OUT_LENGTH], arena.len())?];
        let packets = usize::try_from(row[open::OUT_JOINED]).map_or(1, |joined| joined.max(1));
        let each = if packets == 1 { bytes.len() } else { *rows.get(open::STRIDE + open::OUT_LENGTH)? as usize };
        Some(Plaintext { bytes, each, packets })
    }
}

/// The first packet of a run, and what of it the others must have.
struct Likeness<'a> {
    header: &'a [u8],
    trailer: &'a [u8],
    each: usize,
    is_ipv4: bool,
}

impl<'a> Likeness<'a> {
    /// None where no packet is like it.
    fn new(first: &Plaintext<'a>) -> Option<Likeness<'a>> {
        let [.., pad_length, next_header] = *first.bytes else { return None };
        let trailer_bytes = TRAILER_BYTES + usize::from(pad_length);
        let inner_bytes = first.each.checked_sub(trailer_bytes)?;
        let fits = match next_header {
            IPV4 => inner_bytes >= 20 && first.bytes[0] == PLAIN_IPV4,
            IPV6 => inner_bytes >= 40,
            _ => false,
        };
        if !fits {
            return None;
        }
        let is_ipv4 = next_header == IPV4;
        let header = &first.bytes[..if is_ipv4 { 20 } else { 40 }];
        let trailer = &first.bytes[first.bytes.len() - trailer_bytes..];
        Some(Likeness { header, trailer, each: first.each, is_ipv4 })
    }

    fn holds(&self, other: &Plaintext<'_>) -> bool {
        if other.each != self.each || !other.bytes.ends_with(self.trailer) {
            return false;
        }
        let bytes = &other.bytes[..self.header.len()];
        let same = |from: usize, to: usize| self.header[from..to] == bytes[from..to];
        match self.is_ipv4 {
            // Not identification and checksum.
            true => same(0, 4) && same(6, 10) && same(12, 20) && checksum::fold(checksum::add(0, bytes)) == 0xffff,
            false => same(0, 40),
        }
    }
}
