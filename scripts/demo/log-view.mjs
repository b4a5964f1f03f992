// An action's output as people see it in the log of a run: workflow commands carried out, not printed.

const COMMAND = /^\s*::([\w-]+)(?: .*?)?::(.*)$/;

export class LogView {
  /** @type {string[]} */
  #masks = [];
  #indent = '';

  /**
   * @param {string} line as the action printed it
   * @returns {string[]} what is seen of it
   */
  show(line) {
    const [, command, data = ''] = COMMAND.exec(line) ?? [];
    if (command === undefined) return [this.#masked(line)];
    const text = unescape(data);
    switch (command) {
      case 'add-mask':
        this.#masks.push(text);
        return [];
      case 'group':
        this.#indent = '  ';
        return [`▾ ${text}`];
      case 'endgroup':
        this.#indent = '';
        return [];
      case 'error':
      case 'warning':
      case 'notice':
        return `${command}: ${text}`.split('\n').map((one) => this.#masked(one));
      default:
        return [];
    }
  }

  /** @param {string} line */
  #masked(line) {
    return this.#indent + this.#masks.reduce((text, secret) => text.replaceAll(secret, '***'), line);
  }
}

/** @param {string} data */
function unescape(data) {
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
