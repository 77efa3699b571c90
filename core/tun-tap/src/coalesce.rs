//! Merging consecutive TCP segments, and equal UDP datagrams, of a flow into super-packets.
//!
//! Only packets whose checksums were verified here are merged: the super-packet gets a new checksum, and a bad one must
//! never be laundered. Two packets merge when the receiver can not tell the difference: equal headers but for lengths,
//! sequence, identification and checksum; plain ACK segments (PSH ends a run), one size, only the last may be shorter.

use crate::checksum;
use crate::inner::{self, TCP, UDP};
use crate::offload::{GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, Offload};

/// Longest headers of a packet that is merged: no IP options, no extension headers.
pub const HEADER_MAX: usize = 40 + 60;
/// Most packets in one super-packet, so that parts fit an iovec and old kernels take UDP runs.
pub const PACKETS_MAX: usize = 64;

const TCP_PSH: u8 = 0x08;
const TCP_ACK: u8 = 0x10;

/// What tells flows apart: addresses, ports, protocol and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowKey {
    addresses: [u8; 32],
    ports: u32,
    pub protocol: u8,
    version: u8,
}

/// One packet, looked at for merging.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    pub key: FlowKey,
    pub header_bytes: usize,
    pub payload_bytes: usize,
    /// Where the TCP or UDP header is.
    pub l4: usize,
    /// May stand in a super-packet: checksums good, nothing special in the headers.
    pub mergeable: bool,
}

/// Look at a packet. None for what has no flow (fragments, other protocols, broken headers). `known` is the sum of what follows
/// an IP header without options or extension headers, where somebody has added it up already.
pub fn examine(packet: &[u8], known: Option<u16>) -> Option<Candidate> {
    let transport = inner::find_transport(packet)?;
    let transport_bytes = match transport.protocol {
        TCP => inner::tcp_header_bytes(packet, transport.offset)?,
        UDP if packet.len() >= transport.offset + 8 => 8,
        _ => return None,
    };
    let mut addresses = [0; 32];
    match transport.version {
        4 => addresses[..8].copy_from_slice(&packet[12..20]),
        _ => addresses.copy_from_slice(&packet[8..40]),
    }
    let l4 = transport.offset;
    let ports = inner::long(packet, l4);
    let key = FlowKey { addresses, ports, protocol: transport.protocol, version: transport.version };
    let header_bytes = l4 + transport_bytes;
    let mut candidate =
        Candidate { key, header_bytes, payload_bytes: packet.len() - header_bytes, l4, mergeable: false };
    candidate.mergeable = candidate.payload_bytes > 0
        && has_plain_ip_header(packet, l4)
        && has_plain_transport_header(packet, l4, transport.protocol)
        && {
            let pseudo = checksum::add_word(inner::pseudo_sum(packet, transport), (packet.len() - l4) as u16);
            let sum = known.map_or_else(|| checksum::add(pseudo, &packet[l4..]), |known| pseudo + u64::from(known));
            checksum::fold(sum) == 0xffff
        };
    Some(candidate)
}

/// No options, no extension headers, a good IPv4 header checksum, and a length that is the packet's.
fn has_plain_ip_header(packet: &[u8], l4: usize) -> bool {
    if packet[0] >> 4 == 6 {
        return l4 == 40 && usize::from(inner::word(packet, 4)) + 40 == packet.len();
    }
    l4 == 20
        && usize::from(inner::word(packet, 2)) == packet.len()
        && checksum::fold(checksum::add(0, &packet[..20])) == 0xffff
}

fn has_plain_transport_header(packet: &[u8], l4: usize, protocol: u8) -> bool {
    if protocol == UDP {
        // A checksum of zero is "none" (RFC 768): nothing to verify, so nothing to merge.
        return usize::from(inner::word(packet, l4 + 4)) == packet.len() - l4 && inner::word(packet, l4 + 6) != 0;
    }
    // Reserved bits, the urgent pointer and every flag but ACK and PSH keep a segment by itself.
    packet[l4 + 12] & 0x0f == 0 && packet[l4 + 13] & !TCP_PSH == TCP_ACK && inner::word(packet, l4 + 18) == 0
}

/// A run of packets of one flow that will be written as one.
#[derive(Clone, Copy)]
pub struct Run {
    pub key: FlowKey,
    header: [u8; HEADER_MAX],
    pub header_bytes: usize,
    l4: usize,
    /// Payload bytes of each packet but the last.
    pub segment_bytes: usize,
    payload_bytes: usize,
    next_sequence: u32,
    next_id: u16,
    pub packets: usize,
    /// Nothing may follow: the last packet was short or had PSH.
    closed: bool,
}

impl Run {
    /// Start a run with a packet that is `mergeable`.
    pub fn start(packet: &[u8], candidate: &Candidate) -> Run {
        let mut header = [0; HEADER_MAX];
        header[..candidate.header_bytes].copy_from_slice(&packet[..candidate.header_bytes]);
        let mut run = Run {
            key: candidate.key,
            header,
            header_bytes: candidate.header_bytes,
            l4: candidate.l4,
            segment_bytes: candidate.payload_bytes,
            payload_bytes: 0,
            next_sequence: inner::long(packet, candidate.l4 + 4),
            next_id: inner::word(packet, 4),
            packets: 0,
            closed: false,
        };
        run.take(packet, candidate);
        run
    }

    /// Whether a packet continues this run.
    pub fn accepts(&self, packet: &[u8], candidate: &Candidate) -> bool {
        let l4 = self.l4;
        let same = |from: usize, to: usize| self.header[from..to] == packet[from..to];
        if !candidate.mergeable
            || self.closed
            || self.packets == PACKETS_MAX
            || candidate.key != self.key
            || candidate.header_bytes != self.header_bytes
            || candidate.payload_bytes > self.segment_bytes
            || self.header_bytes + self.payload_bytes + candidate.payload_bytes > 65535
        {
            return false;
        }
        let same_ip = match self.key.version {
            // TOS; flags (DF) and TTL. Identification counts up where DF does not make it meaningless (RFC 6864 §4.1).
            4 => {
                let dont_fragment = packet[6] & 0x40 != 0;
                same(1, 2) && same(6, 9) && (dont_fragment || inner::word(packet, 4) == self.next_id)
            }
            // Traffic class, flow label and hop limit.
            _ => same(0, 4) && same(7, 8),
        };
        let same_transport = self.key.protocol == UDP
            // Acknowledgement, window and all options; the sequence continues.
            || (inner::long(packet, l4 + 4) == self.next_sequence
                && same(l4 + 8, l4 + 13)
                && same(l4 + 14, l4 + 16)
                && same(l4 + 20, self.header_bytes));
        same_ip && same_transport
    }

    /// Add a packet that `accepts` said yes to.
    pub fn take(&mut self, packet: &[u8], candidate: &Candidate) {
        self.packets += 1;
        self.payload_bytes += candidate.payload_bytes;
        self.next_sequence = self.next_sequence.wrapping_add(candidate.payload_bytes as u32);
        self.next_id = self.next_id.wrapping_add(1);
        let push = self.key.protocol == TCP && packet[self.l4 + 13] & TCP_PSH != 0;
        self.closed = push || candidate.payload_bytes < self.segment_bytes;
        if push {
            self.header[self.l4 + 13] |= TCP_PSH;
        }
    }

    /// Whether `packets` more, each as long as the first, have room.
    pub fn has_room(&self, packets: usize) -> bool {
        let bytes = self.header_bytes + self.payload_bytes + packets * self.segment_bytes;
        self.packets + packets <= PACKETS_MAX && bytes <= 65535
    }

    /// Add packets that continue this run and each other, are as long as the first, and of which the last has this header.
    pub fn take_joined(&mut self, packets: usize, last_header: &[u8]) {
        self.packets += packets;
        self.payload_bytes += packets * self.segment_bytes;
        self.next_sequence = inner::long(last_header, self.l4 + 4).wrapping_add(self.segment_bytes as u32);
        self.next_id = inner::word(last_header, 4).wrapping_add(1);
        if self.key.protocol == TCP && last_header[self.l4 + 13] & TCP_PSH != 0 {
            self.header[self.l4 + 13] |= TCP_PSH;
            self.closed = true;
        }
    }

    /// Headers and offload of the super-packet; the payloads follow in order.
    pub fn finish(&mut self) -> (&[u8], Offload) {
        let total = self.header_bytes + self.payload_bytes;
        let l4_bytes = total - self.l4;
        let header = &mut self.header[..self.header_bytes];
        if self.key.version == 4 {
            inner::put_word(header, 2, total as u16);
            inner::fix_v4_checksum(header, 20);
        } else {
            inner::put_word(header, 4, l4_bytes as u16);
        }
        let (gso_type, csum_offset) = match (self.key.protocol, self.key.version) {
            (UDP, _) => (GSO_UDP_L4, 6),
            (_, 4) => (GSO_TCPV4, 16),
            _ => (GSO_TCPV6, 16),
        };
        if self.key.protocol == UDP {
            inner::put_word(header, self.l4 + 4, l4_bytes as u16);
        }
        // NEEDS_CSUM: the field holds the pseudo-header's sum, not its complement.
        let transport = inner::Transport { version: self.key.version, protocol: self.key.protocol, offset: self.l4 };
        let partial = checksum::fold(checksum::add_word(inner::pseudo_sum(header, transport), l4_bytes as u16));
        inner::put_word(header, self.l4 + csum_offset, partial);
        let offload = Offload {
            gso_type,
            gso_size: self.segment_bytes as u16,
            needs_checksum: true,
            header_bytes: self.header_bytes as u16,
            csum_start: self.l4 as u16,
            csum_offset: csum_offset as u16,
        };
        (header, offload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inner::tests::{Shape, build, build_super};
    use crate::segment::Plan;

    /// Merge as many packets as the first one's run takes.
    fn merge(packets: &[Vec<u8>]) -> (Vec<u8>, Offload, usize) {
        let first = examine(&packets[0], None).unwrap();
        assert!(first.mergeable);
        let mut run = Run::start(&packets[0], &first);
        let mut payloads = packets[0][first.header_bytes..].to_vec();
        for packet in &packets[1..] {
            let Some(candidate) = examine(packet, None) else { break };
            if !run.accepts(packet, &candidate) {
                break;
            }
            run.take(packet, &candidate);
            payloads.extend_from_slice(&packet[candidate.header_bytes..]);
        }
        let count = run.packets;
        let (header, offload) = run.finish();
        ([header, &payloads].concat(), offload, count)
    }

    fn cut(packet: &[u8], offload: &Offload) -> Vec<Vec<u8>> {
        let plan = Plan::new(packet, offload).unwrap();
        let part = |index: usize| {
            let mut header = vec![0xa5; plan.header_bytes];
            plan.write_header(packet, index, &mut header);
            [&header, &packet[plan.payload(index)]].concat()
        };
        (0..plan.count).map(part).collect()
    }

    fn offload(shape: &Shape, gso_size: u16) -> Offload {
        let tcp = shape.protocol == TCP;
        let gso_type = match (tcp, shape.version) {
            (false, _) => GSO_UDP_L4,
            (_, 4) => GSO_TCPV4,
            _ => GSO_TCPV6,
        };
        let l4: u16 = if shape.version == 4 { 20 } else { 40 };
        let header_bytes = l4 + if tcp { 20 + shape.options.len() as u16 } else { 8 };
        let csum_offset = if tcp { 16 } else { 6 };
        Offload { gso_type, gso_size, needs_checksum: true, header_bytes, csum_start: l4, csum_offset }
    }

    #[test]
    fn cutting_and_merging_gives_the_super_packet_back() {
        let payload: Vec<u8> = (0..60_000u32).map(|value| ((value * 131) >> 3) as u8).collect();
        for shape in [Shape::tcp(4), Shape::tcp(6), Shape::udp(4), Shape::udp(6)] {
            for length in [2000, 13_480, 60_000] {
                let packet = build_super(&shape, &payload[..length]);
                let work = offload(&shape, 1348);
                let segments = cut(&packet, &work);
                assert_eq!(merge(&segments), (packet, work, segments.len()));
            }
        }
    }

    #[test]
    fn psh_stays_on_the_last_segment_and_ends_the_run() {
        let shape = Shape { flags: TCP_ACK | TCP_PSH, ..Shape::tcp(4) };
        let packet = build_super(&shape, &[9; 3000]);
        let mut segments = cut(&packet, &offload(&shape, 1000));
        let next = Shape { sequence: shape.sequence.wrapping_add(3000), id: shape.id + 3, ..Shape::tcp(4) };
        segments.push(build(&next, &[9; 1000]));
        assert_eq!(merge(&segments), (packet, offload(&shape, 1000), 3));
    }

    #[test]
    fn a_short_segment_ends_the_run_and_a_longer_one_does_not_join() {
        let shape = Shape::tcp(4);
        let after = |bytes: u32, id: u16| Shape {
            sequence: shape.sequence.wrapping_add(bytes),
            id: shape.id + id,
            ..shape.clone()
        };
        let first = build(&shape, &[1; 1000]);
        let short = build(&after(1000, 1), &[2; 500]);
        let third = build(&after(1500, 2), &[3; 500]);
        assert_eq!(merge(&[first.clone(), short, third]).2, 2);
        assert_eq!(merge(&[first, build(&after(1000, 1), &[2; 1001])]).2, 1);
    }

    #[test]
    fn a_bad_checksum_is_never_laundered() {
        for shape in [Shape::tcp(4), Shape::tcp(6), Shape::udp(4), Shape::udp(6)] {
            let good = build(&shape, &[1; 1000]);
            for at in [good.len() - 1, good.len() - 500, 21 + 20 * usize::from(shape.version == 6)] {
                let mut bad = good.clone();
                bad[at] ^= 1;
                assert!(!examine(&bad, None).unwrap().mergeable, "byte {at}");
            }
        }
        let mut bad_ip = build(&Shape::tcp(4), &[1; 1000]);
        bad_ip[10] ^= 1;
        assert!(!examine(&bad_ip, None).unwrap().mergeable);
    }

    #[test]
    fn anything_the_receiver_could_tell_apart_keeps_packets_apart() {
        let shape = Shape::tcp(4);
        let next = Shape { sequence: shape.sequence.wrapping_add(1000), id: shape.id + 1, ..shape.clone() };
        let first = build(&shape, &[1; 1000]);
        let merges = |shape: &Shape| merge(&[first.clone(), build(shape, &[2; 1000])]).2 == 2;
        assert!(merges(&next));
        assert!(!merges(&Shape { tos: 3, ..next.clone() }), "ECN");
        assert!(!merges(&Shape { sequence: next.sequence.wrapping_add(1), ..next.clone() }), "sequence");
        assert!(!merges(&Shape { options: vec![1, 1, 8, 10, 0, 0, 1, 3, 0, 0, 3, 4], ..next.clone() }), "timestamp");
        assert!(!merges(&Shape { options: vec![], ..next.clone() }), "no options");
        assert!(!merges(&Shape { source_port: 5002, ..next.clone() }), "port");
        assert!(!merges(&Shape::udp(4)), "protocol");
        for flags in [0x11, 0x12, 0x14, 0x30, 0x50, 0x90, 0x00] {
            assert!(!merges(&Shape { flags, ..next.clone() }), "flags {flags:#x}");
        }
    }

    #[test]
    fn an_identification_that_jumps_matters_only_without_df() {
        let shape = Shape::udp(4);
        let clear_df = |mut packet: Vec<u8>| {
            packet[6] = 0;
            inner::fix_v4_checksum(&mut packet, 20);
            packet
        };
        let first = build(&shape, &[1; 100]);
        let jump = build(&Shape { id: 9, ..shape.clone() }, &[1; 100]);
        assert_eq!(merge(&[first.clone(), jump.clone()]).2, 2);
        assert_eq!(merge(&[clear_df(first), clear_df(jump)]).2, 1);
    }

    #[test]
    fn pure_acks_options_and_zero_udp_checksums_are_not_mergeable() {
        assert!(!examine(&build(&Shape::tcp(4), &[]), None).unwrap().mergeable);
        let mut unsummed = build(&Shape::udp(4), &[1; 10]);
        inner::put_word(&mut unsummed, 26, 0);
        assert!(!examine(&unsummed, None).unwrap().mergeable);
        let mut trailing = build(&Shape::tcp(4), &[1; 10]);
        trailing.push(0);
        assert!(!examine(&trailing, None).unwrap().mergeable);
    }

    #[test]
    fn a_super_packet_stays_within_its_limits() {
        let shape = Shape::udp(4);
        let many: Vec<Vec<u8>> =
            (0..70).map(|index| build(&Shape { id: shape.id + index, ..shape.clone() }, &[1; 10])).collect();
        assert_eq!(merge(&many).2, PACKETS_MAX);
        let big: Vec<Vec<u8>> =
            (0..9).map(|index| build(&Shape { id: shape.id + index, ..shape.clone() }, &[1; 8000])).collect();
        assert_eq!(merge(&big).2, 8);
    }

    #[test]
    fn a_sum_that_is_known_counts_as_if_it_had_been_added_up_here() {
        for version in [4, 6] {
            let packet = build(&Shape::tcp(version), &[0x5a; 301]);
            let l4 = if version == 4 { 20 } else { 40 };
            let known = checksum::fold_native(checksum::add(0, &packet[l4..]));
            assert!(examine(&packet, Some(known)).unwrap().mergeable);
            assert!(!examine(&packet, Some(known ^ 1)).unwrap().mergeable, "a checksum that is wrong by that sum");
        }
    }
}
