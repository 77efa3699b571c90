//! TUN devices of Linux: open, adopt, MTU, up and down, one packet in, one packet out (tun(4), netdevice(7)).

use std::ffi::CString;
use std::io::IoSlice;
use std::mem::zeroed;

use crate::coalesce::PACKETS_MAX;
use crate::descriptor::{self, Kind};
use crate::failure::{Failure, Outcome, check, last_errno};
use crate::offload::{HEADER_BYTES, Offload};
use crate::sibling;

/// Names of devices are shorter than this (IFNAMSIZ, the final zero included).
const NAME_MAX: usize = libc::IFNAMSIZ;
/// Most parts of one packet: a header and the payloads of a super-packet.
const PARTS_MAX: usize = PACKETS_MAX + 1;

// From linux/if_tun.h.
const TUN_F_CSUM: u32 = 0x01;
const TUN_F_TSO4: u32 = 0x02;
const TUN_F_TSO6: u32 = 0x04;
const TUN_F_USO4: u32 = 0x20;
const TUN_F_USO6: u32 = 0x40;
const IFF_TUN_EXCL: i32 = 0x8000;
// From linux/sockios.h and linux/ethtool.h.
const SIOCETHTOOL: libc::c_ulong = 0x8946;
const ETHTOOL_GLINK: u32 = 0xa;

/// What we ask for, best first; kernels before 6.2 refuse USO.
const OFFLOADS: [u32; 2] =
    [TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_USO4 | TUN_F_USO6, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6];

/// A device that was created.
#[derive(Debug)]
pub struct Tun {
    pub fd: i32,
    pub name: String,
    /// Whether packets carry a virtio-net header.
    pub vnet_header: bool,
    /// Bits of TUN_F_* that the kernel accepted; 0 for none.
    pub offloads: u32,
}

/// Create a TUN device that lives as long as its descriptor. `offload` asks for super-packets.
pub fn open(name: &str, offload: bool) -> Outcome<Tun> {
    open_with(name, offload, IFF_TUN_EXCL)
}

/// Take over a TUN device of this name that was made persistent and that no process holds, or create one. One that was
/// made with several queues is taken over with the first.
pub fn adopt(name: &str, offload: bool) -> Outcome<Tun> {
    open_with(name, offload, 0).or_else(|failure| match failure.errno {
        libc::EINVAL if has_holder(name) => Err(taken(name)),
        libc::EINVAL => open_with(name, offload, libc::IFF_MULTI_QUEUE).map_err(|_| failure),
        _ => Err(failure),
    })
}

/// As `open` or `adopt`, with a queue for each worker (IFF_MULTI_QUEUE): the kernel spreads flows over them. A device that
/// was made with one queue is taken over with that one.
pub fn open_queues(name: &str, offload: bool, adopts: bool, queues: u32) -> Outcome<Tun> {
    // Whoever has queues of a device, the kernel lets anybody have more.
    if adopts && has_holder(name) {
        return Err(taken(name));
    }
    let first_flags = libc::IFF_MULTI_QUEUE | if adopts { 0 } else { IFF_TUN_EXCL };
    let mut first = None;
    let opened = sibling::open_all(queues, |index| match index {
        0 => open_with(name, offload, first_flags).map(|tun| first.insert(tun).fd),
        // All queues have the header of the first, or none.
        _ => {
            open_with(name, first.as_ref().is_some_and(|tun| tun.vnet_header), libc::IFF_MULTI_QUEUE).map(|tun| tun.fd)
        }
    });
    match (opened, first) {
        (Ok(_), Some(tun)) => Ok(tun),
        (Err(failure), None) if adopts && failure.errno == libc::EINVAL => open_with(name, offload, 0),
        (Err(failure), _) => Err(failure),
        (Ok(fd), None) => Err(Failure::new(libc::EBADF, format!("creating TUN device {name} as {fd}"))),
    }
}

/// Whether a device outlives its descriptor (TUNSETPERSIST).
pub fn set_persistent(fd: i32, persistent: bool) -> Outcome<()> {
    // SAFETY: TUNSETPERSIST takes its argument by value.
    let result = unsafe { libc::ioctl(fd, libc::TUNSETPERSIST, libc::c_ulong::from(persistent)) };
    check(
        result,
        if persistent { "making a TUN device persistent" } else { "ending the persistence of a TUN device" },
    )?;
    Ok(())
}

fn open_with(name: &str, offload: bool, flags: i32) -> Outcome<Tun> {
    let mut request = interface_request(name)?;
    let path = c"/dev/net/tun";
    // SAFETY: the path ends in a zero.
    let fd = unsafe { libc::open(path.as_ptr(), libc::O_RDWR | libc::O_NONBLOCK | libc::O_CLOEXEC) };
    check(fd, "opening /dev/net/tun")?;
    let opened = attach(fd, &mut request, offload, flags).map(|vnet_header| {
        let offloads = if vnet_header { enable_offloads(fd) } else { 0 };
        Tun { fd, name: name.to_owned(), vnet_header, offloads }
    });
    match &opened {
        Ok(tun) => {
            let udp_offload = tun.offloads & TUN_F_USO4 != 0;
            descriptor::remember(fd, Kind::Tun { vnet_header: tun.vnet_header, udp_offload });
        }
        // SAFETY: `fd` was opened above and nobody else knows it.
        Err(_) => unsafe {
            libc::close(fd);
        },
    }
    opened
}

fn taken(name: &str) -> Failure {
    Failure::new(libc::EBUSY, format!("creating TUN device {name} (a device of this name exists)"))
}

/// Whether a process holds a device: then it has a carrier, which a device shows only while it is up.
fn has_holder(name: &str) -> bool {
    let doing = "asking for the carrier of a device";
    let Ok(mut request) = interface_request(name) else { return false };
    if set_up(name, true).is_err() {
        return false;
    }
    let mut link = EthtoolValue { command: ETHTOOL_GLINK, data: 0 };
    request.ifr_ifru.ifru_data = (&raw mut link).cast();
    control(SIOCETHTOOL, &mut request, doing).is_ok() && link.data != 0
}

/// struct ethtool_value.
#[repr(C)]
struct EthtoolValue {
    command: u32,
    data: u32,
}

/// TUNSETIFF; true when the device has a virtio-net header.
fn attach(fd: i32, request: &mut libc::ifreq, offload: bool, more_flags: i32) -> Outcome<bool> {
    let base = libc::IFF_TUN | libc::IFF_NO_PI | more_flags;
    let name = request_name(request);
    let wanted: &[bool] = if offload { &[true, false] } else { &[false] };
    for &vnet_header in wanted {
        let flags = if vnet_header { base | libc::IFF_VNET_HDR } else { base };
        request.ifr_ifru.ifru_flags = flags as i16;
        // SAFETY: TUNSETIFF reads and writes one ifreq.
        if unsafe { libc::ioctl(fd, libc::TUNSETIFF, std::ptr::from_mut(request)) } == 0 {
            return Ok(vnet_header);
        }
        // Only a kernel without IFF_VNET_HDR answers EINVAL to a name that does not exist.
        if last_errno() != libc::EINVAL {
            break;
        }
    }
    let doing = format!("creating TUN device {name}");
    Err(match last_errno() {
        // IFF_TUN_EXCL: whatever has this name, it is not ours. Without it: somebody holds the device.
        libc::EBUSY => Failure::new(libc::EBUSY, format!("{doing} (a device of this name exists)")),
        errno => Failure::new(errno, doing),
    })
}

/// The best set of offloads that the kernel takes; 0 when it takes none.
fn enable_offloads(fd: i32) -> u32 {
    for offloads in OFFLOADS {
        // SAFETY: TUNSETOFFLOAD takes its argument by value.
        if unsafe { libc::ioctl(fd, libc::TUNSETOFFLOAD, libc::c_ulong::from(offloads)) } == 0 {
            return offloads;
        }
    }
    0
}

/// Set the MTU of an interface.
pub fn set_mtu(name: &str, mtu: i32) -> Outcome<()> {
    let mut request = interface_request(name)?;
    request.ifr_ifru.ifru_mtu = mtu;
    control(libc::SIOCSIFMTU as libc::c_ulong, &mut request, &format!("setting the MTU of {name} to {mtu}"))
}

/// Bring an interface up, or down; true when it was not so before.
pub fn set_up(name: &str, up: bool) -> Outcome<bool> {
    let mut request = interface_request(name)?;
    let doing = format!("bringing {name} {}", if up { "up" } else { "down" });
    control(libc::SIOCGIFFLAGS as libc::c_ulong, &mut request, &doing)?;
    // SAFETY: SIOCGIFFLAGS filled this member.
    let before = i32::from(unsafe { request.ifr_ifru.ifru_flags });
    let flags = if up { before | libc::IFF_UP } else { before & !libc::IFF_UP };
    if flags == before {
        return Ok(false);
    }
    request.ifr_ifru.ifru_flags = flags as i16;
    control(libc::SIOCSIFFLAGS as libc::c_ulong, &mut request, &doing).map(|()| true)
}

fn control(operation: libc::c_ulong, request: &mut libc::ifreq, doing: &str) -> Outcome<()> {
    // SAFETY: a plain system call.
    let socket = unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0) };
    check(socket, doing)?;
    // SAFETY: each operation we pass reads and writes one ifreq.
    let result = unsafe { libc::ioctl(socket, operation as libc::Ioctl, std::ptr::from_mut(request)) };
    let outcome = check(result, doing);
    // SAFETY: `socket` was opened above.
    unsafe { libc::close(socket) };
    outcome.map(|_| ())
}

/// A request for a device name; EINVAL for a name that the kernel would refuse or expand.
fn interface_request(name: &str) -> Outcome<libc::ifreq> {
    let valid = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'%' | b':');
    let refused = || Failure::new(libc::EINVAL, format!("taking {name:?} for a device name"));
    if name.is_empty() || name.len() >= NAME_MAX || name == "." || name == ".." || !name.bytes().all(valid) {
        return Err(refused());
    }
    let bytes = CString::new(name).map_err(|_| refused())?;
    // SAFETY: ifreq is plain data, all zeros is a value of it.
    let mut request: libc::ifreq = unsafe { zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(bytes.as_bytes_with_nul()) {
        *to = *from as libc::c_char;
    }
    Ok(request)
}

fn request_name(request: &libc::ifreq) -> String {
    let bytes = request.ifr_name.iter().take_while(|byte| **byte != 0);
    bytes.map(|byte| char::from(*byte as u8)).collect()
}

/// Read one packet into `slot`. Gives its length and what the virtio-net header says.
/// # Errors
/// The errno; EAGAIN when there is none.
pub fn read_packet(fd: i32, vnet_header: bool, slot: &mut [u8]) -> Result<(usize, Offload), i32> {
    let mut header = [0u8; HEADER_BYTES];
    let header_bytes = if vnet_header { HEADER_BYTES } else { 0 };
    let parts = [
        libc::iovec { iov_base: header.as_mut_ptr().cast(), iov_len: header_bytes },
        libc::iovec { iov_base: slot.as_mut_ptr().cast(), iov_len: slot.len() },
    ];
    // SAFETY: both parts are writable for their lengths and outlive the call.
    let bytes = unsafe { libc::readv(fd, parts.as_ptr(), 2) };
    let Ok(bytes) = usize::try_from(bytes) else { return Err(last_errno()) };
    Ok((bytes.saturating_sub(header_bytes), if vnet_header { Offload::parse(&header) } else { Offload::default() }))
}

/// Write one packet that is given in parts.
/// # Errors
/// The errno.
pub fn write_packet(fd: i32, vnet_header: bool, offload: &Offload, parts: &[IoSlice<'_>]) -> Result<(), i32> {
    let header = offload.emit();
    let first = usize::from(!vnet_header);
    if parts.len() > PARTS_MAX {
        return Err(libc::EINVAL);
    }
    let mut all = [IoSlice::new(&header); PARTS_MAX + 1];
    all[1..=parts.len()].copy_from_slice(parts);
    let all = &all[first..=parts.len()];
    // SAFETY: an IoSlice has the layout of an iovec (guaranteed by std), and all parts are alive.
    let result = unsafe { libc::writev(fd, all.as_ptr().cast(), all.len() as i32) };
    if result < 0 { Err(last_errno()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_kernel_would_refuse_or_expand_are_einval() {
        for name in ["", "a234567890123456", "a/b", "tun%d", "a b", ".", "..", "a:1", "\u{e4}"] {
            assert_eq!(set_mtu(name, 1400).unwrap_err().errno, libc::EINVAL, "{name:?}");
        }
    }

    #[test]
    fn an_interface_that_is_not_there_fails_with_enodev() {
        let failure = set_up("culvertnone0", true).unwrap_err();
        assert_eq!((failure.errno, failure.doing.as_str()), (libc::ENODEV, "bringing culvertnone0 up"));
    }
}
