import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';

/** ELF constants (System V ABI): section types without loaded contents, and the flag of what is loaded. */
const NOTE = 7;
const NO_BITS = 8;
const ALLOCATED = 2n;

/** Sources that `__FILE__` and the like name by their whole path. */
const SOURCE_PATH = /\/(?:[^\0/\n]+\/)+([^\0/\n]+\.(?:c|cc|cpp|cxx|h|hh|hpp|rs|go|zig|s|S|m))(?![\w.])/g;

/**
 * A digest of what a native library or program is when it is loaded: debug information and build id are left out, and the
 * folder that it was compiled in is masked, as for beams (H121). Anything but an ELF file counts byte by byte.
 *
 * @param builtIn the folders that it may have been compiled in
 */
export async function nativeDigest(path: string, builtIn: readonly string[] = []): Promise<string> {
  const file = await readFile(path);
  const sections = loadedSections(file);
  const hash = createHash('sha256');
  if (sections === undefined) return hash.update(file).digest('hex');
  for (const { address, size, content } of sections) {
    hash.update(`${address} ${size}\n`);
    hash.update(masked(content, builtIn), 'latin1');
  }
  return hash.digest('hex');
}

interface Section {
  readonly address: bigint;
  readonly size: bigint;
  readonly content: Buffer;
}

/** Undefined for what is no ELF file, or has no list of its sections. */
function loadedSections(file: Buffer): Section[] | undefined {
  if (file.length < 52 || file.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  const reader = new ElfReader(file);
  try {
    const all = reader.sections();
    const loaded = all.filter(({ type, flags }) => (flags & ALLOCATED) !== 0n && type !== NOTE);
    if (loaded.length === 0) return undefined;
    return loaded.map(({ type, address, offset, size }) => ({
      address,
      size,
      content: type === NO_BITS ? Buffer.alloc(0) : file.subarray(Number(offset), Number(offset + size)),
    }));
  } catch (error) {
    // A header that points out of the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface SectionHeader {
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly offset: bigint;
  readonly size: bigint;
}

/** Reads the section headers of either class (32 or 64 bit) and byte order. */
class ElfReader {
  private readonly view: DataView;
  private readonly isWide: boolean;
  private readonly isLittle: boolean;

  constructor(file: Buffer) {
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.isWide = file[4] === 2;
    this.isLittle = file[5] === 1;
  }

  sections(): SectionHeader[] {
    const start = Number(this.word(this.isWide ? 0x28 : 0x20));
    const size = this.half(this.isWide ? 0x3a : 0x2e);
    const count = this.half(this.isWide ? 0x3c : 0x30);
    return Array.from({ length: count }, (_, index) => this.header(start + index * size));
  }

  private header(at: number): SectionHeader {
    const width = this.isWide ? 8 : 4;
    const field = (index: number): bigint => this.word(at + 8 + index * width);
    return {
      type: this.view.getUint32(at + 4, this.isLittle),
      flags: field(0),
      address: field(1),
      offset: field(2),
      size: field(3),
    };
  }

  private half(at: number): number {
    return this.view.getUint16(at, this.isLittle);
  }

  private word(at: number): bigint {
    return this.isWide
      ? this.view.getBigUint64(at, this.isLittle)
      : BigInt(this.view.getUint32(at, this.isLittle));
  }
}

function masked(content: Buffer, builtIn: readonly string[]): string {
  const text = content.toString('latin1').replaceAll(SOURCE_PATH, '#/$1');
  return builtIn.reduce((rest, folder) => rest.replaceAll(Buffer.from(folder).toString('latin1'), '#'), text);
}
