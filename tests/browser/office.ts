// A demo office of its own for each test file: a fresh store, the real server on a free port, ended and removed after.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
const STARTED_MS_MAX = 60_000;

export interface Office {
  address: string;
  password: string;
  folder: string;
  end: () => Promise<void>;
}

export function program(): string {
  const wanted = process.env.YIHU_PROGRAM;
  const found = [wanted, 'build/release/yihu', 'build/dev/yihu'].filter((path) => path !== undefined).find((path) => existsSync(join(ROOT, path)) || existsSync(path));
  if (!found) throw new Error('no program: build it first, or set YIHU_PROGRAM');
  return existsSync(found) ? found : join(ROOT, found);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function answers(address: string, server: ChildProcess): Promise<void> {
  const until = Date.now() + STARTED_MS_MAX;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`the server ended with status ${server.exitCode}`);
    try {
      if ((await fetch(`${address}/health`)).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('the server did not answer');
}

export async function openOffice(): Promise<Office> {
  const folder = mkdtempSync(join(tmpdir(), 'yihu-browser-'));
  const data = join(folder, 'data');
  const made = spawnSync(program(), ['demo', '--data', data, '--people', '500'], { cwd: ROOT, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`no demo store: ${made.stderr}`);
  const password = /[：:]\s*([^\s：:]+)\s*\n/.exec(readFileSync(join(data, 'demo-accounts.txt'), 'utf8'))?.[1];
  if (!password) throw new Error('no password in demo-accounts.txt');
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const server = spawn(program(), ['serve', '--data', data, '--port', String(port)], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await answers(address, server);
  return {
    address,
    password,
    folder,
    end: async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The office's own document, where the project stands beside it. */
export function realDocument(): string | null {
  const file = join(ROOT, '..', 'shared', 'seeds', '000_c3cd6be28d28a219.txt');
  return existsSync(file) ? file : null;
}

export function ownDocument(name: string): string {
  return join(import.meta.dirname, 'documents', name);
}
