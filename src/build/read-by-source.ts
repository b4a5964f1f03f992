import { posix } from 'node:path';

/** The lines that tell what is read to compile a file, as an extended regular expression. */
export const TELLING = '(parse|core)_transform|-[[:space:]]*include';

/** What these make of a module depends on that module alone; as in src/erlang/relup_plugins.erl. */
const TRANSFORMS = ['eunit_autoexport', 'lager_transform', 'ms_transform', 'qlc'];

interface Line {
  readonly path: string;
  readonly line: string;
}

/**
 * What else than its own text makes the code of a module: headers, by their file names, as there is no telling in which folder the
 * compiler finds them, and parse transforms.
 */
export class ReadBySource {
  private readonly headers = new Map<string, Set<string>>();
  private readonly doubtful = new Set<string>();

  /**
   * @param lines all lines that {@link TELLING} matches, in whatever files
   * @param changed the files that are not the same in both versions
   */
  constructor(lines: readonly Line[], changed: readonly string[]) {
    for (const { path, line } of lines) {
      const includes = [...line.matchAll(/-\s*include(?:_lib)?(\s*\(\s*"([^"]+\.hrl)"\s*\))?/g)];
      if (!hasKnownTransforms(line) || includes.some(([, header]) => header === undefined))
        this.doubtful.add(path);
      const names = includes.map(([, , file = '']) => posix.basename(file));
      this.headers.set(path, new Set([...(this.headers.get(path) ?? []), ...names]));
    }
    for (const path of changed.filter((one) => one.endsWith('.hrl'))) this.doubtful.add(path);
    this.spread();
  }

  /** Whether nothing but headers that are the same in both versions, and known transforms, make the code of a source beside itself. */
  isPlain(path: string): boolean {
    return !this.doubtful.has(path);
  }

  /** Who includes a doubtful header is doubtful, too. */
  private spread(): void {
    let before: number;
    do {
      before = this.doubtful.size;
      const names = new Set([...this.doubtful].map((path) => posix.basename(path)));
      for (const [path, headers] of this.headers) {
        if (!headers.isDisjointFrom(names)) this.doubtful.add(path);
      }
    } while (this.doubtful.size > before);
  }
}

/** Whether a text speaks of no other parse transforms than those whose result is known to depend on one module alone. Pure. */
export function hasKnownTransforms(text: string): boolean {
  const transforms = [...text.matchAll(/(?:parse|core)_transform(?:\s*,\s*(\w+))?/g)];
  return transforms.every(([, name = '']) => TRANSFORMS.includes(name));
}
