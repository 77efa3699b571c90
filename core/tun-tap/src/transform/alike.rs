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

/// How many packets of an opened run, a row each, are alike, from the first on; 0 when the first did not verify.
pub fn count_alike(arena: &[u8], run: &[i32]) -> usize {
    let mut packets = run.chunks_exact(open::STRIDE).map(|row| plaintext(arena, row));
    let Some(Some(first)) = packets.next() else { return 0 };
    let Some(likeness) = Likeness::new(first) else { return 1 };
    1 + packets.take_while(|packet| packet.is_some_and(|packet| likeness.holds(packet))).count()
}

fn plaintext<'a>(arena: &'a [u8], row: &[i32]) -> Option<&'a [u8]> {
    rows::range(row[open::OUT_OFFSET], row[open::OUT_LENGTH], arena.len()).map(|range| &arena[range])
}

/// The first packet of a run, and what of it the others must have.
struct Likeness<'a> {
    first: &'a [u8],
    trailer_at: usize,
    is_ipv4: bool,
}

impl<'a> Likeness<'a> {
    /// None where no packet is like it.
    fn new(first: &'a [u8]) -> Option<Likeness<'a>> {
        let [.., pad_length, next_header] = *first else { return None };
        let trailer_at = first.len().checked_sub(TRAILER_BYTES + usize::from(pad_length))?;
        let fits = match next_header {
            IPV4 => trailer_at >= 20 && first[0] == PLAIN_IPV4,
            IPV6 => trailer_at >= 40,
            _ => false,
        };
        fits.then_some(Likeness { first, trailer_at, is_ipv4: next_header == IPV4 })
    }

    fn holds(&self, other: &[u8]) -> bool {
        let same = |from: usize, to: usize| self.first[from..to] == other[from..to];
        let has_same_header = || match self.is_ipv4 {
            // Not identification and checksum.
            true => {
                same(0, 4) && same(6, 10) && same(12, 20) && checksum::fold(checksum::add(0, &other[..20])) == 0xffff
            }
            false => same(0, 40),
        };
        other.len() == self.first.len() && same(self.trailer_at, other.len()) && has_same_header()
    }
}
