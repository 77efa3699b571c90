/**
 * An agent of polkit's, as a desktop has one (polkit(8), org.freedesktop.PolicyKit1.AuthenticationAgent): it is asked on
 * the system bus, and answers as a test's person would, by the program that polkit brings for passwords.
 * @module
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DBusError, interface as dbusInterface, Message, sessionBus, Variant, type MessageBus } from 'dbus-next';
import { administrator, type LaidSystem } from './laid-system.ts';

const { Interface } = dbusInterface;
const agentFace = 'org.freedesktop.PolicyKit1.AuthenticationAgent';
const agentPath = '/org/culvert/TestAgent';
const helperProgram = '/usr/lib/polkit-1/polkit-agent-helper-1';

/** What the person does when asked: type something, or close the dialog. */
export type Reply = { readonly password: string } | 'dismiss';

/** What the person was asked. */
export type Question = { readonly action: string; readonly message: string };

/** One that is registered for a program. */
export class PolkitAgent {
  readonly questions: Question[] = [];
  /** What is done from now on. */
  reply: Reply = 'dismiss';
  readonly #system: LaidSystem;
  readonly #bus: MessageBus;

  private constructor(system: LaidSystem, bus: MessageBus) {
    this.#system = system;
    this.#bus = bus;
  }

  /** Be there for what `pid` asks of polkit. Root may for anybody. */
  static async start(system: LaidSystem, pid: number): Promise<PolkitAgent> {
    const bus = sessionBus({ busAddress: system.busAddress });
    const agent = new PolkitAgent(system, bus);
    bus.export(agentPath, new AgentFace((question, cookie) => agent.#answer(question, cookie)));
    const subject = ['unix-process', { pid: new Variant('u', pid), 'start-time': new Variant('t', startTime(pid)) }];
    await bus.call(
      new Message({
        destination: 'org.freedesktop.PolicyKit1',
        path: '/org/freedesktop/PolicyKit1/Authority',
        interface: 'org.freedesktop.PolicyKit1.Authority',
        member: 'RegisterAuthenticationAgent',
        signature: '(sa{sv})ss',
        body: [subject, 'C.UTF-8', agentPath],
      }),
    );
    return agent;
  }

  /** Go. */
  stop(): void {
    this.#bus.disconnect();
  }

  async #answer(question: Question, cookie: string): Promise<void> {
    this.questions.push(question);
    if (this.reply === 'dismiss') throw new DBusError('org.freedesktop.PolicyKit1.Error.Cancelled', 'dismissed');
    await tellPassword(this.#system, cookie, this.reply.password);
  }
}

class AgentFace extends Interface {
  readonly #answer: (question: Question, cookie: string) => Promise<void>;

  constructor(answer: (question: Question, cookie: string) => Promise<void>) {
    super(agentFace);
    this.#answer = answer;
  }

  BeginAuthentication(action: string, message: string, _icon: string, _details: object, cookie: string): Promise<void> {
    return this.#answer({ action, message }, cookie);
  }

  CancelAuthentication(): void {}
}

AgentFace.configureMembers({
  methods: {
    BeginAuthentication: { inSignature: 'sssa{ss}sa(sa{sv})', outSignature: '' },
    CancelAuthentication: { inSignature: 's', outSignature: '' },
  },
});

/** The helper program reads the cookie, asks what PAM asks, and tells polkit's daemon itself what came of it. */
function tellPassword(system: LaidSystem, cookie: string, password: string): Promise<void> {
  const [enter = '', ...rest] = system.within;
  const child = spawn(enter, [...rest, helperProgram, administrator.name], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.write(`${cookie}\n`);
  child.stdout.on('data', (chunk: Buffer) => {
    if (String(chunk).includes('PAM_PROMPT_ECHO_OFF')) child.stdin.write(`${password}\n`);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

/** When a process was started, in ticks since boot (proc_pid_stat(5), field 22): a number may come again. */
function startTime(pid: number): bigint {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return BigInt(fields[19] ?? 0);
}
