/**
 * Running other programs: quiet steps of set-up, whose output is shown only when they fail, and the command itself,
 * which owns the terminal and gets every signal.
 * @module
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { constants as systemConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A terminal's Ctrl-C and npm both deliver the same SIGINT; a repeat within this time is the same one. */
const sameSignalMs = 500;

const parentCheckMs = 500;

/** Run a step of set-up. Gives its exit status and everything it printed; dies with it when interrupted. */
export function runStep(command, args, options = {}) {
  return new Promise((resolve) => {
    // A group of its own: what the step starts (cargo under napi) is to stop with it.
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const chunks = [];
    const stop = (signal) => {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
      process.exit(128 + systemConstants.signals[signal]);
    };
    for (const signal of signals) process.once(signal, stop);
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    const finish = (status, text) => {
      for (const signal of signals) process.removeListener(signal, stop);
      resolve({ status, output: text });
    };
    child.on('error', (error) => finish(127, `${command}: ${error.message}`));
    child.on('close', (code) => finish(code ?? 1, Buffer.concat(chunks).toString()));
  });
}

/**
 * Run the command that the user asked for and end as it ends: same exit status, or same signal. It runs in a session
 * of its own, so that each signal reaches it exactly once, from here, and this process waits for its clean-up.
 */
export function runCommand(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit', detached: true });
    const lastMs = new Map();
    const forward = (signal) => {
      const now = Date.now();
      if (now - (lastMs.get(signal) ?? 0) < sameSignalMs) return;
      lastMs.set(signal, now);
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, forward);
    const watch = watchParent(() => forward('SIGHUP'));
    child.on('error', (error) => {
      clearInterval(watch);
      process.stderr.write(`culvert: ${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.removeListener(name, forward);
      if (signal === null) resolve(code ?? 1);
      else process.kill(process.pid, signal);
    });
  });
}

/** npm does not pass on a SIGTERM that only it gets: it dies, and so does its shell. Who is left sees another parent. */
function watchParent(onDeath) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onDeath();
  }, parentCheckMs);
  return timer;
}

/** Where `program` lies in `path`, a PATH-like list; null when it is not there. */
export function findProgram(program, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return null;
}
