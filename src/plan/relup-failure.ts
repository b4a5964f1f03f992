// What systools says of an appup that it makes no relup from, as sentences: which appup, direction and line, and what to write.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RefusedError, type Location } from '../shared/errors.js';
import type { BuiltRelease } from '../model/release.js';
import type { ChosenAppup } from '../model/appup.js';

/** One direction of one up-from version that no relup can be made for (src/erlang/relup_make.erl). */
export interface RelupFailure {
  readonly direction: 'up' | 'down';
  /** Release version upgraded from, or downgraded to. */
  readonly version: string;
  /** systools' own name of the error, e.g. `undef_module`; empty when it has none. */
  readonly kind: string;
  /** What it is about: a module, an application or an instruction, as Erlang writes it. */
  readonly subject: string;
  /** In systools' words. */
  readonly text: string;
}

export interface RelupSubject {
  readonly release: BuiltRelease;
  readonly upFrom: readonly BuiltRelease[];
  readonly appups: readonly ChosenAppup[];
  readonly projectDir: string;
  /** The project folder relative to the repository. */
  readonly projectPath: string;
}

interface Words {
  readonly what: string;
  readonly remedy: string;
}

/** The first failure in words, with all directions that have it; the others in the details. */
export function relupRefusal(subject: RelupSubject, failures: readonly RelupFailure[]): RefusedError {
  const { release } = subject;
  const [first] = failures;
  const lines = failures.map((one) => `${stepOf(one)}: ${one.text.trim()}`);
  if (first === undefined) throw new Error('systools made no relup, and one for each step');
  const named = failures.map((one) => ({ one, found: culprit(subject, one) }));
  const { one, found } = named.find((each) => each.found !== undefined) ?? { one: first, found: undefined };
  const steps = failures
    .filter(({ kind, subject }) => kind === one.kind && subject === one.subject)
    .map(stepOf);
  const where = [...new Set(steps)].join(' and ');
  const place =
    found === undefined
      ? `${where}: `
      : `the appup of ${found.appup.application} (${found.appup.file}), ${where}: ${found.instruction} – `;
  const { what, remedy } = wordsFor(subject, one, found?.instruction);
  const location = found === undefined ? undefined : locate(subject, found.appup, one);
  return new RefusedError(`No relup can be made for ${release.name} ${release.version}: ${place}${what}.`, {
    remedy,
    details: lines.join('\n'),
    location,
  });
}

function stepOf({ direction, version }: RelupFailure): string {
  return direction === 'up' ? `up from ${version}` : `down to ${version}`;
}

interface Culprit {
  readonly appup: ChosenAppup;
  readonly instruction: string;
}

/** The instruction that names what the error is about; one that a person wrote is more likely the mistake. */
function culprit({ appups }: RelupSubject, { direction, subject }: RelupFailure): Culprit | undefined {
  if (subject === '') return undefined;
  const found = appups.flatMap((appup) => {
    const instructions = appup[direction].flatMap((entry) => entry.instructions);
    const instruction = instructions.find((text) => mentions(text, subject));
    return instruction === undefined ? [] : [{ appup, instruction }];
  });
  return found.find(({ appup }) => appup.origin === 'hand-written') ?? found[0];
}

/** As a whole word: `shop` is not named by `shop_server`. */
function mentions(text: string, subject: string): boolean {
  const escaped = subject.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w@])${escaped}(?![\\w@])`, 'u').test(text);
}

function locate(
  { projectDir, projectPath }: RelupSubject,
  { origin, file }: ChosenAppup,
  { direction, subject }: RelupFailure,
): Location | undefined {
  if (origin !== 'hand-written') return undefined;
  const lines = readFileSync(join(projectDir, file), 'utf8').split('\n');
  const naming = lines.flatMap((line, index) => (mentions(line, subject) ? [index + 1] : []));
  // Both directions mostly say the same; up comes first.
  const line = direction === 'up' ? naming[0] : naming.at(-1);
  return { file: join(projectPath, file), ...(line === undefined ? {} : { line }) };
}

function wordsFor(options: RelupSubject, failure: RelupFailure, instruction = ''): Words {
  const { kind, subject, text } = failure;
  switch (kind) {
    case 'undef_module':
    case 'no_such_module':
      return unknownModule(options, subject);
    case 'muldef_module':
      return foreignModule(options, subject);
    case 'no_such_application':
    case 'removed_application_present':
    case 'no_appl_vsn':
      return application(options, subject, instruction);
    case 'bad_instruction':
      return {
        what: 'there is no such instruction',
        remedy: 'Write one of those in docs/appups.md; most often the number of arguments is wrong.',
      };
    default:
      return {
        what: text.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, ''),
        remedy: 'Correct this instruction; docs/appups.md shows what each one needs.',
      };
  }
}

function ownersOf({ release, upFrom }: RelupSubject, module: string): string[] {
  const all = [release, ...upFrom].flatMap(({ applications }) => applications);
  return [...new Set(all.filter(({ modules }) => Object.hasOwn(modules, module)).map(({ name }) => name))];
}

function unknownModule(options: RelupSubject, module: string): Words {
  const [owner] = ownersOf(options, module);
  if (owner === undefined) {
    return {
      what: `no application has the module ${module}`,
      remedy: `Correct the name, or take ${module} out of this instruction.`,
    };
  }
  return {
    what: `the module ${module} (of ${owner}) is not exchanged then`,
    remedy:
      `Take ${module} out of this instruction, in each direction named: an application that is added or removed as a whole is started before, and stopped ` +
      'after, the others, so nothing has to wait for its modules.',
  };
}

function foreignModule(options: RelupSubject, module: string): Words {
  const owners = ownersOf(options, module);
  if (owners.length > 1) {
    return {
      what: `the module ${module} is in several applications (${owners.join(', ')})`,
      remedy: 'Keep it in one of them; a node has only one module of a name.',
    };
  }
  const owner = owners[0] ?? 'another application';
  return {
    what: `the module ${module} belongs to ${owner}, whose own appup exchanges it`,
    remedy: `Take the instruction out, in each direction named; if it has to be another one than is generated, write it in the appup of ${owner}.`,
  };
}

function application({ release, upFrom }: RelupSubject, name: string, instruction: string): Words {
  const has = ({ applications }: BuiltRelease) => applications.some((one) => one.name === name);
  if (has(release) && upFrom.every(has)) {
    const what = instruction.startsWith('{add_application') ? 'added' : 'removed';
    return {
      what: `${name} is in both releases, so it is not ${what}`,
      remedy: `Write {apply,{application,start,[${name},permanent]}} instead of add_application, and {apply,{application,stop,[${name}]}} instead of remove_application.`,
    };
  }
  return {
    what: `the application ${name} is not in the release where this instruction needs it`,
    remedy: `Take the instruction out of this direction: an application that only one release has is added and removed without it.`,
  };
}
