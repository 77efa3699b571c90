/**
 * Whether this desktop shows tray icons. On Linux a host of the StatusNotifierItem specification has to be registered
 * with the watcher on the session's bus; without one an icon would be made and seen by nobody, and a window that closes
 * to it would be lost.
 * @module
 */
import { Message, MessageType, sessionBus, Variant, type MessageBus } from 'dbus-next';

const watcherName = 'org.kde.StatusNotifierWatcher';

/** A desktop that does not answer in this time has no tray. */
const patienceMs = 3000;

/** Tells about the tray's host from now on. */
export type TrayHostWatch = { close(): void };

/** Tell `onChange` whether there is a host: once soon, and whenever that changes. */
export function watchTrayHost(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
  onChange: (hasHost: boolean) => void,
): TrayHostWatch {
  if (platform !== 'linux') {
    onChange(true);
    return { close: () => {} };
  }
  const bus = environment['DBUS_SESSION_BUS_ADDRESS'] === undefined ? null : openBus();
  if (bus === null) {
    onChange(false);
    return { close: () => {} };
  }
  let isClosed = false;
  const ask = async (): Promise<void> => {
    const hasHost = await hasTrayHost(bus);
    if (!isClosed) onChange(hasHost);
  };
  bus.on('error', () => {
    if (!isClosed) onChange(false);
  });
  bus.on('message', (message: Message) => {
    if (concernsHost(message)) void ask();
  });
  void follow(bus).then(ask, () => onChange(false));
  return {
    close() {
      isClosed = true;
      bus.disconnect();
    },
  };
}

function openBus(): MessageBus | null {
  try {
    return sessionBus();
  } catch {
    return null;
  }
}

/** Have the bus tell of watchers that come and go, and of hosts. */
async function follow(bus: MessageBus): Promise<void> {
  const rules = [
    `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${watcherName}'`,
    `type='signal',interface='${watcherName}',member='StatusNotifierHostRegistered'`,
    `type='signal',interface='${watcherName}',member='StatusNotifierHostUnregistered'`,
  ];
  for (const rule of rules) {
    await call(bus, 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'AddMatch', 's', [rule]);
  }
}

function concernsHost({ type, member, body }: Message): boolean {
  if (type !== MessageType.SIGNAL) return false;
  if (member === 'NameOwnerChanged') return body[0] === watcherName;
  return member === 'StatusNotifierHostRegistered' || member === 'StatusNotifierHostUnregistered';
}

async function hasTrayHost(bus: MessageBus): Promise<boolean> {
  const body = [watcherName, 'IsStatusNotifierHostRegistered'];
  try {
    const answer = await call(
      bus,
      watcherName,
      '/StatusNotifierWatcher',
      'org.freedesktop.DBus.Properties',
      'Get',
      'ss',
      body,
    );
    const value: unknown = answer?.body[0];
    return value instanceof Variant && value.value === true;
  } catch {
    return false;
  }
}

async function call(
  bus: MessageBus,
  destination: string,
  path: string,
  face: string,
  member: string,
  signature: string,
  body: readonly string[],
): Promise<Message | null> {
  const message = new Message({ destination, path, interface: face, member, signature, body: [...body] });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    return await Promise.race([bus.call(message), late]);
  } finally {
    clearTimeout(timer);
  }
}
