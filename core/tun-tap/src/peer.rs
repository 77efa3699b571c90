//! Who is at the other end of a Unix socket (unix(7), SO_PEERCRED; LOCAL_PEERCRED on macOS).

use std::mem::size_of;

use crate::failure::{Outcome, check};

/// Credentials of a peer process, as they were at connect time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    pub pid: i32,
    pub uid: u32,
    pub gid: u32,
}

/// Ask the kernel for the peer of a connected Unix socket.
#[cfg(target_os = "linux")]
pub fn credentials(fd: i32) -> Outcome<Peer> {
    let mut found = libc::ucred { pid: 0, uid: 0, gid: 0 };
    let mut bytes = size_of::<libc::ucred>() as libc::socklen_t;
    let (level, name) = (libc::SOL_SOCKET, libc::SO_PEERCRED);
    // SAFETY: `found` is a ucred of `bytes` bytes that the kernel may fill.
    let result = unsafe { libc::getsockopt(fd, level, name, (&raw mut found).cast(), &mut bytes) };
    check(result, format!("asking who is at the other end of descriptor {fd}"))?;
    Ok(Peer { pid: found.pid, uid: found.uid, gid: found.gid })
}

/// Ask the kernel for the peer of a connected Unix socket.
#[cfg(target_os = "macos")]
pub fn credentials(fd: i32) -> Outcome<Peer> {
    const SOL_LOCAL: i32 = 0;
    // SAFETY: xucred is plain data, all zeros is a value of it.
    let mut found: libc::xucred = unsafe { std::mem::zeroed() };
    let mut pid: libc::pid_t = 0;
    let mut bytes = size_of::<libc::xucred>() as libc::socklen_t;
    let doing = format!("asking who is at the other end of descriptor {fd}");
    // SAFETY: `found` is an xucred of `bytes` bytes that the kernel may fill.
    let result = unsafe { libc::getsockopt(fd, SOL_LOCAL, libc::LOCAL_PEERCRED, (&raw mut found).cast(), &mut bytes) };
    check(result, doing.clone())?;
    bytes = size_of::<libc::pid_t>() as libc::socklen_t;
    // SAFETY: `pid` is a pid_t of `bytes` bytes that the kernel may fill.
    let result = unsafe { libc::getsockopt(fd, SOL_LOCAL, libc::LOCAL_PEERPID, (&raw mut pid).cast(), &mut bytes) };
    check(result, doing)?;
    Ok(Peer { pid, uid: found.cr_uid, gid: found.cr_groups[0] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peer_of_a_socket_pair_is_this_process() {
        let (left, _right) = std::os::unix::net::UnixStream::pair().unwrap();
        let peer = credentials(std::os::fd::AsRawFd::as_raw_fd(&left)).unwrap();
        assert_eq!(peer.pid, std::process::id() as i32);
    }

    #[test]
    fn a_wrong_descriptor_fails_with_ebadf() {
        assert_eq!(credentials(-1).unwrap_err().errno, libc::EBADF);
    }
}
