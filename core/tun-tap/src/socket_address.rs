//! Socket addresses of both families, as the kernel takes and gives them (ip(7), ipv6(7)).

use std::mem::{size_of, zeroed};

use crate::descriptor::Family;
use crate::rows::address;

/// Room for a socket address of either family.
#[repr(C)]
#[derive(Clone, Copy)]
pub union SocketAddress {
    pub any: libc::sockaddr,
    pub v4: libc::sockaddr_in,
    pub v6: libc::sockaddr_in6,
}

/// The zero address of either family.
pub fn empty_address() -> SocketAddress {
    // SAFETY: all members are plain data, all zeros is a value of each.
    unsafe { zeroed() }
}

/// Build a socket address; `address` has at least 4 or 16 bytes. Gives its length too.
pub fn socket_address(family: Family, address: &[u8], port: u16) -> (SocketAddress, libc::socklen_t) {
    let mut built = empty_address();
    match family {
        Family::V4 => {
            let bytes = [address[0], address[1], address[2], address[3]];
            built.v4 = libc::sockaddr_in {
                #[cfg(target_os = "macos")]
                sin_len: size_of::<libc::sockaddr_in>() as u8,
                sin_family: libc::AF_INET as libc::sa_family_t,
                sin_port: port.to_be(),
                sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(bytes) },
                sin_zero: [0; 8],
            };
            (built, size_of::<libc::sockaddr_in>() as libc::socklen_t)
        }
        Family::V6 => {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&address[..16]);
            built.v6 = libc::sockaddr_in6 {
                #[cfg(target_os = "macos")]
                sin6_len: size_of::<libc::sockaddr_in6>() as u8,
                sin6_family: libc::AF_INET6 as libc::sa_family_t,
                sin6_port: port.to_be(),
                sin6_flowinfo: 0,
                sin6_addr: libc::in6_addr { s6_addr: bytes },
                sin6_scope_id: 0,
            };
            (built, size_of::<libc::sockaddr_in6>() as libc::socklen_t)
        }
    }
}

/// Write where a message came from into a row of the address table; zeros when the kernel did not say.
pub fn fill_sender(sender: &mut [u8], name: &SocketAddress) {
    sender.fill(0);
    // SAFETY: the family is at the same place in all members, and the memory is initialized.
    let family = i32::from(unsafe { name.any.sa_family });
    if family == libc::AF_INET {
        // SAFETY: the kernel wrote a sockaddr_in.
        let name = unsafe { name.v4 };
        sender[..4].copy_from_slice(&name.sin_addr.s_addr.to_ne_bytes());
        sender[address::PORT..address::PORT + 2].copy_from_slice(&name.sin_port.to_ne_bytes());
        sender[address::FAMILY] = 4;
    } else if family == libc::AF_INET6 {
        // SAFETY: the kernel wrote a sockaddr_in6.
        let name = unsafe { name.v6 };
        sender[..16].copy_from_slice(&name.sin6_addr.s6_addr);
        sender[address::PORT..address::PORT + 2].copy_from_slice(&name.sin6_port.to_ne_bytes());
        sender[address::FAMILY] = 6;
    }
}
