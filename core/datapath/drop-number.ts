/**
 * Numbers of drop reasons as the loops use them: plain constants, which the compiler folds. 0 means "go on".
 * @module
 */
import { dropReasons } from './drop-reason.ts';

/** No drop. */
export const passed = 0;

/** Why a packet from the wire is dropped. */
export const inboundDrop = {
  natKeepalive: dropReasons.natKeepalive.number,
  udpShort: dropReasons.udpShort.number,
  toIke: dropReasons.toIke.number,
  fragment: dropReasons.fragment.number,
  hdrTooShort: dropReasons.hdrTooShort.number,
  noSa: dropReasons.noSa.number,
  expired: dropReasons.expiredIn.number,
  encapsulation: dropReasons.encapsulation.number,
  seqZero: dropReasons.seqZero.number,
  replayOld: dropReasons.replayOld.number,
  replayDup: dropReasons.replayDup.number,
  esnRange: dropReasons.esnRange.number,
  lenAlign: dropReasons.lenAlign.number,
  authFail: dropReasons.authFail.number,
  padLength: dropReasons.padLength.number,
  padBytes: dropReasons.padBytes.number,
  dummy: dropReasons.dummy.number,
  nextHeader: dropReasons.nextHeader.number,
  innerShort: dropReasons.innerShort.number,
  innerVersion: dropReasons.innerVersion.number,
  innerHeader: dropReasons.innerHeader.number,
  outerMismatch: dropReasons.outerMismatch.number,
  interfaceDown: dropReasons.interfaceDown.number,
  policy: dropReasons.policy.number,
  ipv6Disabled: dropReasons.ipv6Disabled.number,
  ecn: dropReasons.ecn.number,
  tunWrite: dropReasons.tunWrite.number,
  truncated: dropReasons.truncated.number,
  icmpTaken: dropReasons.icmpTaken.number,
  icmpRefused: dropReasons.icmpRefused.number,
  icmpForeign: dropReasons.icmpForeign.number,
  icmpForged: dropReasons.icmpForged.number,
  icmpQuote: dropReasons.icmpQuote.number,
} as const;

/** Why a packet from a device is dropped. */
export const outboundDrop = {
  innerHeader: dropReasons.outInnerHeader.number,
  nesting: dropReasons.outNesting.number,
  interfaceDown: dropReasons.outInterfaceDown.number,
  notConfigured: dropReasons.outNotConfigured.number,
  ipv6Disabled: dropReasons.outIpv6Disabled.number,
  tooBig: dropReasons.outTooBig.number,
  outerAddress: dropReasons.outOuterAddress.number,
  policy: dropReasons.outPolicy.number,
  noSa: dropReasons.outNoSa.number,
  seqOverflow: dropReasons.outSeqOverflow.number,
  expired: dropReasons.outExpired.number,
  ivExhausted: dropReasons.outIvExhausted.number,
  segmentation: dropReasons.outSegmentation.number,
  engine: dropReasons.outEngine.number,
  send: dropReasons.outSend.number,
  routeLoop: dropReasons.outRouteLoop.number,
} as const;
