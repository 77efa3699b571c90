//! What JavaScript sees. Thin on purpose: check what must be checked at the border, call, put failures into words.
//!
//! Every export catches panics: without that a panic ends the process. Arguments are plain slices, the cheapest shape
//! that crosses. Two arguments must not be views of the same bytes; where that would matter it is refused.

use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::descriptor::{self, Family};
use crate::failure::{Failure, Outcome};
use crate::transform::suite::Spec;
use crate::transform::{handle, open, seal, suite};
use crate::{
    memory, peer, ping, receive as receiving, rows, send as sending, sibling, socket, thread, tun, tun_batch, waiter,
};

/// A TUN device that was created.
#[napi(object)]
pub struct OpenedTun {
    /// Descriptor: the token of the device.
    pub fd: i32,
    /// Name of the interface.
    pub name: String,
    /// Whether the device hands over and takes super-packets.
    pub vnet_header: bool,
    /// TUN_F_* bits that the kernel accepted (linux/if_tun.h): 1 checksums, 2 and 4 TCP over IPv4 and IPv6, 32 and 64 UDP.
    pub offloads: u32,
}

/// A UDP socket and the port that it is bound to.
#[napi(object)]
pub struct OpenedUdp {
    /// Descriptor: the token of the socket.
    pub fd: i32,
    /// Port, in case 0 was asked for.
    pub port: u32,
}

/// Who is at the other end of a Unix socket, as of when it connected.
#[napi(object)]
pub struct PeerCredentials {
    pub pid: i32,
    pub uid: u32,
    pub gid: u32,
}

/// IANA IKEv2 transform ids that this package runs.
#[napi(object)]
pub struct TransformIds {
    /// Transform type 1.
    pub encryption: Vec<i32>,
    /// Transform type 3; 0 is "none".
    pub integrity: Vec<i32>,
}

/// Contract between this package and what loads it; rises whenever a row, an argument or an export changes. An addon
/// that was built from other sources is told by it when it is loaded (core/host/linux/native.ts).
const LAYOUT_VERSION: u32 = 11;

/// Which layout of rows, arguments and exports this package was built with.
#[napi(catch_unwind)]
pub fn layout_version() -> u32 {
    LAYOUT_VERSION
}

/// Create a TUN device without packet information, which lives as long as its descriptor. `offload` asks for
/// super-packets (IFF_VNET_HDR and TUNSETOFFLOAD); a kernel that does not have UDP or any segmentation is asked for less.
/// @param name 1 to 15 printable characters, no `/`, `%` or `:`
/// @throws {Error} code EBUSY: the name is taken by whatever interface; EPERM: no CAP_NET_ADMIN; ENOENT: no
/// /dev/net/tun; EINVAL: the name. `errno` has the number.
#[napi(catch_unwind)]
pub fn open_tun(env: &Env, name: String, offload: bool) -> Result<OpenedTun> {
    let opened = thrown(env, tun::open(&name, offload))?;
    Ok(OpenedTun { fd: opened.fd, name: opened.name, vnet_header: opened.vnet_header, offloads: opened.offloads })
}

/// Set the MTU of an interface, in bytes.
/// @throws {Error} code ENODEV: no such interface; EINVAL: the kernel does not take the value; EPERM.
#[napi(catch_unwind)]
pub fn set_mtu(env: &Env, name: String, mtu: i32) -> Result<()> {
    thrown(env, tun::set_mtu(&name, mtu))
}

/// Take over a TUN device that was made persistent and that no process holds any more, with its addresses and routes.
/// Otherwise as `openTun`: where there is no device of this name, it is created.
/// @throws {Error} as `openTun`; EBUSY: a process holds the device, EINVAL: a device of another kind has the name.
#[napi(catch_unwind)]
pub fn adopt_tun(env: &Env, name: String, offload: bool) -> Result<OpenedTun> {
    let opened = thrown(env, tun::adopt(&name, offload))?;
    Ok(OpenedTun { fd: opened.fd, name: opened.name, vnet_header: opened.vnet_header, offloads: opened.offloads })
}

/// As `openTun`, or `adoptTun` where `adopts`, with a queue for each of `queues` workers: the kernel spreads flows over
/// them, and `sibling` gives them. A device that was made with one queue is taken over with that one.
/// @throws {Error} as `openTun` or `adoptTun`.
#[napi(catch_unwind)]
pub fn open_tun_queues(env: &Env, name: String, offload: bool, adopts: bool, queues: u32) -> Result<OpenedTun> {
    let opened = thrown(env, tun::open_queues(&name, offload, adopts, queues))?;
    Ok(OpenedTun { fd: opened.fd, name: opened.name, vnet_header: opened.vnet_header, offloads: opened.offloads })
}

/// The descriptor of worker `index` that `openTunQueues`, `openEspShares` or `openUdpShares` opened with `fd`, which is that
/// of worker 0; -1 where there are fewer.
#[napi(catch_unwind)]
pub fn sibling(fd: i32, index: u32) -> i32 {
    sibling::find(fd, index).unwrap_or(-1)
}

/// Whether a TUN device outlives its descriptor: then it stays when the process ends, with addresses and routes, and
/// drops what is routed into it until `adoptTun` takes it over.
/// @throws {Error} code EBADF, EBADFD: no TUN device; EOPNOTSUPP: not on this system.
#[napi(catch_unwind)]
pub fn set_persistent(env: &Env, fd: i32, persistent: bool) -> Result<()> {
    thrown(env, tun::set_persistent(fd, persistent))
}

/// Bring an interface up or down; true when it was not so before.
/// @throws {Error} code ENODEV: no such interface; EPERM.
#[napi(catch_unwind)]
pub fn set_up(env: &Env, name: String, up: bool) -> Result<bool> {
    thrown(env, tun::set_up(&name, up))
}

/// Close a descriptor that `openTun`, `openEspSocket` or `openUdpSocket` gave, and its siblings. Remove it from its waiter
/// first.
/// @throws {Error} code EBADF: it is none of those, or closed already.
#[napi(catch_unwind)]
pub fn close_descriptor(env: &Env, fd: i32) -> Result<()> {
    thrown(env, descriptor::close(fd))
}

/// Close many at once, which for TUN devices takes a fraction of the time. Gives what became of each: 0, or a negative
/// errno.
#[napi(catch_unwind)]
pub fn close_descriptors(fds: Vec<i32>) -> Vec<i32> {
    descriptor::close_many(&fds)
}

/// Open a raw socket of IP protocol 50 (ESP) on a local address, which need not exist yet. TTL 64, DF clear; the kernel
/// fragments. Each such socket of a network namespace gets a copy of every ESP packet to its address.
/// @param family 4 or 6
/// @param local 4 or 16 bytes, network order
/// @throws {Error} code EPERM: no CAP_NET_RAW; EINVAL: family or address length.
#[napi(catch_unwind)]
pub fn open_esp_socket(env: &Env, family: u32, local: &[u8]) -> Result<i32> {
    thrown(env, family_of(family).and_then(|family| socket::open_esp(family, local)))
}

/// As `openEspSocket`, one socket for each of `count` workers: each takes the packets whose SPI is its number modulo `count`.
/// @throws {Error} as `openEspSocket`.
#[napi(catch_unwind)]
pub fn open_esp_shares(env: &Env, family: u32, local: &[u8], count: u32) -> Result<i32> {
    thrown(env, family_of(family).and_then(|family| socket::open_esp_shares(family, local, count)))
}

/// Open a raw socket that receives ICMP or ICMPv6 errors for a local address, which need not exist yet. Over IPv4 a
/// message has its IP header in front.
/// @param family 4 or 6
/// @param local 4 or 16 bytes, network order
/// @throws {Error} code EPERM: no CAP_NET_RAW; EINVAL: family or address length.
#[napi(catch_unwind)]
pub fn open_icmp_socket(env: &Env, family: u32, local: &[u8]) -> Result<i32> {
    thrown(env, family_of(family).and_then(|family| socket::open_icmp(family, local)))
}

/// Open a UDP socket for ESP in UDP (RFC 3948) on a local address, which need not exist yet, with receive offload.
/// TTL 64, DF clear; checksums as the kernel makes them.
/// @param family 4 or 6
/// @param local 4 or 16 bytes, network order
/// @param port 0 for any
/// @throws {Error} code EADDRINUSE: the port is taken; EACCES: no CAP_NET_BIND_SERVICE; EINVAL: family, address length
/// or port.
#[napi(catch_unwind)]
pub fn open_udp_socket(env: &Env, family: u32, local: &[u8], port: u32) -> Result<OpenedUdp> {
    let opened = family_of(family).and_then(|family| socket::open_udp(family, local, port_of(port)?));
    let (fd, port) = thrown(env, opened)?;
    Ok(OpenedUdp { fd, port: u32::from(port) })
}

/// As `openUdpSocket`, one socket for each of `count` workers: the kernel gives each the datagrams of other senders.
/// @throws {Error} as `openUdpSocket`; where `count` is more than 1, another program of this user may share the port.
#[napi(catch_unwind)]
pub fn open_udp_shares(env: &Env, family: u32, local: &[u8], port: u32, count: u32) -> Result<OpenedUdp> {
    let opened = family_of(family).and_then(|family| socket::open_udp_shares(family, local, port_of(port)?, count));
    let (fd, port) = thrown(env, opened)?;
    Ok(OpenedUdp { fd, port: u32::from(port) })
}

/// Create a waiter over many descriptors. The number is good in every thread.
#[napi(catch_unwind)]
pub fn create_waiter(env: &Env) -> Result<i32> {
    thrown(env, waiter::create())
}

/// Watch a descriptor for something to read, level-triggered; errors count as something to read.
/// @param token 0 or more: what `wait` reports for it
/// @throws {Error} code EBADF: no such waiter or descriptor; EEXIST: it is there already; EINVAL: the token.
#[napi(catch_unwind)]
pub fn add_to_waiter(env: &Env, waiter: i32, fd: i32, token: i32) -> Result<()> {
    thrown(env, waiter::add(waiter, fd, token))
}

/// Watch a descriptor no more. Call it before closing the descriptor.
/// @throws {Error} code EBADF: no such waiter or descriptor; ENOENT: it is not there.
#[napi(catch_unwind)]
pub fn remove_from_waiter(env: &Env, waiter: i32, fd: i32) -> Result<()> {
    thrown(env, waiter::remove(waiter, fd))
}

/// Block this thread until a descriptor is readable, `wake` is called, or the time is over. Fills `tokens` and returns
/// how many: 0 after a time-out or a signal, -1 among them for a wake-up.
/// @param timeoutMs -1: no limit
/// @param tokens room for 1 or more; at most 64 are reported at a time
/// @throws {Error} code EBADF: no such waiter; EINVAL: no room.
#[napi(catch_unwind)]
pub fn wait(env: &Env, waiter: i32, timeout_ms: i32, mut tokens: Int32ArraySlice) -> Result<u32> {
    thrown(env, waiter::wait(waiter, timeout_ms, columns(&mut tokens))).map(|count| count as u32)
}

/// End the current wait, or the next one when there is none. From any thread.
/// @throws {Error} code EBADF: no such waiter.
#[napi(catch_unwind)]
pub fn wake(env: &Env, waiter: i32) -> Result<()> {
    thrown(env, waiter::wake(waiter))
}

/// Close a waiter; a wait that runs on it ends first. The watched descriptors stay open.
/// @throws {Error} code EBADF: no such waiter.
#[napi(catch_unwind)]
pub fn close_waiter(env: &Env, waiter: i32) -> Result<()> {
    thrown(env, waiter::close(waiter))
}

/// Read what is there from a TUN device, without waiting, packed into `arena` from its start; only while 64 KiB are left.
/// @param rows filled: `TunReadRow` of core/datapath/ports.ts
/// @returns rows filled, or a negative errno (-EBADF: no TUN device of this package)
#[napi(catch_unwind)]
pub fn read_tun(fd: i32, mut arena: Uint8ArraySlice, mut rows: Int32ArraySlice, max_packets: u32) -> i32 {
    tun_batch::read(fd, bytes(&mut arena), columns(&mut rows), max_packets as usize)
}

/// Write packets to TUN devices, in order per flow. Consecutive TCP segments, and UDP datagrams of one size, of a flow
/// become super-packets where the device takes them; only packets with good checksums do.
/// @param rows `TunWriteRow` of core/datapath/ports.ts; column `result` is filled
/// @throws {Error} code EINVAL: `count` rows do not fit `rows`.
#[napi(catch_unwind)]
pub fn write_tun(env: &Env, mut rows: Int32ArraySlice, count: u32, arena: &[u8]) -> Result<()> {
    thrown(env, tun_batch::write(columns(&mut rows), count as usize, arena))
}

/// Receive what is there from a socket, without waiting. Message n is at n * 65536 in `arena`, its sender is entry n of
/// `senders`; at most 64 at a time.
/// @param rows filled: `ReceiveRow` of core/datapath/ports.ts
/// @param senders filled: `AddressEntry` of core/datapath/ports.ts
/// @returns messages, or a negative errno (-EBADF: no socket of this package)
#[napi(catch_unwind)]
pub fn receive(
    fd: i32,
    mut arena: Uint8ArraySlice,
    mut rows: Int32ArraySlice,
    mut senders: Uint8ArraySlice,
    max_messages: u32,
) -> i32 {
    receiving::receive(fd, bytes(&mut arena), columns(&mut rows), bytes(&mut senders), max_messages as usize)
}

/// Send runs of datagrams; neighbours of one destination, TOS, TTL and size, back to back in `arena`, leave together.
/// Waits at most 50 ms for buffer space, once a call.
/// @param rows `SendRow` of core/datapath/ports.ts; column `result` is filled
/// @param addresses `AddressEntry` of core/datapath/ports.ts
/// @throws {Error} code EINVAL: `count` rows do not fit `rows`.
#[napi(catch_unwind)]
pub fn send(env: &Env, mut rows: Int32ArraySlice, count: u32, arena: &[u8], addresses: &[u8]) -> Result<()> {
    thrown(env, sending::send(columns(&mut rows), count as usize, arena, addresses))
}

/// MTU of the route from a socket's address to an entry of an address table, in bytes, as the system knows it now,
/// without what ICMP told it. Some system calls; not for every packet.
/// @param addresses `AddressEntry` of core/datapath/ports.ts
/// @param address index of the entry
/// @returns the MTU, or a negative errno (-EBADF: no socket of this package; -ENETUNREACH: no route; -EINVAL: no entry)
#[napi(catch_unwind)]
pub fn path_mtu(fd: i32, addresses: &[u8], address: u32) -> i32 {
    sending::path_mtu(fd, addresses, address as usize)
}

/// Copy the keys of a suite into a transform. The handle is good in every thread and is never used twice.
/// @param encryptionId IANA IKEv2 transform id of type 1
/// @param integrityId IANA IKEv2 transform id of type 3; 0 for none
/// @param padding 0: 1, 2, 3 …; 1: zeros; 2: random
/// @throws {Error} code EOPNOTSUPP: an id that does not run here, or a pair that does not go together; EINVAL: a key,
/// salt or integrity key of the wrong length, or `padding`; ENOSPC: too many transforms.
#[napi(catch_unwind)]
pub fn create_transform(
    env: &Env,
    encryption_id: i32,
    integrity_id: i32,
    key: &[u8],
    salt: &[u8],
    integrity_key: &[u8],
    padding: i32,
) -> Result<i32> {
    let spec = Spec { encryption_id, integrity_id, key, salt, integrity_key, padding };
    thrown(env, suite::build(&spec).and_then(handle::create))
}

/// Wipe a transform, after the batches that run on it. A handle that is gone already is left alone.
#[napi(catch_unwind)]
pub fn free_transform(handle: i32) {
    handle::free(handle);
}

/// Run seal jobs from `source` to `destination`, packed back to back from its start; a job that fails takes no room.
/// `source` is written to for the time of the call and is as before afterwards: no other thread may use it meanwhile.
/// @param rows `SealRow` of core/crypto/transform.ts; the out columns are filled
/// @throws {Error} code EINVAL: `count` rows do not fit `rows`, or source and destination overlap.
#[napi(catch_unwind)]
pub fn seal_batch(
    env: &Env,
    mut rows: Int32ArraySlice,
    count: u32,
    mut source: Uint8ArraySlice,
    mut destination: Uint8ArraySlice,
) -> Result<()> {
    if rows::overlaps(&source, &destination) {
        return thrown(env, Err(Failure::new(libc::EINVAL, "sealing from an arena into itself")));
    }
    thrown(env, seal::seal_batch(columns(&mut rows), count as usize, bytes(&mut source), bytes(&mut destination)))
}

/// Run open jobs in place. The bytes of a job that fails are undefined and must not be passed on.
/// @param rows `OpenRow` of core/crypto/transform.ts; the out columns are filled
/// @throws {Error} code EINVAL: `count` rows do not fit `rows`.
#[napi(catch_unwind)]
pub fn open_batch(env: &Env, mut rows: Int32ArraySlice, count: u32, mut arena: Uint8ArraySlice) -> Result<()> {
    thrown(env, open::open_batch(columns(&mut rows), count as usize, bytes(&mut arena)))
}

/// Which transforms run here.
#[napi(catch_unwind)]
pub fn transform_ids() -> TransformIds {
    let (encryption, integrity) = suite::ids();
    TransformIds { encryption, integrity }
}

/// Ask the kernel who is at the other end of a connected Unix socket.
/// @throws {Error} code EBADF, ENOTSOCK or EOPNOTSUPP: it is no such socket.
#[napi(catch_unwind)]
pub fn peer_credentials(env: &Env, fd: i32) -> Result<PeerCredentials> {
    let peer = thrown(env, peer::credentials(fd))?;
    Ok(PeerCredentials { pid: peer.pid, uid: peer.uid, gid: peer.gid })
}

/// Give back memory that the process has touched and does not use: what is free in the allocator's arenas, and pages of the
/// program's own file, which come back from the page cache when they are used. Takes some milliseconds.
/// @returns bytes of the file that were resident; 0 where the system does not say
#[napi(catch_unwind)]
pub fn trim_memory() -> f64 {
    memory::trim() as f64
}

/// What the calling thread has had of the processors: milliseconds that it ran, milliseconds that it could have run while
/// others did, and how often it was given one. Empty where the system does not keep it.
#[napi(catch_unwind)]
pub fn thread_times() -> Vec<f64> {
    thread::times().map_or_else(Vec::new, |times| vec![times.ran, times.waited, times.turns])
}

/// Have the calling thread interrupt nobody when it wakes (SCHED_BATCH of sched(7)), or as usual.
/// @returns false when it is left as it is: somebody has chosen another policy, or the system has none (macOS)
/// @throws {Error} code EPERM: the thread may not
#[napi(catch_unwind)]
pub fn set_batch_thread(env: &Env, is_batch: bool) -> Result<bool> {
    thrown(env, thread::set_batch(is_batch))
}

/// A ping that runs on a thread of the pool.
pub struct Ping(Outcome<ping::Echo>);

impl Task for Ping {
    type Output = Outcome<Option<u32>>;
    type JsValue = i32;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(match &self.0 {
            Ok(echo) => ping::ping(echo),
            Err(failure) => Err(Failure::new(failure.errno, failure.doing.clone())),
        })
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> Result<i32> {
        Ok(match output {
            Ok(Some(microseconds)) => i32::try_from(microseconds).unwrap_or(i32::MAX),
            Ok(None) => -libc::ETIMEDOUT,
            Err(failure) => -failure.errno,
        })
    }
}

/// Send one ICMP or ICMPv6 echo request by a device, unfragmented, and wait for the answer that comes back by it, on a
/// thread of the pool. Gives microseconds, or a negative errno (-ETIMEDOUT: no answer; -ENODEV: no such device;
/// -EMSGSIZE: larger than its MTU; -EPERM: no CAP_NET_RAW; -EINVAL: family or address length).
/// @param family 4 or 6
/// @param source 4 or 16 bytes, network order
/// @param destination 4 or 16 bytes, network order
/// @param payloadBytes bytes behind the ICMP header
#[napi(catch_unwind, ts_return_type = "Promise<number>")]
pub fn ping(
    device: String,
    family: u32,
    source: &[u8],
    destination: &[u8],
    payload_bytes: u32,
    timeout_ms: u32,
) -> AsyncTask<Ping> {
    let echo = family_of(family).and_then(|family| {
        let wanted = if family == Family::V4 { 4 } else { 16 };
        if source.len() != wanted || destination.len() != wanted {
            return Err(Failure::new(libc::EINVAL, "sending a ping to an address of another length"));
        }
        let timeout = std::time::Duration::from_millis(u64::from(timeout_ms));
        let (source, destination) = (source.to_vec(), destination.to_vec());
        Ok(ping::Echo { device, family, source, destination, payload_bytes: payload_bytes as usize, timeout })
    });
    AsyncTask::new(Ping(echo))
}

/// The caller's bytes, to write to.
fn bytes<'a>(array: &'a mut Uint8ArraySlice<'_>) -> &'a mut [u8] {
    // SAFETY: JavaScript of this thread stands still during the call, and the ports' contract gives each arena to one
    // thread at a time.
    unsafe { array.as_mut() }
}

/// The caller's rows, to write to.
fn columns<'a>(array: &'a mut Int32ArraySlice<'_>) -> &'a mut [i32] {
    // SAFETY: as for `bytes`.
    unsafe { array.as_mut() }
}

fn family_of(family: u32) -> Outcome<Family> {
    match family {
        4 => Ok(Family::V4),
        6 => Ok(Family::V6),
        other => Err(Failure::new(libc::EINVAL, format!("taking {other} for an IP version"))),
    }
}

fn port_of(port: u32) -> Outcome<u16> {
    u16::try_from(port).map_err(|_| Failure::new(libc::EINVAL, format!("opening UDP port {port}")))
}

/// A failure as a JavaScript error: `code` is the errno's name, `errno` its number.
fn thrown<T>(env: &Env, outcome: Outcome<T>) -> Result<T> {
    outcome.map_err(|failure| {
        let built = env.create_error(Error::new(Status::GenericFailure, failure.message())).and_then(|mut error| {
            error.set_named_property("code", failure.code())?;
            error.set_named_property("errno", failure.errno)?;
            Ok(Error::from(error.to_unknown()))
        });
        built.unwrap_or_else(|error| error)
    })
}
