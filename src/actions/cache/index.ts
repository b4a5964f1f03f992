// Not an action: the program that works with the repository's cache (src/build/cache/client.ts).
import { readFile, writeFile } from 'node:fs/promises';
import type { CacheRequest } from '../../build/cache/client.js';
import { restoreFiles, saveFiles } from '../../build/cache/service.js';

const request = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as CacheRequest;
const { task, key, folder, files, answer } = request;
const done =
  task === 'restore' ? (await restoreFiles(key, folder)) !== undefined : await saveFiles(key, folder, files);
await writeFile(answer, JSON.stringify(done));
