/**
 * The catalogue of errors: code → what helps, whether trying again can, and the errno that NetBSD has for it.
 * `docs/errors.md` is compared with this table both ways by a test. Codes are `AREA_WHAT`.
 * @module
 */
import type { Errno } from './errno.ts';

/** One row of the catalogue. */
export type ErrorRow = {
  /** What the user can do, as one sentence. */
  readonly hint: string;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** The errno that the same refusal has on NetBSD. */
  readonly errno?: Errno;
};

/** Every error that Culvert answers with. */
export const errorCatalog = {
  // base and API
  INTERNAL: { hint: 'This is a bug in Culvert: please report it with the log of culvertd.', retryable: false },
  API_UNKNOWN_METHOD: { hint: 'Update the older side: helper and client differ in version.', retryable: false },
  API_BAD_PARAMS: { hint: 'Correct the field that the message names.', retryable: false, errno: 'EINVAL' },
  API_DENIED: {
    hint: 'Run the command as root or as the operator that culvertd was started with (--operator).',
    retryable: false,
    errno: 'EPERM',
  },
  API_MESSAGE_TOO_LONG: { hint: 'Split the input into smaller files.', retryable: false, errno: 'EMSGSIZE' },
  // addresses
  ADDRESS_SYNTAX: {
    hint: 'Write an IPv4 address (192.0.2.1) or an IPv6 address (2001:db8::1).',
    retryable: false,
    errno: 'EINVAL',
  },
  ADDRESS_NAME: {
    hint: 'Write the address (getent ahosts NAME tells it), or save the tunnel as a profile, whose peer may be a name.',
    retryable: false,
    errno: 'EINVAL',
  },
  ADDRESS_FAMILY_MIXED: { hint: 'Give both addresses as IPv4 or both as IPv6.', retryable: false, errno: 'EINVAL' },
  ADDRESS_UNUSABLE: { hint: 'Use the unicast address of a host.', retryable: false, errno: 'EADDRNOTAVAIL' },
  ADDRESS_NOT_FOUND: { hint: 'List the addresses with: culvert ifconfig.', retryable: false, errno: 'EADDRNOTAVAIL' },
  ADDRESS_EXISTS: { hint: 'Remove the address from where it is first.', retryable: false, errno: 'EEXIST' },
  PREFIX_SYNTAX: {
    hint: 'Write the prefix as ADDRESS/LENGTH, 0 to 32 for IPv4 and 0 to 128 for IPv6.',
    retryable: false,
    errno: 'EINVAL',
  },
  PORT_RANGE: { hint: 'Use a UDP port from 1 to 65535; NAT-T uses 4500.', retryable: false, errno: 'EINVAL' },
  PORT_IKE: {
    hint: 'Use UDP port 4500, or another one: on port 500 IKE messages have no marker that tells them from ESP.',
    retryable: false,
    errno: 'EINVAL',
  },
  WINDOW_PORT: {
    hint: 'Give --port a free TCP port from 1 to 65535, or leave it out: a free one is taken.',
    retryable: false,
    errno: 'EINVAL',
  },
  // interfaces
  INTERFACE_NAME: {
    hint: 'Interfaces are called ipsec0, ipsec1 and so on, up to ipsec999999999.',
    retryable: false,
    errno: 'EINVAL',
  },
  INTERFACE_EXISTS: { hint: 'Take another unit, or destroy this one first.', retryable: false, errno: 'EEXIST' },
  INTERFACE_NOT_FOUND: { hint: 'Create it first: culvert ifconfig ipsecN create.', retryable: false, errno: 'ENXIO' },
  INTERFACE_LIMIT: { hint: 'Destroy interfaces that are no longer needed.', retryable: false, errno: 'ENOSPC' },
  INTERFACE_MTU: { hint: 'Choose an MTU from 1280 to 8192.', retryable: false, errno: 'EINVAL' },
  TUNNEL_ROUTE_LOOP: {
    hint: 'Choose inner addresses and prefixes that do not hold the outer address of the peer.',
    retryable: false,
    errno: 'ENETUNREACH',
  },
  INTERFACE_OPTION: { hint: 'Give a value from the range that the message names.', retryable: false, errno: 'EINVAL' },
  TUNNEL_PAIR_IN_USE: {
    hint: 'Use another pair, or set link0 (NAT-T) and give ports on one of the two interfaces.',
    retryable: false,
    errno: 'EADDRNOTAVAIL',
  },
  TUNNEL_PORT_WITHOUT_NAT_T: { hint: 'Set link0 first, then give the ports.', retryable: false, errno: 'EINVAL' },
  TUNNEL_NOT_CONFIGURED: {
    hint: 'Set the outer addresses first: culvert ifconfig ipsecN tunnel LOCAL PEER.',
    retryable: false,
    errno: 'EADDRNOTAVAIL',
  },
  // policies
  POLICY_EXISTS: {
    hint: 'Remove the policy with the same selector first (setkey -DP lists them).',
    retryable: false,
    errno: 'EEXIST',
  },
  POLICY_NOT_FOUND: { hint: 'List the policies with: culvert setkey -DP.', retryable: false, errno: 'EINVAL' },
  POLICY_KERNEL_ORIGIN: {
    hint: 'The interface owns this policy: change or destroy the interface instead.',
    retryable: false,
    errno: 'EINVAL',
  },
  POLICY_UNSUPPORTED: {
    hint: 'Culvert protects traffic by ipsecN interfaces with ESP; see docs/conformance.md.',
    retryable: false,
    errno: 'EINVAL',
  },
  // associations
  SPI_RESERVED: { hint: 'Use an SPI of 256 (0x100) or more.', retryable: false, errno: 'EINVAL' },
  SPI_RANGE: { hint: 'Use a 32-bit number from 256 to 4294967295.', retryable: false, errno: 'EINVAL' },
  SPI_EXHAUSTED: { hint: 'Ask for a wider range of SPIs.', retryable: true, errno: 'EINVAL' },
  SA_EXISTS: { hint: 'Take another SPI, or delete the association first.', retryable: false, errno: 'EEXIST' },
  SA_NOT_FOUND: { hint: 'List the associations with: culvert setkey -D.', retryable: false, errno: 'ENOENT' },
  SA_LARVAL_OWNER: {
    hint: 'Let the process that asked for the SPI make the association, or wait 30 seconds until the SPI is free.',
    retryable: false,
    errno: 'EINVAL',
  },
  SA_LIMIT: { hint: 'Delete associations that are no longer needed.', retryable: false, errno: 'ENOBUFS' },
  SA_LIFETIME: {
    hint: 'Give hard and soft lifetime together, soft not above hard.',
    retryable: false,
    errno: 'EINVAL',
  },
  SA_REPLAY_WINDOW: {
    hint: 'Use a replay window (-r) from 0 to 255; it counts in groups of 8 packets.',
    retryable: false,
    errno: 'EINVAL',
  },
  SA_FRAGMENT_SIZE: {
    hint: 'Leave -esp_frag out, or give a size that holds an outer IP header and 68 bytes: 88 over IPv4, 108 over IPv6.',
    retryable: false,
    errno: 'EINVAL',
  },
  SA_UNSUPPORTED: {
    hint: 'Culvert speaks ESP, plain or in UDP; see docs/conformance.md.',
    retryable: false,
    errno: 'EINVAL',
  },
  // algorithms
  ALGORITHM_UNKNOWN: {
    hint: 'docs/conformance.md lists the algorithms and their names.',
    retryable: false,
    errno: 'EINVAL',
  },
  ALGORITHM_REFUSED: {
    hint: 'Use aes-cbc with hmac-sha256, or aes-gcm-16; docs/conformance.md says what culvertd --allow-weak accepts.',
    retryable: false,
    errno: 'EINVAL',
  },
  ALGORITHM_MISSING: {
    hint: 'ESP needs an encryption algorithm (-E); -E null with -A authenticates only.',
    retryable: false,
    errno: 'EINVAL',
  },
  ALGORITHM_INTEGRITY: {
    hint: 'Use aes-cbc with -A hmac-sha256 KEY, or aes-gcm-16 without -A; culvertd --allow-weak accepts ciphers without -A.',
    retryable: false,
    errno: 'EINVAL',
  },
  KEY_LENGTH: {
    hint: 'Give exactly the number of key bytes that the message names.',
    retryable: false,
    errno: 'EINVAL',
  },
  // profiles
  PROFILE_INVALID: { hint: 'Correct the field that the message names.', retryable: false, errno: 'EINVAL' },
  PROFILE_NEWER: { hint: 'Update Culvert; the profile stays as it is until then.', retryable: false },
  PROFILE_NOT_FOUND: { hint: 'List the profiles with: culvert profile list.', retryable: false, errno: 'ENOENT' },
  PROFILE_EXISTS: { hint: 'Choose another name, or edit or delete that profile.', retryable: false, errno: 'EEXIST' },
  PROFILE_LIMIT: { hint: 'Delete profiles that are no longer needed.', retryable: false, errno: 'ENOSPC' },
  PROFILE_CHANGED: { hint: 'Read the profile again, and repeat the change on it.', retryable: false },
  PROFILE_ACTIVE: { hint: 'Take the tunnel down first: culvert down NAME.', retryable: false, errno: 'EBUSY' },
  PROFILE_STOPPED: { hint: 'It was taken down meanwhile: bring it up again if that was not meant.', retryable: false },
  PROFILE_LOST: { hint: 'Make it anew: culvert up NAME; or end it: culvert down NAME.', retryable: false },
  PROFILE_UNRESOLVED: {
    hint: 'Check the network, the name and the name server, or give an IP address instead.',
    retryable: true,
    errno: 'EADDRNOTAVAIL',
  },
  // setkey
  SETKEY_SYNTAX: { hint: 'Statements end in a semicolon; culvert setkey --help shows the forms.', retryable: false },
  // command line
  IFCONFIG_WORD: { hint: 'culvert ifconfig --help lists the words.', retryable: false },
  IFCONFIG_SHELL: {
    hint: 'Put routes into culvert route, keys into culvert setkey, and run what is left yourself.',
    retryable: false,
    errno: 'EOPNOTSUPP',
  },
  IFCONFIG_TEXT: {
    hint: 'A text is for one interface (culvert ifconfig ipsecN -f FILE), or each line names its own: ifconfig ipsecN ….',
    retryable: false,
    errno: 'EINVAL',
  },
  PLAN_FORMAT: {
    hint: 'Give setkey text, ifconfig.ipsecN or a profile; culvert import reads what other systems have.',
    retryable: false,
  },
  PLAN_USAGE: { hint: 'culvert plan --help and culvert apply --help show how they are used.', retryable: false },
  PLAN_HELD: { hint: 'Take the profile down first: culvert down NAME.', retryable: false, errno: 'EBUSY' },
  PLAN_PENDING: {
    hint: 'Keep the change with culvert confirm, or take it back with culvert confirm --revert.',
    retryable: true,
    errno: 'EBUSY',
  },
  PLAN_NOT_PENDING: {
    hint: 'Nothing waits to be confirmed: see culvert confirm --status.',
    retryable: false,
    errno: 'ENOENT',
  },
  IMPORT_FORMAT: { hint: 'culvert import --help lists the formats.', retryable: false, errno: 'EINVAL' },
  IMPORT_TOKEN: { hint: 'Import the file again, and create what came of it within ten minutes.', retryable: false },
  EXPORT_UNSUPPORTED: {
    hint: 'Choose another format, or change in the profile what the message names.',
    retryable: false,
    errno: 'EOPNOTSUPP',
  },
  PROFILE_USAGE: { hint: 'culvert profile --help shows how it is used.', retryable: false },
  ROUTE_USAGE: { hint: 'culvert route --help shows the forms.', retryable: false, errno: 'EINVAL' },
  ROUTE_EXISTS: { hint: 'Change it with culvert route change, or delete it first.', retryable: false, errno: 'EEXIST' },
  ROUTE_NOT_FOUND: { hint: 'culvert route show lists the routes.', retryable: false, errno: 'ESRCH' },
  ROUTE_GATEWAY: {
    hint: 'Name an inner address of an ipsec interface, the peer of one, or -interface ipsecN.',
    retryable: false,
    errno: 'ENETUNREACH',
  },
  ROUTE_FOREIGN: {
    hint: 'Only routes through ipsec interfaces, and those that lead nowhere, are changed here; take the tool of your system.',
    retryable: false,
    errno: 'EPERM',
  },
  SYSCTL_NAME: { hint: 'culvert sysctl lists the names.', retryable: false, errno: 'ENOENT' },
  SETKEY_USAGE: { hint: 'culvert setkey --help lists the flags.', retryable: false },
  DECRYPT_USAGE: { hint: 'culvert decrypt --help shows how it is used.', retryable: false },
  CAPTURE_FORMAT: {
    hint: 'Give a pcap or pcapng file, as tcpdump -w and Wireshark write them; what came before that place was read.',
    retryable: false,
  },
  CAPTURE_TRUNCATED: {
    hint: 'The capture was cut short or is still being written; what came before that place was read.',
    retryable: true,
  },
  CAPTURE_LINK_TYPE: {
    hint: 'Capture Ethernet, raw IP, Linux cooked or BSD loopback; docs/conformance.md lists the link types.',
    retryable: false,
  },
  FILE_UNWRITABLE: { hint: 'Check the directory of the file and the space on its disk.', retryable: false },
  FILE_UNREADABLE: { hint: 'Check the name of the file and who may read it.', retryable: false },
  // host
  HOST_NO_TUN: {
    hint: 'Load the tun module (modprobe tun), or give the container /dev/net/tun.',
    retryable: false,
    errno: 'ENODEV',
  },
  HOST_DENIED: {
    hint: 'Run culvertd as root, or give it CAP_NET_ADMIN and CAP_NET_RAW.',
    retryable: false,
    errno: 'EPERM',
  },
  HOST_NAME_TAKEN: {
    hint: 'Another program owns a device of this name: take another unit.',
    retryable: false,
    errno: 'EBUSY',
  },
  HOST_FAILED: { hint: 'The message says what the operating system refused.', retryable: true },
  HOST_NO_NATIVE: {
    hint: 'Install cargo (https://rustup.rs) and run npm run build, which builds the tun-tap package anew.',
    retryable: false,
  },
  HELPER_UNREACHABLE: {
    hint: 'Start culvertd, restart one that is there and silent, or give the socket with --socket PATH.',
    retryable: true,
    errno: 'ECONNREFUSED',
  },
  HELPER_DENIED: {
    hint: 'Run the command as root, or let this user into the directory of the socket.',
    retryable: false,
    errno: 'EACCES',
  },
  HELPER_SOCKET_BUSY: {
    hint: 'Another culvertd answers there: stop it, or choose another --socket PATH.',
    retryable: false,
    errno: 'EADDRINUSE',
  },
  STATE_BUSY: {
    hint: 'Stop that culvertd, or give this one a --state-dir and a --socket of its own.',
    retryable: true,
    errno: 'EBUSY',
  },
  STATE_UNWRITABLE: {
    hint: 'Make the state directory (--state-dir) writable for culvertd, with space left on its disk.',
    retryable: true,
    errno: 'EACCES',
  },
} as const satisfies Record<string, ErrorRow>;
