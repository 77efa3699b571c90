import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test, type TestContext } from 'node:test';
import { build, type PluginOption } from 'vite';
import { pagePlugins } from '#build/window/page.ts';

/** A page whose lazy screen shares schemas with its start, so that they go to a file that runs before the start's. */
const page = {
  'start.js':
    "import { shared } from './shared.js';\nexport const parse = shared.parse;\nexport const lazy = () => import('./lazy.js');\n",
  'lazy.js':
    "import { shared } from './shared.js';\nimport { z } from 'zod';\nexport const own = z.object({ shared });\n",
  'shared.js': "import { z } from 'zod';\nexport const shared = z.object({ a: z.number() });\n",
};

test('the page compiles no parser, whatever file the bundler puts a schema in: not even to find out whether it may', async (t) => {
  assert.equal(await compilations(t, pagePlugins()), 0);
});

test('zod by itself tries to compile as soon as an object’s schema is made', async (t) => {
  const plain = {
    name: 'zod-of-the-repository',
    resolveId: (source: string) => (source === 'zod' ? resolve('node_modules/zod/index.js') : null),
  };
  assert.notEqual(await compilations(t, [plain]), 0);
});

/** How often the page, all of it loaded and a value parsed, makes a function of a text. */
async function compilations(t: TestContext, plugins: readonly PluginOption[]): Promise<number> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'culvert-page-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(page)) writeFileSync(join(folder, name), text);
  const { output } = await built(folder, plugins);
  assert.ok(output.length >= 3, 'what is shared has a file of its own');
  const start = pathToFileURL(join(folder, 'out/start.js')).href;
  const program = `
    let count = 0;
    globalThis.Function = new Proxy(Function, { construct: (...all) => (count++, Reflect.construct(...all)) });
    const { parse, lazy } = await import(${JSON.stringify(start)});
    (await lazy()).own.parse({ shared: parse({ a: 1 }) });
    console.log(count);
  `;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
}

/** Build it as a module that Node.js can run. */
async function built(
  folder: string,
  plugins: readonly PluginOption[],
): Promise<{ readonly output: readonly unknown[] }> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: folder,
    plugins: [...plugins],
    build: {
      outDir: join(folder, 'out'),
      modulePreload: false,
      rolldownOptions: {
        input: join(folder, 'start.js'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  assert.ok('output' in result);
  return result;
}
