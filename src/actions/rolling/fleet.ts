import { parseSshAddress } from '../../programs/ssh-address.js';
import { BadInputError } from '../../shared/errors.js';

/** A node of a fleet, as the input `nodes` names it. */
export interface FleetNode {
  /** From 1, in the order of the input. */
  readonly index: number;
  /** As it was written. */
  readonly node: string;
  /** Label of the runner that does its jobs. */
  readonly runner: string;
  /** For the input `ssh` of a deploy; empty when the runner is the node's own. */
  readonly ssh: string;
  /** Where the release is installed. */
  readonly root: string;
}

export interface FleetInputs {
  /** A list as JSON. */
  readonly nodes: string;
  /** Label of the runner for nodes that are reached over ssh. */
  readonly runner: string;
  readonly deployRoot: string;
  readonly knownHosts: string;
}

/** As many jobs as GitHub makes of a matrix. */
const MOST = 256;

/** Each may be followed by a folder of its own. */
const LABEL = /^([A-Za-z0-9][A-Za-z0-9_.-]*)(?::(\/(?!\/).*))?$/;
const ADDRESS = /^(ssh:\/\/[^/]+)(\/.*)?$/;

/** The nodes that are meant. Pure. @throws {BadInputError} */
export function readFleet(inputs: FleetInputs): FleetNode[] {
  const fleet = listOf(inputs.nodes).map((node, place) => fleetNode(node, place + 1, inputs));
  const twice = fleet.find(({ index, ...one }) =>
    fleet.some((other) => other.index < index && isSame(one, other)),
  );
  if (twice !== undefined) {
    throw new BadInputError(`The input \`nodes\` names ${twice.node} twice.`, {
      remedy:
        'Name each node once; where several run on one machine, let each name its folder: web1:/opt/other.',
    });
  }
  return fleet;
}

function isSame(one: Omit<FleetNode, 'index'>, other: FleetNode): boolean {
  return one.runner === other.runner && one.ssh === other.ssh && one.root === other.root;
}

function listOf(text: string): string[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string')) {
    if (list.length <= MOST) return list;
    throw new BadInputError(
      `The input \`nodes\` names ${list.length} nodes, and GitHub runs ${MOST} jobs of a kind.`,
      {
        remedy: 'Roll them out in several calls.',
      },
    );
  }
  throw new BadInputError('The input `nodes` is not a list of texts as JSON.', {
    remedy: 'Write labels of runners and addresses: ["web1", "web2", "ssh://app@10.0.0.7"].',
  });
}

function fleetNode(node: string, index: number, { runner, deployRoot, knownHosts }: FleetInputs): FleetNode {
  const [, label, beside] = LABEL.exec(node) ?? [];
  const [, address, below] = ADDRESS.exec(node) ?? [];
  if (label === undefined && (address === undefined || parseSshAddress(address) === undefined)) {
    throw new BadInputError(`The input \`nodes\` names "${node}", which is neither a label nor an address.`, {
      remedy: 'Write the label of the runner on that machine, or ssh://user@host or ssh://user@host:port.',
    });
  }
  const root = beside ?? below ?? deployRoot;
  if (root === '') {
    throw new BadInputError(
      `It is not known where the release of ${node} is installed: \`deploy-root\` is empty.`,
      {
        remedy: 'Set `deploy-root`, or let each node name its folder: web1:/opt/myapp.',
      },
    );
  }
  if (address !== undefined && knownHosts === '') {
    throw new BadInputError(`The input \`nodes\` names ${node}, but \`known-hosts\` is empty.`, {
      remedy: 'Write the lines of all machines that are reached over ssh, as in a known_hosts file.',
    });
  }
  return { index, node, runner: label ?? runner, ssh: address ?? '', root };
}
