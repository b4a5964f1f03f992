import { execFileSync } from 'node:child_process';
import { crc32 } from 'node:zlib';

/** Unpacks a zip with OTP's own module, as a fresh machine has no other program for it. */
export function unzip(zip: string, folder: string): void {
  const unpack = '[Zip, Dir] = init:get_plain_arguments(), {ok, _} = zip:unzip(Zip, [{cwd, Dir}]), halt().';
  execFileSync('erl', ['-noinput', '-boot', 'no_dot_erlang', '-eval', unpack, '-extra', zip, folder]);
}

/** A zip whose members have any names and are not compressed. */
export function storedZip(entries: readonly (readonly [name: string, content: string])[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const [path, content] = [Buffer.from(name), Buffer.from(text)];
    // from the version needed to the lengths of name and extra field: the same in both headers
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, path, content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, rest, path);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
