/**
 * What a desktop with a panel has on its bus: a watcher of the StatusNotifierItem specification with a host, through
 * which a test sees the tray's icon, reads its menu and clicks in it, and a server that keeps notifications.
 * @module
 */
import { interface as dbusInterface, Message, sessionBus, Variant, type MessageBus } from 'dbus-next';

const { Interface, ACCESS_READ } = dbusInterface;
const watcherName = 'org.kde.StatusNotifierWatcher';
const itemFace = 'org.kde.StatusNotifierItem';
const menuFace = 'com.canonical.dbusmenu';

/** One item of a menu, as D-Bus has it. */
export type MenuNode = {
  readonly id: number;
  readonly label: string;
  readonly isEnabled: boolean;
  /** 0 or 1; -1 for an item that is no switch. */
  readonly toggle: number;
  readonly children: readonly MenuNode[];
};

/** A panel, and a server of notifications. */
export class TrayDesktop {
  readonly #bus: MessageBus;
  readonly #watcher: Watcher;
  readonly #notices: NoticeServer;

  private constructor(bus: MessageBus, watcher: Watcher, notices: NoticeServer) {
    this.#bus = bus;
    this.#watcher = watcher;
    this.#notices = notices;
  }

  /** Put both on the bus at `address`. */
  static async start(address: string): Promise<TrayDesktop> {
    const bus = sessionBus({ busAddress: address });
    const watcher = new Watcher(watcherName);
    const notices = new NoticeServer('org.freedesktop.Notifications');
    bus.export('/StatusNotifierWatcher', watcher);
    bus.export('/org/freedesktop/Notifications', notices);
    await bus.requestName('org.freedesktop.Notifications', 0);
    await bus.requestName(watcherName, 0);
    return new TrayDesktop(bus, watcher, notices);
  }

  /** Names of the icons that registered. */
  get items(): readonly string[] {
    return this.#watcher.items;
  }

  /** Summaries of the notifications so far. */
  get notifications(): readonly string[] {
    return this.#notices.summaries;
  }

  /** A property of the newest icon's. */
  async property(name: string): Promise<unknown> {
    const { body } = await this.#call('/StatusNotifierItem', 'org.freedesktop.DBus.Properties', 'Get', 'ss', [
      itemFace,
      name,
    ]);
    return (body[0] as Variant).value;
  }

  /** The menu as it is now. */
  async menu(): Promise<readonly MenuNode[]> {
    const path = String(await this.property('Menu'));
    const { body } = await this.#call(path, menuFace, 'GetLayout', 'iias', [0, -1, []]);
    return toNode(body[1] as RawNode).children;
  }

  /** Click the item whose label begins so. */
  async click(label: string): Promise<void> {
    const path = String(await this.property('Menu'));
    const item = findItem(await this.menu(), label);
    if (item === undefined) throw new Error(`the tray's menu has no item ${label}`);
    await this.#call(path, menuFace, 'Event', 'isvu', [item.id, 'clicked', new Variant('s', ''), 0]);
  }

  /** Click the icon itself. */
  async activate(): Promise<void> {
    await this.#call('/StatusNotifierItem', itemFace, 'Activate', 'ii', [0, 0]);
  }

  /** Leave the bus. */
  stop(): void {
    this.#bus.disconnect();
  }

  async #call(path: string, face: string, member: string, signature: string, body: unknown[]): Promise<Message> {
    const destination = this.items.at(-1);
    if (destination === undefined) throw new Error('no icon has registered');
    const answer = await this.#bus.call(new Message({ destination, path, interface: face, member, signature, body }));
    if (answer === null) throw new Error(`${member} was not answered`);
    return answer;
  }
}

/** The item whose label begins with `label`, in submenus too. */
export function findItem(menu: readonly MenuNode[], label: string): MenuNode | undefined {
  for (const item of menu) {
    const found = item.label.startsWith(label) ? item : findItem(item.children, label);
    if (found !== undefined) return found;
  }
  return undefined;
}

class Watcher extends Interface {
  readonly IsStatusNotifierHostRegistered = true;
  readonly ProtocolVersion = 0;
  readonly items: string[] = [];

  get RegisteredStatusNotifierItems(): string[] {
    return this.items;
  }

  RegisterStatusNotifierItem(service: string): void {
    this.items.push(service);
  }

  RegisterStatusNotifierHost(): void {}
}
Watcher.configureMembers({
  properties: {
    IsStatusNotifierHostRegistered: { signature: 'b', access: ACCESS_READ },
    ProtocolVersion: { signature: 'i', access: ACCESS_READ },
    RegisteredStatusNotifierItems: { signature: 'as', access: ACCESS_READ },
  },
  methods: {
    RegisterStatusNotifierItem: { inSignature: 's', outSignature: '' },
    RegisterStatusNotifierHost: { inSignature: 's', outSignature: '' },
  },
});

class NoticeServer extends Interface {
  readonly summaries: string[] = [];

  Notify(_app: string, _replaces: number, _icon: string, summary: string): number {
    return this.summaries.push(summary);
  }

  GetCapabilities(): string[] {
    return ['body', 'actions'];
  }

  GetServerInformation(): string[] {
    return ['test', 'test', '1', '1.2'];
  }

  CloseNotification(): void {}
}
NoticeServer.configureMembers({
  methods: {
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    GetCapabilities: { inSignature: '', outSignature: 'as' },
    GetServerInformation: { inSignature: '', outSignature: 'ssss' },
    CloseNotification: { inSignature: 'u', outSignature: '' },
  },
});

type RawNode = [id: number, properties: Readonly<Record<string, Variant>>, children: readonly Variant<RawNode>[]];

function toNode([id, properties, children]: RawNode): MenuNode {
  return {
    id,
    label: String(properties['label']?.value ?? '').replaceAll('__', '_'),
    isEnabled: properties['enabled']?.value !== false,
    toggle: Number(properties['toggle-state']?.value ?? -1),
    children: children.map(({ value }) => toNode(value)),
  };
}
