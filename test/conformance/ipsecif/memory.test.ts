/**
 * NetBSD's t_ipsec over the in-process network.
 * @module
 */
import { describe } from 'node:test';
import { openMemoryRouters } from './memory-routers.ts';
import { defineIpsecifCases } from './suite.ts';

describe('t_ipsec over the in-process network', () => defineIpsecifCases(openMemoryRouters));
