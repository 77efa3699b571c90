/**
 * Imported before any schema is made: zod compiles parsers where it may, and finds out by trying, which the page's
 * policy forbids and would report.
 * @module
 */
import { config } from 'zod';

config({ jitless: true });
