import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';

/** A real user of this machine, made for one test file; only root may. */
export class TestUser {
  private readonly rules: string[] = [];

  private constructor(
    readonly name: string,
    readonly uid: number,
    readonly gid: number,
    readonly home: string,
  ) {}

  /**
   * @param role part of the name, for those who find it on their machine
   * @param shell by default one that lets nobody in
   */
  static create(role: string, shell = '/usr/sbin/nologin'): TestUser {
    const name = `relup-${role}-${randomBytes(4).toString('hex')}`;
    try {
      // no password fits, but the account is not locked: sshd tells these apart
      const flags = ['--create-home', '--user-group', '--password', '*', '--shell', shell];
      execFileSync('useradd', [...flags, name], { stdio: 'pipe' });
    } catch (cause) {
      throw new Error('This test makes users, so it must run as root.', { cause });
    }
    const [, , uid, gid, , home] = execFileSync('getent', ['passwd', name], { encoding: 'utf8' }).split(':');
    return new TestUser(name, Number(uid), Number(gid), home ?? '');
  }

  /** Lets this user run anything as the other one, without a password. */
  allow(other: TestUser): void {
    const file = `/etc/sudoers.d/${this.name}`;
    writeFileSync(file, `${this.name} ALL=(${other.name}) NOPASSWD: ALL\n`, { mode: 0o440 });
    this.rules.push(file);
  }

  remove(): void {
    for (const file of this.rules) rmSync(file, { force: true });
    // userdel refuses a user of whom a process is there, and what was ended may take a moment
    for (let left = 50; left > 0 && this.hasProcesses(); left -= 1) execFileSync('sleep', ['0.1']);
    execFileSync('userdel', ['--remove', this.name], { stdio: 'pipe' });
  }

  private hasProcesses(): boolean {
    return spawnSync('pgrep', ['-U', String(this.uid)]).status === 0;
  }
}
