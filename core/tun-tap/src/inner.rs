//! Views of inner packets: where the transport header is, and pseudo-header sums (RFC 9293 §3.1, RFC 8200 §8.1).

use crate::checksum;

/// IP protocol number of TCP.
pub const TCP: u8 = 6;
/// IP protocol number of UDP.
pub const UDP: u8 = 17;

/// Where the transport header of an unfragmented packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transport {
    /// IP version, 4 or 6.
    pub version: u8,
    pub protocol: u8,
    /// Offset of the transport header.
    pub offset: usize,
}

/// 16 bits in network order.
pub fn word(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

/// 32 bits in network order.
pub fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// Store 16 bits in network order.
pub fn put_word(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_be_bytes());
}

/// Bytes of the IP header and of the whole packet at the front of `bytes`, as the header says; None for what is no IP packet,
/// and for IPv4 options. IPv6 extension headers count as payload.
pub fn plain_lengths(bytes: &[u8]) -> Option<(usize, usize)> {
    let (header, packet) = match bytes.first()? {
        0x45 if bytes.len() >= 20 => (20, usize::from(word(bytes, 2))),
        first if first >> 4 == 6 && bytes.len() >= 40 => (40, 40 + usize::from(word(bytes, 4))),
        _ => return None,
    };
    (packet >= header).then_some((header, packet))
}

/// Find the transport header; None for fragments, truncated headers and chains that do not end in one.
pub fn find_transport(packet: &[u8]) -> Option<Transport> {
    match packet.first()? >> 4 {
        4 => find_transport_v4(packet),
        6 => find_transport_v6(packet),
        _ => None,
    }
}

fn find_transport_v4(packet: &[u8]) -> Option<Transport> {
    let offset = usize::from(packet[0] & 15) * 4;
    // MF or a fragment offset: the transport header is not all there.
    if packet.len() < 20 || offset < 20 || packet.len() < offset || word(packet, 6) & 0x3fff != 0 {
        return None;
    }
    Some(Transport { version: 4, protocol: packet[9], offset })
}

fn find_transport_v6(packet: &[u8]) -> Option<Transport> {
    const HOP_BY_HOP: u8 = 0;
    const ROUTING: u8 = 43;
    const DESTINATION: u8 = 60;
    if packet.len() < 40 {
        return None;
    }
    let mut protocol = packet[6];
    let mut offset = 40;
    while matches!(protocol, HOP_BY_HOP | ROUTING | DESTINATION) {
        let header = packet.get(offset..offset + 2)?;
        protocol = header[0];
        offset += (usize::from(header[1]) + 1) * 8;
    }
    (offset <= packet.len()).then_some(Transport { version: 6, protocol, offset })
}

/// Sum of the pseudo-header without its length: addresses and protocol.
pub fn pseudo_sum(packet: &[u8], transport: Transport) -> u64 {
    let addresses = if transport.version == 4 { &packet[12..20] } else { &packet[8..40] };
    checksum::add_word(checksum::add(0, addresses), u16::from(transport.protocol))
}

/// Bytes of the TCP header at `offset`, options included; None when it is not all there.
pub fn tcp_header_bytes(packet: &[u8], offset: usize) -> Option<usize> {
    let bytes = usize::from(packet.get(offset + 12)? >> 4) * 4;
    (bytes >= 20 && packet.len() >= offset + bytes).then_some(bytes)
}

/// Write the IPv4 header checksum of the header that ends at `header_bytes`.
pub fn fix_v4_checksum(packet: &mut [u8], header_bytes: usize) {
    put_word(packet, 10, 0);
    let value = checksum::finish(checksum::add(0, &packet[..header_bytes]));
    put_word(packet, 10, value);
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// What varies in a packet that a test builds.
    #[derive(Clone)]
    pub struct Shape {
        pub version: u8,
        pub protocol: u8,
        pub id: u16,
        pub sequence: u32,
        pub flags: u8,
        pub tos: u8,
        pub options: Vec<u8>,
        pub source_port: u16,
    }

    impl Shape {
        pub fn tcp(version: u8) -> Shape {
            let options = vec![1, 1, 8, 10, 0, 0, 1, 2, 0, 0, 3, 4];
            Shape {
                version,
                protocol: TCP,
                id: 700,
                sequence: 0xffff_f000,
                flags: 0x10,
                tos: 0,
                options,
                source_port: 5001,
            }
        }

        pub fn udp(version: u8) -> Shape {
            Shape { protocol: UDP, options: Vec::new(), ..Shape::tcp(version) }
        }

        fn transport_bytes(&self) -> usize {
            if self.protocol == TCP { 20 + self.options.len() } else { 8 }
        }
    }

    /// A whole packet with correct checksums.
    pub fn build(shape: &Shape, payload: &[u8]) -> Vec<u8> {
        let l4 = if shape.version == 4 { 20 } else { 40 };
        let l4_bytes = shape.transport_bytes() + payload.len();
        let mut packet = vec![0u8; l4 + shape.transport_bytes()];
        if shape.version == 4 {
            packet[..2].copy_from_slice(&[0x45, shape.tos]);
            put_word(&mut packet, 2, (20 + l4_bytes) as u16);
            put_word(&mut packet, 4, shape.id);
            packet[6..10].copy_from_slice(&[0x40, 0, 64, shape.protocol]);
            packet[12..20].copy_from_slice(&[198, 51, 100, 1, 203, 0, 113, 2]);
            fix_v4_checksum(&mut packet, 20);
        } else {
            packet[..2].copy_from_slice(&[0x60 | shape.tos >> 4, shape.tos << 4]);
            put_word(&mut packet, 4, l4_bytes as u16);
            packet[6..8].copy_from_slice(&[shape.protocol, 64]);
            packet[8..12].copy_from_slice(&[0x20, 1, 0x0d, 0xb8]);
            packet[23] = 1;
            packet[24..28].copy_from_slice(&[0x20, 1, 0x0d, 0xb8]);
            packet[39] = 2;
        }
        put_word(&mut packet, l4, shape.source_port);
        put_word(&mut packet, l4 + 2, 443);
        let checksum_at = if shape.protocol == TCP {
            packet[l4 + 4..l4 + 8].copy_from_slice(&shape.sequence.to_be_bytes());
            packet[l4 + 8..l4 + 12].copy_from_slice(&[0, 0, 0x10, 0]);
            packet[l4 + 12] = ((shape.transport_bytes() / 4) << 4) as u8;
            packet[l4 + 13] = shape.flags;
            put_word(&mut packet, l4 + 14, 502);
            packet[l4 + 20..].copy_from_slice(&shape.options);
            l4 + 16
        } else {
            put_word(&mut packet, l4 + 4, l4_bytes as u16);
            l4 + 6
        };
        packet.extend_from_slice(payload);
        let transport = Transport { version: shape.version, protocol: shape.protocol, offset: l4 };
        let pseudo = checksum::add_word(pseudo_sum(&packet, transport), l4_bytes as u16);
        let value = checksum::finish(checksum::add(pseudo, &packet[l4..]));
        put_word(&mut packet, checksum_at, if value == 0 && shape.protocol == UDP { 0xffff } else { value });
        packet
    }

    /// The super-packet that a TUN device would hand over: one header, partial checksum.
    pub fn build_super(shape: &Shape, payload: &[u8]) -> Vec<u8> {
        let mut packet = build(shape, payload);
        let transport = find_transport(&packet).unwrap();
        let l4_bytes = (packet.len() - transport.offset) as u16;
        let partial = checksum::fold(checksum::add_word(pseudo_sum(&packet, transport), l4_bytes));
        put_word(&mut packet, transport.offset + if shape.protocol == TCP { 16 } else { 6 }, partial);
        packet
    }

    #[test]
    fn finds_tcp_behind_ipv6_extension_headers() {
        let mut packet = build(&Shape::tcp(6), b"hello");
        packet[6] = 0;
        packet.splice(40..40, [43, 0, 0, 0, 0, 0, 0, 0, TCP, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(find_transport(&packet), Some(Transport { version: 6, protocol: TCP, offset: 64 }));
    }

    #[test]
    fn a_fragment_or_a_cut_header_has_no_transport() {
        let packet = build(&Shape::tcp(4), b"hello");
        for flags in [0x2000, 0x0001, 0x2001] {
            let mut fragment = packet.clone();
            put_word(&mut fragment, 6, flags);
            assert_eq!(find_transport(&fragment), None);
        }
        assert_eq!(find_transport(&packet[..19]), None);
        assert_eq!(find_transport(&[]), None);
        assert_eq!(find_transport(&build(&Shape::tcp(6), b"")[..39]), None);
        let mut endless = build(&Shape::tcp(6), b"hello");
        endless[6] = 0;
        endless[41] = 255;
        assert_eq!(find_transport(&endless), None);
    }
}
