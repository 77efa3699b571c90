//! utun devices of macOS: open, MTU, up and down, one packet in, one packet out (net/if_utun.h, sys/kern_control.h).
//!
//! Written after the headers and never run: no machine of the project has macOS. There are no offloads, and the kernel
//! names the devices utunN.

use std::io::IoSlice;
use std::mem::{size_of, zeroed};

use crate::descriptor::{self, Kind};
use crate::failure::{Failure, Outcome, check, last_errno};
use crate::offload::Offload;

/// Each packet has its address family in front, 4 bytes in network order.
const FAMILY_BYTES: usize = 4;
/// Most parts of one packet: whole packets only, there are no super-packets here.
const PARTS_MAX: usize = 8;

const UTUN_CONTROL: &[u8] = b"com.apple.net.utun_control";
const UTUN_OPT_IFNAME: i32 = 2;

// From net/if.h by sys/ioccom.h: _IOW and _IOWR of 'i' and a struct ifreq of 32 bytes.
const SIOCSIFFLAGS: libc::c_ulong = 0x8020_6910;
const SIOCGIFFLAGS: libc::c_ulong = 0xc020_6911;
const SIOCSIFMTU: libc::c_ulong = 0x8020_6934;

/// A device that was created.
#[derive(Debug)]
pub struct Tun {
    pub fd: i32,
    /// What the kernel called it.
    pub name: String,
    /// Always false here.
    pub vnet_header: bool,
    /// Always 0 here.
    pub offloads: u32,
}

/// Create a utun device that lives as long as its descriptor. `utunN` asks for unit N, any other name for a free one.
pub fn open(name: &str, _offload: bool) -> Outcome<Tun> {
    check_name(name)?;
    let doing = format!("creating utun device for {name}");
    // SAFETY: a plain system call.
    let fd = check(unsafe { libc::socket(libc::PF_SYSTEM, libc::SOCK_DGRAM, libc::SYSPROTO_CONTROL) }, &*doing)?;
    let opened = connect(fd, name, &doing).and_then(|()| set_flags(fd, &doing)).and_then(|()| given_name(fd, &doing));
    match opened {
        Ok(name) => {
            descriptor::remember(fd, Kind::Tun { vnet_header: false, udp_offload: false });
            Ok(Tun { fd, name, vnet_header: false, offloads: 0 })
        }
        Err(failure) => {
            // SAFETY: `fd` was opened above and nobody else knows it.
            unsafe { libc::close(fd) };
            Err(failure)
        }
    }
}

/// A device has one queue here: the other workers have none.
pub fn open_queues(name: &str, offload: bool, adopts: bool, _queues: u32) -> Outcome<Tun> {
    if adopts { adopt(name, offload) } else { open(name, offload) }
}

fn connect(fd: i32, name: &str, doing: &str) -> Outcome<()> {
    // SAFETY: ctl_info is plain data, all zeros is a value of it.
    let mut control: libc::ctl_info = unsafe { zeroed() };
    for (to, from) in control.ctl_name.iter_mut().zip(UTUN_CONTROL) {
        *to = *from as libc::c_char;
    }
    // SAFETY: CTLIOCGINFO reads and writes one ctl_info.
    check(unsafe { libc::ioctl(fd, libc::CTLIOCGINFO, &raw mut control) }, doing)?;
    // SAFETY: sockaddr_ctl is plain data, all zeros is a value of it.
    let mut address: libc::sockaddr_ctl = unsafe { zeroed() };
    address.sc_len = size_of::<libc::sockaddr_ctl>() as u8;
    address.sc_family = libc::AF_SYSTEM as u8;
    address.ss_sysaddr = libc::AF_SYS_CONTROL as u16;
    address.sc_id = control.ctl_id;
    // Unit 0 means any; utunN is unit N + 1.
    address.sc_unit = name.strip_prefix("utun").and_then(|unit| unit.parse::<u32>().ok()).map_or(0, |unit| unit + 1);
    let bytes = size_of::<libc::sockaddr_ctl>() as libc::socklen_t;
    // SAFETY: `address` is a socket address of `bytes` bytes.
    check(unsafe { libc::connect(fd, (&raw const address).cast(), bytes) }, doing).map(|_| ())
}

fn set_flags(fd: i32, doing: &str) -> Outcome<()> {
    // SAFETY: plain system calls.
    check(unsafe { libc::fcntl(fd, libc::F_SETFL, libc::O_NONBLOCK) }, doing)?;
    // SAFETY: as above.
    check(unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) }, doing).map(|_| ())
}

fn given_name(fd: i32, doing: &str) -> Outcome<String> {
    let mut name = [0u8; libc::IFNAMSIZ];
    let mut bytes = name.len() as libc::socklen_t;
    // SAFETY: `name` has room for `bytes` bytes.
    let result =
        unsafe { libc::getsockopt(fd, libc::SYSPROTO_CONTROL, UTUN_OPT_IFNAME, name.as_mut_ptr().cast(), &mut bytes) };
    check(result, doing)?;
    Ok(name.iter().take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect())
}

/// Set the MTU of an interface.
pub fn set_mtu(name: &str, mtu: i32) -> Outcome<()> {
    let mut request = interface_request(name)?;
    request.ifr_ifru.ifru_mtu = mtu;
    control(SIOCSIFMTU, &mut request, &format!("setting the MTU of {name} to {mtu}"))
}

/// Bring an interface up, or down; true when it was not so before.
pub fn set_up(name: &str, up: bool) -> Outcome<bool> {
    let mut request = interface_request(name)?;
    let doing = format!("bringing {name} {}", if up { "up" } else { "down" });
    control(SIOCGIFFLAGS, &mut request, &doing)?;
    // SAFETY: SIOCGIFFLAGS filled this member.
    let before = i32::from(unsafe { request.ifr_ifru.ifru_flags });
    let flags = if up { before | libc::IFF_UP } else { before & !libc::IFF_UP };
    if flags == before {
        return Ok(false);
    }
    request.ifr_ifru.ifru_flags = flags as libc::c_short;
    control(SIOCSIFFLAGS, &mut request, &doing).map(|()| true)
}

/// A utun device goes with its descriptor, always.
pub fn adopt(name: &str, _offload: bool) -> Outcome<Tun> {
    Err(Failure::new(libc::EOPNOTSUPP, format!("taking over {name}")))
}

/// As `adopt`.
pub fn set_persistent(_fd: i32, _persistent: bool) -> Outcome<()> {
    Err(Failure::new(libc::EOPNOTSUPP, "making a utun device persistent"))
}

fn control(operation: libc::c_ulong, request: &mut libc::ifreq, doing: &str) -> Outcome<()> {
    // SAFETY: a plain system call.
    let socket = check(unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM, 0) }, doing)?;
    // SAFETY: each operation we pass reads and writes one ifreq.
    let outcome = check(unsafe { libc::ioctl(socket, operation, std::ptr::from_mut(request)) }, doing);
    // SAFETY: `socket` was opened above.
    unsafe { libc::close(socket) };
    outcome.map(|_| ())
}

fn check_name(name: &str) -> Outcome<()> {
    let is_valid = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'%' | b':');
    if name.is_empty() || name.len() >= libc::IFNAMSIZ || !name.bytes().all(is_valid) {
        return Err(Failure::new(libc::EINVAL, format!("taking {name:?} for a device name")));
    }
    Ok(())
}

fn interface_request(name: &str) -> Outcome<libc::ifreq> {
    check_name(name)?;
    // SAFETY: ifreq is plain data, all zeros is a value of it.
    let mut request: libc::ifreq = unsafe { zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(name.bytes()) {
        *to = from as libc::c_char;
    }
    Ok(request)
}

/// Read one packet into `slot`. Gives its length.
/// # Errors
/// The errno; EAGAIN when there is none.
pub fn read_packet(fd: i32, _vnet_header: bool, slot: &mut [u8]) -> Result<(usize, Offload), i32> {
    let mut family = [0u8; FAMILY_BYTES];
    let parts = [
        libc::iovec { iov_base: family.as_mut_ptr().cast(), iov_len: FAMILY_BYTES },
        libc::iovec { iov_base: slot.as_mut_ptr().cast(), iov_len: slot.len() },
    ];
    // SAFETY: both parts are writable for their lengths and outlive the call.
    let bytes = unsafe { libc::readv(fd, parts.as_ptr(), 2) };
    let Ok(bytes) = usize::try_from(bytes) else { return Err(last_errno()) };
    Ok((bytes.saturating_sub(FAMILY_BYTES), Offload::default()))
}

/// Write one packet that is given in parts.
/// # Errors
/// The errno.
pub fn write_packet(fd: i32, _vnet_header: bool, _offload: &Offload, parts: &[IoSlice<'_>]) -> Result<(), i32> {
    let version = parts.first().and_then(|part| part.first()).map_or(0, |octet| octet >> 4);
    let family = (if version == 6 { libc::AF_INET6 } else { libc::AF_INET } as u32).to_be_bytes();
    if parts.len() > PARTS_MAX {
        return Err(libc::EINVAL);
    }
    let mut all = [IoSlice::new(&family); PARTS_MAX + 1];
    all[1..=parts.len()].copy_from_slice(parts);
    // SAFETY: an IoSlice has the layout of an iovec (guaranteed by std), and all parts are alive.
    let result = unsafe { libc::writev(fd, all.as_ptr().cast(), parts.len() as i32 + 1) };
    if result < 0 { Err(last_errno()) } else { Ok(()) }
}
